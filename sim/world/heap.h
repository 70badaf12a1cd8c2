/*
 * heap.h - a counting allocator for the server under test.
 *
 * It uses the C library's allocator, with a header before each block that holds the size.  The beginning of a
 * freed block is overwritten, to expose later uses.  One allocation can be made to fail.  The counts are
 * global in the process, because the functions of the memory port carry no context. (The only other global
 * state of the simulator is the cache of keys in scram.c.)
 */
#ifndef SIM_HEAP_H
#define SIM_HEAP_H

#include "core.h"

/* The memory port for a core. */
struct core_memory heap_memory(void);

/* Takes blocks from these functions from now on, NULL: from the C library.  Borrowed.  While blocks are in use it
 * must not change for them. */
void heap_under(const struct core_memory *memory);

/* Memory in use now: bytes as requested, and blocks. */
struct heap_use {
    size_t bytes;
    size_t blocks;
};
struct heap_use heap_use(void);

/* The peak of bytes in use since the last heap_forget_peak, or since the process began. */
size_t heap_peak(void);
void heap_forget_peak(void);

/* Makes the nth allocation from now return NULL, once: 1 is the next, 0 cancels.  A realloc that enlarges a
 * block counts as an allocation, and so does a realloc of NULL. */
void heap_fail_after(uint64_t nth);

/* In how many allocations one fails, that one included; 0 when none will. */
uint64_t heap_failure_in(void);

/* The number of allocations so far, and of those that heap_fail_after made fail. */
uint64_t heap_allocations(void);
uint64_t heap_failures(void);

/* Requests large memory pages, where the machine has them, for a process with very many sessions; call it
 * before the first world.  It reduces page-table misses for sessions that have been idle, and affects only
 * speed. */
void heap_expect_crowds(void);

#endif

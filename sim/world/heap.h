/*
 * heap.h - the memory that a server under test is given, counted.
 *
 * It is the C library's, with a few bytes before each block to know its size by.  A block that is given back
 * is overwritten, so that whoever still uses it is noticed.  One allocation may be made to fail.  The counts
 * are the process's: the port's functions carry no context, so this is a place where the simulator keeps
 * something global.  The only other is scram.c, which remembers keys.
 */
#ifndef SIM_HEAP_H
#define SIM_HEAP_H

#include "core.h"

/* The port, to be handed to a core. */
struct core_memory heap_memory(void);

/* What is in use now: bytes as they were asked for, and blocks. */
struct heap_use {
    size_t bytes;
    size_t blocks;
};
struct heap_use heap_use(void);

/* The most bytes that were in use at once since heap_forget_peak was called last, or ever. */
size_t heap_peak(void);
void heap_forget_peak(void);

/* The nth allocation from now returns NULL, and after it none: 1 is the next, 0 calls it off.  A realloc that
 * makes a block larger is an allocation, and so is one of NULL. */
void heap_fail_after(uint64_t nth);

/* How many allocations there will have been when one fails, that one included; 0 when none will. */
uint64_t heap_failure_in(void);

/* How many allocations there were, and how many of them failed so. */
uint64_t heap_allocations(void);
uint64_t heap_failures(void);

/* For a process whose worlds will hold very many sessions, before it makes one: memory then comes in pages of
 * the large kind, where the machine has them, so that a session that was quiet for long is not looked up in
 * cold page tables as well.  Nothing but speed depends on it. */
void heap_expect_crowds(void);

#endif

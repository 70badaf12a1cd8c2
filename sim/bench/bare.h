/*
 * bare.h - parsing with expat only: the unit of the benchmark.
 *
 * A parser with namespaces, like the core's, whose handlers count elements and bytes of text.
 */
#ifndef SIM_BENCH_BARE_H
#define SIM_BENCH_BARE_H

#include <stddef.h>
#include <stdint.h>

struct bare;

/* Starts with a stream header, so that the next bytes are stanzas of an open stream. */
struct bare *bare_new(void);
void bare_free(struct bare *bare);

void bare_parse(struct bare *bare, const char *bytes, size_t length);

/* The next bytes are a new stream, including its header. */
void bare_reset(struct bare *bare);

/* The number of start tags so far. */
uint64_t bare_elements(const struct bare *bare);

#endif

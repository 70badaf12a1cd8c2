/*
 * bare.h - expat and nothing else: the unit that everything is measured in.
 *
 * A parser with namespaces, as the core's, whose handlers count elements and bytes of text.
 */
#ifndef SIM_BENCH_BARE_H
#define SIM_BENCH_BARE_H

#include <stddef.h>
#include <stdint.h>

struct bare;

/* Begins with a stream header, so that what follows is a stanza in a stream that is long open. */
struct bare *bare_new(void);
void bare_free(struct bare *bare);

void bare_parse(struct bare *bare, const char *bytes, size_t length);

/* What follows is a new stream, its header included. */
void bare_reset(struct bare *bare);

/* How many elements have begun. */
uint64_t bare_elements(const struct bare *bare);

#endif

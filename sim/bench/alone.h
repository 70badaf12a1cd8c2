/*
 * alone.h - a core without a simulation: its ports count what it sends and drop it, storage answers at once.
 */
#ifndef SIM_BENCH_ALONE_H
#define SIM_BENCH_ALONE_H

#include "bench_clients.h"

#include "core.h"

struct alone;

/* With as many people, all logged in and bound; the first has all others as subscribers. */
struct alone *alone_new(size_t count);
void alone_free(struct alone *alone);

/* Bytes from the client of one of them. */
void alone_receive(struct alone *alone, size_t person, const char *bytes, size_t length);

/* How often the core has sent something. */
uint64_t alone_sent(const struct alone *alone);

#endif

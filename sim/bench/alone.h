/*
 * alone.h - a core without a simulation: its ports count and drop the output; storage answers at once.
 */
#ifndef SIM_BENCH_ALONE_H
#define SIM_BENCH_ALONE_H

#include "bench_clients.h"

#include "core.h"

struct alone;

/* Creates a core with `count` users, all logged in and bound; all others are subscribed to the first. */
struct alone *alone_new(size_t count);
void alone_free(struct alone *alone);

/* Bytes arrive from the client of a user. */
void alone_receive(struct alone *alone, size_t person, const char *bytes, size_t length);

/* The number of send calls of the core. */
uint64_t alone_sent(const struct alone *alone);

#endif

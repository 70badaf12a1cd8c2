/*
 * guided_edges.h - the counters of the edges that a run reaches in the core.
 *
 * They are there where clang compiled the core with -fsanitize-coverage=inline-8bit-counters (`make guided`):
 * a byte for each edge, which wraps.
 */
#ifndef SIM_GUIDED_EDGES_H
#define SIM_GUIDED_EDGES_H

#include <stddef.h>
#include <stdint.h>

/* The counters since guided_edges_clear, and their number; NULL and 0 in a build without them. */
const uint8_t *guided_edges_counters(size_t *count);
void guided_edges_clear(void);

#endif

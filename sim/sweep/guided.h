/*
 * guided.h - which bytes to try next, guided by what the earlier ones reached.
 *
 * A run whose choices come from bytes (CHOICE_FUZZED) reaches edges in the core, each some times.  Bytes that
 * reach an edge, or a number of times of one, that no bytes before them reached are kept, and later inputs
 * are mostly variations of kept ones.  The numbers are compared in eight classes: 1, 2, 3, 4 to 7, 8 to 15,
 * 16 to 31, 32 to 127, 128 and more.
 *
 * All inputs follow from the seed and from what was learned.  The object contains no pointers, so it may be
 * in memory that processes share: what a process that died had learned is not lost.
 */
#ifndef SIM_GUIDED_H
#define SIM_GUIDED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    GUIDED_LONGEST = 8192,          /* bytes of an input */
    GUIDED_KEPT_MOST = 8192,        /* inputs */
    GUIDED_COUNTERS_MOST = 1 << 16, /* edges; those above are not looked at */
    GUIDED_CLASSES = 8,
};

struct guided;

/* How large it is; `guided` is zeroed memory of that size, aligned for any type. */
size_t guided_size(void);
void guided_begin(struct guided *guided, uint64_t seed);

/* Makes the next input: fresh random bytes, or a variation of a kept input.  It stays until the next call. */
void guided_next(struct guided *guided);
const unsigned char *guided_input(const struct guided *guided, size_t *length);

/* What the current input reached: a counter for each edge, and how many of its bytes were taken, of which the
 * first `plot` by the plot.  Returns whether anything was new.  The input is kept if it was, unless `keep` is
 * false or there is no room; only the bytes that were taken are. */
struct guided_run {
    const uint8_t *counters;
    size_t counter_count;
    size_t plot, taken;
    bool keep;
};
bool guided_learn(struct guided *guided, const struct guided_run *run);

/* How many edges were reached, and pairs of an edge and a class; how many inputs are kept; one of them. */
size_t guided_edges(const struct guided *guided);
size_t guided_features(const struct guided *guided);
size_t guided_count(const struct guided *guided);
const unsigned char *guided_kept(const struct guided *guided, size_t index, size_t *length);

#endif

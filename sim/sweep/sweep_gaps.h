/*
 * sweep_gaps.h - the seeds of a sweep, or of parts of one, that were not run.
 *
 * A sweep that stops early leaves gaps.  A gap is a range of seeds of one part: those from its first to its
 * last seed that belong to the part (sweep_share.h).  As text, a line for each, by part and then by seed:
 *
 *      unplayed 30..999                    of a sweep that was not divided
 *      unplayed 30..699 part 1 of 3        30 to 99, 300 to 399, 600 to 699
 */
#ifndef SIM_SWEEP_GAPS_H
#define SIM_SWEEP_GAPS_H

#include "sweep_share.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Indexes into the seeds of the part, from 0. */
struct sweep_gap {
    uint64_t part;     /* from 1 */
    uint64_t from, to; /* `to` is not included */
};

/* In order, none empty, no two adjacent gaps of one part.  Zeroed for no gap. */
struct sweep_gaps {
    uint64_t first, shards; /* of the sweep: its first seed, and the number of its parts */
    struct sweep_gap *list;
    size_t count;
};

/* All seeds of a share, which is a whole sweep or one part. */
struct sweep_gaps sweep_gaps_all(const struct sweep_share *share);
void sweep_gaps_free(struct sweep_gaps *gaps);

/* Removes seeds that were run: from `first` to `last`, all in one block of SHARE_BATCH seeds and in a gap. */
void sweep_gaps_close(struct sweep_gaps *gaps, uint64_t first, uint64_t last);

/* Adds the gaps of other parts of the same sweep. */
void sweep_gaps_join(struct sweep_gaps *into, const struct sweep_gaps *from);

/* The number of missing seeds. */
uint64_t sweep_gaps_seeds(const struct sweep_gaps *gaps);

/* Writes the lines. */
void sweep_gaps_print(FILE *out, const struct sweep_gaps *gaps);

/* Adds the gap of a line, given without its line end, to those of the lines before it.  Returns false, and
 * leaves the gaps unchanged, if sweep_gaps_print would not write this line next for this share, or for parts
 * joined to it. */
bool sweep_gaps_parse(const char *line, const struct sweep_share *share, struct sweep_gaps *gaps);

/* A message: "seeds 30..699 of part 1 of 3, 100..199 of part 2 of 3 are missing"; NULL if there is no gap. At
 * most ten gaps are named.  The caller frees. */
char *sweep_gaps_missing(const struct sweep_gaps *gaps);

#endif

/*
 * sweep_share.h - the seeds of a sweep that a result covers: the whole, or some of its parts.
 *
 * A sweep may be divided into parts (`--shard 2/3`).  The parts take turns, a batch of seeds each, and their
 * results are joined later.  Two results can be joined when they are of the same seeds, divided into the same
 * number of parts, and no part is in both.  All parts together are the whole.  As text:
 *
 *      seeds 0..999                    the whole
 *      seeds 0..999 parts 1,3 of 4
 */
#ifndef SIM_SWEEP_SHARE_H
#define SIM_SWEEP_SHARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SHARDS_MAX = 1000000, SHARE_BATCH = 100 };

struct sweep_share {
    uint64_t first, last; /* seeds of the whole */
    uint64_t shards;      /* the number of parts; 1 for the whole */
    uint64_t *parts;      /* the parts in this share, from 1, in order; NULL for the whole */
    size_t count;
};

struct sweep_share sweep_share_new(uint64_t first, uint64_t last, uint64_t shard, uint64_t shards);
void sweep_share_free(struct sweep_share *share);

/* The caller frees. */
char *sweep_share_print(const struct sweep_share *share);
/* Returns false, with an empty share, if sweep_share_print does not write this text. */
bool sweep_share_parse(const char *text, struct sweep_share *share);

/* The number of seeds in the share. */
uint64_t sweep_share_seeds(const struct sweep_share *share);

/* The number of seeds, among the first `all` of a sweep of `shards` parts, that belong to this part. */
uint64_t sweep_share_part_seeds(uint64_t shards, uint64_t part, uint64_t all);

bool sweep_share_is_whole(const struct sweep_share *share);

/* Whether two shares are of the same seeds and the same number of parts; a whole matches any number. */
bool sweep_share_is_of_same_sweep(const struct sweep_share *one, const struct sweep_share *other);

/* Whether two shares of the same sweep overlap.  *part is the first part that is in both, 0 if one is the
 * whole. */
bool sweep_share_overlaps(const struct sweep_share *one, const struct sweep_share *other, uint64_t *part);

/* Adds the parts of one share to another of the same sweep; the two must not overlap. */
void sweep_share_join(struct sweep_share *into, const struct sweep_share *from);

/* A message about missing parts: "parts 2, 4 of 5 are missing"; NULL when none is missing. The caller
 * frees. */
char *sweep_share_missing(const struct sweep_share *share);

#endif

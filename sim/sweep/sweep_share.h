/*
 * sweep_share.h - what of a sweep a result is about: of which seeds, and which parts of them.
 *
 * A sweep may be cut into parts (`--shard 2/3`), which take turns, a batch of seeds each, and whose results
 * are joined later.  Two results belong together
 * when they are parts of the same seeds, cut into as many parts, and no part is in both.  All parts together
 * are the whole.  As text:
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
    uint64_t shards;      /* how many parts they were cut into; 1 for the whole */
    uint64_t *parts;      /* which of them, from 1, in order; NULL for the whole */
    size_t count;
};

struct sweep_share sweep_share_new(uint64_t first, uint64_t last, uint64_t shard, uint64_t shards);
void sweep_share_free(struct sweep_share *share);

/* The caller frees. */
char *sweep_share_print(const struct sweep_share *share);
/* Returns false, the share empty, where the text is none that sweep_share_print makes. */
bool sweep_share_parse(const char *text, struct sweep_share *share);

/* How many seeds that is. */
uint64_t sweep_share_seeds(const struct sweep_share *share);

/* How many of the first `all` seeds of a sweep that is cut into `shards` parts belong to this part. */
uint64_t sweep_share_part_seeds(uint64_t shards, uint64_t part, uint64_t all);

bool sweep_share_is_whole(const struct sweep_share *share);

/* Whether two are of the same seeds, cut alike; a whole is cut like any. */
bool sweep_share_is_of_same_sweep(const struct sweep_share *one, const struct sweep_share *other);

/* Whether something of the same sweep is in both.  *part is the first part that is, 0 where one is the whole.
 */
bool sweep_share_overlaps(const struct sweep_share *one, const struct sweep_share *other, uint64_t *part);

/* Adds the parts of one to another, of the same sweep and with no part that is in both. */
void sweep_share_join(struct sweep_share *into, const struct sweep_share *from);

/* A message about missing parts: "parts 2, 4 of 5 are missing"; NULL when none is missing. The caller
 * frees. */
char *sweep_share_missing(const struct sweep_share *share);

#endif

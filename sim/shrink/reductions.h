/*
 * reductions.h - removes or simplifies the parts of a scenario, one by one.
 *
 * A reduction is a walk over the scenario.  For each part that it could remove it calls removal_here
 * (removal.h). The result need not be meaningful or valid for the parser: the caller tests it. Nothing is
 * ever added, and each simplification moves towards the simplest form, so repeating them terminates.
 */
#ifndef SIM_REDUCTIONS_H
#define SIM_REDUCTIONS_H

#include "../language/scenario.h"
#include "removal.h"

struct reduction {
    const char *what;
    void (*walk)(struct scenario *scenario, struct removal *removal);
};

/* Those that promise most first. */
extern const struct reduction reductions[];
extern const size_t reduction_count;

/* ---- Steps (reductions_steps.c) ---- */

void reduce_steps(struct scenario *scenario, struct removal *removal);
void reduce_blocks(struct scenario *scenario, struct removal *removal); /* their steps remain */
void reduce_block_heads(struct scenario *scenario,
                        struct removal *removal); /* the first step moves out, before the block */
void reduce_block_tails(struct scenario *scenario, struct removal *removal); /* the last one, after it */
void reduce_details(struct scenario *scenario, struct removal *removal);
void reduce_numbers_down(struct scenario *scenario, struct removal *removal); /* to the minimum */
void reduce_numbers(struct scenario *scenario, struct removal *removal);      /* to a lower one */
void reduce_spans_down(struct scenario *scenario, struct removal *removal);
void reduce_spans(struct scenario *scenario, struct removal *removal);

/* ---- What is in them (reductions_stanzas.c) ---- */

void reduce_stanzas(struct scenario *scenario, struct removal *removal);
void reduce_content(struct scenario *scenario, struct removal *removal); /* attributes and children */
void reduce_resources(struct scenario *scenario, struct removal *removal);
void reduce_texts(struct scenario *scenario, struct removal *removal);

/* ---- The head (reductions_head.c) ---- */

void reduce_characters(struct scenario *scenario, struct removal *removal);
void reduce_character_lines(struct scenario *scenario, struct removal *removal);
void reduce_servers(struct scenario *scenario, struct removal *removal);
void reduce_hosts(struct scenario *scenario, struct removal *removal);
void reduce_settings(struct scenario *scenario, struct removal *removal);
void reduce_accounts(struct scenario *scenario, struct removal *removal);
void reduce_rosters(struct scenario *scenario, struct removal *removal);
void reduce_roster_details(struct scenario *scenario, struct removal *removal);
void reduce_blocklists(struct scenario *scenario, struct removal *removal);
void reduce_tags(struct scenario *scenario, struct removal *removal); /* "checks only" stays */

#endif

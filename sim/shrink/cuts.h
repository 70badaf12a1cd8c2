/*
 * cuts.h - removes or simplifies the parts of a scenario, one by one.
 *
 * A cut is a walk over the scenario.  For each part that it could remove it asks the cutter (cutter.h).
 * The result need not be meaningful or valid for the parser: the caller tests it.
 * Nothing is ever added, and each simplification moves towards the simplest form, so cutting terminates.
 */
#ifndef SIM_CUTS_H
#define SIM_CUTS_H

#include "../language/scenario.h"
#include "cutter.h"

struct cut {
    const char *what;
    void (*walk)(struct scenario *scenario, struct cutter *cutter);
};

/* In the order in which they are worth trying. */
extern const struct cut cuts[];
extern const size_t cut_count;

/* ---- Steps (cuts_steps.c) ---- */

void cut_steps(struct scenario *scenario, struct cutter *cutter);
void cut_blocks(struct scenario *scenario, struct cutter *cutter);      /* what is in them stays */
void cut_block_heads(struct scenario *scenario, struct cutter *cutter); /* the first step comes before it */
void cut_block_tails(struct scenario *scenario, struct cutter *cutter); /* the last one behind it */
void cut_details(struct scenario *scenario, struct cutter *cutter);
void cut_numbers_down(struct scenario *scenario, struct cutter *cutter); /* to the least */
void cut_numbers(struct scenario *scenario, struct cutter *cutter);      /* to a lower one */
void cut_spans_down(struct scenario *scenario, struct cutter *cutter);
void cut_spans(struct scenario *scenario, struct cutter *cutter);

/* ---- What is in them (cuts_stanzas.c) ---- */

void cut_stanzas(struct scenario *scenario, struct cutter *cutter);
void cut_content(struct scenario *scenario, struct cutter *cutter); /* attributes and children */
void cut_resources(struct scenario *scenario, struct cutter *cutter);
void cut_texts(struct scenario *scenario, struct cutter *cutter);

/* ---- The head (cuts_head.c) ---- */

void cut_characters(struct scenario *scenario, struct cutter *cutter);
void cut_character_lines(struct scenario *scenario, struct cutter *cutter);
void cut_servers(struct scenario *scenario, struct cutter *cutter);
void cut_hosts(struct scenario *scenario, struct cutter *cutter);
void cut_settings(struct scenario *scenario, struct cutter *cutter);
void cut_accounts(struct scenario *scenario, struct cutter *cutter);
void cut_rosters(struct scenario *scenario, struct cutter *cutter);
void cut_roster_details(struct scenario *scenario, struct cutter *cutter);
void cut_blocklists(struct scenario *scenario, struct cutter *cutter);
void cut_tags(struct scenario *scenario, struct cutter *cutter); /* "checks only" stays */

#endif

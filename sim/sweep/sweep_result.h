/*
 * sweep_result.h - the result of a sweep or of a part of one: counts, and failures grouped by cause.
 *
 * It is stored as text, so that the parts of a sweep can be run on different machines and joined later:
 *
 *      rehearse sweep 4
 *      plots cast 4 steps 24 faults all
 *      seeds 0..2999 parts 1 of 3
 *      played 900 failed 2 events 812345 trace 0123456789abcdef
 *      unplayed 2700..2799 part 1 of 3
 *      action 17 connects
 *      fault 3 a link breaks
 *      fired 2 a link breaks
 *      check 81234 connected-resource
 *      several 12 bare-messages-reach-the-available
 *      unjudged 3 addressed-to-the-receiver
 *      skipped 7 crash
 *      leftout 31 csi
 *      failure 2 seed 41 cause everybody-is-seen
 *              Romeo, at 2.000000000: romeo@... sees nobody
 *
 * The second line ends with " server KIND" unless that is our core.
 * "unplayed" are the seeds of the share that were not run because the sweep stopped early (sweep_gaps.h).  A
 * file is refused unless these and the seeds that were run are all seeds of the share. "fault" counts planned
 * faults; "fired" counts faults that had an effect.  The trace is the sum of all traces' hashes, and names
 * and failures are in order: so a result does not depend on how the seeds were divided or on the order of
 * joining.
 */
#ifndef SIM_SWEEP_RESULT_H
#define SIM_SWEEP_RESULT_H

#include "../text.h"
#include "plot.h"
#include "sweep_gaps.h"
#include "sweep_share.h"

#include <stdbool.h>

/* Failures with equal causes (sweep_cause). */
struct sweep_failure {
    struct sweep_failure *next;
    char *cause;   /* the name of a check, or the sentence without the parts that vary */
    char *summary; /* of the seed below */
    uint64_t seed; /* the lowest */
    uint64_t count;
};

struct sweep_tally {
    char *name;
    uint64_t count;
};

/* In the order of their names, each name once, no count 0. */
struct sweep_tallies {
    struct sweep_tally *list;
    size_t count;
};

struct sweep_result {
    struct plot_options options;
    struct sweep_share share; /* the seeds of this result */
    struct sweep_gaps gaps;   /* the seeds of the share that were not run */
    uint64_t runs, failed, events, trace_sum;
    struct sweep_tallies actions, faults, fired, checks, several, not_judged;
    struct sweep_tallies
        skipped; /* seeds that were not run because the server lacks this (player.h); they count in
                                     `runs` */
    struct sweep_tallies left_out;  /* actions that were left out of plots because the server lacks this */
    struct sweep_failure *failures; /* by their lowest seeds */
};

/* "none", "network,disk", "all": the bits by their names; the caller frees. */
char *sweep_faults_print(unsigned faults);
/* Returns false when the text names no fault, or an unknown one. */
bool sweep_faults_parse(const char *text, unsigned *faults);

void sweep_count(struct sweep_tallies *tallies, const char *name, uint64_t count);
/* How often a name was counted. */
uint64_t sweep_counted(const struct sweep_tallies *tallies, const char *name);

/* The cause of a failure, equal for runs that failed for the same reason: the name of the check, or, if
 * `check` is NULL, the message without the parts that differ between runs; for a lost process "crash: "
 * and the kind of crash, or "time limit". The caller frees. */
char *sweep_cause(const char *check, const char *summary);

/* Adds a failure of one seed; both texts are copied. */
void sweep_fail(struct sweep_result *result, uint64_t seed, const char *check, const char *summary);

/* Adds the counts of one result to another with the same options; the share and the gaps are unchanged. */
void sweep_join(struct sweep_result *into, const struct sweep_result *from);

char *sweep_print(const struct sweep_result *result); /* the caller frees */

/* Parses the output of sweep_print.  Returns false, with an empty result and the number of the wrong or
 * missing line in `*line`, if the text is malformed. */
bool sweep_parse(const char *text, struct sweep_result *result, int *line);

void sweep_result_free(struct sweep_result *result);

#endif

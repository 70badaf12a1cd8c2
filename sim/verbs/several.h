/*
 * several.h - runs each of many cases on several servers, and passes on the results of each case together.
 */
#ifndef SIM_SEVERAL_H
#define SIM_SEVERAL_H

#include "../player/player.h"
#include "../tool/server_list.h"

/* The run of one case on one server. */
struct several_result {
    enum { RESULT_PASSED, RESULT_FAILED, RESULT_SKIPPED } verdict;
    char skipped[64];  /* what the server lacks, for RESULT_SKIPPED; else "" */
    const char *check; /* RESULT_FAILED: the name of the check that failed, or NULL; static */
    char *summary;     /* RESULT_FAILED: the sentence; else NULL */
    char *cause;       /* RESULT_FAILED: sweep_cause; else NULL */
    char *answers; /* what clients received (answers.h); "" if that is not wanted or the process was lost */
};

struct several {
    const struct server_list *servers;
    size_t count; /* of the cases */
    size_t jobs;  /* processes; 0 for this one */
    uint64_t time_limit;
    enum choice_policy policy;
    bool answers; /* whether they are collected */
    /* The scenario of a case, and the seed of its choices, if the policy has one.  `release` is called for each;
     * NULL if there is nothing to free. */
    struct scenario *(*scenario)(void *host, size_t index, uint64_t *seed);
    void (*release)(struct scenario *scenario);
    /* Called in the order of the cases, with a result for each server in their order; borrowed.  Returns false
     * to end all runs. */
    bool (*tell)(void *host, size_t index, const struct several_result *results);
    void *host;
};

/* An interruption (interrupt.h) ends the runs early. */
void several_run(const struct several *several);

/* What is counted of the results of one server. */
struct several_lack {
    char name[64];
    size_t count;
};
enum { SEVERAL_LACKS_MOST = 64 };
struct several_counts {
    size_t passed, failed, skipped;
    struct several_lack lacks[SEVERAL_LACKS_MOST]; /* in the order in which they were met */
    size_t lack_count;
};
void several_count(struct several_counts *counts, const struct several_result *result);

/* Writes a line: "core: 10 passed, 2 failed, 3 skipped (1 views, 2 crash)". */
void several_print_counts(FILE *out, const struct server_kind *kind, const struct several_counts *counts);

#endif

/*
 * compare_report.h - where the answers of several servers in one case part.
 */
#ifndef SIM_COMPARE_REPORT_H
#define SIM_COMPARE_REPORT_H

#include "several.h"

enum agreement {
    ALL_AGREE,
    SOME_PART,
    TOO_FEW /* fewer than two servers have what the case needs */
};

/* Compares the results of one case.  A server that was skipped is left out.  Two servers agree when both passed, or
 * both failed for the same cause, and their answers are alike (trace_compare.h). */
enum agreement compare_results(const struct server_list *servers, const struct several_result *results);

/* Which servers a difference is shown of: the first that took part, and those that part from it; of those
 * that agree with each other only the first.  Returns their number. */
size_t compare_shown(const struct server_list *servers, const struct several_result *results,
                     size_t shown[SERVER_LIST_MOST]);

/* What is said of a case. */
struct compared_case {
    const char *name, *title; /* the title may be NULL */
    const struct server_list *servers;
    const struct several_result *results;
    /* Writes the commands that repeat the runs, as lines. */
    void (*print_commands)(FILE *out, void *host, const struct several_result *results);
    void *host;
};

/* Writes the result on each server, and the answers of the first server beside those of each server that parts from
 * it, around the places where they part; of servers that agree with each other only the first is shown. */
void compare_report(FILE *out, const struct compared_case *compared);

#endif

/*
 * conformance_report.h - the implementation report: each feature with its section, level, evidence and verdict.
 */
#ifndef SIM_CONFORMANCE_REPORT_H
#define SIM_CONFORMANCE_REPORT_H

#include "conformance_table.h"

struct server_kind;
struct conformance_results {
    const struct conformance *conformance;
    const struct suite *suite;
    const struct server_kind *server;  /* which was tested; NULL for our core */
    const enum case_outcome *outcomes; /* of each case of the suite */
    char *const
        *summaries; /* why a case failed, or was not run although it shows something; NULL for others */
};

/* The number of features with each verdict. */
struct conformance_counts {
    size_t of[VERDICTS];
};
struct conformance_counts conformance_count(const struct conformance_results *results);

/* For a person: a paragraph for each feature, with the failed cases; if `verbose`, with all of its files.  The
 * last line is "N supported, N failed, N not shown, N not applicable". */
void conformance_print(FILE *out, const struct conformance_results *results, unsigned columns, bool verbose);

/* The name of the server that was tested. */
const char *conformance_server(const struct conformance_results *results);

/* JSON Lines: an object for each feature, and one for the counts. */
void conformance_print_json(FILE *out, const struct conformance_results *results);

#endif

/*
 * conformance_report.h - the implementation report: each feature with its section, level, evidence and verdict.
 */
#ifndef SIM_CONFORMANCE_REPORT_H
#define SIM_CONFORMANCE_REPORT_H

#include "conformance_table.h"

struct conformance_results {
    const struct conformance *conformance;
    const struct suite *suite;
    const bool *passed; /* of each case of the suite; false for cases that show nothing, which are not run */
    char *const *summaries; /* the reason of each failed case; NULL for others */
};

/* The number of features with each verdict. */
struct conformance_counts {
    size_t of[VERDICTS];
};
struct conformance_counts conformance_count(const struct conformance_results *results);

/* For a person: a paragraph for each feature, with the failed cases; if `verbose`, with all of its files.  The
 * last line is "N supported, N failed, N not shown, N not applicable". */
void conformance_print(FILE *out, const struct conformance_results *results, unsigned columns, bool verbose);

/* JSON Lines: an object for each feature, and one for the counts. */
void conformance_print_json(FILE *out, const struct conformance_results *results);

#endif

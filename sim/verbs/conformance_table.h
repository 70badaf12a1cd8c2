/*
 * conformance_table.h - the features that the RFCs list for implementation reports, and what shows them.
 *
 * A folder has two tables, in lines of columns that are separated by tabs; lines that begin with # are comments:
 *
 *     features.tsv   rfc, feature, level of a client, level of a server, section, description
 *     evidence.tsv   feature, kind, value
 *
 * The evidence of a feature is the scenarios that a line of it names: by a `clause`, "6120 4.9", which means
 * every scenario with a tag `## rfc: 6120 4.9` or of a section below it, or as a `scenario`, a file or a row of
 * its table.  A feature without a line has the clause that is its section.  A feature that does not concern
 * the server, or that is `not applicable`, has a reason and no evidence.  One that has `nothing` has no
 * evidence although scenarios cite its section.
 */
#ifndef SIM_CONFORMANCE_TABLE_H
#define SIM_CONFORMANCE_TABLE_H

#include "../tool/suite.h"

enum verdict {
    VERDICT_SUPPORTED,      /* it is shown, and all scenarios that show it pass */
    VERDICT_FAILED,         /* one of them fails */
    VERDICT_NOT_SHOWN,      /* no scenario that was run shows it */
    VERDICT_NOT_APPLICABLE, /* the reason says why */
    VERDICTS
};

/* What became of a case. */
enum case_outcome {
    CASE_NOT_RUN, /* it shows nothing, or the server lacks what it needs */
    CASE_PASSED,
    CASE_FAILED
};

/* "supported" */
const char *verdict_name(enum verdict verdict);

struct feature {
    const char *rfc, *name, *client, *server, *section, *description;
    const char *reason; /* why it is not applicable, or what is missing; NULL for none */
    bool applies;       /* to a core that serves clients */
    bool *shown_by;     /* whether each case of the suite shows it; NULL before conformance_match */
};

struct conformance {
    struct feature *features; /* in the order of the table */
    size_t count;
    struct evidence *evidence;
    size_t evidence_count;
    char *texts[2]; /* of the files, to which the rest points */
};

/* Reads the tables.  Returns false after an error message, "FILE:LINE: MESSAGE".  The caller frees it in both
 * cases. */
bool conformance_read(struct conformance *conformance, const char *folder, FILE *errors);
void conformance_free(struct conformance *conformance);

/* Finds the cases that show each feature.  The evidence names scenarios below `folder`, which the suite was
 * loaded from.  Returns false, after error messages, when there is no such scenario. */
bool conformance_match(struct conformance *conformance, const struct suite *suite, const char *folder,
                       FILE *errors);

/* The verdict on a feature, given the outcome of each case of the suite.  A case that was not run shows
 * nothing. */
enum verdict conformance_judge(const struct feature *feature, const enum case_outcome *outcomes,
                               size_t count);

#endif

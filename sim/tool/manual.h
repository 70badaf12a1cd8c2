/*
 * manual.h - the help texts as man pages, in the macros of man(7).
 *
 * A page is written from the same tables and texts as `rehearse help`.  It has no date, so that equal sources
 * give equal pages.
 */
#ifndef SIM_MANUAL_H
#define SIM_MANUAL_H

#include "options.h"

/* The verbs of the tool, and the texts before and after their list in its help. */
struct manual {
    const struct verb *const *verbs;
    size_t count;
    const char *summary; /* one sentence */
    const char *rest;    /* paragraphs (help.h) */
};

/* Writes rehearse(1), which lists the verbs, or rehearse-VERB(1). */
void manual_tool(FILE *out, const struct manual *manual);
void manual_verb(FILE *out, const struct manual *manual, const struct verb *verb);

#endif

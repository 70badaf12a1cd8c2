/*
 * renaming.h - the usual names for a cast that has others.
 */
#ifndef SIM_RENAMING_H
#define SIM_RENAMING_H

#include "../language/scenario.h"

/* The scenario's text, with the first of its accounts called Romeo wherever it is spoken of, the second
 * Juliet, and so on; further clients of an account are named "Romeo's phone", "Romeo's tablet" and so on; and
 * where all have one domain and there is one server, it is localhost.  The replacement is textual, so the
 * caller must test the result.  The caller frees. */
char *renaming_usual(const struct scenario *scenario, const char *text);

#endif

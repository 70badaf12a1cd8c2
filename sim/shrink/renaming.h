/*
 * renaming.h - the usual names for a cast that has others.
 */
#ifndef SIM_RENAMING_H
#define SIM_RENAMING_H

#include "../language/scenario.h"

/* The scenario's text, with the first of its accounts called Romeo wherever it is spoken of, the second
 * Juliet, and so on; further clients of an account are its owner's phone, his tablet and so on; and where
 * all have one domain and there is one server, it is localhost.  It is done by words alone, so what comes
 * of it is to be tried.  The caller frees. */
char *renaming_usual(const struct scenario *scenario, const char *text);

#endif

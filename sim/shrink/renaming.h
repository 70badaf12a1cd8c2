/*
 * renaming.h - gives the cast of a scenario the usual names.
 */
#ifndef SIM_RENAMING_H
#define SIM_RENAMING_H

#include "../language/scenario.h"

/* Returns the scenario's text with the first account renamed to Romeo in all places, the second to Juliet,
 * and so on.  Further clients of an account become "Romeo's phone", "Romeo's tablet" and so on.  If there is
 * one server and all accounts have the same domain, that becomes localhost.  The replacement is textual, so
 * the caller must test the result.  The caller frees. */
char *renaming_usual(const struct scenario *scenario, const char *text);

#endif

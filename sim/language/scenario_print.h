/*
 * scenario_print.h - a scenario's tree written as a .scs file: the reverse of scenario_parse.
 *
 * What is written is read back as the same tree, and runs to the same trace but for the lines of steps.  It
 * is laid out for people: a setting stands there only where it differs from a scenario's usual one, a step
 * in the first of its wordings, and long stanzas that are expected are broken into lines.  Where the parser
 * fills a field the printer reads it: [Server] and steps are written from the parser's own tables, so what is
 * added there is printed without more ado.  A row of a table becomes a file of its own.
 *
 * The tree must be one that the language has words for: names, JIDs and values are text on one line, spans
 * are whole milliseconds, the tags say whether it is strict and how it fails.  A step whose block would be
 * empty, such as "sends" without stanzas, does nothing and is left out.  `source` and `line` are not read.
 */
#ifndef SIM_SCENARIO_PRINT_H
#define SIM_SCENARIO_PRINT_H

#include "scenario.h"

/* The file; the caller frees. */
char *scenario_print(const struct scenario *scenario);

#endif

/*
 * scenario_print.h - writes the tree of a scenario as a .scs file: the reverse of scenario_parse.
 *
 * The file is parsed back into the same tree, and its run has the same trace except for the lines of steps.
 * It is laid out for people: only settings that differ from the default are written, a step has the first of
 * its wordings, and long expected stanzas are broken into lines.  [Server] and steps are written from the
 * parser's tables, so additions there are printed too.  A row of a table becomes a file of its own.
 *
 * The tree must be expressible in the language: names, JIDs and values are text on one line, spans are whole
 * milliseconds, and `strict`, `checks_only` and `fails` agree with the tags.  A step whose block would be
 * empty, such as "sends" without stanzas, has no effect and is left out.  `source` and `line` are not used.
 */
#ifndef SIM_SCENARIO_PRINT_H
#define SIM_SCENARIO_PRINT_H

#include "scenario.h"

/* Returns the text of the file; the caller frees it. */
char *scenario_print(const struct scenario *scenario);

#endif

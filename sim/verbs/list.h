/*
 * list.h - the verb `list`: the scenarios with their titles and tags, or by the values of a tag.
 */
#ifndef SIM_LIST_H
#define SIM_LIST_H

#include "../tool/options.h"
#include "../tool/suite.h"

extern const struct verb list_verb;

/* A line for each file, "PATH  TITLE  [TAGS]", followed, for a table, by a line for each case,
 * "  PATH#3  TITLE  [TAGS]", with the tags that not all cases have.  The last line has the counts. */
void list_scenarios(FILE *out, const struct suite *suite);

/* A paragraph for each value of the tag, sorted with numbers compared as numbers: "6120 4.9" comes before
 * "6120 4.10" and both before "6121 A.1".  A paragraph has the value and the number of its cases, then a line
 * for each file: "  PATH#1-9,12  TITLE".  The last line has the counts. */
void list_by_tag(FILE *out, const struct suite *suite, const char *tag);

#endif

/*
 * scenario_format.h - the text of a scenario's file in the printer's form (scenario_print.h), with its comments.
 *
 * The printer knows only the tree, which has no comments.  They are carried over from the file as written: a
 * comment belongs to the next line that is neither blank nor a comment, and stands before the line that is
 * printed for it.  That line is the separator, a tag, a section, a property, a step, an element, an item, or
 * the end of the file.  Several blank lines become one.
 *
 * The result is parsed again and compared with the scenario (scenario_same.h), so formatting never changes
 * what a file means, and formatting the result changes nothing.  A file is refused if something that its
 * author wrote would be lost:
 *
 *  - a file with a table, because the printer writes only single rows;
 *  - a comment before a line that the printer does not write on a line of its own, such as raw text, the end
 *    of an element, or a section that only states defaults;
 *  - a comment of XML, and the properties connect_host and connect_port, which the tree does not keep.
 *
 * Settings that are written with their default values are left out, as the printer does.
 */
#ifndef SIM_SCENARIO_FORMAT_H
#define SIM_SCENARIO_FORMAT_H

#include "scenario.h"

struct scenario_formatted {
    char *text;      /* the file in the printer's form, which the caller frees; NULL when refused */
    int line;        /* of a refused file: the line as written that is the reason, or 0 */
    const char *why; /* the reason, static: "a file with a table cannot be printed" */
};

/* `written` is the text of the file, and `scenario` what it was parsed to. */
struct scenario_formatted scenario_format(const struct scenario *scenario, const char *written);

#endif

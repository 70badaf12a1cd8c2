/*
 * help.h - texts that explain, laid out for the width of a terminal.
 *
 * Words are never cut: a line is wider than the columns only where one word is.
 */
#ifndef SIM_HELP_H
#define SIM_HELP_H

#include <stdio.h>

/* How wide a text for `out` may be: as wide as the terminal (machine.h), 80 where that is not known. */
unsigned help_columns(FILE *out);

/* Writes paragraphs.  Lines that follow each other are one paragraph, which gets lines of its own; an
 * empty line stands between two, and a line "  TERM\tEXPLANATION" is an item of a list. */
void help_text(FILE *out, const char *text, unsigned columns);

/* Writes an item of a list, whose explanations begin in column `behind`, from 0, or below the term where
 * there is too little room. */
void help_item(FILE *out, const char *term, const char *explanation, unsigned behind, unsigned columns);

#endif

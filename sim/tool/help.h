/*
 * help.h - layout of help texts for the width of a terminal.
 *
 * Words are never cut: a line is wider than the columns only if it is one word.
 */
#ifndef SIM_HELP_H
#define SIM_HELP_H

#include <stdio.h>

/* The maximum width of a text for `out`: that of the terminal (machine.h), or 80 when it is unknown. */
unsigned help_columns(FILE *out);

/* Writes paragraphs.  Consecutive lines are one paragraph, which is wrapped; an empty line separates two. A
 * line " TERM\tEXPLANATION" is an item of a list. */
void help_text(FILE *out, const char *text, unsigned columns);

/* Writes an item of a list.  The explanation begins in column `behind`, from 0, or below the term if the
 * columns do not suffice. */
void help_item(FILE *out, const char *term, const char *explanation, unsigned behind, unsigned columns);

#endif

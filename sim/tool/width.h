/*
 * width.h - text in the columns of a terminal.
 *
 * A character takes one column; one of East Asia's wide ones and most pictures take two; one that combines
 * with the character before it takes none.  That does not depend on the locale, and it is near enough for
 * titles: a terminal may see a rare character differently.
 */
#ifndef SIM_WIDTH_H
#define SIM_WIDTH_H

#include <stddef.h>
#include <stdio.h>

/* How many columns a text takes that is UTF-8 without control and format characters (printable.h); a byte
 * that is not UTF-8 counts as one. */
size_t width_of(const char *text);

/* Writes as much of such a text as fits into the columns, the last of them an ellipsis where something is cut
 * off.  With 0 columns nothing is cut. */
void width_write(FILE *out, const char *text, size_t columns);

#endif

/*
 * width.h - text in the columns of a terminal.
 *
 * A character takes one column, a wide East Asian character or most emoji two, a combining character none.
 * The width does not depend on the locale.  A terminal may show a rare character differently.
 */
#ifndef SIM_WIDTH_H
#define SIM_WIDTH_H

#include <stddef.h>
#include <stdio.h>

/* The number of columns of a text without control and format characters (printable.h); a byte that is not
 * UTF-8 counts as one. */
size_t width_of(const char *text);

/* Writes such a text, cut to the columns; the last column of a cut text is an ellipsis.  With 0 columns it is
 * not cut. */
void width_write(FILE *out, const char *text, size_t columns);

#endif

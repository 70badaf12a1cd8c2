/*
 * match_table.h - expected and received stanzas as corresponding lines.
 *
 * Where the page is wide enough they are two columns.  Where each would be narrower than TABLE_NARROWEST they
 * stand one below the other, the lines that differ still marked.  What is wider than its column is wrapped,
 * never cut: where it differs may be at its end.
 */
#ifndef SIM_MATCH_TABLE_H
#define SIM_MATCH_TABLE_H

#include "../text.h"

#include <stdbool.h>
#include <stdio.h>

/* In characters. */
enum { TABLE_NARROWEST = 34 };

enum table_side { EXPECTED, RECEIVED, SIDES };

/* Zeroed but for its width it is empty. */
struct table {
    size_t width; /* of the page, in characters; at least 20 */
    struct table_row *rows;
    size_t count;
    size_t capacity;
};

/* Takes what stands in both cells, which are empty afterwards. */
void table_add(struct table *table, struct text cells[SIDES], bool differs);
void table_free(struct table *table);

/* Whether a cell need not be wrapped. */
bool table_fits(const struct table *table, const struct text *cell);

/* Control characters are escaped (printable.h); `colour` marks what differs with colour as well. */
void table_write(const struct table *table, FILE *out, bool colour);

#endif

/*
 * match_table.h - expected and received stanzas in corresponding lines.
 *
 * There are two columns if each is at least TABLE_NARROWEST wide; otherwise corresponding lines are one below
 * the other.  Lines that differ are marked.  A cell wider than its column is wrapped, never cut, because the
 * difference may be at its end.
 */
#ifndef SIM_MATCH_TABLE_H
#define SIM_MATCH_TABLE_H

#include "../text.h"

#include <stdbool.h>
#include <stdio.h>

/* In characters. */
enum { TABLE_NARROWEST = 34 };

enum table_side { EXPECTED, RECEIVED, SIDES };

/* Empty when zeroed except for its width. */
struct table {
    size_t width; /* in characters; at least 20 */
    struct table_row *rows;
    size_t count;
    size_t capacity;
};

/* Adds a row.  Moves the texts of both cells, which are empty afterwards. */
void table_add(struct table *table, struct text cells[SIDES], bool differs);
void table_free(struct table *table);

/* The cells of a row, from 0, and whether it differs; the cells are borrowed until table_free.  Returns false behind the
 * last row. */
bool table_at(const struct table *table, size_t index, const char *cells[SIDES], bool *differs);

/* Whether a cell fits without wrapping. */
bool table_fits(const struct table *table, const struct text *cell);

/* Writes the table.  Control characters are escaped (printable.h); `colour` also marks differences with
 * colour. */
void table_write(const struct table *table, FILE *out, bool colour);

#endif

/*
 * match_table.h - two columns, expected and received, whose rows belong together.
 */
#ifndef SIM_MATCH_TABLE_H
#define SIM_MATCH_TABLE_H

#include "../text.h"

#include <stdbool.h>
#include <stdio.h>

/* In characters; what is wider is wrapped. */
#define TABLE_COLUMN 60

enum table_side { EXPECTED, RECEIVED, SIDES };

/* Zeroed is empty. */
struct table {
    struct table_row *rows;
    size_t count;
    size_t capacity;
};

/* Takes what stands in both cells, which are empty afterwards. */
void table_add(struct table *table, struct text cells[SIDES], bool differs);
void table_free(struct table *table);

/* Whether a cell need not be wrapped. */
bool table_fits(const struct text *cell);

void table_write(const struct table *table, FILE *out, bool colour);

#endif

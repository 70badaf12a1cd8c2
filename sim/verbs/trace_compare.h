/*
 * trace_compare.h - shows where two runs diverge: compares their traces line by line, as `diff` does.
 *
 * Two lines are similar when they are equal except for their times and for random words: at least 16 letters
 * and digits, with at least one digit, such as stream identifiers.  So two runs of one scenario under
 * different seeds are compared by their events.
 */
#ifndef SIM_TRACE_COMPARE_H
#define SIM_TRACE_COMPARE_H

#include "../text.h"

#include <stdbool.h>
#include <stdio.h>

enum trace_likeness {
    TRACES_SAME,     /* byte for byte */
    TRACES_ALIKE,    /* each line has a similar partner */
    TRACES_DIFFERENT /* some lines have no similar partner */
};

/* Compares two traces, whose lines are numbered from 1.  For equal traces nothing is written.  For similar
 * traces a sentence is written, with the first lines that are not equal.  Otherwise a sentence says where and
 * at which times they diverge, and the first places of difference follow, with lines around them.  Lines of
 * only the first trace follow "- ", lines of only the second "+ "; each line has its numbers in both traces.
 * `exactly`: only equal lines are similar. */
enum trace_likeness trace_compare(FILE *out, const struct text *one, const struct text *other, bool exactly);

/* Lines that stand beside each other: two similar ones, two that differ in the same place, or one alone. */
struct trace_row {
    bool similar;
    size_t numbers[2];    /* from 1; 0 for none */
    const char *lines[2]; /* NULL for none; no NUL behind it */
    size_t lengths[2];    /* without the line end */
};

/* Calls `row` for all lines of two texts, in their order. */
void trace_align(const struct text *one, const struct text *other, bool exactly,
                 void (*row)(void *host, const struct trace_row *row), void *host);

#endif

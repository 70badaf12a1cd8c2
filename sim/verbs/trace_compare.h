/*
 * trace_compare.h - shows where two runs diverge: compares their traces line by line, as `diff` does.
 *
 * Two lines are alike when they say the same but for their times and for what is drawn at random: words of 16
 * letters and digits or more, a digit among them, such as the identifiers of streams.  So two runs of one
 * scenario under different seeds are compared by what happens in them.
 */
#ifndef SIM_TRACE_COMPARE_H
#define SIM_TRACE_COMPARE_H

#include "../text.h"

#include <stdbool.h>
#include <stdio.h>

enum trace_likeness {
    TRACES_SAME,     /* byte for byte */
    TRACES_ALIKE,    /* each line is like that of the other */
    TRACES_DIFFERENT /* there are lines without one that is like them */
};

/* Compares two traces, whose lines are numbered from 1.  Of the same nothing is written.  Of those that are
 * alike a sentence is, with the first lines that are not equal.  Else a sentence says where they part and at
 * which times, and the first places in which they differ follow, with lines around them: what only one has
 * behind
 * "- ", what only the other has behind "+ ", each line behind its numbers in the one and in the other.
 * `exactly`: lines are alike only when they are equal. */
enum trace_likeness trace_compare(FILE *out, const struct text *one, const struct text *other, bool exactly);

#endif

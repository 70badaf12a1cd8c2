/*
 * trace_compare.h - where two runs part.
 */
#ifndef SIM_TRACE_COMPARE_H
#define SIM_TRACE_COMPARE_H

#include "../text.h"

#include <stdbool.h>
#include <stdio.h>

/* Compares two traces, line by line.  Where they are the same it returns true and writes nothing.  Else it
 * writes the number of the first line that differs, the last lines in common, each behind two blanks, and how
 * either goes on, behind "- " and "+ ". */
bool trace_compare(FILE *out, const struct text *one, const struct text *other);

#endif

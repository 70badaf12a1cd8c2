/*
 * sweep_line.h - parses the beginning of a line of a result: a word, or a number after a word.
 *
 * Each function removes it from the line and returns true, or returns false; the line may then be partly
 * consumed.
 */
#ifndef SIM_SWEEP_LINE_H
#define SIM_SWEEP_LINE_H

#include <stdbool.h>
#include <stdint.h>

bool line_take(const char **line, const char *word);

/* Digits of the given base, and at most `most`. */
bool line_take_number(const char **line, const char *word, unsigned base, uint64_t most, uint64_t *number);

#endif

/*
 * suggestion.h - suggestions for names that do not exist.
 *
 * Each function writes "; did you mean X?", or nothing when no name is similar.
 */
#ifndef SIM_SUGGESTION_H
#define SIM_SUGGESTION_H

#include <stddef.h>
#include <stdio.h>

/* The likeliest of the names, as options_likeliest has it. */
void suggestion_name(FILE *out, const char *word, size_t length, const char *const *names, size_t count);

/* For a path that does not exist: with its first part that is missing replaced by the likeliest of what the
 * folder before it has, or with ".scs" behind it. */
void suggestion_path(FILE *out, const char *path);

#endif

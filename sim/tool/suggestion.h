/*
 * suggestion.h - suggestions for names that do not exist.
 *
 * Each function writes "; did you mean X?", or nothing if no name is similar.
 */
#ifndef SIM_SUGGESTION_H
#define SIM_SUGGESTION_H

#include <stddef.h>
#include <stdio.h>

/* Suggests the name that options_likeliest finds. */
void suggestion_name(FILE *out, const char *word, size_t length, const char *const *names, size_t count);

/* For a path that does not exist: suggests the path with its first missing part replaced by the most similar
 * entry of the folder, or with ".scs" appended. */
void suggestion_path(FILE *out, const char *path);

#endif

/*
 * scenario_names.h - a map from names to meanings: a file may have a hundred thousand characters, and each
 * look-up takes constant time.
 *
 * Zeroed is empty.  The caller owns the names and the meanings.
 */
#ifndef SIM_SCENARIO_NAMES_H
#define SIM_SCENARIO_NAMES_H

#include "scenario_tokens.h"

struct names {
    struct name *first;
    size_t longest; /* in bytes */
};

/* The meaning of the name; NULL when the name is unknown. */
void *names_get(const struct names *names, struct slice text);

/* Adds a name, whose text must live as long as the names, with a meaning that is not NULL.  Returns NULL, or
 * the existing meaning of the name, which is kept. */
void *names_add(struct names *names, struct slice text, void *meaning);

/* Frees the names; the map is empty afterwards. */
void names_free(struct names *names);

#endif

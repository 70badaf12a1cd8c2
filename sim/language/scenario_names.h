/*
 * scenario_names.h - what a name means, among many: a file may have a hundred thousand characters, and each
 * look-up takes the same time.
 *
 * Zeroed is empty.  The texts that are names belong to who adds them, and so do the meanings.
 */
#ifndef SIM_SCENARIO_NAMES_H
#define SIM_SCENARIO_NAMES_H

#include "scenario_tokens.h"

struct names {
    struct name *first;
    size_t longest; /* in bytes */
};

/* What the name means; NULL when it is none of them. */
void *names_get(const struct names *names, struct slice text);

/* Adds a name, whose text must live as long as the names, with a meaning that is not NULL.  Returns NULL, or
 * what the name means already: then nothing changes. */
void *names_add(struct names *names, struct slice text, void *meaning);

/* The names are empty again. */
void names_free(struct names *names);

#endif

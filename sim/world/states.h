/*
 * states.h - the set of visited states of a world, as hashes.  It only grows.
 */
#ifndef SIM_STATES_H
#define SIM_STATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct state {
    uint64_t high, low;
};

/* Zeroed is empty. */
struct states {
    struct state *slots; /* all zero when empty */
    size_t count, capacity;
};

/* Adds a state.  Returns false when it is in the set already. */
bool states_add(struct states *states, struct state state);
void states_free(struct states *states);

#endif

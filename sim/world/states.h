/*
 * states.h - the states of a world that somebody has been in, as hashes: a set that only grows.
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
    struct state *slots; /* all zero where there is none */
    size_t count, capacity;
};

/* Returns false when it is there already. */
bool states_add(struct states *states, struct state state);
void states_free(struct states *states);

#endif

/*
 * states.c - open addressing.  The keys are hashes, so a table may be half full.
 */
#include "states.h"

#include "../must.h"

enum { SMALLEST = 1024 };

static bool same(struct state a, struct state b)
{
    return a.high == b.high && a.low == b.low;
}

static bool is_free(struct state slot)
{
    return slot.high == 0 && slot.low == 0;
}

/* The slot of a state, or the free slot for it. */
static struct state *slot_of(struct states *states, struct state state)
{
    size_t at = (size_t)(state.low & (states->capacity - 1));
    while (!is_free(states->slots[at]) && !same(states->slots[at], state))
        at = (at + 1) & (states->capacity - 1);
    return &states->slots[at];
}

static void grow(struct states *states)
{
    const struct states old = *states;
    states->capacity = old.capacity == 0 ? SMALLEST : old.capacity * 2;
    states->slots = must(calloc(states->capacity, sizeof *states->slots));
    for (size_t i = 0; i < old.capacity; i++)
        if (!is_free(old.slots[i]))
            *slot_of(states, old.slots[i]) = old.slots[i];
    free(old.slots);
}

bool states_add(struct states *states, struct state state)
{
    if (is_free(state))
        state.low = 1;
    if (states->count * 2 >= states->capacity)
        grow(states);
    struct state *slot = slot_of(states, state);
    if (!is_free(*slot))
        return false;
    *slot = state;
    states->count++;
    return true;
}

void states_free(struct states *states)
{
    free(states->slots);
    *states = (struct states){ 0 };
}

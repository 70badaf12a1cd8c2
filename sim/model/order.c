#include "order.h"

#include "../must.h"

#include <stdlib.h>

static uint64_t key_of(uint64_t sender, uint64_t id)
{
    return (sender ^ (id >> 32) ^ (id << 32)) * UINT64_C(0x9E3779B97F4A7C15);
}

static struct order_stanza *slot_of(const struct order_in *in, uint64_t key)
{
    return &in->stanzas[(key >> 32) % in->size];
}

/* Slots that differ still differ in a table that is twice as large. */
static void grow(struct order_in *in)
{
    enum { FIRST = 16 };
    const struct order_in old = *in;
    in->size = old.size == 0 ? FIRST : old.size * 2;
    in->stanzas = must(calloc(in->size, sizeof *in->stanzas));
    for (size_t i = 0; i < old.size; i++)
        if (old.stanzas[i].place > 0)
            *slot_of(in, old.stanzas[i].key) = old.stanzas[i];
    free(old.stanzas);
}

/* Whether the slot of a key has another one, which would be forgotten. */
static bool is_taken(const struct order_in *in, uint64_t key)
{
    return in->size == 0 || (slot_of(in, key)->place > 0 && slot_of(in, key)->key != key);
}

void order_free(struct order_in *in)
{
    free(in->stanzas);
    *in = (struct order_in){ 0 };
}

void order_came(struct order_in *in, uint64_t sender, uint64_t id)
{
    const uint64_t key = key_of(sender, id);
    while (is_taken(in, key) && in->size < ORDER_STANZAS)
        grow(in);
    struct order_stanza *slot = slot_of(in, key);
    slot->is_repeated = slot->place > 0 && slot->key == key;
    slot->key = key;
    slot->place = ++in->count;
}

uint64_t order_place(const struct order_in *in, uint64_t sender, uint64_t id)
{
    const uint64_t key = key_of(sender, id);
    if (in->size == 0)
        return 0;
    const struct order_stanza *slot = slot_of(in, key);
    return slot->key == key && !slot->is_repeated ? slot->place : 0;
}

uint64_t order_last(const struct order_out *out, uint64_t sender)
{
    const struct order_sender *slot = &out->senders[(sender >> 32) % ORDER_SENDERS];
    return slot->sender == sender ? slot->place : 0;
}

void order_left(struct order_out *out, uint64_t sender, uint64_t place)
{
    out->senders[(sender >> 32) % ORDER_SENDERS] = (struct order_sender){ sender, place };
}

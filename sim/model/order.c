#include "order.h"

static uint64_t key_of(uint64_t sender, uint64_t id)
{
    return (sender ^ (id >> 32) ^ (id << 32)) * UINT64_C(0x9E3779B97F4A7C15);
}

static const struct order_stanza *slot_of(const struct order_in *in, uint64_t key)
{
    return &in->stanzas[(key >> 32) % ORDER_STANZAS];
}

void order_came(struct order_in *in, uint64_t sender, uint64_t id)
{
    const uint64_t key = key_of(sender, id);
    struct order_stanza *slot = &in->stanzas[slot_of(in, key) - in->stanzas];
    slot->is_repeated = slot->place > 0 && slot->key == key;
    slot->key = key;
    slot->place = ++in->count;
}

uint64_t order_place(const struct order_in *in, uint64_t sender, uint64_t id)
{
    const uint64_t key = key_of(sender, id);
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

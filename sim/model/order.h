/*
 * order.h - the order in which stanzas came in, to compare it with the order in which they leave (RFC 6120, 10.1).
 *
 * A stanza is recognised by its sender's full JID and its id.  Only the latest are remembered, and those whose id was
 * used only once among them; so the memory is bounded, and what is not remembered is not compared.
 */
#ifndef SIM_MODEL_ORDER_H
#define SIM_MODEL_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ORDER_STANZAS = 1024, ORDER_SENDERS = 16 };

/* What came in at a server; zeroed is empty.  Most servers see a few stanzas, so the table begins small, and grows up
 * to ORDER_STANZAS whenever two would have the same slot. */
struct order_in {
    uint64_t count;
    struct order_stanza {
        uint64_t key, place; /* place 0: there is none */
        bool is_repeated;
    } * stanzas;
    size_t size;
};

void order_free(struct order_in *in);

/* The last stanza that left to a session, of each sender. */
struct order_out {
    struct order_sender {
        uint64_t sender, place;
    } senders[ORDER_SENDERS];
};

/* A stanza came in from a sender; both are hashes. */
void order_came(struct order_in *in, uint64_t sender, uint64_t id);

/* Its place among all, from 1; 0 when it is not remembered, or its id was used twice. */
uint64_t order_place(const struct order_in *in, uint64_t sender, uint64_t id);

/* The place of the last one of a sender that left; 0 when none is remembered. */
uint64_t order_last(const struct order_out *out, uint64_t sender);
void order_left(struct order_out *out, uint64_t sender, uint64_t place);

#endif

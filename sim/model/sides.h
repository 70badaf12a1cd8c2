/*
 * sides.h - the two sides of a subscription, and what a stanza makes of each: RFC 6121, Appendix A and 3.4.
 *
 * A side is how an account has a contact in its roster.  A stanza moves the side of the account that sends it, and then,
 * if the server passes it on, the side of the one that receives it.  The tables are those of A.2 and A.3, written again
 * for the model, and compared with fixtures/rfc6121-appendix-a.tsv by a test; they share no code with the core on
 * purpose.
 */
#ifndef SIM_MODEL_SIDES_H
#define SIM_MODEL_SIDES_H

#include "tags.h"

#include <stdbool.h>
#include <stddef.h>

/* The nine states, in the order of A.1. */
enum side_state {
    SIDE_NONE,
    SIDE_NONE_OUT,    /* None + Pending Out */
    SIDE_NONE_IN,     /* None + Pending In */
    SIDE_NONE_OUT_IN, /* None + Pending Out+In */
    SIDE_TO,
    SIDE_TO_IN, /* To + Pending In */
    SIDE_FROM,
    SIDE_FROM_OUT, /* From + Pending Out */
    SIDE_BOTH,
    SIDE_STATES
};

/* Zeroed is that of an account which does not have the contact in its roster. */
struct side {
    enum side_state state;
    bool is_approved; /* the next request of the contact is granted (3.4) */
};

/* The stanzas that move a side. */
enum side_stanza {
    SIDE_SUBSCRIBE,
    SIDE_UNSUBSCRIBE,
    SIDE_SUBSCRIBED,
    SIDE_UNSUBSCRIBED,
    SIDE_STANZAS /* none of them */
};

/* The stanza that a presence of that type is, and the type. */
enum side_stanza side_stanza_of(struct span type);
const char *side_stanza_name(enum side_stanza stanza);

/* Of the account that the side is of: it sends the stanza, or receives it. */
enum side_direction { SIDE_SENDS, SIDE_RECEIVES };

/* What a stanza makes of a side, and whether it goes on: a stanza that is sent, to the contact; one that is received, to
 * the account's resources. */
struct side_step {
    struct side side;
    bool goes_on;
};
struct side_step side_step(enum side_direction direction, enum side_stanza stanza, struct side side);

/* The stanza with which the server of an account answers one that it received, on the account's behalf; SIDE_STANZAS
 * for none.  A request is granted if the contact is subscribed already, or was approved (3.1.3); the end of a
 * subscription or of a request is confirmed (A.3.2, note 1). */
enum side_stanza side_answer(enum side_stanza stanza, struct side side);

/* Whether one stanza, sent or received, makes one side of another. */
bool side_may_become(struct side from, struct side to);

/* Whether the contact, or the account, gets the other's presence. */
bool side_has_to(enum side_state state);
bool side_has_from(enum side_state state);

/* Whether a request of the contact waits for an answer, or one to it does. */
bool side_has_pending_in(enum side_state state);
bool side_has_pending_out(enum side_state state);

/* The side that a stored roster item is of; NULL is no item. */
struct side side_of_item(const char *item);

/* The state by the name that it has in Appendix A. */
const char *side_name(enum side_state state);

#endif

/*
 * roster.h - an account's roster in memory: its items, and how they are written and read.
 *
 * A roster belongs to a user and is shared by the user's sessions.  It changes one item at a time, and only
 * after the change is durable: roster_change_* prepares the item as it is to be, in full and with all the
 * memory it will need; the storage saves it; roster_apply puts it in place and cannot fail.
 *
 * An item is stored as RFC 6121's <item/> (2.1.2), with two things that clients do not see: the attribute
 * hidden='true' for a contact that is there only because its request waits for an answer, and that request
 * itself, as a <presence type='subscribe'/> child.
 *
 * The roster has a version (2.6): a number that is 0 for one that was never changed and one more with each
 * change, also of what clients do not see.  It is stored with the change, under the empty key.
 */
#ifndef CORE_ROSTER_H
#define CORE_ROSTER_H

#include "xml/stanza_error.h"

/* The presence types that ask for a subscription and answer (RFC 6121, 3). */
enum subscription_stanza { SUBSCRIBE, UNSUBSCRIBE, SUBSCRIBED, UNSUBSCRIBED, SUBSCRIPTION_STANZAS };

/* What the two sides have granted each other, and asked (RFC 6121, 2.1.2.5 and Appendix A). */
struct subscription_state {
    bool to;          /* the user sees the contact */
    bool from;        /* the contact sees the user */
    bool pending_out; /* the user asked, and waits: ask='subscribe' */
    bool pending_in;  /* the contact asked, and waits */
};

/* Words for a description. */
struct description;
void roster_state_describe(struct description *description, struct subscription_state state);

struct roster_item {
    uint64_t number; /* of this roster's items, from 1, as they were added */
    uint32_t hash;
    bool hidden;   /* not one that the user ever added */
    bool approved; /* the contact's next request is granted without asking (3.4) */
    struct subscription_state state;
    char *jid;     /* the contact's, bare and prepared */
    char *name;    /* NULL when none */
    char *request; /* the pending request as XML; not NULL exactly when state.pending_in */
    size_t group_count;
    char **groups;
};

/* What items come to in bytes: as clients get them, the requests, and about what they take in memory, which
 * is the same number on every machine. */
struct roster_weight {
    size_t shown, requests, memory;
};

struct roster {
    const struct core_memory *memory;
    struct roster_weight weight;
    struct roster_item **items; /* in the order in which they were added */
    size_t count, capacity;
    uint64_t last_number;
    uint64_t revision; /* the version: one more with each change */
};

/* An empty roster, or NULL. */
struct roster *roster_new(const struct core_memory *memory);
void roster_free(struct roster *roster);

/* Reads what storage gave back, the children of `stored` (NULL is none).  Where no version is among them, it
 * is as though each item had been added once.  False when it is malformed or memory ran out; the roster is
 * then of no use. */
bool roster_read(struct roster *roster, struct stanza *stored);

/* Takes out an item that must not be there, as though it had never been stored: the owner's own. */
void roster_disown(struct roster *roster, const char *owner);

/* The contact's item, or NULL. */
struct roster_item *roster_find(const struct roster *roster, const char *jid);

/* The first item that was added behind the one of that number, which may be gone; NULL when there is none. */
const struct roster_item *roster_after(const struct roster *roster, uint64_t number);

/* The subscription as the attribute has it: "none", "to", "from", "both". */
const char *roster_subscription(const struct roster_item *item);

/* The roster's version as the attribute `ver` has it (2.6.2), in `out`. */
enum { ROSTER_VERSION_SIZE = sizeof "18446744073709551615" };
const char *roster_version(char out[ROSTER_VERSION_SIZE], const struct roster *roster);

/* What an item adds to a stanza: <item/> with everything that a client may see (2.1.2). */
void roster_add_item(struct stanza *stanza, struct element *query, const struct roster_item *item);

/* ---- Changes ---- */

/* A change to one contact's item: it is replaced by `item`, or removed when that is NULL. */
struct roster_change {
    char *jid;
    struct roster_item *item;
};

/* Prepares a change that begins with a copy of the contact's item, or with a new one that is hidden and in
 * state None.  False when there is no memory.  The change's item is then altered at will. */
bool roster_change_begin(struct roster *roster, struct roster_change *change, const char *jid);

/* Prepares the removal of the contact's item.  False when there is no memory. */
bool roster_change_remove(struct roster *roster, struct roster_change *change, const char *jid);

/* Sets the name (NULL for none) and the groups of the change's item.  False when there is no memory. */
bool roster_change_set_name(struct roster *roster, struct roster_change *change, const char *name);
bool roster_change_set_groups(struct roster *roster, struct roster_change *change, const char *const *groups,
                              size_t count);

/* Sets or (NULL) clears the pending request, and state.pending_in with it.  False when there is no memory. */
bool roster_change_set_request(struct roster *roster, struct roster_change *change, const char *xml,
                               size_t length);

/* Whether there is room for what the change puts in, in number and in bytes (struct core_limits).  Items that
 * clients see count apart from those that only wait for an answer, so that strangers cannot fill a roster.
 * What a change makes no more of fits always. */
bool roster_change_fits(const struct roster *roster, const struct roster_change *change,
                        const struct core_limits *limits);

/* Writes the change's item as it is stored. */
void roster_write(struct buffer *out, const struct roster *roster, const struct roster_item *item);

/* Writes the version that the roster has after its next change, as it is stored. */
void roster_write_next_version(struct buffer *out, const struct roster *roster);

/* Puts the change in place; it is spent.  Cannot fail. */
void roster_apply(struct roster *roster, struct roster_change *change);

/* Drops a change that was not applied. */
void roster_change_drop(const struct core_memory *memory, struct roster_change *change);

#endif

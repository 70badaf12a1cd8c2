/*
 * roster.h - an account's roster in memory: its items, how they are parsed and written, and changes to
 * them.
 *
 * A roster belongs to a user and is shared by the user's sessions.  It changes one item at a time, and only
 * after the change is saved.  roster_change_* prepares the new item completely, with all the memory that it
 * needs; it is saved; roster_apply then replaces the item and cannot fail.
 *
 * An item is stored as an <item/> of RFC 6121 (2.1.2) with two additions that clients do not see: the
 * attribute hidden='true' for a contact that is there only because its request is pending, and that
 * request, a <presence type='subscribe'/> child.
 *
 * The roster has a version (2.6): a number that is 0 for a roster that was never changed, and one more with
 * every change, including changes that clients do not see.  It is saved with the change, under the empty
 * key.
 */
#ifndef CORE_ROSTER_H
#define CORE_ROSTER_H

#include "xml/stanza_error.h"

/* The presence types of subscription stanzas (RFC 6121, 3). */
enum subscription_stanza { SUBSCRIBE, UNSUBSCRIBE, SUBSCRIBED, UNSUBSCRIBED, SUBSCRIPTION_STANZAS };

/* The subscription state between user and contact (RFC 6121, 2.1.2.5 and Appendix A). */
struct subscription_state {
    bool to;          /* the user sees the contact */
    bool from;        /* the contact sees the user */
    bool pending_out; /* the user's request is pending: ask='subscribe' */
    bool pending_in;  /* the contact's request is pending */
};

/* Adds the state to a description, as words. */
struct description;
void roster_state_describe(struct description *description, struct subscription_state state);

struct roster_item {
    uint64_t number; /* serial number among this roster's items, from 1 */
    uint32_t hash;
    bool hidden;   /* the user has not added it */
    bool approved; /* the contact's next request is approved without asking the user (3.4) */
    struct subscription_state state;
    char *jid;     /* the contact's, bare and prepared */
    char *name;    /* NULL: no name */
    char *request; /* the pending request as XML; set exactly when state.pending_in is */
    size_t group_count;
    char **groups;
};

/* Sizes of items in bytes: as clients receive them, of the pending requests, and approximately in memory, the
 * same number on every machine. */
struct roster_weight {
    size_t shown, requests, memory;
};

struct roster {
    const struct core_memory *memory;
    struct roster_weight weight;
    struct roster_item **items; /* in the order in which they were added */
    size_t count, capacity;
    uint64_t last_number;
    uint64_t revision; /* the version: one more with every change */
};

/* Makes an empty roster, to be freed with roster_free; NULL when there is no memory. */
struct roster *roster_new(const struct core_memory *memory);
void roster_free(struct roster *roster);

/* Reads items and version from the children of `stored` (NULL: none).  Without a version each item counts
 * as one change.  Returns false when they are malformed or there is no memory; the roster must then only be
 * freed. */
bool roster_read(struct roster *roster, struct stanza *stored);

/* Removes the item of the account itself, which a roster must not contain, as if it had never been stored. */
void roster_disown(struct roster *roster, const char *owner);

/* The item of a contact, or NULL. */
struct roster_item *roster_find(const struct roster *roster, const char *jid);

/* The first item with a number higher than `number`, whose own item may be removed already; NULL when there
 * is none. */
const struct roster_item *roster_after(const struct roster *roster, uint64_t number);

/* The subscription attribute: "none", "to", "from" or "both". */
const char *roster_subscription(const struct roster_item *item);

/* The value of the roster's `ver` attribute (2.6.2), in `out`. */
enum { ROSTER_VERSION_SIZE = sizeof "18446744073709551615" };
const char *roster_version(char out[ROSTER_VERSION_SIZE], const struct roster *roster);

/* Adds an <item/> to a stanza, with everything that a client may see (2.1.2). */
void roster_add_item(struct stanza *stanza, struct element *query, const struct roster_item *item);

/* ---- Changes ---- */

/* A change to a contact's item: `item` replaces it; NULL removes it. */
struct roster_change {
    char *jid;
    struct roster_item *item;
};

/* Prepares a change with a copy of the contact's item, or with a new hidden item in state None.  Returns
 * false when there is no memory.  The caller then edits change->item, and ends the change with roster_apply
 * or roster_change_drop. */
bool roster_change_begin(struct roster *roster, struct roster_change *change, const char *jid);

/* Prepares the removal of the contact's item.  Returns false when there is no memory. */
bool roster_change_remove(struct roster *roster, struct roster_change *change, const char *jid);

/* Set the name (NULL: none) and the groups of the change's item.  Return false when there is no memory. */
bool roster_change_set_name(struct roster *roster, struct roster_change *change, const char *name);
bool roster_change_set_groups(struct roster *roster, struct roster_change *change, const char *const *groups,
                              size_t count);

/* Sets the pending request, or clears it (NULL), and state.pending_in.  Returns false when there is no
 * memory. */
bool roster_change_set_request(struct roster *roster, struct roster_change *change, const char *xml,
                               size_t length);

/* Whether the roster has room for the change, in number and in bytes (struct core_limits).  Hidden items
 * are counted separately, so that strangers cannot fill a roster.  What a change does not increase always
 * fits. */
bool roster_change_fits(const struct roster *roster, const struct roster_change *change,
                        const struct core_limits *limits);

/* Writes the change's item in the form in which it is stored. */
void roster_write(struct buffer *out, const struct roster *roster, const struct roster_item *item);

/* Writes the version that the roster will have after its next change, in the form in which it is stored. */
void roster_write_next_version(struct buffer *out, const struct roster *roster);

/* Applies the change and takes everything it owns.  Cannot fail. */
void roster_apply(struct roster *roster, struct roster_change *change);

/* Frees a change that was not applied. */
void roster_change_drop(const struct core_memory *memory, struct roster_change *change);

#endif

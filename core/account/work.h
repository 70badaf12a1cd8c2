/*
 * work.h - work on an account: everything that needs one of its stores, or changes one.
 *
 * A bind, a roster set, a block command, an inbound probe or subscription stanza, an offline message: each
 * is a piece of work.  The stores that it needs are loaded before it begins, and stay in memory.  Work is
 * done one piece at a time, in the order in which it was queued, so that each piece sees the result of the
 * one before:
 *
 *      work_begin -> [ load ] -> kind->begin -> [ work_load ] -> kind->loaded -> [ work_save ] -> kind->saved
 *                       |                           |                                |
 *                       +----------> kind->failed <-+--------------------------------+
 *
 * A change is saved before it is made in memory, and only then are clients informed.
 */
#ifndef CORE_WORK_H
#define CORE_WORK_H

#include "account/user.h"

/* The stores that must be in memory before work begins. */
enum user_need { USER_ROSTER = 1, USER_BLOCKLIST = 2 };

/* Whether a message is delivered for the first time. */
enum offline_origin { OFFLINE_NEW, OFFLINE_DELAYED };

/* Further data of a piece of work; its kind determines which member is used. */
union work_subject {
    struct {
        enum subscription_stanza stanza;
        struct subscription_state old; /* of the roster item when the work began */
        bool was_approved;             /* the item's pre-approval then */
    } subscription;
    struct subscription_state removed; /* roster set that removes an item: the state of the item */
    bool unblocks;                     /* change of the block list */
    bool reads_activity;               /* probe: the last activity is being loaded */
    bool is_for_resource;              /* last activity: of a resource, not of the account */
    enum offline_origin origin;        /* message */
    bool begins; /* offline messages: the session that receives them is not chosen yet */
};

struct description;

/* The functions of a kind of work.
 *
 * `begin` runs when the needed stores are in memory.  It ends, like `loaded`, by calling one of work_load,
 * work_load_piece, work_load_count, work_save, work_store, work_remove and work_finish.  `loaded` runs with
 * the entries of another store, borrowed for the call.  `saved` runs when the change is saved, and a change
 * of the roster made in memory.  `saved` and `failed` end the work, which is freed after them; but when
 * `saved` sets work->again, `begin` runs again.  A function that a kind never needs is NULL. */
struct user_work_kind {
    const char *name;      /* for descriptions */
    unsigned needs;        /* bits of enum user_need */
    bool carries_messages; /* to the user: later messages wait for it */
    bool from_outside; /* fails with USER_BLOCKED, without `begin`, when the user has blocked the sender of
                          the stanza */
    void (*begin)(struct user *user, struct user_work *work);
    void (*loaded)(struct user *user, struct user_work *work, const struct core_store_entry *entries,
                   size_t entry_count);
    void (*saved)(struct user *user, struct user_work *work);
    void (*failed)(struct user *user, struct user_work *work, enum user_failure why);
    void (*describe)(struct description *description, const union work_subject *subject); /* or NULL */
};

struct user_work {
    struct user_work *next;
    const struct user_work_kind *kind;
    struct session *session; /* the session that waits for it; NULL for none, and when it has ended */
    struct stanza *stanza;   /* the stanza of the work, or NULL; owned */
    char *text;              /* bind: the requested resource; last activity: its XML; owned */
    struct roster_change change;
    struct blocklist *blocklist; /* change of the block list: the new list; owned */
    uint64_t since;              /* when it was queued, as ports.now returned it */
    union work_subject subject;
    bool again; /* set by `saved`: the work begins again */
};

/* The error for a sender whose stanza's work failed, in storage or for lack of memory (RFC 6120, 8.3.3.6
 * and 8.3.3.18); `text` is borrowed, or NULL. */
struct stanza_error work_error(enum user_failure why, const char *text);

/* Queues work, and begins it when it is its turn.  Takes the stanza, and frees it on failure.  The session,
 * if any, waits until the work is done.  Returns false when there is no memory. */
bool work_begin(struct user *user, const struct user_work_kind *kind, struct session *session,
                struct stanza *stanza, const char *text, union work_subject subject);

/* From kind->begin: loads another store, then calls `loaded` or `failed`. */
void work_load(struct user *user, struct user_work *work, enum core_store store);

/* The same for a piece of a store, and for the number of its entries (core.h). */
void work_load_piece(struct user *user, struct user_work *work, enum core_store store,
                     const struct core_store_piece *piece);
void work_load_count(struct user *user, struct user_work *work, enum core_store store);

/* From kind->begin or loaded: saves work->change, then calls `saved` or `failed`. */
void work_save(struct user *user, struct user_work *work);

/* The same for entries of another store, or to remove the account with all its stores. */
void work_store(struct user *user, struct user_work *work, enum core_store store,
                const struct core_store_entry *entries, size_t entry_count);
void work_remove(struct user *user, struct user_work *work);

/* From kind->begin or loaded: ends work that has nothing to save. */
void work_finish(struct user *user, struct user_work *work);

/* Whether the queue has work that carries messages to the user. */
bool work_carries_messages(const struct user *user);

/* Makes the session wait for this piece of work instead of its current one; NULL: for none. */
void work_hand_over(struct session *session, struct user_work *work);

#endif

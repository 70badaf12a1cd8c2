/*
 * work.h - work on an account: whatever needs a store of it, or changes one.
 *
 * A bind, a roster set, a block, a probe or subscription from outside, a message that is kept: each is a
 * piece of work.  What it needs of the account's stores is loaded before it begins, and stays.  It is done
 * one piece at a time, in the order in which it came, so that each sees what the one before it left:
 *
 *      work_begin -> [ load ] -> kind->begin -> [ work_load ] -> kind->loaded -> [ work_save ] -> kind->saved
 *                       |                           |                                |
 *                       +----------> kind->failed <-+--------------------------------+
 *
 * A change is in storage before it is in memory, and no one is told of it before that.
 */
#ifndef CORE_WORK_H
#define CORE_WORK_H

#include "account/user.h"

/* What is loaded before work begins. */
enum user_need { USER_ROSTER = 1, USER_BLOCKLIST = 2 };

/* Whether a message is on its way for the first time. */
enum offline_origin { OFFLINE_NEW, OFFLINE_DELAYED };

/* What a piece of work is about besides its stanza; which member counts, its kind knows. */
union work_subject {
    struct {
        enum subscription_stanza stanza;
        struct subscription_state old; /* of the roster's item when the work began, */
        bool was_approved;             /* and its pre-approval */
    } subscription;
    struct subscription_state removed; /* a roster set that removes an item: what that said */
    bool unblocks;                     /* a change of the block list */
    bool reads_activity;               /* a probe: the last activity is being loaded */
    bool is_for_resource;              /* last activity: of a resource, not of the account */
    enum offline_origin origin;        /* a message */
    bool begins;                       /* offline messages: the session that gets them is to be chosen */
};

struct description;

/* What a kind of work does at each of its stations.  `begin` runs with what it needs loaded, and ends, as
 * `loaded` does, with one of work_load, work_load_piece, work_load_count, work_save, work_store, work_remove
 * and work_finish; `loaded` runs with the entries of another store, borrowed for the call; `saved` runs with
 * what was saved in storage, and with a change in the roster; both it and `failed` are the end of the work,
 * which is freed after them, unless `saved` sets work->again: then `begin` runs once more.  A station that a
 * kind never comes to is NULL. */
struct user_work_kind {
    const char *name;      /* in descriptions */
    unsigned needs;        /* bits of enum user_need */
    bool carries_messages; /* to the user: others wait behind it */
    bool from_outside;     /* is not begun but failed when the user has blocked whoever the stanza is from */
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
    struct session *session; /* that waits for it; NULL when none does, or when it has gone */
    struct stanza *stanza;   /* what it is about; owned */
    char *text;              /* of a bind the resource that was asked for, of an activity its XML; owned */
    struct roster_change change;
    struct blocklist *blocklist; /* of a change to it: as it is to be; owned */
    uint64_t since;              /* when it was begun, as ports.now has it */
    union work_subject subject;
    bool again; /* it was not done when `saved` was, and begins once more */
};

/* What the sender of a stanza is told whose work failed for storage or for memory (RFC 6120, 8.3.3.6 and
 * 8.3.3.18); the text is borrowed, or NULL. */
struct stanza_error work_error(enum user_failure why, const char *text);

/* Adds work and begins it when its turn has come.  Takes the stanza (and frees it when this fails).  The
 * session, if any, waits until the work is done.  False when there is no memory. */
bool work_begin(struct user *user, const struct user_work_kind *kind, struct session *session,
                struct stanza *stanza, const char *text, union work_subject subject);

/* From kind->begin: loads another store, then goes on with `loaded` or `failed`. */
void work_load(struct user *user, struct user_work *work, enum core_store store);

/* The same for a piece of a store, and for a count (core.h). */
void work_load_piece(struct user *user, struct user_work *work, enum core_store store,
                     const struct core_store_piece *piece);
void work_load_count(struct user *user, struct user_work *work, enum core_store store);

/* From kind->begin or loaded: saves work->change, then goes on with `saved` or `failed`. */
void work_save(struct user *user, struct user_work *work);

/* The same for entries of another store, or for all that is stored of the account, which goes with it. */
void work_store(struct user *user, struct user_work *work, enum core_store store,
                const struct core_store_entry *entries, size_t entry_count);
void work_remove(struct user *user, struct user_work *work);

/* From kind->begin or loaded: there was nothing to save, the work is done. */
void work_finish(struct user *user, struct user_work *work);

/* Whether work waits that carries messages to the user. */
bool work_carries_messages(const struct user *user);

/* The session waits for this piece of work instead of the one before, or for none (NULL). */
void work_hand_over(struct session *session, struct user_work *work);

#endif

/*
 * user.h - an account in memory: its bound sessions, its roster, and the work on that roster.
 *
 * A user is in the table of bare JIDs while it has a bound session or work to be done; its roster is loaded
 * when the first work begins.  Work is whatever needs the roster of an account that may not be online, or
 * changes it: a bind, a roster set, an inbound probe or subscription.  It is done one piece at a time, in the
 * order in which it came, so that each sees what the one before it left:
 *
 *      user_begin_work -> [ load the roster ] -> kind->begin -> [ user_save -> storage ] -> kind->saved
 *                                 |                                    |
 *                                 +------------ kind->failed <---------+
 *
 * A change to the roster is in storage before it is in memory, and nobody is told of it before that.
 */
#ifndef CORE_USER_H
#define CORE_USER_H

#include "jid.h"
#include "roster.h"
#include "session.h"

struct user;
struct user_work;

/* Why work could not be done. */
enum user_failure {
    USER_NO_ACCOUNT,
    USER_STORAGE_FAILED,
    USER_NO_MEMORY,
};

/* What a kind of work does at each of its stations.  `begin` runs with the roster loaded and ends with
 * user_save, user_load, user_save_store or user_finish; `saved` runs with the change in the roster; `stored`
 * with the answer of another store, its entries borrowed for the call.  These two and `failed` are the end of
 * the work, which is freed after them.  A station that a kind never comes to is NULL. */
struct user_work_kind {
    void (*begin)(struct user *user, struct user_work *work);
    void (*saved)(struct user *user, struct user_work *work);
    void (*stored)(struct user *user, struct user_work *work, enum core_store_status status,
                   const struct core_store_entry *entries, size_t entry_count);
    void (*failed)(struct user *user, struct user_work *work, enum user_failure why);
};

struct user_work {
    struct user_work *next;
    const struct user_work_kind *kind;
    struct session *session; /* that waits for it; NULL when none does, or when it has gone */
    struct stanza *stanza;   /* what it is about; owned */
    char *resource;          /* a text: of a bind the resource that was asked for; owned, NULL for none */
    struct roster_change change;
    int detail; /* the kind's own */
};

struct user {
    struct core *core;
    const char *host; /* in the table of hosts */
    char *username;
    struct roster *roster;     /* NULL until it is loaded */
    struct session *resources; /* bound, the oldest first, linked by user_next and user_prev */
    size_t resource_count;
    struct user_work *work; /* the first is at hand */
    bool busy;              /* storage is at it */
    UT_hash_handle hh;
    char bare_jid[];
};

/* The user of a bare JID, which must be one of this core's hosts; made when there is none.  NULL when there
 * is no memory.  A user that is left without sessions and work is freed at its next opportunity:
 * user_release. */
struct user *user_get(struct core *core, const char *username, const char *host);
struct user *user_find(const struct core *core, const char *bare_jid); /* NULL when not in memory */
void user_release(struct user *user);
void user_free(struct user *user); /* whatever it still has; when the core goes */

/* Adds work and begins it when its turn has come.  Takes the stanza (and frees it when this fails).  The
 * session, if any, waits until the work is done.  False when there is no memory. */
bool user_begin_work(struct user *user, const struct user_work_kind *kind, struct session *session,
                     struct stanza *stanza, const char *resource, int detail);

/* From kind->begin: saves work->change, then goes on with `saved` or `failed`. */
void user_save(struct user *user, struct user_work *work);

/* From kind->begin: loads or saves another of the user's stores, or removes the account, then goes on with
 * `stored`, whatever the answer was, or with `failed` when there is no memory to ask. */
void user_load(struct user *user, struct user_work *work, enum core_store store);
void user_save_store(struct user *user, struct user_work *work, enum core_store store,
                     const struct core_store_entry *entries, size_t entry_count);
void user_remove(struct user *user, struct user_work *work);

/* From kind->begin: there was nothing to save, the work is done. */
void user_finish(struct user *user, struct user_work *work);

/* The session waits for another piece of work than before, or (NULL) for none. */
void user_work_hand_over(struct session *session, struct user_work *work);

/* Whether a session may be sent what is for connected resources: bound and not about to go. */
bool user_session_is_live(const struct session *session);

/* ---- Telling all of a user's sessions ---- */

void user_send_to_available(struct user *user, const struct stanza *stanza);
void user_send_to_interested(struct user *user, const struct stanza *stanza);

/* A roster push (RFC 6121, 2.1.6), with the roster's version (2.6.3): the item, or its removal when it is
 * NULL, to every interested resource. */
void user_push(struct user *user, const struct roster_item *item, const char *removed_jid);

#endif

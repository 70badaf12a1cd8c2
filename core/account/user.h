/*
 * user.h - an account in memory: its bound sessions, its roster and block list, and the work on its stores.
 *
 * A user is in the table of bare JIDs while it has a bound session or work to be done, and for a while behind
 * that (cache.h); what a piece of work needs of its stores is loaded before that begins, and stays.  Work is
 * whatever needs a store of an account that may not be online, or changes it: a bind, a roster set, a block,
 * an inbound probe or subscription, a message that is kept.  It is done one piece at a time, in the order in
 * which it came, so that each sees what the one before it left:
 *
 *      user_begin_work -> [ load ] -> kind->begin -> [ user_load ] -> kind->loaded -> [ user_save ] ->
 * kind->saved |                           |                                |
 *                            +---------- kind->failed <--+--------------------------------+
 *
 * A change is in storage before it is in memory, and nobody is told of it before that.
 */
#ifndef CORE_USER_H
#define CORE_USER_H

#include "account/blocklist.h"
#include "account/roster.h"
#include "base/jid.h"
#include "session/session.h"

struct user;
struct user_work;

/* Why work could not be done. */
enum user_failure {
    USER_NO_ACCOUNT,
    USER_STORAGE_FAILED,
    USER_NO_MEMORY,
    USER_BLOCKED, /* by the user: whoever the work's stanza is from */
};

/* What is loaded before work begins. */
enum user_need { USER_ROSTER = 1, USER_BLOCKLIST = 2 };

/* What a kind of work does at each of its stations.  `begin` runs with what it needs loaded, and ends, as
 * `loaded` does, with one of user_load, user_save, user_store, user_remove and user_finish; `loaded` runs
 * with the entries of another store, borrowed for the call; `saved` runs with what was saved in storage, and
 * with a change in the roster; both it and `failed` are the end of the work, which is freed after them.  A
 * station that a kind never comes to is NULL. */
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
};

struct user_work {
    struct user_work *next;
    const struct user_work_kind *kind;
    struct session *session; /* that waits for it; NULL when none does, or when it has gone */
    struct stanza *stanza;   /* what it is about; owned */
    char *resource;          /* a text: of a bind the resource that was asked for; owned, NULL for none */
    struct roster_change change;
    struct blocklist *blocklist; /* of a change to it: as it is to be; owned */
    uint64_t since;              /* when it was begun, as ports.now has it */
    int detail;                  /* the kind's own */
};

/* What is known of the messages that storage keeps for the account; see offline.h. */
struct offline_index {
    bool known;
    size_t count;
    uint64_t last_key;
    uint64_t handed;       /* the key of the last that the taker was sent and its link had not all taken */
    bool taken;            /* that link has taken it since */
    struct session *taker; /* was sent some of them, and must read those before it is sent more; or NULL */
};

/* How many passwords the account has chosen, and since when. */
struct password_count {
    size_t count;
    uint64_t since;
};

struct user {
    struct core *core;
    const char *host; /* in the table of hosts */
    char *username;
    struct roster *roster;       /* NULL until it is loaded */
    struct blocklist *blocklist; /* NULL until it is loaded, and where there is no blocking */
    bool blocks;                 /* somebody is in it: it need not be looked at to know that nobody is */
    struct offline_index offline;
    struct password_count passwords;
    uint64_t last_id; /* of the requests that the server makes of its clients: what others are asked shows in
                         none */
    struct session *resources; /* bound, the oldest first, linked by user_next and user_prev */
    size_t resource_count;
    struct user_work *work; /* the first is at hand */
    struct user_work *last_work;
    size_t work_count;
    size_t carrying; /* of them carry messages */
    bool busy;       /* storage is at it */
    unsigned loads;  /* of what the work at hand needs, under way */
    bool load_failed;
    enum user_failure load_failure;
    bool gone;      /* there is no such account any more */
    uint64_t since; /* as ports.now had it: when it came into memory, or was last left by a session */
    bool cached;    /* see cache.h */
    size_t weight;  /* while it is */
    struct user *cache_prev, *cache_next;
    struct map_node node;
    char bare_jid[];
};

/* The user of a bare JID, which must be one of this core's hosts; made when there is none, or taken out of
 * the cache.  NULL when there is no memory.  A user that is left without sessions and work goes into the
 * cache or is freed at its next opportunity: user_release. */
struct user *user_get(struct core *core, const char *username, const char *host);
void user_release(struct user *user);

/* The same for a login, which gets what is stored now: the host may have changed that while nobody was
 * connected. */
struct user *user_get_for_login(struct core *core, const char *username, const char *host);

/* The user of a bare JID, while it has sessions or work; else NULL. */
struct user *user_find(const struct core *core, const char *bare_jid);

/* Memory is short: frees all that are in the cache.  False when there were none. */
bool user_free_cached(struct core *core);

/* The list takes the place of the one there is, if any, which is returned and the caller's. */
struct blocklist *user_set_blocklist(struct user *user, struct blocklist *blocklist);
void user_free(struct user *user); /* whatever it still has; when the core goes */

/* Adds work and begins it when its turn has come.  Takes the stanza (and frees it when this fails).  The
 * session, if any, waits until the work is done.  False when there is no memory. */
bool user_begin_work(struct user *user, const struct user_work_kind *kind, struct session *session,
                     struct stanza *stanza, const char *resource, int detail);

/* From kind->begin: loads another store, then goes on with `loaded` or `failed`. */
void user_load(struct user *user, struct user_work *work, enum core_store store);

/* From kind->begin or loaded: saves work->change, then goes on with `saved` or `failed`. */
void user_save(struct user *user, struct user_work *work);

/* The same for entries of another store, or for all that is stored of the account, which goes with it. */
void user_store(struct user *user, struct user_work *work, enum core_store store,
                const struct core_store_entry *entries, size_t entry_count);
void user_remove(struct user *user, struct user_work *work);

/* From kind->begin or loaded: there was nothing to save, the work is done. */
void user_finish(struct user *user, struct user_work *work);

/* Whether a JID may see the presence of the user, whose roster is loaded: the account itself may, and whoever
 * is subscribed to it (RFC 6121, 4.2.2). */
bool user_is_seen_by(const struct user *user, const char *jid);

/* Whether so much work waits for the account (limits.account_work) that what comes from outside is turned
 * away. */
bool user_is_busy(const struct user *user);

/* Whether there is work that carries messages to the user. */
bool user_carries_messages(const struct user *user);

/* The session waits for another piece of work than before, or (NULL) for none. */
void user_work_hand_over(struct session *session, struct user_work *work);

/* The user's session that is bound to a full JID, unless it is about to go; else NULL. */
struct session *user_resource(const struct user *user, const char *full_jid);

/* Whether a session may be sent what is for connected resources: bound and not about to go. */
bool user_session_is_live(const struct session *session);

/* Whether it is one that gets messages for the account: available, and of a priority that is not negative
 * (RFC 6121, 8.5.2.1.1). */
bool user_session_takes_messages(const struct session *session);

/* ---- Telling all of a user's sessions ---- */

void user_send_to_available(struct user *user, const struct stanza *stanza);
void user_send_to_interested(struct user *user, const struct stanza *stanza);

/* A roster push (RFC 6121, 2.1.6), with the roster's version (2.6.3): the item, or its removal when it is
 * NULL, to every interested resource. */
void user_push(struct user *user, const struct roster_item *item, const char *removed_jid);

#endif

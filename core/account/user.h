/*
 * user.h - an account in memory: its bound sessions, its roster and block list, and the work on its stores.
 *
 * A user is in the table of bare JIDs while it has a bound session or unfinished work (work.h), and for a
 * while after that (cache.h).
 */
#ifndef CORE_USER_H
#define CORE_USER_H

#include "account/blocklist.h"
#include "account/roster.h"
#include "base/jid.h"
#include "session/session.h"

struct user_work;

/* Why work has failed. */
enum user_failure {
    USER_NO_ACCOUNT,
    USER_STORAGE_FAILED,
    USER_NO_MEMORY,
    USER_BLOCKED, /* the user has blocked the sender of the work's stanza */
};

/* Offline messages that were sent to a session and are still in storage; see offline.h. */
struct offline_handed {
    struct offline_handed *next;
    struct session *session; /* NULL when it has ended */
    bool taken;              /* its link has taken all of them */
    bool leaving;            /* they are being removed from storage */
    size_t count;
    uint64_t keys[];
};

/* What is known of the account's offline messages in storage; see offline.h. */
struct offline_index {
    bool known; /* `count` and `last_key` are those of the store */
    size_t count;
    uint64_t last_key;
    struct session *taker;  /* receives the messages, a piece at a time; or NULL */
    struct session *reader; /* a piece is being loaded for it; NULL when none is, and when it has ended */
    uint64_t next;          /* the taker has received the messages before this key */
    struct offline_handed *handed; /* the oldest first */
};

/* How many passwords the account has set, and since when. */
struct password_count {
    size_t count;
    uint64_t since;
};

struct user {
    struct core *core;
    const char *host; /* the name in the table of hosts */
    char *username;
    struct roster *roster;       /* NULL until it is loaded */
    struct blocklist *blocklist; /* NULL until it is loaded, and without CORE_BLOCKING */
    bool blocks;                 /* the block list is not empty */
    struct offline_index offline;
    struct password_count passwords;
    uint64_t last_id; /* of the server's requests to this user's clients: per user, so that it reveals nothing
                         of others */
    struct session *resources; /* bound, the oldest first, linked by user_next and user_prev */
    size_t resource_count;
    struct user_work *work; /* the first is the current one */
    struct user_work *last_work;
    size_t work_count;
    size_t carrying; /* how many of them carry messages */
    bool busy;       /* a storage request for the work is under way */
    unsigned loads;  /* loads under way for the current work */
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

/* user_get returns the user of an account at one of the core's hosts, and makes it, or takes it out of the
 * cache, when it is not in use; NULL when there is no memory.  user_release puts a user without sessions and
 * work into the cache, or frees it. */
struct user *user_get(struct core *core, const char *username, const char *host);
void user_release(struct user *user);

/* The same for a login, which always loads the account: the host may have changed its stores while no client
 * was connected. */
struct user *user_get_for_login(struct core *core, const char *username, const char *host);

/* The user of a bare JID while it has sessions or work, else NULL. */
struct user *user_find(const struct core *core, const char *bare_jid);

/* Frees all users in the cache, because memory is short.  False when there were none. */
bool user_free_cached(struct core *core);

/* Replaces the block list.  Returns the old one, or NULL; the caller frees it. */
struct blocklist *user_set_blocklist(struct user *user, struct blocklist *blocklist);
/* user_free_work frees one piece of work; user_free frees the user with all its work, when the core is
 * freed. */
void user_free_work(struct user *user, struct user_work *work);
void user_free(struct user *user);

/* Whether a JID may see the presence of the user, whose roster must be loaded: the account itself and its
 * subscribers may (RFC 6121, 4.2.2). */
bool user_is_seen_by(const struct user *user, const char *jid);

/* Whether the user's queue of work is full (limits.account_work), so that stanzas from outside are refused.
 */
bool user_is_busy(const struct user *user);

/* The user's session that is bound to a full JID, or NULL; also NULL when it is about to be destroyed. */
struct session *user_resource(const struct user *user, const char *full_jid);

/* ---- Blocking (XEP-0191) ---- */

/* Whether a user, whose list must be loaded, has blocked a prepared JID.  The user's own resources are
 * never blocked, whatever the list contains (XEP-0191, 5). */
bool user_blocks(const struct user *user, const char *jid);

/* Whether the block lists of both sides allow presence from a JID to be sent to a session; `sender` is NULL
 * for an account that is not in memory. */
bool user_lets_see(const struct user *sender, const char *from, const struct session *recipient);

/* How a change of a user's block list from `before` affects a JID. */
struct blocklist;
enum user_block_change { BLOCK_STAYS, BLOCK_BEGINS, BLOCK_ENDS };
enum user_block_change user_block_change(const struct user *user, const struct blocklist *before,
                                         const char *jid);

#endif

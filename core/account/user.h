/*
 * user.h - an account in memory: its bound sessions, its roster and block list, and the work on its stores.
 *
 * A user is in the table of bare JIDs while it has a bound session or work to be done (work.h), and for a
 * while after that (cache.h).
 */
#ifndef CORE_USER_H
#define CORE_USER_H

#include "account/blocklist.h"
#include "account/roster.h"
#include "base/jid.h"
#include "session/session.h"

struct user_work;

/* Why work could not be done. */
enum user_failure {
    USER_NO_ACCOUNT,
    USER_STORAGE_FAILED,
    USER_NO_MEMORY,
    USER_BLOCKED, /* by the user: whoever the work's stanza is from */
};

/* Messages that were kept and that a session was sent, as long as they are in storage; see offline.h. */
struct offline_handed {
    struct offline_handed *next;
    struct session *session; /* NULL when it has gone */
    bool taken;              /* its link has taken all of them */
    bool leaving;            /* they are being removed */
    size_t count;
    uint64_t keys[];
};

/* What is known of the messages that storage keeps for the account; see offline.h. */
struct offline_index {
    bool known; /* the next two are so in storage */
    size_t count;
    uint64_t last_key;
    struct session *taker;  /* is given them, a piece at a time; or NULL */
    struct session *reader; /* a piece is being loaded for it; NULL when none is, and when it has gone */
    uint64_t next;          /* the taker was given what is before this key */
    struct offline_handed *handed; /* the oldest first */
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

/* The same for a login, which gets what is stored now: the host may have changed that while no client was
 * connected. */
struct user *user_get_for_login(struct core *core, const char *username, const char *host);

/* The user of a bare JID, while it has sessions or work; else NULL. */
struct user *user_find(const struct core *core, const char *bare_jid);

/* Memory is short: frees all that are in the cache.  False when there were none. */
bool user_free_cached(struct core *core);

/* The list takes the place of the one there is, if any, which is returned and the caller's. */
struct blocklist *user_set_blocklist(struct user *user, struct blocklist *blocklist);
/* Frees one piece of the user's work; the user with all that it still has, when the core goes. */
void user_free_work(struct user *user, struct user_work *work);
void user_free(struct user *user);

/* Whether a JID may see the presence of the user, whose roster is loaded: the account itself and its
 * subscribers may (RFC 6121, 4.2.2). */
bool user_is_seen_by(const struct user *user, const char *jid);

/* Whether so much work waits for the account (limits.account_work) that what comes from outside is turned
 * away. */
bool user_is_busy(const struct user *user);

/* The user's session that is bound to a full JID, unless it is about to go; else NULL. */
struct session *user_resource(const struct user *user, const char *full_jid);

/* ---- Blocking (XEP-0191) ---- */

/* Whether a user, whose list is loaded, has blocked a prepared JID.  The user's own resources are never
 * blocked, whatever is in the list (XEP-0191, 5). */
bool user_blocks(const struct user *user, const char *jid);

/* Whether presence from a JID may be sent to a session, by the lists of both sides; `sender` may be NULL for
 * an account that is not in memory. */
bool user_lets_see(const struct user *sender, const char *from, const struct session *recipient);

/* What a change of a user's list, which was `before`, means to a JID. */
struct blocklist;
enum user_block_change { BLOCK_STAYS, BLOCK_BEGINS, BLOCK_ENDS };
enum user_block_change user_block_change(const struct user *user, const struct blocklist *before,
                                         const char *jid);

#endif

/*
 * inspect.h - a read-only look at a core's sessions and tables, for checks, tests and operators.
 *
 * Nothing here changes anything.  Every pointer is borrowed from the core and good until the next call
 * that tells the core something.
 *
 * A session is the structure that Prosody's doc/session.txt describes, property for property.
 */
#ifndef CORE_INSPECT_H
#define CORE_INSPECT_H

#include "core.h"

#ifdef __cplusplus
extern "C" {
#endif

struct session; /* one client's session */
struct roster;  /* one account's roster in memory */
struct user;    /* one account in memory */

enum session_type {
    SESSION_C2S_UNAUTHED, /* "c2s_unauthed": not authenticated yet */
    SESSION_C2S_UNBOUND,  /* "c2s_unbound": authenticated, no resource bound yet */
    SESSION_C2S,          /* "c2s": authenticated and bound */
    SESSION_DESTROYED,    /* "destroyed": ended; never to be seen from outside a call */
};

/* The name of a type as the seed document writes it; static. */
const char *session_type_name(enum session_type type);

/* The properties.  A pointer that is NULL is a property that is not defined. */
struct session_view {
    const struct conn *conn; /* NULL while the session hibernates */
    bool notopen;            /* true until the client has opened its stream, and again between restarts */
    enum session_type type;
    bool secured;         /* the stream is encrypted */
    const char *username; /* not defined before authentication */
    const char *host;     /* not defined before the stream opens */
    const char *resource; /* not defined before binding */
    const char *full_jid; /* username@host/resource, defined with resource */
    int priority;         /* 0 until presence says otherwise */
    const char *presence; /* the last undirected presence without a type, as XML; NULL when unavailable */
    size_t presence_length;
    bool interested;             /* true once the session has asked for the roster */
    const struct roster *roster; /* defined with resource */
    bool waiting;                /* for storage: what the client sends meanwhile waits its turn */
    bool hibernating;            /* without a connection, until it is resumed (XEP-0198) */
    bool inactive;               /* by client state indication (XEP-0352): presence may be held back */
    bool managed;                /* stream management is enabled; the counts below are 0 otherwise */
    uint32_t handled;            /* stanzas from the client, modulo 2^32 */
    uint32_t sent;               /* stanzas to the client, those included that are kept for it */
    size_t unacked;              /* how many of them the client has not acknowledged */
};

struct session_view session_look(const struct session *session);

/* A connected resource has a full JID, and with it a roster and a resource. */
bool session_is_connected(const struct session *session);

/* An available resource is one whose last undirected presence carried no type (RFC 6121, 4.2). */
bool session_is_available(const struct session *session);

/* An interested resource has requested the roster (RFC 6121, 2.2). */
bool session_is_interested(const struct session *session);

/* The session on a connection; never NULL. */
const struct session *inspect_conn(const struct conn *conn);

/* What the core was made with, but for the hosts. */
const struct core_settings *inspect_settings(const struct core *core);

/* Every session, in the order in which they came; NULL ends. */
const struct session *inspect_first_session(const struct core *core);
const struct session *inspect_next_session(const struct session *session);

/* Has fetched what the tables below hold of a session, for whoever is about to look it up. */
void inspect_prefetch(const struct core *core, const struct session *session);

/* The table of full JIDs: the session that holds one, or NULL. */
const struct session *inspect_full_jid(const struct core *core, const char *full_jid);

/* The table of bare JIDs: the sessions bound for an account, in the order of binding; NULL ends. */
const struct session *inspect_first_resource(const struct core *core, const char *bare_jid);
const struct session *inspect_next_resource(const struct session *session);

/* How large the tables are. */
struct inspect_counts {
    size_t sessions;         /* connections, of every type */
    size_t full_jids;        /* entries in the table of full JIDs */
    size_t bare_jids;        /* entries in the table of bare JIDs that have a bound session */
    size_t resources;        /* bound sessions, summed over the table of bare JIDs */
    size_t hosts;            /* entries in the table of hosts */
    size_t host_sessions;    /* sessions that opened a stream, summed over the table of hosts */
    size_t storage_requests; /* under way */
    size_t users_in_memory;  /* accounts with a session or with work under way */
    size_t cached_accounts;  /* others that are in memory (limits.cached_accounts) */
    size_t cached_bytes;     /* what those take, as limits.cached_bytes counts it */
};
struct inspect_counts inspect_counts(const struct core *core);

/* The accounts in the cache, the one that was used longest ago first; NULL ends. */
struct inspect_cached {
    const char *username;
    const char *host;
    const struct roster *roster; /* NULL where it is not in memory */
};
const struct user *inspect_first_cached(const struct core *core);
const struct user *inspect_next_cached(const struct user *user);
struct inspect_cached inspect_cached(const struct user *user);

/* One roster item as the account's clients may see it (RFC 6121, 2.1.2). */
struct inspect_item {
    const char *jid;
    const char *name;         /* NULL when none */
    const char *subscription; /* "none", "to", "from" or "both" */
    bool ask;                 /* a subscription request of ours is pending: ask='subscribe' */
    bool pending_in;          /* a request of theirs waits for an answer; never shown to clients */
    bool hidden;              /* there only for pending_in: not part of the roster clients see */
    bool approved;            /* their next request is granted without asking */
    const char *const *groups;
    size_t group_count;
};

/* The items of a roster, in the order in which the contacts were first added. */
size_t inspect_roster_size(const struct roster *roster);
struct inspect_item inspect_roster_item(const struct roster *roster, size_t index);

/* The roster's version (RFC 6121, 2.6): counts up with every change, of whatever kind. */
uint64_t inspect_roster_revision(const struct roster *roster);

/* The JIDs that an account in memory has blocked, in the order in which they were; none where nobody of it is
 * connected. */
size_t inspect_blocked_count(const struct core *core, const char *bare_jid);
const char *inspect_blocked(const struct core *core, const char *bare_jid, size_t index);

/* How many the account of a session has blocked; none before it is bound. */
size_t inspect_session_blocked(const struct session *session);

/* ---- All of it ---- */

/* Everything that the core holds and that may make a difference from here on, as text (description.h says how
 * it is written): every session with its connection, its negotiation, what it was sent and has not
 * acknowledged; every account in memory with its roster, its block list and its work; timers; storage
 * requests.  Two cores of the same settings whose descriptions are equal behave equally, but for identifiers,
 * nonces and salts to come.  There is nothing of addresses or hash order in it, and times are told from now.
 * Of what a client logs in with, or changes its password with, and of what waits unread, only the number of
 * bytes is told, and a hash whose key is the core's secret.
 *
 * The text, ended by NUL, is made with `memory` alone, which need not be the core's own, and is given back
 * to it; NULL when there was none. */
char *inspect_describe(const struct core *core, const struct core_memory *memory);

/* The place of a storage request in that description, from 1; 0 when nobody waits for its answer. */
size_t inspect_request(const struct core *core, uint64_t id);

#ifdef __cplusplus
}
#endif

#endif

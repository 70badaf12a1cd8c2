/*
 * inspect.h - a read-only view of a core's sessions and tables, for checks, tests and operators.
 *
 * Nothing here changes the core.  Every pointer is borrowed from the core and valid until the next call of
 * a function of core.h that reports an event.
 *
 * A session has the properties that Prosody's doc/session.txt describes, with the same names.
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
    SESSION_DESTROYED,    /* "destroyed": ended; never visible outside a call */
};

/* The name of a type as Prosody's doc/session.txt writes it; static. */
const char *session_type_name(enum session_type type);

/* The properties of a session.  NULL means "not defined". */
struct session_view {
    const struct conn *conn; /* NULL while the session hibernates */
    bool notopen; /* true before the client has opened its stream, and again after a restart until it has
                     opened the next */
    enum session_type type;
    bool secured;         /* the stream is encrypted */
    const char *username; /* not defined before authentication */
    const char *host;     /* not defined before the stream opens */
    const char *resource; /* not defined before binding */
    const char *full_jid; /* username@host/resource, defined with resource */
    int priority;         /* 0 until the client sends a presence priority */
    const char *presence; /* the last undirected presence without a type, as XML; NULL when unavailable */
    size_t presence_length;
    bool interested;             /* true once the session has asked for the roster */
    const struct roster *roster; /* defined with resource */
    bool waiting;     /* the session waits for storage; what the client sends meanwhile is queued */
    bool hibernating; /* the session has lost its connection and can be resumed (XEP-0198) */
    bool inactive;    /* the client is inactive (XEP-0352): presence may be held back */
    bool carbons;     /* copies of the account's messages are enabled (XEP-0280) */
    bool managed;     /* stream management is enabled; the counts below are 0 otherwise */
    uint32_t handled; /* stanzas from the client, modulo 2^32 */
    uint32_t sent;    /* stanzas to the client, including those kept while it hibernates */
    size_t unacked;   /* stanzas among `sent` that the client has not acknowledged */
    bool owed;        /* presence, requests or messages still wait to be sent: see core/presence/owed.h */
};

struct session_view session_look(const struct session *session);

/* A connected resource has a full JID, and with it a roster and a resource. */
bool session_is_connected(const struct session *session);

/* An available resource is one whose last undirected presence carried no type (RFC 6121, 4.2). */
bool session_is_available(const struct session *session);

/* An interested resource has requested the roster (RFC 6121, 2.2). */
bool session_is_interested(const struct session *session);

/* The session of a connection; never NULL. */
const struct session *inspect_conn(const struct conn *conn);

/* The settings that the core was made with, except the host names. */
const struct core_settings *inspect_settings(const struct core *core);

/* All sessions, in the order in which they were made.  NULL after the last. */
const struct session *inspect_first_session(const struct core *core);
const struct session *inspect_next_session(const struct session *session);

/* Prefetches the table entries of a session into the processor's cache, before a look-up. */
void inspect_prefetch(const struct core *core, const struct session *session);

/* The table of full JIDs: the session bound to a full JID, or NULL. */
const struct session *inspect_full_jid(const struct core *core, const char *full_jid);

/* The table of bare JIDs: the sessions bound for an account, in the order of binding.  NULL after the last.
 */
const struct session *inspect_first_resource(const struct core *core, const char *bare_jid);
const struct session *inspect_next_resource(const struct session *session);

/* The sizes of the tables. */
struct inspect_counts {
    size_t sessions;         /* sessions of every type */
    size_t full_jids;        /* entries in the table of full JIDs */
    size_t bare_jids;        /* accounts in the table of bare JIDs with a bound session */
    size_t resources;        /* bound sessions, summed over the table of bare JIDs */
    size_t hosts;            /* entries in the table of hosts */
    size_t host_sessions;    /* sessions that have opened a stream, summed over the table of hosts */
    size_t storage_requests; /* under way */
    size_t users_in_memory;  /* accounts with a bound session or queued work */
    size_t cached_accounts;  /* other accounts in memory (limits.cached_accounts) */
    size_t cached_bytes;     /* their memory, as limits.cached_bytes counts it */
};
struct inspect_counts inspect_counts(const struct core *core);

/* The accounts in the cache, the least recently used first; NULL after the last. */
struct inspect_cached {
    const char *username;
    const char *host;
    const struct roster *roster; /* NULL when it is not in memory */
};
const struct user *inspect_first_cached(const struct core *core);
const struct user *inspect_next_cached(const struct user *user);
struct inspect_cached inspect_cached(const struct user *user);

/* A roster item (RFC 6121, 2.1.2). */
struct inspect_item {
    const char *jid;
    const char *name;         /* NULL: no name */
    const char *subscription; /* "none", "to", "from" or "both" */
    bool ask;                 /* the account's own request is pending: ask='subscribe' */
    bool pending_in;          /* the contact's request is pending; never shown to clients */
    bool hidden;              /* exists only because of pending_in; not in the roster that clients see */
    bool approved; /* the contact's next request is approved without asking the user (RFC 6121, 3.4) */
    const char *const *groups;
    size_t group_count;
};

/* The number of items, and an item by its index, in the order in which the contacts were first added. */
size_t inspect_roster_size(const struct roster *roster);
struct inspect_item inspect_roster_item(const struct roster *roster, size_t index);

/* The roster's version (RFC 6121, 2.6): one more after every change of any kind. */
uint64_t inspect_roster_revision(const struct roster *roster);

/* The number of JIDs that an account in memory has blocked, and one of them by its index, in the order in
 * which they were blocked.  The number is 0 for an account that is not in memory. */
size_t inspect_blocked_count(const struct core *core, const char *bare_jid);
const char *inspect_blocked(const struct core *core, const char *bare_jid, size_t index);

/* The number of JIDs that the account of a session has blocked; 0 before the session is bound. */
size_t inspect_session_blocked(const struct session *session);

/* ---- The whole core ---- */

/* Returns the whole state of the core that can affect its later behaviour, as text (description.h defines
 * the form): every session with its connection, its SASL negotiation and its unacknowledged stanzas; every
 * account in memory with its roster, its block list and its work; timers; storage requests.  Two cores with
 * the same settings and equal descriptions behave the same, except for identifiers, nonces and salts drawn
 * later.  The text contains no addresses and does not depend on hash order; times are relative to now.  Of
 * passwords, other credentials and unprocessed input it shows only the number of bytes and a hash keyed
 * with the core's secret.
 *
 * The text ends with a NUL.  It is allocated with `memory`, which may differ from the core's memory, and
 * the caller frees it with `memory`.  Returns NULL when there is no memory. */
char *inspect_describe(const struct core *core, const struct core_memory *memory);

/* The position of a storage request in that description, from 1; 0 when its answer is no longer needed. */
size_t inspect_request(const struct core *core, uint64_t id);

#ifdef __cplusplus
}
#endif

#endif

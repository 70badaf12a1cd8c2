/*
 * loads.h - when a server loads what it keeps of an account: again at each login, and otherwise as seldom as its
 * cache allows.
 *
 * A login gets what is stored then, unless the account has a session or unfinished work; what others cause to be
 * loaded stays in memory, within limits, so that a few bytes do not cost a load each time (core.h:
 * cached_accounts, cache_time). Requests of storage pass the border, so this is seen without a look inside.  It is
 * judged where it is certain: of accounts without a session, while storage owed nothing when the event began,
 * memory has not run out and the clock has not jumped.
 */
#ifndef SIM_MODEL_LOADS_H
#define SIM_MODEL_LOADS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct connection;
struct watched_server;
struct core_store_request;

enum { LOADS_MOST = 32, LOADS_FAILED_MOST = 8 };

/* The last loads of rosters and block lists, and when each account was last in use; zeroed is none. */
struct loads {
    struct load {
        uint64_t account; /* its account_hash; 0: it failed, or must not be relied on */
        uint64_t number, time;
        int store;
        bool is_doubtful; /* it may not be in memory: another request for the account failed */
    } last[LOADS_MOST];   /* a ring, by number */
    uint64_t count;       /* of all loads */
    struct use {
        uint64_t account, time;
    } uses[LOADS_MOST]; /* by account; one replaces another */
    uint64_t jumps;     /* of the clock */
    /* The accounts of which a roster or a block list could not be loaded since storage was idle; more than there is
     * room for: any. */
    uint64_t failed[LOADS_FAILED_MOST];
    size_t failed_count;
};

/* Storage is asked; it has answered that it failed, or has no such account. */
void loads_asked(struct watched_server *server, const struct core_store_request *request);
void loads_failed(struct watched_server *server, const struct core_store_request *request);

/* Storage is idle at the end of an event: no work waits for a load that has failed.  Whether some may, of an account. */
void loads_idle(struct watched_server *server);
bool loads_may_lack(const struct watched_server *server, uint64_t account);

/* A client asks to bind a resource; it has got one.  A session of an account has ended. */
void loads_bind_arrived(struct connection *connection);
void loads_bound(const struct connection *connection);
void loads_session_ended(struct watched_server *server, uint64_t account);

/* Nothing is known of what is in memory. */
void loads_forget(struct watched_server *server);

#endif

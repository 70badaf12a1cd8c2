/*
 * core_state.h - what a core holds: the tables of hosts, of bare JIDs and of full JIDs, and who is about to
 * go.
 *
 *      hosts       host name  -> struct host      how many sessions opened a stream to it
 *      users       bare JID   -> struct user      its bound sessions, its roster, the work on it
 *      full_jids   full JID   -> struct session   bound sessions only
 *      sessions    a list: every session, in the order in which they came
 *
 * The tables are maps (map.h), walked in the order of insertion.  A session enters and leaves all of them in
 * the same breath; that is session_manager.c's job, and nobody else's.  The hosts stay as they are from
 * core_new on; users come and go by user.c.
 *
 * A session that must end is marked first (core->doomed) and destroyed when nobody is in the middle of
 * walking a table: after the stanza at hand, at the latest at the end of the call.  Its memory and its
 * connection's go at the end of the call (core->ended).
 */
#ifndef CORE_CORE_STATE_H
#define CORE_CORE_STATE_H

#include "base/map.h"
#include "base/memory.h"
#include "inspect.h"
#include "sasl/sasl.h"
#include "xml/parser_pool.h"

struct conn;
struct managed;
struct session;
struct user;
struct storage_request;

/* What a session may wait for; it waits for one of them at a time at the most.  Each has the same span for
 * everybody, so that a list that grows at its end is in order. */
enum timer_kind {
    TIMER_NONE,
    TIMER_LOGIN,  /* to be bound */
    TIMER_IDLE,   /* to hear from the client */
    TIMER_ANSWER, /* the same, after having asked for a sign of life */
    TIMER_RESUME, /* to be resumed */
    TIMER_KINDS
};

struct host {
    size_t sessions; /* that opened a stream to it */
    bool anonymous;
    struct map guests; /* of an anonymous host, by username; see anonymous.h */
    struct map_node node;
    char name[]; /* prepared by Nameprep */
};

struct core {
    struct core_ports ports;
    struct core_settings settings;
    const struct core_memory *memory; /* the port's, for short */
    struct map_secret map_secret;     /* of all maps, drawn once */
    struct map hosts;                 /* by name; the first is the server's own */
    struct map users;                 /* by bare JID */
    struct map full_jids;             /* the sessions, by full JID */
    struct session *sessions;         /* all of them, linked by next and prev */
    size_t session_count;
    struct session *timers[TIMER_KINDS]; /* who waits for what, the first due first; see timers.h */
    struct session *doomed;              /* to be destroyed, linked by doomed_next */
    struct session *runnable;            /* no longer waiting, linked by runnable_next */
    struct managed *asking; /* to be sent an <r/> at the end of the call, linked by asking_next */
    struct conn *lost;      /* to part with their sessions, linked by lost_next */
    struct conn *ended;     /* to be freed, linked by ended_next */
    bool shut_down;
    struct user *cached; /* those that only stay in memory for a while, linked by cache_next; see cache.h */
    size_t cached_count, cached_bytes;
    struct map requests;                 /* to storage, under way, by id; see storage.h */
    struct storage_request *own_answers; /* those that the core answers itself, linked by next */
    uint64_t started;                    /* when it was made, as ports.now had it */
    uint64_t last_request;
    uint64_t last_bound;        /* number of a session */
    struct parser_pool parsers; /* that no session needs at the moment */
    struct buffer outgoing;     /* where a stanza is put together on its way out */
    bool ending;                /* core_free is at it: nothing is begun any more */
    unsigned char secret[CORE_SECRET];
};

#endif

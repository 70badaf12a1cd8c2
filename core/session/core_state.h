/*
 * core_state.h - the state of a core: the tables of hosts, of bare JIDs and of full JIDs, and the lists of
 * sessions and connections that are about to end.
 *
 *      hosts       host name  -> struct host      how many sessions opened a stream to it
 *      users       bare JID   -> struct user      its bound sessions, its roster, the work on it
 *      full_jids   full JID   -> struct session   bound sessions only
 *      sessions    a list: every session, in the order in which they were made
 *
 * The tables are maps (map.h), iterated in the order of insertion.  Only session_manager.c adds sessions to
 * the tables and removes them, always in all tables at once.  The hosts do not change after core_new;
 * user.c adds and removes users.
 *
 * A session that must end is first marked (core->doomed).  It is destroyed when no loop over a table is
 * running: after the current stanza, at the latest at the end of the call.  Its memory and its connection's
 * are freed at the end of the call (core->ended).
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

/* What a session's timer is for; a session has at most one timer.  All timers of a kind have the same
 * duration, so a list of them that grows at its end is sorted. */
enum timer_kind {
    TIMER_NONE,
    TIMER_LOGIN,  /* until the session is bound */
    TIMER_IDLE,   /* until the client sends something */
    TIMER_ANSWER, /* the same, after a ping or an <r/> */
    TIMER_RESUME, /* until the session is resumed */
    TIMER_KINDS
};

struct host {
    size_t sessions; /* sessions that opened a stream to it */
    bool anonymous;
    struct map accounts; /* the accounts of an anonymous host, by username; see anonymous.h */
    struct map_node node;
    char name[]; /* prepared by Nameprep */
};

struct core {
    struct core_ports ports;
    struct core_settings settings;
    const struct core_memory *memory; /* &ports.memory */
    struct map_secret map_secret;     /* of all maps, derived once */
    struct map hosts;                 /* by name; the first is the server's own */
    struct map users;                 /* by bare JID */
    struct map full_jids;             /* bound sessions, by full JID */
    struct session *sessions;         /* all of them, linked by next and prev */
    size_t session_count;
    struct session *timers[TIMER_KINDS]; /* those running, the first due first; see timers.h */
    struct session *doomed;              /* to be destroyed, linked by doomed_next */
    struct session *runnable; /* their work is done, they handle queued input; linked by runnable_next */
    struct managed *asking;   /* to get an <r/> at the end of the call, linked by asking_next */
    struct conn *lost;        /* lost: to be separated from their sessions, linked by lost_next */
    struct conn *ended;       /* to be freed, linked by ended_next */
    bool shut_down;
    struct user *cached; /* accounts kept in memory for a while, linked by cache_next; see cache.h */
    size_t cached_count, cached_bytes;
    struct map requests;                 /* storage requests under way, by id; see storage.h */
    struct storage_request *own_answers; /* the requests that the core answers itself, linked by next */
    uint64_t started;                    /* when the core was made, as ports.now returned it */
    uint64_t last_request;
    uint64_t last_bound;        /* the last number given to a bound session */
    struct parser_pool parsers; /* expat parsers that no session needs at the moment */
    struct buffer outgoing;     /* for a stanza that is being sent; empty between two sends */
    bool ending;                /* core_free is running: nothing new is begun */
    unsigned char secret[CORE_SECRET];
};

#endif

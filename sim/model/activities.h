/*
 * activities.h - whether the last activity of an account is noted: XEP-0012, 4.
 *
 * A server tells when an account was last there: when the last of its resources left.  So when a resource that was
 * available sends unavailable presence, or its session ends and cannot be resumed, the activity of the account must be
 * saved: that has been asked for when storage owes no answer.  Not followed are accounts that are not stored, sessions
 * that may not have been available, servers that do not tell the last activity or whose queues are short, and what
 * happens while memory is short or the server shuts down.
 */
#ifndef SIM_MODEL_ACTIVITIES_H
#define SIM_MODEL_ACTIVITIES_H

#include "session_facts.h"

struct watched_server;
struct core_store_request;

/* The accounts whose activity is to be saved; zeroed is none.  More than these are not followed. */
enum { ACTIVITIES_MOST = 32 };
struct activities {
    struct activity {
        uint64_t account; /* account_hash of it */
        char *full_jid;   /* of the resource that left; owned */
    } open[ACTIVITIES_MOST];
    size_t count;
    uint64_t saved[ACTIVITIES_MOST]; /* in this event; the latest of them */
    size_t saved_count;
};

/* None is to be saved any more: it is not known which were. */
void activities_forget(struct activities *activities);

/* A hash of the accounts whose activity is to be saved. */
uint64_t activities_sum(const struct activities *activities);

/* A resource sends unavailable presence, before its facts say so; its session ends, because one of the two ends has closed
 * the stream, or because its connection is over. */
void activities_left(struct watched_server *server, const struct session_facts *session);
void activities_ended(struct watched_server *server, struct session_facts *session);

/* A save of an activity is asked for. */
void activities_saved(struct watched_server *server, const struct core_store_request *request);

/* The event is over; storage owes no answer. */
void activities_event_over(struct watched_server *server);
void activities_done(struct watched_server *server);

#endif

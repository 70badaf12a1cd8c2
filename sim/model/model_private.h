/*
 * model_private.h - the inside of the model, shared by its files.
 *
 *      judge.c        judgements, counted
 *      connections.c  the connections of a server, and the sessions that can be resumed
 *      model.c        border records, the end of an event, quiescence
 *      arrivals.c     what came in
 *      departures.c   what left
 *      messages.c     what became of each message
 *      limits.c       what the settings limit
 *      rights.c       who may be told about an account
 *      strangers.c    what strangers may learn and do
 *      ends.c         what must end the stream
 *      copies.c       copies of what clients send
 *      room.c         whether a roster is full
 *      loads.c        when storage is read
 *      origins.c      where what leaves came from
 *      subscriptions.c  what subscription stanzas make of rosters
 *      roster_saves.c  what a save changes in a roster
 *      probes.c       who has probed whom
 *      sights.c       who was told that a resource is available
 *      pending.c      when requests for a subscription leave
 *      activities.c   whether the last activity is noted
 *      connection_lists.c  lists of connections
 *      questions.c    what is asked of what left
 */
#ifndef SIM_MODEL_PRIVATE_H
#define SIM_MODEL_PRIVATE_H

#include "account_facts.h"
#include "activities.h"
#include "address.h"
#include "canonical.h"
#include "copies.h"
#include "loads.h"
#include "model.h"
#include "origins.h"
#include "questions.h"
#include "roster_saves.h"
#include "session_facts.h"
#include "sights.h"
#include "stream_scan.h"
#include "subscriptions.h"

#include "../world/world.h"

#include <string.h>

/* Connections are listed, so that no event goes over all of them: those that a record of this event concerned; those
 * that a record has concerned since the last quiescence; those whose session has open operations. */
enum connection_list_kind { LIST_CONCERNED, LIST_ACTIVE, LIST_OPEN, CONNECTION_LISTS };

/* The SM-ID should be no longer than 4000 bytes (XEP-0198, 5). */
enum { RESUMPTION_ID_SIZE = 4096 };

/* A connection, until the server knows that it is over. */
struct connection {
    uint32_t number;
    struct watched_server *server;
    struct stream_scan in, out;
    struct stream_header in_header, out_header; /* of the streams of the two directions */
    struct login login;
    uint64_t account;              /* account_hash of the one that has logged in; 0 where it is not known */
    struct session_facts *session; /* owned by the connection */
    /* It has asked for a resource and has none yet; its account was in use by nobody when it asked; and
     * how many loads there had been then (loads.h). */
    bool binds, gets_stored;
    uint64_t loads_before;
    bool has_said_goodbye; /* the client has closed the stream */
    bool is_in;            /* it has logged in */
    size_t anonymous_host; /* the anonymous host that it has logged in to, from 1; 0 for none */
    bool is_secured;       /* by TLS */
    bool starts_tls;       /* it has asked for TLS in the clear */
    bool is_blocked;     /* the server offered more than was taken, and was not told yet that it may go on */
    bool has_backlog;    /* the same, up to what was offered last before all was taken */
    bool asks_to_manage; /* <enable/> came in, and its answer has not left */
    bool asks_to_resume; /* it asked for a session that can be resumed */
    char *resumes; /* the id of a <resume/> that came in, and whose answer has not left; NULL for none */
    uint32_t resumed_to; /* its count */
    bool is_listed[CONNECTION_LISTS];
    struct connection *next, *previous; /* of the server's */
};

struct connection_list {
    struct connection **items;
    size_t count, capacity;
};

/* A server whose border is watched. */
struct watched_server {
    struct model *model;
    struct connection *connections;
    struct connection **by_number; /* NULL for one that is over */
    uint32_t numbers;              /* its capacity */
    struct hibernating *hibernating;
    struct accounts accounts;
    const struct server *server;
    const struct disk *disk; /* with what was provided before the server started */
    uint64_t came, done;     /* how many stanzas came in, and when storage last owed no answer */
    uint64_t came_before;    /* this event */
    bool has_storage;        /* it keeps its accounts there */
    size_t requests;         /* of storage, under way */
    uint64_t shortages;      /* heap_failures at the end of the last event */
    struct connection_list lists[CONNECTION_LISTS];
    struct order_in order;
    struct origins origins;
    struct copies_due copies;
    struct loads loads;
    size_t binding; /* how many clients have asked for a resource, and have none yet */
    bool was_idle;  /* storage owed nothing when the last event ended */
    bool
        is_shaken; /* memory has run out, and since then there was no event after which storage owed nothing */
    bool is_ending; /* it shuts down */
    struct subscriptions subscriptions;
    struct roster_saves roster_saves;
    struct sights sights;
    struct activities activities;
    const struct core_settings *settings;
    struct account_facts *bound; /* a session of it got its name in this event; NULL for none */
    bool has_provided;           /* what was provided is among them */
    bool has_ended;              /* in this event a session of it ended, or lost its connection */
};

/* A session without a connection that can be resumed. */
struct hibernating {
    struct session_facts *session;
    struct hibernating *next;
};

struct model {
    struct world *world;
    struct watched_server **servers;
    size_t server_count;
    struct model_counts counts[QUESTIONS_MOST];
    bool
        lacks[QUESTIONS_MOST]; /* what a question needs, so that it is not asked; all servers have the same */
    bool violated;
    struct model_violation violation;
};

/* Counts a judgement of a question, if it is asked.  Returns whether it is violated. */
static inline bool model_judge(struct model *model, size_t question, enum judgement judgement)
{
    struct model_counts *counts = &model->counts[question];
    if (model->lacks[question])
        return false;
    counts->single += judgement == HOLDS || judgement == VIOLATED;
    counts->several += judgement == MAY_HOLD;
    counts->not_judged += judgement == NOT_JUDGED;
    return judgement == VIOLATED;
}

/* The virtual time; and as it is in a violation: "at 1.441000 s". */
static inline uint64_t model_now(const struct watched_server *server)
{
    return world_now(server->model->world);
}
void append_moment(struct text *why, uint64_t time);

/* Keeps the first violation. */
void model_violate(struct model *model, size_t question, const char *detail);

/* A connection by its number, or NULL; a new one; one that is over, whose session stays if it can be resumed. */
static inline struct connection *connection_of(const struct watched_server *server, uint32_t number)
{
    return number < server->numbers ? server->by_number[number] : NULL;
}
void open_connection(struct watched_server *server, uint32_t number);
void close_connection(struct connection *connection);

/* A connection is secured: of what came in before nothing counts (RFC 6120, 5.4.3.3). */
void begin_again(struct connection *connection);

/* Adds a connection to a list, if it is not there; empties a list. */
void list_add(struct connection *connection, enum connection_list_kind kind);
void list_clear(struct watched_server *server, enum connection_list_kind kind);
void lists_remove(struct connection *connection); /* from all of them */

/* It has a resource, or will have none. */
static inline void stop_binding(struct connection *connection)
{
    connection->server->binding -= connection->binds;
    connection->binds = connection->gets_stored = false;
}

/* What an account blocks, by one of its full JIDs, is what is on the disk, if the account is there. */
void learn_blocked(const struct watched_server *server, struct account_facts *account, const char *full_jid);

/* The session of a connection has a name. */
void name_session(struct watched_server *server, struct session_facts *session);

/* What is not acknowledged by the sessions of an account, named by one of its full JIDs, may be dropped. */
void doubt_account(struct watched_server *server, const char *full_jid);

/* The password of an account has changed, or the account is removed: all its sessions but that of a connection are
 * outdated. */
void outdate_others(struct watched_server *server, const struct connection *but);

/* After a crash nothing is left of any session. */
void forget_all(struct watched_server *server);

/* What came in on a connection, and what left on it. */
void arrived(struct connection *connection, const struct scanned *scanned);
void departed(struct connection *connection, const struct scanned *scanned);

/* The session that can be resumed by an id, of those that hibernate or of a connection that has it; NULL
 * when there is none.  take_resumable takes it from there. */
const struct session_facts *find_resumable(const struct watched_server *server, const char *id);
struct session_facts *take_resumable(struct watched_server *server, const char *id);

/* The id of a stanza, as a hash; the answer to a request without one has an empty one (RFC 6120, 8.2.3). */
static inline uint64_t id_of(struct span id)
{
    return span_hash(id.bytes != NULL ? id : (struct span){ "", 0 });
}

/* What presence is directed to by an address. */
static inline struct directed_to directed_to_of(struct span jid)
{
    const struct address address = address_split(jid);
    const uint64_t hash = address_is_plain(address.resource) ? span_hash(address.resource) : RESOURCE_UNKNOWN;
    return (struct directed_to){ account_hash(&address),
                                 address.resource.bytes != NULL ? hash : RESOURCE_NONE };
}

/* The kind of an element of the first level. */
static inline enum stanza_kind stanza_kind_of(const struct scanned *scanned)
{
    const struct span name = scanned->tag.name;
    if (span_is_local_name(name, "message"))
        return STANZA_MESSAGE;
    if (span_is_local_name(name, "presence"))
        return STANZA_PRESENCE;
    return span_is_local_name(name, "iq") ? STANZA_IQ : NO_STANZA;
}

/* Whether its order is followed: of messages and requests, which are told from each other by their ids.  The server
 * itself answers with the ids and in the name of others. */
bool is_ordered(enum stanza_kind kind, struct span type);

#endif

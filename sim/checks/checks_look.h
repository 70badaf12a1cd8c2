/*
 * checks_look.h - the state of the checks, shared by their files.
 *
 * struct checks refers to everything that is checked: the servers of one world, their clients, and the models
 * of what clients received and were promised (presence, blocks, fates, durability).  The function of a row
 * (checks_rows.h) receives a struct finding and the session, client or element to check.  It returns true
 * when the invariant holds; otherwise it writes a description with found(), which returns false.
 *
 *      checks.c            the occasions, and what clients send and receive
 *      checks_table        the rows, as a table
 *      checks_session.c    rows on one session, on the tables and on a server
 *      checks_client.c     rows on the view of a client, and on what it receives
 *      checks_requests     the requests of clients, and the row on them
 *      checks_disk.c       the rows on storage
 *      checks_accounts     the clients of one account, for messages and requests
 *      checks_describe.c   the description of the checks' memory
 *      checks_look         this, which calls none of them
 *
 * Only these files include this header.
 */
#ifndef SIM_CHECKS_LOOK_H
#define SIM_CHECKS_LOOK_H

#include "../client/net_transport.h"
#include "../model/model.h"
#include "blocks.h"
#include "checks.h"
#include "durability.h"
#include "fates.h"
#include "presence_model.h"

#include "inspect.h"

/* A client, and the transport that identifies its session. */
struct watched {
    struct checks *checks;
    struct server *server; /* the server of its transport */
    struct client *client;
    const struct net_transport *transport;
    struct watched *same_account; /* the next client of the same account, or NULL */
    struct request *requests;     /* hashed by their ids; see checks_requests.c */
    size_t requests_open;         /* how many of them are unanswered */
    bool unclear;                 /* it has at some time written what is no whole stanza */
    bool spoke_unnamed;           /* it has at some time sent presence before it received its full JID */
    uint64_t roster_asked;        /* disk_changes when its roster was last found in storage */

    /* As of the last quiescence. */
    unsigned endings; /* client_endings then */
    bool lagged;      /* data for it was held by a stall then */
    bool announced;   /* it has sent broadcast presence */
};

/* The clients of one account. */
struct watched_account;

/* A request of a client: an iq of type get or set. */
struct request;

enum occasion {
    ON_SESSION,
    ON_SESSION_IN_TABLES,
    ON_EVENT,
    ON_TABLES,
    ON_DISK,
    ON_CLIENT,
    ON_RECEIPT,
    ON_MEMORY,
    OCCASIONS
};

struct checks {
    size_t first_rows[OCCASIONS]; /* in the table (checks_table.h) */
    struct world *world;
    struct server *server;   /* the one being checked */
    struct server **servers; /* all of them */
    struct disk **disks;     /* their disks */
    size_t server_count;
    struct watched **clients;
    size_t client_count;
    struct watched_account *accounts; /* by bare JID */
    struct presence_model presence;
    struct blocks blocks;
    struct fates fates;
    struct durability durability;
    struct model *model;
    uint64_t heap_failures;    /* heap_failures when the checks were created */
    bool somebody_is_held;     /* at the last quiescence: see accounts_somebody_held */
    uint64_t stirs;            /* at how many quiescences that was so, or a connection had ended */
    bool judges;               /* checks_quiet was called, so the data that it needs is kept */
    uint64_t asked[OCCASIONS]; /* how often the rows of each occasion were checked */
    bool violated;
    struct check_violation violation;
};

/* Where a row describes a violation. */
struct finding {
    struct checks *checks;         /* NULL when a row sees only a session */
    const struct session *session; /* the session of the view; NULL when a row sees only the view */
    char *detail;
    size_t size;
};

/* A stanza that a client receives, with what nearly every row asks of it. */
struct receipt {
    const struct xml *stanza;
    enum receipt_kind { RECEIVED_OTHER, RECEIVED_MESSAGE, RECEIVED_PRESENCE, RECEIVED_IQ } kind;
    const char *from, *to, *type; /* NULL for none */
};

/* ---- Descriptions of violations ---- */

/* Writes formatted text to the detail of the finding, cut to its size, and returns false. */
__attribute__((format(printf, 2, 3))) bool found(const struct finding *finding, const char *format, ...);

/* The value, or "(unset)" for NULL. */
const char *shown(const char *value);

/* ---- Strings ---- */

/* Whether two strings are equal; NULL equals only NULL. */
bool same_string(const char *a, const char *b);

/* More than the bytes of the longest bare JID. */
enum { BARE_JID_SIZE = 3072 };

/* Writes the bare JID of a bare or full JID to `bare`, and returns it. */
const char *bare_of(char bare[BARE_JID_SIZE], const char *full_jid);

/* ---- Objects that a row checks ---- */

/* The server of the domain of a JID; NULL when none of the servers serves it. */
struct server *server_of(const struct checks *checks, const char *jid);

/* The session at the server end of the client's link; NULL when there is none, when the link is stalled, or
 * when the server does not support inspection. */
const struct session *watched_session(const struct watched *watched);

/* How many connections of a client have ended, including one that the client does not know to be ending. */
unsigned watched_endings(const struct watched *watched);

/* Whether an allocation has failed since the checks were created. */
bool memory_ran_out(const struct checks *checks);

#endif

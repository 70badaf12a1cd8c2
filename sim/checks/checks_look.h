/*
 * checks_look.h - what the checks know, and how their files look at it.
 *
 * struct checks stands above everything that is judged: the servers of one world, the clients at them, and
 * the memories of what clients were shown and told (rights, blocks, post, promises).  A row of the table
 * (checks_rows.h) is given a struct finding, and the session, the client or the element that it is asked
 * about. It says true where its sentence holds.  Else it writes with found() what it found, which says false.
 *
 *      checks.c            when the rows are asked, and what clients send and receive
 *      checks_table        the rows, as a table
 *      checks_session.c    rows on one session, on the tables and on a server
 *      checks_client.c     rows on one client's view, and on what it receives
 *      checks_requests     what clients asked for, and the row on it
 *      checks_disk.c       the row on what is stored
 *      checks_accounts     the clients of one account, for messages and requests
 *      checks_describe.c   no rows: what the checks remember, as text
 *      checks_look         this, which calls none of them
 *
 * Nothing outside of these files includes this header.
 */
#ifndef SIM_CHECKS_LOOK_H
#define SIM_CHECKS_LOOK_H

#include "../client/net_transport.h"
#include "blocks.h"
#include "checks.h"
#include "durability.h"
#include "fates.h"
#include "presence_model.h"

#include "inspect.h"

/* A client and the link that tells which session is its. */
struct watched {
    struct checks *checks;
    struct server *server; /* that its transport leads to */
    struct client *client;
    const struct net_transport *transport;
    struct watched *same_account; /* another client of it, or NULL */
    struct request *requests;     /* hashed by their ids; see checks_requests.c */
    size_t requests_open;         /* how many of them were not answered once */
    bool spoke_unnamed;           /* it sent presence before it was told its full JID, ever */
    uint64_t roster_asked;        /* how much had changed when its roster was last found in storage */

    /* Since the world was last quiet. */
    unsigned endings; /* client_endings then */
    bool lagged;      /* something for it was held up then */
    bool announced;   /* it has sent broadcast presence */
};

/* The clients of one account: there may be very many accounts, and a message is asked about two. */
struct watched_account;

/* What a client asked for. */
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
    struct server *server;   /* the one that is being looked at */
    struct server **servers; /* all of them */
    struct disk **disks;     /* theirs */
    size_t server_count;
    struct watched **clients;
    size_t client_count;
    struct watched_account *accounts; /* by bare JID */
    struct presence_model presence;
    struct blocks blocks;
    struct fates fates;
    struct durability durability;
    uint64_t heap_failures; /* that there had been before */
    bool somebody_is_held;  /* when it was last quiet: see accounts_held */
    uint64_t stirs;         /* how often, when it was quiet, that was so or a connection had ended */
    bool judges; /* it was asked once what holds when the world is quiet, and so keeps what that needs */
    uint64_t asked[OCCASIONS]; /* how often the rows of each occasion were */
    bool violated;
    struct check_violation violation;
};

/* Where a row writes what it found. */
struct finding {
    struct checks *checks; /* NULL where a row sees nothing but a session */
    const struct session
        *session; /* the one that the view is of; NULL where a row sees nothing but the view */
    char *detail;
    size_t size;
};

/* ---- What was found, in words ---- */

/* Writes it into the finding's detail, cut where that ends, and says false. */
__attribute__((format(printf, 2, 3))) bool found(const struct finding *finding, const char *format, ...);

/* A value in words: "(unset)" for NULL. */
const char *shown(const char *value);

/* ---- Strings ---- */

/* Whether both are the same, or both NULL. */
bool same_string(const char *a, const char *b);

/* The greatest bare JID, like the greatest full one, has fewer bytes. */
enum { BARE_JID_SIZE = 3072 };

/* The bare JID of one that may be full; `bare` is written, and returned. */
const char *bare_of(char bare[BARE_JID_SIZE], const char *full_jid);

/* ---- What a row looks at ---- */

/* The server of a JID's domain; NULL when none of the checks' servers serves that. */
struct server *server_of(const struct checks *checks, const char *jid);

/* The session at the other end; NULL when there is none, when something is held up on the way there, or when
 * it may not be looked at. */
const struct session *watched_session(const struct watched *watched);

/* How many connections of a client's have ended, or are about to without its knowing. */
unsigned watched_endings(const struct watched *watched);

/* Whether there was no memory for something since the checks were made. */
bool memory_ran_out(const struct checks *checks);

#endif

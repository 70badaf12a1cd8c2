/*
 * checks_rows.h - the functions behind the table of invariants: what the files of the checks share; nobody
 * else includes it.
 *
 *      checks.c           the table, and when its rows are asked
 *      checks_session.c   on one session, and on the server's tables
 *      checks_accounts.c  the clients of one account, for the messages
 *      checks_client.c    on one client's view, and on what it receives
 *      checks_requests.c  on what a client asked for
 *      checks_disk.c      on what is stored
 *      checks_describe.c  no rows: what the checks remember, as text
 *
 * A row says true where it holds.  Else it writes what was found into the finding, and says false.
 */
#ifndef SIM_CHECKS_ROWS_H
#define SIM_CHECKS_ROWS_H

#include "../client/net_transport.h"
#include "blocks.h"
#include "checks.h"
#include "post.h"
#include "promises.h"
#include "rights.h"

#include "inspect.h"

/* A client and the link that tells which session is its. */
struct watched {
    struct checks *checks;
    struct server *server; /* that its transport leads to */
    struct client *client;
    const struct net_transport *transport;
    struct watched *same_account; /* another client of it, or NULL */
    struct request *requests;     /* hashed by their ids; see checks_requests.c */
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
    size_t first_rows[OCCASIONS]; /* in the table of checks.c */
    struct world *world;
    struct server *server;   /* the one that is being looked at */
    struct server **servers; /* all of them */
    struct disk **disks;     /* theirs */
    size_t server_count;
    struct watched **clients;
    size_t client_count;
    struct watched_account *accounts; /* by bare JID */
    struct rights rights;
    struct blocks blocks;
    struct post post;
    struct promises promises;
    uint64_t heap_failures; /* that there had been before */
    bool somebody_is_held;  /* when it was last quiet: see accounts_held */
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

/* Writes it, and says false. */
__attribute__((format(printf, 2, 3))) bool found(const struct finding *finding, const char *format, ...);

/* A value in words: "(unset)" for NULL. */
const char *shown(const char *value);

/* What struct post asks of accounts and their clients, beside what stands below. */
bool accounts_lost(void *host, const char *jid, const char *other);
bool accounts_present(void *host, const char *bare_jid);
bool accounts_forgotten(void *host);
unsigned accounts_endings_before(void *host, const char *bare_jid);
bool accounts_haunted(void *host, const char *bare_jid);
bool accounts_apart(void *host, const char *one, const char *other);
bool accounts_hushed(void *host, const char *jid);

/* How many connections of a client's have ended, or are about to without its knowing. */
unsigned watched_endings(const struct watched *watched);

/* Whether there was no memory for something, ever. */
bool memory_ran_out(const struct checks *checks);

/* The session at the other end; NULL when there is none, or it may not be looked at. */
const struct session *watched_session(const struct watched *watched);

/* The server of a JID's domain; NULL when nobody here serves that. */
struct server *server_of(const struct checks *checks, const char *jid);

/* The greatest bare JID, like the greatest full one, has less bytes. */
enum { BARE_JID_SIZE = 3072 };
const char *bare_of(char bare[BARE_JID_SIZE], const char *full_jid);

/* Whether both are the same, or both NULL. */
bool same_string(const char *a, const char *b);

/* ---- The clients of one account: a message is asked about two ---- */

/* Before the client is observed; and at the end. */
void accounts_add(struct checks *checks, struct watched *watched);
void accounts_free(struct checks *checks);

/* How many connections of the account have ended, its bare JID in capitals or not; `host` is the checks. */
unsigned accounts_endings(void *host, const char *bare_jid);

/* Whether the account has a session that hibernates, or a client whose link does not flow; and whether there
 * is any such account at all, so that it need not be looked for with each message. */
bool accounts_held(void *host, const char *bare_jid);
bool accounts_somebody_held(const struct checks *checks);

/* The first client of the account of a JID, NULL when it has none; the others follow as `same_account`. */
const struct watched *accounts_first(const struct checks *checks, const char *jid);

/* ---- What a client asked for ---- */

/* A client sends, a client has received: any stanza. */
void requests_sent(struct watched *watched, const struct xml *stanza);
void requests_received(const struct watched *watched, const struct xml *stanza);

void requests_free(struct watched *watched);

/* What it remembers, as text. */
struct description;
void requests_describe(struct description *description, const struct watched *watched);

/* ---- On a session: the statements of the seed document ---- */
bool connected_resource(const struct finding *f, const struct session_view *s);
bool bound_when_typed_so(const struct finding *f, const struct session_view *s);
bool available_is_connected(const struct finding *f, const struct session_view *s);
bool interested_is_connected(const struct finding *f, const struct session_view *s);
bool username_after_authentication(const struct finding *f, const struct session_view *s);
bool host_after_opening(const struct finding *f, const struct session_view *s);
bool full_jid_is_its_parts(const struct finding *f, const struct session_view *s);
bool priority_needs_presence(const struct finding *f, const struct session_view *s);
bool presence_is_undirected(const struct finding *f, const struct session_view *s);
bool hibernating_has_no_connection(const struct finding *f, const struct session_view *s);
bool tables_have_session(const struct finding *f, const struct session_view *s);
bool encrypted_before_login(const struct finding *f, const struct session_view *s);

/* ---- On the server ---- */
bool nothing_disturbs_a_handshake(const struct finding *f);
bool the_destroyed_are_left_alone(const struct finding *f);
bool costs_are_bounded(const struct finding *f);
bool tables_agree(const struct finding *f);
bool quiet_means_done(const struct finding *f);
bool block_lists_are_durable(const struct finding *f);
bool messages_are_conserved(const struct finding *f);

/* ---- On the disk ---- */
bool what_was_told_is_stored(const struct finding *f);

/* ---- On a client: its view and the server's truth ---- */
bool encrypted_at_both_ends(const struct finding *f, const struct watched *w, const struct session_view *s);
bool interested_when_asked(const struct finding *f, const struct watched *w, const struct session_view *s);
bool roster_converges(const struct finding *f, const struct watched *w, const struct session_view *s);
bool nobody_lingers(const struct finding *f, const struct watched *w, const struct session_view *s);
bool counts_agree(const struct finding *f, const struct watched *w, const struct session_view *s);
bool requests_are_answered(const struct finding *f, const struct watched *w, const struct session_view *s);
bool everybody_is_seen(const struct finding *f, const struct watched *w, const struct session_view *s);

/* ---- On what came ---- */
bool pushes_to_the_interested(const struct finding *f, const struct watched *w, const struct xml *x);
bool versions_rise(const struct finding *f, const struct watched *w, const struct xml *x);
bool presence_needs_a_right(const struct finding *f, const struct watched *w, const struct xml *x);
bool unavailable_once(const struct finding *f, const struct watched *w, const struct xml *x);
bool nothing_from_the_blocked(const struct finding *f, const struct watched *w, const struct xml *x);
bool copies_are_for_others(const struct finding *f, const struct watched *w, const struct xml *x);
bool the_blocked_learn_nothing(const struct finding *f, const struct watched *w, const struct xml *x);

#endif

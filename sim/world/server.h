/*
 * server.h - the server under test, as the simulator sees it.
 *
 * A kind of server is a table of functions.  The simulator calls them when a connection opens, bytes arrive,
 * a connection ends, a deadline has passed, or storage answers.  The server acts through the ports that it is
 * started with: it sends bytes, closes connections and makes storage requests; and it reports its next
 * deadline.  Our core is one kind, in this process; others run in a process of their own (sim/kinds).
 *
 * When the server starts TLS on a connection, the server's end of the channel is implemented here, between
 * the link and the kind.  The kind sees plaintext before and after.
 *
 *      net -> server -> kind        and back        kind -> ports -> net, disk
 *
 * The life of a server: `start` with its settings; `provide` for each account, contact and blocked address
 * that exists before the first step; `ready`; then the inputs, until `stop`.  It may crash and be started
 * again: the kind is stopped, and started with the same settings on the same disk, without provisioning.
 * While the server is down, new connections are refused.
 *
 * There are two clocks.  Monotonic time is that of the world and always moves on.  The time of day may be
 * wrong, and jump.
 *
 * What a server can is stated by its kind as capabilities (capability.h).  A disk and inspection are optional.
 *
 * Everything that a server does in an event is complete when the event is over.  For the checks, the server
 * records which of its connections the event concerned.
 */
#ifndef SIM_SERVER_H
#define SIM_SERVER_H

#include "border.h"
#include "capability.h"
#include "disk.h"
#include "federation.h"
#include "net.h"

#include "core.h"

/* What a kind acts through.  Every function receives `host` as its first argument; none calls back into the
 * kind.  `link` names a connection as in `opened`.  Pointers are borrowed for the call. */
struct server_ports {
    void *host;

    /* Takes as many of the bytes as fit, and returns how many.  After fewer than all, `writable` follows when
     * there is space again, and the rest is passed again unchanged. */
    size_t (*send)(void *host, void *link, const char *bytes, size_t length);

    /* How many bytes `send` is sure to take, all of them, if each call counts for server_room_cost. */
    size_t (*room)(void *host, void *link);

    /* Closes the connection after the bytes already taken.  The kind does not use the link again. */
    void (*close)(void *host, void *link);

    /* Begins a TLS handshake; `secured` or `ended` follows. */
    void (*start_tls)(void *host, void *link);

    uint64_t (*monotonic)(void *host);   /* nanoseconds since the world began */
    uint64_t (*time_of_day)(void *host); /* nanoseconds since 1970 */
    void (*random)(void *host, void *bytes, size_t length);

    /* Sends a stanza to another server, for which may_route must hold: the one domain is the server's, the other is
     * not.  Both are NULL when there is no other server. */
    void (*route)(void *host, const char *from_domain, const char *to_domain, const char *stanza,
                  size_t length);
    bool (*may_route)(void *host, const char *from_domain, const char *to_domain);

    /* With the capability `disk`.  `store` begins a storage request, answered by `stored`.  `put` is for
     * provisioning: it adds the account if it is missing and sets an entry, at once. */
    void (*store)(void *host, const struct core_store_request *request);
    void (*put)(void *host, const char *username, const char *domain, enum core_store store, const char *key,
                const char *value);

    /* The server cannot go on: it has died, hangs, or breaks the protocol.  The world halts at the end of this
     * event, and the run fails with the sentence `what`, a static string of a few words, and the details, which
     * are copied.  Only the first call counts.  The kind ignores all further inputs but `stop`. */
    void (*fail)(void *host, const char *what, const char *details);
};

/* What a piece of output may take of the room of a connection, where it is encrypted: 32 bytes more for each begun
 * 16384 of it. */
enum { SERVER_PIECE = 16384, SERVER_RECORD = 32 };
static inline size_t server_room_cost(size_t length)
{
    return length + (length + SERVER_PIECE - 1) / SERVER_PIECE * SERVER_RECORD;
}

/* When a server must be told that it is late, on one of the clocks. */
struct server_deadline {
    uint64_t at; /* UINT64_MAX for never */
    bool of_day; /* on the time of day; else on monotonic time */
};

/* What exists before the first step.  Strings are borrowed. */
enum provision_what { PROVIDE_ACCOUNT, PROVIDE_CONTACT, PROVIDE_BLOCKED };
struct provision {
    enum provision_what what;
    const char *username, *domain; /* of the account */
    const char *password;          /* of an account */
    const char *status;            /* of an account: "disabled", "expired", or NULL */
    const char *jid;               /* of a contact; or blocked */
    const char *subscription;      /* of a contact: "none", "to", "from", "both" */
    bool ask, pending, approved;   /* as in the scenario language */
    const char *name;              /* NULL for none */
    const char *const *groups;
    size_t group_count;
};

/* Why a kind refuses settings. */
struct server_refusal {
    char setting[64]; /* its name; "" when it is not one setting */
    char reason[256];
};

struct server_kind {
    const char *name;        /* as on the command line */
    struct capabilities has; /* of all its servers */
    void *own;               /* the kind's */
    const char
        *software; /* NAME-VERSION, as the server says of itself; NULL where it is not another process */
    bool varies;   /* its runs depend on more than the scenario and the seed */

    /* Starts a server.  Returns NULL when the settings are not valid or not supported, with the refusal; or,
     * with an empty refusal, for lack of memory.  A setting is never ignored.  The settings are valid during the
     * life of the server. */
    void *(*start)(const struct server_kind *kind, const struct server_ports *ports,
                   const struct core_settings *settings, struct server_refusal *refusal);
    void (*stop)(void *self); /* kills it: nothing more is sent */

    /* Provisioning; `ready` ends it, also after a start that has none, and fills in the refusal when the server
     * cannot begin with all of that.  Either may be NULL. */
    void (*provide)(void *self, const struct server_ports *ports, const struct provision *provision);
    void (*ready)(void *self, struct server_refusal *refusal);

    /* Inputs.  `opened` returns the server's own handle of the connection, or NULL to refuse it; `link` names
     * the connection in calls of the ports. */
    void *(*opened)(void *self, void *link);
    void (*bytes)(void *self, void *conn, const char *bytes, size_t length);
    void (*secured)(void *self, void *conn, const struct core_tls *tls);
    void (*writable)(void *self, void *conn);
    void (*ended)(void *self, void *conn);
    void (*shut_down)(void *self); /* orderly; `stop` follows later */
    void (*late)(void *self);
    struct server_deadline (*deadline)(void *self);

    /* With the capability `disk`.  While the kind `waits` for storage, which may be NULL for never, it is told nothing
     * but `stored`: all other inputs are kept, as a system keeps them for a program that is blocked. */
    bool (*waits)(void *self);
    void (*stored)(void *self, uint64_t request, enum core_store_status status,
                   const struct core_store_entry *entries, size_t entry_count);

    /* From other servers.  NULL when the kind does not support federation; stanzas are then lost. */
    void (*arrived)(void *self, const char *from_domain, const char *stanza, size_t length);
    void (*unroutable)(void *self, const char *stanza, size_t length, enum core_route_failure why);

    /* The last lines that it has written for people, indented by two blanks, which the caller frees; NULL for none.
     * May be NULL. */
    char *(*log)(void *self);

    /* Inspection, exactly with the capability `views`; else NULL. */
    const struct core *(*inspect)(void *self);
    const struct conn *(*inspect_conn)(void *conn);
};

/* A server of some kind, with its network and its disk. */
struct server;

/* Creates the network and the disk, and starts the server.  Returns NULL when the kind refuses the settings.
 */
struct server *server_new(struct world *world, const struct server_kind *kind,
                          const struct core_settings *settings);

/* The same for a server that joins a federation under a name, NULL for no federation.  The name and the host
 * names in the settings are borrowed.  When it returns NULL, the refusal says why, if it is not NULL itself. */
struct server *server_new_federated(struct world *world, const struct server_kind *kind,
                                    const struct core_settings *settings, struct federation *federation,
                                    const char *name, struct server_refusal *refusal);

/* What the server can. */
struct capabilities server_capabilities(const struct server *server);

/* Provides something before the first step; and ends the provisioning, once, before the first event. */
void server_provide(struct server *server, const struct provision *provision);
void server_ready(struct server *server);

/* Why it cannot begin with what was provided; empty strings when it can. */
const struct server_refusal *server_refused(const struct server *server);

/* Why the server could not go on; `what` is NULL while it can. */
struct server_failure {
    const char *what; /* static */
    char *details;    /* several lines; owned by the server */
};
const struct server_failure *server_failure(const struct server *server);

/* The last lines that a server in another process has written for people, which the caller frees; NULL for none, and
 * when it has stopped or failed. */
char *server_log(const struct server *server);

/* Sets who is told what passes its border; first of all that it has started. */
void server_watch(struct server *server, struct border_watcher watcher);

/* The number by which border records name the connection at the server end of a link; 0 before it was opened. */
uint32_t server_conn_number(const struct server *server, const struct link *link);

/* Whether it serves the domain of a JID. */
bool server_serves(const struct server *server, const char *jid);

/* Whether any stanza between two servers was lost, or one of them may have lost state.  `other` may be NULL,
 * for a server outside this world. */
bool server_lost_touch(const struct server *server, const struct server *other);

/* server_stop stops the kind, which frees its memory; no function of the kind is called afterwards.
 * server_free frees the rest. */
void server_stop(struct server *server);
void server_free(struct server *server);

/* Shuts the server down in an orderly way: the connected clients are notified. */
void server_shut_down(struct server *server);

/* Crashes the server: all connections are reset, and `writes` decides the writes under way.  No effect on a
 * server that is down. */
void server_crash(struct server *server, enum disk_writes writes);

/* Crash the server after `span`, in an event of its own; or as soon as the nth write from now is under way (1
 * is the next), before any other event.  For each of the two, the last call counts. */
void server_crash_in(struct server *server, sim_time span, enum disk_writes writes);
void server_crash_at_write(struct server *server, uint64_t nth, enum disk_writes writes);

/* Starts a server that is down or has shut down.  Returns false when it is running or cannot be started. */
bool server_start_again(struct server *server);
bool server_is_down(const struct server *server);
sim_time server_started(const struct server *server); /* the time of the last start */

/* Moves the clock of the server by `span` nanoseconds, back when negative.  Returns false, without effect,
 * when the new time would be before 1970 or after 2262. */
bool server_clock_jump(struct server *server, int64_t span);

/* The network and the disk of the server; owned by it.  The disk is NULL for a kind without that capability. */
struct net *server_net(struct server *server);
struct disk *server_disk(const struct server *server);

/* The settings with which it was started; owned by it. */
const struct core_settings *server_settings(const struct server *server);

/* The core, for inspection.  NULL when the kind does not support it, and while the server is down. */
const struct core *server_inspect(const struct server *server);

/* Whether the kind supports inspection. */
bool server_lets_look(const struct server *server);
/* Describes the connections, the network and the disk, and the state of the core when the kind supports
 * inspection. */
struct description;
void server_describe(struct description *description, const struct server *server);

/* How often the server crashed, was started again, and had its clock moved. */
struct server_faults {
    uint64_t crashes, starts, jumps;
};
struct server_faults server_faults(const struct server *server);

/* ---- For the checks ---- */

/* The connections that the current event concerned: they received input or sent output.  NULL for a
 * connection that has ended since or cannot be inspected. */
size_t server_touched(const struct server *server);
const struct conn *server_touched_conn(const struct server *server, size_t index);

/* A number that the checks keep for a connection; 0 at first. */
uint64_t *server_touched_mark(struct server *server, size_t index);

/* The bare JID of the account whose data was saved or loaded in this event; NULL when there was none. */
const char *server_stored_for(const struct server *server);

/* How often the server sent data on a connection after it had closed it or had received its end; must stay 0.
 */
uint64_t server_sent_after_close(const struct server *server);

/* How often the server sent data during a TLS handshake; must stay 0. */
uint64_t server_sent_while_securing(const struct server *server);

/* The costs since the server was started, and the first bound that was exceeded.  The bounds are those of our
 * core. */
struct costs;
const struct costs *server_costs(const struct server *server);

/* Ends the event: clears the list of touched connections. */
void server_forget_touched(struct server *server);

/* The connection at the server end of a link, for inspection; NULL when it has ended there. */
const struct conn *server_conn_of(const struct server *server, const struct link *link);

#endif

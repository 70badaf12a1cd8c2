/*
 * server.h - the server under test, as the simulator sees it.
 *
 * A kind of server is a table of functions: it is told that a connection opened, that bytes came, that a
 * connection ended, that it is now this late, that storage answered.  It answers through the ports it was
 * started with (core.h's, which every kind is given): bytes, closings, storage requests; and it says when it
 * is next due.  Our core is the first kind (server_core).  Another needs a table of its own and nothing else
 * here.
 *
 * Where it starts TLS on a connection, its end of the channel is here: between the link and the kind, which
 * sees plaintext before and after.
 *
 *      net -> server -> kind        and back        kind -> ports -> net, disk
 *
 * A server may crash, and be started again: the kind is stopped and started, with the same settings, on the
 * same disk.  While it is down whoever dials is refused.  Its clock may be wrong.
 *
 * What a server does in one event is done when the event is over; which of its connections the event
 * concerned is noted for the checks.
 */
#ifndef SIM_SERVER_H
#define SIM_SERVER_H

#include "disk.h"
#include "federation.h"
#include "net.h"

#include "core.h"

struct server_kind {
    const char *name;

    /* Starts and stops it.  Returns NULL when the settings are none. */
    void *(*start)(const struct core_ports *ports, const struct core_settings *settings);
    void (*stop)(void *self);

    /* Told what happened.  `opened` returns the server's own handle on the connection, NULL to refuse it;
     * `link` is what to name it by in the ports. */
    void *(*opened)(void *self, void *link);
    void (*bytes)(void *self, void *conn, const char *bytes, size_t length);
    void (*secured)(void *self, void *conn, const struct core_tls *tls);
    void (*writable)(void *self, void *conn);
    void (*ended)(void *self, void *conn);
    void (*shut_down)(void *self); /* in good order; `stop` follows some time later */
    void (*late)(void *self);
    uint64_t (*deadline)(void *self); /* as ports.now counts; UINT64_MAX for never */
    void (*stored)(void *self, uint64_t request, enum core_store_status status,
                   const struct core_store_entry *entries, size_t entry_count);

    /* From other servers; NULL where the kind has nothing to do with them: then what comes is lost. */
    void (*arrived)(void *self, const char *from_domain, const char *stanza, size_t length);
    void (*unroutable)(void *self, const char *stanza, size_t length, enum core_route_failure why);

    /* A look inside, for the state invariants; NULL where there is none to be had. */
    const struct core *(*inspect)(void *self);
    const struct conn *(*inspect_conn)(void *conn);
};

extern const struct server_kind server_core;

/* A server of some kind in a world, with its network and its disk. */
struct server;

/* Makes the network and the disk, and starts the server.  NULL when the kind refuses the settings. */
struct server *server_new(struct world *world, const struct server_kind *kind,
                          const struct core_settings *settings);

/* The same for one that joins a federation, under a name: that and the settings' host names are borrowed. */
struct server *server_new_federated(struct world *world, const struct server_kind *kind,
                                    const struct core_settings *settings, struct federation *federation,
                                    const char *name);

/* Whether it serves the domain of a JID. */
bool server_serves(const struct server *server, const char *jid);

/* Whether something that one of two servers sent to the other was lost on the way, ever, or may have been
 * forgotten there.  `other` may be NULL, for somebody outside. */
bool server_lost_touch(const struct server *server, const struct server *other);

/* Stops the server, which gives back what it took; nothing happens in it any more.  Then frees the rest. */
void server_stop(struct server *server);
void server_free(struct server *server);

/* It goes down in good order: whoever is connected is told so. */
void server_shut_down(struct server *server);

/* It crashes: all connections are reset, and what becomes of the writes under way is said.  A server that is
 * down does nothing. */
void server_crash(struct server *server, enum disk_writes writes);

/* The same some time later, in an event of its own; and as soon as the nth write from now is under way, 1
 * being the next, before anything else happens.  The last of each that was said counts. */
void server_crash_in(struct server *server, sim_time span, enum disk_writes writes);
void server_crash_at_write(struct server *server, uint64_t nth, enum disk_writes writes);

/* Starts a server again that is down, or that has shut down.  False when it runs, or cannot be started. */
bool server_start_again(struct server *server);
bool server_is_down(const struct server *server);
sim_time server_started(const struct server *server); /* when, the last time */

/* Its clock goes forward, or, with a negative span, back, in nanoseconds.  False, and it stays as it is, when
 * the time it would then be is one that the clock does not have: before 1970, or after 2262. */
bool server_clock_jump(struct server *server, int64_t span);

struct net *server_net(struct server *server);
struct disk *server_disk(const struct server *server);

/* A look inside: NULL where the kind lets nobody look, and while it is down. */
const struct core *server_inspect(const struct server *server);

/* Whether its kind lets anybody look inside at all. */
bool server_lets_look(const struct server *server);
/* Its connections, its network and its disk, and all that it holds where the kind lets itself be looked into.
 */
struct description;
void server_describe(struct description *description, const struct server *server);

/* How often it has crashed, was started again, and its clock has jumped. */
struct server_faults {
    uint64_t crashes, starts, jumps;
};
struct server_faults server_faults(const struct server *server);

/* ---- For the checks ---- */

/* The connections that the event at hand concerned: they were told something, or sent something.  One that
 * has ended since, or that may not be looked at, is NULL. */
size_t server_touched(const struct server *server);
const struct conn *server_touched_conn(const struct server *server, size_t index);

/* A number that the checks keep with a connection; 0 at first. */
uint64_t *server_touched_mark(struct server *server, size_t index);

/* The account, as a bare JID, for which something was saved or loaded in this event; NULL when nothing was.
 */
const char *server_stored_for(const struct server *server);

/* How often the server sent something on a connection that had ended on its side: it had closed it, or was
 * told that it ended; must stay 0. */
uint64_t server_sent_after_close(const struct server *server);

/* How often the server sent something in the middle of a handshake; must stay 0. */
uint64_t server_sent_while_securing(const struct server *server);

/* What it cost since it was started, and which bound that passed, ever.  The bounds are those of our core. */
struct costs;
const struct costs *server_costs(const struct server *server);

/* The event is over: nothing is touched. */
void server_forget_touched(struct server *server);

/* The connection at the server's end of a link, for a look; NULL when it has ended there. */
const struct conn *server_conn_of(const struct server *server, const struct link *link);

#endif

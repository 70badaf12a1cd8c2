#include "server.h"

#include "../core/inspect.h"
#include "describe.h"
#include "heap.h"
#include "must.h"
#include "text.h"
#include "tls.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* What the server names a connection by.  It is kept when the connection has ended, so that a server which
 * speaks on it all the same is found out, whenever it does. */
struct wire {
    struct server *server;
    struct link *link; /* NULL once the connection has ended on the server's side */
    void *conn;        /* the kind's handle; NULL before it has one, and after the end */
    struct tls *tls;   /* NULL before the server starts it */
    uint64_t mark;     /* the checks' */
    bool touched;
    struct wire *next, *prev; /* of the server's wires, or of those that ended */
};

struct server {
    struct world *world;
    const struct server_kind *kind;
    void *self;
    struct net *net;
    struct disk *disk;
    struct federation *federation; /* NULL when it is alone */
    const char *name;              /* in the trace */
    struct core_settings settings;
    int64_t clock_offset; /* how far its clock is ahead of the world's */
    sim_time started;     /* the last time */
    bool has_shut_down;
    struct server_faults faults;
    uint64_t heap_failures;   /* that there had been before */
    enum disk_writes writes;  /* at the crash that is to come: */
    uint64_t writes_to_crash; /* at the last of so many; 0 for none */
    sim_time crash_at;        /* at that time; UINT64_MAX for none */
    unsigned crash_events;    /* that are under way, those included that have been overruled */
    struct wire *wires;
    struct wire *ended;
    struct wire **touched;
    size_t touched_count, touched_capacity;
    uint64_t sent_after_close, sent_while_securing;
    char *stored_for; /* the bare JID of the account whose storage answered in this event, or NULL */
};

/* ---- Wires ---- */

static void put_first(struct wire **list, struct wire *wire)
{
    wire->prev = NULL;
    wire->next = *list;
    if (wire->next != NULL)
        wire->next->prev = wire;
    *list = wire;
}

static void take_off(struct wire **list, struct wire *wire)
{
    if (wire->prev != NULL)
        wire->prev->next = wire->next;
    else
        *list = wire->next;
    if (wire->next != NULL)
        wire->next->prev = wire->prev;
}

static struct wire *wire_new(struct server *server, struct link *link)
{
    struct wire *wire = must(calloc(1, sizeof *wire));
    wire->server = server;
    wire->link = link;
    put_first(&server->wires, wire);
    return wire;
}

/* The connection has ended on the server's side. */
static void wire_end(struct wire *wire)
{
    assert(wire->link != NULL);
    wire->link = NULL;
    wire->conn = NULL;
    take_off(&wire->server->wires, wire);
    put_first(&wire->server->ended, wire);
}

static void free_wires(struct wire *wire)
{
    while (wire != NULL) {
        struct wire *next = wire->next;
        tls_free(wire->tls);
        free(wire);
        wire = next;
    }
}

static void touch(struct wire *wire)
{
    struct server *server = wire->server;
    if (wire->touched)
        return;
    wire->touched = true;
    if (server->touched_count == server->touched_capacity) {
        server->touched_capacity = server->touched_capacity == 0 ? 16 : server->touched_capacity * 2;
        server->touched = must(realloc(server->touched, server->touched_capacity * sizeof(struct wire *)));
    }
    server->touched[server->touched_count++] = wire;
}

/* ---- From the network ----
 * A server that was stopped is told nothing. */

static void net_bytes(void *who, struct link *link, const char *bytes, size_t length)
{
    (void)link;
    struct wire *wire = who;
    struct server *server = wire->server;
    touch(wire);
    if (wire->tls != NULL)
        tls_bytes(wire->tls, bytes, length);
    else if (server->self != NULL)
        server->kind->bytes(server->self, wire->conn, bytes, length);
}

static void net_writable(void *who, struct link *link)
{
    (void)link;
    struct wire *wire = who;
    struct server *server = wire->server;
    touch(wire);
    if (wire->tls != NULL)
        tls_writable(wire->tls);
    if (server->self != NULL && wire->conn != NULL)
        server->kind->writable(server->self, wire->conn);
}

static void net_ended(void *who, struct link *link)
{
    (void)link;
    struct wire *wire = who;
    struct server *server = wire->server;
    void *conn = wire->conn;
    touch(wire);
    wire_end(wire);
    if (server->self != NULL)
        server->kind->ended(server->self, conn);
}

static void net_opened(void *who, struct link *link)
{
    struct server *server = who;
    struct wire *wire = wire_new(server, link);
    link_set_end(link, NET_SERVER, (struct net_end){ net_opened, net_bytes, net_writable, net_ended, wire });
    touch(wire);
    void *conn = server->self != NULL ? server->kind->opened(server->self, wire) : NULL;
    if (wire->link == NULL)
        return;
    wire->conn = conn;
    if (conn == NULL) {
        link_break(link, NET_SERVER);
        wire_end(wire);
    }
}

/* ---- TLS ---- */

static size_t write_records(void *self, const char *bytes, size_t length)
{
    const struct wire *wire = self;
    return wire->link != NULL ? link_write(wire->link, NET_SERVER, bytes, length) : length;
}

/* Cuts a client's certificate into its addresses, in place; returns how many there are. */
static size_t cut_identities(char *certificate, const char **identities, size_t most)
{
    size_t count = 0;
    for (char *next = certificate; next != NULL && count < most; count++) {
        identities[count] = next;
        next = strstr(next, ", ");
        if (next == NULL)
            continue;
        *next = '\0';
        next += 2;
    }
    return count;
}

static void wire_secured(void *self, const struct tls_channel *channel)
{
    struct wire *wire = self;
    const char *identities[8];
    char *certificate = channel->certificate != NULL ? must(strdup(channel->certificate)) : NULL;
    const struct core_tls tls = {
        .exporter = { channel->exporter, sizeof channel->exporter },
        .server_end_point = { channel->server_end_point, sizeof channel->server_end_point },
        .identities = identities,
        .identity_count = cut_identities(certificate, identities, sizeof identities / sizeof identities[0]),
    };
    if (wire->server->self != NULL)
        wire->server->kind->secured(wire->server->self, wire->conn, &tls);
    free(certificate);
}

/* The connection may have ended at a record before, and the server may be stopped. */
static void plaintext_came(void *self, const char *bytes, size_t length)
{
    struct wire *wire = self;
    struct server *server = wire->server;
    if (wire->link == NULL)
        return;
    link_trace_plaintext(wire->link, NET_SERVER, bytes, length);
    if (server->self != NULL)
        server->kind->bytes(server->self, wire->conn, bytes, length);
}

static void tls_failed(void *self)
{
    struct wire *wire = self;
    struct server *server = wire->server;
    void *conn = wire->conn;
    if (wire->link == NULL)
        return;
    link_close(wire->link, NET_SERVER);
    wire_end(wire);
    if (server->self != NULL)
        server->kind->ended(server->self, conn);
}

/* ---- Ports ---- */

static void port_start_tls(void *host, void *link)
{
    struct server *server = host;
    struct wire *wire = link;
    const struct tls_options options = { TLS_SERVER, "the server", false, world_choices(server->world) };
    assert(wire->conn != NULL && wire->tls == NULL);
    wire->tls = tls_new(&options, (struct tls_below){ wire, write_records },
                        (struct tls_above){ wire, wire_secured, plaintext_came, tls_failed });
    link_set_opaque(wire->link, NET_SERVER);
}

static size_t port_send(void *host, void *link, const char *bytes, size_t length)
{
    (void)host;
    struct wire *wire = link;
    touch(wire);
    if (wire->link == NULL) {
        wire->server->sent_after_close++;
        return length;
    }
    if (wire->tls == NULL)
        return link_write(wire->link, NET_SERVER, bytes, length);
    wire->server->sent_while_securing += !tls_is_open(wire->tls);
    return tls_write(wire->tls, bytes, length);
}

/* What has ended is not closed again. */
static void port_close(void *host, void *link)
{
    (void)host;
    struct wire *wire = link;
    touch(wire);
    if (wire->link == NULL)
        return;
    link_close(wire->link, NET_SERVER);
    wire_end(wire);
}

/* What its clock says at the beginning of the world, or would have: modulo 2^64, as whatever is added to it.
 */
static uint64_t clock_beginning(const struct server *server)
{
    return SIM_EPOCH_SECONDS * SIM_SECOND + (uint64_t)server->clock_offset;
}

static uint64_t port_now(void *host)
{
    const struct server *server = host;
    return clock_beginning(server) + world_now(server->world);
}

static void port_random(void *host, void *bytes, size_t length)
{
    const struct server *server = host;
    choice_entropy(world_choices(server->world), bytes, length);
}

static void crash_now(void *subject)
{
    struct server *server = subject;
    server_crash(server, server->writes);
}

static const sim_time NEVER = UINT64_MAX;

/* Another time may have been said since. */
static void crash_in_time(void *subject)
{
    struct server *server = subject;
    server->crash_events--;
    if (server->crash_at > world_now(server->world))
        return;
    server->crash_at = NEVER;
    crash_now(server);
}

static void port_store(void *host, const struct core_store_request *request)
{
    struct server *server = host;
    disk_request(server->disk, request);
    if (request->op == CORE_LOAD || server->writes_to_crash == 0 || --server->writes_to_crash > 0)
        return;
    world_next(server->world, crash_now, server);
}

static void port_route(void *host, const char *from_domain, const char *to_domain, const char *stanza,
                       size_t length)
{
    const struct server *server = host;
    federation_send(server->federation, server, from_domain, to_domain, stanza, length);
}

/* ---- From other servers ---- */

static void stanza_arrived(void *who, const char *from_domain, const char *stanza, size_t length)
{
    const struct server *server = who;
    if (server->self != NULL && server->kind->arrived != NULL)
        server->kind->arrived(server->self, from_domain, stanza, length);
}

static void stanza_unroutable(void *who, const char *stanza, size_t length, enum core_route_failure why)
{
    const struct server *server = who;
    if (server->self != NULL && server->kind->unroutable != NULL)
        server->kind->unroutable(server->self, stanza, length, why);
}

/* ---- Storage and time ---- */

static void note_account(struct server *server, const struct core_store_request *request)
{
    struct text jid = { 0 };
    text_string(&jid, request->username);
    text_string(&jid, "@");
    text_string(&jid, request->host);
    free(server->stored_for);
    server->stored_for = text_take(&jid);
}

static void on_stored(void *host, const struct core_store_request *request, enum core_store_status status,
                      const struct core_store_entry *entries, size_t entry_count)
{
    struct server *server = host;
    if (status == CORE_STORED && request->op != CORE_REMOVE)
        note_account(server, request);
    if (server->self != NULL)
        server->kind->stored(server->self, request->id, status, entries, entry_count);
}

/* When it will be that late by the server's clock, or was. */
static sim_time timer_due(void *subject)
{
    struct server *server = subject;
    uint64_t deadline = server->self != NULL ? server->kind->deadline(server->self) : UINT64_MAX;
    if (deadline == UINT64_MAX)
        return UINT64_MAX;
    const sim_time now = world_now(server->world);
    const uint64_t clock = port_now(server);
    if (deadline > clock)
        return deadline - clock < UINT64_MAX - now ? now + (deadline - clock) : UINT64_MAX;
    return clock - deadline < now ? now - (clock - deadline) : 0;
}

static void timer_fire(void *subject)
{
    const struct server *server = subject;
    server->kind->late(server->self);
}

/* ---- A server's own life ---- */

struct server *server_new(struct world *world, const struct server_kind *kind,
                          const struct core_settings *settings)
{
    return server_new_federated(world, kind, settings, NULL, NULL);
}

static void join(struct server *server, const char *name)
{
    if (server->federation != NULL)
        federation_join(server->federation, name, server->settings.hosts, server->settings.host_count,
                        (struct federation_end){ stanza_arrived, stanza_unroutable, server });
}

static bool start(struct server *server)
{
    const struct core_ports ports = { .host = server,
                                      .memory = heap_memory(),
                                      .send = port_send,
                                      .close = port_close,
                                      .start_tls = port_start_tls,
                                      .now = port_now,
                                      .random = port_random,
                                      .store = port_store,
                                      .route = server->federation != NULL ? port_route : NULL };
    server->self = server->kind->start(&ports, &server->settings);
    server->started = world_now(server->world);
    server->has_shut_down = false;
    return server->self != NULL;
}

struct server *server_new_federated(struct world *world, const struct server_kind *kind,
                                    const struct core_settings *settings, struct federation *federation,
                                    const char *name)
{
    struct server *server = must(calloc(1, sizeof *server));
    server->world = world;
    server->kind = kind;
    server->federation = federation;
    server->name = name != NULL ? name : "server";
    server->settings = *settings;
    server->crash_at = NEVER;
    server->heap_failures = heap_failures();
    server->net = net_new(world, net_options_default(),
                          (struct net_end){ net_opened, net_bytes, net_writable, net_ended, server });
    server->disk = disk_new(world, on_stored, server);
    if (!start(server)) {
        server_free(server);
        return NULL;
    }
    join(server, name);
    world_timer(world, (struct world_timer){ timer_due, timer_fire, server });
    return server;
}

void server_shut_down(struct server *server)
{
    if (server->self == NULL)
        return;
    server->kind->shut_down(server->self);
    server->has_shut_down = true;
}

void server_stop(struct server *server)
{
    if (server->self != NULL)
        server->kind->stop(server->self);
    server->self = NULL;
}

/* ---- Crashes, and clocks ---- */

static void tell_trace(const struct server *server, const char *what)
{
    trace_line(world_trace(server->world), world_now(server->world), server->name, what, NULL, 0);
}

/* Whatever the kind still says in `stop` is under way when the connections break, and lost. */
void server_crash(struct server *server, enum disk_writes writes)
{
    server->writes_to_crash = 0;
    if (server->self == NULL)
        return;
    tell_trace(server, "crashes");
    server->faults.crashes++;
    server_stop(server);
    while (server->wires != NULL) {
        struct wire *wire = server->wires;
        link_break(wire->link, NET_SERVER);
        wire_end(wire);
    }
    disk_crash(server->disk, writes);
    if (server->federation != NULL)
        federation_down(server->federation, server, true);
}

void server_crash_in(struct server *server, sim_time span, enum disk_writes writes)
{
    server->writes = writes;
    server->crash_at = world_after(server->world, span);
    server->crash_events++;
    world_event(server->world, server->crash_at, crash_in_time, server);
}

void server_crash_at_write(struct server *server, uint64_t nth, enum disk_writes writes)
{
    assert(nth > 0);
    server->writes = writes;
    server->writes_to_crash = nth;
}

/* One that has shut down is stopped in good order: its storage has finished. */
bool server_start_again(struct server *server)
{
    if (server->self != NULL && !server->has_shut_down)
        return false;
    server_stop(server);
    if (!start(server))
        return false;
    tell_trace(server, "starts");
    server->faults.starts++;
    if (server->federation != NULL)
        federation_down(server->federation, server, false);
    return true;
}

bool server_is_down(const struct server *server)
{
    return server->self == NULL;
}

sim_time server_started(const struct server *server)
{
    return server->started;
}

bool server_clock_jump(struct server *server, int64_t span)
{
    const uint64_t now = port_now(server);
    const uint64_t least = span < 0 ? (uint64_t)0 - (uint64_t)span : 0;
    if (now < least || (span > 0 && now > (uint64_t)INT64_MAX - (uint64_t)span))
        return false;
    server->clock_offset += span;
    server->faults.jumps += span != 0;
    return true;
}

void server_free(struct server *server)
{
    server_stop(server);
    free_wires(server->wires);
    free_wires(server->ended);
    free(server->touched);
    free(server->stored_for);
    disk_free(server->disk);
    net_free(server->net);
    free(server);
}

bool server_serves(const struct server *server, const char *jid)
{
    size_t bare = strcspn(jid, "/");
    const char *at = memchr(jid, '@', bare);
    const char *domain = at != NULL ? at + 1 : jid;
    size_t length = bare - (size_t)(domain - jid);
    const struct core_settings *settings = &server->settings;
    for (size_t i = 0; i < settings->host_count; i++)
        if (strlen(settings->hosts[i]) == length && memcmp(settings->hosts[i], domain, length) == 0)
            return true;
    return false;
}

struct server_faults server_faults(const struct server *server)
{
    return server->faults;
}

bool server_has_forgotten(const struct server *server)
{
    return server->faults.crashes > 0 || heap_failures() != server->heap_failures;
}

bool server_lost_touch(const struct server *server, const struct server *other)
{
    if (server->federation == NULL || server == other)
        return false;
    return server_has_forgotten(server) ||
           (other != NULL && federation_lost(server->federation, server, other));
}

struct net *server_net(struct server *server)
{
    return server->net;
}

struct disk *server_disk(const struct server *server)
{
    return server->disk;
}

const struct core *server_inspect(const struct server *server)
{
    return server->self != NULL && server->kind->inspect != NULL ? server->kind->inspect(server->self) : NULL;
}

bool server_lets_look(const struct server *server)
{
    return server->kind->inspect != NULL;
}

/* ---- For the checks ---- */

size_t server_touched(const struct server *server)
{
    return server->touched_count;
}

static const struct conn *look(const struct wire *wire)
{
    const struct server *server = wire->server;
    if (wire->conn == NULL || server->self == NULL || server->kind->inspect_conn == NULL)
        return NULL;
    return server->kind->inspect_conn(wire->conn);
}

const struct conn *server_touched_conn(const struct server *server, size_t index)
{
    assert(index < server->touched_count);
    return look(server->touched[index]);
}

uint64_t *server_touched_mark(struct server *server, size_t index)
{
    assert(index < server->touched_count);
    return &server->touched[index]->mark;
}

uint64_t server_sent_after_close(const struct server *server)
{
    return server->sent_after_close;
}

uint64_t server_sent_while_securing(const struct server *server)
{
    return server->sent_while_securing;
}

void server_forget_touched(struct server *server)
{
    for (size_t i = 0; i < server->touched_count; i++)
        server->touched[i]->touched = false;
    server->touched_count = 0;
    free(server->stored_for);
    server->stored_for = NULL;
}

const char *server_stored_for(const struct server *server)
{
    return server->stored_for;
}

/* Until the connection stands the link's end is the server itself. */
const struct conn *server_conn_of(const struct server *server, const struct link *link)
{
    const void *who = link_end(link, NET_SERVER)->who;
    const struct wire *wire = who != server ? who : NULL;
    return wire != NULL && wire->link == link ? look(wire) : NULL;
}

/* ---- Described ---- */

/* The session's place among the core's, from 1. */
static size_t place_of(const struct core *core, const struct session *session)
{
    size_t place = 1;
    for (const struct session *s = inspect_first_session(core); s != session; s = inspect_next_session(s))
        place++;
    return place;
}

static void describe_wire(struct description *description, const struct wire *wire, size_t place)
{
    const struct core *core = server_inspect(wire->server);
    const struct conn *conn = look(wire);
    describe_line(description, "connection");
    describe_count(description, "link", place);
    describe_count(description, "session", conn != NULL ? place_of(core, inspect_conn(conn)) : 0);
    describe_word(description, wire->touched, "touched");
    if (wire->tls == NULL)
        return;
    describe_in(description);
    tls_describe(description, "TLS", wire->tls);
    describe_out(description);
}

static void describe_wires(struct description *description, const struct server *server)
{
    size_t count;
    struct link **links = net_links(server->net, &count);
    for (size_t i = 0; i < count; i++) {
        const struct wire *wire = server->wires;
        while (wire != NULL && wire->link != links[i])
            wire = wire->next;
        if (wire != NULL)
            describe_wire(description, wire, i + 1);
    }
    free(links);
}

/* The core's part, line by line. */
static void describe_core(struct description *description, const struct core *core)
{
    const struct core_memory memory = { malloc, realloc, free };
    char *text = must(inspect_describe(core, &memory));
    for (const char *line = text; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        describe_line(description, "%.*s", (int)length, line);
        line += length + (line[length] == '\n');
    }
    free(text);
}

void server_describe(struct description *description, const struct server *server)
{
    static const char *const writes_at_crash[] = { [DISK_BY_CHOICE] = "some of its writes are kept",
                                                   [DISK_KEEPS] = "its writes are kept",
                                                   [DISK_LOSES] = "its writes are lost" };
    const struct core *core = server_inspect(server);
    describe_named(description, "server", server->settings.host_count > 0 ? server->settings.hosts[0] : "");
    describe_word(description, server->self == NULL, "stopped");
    describe_word(description, server->has_shut_down, "has shut down");
    describe_word(description, server->faults.crashes > 0, "has crashed");
    if (server->clock_offset != 0)
        describe_property(description, "clock ahead by %" PRId64 " ns", server->clock_offset);
    describe_count(description, "writes until it crashes", server->writes_to_crash);
    if (server->crash_at != NEVER)
        describe_time(description, "crashes", server->crash_at);
    describe_count(description, "events to crash it", server->crash_events);
    if (server->writes_to_crash > 0 || server->crash_events > 0)
        describe_word(description, true, writes_at_crash[server->writes]);
    describe_string(description, "storage has just answered about", server->stored_for);
    describe_count(description, "sent to nobody", server->sent_after_close);
    describe_count(description, "sent in a handshake", server->sent_while_securing);
    describe_in(description);
    if (core != NULL)
        describe_core(description, core);
    describe_wires(description, server);
    net_describe(description, server->net);
    disk_describe(description, server->disk, core);
    describe_out(description);
}

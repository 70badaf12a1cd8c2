#include "server.h"

#include "heap.h"
#include "must.h"
#include "text.h"

#include <assert.h>
#include <stdlib.h>

/* What the server names a connection by.  It is kept when the connection has ended, so that a server which
 * speaks on it all the same is found out, whenever it does. */
struct wire {
    struct server *server;
    struct link *link; /* NULL once the connection has ended on the server's side */
    void *conn;        /* the kind's handle; NULL before it has one, and after the end */
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
    struct wire *wires;
    struct wire *ended;
    struct wire **touched;
    size_t touched_count, touched_capacity;
    uint64_t sent_after_close;
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
    if (server->self != NULL)
        server->kind->bytes(server->self, wire->conn, bytes, length);
}

static void net_writable(void *who, struct link *link)
{
    (void)link;
    struct wire *wire = who;
    struct server *server = wire->server;
    touch(wire);
    if (server->self != NULL)
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

/* ---- Ports ---- */

static size_t port_send(void *host, void *link, const char *bytes, size_t length)
{
    (void)host;
    struct wire *wire = link;
    touch(wire);
    if (wire->link != NULL)
        return link_write(wire->link, NET_SERVER, bytes, length);
    wire->server->sent_after_close++;
    return length;
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

static uint64_t port_now(void *host)
{
    const struct server *server = host;
    return SIM_EPOCH_SECONDS * SIM_SECOND + world_now(server->world);
}

static void port_random(void *host, void *bytes, size_t length)
{
    const struct server *server = host;
    choice_entropy(world_choices(server->world), bytes, length);
}

static void port_store(void *host, const struct core_store_request *request)
{
    const struct server *server = host;
    disk_request(server->disk, request);
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
    if (status == CORE_STORED && request->op == CORE_SAVE)
        note_account(server, request);
    if (server->self != NULL)
        server->kind->stored(server->self, request->id, status, entries, entry_count);
}

/* What is due since before the world began is due at its beginning. */
static sim_time timer_due(void *subject)
{
    const struct server *server = subject;
    const uint64_t began = SIM_EPOCH_SECONDS * SIM_SECOND;
    uint64_t deadline = server->self != NULL ? server->kind->deadline(server->self) : UINT64_MAX;
    if (deadline == UINT64_MAX)
        return UINT64_MAX;
    return deadline > began ? deadline - began : 0;
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
    struct server *server = must(calloc(1, sizeof *server));
    server->world = world;
    server->kind = kind;
    server->net = net_new(world, net_options_default(),
                          (struct net_end){ net_opened, net_bytes, net_writable, net_ended, server });
    server->disk = disk_new(world, on_stored, server);
    const struct core_ports ports = { .host = server,
                                      .memory = heap_memory(),
                                      .send = port_send,
                                      .close = port_close,
                                      .now = port_now,
                                      .random = port_random,
                                      .store = port_store };
    server->self = kind->start(&ports, settings);
    if (server->self == NULL) {
        server_free(server);
        return NULL;
    }
    world_timer(world, (struct world_timer){ timer_due, timer_fire, server });
    return server;
}

void server_shut_down(struct server *server)
{
    server->kind->shut_down(server->self);
}

void server_stop(struct server *server)
{
    if (server->self != NULL)
        server->kind->stop(server->self);
    server->self = NULL;
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

struct net *server_net(struct server *server)
{
    return server->net;
}

struct disk *server_disk(struct server *server)
{
    return server->disk;
}

const struct core *server_inspect(const struct server *server)
{
    return server->self != NULL && server->kind->inspect != NULL ? server->kind->inspect(server->self) : NULL;
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

const struct conn *server_conn_of(const struct server *server, const struct link *link)
{
    for (const struct wire *wire = server->wires; wire != NULL; wire = wire->next)
        if (wire->link == link)
            return look(wire);
    return NULL;
}

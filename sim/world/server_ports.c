#include "server_private.h"

#include "../must.h"
#include "tls.h"

#include <assert.h>
#include <string.h>

static void port_start_tls(void *host, void *link)
{
    const struct wire *wire = link;
    (void)host;
    if (wire->link != NULL)
        wire_start_tls(link);
}

/* Of a connection that has ended without the server's knowledge the system takes everything. */
static size_t take(struct wire *wire, const char *bytes, size_t length)
{
    if (wire->link == NULL)
        return length;
    if (wire->tls == NULL)
        return link_write(wire->link, NET_SERVER, bytes, length);
    wire->server->sent_while_securing += !tls_is_open(wire->tls);
    return tls_write(wire->tls, bytes, length);
}

static size_t port_send(void *host, void *link, const char *bytes, size_t length)
{
    (void)host;
    struct wire *wire = link;
    wire_touch(wire);
    if (wire->link == NULL && !wire->is_ending) {
        wire->server->sent_after_close++;
        return length;
    }
    const size_t taken = take(wire, bytes, length);
    costs_write(&wire->server->costs, &wire->written, length, taken);
    const struct border_record record = {
        .kind = BORDER_SENT, .conn = wire->number, .bytes = bytes, .length = taken, .offered = length
    };
    server_record(wire->server, &record);
    return taken;
}

/* Of an open channel without records that wait the link below takes all that fits: a record is shorter than
 * SERVER_RECORD beside its plaintext. */
static size_t port_room(void *host, void *link)
{
    (void)host;
    const struct wire *wire = link;
    if (wire->link == NULL || (wire->tls != NULL && !tls_is_free(wire->tls)))
        return 0;
    return link_room(wire->link, NET_SERVER);
}

/* A connection that has ended is not closed again. */
static void port_close(void *host, void *link)
{
    (void)host;
    struct wire *wire = link;
    wire_touch(wire);
    if (wire->link == NULL && !wire->is_ending)
        return;
    wire_record(wire, BORDER_CLOSED, NULL, 0);
    if (wire->link != NULL)
        link_close(wire->link, NET_SERVER);
    wire_end(wire);
}

/* The time of the clock at the beginning of the world, modulo 2^64, as is the time added to it. */
static uint64_t clock_beginning(const struct server *server)
{
    return SIM_EPOCH_SECONDS * SIM_SECOND + (uint64_t)server->clock_offset;
}

uint64_t server_clock(const struct server *server)
{
    return clock_beginning(server) + world_now(server->world);
}

static uint64_t port_monotonic(void *host)
{
    const struct server *server = host;
    return world_now(server->world);
}

static uint64_t port_time_of_day(void *host)
{
    return server_clock(host);
}

static void port_random(void *host, void *bytes, size_t length)
{
    const struct server *server = host;
    choice_entropy(world_choices(server->world), bytes, length);
}

static void port_store(void *host, const struct core_store_request *request)
{
    struct server *server = host;
    assert(server->disk != NULL);
    costs_store(&server->costs, request);
    server_record(server, &(struct border_record){ .kind = BORDER_ASKED, .request = request });
    disk_request(server->disk, request);
    if (request->op != CORE_LOAD && request->op != CORE_COUNT)
        server_begins_write(server);
}

static void port_put(void *host, const char *username, const char *domain, enum core_store store,
                     const char *key, const char *value)
{
    const struct server *server = host;
    assert(server->disk != NULL);
    disk_add_account(server->disk, username, domain);
    disk_put(server->disk, username, domain, store, key, value);
}

static void port_route(void *host, const char *from_domain, const char *to_domain, const char *stanza,
                       size_t length)
{
    struct server *server = host;
    costs_route(&server->costs, length);
    server_record(server,
                  &(struct border_record){
                      .kind = BORDER_ROUTED, .bytes = stanza, .length = length, .domain = to_domain });
    federation_send(server->federation, server, from_domain, to_domain, stanza, length);
}

static bool port_may_route(void *host, const char *from_domain, const char *to_domain)
{
    const struct server *server = host;
    return federation_serves(server->federation, server, from_domain) &&
           !federation_serves(server->federation, server, to_domain);
}

static void port_fail(void *host, const char *what, const char *details)
{
    struct server *server = host;
    if (server->failure.what == NULL)
        server->failure = (struct server_failure){ what, must(strdup(details)) };
    world_halt(server->world);
}

struct server_ports server_ports(struct server *server)
{
    return (struct server_ports){ .host = server,
                                  .send = port_send,
                                  .room = port_room,
                                  .close = port_close,
                                  .start_tls = port_start_tls,
                                  .monotonic = port_monotonic,
                                  .time_of_day = port_time_of_day,
                                  .random = port_random,
                                  .store = port_store,
                                  .put = port_put,
                                  .route = server->federation != NULL ? port_route : NULL,
                                  .may_route = server->federation != NULL ? port_may_route : NULL,
                                  .fail = port_fail };
}

/* Our core as a kind of server. */
#include "server_kinds.h"

#include "../world/heap.h"
#include "core_format.h"

#include "inspect.h"

static void *start(const struct server_kind *kind, const struct server_ports *ports,
                   const struct core_settings *settings, struct server_refusal *refusal)
{
    (void)kind;
    (void)refusal;
    const struct core_ports of_core = { .host = ports->host,
                                        .memory = heap_memory(),
                                        .send = ports->send,
                                        .close = ports->close,
                                        .start_tls = ports->start_tls,
                                        .now = ports->time_of_day,
                                        .random = ports->random,
                                        .store = ports->store,
                                        .route = ports->route };
    return core_new(&of_core, settings);
}

static void provide(void *self, const struct server_ports *ports, const struct provision *provision)
{
    core_format_provide(provision, (unsigned)inspect_settings(self)->iterations, ports->put, ports->host);
}

static void stop(void *self)
{
    core_free(self);
}

static void *opened(void *self, void *link)
{
    return core_accept(self, link);
}

static void bytes_came(void *self, void *conn, const char *bytes, size_t length)
{
    core_receive(self, conn, bytes, length);
}

static void secured(void *self, void *conn, const struct core_tls *tls)
{
    core_secured(self, conn, tls);
}

static void writable(void *self, void *conn)
{
    core_writable(self, conn);
}

static void ended(void *self, void *conn)
{
    core_hangup(self, conn);
}

static void shut_down(void *self)
{
    core_shutdown(self);
}

static void late(void *self)
{
    core_tick(self);
}

static struct server_deadline deadline(void *self)
{
    return (struct server_deadline){ core_deadline(self), true };
}

static void stored(void *self, uint64_t request, enum core_store_status status,
                   const struct core_store_entry *entries, size_t entry_count)
{
    core_stored(self, request, status, entries, entry_count);
}

static void arrived(void *self, const char *from_domain, const char *stanza, size_t length)
{
    core_arrived(self, from_domain, stanza, length);
}

static void unroutable(void *self, const char *stanza, size_t length, enum core_route_failure why)
{
    core_unroutable(self, stanza, length, why);
}

static const struct core *inspect(void *self)
{
    return self;
}

static const struct conn *look_at(void *conn)
{
    return conn;
}

#define CORE                                                                                                 \
    .start = start, .stop = stop, .provide = provide, .opened = opened, .bytes = bytes_came,                 \
    .secured = secured, .writable = writable, .ended = ended, .shut_down = shut_down, .late = late,          \
    .deadline = deadline, .stored = stored, .arrived = arrived, .unroutable = unroutable

const struct server_kind server_core = {
    .name = "core", .has = CAPABILITIES_ALL, CORE, .inspect = inspect, .inspect_conn = look_at
};

const struct server_kind server_core_outside = { .name = "core:outside", .has = CAPABILITIES_OUTSIDE, CORE };

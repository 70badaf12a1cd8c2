#include "server.h"

#include "inspect.h"

/* Our core as a kind of server. */

static void *start(const struct core_ports *ports, const struct core_settings *settings)
{
    return core_new(ports, settings);
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

static uint64_t deadline(void *self)
{
    return core_deadline(self);
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

const struct server_kind server_core = {
    .name = "core",
    .start = start,
    .stop = stop,
    .opened = opened,
    .bytes = bytes_came,
    .secured = secured,
    .writable = writable,
    .ended = ended,
    .shut_down = shut_down,
    .late = late,
    .deadline = deadline,
    .stored = stored,
    .arrived = arrived,
    .unroutable = unroutable,
    .inspect = inspect,
    .inspect_conn = look_at,
};

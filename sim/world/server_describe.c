#include "server_private.h"

#include "../must.h"
#include "describe.h"
#include "inspect.h"
#include "tls.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The place of the session among those of the core, from 1. */
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
    const struct conn *conn = wire_look(wire);
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

/* Adds the description by the core, line by line. */
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
    describe_count(description, "writes until the crash", server->writes_to_crash);
    if (server->crash_at != SERVER_NEVER_CRASHES)
        describe_time(description, "crashes", server->crash_at);
    describe_count(description, "crash events under way", server->crash_events);
    if (server->writes_to_crash > 0 || server->crash_events > 0)
        describe_word(description, true, writes_at_crash[server->writes]);
    describe_string(description, "storage answered for", server_stored_for(server));
    describe_count(description, "sent after the end of a connection", server->sent_after_close);
    describe_count(description, "sent during a handshake", server->sent_while_securing);
    describe_in(description);
    if (core != NULL)
        describe_core(description, core);
    describe_wires(description, server);
    net_describe(description, server->net);
    if (server->disk != NULL)
        disk_describe(description, server->disk, core);
    describe_out(description);
}

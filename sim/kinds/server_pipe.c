#include "server_pipe.h"

#include "../must.h"
#include "../world/settings.h"
#include "pipe_entries.h"
#include "pipe_turn.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Real servers take seconds to start, which they do before the first message and when the settings are others.
 * Whether they hang their adapter finds out sooner. */
#define LIVE_PATIENCE (6 * PIPE_PATIENCE)

/* Begins a turn in which the adapter is told one thing. */
#define TURN(server, payload, length, ...)                                                                   \
    do {                                                                                                     \
        pipe_tell_rooms(server);                                                                             \
        pipe_tell(server, payload, length, __VA_ARGS__);                                                     \
        pipe_turn(server);                                                                                   \
    } while (false)

/* ---- Its life ---- */

static void send_settings(struct pipe_server *server, const struct core_settings *settings)
{
    struct text lines = { 0 };
    settings_write(&lines, settings, server->adapter->has);
    server->phase = PIPE_STARTS;
    TURN(server, lines.bytes, lines.length, "start");
    text_free(&lines);
}

static void server_free_seat(struct pipe_server *server)
{
    while (server->conns != NULL)
        pipe_forget(server, server->conns);
    free(server);
}

static void stop(void *self)
{
    struct pipe_server *server = self;
    struct text details = { 0 };
    enum pipe_trouble trouble = PIPE_OVER;
    server->phase = PIPE_STOPS;
    if (server->adapter->life == PIPE_ONCE)
        pipe_check_end(server);
    else
        pipe_tell(server, NULL, 0, "stop");
    if (!server->is_over && server->adapter->life == PIPE_AGAIN) {
        pipe_turn(server);
    } else if (!server->is_over && server->adapter->life == PIPE_FORK) {
        server->seat.wire->until = pipe_wire_now() + server->adapter->patience;
        trouble = pipe_wire_await_end(server->seat.wire);
    }
    if (trouble != PIPE_OVER) {
        text_string(&details, "it did not end when it was told to stop\n");
        pipe_fail(server, PIPE_HANGS, false, &details);
        text_free(&details);
    }
    if (!server->is_over)
        pipe_adapter_leave(server->adapter, &server->seat);
    server_free_seat(server);
}

/* When the adapter fails, there is a server that does nothing: the run fails, and not for its settings. */
static void *start(const struct server_kind *kind, const struct server_ports *ports,
                   const struct core_settings *settings, struct server_refusal *refusal)
{
    struct text details = { 0 };
    struct pipe_server *server = must(calloc(1, sizeof *server));
    *server = (struct pipe_server){ .adapter = kind->own,
                                    .ports = *ports,
                                    .settings = settings,
                                    .has_disk = capabilities_have(kind->has, CAPABILITY_DISK),
                                    .deadline = { UINT64_MAX, false },
                                    .refusal = refusal };
    const char *what = pipe_adapter_take(server->adapter, &server->seat, &details);
    if (what != NULL) {
        server->is_over = true;
        ports->fail(ports->host, what, details.bytes);
    }
    text_free(&details);
    send_settings(server, settings);
    server->refusal = NULL;
    if (refusal->reason[0] == '\0' || server->is_over)
        return server;
    stop(server);
    return NULL;
}

static void ready(void *self, struct server_refusal *refusal)
{
    struct pipe_server *server = self;
    server->phase = PIPE_READY;
    server->refusal = refusal;
    TURN(server, NULL, 0, "ready");
    server->refusal = NULL;
    server->phase = PIPE_LIVES;
}

/* ---- Provisioning ---- */

static void add_field(struct text *fields, const char *name, const char *value)
{
    if (value == NULL)
        return;
    text_string(fields, name);
    text_string(fields, "\t");
    text_string(fields, value);
    text_string(fields, "\n");
}

static void add_contact(struct text *fields, const struct provision *contact)
{
    add_field(fields, "jid", contact->jid);
    add_field(fields, "subscription", contact->subscription);
    add_field(fields, "ask", contact->ask ? "yes" : NULL);
    add_field(fields, "pending", contact->pending ? "yes" : NULL);
    add_field(fields, "approved", contact->approved ? "yes" : NULL);
    add_field(fields, "name", contact->name);
    for (size_t i = 0; i < contact->group_count; i++)
        add_field(fields, "group", contact->groups[i]);
}

/* It has no turn of its own: "ready" follows. */
static void provide(void *self, const struct server_ports *ports, const struct provision *provision)
{
    static const char *const names[] = {
        [PROVIDE_ACCOUNT] = "account", [PROVIDE_CONTACT] = "contact", [PROVIDE_BLOCKED] = "blocked"
    };
    struct text fields = { 0 };
    (void)ports;
    add_field(&fields, "username", provision->username);
    add_field(&fields, "host", provision->domain);
    if (provision->what == PROVIDE_ACCOUNT) {
        add_field(&fields, "password", provision->password);
        add_field(&fields, "status", provision->status);
    } else if (provision->what == PROVIDE_CONTACT) {
        add_contact(&fields, provision);
    } else {
        add_field(&fields, "jid", provision->jid);
    }
    pipe_tell(self, fields.bytes, fields.length, "%s", names[provision->what]);
    text_free(&fields);
}

/* ---- Connections ---- */

/* The turn may have closed or rejected it. */
static void *opened(void *self, void *link)
{
    struct pipe_server *server = self;
    struct pipe_conn *conn = must(calloc(1, sizeof *conn));
    const uint64_t number = ++server->opened;
    *conn = (struct pipe_conn){ .next = server->conns,
                                .number = number,
                                .link = link,
                                .room = server->ports.room(server->ports.host, link),
                                .is_new = true };
    server->conns = conn;
    TURN(server, NULL, 0, "open %" PRIu64 " %zu", number, conn->room);
    for (conn = server->conns; conn != NULL && conn->number != number;)
        conn = conn->next;
    if (conn == NULL || server->is_over)
        return NULL;
    conn->is_new = false;
    return conn;
}

static void bytes_came(void *self, void *handle, const char *bytes, size_t length)
{
    const struct pipe_conn *conn = handle;
    TURN((struct pipe_server *)self, bytes, length, "data %" PRIu64, conn->number);
}

static void add_hex(struct text *fields, const char *name, struct core_tls_bytes bytes)
{
    static const char digits[] = "0123456789abcdef";
    if (bytes.bytes == NULL)
        return;
    text_string(fields, name);
    text_string(fields, "\t");
    for (size_t i = 0; i < bytes.length; i++) {
        text_append(fields, &digits[bytes.bytes[i] >> 4], 1);
        text_append(fields, &digits[bytes.bytes[i] & 15], 1);
    }
    text_string(fields, "\n");
}

static void secured(void *self, void *handle, const struct core_tls *tls)
{
    const struct pipe_conn *conn = handle;
    struct text fields = { 0 };
    add_hex(&fields, "tls-exporter", tls->exporter);
    add_hex(&fields, "tls-server-end-point", tls->server_end_point);
    for (size_t i = 0; i < tls->identity_count; i++)
        add_field(&fields, "identity", tls->identities[i]);
    TURN((struct pipe_server *)self, fields.bytes, fields.length, "secured %" PRIu64, conn->number);
    text_free(&fields);
}

static void writable(void *self, void *handle)
{
    struct pipe_server *server = self;
    struct pipe_conn *conn = handle;
    conn->room = server->ports.room(server->ports.host, conn->link);
    TURN(server, NULL, 0, "room %" PRIu64 " %zu", conn->number, conn->room);
}

/* The adapter does not know the connection any more when it is told. */
static void ended(void *self, void *handle)
{
    struct pipe_server *server = self;
    struct pipe_conn *conn = handle;
    const uint64_t number = conn->number;
    pipe_forget(server, conn);
    TURN(server, NULL, 0, "end %" PRIu64, number);
}

/* ---- The world ---- */

static void shut_down(void *self)
{
    TURN((struct pipe_server *)self, NULL, 0, "shutdown");
}

static void late(void *self)
{
    TURN((struct pipe_server *)self, NULL, 0, "time");
}

static struct server_deadline deadline(void *self)
{
    return ((const struct pipe_server *)self)->deadline;
}

static bool waits(void *self)
{
    return ((const struct pipe_server *)self)->is_waiting;
}

/* It begins a turn, or goes on with the one in which the adapter waits. */
static void stored(void *self, uint64_t request, enum core_store_status status,
                   const struct core_store_entry *entries, size_t entry_count)
{
    struct pipe_server *server = self;
    static const char *const names[] = {
        [CORE_STORED] = "ok", [CORE_NO_ACCOUNT] = "none", [CORE_STORE_FAILED] = "failed"
    };
    struct text payload = { 0 };
    pipe_entries_write(&payload, entries, entry_count);
    server->unanswered--;
    server->is_waiting = false;
    TURN(server, payload.length > 0 ? payload.bytes : "", payload.length, "stored %" PRIu64 " %s", request,
         names[status]);
    text_free(&payload);
}

static void arrived(void *self, const char *from_domain, const char *stanza, size_t length)
{
    TURN((struct pipe_server *)self, stanza, length, "arrived %s", from_domain);
}

static void unroutable(void *self, const char *stanza, size_t length, enum core_route_failure why)
{
    TURN((struct pipe_server *)self, stanza, length, "unroutable %s",
         why == CORE_NO_SERVER ? "missing" : "timeout");
}

/* Once it has failed, the failure has its log. */
static char *log_of(void *self)
{
    enum { LOG_SHOWN = 1000 };
    const struct pipe_server *server = self;
    struct text log = { 0 };
    if (!server->is_over)
        pipe_process_read_log(server->seat.process, LOG_SHOWN, &log);
    return log.length > 0 ? text_take(&log) : NULL;
}

/* ---- The kind ---- */

struct server_kind *server_pipe_new_named(const char *name, const char *command)
{
    struct server_kind *kind = must(calloc(1, sizeof *kind));
    struct pipe_adapter *adapter = must(calloc(1, sizeof *adapter));
    *adapter = (struct pipe_adapter){ .command = must(strdup(command)),
                                      .patience = PIPE_PATIENCE,
                                      .hello_patience = PIPE_PATIENCE };
    *kind = (struct server_kind){ .name = must(strdup(name)),
                                  .own = adapter,
                                  .start = start,
                                  .stop = stop,
                                  .provide = provide,
                                  .ready = ready,
                                  .opened = opened,
                                  .bytes = bytes_came,
                                  .secured = secured,
                                  .writable = writable,
                                  .ended = ended,
                                  .shut_down = shut_down,
                                  .late = late,
                                  .deadline = deadline,
                                  .waits = waits,
                                  .stored = stored,
                                  .arrived = arrived,
                                  .unroutable = unroutable,
                                  .log = log_of };
    return kind;
}

struct server_kind *server_pipe_new(const char *command)
{
    struct text name = { 0 };
    text_string(&name, "pipe:");
    text_string(&name, command);
    struct server_kind *kind = server_pipe_new_named(name.bytes, command);
    text_free(&name);
    return kind;
}

void server_pipe_free(struct server_kind *kind)
{
    struct pipe_adapter *adapter = kind->own;
    pipe_adapter_close(adapter);
    free(adapter->command);
    free(adapter);
    free((char *)kind->name);
    free(kind);
}

bool server_pipe_open(struct server_kind *kind, char **problem)
{
    struct pipe_adapter *adapter = kind->own;
    struct text text = { 0 };
    *problem = NULL;
    if (!pipe_adapter_open(adapter, &text)) {
        *problem = text_take(&text);
        return false;
    }
    kind->has = adapter->has;
    kind->software = adapter->software;
    return true;
}

void server_pipe_set_live(struct server_kind *kind)
{
    struct pipe_adapter *adapter = kind->own;
    kind->varies = true;
    adapter->patience = adapter->hello_patience = LIVE_PATIENCE;
}

void server_pipe_set_patience(const struct server_kind *kind, uint64_t nanoseconds)
{
    struct pipe_adapter *adapter = kind->own;
    adapter->patience = nanoseconds;
}

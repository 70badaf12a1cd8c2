#include "session/conn.h"

#include "session/session.h"

#include <assert.h>

/* ---- In ---- */

struct conn *conn_new(struct core *core, void *link, struct session *session,
                      const struct conn_events *events)
{
    struct conn *conn = memory_new(core->memory, sizeof *conn);
    if (conn == NULL)
        return NULL;
    conn->core = core;
    conn->link = link;
    conn->session = session;
    conn->events = events;
    buffer_init(&conn->unsent, core->memory);
    if (parser_init(&conn->parser, &core->parsers, &core->settings.limits, &events->parser, conn)) {
        conn->parser.unauthenticated = true;
        return conn;
    }
    conn_free(conn);
    return NULL;
}

void conn_free(struct conn *conn)
{
    parser_free(&conn->parser);
    buffer_free(&conn->unsent);
    memory_free(conn->core->memory, conn);
}

/* Data in the clear after <starttls/> is discarded: a man in the middle may have sent it (RFC 6120,
 * 5.4.3.3). */
static bool is_securing(const struct conn *conn)
{
    return conn->security == CONN_PROCEEDING || conn->security == CONN_SECURING;
}

void conn_receive(struct conn *conn, const char *bytes, size_t length)
{
    if (!is_securing(conn))
        parser_feed(&conn->parser, bytes, length);
}

/* ---- Out ---- */

size_t conn_unsent(const struct conn *conn)
{
    return conn->unsent.length - conn->taken;
}

static void drop_unsent(struct conn *conn)
{
    buffer_free(&conn->unsent);
    conn->taken = conn->excused = 0;
}

void conn_excuse(struct conn *conn, size_t length)
{
    if (length > conn->excused)
        conn->excused = length;
}

/* There is no way left to tell the client why.  A session that cannot go on without it is going from now on.
 */
static void lose(struct conn *conn)
{
    drop_unsent(conn);
    parser_stop(&conn->parser);
    if (!session_is_resumable(conn->session))
        session_disconnect(conn->session);
    conn->lost = true;
    conn->lost_next = conn->core->lost;
    conn->core->lost = conn;
}

void conn_end_lost(struct core *core)
{
    while (core->lost != NULL) {
        struct conn *conn = core->lost;
        core->lost = conn->lost_next;
        if (conn->session != NULL)
            conn->events->lost(conn->session);
    }
}

static bool is_too_much(const struct conn *conn)
{
    const size_t unsent = conn_unsent(conn), most = conn->core->settings.limits.output_bytes;
    return unsent > most && unsent - most > conn->excused;
}

static void keep_unsent(struct conn *conn, const char *bytes, size_t length)
{
    buffer_append(&conn->unsent, bytes, length);
    if (conn->unsent.failed || is_too_much(conn))
        lose(conn);
}

/* What was taken is dropped when it is half of what there is, so that no byte is moved often. */
static void drop_taken(struct conn *conn)
{
    if (conn_unsent(conn) == 0)
        drop_unsent(conn);
    if (conn->taken <= conn->unsent.length / 2)
        return;
    buffer_consume(&conn->unsent, conn->taken);
    conn->taken = 0;
}

void conn_send(struct conn *conn, const char *bytes, size_t length)
{
    assert(conn->link != NULL && conn->session != NULL);
    if (is_securing(conn) || conn->lost)
        return;
    const struct core_ports *ports = &conn->core->ports;
    size_t taken = 0;
    if (conn_unsent(conn) == 0)
        taken = ports->send(ports->host, conn->link, bytes, length);
    assert(taken <= length);
    if (taken < length)
        keep_unsent(conn, bytes + taken, length - taken);
    else
        conn->excused = 0;
}

static void close_link(struct conn *conn)
{
    const struct core_ports *ports = &conn->core->ports;
    void *link = conn->link;
    conn->link = NULL;
    ports->close(ports->host, link);
}

static void send_unsent(struct conn *conn)
{
    const struct core_ports *ports = &conn->core->ports;
    size_t unsent = conn_unsent(conn);
    if (unsent > 0) {
        size_t taken = ports->send(ports->host, conn->link, conn->unsent.bytes + conn->taken, unsent);
        assert(taken <= unsent);
        conn->taken += taken;
        drop_taken(conn);
    }
    if (conn_unsent(conn) == 0 && conn->session != NULL)
        conn->events->writable(conn->session);
}

static void start_tls_when_sent(struct conn *conn)
{
    const struct core_ports *ports = &conn->core->ports;
    if (conn->security != CONN_PROCEEDING || conn->lost || conn_unsent(conn) > 0)
        return;
    conn->security = CONN_SECURING;
    ports->start_tls(ports->host, conn->link);
}

void conn_writable(struct conn *conn)
{
    send_unsent(conn);
    start_tls_when_sent(conn);
}

void conn_start_tls(struct conn *conn)
{
    assert(conn->security == CONN_CLEAR);
    parser_discard(&conn->parser);
    conn->security = CONN_PROCEEDING;
    start_tls_when_sent(conn);
}

void conn_secured(struct conn *conn)
{
    assert(conn->security == CONN_SECURING && conn_unsent(conn) == 0);
    conn->security = CONN_SECURED;
}

void conn_end(struct conn *conn)
{
    assert(conn->session != NULL);
    parser_stop(&conn->parser);
    conn->session = NULL;
    if (conn->link != NULL) {
        /* A last try: what does not go now is lost with the connection. */
        send_unsent(conn);
        close_link(conn);
    }
    conn->ended_next = conn->core->ended;
    conn->core->ended = conn;
}

void conn_free_ended(struct core *core)
{
    while (core->ended != NULL) {
        struct conn *conn = core->ended;
        core->ended = conn->ended_next;
        conn_free(conn);
    }
}

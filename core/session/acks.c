#include "session/acks.h"

#include "base/description.h"
#include "session/conn.h"
#include "session/stream_error.h"
#include "session/timers.h"

#include <assert.h>
#include <string.h>
#include <utlist.h>

/* ---- How far the client is behind ---- */

bool acks_is_behind(const struct session *session, size_t nth)
{
    const struct core_limits *limits = &session->core->settings.limits;
    const struct unacked_queue *queue = &session->managed->queue;
    return queue->bytes > limits->unacked_bytes / nth || queue->count > limits->unacked / nth;
}

enum { CONGESTED = 4, ROOMY = 8 }; /* a fourth of the limits, an eighth */

bool session_is_congested(const struct session *session)
{
    size_t most = session->core->settings.limits.output_bytes / CONGESTED;
    if (session->conn != NULL && conn_unsent(session->conn) > most)
        return true;
    return session->managed != NULL && acks_is_behind(session, CONGESTED);
}

bool session_has_room(const struct session *session)
{
    const struct conn *conn = session->conn;
    bool is_sent = conn != NULL && !conn->lost && conn_unsent(conn) == 0;
    return is_sent && (session->managed == NULL || !acks_is_behind(session, ROOMY));
}

/* ---- Asking ---- */

/* What is due for an <r/> gets one at the end of the call, so that a batch of stanzas gets one together. */
void acks_consider_asking(struct managed *managed)
{
    const struct session *session = managed->session;
    struct core *core = session->core;
    size_t bearable =
        session->client_state != NULL ? core->settings.ack_after_asleep : core->settings.ack_after;
    bool waits = managed->queue.count > bearable || session_is_congested(session);
    if (managed->asking || managed->asked || session->conn == NULL || !waits ||
        managed->asked_for == managed->sent)
        return;
    managed->asking = true;
    LL_PREPEND2(core->asking, managed, asking_next);
}

void acks_ask(struct session *session)
{
    struct managed *managed = session->managed;
    managed->asked = true;
    managed->asked_for = managed->sent;
    static const char request[] = "<r xmlns='" NS_SM "'/>";
    if (session->conn != NULL && !session->doomed)
        conn_send(session->conn, request, sizeof request - 1);
    timers_asked(session);
}

void acks_ask_due(struct core *core)
{
    while (core->asking != NULL) {
        struct managed *managed = core->asking;
        core->asking = managed->asking_next;
        managed->asking = false;
        assert(managed->session->conn != NULL); /* a hibernating session is not asked */
        acks_ask(managed->session);
    }
}

static uint32_t acknowledged(const struct managed *managed)
{
    return managed->sent - (uint32_t)managed->queue.count;
}

bool acks_acknowledge(struct managed *managed, uint32_t h)
{
    uint32_t more = h - acknowledged(managed);
    if (more > managed->queue.count)
        return more >= UINT32_MAX / 2;
    while (acknowledged(managed) != h)
        unacked_acknowledge(managed->session->core, &managed->queue);
    if (managed->queue.count == 0)
        managed->excused = 0;
    return true;
}

/* ---- Sending ---- */

void acks_count(struct session *session)
{
    if (session->managed != NULL)
        session->managed->handled++;
}

void acks_excuse(struct session *session, size_t length)
{
    struct managed *managed = session->managed;
    if (length > managed->excused)
        managed->excused = length;
}

static bool is_too_much(const struct managed *managed)
{
    const struct core_limits *limits = &managed->session->core->settings.limits;
    const size_t bytes = managed->queue.bytes, most = limits->unacked_bytes;
    return managed->queue.count > limits->unacked || (bytes > most && bytes - most > managed->excused);
}

void acks_send(struct session *session, const char *xml, size_t length, struct copies *copies)
{
    struct managed *managed = session->managed;
    if (!unacked_keep(session->core, &managed->queue, xml, length, copies)) {
        session_disconnect(session);
        return;
    }
    managed->sent++;
    if (session->conn != NULL && managed->queue.again == NULL)
        conn_send(session->conn, xml, length);
    if (is_too_much(managed))
        stream_error(session, STREAM_POLICY_VIOLATION, "too much was not acknowledged");
    else
        acks_consider_asking(managed);
}

void session_write(struct session *session, const char *xml, size_t length, struct copies *copies)
{
    if (session->managed != NULL)
        acks_send(session, xml, length, copies);
    else
        conn_send(session->conn, xml, length);
}

/* ---- Without a connection, and on another ---- */

static void stop_asking(struct core *core, struct managed *managed)
{
    if (managed->asking)
        LL_DELETE2(core->asking, managed, asking_next);
    managed->asking = false;
    managed->asked = false;
}

void acks_hibernate(struct session *session)
{
    stop_asking(session->core, session->managed);
    session->managed->queue.again = NULL;
    session->managed->asked_for = session->managed->sent - 1; /* after a resumption it is asked again */
}

/* What is not acknowledged goes out again, in order, as fast as the connection takes it; what is sent
 * meanwhile waits behind it. */
void acks_send_again(struct session *session)
{
    struct managed *managed = session->managed;
    struct buffer out;
    buffer_init(&out, session->core->memory);
    while (session->conn != NULL && !session->doomed && managed->queue.again != NULL &&
           !session->conn->lost && conn_unsent(session->conn) == 0) {
        buffer_clear(&out);
        unacked_write_delayed(&out, managed->queue.again, session->host);
        managed->queue.again = managed->queue.again->next;
        conn_excuse(session->conn, managed->excused);
        if (out.failed)
            session_disconnect(session);
        else
            conn_send(session->conn, out.bytes, out.length);
    }
    buffer_free(&out);
    acks_consider_asking(managed);
}

void acks_forget(struct session *session, unacked_unwanted unwanted, void *context)
{
    struct managed *managed = session->managed;
    uint32_t forgotten = (uint32_t)unacked_forget(session->core, &managed->queue, unwanted, context);
    managed->sent -= forgotten;
    managed->asked_for -= forgotten;
}

/* ---- The end ---- */

const struct unacked_queue *acks_queue(const struct managed *managed)
{
    static const struct unacked_queue empty;
    return managed != NULL ? &managed->queue : &empty;
}

void acks_free(struct core *core, struct managed *managed)
{
    if (managed == NULL)
        return;
    stop_asking(core, managed);
    unacked_clear(core, &managed->queue);
    memory_free(core->memory, managed);
}

struct acks_view acks_look(const struct managed *managed)
{
    return (struct acks_view){ managed->handled, managed->sent, managed->queue.count };
}

/* ---- Described ---- */

static size_t place_of_copy(const struct session *session, const struct copies *copies)
{
    return session->managed != NULL ? unacked_place(&session->managed->queue, copies) : 0;
}

/* Copies are told apart by the first session that keeps one. */
static void describe_copies(struct description *description, const struct copies *copies)
{
    const struct session *session = description->core->sessions;
    if (copies == NULL)
        return;
    while (place_of_copy(session, copies) == 0)
        session = session->next;
    session_describe_place(description, "a copy of what session", session);
    description_count(description, "keeps as its", place_of_copy(session, copies));
    description_count(description, "holders", copies->holders);
    description_word(description, copies->delivered, "delivered");
}

void acks_describe(struct description *description, const struct managed *managed)
{
    description_named(description, "managed", managed->id);
    description_word(description, managed->resumable, "resumable");
    description_count(description, "handled", managed->handled);
    description_count(description, "sent", managed->sent);
    description_word(description, managed->asked, "asked");
    description_count(description, "asked when sent was", managed->asked_for);
    description_count(description, "bytes kept", managed->queue.bytes);
    description_count(description, "bytes more than usual", managed->excused);
    description_in(description);
    for (const struct unacked *unacked = managed->queue.first; unacked != NULL; unacked = unacked->next) {
        description_line(description, "not acknowledged");
        description_bytes(description, "XML", unacked->xml, unacked->length);
        description_time(description, "sent", unacked->time);
        description_word(description, unacked == managed->queue.again,
                         "to be sent again, with all behind it");
        describe_copies(description, unacked->copies);
    }
    description_out(description);
}

#include "stream/stream_management.h"

#include "account/user.h"
#include "base/datatype.h"
#include "base/description.h"
#include "iq/blocking.h"
#include "message/offline.h"
#include "message/undelivered.h"
#include "presence/owed.h"
#include "session/conn.h"
#include "session/unacked.h"
#include "stream/keepalive.h"
#include "stream/session_manager.h"
#include "stream/stream.h"
#include "xml/parser.h"

#include <assert.h>
#include <string.h>
#include <utlist.h>

enum { ID_BYTES = 16 };

struct managed {
    struct session *session;
    struct managed *asking_next;
    struct unacked_queue queue;
    uint32_t handled;   /* stanzas from the client, modulo 2^32 as all counts are */
    uint32_t sent;      /* stanzas to the client, those kept for it included */
    uint32_t asked_for; /* what `sent` was when the last <r/> went out */
    size_t excused;     /* bytes that may be kept beside limits.unacked_bytes, until nothing is */
    bool resumable;
    bool asking; /* in core->asking */
    bool asked;  /* an <r/> is out */
    char id[2 * ID_BYTES + 1];
};

/* ---- Elements ---- */

static void write_attribute(struct buffer *out, const char *name, const char *value)
{
    buffer_string(out, " ");
    buffer_string(out, name);
    buffer_string(out, "='");
    buffer_xml(out, value, strlen(value));
    buffer_string(out, "'");
}

static void write_count(struct buffer *out, const char *name, uint64_t count)
{
    buffer_string(out, " ");
    buffer_string(out, name);
    buffer_string(out, "='");
    buffer_number(out, count);
    buffer_string(out, "'");
}

static void begin_element(struct buffer *out, const struct session *session, const char *name)
{
    buffer_init(out, session->core->memory);
    buffer_string(out, "<");
    buffer_string(out, name);
    write_attribute(out, "xmlns", NS_SM);
}

/* Sends what is in the buffer, and frees it. */
static void send_buffer(struct session *session, struct buffer *out)
{
    if (out->failed)
        session_disconnect(session);
    else if (session->conn != NULL && !session->doomed)
        conn_send(session->conn, out->bytes, out->length);
    buffer_free(out);
}

static void send_empty(struct session *session, struct buffer *out)
{
    buffer_string(out, "/>");
    send_buffer(session, out);
}

static void fail(struct session *session, const char *condition)
{
    struct buffer out;
    begin_element(&out, session, "failed");
    buffer_string(&out, "><");
    buffer_string(&out, condition);
    buffer_string(&out, " xmlns='" NS_STANZA_ERRORS "'/></failed>");
    send_buffer(session, &out);
}

static void send_ack(struct session *session)
{
    struct buffer out;
    begin_element(&out, session, "a");
    write_count(&out, "h", session->managed->handled);
    send_empty(session, &out);
}

/* ---- Enabling (3) ---- */

static void make_id(struct core *core, char out[2 * ID_BYTES + 1])
{
    unsigned char bytes[ID_BYTES];
    core->ports.random(core->ports.host, bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++) {
        *out++ = "0123456789abcdef"[bytes[i] >> 4];
        *out++ = "0123456789abcdef"[bytes[i] & 15];
    }
    *out = '\0';
}

static void send_enabled(struct session *session)
{
    const struct managed *managed = session->managed;
    struct buffer out;
    begin_element(&out, session, "enabled");
    if (managed->resumable) {
        write_attribute(&out, "id", managed->id);
        write_attribute(&out, "resume", "true");
        write_count(&out, "max", session->core->settings.resume_time / (UINT64_C(1000) * 1000 * 1000));
    }
    send_empty(session, &out);
}

/* Only a connected resource may, and only once: a second attempt ends the stream. */
static void enable(struct session *session, const struct element *element)
{
    struct core *core = session->core;
    if (session->managed != NULL || session->type != SESSION_C2S) {
        fail(session, "unexpected-request");
        if (session->managed != NULL)
            stream_error(session, STREAM_POLICY_VIOLATION, "stream management is enabled already");
        return;
    }
    struct managed *managed = memory_new(core->memory, sizeof *managed);
    if (managed == NULL) {
        fail(session, "resource-constraint");
        return;
    }
    managed->session = session;
    managed->resumable = datatype_true(element_get(element, "resume")) && core->settings.resume_time > 0;
    if (managed->resumable)
        make_id(core, managed->id);
    session->managed = managed;
    send_enabled(session);
}

/* ---- Acknowledgements (4) ---- */

bool stream_management_is_behind(const struct session *session, size_t nth)
{
    const struct core_limits *limits = &session->core->settings.limits;
    const struct unacked_queue *queue = &session->managed->queue;
    return queue->bytes > limits->unacked_bytes / nth || queue->count > limits->unacked / nth;
}

/* What is due for an <r/> gets one at the end of the call, so that a batch of stanzas gets one together. */
static void consider_asking(struct managed *managed)
{
    const struct session *session = managed->session;
    struct core *core = session->core;
    size_t bearable =
        session->client_state != NULL ? core->settings.ack_after_asleep : core->settings.ack_after;
    bool waits = managed->queue.count > bearable || owed_is_congested(session);
    if (managed->asking || managed->asked || session->conn == NULL || !waits ||
        managed->asked_for == managed->sent)
        return;
    managed->asking = true;
    LL_PREPEND2(core->asking, managed, asking_next);
}

void stream_management_ask(struct session *session)
{
    struct managed *managed = session->managed;
    managed->asked = true;
    managed->asked_for = managed->sent;
    struct buffer out;
    begin_element(&out, session, "r");
    send_empty(session, &out);
    keepalive_asked(session);
}

void stream_management_ask_due(struct core *core)
{
    while (core->asking != NULL) {
        struct managed *managed = core->asking;
        core->asking = managed->asking_next;
        managed->asking = false;
        assert(managed->session->conn != NULL); /* whoever hibernates is not asked */
        stream_management_ask(managed->session);
    }
}

static uint32_t acknowledged(const struct managed *managed)
{
    return managed->sent - (uint32_t)managed->queue.count;
}

/* Takes what the client has handled off the queue.  A count that was true before says nothing now, in <a/> as
 * in <resume/> (5).  False when the client could not have handled that many. */
static bool acknowledge(struct managed *managed, uint32_t h)
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

/* An unsignedInt (XEP-0198, 13); false when it is missing or none. */
static bool read_h(const struct element *element, uint32_t *h)
{
    int64_t value;
    if (!datatype_integer(&value, element_get(element, "h")) || value < 0 || value > UINT32_MAX)
        return false;
    *h = (uint32_t)value;
    return true;
}

/* "The local entity SHOULD generate an undefined-condition stream error" (6). */
static void refuse_count(struct session *session, uint32_t h, uint32_t sent)
{
    struct buffer detail;
    buffer_init(&detail, session->core->memory);
    buffer_string(&detail, "<handled-count-too-high xmlns='" NS_SM "'");
    write_count(&detail, "h", h);
    write_count(&detail, "send-count", sent);
    buffer_string(&detail, "/>");
    buffer_append(&detail, "", 1);
    stream_error_with(session, STREAM_UNDEFINED_CONDITION, detail.failed ? NULL : detail.bytes,
                      "more stanzas were acknowledged than were sent");
    buffer_free(&detail);
}

static void take_ack(struct session *session, const struct element *element)
{
    struct managed *managed = session->managed;
    uint32_t h;
    if (!read_h(element, &h)) {
        stream_error(session, STREAM_INVALID_XML, "<a/> needs a count 'h'");
        return;
    }
    managed->asked = false;
    if (!acknowledge(managed, h)) {
        refuse_count(session, h, managed->sent);
        return;
    }
    consider_asking(managed);
    owed_go_on(session);
    offline_go_on(session);
}

static void answer_request(struct session *session, const struct element *element)
{
    (void)element;
    send_ack(session);
}

void stream_management_count(struct session *session)
{
    if (session->managed != NULL)
        session->managed->handled++;
}

void stream_management_say_goodbye(struct session *session)
{
    if (session->managed != NULL)
        send_ack(session);
}

/* ---- Sending ---- */

void stream_management_excuse(struct session *session, size_t length)
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

void stream_management_send(struct session *session, const char *xml, size_t length, struct copies *copies)
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
        consider_asking(managed);
}

/* ---- Hibernation and resumption (5) ---- */

bool stream_management_is_resumable(const struct session *session)
{
    return session->managed != NULL && session->managed->resumable && !session->core->shut_down;
}

static void stop_asking(struct core *core, struct managed *managed)
{
    if (managed->asking)
        LL_DELETE2(core->asking, managed, asking_next);
    managed->asking = false;
    managed->asked = false;
}

void stream_management_hibernate(struct session *session)
{
    stop_asking(session->core, session->managed);
    session->managed->queue.again = NULL;
    session->managed->asked_for = session->managed->sent - 1; /* whoever resumes is asked anew */
}

static void send_resumed(struct session *session)
{
    struct buffer out;
    begin_element(&out, session, "resumed");
    write_count(&out, "h", session->managed->handled);
    write_attribute(&out, "previd", session->managed->id);
    send_empty(session, &out);
}

/* What is not acknowledged goes out again, in order, as fast as the connection takes it; what is sent
 * meanwhile waits behind it. */
void stream_management_go_on(struct session *session)
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
    consider_asking(managed);
}

/* A stanza as it was kept; NULL when there is no memory. */
static struct stanza *read_unacked(struct core *core, const struct unacked *unacked)
{
    const struct core_store_entry entry = { .value = unacked->xml };
    struct stanza *read = parser_read_stored(&core->parsers, &entry, 1);
    struct element *stanza = read != NULL ? element_first_child(read->root) : NULL;
    if (stanza != NULL) {
        read->root = stanza;
        return read;
    }
    stanza_free(read);
    return NULL;
}

/* A request is answered all the same (RFC 6120, 8.2.3), as it would be if it came now.  What cannot be read
 * cannot be sent either. */
static bool is_from_the_blocked(void *context, const struct unacked *unacked)
{
    struct session *session = context;
    struct stanza *stanza = read_unacked(session->core, unacked);
    bool blocked = stanza != NULL && blocking_forbids_stanza(session->user, stanza->root);
    if (stanza == NULL)
        session_disconnect(session);
    else if (blocked && stanza->root->name[0] == 'i')
        blocking_refuse_inbound(session->core, stanza);
    stanza_free(stanza);
    return blocked;
}

void stream_management_forget_the_blocked(struct session *session)
{
    struct managed *managed = session->managed;
    if (managed == NULL || !session->user->blocks)
        return;
    uint32_t forgotten =
        (uint32_t)unacked_forget(session->core, &managed->queue, is_from_the_blocked, session);
    managed->sent -= forgotten;
    managed->asked_for -= forgotten;
}

/* The account's session of that name, if it may be resumed. */
static struct session *find_previous(const struct session *session, const char *id)
{
    struct jid jid;
    jid_make(&jid, session->username, session->host, NULL);
    const struct user *user = user_find(session->core, jid.bare);
    struct session *s = user != NULL ? user->resources : NULL;
    while (s != NULL &&
           !(user_session_is_live(s) && stream_management_is_resumable(s) && strcmp(s->managed->id, id) == 0))
        s = s->user_next;
    return s;
}

static void resume(struct session *session, const struct element *element)
{
    const char *id = element_get(element, "previd");
    uint32_t h;
    if (session->type != SESSION_C2S_UNBOUND) {
        fail(session, "unexpected-request");
        return;
    }
    if (id == NULL || !read_h(element, &h)) {
        fail(session, "bad-request");
        return;
    }
    struct session *previous = find_previous(session, id);
    if (previous == NULL) {
        fail(session, "item-not-found");
        return;
    }
    if (!acknowledge(previous->managed, h)) {
        refuse_count(session, h, previous->managed->sent);
        return;
    }
    session_manager_resume(previous, session);
    send_resumed(previous);
    previous->managed->queue.again = previous->managed->queue.first;
    stream_management_forget_the_blocked(previous);
    stream_management_go_on(previous);
    owed_go_on(previous);
    offline_go_on(previous);
}

/* ---- The end ---- */

void stream_management_end(struct core *core, struct managed *managed, bool reroute)
{
    if (managed == NULL)
        return;
    stop_asking(core, managed);
    if (reroute)
        undelivered_route(core, &managed->queue);
    unacked_clear(core, &managed->queue);
    memory_free(core->memory, managed);
}

/* ---- What came ---- */

static const struct command {
    const char *name;
    bool managed; /* not before it is enabled */
    void (*act)(struct session *session, const struct element *element);
} commands[] = {
    { "enable", false, enable },
    { "resume", false, resume },
    { "r", true, answer_request },
    { "a", true, take_ack },
};

void stream_management_receive(struct session *session, const struct stanza *element)
{
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(element->root->name, commands[i].name) != 0 ||
            (commands[i].managed && session->managed == NULL))
            continue;
        commands[i].act(session, element->root);
        return;
    }
    stream_error(session, STREAM_UNSUPPORTED_STANZA_TYPE, NULL);
}

struct managed_view stream_management_look(const struct managed *managed)
{
    return (struct managed_view){ managed->handled, managed->sent, managed->queue.count };
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
    description_session(description, "a copy of what session", session);
    description_count(description, "keeps as its", place_of_copy(session, copies));
    description_count(description, "holders", copies->holders);
    description_word(description, copies->delivered, "delivered");
}

void stream_management_describe(struct description *description, const struct managed *managed)
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

#include "stream/stream_management.h"

#include "account/user.h"
#include "base/datatype.h"
#include "base/identifier.h"
#include "message/offline.h"
#include "message/undelivered.h"
#include "presence/owed.h"
#include "session/acks.h"
#include "session/stream_error.h"
#include "stream/session_manager.h"
#include "xml/parser.h"

#include <assert.h>
#include <string.h>
#include <utlist.h>

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

/* Sends the contents of the buffer, and frees it. */
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

/* Only a connected resource may enable it, and only once: a second attempt ends the stream. */
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
        identifier_make(managed->id, STREAM_ID_BYTES, core->ports.random, core->ports.host);
    session->managed = managed;
    send_enabled(session);
}

/* ---- Acknowledgements (4) ---- */

/* Reads an unsignedInt (XEP-0198, 13); false when it is missing or malformed. */
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
    if (!acks_acknowledge(managed, h)) {
        refuse_count(session, h, managed->sent);
        return;
    }
    acks_consider_asking(managed);
    owed_go_on(session);
    offline_go_on(session);
}

static void answer_request(struct session *session, const struct element *element)
{
    (void)element;
    send_ack(session);
}

void stream_management_say_goodbye(struct session *session)
{
    if (session->managed != NULL)
        send_ack(session);
}

/* ---- Hibernation and resumption (5) ---- */

static void send_resumed(struct session *session)
{
    struct buffer out;
    begin_element(&out, session, "resumed");
    write_count(&out, "h", session->managed->handled);
    write_attribute(&out, "previd", session->managed->id);
    send_empty(session, &out);
}

/* The account's session with that id, if it can be resumed. */
static struct session *find_previous(const struct session *session, const char *id)
{
    struct jid jid;
    jid_make(&jid, session->username, session->host, NULL);
    const struct user *user = user_find(session->core, jid.bare);
    struct session *s = user != NULL ? user->resources : NULL;
    while (s != NULL && !(session_is_live(s) && session_is_resumable(s) && strcmp(s->managed->id, id) == 0))
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
    if (session->core->settings.resume_time == 0) {
        fail(session, "feature-not-implemented");
        return;
    }
    struct session *previous = find_previous(session, id);
    if (previous == NULL) {
        fail(session, "item-not-found");
        return;
    }
    if (!acks_acknowledge(previous->managed, h)) {
        refuse_count(session, h, previous->managed->sent);
        return;
    }
    session_manager_resume(previous, session);
    send_resumed(previous);
    previous->managed->queue.again = previous->managed->queue.first;
    undelivered_forget_blocked(previous);
    acks_send_again(previous);
    owed_go_on(previous);
    offline_go_on(previous);
}

/* ---- Receiving ---- */

static const struct command {
    const char *name;
    bool managed; /* only after it is enabled */
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

#include "session/client_state.h"

#include "base/description.h"
#include "session/acks.h"

#include <string.h>

struct held {
    struct held *next;
    size_t length;
    char xml[];
};

struct inactive {
    struct held *first;
    size_t count, bytes;
};

/* ---- Held presence ---- */

/* One at a time: sending may end the session, or make it hibernate, which calls this function again. */
void client_state_flush(struct session *session)
{
    while (session->client_state != NULL && session->client_state->first != NULL && !session->doomed) {
        struct inactive *state = session->client_state;
        struct held *held = state->first;
        state->first = held->next;
        state->count--;
        state->bytes -= held->length;
        session_write(session, held->xml, held->length, NULL);
        memory_free(session->core->memory, held);
    }
}

/* Only notifications can wait.  Subscription stanzas, probes and errors are sent at once. */
static bool can_wait(const char *xml, size_t length)
{
    static const char presence[] = "<presence";
    size_t type_length;
    if (length < sizeof presence || memcmp(xml, presence, sizeof presence - 1) != 0)
        return false;
    const char *type = written_attribute(xml, "type", &type_length);
    return type == NULL ||
           (type_length == strlen("unavailable") && memcmp(type, "unavailable", type_length) == 0);
}

static bool same_sender(const char *a, const char *b)
{
    size_t a_length, b_length;
    const char *from_a = written_attribute(a, "from", &a_length);
    const char *from_b = written_attribute(b, "from", &b_length);
    return from_a != NULL && from_b != NULL && a_length == b_length && memcmp(from_a, from_b, a_length) == 0;
}

static void forget_earlier(struct session *session, const char *xml)
{
    struct inactive *state = session->client_state;
    for (struct held **at = &state->first; *at != NULL; at = &(*at)->next) {
        struct held *held = *at;
        if (!same_sender(held->xml, xml))
            continue;
        *at = held->next;
        state->count--;
        state->bytes -= held->length;
        memory_free(session->core->memory, held);
        return;
    }
}

/* The escaped form of a character in an attribute; NULL when it is never escaped. */
static const char *escape_of(char c)
{
    static const char *const escapes[] = { "&amp;", "&lt;", "&gt;", "&quot;", "&apos;" };
    static const char escaped[] = "&<>\"'";
    const char *found = strchr(escaped, c);
    return found != NULL && c != '\0' ? escapes[found - escaped] : NULL;
}

/* Whether an attribute, as written, has an address as its value. */
static bool says(const char *written, size_t length, const char *address)
{
    const char *end = written + length;
    for (; *address != '\0'; address++) {
        const char *escape = escape_of(*address);
        size_t escape_length = escape != NULL ? strlen(escape) : 0;
        bool is_escaped = escape != NULL && (size_t)(end - written) >= escape_length &&
                          memcmp(written, escape, escape_length) == 0;
        if (!is_escaped && (written == end || *written != *address))
            return false;
        written += is_escaped ? escape_length : 1;
    }
    return written == end;
}

/* The confirmation of the client's own unavailable presence is sent at once: the presence of others that
 * the client receives after it is a new start. */
static bool is_own_leave(const struct session *session, const char *xml)
{
    size_t length;
    const char *from = written_attribute(xml, "from", &length);
    return written_attribute(xml, "type", &(size_t){ 0 }) != NULL && from != NULL &&
           says(from, length, session->full_jid);
}

bool client_state_hold(struct session *session, const char *xml, size_t length)
{
    struct inactive *state = session->client_state;
    bool waits = can_wait(xml, length) && !is_own_leave(session, xml);
    struct held *held = waits ? session->core->memory->alloc(sizeof *held + length) : NULL;
    if (held == NULL) {
        client_state_flush(session);
        return false;
    }
    *held = (struct held){ .length = length };
    memcpy(held->xml, xml, length);
    forget_earlier(session, xml);
    struct held **end = &state->first;
    while (*end != NULL)
        end = &(*end)->next;
    *end = held;
    state->count++;
    state->bytes += length;
    const struct core_limits *limits = &session->core->settings.limits;
    if (state->count > limits->held_presence || state->bytes > limits->held_presence_bytes)
        client_state_flush(session);
    return true;
}

/* ---- States ---- */

void client_state_sleep(struct session *session)
{
    if (session->client_state == NULL)
        session->client_state = memory_new(session->core->memory, sizeof *session->client_state);
}

void client_state_free(struct session *session)
{
    struct inactive *state = session->client_state;
    if (state == NULL)
        return;
    while (state->first != NULL) {
        struct held *held = state->first;
        state->first = held->next;
        memory_free(session->core->memory, held);
    }
    memory_free(session->core->memory, state);
    session->client_state = NULL;
}

void client_state_wake(struct session *session)
{
    if (session->client_state == NULL)
        return;
    client_state_flush(session);
    client_state_free(session);
}

void client_state_describe(struct description *description, const struct session *session)
{
    description_line(description, "inactive");
    description_in(description);
    for (const struct held *held = session->client_state->first; held != NULL; held = held->next) {
        description_line(description, "held back");
        description_bytes(description, "XML", held->xml, held->length);
    }
    description_out(description);
}

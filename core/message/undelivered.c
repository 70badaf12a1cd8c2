#include "message/undelivered.h"

#include "account/user.h"
#include "delivery/carbons.h"
#include "delivery/reply.h"
#include "message/message.h"
#include "session/acks.h"
#include "xml/parser.h"

#include <string.h>

/* Whether another resource has the message, or will pass it on. */
static bool is_cared_for(const struct unacked *unacked)
{
    return unacked->copies != NULL && (unacked->copies->delivered || unacked->copies->holders > 1);
}

/* Whether the domain has already added a <delay/>.  One from the sender, or in a forwarded message, does
 * not count (XEP-0203, 4). */
static bool is_delayed_by(const struct element *message, const char *domain)
{
    for (const struct element *e = element_first_child(message); e != NULL; e = element_next_sibling(e)) {
        const char *from = element_is(e, "delay", NS_DELAY) ? element_get(e, "from") : NULL;
        if (from != NULL && strcmp(from, domain) == 0)
            return true;
    }
    return false;
}

static struct stanza *copy_delayed(struct core *core, const struct element *element, uint64_t time)
{
    struct stanza *stanza = stanza_copy(core->memory, element);
    if (stanza == NULL)
        return NULL;
    struct jid to;
    const char *recipient = element_get(element, "to");
    if (recipient != NULL && jid_parse_string(&to, recipient) && !is_delayed_by(element, to.domain))
        stanza_add_delay(stanza, to.domain, time);
    if (!stanza_failed(stanza))
        return stanza;
    stanza_free(stanza);
    return NULL;
}

static void reroute_message(struct core *core, const struct element *message, uint64_t time)
{
    struct stanza *stanza = copy_delayed(core, message, time);
    if (stanza != NULL)
        message_route(core, stanza);
}

/* Answers a request that will not be answered otherwise (RFC 6120, 8.2.3). */
static void refuse_request(struct core *core, const struct element *iq)
{
    struct stanza *stanza = stanza_copy(core->memory, iq);
    if (stanza != NULL)
        reply_error(core, stanza, (struct stanza_error){ "cancel", "service-unavailable", NULL });
    stanza_free(stanza);
}

static void send_elsewhere(struct core *core, const struct element *element, const struct unacked *unacked)
{
    enum stanza_kind kind = stanza_kind(element);
    if (kind == STANZA_IQ)
        refuse_request(core, element);
    else if (kind == STANZA_MESSAGE && !is_cared_for(unacked) && carbons_copied(element) == NULL)
        reroute_message(core, element, unacked->time);
}

/* A stanza that cannot be parsed is dropped; the others are not affected. */
void undelivered_route(struct core *core, const struct unacked_queue *queue)
{
    for (const struct unacked *unacked = queue->first; unacked != NULL; unacked = unacked->next) {
        const struct core_store_entry entry = { .value = unacked->xml };
        struct stanza *read = parser_read_stored(&core->parsers, &entry, 1);
        const struct element *stanza = read != NULL ? element_first_child(read->root) : NULL;
        if (stanza != NULL)
            send_elsewhere(core, stanza, unacked);
        stanza_free(read);
    }
}

/* Parses a stanza of the queue; NULL when there is no memory. */
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

/* Whether this is the server's own answer to what the user sent to a JID that it has blocked (XEP-0191, 3.3): it comes
 * in the name of that JID. */
static bool is_answer_of_the_server(const struct element *stanza)
{
    const struct element *error = element_child(stanza, "error", NS_CLIENT);
    return error != NULL && element_child(error, "blocked", NS_BLOCKED) != NULL;
}

/* A blocked request is answered (RFC 6120, 8.2.3), as if it arrived now.  Without memory to parse a stanza
 * the session is disconnected. */
static bool is_from_the_blocked(void *context, const struct unacked *unacked)
{
    struct session *session = context;
    struct stanza *stanza = read_unacked(session->core, unacked);
    bool blocked = stanza != NULL && !is_answer_of_the_server(stanza->root) &&
                   sender_is_blocked(session->user, stanza->root);
    if (stanza == NULL)
        session_disconnect(session);
    else if (blocked && stanza_kind(stanza->root) == STANZA_IQ)
        reply_unavailable(session->core, stanza);
    stanza_free(stanza);
    return blocked;
}

void undelivered_forget_blocked(struct session *session)
{
    if (session->managed != NULL && session->user->blocks)
        acks_forget(session, is_from_the_blocked, session);
}

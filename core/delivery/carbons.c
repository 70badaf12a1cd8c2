#include "delivery/carbons.h"

#include "account/user.h"
#include "session/send.h"
#include "session/tables.h"

#include <limits.h>
#include <string.h>

#define NS_MUC_USER          "http://jabber.org/protocol/muc#user"
#define NS_DIRECT_INVITATION "jabber:x:conference"

/* ---- Enabling and disabling ---- */

/* ---- Which messages (6.1) ---- */

enum direction { SENT, RECEIVED };

static bool is_type(const struct element *message, const char *type)
{
    const char *actual = element_get(message, "type");
    return actual != NULL && strcmp(actual, type) == 0;
}

/* Any element in a namespace of instant messaging: XEP-0184, XEP-0085, XEP-0333. */
static bool has_im_payload(const struct element *message)
{
    static const char *const namespaces[] = { "urn:xmpp:receipts", "http://jabber.org/protocol/chatstates",
                                              "urn:xmpp:chat-markers:0" };
    for (const struct element *e = element_first_child(message); e != NULL; e = element_next_sibling(e))
        for (size_t i = 0; i < sizeof namespaces / sizeof namespaces[0]; i++)
            if (strcmp(e->ns, namespaces[i]) == 0)
                return true;
    return false;
}

/* An invitation to a room, sent by the room or directly.  All other messages of a room are sent by it to
 * every resource that joined. */
static bool is_invitation(const struct element *message)
{
    const struct element *room = element_child(message, "x", NS_MUC_USER);
    return element_child(message, "x", NS_DIRECT_INVITATION) != NULL ||
           (room != NULL && element_child(room, "invite", NS_MUC_USER) != NULL);
}

static bool is_private(const struct element *message)
{
    return element_child(message, "private", NS_CARBONS) != NULL ||
           element_child(message, "no-copy", NS_HINTS) != NULL; /* XEP-0334, 4.3 */
}

/* An error answers an eligible message if the part of the message that it contains (RFC 6120, 8.3.1) is
 * eligible. */
static bool is_eligible(const struct element *message, enum direction direction)
{
    if (is_private(message) || is_type(message, "groupchat"))
        return false;
    if (is_invitation(message))
        return true;
    const char *to = element_get(message, "to");
    bool is_for_resource = to != NULL && strchr(to, '/') != NULL;
    if (direction == RECEIVED && is_for_resource && element_child(message, "x", NS_MUC_USER) != NULL)
        return false;
    bool is_headline = is_type(message, "headline");
    return is_type(message, "chat") || has_im_payload(message) ||
           (!is_headline && element_child(message, "body", NS_CLIENT) != NULL);
}

/* ---- Copying (7, 8) ---- */

/* Whether a resource has sent the message, or has been delivered it. */
static bool has_it(const struct session *session, const struct stanza *message, struct delivery delivery)
{
    const char *from = element_get(message->root, "from");
    if (from != NULL && strcmp(from, session->full_jid) == 0)
        return true;
    if (delivery.one != NULL)
        return session == delivery.one;
    return session_takes_messages(session) && session->priority >= delivery.least_priority;
}

static bool wants_copy(const struct session *session, const struct stanza *message, struct delivery delivery)
{
    return session->carbons && session_is_live(session) && !has_it(session, message, delivery);
}

static struct stanza *wrap_written(const struct user *user, const struct stanza *message,
                                   enum direction direction, const struct buffer *xml)
{
    struct stanza *copy = stanza_new(user->core->memory, "message", NS_CLIENT);
    if (copy == NULL)
        return NULL;
    element_set(copy, copy->root, "from", user->bare_jid);
    element_set(copy, copy->root, "type", element_get(message->root, "type"));
    struct element *carbon =
        element_add(copy, copy->root, direction == SENT ? "sent" : "received", NS_CARBONS);
    struct element *forwarded = element_add(copy, carbon, "forwarded", NS_FORWARD);
    element_add_written(copy, forwarded, xml->bytes, xml->length);
    if (!stanza_failed(copy))
        return copy;
    stanza_free(copy);
    return NULL;
}

/* Wraps a message as a copy, owned by the caller; NULL when there is no memory. */
static struct stanza *wrap(const struct user *user, const struct stanza *message, enum direction direction)
{
    struct buffer xml;
    buffer_init(&xml, user->core->memory);
    element_write(&xml, message->root, "");
    struct stanza *copy = xml.failed ? NULL : wrap_written(user, message, direction, &xml);
    buffer_free(&xml);
    return copy;
}

/* Whether any resource has enabled carbons; in few accounts one has. */
static bool is_copied(const struct user *user)
{
    const struct session *s = user->resources;
    while (s != NULL && !s->carbons)
        s = s->user_next;
    return s != NULL;
}

/* Sends the copies.  A resource whose copy could not be made is disconnected, because it would not know
 * that it missed one. */
static void send_copies(struct user *user, const struct stanza *message, enum direction direction,
                        struct delivery delivery)
{
    struct session *first = user->resources;
    while (first != NULL && !wants_copy(first, message, delivery))
        first = first->user_next;
    if (first == NULL)
        return;
    struct stanza *copy = wrap(user, message, direction);
    struct rendered rendered;
    rendered_init(&rendered, user->core->memory);
    if (copy != NULL)
        rendered_write(&rendered, copy->root);
    for (struct session *s = first; s != NULL; s = s->user_next) {
        if (!wants_copy(s, message, delivery))
            continue;
        if (copy != NULL)
            session_send_rendered(s, &rendered, s->full_jid);
        else
            session_disconnect(s);
    }
    rendered_free(&rendered);
    stanza_free(copy);
}

static const struct delivery to_none = { NULL, INT_MAX };

void carbons_sent(struct session *session, const struct stanza *message, const struct jid *to)
{
    if (!is_copied(session->user))
        return;
    bool is_own = to == NULL || strcmp(to->bare, session->user->bare_jid) == 0;
    if (!is_own && is_eligible(message->root, SENT))
        send_copies(session->user, message, SENT, to_none);
}

void carbons_received(struct user *user, const struct stanza *message, struct delivery delivery)
{
    if (is_copied(user) && is_eligible(message->root, RECEIVED))
        send_copies(user, message, RECEIVED, delivery);
}

void carbons_bounced(struct core *core, const struct stanza *message, const struct stanza *error)
{
    struct jid sender;
    if (stanza_kind(message->root) != STANZA_MESSAGE || !is_eligible(message->root, SENT) ||
        !jid_parse_string(&sender, element_get(message->root, "from")))
        return;
    /* The sender's own account: no copy of a message to it was made as sent. */
    struct user *user = user_find(core, sender.bare);
    struct jid to;
    bool is_own = !jid_parse_string(&to, element_get(message->root, "to")) || jid_equal_bare(&to, &sender);
    if (user != NULL && !is_own)
        send_copies(user, error, RECEIVED, (struct delivery){ session_find(core, sender.full), INT_MAX });
}

/* ---- Recognising copies (11) ---- */

const struct element *carbons_copied(const struct element *message)
{
    struct jid to;
    const char *from = element_get(message, "from");
    if (from == NULL || !jid_parse_string(&to, element_get(message, "to")) || strcmp(from, to.bare) != 0)
        return NULL;
    const struct element *carbon = element_child(message, "received", NS_CARBONS);
    if (carbon == NULL)
        carbon = element_child(message, "sent", NS_CARBONS);
    const struct element *forwarded = carbon != NULL ? element_child(carbon, "forwarded", NS_FORWARD) : NULL;
    return forwarded != NULL ? element_child(forwarded, "message", NS_CLIENT) : NULL;
}

bool sender_is_blocked(const struct user *user, const struct element *stanza)
{
    const struct element *copied = carbons_copied(stanza);
    const char *from = element_get(copied != NULL ? copied : stanza, "from");
    return from != NULL && user_blocks(user, from);
}

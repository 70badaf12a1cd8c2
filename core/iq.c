#include "iq.h"

#include "disco.h"
#include "entity.h"
#include "registration.h"
#include "remote.h"
#include "roster_query.h"
#include "router.h"
#include "user.h"

#include <string.h>

/* Where an iq that the server answers was addressed to. */
enum addressee {
    OWN_ACCOUNT = 1,
    OTHER_ACCOUNT = 2,
    HOST = 4,
    STRANGER = 8, /* beside one of the others: and the sender is at another server */
};

/* XEP-0199, 4.2: a server answers for itself, and for an account to that account; to others it does not say
 * which accounts there are. */
static void answer_ping(struct session *session, struct stanza *iq)
{
    router_confirm(session->core, iq);
    stanza_free(iq);
}

/* Somebody else's roster is none of the client's business (RFC 6121, 2.3.3). */
static void forbid(struct session *session, struct stanza *iq)
{
    router_bounce(session->core, iq, (struct stanza_error){ "auth", "forbidden", NULL });
    stanza_free(iq);
}

/* A session has one resource for its life; RFC 6120, 7, leaves open what a second request gets. */
static void refuse_binding(struct session *session, struct stanza *iq)
{
    router_bounce(session->core, iq,
                  (struct stanza_error){ "cancel", "not-allowed", "a resource is bound already" });
    stanza_free(iq);
}

/* What the server answers: the payload, whom it was for, the type of the request, and who acts.  The handler
 * takes the iq. */
static const struct iq_handler {
    const char *name;
    const char *ns;
    unsigned addressees;
    const char *type;
    void (*act)(struct session *session, struct stanza *iq);
} handlers[] = {
    { "query", NS_ROSTER, OWN_ACCOUNT, "get", roster_query_get },
    { "query", NS_ROSTER, OWN_ACCOUNT, "set", roster_query_set },
    { "query", NS_ROSTER, OTHER_ACCOUNT | STRANGER, "get", forbid },
    { "query", NS_ROSTER, OTHER_ACCOUNT | STRANGER, "set", forbid },
    { "bind", NS_BIND, OWN_ACCOUNT | HOST, "set", refuse_binding },
    { "ping", NS_PING, OWN_ACCOUNT | HOST | STRANGER, "get", answer_ping },
    { "query", NS_DISCO_INFO, HOST | STRANGER, "get", disco_host_info },
    { "query", NS_DISCO_ITEMS, HOST | STRANGER, "get", disco_host_items },
    { "query", NS_DISCO_INFO, OWN_ACCOUNT | OTHER_ACCOUNT | STRANGER, "get", disco_account },
    { "query", NS_DISCO_ITEMS, OWN_ACCOUNT | OTHER_ACCOUNT | STRANGER, "get", disco_account },
    { "query", NS_VERSION, HOST | STRANGER, "get", entity_version },
    { "time", NS_TIME, OWN_ACCOUNT | HOST | STRANGER, "get", entity_time },
    { "query", NS_REGISTER, OWN_ACCOUNT | HOST, "get", registration_get },
    { "query", NS_REGISTER, OWN_ACCOUNT | HOST, "set", registration_set },
};

static void refuse(struct session *session, struct stanza *iq, struct stanza_error error)
{
    router_bounce(session->core, iq, error);
    stanza_free(iq);
}

static void answer(struct session *session, struct stanza *iq, unsigned addressee)
{
    const char *type = element_get(iq->root, "type");
    const struct element *payload = element_first_child(iq->root);
    for (size_t i = 0; i < sizeof handlers / sizeof handlers[0]; i++) {
        const struct iq_handler *handler = &handlers[i];
        if ((handler->addressees & addressee) == addressee && strcmp(type, handler->type) == 0 &&
            element_is(payload, handler->name, handler->ns)) {
            handler->act(session, iq);
            return;
        }
    }
    refuse(session, iq, (struct stanza_error){ "cancel", "service-unavailable", NULL });
}

static bool is_request(const char *type)
{
    return strcmp(type, "get") == 0 || strcmp(type, "set") == 0;
}

static bool is_response(const char *type)
{
    return strcmp(type, "result") == 0 || strcmp(type, "error") == 0;
}

/* RFC 6120, 8.2.3: an id, one of four types, and in a request exactly one payload. */
static bool is_well_made(const struct element *iq)
{
    const char *type = element_get(iq, "type");
    if (type == NULL || element_get(iq, "id") == NULL)
        return false;
    if (is_response(type))
        return true;
    const struct element *payload = element_first_child(iq);
    return is_request(type) && payload != NULL && element_next_sibling(payload) == NULL;
}

static void route_to_full(struct session *session, struct stanza *iq, const struct jid *to)
{
    struct session *recipient = router_find(session->core, to->full);
    if (recipient != NULL)
        session_send(recipient, iq);
    else
        router_bounce(session->core, iq, (struct stanza_error){ "cancel", "service-unavailable", NULL });
    stanza_free(iq);
}

static enum addressee addressee_of(const struct session *session, const struct jid *to)
{
    if (to == NULL)
        return OWN_ACCOUNT;
    if (to->local == NULL)
        return HOST;
    return strcmp(to->bare, session->user->bare_jid) == 0 ? OWN_ACCOUNT : OTHER_ACCOUNT;
}

void iq_receive(struct session *session, struct stanza *iq, const struct jid *to)
{
    if (!is_well_made(iq->root)) {
        refuse(session, iq, (struct stanza_error){ "modify", "bad-request", NULL });
        return;
    }
    if (to != NULL && !router_is_local(session->core, to)) {
        remote_send(session->core, iq);
        stanza_free(iq);
        return;
    }
    if (to != NULL && to->local != NULL && to->resource != NULL)
        route_to_full(session, iq, to);
    else if (is_request(element_get(iq->root, "type")))
        answer(session, iq, addressee_of(session, to));
    else
        stanza_free(iq); /* an answer to something the server asked, such as a roster push */
}

/* A handler that serves strangers needs no more of the session than its core. */
void iq_arrived(struct core *core, struct stanza *iq, const struct jid *to)
{
    struct session stranger = { .core = core };
    if (!is_well_made(iq->root))
        refuse(&stranger, iq, (struct stanza_error){ "modify", "bad-request", NULL });
    else if (to->local != NULL && to->resource != NULL)
        route_to_full(&stranger, iq, to);
    else if (is_request(element_get(iq->root, "type")))
        answer(&stranger, iq, STRANGER | (unsigned)(to->local == NULL ? HOST : OTHER_ACCOUNT));
    else
        stanza_free(iq);
}

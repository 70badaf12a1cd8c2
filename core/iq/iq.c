#include "iq/iq.h"

#include "account/user.h"
#include "delivery/reply.h"
#include "delivery/s2s_out.h"
#include "iq/blocking.h"
#include "iq/disco.h"
#include "iq/iq_work.h"
#include "iq/last_activity.h"
#include "iq/registration.h"
#include "iq/roster_query.h"
#include "iq/version_time.h"
#include "presence/directed.h"
#include "session/tables.h"

#include <assert.h>
#include <string.h>

/* The recipient of an iq that the server answers. */
enum addressee {
    OWN_ACCOUNT = 1,
    OTHER_ACCOUNT = 2,
    HOST = 4,
    STRANGER = 8,  /* in addition to one of the others: the sender is at a remote server */
    RESOURCE = 16, /* of any account: the handler decides whether it is passed on */
};

/* XEP-0199, 4.2: the server answers for itself, and for an account to that account only, so as not to
 * reveal which accounts exist. */
static void answer_ping(const struct iq_request *request)
{
    reply_result(request->core, request->iq);
    stanza_free(request->iq);
}

/* Another account's roster is forbidden (RFC 6121, 2.3.3), the same way for an account that does not exist,
 * or that has blocked the client.  The account is not loaded. */
static void forbid(const struct iq_request *request)
{
    reply_error(request->core, request->iq, (struct stanza_error){ "auth", "forbidden", NULL });
    stanza_free(request->iq);
}

/* Only an account itself can enable carbons for it (XEP-0280, 5.1); all others get the same answer. */
static void disallow(const struct iq_request *request)
{
    reply_error(request->core, request->iq, (struct stanza_error){ "cancel", "not-allowed", NULL });
    stanza_free(request->iq);
}

/* A session has one resource for its life.  RFC 6120, 7, does not say how a second request is answered. */
static void refuse_binding(const struct iq_request *request)
{
    reply_error(request->core, request->iq,
                (struct stanza_error){ "cancel", "not-allowed", "a resource is bound already" });
    stanza_free(request->iq);
}

static void set_carbons(const struct iq_request *request, bool carbons)
{
    request->session->carbons = carbons;
    reply_result(request->core, request->iq);
    stanza_free(request->iq);
}

static void enable_carbons(const struct iq_request *request)
{
    set_carbons(request, true);
}

static void disable_carbons(const struct iq_request *request)
{
    set_carbons(request, false);
}

/* The iqs that the server answers or examines, by payload, recipient and type, and their handlers.  A
 * handler takes the iq. */
static const struct iq_handler {
    const char *name;
    const char *ns;
    unsigned addressees;
    unsigned feature; /* bit of enum core_feature that it requires; 0: none */
    const char *type;
    void (*act)(const struct iq_request *request);
} handlers[] = {
    { "query", NS_ROSTER, OWN_ACCOUNT, 0, "get", roster_query_get },
    { "query", NS_ROSTER, OWN_ACCOUNT, 0, "set", roster_query_set },
    { "query", NS_ROSTER, OTHER_ACCOUNT | STRANGER, 0, "get", forbid },
    { "query", NS_ROSTER, OTHER_ACCOUNT | STRANGER, 0, "set", forbid },
    { "bind", NS_BIND, OWN_ACCOUNT | HOST, 0, "set", refuse_binding },
    { "ping", NS_PING, OWN_ACCOUNT | HOST | STRANGER, 0, "get", answer_ping },
    { "query", NS_DISCO_INFO, HOST | STRANGER, 0, "get", disco_host_info },
    { "query", NS_DISCO_ITEMS, HOST | STRANGER, 0, "get", disco_host_items },
    { "query", NS_DISCO_INFO, OWN_ACCOUNT | OTHER_ACCOUNT | STRANGER, 0, "get", disco_account },
    { "query", NS_DISCO_ITEMS, OWN_ACCOUNT | OTHER_ACCOUNT | STRANGER, 0, "get", disco_account },
    { "query", NS_VERSION, HOST | STRANGER, 0, "get", version_answer },
    { "time", NS_TIME, OWN_ACCOUNT | HOST | STRANGER, 0, "get", time_answer },
    { "query", NS_REGISTER, OWN_ACCOUNT | HOST, 0, "get", registration_get },
    { "query", NS_REGISTER, OWN_ACCOUNT | HOST, 0, "set", registration_set },
    { "enable", NS_CARBONS, OWN_ACCOUNT, CORE_CARBONS, "set", enable_carbons },
    { "disable", NS_CARBONS, OWN_ACCOUNT, CORE_CARBONS, "set", disable_carbons },
    { "enable", NS_CARBONS, OTHER_ACCOUNT | STRANGER, CORE_CARBONS, "set", disallow },
    { "disable", NS_CARBONS, OTHER_ACCOUNT | STRANGER, CORE_CARBONS, "set", disallow },
    { "blocklist", NS_BLOCKING, OWN_ACCOUNT, CORE_BLOCKING, "get", blocking_list },
    { "block", NS_BLOCKING, OWN_ACCOUNT, CORE_BLOCKING, "set", blocking_block },
    { "unblock", NS_BLOCKING, OWN_ACCOUNT, CORE_BLOCKING, "set", blocking_unblock },
    { "query", NS_LAST, HOST | STRANGER, CORE_LAST_ACTIVITY, "get", last_activity_host },
    { "query", NS_LAST, OWN_ACCOUNT | OTHER_ACCOUNT | STRANGER, CORE_LAST_ACTIVITY, "get",
      last_activity_account },
    { "query", NS_LAST, RESOURCE | STRANGER, CORE_LAST_ACTIVITY, "get", last_activity_resource },
};
enum { HANDLERS = sizeof handlers / sizeof handlers[0] };

static void refuse(struct core *core, struct stanza *iq, struct stanza_error error)
{
    reply_error(core, iq, error);
    stanza_free(iq);
}

static const struct iq_handler *find_handler(const struct core *core, const struct element *iq,
                                             unsigned addressee)
{
    const char *type = element_get(iq, "type");
    const struct element *payload = element_first_child(iq);
    for (size_t i = 0; i < HANDLERS; i++) {
        const struct iq_handler *handler = &handlers[i];
        bool is_on = (core->settings.features & handler->feature) == handler->feature;
        if (is_on && (handler->addressees & addressee) == addressee && strcmp(type, handler->type) == 0 &&
            element_is(payload, handler->name, handler->ns))
            return handler;
    }
    return NULL;
}

static void answer(const struct iq_request *request, unsigned addressee)
{
    const struct iq_handler *handler = find_handler(request->core, request->iq->root, addressee);
    if (handler != NULL)
        handler->act(request);
    else
        refuse(request->core, request->iq, (struct stanza_error){ "cancel", "service-unavailable", NULL });
}

static bool is_request(const char *type)
{
    return strcmp(type, "get") == 0 || strcmp(type, "set") == 0;
}

static bool is_response(const char *type)
{
    return strcmp(type, "result") == 0 || strcmp(type, "error") == 0;
}

/* RFC 6120, 8.2.3: an id, one of four types, and exactly one payload in a request. */
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

bool iq_is_answered_alike(const struct core *core, const struct element *iq, const struct jid *to)
{
    if (to->resource != NULL || to->local == NULL || !is_well_made(iq) ||
        !is_request(element_get(iq, "type")))
        return false;
    const struct iq_handler *handler = find_handler(core, iq, OTHER_ACCOUNT);
    return handler != NULL && (handler->act == forbid || handler->act == disallow);
}

/* Whether a request is for a resource whose existence the sender may know: it may see the presence of that
 * account, or the resource has sent it directed presence (RFC 6121, 8.5.3.1). */
static bool is_expected(const struct core *core, const struct stanza *iq)
{
    const struct session *recipient = session_find(core, element_get(iq->root, "to"));
    struct jid from;
    if (core->settings.iq_from_strangers || recipient == NULL)
        return true;
    jid_parse_known(&from, element_get(iq->root, "from"));
    return user_is_seen_by(recipient->user, from.bare) || directed_to_account(recipient, from.bare);
}

static void route_to_full(const struct iq_request *request, unsigned addressee)
{
    struct core *core = request->core;
    struct stanza *iq = request->iq;
    bool asks = is_request(element_get(iq->root, "type"));
    const struct iq_handler *handler = asks ? find_handler(core, iq->root, addressee) : NULL;
    if (handler != NULL)
        handler->act(request);
    else if (asks && !is_expected(core, iq))
        refuse(core, iq, (struct stanza_error){ "cancel", "service-unavailable", NULL });
    else
        iq_deliver(core, iq);
}

static bool is_for_resource(const struct jid *to)
{
    return to != NULL && to->local != NULL && to->resource != NULL;
}

/* `sender` is STRANGER, or 0 for a local client. */
static void receive(const struct iq_request *request, unsigned addressee, unsigned sender)
{
    if (!is_well_made(request->iq->root))
        refuse(request->core, request->iq, (struct stanza_error){ "modify", "bad-request", NULL });
    else if (is_for_resource(request->to))
        route_to_full(request, RESOURCE | sender);
    else if (is_request(element_get(request->iq->root, "type")))
        answer(request, addressee | sender);
    else
        stanza_free(request->iq); /* the answer to a request of the server, such as a roster push */
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
    if (to != NULL && !host_is_local(session->core, to) && is_well_made(iq->root)) {
        s2s_send(session->core, iq);
        stanza_free(iq);
        return;
    }
    receive(&(struct iq_request){ session->core, session, iq, to }, addressee_of(session, to), 0);
}

void iq_arrived(struct core *core, struct stanza *iq, const struct jid *to)
{
    receive(&(struct iq_request){ core, NULL, iq, to }, to->local == NULL ? HOST : OTHER_ACCOUNT, STRANGER);
}

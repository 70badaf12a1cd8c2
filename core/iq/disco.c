#include "iq/disco.h"

#include "account/user.h"
#include "account/work.h"
#include "delivery/reply.h"
#include "iq/iq_work.h"

#include <assert.h>
#include <string.h>

/* The features of a host, each with the setting that it needs; sorted by name. */
static const struct offer {
    const char *name;
    unsigned feature; /* bit of enum core_feature; 0: always */
} host_offers[] = {
    { NS_DISCO_INFO, 0 },
    { NS_DISCO_ITEMS, 0 },
    { NS_LAST, CORE_LAST_ACTIVITY },
    { NS_REGISTER, 0 },
    { NS_ROSTER, 0 },
    { NS_VERSION, 0 },
    { "msgoffline", CORE_OFFLINE },
    { NS_BLOCKING, CORE_BLOCKING },
    { NS_CARBONS, CORE_CARBONS },
    { NS_PING, 0 },
    { NS_TIME, 0 },
};
static const struct offer account_offers[] = {
    { NS_DISCO_INFO, 0 },
    { NS_DISCO_ITEMS, 0 },
    { NS_LAST, CORE_LAST_ACTIVITY },
    { NS_PING, 0 },
};

static void refuse(struct core *core, const struct stanza *iq, const char *condition)
{
    reply_error(core, iq, (struct stanza_error){ "cancel", condition, NULL });
}

/* There are no nodes, so a request for one is answered with item-not-found (3.2). */
static bool asks_for_node(const struct stanza *iq)
{
    return element_get(element_first_child(iq->root), "node") != NULL;
}

struct identity {
    const char *category, *type, *name;
    const struct offer *offers;
    size_t offer_count;
};

static bool is_offered(const struct core_settings *settings, const struct offer *offer)
{
    if (strcmp(offer->name, NS_VERSION) == 0 && settings->software == NULL)
        return false;
    return (settings->features & offer->feature) == offer->feature;
}

static void answer_info(struct core *core, const struct stanza *iq, const struct identity *identity)
{
    struct stanza *result = stanza_result(core->memory, iq);
    if (result != NULL) {
        struct element *query = element_add(result, result->root, "query", NS_DISCO_INFO);
        struct element *element = element_add(result, query, "identity", NS_DISCO_INFO);
        element_set(result, element, "category", identity->category);
        element_set(result, element, "type", identity->type);
        element_set(result, element, "name", identity->name);
        for (size_t i = 0; i < identity->offer_count; i++) {
            const struct offer *offer = &identity->offers[i];
            if (!is_offered(&core->settings, offer))
                continue;
            struct element *feature = element_add(result, query, "feature", NS_DISCO_INFO);
            element_set(result, feature, "var", offer->name);
        }
    }
    reply_send(core, iq, result);
}

static void answer_no_items(struct core *core, const struct stanza *iq)
{
    struct stanza *result = stanza_result(core->memory, iq);
    if (result != NULL) {
        struct element *query = element_add(result, result->root, "query", NS_DISCO_ITEMS);
        element_set(result, query, "node", element_get(element_first_child(iq->root), "node"));
    }
    reply_send(core, iq, result);
}

/* ---- Hosts ---- */

void disco_host_info(const struct iq_request *request)
{
    const struct identity server = { "server", "im", request->core->settings.software, host_offers,
                                     sizeof host_offers / sizeof host_offers[0] };
    if (asks_for_node(request->iq))
        refuse(request->core, request->iq, "item-not-found");
    else
        answer_info(request->core, request->iq, &server);
    stanza_free(request->iq);
}

void disco_host_items(const struct iq_request *request)
{
    if (asks_for_node(request->iq))
        refuse(request->core, request->iq, "item-not-found");
    else
        answer_no_items(request->core, request->iq);
    stanza_free(request->iq);
}

/* ---- Accounts ---- */

static bool asks_for_items(const struct stanza *iq)
{
    return strcmp(element_first_child(iq->root)->ns, NS_DISCO_ITEMS) == 0;
}

/* Answers for an account that the requester may not see, and for a missing account, in the same way: no
 * items, and no information (8). */
static void hide(struct core *core, const struct stanza *iq)
{
    if (asks_for_items(iq))
        answer_no_items(core, iq);
    else
        refuse(core, iq, "service-unavailable");
}

static void answer_account(struct core *core, const struct stanza *iq)
{
    static const struct identity account = { "account", "registered", NULL, account_offers,
                                             sizeof account_offers / sizeof account_offers[0] };
    if (asks_for_items(iq))
        answer_no_items(core, iq);
    else
        answer_info(core, iq, &account);
}

static void begin(struct user *user, struct user_work *work)
{
    if (!user_is_seen_by(user, element_get(work->stanza->root, "from")))
        hide(user->core, work->stanza);
    else if (asks_for_node(work->stanza))
        refuse(user->core, work->stanza, "item-not-found");
    else
        answer_account(user->core, work->stanza);
    work_finish(user, work);
}

/* Without the roster it is not known whether the requester may see the account, so nothing is said about
 * it.  A blocked requester gets the error for any blocked iq (XEP-0191, 3.3). */
static void failed(struct user *user, struct user_work *work, enum user_failure why)
{
    if (why == USER_BLOCKED)
        reply_unavailable(user->core, work->stanza);
    else
        hide(user->core, work->stanza);
}

static const struct user_work_kind asking = { .name = "answer disco",
                                              .needs = USER_ROSTER | USER_BLOCKLIST,
                                              .from_outside = true,
                                              .begin = begin,
                                              .failed = failed };

void disco_account(const struct iq_request *request)
{
    iq_work_begin(request, &asking, (union work_subject){ 0 });
}

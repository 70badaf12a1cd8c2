#include "disco.h"

#include "router.h"
#include "user.h"

#include <string.h>

/* What the server does for its clients; sorted, for whoever reads it. */
static const char *const host_features[] = {
    NS_DISCO_INFO, NS_DISCO_ITEMS, NS_REGISTER, NS_ROSTER, NS_VERSION, NS_PING, NS_TIME,
};
static const char *const account_features[] = { NS_DISCO_INFO, NS_DISCO_ITEMS, NS_PING };

static void refuse(struct core *core, const struct stanza *iq, const char *condition)
{
    router_bounce(core, iq, (struct stanza_error){ "cancel", condition, NULL });
}

/* There are no nodes, so whoever asks for one asks for what is not there (3.2). */
static bool asks_for_node(const struct stanza *iq)
{
    return element_get(element_first_child(iq->root), "node") != NULL;
}

struct identity {
    const char *category, *type, *name;
    const char *const *features;
    size_t feature_count;
};

static void answer_info(struct core *core, const struct stanza *iq, const struct identity *identity)
{
    struct stanza *result = stanza_result(core->memory, iq);
    if (result != NULL) {
        struct element *query = element_add(result, result->root, "query", NS_DISCO_INFO);
        struct element *element = element_add(result, query, "identity", NS_DISCO_INFO);
        element_set(result, element, "category", identity->category);
        element_set(result, element, "type", identity->type);
        element_set(result, element, "name", identity->name);
        for (size_t i = 0; i < identity->feature_count; i++) {
            struct element *feature = element_add(result, query, "feature", NS_DISCO_INFO);
            element_set(result, feature, "var", identity->features[i]);
        }
    }
    router_reply(core, iq, result);
}

static void answer_no_items(struct core *core, const struct stanza *iq)
{
    struct stanza *result = stanza_result(core->memory, iq);
    if (result != NULL)
        element_add(result, result->root, "query", NS_DISCO_ITEMS);
    router_reply(core, iq, result);
}

/* ---- Hosts ---- */

void disco_host_info(struct session *session, struct stanza *iq)
{
    const struct identity server = { "server", "im", session->core->settings.software, host_features,
                                     sizeof host_features / sizeof host_features[0] };
    if (asks_for_node(iq))
        refuse(session->core, iq, "item-not-found");
    else
        answer_info(session->core, iq, &server);
    stanza_free(iq);
}

void disco_host_items(struct session *session, struct stanza *iq)
{
    if (asks_for_node(iq))
        refuse(session->core, iq, "item-not-found");
    else
        answer_no_items(session->core, iq);
    stanza_free(iq);
}

/* ---- Accounts ---- */

static void answer_account(struct core *core, const struct stanza *iq)
{
    static const struct identity account = { "account", "registered", NULL, account_features,
                                             sizeof account_features / sizeof account_features[0] };
    if (strcmp(element_first_child(iq->root)->ns, NS_DISCO_INFO) == 0)
        answer_info(core, iq, &account);
    else
        answer_no_items(core, iq);
}

/* The account itself, and those that see its presence. */
static bool may_ask(const struct user *user, const struct stanza *iq)
{
    struct jid jid;
    if (!jid_parse_string(&jid, element_get(iq->root, "from")))
        return false;
    const struct roster_item *item = roster_find(user->roster, jid.bare);
    return (item != NULL && item->state.from) || strcmp(jid.bare, user->bare_jid) == 0;
}

static void begin(struct user *user, struct user_work *work)
{
    if (!may_ask(user, work->stanza))
        refuse(user->core, work->stanza, "service-unavailable");
    else if (asks_for_node(work->stanza))
        refuse(user->core, work->stanza, "item-not-found");
    else
        answer_account(user->core, work->stanza);
    user_finish(user, work);
}

/* An account that there is none of answers as one that hides does (XEP-0030, 8). */
static void failed(struct user *user, struct user_work *work, enum user_failure why)
{
    (void)why;
    refuse(user->core, work->stanza, "service-unavailable");
}

static const struct user_work_kind asking = { .begin = begin, .failed = failed };

void disco_account(struct session *session, struct stanza *iq)
{
    struct jid jid;
    const char *to = element_get(iq->root, "to");
    struct user *user = session->user;
    if (to != NULL && jid_parse_string(&jid, to) && jid.local != NULL)
        user = user_get(session->core, jid.local, core_host(session->core, jid.domain)->name);
    bool stranger = session->user == NULL; /* at another server: nobody waits */
    if (user == NULL)
        stanza_free(iq);
    bool begun = user != NULL && user_begin_work(user, &asking, stranger ? NULL : session, iq, NULL, 0);
    if (!begun && !stranger)
        session_disconnect(session);
}

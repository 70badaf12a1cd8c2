#include "iq/roster_query.h"

#include "account/user.h"
#include "presence/subscription.h"
#include "routing/router.h"

#include <assert.h>
#include <string.h>

/* ---- Get (2.1.3, 2.1.4, 2.6) ---- */

/* Whether the client has the roster as it is: then the result is empty (2.6.3).  Any other version gets the
 * whole roster, as Prosody has it, and no interim pushes. */
static bool has_version(const struct stanza *iq, const char *version)
{
    const char *known = element_get(element_first_child(iq->root), "ver");
    return known != NULL && strcmp(known, version) == 0;
}

static void add_roster(struct stanza *result, const struct roster *roster, const char *version)
{
    struct element *query = element_add(result, result->root, "query", NS_ROSTER);
    element_set(result, query, "ver", version);
    for (size_t i = 0; i < roster->count; i++)
        if (!roster->items[i]->hidden)
            roster_add_item(result, query, roster->items[i]);
}

void roster_query_get(struct session *session, struct stanza *iq)
{
    struct core *core = session->core;
    struct stanza *result = stanza_result(core->memory, iq);
    char buffer[ROSTER_VERSION_SIZE];
    const char *version = roster_version(buffer, session->roster);
    bool is_known = has_version(iq, version);
    stanza_free(iq);
    if (result == NULL) {
        session_disconnect(session);
        return;
    }
    if (!is_known)
        add_roster(result, session->roster, version);
    session->interested = true;
    session_send_roster(session, result);
    stanza_free(result);
}

/* ---- Set and remove (2.1.5, 2.3, 2.5) ---- */

/* What the iq asks for, checked.  The strings are the iq's own, but for the JID. */
struct roster_request {
    struct jid jid;
    bool remove;
    const char *name; /* NULL when none */
    const char **groups;
    size_t group_count;
};

static const struct stanza_error bad_request = { "modify", "bad-request", NULL };
static const struct stanza_error no_memory = { "wait", "resource-constraint", NULL };

static struct stanza_error read_group(struct stanza *iq, const struct element *element,
                                      struct roster_request *request, const struct core_limits *limits)
{
    const char *group = element_text(iq, element);
    if (group == NULL)
        return no_memory;
    if (*group == '\0')
        return (struct stanza_error){ "modify", "not-acceptable", "a group needs a name" };
    if (strlen(group) > limits->roster_text_bytes)
        return (struct stanza_error){ "modify", "not-acceptable", "a group's name is too long" };
    if (request->group_count == limits->roster_groups)
        return (struct stanza_error){ "modify", "not-acceptable", "there are too many groups" };
    for (size_t i = 0; i < request->group_count; i++)
        if (strcmp(request->groups[i], group) == 0)
            return (struct stanza_error){ "modify", "bad-request", "a group is named twice" };
    request->groups[request->group_count++] = group;
    return STANZA_OK;
}

static struct stanza_error read_groups(struct stanza *iq, const struct element *item,
                                       struct roster_request *request, const struct core_limits *limits)
{
    size_t most = 0;
    for (struct element *e = element_first_child(item); e != NULL; e = element_next_sibling(e))
        most += element_is(e, "group", NS_ROSTER);
    if (most == 0)
        return STANZA_OK;
    request->groups = arena_alloc(&iq->arena, most * sizeof *request->groups);
    if (request->groups == NULL)
        return no_memory;
    for (struct element *e = element_first_child(item); e != NULL; e = element_next_sibling(e)) {
        if (!element_is(e, "group", NS_ROSTER))
            continue;
        struct stanza_error error = read_group(iq, e, request, limits);
        if (error.condition != NULL)
            return error;
    }
    return STANZA_OK;
}

static struct stanza_error read_contact(const struct session *session, const struct element *item,
                                        struct jid *jid)
{
    const char *text = element_get(item, "jid");
    if (text == NULL)
        return bad_request;
    if (!jid_parse_string(jid, text))
        return (struct stanza_error){ "modify", "jid-malformed", NULL };
    if (jid->resource != NULL)
        return (struct stanza_error){ "modify", "bad-request", "a contact is a bare JID" };
    if (strcmp(jid->bare, session->user->bare_jid) == 0)
        return (struct stanza_error){ "cancel", "not-allowed", "nobody is a contact of his own" };
    return STANZA_OK;
}

static struct stanza_error read_request(const struct session *session, struct stanza *iq,
                                        struct roster_request *request)
{
    const struct core_limits *limits = &session->core->settings.limits;
    const struct element *item = element_first_child(element_first_child(iq->root));
    if (item == NULL || !element_is(item, "item", NS_ROSTER) || element_next_sibling(item) != NULL)
        return bad_request; /* exactly one item (2.1.5) */
    struct stanza_error error = read_contact(session, item, &request->jid);
    if (error.condition != NULL)
        return error;
    const char *subscription = element_get(item, "subscription");
    request->remove = subscription != NULL && strcmp(subscription, "remove") == 0;
    request->name = element_get(item, "name");
    if (request->name != NULL && strlen(request->name) > limits->roster_text_bytes)
        return (struct stanza_error){ "modify", "not-acceptable", "the name is too long" };
    return read_groups(iq, item, request, limits);
}

/* ---- The work ---- */

static void refuse(struct session *session, const struct stanza *iq, struct stanza_error error)
{
    if (session != NULL)
        router_bounce(session->core, iq, error);
}

static struct stanza_error prepare_set(struct user *user, struct user_work *work,
                                       const struct roster_request *request)
{
    if (!roster_change_begin(user->roster, &work->change, request->jid.bare))
        return no_memory;
    work->change.item->hidden = false;
    if (!roster_change_set_name(user->roster, &work->change, request->name) ||
        !roster_change_set_groups(user->roster, &work->change, request->groups, request->group_count))
        return no_memory;
    if (!roster_change_fits(user->roster, &work->change, &user->core->settings.limits))
        return (struct stanza_error){ "wait", "resource-constraint", "the roster is full" };
    return STANZA_OK;
}

static struct stanza_error prepare_remove(struct user *user, struct user_work *work,
                                          const struct roster_request *request)
{
    const struct roster_item *item = roster_find(user->roster, request->jid.bare);
    if (item == NULL || item->hidden)
        return (struct stanza_error){ "cancel", "item-not-found", NULL };
    work->detail = subscription_state_code(item->state);
    if (!roster_change_remove(user->roster, &work->change, request->jid.bare))
        return no_memory;
    return STANZA_OK;
}

static void begin(struct user *user, struct user_work *work)
{
    /* The session has gone, and with it whoever could be told: what was asked for is not done. */
    if (work->session == NULL) {
        user_finish(user, work);
        return;
    }
    struct roster_request request = { .groups = NULL };
    struct stanza_error error = read_request(work->session, work->stanza, &request);
    if (error.condition == NULL)
        error = request.remove ? prepare_remove(user, work, &request) : prepare_set(user, work, &request);
    if (error.condition == NULL) {
        user_save(user, work);
        return;
    }
    refuse(work->session, work->stanza, error);
    user_finish(user, work);
}

/* The result comes first, then the push (2.1.5, 2.1.6). */
static void saved(struct user *user, struct user_work *work)
{
    const struct element *item = element_first_child(element_first_child(work->stanza->root));
    struct jid contact;
    bool valid = jid_parse_string(&contact, element_get(item, "jid"));
    assert(valid); /* it was read when the work began */
    (void)valid;
    router_confirm(user->core, work->stanza);
    const struct roster_item *now = roster_find(user->roster, contact.bare);
    user_push(user, now, contact.bare);
    if (now == NULL)
        subscription_cancel(user, &contact, subscription_state_of(work->detail), work->session);
}

static void failed(struct user *user, struct user_work *work, enum user_failure why)
{
    (void)user;
    const char *condition = why == USER_NO_MEMORY ? "resource-constraint" : "internal-server-error";
    refuse(work->session, work->stanza,
           (struct stanza_error){ "wait", condition, "the roster could not be saved" });
}

static const struct user_work_kind setting = {
    .name = "set a roster item", .needs = USER_ROSTER, .begin = begin, .saved = saved, .failed = failed
};

void roster_query_set(struct session *session, struct stanza *iq)
{
    if (!user_begin_work(session->user, &setting, session, iq, NULL, 0))
        session_disconnect(session);
}

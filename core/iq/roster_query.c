#include "iq/roster_query.h"

#include "account/user.h"
#include "account/user_send.h"
#include "account/work.h"
#include "base/description.h"
#include "delivery/reply.h"
#include "presence/subscription.h"
#include "session/send.h"

#include <assert.h>
#include <string.h>

/* ---- Get (2.1.3, 2.1.4, 2.6) ---- */

/* Whether the client has the current roster: then the result is empty (2.6.3).  For any other version it is
 * the whole roster, as in Prosody, without interim pushes. */
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

void roster_query_get(const struct iq_request *request)
{
    struct core *core = request->core;
    struct stanza *result = stanza_result(core->memory, request->iq);
    char buffer[ROSTER_VERSION_SIZE];
    const char *version = roster_version(buffer, request->session->roster);
    bool is_known = has_version(request->iq, version);
    stanza_free(request->iq);
    if (result == NULL) {
        session_disconnect(request->session);
        return;
    }
    if (!is_known)
        add_roster(result, request->session->roster, version);
    request->session->interested = true;
    session_send_roster(request->session, result);
    stanza_free(result);
}

/* ---- Set and remove (2.1.5, 2.3, 2.5) ---- */

/* The contents of the iq, checked.  The strings are borrowed from the iq, except the JID. */
struct roster_request {
    struct jid jid;
    bool remove;
    const char *name; /* NULL: no name */
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
        return (struct stanza_error){ "modify", "not-acceptable", "a group must have a name" };
    if (strlen(group) > limits->roster_text_bytes)
        return (struct stanza_error){ "modify", "not-acceptable", "a group's name is too long" };
    if (request->group_count == limits->roster_groups)
        return (struct stanza_error){ "modify", "not-acceptable", "there are too many groups" };
    for (size_t i = 0; i < request->group_count; i++)
        if (strcmp(request->groups[i], group) == 0)
            return (struct stanza_error){ "modify", "bad-request", "a group is listed twice" };
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

static struct stanza_error read_contact(const struct element *item, struct jid *jid)
{
    const char *text = element_get(item, "jid");
    if (text == NULL)
        return bad_request;
    if (!jid_parse_string(jid, text))
        return (struct stanza_error){ "modify", "jid-malformed", NULL };
    if (jid->resource != NULL)
        return (struct stanza_error){ "modify", "bad-request", "a contact must be a bare JID" };
    return STANZA_OK;
}

static struct stanza_error read_request(const struct session *session, struct stanza *iq,
                                        struct roster_request *request)
{
    const struct core_limits *limits = &session->core->settings.limits;
    const struct element *item = element_first_child(element_first_child(iq->root));
    if (item == NULL || !element_is(item, "item", NS_ROSTER) || element_next_sibling(item) != NULL)
        return bad_request; /* exactly one item (2.1.5) */
    struct stanza_error error = read_contact(item, &request->jid);
    if (error.condition != NULL)
        return error;
    const char *subscription = element_get(item, "subscription");
    request->remove = subscription != NULL && strcmp(subscription, "remove") == 0;
    /* The roster has no item for the account itself: removing it is item-not-found (2.5.3), and adding it
     * is refused, as some servers do (2.3.3). */
    if (!request->remove && strcmp(request->jid.bare, session->user->bare_jid) == 0)
        return (struct stanza_error){ "cancel", "not-allowed", "an account cannot be its own contact" };
    request->name = element_get(item, "name");
    if (request->name != NULL && *request->name == '\0')
        request->name = NULL; /* an empty name is equivalent to none (2.4.1) */
    if (request->name != NULL && strlen(request->name) > limits->roster_text_bytes)
        return (struct stanza_error){ "modify", "not-acceptable", "the name is too long" };
    return read_groups(iq, item, request, limits);
}

/* ---- The work ---- */

static void refuse(struct session *session, const struct stanza *iq, struct stanza_error error)
{
    if (session != NULL)
        reply_error(session->core, iq, error);
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
    work->subject.removed = item->state;
    if (!roster_change_remove(user->roster, &work->change, request->jid.bare))
        return no_memory;
    return STANZA_OK;
}

static void begin(struct user *user, struct user_work *work)
{
    /* The session is gone, so nothing could be answered: the request is not executed. */
    if (work->session == NULL) {
        work_finish(user, work);
        return;
    }
    struct roster_request request = { .groups = NULL };
    struct stanza_error error = read_request(work->session, work->stanza, &request);
    if (error.condition == NULL)
        error = request.remove ? prepare_remove(user, work, &request) : prepare_set(user, work, &request);
    if (error.condition == NULL) {
        work_save(user, work);
        return;
    }
    refuse(work->session, work->stanza, error);
    work_finish(user, work);
}

/* First the result, then the push: RFC 6121, 2.3.2, mentions them in this order, and requires none. */
static void saved(struct user *user, struct user_work *work)
{
    const struct element *item = element_first_child(element_first_child(work->stanza->root));
    struct jid contact;
    jid_parse_known(&contact, element_get(item, "jid"));
    reply_result(user->core, work->stanza);
    const struct roster_item *now = roster_find(user->roster, contact.bare);
    user_push(user, now, contact.bare);
    if (now == NULL)
        subscription_cancel(user, &contact, work->subject.removed, work->session);
}

static void failed(struct user *user, struct user_work *work, enum user_failure why)
{
    (void)user;
    refuse(work->session, work->stanza, work_error(why, "the roster could not be saved"));
}

static void describe(struct description *description, const union work_subject *subject)
{
    roster_state_describe(description, subject->removed);
}

static const struct user_work_kind setting = { .name = "set a roster item",
                                               .needs = USER_ROSTER,
                                               .begin = begin,
                                               .saved = saved,
                                               .failed = failed,
                                               .describe = describe };

void roster_query_set(const struct iq_request *request)
{
    if (!work_begin(request->session->user, &setting, request->session, request->iq, NULL,
                    (union work_subject){ 0 }))
        session_disconnect(request->session);
}

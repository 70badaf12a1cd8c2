#include "iq/blocking.h"

#include "account/user.h"
#include "account/work.h"
#include "base/description.h"
#include "delivery/reply.h"
#include "message/undelivered.h"
#include "presence/blocked.h"
#include "session/client_state.h"
#include "session/send.h"

#include <assert.h>
#include <string.h>

/* ---- The list (3.2) ---- */

static void add_item(struct stanza *stanza, struct element *parent, const char *jid)
{
    struct element *item = element_add(stanza, parent, "item", NS_BLOCKING);
    element_set(stanza, item, "jid", jid);
}

void blocking_list(const struct iq_request *request)
{
    struct stanza *result = stanza_result(request->core->memory, request->iq);
    stanza_free(request->iq);
    if (result == NULL) {
        session_disconnect(request->session);
        return;
    }
    struct element *query = element_add(result, result->root, "blocklist", NS_BLOCKING);
    const struct blocklist *list = request->session->user->blocklist;
    for (size_t i = 0; i < list->count; i++)
        add_item(result, query, list->jids[i]);
    request->session->asked_blocklist = true;
    session_send(request->session, result);
    stanza_free(result);
}

/* ---- Requests (3.3 to 3.5) ---- */

/* The JIDs in an iq, prepared; the iq is changed to contain the prepared JIDs. */
struct named {
    const char **jids;
    size_t count;
};

static const struct stanza_error no_memory = { "wait", "resource-constraint", NULL };

static struct stanza_error read_item(struct stanza *iq, struct element *item, struct named *named)
{
    struct jid jid;
    const char *text = element_get(item, "jid");
    if (text == NULL || !element_is(item, "item", NS_BLOCKING))
        return (struct stanza_error){ "modify", "bad-request", "an item must have a 'jid'" };
    if (!jid_parse_string(&jid, text))
        return (struct stanza_error){ "modify", "jid-malformed", NULL };
    element_set(iq, item, "jid", jid.full);
    if (stanza_failed(iq))
        return no_memory;
    named->jids[named->count++] = element_get(item, "jid");
    return STANZA_OK;
}

static struct stanza_error read_items(struct stanza *iq, struct named *named)
{
    const struct element *command = element_first_child(iq->root);
    size_t most = 0;
    for (struct element *e = element_first_child(command); e != NULL; e = element_next_sibling(e))
        most++;
    *named = (struct named){ .jids = arena_alloc(&iq->arena, (most + 1) * sizeof(const char *)) };
    if (named->jids == NULL)
        return no_memory;
    for (struct element *e = element_first_child(command); e != NULL; e = element_next_sibling(e)) {
        struct stanza_error error = read_item(iq, e, named);
        if (error.condition != NULL)
            return error;
    }
    return STANZA_OK;
}

/* Makes the new list in work->blocklist. */
static struct stanza_error prepare(const struct user *user, struct user_work *work, const struct named *named)
{
    const struct core_memory *memory = user->core->memory;
    const struct stanza_error full = { "wait", "resource-constraint", "the block list is full" };
    size_t most = user->core->settings.limits.blocked;
    if (!work->subject.unblocks && named->count == 0)
        return (struct stanza_error){ "modify", "bad-request", "no item is given" };
    if (!work->subject.unblocks && named->count > most)
        return full;
    if (!work->subject.unblocks)
        work->blocklist = blocklist_with(memory, user->blocklist, named->jids, named->count);
    else if (named->count > 0)
        work->blocklist = blocklist_without(memory, user->blocklist, named->jids, named->count);
    else
        work->blocklist = blocklist_read(memory, NULL, 0);
    if (work->blocklist == NULL)
        return no_memory;
    return !work->subject.unblocks && work->blocklist->count > most ? full : STANZA_OK;
}

/* ---- The work ---- */

/* Makes a push (3.3): the client's command with prepared addresses.  NULL when there is no memory. */
static struct stanza *make_push(struct user *user, const struct user_work *work)
{
    struct core *core = user->core;
    struct buffer id;
    buffer_init(&id, core->memory);
    buffer_string(&id, "blocklist");
    buffer_number(&id, ++user->last_id);
    buffer_append(&id, "", 1);
    struct stanza *push = id.failed ? NULL : stanza_new(core->memory, "iq", NS_CLIENT);
    if (push != NULL) {
        element_set(push, push->root, "type", "set");
        element_set(push, push->root, "id", id.bytes);
        const struct element *asked = element_first_child(work->stanza->root);
        struct element *command =
            element_add(push, push->root, work->subject.unblocks ? "unblock" : "block", NS_BLOCKING);
        for (struct element *e = element_first_child(asked); e != NULL; e = element_next_sibling(e))
            add_item(push, command, element_get(e, "jid"));
    }
    buffer_free(&id);
    if (push == NULL || !stanza_failed(push))
        return push;
    stanza_free(push);
    return NULL;
}

/* Sends the push to the resources that have requested the list.  Without memory they are disconnected,
 * because their lists would be wrong. */
static void send_push(struct user *user, const struct user_work *work)
{
    struct stanza *push = make_push(user, work);
    struct rendered rendered;
    rendered_init(&rendered, user->core->memory);
    if (push != NULL)
        rendered_write(&rendered, push->root);
    for (struct session *s = user->resources; s != NULL; s = s->user_next) {
        if (!s->asked_blocklist || !session_is_live(s))
            continue;
        if (push != NULL)
            session_send_rendered(s, &rendered, s->full_jid);
        else
            session_disconnect(s);
    }
    rendered_free(&rendered);
    stanza_free(push);
}

/* Sends held presence before the list changes: nothing from a blocked contact may be delivered later (3.3).
 */
static void flush_sessions(struct user *user)
{
    for (struct session *s = user->resources; s != NULL; s = s->user_next)
        client_state_flush(s);
}

/* Removes stanzas of blocked senders from what a resumption still has to send; they were accepted before. */
static void forget_the_blocked(struct user *user)
{
    for (struct session *s = user->resources; s != NULL; s = s->user_next)
        undelivered_forget_blocked(s);
}

/* Replaces the list, then answers the client, pushes to the other clients, and sends the presence that
 * results. */
static void apply(struct user *user, struct user_work *work)
{
    flush_sessions(user);
    struct blocklist *before = user_set_blocklist(user, work->blocklist);
    work->blocklist = NULL;
    forget_the_blocked(user);
    reply_result(user->core, work->stanza);
    send_push(user, work);
    blocked_changed(user, before);
    blocklist_free(user->core->memory, before);
}

/* Answers a command that changes nothing: no presence results. */
static void confirm_unchanged(struct user *user, struct user_work *work)
{
    reply_result(user->core, work->stanza);
    send_push(user, work);
    work_finish(user, work);
}

/* Saves the JIDs that are new, or removes those that are gone. */
static void save(struct user *user, struct user_work *work)
{
    const struct blocklist *more = work->subject.unblocks ? user->blocklist : work->blocklist;
    const struct blocklist *less = work->subject.unblocks ? work->blocklist : user->blocklist;
    const struct core_memory *memory = user->core->memory;
    struct core_store_entry *entries = memory_new(memory, (more->count + 1) * sizeof *entries);
    if (entries == NULL) {
        reply_error(user->core, work->stanza, no_memory);
        work_finish(user, work);
        return;
    }
    size_t count = 0;
    for (size_t i = 0; i < more->count; i++)
        if (!blocklist_has(less, more->jids[i]))
            entries[count++] = (struct core_store_entry){
                more->jids[i], work->subject.unblocks ? NULL : "<item xmlns='" NS_BLOCKING "'/>"
            };
    if (count > 0)
        work_store(user, work, CORE_STORE_BLOCKLIST, entries, count);
    else
        confirm_unchanged(user, work);
    memory_free(memory, entries);
}

static void begin(struct user *user, struct user_work *work)
{
    /* The session is gone, so nothing could be answered: the command is not executed. */
    if (work->session == NULL) {
        work_finish(user, work);
        return;
    }
    struct named named;
    struct stanza_error error = read_items(work->stanza, &named);
    if (error.condition == NULL)
        error = prepare(user, work, &named);
    if (error.condition == NULL) {
        save(user, work);
        return;
    }
    reply_error(user->core, work->stanza, error);
    work_finish(user, work);
}

static void failed(struct user *user, struct user_work *work, enum user_failure why)
{
    reply_error(user->core, work->stanza, work_error(why, "the block list could not be saved"));
}

static void describe(struct description *description, const union work_subject *subject)
{
    description_word(description, subject->unblocks, "unblocks");
}

static const struct user_work_kind changing = { .name = "change the block list",
                                                .needs = USER_BLOCKLIST,
                                                .begin = begin,
                                                .saved = apply,
                                                .failed = failed,
                                                .describe = describe };

void blocking_block(const struct iq_request *request)
{
    if (!work_begin(request->session->user, &changing, request->session, request->iq, NULL,
                    (union work_subject){ .unblocks = false }))
        session_disconnect(request->session);
}

void blocking_unblock(const struct iq_request *request)
{
    if (!work_begin(request->session->user, &changing, request->session, request->iq, NULL,
                    (union work_subject){ .unblocks = true }))
        session_disconnect(request->session);
}

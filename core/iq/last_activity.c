#include "iq/last_activity.h"

#include "account/user.h"
#include "account/work.h"
#include "base/description.h"
#include "delivery/reply.h"
#include "iq/iq_work.h"
#include "presence/activity.h"

#include <string.h>

enum { NANOSECONDS = 1000000000 };

/* Whole seconds; 0 for a time in the future, after the clock was set back. */
static uint64_t seconds_since(const struct core *core, uint64_t then)
{
    uint64_t now = core->ports.now(core->ports.host);
    return now > then ? (now - then) / NANOSECONDS : 0;
}

static void answer(struct core *core, const struct stanza *iq, uint64_t seconds, const char *status)
{
    struct buffer digits;
    buffer_init(&digits, core->memory);
    buffer_number(&digits, seconds);
    buffer_append(&digits, "", 1);
    struct stanza *result = digits.failed ? NULL : stanza_result(core->memory, iq);
    if (result != NULL) {
        struct element *query = element_add(result, result->root, "query", NS_LAST);
        element_set(result, query, "seconds", digits.bytes);
        if (status != NULL)
            element_add_text(result, query, status, strlen(status));
    }
    buffer_free(&digits);
    reply_send(core, iq, result);
}

/* ---- Hosts (5) ---- */

void last_activity_host(const struct iq_request *request)
{
    answer(request->core, request->iq, seconds_since(request->core, request->core->started), NULL);
    stanza_free(request->iq);
}

/* ---- Accounts and their resources (3 and 4) ---- */

/* Counts a doomed session too: it has not ended yet, so its last activity is not saved. */
static bool is_anybody_available(const struct user *user)
{
    const struct session *session = user->resources;
    while (session != NULL && !session_is_available(session))
        session = session->user_next;
    return session != NULL;
}

/* Queues the request again, after all other work. */
static void ask_again(struct user *user, struct user_work *work)
{
    struct session *session = work->session;
    struct stanza *iq = work->stanza;
    work->stanza = NULL;
    if (!work_begin(user, work->kind, session, iq, NULL, work->subject) && session != NULL)
        session_disconnect(session);
    work_finish(user, work);
}

static void answer_for_account(struct user *user, struct user_work *work)
{
    if (is_anybody_available(user)) {
        answer(user->core, work->stanza, 0, NULL);
        work_finish(user, work);
    } else if (activity_is_underway(user)) {
        ask_again(user, work);
    } else {
        work_load(user, work, CORE_STORE_ACTIVITY);
    }
}

static void pass_on(struct user *user, struct user_work *work)
{
    struct stanza *iq = work->stanza;
    work->stanza = NULL;
    iq_deliver(user->core, iq);
    work_finish(user, work);
}

/* Answers a requester that may not see the user's presence.  <forbidden/> would reveal that the account
 * exists (RFC 6121, 8.5.1). */
static void refuse(const struct user *user, const struct stanza *iq)
{
    const struct stanza_error forbidden = { "auth", "forbidden", NULL };
    const struct stanza_error unavailable = { "cancel", "service-unavailable", NULL };
    reply_error(user->core, iq, user->core->settings.tell_strangers ? forbidden : unavailable);
}

static void begin(struct user *user, struct user_work *work)
{
    if (!user_is_seen_by(user, element_get(work->stanza->root, "from"))) {
        refuse(user, work->stanza);
        work_finish(user, work);
    } else if (work->subject.is_for_resource) {
        pass_on(user, work);
    } else {
        answer_for_account(user, work);
    }
}

static void loaded(struct user *user, struct user_work *work, const struct core_store_entry *entries,
                   size_t entry_count)
{
    struct activity_record record;
    activity_read(&record, user->core, entries, entry_count);
    const struct activity *last = &record.activity;
    if (last->known)
        answer(user->core, work->stanza, seconds_since(user->core, last->time), last->status);
    else if (entry_count == 0)
        answer(user->core, work->stanza, 0, NULL);
    else
        reply_error(user->core, work->stanza, work_error(USER_STORAGE_FAILED, NULL));
    activity_free(&record);
    work_finish(user, work);
}

/* A missing account answers like any iq to it (RFC 6121, 8.5.1). */
static void failed(struct user *user, struct user_work *work, enum user_failure why)
{
    if (why == USER_NO_ACCOUNT)
        reply_error(user->core, work->stanza, (struct stanza_error){ "cancel", "service-unavailable", NULL });
    else if (why == USER_BLOCKED)
        reply_unavailable(user->core, work->stanza);
    else
        reply_error(user->core, work->stanza, work_error(why, NULL));
}

static void describe(struct description *description, const union work_subject *subject)
{
    description_word(description, subject->is_for_resource, "of a resource");
}

static const struct user_work_kind asking = { .name = "answer last activity",
                                              .needs = USER_ROSTER | USER_BLOCKLIST,
                                              .from_outside = true,
                                              .begin = begin,
                                              .loaded = loaded,
                                              .failed = failed,
                                              .describe = describe };

void last_activity_account(const struct iq_request *request)
{
    iq_work_begin(request, &asking, (union work_subject){ .is_for_resource = false });
}

void last_activity_resource(const struct iq_request *request)
{
    iq_work_begin(request, &asking, (union work_subject){ .is_for_resource = true });
}

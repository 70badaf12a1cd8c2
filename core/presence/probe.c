#include "presence/probe.h"

#include "account/user.h"
#include "account/work.h"
#include "base/description.h"
#include "delivery/s2s_out.h"
#include "presence/activity.h"
#include "presence/announce.h"
#include "presence/subscription.h"
#include "session/tables.h"

#include <assert.h>
#include <string.h>

/* ---- Answers by the server ---- */

static const char *prober_of(const struct user_work *work)
{
    return element_get(work->stanza->root, "from");
}

/* Presence without content: available, or of a type. */
static struct stanza *make_presence(const struct user *user, const struct user_work *work, const char *from,
                                    const char *type)
{
    struct stanza *presence = stanza_new(user->core->memory, "presence", NS_CLIENT);
    if (presence == NULL)
        return NULL;
    element_set(presence, presence->root, "type", type);
    element_set(presence, presence->root, "from", from);
    element_set(presence, presence->root, "to", prober_of(work));
    return presence;
}

/* An answer that is not a client's own presence has the id of the probe (4.3.2.1). */
static struct stanza *make_answer(const struct user *user, const struct user_work *work, const char *from,
                                  const char *type)
{
    struct stanza *presence = make_presence(user, work, from, type);
    if (presence != NULL)
        element_set(presence, presence->root, "id", element_get(work->stanza->root, "id"));
    return presence;
}

static void answer(const struct user *user, struct stanza *presence)
{
    if (presence == NULL || stanza_failed(presence)) {
        stanza_free(presence);
        return;
    }
    struct jid prober;
    jid_parse_known(&prober, element_get(presence->root, "to"));
    announce_route(user->core, presence, &prober);
}

static bool anybody_is_there(const struct user *user)
{
    const struct session *resource = user->resources;
    while (resource != NULL && !session_is_available(resource))
        resource = resource->user_next;
    return resource != NULL;
}

/* Answers with the last status of the account and its time.  A resource that became available during the
 * load has already sent its presence to the prober; then there is no answer. */
static void answer_last(struct user *user, struct user_work *work, const struct activity *last)
{
    if (anybody_is_there(user))
        return;
    struct stanza *presence = make_answer(user, work, user->bare_jid, "unavailable");
    if (presence != NULL && last->known) {
        struct element *status =
            last->status != NULL ? element_add(presence, presence->root, "status", NS_CLIENT) : NULL;
        if (status != NULL)
            element_add_text(presence, status, last->status, strlen(last->status));
        stanza_add_delay(presence, user->host, last->time);
    }
    answer(user, presence);
}

/* ---- Probes ---- */

/* Answers for one resource, and says only whether it is available (4.3.2). */
static void answer_for_resource(struct user *user, const struct user_work *work, const char *full_jid)
{
    const struct session *resource = session_find(user->core, full_jid);
    if (resource != NULL && session_is_available(resource))
        answer(user, make_presence(user, work, full_jid, NULL));
    else
        answer(user, make_answer(user, work, full_jid, "unavailable"));
}

/* Whether the resource has sent directed presence to the prober or its account, and not withdrawn it. */
static bool was_directed(const struct session *resource, const struct jid *prober)
{
    for (const struct directed *to = resource->directed; to != NULL; to = to->next)
        if (strcmp(to->jid, prober->full) == 0 || strcmp(to->jid, prober->bare) == 0)
            return true;
    return false;
}

/* A recipient of directed presence learns that the resource is still available, and no more (4.6.6).
 * Returns false when the prober is not one. */
static bool answer_directed(const struct user *user, const struct user_work *work, const char *full_jid,
                            const struct jid *prober)
{
    const struct session *resource = full_jid != NULL ? session_find(user->core, full_jid) : NULL;
    if (resource == NULL || !was_directed(resource, prober))
        return false;
    answer(user, make_answer(user, work, full_jid, NULL));
    return true;
}

static void deny(struct user *user, const struct user_work *work)
{
    subscription_deny(user, prober_of(work), element_get(work->stanza->root, "id"));
}

static void loaded(struct user *user, struct user_work *work, const struct core_store_entry *entries,
                   size_t entry_count)
{
    struct activity_record record;
    activity_read(&record, user->core, entries, entry_count);
    answer_last(user, work, &record.activity);
    activity_free(&record);
    work_finish(user, work);
}

static void begin(struct user *user, struct user_work *work)
{
    const char *prober = prober_of(work);
    struct jid jid;
    bool valid = jid_parse_string(&jid, prober);
    assert(valid);
    const struct roster_item *item = roster_find(user->roster, jid.bare);
    bool may_see = (item != NULL && item->state.from) || strcmp(jid.bare, user->bare_jid) == 0;
    const char *full_jid = element_get(work->stanza->root, "to");
    bool is_waiting = item != NULL && item->state.pending_in;
    bool is_told = !may_see && answer_directed(user, work, full_jid, &jid);
    if (!may_see && !is_waiting && !is_told) {
        deny(user, work);
    } else if (may_see && full_jid != NULL) {
        answer_for_resource(user, work, full_jid);
    } else if (may_see && !announce_available(user, prober)) {
        if (user->core->settings.tell_last_presence) {
            work->subject.reads_activity = true;
            work_load(user, work, CORE_STORE_ACTIVITY);
            return;
        }
        answer(user, make_answer(user, work, user->bare_jid, "unavailable"));
    }
    work_finish(user, work);
}

/* A missing account looks like one whose presence the prober may not see (4.3.2).  Without the roster it is
 * not known whether the prober may see it, so there is no answer.  With the roster, only the last activity
 * is unknown. */
static void failed(struct user *user, struct user_work *work, enum user_failure why)
{
    const struct activity unknown = { 0 };
    if (why == USER_NO_ACCOUNT)
        deny(user, work);
    else if (why != USER_BLOCKED && work->subject.reads_activity)
        answer_last(user, work, &unknown);
}

static void describe(struct description *description, const union work_subject *subject)
{
    description_word(description, subject->reads_activity, "loads the last activity");
}

static const struct user_work_kind probing = { .name = "answer a probe",
                                               .needs = USER_ROSTER | USER_BLOCKLIST,
                                               .from_outside = true,
                                               .begin = begin,
                                               .loaded = loaded,
                                               .failed = failed,
                                               .describe = describe };

/* A probe to a remote server is a stanza (4.3.1). */
static bool probe_remote(struct core *core, const char *prober, const struct jid *contact, const char *id)
{
    struct stanza *probe = stanza_new(core->memory, "presence", NS_CLIENT);
    if (probe == NULL)
        return false;
    element_set(probe, probe->root, "type", "probe");
    element_set(probe, probe->root, "id", id);
    element_set(probe, probe->root, "from", prober);
    element_set(probe, probe->root, "to", contact->full);
    const bool made = !stanza_failed(probe);
    if (made)
        s2s_send(core, probe);
    stanza_free(probe);
    return made;
}

bool probe_send(struct core *core, const char *prober, const struct jid *contact, const char *id)
{
    struct host *host = host_find(core, contact->domain);
    if (host == NULL)
        return probe_remote(core, prober, contact, id);
    if (contact->local == NULL)
        return true;
    struct stanza *probe = stanza_new(core->memory, "presence", NS_CLIENT);
    struct user *user = probe != NULL ? user_get(core, contact->local, host->name) : NULL;
    if (user == NULL) {
        stanza_free(probe);
        return false;
    }
    element_set(probe, probe->root, "from", prober);
    element_set(probe, probe->root, "id", id);
    if (contact->resource != NULL)
        element_set(probe, probe->root, "to", contact->full);
    if (!stanza_failed(probe))
        return work_begin(user, &probing, NULL, probe, NULL, (union work_subject){ 0 });
    stanza_free(probe);
    user_release(user);
    return false;
}

void probe_contact(struct session *session, const char *contact)
{
    struct jid jid;
    jid_parse_known(&jid, contact);
    /* A remote server is probed for the whole account (4.3.1); locally only the session needs the answer. */
    const char *prober = s2s_has(session->core, contact) ? session->user->bare_jid : session->full_jid;
    if (!probe_send(session->core, prober, &jid, NULL))
        session_disconnect(session);
}

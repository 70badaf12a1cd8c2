#include "inspect.h"

#include "account/roster.h"
#include "account/storage.h"
#include "account/user.h"
#include "session/acks.h"
#include "session/conn.h"
#include "session/session.h"
#include "stream/tls.h"

#include <assert.h>

const char *session_type_name(enum session_type type)
{
    static const char *const names[] = { [SESSION_C2S_UNAUTHED] = "c2s_unauthed",
                                         [SESSION_C2S_UNBOUND] = "c2s_unbound",
                                         [SESSION_C2S] = "c2s",
                                         [SESSION_DESTROYED] = "destroyed" };
    return names[type];
}

struct session_view session_look(const struct session *session)
{
    struct acks_view counts = { 0 };
    if (session->managed != NULL)
        counts = acks_look(session->managed);
    return (struct session_view){
        .conn = session->conn,
        .notopen = session->notopen,
        .type = session->type,
        .secured = tls_is_there(session),
        .username = session->username,
        .host = session->host,
        .resource = session->resource,
        .full_jid = session->full_jid,
        .priority = session->priority,
        .presence = session->presence != NULL ? session->presence->xml.bytes : NULL,
        .presence_length = session->presence != NULL ? session->presence->xml.length : 0,
        .interested = session->interested,
        .roster = session->roster,
        .waiting = session->waiting,
        .hibernating = session->conn == NULL,
        .inactive = session->client_state != NULL,
        .carbons = session->carbons,
        .managed = session->managed != NULL,
        .handled = counts.handled,
        .sent = counts.sent,
        .unacked = counts.unacked,
        .owed = session->owed.stage != OWED_NOTHING,
    };
}

const struct session *inspect_conn(const struct conn *conn)
{
    assert(conn->session != NULL);
    return conn->session;
}

const struct core_settings *inspect_settings(const struct core *core)
{
    return &core->settings;
}

const struct session *inspect_first_session(const struct core *core)
{
    return core->sessions;
}

const struct session *inspect_next_session(const struct session *session)
{
    return session->next;
}

void inspect_prefetch(const struct core *core, const struct session *session)
{
    if (session->user == NULL)
        return;
    session_prefetch(session);
    map_prefetch(&core->full_jids, session);
    map_prefetch(&core->users, session->user);
    memory_prefetch(session->roster, 1);
}

const struct session *inspect_full_jid(const struct core *core, const char *full_jid)
{
    return map_find_string(&core->full_jids, full_jid);
}

const struct session *inspect_first_resource(const struct core *core, const char *bare_jid)
{
    const struct user *user = user_find(core, bare_jid);
    return user != NULL ? user->resources : NULL;
}

const struct session *inspect_next_resource(const struct session *session)
{
    return session->user_next;
}

struct inspect_counts inspect_counts(const struct core *core)
{
    struct inspect_counts counts = { .sessions = core->session_count,
                                     .full_jids = map_count(&core->full_jids),
                                     .hosts = map_count(&core->hosts),
                                     .storage_requests = storage_count(core),
                                     .users_in_memory = map_count(&core->users) - core->cached_count,
                                     .cached_accounts = core->cached_count,
                                     .cached_bytes = core->cached_bytes };
    for (const struct user *u = map_first(&core->users); u != NULL; u = map_next(&core->users, u)) {
        counts.bare_jids += u->resources != NULL;
        counts.resources += u->resource_count;
    }
    for (const struct host *h = map_first(&core->hosts); h != NULL; h = map_next(&core->hosts, h))
        counts.host_sessions += h->sessions;
    return counts;
}

const struct user *inspect_first_cached(const struct core *core)
{
    return core->cached;
}

const struct user *inspect_next_cached(const struct user *user)
{
    return user->cache_next;
}

struct inspect_cached inspect_cached(const struct user *user)
{
    return (struct inspect_cached){ .username = user->username, .host = user->host, .roster = user->roster };
}

size_t inspect_roster_size(const struct roster *roster)
{
    return roster->count;
}

struct inspect_item inspect_roster_item(const struct roster *roster, size_t index)
{
    assert(index < roster->count);
    const struct roster_item *item = roster->items[index];
    return (struct inspect_item){
        .jid = item->jid,
        .name = item->name,
        .subscription = roster_subscription(item),
        .ask = item->state.pending_out,
        .pending_in = item->state.pending_in,
        .hidden = item->hidden,
        .approved = item->approved,
        .groups = (const char *const *)item->groups,
        .group_count = item->group_count,
    };
}

size_t inspect_blocked_count(const struct core *core, const char *bare_jid)
{
    const struct user *user = user_find(core, bare_jid);
    return user != NULL && user->blocklist != NULL ? user->blocklist->count : 0;
}

size_t inspect_session_blocked(const struct session *session)
{
    const struct user *user = session->user;
    return user != NULL && user->blocks ? user->blocklist->count : 0;
}

const char *inspect_blocked(const struct core *core, const char *bare_jid, size_t index)
{
    assert(index < inspect_blocked_count(core, bare_jid));
    return user_find(core, bare_jid)->blocklist->jids[index];
}

uint64_t inspect_roster_revision(const struct roster *roster)
{
    return roster->revision;
}

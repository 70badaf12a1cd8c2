#include "../world/costs.h"
#include "checks_rows.h"

#include <string.h>

/* ---- On a session ---- */

bool connected_resource(const struct finding *f, const struct session_view *s)
{
    bool full_jid = s->full_jid != NULL;
    if (full_jid == (s->resource != NULL) && full_jid == (s->roster != NULL))
        return true;
    return found(f, "full_jid is %s, resource is %s, roster is %s", shown(s->full_jid), shown(s->resource),
                 s->roster != NULL ? "loaded" : "(unset)");
}

bool bound_when_typed_so(const struct finding *f, const struct session_view *s)
{
    if ((s->type == SESSION_C2S) == (s->full_jid != NULL))
        return true;
    return found(f, "the type is %s and full_jid is %s", session_type_name(s->type), shown(s->full_jid));
}

bool available_is_connected(const struct finding *f, const struct session_view *s)
{
    if (s->presence == NULL || s->full_jid != NULL)
        return true;
    return found(f, "presence is set, but full_jid is not");
}

bool interested_is_connected(const struct finding *f, const struct session_view *s)
{
    if (!s->interested || s->full_jid != NULL)
        return true;
    return found(f, "the session is interested, but full_jid is not set");
}

bool username_after_authentication(const struct finding *f, const struct session_view *s)
{
    if ((s->type == SESSION_C2S_UNAUTHED) == (s->username == NULL))
        return true;
    return found(f, "the type is %s and username is %s", session_type_name(s->type), shown(s->username));
}

/* A stream that is being restarted is not open, but keeps its host: it is authenticated by then. */
bool host_after_opening(const struct finding *f, const struct session_view *s)
{
    bool before = s->notopen && s->type == SESSION_C2S_UNAUTHED;
    if (before == (s->host == NULL))
        return true;
    return found(f, "the type is %s, the stream is %s, and host is %s", session_type_name(s->type),
                 s->notopen ? "not open" : "open", shown(s->host));
}

bool full_jid_is_its_parts(const struct finding *f, const struct session_view *s)
{
    if (s->full_jid == NULL)
        return true;
    size_t username = strlen(s->username);
    size_t host = strlen(s->host);
    const char *jid = s->full_jid;
    if (strncmp(jid, s->username, username) == 0 && jid[username] == '@' &&
        strncmp(jid + username + 1, s->host, host) == 0 && jid[username + 1 + host] == '/' &&
        strcmp(jid + username + host + 2, s->resource) == 0)
        return true;
    return found(f, "full_jid is %s, of %s, %s and %s", jid, s->username, s->host, s->resource);
}

bool priority_needs_presence(const struct finding *f, const struct session_view *s)
{
    if (s->presence != NULL || s->priority == 0)
        return true;
    return found(f, "presence is not set, but the priority is %d", s->priority);
}

static bool is_attribute(const char *at, const char *end, const char *name)
{
    size_t length = strlen(name);
    return (size_t)(end - at) > length && memcmp(at, name, length) == 0 && at[length] == '=';
}

/* Whether the first tag of a serialised element has a type or an address. */
static bool is_typed_or_directed(const char *xml, size_t length)
{
    const char *end = xml + length;
    for (const char *at = xml; at != NULL && at < end && *at != '>';) {
        if (*at == ' ' && (is_attribute(at + 1, end, "type") || is_attribute(at + 1, end, "to")))
            return true;
        bool quotes = *at == '\'' || *at == '"';
        const char *last = quotes ? memchr(at + 1, *at, (size_t)(end - at) - 1) : at;
        at = last != NULL ? last + 1 : NULL;
    }
    return false;
}

bool presence_is_undirected(const struct finding *f, const struct session_view *s)
{
    if (s->presence == NULL || !is_typed_or_directed(s->presence, s->presence_length))
        return true;
    return found(f, "presence is %.*s", (int)s->presence_length, s->presence);
}

static bool is_among_resources(const struct core *core, const struct session_view *s,
                               const struct session *session)
{
    char bare[BARE_JID_SIZE];
    const struct session *r = inspect_first_resource(core, bare_of(bare, s->full_jid));
    while (r != NULL && r != session)
        r = inspect_next_resource(r);
    return r != NULL;
}

bool tables_have_session(const struct finding *f, const struct session_view *s)
{
    if (s->full_jid == NULL)
        return true;
    const struct core *core = server_inspect(f->checks->server);
    const struct session *session = f->session;
    if (inspect_full_jid(core, s->full_jid) != session)
        return found(f, "the table of full JIDs has another session, or none, for %s", s->full_jid);
    if (!is_among_resources(core, s, session))
        return found(f, "the table of bare JIDs does not list %s", s->full_jid);
    return true;
}

/* A hibernating session has no stream. */
bool encrypted_before_login(const struct finding *f, const struct session_view *s)
{
    const struct core_settings *settings = inspect_settings(server_inspect(f->checks->server));
    if (settings->tls != CORE_TLS_REQUIRED || s->secured || s->hibernating || s->type == SESSION_C2S_UNAUTHED)
        return true;
    return found(f, "the type is %s, and the stream is in the clear", session_type_name(s->type));
}

/* ---- On the tables, and on the whole server ---- */

bool hibernating_has_no_connection(const struct finding *f, const struct session_view *s)
{
    if (s->hibernating == (s->conn == NULL) && (!s->hibernating || (s->full_jid != NULL && s->managed)))
        return true;
    return found(f, "the session has %s connection, is %shibernating, %sbound and %smanaged",
                 s->conn == NULL ? "no" : "a", s->hibernating ? "" : "not ",
                 s->full_jid != NULL ? "" : "not ", s->managed ? "" : "not ");
}

bool tables_agree(const struct finding *f)
{
    const struct core *core = server_inspect(f->checks->server);
    struct inspect_counts counts = inspect_counts(core);
    size_t sessions = 0, bound = 0, opened = 0;
    for (const struct session *s = inspect_first_session(core); s != NULL; s = inspect_next_session(s)) {
        struct session_view view = session_look(s);
        sessions++;
        bound += view.full_jid != NULL;
        opened += view.host != NULL;
    }
    if (sessions != counts.sessions)
        return found(f, "%zu sessions are counted, and there are %zu", counts.sessions, sessions);
    if (bound != counts.full_jids)
        return found(f, "%zu full JIDs are in the table, and %zu sessions are bound", counts.full_jids,
                     bound);
    if (bound != counts.resources)
        return found(f, "%zu sessions are listed by bare JID, and %zu are bound", counts.resources, bound);
    if (opened != counts.host_sessions)
        return found(f, "%zu sessions are counted by host, and %zu have one", counts.host_sessions, opened);
    return true;
}

bool quiet_means_done(const struct finding *f)
{
    const struct core *core = server_inspect(f->checks->server);
    struct inspect_counts counts = inspect_counts(core);
    if (counts.storage_requests > 0)
        return found(f, "%zu storage requests are unanswered", counts.storage_requests);
    if (counts.users_in_memory != counts.bare_jids)
        return found(f, "%zu accounts are in memory, and %zu have a session", counts.users_in_memory,
                     counts.bare_jids);
    for (const struct session *s = inspect_first_session(core); s != NULL; s = inspect_next_session(s))
        if (session_look(s).waiting)
            return found(f, "a session waits for storage, but no request is under way");
    return true;
}

bool nothing_disturbs_a_handshake(const struct finding *f)
{
    uint64_t times = server_sent_while_securing(f->checks->server);
    if (times == 0)
        return true;
    return found(f, "the server sent data %llu times during a TLS handshake", (unsigned long long)times);
}

bool the_destroyed_are_left_alone(const struct finding *f)
{
    uint64_t times = server_sent_after_close(f->checks->server);
    if (times == 0)
        return true;
    return found(f, "the server sent data %llu times on a connection that had ended",
                 (unsigned long long)times);
}

/* The bounds are those of our core. */
bool costs_are_bounded(const struct finding *f)
{
    const struct costs *costs = server_costs(f->checks->server);
    const struct costs_excess *excess = &costs->excess;
    if (excess->what == NULL)
        return true;
    return found(f, "%s: %llu, but at most %llu are allowed", excess->what, (unsigned long long)excess->found,
                 (unsigned long long)excess->allowed);
}

bool messages_are_conserved(const struct finding *f)
{
    struct checks *checks = f->checks;
    if (checks->server != checks->servers[0])
        return true; /* it is checked once for all servers */
    return fates_quiet(&checks->fates, checks->disks, checks->server_count, f->detail, f->size);
}

/* An account that does not exist, on a server that has anonymous hosts: which they are the core does not say. */
static bool is_anonymous(const struct core *core, const struct disk *disk, const struct session_view *s)
{
    return inspect_settings(core)->anonymous_host_count > 0 &&
           disk_count(disk, s->username, s->host, CORE_STORE_ACCOUNT) == 0;
}

static bool same_list(const struct finding *f, const char *bare, const struct session_view *s)
{
    const struct core *core = server_inspect(f->checks->server);
    const struct disk *disk = server_disk(f->checks->server);
    size_t count = inspect_blocked_count(core, bare);
    if (is_anonymous(core, disk, s))
        return true; /* an anonymous user: nothing of it is stored */
    if (count != disk_count(disk, s->username, s->host, CORE_STORE_BLOCKLIST))
        return found(f, "%s has blocked %zu JIDs, but %zu are stored", bare, count,
                     disk_count(disk, s->username, s->host, CORE_STORE_BLOCKLIST));
    for (size_t i = 0; i < count; i++) {
        const char *stored = disk_entry(disk, s->username, s->host, CORE_STORE_BLOCKLIST, i).key;
        if (strcmp(stored, inspect_blocked(core, bare, i)) != 0)
            return found(f, "%s has blocked %s, but storage has %s", bare, inspect_blocked(core, bare, i),
                         stored);
    }
    return true;
}

bool block_lists_are_durable(const struct finding *f)
{
    const struct core *core = server_inspect(f->checks->server);
    for (const struct session *s = inspect_first_session(core); s != NULL; s = inspect_next_session(s)) {
        if (inspect_session_blocked(s) == 0)
            continue; /* or there is no blocking at all, or the session is not bound */
        struct session_view view = session_look(s);
        char bare[BARE_JID_SIZE];
        if (!same_list(f, bare_of(bare, view.full_jid), &view))
            return false;
    }
    return true;
}

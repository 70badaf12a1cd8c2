#include "stream/session_manager.h"

#include "account/anonymous.h"
#include "account/storage.h"
#include "account/user.h"
#include "account/work.h"
#include "base/identifier.h"
#include "message/offline.h"
#include "message/undelivered.h"
#include "presence/presence.h"
#include "presence/subscription.h"
#include "session/acks.h"
#include "session/channel.h"
#include "session/client_state.h"
#include "session/stream_error.h"
#include "session/tables.h"
#include "session/timers.h"

#include <assert.h>
#include <string.h>
#include <utlist.h>

/* ---- New ---- */

struct session *session_manager_new(struct core *core, void *link, const struct conn_events *events)
{
    struct session *session = memory_new(core->memory, sizeof *session);
    if (session == NULL)
        return NULL;
    session->conn = conn_new(core, link, session, events);
    if (session->conn == NULL) {
        memory_free(core->memory, session);
        return NULL;
    }
    session->core = core;
    session->notopen = true;
    session->type = SESSION_C2S_UNAUTHED;
    timers_set(session, TIMER_LOGIN);
    DL_APPEND2(core->sessions, session, prev, next);
    core->session_count++;
    return session;
}

void session_manager_open(struct session *session, struct host *host)
{
    assert(session->host == NULL);
    session->host = host->name;
    host->sessions++;
}

void session_manager_end_login(struct session *session)
{
    if (session->loading_account != NULL)
        storage_forget(session->core, session->loading_account);
    session->loading_account = NULL;
    sasl_free(session->sasl);
    session->sasl = NULL;
}

void session_manager_forget(struct session *session)
{
    assert(session->type == SESSION_C2S_UNAUTHED && session->host != NULL);
    session_manager_end_login(session);
    host_find(session->core, session->host)->sessions--;
    session->host = NULL;
    memory_free(session->core->memory, session->lang);
    session->lang = NULL;
    session->notopen = true;
    session->header_sent = false;
}

/* ---- Authenticated ---- */

bool session_manager_make_authenticated(struct session *session, const char *username)
{
    assert(session->type == SESSION_C2S_UNAUTHED && session->host != NULL);
    struct core *core = session->core;
    char *copy = memory_copy_string(core->memory, username);
    if (copy == NULL)
        return false;
    if (anonymous_host(core, session->host) && !anonymous_enter(core, session->host, username)) {
        memory_free(core->memory, copy);
        return false;
    }
    session->username = copy;
    session->type = SESSION_C2S_UNBOUND;
    session->conn->parser.unauthenticated = false;
    return true;
}

/* ---- Bound ---- */

static struct session *find_resource(const struct user *user, const char *resource)
{
    struct session *session = user->resources;
    while (session != NULL && strcmp(session->resource, resource) != 0)
        session = session->user_next;
    return session;
}

enum { RESOURCE_BYTES = 8 }; /* random bytes of a resource that the server generates (7.6) */

/* Appends "#2", "#3" and so on until no session of the account has the resource.  Returns false when it
 * becomes too long. */
static bool increment_resource(const struct user *user, char *resource)
{
    size_t length = strlen(resource);
    for (unsigned number = 2;; number++) {
        assert(number < user->resource_count + 2); /* the resources cannot take all of these numbers */
        char digits[10];
        size_t count = 0;
        for (unsigned rest = number; rest > 0; rest /= 10)
            digits[count++] = (char)('0' + rest % 10);
        if (length + 1 + count > JID_PART_MAX)
            return false;
        char *at = resource + length;
        *at++ = '#';
        while (count > 0)
            *at++ = digits[--count];
        *at = '\0';
        if (find_resource(user, resource) == NULL)
            return true;
    }
}

/* Changes `resource` to one that no session of the account has, by the policy for conflicts (RFC 6120,
 * 7.7.2.2). */
static struct stanza_error settle_conflict(struct user *user, char *resource)
{
    struct session *holder = find_resource(user, resource);
    if (holder == NULL)
        return STANZA_OK;
    const struct stanza_error conflict = { "cancel", "conflict", "this resource is in use" };
    switch (user->core->settings.conflict) {
    case CORE_KICK_OLD:
        stream_error(holder, STREAM_CONFLICT, "replaced by a new connection");
        session_manager_destroy(holder);
        return STANZA_OK;
    case CORE_KICK_NEW:
        return conflict;
    case CORE_INCREMENT:
        return increment_resource(user, resource) ? STANZA_OK : conflict;
    case CORE_RANDOM:
        break;
    }
    identifier_make(resource, RESOURCE_BYTES, user->core->ports.random, user->core->ports.host);
    return STANZA_OK;
}

/* Adds the session to all tables, or changes nothing when there is no memory. */
static bool enter_tables(struct session *session, struct user *user, const char *resource)
{
    struct core *core = session->core;
    size_t bare_length = strlen(user->bare_jid);
    size_t length = bare_length + 1 + strlen(resource);
    char *full_jid = core->memory->alloc(length + 1);
    if (full_jid == NULL)
        return false;
    memcpy(full_jid, user->bare_jid, bare_length);
    full_jid[bare_length] = '/';
    memcpy(full_jid + bare_length + 1, resource, strlen(resource) + 1);
    if (!map_add(&core->full_jids, session, full_jid, length)) {
        memory_free(core->memory, full_jid);
        return false;
    }
    session->number = ++core->last_bound;
    session->full_jid = full_jid;
    session->resource = full_jid + bare_length + 1;
    session->roster = user->roster;
    session->user = user;
    session->type = SESSION_C2S;
    DL_APPEND2(user->resources, session, user_prev, user_next);
    user->resource_count++;
    return true;
}

/* The session of the user that has hibernated longest; NULL when none hibernates. */
static struct session *find_hibernating(const struct user *user)
{
    struct session *oldest = NULL;
    for (struct session *s = user->resources; s != NULL; s = s->user_next)
        if (s->conn == NULL && !s->doomed && (oldest == NULL || s->timer.due < oldest->timer.due))
            oldest = s;
    return oldest;
}

/* Makes room for a new session by ending the one that has hibernated longest, so that sessions which a
 * client has lost do not keep it out. */
static bool make_room(struct user *user)
{
    if (user->resource_count < user->core->settings.limits.resources)
        return true;
    struct session *oldest = find_hibernating(user);
    if (oldest != NULL)
        session_manager_destroy(oldest);
    return oldest != NULL;
}

struct stanza_error session_manager_bind_resource(struct session *session, struct user *user,
                                                  const char *wanted)
{
    assert(session->type == SESSION_C2S_UNBOUND && user->roster != NULL);
    char resource[JID_PART_MAX + 1];
    if (wanted != NULL)
        memcpy(resource, wanted, strlen(wanted) + 1);
    else
        identifier_make(resource, RESOURCE_BYTES, session->core->ports.random, session->core->ports.host);
    struct stanza_error error = settle_conflict(user, resource);
    if (error.condition != NULL)
        return error;
    if (!make_room(user))
        return (struct stanza_error){ "wait", "resource-constraint", "too many resources are connected" };
    if (!enter_tables(session, user, resource))
        return (struct stanza_error){ "wait", "resource-constraint", NULL };
    timers_clear(session);
    timers_heard(session);
    assert(session_is_connected(session));
    return STANZA_OK;
}

/* ---- Hibernation and resumption ---- */

void session_manager_hibernate(struct session *session)
{
    assert(session->conn != NULL && session_is_resumable(session));
    struct conn *conn = session->conn;
    session->conn = NULL;
    conn_end(conn);
    client_state_wake(session);
    acks_hibernate(session);
    timers_set(session, TIMER_RESUME);
}

void session_manager_resume(struct session *resumed, struct session *newcomer)
{
    assert(newcomer->type == SESSION_C2S_UNBOUND && resumed->type == SESSION_C2S);
    stream_end_connection(resumed, STREAM_CONFLICT, "the session was resumed on another connection");
    if (resumed->conn != NULL)
        session_manager_hibernate(resumed);
    resumed->conn = newcomer->conn;
    resumed->conn->session = resumed;
    newcomer->conn = NULL;
    memory_free(resumed->core->memory, resumed->lang);
    resumed->lang = newcomer->lang;
    newcomer->lang = NULL;
    channel_free(resumed->core->memory, resumed->tls);
    resumed->tls = newcomer->tls;
    newcomer->tls = NULL;
    session_manager_destroy(newcomer);
    timers_heard(resumed);
    if (resumed->waiting)
        session_wait(resumed);
}

/* ---- Destroyed ---- */

static void leave_user(struct session *session)
{
    struct user *user = session->user;
    offline_leave(session);
    map_remove(&session->core->full_jids, session);
    DL_DELETE2(user->resources, session, user_prev, user_next);
    user->resource_count--;
    session->user = NULL;
    user->since = session->core->ports.now(session->core->ports.host);
    user_release(user);
}

static void leave_tables(struct session *session)
{
    struct core *core = session->core;
    timers_clear(session);
    if (session->user != NULL)
        leave_user(session);
    if (session->username != NULL && anonymous_host(core, session->host))
        anonymous_leave(core, session->host, session->username);
    if (session->host != NULL)
        host_find(core, session->host)->sessions--;
    assert(session->doomed);
    LL_DELETE2(core->doomed, session, doomed_next);
    if (session->runnable)
        LL_DELETE2(core->runnable, session, runnable_next);
    DL_DELETE2(core->sessions, session, prev, next);
    core->session_count--;
}

static void free_directed(const struct core_memory *memory, struct directed *directed)
{
    while (directed != NULL) {
        struct directed *next = directed->next;
        memory_free(memory, directed);
        directed = next;
    }
}

static void free_session(struct session *session)
{
    const struct core_memory *memory = session->core->memory;
    free_directed(memory, session->directed);
    channel_free(memory, session->tls);
    memory_free(memory, (char *)session->username);
    memory_free(memory, (char *)session->full_jid);
    memory_free(memory, session->lang);
    memory_free(memory, session->claimed);
    memory_free(memory, session);
}

/* An anonymous account ends with its session (XEP-0175): so do the subscriptions to it, and pending
 * requests. */
static void end_presence(struct session *session)
{
    presence_end(session);
    if (anonymous_host(session->core, session->host) && !session->core->ending)
        subscription_cancel_all(session->user);
}

void session_manager_destroy(struct session *session)
{
    assert(session->type != SESSION_DESTROYED);
    struct core *core = session->core;
    struct managed *managed = session->managed;
    session_disconnect(session); /* marks it as doomed, so it is sent nothing */
    if (session_is_connected(session))
        end_presence(session);
    work_hand_over(session, NULL);
    session_manager_end_login(session);
    leave_tables(session);
    session->type = SESSION_DESTROYED;
    if (session->conn != NULL)
        conn_end(session->conn);
    client_state_free(session);
    free_session(session);
    undelivered_route(core, acks_queue(managed));
    acks_free(core, managed);
}

void session_manager_lose_connection(struct session *session)
{
    if (session->conn == NULL)
        return;
    if (!session->doomed && session_is_resumable(session))
        session_manager_hibernate(session);
    else
        session_disconnect(session);
}

void session_manager_end_doomed(struct core *core)
{
    conn_end_lost(core);
    while (core->doomed != NULL) {
        session_manager_destroy(core->doomed);
        conn_end_lost(core);
    }
}

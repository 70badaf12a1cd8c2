#include "core.h"

#include "account/anonymous.h"
#include "account/storage.h"
#include "account/user.h"
#include "base/jid.h"
#include "message/offline.h"
#include "presence/owed.h"
#include "routing/s2s_in.h"
#include "session/acks.h"
#include "session/conn.h"
#include "session/stream_error.h"
#include "session/tables.h"
#include "session/timers.h"
#include "stream/keepalive.h"
#include "stream/session_manager.h"
#include "stream/stream.h"
#include "stream/tls.h"

#include <assert.h>
#include <nettle/sha2.h>
#include <string.h>
#include <utlist.h>

/* ---- The life of a core ---- */

static bool add_host(struct core *core, const char *name, bool anonymous)
{
    char prepared[JID_PART_MAX + 1];
    if (!jid_prepare_domain(prepared, name, strlen(name)))
        return false;
    struct host *host = host_find(core, prepared);
    if (host != NULL) {
        host->anonymous = host->anonymous || anonymous;
        return true;
    }
    host = memory_new(core->memory, sizeof *host + strlen(prepared) + 1);
    if (host == NULL)
        return false;
    host->anonymous = anonymous;
    memcpy(host->name, prepared, strlen(prepared) + 1);
    anonymous_init(core, host);
    if (map_add(&core->hosts, host, host->name, strlen(host->name)))
        return true;
    memory_free(core->memory, host);
    return false;
}

static void free_hosts(struct core *core)
{
    for (struct host *host = map_first(&core->hosts); host != NULL; host = map_first(&core->hosts)) {
        anonymous_free_all(core, host);
        map_remove(&core->hosts, host);
        memory_free(core->memory, host);
    }
}

static bool add_hosts(struct core *core, const struct core_settings *settings)
{
    for (size_t i = 0; i < settings->host_count; i++)
        if (!add_host(core, settings->hosts[i], false))
            return false;
    for (size_t i = 0; i < settings->anonymous_host_count; i++)
        if (!add_host(core, settings->anonymous_hosts[i], true))
            return false;
    return true;
}

/* Derives the secret of the maps from the core's secret by a hash, which does not reveal the latter. */
static void init_tables(struct core *core)
{
    uint8_t digest[SHA256_DIGEST_SIZE];
    struct sha256_ctx context;
    sha256_init(&context);
    sha256_update(&context, sizeof core->secret, core->secret);
    sha256_digest(&context, sizeof digest, digest);
    for (size_t i = 0; i < sizeof(uint64_t); i++) {
        core->map_secret.first = core->map_secret.first << 8 | digest[i];
        core->map_secret.second = core->map_secret.second << 8 | digest[sizeof(uint64_t) + i];
    }
    memory_wipe(&context, sizeof context);
    memory_wipe(digest, sizeof digest);
    map_init(&core->hosts, core->memory, &core->map_secret, offsetof(struct host, node));
    map_init(&core->users, core->memory, &core->map_secret, offsetof(struct user, node));
    map_init(&core->full_jids, core->memory, &core->map_secret, offsetof(struct session, node));
    storage_init(core);
}

struct core *core_new(const struct core_ports *ports, const struct core_settings *settings)
{
    assert(settings->host_count + settings->anonymous_host_count > 0);
    assert(settings->salt_bytes > 0 && settings->salt_bytes <= CORE_SECRET);
    assert(settings->tls == CORE_TLS_NONE || ports->start_tls != NULL);
    struct core *core = memory_new(&ports->memory, sizeof *core);
    if (core == NULL)
        return NULL;
    core->ports = *ports;
    core->memory = &core->ports.memory;
    core->settings = *settings;
    core->settings.hosts = core->settings.anonymous_hosts = NULL;
    buffer_init(&core->outgoing, core->memory);
    core->started = core->ports.now(core->ports.host);
    core->ports.random(core->ports.host, core->secret, sizeof core->secret);
    if (settings->secret != NULL)
        memcpy(core->secret, settings->secret, sizeof core->secret);
    core->settings.secret = NULL;
    init_tables(core);
    unsigned long salt;
    core->ports.random(core->ports.host, &salt, sizeof salt);
    parser_pool_init(&core->parsers, core->memory, salt | 1); /* never 0: expat would draw its own */
    if (add_hosts(core, settings))
        return core;
    core_free(core);
    return NULL;
}

/* Destroys a session without sending anything on its connection. */
static void drop_session(struct session *session)
{
    if (session->conn != NULL)
        session->conn->link = NULL;
    acks_free(session->core, session->managed);
    session->managed = NULL;
    session_manager_destroy(session);
}

void core_free(struct core *core)
{
    if (core == NULL)
        return;
    core->ending = true;
    /* Mark all sessions first, so that none is sent anything about the end of another. */
    for (struct session *s = core->sessions; s != NULL; s = s->next)
        session_disconnect(s);
    while (core->doomed != NULL)
        drop_session(core->doomed);
    assert(core->sessions == NULL);
    conn_free_ended(core);
    parser_pool_empty(&core->parsers);
    while (map_first(&core->users) != NULL)
        user_free(map_first(&core->users));
    storage_free(core);
    free_hosts(core);
    buffer_free(&core->outgoing);
    struct core_memory memory = core->ports.memory;
    memory_wipe(core, sizeof *core); /* it contains the secret */
    memory_free(&memory, core);
}

/* ---- The end of a call ---- */

static void run_the_runnable(struct core *core)
{
    while (core->runnable != NULL) {
        struct session *session = core->runnable;
        core->runnable = session->runnable_next;
        session->runnable = false;
        session->waiting = session->work != NULL; /* it may wait again */
        if (!session->waiting && session->conn != NULL)
            parser_resume(&session->conn->parser);
        session_manager_end_doomed(core);
    }
}

/* Completes everything that the call caused: destroys doomed sessions, lets sessions that no longer wait
 * handle their queued input, requests acknowledgements, and answers storage requests for anonymous
 * accounts. */
static void settle(struct core *core)
{
    bool answered;
    do {
        session_manager_end_doomed(core);
        run_the_runnable(core);
        acks_ask_due(core);
        answered = storage_answer_own(core);
    } while (answered || core->doomed != NULL || core->lost != NULL || core->runnable != NULL ||
             core->asking != NULL);
    conn_free_ended(core);
}

/* ---- Events ---- */

static void login_took_too_long(struct session *session)
{
    stream_error(session, STREAM_CONNECTION_TIMEOUT, "logging in took too long");
}

static void (*const actions[TIMER_KINDS])(struct session *) = {
    [TIMER_LOGIN] = login_took_too_long,
    [TIMER_IDLE] = keepalive_idle,
    [TIMER_ANSWER] = keepalive_unanswered,
    [TIMER_RESUME] = session_disconnect,
};

struct conn *core_accept(struct core *core, void *link)
{
    struct session *session = core->shut_down ? NULL : session_manager_new(core, link, &stream_events);
    return session != NULL ? session->conn : NULL;
}

void core_receive(struct core *core, struct conn *conn, const char *bytes, size_t length)
{
    memory_prefetch(conn, sizeof *conn);
    assert(conn->core == core && conn->session != NULL);
    memory_prefetch(conn->session, sizeof *conn->session);
    timers_heard(conn->session);
    conn_receive(conn, bytes, length);
    settle(core);
}

void core_secured(struct core *core, struct conn *conn, const struct core_tls *tls)
{
    assert(conn->core == core && conn->session != NULL);
    conn_secured(conn);
    if (!tls_secured(conn->session, tls))
        session_disconnect(conn->session);
    settle(core);
}

void core_writable(struct core *core, struct conn *conn)
{
    assert(conn->core == core && conn->session != NULL);
    conn_writable(conn);
    owed_go_on(conn->session);
    offline_go_on(conn->session);
    settle(core);
}

void core_hangup(struct core *core, struct conn *conn)
{
    assert(conn->core == core && conn->session != NULL);
    conn->link = NULL;
    session_manager_lose_connection(conn->session);
    settle(core);
}

void core_shutdown(struct core *core)
{
    core->shut_down = true;
    for (struct session *s = core->sessions; s != NULL; s = s->next)
        stream_error(s, STREAM_SYSTEM_SHUTDOWN, NULL);
    settle(core);
}

void core_tick(struct core *core)
{
    timers_fire(core, actions);
    settle(core);
}

void core_trim(struct core *core)
{
    (void)user_free_cached(core);
    parser_pool_empty(&core->parsers);
}

uint64_t core_deadline(const struct core *core)
{
    return timers_deadline(core);
}

void core_stored(struct core *core, uint64_t request, enum core_store_status status,
                 const struct core_store_entry *entries, size_t entry_count)
{
    storage_answered(core, request, status, entries, entry_count);
    settle(core);
}

void core_arrived(struct core *core, const char *from_domain, const char *stanza, size_t length)
{
    s2s_arrived(core, from_domain, stanza, length);
    settle(core);
}

void core_unroutable(struct core *core, const char *stanza, size_t length, enum core_route_failure why)
{
    s2s_returned(core, stanza, length, why);
    settle(core);
}

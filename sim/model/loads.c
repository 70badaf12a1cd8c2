#include "loads.h"

#include "model_private.h"

#include "../world/heap.h"

#include <stdio.h>

static uint64_t account_of(const struct core_store_request *request)
{
    const struct address name = { .local = { request->username, strlen(request->username) },
                                  .domain = { request->host, strlen(request->host) } };
    return account_hash(&name);
}

/* Of what an account has in memory while it is in use. */
static bool is_load(const struct core_store_request *request)
{
    return request->op == CORE_LOAD &&
           (request->store == CORE_STORE_ROSTER || request->store == CORE_STORE_BLOCKLIST);
}

static uint64_t now(const struct watched_server *server)
{
    return world_now(server->model->world);
}

/* What was loaded before the clock jumped may be old, or not. */
static void notice_jumps(struct watched_server *server)
{
    const uint64_t jumps = server_faults(server->server).jumps;
    if (jumps != server->loads.jumps)
        loads_forget(server);
    server->loads.jumps = jumps;
}

/* Nor is it known what was loaded for the logins that are under way. */
void loads_forget(struct watched_server *server)
{
    server->loads.count += LOADS_MOST + 1;
    memset(server->loads.last, 0, sizeof server->loads.last);
    memset(server->loads.uses, 0, sizeof server->loads.uses);
}

static struct use *use_of(struct loads *loads, uint64_t account)
{
    return &loads->uses[(account >> 20) % LOADS_MOST];
}

static void used(struct watched_server *server, uint64_t account)
{
    *use_of(&server->loads, account) = (struct use){ account, now(server) };
}

static void violated(const struct watched_server *server, size_t question, const char *what,
                     const struct core_store_request *request)
{
    char detail[600];
    snprintf(detail, sizeof detail, "%s %s@%s", what, request->username, request->host);
    model_violate(server->model, question, detail);
}

/* ---- Logins ---- */

void loads_bind_arrived(struct connection *connection)
{
    struct watched_server *server = connection->server;
    if (connection->binds)
        return;
    connection->binds = true;
    server->binding++;
    connection->loads_before = server->loads.count;
    connection->gets_stored = connection->account != 0 && server->was_idle && server->requests == 0 &&
                              server->has_storage &&
                              !account_has_session(&server->accounts, connection->account);
}

void loads_bound(const struct connection *connection)
{
    const struct watched_server *server = connection->server;
    const struct loads *loads = &server->loads;
    const struct account_facts *account = connection->session->account;
    if (!connection->gets_stored || account == NULL || account->session_count > 1)
        return;
    bool is_loaded = loads->count > connection->loads_before + LOADS_MOST; /* it may be */
    for (size_t i = 0; i < LOADS_MOST; i++)
        is_loaded = is_loaded || (loads->last[i].account == account->jid &&
                                  loads->last[i].number > connection->loads_before);
    if (!model_judge(server->model, QUESTION_OF_LOGINS, is_loaded ? HOLDS : VIOLATED))
        return;
    char detail[600];
    snprintf(detail, sizeof detail, "its roster was not loaded for it: %s", connection->session->full_jid);
    model_violate(server->model, QUESTION_OF_LOGINS, detail);
}

/* ---- The cache ---- */

/* A load of the same that is in memory for certain, if the cache is used: one that holds all accounts of the last loads.
 * Of a smaller one it is not known which account was used last. */
static bool is_in_memory(const struct watched_server *server, uint64_t account, int store)
{
    const struct core_limits *limits = &server->settings->limits;
    const struct loads *loads = &server->loads;
    const uint64_t time = limits->cache_time;
    for (size_t i = 0; i < LOADS_MOST; i++) {
        const struct load *load = &loads->last[i];
        const bool is_fresh =
            time == 0 || now(server) - load->time < time / 2; /* counted from before the load */
        if (load->account == account && load->store == store && is_fresh && !load->is_doubtful &&
            limits->cached_accounts >= LOADS_MOST && loads->count - load->number < LOADS_MOST)
            return true;
    }
    return false;
}

/* Whether it can be said of an account what is in memory. */
static bool is_certain(const struct watched_server *server, uint64_t account)
{
    enum { ENOUGH = 1 << 20 }; /* bytes, for the accounts of a play */
    return account != 0 && server->was_idle && !server->is_shaken && !server->is_ending &&
           server->binding == 0 && server->settings->limits.cached_bytes >= ENOUGH &&
           !account_has_session(&server->accounts, account) && heap_failures() == server->shortages;
}

static void load_asked(struct watched_server *server, const struct core_store_request *request,
                       uint64_t account)
{
    struct loads *loads = &server->loads;
    if (is_certain(server, account)) {
        const bool is_again = is_in_memory(server, account, (int)request->store);
        if (model_judge(server->model, QUESTION_OF_CACHE, is_again ? VIOLATED : HOLDS))
            violated(server, QUESTION_OF_CACHE, "what was loaded a short time ago is loaded again, of",
                     request);
    }
    loads->count++;
    loads->last[loads->count % LOADS_MOST] =
        (struct load){ account, loads->count, now(server), (int)request->store, false };
}

/* To keep a message the server must know how many there are, which it may have counted too long ago. */
static void keep_asked(struct watched_server *server, const struct core_store_request *request,
                       uint64_t account)
{
    const uint64_t time = server->settings->limits.cache_time;
    const struct use *use = use_of(&server->loads, account);
    if (time == 0 || !is_certain(server, account) || use->account != account ||
        request->entries[0].value == NULL)
        return;
    const bool is_old = now(server) - use->time > time;
    if (model_judge(server->model, QUESTION_OF_CACHE, is_old ? VIOLATED : HOLDS))
        violated(server, QUESTION_OF_CACHE, "what was loaded too long ago is used, of", request);
}

void loads_asked(struct watched_server *server, const struct core_store_request *request)
{
    const uint64_t account = account_of(request);
    notice_jumps(server);
    if (is_load(request))
        load_asked(server, request, account);
    else if (request->op == CORE_SAVE && request->store == CORE_STORE_OFFLINE && request->entry_count > 0)
        keep_asked(server, request, account);
    else if (request->op == CORE_REMOVE)
        loads_forget(server);
    used(server, account);
}

/* Work that waits for a roster or a block list goes on without it, or fails; what was loaded stays loaded when something
 * else fails. */
void loads_failed(struct watched_server *server, const struct core_store_request *request)
{
    const uint64_t account = account_of(request);
    struct loads *loads = &server->loads;
    for (size_t i = 0; i < LOADS_MOST; i++) {
        struct load *load = &loads->last[i];
        if (load->account != account)
            continue;
        load->is_doubtful = true;
        if (is_load(request))
            load->account = 0;
    }
    if (is_load(request) && loads->failed_count++ < LOADS_FAILED_MOST)
        loads->failed[loads->failed_count - 1] = account;
}

void loads_idle(struct watched_server *server)
{
    server->loads.failed_count = 0;
}

bool loads_may_lack(const struct watched_server *server, uint64_t account)
{
    const struct loads *loads = &server->loads;
    size_t i = loads->failed_count;
    if (i > LOADS_FAILED_MOST)
        return true;
    while (i > 0 && loads->failed[i - 1] != account)
        i--;
    return i > 0;
}

/* The account comes into the cache, and may replace another one there. */
void loads_session_ended(struct watched_server *server, uint64_t account)
{
    struct loads *loads = &server->loads;
    used(server, account);
    loads->count++;
    loads->last[loads->count % LOADS_MOST] = (struct load){ .account = 0 };
}

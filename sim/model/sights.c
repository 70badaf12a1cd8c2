#include "sights.h"

#include "model_private.h"
#include "rights.h"

#include "../must.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* A session that was told that the resource is available. */
struct watcher {
    uint32_t conn;
    uint64_t place; /* how many stanzas had come in */
    uint64_t time;  /* at which it was told */
    bool is_apart;  /* one of the two may have blocked the other when a session of the resource left */
};

struct sight {
    uint64_t sender; /* a hash of the full JID */
    struct watcher *watchers;
    size_t count, capacity;
    char *over;         /* the full JID of one that is over; NULL otherwise */
    uint64_t over_time; /* at which it left */
    bool is_listed;     /* among those that may be over */
    struct sight *next_over;
    UT_hash_handle hh;
};

/* ---- Sights ---- */

static struct sight *find(const struct sights *sights, uint64_t sender)
{
    struct sight *sight;
    HASH_FIND(hh, sights->first, &sender, sizeof sender, sight);
    return sight;
}

static void not_over(struct sight *sight)
{
    free(sight->over);
    sight->over = NULL;
}

static void clear_over(struct sights *sights)
{
    while (sights->over != NULL) {
        struct sight *sight = sights->over;
        sights->over = sight->next_over;
        sight->is_listed = false;
        not_over(sight);
    }
}

void sights_forget(struct sights *sights)
{
    struct sight *sight = sights->first;
    clear_over(sights);
    HASH_CLEAR(hh, sights->first);
    while (sight != NULL) {
        struct sight *next = sight->hh.next;
        free(sight->watchers);
        free(sight);
        sight = next;
    }
    *sights = (struct sights){ 0 };
}

/* The order of either has no meaning. */
uint64_t sights_sum(const struct sights *sights)
{
    uint64_t sum = 0;
    for (const struct sight *sight = sights->first; sight != NULL; sight = sight->hh.next) {
        for (size_t i = 0; i < sight->count; i++)
            sum += hash_join(sight->sender, sight->watchers[i].conn);
        sum += sight->over != NULL ? sight->sender : 0;
    }
    return sum;
}

static struct watcher *find_watcher(const struct sight *sight, uint32_t conn)
{
    for (size_t i = 0; i < sight->count; i++)
        if (sight->watchers[i].conn == conn)
            return &sight->watchers[i];
    return NULL;
}

static void add_watcher(struct sight *sight, struct watcher watcher)
{
    struct watcher *known = find_watcher(sight, watcher.conn);
    if (known != NULL) {
        *known = watcher;
        return;
    }
    if (sight->watchers == NULL || sight->count == sight->capacity) {
        sight->capacity = sight->capacity == 0 ? 4 : sight->capacity * 2;
        sight->watchers = must(realloc(sight->watchers, sight->capacity * sizeof watcher));
    }
    sight->watchers[sight->count++] = watcher;
}

static void remove_watcher(struct sight *sight, uint32_t conn)
{
    struct watcher *known = find_watcher(sight, conn);
    if (known == NULL)
        return;
    assert(sight->watchers != NULL);
    *known = sight->watchers[--sight->count];
}

static struct sight *add(struct sights *sights, uint64_t sender)
{
    struct sight *sight = must(calloc(1, sizeof *sight));
    sight->sender = sender;
    HASH_ADD(hh, sights->first, sender, sizeof sight->sender, sight);
    return sight;
}

/* One that is not available may have got the answer to a probe, which nobody remembers. */
void sights_departed(const struct connection *connection, const struct departure *departure)
{
    struct watched_server *server = connection->server;
    const bool is_available = departure->type.bytes == NULL;
    if (departure->kind != STANZA_PRESENCE || !departure->is_named || departure->from.bytes == NULL ||
        (!is_available && !span_is(departure->type, "unavailable")))
        return;
    const uint64_t sender = span_hash(departure->from);
    struct sight *sight = find(&server->sights, sender);
    if (is_available && sight == NULL)
        sight = add(&server->sights, sender);
    if (is_available && session_facts_is_available(departure->session))
        add_watcher(
            sight,
            (struct watcher){ .conn = connection->number, .place = server->came, .time = model_now(server) });
    else if (sight != NULL)
        remove_watcher(sight, connection->number);
}

/* ---- What is over ---- */

/* Whether one of the two may have blocked the other. */
static bool may_be_apart(const struct watched_server *server, const struct address *resource,
                         const struct address *watcher)
{
    return rights_may_block(server, resource, watcher) || rights_may_block(server, watcher, resource);
}

static void note_who_is_apart(const struct watched_server *server, struct sight *sight)
{
    const struct address resource = address_split((struct span){ sight->over, strlen(sight->over) });
    for (size_t i = 0; i < sight->count; i++) {
        const struct connection *connection = connection_of(server, sight->watchers[i].conn);
        const bool is_bound = connection != NULL && connection->session->full_jid != NULL;
        const struct address watcher =
            is_bound ? address_split(session_facts_jid(connection->session)) : resource;
        if (is_bound && may_be_apart(server, &resource, &watcher))
            sight->watchers[i].is_apart = true;
    }
}

void sights_left(struct watched_server *server, const struct session_facts *session)
{
    struct sight *sight = session->full_jid != NULL ? find(&server->sights, session->jid_hash) : NULL;
    if (sight == NULL || sight->count == 0 || sight->over != NULL)
        return;
    sight->over = must(strdup(session->full_jid));
    sight->over_time = model_now(server);
    note_who_is_apart(server, sight);
    if (sight->is_listed)
        return;
    sight->is_listed = true;
    sight->next_over = server->sights.over;
    server->sights.over = sight;
}

void sights_came(struct watched_server *server, const struct session_facts *session)
{
    struct sight *sight = server->sights.over != NULL && session->full_jid != NULL
                              ? find(&server->sights, session->jid_hash)
                              : NULL;
    if (sight != NULL)
        not_over(sight);
}

void sights_doubt(struct watched_server *server)
{
    clear_over(&server->sights);
}

/* ---- Quiescence ---- */

/* Whether a session is owed nothing of what has happened since it was told that the resource is available: its stream is
 * over, or it was not available all the time. */
static bool is_owed_nothing(const struct session_facts *session, uint64_t place)
{
    return session->has_ended || session->came_again > place;
}

/* Whether it must have been told: it is available for certain, and takes what is written. */
static bool must_hear(const struct connection *connection, uint64_t place)
{
    const struct session_facts *session = connection->session;
    return session->full_jid != NULL && !connection->is_blocked && !session->may_hold &&
           session->came_again < place && session_facts_is_available(session);
}

/* Whether the account of a resource tells its presence to a session, and none has blocked the other. */
static enum judgement judge_right(const struct watched_server *server, const char *full_jid,
                                  const struct session_facts *session)
{
    const struct span jid = { full_jid, strlen(full_jid) };
    const struct address resource = address_split(jid);
    const struct address watcher = address_split(session_facts_jid(session));
    const enum alike own = address_same_account(&resource, &watcher);
    if (own == ALIKE_UNKNOWN || may_be_apart(server, &resource, &watcher))
        return NOT_JUDGED;
    return own == ALIKE_YES ||
                   rights_in_roster(server, jid, session_facts_jid(session), "from") == RIGHT_SUBSCRIBED
               ? VIOLATED
               : NOT_JUDGED;
}

static void violated(const struct watched_server *server, const struct sight *sight,
                     const struct session_facts *session, uint64_t told)
{
    struct text why = { 0 };
    text_string(&why, session->full_jid);
    text_string(&why, " was told that ");
    text_string(&why, sight->over);
    text_string(&why, " is available, and not that it is no more: the first ");
    append_moment(&why, told);
    text_string(&why, ", and the resource left ");
    append_moment(&why, sight->over_time);
    model_violate(server->model, QUESTION_OF_SIGHTS, why.bytes);
    text_free(&why);
}

/* A watcher that is left; the resource itself is none. */
static void ask_watcher(const struct watched_server *server, const struct sight *sight,
                        const struct watcher *watcher)
{
    const struct connection *connection = connection_of(server, watcher->conn);
    if (connection == NULL || connection->session->jid_hash == sight->sender ||
        is_owed_nothing(connection->session, watcher->place))
        return;
    const enum judgement judgement = !watcher->is_apart && must_hear(connection, watcher->place)
                                         ? judge_right(server, sight->over, connection->session)
                                         : NOT_JUDGED;
    if (model_judge(server->model, QUESTION_OF_SIGHTS, judgement))
        violated(server, sight, connection->session, watcher->time);
}

/* Whether a session of that name may be available: then the sight is not over. */
static bool may_be_available(const struct watched_server *server, const char *full_jid)
{
    const struct span jid = { full_jid, strlen(full_jid) };
    const struct address name = address_split(jid);
    const struct account_facts *account = account_find(&server->accounts, account_hash(&name));
    for (size_t i = 0; account != NULL && i < account->session_count; i++)
        if (span_equal(session_facts_jid(account->sessions[i]), jid))
            return session_facts_possible(account->sessions[i], FACT_PRESENCE) != PRESENCE_NONE;
    return false;
}

static void ask(const struct watched_server *server, const struct sight *sight)
{
    if (sight->count == 0)
        (void)model_judge(server->model, QUESTION_OF_SIGHTS, HOLDS);
    for (size_t i = 0; i < sight->count && !server->model->violated; i++)
        ask_watcher(server, sight, &sight->watchers[i]);
}

/* Whether one of those that were told is inactive: it may be told when it is active again. */
static bool may_be_held(const struct watched_server *server, const struct sight *sight)
{
    const struct connection *connection = NULL;
    for (size_t i = 0; i < sight->count; i++)
        if ((connection = connection_of(server, sight->watchers[i].conn)) != NULL &&
            connection->session->may_hold)
            return true;
    return false;
}

/* Those that are asked know nothing new of that resource. */
void sights_quiet(struct watched_server *server)
{
    struct sight **at = &server->sights.over;
    while (*at != NULL && !server->model->violated) {
        struct sight *sight = *at;
        const bool is_over = sight->over != NULL && !may_be_available(server, sight->over);
        if (is_over && may_be_held(server, sight)) {
            at = &sight->next_over;
            continue;
        }
        if (is_over)
            ask(server, sight);
        sight->count = sight->over != NULL ? 0 : sight->count;
        *at = sight->next_over;
        sight->is_listed = false;
        not_over(sight);
    }
}

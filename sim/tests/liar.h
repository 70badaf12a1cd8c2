/*
 * liar.h - a server under test that is our core with faults, each set by a rule.
 *
 * An outgoing stanza, also to another server, may be dropped, or followed by another that the core never sent; an incoming one may be
 * dropped, or followed by one that was never sent; a save may be dropped or not answered, a block of memory
 * leaked; and a function of the test may change the core's state.  Links are counted in the order in which
 * they open, from 0: in a scenario where Romeo connects first, his is 0.
 *
 * The functions of a kind of server carry no context, so the rules are in one global variable.
 */
#ifndef SIM_TESTS_LIAR_H
#define SIM_TESTS_LIAR_H

#include "../kinds/core_format.h"
#include "../text.h"
#include "../world/heap.h"
#include "../world/server.h"

#include "inspect.h"

#include <assert.h>
#include <string.h>

enum { LINKS_MOST = 16 };

static struct lie {
    int to;              /* the link that this is about */
    const char *swallow; /* output with this text is not sent there */
    const char *deaf;    /* input with this text from there is dropped */
    const char *reply;   /* and is answered with this */

    const char *seen; /* when the core first sends output with this text there: */
    const char *add;  /* this is sent after it, on link `add_to` */
    int add_to;
    const char *hear;                 /* and this is heard from there */
    void (*spoil)(struct core *core); /* and this is done */

    const char *saved;      /* instead of each roster item that is saved */
    const char *lost_route; /* what has this text is not routed; NULL: there are no other servers */
    size_t more_kept;       /* messages, roster items and requests that the core keeps beyond the settings */
    bool has_no_cache;      /* it keeps no account in memory, whatever the settings say */
    bool caches_forever;    /* it keeps accounts in memory for any time */
    bool never_closes;      /* no stream, no connection */
    bool ends_unheard;      /* the core is not notified of the end of a connection */
    bool swallow_saves;     /* storage never answers */
    bool forget_saves;      /* storage answers, and has nothing */
    bool keep_memory;       /* a block of it is never freed */
    bool look_elsewhere;    /* inspection shows another core, which has no sessions */
    bool refuse;            /* every connection */
} lie;

static struct liar {
    struct server_ports ports;
    struct core *core, *other;
    void *links[LINKS_MOST];
    struct conn *conns[LINKS_MOST]; /* NULL once the core has ended it */
    int link_count;
    bool told;  /* output added once */
    bool hears; /* and input added once, soon */
    void *kept;
} liar;

static int liar_index(const void *link)
{
    int index = 0;
    while (liar.links[index] != link)
        index++;
    assert(index < liar.link_count);
    return index;
}

static bool liar_contains(const char *bytes, size_t length, const char *what)
{
    if (what == NULL)
        return false;
    struct text text = { 0 };
    text_append(&text, bytes, length);
    bool contains = strstr(text.bytes, what) != NULL;
    text_free(&text);
    return contains;
}

static void liar_say(int link, const char *what)
{
    if (what == NULL)
        return;
    assert(link < liar.link_count);
    (void)liar.ports.send(liar.ports.host, liar.links[link], what, strlen(what));
}

/* ---- Out ---- */

static void liar_tell_once(const void *link, const char *bytes, size_t length)
{
    if (liar.told || liar_index(link) != lie.to || !liar_contains(bytes, length, lie.seen))
        return;
    liar.told = true;
    liar.hears = lie.hear != NULL;
    liar_say(lie.add_to, lie.add);
    if (lie.spoil != NULL)
        lie.spoil(liar.core);
}

static bool liar_swallows(const void *link, const char *bytes, size_t length)
{
    if (lie.never_closes && liar_contains(bytes, length, "</stream:stream>"))
        return true;
    return liar_index(link) == lie.to && liar_contains(bytes, length, lie.swallow);
}

static size_t liar_send(void *host, void *link, const char *bytes, size_t length)
{
    (void)host;
    size_t taken = length;
    if (!liar_swallows(link, bytes, length))
        taken = liar.ports.send(liar.ports.host, link, bytes, length);
    liar_tell_once(link, bytes, length);
    return taken;
}

static void liar_close(void *host, void *link)
{
    (void)host;
    liar.conns[liar_index(link)] = NULL;
    if (!lie.never_closes)
        liar.ports.close(liar.ports.host, link);
}

static uint64_t liar_now(void *host)
{
    (void)host;
    return liar.ports.time_of_day(liar.ports.host);
}

static void liar_random(void *host, void *bytes, size_t length)
{
    (void)host;
    liar.ports.random(liar.ports.host, bytes, length);
}

static void liar_route(void *host, const char *from_domain, const char *to_domain, const char *stanza,
                       size_t length)
{
    (void)host;
    if (!liar_contains(stanza, length, lie.lost_route))
        liar.ports.route(liar.ports.host, from_domain, to_domain, stanza, length);
}

/* With another item than the core's. */
static void liar_store_another(struct core_store_request request)
{
    enum { MOST = 4 };
    struct core_store_entry entries[MOST];
    assert(request.entry_count <= MOST);
    for (size_t i = 0; i < request.entry_count; i++) {
        entries[i] = request.entries[i];
        if (entries[i].key[0] != '\0')
            entries[i].value = lie.saved;
    }
    request.entries = entries;
    liar.ports.store(liar.ports.host, &request);
}

static void liar_store(void *host, const struct core_store_request *request)
{
    (void)host;
    const struct core_store_request load = { .id = request->id,
                                             .op = CORE_LOAD,
                                             .store = request->store,
                                             .username = request->username,
                                             .host = request->host };
    const bool is_read = request->op == CORE_LOAD || request->op == CORE_COUNT;
    if (lie.saved != NULL && request->op == CORE_SAVE && request->store == CORE_STORE_ROSTER)
        liar_store_another(*request);
    else if (is_read || !lie.swallow_saves)
        liar.ports.store(liar.ports.host, lie.forget_saves && !is_read ? &load : request);
}

/* ---- In ---- */

static void *liar_start(const struct server_kind *kind, const struct server_ports *ports,
                        const struct core_settings *settings, struct server_refusal *refusal)
{
    (void)kind;
    (void)refusal;
    liar = (struct liar){ .ports = *ports };
    const struct core_ports own = { .host = &liar,
                                    .memory = heap_memory(),
                                    .send = liar_send,
                                    .close = liar_close,
                                    .now = liar_now,
                                    .random = liar_random,
                                    .store = liar_store,
                                    .route = lie.lost_route != NULL ? liar_route : NULL };
    struct core_settings other = *settings;
    other.limits.offline_messages += lie.more_kept;
    other.limits.roster_items += lie.more_kept;
    other.limits.requests += lie.more_kept;
    other.limits.cached_accounts = lie.has_no_cache ? 0 : other.limits.cached_accounts;
    other.limits.cache_time = lie.caches_forever ? 0 : other.limits.cache_time;
    liar.core = core_new(&own, &other);
    liar.other = core_new(&own, settings);
    liar.kept = lie.keep_memory ? heap_memory().alloc(100) : NULL;
    return &liar;
}

static void liar_stop(void *self)
{
    (void)self;
    core_free(liar.core);
    core_free(liar.other);
}

/* The handle is the position of the connection. */
static void *liar_opened(void *self, void *link)
{
    (void)self;
    if (lie.refuse)
        return NULL;
    assert(liar.link_count < LINKS_MOST);
    int index = liar.link_count++;
    liar.links[index] = link;
    liar.conns[index] = core_accept(liar.core, link);
    return &liar.conns[index];
}

static void liar_hear(struct conn **conn, const char *bytes, size_t length)
{
    if (*conn != NULL)
        core_receive(liar.core, *conn, bytes, length);
}

static void liar_bytes(void *self, void *conn, const char *bytes, size_t length)
{
    (void)self;
    if (conn == &liar.conns[lie.to] && liar_contains(bytes, length, lie.deaf))
        liar_say(lie.to, lie.reply);
    else
        liar_hear(conn, bytes, length);
    if (!liar.hears)
        return;
    liar.hears = false;
    liar_hear(&liar.conns[lie.to], lie.hear, strlen(lie.hear));
}

static void liar_writable(void *self, void *conn)
{
    (void)self;
    struct conn **own = conn;
    if (*own != NULL)
        core_writable(liar.core, *own);
}

static void liar_ended(void *self, void *conn)
{
    (void)self;
    struct conn **own = conn;
    if (*own == NULL || lie.ends_unheard)
        return;
    struct conn *ended = *own;
    *own = NULL;
    core_hangup(liar.core, ended);
}

static void liar_late(void *self)
{
    (void)self;
    core_tick(liar.core);
}

static struct server_deadline liar_deadline(void *self)
{
    (void)self;
    return (struct server_deadline){ core_deadline(liar.core), true };
}

static void liar_stored(void *self, uint64_t request, enum core_store_status status,
                        const struct core_store_entry *entries, size_t entry_count)
{
    (void)self;
    core_stored(liar.core, request, status, entries, entry_count);
}

static void liar_provide(void *self, const struct server_ports *ports, const struct provision *provision)
{
    (void)self;
    core_format_provide(provision, (unsigned)inspect_settings(liar.core)->iterations, ports->put,
                        ports->host);
}

static void liar_arrived(void *self, const char *from_domain, const char *stanza, size_t length)
{
    (void)self;
    core_arrived(liar.core, from_domain, stanza, length);
}

static void liar_shut_down(void *self)
{
    (void)self;
    core_shutdown(liar.core);
}

static const struct core *liar_inspect(void *self)
{
    (void)self;
    return lie.look_elsewhere ? liar.other : liar.core;
}

static const struct conn *liar_inspect_conn(void *conn)
{
    struct conn **own = conn;
    return *own;
}

#define LIAR                                                                                                 \
    .name = "liar", .start = liar_start, .stop = liar_stop, .provide = liar_provide, .opened = liar_opened,  \
    .bytes = liar_bytes, .writable = liar_writable, .ended = liar_ended, .late = liar_late,                  \
    .deadline = liar_deadline, .stored = liar_stored, .arrived = liar_arrived, .shut_down = liar_shut_down

/* The first supports inspection, the other does not. */
#define LIAR_SHUT                                                                                            \
    {                                                                                                        \
        (CAPABILITY_BIT(CAPABILITY_COUNT) - 1) & ~CAPABILITY_BIT(CAPABILITY_VIEWS)                           \
    }
static const struct server_kind liar_open = { LIAR, .has = CAPABILITIES_ALL, .inspect = liar_inspect,
                                              .inspect_conn = liar_inspect_conn };
static const struct server_kind liar_shut = { LIAR, .has = LIAR_SHUT };

#endif

/*
 * liar.h - a server under test that is our core, and lies: what it lies about is a rule.
 *
 * On its way out a stanza may be swallowed, or followed by another that the core never sent; a storage request
 * may be swallowed; a block of memory may be kept; and a core's tables may be spoilt by a function of the
 * test.  Links are counted in the order in which they open, from 0: in a scenario where Romeo connects first,
 * his is 0.
 *
 * The functions of a kind of server carry no context, so what it lies about is one variable.
 */
#ifndef SIM_TESTS_LIAR_H
#define SIM_TESTS_LIAR_H

#include "../must.h"
#include "../server.h"
#include "../text.h"

#include <assert.h>
#include <string.h>

enum { LINKS_MOST = 16, ANY_LINK = -1 };

static struct lie {
    /* When the core sends on link `to` what contains this, and this happens for the first time: */
    const char *seen;
    int to;
    bool swallow;              /* it is not sent */
    const char *add;           /* this is sent after it, on link `add_to` */
    int add_to;
    bool close;                /* the link `to` is closed */
    void (*spoil)(struct core *core);
    const char *hear;          /* the core is told that this came on link `to` */

    bool swallow_closing;      /* the core never ends a stream */
    bool swallow_saves;
    bool keep_memory;
    bool look_elsewhere;       /* who looks into the server sees another core, in which nobody is */
    bool refuse;               /* every connection */
} lie;

static struct liar {
    struct core_ports ports;
    struct core *core, *other;
    void *links[LINKS_MOST];
    void *conns[LINKS_MOST];
    size_t link_count;
    bool told; /* the lie, once */
    bool hears;
    void *kept;
} liar;

static int liar_index(const void *link)
{
    for (size_t i = 0; i < liar.link_count; i++)
        if (liar.links[i] == link)
            return (int)i;
    return ANY_LINK;
}

static bool liar_contains(const char *bytes, size_t length, const char *what)
{
    struct text text = { 0 };
    text_append(&text, bytes, length);
    bool found = strstr(text.bytes, what) != NULL;
    text_free(&text);
    return found;
}

static void liar_send_on(int link, const char *what)
{
    assert(link >= 0 && (size_t)link < liar.link_count);
    (void)liar.ports.send(liar.ports.host, liar.links[link], what, strlen(what));
}

static bool liar_lies_now(const void *link, const char *bytes, size_t length)
{
    if (lie.seen == NULL || liar.told || (lie.to != ANY_LINK && lie.to != liar_index(link)))
        return false;
    liar.told = liar_contains(bytes, length, lie.seen);
    return liar.told;
}

static size_t liar_send(void *host, void *link, const char *bytes, size_t length)
{
    (void)host;
    if (lie.swallow_closing && liar_contains(bytes, length, "</stream:stream>"))
        return length;
    bool now = liar_lies_now(link, bytes, length);
    size_t taken = length;
    if (!now || !lie.swallow)
        taken = liar.ports.send(liar.ports.host, link, bytes, length);
    if (now && lie.close)
        liar.ports.close(liar.ports.host, link);
    if (now && lie.add != NULL)
        liar_send_on(lie.add_to, lie.add);
    liar.hears = liar.hears || (now && lie.hear != NULL);
    if (now && lie.spoil != NULL)
        lie.spoil(liar.core);
    return taken;
}

static void liar_close(void *host, void *link)
{
    (void)host;
    if (!lie.swallow_closing)
        liar.ports.close(liar.ports.host, link);
}

static uint64_t liar_now(void *host)
{
    (void)host;
    return liar.ports.now(liar.ports.host);
}

static void liar_random(void *host, void *bytes, size_t length)
{
    (void)host;
    liar.ports.random(liar.ports.host, bytes, length);
}

static void liar_store(void *host, const struct core_store_request *request)
{
    (void)host;
    if (request->op == CORE_LOAD || !lie.swallow_saves)
        liar.ports.store(liar.ports.host, request);
}

static void *liar_start(const struct core_ports *ports, const struct core_settings *settings)
{
    liar = (struct liar){ .ports = *ports };
    const struct core_ports own = { .host = &liar,
                                    .memory = ports->memory,
                                    .send = liar_send,
                                    .close = liar_close,
                                    .now = liar_now,
                                    .random = liar_random,
                                    .store = liar_store };
    liar.core = core_new(&own, settings);
    liar.other = core_new(&own, settings);
    liar.kept = lie.keep_memory ? ports->memory.alloc(100) : NULL;
    return &liar;
}

static void liar_stop(void *self)
{
    (void)self;
    core_free(liar.core);
    core_free(liar.other);
}

static void *liar_opened(void *self, void *link)
{
    (void)self;
    if (lie.refuse)
        return NULL;
    assert(liar.link_count < LINKS_MOST);
    size_t index = liar.link_count++;
    liar.links[index] = link;
    liar.conns[index] = core_accept(liar.core, link);
    return liar.conns[index];
}

/* What the core is made to hear it hears between two calls. */
static void liar_bytes(void *self, void *conn, const char *bytes, size_t length)
{
    (void)self;
    core_receive(liar.core, conn, bytes, length);
    if (!liar.hears)
        return;
    liar.hears = false;
    core_receive(liar.core, liar.conns[lie.to], lie.hear, strlen(lie.hear));
}

static void liar_writable(void *self, void *conn)
{
    (void)self;
    core_writable(liar.core, conn);
}

static void liar_ended(void *self, void *conn)
{
    (void)self;
    core_hangup(liar.core, conn);
}

static void liar_late(void *self)
{
    (void)self;
    core_tick(liar.core);
}

static uint64_t liar_deadline(void *self)
{
    (void)self;
    return core_deadline(liar.core);
}

static void liar_stored(void *self, uint64_t request, enum core_store_status status,
                        const struct core_store_entry *entries, size_t entry_count)
{
    (void)self;
    core_stored(liar.core, request, status, entries, entry_count);
}

static const struct core *liar_inspect(void *self)
{
    (void)self;
    return lie.look_elsewhere ? liar.other : liar.core;
}

static const struct conn *liar_inspect_conn(void *conn)
{
    return conn;
}

#define LIAR                                                                                                 \
    .name = "liar", .start = liar_start, .stop = liar_stop, .opened = liar_opened, .bytes = liar_bytes,      \
    .writable = liar_writable, .ended = liar_ended, .late = liar_late, .deadline = liar_deadline,            \
    .stored = liar_stored

/* The one lets itself be looked into, the other does not. */
static const struct server_kind liar_open = { LIAR, .inspect = liar_inspect,
                                              .inspect_conn = liar_inspect_conn };
static const struct server_kind liar_shut = { LIAR };

#endif

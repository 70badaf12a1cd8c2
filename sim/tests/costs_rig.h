/*
 * costs_rig.h - a host for a core whose costs are counted, for tests with hostile input.
 *
 * Its links take all bytes.  Its storage is the simulator's, and answers at once or, while `slow`, on request.
 * When a test begins after the login, two clients are logged in: romeo/orchard, whose link is `romeo`, and
 * juliet/balcony, each available and in the other's roster.
 */
#ifndef SIM_TESTS_COSTS_RIG_H
#define SIM_TESTS_COSTS_RIG_H

#include "../client/scram.h"
#include "../must.h"
#include "../text.h"
#include "../world/costs.h"
#include "../world/disk.h"
#include "../world/heap.h"
#include "../world/work.h"

#include "core.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HEADER                                                                                               \
    "<stream:stream to='h.lit' version='1.0' xmlns='jabber:client'"                                          \
    " xmlns:stream='http://etherx.jabber.org/streams'>"

enum { LINKS = 40, ITERATIONS = 100 };

/* ---- Inputs ---- */

/* Bytes, and how many stanzas are in them; where each ends, for those that arrive one by one. */
struct payload {
    struct text bytes;
    size_t *ends;
    size_t stanzas;
};

/* One stanza more. */
__attribute__((format(printf, 2, 3))) static inline void put(struct payload *payload, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *stanza = must(malloc((size_t)length + 1));
    va_start(arguments, format);
    (void)vsnprintf(stanza, (size_t)length + 1, format, arguments);
    va_end(arguments);
    text_append(&payload->bytes, stanza, (size_t)length);
    free(stanza);
    payload->ends = must(realloc(payload->ends, (payload->stanzas + 1) * sizeof *payload->ends));
    payload->ends[payload->stanzas++] = payload->bytes.length;
}

/* A string so many times over; the caller frees. */
static inline char *times(const char *string, size_t count)
{
    struct text text = { 0 };
    text_append(&text, "", 0);
    for (size_t i = 0; i < count; i++)
        text_string(&text, string);
    return text_take(&text);
}

static inline void payload_free(struct payload *payload)
{
    text_free(&payload->bytes);
    free(payload->ends);
    *payload = (struct payload){ 0 };
}

/* ---- The host ---- */

struct rig_link {
    struct conn *conn; /* NULL once it is closed */
    struct costs_recipient written;
    char last_byte;       /* that the core received */
    size_t run;           /* in that; see costs_names */
    struct text received; /* while `listens` */
    bool listens;
};

static struct rig {
    struct core *core;
    struct core_settings settings;
    struct costs costs;
    struct rig_link links[LINKS];
    size_t link_count;
    struct rig_link *romeo, *juliet;
    struct trace *trace;
    struct world *world; /* of the disk, and of nothing else */
    struct disk *disk;
    bool slow;
    uint64_t now;
    unsigned chance;
} rig;

static inline size_t rig_send(void *host, void *link, const char *bytes, size_t length)
{
    (void)host;
    struct rig_link *to = link;
    costs_write(&rig.costs, &to->written, length, length);
    if (to->listens)
        text_append(&to->received, bytes, length);
    return length;
}

static inline void rig_close(void *host, void *link)
{
    (void)host;
    ((struct rig_link *)link)->conn = NULL;
}

static inline uint64_t rig_now(void *host)
{
    (void)host;
    return rig.now;
}

static inline void rig_random(void *host, void *bytes, size_t length)
{
    (void)host;
    for (size_t i = 0; i < length; i++)
        ((unsigned char *)bytes)[i] = (unsigned char)((rig.chance++ * 151U + 7U) & 0xffU);
}

static inline void rig_put(enum core_store store, const char *owner, const char *key, const char *value)
{
    disk_put(rig.disk, owner, "h.lit", store, key, value);
}

static inline void rig_store(void *host, const struct core_store_request *request)
{
    (void)host;
    costs_store(&rig.costs, request);
    disk_request(rig.disk, request);
}

static inline void rig_route(void *host, const char *from, const char *to, const char *stanza, size_t length)
{
    (void)host, (void)from, (void)to, (void)stanza;
    costs_route(&rig.costs, length);
}

/* ---- Telling ---- */

static inline void rig_stored(void *host, const struct core_store_request *request,
                              enum core_store_status status, const struct core_store_entry *entries,
                              size_t entry_count)
{
    (void)host;
    costs_begin_stored(&rig.costs, entries, entry_count);
    core_stored(rig.core, request->id, status, entries, entry_count);
    costs_end(&rig.costs);
}

/* All storage requests, and their answers. */
static inline void rig_answer(void)
{
    assert_true(world_settle(rig.world, 1000000));
}

static inline void rig_receive(struct rig_link *link, const char *bytes, size_t length)
{
    if (link->conn == NULL || length == 0)
        return;
    char *copy = must(malloc(length)); /* so that reading beyond its end is noticed */
    memcpy(copy, bytes, length);
    costs_names(&rig.costs, &link->run, bytes, length);
    costs_begin(&rig.costs, length, costs_elements(&link->last_byte, bytes, length));
    core_receive(rig.core, link->conn, copy, length);
    costs_end(&rig.costs);
    free(copy);
    if (!rig.slow)
        rig_answer();
}

static inline void rig_say(struct rig_link *link, const char *xml)
{
    rig_receive(link, xml, strlen(xml));
}

static inline void rig_arrive(const char *stanza, size_t length)
{
    char last = '\0';
    size_t run = 0;
    costs_names(&rig.costs, &run, stanza, length);
    costs_begin(&rig.costs, length, costs_elements(&last, stanza, length));
    core_arrived(rig.core, "evil.lit", stanza, length);
    costs_end(&rig.costs);
    if (!rig.slow)
        rig_answer();
}

static inline struct rig_link *rig_connect(void)
{
    assert_true(rig.link_count < LINKS);
    struct rig_link *link = &rig.links[rig.link_count++];
    costs_connection(&rig.costs);
    costs_begin(&rig.costs, 0, 0);
    link->conn = core_accept(rig.core, link);
    costs_end(&rig.costs);
    assert_non_null(link->conn);
    return link;
}

static inline void rig_hang_up(struct rig_link *link)
{
    struct conn *conn = link->conn;
    link->conn = NULL;
    if (conn == NULL)
        return;
    costs_begin(&rig.costs, 0, 0);
    core_hangup(rig.core, conn);
    costs_end(&rig.costs);
}

/* Advances the time, and runs due deadlines. */
static inline void rig_pass(uint64_t span)
{
    rig.now += span;
    costs_begin(&rig.costs, 0, 0);
    core_tick(rig.core);
    costs_end(&rig.costs);
    if (!rig.slow)
        rig_answer();
}

static inline struct rig_link *rig_authenticate(const char *plain)
{
    struct rig_link *link = rig_connect();
    char auth[256];
    (void)snprintf(auth, sizeof auth,
                   "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>%s</auth>", plain);
    rig_say(link, HEADER);
    rig_say(link, auth);
    rig_say(link, HEADER);
    return link;
}

static const char rig_romeo[] = "AHJvbWVvAHBlbmNpbA==", rig_juliet[] = "AGp1bGlldABwZW5jaWw=";

static inline struct rig_link *rig_log_in(const char *plain, const char *resource)
{
    struct rig_link *link = rig_authenticate(plain);
    char bind[256];
    (void)snprintf(bind, sizeof bind,
                   "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>%s"
                   "</resource></bind></iq>",
                   resource);
    rig_say(link, bind);
    assert_non_null(link->conn);
    return link;
}

/* ---- Its life ---- */

static inline void rig_account(const char *user, const char *contact)
{
    char item[256];
    disk_add_account(rig.disk, user, "h.lit");
    char *keys = scram_secret("SCRAM-SHA-256", "pencil", user, ITERATIONS);
    rig_put(CORE_STORE_ACCOUNT, user, "SCRAM-SHA-256", keys);
    free(keys);
    (void)snprintf(item, sizeof item, "<item xmlns='jabber:iq:roster' jid='%s@h.lit' subscription='both'/>",
                   contact);
    char jid[64];
    (void)snprintf(jid, sizeof jid, "%s@h.lit", contact);
    rig_put(CORE_STORE_ROSTER, user, jid, item);
}

/* The limits are the core's own. */
static inline void rig_open(void)
{
    static const char *const hosts[] = { "h.lit" };
    const struct core_ports ports = { .memory = heap_memory(),
                                      .send = rig_send,
                                      .close = rig_close,
                                      .now = rig_now,
                                      .random = rig_random,
                                      .store = rig_store,
                                      .route = rig_route };
    rig = (struct rig){ .settings = core_settings_default(), .now = UINT64_C(1700000000) * 1000000000 };
    rig.trace = trace_new(NULL, NULL);
    rig.world = world_new(CHOICE_SCRIPTED, 0, rig.trace);
    rig.disk = disk_new(rig.world, rig_stored, NULL);
    rig.settings.tls = CORE_TLS_NONE;
    rig.settings.plain_without_tls = true;
    rig.settings.iterations = ITERATIONS;
    rig.settings.hosts = hosts;
    rig.settings.host_count = 1;
    rig_account("romeo", "juliet");
    rig_account("juliet", "romeo");
    rig.core = core_new(&ports, &rig.settings);
    assert_non_null(rig.core);
}

/* All clients leave, and the core is freed later. */
static inline void rig_finish(void)
{
    rig.slow = false;
    rig_answer();
    for (size_t i = 0; i < rig.link_count; i++)
        rig_hang_up(&rig.links[i]);
    rig_answer();
    rig_pass(2 * rig.settings.resume_time);
}

static inline void rig_free(void)
{
    core_free(rig.core);
    for (size_t i = 0; i < rig.link_count; i++)
        text_free(&rig.links[i].received);
    disk_free(rig.disk);
    world_free(rig.world);
    trace_free(rig.trace);
    rig = (struct rig){ 0 };
}

#endif

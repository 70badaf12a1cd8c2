#include "watched.h"

#include "../world/heap.h"

#include <nettle/base64.h>
#include <stdio.h>
#include <string.h>

/* ---- What it costs ---- */

static void received(void *context, const char *bytes, size_t length)
{
    struct watched *watched = context;
    size_t elements = length > 0 ? costs_elements(&watched->last, bytes, length) : 0;
    costs_begin(&watched->costs, length, elements);
    if (length > 0)
        costs_names(&watched->costs, &watched->run, bytes, length);
}

static void stored(void *context, const struct core_store_entry *entries, size_t count)
{
    struct watched *watched = context;
    costs_begin_stored(&watched->costs, entries, count);
}

static void check(const struct watched *watched)
{
    const struct costs_excess *excess = &watched->costs.excess;
    fuzz_check(excess->what == NULL, "%s: %llu, more than %llu", excess->what,
               (unsigned long long)excess->found, (unsigned long long)excess->allowed);
}

static void ended(void *context)
{
    struct watched *watched = context;
    costs_end(&watched->costs);
    check(watched);
}

static void sent(void *context, const struct host_link *link, size_t offered, size_t taken)
{
    struct watched *watched = context;
    if (link->index < WATCHED_LINKS)
        costs_write(&watched->costs, &watched->recipients[link->index], offered, taken);
}

static void routed(void *context, size_t length)
{
    struct watched *watched = context;
    costs_route(&watched->costs, length);
}

static void asked(void *context, const struct core_store_request *request)
{
    struct watched *watched = context;
    costs_store(&watched->costs, request);
}

/* ---- Life ---- */

void watched_begin(struct watched *watched, const struct core_settings *settings, bool routes)
{
    static struct core_memory memory;
    memory = heap_memory();
    heap_under(&region_memory);
    watched->region = region_new();
    region_use(watched->region);
    watched->watch = (struct host_watch){ watched, received, stored, ended, sent, routed, asked };
    struct host_options options = { .settings = settings,
                                    .memory = &memory,
                                    .own = &region_memory,
                                    .routes = routes,
                                    .watch = &watched->watch };
    host_begin(&watched->host, &options);
}

void watched_save(struct watched *watched)
{
    watched_forget_sent(watched);
    watched->saved = (struct watched_saved){ watched->host, watched->costs };
    region_save(watched->region);
}

void watched_restore(struct watched *watched)
{
    static const struct costs_recipient none;
    region_use(watched->region);
    for (size_t i = 0; i < watched->host.link_count && i < WATCHED_LINKS; i++)
        watched->recipients[i] = none; /* of the links that there were */
    region_restore(watched->region);
    watched->host = watched->saved.host;
    watched->costs = watched->saved.costs;
    watched->last = '\0';
}

/* ---- Clients ---- */

static void say(struct watched *watched, const struct host_link *link, const char *xml)
{
    host_receive(&watched->host, link, xml, strlen(xml));
}

static void say_header(struct watched *watched, const struct host_link *link, const char *domain)
{
    char xml[256];
    snprintf(xml, sizeof xml,
             "<stream:stream to='%s' version='1.0' xmlns='jabber:client'"
             " xmlns:stream='http://etherx.jabber.org/streams'>",
             domain);
    say(watched, link, xml);
}

static void say_auth(struct watched *watched, const struct host_link *link, const char *username)
{
    char message[64], text[128] = "", xml[256];
    int length = snprintf(message, sizeof message, "%c%s%cpencil", 0, username, 0);
    base64_encode_raw(text, (size_t)length, (const uint8_t *)message);
    snprintf(xml, sizeof xml, "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>%s</auth>",
             text);
    say(watched, link, xml);
}

struct host_link *watched_authenticated(struct watched *watched, const char *username, const char *domain)
{
    const bool prompt = watched->host.prompt;
    watched->host.prompt = true;
    costs_connection(&watched->costs);
    struct host_link *link = host_accept(&watched->host);
    say_header(watched, link, domain);
    say_auth(watched, link, username);
    say_header(watched, link, domain);
    watched->host.prompt = prompt;
    return link;
}

struct host_link *watched_online(struct watched *watched, const char *username, const char *domain,
                                 const char *resource)
{
    char xml[512];
    struct host_link *link = watched_authenticated(watched, username, domain);
    const bool prompt = watched->host.prompt;
    watched->host.prompt = true;
    snprintf(xml, sizeof xml,
             "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
             "<resource>%s</resource></bind></iq>"
             "<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq><presence/>",
             resource);
    say(watched, link, xml);
    watched->host.prompt = prompt;
    return link;
}

/* ---- What was sent ---- */

uint64_t watched_hash_bytes(uint64_t hash, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * 16777619;
    return hash;
}

uint64_t watched_hash(const struct watched *watched, uint64_t hash)
{
    for (size_t i = 0; i < watched->host.link_count; i++) {
        const struct host_link *link = watched->host.links[i];
        hash = watched_hash_bytes(hash, link->sent, link->length);
        hash = watched_hash_bytes(hash, link->closed ? "." : ",", 1);
    }
    for (size_t i = 0; i < watched->host.routed_count; i++)
        hash = watched_hash_bytes(hash, watched->host.routed[i].stanza, watched->host.routed[i].length);
    return hash;
}

void watched_forget_sent(struct watched *watched)
{
    for (size_t i = 0; i < watched->host.link_count; i++)
        watched->host.links[i]->length = watched->host.links[i]->seen = 0;
    host_forget_routed(&watched->host);
}

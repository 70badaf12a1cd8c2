#include "alone.h"

#include "measure.h"

#include "../client/scram.h"
#include "../must.h"
#include "../world/heap.h"

#include <stdio.h>
#include <string.h>

enum { REQUESTS = 16, ITEM = 160 };

struct asked {
    uint64_t id;
    enum core_store store;
    bool is_first; /* the user with the subscribers */
};

struct alone {
    struct core *core;
    struct person *people;
    struct conn **conns;
    size_t count;
    struct asked asked[REQUESTS];
    size_t asked_count;
    uint64_t sent, random;
};

/* ---- Ports ---- */

static size_t port_send(void *host, void *link, const char *bytes, size_t length)
{
    (void)link;
    (void)bytes;
    struct alone *alone = host;
    alone->sent++;
    return length;
}

static void port_close(void *host, void *link)
{
    (void)host;
    (void)link;
    measure_fail("the core closed a connection");
}

static uint64_t port_now(void *host)
{
    (void)host;
    return (uint64_t)1000000000 * 1000000000;
}

static void port_random(void *host, void *bytes, size_t length)
{
    struct alone *alone = host;
    unsigned char *out = bytes;
    for (size_t i = 0; i < length; i++)
        out[i] = (unsigned char)(alone->random++ * 167);
}

static void port_store(void *host, const struct core_store_request *request)
{
    struct alone *alone = host;
    if (alone->asked_count == REQUESTS || request->op != CORE_LOAD)
        measure_fail("the core asks more of storage than was thought");
    alone->asked[alone->asked_count++] =
        (struct asked){ request->id, request->store, strcmp(request->username, alone->people[0].name) == 0 };
}

/* ---- Storage ---- */

static void answer_account(const struct alone *alone, uint64_t request)
{
    const struct core_store_entry secret = { PEOPLE_MECHANISM, people_secret() };
    core_stored(alone->core, request, CORE_STORED, &secret, 1);
}

static void answer_subscribers(const struct alone *alone, uint64_t request)
{
    const size_t count = alone->count - 1;
    struct core_store_entry *entries = must(calloc(count + 1, sizeof *entries));
    char(*items)[ITEM] = must(calloc(count + 1, sizeof *items));
    for (size_t i = 0; i < count; i++) {
        people_subscriber(&alone->people[i + 1], items[i], ITEM);
        entries[i] = (struct core_store_entry){ alone->people[i + 1].bare_jid, items[i] };
    }
    core_stored(alone->core, request, CORE_STORED, entries, count);
    free(items);
    free(entries);
}

static void answer_storage(struct alone *alone)
{
    while (alone->asked_count > 0) {
        const struct asked asked = alone->asked[--alone->asked_count];
        if (asked.store == CORE_STORE_ACCOUNT)
            answer_account(alone, asked.id);
        else if (asked.is_first && asked.store == CORE_STORE_ROSTER)
            answer_subscribers(alone, asked.id);
        else
            core_stored(alone->core, asked.id, CORE_STORED, NULL, 0);
    }
}

/* ---- Its own life ---- */

void alone_receive(struct alone *alone, size_t person, const char *bytes, size_t length)
{
    core_receive(alone->core, alone->conns[person], bytes, length);
    answer_storage(alone);
}

static void receive_string(struct alone *alone, size_t person, const char *string)
{
    alone_receive(alone, person, string, strlen(string));
}

static void log_in(struct alone *alone, size_t number)
{
    static const char header[] = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
                                 "xmlns:stream='http://etherx.jabber.org/streams' to='" PEOPLE_HOST "' "
                                 "version='1.0'>";
    struct sasl_client *sasl =
        must(sasl_client_new("PLAIN", alone->people[number].name, PEOPLE_PASSWORD, "nonce"));
    char auth[512];
    (void)snprintf(auth, sizeof auth,
                   "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>%s</auth>",
                   sasl_client_initial(sasl));
    sasl_client_free(sasl);
    alone->conns[number] = must(core_accept(alone->core, &alone->people[number]));
    receive_string(alone, number, header);
    receive_string(alone, number, auth);
    receive_string(alone, number, header);
    receive_string(alone, number,
                   "<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
                   "<resource>" PEOPLE_RESOURCE "</resource></bind></iq>");
    const uint64_t before = alone->sent;
    receive_string(alone, number, "<presence/>");
    if (alone->sent == before)
        measure_fail("a client could not log in to the core alone");
}

struct alone *alone_new(size_t count)
{
    static const char *const hosts[] = { PEOPLE_HOST };
    struct alone *alone = must(calloc(1, sizeof *alone));
    struct core_settings settings = core_settings_default();
    settings.tls = CORE_TLS_NONE;
    settings.plain_without_tls = true;
    settings.hosts = hosts;
    settings.host_count = 1;
    const struct core_ports ports = { .host = alone,
                                      .memory = heap_memory(),
                                      .send = port_send,
                                      .close = port_close,
                                      .now = port_now,
                                      .random = port_random,
                                      .store = port_store };
    alone->core = must(core_new(&ports, &settings));
    alone->count = count;
    alone->people = must(calloc(count, sizeof *alone->people));
    alone->conns = must(calloc(count, sizeof(struct conn *)));
    for (size_t i = 0; i < count; i++)
        person_init(&alone->people[i], i);
    for (size_t i = 0; i < count; i++)
        log_in(alone, i);
    return alone;
}

void alone_free(struct alone *alone)
{
    core_free(alone->core);
    free(alone->conns);
    free(alone->people);
    free(alone);
}

uint64_t alone_sent(const struct alone *alone)
{
    return alone->sent;
}

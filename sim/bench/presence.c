#include "alone.h"
#include "bare.h"
#include "bench_world.h"
#include "measure.h"
#include "workloads.h"

#include <stdlib.h>
#include <string.h>

enum { SUBSCRIBERS = 100, BROADCASTS = 20, DELIVERIES = SUBSCRIBERS * BROADCASTS, ITEM = 160 };

struct broadcast {
    struct bench_world bench;
    struct alone *alone;
    struct bare *bare;
    struct xml *presence;
    char *sent;      /* as the first user sends it */
    char *delivered; /* as one of the subscribers receives it */
};

static void befriend(struct bench_world *bench)
{
    char item[ITEM];
    const struct person *people = &bench->users[0].person;
    for (size_t i = 1; i < bench->count; i++) {
        const struct person *subscriber = &bench->users[i].person;
        people_subscriber(subscriber, item, sizeof item);
        disk_put(server_disk(bench->server), people->name, PEOPLE_HOST, CORE_STORE_ROSTER,
                 subscriber->bare_jid, item);
    }
}

static void become_available(struct bench_world *bench)
{
    for (size_t i = 0; i < bench->count; i++)
        bench_become_available(bench, &bench->users[i]);
}

/* The last received element as XML; NULL when it is not a presence with <show/>. */
static char *print_last(const struct received *received)
{
    while (received != NULL && received->next != NULL)
        received = received->next;
    if (received == NULL || received->kind != RECEIVED_ELEMENT ||
        xml_child(received->element, "show", XML_NS_CLIENT) == NULL)
        return NULL;
    return xml_print(received->element, XML_NS_CLIENT);
}

/* What one subscriber receives of a broadcast. */
static char *read_delivery(struct bench_world *bench, const struct xml *presence)
{
    client_send(bench->users[0].client, presence);
    bench_settle(bench);
    char *delivered = print_last(client_inbox(bench->users[SUBSCRIBERS].client));
    if (delivered == NULL)
        measure_fail("presence did not reach its subscriber");
    for (size_t i = 0; i < bench->count; i++)
        bench_forget_inbox(&bench->users[i]);
    return delivered;
}

static void begin(struct broadcast *b)
{
    bench_init(&b->bench, 1 + SUBSCRIBERS, NULL, NULL);
    befriend(&b->bench);
    bench_log_in(&b->bench, 0, b->bench.count, b->bench.count);
    become_available(&b->bench);
    b->alone = alone_new(1 + SUBSCRIBERS);
    b->bare = bare_new();
    b->presence = bench_stanza("<presence><show>away</show><status>wooing Juliet</status>"
                               "<priority>5</priority></presence>");
    b->sent = xml_print(b->presence, XML_NS_CLIENT);
    b->delivered = read_delivery(&b->bench, b->presence);
}

static void end(struct broadcast *b)
{
    free(b->delivered);
    free(b->sent);
    xml_free(b->presence);
    bare_free(b->bare);
    alone_free(b->alone);
    bench_free(&b->bench);
}

static double measure_bare(const struct broadcast *b)
{
    const uint64_t begun = measure_now();
    for (size_t i = 0; i < DELIVERIES; i++)
        bare_parse(b->bare, b->delivered, strlen(b->delivered));
    return (double)(measure_now() - begun) / DELIVERIES;
}

/* The sender receives its own presence too (RFC 6121, 4.4.2). */
static double measure_alone(const struct broadcast *b)
{
    const uint64_t sent = alone_sent(b->alone);
    const uint64_t begun = measure_now();
    for (size_t i = 0; i < BROADCASTS; i++)
        alone_receive(b->alone, 0, b->sent, strlen(b->sent));
    const uint64_t taken = measure_now() - begun;
    if (alone_sent(b->alone) - sent != DELIVERIES + BROADCASTS)
        measure_fail("the core alone did not tell every subscriber");
    return (double)taken / DELIVERIES;
}

static double measure_whole(struct broadcast *b)
{
    struct bench_client *users = b->bench.users;
    const uint64_t begun = measure_now();
    for (size_t i = 0; i < BROADCASTS; i++) {
        client_send(users[0].client, b->presence);
        bench_settle(&b->bench);
        for (size_t g = 0; g <= SUBSCRIBERS; g++)
            bench_expect(&users[g], "presence", users[0].person.full_jid);
    }
    return (double)(measure_now() - begun) / DELIVERIES;
}

void bench_presence(void)
{
    struct broadcast b;
    struct series bare, alone, whole;
    begin(&b);
    for (size_t round = 0; round < MEASURE_ROUNDS; round++) {
        bare.values[round] = measure_bare(&b);
        alone.values[round] = measure_alone(&b);
        whole.values[round] = measure_whole(&b);
    }
    table_heading("Presence to 100 subscribers", "ns each", "ratio to bare, for each presence delivered");
    table_row("bare: expat parses it once", &bare, &bare);
    table_row("the core alone", &alone, &bare);
    table_row("the whole simulation", &whole, &bare);
    end(&b);
}

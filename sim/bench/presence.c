#include "alone.h"
#include "bare.h"
#include "hall.h"
#include "measure.h"
#include "workloads.h"

#include <stdlib.h>
#include <string.h>

enum { SUBSCRIBERS = 100, BROADCASTS = 20, DELIVERIES = SUBSCRIBERS * BROADCASTS, ITEM = 160 };

struct broadcast {
    struct hall hall;
    struct alone *alone;
    struct bare *bare;
    struct xml *presence;
    char *sent;      /* as the first person sends it */
    char *delivered; /* as one of the subscribers receives it */
};

static void befriend(struct hall *hall)
{
    char item[ITEM];
    const struct person *people = &hall->guests[0].person;
    for (size_t i = 1; i < hall->count; i++) {
        const struct person *subscriber = &hall->guests[i].person;
        people_subscriber(subscriber, item, sizeof item);
        disk_put(server_disk(hall->server), people->name, PEOPLE_HOST, CORE_STORE_ROSTER,
                 subscriber->bare_jid, item);
    }
}

static void become_available(struct hall *hall)
{
    for (size_t i = 0; i < hall->count; i++)
        hall_become_available(hall, &hall->guests[i]);
}

/* What came last of all, as XML; NULL when that is no presence with <show/>. */
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
static char *read_delivery(struct hall *hall, const struct xml *presence)
{
    client_send(hall->guests[0].client, presence);
    hall_settle(hall);
    char *delivered = print_last(client_inbox(hall->guests[SUBSCRIBERS].client));
    if (delivered == NULL)
        measure_fail("presence did not reach its subscriber");
    for (size_t i = 0; i < hall->count; i++)
        hall_forget_inbox(&hall->guests[i]);
    return delivered;
}

static void begin(struct broadcast *b)
{
    hall_init(&b->hall, 1 + SUBSCRIBERS, NULL, NULL);
    befriend(&b->hall);
    hall_log_in(&b->hall, 0, b->hall.count, b->hall.count);
    become_available(&b->hall);
    b->alone = alone_new(1 + SUBSCRIBERS);
    b->bare = bare_new();
    b->presence = hall_stanza("<presence><show>away</show><status>wooing Juliet</status>"
                              "<priority>5</priority></presence>");
    b->sent = xml_print(b->presence, XML_NS_CLIENT);
    b->delivered = read_delivery(&b->hall, b->presence);
}

static void end(struct broadcast *b)
{
    free(b->delivered);
    free(b->sent);
    xml_free(b->presence);
    bare_free(b->bare);
    alone_free(b->alone);
    hall_free(&b->hall);
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
    struct guest *guests = b->hall.guests;
    const uint64_t begun = measure_now();
    for (size_t i = 0; i < BROADCASTS; i++) {
        client_send(guests[0].client, b->presence);
        hall_settle(&b->hall);
        for (size_t g = 0; g <= SUBSCRIBERS; g++)
            hall_expect(&guests[g], "presence", guests[0].person.full_jid);
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

#include "hall.h"
#include "measure.h"
#include "workloads.h"

enum { SIZES = 3, AT_ONCE = 10, MESSAGES = 10000, WARMING = 20000, LOGGING_IN = 1000 };

static const size_t sizes[SIZES] = { 10, 1000, 100000 };

/* A hall, and whose turn it is to speak. */
struct crowd {
    struct hall hall;
    struct xml *message; /* without an address */
    size_t turn;
};

/* Everybody's partner sits half the hall away, so that neither is near the other in memory. */
static struct guest *partner_of(const struct hall *hall, size_t number)
{
    return &hall->guests[(number + hall->count / 2) % hall->count];
}

static void send_to_partner(const struct hall *hall, size_t number, const struct xml *message)
{
    const struct xml_attribute to = { message->attributes, "to", "",
                                      partner_of(hall, number)->person.full_jid };
    struct xml addressed = *message;
    addressed.attributes = (struct xml_attribute *)&to;
    client_send(hall->guests[number].client, &addressed);
}

/* Ten send a message each, and it arrives. */
static void exchange(struct crowd *crowd)
{
    struct hall *hall = &crowd->hall;
    for (size_t i = 0; i < AT_ONCE; i++)
        send_to_partner(hall, crowd->turn + i, crowd->message);
    hall_settle(hall);
    for (size_t i = 0; i < AT_ONCE; i++) {
        const struct guest *sender = &hall->guests[crowd->turn + i];
        hall_expect(partner_of(hall, crowd->turn + i), "message", sender->person.full_jid);
    }
    crowd->turn = (crowd->turn + AT_ONCE) % hall->count;
}

/* Nanoseconds an event. */
static double measure(struct crowd *crowd, size_t count)
{
    const uint64_t events = world_events(crowd->hall.world);
    const uint64_t begun = measure_now();
    for (size_t sent = 0; sent < count; sent += AT_ONCE)
        exchange(crowd);
    const uint64_t taken = measure_now() - begun;
    return (double)taken / (double)(world_events(crowd->hall.world) - events);
}

static void begin(struct crowd *crowd, size_t size)
{
    hall_init(&crowd->hall, size, NULL, NULL);
    hall_log_in(&crowd->hall, 0, size, LOGGING_IN);
    crowd->message =
        hall_stanza("<message type='chat' id='c0ffee'><body>But, soft! what light through yonder "
                    "window breaks? It is the east, and Juliet is the sun.</body></message>");
    crowd->turn = 0;
    (void)measure(crowd, WARMING);
}

static void end(struct crowd *crowd)
{
    xml_free(crowd->message);
    hall_free(&crowd->hall);
}

void bench_crowd(void)
{
    struct crowd crowds[SIZES];
    struct series costs[SIZES];
    for (size_t i = 0; i < SIZES; i++)
        begin(&crowds[i], sizes[i]);
    for (size_t round = 0; round < MEASURE_ROUNDS; round++)
        for (size_t i = 0; i < SIZES; i++)
            costs[i].values[round] = measure(&crowds[i], MESSAGES);
    table_heading("The cost of an event", "ns", "ratio to 10 sessions");
    table_row("10 sessions", &costs[0], &costs[0]);
    table_row("1,000 sessions", &costs[1], &costs[0]);
    table_goal("100,000 sessions", &costs[2], &costs[0], 2);
    table_note("Each in turn sends a chat message to whoever sits half the hall away, ten at once.");
    for (size_t i = 0; i < SIZES; i++)
        end(&crowds[i]);
}

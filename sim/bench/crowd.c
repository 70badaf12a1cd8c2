#include "bench_world.h"
#include "measure.h"
#include "workloads.h"

enum { SIZES = 3, AT_ONCE = 10, MESSAGES = 10000, WARMING = 20000, LOGGING_IN = 1000 };

static const size_t sizes[SIZES] = { 10, 1000, 100000 };

/* A world with many clients, and the index of the next sender. */
struct crowd {
    struct bench_world bench;
    struct xml *message; /* without an address */
    size_t turn;
};

/* The partner of a client is half of all clients away, so that neither is near the other in memory. */
static struct bench_client *partner_of(const struct bench_world *bench, size_t number)
{
    return &bench->users[(number + bench->count / 2) % bench->count];
}

static void send_to_partner(const struct bench_world *bench, size_t number, const struct xml *message)
{
    const struct xml_attribute to = { message->attributes, "to", "",
                                      partner_of(bench, number)->person.full_jid };
    struct xml addressed = *message;
    addressed.attributes = (struct xml_attribute *)&to;
    client_send(bench->users[number].client, &addressed);
}

/* Ten clients send a message each, which arrives. */
static void exchange(struct crowd *crowd)
{
    struct bench_world *bench = &crowd->bench;
    for (size_t i = 0; i < AT_ONCE; i++)
        send_to_partner(bench, crowd->turn + i, crowd->message);
    bench_settle(bench);
    for (size_t i = 0; i < AT_ONCE; i++) {
        const struct bench_client *sender = &bench->users[crowd->turn + i];
        bench_expect(partner_of(bench, crowd->turn + i), "message", sender->person.full_jid);
    }
    crowd->turn = (crowd->turn + AT_ONCE) % bench->count;
}

/* Nanoseconds per event. */
static double measure(struct crowd *crowd, size_t count)
{
    const uint64_t events = world_events(crowd->bench.world);
    const uint64_t begun = measure_now();
    for (size_t sent = 0; sent < count; sent += AT_ONCE)
        exchange(crowd);
    const uint64_t taken = measure_now() - begun;
    return (double)taken / (double)(world_events(crowd->bench.world) - events);
}

static void begin(struct crowd *crowd, size_t size)
{
    bench_init(&crowd->bench, size, NULL, NULL);
    bench_log_in(&crowd->bench, 0, size, LOGGING_IN);
    crowd->message =
        bench_stanza("<message type='chat' id='c0ffee'><body>But, soft! what light through yonder "
                     "window breaks? It is the east, and Juliet is the sun.</body></message>");
    crowd->turn = 0;
    (void)measure(crowd, WARMING);
}

static void end(struct crowd *crowd)
{
    xml_free(crowd->message);
    bench_free(&crowd->bench);
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
    table_note("Each in turn sends a chat message to the client half of the list away, ten at once.");
    for (size_t i = 0; i < SIZES; i++)
        end(&crowds[i]);
}

#include "hall.h"
#include "measure.h"
#include "workloads.h"

#include "../world/heap.h"

enum { SESSIONS = 1000, GOAL = 14 * 1024 };

static double for_each(size_t before)
{
    return (double)(heap_use().bytes - before) / SESSIONS;
}

static void open_streams(struct hall *hall)
{
    for (size_t i = 0; i < hall->count; i++)
        client_dial(hall->guests[i].client);
    hall_settle(hall);
}

static void send_headers(struct hall *hall)
{
    for (size_t i = 0; i < hall->count; i++) {
        const struct client_header header = client_header_usual(hall->guests[i].client);
        client_open_stream(hall->guests[i].client, &header);
    }
    hall_settle(hall);
}

void bench_memory(void)
{
    struct hall hall;
    hall_init(&hall, SESSIONS, NULL, NULL);
    const size_t before = heap_use().bytes;
    open_streams(&hall);
    const double connected = for_each(before);
    send_headers(&hall);
    const double opened = for_each(before);
    hall_log_in(&hall, 0, SESSIONS, SESSIONS);
    const double bound = for_each(before);
    table_heading("Memory of a session, everything that the core asked for", "bytes", "ratio to the goal");
    table_amount("a connection, nothing sent", connected, GOAL);
    table_amount("its stream open", opened, GOAL);
    table_amount("bound and idle (goal <= 14,336 bytes)", bound, GOAL);
    hall_free(&hall);
}

#include "bench_world.h"
#include "measure.h"
#include "workloads.h"

#include "../world/heap.h"

enum { SESSIONS = 1000, GOAL = 14 * 1024 };

static double for_each(size_t before)
{
    return (double)(heap_use().bytes - before) / SESSIONS;
}

static void open_streams(struct bench_world *bench)
{
    for (size_t i = 0; i < bench->count; i++)
        client_dial(bench->users[i].client);
    bench_settle(bench);
}

static void send_headers(struct bench_world *bench)
{
    for (size_t i = 0; i < bench->count; i++) {
        const struct client_header header = client_header_usual(bench->users[i].client);
        client_open_stream(bench->users[i].client, &header);
    }
    bench_settle(bench);
}

void bench_memory(void)
{
    struct bench_world bench;
    bench_init(&bench, SESSIONS, NULL, NULL);
    const size_t before = heap_use().bytes;
    open_streams(&bench);
    const double connected = for_each(before);
    send_headers(&bench);
    const double opened = for_each(before);
    bench_log_in(&bench, 0, SESSIONS, SESSIONS);
    const double bound = for_each(before);
    table_heading("Memory of a session, everything that the core asked for", "bytes", "ratio to the goal");
    table_amount("a connection, nothing sent", connected, GOAL);
    table_amount("its stream open", opened, GOAL);
    table_amount("bound and idle (goal <= 14,336 bytes)", bound, GOAL);
    bench_free(&bench);
}

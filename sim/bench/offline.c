#include "measure.h"
#include "workload.h"
#include "workloads.h"

enum { SPEAKER, LISTENER, USERS, SAID = 10, EACH_ROUND = 50 };

static void begin(struct bench_world *bench)
{
    bench_log_in(bench, SPEAKER, 1, 1);
}

static void run(struct bench_world *bench)
{
    struct bench_client *speaker = &bench->users[SPEAKER];
    struct bench_client *listener = &bench->users[LISTENER];
    bench_say(bench, speaker, listener->person.bare_jid, SAID);
    bench_log_in(bench, LISTENER, 1, 1);
    bench_forget_inbox(listener);
    bench_become_available(bench, listener);
    bench_take(listener, "presence", listener->person.full_jid);
    bench_expect_all(listener, "message", speaker->person.full_jid, SAID);
    client_drop(listener->client);
    bench_settle(bench);
    bench_forget_inbox(listener); /* the end of the connection */
}

void bench_offline(void)
{
    static const struct workload workload = { .title = "Ten messages kept, a login, and their delivery",
                                              .users = USERS,
                                              .each_round = EACH_ROUND,
                                              .begin = begin,
                                              .run = run };
    workload_bench(&workload);
}

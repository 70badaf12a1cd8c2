#include "measure.h"
#include "workload.h"
#include "workloads.h"

enum { SPEAKER, LISTENER, USERS, SAID = 5, EACH_ROUND = 100 };

static void expect_done(const struct bench_client *user)
{
    if (client_outcome(user->client).state != OUTCOME_DONE)
        measure_fail("a client could not enable stream management, or not resume");
}

static void begin(struct bench_world *bench)
{
    bench_log_in(bench, 0, USERS, USERS);
    client_manage(bench->users[LISTENER].client);
    bench_settle(bench);
    expect_done(&bench->users[LISTENER]);
}

/* Some messages are lost in transit, and some are sent while the session is disconnected. */
static void run(struct bench_world *bench)
{
    struct bench_client *speaker = &bench->users[SPEAKER];
    struct bench_client *listener = &bench->users[LISTENER];
    net_transport_stall(&listener->transport, NET_CLIENT, true);
    bench_say(bench, speaker, listener->person.full_jid, SAID);
    net_transport_fail(&listener->transport);
    bench_settle(bench);
    bench_say(bench, speaker, listener->person.full_jid, SAID);
    bench_forget_inbox(listener); /* the end of the connection */
    client_resume(listener->client);
    bench_settle(bench);
    expect_done(listener);
    bench_expect_all(listener, "message", speaker->person.full_jid, 2 * (size_t)SAID);
}

void bench_resumption(void)
{
    static const struct workload workload = { .title = "A session resumed, ten messages sent again",
                                              .users = USERS,
                                              .each_round = EACH_ROUND,
                                              .begin = begin,
                                              .run = run };
    workload_bench(&workload);
}

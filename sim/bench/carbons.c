#include "measure.h"
#include "workload.h"
#include "workloads.h"

enum { SPEAKER, LISTENER, USERS = 6, EACH_ROUND = 500 };

static void enable(struct bench_client *user, struct bench_world *bench)
{
    struct xml *request = bench_stanza("<iq type='set' id='on'><enable xmlns='urn:xmpp:carbons:2'/></iq>");
    client_send(user->client, request);
    bench_settle(bench);
    bench_forget_inbox(user);
    xml_free(request);
}

static void begin(struct bench_world *bench)
{
    bench_log_in(bench, 0, USERS, 1);
    for (size_t i = LISTENER; i < USERS; i++)
        enable(&bench->users[i], bench);
}

static void run(struct bench_world *bench)
{
    struct bench_client *users = bench->users;
    bench_say(bench, &users[SPEAKER], users[LISTENER].person.full_jid, 1);
    bench_expect(&users[LISTENER], "message", users[SPEAKER].person.full_jid);
    for (size_t i = LISTENER + 1; i < USERS; i++)
        bench_expect(&users[i], "message", users[LISTENER].person.bare_jid);
}

void bench_carbons(void)
{
    static const struct workload workload = { .title = "A chat message, and carbons to four resources",
                                              .users = USERS,
                                              .one_account = true,
                                              .each_round = EACH_ROUND,
                                              .begin = begin,
                                              .run = run };
    workload_bench(&workload);
}

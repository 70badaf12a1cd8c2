#include "measure.h"
#include "played.h"
#include "workloads.h"

enum { SPEAKER, LISTENER, GUESTS, SAID = 10, EACH_ROUND = 50 };

static void begin(struct hall *hall)
{
    hall_log_in(hall, SPEAKER, 1, 1);
}

static void play(struct hall *hall)
{
    struct guest *speaker = &hall->guests[SPEAKER];
    struct guest *listener = &hall->guests[LISTENER];
    hall_say(hall, speaker, listener->person.bare_jid, SAID);
    hall_log_in(hall, LISTENER, 1, 1);
    hall_forget_inbox(listener);
    hall_become_available(hall, listener);
    hall_take(listener, "presence", listener->person.full_jid);
    hall_expect_all(listener, "message", speaker->person.full_jid, SAID);
    client_drop(listener->client);
    hall_settle(hall);
    hall_forget_inbox(listener); /* the end of the connection */
}

void bench_offline(void)
{
    static const struct played played = { .title = "Ten messages kept, a login, and their delivery",
                                          .guests = GUESTS,
                                          .each_round = EACH_ROUND,
                                          .begin = begin,
                                          .play = play };
    played_bench(&played);
}

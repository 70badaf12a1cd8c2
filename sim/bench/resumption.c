#include "measure.h"
#include "played.h"
#include "workloads.h"

enum { SPEAKER, LISTENER, GUESTS, SAID = 5, EACH_ROUND = 100 };

static void expect_done(const struct guest *guest)
{
    if (client_outcome(guest->client).state != OUTCOME_DONE)
        measure_fail("somebody could not enable stream management, or not resume");
}

static void begin(struct hall *hall)
{
    hall_log_in(hall, 0, GUESTS, GUESTS);
    client_manage(hall->guests[LISTENER].client);
    hall_settle(hall);
    expect_done(&hall->guests[LISTENER]);
}

/* Some messages are lost on the way, and some are sent while nobody is there. */
static void play(struct hall *hall)
{
    struct guest *speaker = &hall->guests[SPEAKER];
    struct guest *listener = &hall->guests[LISTENER];
    net_transport_stall(&listener->transport, NET_CLIENT, true);
    hall_say(hall, speaker, listener->person.full_jid, SAID);
    net_transport_fail(&listener->transport);
    hall_settle(hall);
    hall_say(hall, speaker, listener->person.full_jid, SAID);
    hall_forget_inbox(listener); /* the end of the connection */
    client_resume(listener->client);
    hall_settle(hall);
    expect_done(listener);
    hall_expect_all(listener, "message", speaker->person.full_jid, 2 * (size_t)SAID);
}

void bench_resumption(void)
{
    static const struct played played = { .title = "A session resumed, ten messages sent again",
                                          .guests = GUESTS,
                                          .each_round = EACH_ROUND,
                                          .begin = begin,
                                          .play = play };
    played_bench(&played);
}

#include "measure.h"
#include "played.h"
#include "workloads.h"

enum { SPEAKER, LISTENER, GUESTS = 6, EACH_ROUND = 500 };

static void enable(struct guest *guest, struct hall *hall)
{
    struct xml *request = hall_stanza("<iq type='set' id='on'><enable xmlns='urn:xmpp:carbons:2'/></iq>");
    client_send(guest->client, request);
    hall_settle(hall);
    hall_forget_inbox(guest);
    xml_free(request);
}

static void begin(struct hall *hall)
{
    hall_log_in(hall, 0, GUESTS, 1);
    for (size_t i = LISTENER; i < GUESTS; i++)
        enable(&hall->guests[i], hall);
}

static void play(struct hall *hall)
{
    struct guest *guests = hall->guests;
    hall_say(hall, &guests[SPEAKER], guests[LISTENER].person.full_jid, 1);
    hall_expect(&guests[LISTENER], "message", guests[SPEAKER].person.full_jid);
    for (size_t i = LISTENER + 1; i < GUESTS; i++)
        hall_expect(&guests[i], "message", guests[LISTENER].person.bare_jid);
}

void bench_carbons(void)
{
    static const struct played played = { .title = "A chat message, and carbons to four resources",
                                          .guests = GUESTS,
                                          .one_account = true,
                                          .each_round = EACH_ROUND,
                                          .begin = begin,
                                          .play = play };
    played_bench(&played);
}

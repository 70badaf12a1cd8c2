/* Room in rosters, on servers that keep to the settings and that do not. */
#include "liar_rig.h"

static const struct lie honest = { .refuse = false };

static const struct lie refuses = { .to = ROMEO,
                                    .deaf = "jabber:iq:roster",
                                    .reply =
                                        "<iq type='error' id='s'><error type='wait'><resource-constraint "
                                        "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>" };

#define HAS(setting, roster) "## checks only\n[Server]\n\t" setting "\n" roster CAST "Romeo connects\n"
#define ONE                  "[Roster] romeo@localhost\n\tjuliet@localhost: none\n"
#define REQUEST              "[Roster] romeo@localhost\n\tjuliet@localhost: none, pending\n"
#define ADDS(name)                                                                                           \
    "Romeo sends:\n\t<iq type='set' id='s'><query xmlns='jabber:iq:roster'><item jid='" name                 \
    "@localhost'/></query></iq>\n"

static void is_refused_wrongly(const char *text)
{
    goes_unnoticed(&liar_shut, honest, text);
    is_caught_by(&liar_shut, refuses, text, "only-full-rosters-refuse", "there is room in the roster");
}

static void may_be_refused(const char *text)
{
    goes_unnoticed(&liar_shut, honest, text);
    goes_unnoticed(&liar_shut, refuses, text);
}

static void only_full_rosters_refuse(void **state)
{
    (void)state;
    is_refused_wrongly(HAS("roster items: 1", "") ADDS("nurse"));
    may_be_refused(HAS("roster items: 1", ONE) ADDS("nurse"));
    is_refused_wrongly(HAS("roster items: 2", ONE) ADDS("nurse"));
    is_refused_wrongly(HAS("roster bytes: 150", "") ADDS("nurse"));
    may_be_refused(HAS("roster bytes: 150", ONE) ADDS("nurse"));
    may_be_refused(HAS("roster items: 1", "") ADDS("n\xC3\xBCrse")); /* preparation may make it longer */
}

/* What strangers ask for takes no room. */
static void requests_take_no_room(void **state)
{
    (void)state;
    is_refused_wrongly(HAS("roster items: 1", REQUEST) ADDS("nurse"));
    is_refused_wrongly(HAS("roster bytes: 150", REQUEST) ADDS("nurse"));
}

static void rosters_are_limited(void **state)
{
    (void)state;
    const struct lie keeps_more = { .more_kept = 1 };
    static const char question[] = "rosters-are-limited";
    static const char asks[] = "## checks only\n[Server]\n\trequests: 1\n[Roster] juliet@localhost\n"
                               "\tnurse@localhost: none, pending\n" CAST BOTH
                               "Romeo sends:\n\t<presence to='juliet@localhost' type='subscribe'/>\n";
    goes_unnoticed(&liar_shut, keeps_more, HAS("roster items: 1", "") ADDS("nurse"));
    is_caught_by(&liar_shut, keeps_more, HAS("roster items: 1", ONE) ADDS("nurse"), question,
                 "an item is added to the roster of romeo@localhost, which has 1, and may have 1");
    goes_unnoticed(&liar_shut, keeps_more, HAS("roster items: 1", ONE) ADDS("juliet"));
    goes_unnoticed(&liar_shut, honest, asks);
    is_caught_by(&liar_shut, keeps_more, asks, question,
                 "a request is added to the roster of juliet@localhost, which has 1, and may have 1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_full_rosters_refuse),
        cmocka_unit_test(requests_take_no_room),
        cmocka_unit_test(rosters_are_limited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

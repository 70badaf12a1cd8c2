/* What strangers may learn and do, on servers that keep to it and that do not. */
#include "liar_rig.h"

#define BALCONY               "juliet@localhost/balcony"
#define SERVER(setting)       "## checks only\n[Server]\n\t" setting "\n"
#define CONTACT(subscription) "[Roster] juliet@localhost\n\tromeo@localhost: " subscription "\n"
#define PINGS                 "Romeo sends:\n\t<iq type='get' id='p' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>\n"

static const struct lie honest = { .refuse = false };

/* When the core answers Romeo, this leaves to somebody as well. */
static struct lie adds(const char *seen, const char *added, int to)
{
    return (struct lie){ .to = ROMEO, .seen = seen, .add = added, .add_to = to };
}

static void is_noticed(struct lie what, const char *text, const char *question, const char *detail)
{
    is_caught_by(&liar_shut, what, text, question, detail);
}

static void is_accepted(struct lie what, const char *text)
{
    goes_unnoticed(&liar_shut, what, text);
}

/* ---- RFC 6121, 8.5.3.1 ---- */

#define REQUESTS(setting, subscription, before)                                                              \
    SERVER(setting)                                                                                          \
    CONTACT(subscription)                                                                                    \
    CAST BOTH before "Romeo sends:\n\t<iq type='get' id='q' to='" BALCONY                                    \
                     "'><x xmlns='urn:example:x'/></iq>\n"

static void requests_reach_resources_that_share_presence(void **state)
{
    (void)state;
    static const char detail[] =
        "the sender may not see the presence of the resource; this leaves to " BALCONY;
    const struct lie reaches = adds(
        "id='q'", "<iq type='get' id='q' from='" ORCHARD "' to='" BALCONY "'><x xmlns='urn:example:x'/></iq>",
        JULIET);
    static const char question[] = "requests-of-strangers-reach-nobody";
    is_accepted(honest, REQUESTS("host: localhost", "from", ""));
    is_accepted(honest, REQUESTS("host: localhost", "to", ""));
    is_noticed(reaches, REQUESTS("host: localhost", "none", ""), question, detail);
    is_noticed(reaches, REQUESTS("host: localhost", "to", ""), question, detail);
    is_accepted(honest, REQUESTS("iq from strangers: yes", "none", ""));
    is_accepted(honest,
                REQUESTS("host: localhost", "none", "Juliet sends:\n\t<presence to='romeo@localhost'/>\n"));
    is_accepted(honest,
                REQUESTS("host: localhost", "none", "Juliet sends:\n\t<presence to='" ORCHARD "'/>\n"));
    is_noticed(reaches,
               REQUESTS("host: localhost", "none", "Juliet sends:\n\t<presence to='nurse@localhost'/>\n"),
               question, detail);
}

/* ---- RFC 6121, 8.5.2.2.1 ---- */

#define WRITES(setting, subscription, hint)                                                                  \
    SERVER(setting)                                                                                          \
    CONTACT(subscription)                                                                                    \
    CAST BOTH "Romeo sends:\n\t<message type='chat' id='m' to='juliet@localhost'><body>x</body>" hint        \
              "</message>\n"                                                                                 \
              "\t<iq type='get' id='p' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>\n"
#define NO_STORE "<no-store xmlns='urn:xmpp:hints'/>"
#define REFUSES                                                                                              \
    "<message type='error' id='m' from='juliet@localhost' to='" ORCHARD "'><error type='cancel'>"            \
    "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"

static void refusals_do_not_tell_who_is_away(void **state)
{
    (void)state;
    static const char question[] = "strangers-are-not-told-who-is-away";
    const struct lie tells = adds("id='p'", REFUSES, ROMEO);
    is_accepted(honest, WRITES("host: localhost", "none", NO_STORE));
    is_noticed(tells, WRITES("host: localhost", "none", NO_STORE), question,
               "may not know that nobody is there");
    is_noticed(tells, WRITES("host: localhost", "to", NO_STORE), question,
               "may not know that nobody is there");
    is_accepted(honest, WRITES("host: localhost", "from", NO_STORE));
    is_accepted(honest, WRITES("tell strangers: yes", "none", NO_STORE));
    is_accepted(honest, WRITES("features: none", "none", NO_STORE));
    /* A blocked sender is refused, whether a resource is there or not (XEP-0191, 3.3). */
    is_accepted(
        honest,
        SERVER("host: localhost") "[Blocklist] juliet@localhost\n\tromeo@localhost\n" CAST
            BOTH "Romeo sends:\n\t<message type='chat' id='m' to='juliet@localhost'><body>x</body>" NO_STORE
                                  "</message>\n");
}

/* ---- Acknowledgements ---- */

#define CROWDS(subscription)                                                                                 \
    SERVER("unacked: 4")                                                                                     \
    "[Roster] romeo@localhost\n\tjuliet@localhost: " subscription "\n" CAST BOTH                             \
    "Juliet enables stream management\nJuliet stops answering\n"                                             \
    "Romeo sends:\n\t<message to='" BALCONY "' id='1'/>\n\t<message to='" BALCONY "' id='2'/>\n"             \
    "\t<message to='" BALCONY "' id='3'/>\n\t<presence to='" BALCONY                                         \
    "'><status>here</status></presence>\n" PINGS

static void strangers_leave_room_in_the_queue(void **state)
{
    (void)state;
    const struct lie shows = adds(
        "id='p'", "<presence from='" ORCHARD "' to='" BALCONY "'><status>here</status></presence>", JULIET);
    is_accepted(honest, CROWDS("none"));
    is_noticed(shows, CROWDS("none"), "strangers-fill-no-queue", "and its sender is a stranger");
    is_noticed(shows, CROWDS("to"), "strangers-fill-no-queue", "and its sender is a stranger");
    is_accepted(shows, CROWDS("from"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_reach_resources_that_share_presence),
        cmocka_unit_test(refusals_do_not_tell_who_is_away),
        cmocka_unit_test(strangers_leave_room_in_the_queue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

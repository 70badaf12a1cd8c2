/* Copies of what a client sends, on servers that make them and that do not. */
#include "liar_rig.h"

enum { PHONE = 1 };

/* Romeo has two resources, of which the second wants copies. */
#define PEOPLE                                                                                               \
    "## checks only\n[Client] Romeo\n\tjid: romeo@localhost/orchard\n\tpassword: secret\n"                   \
    "[Client] Phone\n\tjid: romeo@localhost/phone\n\tpassword: secret\n"                                     \
    "[Client] Juliet\n\tjid: juliet@localhost/balcony\n\tpassword: secret\n"
#define WANT "Phone sends:\n\t<iq type='set' id='c'><enable xmlns='urn:xmpp:carbons:2'/></iq>\n"
#define IN   "---\nRomeo connects\nPhone connects\nJuliet connects\n"
#define SENDS(to, more)                                                                                      \
    "Romeo sends:\n\t<message to='" to "' type='chat' id='m'><body>x</body>" more "</message>\n"

static const struct lie honest = { .refuse = false };
static const struct lie copies_nothing = { .to = PHONE, .swallow = "<sent" };

static void is_noticed(const char *text)
{
    goes_unnoticed(&liar_shut, honest, text);
    is_caught_by(&liar_shut, copies_nothing, text, "what-is-sent-is-copied",
                 "no copy has left to romeo@localhost/phone of a message that came in from " ORCHARD);
}

static void is_accepted(const char *text)
{
    goes_unnoticed(&liar_shut, honest, text);
    goes_unnoticed(&liar_shut, copies_nothing, text);
}

/* XEP-0280, 8: whatever becomes of the message. */
static void what_is_sent_is_copied(void **state)
{
    (void)state;
    is_noticed(PEOPLE IN WANT SENDS("juliet@localhost/balcony", ""));
    is_noticed(PEOPLE IN WANT SENDS("juliet@localhost", ""));
    is_noticed(PEOPLE IN WANT SENDS("nobody@localhost", ""));
    is_noticed(PEOPLE IN WANT SENDS("friar@elsewhere.lit/cell", ""));
    is_noticed(PEOPLE
               "[Blocklist] juliet@localhost\n\tromeo@localhost\n" IN WANT SENDS("juliet@localhost", ""));
}

/* 6.1; XEP-0334, 4.3; XEP-0191, 3.3. */
static void some_messages_are_not_copied(void **state)
{
    (void)state;
    is_accepted(PEOPLE IN SENDS("juliet@localhost", ""));
    is_accepted(PEOPLE IN WANT SENDS("juliet@localhost", "<private xmlns='urn:xmpp:carbons:2'/>"));
    is_accepted(PEOPLE IN WANT SENDS("juliet@localhost", "<no-copy xmlns='urn:xmpp:hints'/>"));
    is_accepted(PEOPLE IN WANT SENDS("romeo@localhost/attic", ""));
    is_accepted(PEOPLE
                "[Blocklist] romeo@localhost\n\tjuliet@localhost\n" IN WANT SENDS("juliet@localhost", ""));
    is_accepted(PEOPLE IN WANT
                "Phone sends:\n\t<iq type='set' id='d'><disable xmlns='urn:xmpp:carbons:2'/></iq>\n" SENDS(
                    "juliet@localhost", ""));
    is_accepted(PEOPLE IN WANT "Phone disconnects\n" SENDS("juliet@localhost", ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_sent_is_copied),
        cmocka_unit_test(some_messages_are_not_copied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

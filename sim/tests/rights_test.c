/* Who may be told about an account, on servers that keep to it and that do not. */
#include "liar_rig.h"

#define INFO  "http://jabber.org/protocol/disco#info"
#define ITEMS "http://jabber.org/protocol/disco#items"
#define LAST  "jabber:iq:last"

/* Romeo asks about Juliet, whose roster has him like this. */
#define ASKS_ABOUT(subscription, ns)                                                                         \
    "## checks only\n[Roster] juliet@localhost\n\tromeo@localhost: " subscription "\n" CAST BOTH COMES(      \
        "Juliet") "Romeo sends:\n\t<iq type='get' id='a' to='juliet@localhost'><query xmlns='" ns            \
                  "'/></iq>\n"

#define TELLS(from, ns, inside)                                                                              \
    "<iq type='result' id='a' from='" from "' to='" ORCHARD "'><query xmlns='" ns "'>" inside "</query></"   \
    "iq>"

/* The server answers this, whatever the core says. */
static struct lie answers(const char *answer)
{
    return (struct lie){ .to = ROMEO, .swallow = "id='a'", .seen = "id='a'", .add = answer, .add_to = ROMEO };
}

static void is_noticed(const char *answer, const char *text)
{
    is_caught_by(&liar_shut, answers(answer), text, "accounts-tell-their-contacts",
                 "the receiver is not subscribed to the account; this leaves to " ORCHARD ": <iq");
}

static void is_accepted(const char *answer, const char *text)
{
    goes_unnoticed(&liar_shut, answers(answer), text);
}

/* XEP-0012, 3. */
static void the_last_activity_is_for_contacts(void **state)
{
    (void)state;
    goes_unnoticed(&liar_shut, (struct lie){ .refuse = false }, ASKS_ABOUT("from", LAST));
    goes_unnoticed(&liar_shut, (struct lie){ .refuse = false }, ASKS_ABOUT("to", LAST));
    is_accepted(TELLS("juliet@localhost", LAST, ""), ASKS_ABOUT("from", LAST));
    is_accepted(TELLS("juliet@localhost", LAST, ""), ASKS_ABOUT("both", LAST));
    is_noticed(TELLS("juliet@localhost", LAST, ""), ASKS_ABOUT("to", LAST));
    is_noticed(TELLS("juliet@localhost", LAST, ""), ASKS_ABOUT("none, pending", LAST));
}

/* XEP-0030, 8. */
static void what_is_supported_is_for_contacts(void **state)
{
    (void)state;
    static const char resource[] = TELLS("juliet@localhost", ITEMS, "<item jid='juliet@localhost/balcony'/>");
    is_accepted(TELLS("juliet@localhost", INFO, ""), ASKS_ABOUT("from", INFO));
    is_noticed(TELLS("juliet@localhost", INFO, ""), ASKS_ABOUT("to", INFO));
    is_accepted(resource, ASKS_ABOUT("both", ITEMS));
    is_noticed(resource, ASKS_ABOUT("none", ITEMS));
    is_accepted(TELLS("juliet@localhost", ITEMS, ""), ASKS_ABOUT("none", ITEMS));
    is_accepted(TELLS("juliet@localhost", ITEMS, "<item jid='music.localhost'/>"), ASKS_ABOUT("none", ITEMS));
}

/* An account tells itself all; a server tells of itself; nothing is known of what preparation changes. */
static void others_are_not_concerned(void **state)
{
    (void)state;
    is_accepted(TELLS("romeo@localhost", INFO, ""), ASKS_ABOUT("none", INFO));
    is_accepted(TELLS("jul\xC3\xA9t@localhost", INFO, ""), ASKS_ABOUT("none", INFO));
    is_accepted(TELLS("nurse@elsewhere.lit", INFO, ""), ASKS_ABOUT("none", INFO));
    is_accepted("<iq type='error' id='a' from='juliet@localhost' to='" ORCHARD "'/>",
                ASKS_ABOUT("none", INFO));
}

#define REFUSES(from)                                                                                        \
    "<iq type='error' id='a' from='" from "' to='" ORCHARD "'><error type='cancel'><service-unavailable "    \
    "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"

static void is_told(const char *answer, const char *text, const char *why)
{
    is_caught_by(&liar_shut, answers(answer), text, "contacts-are-told", why);
}

/* XEP-0030, 8: an error only if the sender is not subscribed, and of items an empty list. */
static void what_may_be_told_is_not_refused(void **state)
{
    (void)state;
    is_told(REFUSES("juliet@localhost"), ASKS_ABOUT("from", INFO), "the receiver is subscribed");
    is_told(REFUSES("juliet@localhost"), ASKS_ABOUT("both", INFO), "the receiver is subscribed");
    is_accepted(REFUSES("juliet@localhost"), ASKS_ABOUT("to", INFO));
    is_told(REFUSES("juliet@localhost"), ASKS_ABOUT("none", ITEMS), "it has asked which items there are");
    is_told(REFUSES("juliet@localhost"), ASKS_ABOUT("both", ITEMS), "it has asked which items there are");
    is_accepted(REFUSES("juliet@localhost"), ASKS_ABOUT("both", LAST));
    is_accepted(REFUSES("juliet@localhost"), ASKS_ABOUT("both", INFO "' node='x"));
}

#define ASKS_WHILE_LOADS_FAIL(loads, ns)                                                                     \
    "## checks only\n[Roster] juliet@localhost\n\tromeo@localhost: from\n" CAST "Romeo connects\n" loads     \
    "Romeo sends:\n\t<iq type='get' id='a' to='juliet@localhost'><query xmlns='" ns "'/></iq>\n"
#define ASKS_BEFORE                                                                                          \
    "Romeo sends:\n\t<iq type='get' id='b' to='juliet@localhost'><query xmlns='" INFO "'/></iq>\n"

/* XEP-0030, 8: who is not subscribed must be refused, and without the roster nobody knows who is. */
static void who_is_subscribed_may_be_unknown(void **state)
{
    (void)state;
    const struct lie honest = { .refuse = false };
    goes_unnoticed(&liar_shut, honest, ASKS_WHILE_LOADS_FAIL("the next load fails\n", INFO));
    goes_unnoticed(&liar_shut, honest, ASKS_WHILE_LOADS_FAIL("the 2nd load from now fails\n", INFO));
    is_told(REFUSES("juliet@localhost"), ASKS_WHILE_LOADS_FAIL("the next load fails\n", ITEMS),
            "it has asked which items there are");
    /* The roster of somebody else; and one that could not be loaded before. */
    is_told(REFUSES("juliet@localhost"),
            ASKS_WHILE_LOADS_FAIL(ASKS_BEFORE "the next load fails\n"
                                              "Romeo sends:\n\t<message to='nurse@localhost'/>\n",
                                  INFO),
            "the receiver is subscribed");
    is_told(REFUSES("juliet@localhost"), ASKS_WHILE_LOADS_FAIL("the next load fails\n" ASKS_BEFORE, INFO),
            "the receiver is subscribed");
}

/* XEP-0191, 3.3: an account that has blocked the sender refuses, and seems to be unavailable. */
static void who_is_blocked_is_refused(void **state)
{
    (void)state;
    is_accepted(REFUSES("juliet@localhost"),
                "[Blocklist] juliet@localhost\n\tromeo@localhost\n" ASKS_ABOUT("both", INFO));
    is_accepted("<iq type='error' id='a' from='juliet@localhost' to='" ORCHARD
                "'><error type='wait'><resource-constraint xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
                "</error></iq>",
                ASKS_ABOUT("both", ITEMS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_activity_is_for_contacts),
        cmocka_unit_test(what_is_supported_is_for_contacts),
        cmocka_unit_test(others_are_not_concerned),
        cmocka_unit_test(what_may_be_told_is_not_refused),
        cmocka_unit_test(who_is_subscribed_may_be_unknown),
        cmocka_unit_test(who_is_blocked_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

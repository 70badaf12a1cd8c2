/* What subscription stanzas make of both rosters, on servers that keep to the tables and that do not. */
#include "liar_rig.h"

#define CHECKS "## checks only\n"
#define NAME   "subscription-stanzas-have-their-effect"
#define SENDS(who, to, type)                                                                                 \
    who " sends:\n\t<presence to='" to "@localhost' type='" type "'><status>Hi</status></presence>\n"
#define ROMEO_HAS(subscription)  "[Roster] romeo@localhost\n\tjuliet@localhost: " subscription "\n"
#define JULIET_HAS(subscription) "[Roster] juliet@localhost\n\tromeo@localhost: " subscription "\n"

static void is_accepted(const char *text)
{
    goes_unnoticed(&liar_shut, (struct lie){ .refuse = false }, text);
}

static void is_noticed(struct lie what, const char *text, const char *detail)
{
    is_caught_by(&liar_shut, what, text, NAME, detail);
}

/* The core does not hear what Romeo sends with this text. */
static struct lie unheard(const char *text)
{
    return (struct lie){ .to = ROMEO, .deaf = text };
}

static const struct lie forgets = { .forget_saves = true };

static void an_honest_server_passes(void **state)
{
    (void)state;
    static const char *const types[] = { "subscribe", "unsubscribe", "subscribed", "unsubscribed" };
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        char text[1024];
        (void)snprintf(text, sizeof text,
                       CHECKS CAST BOTH "Romeo sends:\n\t<presence to='juliet@localhost' type='%s'/>\n"
                                        "Juliet sends:\n\t<presence to='romeo@localhost' type='%s'/>\n",
                       types[i], types[(i + 1) % 4]);
        is_accepted(text);
    }
    is_accepted(CHECKS CAST BOTH SENDS("Romeo", "juliet", "subscribe") SENDS("Juliet", "romeo", "subscribed")
                    SENDS("Romeo", "juliet", "unsubscribe"));
    is_accepted(CHECKS CAST BOTH SENDS("Juliet", "romeo", "subscribed")
                    SENDS("Romeo", "juliet", "subscribe"));
    is_accepted(CHECKS CAST BOTH SENDS("Romeo", "nobody", "subscribe") SENDS("Romeo", "romeo", "subscribe"));
}

/* RFC 6121, 4.3.2: a probe of somebody else's presence is answered with "unsubscribed", which may come behind
 * a request of another resource. */
static void a_probe_may_cancel_a_request(void **state)
{
    (void)state;
#define PROBES(before, to)                                                                                   \
    "[Client] Phone\n\tjid: romeo@localhost/phone\n\tpassword: secret\n" before CHECKS CAST BOTH             \
    "Phone connects\nAt the same time:\n"                                                                    \
    "\tRomeo sends:\n\t\t<presence to='juliet@localhost' type='subscribe'/>\n"                               \
    "\tPhone sends:\n\t\t<presence to='" to "' type='probe'/>\n"
    is_accepted(PROBES("", "juliet@localhost"));
    is_accepted(PROBES("", "nurse@localhost"));
    is_accepted(PROBES(ROMEO_HAS("from") JULIET_HAS("to"), "JULIET@localhost/balcony"));
    is_noticed(unheard("subscribe"), PROBES("", "juliet@localhost"),
               "romeo@localhost has juliet@localhost as None, and must have it as None+PendingOut");
    is_noticed(unheard("subscribe"), PROBES("", "nurse@localhost"),
               "romeo@localhost has juliet@localhost as None, and must have it as None+PendingOut");
#undef PROBES
}

/* RFC 6121, A.2. */
static void a_stanza_changes_the_side_of_its_sender(void **state)
{
    (void)state;
    is_noticed(unheard("\"subscribe\""), CHECKS CAST BOTH SENDS("Romeo", "juliet", "subscribe"),
               "romeo@localhost has juliet@localhost as None, and must have it as None+PendingOut, because "
               "romeo@localhost sent subscribe");
    is_noticed(unheard("\"subscribed\""), CHECKS CAST BOTH SENDS("Romeo", "juliet", "subscribed"),
               "must have it as None and approved, because romeo@localhost sent subscribed");
    is_noticed(unheard("\"unsubscribed\""),
               ROMEO_HAS("both") JULIET_HAS("both") CHECKS CAST BOTH SENDS("Romeo", "juliet", "unsubscribed"),
               "romeo@localhost has juliet@localhost as Both, and must have it as To, because");
    is_noticed(unheard("\"unsubscribe\""),
               ROMEO_HAS("to") JULIET_HAS("from") CHECKS CAST BOTH SENDS("Romeo", "juliet", "unsubscribe"),
               "romeo@localhost has juliet@localhost as To, and must have it as None, because");
}

/* RFC 6121, A.3: the disk keeps nothing, and the sender's side stays as it is. */
static void a_stanza_changes_the_side_of_its_receiver(void **state)
{
    (void)state;
    is_noticed(forgets, ROMEO_HAS("none, ask") CHECKS CAST BOTH SENDS("Romeo", "juliet", "subscribe"),
               "juliet@localhost has romeo@localhost as None, and must have it as None+PendingIn, because "
               "romeo@localhost sent subscribe");
    is_accepted(ROMEO_HAS("none, ask") CHECKS CAST BOTH SENDS("Romeo", "juliet", "subscribe"));
}

/* RFC 6121, 2.5.2. */
static void a_removal_cancels_both_subscriptions(void **state)
{
    (void)state;
#define REMOVES                                                                                              \
    "Romeo sends:\n\t<iq type='set' id='s'><query xmlns='jabber:iq:roster'>"                                 \
    "<item jid='juliet@localhost' subscription='remove'/></query></iq>\n"
    is_accepted(FRIENDS CHECKS CAST BOTH REMOVES);
    is_accepted(CHECKS CAST BOTH REMOVES);
    is_noticed(forgets, FRIENDS CHECKS CAST BOTH REMOVES, "romeo@localhost removed the item");
#undef REMOVES
}

/* XEP-0077, 3.2. */
static void a_removed_account_has_no_contacts(void **state)
{
    (void)state;
#define LEAVES                                                                                               \
    "Romeo sends:\n\t<iq type='set' id='s'><query xmlns='jabber:iq:register'><remove/></query></iq>\n"
    is_accepted(FRIENDS CHECKS CAST BOTH LEAVES);
    is_accepted(FRIENDS "[Blocklist] romeo@localhost\n\tjuliet@localhost\n" CHECKS CAST BOTH LEAVES);
    is_noticed((struct lie){ .saved = "<item xmlns='jabber:iq:roster' jid='romeo@localhost' "
                                      "subscription='from'/>" },
               FRIENDS CHECKS CAST BOTH LEAVES,
               "juliet@localhost has romeo@localhost as From, and must have it as None, because "
               "romeo@localhost was removed");
#undef LEAVES
}

#define FROM_ELSEWHERE(type)                                                                                 \
    "The server of \"localhost\" receives from \"mantua.lit\":\n"                                            \
    "\t<presence from='balthasar@mantua.lit' to='romeo@localhost' type='" type "'/>\n"
#define HAS_BALTHASAR(subscription) "[Roster] romeo@localhost\n\tbalthasar@mantua.lit: " subscription "\n"

/* RFC 6121, 3.1.3 and A.3.2, note 1. */
static void another_server_is_answered(void **state)
{
    (void)state;
    static const struct lie honest = { .lost_route = "nothing of this" };
    static const char confirms[] = HAS_BALTHASAR("from") CHECKS CAST BOTH FROM_ELSEWHERE("unsubscribe");
    static const char grants[] = HAS_BALTHASAR("from") CHECKS CAST BOTH FROM_ELSEWHERE("subscribe");
    goes_unnoticed(&liar_shut, honest, confirms);
    goes_unnoticed(&liar_shut, honest, grants);
    is_noticed((struct lie){ .lost_route = "unsubscribed" }, confirms,
               "no unsubscribed was routed from romeo@localhost to balthasar@mantua.lit, because "
               "balthasar@mantua.lit sent unsubscribe");
    is_noticed((struct lie){ .lost_route = "subscribed" }, grants,
               "no subscribed was routed from romeo@localhost to balthasar@mantua.lit");
    /* What changes nothing is not confirmed. */
    goes_unnoticed(&liar_shut, (struct lie){ .lost_route = "unsubscribed" },
                   HAS_BALTHASAR("to") CHECKS CAST BOTH FROM_ELSEWHERE("unsubscribe"));
}

static void a_stanza_to_another_server_is_routed(void **state)
{
    (void)state;
    static const char asks[] =
        CHECKS CAST BOTH "Romeo sends:\n\t<presence to='balthasar@mantua.lit' type='subscribe'/>\n";
    goes_unnoticed(&liar_shut, (struct lie){ .lost_route = "nothing of this" }, asks);
    is_noticed((struct lie){ .lost_route = "subscribe" }, asks,
               "no subscribe was routed from romeo@localhost to balthasar@mantua.lit");
}

/* Of what arrives only one stanza at a time counts (core.h), and of what is for a resource not everything. */
static void what_another_server_may_not_send_is_not_judged(void **state)
{
    (void)state;
    static const struct lie honest = { .lost_route = "nothing of this" };
    goes_unnoticed(&liar_shut, honest,
                   CHECKS CAST BOTH
                   "The server of \"localhost\" receives from \"mantua.lit\":\n"
                   "\t<presence from='a@mantua.lit' to='romeo@localhost' type='subscribe'/>\n"
                   "\t<presence from='b@mantua.lit' to='romeo@localhost' type='subscribe'/>\n");
    goes_unnoticed(&liar_shut, honest,
                   CHECKS CAST BOTH
                   "The server of \"localhost\" receives from \"evil.lit\":\n"
                   "\t<presence from='a@mantua.lit' to='romeo@localhost' type='subscribe'/>\n");
    goes_unnoticed(&liar_shut, honest,
                   HAS_BALTHASAR("from") CHECKS CAST BOTH
                   "The server of \"localhost\" receives from \"mantua.lit\":\n"
                   "\t<presence from='balthasar@mantua.lit' to='romeo@localhost/nowhere' "
                   "type='unsubscribe'/>\n");
    goes_unnoticed(&liar_shut, honest,
                   CHECKS CAST BOTH "The server of \"localhost\" receives from \"mantua.lit\":\n"
                                    "\t<presence from='a@mantua.lit' to='b@mantua.lit' type='subscribe'/>\n");
}

/* What the core may refuse or put off is not judged. */
static void what_may_be_refused_is_not_judged(void **state)
{
    (void)state;
    static const char asks[] = SENDS("Romeo", "juliet", "subscribe");
    char text[1024];
    static const char *const heads[] = { "[Server]\n\troster items: 1\n",
                                         "[Server]\n\troster bytes: 60\n",
                                         "[Server]\n\trequests: 0\n",
                                         "[Server]\n\trequest bytes: 20\n",
                                         "[Blocklist] juliet@localhost\n\tromeo@localhost\n",
                                         "[Blocklist] romeo@localhost\n\tjuliet@localhost\n" };
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        (void)snprintf(text, sizeof text, "%s" CHECKS CAST BOTH "%s", heads[i], asks);
        is_accepted(text);
    }
    is_accepted(CHECKS CAST BOTH "The next save fails\n" SENDS("Romeo", "juliet", "subscribe"));
    is_accepted(CHECKS CAST BOTH "The next load fails\n" SENDS("Romeo", "juliet", "subscribe"));
    is_accepted(CHECKS CAST BOTH
                "At the same time:\n\tSaves take 3 seconds\n\tRomeo sends:\n"
                "\t\t<presence to='juliet@localhost' type='subscribe'/>\n"
                "\t\t<presence to='juliet@localhost' type='subscribed'/>\n"
                "\tJuliet sends:\n\t\t<presence to='romeo@localhost' type='unsubscribed'/>\n");
}

/* RFC 6121, Appendix A and 3.4.2: the item that is saved is another one. */
static void a_saved_item_changes_as_by_one_stanza(void **state)
{
    (void)state;
#define SAVES(attributes)                                                                                    \
    (struct lie)                                                                                             \
    {                                                                                                        \
        .saved = "<item xmlns='jabber:iq:roster' jid='juliet@localhost' " attributes "/>"                    \
    }
    static const char asks[] = CHECKS CAST BOTH SENDS("Romeo", "juliet", "subscribe");
    is_caught_by(&liar_shut, SAVES("subscription='to'"), asks, "subscriptions-change-by-stanzas",
                 "romeo@localhost has juliet@localhost as None, and no stanza makes that To");
    is_caught_by(&liar_shut, SAVES("approved='true' subscription='from'"), asks,
                 "subscriptions-change-by-stanzas", "no stanza makes that From and approved");
    is_noticed(SAVES("approved='true'"), asks, "as None and approved, and must have it as None+PendingOut");
#undef SAVES
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_honest_server_passes),
        cmocka_unit_test(a_probe_may_cancel_a_request),
        cmocka_unit_test(a_stanza_changes_the_side_of_its_sender),
        cmocka_unit_test(a_stanza_changes_the_side_of_its_receiver),
        cmocka_unit_test(a_removal_cancels_both_subscriptions),
        cmocka_unit_test(a_removed_account_has_no_contacts),
        cmocka_unit_test(another_server_is_answered),
        cmocka_unit_test(a_stanza_to_another_server_is_routed),
        cmocka_unit_test(what_another_server_may_not_send_is_not_judged),
        cmocka_unit_test(what_may_be_refused_is_not_judged),
        cmocka_unit_test(a_saved_item_changes_as_by_one_stanza),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

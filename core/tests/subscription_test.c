/* Presence subscriptions (RFC 6121, 3 and Appendix A): the rule by its table, the rest through whole stanzas.
 */
#include "presence/subscription.h"
#include "rig.h"

/* ---- Appendix A ---- */

static struct subscription_state state_named(const char *name)
{
    return (struct subscription_state){
        .to = strncmp(name, "To", 2) == 0 || strcmp(name, "Both") == 0,
        .from = strncmp(name, "From", 4) == 0 || strcmp(name, "Both") == 0,
        .pending_out = strstr(name, "PendingOut") != NULL,
        .pending_in = strstr(name, "PendingIn") != NULL || strstr(name, "PendingOut+In") != NULL,
    };
}

static void assert_state(struct subscription_state is, struct subscription_state expected, const char *row)
{
    if (is.to != expected.to || is.from != expected.from || is.pending_out != expected.pending_out ||
        is.pending_in != expected.pending_in)
        fail_msg("another state after %s", row);
}

/* The rows of fixtures/rfc6121-appendix-a.tsv: direction, stanza, state, pass, new state. */
static void every_row_of_appendix_a_holds(void **state)
{
    (void)state;
    FILE *table = fopen("fixtures/rfc6121-appendix-a.tsv", "r");
    assert_non_null(table);
    char line[512];
    size_t rows = 0;
    while (fgets(line, sizeof line, table) != NULL) {
        char direction[16], stanza[16], from[32], pass[8], next[32];
        if (line[0] == '#' || strncmp(line, "direction", 9) == 0)
            continue;
        assert_int_equal(sscanf(line, "%15s %15s %31s %7s %31s", direction, stanza, from, pass, next), 5);
        struct subscription_rule rule =
            subscription_rule(strcmp(direction, "out") == 0 ? SUBSCRIPTION_OUT : SUBSCRIPTION_IN,
                              subscription_stanza_of(stanza), state_named(from));
        assert_state(rule.state, state_named(next), line);
        if (rule.pass != (strcmp(pass, "yes") == 0))
            fail_msg("passed on otherwise than in %s", line);
        rows++;
    }
    assert_int_equal(fclose(table), 0);
    assert_int_equal(rows, 72);
}

static void four_presence_types_are_subscription_stanzas(void **state)
{
    (void)state;
    assert_int_equal(subscription_stanza_of("subscribe"), SUBSCRIBE);
    assert_int_equal(subscription_stanza_of("unsubscribe"), UNSUBSCRIBE);
    assert_int_equal(subscription_stanza_of("subscribed"), SUBSCRIBED);
    assert_int_equal(subscription_stanza_of("unsubscribed"), UNSUBSCRIBED);
    assert_int_equal(subscription_stanza_of("probe"), SUBSCRIPTION_STANZAS);
    assert_int_equal(subscription_stanza_of(""), SUBSCRIPTION_STANZAS);
}

/* ---- Between two accounts ---- */

static struct inspect_item item_of(const struct host_link *link, const char *jid)
{
    const struct roster *roster = session_look(rig_session(link)).roster;
    for (size_t i = 0; i < inspect_roster_size(roster); i++)
        if (strcmp(inspect_roster_item(roster, i).jid, jid) == 0)
            return inspect_roster_item(roster, i);
    return (struct inspect_item){ 0 };
}

static void assert_item(const struct host_link *link, const char *jid, const char *subscription, bool ask)
{
    struct inspect_item item = item_of(link, jid);
    assert_non_null(item.jid);
    assert_string_equal(item.subscription, subscription);
    assert_int_equal(item.ask, ask);
}

/* 3.1.2: the push comes before the stanza goes on; 3.1.3: the contact gets the request, from the bare JID. */
static void a_request_is_pushed_to_the_user_and_delivered_to_the_contact(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard"), *juliet = rig_online("juliet", "balcony");
    rig_say(romeo,
            "<presence type='subscribe' to='juliet@localhost/chamber' id='s1'><status>?</status></presence>");
    const char *text = rig_take(romeo);
    rig_assert_has(text, "<item jid='juliet@localhost' subscription='none' ask='subscribe'/>");
    text = rig_take(juliet);
    rig_assert_has(text, " from='romeo@localhost'");
    rig_assert_has(text, " to='juliet@localhost'");
    rig_assert_has(text, "<status>?</status>");
    rig_assert_lacks(text, "<item"); /* 3.1.3: no push, because the contact has not added the user */
    assert_item(romeo, "juliet@localhost", "none", true);
    assert_true(item_of(juliet, "romeo@localhost").pending_in);
    assert_true(item_of(juliet, "romeo@localhost").hidden);
}

/* 3.1.5 and 3.1.6. */
static void an_approval_shows_the_contact(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard"), *juliet = rig_online("juliet", "balcony");
    rig_say(romeo, "<presence type='subscribe' to='juliet@localhost'/>");
    rig_take(romeo);
    rig_take(juliet);
    rig_say(juliet, "<presence type='subscribed' to='romeo@localhost'/>");
    const char *text = rig_take(juliet);
    rig_assert_has(text, "<item jid='romeo@localhost' subscription='from'/>");
    text = rig_take(romeo);
    const char *subscribed = strstr(text, " type='subscribed'");
    const char *push = strstr(text, "<item jid='juliet@localhost' subscription='to'/>");
    const char *presence = strstr(text, " from='juliet@localhost/balcony'");
    assert_true(subscribed != NULL && push != NULL && presence != NULL);
    assert_true(subscribed < push && push < presence);
    assert_item(romeo, "juliet@localhost", "to", false);
    assert_item(juliet, "romeo@localhost", "from", false);
}

/* 3.2.2: who is no longer subscribed is told that the contact is gone, and nothing after that; also when the approval
 * is still being saved. */
static void an_approval_that_is_taken_back_shows_nothing(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard"), *juliet = rig_online("juliet", "balcony");
    struct host_link *chamber = rig_online("juliet", "chamber");
    rig_say(romeo, "<presence type='subscribe' to='juliet@localhost'/>");
    rig_take(romeo);
    rig.prompt = false;
    rig_say(juliet, "<presence type='subscribed' to='romeo@localhost'/>");
    rig_answer(); /* Juliet's roster is saved, and Romeo's is about to be */
    rig_say(chamber, "<presence type='unsubscribed' to='romeo@localhost'/>");
    assert_string_equal(rig.newest->owner, "juliet@localhost");
    rig_answer_with(rig.newest, CORE_STORED);
    rig_answer_all();
    const char *text = rig_take(romeo);
    rig_assert_has(text, " type='subscribed'");
    rig_assert_has(text, " type='unsubscribed'");
    rig_assert_lacks(text, "<delay"); /* what she is shown with */
    assert_item(romeo, "juliet@localhost", "none", false);
}

static void befriend(void)
{
    rig_keep_item("romeo@localhost", "juliet@localhost", "both");
    rig_keep_item("juliet@localhost", "romeo@localhost", "both");
}

/* 3.2.2: unavailable, then unsubscribed; 3.2.3: the push. */
static void a_cancelled_subscription_ends_what_was_seen(void **state)
{
    (void)state;
    befriend();
    struct host_link *romeo = rig_online("romeo", "orchard"), *juliet = rig_online("juliet", "balcony");
    rig_take(romeo);
    rig_say(juliet, "<presence type='unsubscribed' to='romeo@localhost'/>");
    const char *text = rig_take(romeo);
    const char *gone = strstr(text, " type='unavailable'"), *why = strstr(text, " type='unsubscribed'");
    assert_true(gone != NULL && why != NULL && gone < why);
    rig_assert_has(text, "<item jid='juliet@localhost' subscription='from'/>");
    rig_assert_has(rig_take(juliet), "<item jid='romeo@localhost' subscription='to'/>");
    rig_hangup(juliet);
    assert_string_equal(rig_take(romeo), "");
}

/* 3.3.2 and 3.3.3. */
static void unsubscribing_ends_what_was_seen(void **state)
{
    (void)state;
    befriend();
    struct host_link *romeo = rig_online("romeo", "orchard"), *juliet = rig_online("juliet", "balcony");
    rig_take(romeo);
    rig_say(romeo, "<presence type='unsubscribe' to='juliet@localhost'/>");
    const char *text = rig_take(romeo);
    rig_assert_has(text, "<item jid='juliet@localhost' subscription='from'/>");
    rig_assert_has(text, " type='unavailable'");
    text = rig_take(juliet);
    rig_assert_has(text, " type='unsubscribe'");
    rig_assert_has(text, "<item jid='romeo@localhost' subscription='to'/>");
}

/* 3.1.3: the request waits, complete, and is delivered with each initial presence until it is answered. */
static void a_request_waits_for_the_contact(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig_say(romeo, "<presence type='subscribe' to='juliet@localhost'><x xmlns='urn:x'>&apos;</x></presence>");
    for (int times = 0; times < 2; times++) {
        struct host_link *juliet = rig_login("juliet", "balcony");
        rig_say(juliet, "<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>");
        rig_assert_lacks(rig_take(juliet), "<item"); /* 2.1.4: it is not in the roster */
        rig_say(juliet, "<presence/>");
        const char *text = rig_take(juliet);
        rig_assert_has(text, " type='subscribe'");
        rig_assert_has(text, "<x xmlns='urn:x'>'</x>");
        rig_hangup(juliet);
    }
    struct host_link *juliet = rig_online("juliet", "balcony");
    rig_say(juliet, "<presence type='unsubscribed' to='romeo@localhost'/>");
    rig_take(juliet);
    rig_say(juliet, "<presence type='unavailable'/><presence/>");
    rig_assert_lacks(rig_take(juliet), " type='subscribe'");
    assert_null(item_of(juliet, "romeo@localhost").jid); /* nothing is left of it */
}

/* A request within the limits must not grow out of them by being stored: its recipient could not log in. */
static void the_largest_request_can_be_stored_and_loaded(void **state)
{
    (void)state;
    char head[1024] = "", tail[1024] = "";
    size_t opened = 0, closed = 0;
    for (size_t i = 1; i < rig.settings.limits.depth; i++) {
        opened += (size_t)snprintf(head + opened, sizeof head - opened, "<x>");
        closed += (size_t)snprintf(tail + closed, sizeof tail - closed, "</x>");
    }
    char before[2048], after[2048];
    snprintf(before, sizeof before, "<presence type='subscribe' to='juliet@localhost'>%s", head);
    snprintf(after, sizeof after, "%s</presence>", tail);
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig_say(romeo, rig_filled(before, '\'', 60000, after));
    struct host_link *juliet = rig_online("juliet", "balcony");
    assert_int_equal(session_look(rig_session(juliet)).type, SESSION_C2S);
    assert_true(item_of(juliet, "romeo@localhost").pending_in);
}

/* 3.1.3: the server answers for a contact that has approved before. */
static void a_request_of_a_subscriber_is_answered_by_the_server(void **state)
{
    (void)state;
    rig_keep_item("juliet@localhost", "romeo@localhost", "from");
    struct host_link *juliet = rig_online("juliet", "balcony"), *romeo = rig_online("romeo", "orchard");
    rig_take(juliet);
    rig_say(romeo, "<presence type='subscribe' to='juliet@localhost'/>");
    const char *text = rig_take(romeo);
    rig_assert_has(text, " type='subscribed'");
    rig_assert_has(text, "<item jid='juliet@localhost' subscription='to'/>");
    assert_string_equal(rig_take(juliet), "");
    assert_item(romeo, "juliet@localhost", "to", false);
}

/* A.2.1 and A.3.1: a repeated request is routed, nothing changes, and it is not delivered to the contact. */
static void a_request_may_be_repeated(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard"), *juliet = rig_online("juliet", "balcony");
    rig_say(romeo, "<presence type='subscribe' to='juliet@localhost'/>");
    rig_take(romeo);
    rig_take(juliet);
    uint64_t revision = inspect_roster_revision(session_look(rig_session(romeo)).roster);
    size_t requests = rig.request_count;
    rig_say(romeo, "<presence type='subscribe' to='juliet@localhost'/>");
    assert_string_equal(rig_take(juliet), "");
    rig_assert_lacks(rig_take(romeo), "<item");
    assert_int_equal(inspect_roster_revision(session_look(rig_session(romeo)).roster), revision);
    assert_int_equal(rig.request_count, requests);
    assert_false(session_look(rig_session(romeo)).waiting);
}

static int full_roster(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.limits.roster_items = 1;
    rig_begin_with(&settings);
    return 0;
}

static void a_full_roster_takes_no_request(void **state)
{
    (void)state;
    rig_keep_item("romeo@localhost", "a@b", "none");
    struct host_link *romeo = rig_online("romeo", "orchard"), *juliet = rig_online("juliet", "balcony");
    rig_say(romeo, "<presence type='subscribe' to='juliet@localhost'/>");
    rig_assert_stanza_error(romeo, "wait", "resource-constraint");
    assert_string_equal(rig_take(juliet), "");
    assert_int_equal(inspect_roster_size(session_look(rig_session(romeo)).roster), 1);
}

/* 8.5.1 and 3.1.3: a request does not reveal which accounts exist. */
static void a_request_to_a_missing_account_is_ignored(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig_say(romeo, "<presence type='subscribe' to='nobody@localhost'/>");
    rig_assert_lacks(rig_take(romeo), "type='error'");
    assert_item(romeo, "nobody@localhost", "none", true);
    assert_int_equal(inspect_counts(rig.core).users_in_memory, 1);
}

static void an_account_cannot_subscribe_to_itself(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig_say(romeo, "<presence type='subscribe' to='romeo@localhost/other'/>");
    assert_string_equal(rig_take(romeo), "");
    assert_int_equal(inspect_roster_size(session_look(rig_session(romeo)).roster), 0);
}

static void a_subscription_to_another_server_finds_none(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig_say(romeo, "<presence type='subscribe' to='juliet@example.net'/>");
    rig_assert_has(rig_take(romeo), "<remote-server-not-found ");
}

/* ---- Storage ---- */

static void nothing_changes_when_the_users_roster_is_not_saved(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard"), *juliet = rig_online("juliet", "balcony");
    const struct roster *roster = session_look(rig_session(romeo)).roster;
    uint64_t revision = inspect_roster_revision(roster);
    rig.prompt = false;
    rig_say(romeo, "<presence type='subscribe' to='juliet@localhost'/>");
    assert_string_equal(rig_take(romeo), ""); /* not before it is stored */
    rig_fail();
    rig_assert_stanza_error(romeo, "cancel", "internal-server-error");
    assert_int_equal(inspect_roster_revision(roster), revision);
    assert_int_equal(inspect_roster_size(roster), 0);
    assert_string_equal(rig_take(juliet), "");
    assert_null(rig_pending());
}

static void the_sender_gets_an_error_if_the_contacts_roster_is_not_saved(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard"), *juliet = rig_online("juliet", "balcony");
    rig.prompt = false;
    rig_say(romeo, "<presence type='subscribe' to='juliet@localhost'/>");
    rig_answer();
    rig_take(romeo);
    assert_string_equal(rig_take(juliet), "");
    rig_fail();
    rig_assert_stanza_error(romeo, "cancel", "internal-server-error");
    assert_string_equal(rig_take(juliet), "");
    assert_int_equal(inspect_roster_size(session_look(rig_session(juliet)).roster), 0);
}

static void a_session_waits_until_both_rosters_are_saved(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig.prompt = false;
    rig_say(romeo, "<presence type='subscribe' to='juliet@localhost'/>"
                   "<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>");
    for (int step = 0; step < 3; step++) { /* his roster saved, hers loaded, hers saved */
        rig_assert_lacks(rig_take(romeo), "id='p'");
        assert_true(session_look(rig_session(romeo)).waiting);
        rig_answer();
    }
    rig_assert_has(rig_take(romeo), "id='p'");
    assert_false(session_look(rig_session(romeo)).waiting);
    assert_int_equal(inspect_counts(rig.core).users_in_memory, 1);
}

/* 2.5.2: both subscriptions are cancelled.  Of two stanzas to the contact, the session waits for the later
 * one even when the earlier changes nothing there. */
static void a_session_waits_for_all_that_a_removal_cancels(void **state)
{
    (void)state;
    rig_keep_item("romeo@localhost", "juliet@localhost", "both");
    rig_keep_item("juliet@localhost", "romeo@localhost", "from");
    struct host_link *romeo = rig_online("romeo", "orchard"), *juliet = rig_online("juliet", "balcony");
    rig_take(romeo);
    rig.prompt = false;
    rig_say(romeo,
            "<iq type='set' id='d'><query xmlns='jabber:iq:roster'><item jid='juliet@localhost' "
            "subscription='remove'/></query></iq><iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>");
    rig_answer();
    const char *text = rig_take(romeo);
    rig_assert_has(text, "id='d'");
    rig_assert_lacks(text, "id='p'");
    assert_true(session_look(rig_session(romeo)).waiting);
    rig_answer();
    rig_assert_has(rig_take(romeo), "id='p'");
    rig_assert_has(rig_take(juliet), "<item jid='romeo@localhost' subscription='none'/>");
}

static void a_request_continues_after_its_session_has_ended(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard"), *juliet = rig_online("juliet", "balcony");
    rig.prompt = false;
    rig_say(romeo, "<presence type='subscribe' to='juliet@localhost'/>");
    rig_hangup(romeo);
    rig_answer_all();
    rig_assert_has(rig_take(juliet), " type='subscribe'");
    assert_int_equal(inspect_counts(rig.core).users_in_memory, 1);
}

/* ---- Probes (4.3) ---- */

static void an_initial_presence_probes_the_contacts(void **state)
{
    (void)state;
    befriend();
    struct host_link *juliet = rig_online("juliet", "balcony"), *romeo = rig_login("romeo", "orchard");
    rig_say(juliet, "<presence><show>away</show></presence>");
    rig_say(romeo, "<presence/>");
    const char *text = rig_take(romeo);
    rig_assert_has(text, " from='juliet@localhost/balcony'");
    rig_assert_has(text, "<show>away</show>");
}

/* 4.3.2: a prober without a subscription receives unsubscribed, which corrects its roster. */
static void a_probe_without_a_subscription_is_refused(void **state)
{
    (void)state;
    rig_keep_item("romeo@localhost", "juliet@localhost", "to");
    rig_keep_item("romeo@localhost", "nobody@localhost", "to");
    struct host_link *juliet = rig_online("juliet", "balcony"), *romeo = rig_login("romeo", "orchard");
    rig_take(juliet);
    rig_say(romeo, "<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq><presence/>");
    const char *text = rig_take(romeo);
    rig_assert_lacks(text, "juliet@localhost/balcony");
    assert_int_equal(rig_count(text, " type='unsubscribed'"), 2);
    assert_item(romeo, "juliet@localhost", "none", false);
    assert_item(romeo, "nobody@localhost", "none", false);
    assert_string_equal(rig_take(juliet), "");
}

/* 4.3.2.1 */
static void a_denial_has_the_id_of_the_probe(void **state)
{
    (void)state;
    rig_keep_item("romeo@localhost", "juliet@localhost", "to");
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig_say(romeo, "<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>"
                   "<presence type='probe' to='juliet@localhost' id='probe'/>");
    rig_assert_has(rig_take(romeo), "<presence to='romeo@localhost' type='unsubscribed' "
                                    "from='juliet@localhost' id='probe'/>");
}

static void a_probe_that_cannot_load_the_roster_says_nothing(void **state)
{
    (void)state;
    rig_keep_item("romeo@localhost", "juliet@localhost", "to");
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig.prompt = false;
    rig_say(romeo, "<presence/>");
    rig_take(romeo);
    rig_fail();
    assert_string_equal(rig_take(romeo), "");
    assert_item(romeo, "juliet@localhost", "to", false);
}

/* 3.1.3: a contact that is subscribed already is approved again; a pre-approval is for a contact that is not
 * (3.4), and is not spent. */
static void an_approval_is_not_spent_on_a_subscriber(void **state)
{
    (void)state;
    rig_keep("juliet@localhost", "romeo@localhost",
             "<item xmlns='jabber:iq:roster' jid='romeo@localhost' subscription='from' approved='true'/>");
    struct host_link *juliet = rig_online("juliet", "balcony"), *romeo = rig_online("romeo", "orchard");
    rig_say(romeo, "<presence type='subscribe' to='juliet@localhost'/>");
    rig_assert_has(rig_take(romeo), " type='subscribed'");
    rig_assert_lacks(rig_take(juliet), "<iq ");
    rig_assert_has(rig_kept_find(CORE_STORE_ROSTER, "juliet@localhost", "romeo@localhost")->value,
                   "approved='true'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(every_row_of_appendix_a_holds),
        RIG_TEST(four_presence_types_are_subscription_stanzas),
        RIG_TEST(a_request_is_pushed_to_the_user_and_delivered_to_the_contact),
        RIG_TEST(an_approval_shows_the_contact),
        RIG_TEST(an_approval_that_is_taken_back_shows_nothing),
        RIG_TEST(a_cancelled_subscription_ends_what_was_seen),
        RIG_TEST(unsubscribing_ends_what_was_seen),
        RIG_TEST(a_request_waits_for_the_contact),
        RIG_TEST(the_largest_request_can_be_stored_and_loaded),
        RIG_TEST(a_request_of_a_subscriber_is_answered_by_the_server),
        RIG_TEST(a_request_may_be_repeated),
        RIG_TEST_FROM(a_full_roster_takes_no_request, full_roster),
        RIG_TEST(a_request_to_a_missing_account_is_ignored),
        RIG_TEST(an_account_cannot_subscribe_to_itself),
        RIG_TEST(a_subscription_to_another_server_finds_none),
        RIG_TEST(nothing_changes_when_the_users_roster_is_not_saved),
        RIG_TEST(the_sender_gets_an_error_if_the_contacts_roster_is_not_saved),
        RIG_TEST(a_session_waits_until_both_rosters_are_saved),
        RIG_TEST(a_session_waits_for_all_that_a_removal_cancels),
        RIG_TEST(a_request_continues_after_its_session_has_ended),
        RIG_TEST(an_initial_presence_probes_the_contacts),
        RIG_TEST(a_probe_without_a_subscription_is_refused),
        RIG_TEST(a_denial_has_the_id_of_the_probe),
        RIG_TEST(a_probe_that_cannot_load_the_roster_says_nothing),
        RIG_TEST(an_approval_is_not_spent_on_a_subscriber),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Every allocation of a whole session life fails once; those of the extensions have a test of their own. */
#include "shortage.h"

#define ROSTER_SET                                                                                           \
    "<iq type='set' id='set'><query xmlns='jabber:iq:roster'><item jid='juliet@localhost' name='Juliet'>"    \
    "<group>Friends</group><group>Verona</group></item></query></iq>"
#define ROSTER_REMOVE                                                                                        \
    "<iq type='set' id='remove'><query xmlns='jabber:iq:roster'>"                                            \
    "<item jid='juliet@localhost' subscription='remove'/></query></iq>"

static struct host_link *log_in(const char *username)
{
    struct host_link *link = rig_accept();
    shortage_say(link, RIG_HEADER);
    rig_auth(link, username);
    shortage_say(link, RIG_HEADER);
    rig_bind(link, "orchard");
    shortage_say(link, "<iq type='get' id='get'><query xmlns='jabber:iq:roster'/></iq>");
    shortage_say(link, "<presence><status>here</status></presence>");
    return link;
}

static void live(void)
{
    struct host_link *romeo = log_in("romeo"), *juliet = log_in("juliet");
    shortage_say(romeo, ROSTER_SET);
    shortage_assert_answered(romeo, "set");
    shortage_say(romeo, "<presence type='subscribe' to='juliet@localhost'/>");
    shortage_say(juliet, "<presence type='subscribed' to='romeo@localhost'/>");
    shortage_say(juliet, "<presence type='subscribe' to='romeo@localhost'/>");
    shortage_say(romeo, "<presence type='subscribed' to='juliet@localhost'/>");
    shortage_say(romeo, "<message to='juliet@localhost'><body>hist &amp; here</body></message>");
    shortage_say(romeo, "<message to='mercutio@localhost' id='bounced'><body>?</body></message>");
    shortage_say(romeo, "<presence to='juliet@localhost/orchard'/>");
    shortage_say(romeo, "<iq type='get' id='ping' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>");
    shortage_assert_answered(romeo, "ping");
    shortage_say(romeo, "<iq type='get' id='odd'><odd xmlns='urn:odd'/></iq>");
    shortage_assert_answered(romeo, "odd");
    struct host_link *other = log_in("romeo"); /* replaces the first (RFC 6120, 7.7.2.2) */
    shortage_say(juliet, "<presence type='unsubscribed' to='romeo@localhost'/>");
    shortage_say(other, ROSTER_REMOVE);
    shortage_say(juliet, "<presence type='probe' to='romeo@localhost'/>");
    rig_hangup(other);
    shortage_assert_tables_agree();
    shortage_say(juliet, "<presence type='unavailable'/></stream:stream>");
}

static void every_allocation_of_a_session_life_may_fail(void **state)
{
    (void)state;
    assert_true(shortage_play(rig_begin, live) > 100);
}

/* A session that is not involved keeps its connection, and receives nothing that is not addressed to it. */
static void another_session_is_not_affected(void **state)
{
    (void)state;
    size_t nth = 0, needed = 0;
    do {
        rig_begin();
        struct host_link *bystander = rig_online("mercutio", "street");
        rig.memory.allocations = 0;
        rig.memory.fail_at = ++nth;
        struct host_link *romeo = log_in("romeo");
        rig_say(romeo, ROSTER_SET);
        rig_hangup(romeo);
        needed = rig.memory.allocations;
        rig.memory.fail_at = 0;
        assert_false(bystander->closed);
        assert_string_equal(rig_take(bystander), "");
        rig_end();
    } while (nth <= needed);
}

/* A failure of the sender does not affect recipients: either all receive it, or the sender gets an error. */
static void a_message_that_cannot_be_written_closes_no_recipient(void **state)
{
    (void)state;
    size_t nth = 0, needed = 0;
    do {
        rig_begin();
        struct host_link *juliet = rig_online("juliet", "balcony");
        struct host_link *romeo = rig_online("romeo", "orchard");
        rig.memory.allocations = 0;
        rig.memory.fail_at = ++nth;
        rig_say(romeo, "<message to='juliet@localhost'><body>hist</body></message>");
        needed = rig.memory.allocations;
        rig.memory.fail_at = 0;
        assert_false(juliet->closed);
        size_t delivered = rig_count(rig_take(juliet), "<body>hist</body>");
        size_t refused = rig_count(rig_take(romeo), "resource-constraint");
        assert_int_equal(delivered + (refused > 0 || romeo->closed), 1);
        rig_end();
    } while (nth <= needed);
}

static void available_presence_that_cannot_be_written_closes_no_subscriber(void **state)
{
    (void)state;
    size_t nth = 0, needed = 0;
    do {
        rig_begin();
        rig_keep_item("romeo@localhost", "juliet@localhost", "from");
        struct host_link *juliet = rig_online("juliet", "balcony");
        struct host_link *romeo = rig_login("romeo", "orchard");
        rig.memory.allocations = 0;
        rig.memory.fail_at = ++nth;
        rig_say(romeo, "<presence/>");
        needed = rig.memory.allocations;
        rig.memory.fail_at = 0;
        assert_false(juliet->closed);
        assert_true(romeo->closed || rig_count(rig_take(juliet), "<presence") == 1);
        rig_end();
    } while (nth <= needed);
}

/* Presence without its sender or its type would mean something else (RFC 6121, 4.7). */
static void no_presence_goes_out_half_made(void **state)
{
    (void)state;
    char resource[1024] = "";
    memset(resource, 'r', sizeof resource - 1);
    size_t nth = 0, needed = 0;
    do {
        rig_begin();
        rig_keep_item("romeo@localhost", "juliet@localhost", "from");
        struct host_link *juliet = rig_online("juliet", "balcony");
        struct host_link *romeo = rig_online("romeo", resource);
        rig_take(juliet);
        rig.memory.allocations = 0;
        rig.memory.fail_at = ++nth / 2;
        if (nth % 2 == 1)
            rig_say(romeo, "<presence type='unsubscribed' to='juliet@localhost'/>");
        rig_hangup(romeo);
        needed = rig.memory.allocations;
        rig.memory.fail_at = 0;
        const char *text = rig_take(juliet);
        assert_int_equal(rig_count(text, "<presence"), rig_count(text, " from='romeo@localhost"));
        assert_int_equal(rig_count(text, "from='romeo@localhost/r"), rig_count(text, " type='unavailable'"));
        rig_end();
    } while (nth / 2 <= needed);
}

/* A resource that could not be read does not count as absent: no session is bound to one that it did not
 * request. */
static void the_resource_is_the_one_that_was_asked_for(void **state)
{
    (void)state;
    char filler[480] = "", resource[1000]; /* two pieces of text, and little space left in the stanza */
    memset(filler, 'r', sizeof filler - 1);
    snprintf(resource, sizeof resource, "%s&apos;%s", filler, filler);
    size_t nth = 0, needed = 0;
    do {
        rig_begin();
        struct host_link *romeo = rig_authenticated("romeo");
        rig.memory.allocations = 0;
        rig.memory.fail_at = ++nth;
        rig_bind(romeo, resource);
        needed = rig.memory.allocations;
        rig.memory.fail_at = 0;
        const char *got = romeo->closed ? NULL : session_look(rig_session(romeo)).resource;
        assert_true(got == NULL || strlen(got) == strlen(resource) - strlen("apos;"));
        rig_end();
    } while (nth <= needed);
}

static void a_core_that_cannot_be_made_leaves_nothing(void **state)
{
    (void)state;
    size_t live = rig.memory.live;
    struct core *core = NULL;
    for (size_t nth = 1; core == NULL; nth++) {
        rig.memory.allocations = 0;
        rig.memory.fail_at = nth;
        core = core_new(&rig.ports, &rig.settings);
        if (core == NULL)
            assert_int_equal(rig.memory.live, live);
    }
    rig.memory.fail_at = 0;
    core_free(core);
    assert_int_equal(rig.memory.live, live);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_of_a_session_life_may_fail),
        cmocka_unit_test(another_session_is_not_affected),
        cmocka_unit_test(a_message_that_cannot_be_written_closes_no_recipient),
        cmocka_unit_test(available_presence_that_cannot_be_written_closes_no_subscriber),
        cmocka_unit_test(no_presence_goes_out_half_made),
        cmocka_unit_test(the_resource_is_the_one_that_was_asked_for),
        RIG_TEST(a_core_that_cannot_be_made_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Stanzas to several sessions of an account, above all roster pushes (RFC 6121, 2.1.6). */
#include "account/user_send.h"

#include "inside.h"

/* The account's sessions: available and interested, interested only, available only, neither. */
enum { BOTH, INTERESTED, AVAILABLE, NEITHER, SESSIONS };

static struct host_link *links[SESSIONS];

static int set_up(void **state)
{
    (void)state;
    static const char *const resources[SESSIONS] = { "both", "interested", "available", "neither" };
    rig_begin();
    for (size_t i = 0; i < SESSIONS; i++)
        links[i] = rig_login("romeo", resources[i]);
    for (size_t i = 0; i < SESSIONS; i++) {
        if (i == BOTH || i == INTERESTED)
            rig_say(links[i], "<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>");
        if (i == BOTH || i == AVAILABLE)
            rig_say(links[i], "<presence/>");
    }
    for (size_t i = 0; i < SESSIONS; i++)
        rig_take(links[i]);
    return 0;
}

static struct user *romeo(void)
{
    return inside_session(links[NEITHER])->user;
}

static void assert_received(const char *const texts[SESSIONS])
{
    for (size_t i = 0; i < SESSIONS; i++)
        assert_string_equal(rig_take(links[i]), texts[i]);
}

/* RFC 6120, 8.1.1: with `to` the full JID of each. */
static void a_stanza_without_to_goes_to_the_full_jid_of_each(void **state)
{
    (void)state;
    struct stanza *stanza = inside_stanza("<message id='1'/>");
    user_send_to_available(romeo(), stanza);
    assert_received((const char *[]){ "<message to='romeo@localhost/both' id='1'/>", "",
                                      "<message to='romeo@localhost/available' id='1'/>", "" });
    user_send_to_interested(romeo(), stanza);
    assert_received((const char *[]){ "<message to='romeo@localhost/both' id='1'/>",
                                      "<message to='romeo@localhost/interested' id='1'/>", "", "" });
    stanza_free(stanza);
}

/* RFC 6121, 8.5.2.1.1: the server does not rewrite it. */
static void a_to_is_kept(void **state)
{
    (void)state;
    struct stanza *stanza = inside_stanza("<message to='romeo@localhost'/>");
    user_send_to_available(romeo(), stanza);
    assert_received(
        (const char *[]){ "<message to='romeo@localhost'/>", "", "<message to='romeo@localhost'/>", "" });
    stanza_free(stanza);
}

static void a_session_that_is_about_to_be_destroyed_is_left_out(void **state)
{
    (void)state;
    struct stanza *stanza = inside_stanza("<message to='romeo@localhost'/>");
    session_disconnect(inside_session(links[BOTH]));
    user_send_to_available(romeo(), stanza);
    user_send_to_interested(romeo(), stanza);
    assert_received(
        (const char *[]){ "", "<message to='romeo@localhost'/>", "<message to='romeo@localhost'/>", "" });
    stanza_free(stanza);
}

/* RFC 6121, 2.1.6: an iq of type set to each interested resource, with an id and one item; 2.6.3: the
 * version. */
static void a_push_has_the_item_and_the_version(void **state)
{
    (void)state;
    struct roster_change change;
    struct roster *roster = romeo()->roster;
    assert_true(roster_change_begin(roster, &change, "juliet@localhost"));
    change.item->hidden = false;
    change.item->state.to = true;
    roster_apply(roster, &change);
    user_push(romeo(), roster_find(roster, "juliet@localhost"), NULL);
    const char *text = rig_take(links[BOTH]);
    assert_int_equal(rig_count(text, "<iq "), 1);
    rig_assert_has(text, " type='set'");
    rig_assert_has(text, " id='push1'");
    rig_assert_has(text, " to='romeo@localhost/both'");
    rig_assert_lacks(text, " from=");
    rig_assert_has(text, "<query xmlns='jabber:iq:roster' ver='1'><item jid='juliet@localhost' "
                         "subscription='to'/></query></iq>");
    rig_assert_has(rig_take(links[INTERESTED]), " to='romeo@localhost/interested'");
    assert_string_equal(rig_take(links[AVAILABLE]), "");
    assert_string_equal(rig_take(links[NEITHER]), "");
}

/* RFC 6121, 2.5.2: a removal has the JID and subscription='remove', and each push an id of its own. */
static void a_removal_is_pushed_with_only_the_jid(void **state)
{
    (void)state;
    user_push(romeo(), NULL, "juliet@localhost");
    user_push(romeo(), NULL, "nurse@localhost");
    const char *text = rig_take(links[BOTH]);
    rig_assert_has(text, "<item jid='juliet@localhost' subscription='remove'/></query></iq>");
    rig_assert_has(text, "<item jid='nurse@localhost' subscription='remove'/></query></iq>");
    assert_int_equal(rig_count(text, " id='push1'"), 1);
    assert_int_equal(rig_count(text, " id='push2'"), 1);
}

/* An interested resource has seen the push, or will ask for the roster when it is back. */
static void without_memory_the_interested_are_disconnected(void **state)
{
    (void)state;
    size_t nth = 0, needed = 0;
    do {
        size_t before = rig.memory.allocations;
        rig.memory.fail_at = before + ++nth;
        user_push(romeo(), NULL, "juliet@localhost");
        needed = rig.memory.allocations - before;
        rig.memory.fail_at = 0;
        inside_settle();
        for (size_t i = BOTH; i <= INTERESTED; i++)
            assert_int_equal(links[i]->closed, rig_count(rig_take(links[i]), "<item ") == 0);
        assert_true(nth > needed || links[BOTH]->closed || links[INTERESTED]->closed);
        assert_false(links[AVAILABLE]->closed);
        assert_false(links[NEITHER]->closed);
        rig_end();
        set_up(state);
    } while (nth <= needed);
}

#define TEST(test) RIG_TEST_FROM(test, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_stanza_without_to_goes_to_the_full_jid_of_each),
        TEST(a_to_is_kept),
        TEST(a_session_that_is_about_to_be_destroyed_is_left_out),
        TEST(a_push_has_the_item_and_the_version),
        TEST(a_removal_is_pushed_with_only_the_jid),
        TEST(without_memory_the_interested_are_disconnected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

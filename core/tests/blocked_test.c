/* Presence after a change of a block list (XEP-0191, 3.3 and 3.4). */
#include "presence/blocked.h"

#include "inside.h"
#include "rig.h"

#define BLOCK_ROMEO                                                                                          \
    "<iq type='set' id='block'><block xmlns='urn:xmpp:blocking'><item jid='ROMEO@localhost'/></block></iq>"
#define UNBLOCK_ALL "<iq type='set' id='unblock'><unblock xmlns='urn:xmpp:blocking'/></iq>"
#define BLOCK(id, jid)                                                                                       \
    "<iq type='set' id='" id "'><block xmlns='urn:xmpp:blocking'><item jid='" jid "'/></block></iq>"

static int set_up(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.features = CORE_BLOCKING;
    rig_begin_routed_with(&settings);
    return 0;
}

static void both(const char *one, const char *other)
{
    rig_keep_item(one, other, "both");
    rig_keep_item(other, one, "both");
}

/* ---- By itself ---- */

/* The user's list is this from now on (NULL: empty), and presence is sent accordingly. */
static void change_to(struct user *user, const char *jid)
{
    const struct core_store_entry entry = { jid, "" };
    struct blocklist *list = blocklist_read(user->core->memory, &entry, jid != NULL);
    assert_non_null(list);
    struct blocklist *before = user_set_blocklist(user, list);
    blocked_changed(user, before);
    blocklist_free(user->core->memory, before);
}

/* 3.3: "the user's server MUST send unavailable presence"; 3.4: and presence when it is over.  Each of the
 * user's available resources is seen, each of the contact's sees it. */
static void contacts_that_see_the_user_are_notified_of_either(void **state)
{
    (void)state;
    static const struct {
        const char *blocked;
        bool juliet, garden, nurse; /* the notified JIDs */
    } rows[] = {
        { "juliet@localhost", true, true, false },
        { "juliet@localhost/garden", false, true, false },
        { "localhost", true, true, true },
        { "tybalt@localhost", false, false, false }, /* it does not see the user */
        { "example.com", false, false, false },
    };
    rig_keep_item("romeo@localhost", "juliet@localhost", "from");
    rig_keep_item("romeo@localhost", "nurse@localhost", "from");
    rig_keep_item("romeo@localhost", "tybalt@localhost", "to");
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig_login("romeo", "phone"); /* not available, so no contact sees it */
    struct host_link *juliet = rig_online("juliet", "balcony"), *garden = rig_online("juliet", "garden");
    struct host_link *nurse = rig_online("nurse", "chamber"), *tybalt = rig_online("tybalt", "hall");
    rig_login("juliet", "phone");
    struct user *user = inside_session(romeo)->user;
    rig_say(romeo, "<presence><show>away</show></presence>");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (int ends = 0; ends < 2; ends++) {
            struct host_link *const links[] = { juliet, garden, nurse, tybalt };
            const bool told[] = { rows[i].juliet, rows[i].garden, rows[i].nurse, false };
            for (size_t l = 0; l < 4; l++)
                rig_take(links[l]);
            change_to(user, ends ? NULL : rows[i].blocked);
            for (size_t l = 0; l < 4; l++) {
                const char *text = rig_take(links[l]);
                assert_int_equal(rig_count(text, "<presence "), told[l]);
                assert_int_equal(rig_count(text, ends ? "<show>away</show>" : " type='unavailable'"),
                                 told[l]);
                assert_int_equal(rig_count(text, " from='romeo@localhost/orchard'"), told[l]);
            }
        }
}

/* A remote contact is notified at its bare JID; a resource of it, which may be available, at its full JID. */
static void remote_contacts_are_notified_through_the_port(void **state)
{
    (void)state;
    static const struct {
        const char *blocked, *to; /* NULL: none is notified */
        bool begins;              /* that a block begins */
    } rows[] = {
        { "laurence@mantua.lit", "laurence@mantua.lit", true },
        { "mantua.lit", "laurence@mantua.lit", true },
        { "laurence@mantua.lit/cell", "laurence@mantua.lit/cell", false },
        { "other@mantua.lit/x", NULL, false },
    };
    rig_keep_item("romeo@localhost", "laurence@mantua.lit", "from");
    struct host_link *romeo = rig_online("romeo", "orchard");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (int ends = 0; ends < 2; ends++) {
            char to[64];
            host_forget_routed(&rig);
            change_to(inside_session(romeo)->user, ends ? NULL : rows[i].blocked);
            assert_int_equal(rig.routed_count, rows[i].to != NULL && (ends || rows[i].begins));
            if (rig.routed_count == 0)
                continue;
            snprintf(to, sizeof to, " to='%s'", rows[i].to);
            rig_assert_has(rig.routed[0].stanza, to);
            assert_int_equal(rig_count(rig.routed[0].stanza, " type='unavailable'"), !ends);
        }
}

/* 3.4: their presence was not delivered meanwhile, so the contacts are probed. */
static void unblocked_contacts_are_probed(void **state)
{
    (void)state;
    rig_keep_item("romeo@localhost", "laurence@mantua.lit", "to");
    rig_keep_item("romeo@localhost", "tybalt@capulet.lit", "to");
    struct host_link *romeo = rig_online("romeo", "orchard");
    struct user *user = inside_session(romeo)->user;
    static const char *const blocked[] = { "laurence@mantua.lit", "laurence@mantua.lit/cell", "mantua.lit" };
    for (size_t i = 0; i < 3; i++) {
        host_forget_routed(&rig);
        change_to(user, blocked[i]);
        assert_int_equal(rig.routed_count, 0);
        change_to(user, NULL);
        assert_int_equal(rig.routed_count, 1);
        rig_assert_has(rig.routed[0].stanza, " type='probe'");
        rig_assert_has(rig.routed[0].stanza, " to='laurence@mantua.lit'");
    }
}

/* 3.3 and RFC 6121, 4.6: presence directed at the blocked JID is withdrawn and forgotten, also that of a
 * resource that is not available; it is not sent again. */
static void directed_presence_is_withdrawn_and_forgotten(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard"), *nurse = rig_online("nurse", "chamber");
    struct session *session = inside_session(romeo);
    rig_say(romeo, "<presence to='nurse@localhost/chamber'/><presence to='j@capulet.lit/hall'/>"
                   "<presence to='other@capulet.lit'/>");
    rig_take(nurse);
    host_forget_routed(&rig);
    change_to(session->user, "nurse@localhost");
    const char *text = rig_take(nurse);
    assert_int_equal(rig_count(text, " type='unavailable'"), 1);
    rig_assert_has(text, " to='nurse@localhost/chamber'");
    assert_int_equal(rig.routed_count, 0);
    assert_string_equal(session->directed->jid, "j@capulet.lit/hall");
    change_to(session->user, "j@capulet.lit");
    assert_int_equal(rig.routed_count, 1);
    rig_assert_has(rig.routed[0].stanza, " to='j@capulet.lit/hall' type='unavailable'");
    assert_string_equal(session->directed->jid, "other@capulet.lit");
    host_forget_routed(&rig);
    change_to(session->user, NULL);
    assert_string_equal(rig_take(nurse), "");
    assert_int_equal(rig.routed_count, 0);
}

/* ---- By the blocking command ---- */

/* 3.3: two users that block each other receive no presence of each other. */
static void an_account_that_has_blocked_already_receives_nothing(void **state)
{
    (void)state;
    both("romeo@localhost", "juliet@localhost");
    struct host_link *juliet = rig_online("juliet", "balcony"), *phone = rig_online("juliet", "phone");
    struct host_link *romeo = rig_online("romeo", "orchard"), *nurse = rig_online("nurse", "street");
    rig_say(romeo, BLOCK("1", "juliet@localhost"));
    rig_say(juliet, "<presence to='romeo@localhost/orchard'/><presence to='nurse@localhost/street'/>"
                    "<presence to='juliet@localhost/phone'/>");
    rig_take(romeo);
    rig_take(nurse);
    rig_take(phone);
    rig_say(juliet, BLOCK("2", "romeo@localhost"));
    rig_say(juliet, UNBLOCK_ALL);
    assert_string_equal(rig_take(romeo), "");
    assert_string_equal(rig_take(nurse), "");
    rig_assert_lacks(rig_take(phone), "type='unavailable'");
    rig_say(juliet, BLOCK("3", "nurse@localhost"));
    rig_assert_has(rig_take(nurse), " type='unavailable'");
    assert_string_equal(rig_take(romeo), "");
}

/* Two users without subscription, of which one directed presence at the other (RFC 6121, 4.6). */
static void directed_presence_to_a_recipient_that_has_blocked_since_is_not_withdrawn(void **state)
{
    (void)state;
    struct host_link *juliet = rig_online("juliet", "balcony"), *nurse = rig_online("nurse", "street");
    rig_say(juliet, "<presence to='nurse@localhost/street'/>");
    rig_assert_has(rig_take(nurse), " from='juliet@localhost/balcony'");
    rig_say(nurse, BLOCK("1", "juliet@localhost"));
    rig_take(nurse);
    rig_say(juliet, BLOCK("2", "nurse@localhost"));
    rig_say(juliet, UNBLOCK_ALL);
    assert_string_equal(rig_take(nurse), "");
}

/* RFC 6121, 4.5.2: a subscriber that answered with an error is not left out. */
static void a_subscriber_that_answered_with_an_error_is_notified_of_a_block(void **state)
{
    (void)state;
    both("romeo@localhost", "juliet@localhost");
    struct host_link *romeo = rig_online("romeo", "orchard"), *juliet = rig_online("juliet", "balcony");
    rig_say(romeo, "<presence type='error' to='juliet@localhost/balcony'/>");
    rig_take(romeo);
    rig_say(juliet, BLOCK_ROMEO);
    rig_assert_has(rig_take(romeo), " type='unavailable'");
}

/* 3.3 and 6: one resource is blocked, and the others see her still; 3.4: and then it sees her again, and she
 * it. */
static void a_resource_may_be_blocked_by_itself(void **state)
{
    (void)state;
    both("romeo@localhost", "juliet@localhost");
    struct host_link *romeo = rig_online("romeo", "orchard"), *garden = rig_online("romeo", "garden");
    struct host_link *juliet = rig_online("juliet", "balcony");
    rig_take(romeo);
    rig_take(garden);
    rig_say(juliet, BLOCK("1", "romeo@localhost/orchard"));
    rig_assert_has(rig_take(romeo), " type='unavailable'");
    assert_string_equal(rig_take(garden), "");
    rig_take(juliet);
    rig_say(juliet, UNBLOCK_ALL);
    rig_assert_has(rig_take(romeo), " from='juliet@localhost/balcony'");
    assert_string_equal(rig_take(garden), "");
    rig_assert_has(rig_take(juliet), " from='romeo@localhost/orchard'");
}

#define TEST(test) RIG_TEST_FROM(test, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(contacts_that_see_the_user_are_notified_of_either),
        TEST(remote_contacts_are_notified_through_the_port),
        TEST(unblocked_contacts_are_probed),
        TEST(directed_presence_is_withdrawn_and_forgotten),
        TEST(an_account_that_has_blocked_already_receives_nothing),
        TEST(directed_presence_to_a_recipient_that_has_blocked_since_is_not_withdrawn),
        TEST(a_subscriber_that_answered_with_an_error_is_notified_of_a_block),
        TEST(a_resource_may_be_blocked_by_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

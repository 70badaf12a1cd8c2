/* Presence to an address, an account, or all subscribers (RFC 6121, 4.2.2, 4.4.2, 4.5.2). */
#include "presence/broadcast.h"

#include "account/user.h"
#include "inside.h"
#include "rig.h"

static int set_up(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.features = CORE_BLOCKING;
    settings.ack_after = 1000;
    settings.limits.unacked = 8;
    rig_begin_routed_with(&settings);
    return 0;
}

static void block(const char *owner, const char *jid)
{
    rig_keep_in(CORE_STORE_BLOCKLIST, owner, jid, "<item xmlns='urn:xmpp:blocking'/>");
}

/* Presence that is written once for many, as `xml` says, from romeo@localhost/orchard. */
static struct rendered rendered;
static struct stanza *written;

static const struct rendered *presence(const char *xml)
{
    written = inside_stanza(xml);
    rendered_init(&rendered, &rig_memory);
    rendered_write(&rendered, written->root);
    return &rendered;
}

static void end_presence(void)
{
    rendered_free(&rendered);
    stanza_free(written);
}

#define AWAY "<presence from='romeo@localhost/orchard'><show>away</show></presence>"

static void forget_all(struct host_link *const *links, size_t count)
{
    for (size_t i = 0; i < count; i++)
        rig_take(links[i]);
    host_forget_routed(&rig);
}

/* Which of the links, in their order, were sent presence with that address, once: a digit for each. */
static const char *who_heard(struct host_link *const *links, size_t count, const char *to)
{
    static char heard[16];
    char address[80];
    snprintf(address, sizeof address, " to='%s'", to);
    for (size_t i = 0; i < count; i++) {
        const char *text = rig_take(links[i]);
        heard[i] = (char)('0' + rig_count(text, "<show>away</show>"));
        assert_int_equal(rig_count(text, address), rig_count(text, "<presence "));
    }
    heard[count] = '\0';
    return heard;
}

/* ---- To an address ---- */

/* 8.5.2.1.2: a bare JID is all available resources; 8.5.3.1: a full one is that resource. */
static void an_address_is_one_session_or_all_available_ones(void **state)
{
    (void)state;
    static const struct {
        const char *to, *heard;
    } rows[] = {
        { "juliet@localhost/balcony", "100" }, { "juliet@localhost/garden", "010" },
        { "juliet@localhost/phone", "001" }, /* it is not available, but directed presence reaches it */
        { "juliet@localhost", "110" },         { "juliet@localhost/gone", "000" },
        { "juliet@example.com", "000" },
    };
    struct host_link *romeo = rig_online("romeo", "orchard");
    struct host_link *links[] = { rig_online("juliet", "balcony"), rig_online("juliet", "garden"),
                                  rig_login("juliet", "phone") };
    forget_all(links, 3);
    const struct rendered *away = presence(AWAY);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        broadcast_to_address(rig.core, broadcast_origin(inside_session(romeo)), away, rows[i].to);
        assert_string_equal(who_heard(links, 3, rows[i].to), rows[i].heard);
    }
    assert_int_equal(rig.routed_count, 0);
    end_presence();
}

static void the_origin_is_the_session(void **state)
{
    (void)state;
    struct session *romeo = inside_session(rig_login("romeo", "orchard"));
    struct origin origin = broadcast_origin(romeo);
    assert_ptr_equal(origin.user, romeo->user);
    assert_string_equal(origin.jid, "romeo@localhost/orchard");
    assert_string_equal(origin.host, "localhost");
}

/* XEP-0191, 3.3: a blocked contact is sent no presence; one that has blocked does not receive any. */
static void blocking_excludes_on_both_sides(void **state)
{
    (void)state;
    block("romeo@localhost", "juliet@localhost");
    block("romeo@localhost", "tybalt@capulet.lit");
    block("nurse@localhost", "romeo@localhost");
    struct host_link *romeo = rig_online("romeo", "orchard");
    struct host_link *links[] = { rig_online("juliet", "balcony"), rig_online("nurse", "chamber") };
    forget_all(links, 2);
    const struct rendered *away = presence(AWAY);
    const struct origin origin = broadcast_origin(inside_session(romeo));
    static const char *const addresses[] = { "juliet@localhost",   "juliet@localhost/balcony",
                                             "nurse@localhost",    "nurse@localhost/chamber",
                                             "tybalt@capulet.lit", "tybalt@capulet.lit/hall" };
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        broadcast_to_address(rig.core, origin, away, addresses[i]);
        broadcast_to_account(inside_session(romeo), away, "juliet@localhost");
    }
    assert_string_equal(who_heard(links, 2, "nobody@localhost"), "00");
    assert_int_equal(rig.routed_count, 0);
    broadcast_to_address(rig.core, origin, away, "other@capulet.lit/hall");
    assert_int_equal(rig.routed_count, 1);
    rig_assert_has(rig.routed[0].stanza, " to='other@capulet.lit/hall'");
    end_presence();
}

/* A stranger cannot end the session: half of the limit of unacknowledged stanzas is reserved for others
 * (broadcast.c). */
static void a_session_that_is_far_behind_gets_no_presence_of_strangers(void **state)
{
    (void)state;
    rig_keep_item("juliet@localhost", "romeo@localhost", "to");
    rig_keep_item("romeo@localhost", "juliet@localhost", "from");
    rig_keep_item("juliet@localhost", "paris@localhost", "from");
    struct host_link *romeo = rig_online("romeo", "orchard"), *tybalt = rig_online("tybalt", "hall");
    struct host_link *paris = rig_online("paris", "tomb");
    struct host_link *juliet = rig_online("juliet", "balcony"), *phone = rig_online("juliet", "phone");
    rig_say(juliet, "<enable xmlns='urn:xmpp:sm:3'/>");
    for (int i = 0; i < 5; i++) /* of eight */
        rig_say(phone, "<message to='juliet@localhost/balcony'/>");
    struct host_link *const links[] = { juliet };
    const struct host_link *const from[] = { tybalt, paris, romeo, phone };
    static const char *const heard[] = { "0", "0", "1", "1" };
    const struct rendered *away = presence(AWAY);
    forget_all(links, 1);
    for (size_t i = 0; i < 4; i++) {
        const struct origin origin = broadcast_origin(inside_session(from[i]));
        broadcast_where_welcome(rig.core, origin, away, "juliet@localhost/balcony");
        assert_string_equal(who_heard(links, 1, "juliet@localhost/balcony"), heard[i]);
    }
    end_presence();
}

/* RFC 6121, 4.5.2 and 4.6.3: who was heard before is heard to leave, by its own word or by the server's; one at another
 * server may have been. */
static void a_session_that_is_far_behind_hears_who_leaves(void **state)
{
    (void)state;
    struct host_link *tybalt = rig_online("tybalt", "hall"), *paris = rig_online("paris", "tomb");
    struct host_link *juliet = rig_online("juliet", "balcony"), *phone = rig_online("juliet", "phone");
    rig_say(tybalt, "<presence to='juliet@localhost/balcony'/>");
    rig_say(paris, "<presence to='juliet@localhost/balcony'/>");
    rig_say(juliet, "<enable xmlns='urn:xmpp:sm:3'/>");
    for (int i = 0; i < 5; i++) /* of eight */
        rig_say(phone, "<message to='juliet@localhost/balcony'/>");
    rig_take(juliet);
    rig_say(tybalt, "<presence to='juliet@localhost/balcony'/>"); /* an update may be dropped */
    rig_arrive("capulet.lit", "<presence from='other@capulet.lit/hall' to='juliet@localhost'/>");
    assert_string_equal(rig_take(juliet), "");
    rig_say(tybalt, "<presence type='unavailable' to='juliet@localhost/balcony'/>");
    rig_assert_has(rig_take(juliet), "type='unavailable'");
    rig_say(paris, "<presence type='unavailable'/>");
    rig_assert_has(rig_take(juliet), "from='paris@localhost/tomb'");
    rig_arrive("capulet.lit",
               "<presence type='unavailable' from='other@capulet.lit/hall' to='juliet@localhost'/>");
    rig_assert_has(rig_take(juliet), "from='other@capulet.lit/hall'");
}

/* ---- To the own resources, and to subscribers ---- */

static void the_own_available_resources_receive_it_with_their_full_jids(void **state)
{
    (void)state;
    struct host_link *links[] = { rig_online("romeo", "orchard"), rig_online("romeo", "garden"),
                                  rig_login("romeo", "phone") };
    struct host_link *dying = rig_online("romeo", "mantua");
    forget_all(links, 3);
    rig_take(dying);
    session_disconnect(inside_session(dying));
    broadcast_to_own(inside_session(links[0])->user, presence(AWAY));
    rig_assert_has(rig_take(links[0]), " to='romeo@localhost/orchard'");
    rig_assert_has(rig_take(links[1]), " to='romeo@localhost/garden'");
    assert_string_equal(rig_take(links[2]), "");
    assert_string_equal(rig_take(dying), "");
    end_presence();
}

static void subscribers_receive_it_and_no_other_contact(void **state)
{
    (void)state;
    rig_keep_item("romeo@localhost", "juliet@localhost", "from");
    rig_keep_item("romeo@localhost", "nurse@localhost", "both");
    rig_keep_item("romeo@localhost", "tybalt@localhost", "to");
    rig_keep_item("romeo@localhost", "laurence@mantua.lit", "from");
    rig_keep_item("romeo@localhost", "paris@localhost", "none");
    struct host_link *romeo = rig_online("romeo", "orchard");
    struct host_link *links[] = { rig_online("juliet", "balcony"), rig_online("nurse", "chamber"),
                                  rig_online("tybalt", "hall"), rig_online("paris", "tomb"),
                                  rig_login("nurse", "kitchen") };
    forget_all(links, 5);
    broadcast_to_subscribers(inside_session(romeo), presence(AWAY));
    rig_assert_has(rig_take(links[0]), " to='juliet@localhost'");
    rig_assert_has(rig_take(links[1]), " to='nurse@localhost'");
    for (size_t i = 2; i < 5; i++)
        assert_string_equal(rig_take(links[i]), "");
    assert_int_equal(rig.routed_count, 1);
    rig_assert_has(rig.routed[0].stanza, " to='laurence@mantua.lit'");
    end_presence();
}

/* ---- Recipients ---- */

static void a_broadcast_reaches_available_subscribers(void **state)
{
    (void)state;
    static const struct {
        const char *jid;
        bool hears;
    } rows[] = {
        { "juliet@localhost", true },          { "juliet@localhost/balcony", true },
        { "juliet@localhost/phone", false }, /* it is not available */
        { "juliet@localhost/gone", true },   /* no session would receive it twice */
        { "romeo@localhost", true },         /* the account itself */
        { "romeo@localhost/orchard", true },   { "tybalt@localhost", false },
        { "tybalt@localhost/hall", false },    { "laurence@mantua.lit", true },
        { "laurence@mantua.lit/cell", false }, /* it may be unavailable */
        { "other@mantua.lit", false },
    };
    rig_keep_item("romeo@localhost", "juliet@localhost", "from");
    rig_keep_item("romeo@localhost", "tybalt@localhost", "to");
    rig_keep_item("romeo@localhost", "laurence@mantua.lit", "from");
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig_online("juliet", "balcony");
    rig_login("juliet", "phone");
    rig_online("tybalt", "hall");
    for (int available = 1; available >= 0; available--) {
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            struct jid to;
            assert_true(jid_parse_string(&to, rows[i].jid));
            assert_int_equal(broadcast_hears(inside_session(romeo), &to), available && rows[i].hears);
        }
        rig_say(romeo, "<presence type='unavailable'/>");
    }
}

/* ---- Whole stanzas, to other servers ---- */

static void a_broadcast_is_routed_once_to_each_subscriber_and_a_probe_to_each_contact(void **state)
{
    (void)state;
    rig_keep_item("romeo@localhost", "juliet@capulet.lit", "both");
    rig_keep_item("romeo@localhost", "laurence@mantua.lit", "from");
    rig_keep_item("romeo@localhost", "tybalt@capulet.lit", "none");
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig_say(romeo, "<presence><show>away</show></presence>");
    assert_int_equal(rig.routed_count, 3);
    assert_string_equal(rig.routed[0].stanza, "<presence xmlns='jabber:client' to='juliet@capulet.lit' "
                                              "from='romeo@localhost/orchard'><show>away</show></presence>");
    assert_string_equal(rig.routed[1].to, "mantua.lit");
    rig_assert_has(rig.routed[1].stanza, " to='laurence@mantua.lit'");
    rig_assert_has(rig.routed[2].stanza, " type='probe' from='romeo@localhost' to='juliet@capulet.lit'");
    host_forget_routed(&rig);
    rig_hangup(romeo);
    assert_int_equal(rig.routed_count, 2);
    rig_assert_has(rig.routed[0].stanza, " type='unavailable'");
    rig_assert_has(rig.routed[0].stanza, " from='romeo@localhost/orchard'");
}

/* RFC 6121, 4.4.2, 4.5.2, 4.6.3: an error that came from there ends nothing. */
static void presence_that_was_refused_elsewhere_is_repeated_and_withdrawn(void **state)
{
    (void)state;
    rig_keep_item("romeo@localhost", "gateway.lit", "from");
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig_say(romeo, "<presence/><presence to='juliet@capulet.lit/balcony'/>");
    assert_int_equal(rig.routed_count, 2);
    rig_arrive("gateway.lit", "<presence from='gateway.lit' to='romeo@localhost/orchard' type='error'/>");
    rig_arrive("capulet.lit",
               "<presence from='juliet@capulet.lit/balcony' to='romeo@localhost/orchard' type='error'/>");
    host_forget_routed(&rig);
    rig_say(romeo, "<presence><show>away</show></presence>");
    assert_int_equal(rig.routed_count, 1);
    rig_assert_has(rig.routed[0].stanza, " to='gateway.lit'");
    rig_say(romeo, "<presence type='unavailable'/>");
    assert_int_equal(rig.routed_count, 3);
    rig_assert_has(rig.routed[1].stanza, " to='gateway.lit'");
    rig_assert_has(rig.routed[2].stanza, " to='juliet@capulet.lit/balcony'");
}

/* RFC 7622, 3.2: no domain is longer than 1023 octets, whatever is stored. */
static void a_contact_with_too_long_a_domain_is_sent_nothing(void **state)
{
    (void)state;
    rig_keep("romeo@localhost", "far",
             rig_filled("<item xmlns='jabber:iq:roster' subscription='both' jid='juliet@", 'a', 1100, "'/>"));
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig_say(romeo, "<presence/>");
    rig_hangup(romeo);
    assert_int_equal(rig.routed_count, 0);
}

#define TEST(test) RIG_TEST_FROM(test, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_origin_is_the_session),
        TEST(an_address_is_one_session_or_all_available_ones),
        TEST(blocking_excludes_on_both_sides),
        TEST(a_session_that_is_far_behind_gets_no_presence_of_strangers),
        TEST(a_session_that_is_far_behind_hears_who_leaves),
        TEST(the_own_available_resources_receive_it_with_their_full_jids),
        TEST(subscribers_receive_it_and_no_other_contact),
        TEST(a_broadcast_reaches_available_subscribers),
        TEST(a_broadcast_is_routed_once_to_each_subscriber_and_a_probe_to_each_contact),
        TEST(presence_that_was_refused_elsewhere_is_repeated_and_withdrawn),
        TEST(a_contact_with_too_long_a_domain_is_sent_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

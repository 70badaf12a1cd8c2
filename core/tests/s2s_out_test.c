/* Stanzas to other servers, and back from the way to them (RFC 6120, 10.4). */
#include "delivery/s2s_out.h"

#include "inside.h"
#include "rig.h"

static int set_up(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.tell_strangers = true;
    rig_begin_routed_with(&settings);
    return 0;
}

static void comes_back(const struct host_routed *kept, enum core_route_failure why)
{
    core_unroutable(rig.core, kept->stanza, strlen(kept->stanza), why);
}

/* ---- Out ---- */

/* RFC 7622, 3.1: the domainpart is what remains without resourcepart and localpart, in that order. */
static void a_jid_is_remote_by_its_domain_alone(void **state)
{
    (void)state;
    static const struct {
        const char *jid;
        bool remote;
    } rows[] = {
        { "localhost", false },
        { "romeo@localhost", false },
        { "romeo@localhost/orchard", false },
        { "localhost/a@capulet.lit", false },
        { "romeo@example.com/capulet.lit/x", false },
        { "capulet.lit", true },
        { "capulet.lit/localhost", true },
        { "capulet.lit/a@localhost", true },
        { "localhost@capulet.lit", true },
        { "romeo@sub.localhost", true },
        { "romeo@localhos", true },
        { "romeo@localhosts/x", true },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(s2s_has(rig.core, rows[i].jid), rows[i].remote);
}

static void a_stanza_is_routed_by_its_domain_with_its_namespace_declared(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig_say(romeo, "<message to='Juliet@CAPULET.lit/b' id='m&apos;1'><body>a &lt; b</body></message>");
    const char *stanza = rig_take_routed("localhost", "capulet.lit");
    rig_assert_has(stanza, "<message xmlns='jabber:client'");
    rig_assert_has(stanza, " from='romeo@localhost/orchard'");
    rig_assert_has(stanza, " to='juliet@capulet.lit/b'");
    rig_assert_has(stanza, "<body>a &lt; b</body>");
    assert_string_equal(rig_take(romeo), "");
}

static void our_own_hosts_are_not_routed_to(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig_say(romeo, "<message to='juliet@example.com'/>");
    assert_int_equal(rig.routed_count, 0);
    rig_assert_stanza_error(romeo, "cancel", "service-unavailable");
}

/* Written once for many, as for sessions (send.h), but with the namespace. */
static void rendered_presence_is_routed_with_address_and_namespace(void **state)
{
    (void)state;
    struct stanza *stanza =
        inside_stanza("<presence from='romeo@example.com/o'><show>away</show></presence>");
    struct rendered rendered;
    rendered_init(&rendered, &rig_memory);
    rendered_write(&rendered, stanza->root);
    s2s_send_rendered(rig.core, &rendered, "example.com", "juliet@capulet.lit/a'b");
    assert_int_equal(rig.routed_count, 1);
    assert_string_equal(rig.routed[0].from, "example.com");
    assert_string_equal(rig.routed[0].to, "capulet.lit");
    assert_string_equal(rig.routed[0].stanza,
                        "<presence xmlns='jabber:client' to='juliet@capulet.lit/a&apos;b' "
                        "from='romeo@example.com/o'><show>away</show></presence>");
    rendered_free(&rendered);
    stanza_free(stanza);
}

/* ---- Back ---- */

static void a_failed_route_has_the_error_that_its_reason_names(void **state)
{
    static const struct {
        enum core_route_failure why;
        const char *type, *condition;
    } rows[] = {
        { CORE_NO_SERVER, "cancel", "remote-server-not-found" },  /* RFC 6120, 8.3.3.16 */
        { CORE_SERVER_TIMEOUT, "wait", "remote-server-timeout" }, /* RFC 6120, 8.3.3.17 */
    };
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rig_say(romeo, "<message to='juliet@capulet.lit' id='m1'/>");
        comes_back(&rig.routed[0], rows[i].why);
        (void)rig_take_routed("localhost", "capulet.lit");
        rig_assert_stanza_error(romeo, rows[i].type, rows[i].condition);
    }
}

static void a_returned_stanza_that_must_not_be_answered_is_not(void **state)
{
    static const char *const stanzas[] = {
        "<message to='juliet@capulet.lit' type='error'/>",
        "<iq to='juliet@capulet.lit/b' type='result' id='1'/>",
        "<iq to='juliet@capulet.lit/b' type='error' id='1'/>",
        "<presence to='juliet@capulet.lit' type='probe'/>",
    };
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    for (size_t i = 0; i < sizeof stanzas / sizeof stanzas[0]; i++) {
        rig_say(romeo, stanzas[i]);
        comes_back(&rig.routed[0], CORE_NO_SERVER);
        (void)rig_take_routed("localhost", "capulet.lit");
        assert_string_equal(rig_take(romeo), "");
    }
}

/* RFC 6120, 10.4.3: the sender must be told.  No client waits for a stanza of the server on behalf of an
 * account. */
static void unavailable_presence_of_a_resource_comes_back_to_it(void **state)
{
    static const char of_the_account[] =
        "<presence from='romeo@localhost' to='juliet@capulet.lit' type='unavailable'/>";
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig_say(romeo, "<presence to='juliet@capulet.lit' type='unavailable'/>");
    comes_back(&rig.routed[0], CORE_SERVER_TIMEOUT);
    (void)rig_take_routed("localhost", "capulet.lit");
    rig_assert_stanza_error(romeo, "wait", "remote-server-timeout");
    core_unroutable(rig.core, of_the_account, strlen(of_the_account), CORE_NO_SERVER);
    assert_string_equal(rig_take(romeo), "");
}

static void a_request_of_the_account_comes_back_to_its_available_resources(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    struct host_link *phone = rig_login("romeo", "phone");
    rig_say(romeo, "<presence to='juliet@capulet.lit' type='subscribe'/>");
    rig_take(romeo);
    comes_back(&rig.routed[0], CORE_NO_SERVER);
    rig_assert_stanza_error(romeo, "cancel", "remote-server-not-found");
    assert_string_equal(rig_take(phone), "");
}

/* RFC 6120, 10.4.3: remote-server-not-found; presence to many is dropped (s2s_out.h). */
static void without_a_port_the_sender_gets_an_error_at_once(void **state)
{
    (void)state;
    rig_end();
    rig_begin();
    struct host_link *romeo = rig_login("romeo", "orchard");
    struct stanza *stanza = inside_stanza("<message from='romeo@localhost/orchard' to='j@capulet.lit'/>");
    struct rendered rendered;
    s2s_send(rig.core, stanza);
    rig_assert_stanza_error(romeo, "cancel", "remote-server-not-found");
    rendered_init(&rendered, &rig_memory);
    rendered_write(&rendered, stanza->root);
    s2s_send_rendered(rig.core, &rendered, "localhost", "j@capulet.lit");
    assert_string_equal(rig_take(romeo), "");
    rendered_free(&rendered);
    stanza_free(stanza);
}

/* ---- Without memory ---- */

static void what_cannot_be_written_is_answered_with_an_error(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    struct stanza *stanza = inside_stanza(
        rig_filled("<message from='romeo@localhost/orchard' to='j@capulet.lit'>", 'x', 100000, "</message>"));
    rig.memory.fail_at = rig.memory.allocations + 1; /* of the buffer, which must grow */
    s2s_send(rig.core, stanza);
    assert_int_equal(rig.routed_count, 0);
    rig_assert_stanza_error(romeo, "wait", "resource-constraint");
    stanza_free(stanza);
    stanza = inside_stanza("<message from='romeo@localhost/orchard' to='j@capulet.lit'/>");
    s2s_send(rig.core, stanza); /* the buffer is empty again */
    assert_int_equal(rig.routed_count, 1);
    stanza_free(stanza);
}

static void rendered_presence_that_failed_is_dropped(void **state)
{
    (void)state;
    struct stanza *stanza = inside_stanza("<presence from='romeo@localhost/orchard'/>");
    struct rendered rendered;
    rendered_init(&rendered, &rig_memory);
    rig.memory.fail_at = rig.memory.allocations + 1;
    rendered_write(&rendered, stanza->root);
    s2s_send_rendered(rig.core, &rendered, "localhost", "j@capulet.lit");
    assert_int_equal(rig.routed_count, 0);
    rendered_free(&rendered);
    stanza_free(stanza);
}

/* Without memory for the error its session ends, because an iq must be answered (RFC 6120, 8.2.3). */
static void a_sender_that_cannot_be_answered_is_disconnected(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard"), *juliet = rig_login("juliet", "balcony");
    struct stanza *stanza =
        inside_stanza("<iq from='romeo@localhost/orchard' to='j@capulet.lit' type='get'/>");
    rig.memory.fail_at = rig.memory.allocations + 1;
    s2s_give_back(rig.core, stanza, CORE_NO_SERVER);
    stanza_free(stanza);
    inside_settle();
    assert_true(romeo->closed);
    assert_false(juliet->closed);
}

#define TEST(test) RIG_TEST_FROM(test, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_jid_is_remote_by_its_domain_alone),
        TEST(a_stanza_is_routed_by_its_domain_with_its_namespace_declared),
        TEST(our_own_hosts_are_not_routed_to),
        TEST(rendered_presence_is_routed_with_address_and_namespace),
        TEST(a_failed_route_has_the_error_that_its_reason_names),
        TEST(a_returned_stanza_that_must_not_be_answered_is_not),
        TEST(unavailable_presence_of_a_resource_comes_back_to_it),
        TEST(a_request_of_the_account_comes_back_to_its_available_resources),
        TEST(without_a_port_the_sender_gets_an_error_at_once),
        TEST(what_cannot_be_written_is_answered_with_an_error),
        TEST(rendered_presence_that_failed_is_dropped),
        TEST(a_sender_that_cannot_be_answered_is_disconnected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

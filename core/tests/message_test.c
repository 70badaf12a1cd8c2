/* Routing of messages (RFC 6121, 8.5), as a table: the type, the recipient's situation, the result. */
#include "rig.h"

enum situation {
    NO_ACCOUNT,       /* 8.5.1 */
    OFFLINE,          /* 8.5.2.2.1, as for the next two: stored (XEP-0160); no resource at all */
    UNAVAILABLE,      /* 8.5.2.2.1: connected, not available */
    NEGATIVE,         /* 8.5.2.2.1: available, with a negative priority */
    ONLINE,           /* 8.5.2.1.1 */
    FULL,             /* 8.5.3.1: to the full JID of that resource */
    FULL_UNAVAILABLE, /* 8.5.3.1: the same, connected only */
    ABSENT,           /* 8.5.3.2.1: to an absent resource, another one being online */
    ABSENT_OFFLINE,   /* 8.5.3.2.1: the same with no other */
    SITUATIONS
};

static const char *const recipients[SITUATIONS] = {
    "nobody@localhost",         "juliet@localhost",         "juliet@localhost",
    "juliet@localhost",         "juliet@localhost",         "juliet@localhost/balcony",
    "juliet@localhost/balcony", "juliet@localhost/chamber", "juliet@localhost/chamber",
};

static const struct {
    const char *type;                    /* NULL: absent */
    const char outcomes[SITUATIONS + 1]; /* d: delivered, r: service-unavailable, s: stored, i: ignored */
} table[] = {
    { NULL, "rsssdddrr" },        { "normal", "rsssdddrr" },   { "chat", "rsssdddds" },
    { "groupchat", "rrrrrddrr" }, { "headline", "iiiidddii" }, { "error", "iiiiiddii" },
    { "undefined", "rsssdddrr" }, /* 5.2.2: as normal */
};

static struct host_link *juliet_in(enum situation situation)
{
    switch (situation) {
    case UNAVAILABLE:
    case FULL_UNAVAILABLE:
        return rig_login("juliet", "balcony");
    case NEGATIVE: {
        struct host_link *juliet = rig_login("juliet", "balcony");
        rig_say(juliet, "<presence><priority>-1</priority></presence>");
        rig_take(juliet);
        return juliet;
    }
    case ONLINE:
    case FULL:
    case ABSENT:
        return rig_online("juliet", "balcony");
    default:
        return NULL;
    }
}

static char outcome(struct host_link *romeo, struct host_link *juliet)
{
    const char *answer = rig_take(romeo), *got = juliet != NULL ? rig_take(juliet) : "";
    size_t delivered = rig_count(got, "<message "), refused = rig_count(answer, "<service-unavailable ");
    assert_true(delivered + refused <= 1);
    assert_int_equal(rig_count(answer, "<message "), refused);
    if (delivered > 0)
        return 'd';
    if (rig_kept_count(CORE_STORE_OFFLINE, "juliet@localhost") > 0)
        return 's';
    return refused > 0 ? (char)'r' : (char)'i';
}

static void each_type_is_treated_by_the_recipients_situation(void **state)
{
    (void)state;
    for (size_t row = 0; row < sizeof table / sizeof *table; row++)
        for (int situation = 0; situation < SITUATIONS; situation++) {
            rig_begin();
            char xml[256], type[32] = "";
            struct host_link *romeo = rig_login("romeo", "orchard");
            struct host_link *juliet = juliet_in((enum situation)situation);
            if (table[row].type != NULL)
                snprintf(type, sizeof type, " type='%s'", table[row].type);
            snprintf(xml, sizeof xml, "<message to='%s'%s id='m'><body>hist</body></message>",
                     recipients[situation], type);
            rig_say(romeo, xml);
            char was = outcome(romeo, juliet);
            if (was != table[row].outcomes[situation])
                fail_msg("type %s, situation %d: %c", table[row].type != NULL ? table[row].type : "none",
                         situation, was);
            rig_end();
        }
}

static struct host_link *resource(const char *name, const char *priority)
{
    char xml[128];
    struct host_link *link = rig_login("juliet", name);
    snprintf(xml, sizeof xml, "<presence><priority>%s</priority></presence>", priority);
    rig_say(link, xml);
    rig_take(link);
    return link;
}

static void say_to_resources(const char *type, const char *expected)
{
    struct host_link *links[] = { resource("a", "5"), resource("b", "-1"), resource("c", "0"),
                                  resource("d", "5"), rig_login("juliet", "e") };
    struct host_link *romeo = rig_login("romeo", "orchard");
    char xml[128];
    for (size_t i = 0; i < 5; i++)
        rig_take(links[i]);
    snprintf(xml, sizeof xml, "<message to='juliet@localhost' type='%s'/>", type);
    rig_say(romeo, xml);
    for (size_t i = 0; i < 5; i++) {
        const char *text = rig_take(links[i]);
        assert_int_equal(rig_count(text, "<message "), expected[i] == 'y');
        /* 8.5.2.1.1: "the server MUST NOT rewrite the 'to' attribute" */
        assert_int_equal(rig_count(text, " to='juliet@localhost'"), expected[i] == 'y');
        assert_int_equal(rig_count(text, " from='romeo@localhost/orchard'"), expected[i] == 'y');
    }
    assert_string_equal(rig_take(romeo), "");
}

static void a_message_goes_to_the_best_resources(void **state)
{
    (void)state;
    say_to_resources("chat", "ynnyn");
}

static void a_headline_goes_to_all_that_are_not_negative(void **state)
{
    (void)state;
    say_to_resources("headline", "ynyyn");
}

/* RFC 6120, 8.1.1.1: the server must not modify the 'to' address.  8.5.3.2.1: of the messages to an absent
 * resource, only chat is delivered to the account. */
static void a_chat_message_to_an_absent_resource_keeps_its_address(void **state)
{
    (void)state;
    struct host_link *juliet = rig_online("juliet", "balcony"), *romeo = rig_login("romeo", "orchard");
    rig_say(romeo, "<message to='juliet@localhost/tomb' type='chat'><body>hist</body></message>");
    rig_assert_has(rig_take(juliet), " to='juliet@localhost/tomb'");
    assert_string_equal(rig_take(romeo), "");
}

static int deliver_to_all(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.delivery = CORE_DELIVER_ALL;
    rig_begin_with(&settings);
    return 0;
}

static void a_server_may_deliver_to_all_that_are_not_negative(void **state)
{
    (void)state;
    say_to_resources("normal", "ynyyn");
}

/* RFC 6120, 10.3.1: without an address it is for the sender's own account. */
static void a_message_without_to_is_for_the_own_account(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig_say(romeo, "<message><body>note</body></message>");
    const char *text = rig_take(romeo);
    rig_assert_has(text, "<body>note</body>");
    rig_assert_has(text, " to='romeo@localhost'");
}

/* Namespaces in XML, 6.2: an attribute with a prefix is another than the one without. */
static void attributes_of_other_namespaces_are_no_addresses(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard"), *juliet = rig_online("juliet", "balcony");
    rig_say(romeo,
            "<message xmlns:n='http://www.w3.org/XML/1998/namespaces' n:to='nurse@localhost' "
            "n:from='tybalt@localhost' n:type='error' to='juliet@localhost'><body>hist</body></message>");
    const char *text = rig_take(juliet);
    rig_assert_has(text, " from='romeo@localhost/orchard'");
    rig_assert_has(text, " to='juliet@localhost'");
    rig_assert_has(text, ":from='tybalt@localhost'");
    assert_string_equal(rig_take(romeo), "");
}

static void a_message_to_a_host(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig_say(romeo, "<message to='example.com'><body/></message>");
    rig_assert_stanza_error(romeo, "cancel", "service-unavailable");
    rig_say(romeo, "<message to='juliet@example.net'><body/></message>"); /* RFC 6120, 10.4 */
    rig_assert_stanza_error(romeo, "cancel", "remote-server-not-found");
    rig_say(romeo, "<message to='juliet@@'><body/></message>");
    rig_assert_stanza_error(romeo, "modify", "jid-malformed");
    rig_say(romeo, "<message type='error' to='juliet@@'><body/></message>"); /* RFC 6120, 8.3.1 */
    assert_string_equal(rig_take(romeo), "");
}

/* RFC 6120, 8.1.1.1, 8.1.2.1 and 8.1.5: attributes that the server sets, and those that it leaves
 * unchanged. */
static void a_message_arrives_as_it_was_sent_but_for_its_addresses(void **state)
{
    (void)state;
    struct host_link *juliet = rig_online("juliet", "balcony"), *romeo = rig_login("romeo", "orchard");
    rig_say(romeo, "<message to='JULIET@Localhost/balcony' id='&lt;' xml:lang='it'><xml:a/><body>&amp;</body>"
                   "<x xmlns='urn:x' y='&#10;'><z xmlns=''/></x></message>");
    const char *text = rig_take(juliet);
    rig_assert_has(text, " to='juliet@localhost/balcony'");
    rig_assert_has(text, " from='romeo@localhost/orchard'");
    rig_assert_has(text, " id='&lt;'");
    rig_assert_has(text, " xml:lang='it'");
    rig_assert_has(text, "<xml:a/><body>&amp;</body><x xmlns='urn:x' y='&#10;'><z xmlns=''/></x></message>");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_type_is_treated_by_the_recipients_situation),
        RIG_TEST(a_message_goes_to_the_best_resources),
        RIG_TEST(a_chat_message_to_an_absent_resource_keeps_its_address),
        RIG_TEST(a_headline_goes_to_all_that_are_not_negative),
        RIG_TEST_FROM(a_server_may_deliver_to_all_that_are_not_negative, deliver_to_all),
        RIG_TEST(a_message_without_to_is_for_the_own_account),
        RIG_TEST(a_message_to_a_host),
        RIG_TEST(a_message_arrives_as_it_was_sent_but_for_its_addresses),
        RIG_TEST(attributes_of_other_namespaces_are_no_addresses),
    };
    rig_use(&(struct rig_options){ .features = CORE_OFFLINE });
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Streams: their headers, features, errors and ends (RFC 6120, 4). */
#include "rig.h"

#define STREAMS "http://etherx.jabber.org/streams"
#define OPEN(attributes)                                                                                     \
    "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' " attributes ">"

/* 4.7: from, to, id, version and xml:lang; 4.3.2: features follow. */
static void a_header_is_answered_with_a_header_and_features(void **state)
{
    (void)state;
    struct host_link *link = rig_accept();
    assert_true(session_look(rig_session(link)).notopen);
    rig_say(link, OPEN("to='LocalHost' from='romeo@localhost' version='1.0'"));
    const char *text = rig_take(link);
    assert_int_equal(strncmp(text, "<?xml version='1.0'?><stream:stream ", 36), 0);
    rig_assert_has(text, " from='localhost'");
    rig_assert_has(text, " to='romeo@localhost'");
    rig_assert_has(text, " version='1.0'");
    rig_assert_has(text, " xml:lang='");
    rig_assert_has(text, " xmlns='jabber:client'");
    rig_assert_has(text, " xmlns:stream='http://etherx.jabber.org/streams'");
    const char *first = strstr(text, "SCRAM-SHA-256</"), *second = strstr(text, "SCRAM-SHA-1</"),
               *third = strstr(text, "PLAIN</");
    assert_true(first != NULL && first < second && second < third); /* 6.3.3: in order of preference */
    struct session_view view = session_look(rig_session(link));
    assert_false(view.notopen);
    assert_string_equal(view.host, "localhost");
    assert_int_equal(inspect_counts(rig.core).host_sessions, 1);
}

static void a_header_that_is_not_served_is_refused_after_ours(void **state)
{
    (void)state;
    static const struct {
        const char *xml;
        const char *error;
    } cases[] = {
        { OPEN("to='example.net' version='1.0'"), "host-unknown" }, /* 4.9.3.6 */
        { OPEN("to='@' version='1.0'"), "host-unknown" },
        { OPEN("version='1.0'"), "improper-addressing" },                /* 4.9.3.7 */
        { OPEN("to='localhost'"), "unsupported-version" },               /* 4.9.3.25 */
        { OPEN("to='localhost' version='0.9'"), "unsupported-version" }, /* 4.7.5 */
        { OPEN("to='localhost' version='x'"), "unsupported-version" },
        { OPEN("to='localhost' version='10'"), "unsupported-version" },
        { "<stream to='localhost' version='1.0' xmlns='jabber:client'>", "invalid-namespace" }, /* 4.9.3.10 */
        { "<a:stream to='localhost' version='1.0' xmlns='jabber:client' xmlns:a='urn:a'>",
          "invalid-namespace" },
        { "<a:stream to='localhost' version='1.0' xmlns='jabber:server' xmlns:a='" STREAMS "'>",
          "invalid-namespace" },
        { "<a:other to='localhost' version='1.0' xmlns='jabber:client' xmlns:a='" STREAMS "'>",
          "bad-format" },
        { "<!-- -->", "restricted-xml" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct host_link *link = rig_accept();
        rig_say(link, cases[i].xml);
        assert_non_null(link->sent);
        assert_int_equal(rig_count(link->sent, "<stream:stream "), 1); /* 4.9.1.2: ours comes first */
        rig_assert_lacks(link->sent, "<stream:features>");
        rig_assert_stream_error(link, cases[i].error);
    }
    assert_int_equal(inspect_counts(rig.core).sessions, 0);
    assert_int_equal(inspect_counts(rig.core).host_sessions, 0);
}

/* 4.7.5: whatever is above is served as 1.0; 4.8.5: the prefix is free. */
static void later_versions_and_other_prefixes_are_served(void **state)
{
    (void)state;
    static const char *const headers[] = {
        OPEN("to='localhost' version='1.1'"),
        OPEN("to='localhost' version='2.0'"),
        OPEN("to='localhost' version='10.0'"),
        ("<a:stream to='localhost' version='1.0' xmlns='jabber:client' xmlns:a='" STREAMS "'>"),
    };
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        struct host_link *link = rig_accept();
        rig_say(link, headers[i]);
        rig_assert_has(rig_take(link), "<stream:features>");
    }
}

/* 4.9.3.12 and 4.9.3.24. */
static void a_stanza_before_login_ends_the_stream(void **state)
{
    (void)state;
    static const char *const xml[] = { "<message/>", "<presence/>", "<iq type='get' id='1'/>" };
    for (size_t i = 0; i < 3; i++) {
        struct host_link *link = rig_accept();
        rig_say(link, RIG_HEADER);
        rig_say(link, xml[i]);
        rig_assert_stream_error(link, "not-authorized");
    }
    static const struct {
        const char *xml, *error;
    } unknown[] = { { "<odd/>", "unsupported-stanza-type" },
                    { "<message xmlns='jabber:server'/>", "invalid-namespace" }, /* 4.8.3 */
                    { "<message xmlns=''/>", "unsupported-stanza-type" },
                    { "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>", "unsupported-stanza-type" } };
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        struct host_link *link = rig_accept();
        rig_say(link, RIG_HEADER);
        rig_say(link, unknown[i].xml);
        rig_assert_stream_error(link, unknown[i].error);
    }
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig_say(romeo, "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'/>");
    rig_assert_stream_error(romeo, "unsupported-stanza-type");
}

/* 4.3.3: a new stream, with a header of its own, on the same host. */
static void a_restarted_stream_stays_on_its_host(void **state)
{
    (void)state;
    struct host_link *link = rig_accept();
    rig_say(link, RIG_HEADER);
    rig_auth(link, "romeo");
    assert_true(session_look(rig_session(link)).notopen);
    rig_take(link);
    rig_say(link, OPEN("to='localhost' version='1.0'"));
    const char *text = rig_take(link);
    rig_assert_has(text, "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>");
    assert_int_equal(inspect_counts(rig.core).host_sessions, 1);
    link = rig_accept();
    rig_say(link, RIG_HEADER);
    rig_auth(link, "romeo");
    rig_take(link);
    rig_say(link, OPEN("to='example.com' version='1.0'"));
    assert_int_equal(rig_count(link->sent + link->seen, "<stream:stream "), 1);
    rig_assert_stream_error(link, "not-authorized");
}

/* 4.4: the end is answered. */
static void a_closed_stream_is_closed(void **state)
{
    (void)state;
    struct host_link *link = rig_accept();
    rig_say(link, RIG_HEADER);
    rig_take(link);
    rig_say(link, "</stream:stream>");
    assert_string_equal(rig_take(link), "</stream:stream>");
    assert_true(link->closed);
    link = rig_accept();
    rig_say(link, "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "
                  "to='localhost' version='1.0'/>");
    assert_int_equal(rig_count(rig_take(link), "</stream:stream>"), 1);
    assert_true(link->closed);
}

/* RFC 6120, 8.1.5: a stanza without a language gets that of the stream. */
static void stanzas_have_the_language_of_their_stream(void **state)
{
    (void)state;
    struct host_link *juliet = rig_online("juliet", "balcony"), *romeo = rig_accept();
    rig_say(romeo, OPEN("to='localhost' version='1.0' xml:lang='de'"));
    rig_auth(romeo, "romeo");
    rig_say(romeo, OPEN("to='localhost' version='1.0' xml:lang='it'"));
    rig_bind(romeo, "orchard");
    rig_say(romeo, "<message to='juliet@localhost' id='1'/>");
    rig_assert_has(rig_take(juliet), " xml:lang='it'");
    rig_say(romeo, "<message to='juliet@localhost' id='2' xml:lang='en'/>");
    const char *text = rig_take(juliet);
    rig_assert_has(text, " xml:lang='en'");
    rig_assert_lacks(text, "'it'");
}

/* 8.1.2.1 and 4.9.3.9. */
static void a_client_may_only_name_itself(void **state)
{
    (void)state;
    static const char *const own[] = { "romeo@localhost", "romeo@localhost/orchard",
                                       "Romeo@LOCALHOST/orchard" };
    static const char *const others[] = { "juliet@localhost", "romeo@localhost/garden", "@", "" };
    struct host_link *juliet = rig_online("juliet", "balcony");
    char xml[128];
    for (size_t i = 0; i < 3; i++) {
        struct host_link *romeo = rig_login("romeo", "orchard");
        snprintf(xml, sizeof xml, "<message to='juliet@localhost' from='%s'/>", own[i]);
        rig_say(romeo, xml);
        rig_assert_has(rig_take(juliet), " from='romeo@localhost/orchard'");
    }
    for (size_t i = 0; i < 4; i++) {
        struct host_link *romeo = rig_login("romeo", "orchard");
        snprintf(xml, sizeof xml, "<message to='juliet@localhost' from='%s'/>", others[i]);
        rig_say(romeo, xml);
        rig_assert_stream_error(romeo, "invalid-from");
        assert_string_equal(rig_take(juliet), "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(a_header_is_answered_with_a_header_and_features),
        RIG_TEST(a_header_that_is_not_served_is_refused_after_ours),
        RIG_TEST(later_versions_and_other_prefixes_are_served),
        RIG_TEST(a_stanza_before_login_ends_the_stream),
        RIG_TEST(a_restarted_stream_stays_on_its_host),
        RIG_TEST(a_closed_stream_is_closed),
        RIG_TEST(stanzas_have_the_language_of_their_stream),
        RIG_TEST(a_client_may_only_name_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

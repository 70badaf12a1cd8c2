/* Stream errors: each ends its stream (RFC 6120, 4.9). */
#include "session/stream_error.h"

#include "inside.h"

/* 4.9.3, in its order. */
static const struct {
    enum stream_error error;
    const char *name;
} conditions[] = {
    { STREAM_BAD_FORMAT, "bad-format" },
    { STREAM_CONFLICT, "conflict" },
    { STREAM_CONNECTION_TIMEOUT, "connection-timeout" },
    { STREAM_HOST_UNKNOWN, "host-unknown" },
    { STREAM_IMPROPER_ADDRESSING, "improper-addressing" },
    { STREAM_INTERNAL_SERVER_ERROR, "internal-server-error" },
    { STREAM_INVALID_FROM, "invalid-from" },
    { STREAM_INVALID_NAMESPACE, "invalid-namespace" },
    { STREAM_INVALID_XML, "invalid-xml" },
    { STREAM_NOT_AUTHORIZED, "not-authorized" },
    { STREAM_NOT_WELL_FORMED, "not-well-formed" },
    { STREAM_POLICY_VIOLATION, "policy-violation" },
    { STREAM_RESET, "reset" },
    { STREAM_RESOURCE_CONSTRAINT, "resource-constraint" },
    { STREAM_RESTRICTED_XML, "restricted-xml" },
    { STREAM_SYSTEM_SHUTDOWN, "system-shutdown" },
    { STREAM_UNDEFINED_CONDITION, "undefined-condition" },
    { STREAM_UNSUPPORTED_ENCODING, "unsupported-encoding" },
    { STREAM_UNSUPPORTED_STANZA_TYPE, "unsupported-stanza-type" },
    { STREAM_UNSUPPORTED_VERSION, "unsupported-version" },
};

static struct host_link *opened(void)
{
    struct host_link *link = rig_accept();
    rig_say(link, RIG_HEADER);
    rig_take(link);
    return link;
}

/* 4.9.2: the condition, followed by the end of the stream. */
static void each_error_has_its_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof conditions / sizeof conditions[0]; i++) {
        char expected[192];
        struct host_link *link = opened();
        stream_error(inside_session(link), conditions[i].error, NULL);
        inside_settle();
        snprintf(expected, sizeof expected,
                 "<stream:error><%s xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                 "</stream:error></stream:stream>",
                 conditions[i].name);
        assert_string_equal(rig_take(link), expected);
        assert_true(link->closed);
    }
    assert_int_equal(inspect_counts(rig.core).sessions, 0);
}

/* 4.9.2: first the condition, then the text, then the application-specific condition. */
static void a_text_and_an_application_may_explain_it(void **state)
{
    (void)state;
    struct host_link *link = opened();
    stream_error_with(inside_session(link), STREAM_UNDEFINED_CONDITION, "<x xmlns='urn:x'/>", "1 < 2 & 3");
    inside_settle();
    assert_string_equal(rig_take(link),
                        "<stream:error><undefined-condition xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                        "<text xmlns='urn:ietf:params:xml:ns:xmpp-streams' xml:lang='en'>1 &lt; 2 &amp; 3"
                        "</text><x xmlns='urn:x'/></stream:error></stream:stream>");
    link = opened();
    stream_error_with(inside_session(link), STREAM_RESET, NULL, NULL);
    inside_settle();
    rig_assert_stream_error(link, "reset");
}

/* 4.9.1.2: the header comes first, and is the answer to the client's where there is one (4.7.2). */
static void the_header_precedes_an_error_unless_it_was_sent(void **state)
{
    (void)state;
    struct host_link *link = rig_accept();
    stream_error(inside_session(link), STREAM_SYSTEM_SHUTDOWN, NULL);
    inside_settle();
    assert_int_equal(strncmp(link->sent, "<?xml version='1.0'?><stream:stream from='localhost' id='", 57), 0);
    rig_assert_lacks(link->sent, " to='");
    rig_assert_stream_error(link, "system-shutdown");

    struct stanza *header = inside_stanza(
        "<stream xmlns='http://etherx.jabber.org/streams' from='romeo@localhost' version='1.0'/>");
    link = rig_accept();
    stream_refuse(inside_session(link), header->root, STREAM_HOST_UNKNOWN, NULL);
    stanza_free(header);
    inside_settle();
    rig_assert_has(link->sent, "<stream:stream from='localhost' to='romeo@localhost' id='");
    rig_assert_stream_error(link, "host-unknown");
}

/* 4.9.1.1: nothing follows an error, so there is no second one. */
static void a_session_that_is_ending_is_sent_no_error(void **state)
{
    (void)state;
    struct host_link *link = opened();
    struct session *session = inside_session(link);
    stream_error(session, STREAM_CONFLICT, NULL);
    stream_error(session, STREAM_RESET, NULL);
    stream_refuse(session, NULL, STREAM_RESET, NULL);
    stream_end_connection(session, STREAM_RESET, NULL);
    inside_settle();
    assert_int_equal(rig_count(link->sent, "<stream:error>"), 1);
    rig_assert_stream_error(link, "conflict");
}

/* XEP-0198, 5: its stream has ended already. */
static void a_session_without_a_connection_ends_as_well(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig_say(romeo, "<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
    rig_hangup(romeo);
    struct session *session = inside_bound("romeo@localhost/orchard");
    stream_end_connection(session, STREAM_RESET, NULL);
    assert_false(session->doomed);
    stream_error(session, STREAM_RESET, NULL);
    inside_settle();
    assert_int_equal(inspect_counts(rig.core).sessions, 0);
}

static void the_end_of_a_connection_is_not_that_of_its_session(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    stream_end_connection(inside_session(romeo), STREAM_CONNECTION_TIMEOUT, "gone");
    inside_settle();
    assert_string_equal(rig_take(romeo),
                        "<stream:error><connection-timeout xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                        "<text xmlns='urn:ietf:params:xml:ns:xmpp-streams' xml:lang='en'>gone</text>"
                        "</stream:error></stream:stream>");
    assert_false(romeo->closed); /* that is the caller's */
    assert_non_null(inspect_full_jid(rig.core, "romeo@localhost/orchard"));
}

/* It ends without a word, and takes nothing of another with it. */
static void without_memory_the_session_still_ends(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard"), *juliet = rig_login("juliet", "balcony");
    rig.memory.fail_at = rig.memory.allocations + 1;
    stream_error(inside_session(romeo), STREAM_RESET, "text");
    inside_settle();
    assert_true(romeo->closed);
    assert_string_equal(rig_take(romeo), "");
    assert_false(juliet->closed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(each_error_has_its_name),
        RIG_TEST(a_text_and_an_application_may_explain_it),
        RIG_TEST(the_header_precedes_an_error_unless_it_was_sent),
        RIG_TEST(a_session_that_is_ending_is_sent_no_error),
        RIG_TEST(a_session_without_a_connection_ends_as_well),
        RIG_TEST(the_end_of_a_connection_is_not_that_of_its_session),
        RIG_TEST(without_memory_the_session_still_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

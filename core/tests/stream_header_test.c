/* The server's stream header (RFC 6120, 4.7), as the answer to a client's and by itself. */
#include "session/stream_header.h"

#include "inside.h"

#define OPEN(attributes)                                                                                     \
    "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' " attributes ">"

/* 4.7.2: the bare JID that the client says it is, also before an error; 4.7.5: the lower version, or none. */
static void our_header_goes_by_the_clients(void **state)
{
    (void)state;
    static const struct {
        const char *xml, *to, *version;
    } rows[] = {
        { OPEN("to='localhost' version='1.0'"), NULL, " version='1.0'" },
        { OPEN("to='localhost' from='romeo@localhost/orchard' version='1.0'"), " to='romeo@localhost'",
          " version='1.0'" },
        { OPEN("to='localhost' from='@' version='1.0'"), NULL, " version='1.0'" },
        { OPEN("to='padua.lit' from='romeo@localhost' version='1.0'"), " to='romeo@localhost'",
          " version='1.0'" },
        { OPEN("to='localhost' from='romeo@localhost'"), " to='romeo@localhost'", NULL },
        { OPEN("to='localhost' version='0.9'"), NULL, " version='0.9'" },
        { OPEN("to='localhost' version='00.099'"), NULL, " version='0.99'" },
        { OPEN("to='localhost' version='0.00'"), NULL, " version='0.0'" },
        { OPEN("to='localhost' version='0.'"), NULL, " version='1.0'" },
        { OPEN("to='localhost' version='0.9x'"), NULL, " version='1.0'" },
        { OPEN("to='localhost' version='.9'"), NULL, " version='1.0'" },
        { OPEN("to='localhost' version='one'"), NULL, " version='1.0'" },
        { OPEN("to='localhost' version='2.0'"), NULL, " version='1.0'" },
        { OPEN("to='localhost' version='01.0'"), NULL, " version='1.0'" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct host_link *link = rig_accept();
        rig_say(link, rows[i].xml);
        const char *text = rig_take(link);
        char header[512];
        assert_int_equal(sscanf(text, "<?xml version='1.0'?>%511[^>]", header), 1);
        assert_int_equal(rig_count(header, " to='"), rows[i].to != NULL);
        assert_int_equal(rig_count(header, " version='"), rows[i].version != NULL);
        if (rows[i].to != NULL)
            rig_assert_has(header, rows[i].to);
        if (rows[i].version != NULL)
            rig_assert_has(header, rows[i].version);
    }
}

/* A malformed JID is not repeated to a client that is not logged in. */
static void a_from_that_is_not_a_jid_is_not_in_the_header(void **state)
{
    (void)state;
    struct host_link *link = rig_accept();
    rig_say(link, OPEN("to='localhost' from=\"''''''''''''''''''''\" version='1.0'"));
    const char *text = rig_take(link);
    rig_assert_has(text, " from='localhost' id='");
    assert_null(strstr(text, " to='"));
}

/* 4.7.3: each stream has an id of its own. */
static void no_two_streams_have_the_same_id(void **state)
{
    (void)state;
    char ids[3][64];
    for (size_t i = 0; i < 3; i++) {
        struct host_link *link = rig_accept();
        rig_say(link, RIG_HEADER);
        assert_int_equal(sscanf(strstr(rig_take(link), " id='"), " id='%63[^']'", ids[i]), 1);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(ids[i], ids[j]);
    }
}

/* ---- By itself ---- */

/* The header that answers `xml`, or NULL; good until the next call. */
static const char *written(struct session *session, const char *xml)
{
    static char text[1024];
    struct stanza *header = xml != NULL ? inside_stanza(xml) : NULL;
    struct buffer out;
    buffer_init(&out, &rig_memory);
    stream_header_write(session, &out, header != NULL ? header->root : NULL);
    assert_false(out.failed);
    assert_true(out.length < sizeof text);
    snprintf(text, sizeof text, "%.*s", (int)out.length, out.bytes);
    buffer_free(&out);
    stanza_free(header);
    return text;
}

/* 4.7.1 to 4.7.5, and 4.8.2: the content namespace is the default one, the streams' has its usual
 * prefix; 11.5: the XML declaration. */
static void a_header_has_all_that_the_rfc_demands(void **state)
{
    (void)state;
    struct host_link *link = rig_accept();
    rig_say(link, OPEN("to='example.com' version='1.0'"));
    struct session *session = inside_session(link);
    const char *text = written(session, "<stream xmlns='http://etherx.jabber.org/streams' version='1.0' "
                                        "from='Romeo@Example.com/orchard'/>");
    const char *id = strstr(text, " id='");
    assert_non_null(id);
    char expected[512];
    snprintf(expected, sizeof expected,
             "<?xml version='1.0'?><stream:stream from='example.com' to='romeo@example.com' id='%.32s' "
             "version='1.0' xml:lang='en' xmlns='jabber:client' "
             "xmlns:stream='http://etherx.jabber.org/streams'>",
             id + strlen(" id='"));
    assert_string_equal(text, expected);
    assert_int_equal(strspn(id + strlen(" id='"), "0123456789abcdef"), 32); /* 4.7.3: not to be guessed */
}

/* 4.9.1.3: before a client has named a host, the header is of the server's own. */
static void without_a_header_of_the_client_the_host_is_the_servers_own(void **state)
{
    (void)state;
    struct session *session = inside_session(rig_accept());
    const char *text = written(session, NULL);
    rig_assert_has(text, "<stream:stream from='localhost' id='");
    rig_assert_has(text, " version='1.0' ");
}

/* 4.9.1.2: an error is preceded by a header only when none was sent. */
static void it_is_noted_that_the_header_is_sent(void **state)
{
    (void)state;
    struct host_link *link = rig_accept();
    struct session *session = inside_session(link);
    assert_false(session->header_sent);
    written(session, NULL);
    assert_true(session->header_sent);
    stream_restart(session);
    assert_false(session->header_sent);
    assert_true(session->notopen);
}

/* 4.3.3: the next bytes are a new stream. */
static void a_restarted_stream_begins_with_a_header(void **state)
{
    (void)state;
    struct host_link *link = rig_accept();
    rig_say(link, RIG_HEADER);
    stream_restart(inside_session(link));
    rig_take(link);
    rig_say(link, RIG_HEADER);
    const char *text = rig_take(link);
    assert_int_equal(rig_count(text, "<?xml version='1.0'?><stream:stream "), 1);
    assert_false(inside_session(link)->notopen);
}

static void a_header_that_cannot_be_written_is_a_failed_buffer(void **state)
{
    (void)state;
    struct session *session = inside_session(rig_accept());
    struct buffer out;
    buffer_init(&out, &rig_memory);
    rig.memory.fail_at = rig.memory.allocations + 1;
    stream_header_write(session, &out, NULL);
    assert_true(out.failed);
    buffer_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(our_header_goes_by_the_clients),
        RIG_TEST(a_from_that_is_not_a_jid_is_not_in_the_header),
        RIG_TEST(no_two_streams_have_the_same_id),
        RIG_TEST(a_header_has_all_that_the_rfc_demands),
        RIG_TEST(without_a_header_of_the_client_the_host_is_the_servers_own),
        RIG_TEST(it_is_noted_that_the_header_is_sent),
        RIG_TEST(a_restarted_stream_begins_with_a_header),
        RIG_TEST(a_header_that_cannot_be_written_is_a_failed_buffer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

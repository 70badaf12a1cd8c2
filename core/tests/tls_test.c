/* Tests of tls.h, through core.h: STARTTLS on a stream. */
#include "rig.h"

#define NS_TLS   "urn:ietf:params:xml:ns:xmpp-tls"
#define STARTTLS "<starttls xmlns='" NS_TLS "'/>"
#define PROCEED  "<proceed xmlns='" NS_TLS "'/>"
#define PLAIN_OF_ROMEO                                                                                       \
    "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AHJvbWVvAHBlbmNpbA==</auth>"

#define HEADER_FROM                                                                                          \
    "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "                  \
    "to='localhost' version='1.0'%s>"

static const unsigned char exporter[] = { 1, 2, 3, 0, 255 };
static const unsigned char end_point[] = { 4, 5 };
static const char *const identities[] = { "romeo@localhost", "juliet@localhost" };

static const struct core_tls nothing_left;

/* The core's own defaults: TLS is required, PLAIN is for encrypted streams. */
static void begin(void)
{
    struct core_settings settings = core_settings_default();
    rig_begin_with(&settings);
}

static struct host_link *opened(void)
{
    struct host_link *link = rig_accept();
    rig_say(link, RIG_HEADER);
    rig_take(link);
    return link;
}

static struct host_link *encrypted(const struct core_tls *tls)
{
    struct host_link *link = opened();
    rig_say(link, STARTTLS);
    core_secured(rig.core, link->conn, tls);
    rig_say(link, RIG_HEADER);
    return link;
}

/* ---- The negotiation ---- */

static void the_handshake_is_asked_for_once_after_proceed(void **state)
{
    (void)state;
    begin();
    struct host_link *link = opened();
    assert_int_equal(link->tls_begun, 0);
    rig_say(link, STARTTLS);
    assert_string_equal(rig_take(link), PROCEED);
    assert_int_equal(link->tls_begun, 1);
    assert_false(session_look(rig_session(link)).secured);
    core_secured(rig.core, link->conn, &nothing_left);
    assert_true(session_look(rig_session(link)).secured);
    assert_string_equal(rig_take(link), "");
    rig_end();
}

/* ports.start_tls: <proceed/> has been taken. */
static void the_handshake_waits_until_proceed_is_sent(void **state)
{
    (void)state;
    begin();
    struct host_link *link = opened();
    link->window = 10;
    rig_say(link, STARTTLS);
    assert_int_equal(link->tls_begun, 0);
    rig_say(link, RIG_HEADER); /* in the clear, so it is discarded */
    link->window = 5;
    core_writable(rig.core, link->conn);
    assert_int_equal(link->tls_begun, 0);
    link->window = SIZE_MAX;
    core_writable(rig.core, link->conn);
    assert_int_equal(link->tls_begun, 1);
    assert_string_equal(rig_take(link), PROCEED);
    core_writable(rig.core, link->conn);
    assert_int_equal(link->tls_begun, 1);
    rig_end();
}

static void a_client_that_does_not_take_proceed_is_not_encrypted(void **state)
{
    (void)state;
    struct core_settings settings = core_settings_default();
    settings.limits.output_bytes = 1;
    rig_begin_with(&settings);
    struct host_link *link = opened();
    link->window = 0;
    rig_say(link, STARTTLS);
    assert_true(link->closed);
    assert_int_equal(link->tls_begun, 0);
    rig_end();
}

/* RFC 6120, 5.4.3.3 */
static void input_before_tls_is_forgotten(void **state)
{
    (void)state;
    begin();
    struct host_link *link = opened();
    assert_string_equal(session_look(rig_session(link)).host, "localhost");
    rig_say(link, STARTTLS);
    struct session_view view = session_look(rig_session(link));
    assert_null(view.host);
    assert_true(view.notopen);
    assert_int_equal(inspect_counts(rig.core).host_sessions, 0);
    rig_take(link);
    core_secured(rig.core, link->conn, &nothing_left);
    rig_say(link, "<?xml version='1.0'?><stream:stream to='example.com' version='1.0' xmlns='jabber:client' "
                  "xmlns:stream='http://etherx.jabber.org/streams'>");
    rig_assert_has(rig_take(link), "from='example.com'");
    rig_end();
}

/* The bug that STARTTLS had in server after server: bytes in the same piece. */
static void input_in_one_piece_with_starttls_is_not_executed(void **state)
{
    (void)state;
    static const char *const injected[] = {
        STARTTLS PLAIN_OF_ROMEO,
        STARTTLS RIG_HEADER PLAIN_OF_ROMEO,
        STARTTLS "<message to='juliet@localhost'/></stream:stream>",
        STARTTLS "</not-well-formed>",
        STARTTLS STARTTLS,
    };
    for (size_t i = 0; i < sizeof injected / sizeof *injected; i++) {
        begin();
        struct host_link *link = opened();
        rig_say(link, injected[i]);
        assert_string_equal(rig_take(link), PROCEED);
        core_secured(rig.core, link->conn, &nothing_left);
        assert_string_equal(rig_take(link), "");
        assert_true(session_look(rig_session(link)).notopen);
        rig_say(link, RIG_HEADER);
        rig_assert_has(rig_take(link), "<mechanism>");
        assert_int_equal(rig.request_count, 0);
        rig_end();
    }
}

static void unencrypted_input_during_the_handshake_is_discarded(void **state)
{
    (void)state;
    begin();
    struct host_link *link = opened();
    rig_say(link, STARTTLS);
    rig_take(link);
    rig_say(link, RIG_HEADER PLAIN_OF_ROMEO);
    rig_say(link, "</not-well-formed>");
    core_secured(rig.core, link->conn, &nothing_left);
    rig_say(link, RIG_HEADER);
    rig_assert_has(rig_take(link), "<mechanism>PLAIN</mechanism>");
    assert_int_equal(rig.request_count, 0);
    rig_end();
}

/* A session that waits for storage handles <starttls/> afterwards; bytes after it are discarded too. */
static void queued_input_after_starttls_is_discarded(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.tls = CORE_TLS_OPTIONAL;
    rig_begin_with(&settings);
    struct host_link *link = opened();
    rig.prompt = false;
    rig_say(link, "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AHJvbWVvAHdyb25n</auth>");
    rig_say(link, STARTTLS PLAIN_OF_ROMEO);
    rig_say(link, PLAIN_OF_ROMEO);
    rig_answer();
    const char *text = rig_take(link);
    rig_assert_has(text, "<not-authorized/></failure>" PROCEED);
    core_secured(rig.core, link->conn, &nothing_left);
    rig_say(link, RIG_HEADER);
    assert_int_equal(rig_pending_count(), 0);
    rig_assert_lacks(rig_take(link), "failure");
    rig_end();
}

/* ---- In the middle of the handshake ---- */

static void nothing_is_said_during_the_handshake(void **state)
{
    (void)state;
    begin();
    struct host_link *link = opened();
    rig_say(link, STARTTLS);
    rig_take(link);
    rig.now += rig.settings.limits.login_time;
    core_tick(rig.core);
    assert_true(link->closed);
    assert_string_equal(rig_take(link), "");
    rig_end();
}

static void a_handshake_that_fails_ends_the_session(void **state)
{
    (void)state;
    begin();
    struct host_link *link = opened();
    rig_say(link, STARTTLS);
    rig_hangup(link);
    assert_int_equal(inspect_counts(rig.core).sessions, 0);
    rig_end();
}

/* ---- Refused (RFC 6120, 5.4.2.2) ---- */

static void assert_refused(struct host_link *link)
{
    assert_string_equal(rig_take(link), "<failure xmlns='" NS_TLS "'/></stream:stream>");
    assert_true(link->closed);
    assert_int_equal(link->tls_begun, 0);
}

static void starttls_that_is_not_offered_ends_the_stream(void **state)
{
    (void)state;
    rig_begin();
    struct host_link *link = opened();
    rig_say(link, STARTTLS);
    assert_refused(link);
    link = rig_login("romeo", "orchard");
    rig_say(link, STARTTLS);
    assert_refused(link);
    rig_end();
}

static void an_encrypted_stream_is_not_encrypted_again(void **state)
{
    (void)state;
    begin();
    struct host_link *link = encrypted(&nothing_left);
    rig_assert_lacks(rig_take(link), "starttls");
    link->tls_begun = 0;
    rig_say(link, STARTTLS);
    assert_refused(link);
    rig_end();
}

/* ---- Results of the handshake ---- */

static void results_of_the_handshake_are_offered_to_sasl(void **state)
{
    (void)state;
    static const struct {
        struct core_tls tls;
        bool plus, exporter, end_point, external;
    } rows[] = {
        { { .identities = NULL }, false, false, false, false },
        { { .exporter = { exporter, sizeof exporter } }, true, true, false, false },
        { { .server_end_point = { end_point, sizeof end_point } }, true, false, true, false },
        { { .identities = identities, .identity_count = 1 }, false, false, false, true },
        { { { exporter, sizeof exporter }, { end_point, sizeof end_point }, identities, 2 },
          true,
          true,
          true,
          true },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        begin();
        const char *text = rig_take(encrypted(&rows[i].tls));
        assert_int_equal(rig_count(text, "-PLUS</mechanism>"), rows[i].plus ? 2 : 0);
        assert_int_equal(rig_count(text, "urn:xmpp:sasl-cb:0"), rows[i].plus);
        assert_int_equal(rig_count(text, "'tls-exporter'"), rows[i].exporter);
        assert_int_equal(rig_count(text, "'tls-server-end-point'"), rows[i].end_point);
        assert_int_equal(rig_count(text, ">EXTERNAL<"), rows[i].external);
        rig_end();
    }
}

static void an_address_that_is_of_no_host_here_opens_nothing(void **state)
{
    (void)state;
    static const char *const others[] = { "romeo@example.com", "localhost", "@localhost",
                                          "romeo@localhost/x" };
    begin();
    struct host_link *link = encrypted(&(struct core_tls){ .identities = others, .identity_count = 4 });
    rig_assert_lacks(rig_take(link), "EXTERNAL");
    rig_end();
}

static void without_memory_for_it_the_session_ends(void **state)
{
    (void)state;
    const struct core_tls tls = {
        { exporter, sizeof exporter }, { end_point, sizeof end_point }, identities, 2
    };
    begin();
    struct host_link *link = opened();
    rig_say(link, STARTTLS);
    rig_take(link);
    rig.memory.allocations = 0;
    rig.memory.fail_at = 1;
    core_secured(rig.core, link->conn, &tls);
    rig.memory.fail_at = 0;
    assert_true(link->closed);
    assert_string_equal(rig_take(link), "");
    rig_end();
}

/* RFC 6120, 6.4.6: `from` on an encrypted stream is compared with the authenticated account. */
static void the_from_of_an_encrypted_stream_must_authenticate(void **state)
{
    (void)state;
    static const struct {
        const char *before, *after;
        bool is_let_in;
    } rows[] = {
        { "", "", true },
        { "", " from='romeo@localhost'", true },
        { "", " from='Romeo@LocalHost/orchard'", true },
        { " from='juliet@localhost'", "", true }, /* could be from any client */
        { "", " from='juliet@localhost'", false },
        { "", " from='romeo@example.com'", false },
        { "", " from='localhost'", false },
        { "", " from='@'", false },
    };
    begin();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct host_link *link = rig_accept();
        char header[256];
        snprintf(header, sizeof header, HEADER_FROM, rows[i].before);
        rig_say(link, header);
        rig_say(link, STARTTLS);
        core_secured(rig.core, link->conn, &nothing_left);
        snprintf(header, sizeof header, HEADER_FROM, rows[i].after);
        rig_say(link, header);
        rig_take(link);
        rig_say(link, PLAIN_OF_ROMEO);
        if (rows[i].is_let_in)
            rig_assert_has(rig_take(link), "<success ");
        else
            rig_assert_stream_error(link, "invalid-from");
    }
    rig_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_handshake_is_asked_for_once_after_proceed),
        cmocka_unit_test(the_handshake_waits_until_proceed_is_sent),
        cmocka_unit_test(input_before_tls_is_forgotten),
        cmocka_unit_test(input_in_one_piece_with_starttls_is_not_executed),
        cmocka_unit_test(unencrypted_input_during_the_handshake_is_discarded),
        cmocka_unit_test(queued_input_after_starttls_is_discarded),
        cmocka_unit_test(nothing_is_said_during_the_handshake),
        cmocka_unit_test(a_handshake_that_fails_ends_the_session),
        cmocka_unit_test(starttls_that_is_not_offered_ends_the_stream),
        cmocka_unit_test(an_encrypted_stream_is_not_encrypted_again),
        cmocka_unit_test(results_of_the_handshake_are_offered_to_sasl),
        cmocka_unit_test(an_address_that_is_of_no_host_here_opens_nothing),
        cmocka_unit_test(without_memory_for_it_the_session_ends),
        cmocka_unit_test(a_client_that_does_not_take_proceed_is_not_encrypted),
        cmocka_unit_test(the_from_of_an_encrypted_stream_must_authenticate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

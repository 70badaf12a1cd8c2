/* SASL on the stream (RFC 6120, 6): the output, and the state of the session. */
#include "rig.h"

#include <nettle/base64.h>
#include <nettle/pbkdf2.h>
#include <nettle/sha1.h>

#define SASL(name, attributes, text)                                                                         \
    "<" name " xmlns='urn:ietf:params:xml:ns:xmpp-sasl'" attributes ">" text "</" name ">"

static struct host_link *opened(void)
{
    struct host_link *link = rig_accept();
    rig_say(link, RIG_HEADER);
    rig_take(link);
    return link;
}

static void assert_failure(struct host_link *link, const char *condition)
{
    char xml[128];
    snprintf(xml, sizeof xml, "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><%s/></failure>", condition);
    rig_assert_has(rig_take(link), xml);
}

/* 6.4.6: success, and then a new stream. */
static void success_makes_the_session_authenticated(void **state)
{
    (void)state;
    struct host_link *link = opened();
    rig_auth(link, "Romeo");
    assert_string_equal(rig_take(link), "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
    struct session_view view = session_look(rig_session(link));
    assert_int_equal(view.type, SESSION_C2S_UNBOUND);
    assert_string_equal(view.username, "romeo"); /* prepared by Nodeprep */
    assert_true(view.notopen);
    assert_null(view.full_jid);
}

static void the_account_is_loaded_by_its_prepared_name(void **state)
{
    (void)state;
    struct host_link *link = opened();
    rig.prompt = false;
    rig_auth(link, "ROMEO");
    assert_int_equal(rig_pending()->op, CORE_LOAD);
    assert_int_equal(rig_pending()->store, CORE_STORE_ACCOUNT);
    assert_string_equal(rig_pending()->owner, "romeo@localhost");
    assert_true(session_look(rig_session(link)).waiting);
    assert_string_equal(rig_take(link), "");
}

/* A client may send the next stream without waiting; the server holds it. */
static void input_after_auth_belongs_to_the_new_stream(void **state)
{
    (void)state;
    struct host_link *link = opened();
    rig.prompt = false;
    rig_auth(link, "romeo");
    rig_say(link, RIG_HEADER);
    rig_bind(link, "orchard");
    rig_answer();
    const char *text = rig_take(link);
    assert_true(strstr(text, "<success ") < strstr(text, "<stream:features><bind "));
    rig_answer();
    rig_assert_has(rig_take(link), "<jid>romeo@localhost/orchard</jid>");
}

/* 6.5, one by one. */
static void failures_have_their_conditions(void **state)
{
    (void)state;
    static const struct {
        const char *xml;
        const char *condition;
    } cases[] = {
        { SASL("auth", " mechanism='PLAIN'", "AHJvbWVvAHdyb25n"), "not-authorized" }, /* \0romeo\0wrong */
        { SASL("auth", " mechanism='PLAIN'", "AG5vYm9keQBwZW5jaWw="),
          "not-authorized" }, /* \0nobody\0pencil */
        { SASL("auth", " mechanism='PLAIN'", "*"), "incorrect-encoding" },
        { SASL("auth", " mechanism='PLAIN'", "AAAA"), "malformed-request" },
        { SASL("auth", " mechanism='DIGEST-MD5'", ""), "invalid-mechanism" },
        { SASL("auth", "", ""), "invalid-mechanism" },
        { SASL("response", "", ""), "malformed-request" },
        { SASL("abort", "", ""), "aborted" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct host_link *link = opened();
        rig_say(link, cases[i].xml);
        assert_failure(link, cases[i].condition);
        assert_int_equal(session_look(rig_session(link)).type, SESSION_C2S_UNAUTHED);
        rig_auth(link, "romeo"); /* 6.4.5: and may try again */
        rig_assert_has(rig_take(link), "<success ");
        rig_hangup(link);
    }
}

static void an_account_may_be_barred(void **state)
{
    (void)state;
    struct host_link *link = opened();
    rig.status = "disabled";
    rig_auth(link, "romeo");
    assert_failure(link, "account-disabled"); /* 6.5.2 */
    rig.status = "expired";
    rig_auth(link, "romeo");
    assert_failure(link, "credentials-expired"); /* 6.5.3 */
}

static void storage_that_fails_is_a_temporary_failure(void **state)
{
    (void)state;
    struct host_link *link = opened();
    rig.prompt = false;
    rig_auth(link, "romeo");
    rig_fail();
    assert_failure(link, "temporary-auth-failure"); /* 6.5.11 */
    assert_false(session_look(rig_session(link)).waiting);
}

/* 6.4.5. */
static void as_many_logins_may_fail_as_the_limit_says(void **state)
{
    (void)state;
    struct host_link *link = opened();
    for (size_t i = 1; i < rig.settings.limits.login_tries; i++) {
        rig_say(link, SASL("auth", " mechanism='PLAIN'", "AHJvbWVvAHdyb25n"));
        assert_failure(link, "not-authorized");
    }
    rig_say(link, SASL("auth", " mechanism='PLAIN'", "AHJvbWVvAHdyb25n") RIG_HEADER);
    rig_assert_has(link->sent + link->seen, "<not-authorized/></failure>");
    rig_assert_stream_error(link, "policy-violation");
}

static void a_hangup_while_the_account_is_loaded_leaves_nothing(void **state)
{
    (void)state;
    struct host_link *link = opened();
    rig.prompt = false;
    rig_auth(link, "romeo");
    rig_hangup(link);
    assert_int_equal(inspect_counts(rig.core).storage_requests, 0);
    rig_answer();
    assert_int_equal(inspect_counts(rig.core).sessions, 0);
}

static int plain_only(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.mechanisms = CORE_PLAIN;
    rig_begin_with(&settings);
    return 0;
}

static void mechanisms_that_are_not_offered_are_not_served(void **state)
{
    (void)state;
    struct host_link *link = rig_accept();
    rig_say(link, RIG_HEADER);
    const char *text = rig_take(link);
    assert_int_equal(rig_count(text, "<mechanism>"), 1);
    rig_assert_has(text, "<mechanism>PLAIN</mechanism>");
    rig_say(link, SASL("auth", " mechanism='SCRAM-SHA-1'", "biwsbj1yb21lbyxyPWE="));
    assert_failure(link, "invalid-mechanism");
}

/* ---- SCRAM (RFC 5802), from the client's side ---- */

static void send_base64(const struct host_link *link, const char *open, const char *text, const char *close)
{
    char encoded[512] = "", xml[1024];
    assert_true(BASE64_ENCODE_RAW_LENGTH(strlen(text)) < sizeof encoded);
    base64_encode_raw(encoded, strlen(text), (const uint8_t *)text);
    int length = snprintf(xml, sizeof xml, "%s%s%s", open, encoded, close);
    assert_in_range(length, 0, sizeof xml - 1);
    rig_say(link, xml);
}

/* The text of the element that was sent. */
static void read_base64(struct host_link *link, const char *name, char *out, size_t size)
{
    struct base64_decode_ctx context;
    char element[64];
    const char *sent = rig_take(link);
    snprintf(element, sizeof element, "<%s xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>", name);
    const char *text = strstr(sent, element);
    assert_non_null(text);
    text += strlen(element);
    size_t length = strcspn(text, "<"), decoded = 0;
    assert_true(BASE64_DECODE_LENGTH(length) < size);
    base64_decode_init(&context);
    assert_true(base64_decode_update(&context, &decoded, (uint8_t *)out, length, text));
    out[decoded] = '\0';
}

/* RFC 5802, 3: the client-final-message for a server-first-message. */
static void make_final(const char *server_first, const char *password, char *out, size_t size)
{
    uint8_t salted[SHA1_DIGEST_SIZE], client[SHA1_DIGEST_SIZE], stored[SHA1_DIGEST_SIZE],
        proof[SHA1_DIGEST_SIZE];
    char nonce[128], message[1024], text[BASE64_ENCODE_RAW_LENGTH(SHA1_DIGEST_SIZE) + 1] = "";
    struct sha1_ctx sha1;
    assert_int_equal(sscanf(server_first, "r=%127[^,]", nonce), 1);
    pbkdf2_hmac_sha1(strlen(password), (const uint8_t *)password, 3, 5, (const uint8_t *)"salty",
                     sizeof salted, salted);
    host_hmac(salted, "Client Key", client);
    sha1_init(&sha1);
    sha1_update(&sha1, sizeof client, client);
    sha1_digest(&sha1, sizeof stored, stored);
    snprintf(message, sizeof message, "n=romeo,r=abc,%s,c=biws,r=%s", server_first, nonce);
    host_hmac(stored, message, proof);
    for (size_t i = 0; i < sizeof proof; i++)
        proof[i] ^= client[i];
    base64_encode_raw(text, sizeof proof, proof);
    snprintf(out, size, "c=biws,r=%s,p=%s", nonce, text);
}

#define AUTH     "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-1'>"
#define RESPONSE "<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"

static struct host_link *try_scram(const char *password, const char *behind)
{
    char server_first[512], final[512], close[1024];
    struct host_link *link = opened();
    send_base64(link, AUTH, "n,,n=romeo,r=abc", "</auth>");
    read_base64(link, "challenge", server_first, sizeof server_first);
    make_final(server_first, password, final, sizeof final);
    snprintf(close, sizeof close, "</response>%s", behind);
    send_base64(link, RESPONSE, final, close);
    return link;
}

/* The stream is restarted during parsing, and the bytes after the response belong to the new one. */
static void scram_succeeds_with_the_servers_signature(void **state)
{
    (void)state;
    char verifier[128];
    struct host_link *link = try_scram("pencil", RIG_HEADER);
    assert_int_equal(session_look(rig_session(link)).type, SESSION_C2S_UNBOUND);
    assert_false(session_look(rig_session(link)).notopen);
    rig_assert_has(link->sent + link->seen, "<stream:features><bind ");
    read_base64(link, "success", verifier, sizeof verifier);
    assert_memory_equal(verifier, "v=", 2); /* its value is for sasl_test.c to check */
    rig_bind(link, "orchard");
    assert_string_equal(session_look(rig_session(link)).full_jid, "romeo@localhost/orchard");
}

static void scram_fails_with_another_password(void **state)
{
    (void)state;
    struct host_link *link = try_scram("pencils", "");
    assert_failure(link, "not-authorized");
    rig_auth(link, "romeo");
    rig_assert_has(rig_take(link), "<success ");
}

static void scram_may_be_aborted(void **state)
{
    (void)state;
    struct host_link *link = opened();
    send_base64(link, AUTH, "n,,n=romeo,r=abc", "</auth>");
    rig_take(link);
    rig_say(link, SASL("abort", "", ""));
    assert_failure(link, "aborted");
}

/* 6.4.2: the new handshake is processed; but the one that it gives up was a try (6.4.5). */
static void a_handshake_may_be_given_up_for_another_as_often_as_others_fail(void **state)
{
    (void)state;
    struct host_link *link = opened();
    for (size_t i = 0; i < 3; i++) {
        send_base64(link, AUTH, "n,,n=romeo,r=abc", "</auth>");
        rig_assert_has(rig_take(link), "<challenge ");
    }
    rig_auth(link, "romeo");
    rig_assert_stream_error(link, "policy-violation");
    link = opened();
    send_base64(link, AUTH, "n,,n=romeo,r=abc", "</auth>");
    rig_take(link);
    rig_auth(link, "romeo");
    rig_assert_has(rig_take(link), "<success ");
}

static void failed_logins_are_reported_to_the_host(void **state)
{
    (void)state;
    rig_hangup(try_scram("pencil", ""));
    assert_int_equal(rig.failed_logins, 0);
    try_scram("pencils", "");
    assert_string_equal(rig.failed_login, "romeo@localhost not-authorized");
    struct host_link *link = opened();
    rig_auth(link, "nobody");
    assert_string_equal(rig.failed_login, "nobody@localhost not-authorized");
    rig_say(link, SASL("auth", " mechanism='NONE'", ""));
    assert_string_equal(rig.failed_login, "?@localhost invalid-mechanism");
    rig_say(link, SASL("abort", "", ""));
    assert_string_equal(rig.failed_login, "?@localhost aborted");
    assert_int_equal(rig.failed_logins, 4);
    assert_true(link->closed);
}

/* The salt and the count that a name is shown, ",s=...,i=...". */
static const char *shown_of_nobody(const struct core_settings *settings)
{
    static char server_first[512];
    rig_begin_with(settings);
    struct host_link *link = opened();
    send_base64(link, AUTH, "n,,n=nobody,r=abc", "</auth>");
    read_base64(link, "challenge", server_first, sizeof server_first);
    rig_end();
    return strstr(server_first, ",s=");
}

static void a_missing_account_gets_the_same_salt_after_a_restart(void **state)
{
    (void)state;
    char shown[3][128];
    struct core_settings settings = rig_settings();
    settings.iterations = 77;
    settings.salt_bytes = 9;
    for (int i = 0; i < 3; i++) {
        unsigned char secret[CORE_SECRET] = { (unsigned char)(i / 2) };
        settings.secret = secret;
        snprintf(shown[i], sizeof shown[i], "%s", shown_of_nobody(&settings));
        rig_assert_has(shown[i], ",i=77");
        assert_int_equal(strcspn(shown[i] + 3, ","), 12); /* nine bytes */
    }
    assert_string_equal(shown[0], shown[1]);
    assert_string_not_equal(shown[0], shown[2]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(success_makes_the_session_authenticated),
        RIG_TEST(the_account_is_loaded_by_its_prepared_name),
        RIG_TEST(input_after_auth_belongs_to_the_new_stream),
        RIG_TEST(failures_have_their_conditions),
        RIG_TEST(an_account_may_be_barred),
        RIG_TEST(storage_that_fails_is_a_temporary_failure),
        RIG_TEST(as_many_logins_may_fail_as_the_limit_says),
        RIG_TEST(scram_succeeds_with_the_servers_signature),
        RIG_TEST(scram_fails_with_another_password),
        RIG_TEST(scram_may_be_aborted),
        RIG_TEST(a_handshake_may_be_given_up_for_another_as_often_as_others_fail),
        RIG_TEST(a_hangup_while_the_account_is_loaded_leaves_nothing),
        RIG_TEST(failed_logins_are_reported_to_the_host),
        cmocka_unit_test(a_missing_account_gets_the_same_salt_after_a_restart),
        RIG_TEST_FROM(mechanisms_that_are_not_offered_are_not_served, plain_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

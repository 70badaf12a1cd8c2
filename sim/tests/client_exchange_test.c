/* A SASL exchange in parts (RFC 6120, 6.4). */
#include "../client/scram_final.h"
#include "client_rig.h"

#include <nettle/base64.h>
#include <stdio.h>

#define SCRAM_OFFERED "<mechanism>SCRAM-SHA-1</mechanism>"
/* "\0juliet\0r0m30myr0m30" (RFC 4616, 2; the password is that of the example in RFC 6120, 6.4.2) */
#define PLAIN_MESSAGE "AGp1bGlldAByMG0zMG15cjBtMzA="
/* "n,,n=juliet,r=nonce-1" */
#define SCRAM_FIRST "biwsbj1qdWxpZXQscj1ub25jZS0x"
/* "r=nonce-1server,s=c2FsdA==,i=2" */
#define SCRAM_CHALLENGE "cj1ub25jZS0xc2VydmVyLHM9YzJGc2RBPT0saT0y"

static void assert_pending(const struct rig *rig)
{
    assert_int_equal(client_outcome(rig->client).state, OUTCOME_PENDING);
}

static void begin_by_scram(struct rig *rig)
{
    open_stream(rig, MECHANISMS(SCRAM_OFFERED));
    client_begin_to_authenticate(rig->client, NULL, NULL, NULL);
    assert_text(said(rig, "auth", NS_SASL), SCRAM_FIRST);
    assert_pending(rig);
    hear(rig, CHALLENGE(SCRAM_CHALLENGE));
    assert_done(rig);
    assert_state(rig, CLIENT_AUTHENTICATING);
}

/* The message of a <response/>, decoded, begins with that. */
static void said_response(struct rig *rig, const char *beginning)
{
    char coded[512], text[512];
    struct base64_decode_ctx context;
    size_t length;
    xml_text(said(rig, "response", NS_SASL), coded, sizeof coded);
    base64_decode_init(&context);
    assert_true(base64_decode_update(&context, &length, (uint8_t *)text, strlen(coded), coded));
    assert_true(length > strlen(beginning));
    assert_memory_equal(text, beginning, strlen(beginning));
}

static void a_challenge_is_held_until_it_is_answered(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    begin_by_scram(rig);
    hear(rig, "<message/>");
    take_element(rig, "message");
    assert_inbox_empty(rig); /* the challenge is not there */
    said_nothing(rig);
    client_finish_authenticating(rig->client, NULL);
    said_response(rig, "c=biws,r=nonce-1server,p=");
    assert_pending(rig);
    hear(rig, FAILURE("<not-authorized/>"));
    assert_refused(rig, "not-authorized", "authentication");
    assert_state(rig, CLIENT_OPEN);
    rig_free(rig);
}

static void without_an_initial_response_it_answers_an_empty_challenge(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    open_stream(rig, MECHANISMS(PLAIN_OFFERED));
    client_begin_without_initial_response(rig->client, "PLAIN", NULL, NULL);
    const struct xml *auth = said(rig, "auth", NS_SASL);
    assert_string_equal(xml_get(auth, "mechanism"), "PLAIN");
    assert_text(auth, "");
    hear(rig, "<challenge xmlns='" NS_SASL "'/>");
    assert_done(rig);
    said_nothing(rig);
    client_finish_authenticating(rig->client, NULL);
    assert_text(said(rig, "response", NS_SASL), PLAIN_MESSAGE);
    hear_success(rig, SUCCESS);
    assert_done(rig);
    assert_state(rig, CLIENT_AUTHENTICATED);
    rig_free(rig);
}

/* "=" is for <auth/> alone (RFC 6120, 6.4.2). */
static void an_empty_first_message_is_an_empty_response(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    open_stream(rig, MECHANISMS("<mechanism>ANONYMOUS</mechanism>"));
    client_begin_without_initial_response(rig->client, "ANONYMOUS", "", NULL);
    said(rig, "auth", NS_SASL);
    hear(rig, CHALLENGE(""));
    client_finish_authenticating(rig->client, NULL);
    assert_text(said(rig, "response", NS_SASL), "");
    rig_free(rig);
}

static void each_message_may_wait(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    open_stream(rig, MECHANISMS(SCRAM_OFFERED));
    client_begin_without_initial_response(rig->client, NULL, NULL, NULL);
    said(rig, "auth", NS_SASL);
    hear(rig, CHALLENGE(""));
    client_answer_challenge(rig->client);
    assert_text(said(rig, "response", NS_SASL), SCRAM_FIRST);
    assert_pending(rig);
    hear(rig, CHALLENGE(SCRAM_CHALLENGE));
    assert_done(rig);
    said_nothing(rig);
    client_answer_challenge(rig->client);
    said_response(rig, "c=biws,r=nonce-1server,p=");
    hear(rig, FAILURE("<not-authorized/>"));
    assert_refused(rig, "not-authorized", "authentication");
    rig_free(rig);
}

/* What is left is answered by itself, and the variant is that of the last message. */
static void to_finish_is_to_answer_all_of_it(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    open_stream(rig, MECHANISMS(SCRAM_OFFERED));
    client_begin_without_initial_response(rig->client, NULL, NULL, NULL);
    said(rig, "auth", NS_SASL);
    hear(rig, CHALLENGE(""));
    client_finish_authenticating(rig->client, scram_variant_named("the nonce first"));
    assert_text(said(rig, "response", NS_SASL), SCRAM_FIRST);
    hear(rig, CHALLENGE(SCRAM_CHALLENGE));
    said_response(rig, "r=nonce-1server,c=biws,p=");
    rig_free(rig);
}

static void what_is_no_challenge_of_the_mechanism_is_aborted(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    open_stream(rig, MECHANISMS(PLAIN_OFFERED));
    client_begin_without_initial_response(rig->client, "PLAIN", NULL, NULL);
    said(rig, "auth", NS_SASL);
    hear(rig, CHALLENGE(SCRAM_CHALLENGE)); /* it should be empty */
    client_answer_challenge(rig->client);
    said(rig, "abort", NS_SASL);
    rig_free(rig);
}

/* A server cannot know the password that was not sent. */
static void success_before_the_first_message_is_not_believed(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    open_stream(rig, MECHANISMS(PLAIN_OFFERED));
    client_begin_without_initial_response(rig->client, "PLAIN", NULL, NULL);
    said(rig, "auth", NS_SASL);
    hear(rig, SUCCESS);
    assert_refused(rig, "unproven-success", "authentication");
    assert_int_equal(rig->breaks, 1);
    rig_free(rig);
}

/* XEP-0175: the trace information is optional, so a server need not challenge a client that sent none. */
static void a_guest_may_be_let_in_before_its_first_message(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    open_stream(rig, MECHANISMS("<mechanism>ANONYMOUS</mechanism>"));
    client_begin_without_initial_response(rig->client, "ANONYMOUS", NULL, NULL);
    said(rig, "auth", NS_SASL);
    hear_success(rig, SUCCESS);
    assert_pending(rig); /* no challenge has come */
    assert_state(rig, CLIENT_AUTHENTICATED);
    assert_int_equal(rig->breaks, 0);
    rig_free(rig);
}

static void without_a_challenge_there_is_nothing_to_answer(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    client_answer_challenge(rig->client);
    assert_refused(rig, "no-challenge", "authentication");
    open_stream(rig, MECHANISMS(SCRAM_OFFERED));
    client_finish_authenticating(rig->client, NULL);
    assert_refused(rig, "no-challenge", "authentication");
    client_begin_to_authenticate(rig->client, NULL, NULL, NULL);
    said(rig, "auth", NS_SASL);
    client_answer_challenge(rig->client); /* it has not come yet */
    assert_refused(rig, "no-challenge", "authentication");
    said_nothing(rig);
    rig_free(rig);
}

static void a_variant_needs_scram(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    open_stream(rig, MECHANISMS(PLAIN_OFFERED));
    client_begin_without_initial_response(rig->client, "PLAIN", NULL, NULL);
    said(rig, "auth", NS_SASL);
    hear(rig, CHALLENGE(""));
    client_finish_authenticating(rig->client, scram_variant_named("another nonce"));
    assert_refused(rig, "not-scram", "authentication");
    said_nothing(rig);
    client_finish_authenticating(rig->client, NULL); /* the challenge is still held */
    assert_text(said(rig, "response", NS_SASL), PLAIN_MESSAGE);
    rig_free(rig);
}

static void an_abort_is_answered_with_a_failure(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    begin_by_scram(rig);
    client_abort_authentication(rig->client);
    said(rig, "abort", NS_SASL);
    assert_pending(rig);
    hear(rig, FAILURE("<aborted/>"));
    assert_refused(rig, "aborted", "authentication");
    assert_state(rig, CLIENT_OPEN);
    client_finish_authenticating(rig->client, NULL); /* what was held is forgotten */
    assert_refused(rig, "no-challenge", "authentication");
    client_authenticate(rig->client, NULL, NULL, NULL);
    said(rig, "auth", NS_SASL);
    rig_free(rig);
}

static void there_may_be_nothing_to_abort(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    client_abort_authentication(rig->client);
    assert_refused(rig, "connection-ended", "authentication");
    open_stream(rig, MECHANISMS(PLAIN_OFFERED));
    client_abort_authentication(rig->client);
    said(rig, "abort", NS_SASL);
    hear(rig, FAILURE("<aborted/>"));
    assert_refused(rig, "aborted", "authentication");
    rig_free(rig);
}

static void another_exchange_takes_the_place_of_one_that_is_held(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    begin_by_scram(rig);
    client_authenticate(rig->client, "PLAIN", NULL, NULL);
    assert_text(said(rig, "auth", NS_SASL), PLAIN_MESSAGE);
    hear_success(rig, SUCCESS);
    assert_done(rig);
    rig_free(rig);
}

static void a_login_goes_on_from_a_challenge(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    begin_by_scram(rig);
    client_login(rig->client);
    said_response(rig, "c=biws,r=nonce-1server,p=");
    assert_pending(rig);
    rig_free(rig);
}

static void what_is_held_ends_with_the_connection(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    begin_by_scram(rig);
    client_ended(rig->client);
    take_kind(rig, RECEIVED_CONNECTION_END);
    client_finish_authenticating(rig->client, NULL);
    assert_refused(rig, "no-challenge", "authentication");
    client_begin_to_authenticate(rig->client, "PLAIN", NULL, NULL);
    assert_refused(rig, "connection-ended", "authentication");
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_challenge_is_held_until_it_is_answered),
        cmocka_unit_test(without_an_initial_response_it_answers_an_empty_challenge),
        cmocka_unit_test(an_empty_first_message_is_an_empty_response),
        cmocka_unit_test(each_message_may_wait),
        cmocka_unit_test(to_finish_is_to_answer_all_of_it),
        cmocka_unit_test(what_is_no_challenge_of_the_mechanism_is_aborted),
        cmocka_unit_test(success_before_the_first_message_is_not_believed),
        cmocka_unit_test(a_guest_may_be_let_in_before_its_first_message),
        cmocka_unit_test(without_a_challenge_there_is_nothing_to_answer),
        cmocka_unit_test(a_variant_needs_scram),
        cmocka_unit_test(an_abort_is_answered_with_a_failure),
        cmocka_unit_test(there_may_be_nothing_to_abort),
        cmocka_unit_test(another_exchange_takes_the_place_of_one_that_is_held),
        cmocka_unit_test(a_login_goes_on_from_a_challenge),
        cmocka_unit_test(what_is_held_ends_with_the_connection),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

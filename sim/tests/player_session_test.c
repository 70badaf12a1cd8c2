/*
 * Logging in and out, the stream, and the state of the server: the steps of these sections of
 * scenarios/README.md.
 */
#include "player_rig.h"

#define IN       "Romeo connects\n"
#define DIALS    "Romeo opens a connection\n"
#define STREAM   DIALS "Romeo opens a stream\n"
#define LOGGED   STREAM "Romeo authenticates\nRomeo restarts the stream\n"
#define STRANGER "[Client] Tybalt\n\tjid: tybalt@localhost\n\taccount: none\n"
enum { STRANGER_LINES = 3 };

/* With the usual cast, at the step that many lines behind the first. */
static void step_fails(const char *steps, int behind, const char *summary)
{
    char text[1000];
    const int length = snprintf(text, sizeof text, CAST "%s", steps);
    assert_true(length > 0 && (size_t)length < sizeof text);
    fails(text, FIRST_STEP + behind, summary);
}

/* ---- Getting in and out ---- */

static void a_client_with_an_account_logs_in_and_out(void **state)
{
    (void)state;
    passes_strictly(CAST IN "Romeo is connected\nRomeo disconnects\nRomeo disconnects\n"
                            "Romeo is not connected\nRomeo connects\nRomeo connects\n"
                            "Romeo drops the connection\nRomeo is not connected\n");
}

/* RFC 6120, 6.5.10. */
static void a_client_without_an_account_does_not_log_in(void **state)
{
    (void)state;
    fails(STRANGER CAST "Tybalt connects\n", FIRST_STEP + STRANGER_LINES,
          "expected Tybalt to connect; it was refused during authentication: not-authorized");
}

static void every_step_of_a_login_may_be_taken_separately(void **state)
{
    (void)state;
    passes_strictly(CAST LOGGED "Romeo binds resource \"x\"\nRomeo's full JID is \"romeo@localhost/x\"\n"
                                "Romeo closes the stream\nRomeo receives the end of the stream\n"
                                "Romeo's connection is closed\n");
}

static void a_step_that_needs_a_connection_fails_without_one(void **state)
{
    (void)state;
    static const char *const steps[] = {
        "Romeo opens a stream\n",          "Romeo authenticates\n",
        "Romeo restarts the stream\n",     "Romeo binds\n",
        "Romeo closes the stream\n",       "Romeo drops the connection\n",
        "Romeo sends:\n\t<presence/>\n",   "Romeo sends raw \"x\"\n",
        "Romeo fails to bind: conflict\n", "Romeo fails to authenticate: not-authorized\n",
    };
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        char later[1000];
        (void)snprintf(later, sizeof later, DIALS "6 minutes pass\n%s", steps[i]);
        step_fails(steps[i], 0, "Romeo has no connection: it is away");
        step_fails(later, 2, "Romeo has no connection: it is ended");
    }
}

static void an_exchange_must_succeed(void **state)
{
    (void)state;
    passes(CAST STREAM "Romeo authenticates with PLAIN\n");
    step_fails(STREAM "Romeo authenticates with PLAIN using password \"wrong\"\n", 2,
               "expected Romeo to authenticate; it was refused during authentication: not-authorized");
    step_fails(STREAM "Romeo authenticates as \"nobody\"\n", 2,
               "expected Romeo to authenticate; it was refused during authentication: not-authorized");
    /* RFC 6120, 6.5.7. */
    step_fails(STREAM "Romeo authenticates with NONESUCH\n", 2,
               "expected Romeo to authenticate; it was refused during authentication: invalid-mechanism");
}

static void an_exchange_that_must_fail_fails_as_it_must(void **state)
{
    (void)state;
    passes(CAST STREAM "Romeo fails to authenticate using password \"wrong\": not-authorized\n"
                       "Romeo fails to authenticate with NONESUCH: invalid-mechanism\n"
                       "Romeo authenticates\n");
    step_fails(STREAM "Romeo fails to authenticate using password \"wrong\": account-disabled\n", 2,
               "expected Romeo to fail during authentication with account-disabled; "
               "it failed during authentication with not-authorized");
    step_fails(STREAM "Romeo fails to authenticate: not-authorized\n", 2,
               "expected Romeo to fail with not-authorized; it succeeded");
}

/* RFC 6120, 7.7.2.2: the server may refuse the newer of two. */
static void binding_succeeds_or_is_refused(void **state)
{
    (void)state;
#define REFUSING "[Server]\n\tconflict: kick_new\n" CAST IN
    enum { LINES = FIRST_STEP + 2 };
#define SECOND                                                                                               \
    "Juliet opens a connection\nJuliet opens a stream\n"                                                     \
    "Juliet authenticates as \"romeo\"\nJuliet restarts the stream\n"
    passes(REFUSING SECOND "Juliet fails to bind resource \"orchard\": conflict\nJuliet binds\n");
    fails(REFUSING SECOND "Juliet binds resource \"orchard\"\n", LINES + 5,
          "expected Juliet to bind a resource; it was refused during binding: conflict");
    fails(REFUSING SECOND "Juliet fails to bind: conflict\n", LINES + 5,
          "expected Juliet to fail with conflict; it succeeded");
    fails(REFUSING SECOND "Juliet fails to bind resource \"orchard\": not-allowed\n", LINES + 5,
          "expected Juliet to fail during binding with not-allowed; it failed during binding with conflict");
}

/* What ends the stream ends the exchange too, and is not the failure that was asked for (RFC 6120, 4.9.3.24:
 * after authentication <auth/> is no first-level element that the server knows). */
static void a_stream_error_is_not_a_refusal(void **state)
{
    (void)state;
    step_fails(LOGGED "Romeo fails to authenticate with PLAIN: not-authorized\n", 4,
               "expected Romeo to fail during authentication with not-authorized; "
               "it failed during the stream with unsupported-stanza-type");
}

/* ---- The stream ---- */

/* RFC 6120, 4.7: the answer to a stream header. */
static void the_servers_header_has_the_attributes_that_it_must(void **state)
{
    (void)state;
    passes(CAST STREAM "Romeo's stream header is:\n"
                       "\tfrom: localhost\n\tid: {scansion:capture:id}\n\tversion: 1.0\n\tto: unset\n"
                       "Romeo authenticates\nRomeo restarts the stream\n"
                       "Romeo's stream header is:\n\tid: {scansion:any}\n");
    step_fails(STREAM "Romeo's stream header is:\n\tversion: 2.0\n\tfrom: localhost\n", 2,
               "the stream header's version is 1.0; expected 2.0");
    step_fails(STREAM "Romeo's stream header is:\n\tfrom: unset\n", 2,
               "the stream header's from is localhost; expected unset");
    step_fails(STREAM "Romeo's stream header is:\n\tto: {scansion:any}\n", 2,
               "the stream header's to is unset; expected {scansion:any}");
    step_fails(DIALS "Romeo's stream header is:\n\tversion: 1.0\n", 1, "Romeo has received no stream header");
}

static void a_header_may_have_other_attributes_than_the_usual(void **state)
{
    (void)state;
    passes(CAST DIALS "Romeo opens a stream with:\n"
                      "\tfrom: romeo@localhost\n\tlang: de\n"
                      "Romeo's stream header is:\n\tlang: {scansion:any}\n");
    /* RFC 6120, 4.9.3.6. */
    passes(CAST DIALS "Romeo opens a stream with:\n\tto: elsewhere\n"
                      "Romeo receives stream error host-unknown\n");
    passes(CAST DIALS "Romeo opens a stream to \"elsewhere\"\n"
                      "Romeo receives stream error host-unknown\n");
    /* RFC 6120, 4.9.3.10. */
    passes(CAST DIALS "Romeo opens a stream with:\n\tnamespace: jabber:server\n"
                      "Romeo receives stream error invalid-namespace\n");
}

static void features_are_matched_like_stanzas(void **state)
{
    (void)state;
#define FEATURES(inside)                                                                                     \
    "Romeo's features are:\n"                                                                                \
    "\t<features xmlns='http://etherx.jabber.org/streams' scansion:strict='false'>" inside "</features>\n"
    passes(CAST STREAM FEATURES("<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"));
    step_fails(STREAM FEATURES("<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"), 2,
               "the stream features offered to Romeo differ");
    step_fails(DIALS FEATURES(""), 1, "the stream features offered to Romeo differ");
}

static void a_stream_error_is_expected_by_its_condition(void **state)
{
    (void)state;
#define BREAKS IN "Romeo sends raw \"<a></b>\"\n"
    passes_strictly(CAST BREAKS "Romeo receives stream error not-well-formed\n"
                                "Romeo receives the end of the stream\nRomeo's connection is closed\n");
    passes(CAST IN "Romeo sends:\n\t<presence/>\nRomeo sends raw \"<a></b>\"\n"
                   "Romeo receives stream error not-well-formed\n");
    step_fails(BREAKS "Romeo receives stream error host-gone\n", 2,
               "expected Romeo to receive the stream error host-gone; another came");
    step_fails(IN "Romeo receives stream error host-gone\n", 1,
               "expected Romeo to receive the stream error host-gone; nothing came");
    fails_strictly(CAST IN "Romeo sends:\n\t<presence/>\nRomeo receives stream error host-gone\n",
                   FIRST_STEP + 3,
                   "expected Romeo to receive the stream error host-gone; another stanza came");
}

/* scenarios/README.md: "One that no step expects fails the scenario." */
static void a_stream_error_that_no_step_expects_fails(void **state)
{
    (void)state;
    fails(CAST BREAKS, 0, "Romeo received a stream error that no step expects");
    fails(CAST BREAKS "Romeo connects\n", 0, "Romeo received a stream error that no step expects");
    fails(CAST BREAKS "Romeo receives the end of the stream\nRomeo disconnects\n", 0,
          "Romeo received a stream error that no step expects");
    passes(CAST BREAKS "Romeo ignores:\n\t<error xmlns='http://etherx.jabber.org/streams' "
                       "scansion:strict='false'/>\n");
}

static void the_end_of_the_stream_is_received(void **state)
{
    (void)state;
    step_fails(IN "Romeo receives the end of the stream\n", 1,
               "expected Romeo to receive the end of the stream; nothing came");
    passes(CAST BREAKS "Romeo receives the end of the stream\nRomeo receives stream error not-well-formed\n");
    fails_strictly(CAST BREAKS "Romeo receives the end of the stream\n", FIRST_STEP + 2,
                   "expected Romeo to receive the end of the stream; another stanza came");
}

static void a_connection_is_open_or_closed(void **state)
{
    (void)state;
    passes(CAST "Romeo's connection is closed\n" IN "Romeo's connection is open\nRomeo disconnects\n"
                "Romeo's connection is closed\n");
    step_fails("Romeo's connection is open\n", 0, "Romeo's connection is closed");
    step_fails(IN "Romeo's connection is closed\n", 1, "Romeo's connection is open");
}

/* core.h: 300 seconds from accept to binding, when nothing else is set. */
static void an_idle_client_is_disconnected_before_login(void **state)
{
    (void)state;
    passes_strictly(CAST DIALS "299 seconds pass\nRomeo's connection is open\n"
                               "2 seconds pass\nRomeo receives stream error connection-timeout\n"
                               "Romeo receives the end of the stream\nRomeo's connection is closed\n");
}

/* ---- Properties of a session ---- */

static void a_session_is_what_its_predicates_say(void **state)
{
    (void)state;
    passes(CAST IN "Romeo is connected\nRomeo is not available\nRomeo is not interested\n"
                   "Romeo sends:\n\t<presence/>\n\t<iq type='get'><query xmlns='jabber:iq:roster'/></iq>\n"
                   "Romeo is available\nRomeo is interested\n");
    step_fails(IN "Romeo is not connected\n", 1, "Romeo is connected");
    step_fails(IN "Romeo is available\n", 1, "Romeo is not available");
    step_fails(IN "Romeo is interested\n", 1, "Romeo is not interested");
    step_fails("Romeo is connected\n", 0, "Romeo is not connected: there is no session");
    passes(CAST "Romeo is not connected\nRomeo is not available\nRomeo is not interested\n");
}

static void a_session_has_the_properties_of_the_seed_document(void **state)
{
    (void)state;
    passes(CAST DIALS "Romeo's type is c2s_unauthed\nRomeo's notopen is true\nRomeo's host is unset\n"
                      "Romeo opens a stream\n"
                      "Romeo's notopen is unset\nRomeo's host is localhost\nRomeo's username is unset\n"
                      "Romeo authenticates\nRomeo restarts the stream\n"
                      "Romeo's type is c2s_unbound\nRomeo's username is romeo\nRomeo's resource is unset\n"
                      "Romeo's full JID is unset\nRomeo's roster is unset\n"
                      "Romeo binds resource \"x\"\n"
                      "Romeo's type is c2s\nRomeo's resource is x\nRomeo's priority is 0\n"
                      "Romeo's full JID is \"${Romeo's full JID}\"\nRomeo's interested is unset\n"
                      "Romeo sends:\n\t<presence><priority>-1</priority></presence>\n"
                      "Romeo's priority is \"-1\"\n");
    step_fails(IN "Romeo's resource is balcony\n", 1, "Romeo's resource is orchard; expected balcony");
    step_fails(IN "Romeo's resource is unset\n", 1, "Romeo's resource is orchard; expected unset");
    step_fails(IN "Romeo's interested is true\n", 1, "Romeo's interested is unset; expected true");
    step_fails("Romeo's type is c2s\n", 0, "Romeo's type is unset; expected c2s (there is no session)");
}

static void presence_in_the_server_is_matched_like_a_stanza(void **state)
{
    (void)state;
#define AWAY IN "Romeo sends:\n\t<presence><show>away</show></presence>\n"
    passes(CAST AWAY "Romeo's presence is:\n\t<presence><show>away</show></presence>\n"
                     "Romeo sends:\n\t<presence type='unavailable'/>\nRomeo's presence is unset\n");
    step_fails(AWAY "Romeo's presence is:\n\t<presence><show>dnd</show></presence>\n", 3,
               "Romeo's presence in the server differs");
    step_fails(AWAY "Romeo's presence is unset\n", 3, "Romeo's presence in the server differs");
    step_fails(IN "Romeo's presence is:\n\t<presence/>\n", 1, "Romeo's presence in the server differs");
}

static void sessions_are_counted_by_account(void **state)
{
    (void)state;
    passes(CAST "Romeo has 0 sessions\n" IN "Romeo has 1 session\nromeo@localhost has 1 session\n"
                "juliet@localhost has 0 sessions\n");
    step_fails(IN "Romeo has 2 sessions\n", 1, "romeo@localhost has 1 bound sessions; expected 2");
    step_fails(IN "juliet@localhost has 1 session\n", 1, "juliet@localhost has 0 bound sessions; expected 1");
}

/* ---- Rosters ---- */

#define ROSTER                                                                                               \
    "[Roster] romeo@localhost\n"                                                                             \
    "\tjuliet@localhost: both, name \"Juliet\", group \"A\", group \"B\"\n"                                  \
    "\tnurse@localhost: none, ask\n"                                                                         \
    "\tparis@localhost: none, pending\n"
#define IS     "Romeo's roster is:\n"
#define JULIET "\tjuliet@localhost: both, name \"Juliet\", group \"A\", group \"B\"\n"
#define NURSE  "\tnurse@localhost: none, ask\n"
#define PARIS  "\tparis@localhost: none, pending\n"

static void a_roster_is_compared_item_by_item(void **state)
{
    (void)state;
    passes(ROSTER CAST IN IS JULIET NURSE PARIS);
    passes(ROSTER CAST IN IS PARIS
           "\tjuliet@localhost: both, group \"B\", group \"A\", name \"Juliet\"\n" NURSE);
}

static void a_roster_fails_with_the_first_item_that_differs(void **state)
{
    (void)state;
    static const char got[] = "juliet@localhost: both, name \"Juliet\", group \"A\", group \"B\"";
    static const char *const others[] = {
        "juliet@localhost: to, name \"Juliet\", group \"A\", group \"B\"",
        "juliet@localhost: both, ask, name \"Juliet\", group \"A\", group \"B\"",
        "juliet@localhost: both, pending, name \"Juliet\", group \"A\", group \"B\"",
        "juliet@localhost: both, name \"Julia\", group \"A\", group \"B\"",
        "juliet@localhost: both, group \"A\", group \"B\"",
        "juliet@localhost: both, name \"Juliet\", group \"A\"",
        "juliet@localhost: both, name \"Juliet\", group \"A\", group \"C\"",
        "juliet@localhost: both, name \"Juliet\", group \"A\", group \"B\", group \"C\"",
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        char text[1000];
        char summary[400];
        (void)snprintf(text, sizeof text, ROSTER CAST IN IS "\t%s\n" NURSE PARIS, others[i]);
        (void)snprintf(summary, sizeof summary, "Romeo's roster differs: expected [%s], got [%s]", others[i],
                       got);
        fails(text, FIRST_STEP + 5, summary);
    }
}

static void a_roster_has_neither_more_nor_fewer_items(void **state)
{
    (void)state;
    fails(ROSTER CAST IN IS JULIET NURSE, FIRST_STEP + 5,
          "Romeo's roster differs: expected [no such contact], got [paris@localhost: none, pending]");
    fails(ROSTER CAST IN IS JULIET NURSE PARIS "\ttybalt@localhost: none\n", FIRST_STEP + 5,
          "Romeo's roster differs: expected [tybalt@localhost: none], got [no such contact]");
    fails(ROSTER CAST IN "Romeo's roster is empty\n", FIRST_STEP + 5,
          "Romeo's roster differs: expected [no such contact], got [juliet@localhost: both, name \"Juliet\", "
          "group \"A\", group \"B\"]");
}

static void a_roster_is_there_from_binding_on(void **state)
{
    (void)state;
    passes(CAST LOGGED "Romeo's roster is unset\nRomeo binds\nRomeo's roster is empty\n");
    step_fails(LOGGED "Romeo's roster is empty\n", 4, "Romeo's roster is unset");
    step_fails(IN "Romeo's roster is unset\n", 1, "Romeo's roster is loaded");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_with_an_account_logs_in_and_out),
        cmocka_unit_test(a_client_without_an_account_does_not_log_in),
        cmocka_unit_test(every_step_of_a_login_may_be_taken_separately),
        cmocka_unit_test(a_step_that_needs_a_connection_fails_without_one),
        cmocka_unit_test(an_exchange_must_succeed),
        cmocka_unit_test(an_exchange_that_must_fail_fails_as_it_must),
        cmocka_unit_test(binding_succeeds_or_is_refused),
        cmocka_unit_test(a_stream_error_is_not_a_refusal),
        cmocka_unit_test(the_servers_header_has_the_attributes_that_it_must),
        cmocka_unit_test(a_header_may_have_other_attributes_than_the_usual),
        cmocka_unit_test(features_are_matched_like_stanzas),
        cmocka_unit_test(a_stream_error_is_expected_by_its_condition),
        cmocka_unit_test(a_stream_error_that_no_step_expects_fails),
        cmocka_unit_test(the_end_of_the_stream_is_received),
        cmocka_unit_test(a_connection_is_open_or_closed),
        cmocka_unit_test(an_idle_client_is_disconnected_before_login),
        cmocka_unit_test(a_session_is_what_its_predicates_say),
        cmocka_unit_test(a_session_has_the_properties_of_the_seed_document),
        cmocka_unit_test(presence_in_the_server_is_matched_like_a_stanza),
        cmocka_unit_test(sessions_are_counted_by_account),
        cmocka_unit_test(a_roster_is_compared_item_by_item),
        cmocka_unit_test(a_roster_fails_with_the_first_item_that_differs),
        cmocka_unit_test(a_roster_has_neither_more_nor_fewer_items),
        cmocka_unit_test(a_roster_is_there_from_binding_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

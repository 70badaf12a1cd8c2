/*
 * An iq request is answered, and answered once (RFC 6120, 8.2.3): wrong servers, and correct runs with
 * excuses; and other checks of a client's own stanzas.
 */
#include "liar.h"
#include "player_rig.h"

static struct player_result run_lying(struct lie what, const char *text)
{
    lie = what;
    struct player_result result = run_as(text, &(struct player_options){ .kind = &liar_open });
    lie = (struct lie){ 0 };
    return result;
}

static void is_caught_as(struct lie what, const char *text, const char *check, const char *detail)
{
    struct player_result result = run_lying(what, text);
    assert_false(result.passed);
    if (result.check == NULL || strstr(result.summary, detail) == NULL)
        print_error("%s\n", result.summary);
    assert_string_equal(result.check, check);
    assert_non_null(strstr(result.summary, detail));
    player_result_free(&result);
}

static void is_caught(struct lie what, const char *text, const char *detail)
{
    is_caught_as(what, text, "requests-are-answered", detail);
}

/* What passes the server's border shows it, whatever the client sees. */
static void is_never_answered(struct lie what, const char *text)
{
    is_caught_as(what, text, "each-request-is-answered",
                 "a request to its own account came in, and no answer has left");
}

static void goes_unnoticed(struct lie what, const char *text)
{
    struct player_result result = run_lying(what, text);
    if (!result.passed)
        print_error("%s", result.explanation);
    assert_true(result.passed);
    player_result_free(&result);
}

/* Where a stranger may ask a resource something (RFC 6121, 8.5.3.1). */
#define OPEN_HOUSE "[Server]\n\tiq from strangers: yes\n"

static const struct lie honest = { .refuse = false };

enum { ROMEO, JULIET };

#define BOTH  "Romeo connects\nJuliet connects\n"
#define PINGS "Romeo sends:\n\t<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>\n"
#define PINGS_TO(jid)                                                                                        \
    "Romeo sends:\n\t<iq type='get' id='p' to='" jid "'><ping xmlns='urn:xmpp:ping'/></iq>\n"
#define JULIET_ANSWERS "Juliet sends:\n\t<iq type='result' id='p' to='romeo@localhost/orchard'/>\n"
#define PRESENT        "Romeo sends:\n\t<presence/>\n"

/* ---- Answered ---- */

static void a_request_must_be_answered(void **state)
{
    (void)state;
    const struct lie mute = { .to = ROMEO, .swallow = "id='p'" };
    is_never_answered(mute, OPEN_HOUSE CAST BOTH PINGS);
    is_caught(mute, OPEN_HOUSE CAST BOTH PINGS_TO("localhost"),
              "the request p of Romeo to localhost was not answered");
    is_never_answered(mute, OPEN_HOUSE CAST BOTH PINGS_TO("romeo@localhost"));
    is_caught(mute, OPEN_HOUSE CAST BOTH PINGS_TO("juliet@localhost"),
              "to juliet@localhost was not answered");
    is_caught(mute, OPEN_HOUSE CAST BOTH PINGS_TO("nobody@localhost"),
              "to nobody@localhost was not answered");
    /* There is no client to which it could be delivered. */
    is_caught(mute, OPEN_HOUSE CAST BOTH PINGS_TO("juliet@localhost/x"),
              "to juliet@localhost/x was not answered");
    is_caught(mute, OPEN_HOUSE CAST BOTH PINGS_TO("elsewhere.lit"), "to elsewhere.lit was not answered");
}

static void a_set_is_a_request_as_well(void **state)
{
    (void)state;
    is_never_answered((struct lie){ .to = ROMEO, .swallow = "id='c'" }, OPEN_HOUSE CAST BOTH
                      "Romeo sends:\n\t<iq type='set' id='c'><enable xmlns='urn:xmpp:carbons:2'/></iq>\n");
}

static void an_error_is_an_answer(void **state)
{
    (void)state;
    goes_unnoticed(honest, OPEN_HOUSE CAST BOTH PINGS_TO("nobody@localhost") PINGS_TO("elsewhere.lit"));
    goes_unnoticed(honest, OPEN_HOUSE CAST BOTH PINGS_TO("juliet@localhost/x"));
    goes_unnoticed(honest,
                   OPEN_HOUSE CAST BOTH "Romeo sends:\n\t<iq type='get' id='p' to='@'><x xmlns='y'/></iq>\n");
}

/* A request delivered to another client may be answered by it at any time and any number of times. */
static void a_client_need_not_answer_a_request(void **state)
{
    (void)state;
    goes_unnoticed(honest, OPEN_HOUSE CAST BOTH PINGS_TO("juliet@localhost/balcony"));
    goes_unnoticed(honest,
                   OPEN_HOUSE CAST BOTH PINGS_TO("juliet@localhost/balcony") JULIET_ANSWERS JULIET_ANSWERS);
    goes_unnoticed(honest, OPEN_HOUSE CAST BOTH PINGS_TO("romeo@localhost/orchard"));
    is_caught((struct lie){ .to = JULIET, .swallow = "id='p'" },
              OPEN_HOUSE CAST BOTH PINGS_TO("juliet@localhost/balcony"),
              "the request p of Romeo to juliet@localhost/balcony was not answered");
}

/* Nor does an answer of a client without a request count as the server's answer. */
static void only_the_recipient_answers(void **state)
{
    (void)state;
    is_caught((struct lie){ .to = ROMEO, .swallow = "type='result' id='p'" },
              OPEN_HOUSE CAST BOTH
              "At the same time:\n"
              "\tRomeo sends:\n\t\t<iq type='get' id='p' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>\n"
              "\tJuliet sends:\n\t\t<iq type='error' id='p' to='romeo@localhost/orchard'/>\n",
              "the request p of Romeo to localhost was not answered");
    goes_unnoticed(honest, OPEN_HOUSE CAST BOTH PINGS JULIET_ANSWERS);
}

/* ---- Once ---- */

static void a_request_must_not_be_answered_twice(void **state)
{
    (void)state;
    static const char result[] = "<iq type='result' id='p' to='romeo@localhost/orchard'/>";
    static const char error[] = "<iq type='error' id='p' to='romeo@localhost/orchard'/>";
    static const char unasked[] = "no request with its id came in that was not answered";
    is_caught_as((struct lie){ .to = ROMEO, .seen = "id='p'", .add = result, .add_to = ROMEO },
                 OPEN_HOUSE CAST BOTH PINGS, "answers-have-requests", unasked);
    is_caught_as((struct lie){ .to = ROMEO, .seen = "id='p'", .add = error, .add_to = ROMEO },
                 OPEN_HOUSE CAST BOTH PINGS, "answers-have-requests", unasked);
    /* Also when the second arrives long after the first. */
    is_caught_as((struct lie){ .to = ROMEO, .seen = "<presence", .add = result, .add_to = ROMEO },
                 OPEN_HOUSE CAST BOTH PINGS PRESENT, "answers-have-requests", unasked);
    /* In the name of another account. */
    is_caught((struct lie){ .to = ROMEO,
                            .seen = "id='p'",
                            .add = "<iq type='error' id='p' from='juliet@localhost'/>",
                            .add_to = ROMEO },
              OPEN_HOUSE CAST BOTH PINGS_TO("juliet@localhost"),
              "the request p of Romeo was answered 2 times");
}

/* Then it is unknown to the client which of them was answered. */
static void an_id_that_was_used_again_says_nothing(void **state)
{
    (void)state;
    goes_unnoticed(honest, OPEN_HOUSE CAST BOTH PINGS PINGS);
    goes_unnoticed((struct lie){ .to = ROMEO, .swallow = "id='p'" }, OPEN_HOUSE CAST BOTH
                   "Romeo sends:\n"
                   "\t<iq type='get' id='p' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>\n"
                   "\t<iq type='get' id='p' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>\n");
}

/* ---- Excused ---- */

/* RFC 6120, 8.2.3: an iq without a known type is answered with an error. */
static void an_id_of_what_is_no_request_says_nothing(void **state)
{
    (void)state;
    static const char wrong[] = "Romeo sends:\n\t<iq type='chat' id='p'><ping xmlns='urn:xmpp:ping'/></iq>\n"
                                "Romeo sends:\n\t<iq id='p'><ping xmlns='urn:xmpp:ping'/></iq>\n";
    char text[2048];
    (void)snprintf(text, sizeof text, "%s%s%s", OPEN_HOUSE CAST BOTH PINGS, wrong, PINGS);
    goes_unnoticed(honest, text);
    (void)snprintf(text, sizeof text, "%s%s%s", OPEN_HOUSE CAST BOTH, wrong, PINGS);
    goes_unnoticed(honest, text);
}

/* The rest of what it wrote may be a request as well. */
static void what_a_client_writes_in_pieces_may_be_a_request(void **state)
{
    (void)state;
    goes_unnoticed(honest, OPEN_HOUSE CAST BOTH PINGS
                   "Romeo sends raw \"<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/>\"\n"
                   "Romeo sends raw \"</iq>\"\n");
    is_caught((struct lie){ .to = ROMEO, .swallow = "id='p'" },
              OPEN_HOUSE CAST BOTH PINGS_TO("localhost") "Romeo sends raw \"<iq type='get' id='q'>\"\n",
              "the request p of Romeo to localhost was not answered");
}

static void what_was_asked_on_a_connection_that_ended_is_not_owed(void **state)
{
    (void)state;
    goes_unnoticed(honest,
                   OPEN_HOUSE CAST BOTH "At the same time:\n"
                                        "\tRomeo sends:\n"
                                        "\t\t<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>\n"
                                        "\tRomeo drops the connection\n"
                                        "\tRomeo connects\n" PINGS);
}

static void what_is_held_up_is_owed_once_it_flows(void **state)
{
    (void)state;
    const struct lie mute = { .to = ROMEO, .swallow = "id='p'" };
    goes_unnoticed(honest, OPEN_HOUSE CAST BOTH "Romeo's link dies silently\n" PINGS "Romeo's link heals\n");
    goes_unnoticed(mute, OPEN_HOUSE CAST BOTH "Romeo stops reading\n" PINGS_TO("localhost"));
    is_caught(mute, OPEN_HOUSE CAST BOTH "Romeo stops reading\n" PINGS_TO("localhost") "Romeo reads again\n",
              "was not answered");
    is_never_answered(mute, OPEN_HOUSE CAST BOTH "Romeo stops reading\n" PINGS);
}

/* It is in a queue, or was lost with the connection of the recipient. */
static void a_request_without_a_client_to_answer_is_excused(void **state)
{
    (void)state;
    goes_unnoticed(honest,
                   OPEN_HOUSE CAST BOTH "Juliet's link dies silently\n" PINGS_TO("juliet@localhost/balcony"));
    goes_unnoticed(honest, OPEN_HOUSE CAST BOTH
                   "Juliet enables stream management\nJuliet drops the connection\n" PINGS_TO(
                       "juliet@localhost/balcony"));
    goes_unnoticed(honest, OPEN_HOUSE CAST BOTH "At the same time:\n"
                                                "\tRomeo sends:\n"
                                                "\t\t<iq type='get' id='p' to='juliet@localhost/balcony'>"
                                                "<ping xmlns='urn:xmpp:ping'/></iq>\n"
                                                "\tJuliet drops the connection\n");
}

/* ---- Copies (XEP-0280) ---- */

#define SENT_COPY(content)                                                                                   \
    "<message from='romeo@localhost'><sent xmlns='urn:xmpp:carbons:2'>" content "</sent></message>"
#define FORWARDED                                                                                            \
    "<forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='romeo@localhost/orchard'>"   \
    "<body>O</body><delay xmlns='urn:xmpp:delay' from='localhost' stamp='2001-01-01T00:00:00Z'/>"            \
    "</message></forwarded>"
#define SAYS_O(who, to) who " sends:\n\t<message to='" to "'><body>O</body></message>\n"
#define WANTS_COPIES                                                                                         \
    "Romeo sends:\n\t<iq type='set' id='c'><enable xmlns='urn:xmpp:carbons:2'/></iq>\n" PRESENT

static void no_client_gets_a_copy_of_its_own_message(void **state)
{
    (void)state;
    static const char copy[] = SENT_COPY(FORWARDED);
    is_caught_as((struct lie){ .to = ROMEO, .seen = "<presence", .add = copy, .add_to = ROMEO },
                 OPEN_HOUSE CAST BOTH SAYS_O("Romeo", "juliet@localhost/balcony") WANTS_COPIES,
                 "copies-are-for-others",
                 "romeo@localhost/orchard received a copy of a message that it sent itself");
}

/* Of another resource; and what another account makes look like one. */
static void other_copies_are_fine(void **state)
{
    (void)state;
    goes_unnoticed(honest, OPEN_HOUSE
                   "[Client] Phone\n\tjid: romeo@localhost/phone\n\tpassword: secret\n" CAST BOTH WANTS_COPIES
                   "Phone connects\n" SAYS_O("Phone", "juliet@localhost/balcony"));
    goes_unnoticed(
        honest, OPEN_HOUSE CAST BOTH WANTS_COPIES
        "Juliet sends:\n\t<message to='romeo@localhost/orchard'><sent xmlns='urn:xmpp:carbons:2'>" FORWARDED
        "</sent></message>\n");
}

/* It is of no message that came in. */
static void a_copy_of_nothing_came_from_nowhere(void **state)
{
    (void)state;
    is_caught_as((struct lie){ .to = ROMEO, .seen = "<presence", .add = SENT_COPY(""), .add_to = ROMEO },
                 OPEN_HOUSE CAST BOTH WANTS_COPIES, "what-leaves-came-in", "nothing came in from its sender");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_must_be_answered),
        cmocka_unit_test(a_set_is_a_request_as_well),
        cmocka_unit_test(an_error_is_an_answer),
        cmocka_unit_test(a_client_need_not_answer_a_request),
        cmocka_unit_test(only_the_recipient_answers),
        cmocka_unit_test(a_request_must_not_be_answered_twice),
        cmocka_unit_test(an_id_that_was_used_again_says_nothing),
        cmocka_unit_test(an_id_of_what_is_no_request_says_nothing),
        cmocka_unit_test(what_a_client_writes_in_pieces_may_be_a_request),
        cmocka_unit_test(what_was_asked_on_a_connection_that_ended_is_not_owed),
        cmocka_unit_test(what_is_held_up_is_owed_once_it_flows),
        cmocka_unit_test(a_request_without_a_client_to_answer_is_excused),
        cmocka_unit_test(no_client_gets_a_copy_of_its_own_message),
        cmocka_unit_test(other_copies_are_fine),
        cmocka_unit_test(a_copy_of_nothing_came_from_nowhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* When requests for a subscription leave, on servers that keep to it and that do not: RFC 6121, 3.1.3. */
#include "liar_rig.h"

#define CHECKS  "## checks only\n"
#define NAME    "requests-leave-until-answered"
#define BALCONY "juliet@localhost/balcony"
#define REQUEST "<presence from='romeo@localhost' to='juliet@localhost' type='subscribe'/>"
#define ASKED   "Romeo sends:\n\t<presence to='juliet@localhost' type='subscribe'/>\n"
#define WAITING "[Roster] juliet@localhost\n\tromeo@localhost: none, pending\n"

static void is_noticed(struct lie what, const char *text, const char *detail)
{
    is_caught_by(&liar_shut, what, text, NAME, detail);
}

static void is_accepted(struct lie what, const char *text)
{
    goes_unnoticed(&liar_shut, what, text);
}

static const struct lie honest = { .refuse = false };
static const struct lie lost = { .to = JULIET, .swallow = "'subscribe'" };

static void a_new_request_leaves_to_the_available(void **state)
{
    (void)state;
    is_accepted(honest, CHECKS CAST BOTH COMES("Juliet") ASKED);
    is_accepted(honest, CHECKS CAST BOTH ASKED);
    is_noticed(lost, CHECKS CAST BOTH COMES("Juliet") ASKED,
               "the request of romeo@localhost waits, and did not leave to " BALCONY ", which is available");
    /* Nobody is there to get it. */
    is_accepted(lost, CHECKS CAST BOTH ASKED);
    is_accepted(lost, CHECKS CAST BOTH COMES("Juliet") GOES("Juliet") ASKED);
}

static void a_request_that_waits_leaves_to_who_becomes_available(void **state)
{
    (void)state;
    is_accepted(honest, WAITING CHECKS CAST BOTH COMES("Juliet") GOES("Juliet") COMES("Juliet"));
    is_noticed(lost, WAITING CHECKS CAST BOTH COMES("Juliet"), "the request of romeo@localhost waits");
    is_noticed(lost, CHECKS CAST BOTH ASKED COMES("Juliet"), "the request of romeo@localhost waits");
    /* One that is answered does not wait. */
    is_accepted(lost, WAITING CHECKS CAST BOTH
                "Juliet sends:\n\t<presence to='romeo@localhost' type='unsubscribed'/>\n" COMES("Juliet"));
}

static void a_request_has_a_reason(void **state)
{
    (void)state;
    static const struct lie more = { .to = JULIET, .seen = "<iq", .add = REQUEST, .add_to = JULIET };
    struct lie told = more;
    told.seen = "type='result' id='q'";
#define ASKS_LATER                                                                                           \
    "Juliet sends:\n\t<iq type='get' id='q' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>\n"
    is_noticed(told, WAITING CHECKS CAST BOTH COMES("Juliet") ASKS_LATER,
               "it is not new, and the resource has not become available");
    told.seen = "'subscribe'";
    is_noticed(told, WAITING CHECKS CAST BOTH COMES("Juliet"),
               "it is not new, and has left since the resource became available");
    /* A second one of the same sender is delivered or not. */
    is_accepted(honest, CHECKS CAST BOTH COMES("Juliet") ASKED ASKED);
#undef ASKS_LATER
}

/* XEP-0191, 3.3: one of a sender that is blocked is not delivered. */
static void what_is_blocked_may_wait(void **state)
{
    (void)state;
    is_accepted(honest,
                WAITING "[Blocklist] juliet@localhost\n\tromeo@localhost\n" CHECKS CAST BOTH COMES("Juliet"));
}

/* A server need not send faster than is read (XEP-0198, 4). */
static void what_is_not_acknowledged_may_wait(void **state)
{
    (void)state;
    is_accepted(lost, WAITING CHECKS CAST BOTH
                "Juliet enables stream management\nJuliet stops answering\n" COMES("Juliet"));
}

static void a_resumed_session_is_owed_what_came(void **state)
{
    (void)state;
    is_accepted(honest, CHECKS CAST BOTH "Juliet enables stream management\n" COMES(
                            "Juliet") "Juliet drops the connection\n" ASKED "Juliet resumes\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_request_leaves_to_the_available),
        cmocka_unit_test(a_request_that_waits_leaves_to_who_becomes_available),
        cmocka_unit_test(a_request_has_a_reason),
        cmocka_unit_test(what_is_blocked_may_wait),
        cmocka_unit_test(what_is_not_acknowledged_may_wait),
        cmocka_unit_test(a_resumed_session_is_owed_what_came),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

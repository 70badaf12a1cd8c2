/* What became of each message, against a server that loses one: RFC 6121, 8.5; XEP-0160, 3; XEP-0198, 5. */
#include "liar_rig.h"

#define CHECKS  "## checks only\n"
#define BALCONY "juliet@localhost/balcony"
#define SAYS(attributes, body)                                                                               \
    "Romeo sends:\n\t<message id='m1' " attributes "><body>Hi</body>" body "</message>\n"
enum { THIRD = 2, FOURTH = 3 };

/* That message is not sent on that link. */
static struct lie lost(int link)
{
    return (struct lie){ .to = link, .swallow = "id='m1'" };
}

static void is_noticed(int link, const char *text, const char *detail)
{
    goes_unnoticed(&liar_shut, (struct lie){ .refuse = false }, text);
    is_caught_by(&liar_shut, lost(link), text, "messages-arrive", detail);
}

/* The question is not asked, or cannot be decided. */
static void is_not_decided(int link, const char *text)
{
    struct player_result result = run_lying(lost(link), &liar_shut, text);
    if (!result.passed)
        assert_string_not_equal(result.check, "messages-arrive");
    player_result_free(&result);
}

static void a_message_leaves_to_a_resource_that_takes_messages(void **state)
{
    (void)state;
    is_noticed(JULIET, CHECKS CAST BOTH COMES("Juliet") SAYS("to='juliet@localhost'", ""),
               "it has left to no resource and was not refused, and " BALCONY
               " takes messages: <message id=\"m1\" to=\"juliet@localhost\"> from " ORCHARD);
    is_noticed(JULIET, CHECKS CAST BOTH COMES("Juliet") SAYS("to='JULIET@localhost' type='chat'", ""),
               "takes messages");
    is_noticed(ROMEO, CHECKS CAST BOTH COMES("Romeo") SAYS("type='normal'", ""), ORCHARD " takes messages");
    /* What is not kept is delivered, too (XEP-0334, 4). */
    is_noticed(JULIET,
               CHECKS CAST BOTH COMES("Juliet")
                   SAYS("to='juliet@localhost'", "<no-store xmlns='urn:xmpp:hints'/>"),
               "takes messages");
}

/* RFC 6121, 8.5.3.1: whether it is available or not; 8.5.3.2.1: chat, to another one. */
static void a_message_to_a_resource(void **state)
{
    (void)state;
    is_noticed(JULIET, CHECKS CAST BOTH SAYS("to='" BALCONY "'", ""), BALCONY " takes messages");
    is_noticed(JULIET, CHECKS CAST BOTH COMES("Juliet") SAYS("to='juliet@localhost/garden' type='chat'", ""),
               BALCONY " takes messages");
    is_not_decided(JULIET, CHECKS CAST BOTH COMES("Juliet") SAYS("to='juliet@localhost/garden'", ""));
}

static void a_message_is_kept_for_the_next_resource(void **state)
{
    (void)state;
    is_noticed(JULIET, CHECKS CAST BOTH SAYS("to='juliet@localhost'", "") COMES("Juliet"),
               BALCONY " takes messages");
    is_noticed(THIRD,
               CHECKS CAST BOTH "Juliet disconnects\n" SAYS(
                   "to='" BALCONY "' type='chat'", "") "Romeo disconnects\nJuliet connects\n" COMES("Juliet"),
               BALCONY " takes messages");
    /* What a server does not keep may be lost (XEP-0334, 4). */
    is_not_decided(JULIET, CHECKS CAST BOTH SAYS("to='juliet@localhost'",
                                                 "<no-store xmlns='urn:xmpp:hints'/>") COMES("Juliet"));
}

/* A session that has not acknowledged it has ended. */
static void a_message_that_was_not_acknowledged(void **state)
{
    (void)state;
#define LOST_ON_A_LINK(how)                                                                                  \
    CHECKS CAST BOTH COMES("Juliet") "Juliet enables stream management\nJuliet stops answering\n" SAYS(      \
        "to='juliet@localhost'", "") how "Juliet connects\n" COMES("Juliet")
    is_noticed(THIRD, LOST_ON_A_LINK("Juliet drops the connection\n1 hour passes\n"),
               BALCONY " takes messages");
    is_noticed(THIRD, LOST_ON_A_LINK("Juliet disconnects\n"), BALCONY " takes messages");
    is_noticed(THIRD, LOST_ON_A_LINK("Juliet drops the connection\n"), BALCONY " takes messages");
    is_not_decided(FOURTH, LOST_ON_A_LINK("The server crashes\nThe server starts again\n"
                                          "Romeo connects\n"));
#undef LOST_ON_A_LINK
}

/* A session whose client closed the stream has ended, so another resource takes what it had. */
static void a_session_that_ended_holds_nothing(void **state)
{
    (void)state;
    is_noticed(THIRD,
               CHECKS "[Client] Nurse\n\tjid: juliet@localhost/phone\n\tpassword: secret\n" CAST BOTH
                   COMES("Juliet") "Juliet enables stream management\nJuliet stops answering\n" SAYS(
                       "to='juliet@localhost'", "") "Juliet disconnects\nNurse connects\n" COMES("Nurse"),
               "juliet@localhost/phone takes messages");
}

static void what_was_acknowledged_leaves_no_more(void **state)
{
    (void)state;
    goes_unnoticed(&liar_shut, lost(THIRD),
                   CHECKS CAST BOTH COMES("Juliet") "Juliet enables stream management\n" SAYS(
                       "to='juliet@localhost'", "") "Juliet acknowledges\nJuliet disconnects\n"
                                                    "Juliet connects\n" COMES("Juliet"));
}

/* The refusal is not sent either (XEP-0191, 3.3: it should be). */
static void is_ignored(const char *text)
{
    const struct lie lie_of_refusal = { .to = ROMEO, .swallow = "type='error'" };
    struct player_result result = run_lying(lie_of_refusal, &liar_shut, text);
    if (!result.passed)
        assert_string_not_equal(result.check, "messages-arrive");
    player_result_free(&result);
}

static void blocked_senders_are_ignored(void **state)
{
    (void)state;
#define BLOCKS(jid)                                                                                          \
    "Juliet sends:\n\t<iq type='set' id='b'><block xmlns='urn:xmpp:blocking'><item jid='" jid                \
    "'/></block></iq>\n"
    is_ignored(CHECKS CAST BOTH COMES("Juliet") BLOCKS("romeo@localhost") SAYS("to='juliet@localhost'", ""));
    is_ignored(CHECKS CAST BOTH COMES("Juliet") BLOCKS("localhost") SAYS("to='juliet@localhost'", ""));
    is_ignored(CHECKS "[Blocklist] juliet@localhost\n\tromeo@localhost\n" CAST BOTH COMES("Juliet")
                   SAYS("to='juliet@localhost'", ""));
    is_noticed(JULIET,
               CHECKS CAST BOTH COMES("Juliet") BLOCKS("romeo@localhost/garden")
                   SAYS("to='juliet@localhost'", ""),
               BALCONY " takes messages");
#undef BLOCKS
}

/* What storage could not load may be missing, and nothing that came in later. */
static void what_could_not_be_loaded_excuses_no_more(void **state)
{
    (void)state;
    static const char text[] =
        CHECKS CAST BOTH SAYS("to='juliet@localhost' type='chat'", "") "The next load fails\n" COMES(
            "Juliet") "Romeo sends:\n\t<message to='juliet@localhost' type='chat' "
                      "id='new'><body>x</body></message>\n";
    goes_unnoticed(&liar_shut, (struct lie){ .refuse = false }, text);
    is_caught_by(&liar_shut, (struct lie){ .to = JULIET, .swallow = "id='new'" }, text, "messages-arrive",
                 BALCONY " takes messages");
}

/* Long messages are kept for Juliet's account.  They fill the link of her second resource, which does not read. */
#define X10(text) text text text text text text text text text text
#define LONG(id)                                                                                             \
    "Romeo sends:\n\t<message to='juliet@localhost' id='" id                                                 \
    "'><body>" X10("${x}${x}${x}") "</body></message>\n"
#define FILLS_A_LINK                                                                                         \
    "[Client] Hall\n\tjid: juliet@localhost/hall\n\tpassword: secret\n[Table]\n\tx\n\t" X10(                 \
        X10("0123456789a")) "\n" CHECKS CAST BOTH "Hall connects\n" LONG("m1") LONG("m2") SAYS_LAST          \
        "Hall stops reading\n" COMES("Hall")
#define SAYS_LAST "Romeo sends:\n\t<message to='juliet@localhost' id='m3'><body>Three</body></message>\n"
#define MAY_SLEEP "Hall enables stream management\nHall drops the connection\n"

/* XEP-0160, 2; RFC 6120, 10.1: each has its turn, and what was on its way leaves again. */
static void what_was_on_its_way_leaves_behind_the_rest(void **state)
{
    (void)state;
    goes_unnoticed(&liar_shut, (struct lie){ .refuse = false },
                   FILLS_A_LINK COMES("Juliet") "Hall drops the connection\n");
    is_caught_by(&liar_shut, (struct lie){ .to = JULIET, .swallow = "id='m3'" },
                 FILLS_A_LINK COMES("Juliet") "Hall drops the connection\n", "messages-arrive",
                 BALCONY " takes messages");
}

/* XEP-0198, 5: that the session can be resumed has not been written. */
static void a_session_that_may_hibernate_may_have_it(void **state)
{
    (void)state;
    goes_unnoticed(&liar_shut, (struct lie){ .refuse = false }, FILLS_A_LINK COMES("Juliet") MAY_SLEEP);
    goes_unnoticed(&liar_shut, (struct lie){ .refuse = false },
                   FILLS_A_LINK MAY_SLEEP SAYS("to='juliet@localhost'", "") COMES("Juliet"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_leaves_to_a_resource_that_takes_messages),
        cmocka_unit_test(a_message_to_a_resource),
        cmocka_unit_test(a_message_is_kept_for_the_next_resource),
        cmocka_unit_test(a_message_that_was_not_acknowledged),
        cmocka_unit_test(a_session_that_ended_holds_nothing),
        cmocka_unit_test(what_was_acknowledged_leaves_no_more),
        cmocka_unit_test(blocked_senders_are_ignored),
        cmocka_unit_test(what_could_not_be_loaded_excuses_no_more),
        cmocka_unit_test(what_was_on_its_way_leaves_behind_the_rest),
        cmocka_unit_test(a_session_that_may_hibernate_may_have_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

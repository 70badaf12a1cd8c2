/*
 * Confirmed changes must be in storage: servers that confirm and do not store, and crashes of correct ones.
 */
#include "liar.h"
#include "player_rig.h"

static struct player_result run_lying(struct lie what, const struct server_kind *kind, const char *text)
{
    lie = what;
    struct player_result result = run_as(text, &(struct player_options){ .kind = kind });
    lie = (struct lie){ 0 };
    return result;
}

static void lie_is_caught_by(struct lie what, const struct server_kind *kind, const char *text,
                             const char *detail)
{
    struct player_result result = run_lying(what, kind, text);
    assert_false(result.passed);
    if (result.check == NULL || strstr(result.summary, detail) == NULL)
        print_error("%s\n", result.summary);
    assert_string_equal(result.check, "durability");
    assert_non_null(strstr(result.summary, detail));
    player_result_free(&result);
}

static void lie_is_caught(struct lie what, const char *text, const char *detail)
{
    lie_is_caught_by(what, &liar_open, text, detail);
    lie_is_caught_by(what, &liar_shut, text, detail);
}

static void is_caught(const char *text, const char *detail)
{
    lie_is_caught((struct lie){ .forget_saves = true }, text, detail);
}

/* Whatever chance does with the writes under way. */
static void holds(const char *text)
{
    for (uint64_t seed = 0; seed < 40; seed++)
        passes_as(text, &(struct player_options){ .policy = seed == 0 ? CHOICE_SCRIPTED : CHOICE_SEEDED,
                                                  .seed = seed });
}

#define IN                  "Romeo connects\n"
#define ASKS(id, child)     "Romeo sends:\n\t<iq type='set' id='" id "'>" child "</iq>\n"
#define ROSTER(item)        "<query xmlns='jabber:iq:roster'>" item "</query>"
#define NURSE               "<item jid='nurse@localhost' name='Nurse'><group>Servants</group></item>"
#define GETS                "Romeo sends:\n\t<iq type='get' id='g'>" ROSTER("") "</iq>\n"
#define BLOCK(jid)          "<block xmlns='urn:xmpp:blocking'><item jid='" jid "'/></block>"
#define UNBLOCK(jid)        "<unblock xmlns='urn:xmpp:blocking'><item jid='" jid "'/></unblock>"
#define UNBLOCK_ALL         "<unblock xmlns='urn:xmpp:blocking'/>"
#define REGISTER(children)  "<query xmlns='jabber:iq:register'>" children "</query>"
#define PASSWORD(password)  REGISTER("<username>romeo</username><password>" password "</password>")
#define CRASH               "The server crashes\nThe server starts again\n"
#define CRASHES_DURING(nth) "The server crashes during the " nth " save from now\n"

static void a_roster_item_must_be_stored(void **state)
{
    (void)state;
    is_caught(CAST IN ASKS("1", ROSTER(NURSE)),
              "the server confirmed to romeo@localhost that the roster item nurse@localhost is saved, "
              "but storage differs");
    is_caught(
        "[Roster] romeo@localhost\n\tnurse@localhost: none, name \"Angelica\", group \"Servants\"\n" CAST IN
            ASKS("1", ROSTER(NURSE)),
        "the roster item nurse@localhost is saved");
    is_caught("[Roster] romeo@localhost\n\tnurse@localhost: none, name \"Nurse\", group \"Old\"\n" CAST IN
                  ASKS("1", ROSTER(NURSE)),
              "the roster item nurse@localhost is saved");
}

static void a_roster_item_that_is_gone_must_be_gone(void **state)
{
    (void)state;
    is_caught("[Roster] romeo@localhost\n\tnurse@localhost: none\n" CAST IN ASKS(
                  "1", ROSTER("<item jid='nurse@localhost' subscription='remove'/>")),
              "the roster item nurse@localhost is gone");
}

/* Storage is read again although it has not changed, because a new change was confirmed. */
static void changes_confirmed_later_must_be_stored_too(void **state)
{
    (void)state;
    const struct lie push = {
        .seen = "id='p'",
        .add = "<iq type='set' id='push'><query xmlns='jabber:iq:roster' ver='7'>"
               "<item jid='juliet@localhost' subscription='both'/></query></iq>",
    };
    /* RFC 6121, 2.1.6 and 2.6: of a push the version is known, of whatever it tells. */
    lie_is_caught(push,
                  FRIENDS CAST IN GETS
                  "Romeo sends:\n\t<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>\n",
                  "Romeo has version 7 of its roster, but storage has version 1");
    const struct lie result = { .deaf = "id=\"2\"", .reply = "<iq type='result' id='2'/>" };
    lie_is_caught(result,
                  CAST IN ASKS("1", ROSTER(NURSE))
                      ASKS("2", ROSTER("<item jid='nurse@localhost' name='Angelica'/>")),
                  "the roster item nurse@localhost is saved");
}

/* RFC 6121, 3.1.2: the request creates the item again, while the client does not know yet that it was
 * removed. */
static void what_a_subscription_changes_meanwhile_is_not_promised(void **state)
{
    (void)state;
    holds("[Roster] romeo@localhost\n\tnurse@localhost: none\n" CAST IN "Romeo stops reading\n" ASKS(
        "1", ROSTER("<item jid='nurse@localhost' subscription='remove'/>")) "Romeo sends:\n"
                                                                            "\t<presence "
                                                                            "to='nurse@localhost' "
                                                                            "type='subscribe'/>\n"
                                                                            "Romeo reads again\n");
}

/* With inspection, a list that is not stored is found, whatever was confirmed. */
static void a_block_must_be_stored(void **state)
{
    (void)state;
    lie_is_caught_by((struct lie){ .forget_saves = true }, &liar_shut,
                     CAST IN ASKS("1", BLOCK("tybalt@localhost")), "the block of tybalt@localhost is saved");
    is_caught(
        "[Blocklist] romeo@localhost\n\ttybalt@localhost\n" CAST IN ASKS("1", UNBLOCK("tybalt@localhost")),
        "the block of tybalt@localhost is gone");
}

/* XEP-0191, 3.5: two clients of an account, one of which unblocks all JIDs, and is handled after the
 * other. */
static void a_block_during_an_unblock_of_all_may_be_stored_or_not(void **state)
{
    (void)state;
    holds("[Client] Phone\n\tjid: romeo@localhost/phone\n\tpassword: secret\n" CAST IN "Phone connects\n"
          "Phone's link takes 1 second\n"
          "At the same time:\n"
          "\tPhone sends:\n\t\t<iq type='set' id='u'>" UNBLOCK_ALL "</iq>\n"
          "\tRomeo sends:\n\t\t<iq type='set' id='b'>" BLOCK("tybalt@localhost") "</iq>\n");
}

static void a_password_must_be_stored(void **state)
{
    (void)state;
    is_caught(CAST IN ASKS("1", PASSWORD("rosaline")),
              "the server confirmed to romeo@localhost that the password is saved, but storage differs");
}

static void an_account_that_is_gone_must_be_gone(void **state)
{
    (void)state;
    is_caught(CAST IN ASKS("1", REGISTER("<remove/>")),
              "the server confirmed to romeo@localhost that the account is gone");
}

/* ---- Changes confirmed by a correct server survive crashes ---- */

static void a_confirmed_change_survives_a_crash(void **state)
{
    (void)state;
    holds(CAST IN GETS ASKS("1", ROSTER(NURSE)) ASKS("2", BLOCK("tybalt@localhost"))
              ASKS("3", PASSWORD("secret"))
                  CRASH IN GETS ASKS("4", ROSTER("<item jid='nurse@localhost' subscription='remove'/>"))
                      ASKS("5", UNBLOCK_ALL) CRASH);
    holds(CAST IN ASKS("1", ROSTER(NURSE))
              ASKS("2", REGISTER("<remove/>")) "Romeo receives stream error not-authorized\n" CRASH);
}

/* A write under way may be stored or not, because it was not confirmed. */
static void an_unconfirmed_change_may_be_stored_or_not(void **state)
{
    (void)state;
    holds(CAST IN GETS ASKS("1", ROSTER(NURSE)) CRASHES_DURING("1st")
              ASKS("2", ROSTER("<item jid='nurse@localhost' subscription='remove'/>")) "The server starts "
                                                                                       "again\n" IN GETS);
    holds(CAST IN ASKS("1", BLOCK("tybalt@localhost")) CRASHES_DURING("1st")
              ASKS("2", UNBLOCK_ALL) "The server starts again\n" IN);
    holds(CAST IN CRASHES_DURING("1st") ASKS("1", PASSWORD("rosaline")) "The server starts again\n");
    holds(CAST IN CRASHES_DURING(
        "2nd") "Romeo sends:\n"
               "\t<iq type='set' id='1'>" ROSTER(
                   "<item jid='a@localhost'/>") "</iq>\n"
                                                "\t<iq type='set' id='2'>" ROSTER(
                                                    "<item jid='b@localhost'/>") "</iq>\n"
                                                                                 "The server starts "
                                                                                 "again\n" IN GETS);
}

/* A refused request confirms nothing; neither does one whose save failed. */
static void what_was_refused_is_no_promise(void **state)
{
    (void)state;
    holds(CAST IN "The next save fails\n" ASKS("1", ROSTER(NURSE)) ASKS("2", BLOCK("tybalt@localhost"))
              CRASH);
}

/* Of several concurrent requests it is unknown which was last. */
static void what_several_asked_for_at_the_same_time_is_no_promise(void **state)
{
    (void)state;
#define SETS(who, name)                                                                                      \
    "\t" who                                                                                                 \
    " sends:\n\t\t<iq type='set' id='1'>" ROSTER("<item jid='nurse@localhost' name='" name "'/>") "</iq>\n"
    holds("[Client] Romeo's phone\n\tjid: romeo@localhost/phone\n\tpassword: secret\n" CAST IN
          "Romeo's phone connects\nAt the same time:\n" SETS("Romeo", "Nurse")
              SETS("Romeo's phone", "Angelica") CRASH);
}

/* ---- Messages ---- */

/* XEP-0160, 2: a message that is stored while no resource is available stays stored. */
static void a_kept_message_must_not_vanish_in_a_crash(void **state)
{
    (void)state;
    holds(CAST IN "Romeo sends:\n\t<message id='m' to='juliet@localhost'><body>hist</body></message>\n" CRASH
                  "juliet@localhost has 1 offline message\n"
                  "Juliet connects\nJuliet sends:\n\t<presence/>\n"
                  "juliet@localhost has 0 offline messages\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_roster_item_must_be_stored),
        cmocka_unit_test(a_roster_item_that_is_gone_must_be_gone),
        cmocka_unit_test(changes_confirmed_later_must_be_stored_too),
        cmocka_unit_test(what_a_subscription_changes_meanwhile_is_not_promised),
        cmocka_unit_test(a_block_must_be_stored),
        cmocka_unit_test(a_block_during_an_unblock_of_all_may_be_stored_or_not),
        cmocka_unit_test(a_password_must_be_stored),
        cmocka_unit_test(an_account_that_is_gone_must_be_gone),
        cmocka_unit_test(a_confirmed_change_survives_a_crash),
        cmocka_unit_test(an_unconfirmed_change_may_be_stored_or_not),
        cmocka_unit_test(what_was_refused_is_no_promise),
        cmocka_unit_test(what_several_asked_for_at_the_same_time_is_no_promise),
        cmocka_unit_test(a_kept_message_must_not_vanish_in_a_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

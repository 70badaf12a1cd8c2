/* Who must be told that a resource has left, on servers that do so and that do not: RFC 6121, 4.5.2; XEP-0012, 4. */
#include "liar_rig.h"

#define CHECKS    "## checks only\n"
#define SIGHTS    "leaves-reach-who-saw"
#define NOTED     "the-last-activity-is-noted"
#define BALCONY   "juliet@localhost/balcony"
#define ENDS(who) who " disconnects\n"

static void is_accepted(struct lie what, const char *text)
{
    goes_unnoticed(&liar_shut, what, text);
}

static const struct lie honest = { .refuse = false };
static const struct lie lost = { .to = JULIET, .swallow = "'unavailable'" };

static void is_noticed(const char *text)
{
    is_accepted(honest, text);
    is_caught_by(&liar_shut, lost, text, SIGHTS,
                 BALCONY " was told that " ORCHARD " is available, and not that it is no more");
}

/* It is not asked, or not decided. */
static void is_not_decided(const char *text)
{
    struct player_result result = run_lying(lost, &liar_shut, text);
    if (!result.passed)
        assert_string_not_equal(result.check, SIGHTS);
    player_result_free(&result);
}

static void who_was_told_is_told_of_the_end(void **state)
{
    (void)state;
    is_noticed(FRIENDS CHECKS CAST BOTH COMES("Juliet") COMES("Romeo") GOES("Romeo"));
    is_noticed(FRIENDS CHECKS CAST BOTH COMES("Juliet") COMES("Romeo") ENDS("Romeo"));
    is_noticed(FRIENDS CHECKS CAST BOTH COMES("Juliet") COMES("Romeo") "Romeo drops the connection\n");
    /* Also the other resources of the account. */
    is_noticed("[Client] Third\n\tjid: juliet@localhost/hall\n\tpassword: secret\n" FRIENDS CHECKS CAST BOTH
                   COMES("Juliet") COMES("Romeo") GOES("Romeo"));
}

static void who_was_not_told_need_not_be(void **state)
{
    (void)state;
    is_not_decided(CHECKS CAST BOTH COMES("Juliet") COMES("Romeo") GOES("Romeo"));
    is_not_decided(FRIENDS CHECKS CAST BOTH COMES("Romeo") GOES("Romeo"));
    is_not_decided(FRIENDS CHECKS CAST BOTH COMES("Juliet") COMES("Romeo") GOES("Juliet") GOES("Romeo"));
    is_not_decided(FRIENDS CHECKS CAST BOTH COMES("Juliet") COMES("Romeo") ENDS("Juliet") ENDS("Romeo"));
}

/* The answer to a probe is remembered by nobody (RFC 6121, 4.3.2). */
static void who_has_probed_need_not_be_told(void **state)
{
    (void)state;
    is_not_decided(FRIENDS CHECKS CAST BOTH COMES(
        "Romeo") "Juliet sends:\n\t<presence to='romeo@localhost' type='probe'/>\n"
                 "At the same time:\n\tRomeo sends:\n\t\t<presence type='unavailable'/>\n"
                 "\tJuliet sends:\n\t\t<presence/>\n");
}

static void a_resource_that_comes_back_is_there(void **state)
{
    (void)state;
    is_not_decided(FRIENDS CHECKS CAST BOTH COMES("Juliet")
                       COMES("Romeo") "Romeo pipelines:\n\tRomeo sends:\n\t\t<presence type='unavailable'/>\n"
                                      "\tRomeo sends:\n\t\t<presence/>\n");
    is_not_decided(FRIENDS CHECKS CAST BOTH "Romeo enables stream management\n" COMES("Juliet")
                       COMES("Romeo") "Romeo drops the connection\n");
}

/* XEP-0352, 5: presence may be held back; XEP-0191, 3.3: the blocked are told, but by which presence is not known. */
static void who_looks_away_may_be_told_later(void **state)
{
    (void)state;
    is_not_decided(FRIENDS CHECKS CAST BOTH COMES("Juliet")
                       COMES("Romeo") "Juliet sends:\n\t<inactive xmlns='urn:xmpp:csi:0'/>\n" GOES("Romeo"));
    is_not_decided(FRIENDS CHECKS CAST BOTH COMES("Juliet") COMES(
        "Romeo") "Juliet sends:\n\t<iq type='set' id='b'><block xmlns='urn:xmpp:blocking'>"
                 "<item jid='romeo@localhost'/></block></iq>\n" GOES("Romeo"));
}

/* The core saves, but its server never asks for it. */
static void the_last_activity_is_saved(void **state)
{
    (void)state;
    static const struct lie silent = { .swallow_saves = true };
    static const char *const texts[] = { CHECKS CAST BOTH COMES("Romeo") GOES("Romeo"),
                                         CHECKS CAST BOTH COMES("Romeo") ENDS("Romeo"),
                                         CHECKS CAST BOTH COMES("Romeo") "Romeo drops the connection\n" };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        is_accepted(honest, texts[i]);
        is_caught_by(&liar_shut, silent, texts[i], NOTED, ORCHARD " has left, and nothing was saved");
    }
    is_accepted(silent, CHECKS CAST BOTH GOES("Romeo") ENDS("Romeo"));
    is_accepted(silent, "[Server]\n\tfeatures: offline\n" CHECKS CAST BOTH COMES("Romeo") GOES("Romeo"));
    is_accepted(silent, "[Server]\n\taccount work: 2\n" CHECKS CAST BOTH COMES("Romeo") GOES("Romeo"));
    is_accepted(silent, CHECKS CAST BOTH COMES("Romeo") "The server shuts down\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_was_told_is_told_of_the_end),
        cmocka_unit_test(who_was_not_told_need_not_be),
        cmocka_unit_test(who_has_probed_need_not_be_told),
        cmocka_unit_test(a_resource_that_comes_back_is_there),
        cmocka_unit_test(who_looks_away_may_be_told_later),
        cmocka_unit_test(the_last_activity_is_saved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

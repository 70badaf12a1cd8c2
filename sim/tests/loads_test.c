/* When storage is read, on servers that keep to the settings and that do not. */
#include "liar_rig.h"

static const struct lie honest = { .refuse = false };

#define CHECKS  "## checks only\n"
#define LATER   "[Server]\n\tcache time: 10 seconds\n"
#define WRITES  "Romeo sends:\n\t<message to='juliet@localhost' type='chat'><body>x</body></message>\n"
#define LOGINS  "logins-get-what-is-stored"
#define IS_USED "what-is-loaded-is-used"

/* Juliet's resource is bound, whatever the core says. */
static const struct lie binds = {
    .to = JULIET,
    .deaf = "urn:ietf:params:xml:ns:xmpp-bind",
    .reply = "<iq type='result' id='bind-1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
             "<jid>juliet@localhost/balcony</jid></bind></iq>"
};

static void logins_load(void **state)
{
    (void)state;
    goes_unnoticed(&liar_shut, honest, CHECKS CAST BOTH);
    is_caught_by(&liar_shut, binds, CHECKS CAST BOTH, LOGINS,
                 "its roster was not loaded for it: juliet@localhost/balcony");
    /* Also what was loaded for others. */
    goes_unnoticed(&liar_shut, honest, CHECKS CAST "Romeo connects\n" WRITES "Juliet connects\n");
    is_caught_by(&liar_shut, binds, CHECKS CAST "Romeo connects\n" WRITES "Juliet connects\n", LOGINS,
                 "its roster was not loaded for it");
}

/* Another client of the account cannot log in just then. */
static void what_is_loaded_stays_loaded_when_something_else_fails(void **state)
{
    (void)state;
    static const char text[] = CHECKS
        "[Client] Juliet\n\tjid: juliet@localhost/balcony\n\tpassword: secret\n"
        "[Client] Phone\n\tjid: juliet@localhost/phone\n\tpassword: secret\n---\n"
        "Phone opens a connection\nPhone opens a stream\n"
        "Juliet opens a connection\nJuliet opens a stream\nJuliet authenticates\nJuliet opens a stream\n"
        "the 3rd load from now fails\n"
        "at the same time:\n\tPhone authenticates\n\tJuliet binds\n";
    for (uint64_t seed = 0; seed < 20; seed++)
        passes_as(text, &(struct player_options){ .policy = CHOICE_SEEDED, .seed = seed });
}

static void an_account_that_is_in_use_need_not_be_loaded(void **state)
{
    (void)state;
    goes_unnoticed(&liar_shut, honest,
                   CHECKS "[Client] Romeo\n\tjid: romeo@localhost/orchard\n\tpassword: secret\n"
                          "[Client] Phone\n\tjid: romeo@localhost/phone\n\tpassword: secret\n---\n"
                          "Romeo connects\nPhone connects\n");
}

static void what_others_load_stays(void **state)
{
    (void)state;
    const struct lie forgets = { .has_no_cache = true };
    goes_unnoticed(&liar_shut, honest, CHECKS CAST "Romeo connects\n" WRITES WRITES);
    goes_unnoticed(&liar_shut, forgets, CHECKS CAST "Romeo connects\n" WRITES);
    is_caught_by(&liar_shut, forgets, CHECKS CAST "Romeo connects\n" WRITES WRITES, IS_USED,
                 "what was loaded a short time ago is loaded again, of juliet@localhost");
    goes_unnoticed(&liar_shut, forgets,
                   CHECKS "[Server]\n\tcached accounts: 0\n" CAST "Romeo connects\n" WRITES WRITES);
    goes_unnoticed(&liar_shut, forgets,
                   CHECKS LATER CAST "Romeo connects\n" WRITES "1 minute passes\n" WRITES);
    /* Another account may have taken its place. */
    goes_unnoticed(&liar_shut, forgets,
                   CHECKS "[Server]\n\tcached accounts: 1\n[Client] Nurse\n\tjid: nurse@localhost\n" CAST
                          "Romeo connects\n" WRITES "Nurse connects\nNurse disconnects\n" WRITES);
}

static void what_is_old_is_loaded_again(void **state)
{
    (void)state;
    const struct lie keeps = { .caches_forever = true };
    goes_unnoticed(&liar_shut, honest,
                   CHECKS LATER CAST "Romeo connects\n" WRITES "1 minute passes\n" WRITES);
    goes_unnoticed(&liar_shut, keeps, CHECKS LATER CAST "Romeo connects\n" WRITES WRITES);
    is_caught_by(&liar_shut, keeps, CHECKS LATER CAST "Romeo connects\n" WRITES "1 minute passes\n" WRITES,
                 IS_USED, "what was loaded too long ago is used, of juliet@localhost");
    /* Nobody knows how the server counts while its clock jumps. */
    goes_unnoticed(&liar_shut, keeps,
                   CHECKS LATER CAST "Romeo connects\n" WRITES
                                     "1 minute passes\nThe clock jumps 1 minute back\n" WRITES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(logins_load),
        cmocka_unit_test(what_is_loaded_stays_loaded_when_something_else_fails),
        cmocka_unit_test(an_account_that_is_in_use_need_not_be_loaded),
        cmocka_unit_test(what_others_load_stays),
        cmocka_unit_test(what_is_old_is_loaded_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

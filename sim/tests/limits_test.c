/* What the settings limit, on servers that keep to it and that do not. */
#include "liar_rig.h"

static void is_noticed(struct lie what, const char *text, const char *question, const char *detail)
{
    is_caught_by(&liar_shut, what, text, question, detail);
}

static const struct lie honest = { .refuse = false };

#define KEEPS(limit) "## checks only\n[Server]\n\toffline messages: " limit "\n" CAST "Romeo connects\n"
#define SENDS        "Romeo sends:\n\t<message to='juliet@localhost' type='chat'><body>x</body></message>\n"

/* XEP-0160, 2. */
static void messages_are_kept_up_to_the_limit(void **state)
{
    (void)state;
    goes_unnoticed(&liar_shut, honest, KEEPS("1") SENDS SENDS);
    goes_unnoticed(&liar_shut, (struct lie){ .more_kept = 1 }, KEEPS("1") SENDS);
    is_noticed((struct lie){ .more_kept = 1 }, KEEPS("1") SENDS SENDS, "what-is-kept-is-limited",
               "juliet@localhost has 2, and may have 1");
}

#define BINDS(limit)                                                                                         \
    "## checks only\n[Server]\n\tresources: " limit "\n[Client] Romeo\n\tjid: romeo@localhost/orchard\n"     \
    "\tpassword: secret\n[Client] Other\n\tjid: romeo@localhost/attic\n\tpassword: secret\n---\n"            \
    "Romeo connects\n"

/* The other's resource is bound, whatever the core says. */
static const struct lie binds = {
    .to = 1,
    .deaf = "urn:ietf:params:xml:ns:xmpp-bind",
    .reply = "<iq type='result' id='bind-1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
             "<jid>romeo@localhost/attic</jid></bind></iq>"
};

/* RFC 6120, 7.6.2.1. */
static void resources_are_bound_up_to_the_limit(void **state)
{
    (void)state;
    goes_unnoticed(&liar_shut, honest, BINDS("2") "Other connects\n");
    goes_unnoticed(&liar_shut, binds, BINDS("2") "Other connects\n");
    is_noticed(binds, BINDS("1") "Other connects\n", "resources-are-limited",
               "romeo@localhost/attic has 2, and may have 1");
    /* One that has gone counts no more; nor does one that is replaced. */
    goes_unnoticed(&liar_shut, honest, BINDS("1") "Romeo disconnects\nOther connects\n");
    goes_unnoticed(&liar_shut, honest, BINDS("1") "Romeo drops the connection\nOther connects\n");
}

static void a_replaced_resource_counts_once(void **state)
{
    (void)state;
    goes_unnoticed(
        &liar_shut, honest,
        "## checks only\n[Server]\n\tresources: 1\n[Client] Romeo\n\tjid: romeo@localhost/orchard\n"
        "\tpassword: secret\n[Client] Other\n\tjid: romeo@localhost/orchard\n\tpassword: secret\n---\n"
        "Romeo connects\nOther connects\n");
}

/* ---- Passwords ---- */

/* Each change is confirmed, whatever the core says. */
static const struct lie changes = { .to = 0,
                                    .deaf = "jabber:iq:register",
                                    .reply = "<iq type='result' id='p'/>" };

#define PASSWORDS(more)                                                                                      \
    "## checks only\n[Server]\n\tpasswords: 1\n\tpassword time: 10 seconds\n" CAST "Romeo connects\n" more
#define SETS                                                                                                 \
    "Romeo sends:\n\t<iq type='set' id='p'><query xmlns='jabber:iq:register'><username>romeo</username>"     \
    "<password>secret</password></query></iq>\n"

/* What is allowed may fall into two of the server's times. */
static void passwords_are_set_up_to_the_limit(void **state)
{
    (void)state;
    goes_unnoticed(&liar_shut, honest, PASSWORDS(SETS SETS SETS));
    goes_unnoticed(&liar_shut, changes, PASSWORDS(SETS SETS));
    is_noticed(changes, PASSWORDS(SETS SETS SETS), "passwords-are-limited", "has 3, and may have 2");
    goes_unnoticed(&liar_shut, changes, PASSWORDS(SETS SETS "1 minute passes\n" SETS SETS));
    goes_unnoticed(&liar_shut, changes, PASSWORDS(SETS SETS "The clock jumps 1 hour ahead\n" SETS SETS));
    is_noticed(changes, PASSWORDS(SETS "5 seconds pass\n" SETS SETS), "passwords-are-limited", "may have 2");
}

/* More than twice the usual limit. */
static void a_server_without_the_limit_is_not_asked(void **state)
{
    (void)state;
#define FOUR_SETS SETS SETS SETS SETS
#define MANY_SETS FOUR_SETS FOUR_SETS FOUR_SETS FOUR_SETS FOUR_SETS FOUR_SETS
#define USUAL     "## checks only\n" CAST "Romeo connects\n" MANY_SETS
    struct server_kind lax = liar_shut;
    lax.has.bits &= ~CAPABILITY_BIT(CAPABILITY_LIMITS_PASSWORDS);
    is_noticed(changes, USUAL, "passwords-are-limited", "and may have");
    goes_unnoticed(&lax, changes, USUAL);
}

/* ---- Anonymous users ---- */

#define GUESTS(limit)                                                                                        \
    "## checks only\n[Server]\n\tanonymous: guests.lit\n\tanonymous accounts: " limit "\n"                   \
    "[Client] Guest\n\tjid: guests.lit\n[Client] Other\n\tjid: guests.lit\n---\nGuest connects\n"

/* The other one is let in, whatever the core says. */
static const struct lie lets_in = { .to = 1,
                                    .deaf = "ANONYMOUS",
                                    .reply = "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>" };

static void anonymous_users_are_let_in_up_to_the_limit(void **state)
{
    (void)state;
    goes_unnoticed(&liar_shut, honest, GUESTS("2") "Other connects\n");
    goes_unnoticed(&liar_shut, honest, GUESTS("1") "Guest disconnects\nOther connects\n");
    goes_unnoticed(&liar_shut, honest, GUESTS("1") "Guest drops the connection\nOther connects\n");
    is_noticed(lets_in, GUESTS("1") "Other opens a connection\nOther opens a stream\nOther authenticates\n",
               "anonymous-users-are-limited", "guests.lit has 2, and may have 1");
    goes_unnoticed(&liar_shut, lets_in,
                   GUESTS("2") "Other opens a connection\nOther opens a stream\nOther authenticates\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_are_kept_up_to_the_limit),
        cmocka_unit_test(resources_are_bound_up_to_the_limit),
        cmocka_unit_test(a_replaced_resource_counts_once),
        cmocka_unit_test(passwords_are_set_up_to_the_limit),
        cmocka_unit_test(a_server_without_the_limit_is_not_asked),
        cmocka_unit_test(anonymous_users_are_let_in_up_to_the_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

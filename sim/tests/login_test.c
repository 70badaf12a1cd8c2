/* Who may log in: servers that let in whom they should not, and honest ones. */
#include "liar_rig.h"

static void is_noticed(struct lie what, const char *text, const char *detail)
{
    is_caught_by(&liar_shut, what, text, "login-needs-the-password", detail);
}

static void is_accepted(struct lie what, const char *text)
{
    goes_unnoticed(&liar_shut, what, text);
}

static const struct lie honest = { .refuse = false };

#define SUCCESS "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"
#define BEGINS  "## checks only\n" CAST "Romeo opens a connection\nRomeo opens a stream\n"

/* The server lets Romeo in where it should say something else. */
static struct lie lets_in(const char *instead_of)
{
    return (struct lie){
        .to = ROMEO, .swallow = instead_of, .seen = instead_of, .add = SUCCESS, .add_to = ROMEO
    };
}

static void who_knows_the_password_logs_in(void **state)
{
    (void)state;
    is_accepted(honest, BEGINS "Romeo authenticates with PLAIN\n");
    is_accepted(honest, BEGINS "Romeo authenticates with SCRAM-SHA-1\n");
    is_accepted(honest, BEGINS "Romeo authenticates with SCRAM-SHA-256 as \"ROMEO\"\n");
    is_accepted(honest, BEGINS "Romeo begins to authenticate with PLAIN without an initial response\n"
                               "Romeo finishes authenticating\n");
    is_accepted(honest, BEGINS "Romeo begins to authenticate with SCRAM-SHA-1 without an initial response\n"
                               "Romeo finishes authenticating\n");
    is_accepted(honest, BEGINS "Romeo fails to authenticate using password \"wrong\": not-authorized\n"
                               "Romeo authenticates\n");
}

static void another_password_is_wrong(void **state)
{
    (void)state;
    is_noticed(
        lets_in("<failure"), BEGINS "Romeo authenticates with PLAIN using password \"wrong\"\n",
        "its password is not that of the account; this leaves to a session without a resource: <success");
    is_noticed(lets_in("<failure"), BEGINS "Romeo authenticates with SCRAM-SHA-1 using password \"wrong\"\n",
               "its proof is not that of the password");
    is_noticed(lets_in("<failure"),
               BEGINS "Romeo authenticates with SCRAM-SHA-256 using password \"wrong\"\n",
               "its proof is not that of the password");
}

static void another_account_is_wrong(void **state)
{
    (void)state;
    is_noticed(lets_in("<failure"), BEGINS "Romeo authenticates with PLAIN as \"nobody\"\n",
               "the account has no keys, or is none");
    is_noticed(
        lets_in("<failure"),
        "## checks only\n"
        "[Client] Romeo\n\tjid: romeo@localhost/orchard\n\tpassword: secret\n\taccount: disabled\n---\n"
        "Romeo opens a connection\nRomeo opens a stream\nRomeo authenticates with PLAIN\n",
        "the account may not log in");
}

static void an_exchange_has_its_messages(void **state)
{
    (void)state;
    is_noticed((struct lie){ .to = ROMEO, .seen = "<failure", .add = SUCCESS, .add_to = ROMEO },
               BEGINS "Romeo fails to authenticate using password \"wrong\": not-authorized\n",
               "no exchange is under way");
    is_noticed((struct lie){ .to = ROMEO, .seen = "</mechanisms>", .add = SUCCESS, .add_to = ROMEO }, BEGINS,
               "no exchange is under way");
    is_noticed(lets_in("<challenge"), BEGINS "Romeo authenticates with SCRAM-SHA-1\n",
               "the client has not answered a challenge");
    is_noticed(lets_in("<challenge"),
               BEGINS "Romeo begins to authenticate with PLAIN without an initial response\n",
               "the client has not sent a message of the mechanism");
    is_noticed(lets_in("<failure"),
               BEGINS "Romeo sends:\n\t<abort xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>\n",
               "nobody asked for it");
    is_noticed(lets_in("<failure"),
               BEGINS "Romeo sends:\n\t<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' "
                      "mechanism='PLAIN'>cm9tZW8=</auth>\n",
               "its message is none of the mechanism");
    is_noticed(lets_in("<failure"),
               BEGINS "Romeo sends:\n\t<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' "
                      "mechanism='SCRAM-SHA-1'>cm9tZW8=</auth>\n",
               "its first message is none of the mechanism");
}

/* RFC 5802, 5.1: the proof is right, and something before it is not. */
static void varies(const char *variant, const char *detail)
{
    struct text text = { 0 };
    text_string(&text,
                BEGINS "Romeo begins to authenticate with SCRAM-SHA-1\nRomeo finishes authenticating with ");
    text_string(&text, variant);
    text_string(&text, "\n");
    is_noticed(lets_in("<failure"), text.bytes, detail);
    text_free(&text);
}

static void the_last_message_is_compared(void **state)
{
    (void)state;
    varies("another nonce", "its nonce is not that of the challenge");
    varies("its own nonce alone", "its nonce is not that of the challenge");
    varies("something behind the nonce", "its nonce is not that of the challenge");
    varies("another flag in the GS2 header", "its channel binding is not that of the first message");
    varies("an empty channel binding", "its channel binding is not that of the first message");
    varies("a channel binding that is not base64", "its last message is none of the mechanism");
    varies("no nonce", "its last message is none of the mechanism");
    varies("an extension before the nonce", "its last message is none of the mechanism");
}

/* What the model does not know, it does not judge: who an identity stands for, and certificates. */
static void what_is_not_known_is_not_judged(void **state)
{
    (void)state;
    is_accepted(lets_in("<failure"), BEGINS "Romeo sends:\n\t<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' "
                                            "mechanism='PLAIN'>anVsaWV0AHJvbWVvAHNlY3JldA==</auth>\n");
    is_accepted(lets_in("<failure"), BEGINS "Romeo sends:\n\t<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' "
                                            "mechanism='EXTERNAL'>=</auth>\n");
    is_accepted(lets_in("<failure"), BEGINS "Romeo authenticates with PLAIN as \"rom\xC3\xA9o\"\n");
}

/* One of several exchanges that are pipelined is right. */
static void one_of_several_may_be_right(void **state)
{
    (void)state;
    static const char two[] =
        BEGINS "Romeo pipelines:\n\tRomeo authenticates with PLAIN using password \"wrong\"\n"
               "\tRomeo authenticates with PLAIN\n";
    static const char none[] =
        BEGINS "Romeo pipelines:\n\tRomeo authenticates with PLAIN using password \"wrong\"\n"
               "\tRomeo authenticates with PLAIN using password \"false\"\n";
    is_accepted(honest, two);
    is_noticed(lets_in("<failure"), none, "its password is not that of the account");
}

/* RFC 6120, 6.4.2 and 10.1: another <auth/> replaces the exchange, and an answer belongs to its element. */
static void an_answer_belongs_to_its_element(void **state)
{
    (void)state;
    static const char again[] =
        BEGINS "Romeo begins to authenticate without an initial response\nthe next load fails\n"
               "Romeo authenticates\nRomeo authenticates\n";
    static const char unasked[] =
        BEGINS "Romeo pipelines:\n"
               "\tRomeo sends:\n\t\t<abort xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>\n"
               "\tRomeo authenticates with PLAIN\n";
    static const char replaced[] =
        BEGINS "Romeo begins to authenticate with PLAIN without an initial response\n"
               "Romeo sends:\n\t<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='X'/>\n"
               "Romeo sends:\n\t<response "
               "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>AHJvbWVvAHNlY3JldA==</response>\n";
    is_accepted(honest, again);
    is_accepted(honest, unasked);
    is_noticed(lets_in("malformed-request"), replaced, "nobody asked for it");
}

/* ---- A new password ---- */

#define THIEF                                                                                                \
    "## checks only\n[Client] Romeo\n\tjid: romeo@localhost/orchard\n\tpassword: secret\n"                   \
    "[Client] Thief\n\tjid: romeo@localhost/attic\n\tpassword: secret\n---\nRomeo connects\n"
#define NEW_PASSWORD                                                                                         \
    "Romeo sends:\n\t<iq type='set' id='x'><query xmlns='jabber:iq:register'>"                               \
    "<username>romeo</username><password>other</password></query></iq>\n"
enum { THIEF_LINK = 1, THIEF_AGAIN };

static void an_old_password_is_wrong(void **state)
{
    (void)state;
    struct lie opens = lets_in("<failure");
    opens.to = opens.add_to = THIEF_LINK;
    is_noticed(opens,
               THIEF NEW_PASSWORD
               "Thief opens a connection\nThief opens a stream\nThief authenticates with PLAIN\n",
               "its password is not that of the account");
    is_noticed(opens,
               THIEF "Thief opens a connection\nThief opens a stream\n"
                     "Thief begins to authenticate with SCRAM-SHA-1\n" NEW_PASSWORD
                     "Thief finishes authenticating\n",
               "its proof is not that of the password");
    is_accepted(honest, THIEF NEW_PASSWORD "Thief opens a connection\nThief opens a stream\n"
                                           "Thief authenticates using password \"other\"\n");
}

static void is_left(struct lie what, const char *text, const char *detail)
{
    is_caught_by(&liar_shut, what, text, "sessions-end-with-the-password", detail);
}

/* XEP-0077, 3.2 and 3.3. */
static void no_other_session_is_left(void **state)
{
    (void)state;
    const struct lie stays = { .never_closes = true };
    is_accepted(honest, THIEF "Thief connects\n" NEW_PASSWORD);
    is_left(stays, THIEF "Thief connects\n" NEW_PASSWORD,
            "its password was changed, or its account removed: the session of romeo@localhost/attic");
    is_left(
        stays,
        THIEF
        "Thief connects\n"
        "Romeo sends:\n\t<iq type='set' id='x'><query xmlns='jabber:iq:register'><remove/></query></iq>\n",
        "the session of romeo@localhost/attic");
    is_left(stays, THIEF "Thief opens a connection\nThief opens a stream\nThief authenticates\n" NEW_PASSWORD,
            "the session of a client without a resource");
}

static void no_old_session_is_resumed(void **state)
{
    (void)state;
    static const char comes_back[] =
        THIEF "Thief connects\nThief enables stream management\n"
              "Thief drops the connection\n" NEW_PASSWORD "Thief opens a connection\n"
              "Thief opens a stream\nThief authenticates using password \"other\"\n"
              "Thief resumes\n";
    is_accepted(honest, comes_back);
    is_left((struct lie){ .to = THIEF_AGAIN,
                          .deaf = "<resume ",
                          .reply = "<resumed xmlns='urn:xmpp:sm:3' h='0'/>" },
            comes_back, "it resumes a session that began with an old password");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_knows_the_password_logs_in),   cmocka_unit_test(another_password_is_wrong),
        cmocka_unit_test(another_account_is_wrong),         cmocka_unit_test(an_exchange_has_its_messages),
        cmocka_unit_test(the_last_message_is_compared),     cmocka_unit_test(what_is_not_known_is_not_judged),
        cmocka_unit_test(one_of_several_may_be_right),      cmocka_unit_test(an_old_password_is_wrong),
        cmocka_unit_test(an_answer_belongs_to_its_element), cmocka_unit_test(no_other_session_is_left),
        cmocka_unit_test(no_old_session_is_resumed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

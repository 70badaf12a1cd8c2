/* What a client may not send, on servers that end its stream and on servers that do not. */
#include "liar_rig.h"

#define CHECKS "## checks only\n"
#define END    "what-is-forbidden-ends-the-stream"

static const struct lie honest = { .refuse = false };

/* The server acts as if that had not come in. */
static struct lie ignores(const char *text)
{
    return (struct lie){ .to = ROMEO, .deaf = text };
}

static void is_noticed(const char *ignored, const char *text, const char *detail)
{
    is_caught_by(&liar_shut, ignores(ignored), text, END, detail);
}

static void is_accepted(struct lie what, const char *text)
{
    goes_unnoticed(&liar_shut, what, text);
}

#define WRITES(from) CHECKS CAST BOTH "Romeo sends:\n\t<message from='" from "' to='nurse@localhost'/>\n"

/* RFC 6120, 8.1.2.1 and 4.9.3.9. */
static void stanzas_in_the_name_of_others(void **state)
{
    (void)state;
    static const char detail[] = "in the name of somebody else: the session of " ORCHARD;
    is_accepted(honest, WRITES("juliet@localhost"));
    is_noticed("nurse@", WRITES("juliet@localhost"), detail);
    is_noticed("nurse@", WRITES("juliet@localhost/orchard"), detail);
    is_noticed("nurse@", WRITES("localhost"), detail);
    is_noticed("nurse@", WRITES("romeo@localhost/attic"), detail);
    is_accepted(ignores("nurse@"), WRITES("romeo@localhost/orchard"));
    is_accepted(ignores("nurse@"), WRITES("Romeo@localhost"));
    /* Preparation may make it the same. */
    is_accepted(ignores("nurse@"), WRITES("rom\xC3\xABo@localhost"));
}

/* It overrides the sender, as every server may. */
static void a_server_that_does_not_end_such_streams_is_not_asked(void **state)
{
    (void)state;
    struct server_kind lax = liar_shut;
    lax.has.bits &= ~CAPABILITY_BIT(CAPABILITY_INVALID_FROM);
    goes_unnoticed(&lax, ignores("nurse@"), WRITES("juliet@localhost"));
    goes_unnoticed(&lax, ignores("nurse@"), WRITES("romeo@localhost/attic"));
}

#define BINDS(from)                                                                                          \
    CHECKS CAST "Romeo opens a connection\nRomeo opens a stream\nRomeo authenticates\n"                      \
                "Romeo restarts the stream\n"                                                                \
                "Romeo sends:\n\t<iq type='set' id='b' from='" from                                          \
                "'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>\n"

static void binding_in_the_name_of_others(void **state)
{
    (void)state;
    is_accepted(honest, BINDS("juliet@localhost"));
    is_noticed("xmpp-bind", BINDS("juliet@localhost"), "somebody else: the session of a client without");
    is_noticed("xmpp-bind", BINDS("juliet@localhost/orchard"), "in the name of somebody else");
    is_accepted(ignores("xmpp-bind"), BINDS("romeo@localhost"));
    is_accepted(ignores("xmpp-bind"), BINDS("romeo@localhost/anything"));
}

#define TEN   "AAAAAAAAAA"
#define FIFTY TEN TEN TEN TEN TEN
#define LIMIT "## checks only\n[Server]\n\tunauthenticated bytes: 300\n"
#define LONG(more)                                                                                           \
    "Romeo sends:\n\t<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>" FIFTY FIFTY more     \
    "</auth>\n"
#define BEGINS "Romeo opens a connection\nRomeo opens a stream\n"

/* RFC 6120, 4.9.3.14. */
static void too_much_before_the_login(void **state)
{
    (void)state;
    is_accepted(honest, LIMIT CAST BEGINS LONG(FIFTY FIFTY FIFTY));
    is_noticed("AAAA", LIMIT CAST BEGINS LONG(FIFTY FIFTY FIFTY), "more than is allowed before a login");
    is_accepted(ignores("AAAA"), LIMIT CAST BEGINS LONG(""));
    /* Whoever is in may send more. */
    is_accepted(honest,
                LIMIT CAST "Romeo connects\nRomeo sends:\n\t<message to='juliet@localhost'><body>" FIFTY FIFTY
                    FIFTY FIFTY FIFTY FIFTY "</body></message>\n");
}

/* What came in the clear behind <starttls/> never came in (RFC 6120, 5.4.3.3). */
static void what_is_thrown_away_ends_nothing(void **state)
{
    (void)state;
    goes_unnoticed(NULL, honest,
                   "## checks only\n[Server]\n\ttls: optional\n\tunauthenticated bytes: 300\n" CAST BEGINS
                   "Romeo sends raw \"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><auth>" FIFTY FIFTY
                       FIFTY FIFTY FIFTY FIFTY FIFTY "</auth>\"\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stanzas_in_the_name_of_others),
        cmocka_unit_test(a_server_that_does_not_end_such_streams_is_not_asked),
        cmocka_unit_test(binding_in_the_name_of_others),
        cmocka_unit_test(too_much_before_the_login),
        cmocka_unit_test(what_is_thrown_away_ends_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * Where what leaves came from: servers that invent, change or delay what they deliver.
 */
#include "liar_rig.h"

static struct lie add_at(const char *seen, int to, const char *added)
{
    return (struct lie){ .to = to, .seen = seen, .add = added, .add_to = to };
}

static void is_noticed(struct lie what, const char *text, const char *question, const char *detail)
{
    is_caught_by(&liar_shut, what, text, question, detail);
}

static void is_accepted(struct lie what, const char *text)
{
    goes_unnoticed(&liar_shut, what, text);
}

static const struct lie honest = { .refuse = false };

#define CHECKS   "## checks only\n"
#define BALCONY  "juliet@localhost/balcony"
#define NOWHERE  "nothing came in from its sender with this content"
#define COMES_IN "what-leaves-came-in"

/* ---- Content ---- */

#define SAYS(what) CHECKS CAST BOTH COMES("Juliet") "Romeo sends:\n\t" what "\n"

static void what_was_sent_leaves(void **state)
{
    (void)state;
    is_accepted(honest, SAYS("<message to='" BALCONY "' id='m' type='chat' xml:lang='de'>"
                             "<body>a &lt; b</body><x xmlns='urn:x' y='&apos;'><z/></x></message>"));
    is_accepted(honest, SAYS("<p:message xmlns:p='jabber:client' to='juliet@localhost'><p:body>x</p:body>"
                             "<q:a xmlns:q='urn:q' q:b='c'/></p:message>"));
    is_accepted(honest, SAYS("<presence to='" BALCONY "' id='p'><status>here</status></presence>"));
    is_accepted(honest,
                SAYS("<iq type='get' id='i' to='" BALCONY "'><query xmlns='jabber:iq:version'/></iq>"));
}

/* The server delivers something else instead. */
static void delivers(const char *sent, const char *delivered, const char *detail)
{
    struct text text = { 0 };
    text_string(&text, CHECKS CAST BOTH COMES("Juliet") "Romeo sends:\n\t");
    text_string(&text, sent);
    text_string(&text, "\n");
    const struct lie changed = {
        .to = JULIET, .swallow = "id='m'", .seen = "id='m'", .add = delivered, .add_to = JULIET
    };
    if (detail != NULL)
        is_noticed(changed, text.bytes, COMES_IN, detail);
    else
        is_accepted(changed, text.bytes);
    text_free(&text);
}

#define SENT      "<message to='" BALCONY "' id='m'><body>x</body></message>"
#define AS_SENT   " to='" BALCONY "' from='" ORCHARD "'"
#define LEAVES_TO "in this language; this leaves to " BALCONY ": <message"

static void what_is_changed_came_from_nowhere(void **state)
{
    (void)state;
    delivers(SENT, "<message id='m'" AS_SENT "><body>x</body></message>", NULL);
    delivers(SENT, "<message id='m' to='juliet@localhost' from='" ORCHARD "'><body>&#120;</body></message>",
             NULL);
    delivers(SENT, "<message id='m'" AS_SENT "><body>y</body></message>", LEAVES_TO);
    delivers(SENT, "<message id='n'" AS_SENT "><body>x</body></message>", NOWHERE);
    delivers(SENT, "<message id='m' type='chat'" AS_SENT "><body>x</body></message>", NOWHERE);
    delivers(SENT, "<message id='m' xml:lang='de'" AS_SENT "><body>x</body></message>", NOWHERE);
    /* The language of the server's header, where the client's names none (RFC 6120, 4.7.4). */
    delivers(SENT, "<message id='m' xml:lang='en'" AS_SENT "><body>x</body></message>", NULL);
    delivers(SENT, "<message id='m'" AS_SENT "/>", NOWHERE);
    delivers(SENT, "<message id='m'" AS_SENT "><body xmlns='urn:x'>x</body></message>", NOWHERE);
}

/* RFC 6120, 8.1.2.1. */
static void what_has_another_sender_came_from_nowhere(void **state)
{
    (void)state;
    delivers(SENT, "<message id='m' to='" BALCONY "' from='romeo@localhost'><body>x</body></message>",
             NOWHERE);
    delivers(SENT, "<message id='m' to='" BALCONY "' from='romeo@localhost/hall'><body>x</body></message>",
             NOWHERE);
    delivers(SENT, "<message id='m' to='" BALCONY "' from='nurse@mantua.lit/a'><body>x</body></message>",
             NOWHERE);
}

/* A server makes these itself. */
static void what_is_the_servers_is_not_concerned(void **state)
{
    (void)state;
    is_accepted(honest, SAYS("<presence to='" BALCONY "'/>") "Romeo disconnects\n");
    is_accepted(add_at("</bind>", JULIET, "<message type='error' from='" ORCHARD "' to='" BALCONY "'/>"),
                SAYS("<message/>"));
    is_accepted(
        add_at("</bind>", JULIET, "<message from='localhost' to='" BALCONY "'><body>motd</body></message>"),
        SAYS("<message/>"));
    is_noticed(add_at("</bind>", JULIET,
                      "<presence type='unavailable' from='" ORCHARD "' to='" BALCONY "'><show/></presence>"),
               SAYS("<message/>"), COMES_IN, NOWHERE);
    is_noticed(add_at("</bind>", JULIET, "<iq type='result' id='i' from='" ORCHARD "' to='" BALCONY "'/>"),
               SAYS("<message/>"), COMES_IN, NOWHERE);
}

#define REQUEST                                                                                              \
    CHECKS CAST BOTH COMES("Juliet") "Romeo sends:\n\t<presence type='subscribe' "                           \
                                     "to='juliet@localhost' id='m'><status>please</status></presence>\n"

/* RFC 6121, 3.1.2 and 3.1.3. */
static void requests_leave_in_the_name_of_the_account(void **state)
{
    (void)state;
    is_accepted(honest, REQUEST);
    is_noticed(
        (struct lie){ .to = JULIET,
                      .swallow = "id='m'",
                      .seen = "id='m'",
                      .add = "<presence type='subscribe' from='romeo@localhost' to='juliet@localhost'/>",
                      .add_to = JULIET },
        REQUEST, COMES_IN, NOWHERE);
}

/* A request that was provided came in before the play. */
static void what_was_provided_came_in(void **state)
{
    (void)state;
    is_accepted(honest, CHECKS "[Roster] juliet@localhost\n\tnurse@localhost: none, pending\n" CAST
                               "Juliet connects\n" COMES("Juliet"));
}

/* ---- Copies ---- */

#define COPIES                                                                                               \
    CHECKS CAST BOTH COMES(                                                                                  \
        "Juliet") "Juliet sends:\n\t<iq type='set' id='c'><enable xmlns='urn:xmpp:carbons:2'/></iq>\n"       \
                  "Romeo sends:\n\t<message id='m' type='chat' to='juliet@localhost/hall'>"                  \
                  "<body>x</body></message>\n"
#define COPY(inner)                                                                                          \
    "<message from='juliet@localhost' to='" BALCONY "'><received xmlns='urn:xmpp:carbons:2'>"                \
    "<forwarded xmlns='urn:xmpp:forward:0'>" inner "</forwarded></received></message>"

static struct lie copies(const char *copy)
{
    return (struct lie){ .to = JULIET, .seen = "id='m'", .add = copy, .add_to = JULIET };
}

/* XEP-0280, 7: the message in a copy came in. */
static void copies_are_of_what_came_in(void **state)
{
    (void)state;
    is_accepted(copies(COPY("<message xmlns='jabber:client' from='" ORCHARD "' id='m' type='chat' "
                            "to='juliet@localhost/hall'><body>x</body></message>")),
                COPIES);
    is_noticed(copies(COPY("<message xmlns='jabber:client' from='" ORCHARD "' id='m' type='chat' "
                           "to='juliet@localhost/hall'><body>y</body></message>")),
               COPIES, COMES_IN, NOWHERE);
    is_noticed(copies(COPY("<message from='" ORCHARD "' id='m' type='chat' to='juliet@localhost/hall'>"
                           "<body>x</body></message>")),
               COPIES, COMES_IN, NOWHERE);
    is_noticed(copies(COPY("")), COPIES, COMES_IN, NOWHERE);
}

/* ---- Languages ---- */

#define SPEAKS(lang)                                                                                         \
    CHECKS CAST "Juliet connects\nRomeo opens a connection\nRomeo opens a stream\nRomeo authenticates\n"     \
                "Romeo opens a stream with:\n\tlang: " lang "\nRomeo binds resource \"orchard\"\n"           \
                "Romeo sends:\n\t<message to='" BALCONY "' id='m'/>\n"

static void speaks(const char *text, const char *stamp, bool is_right)
{
    struct text delivered = { 0 };
    text_string(&delivered, "<message id='m'" AS_SENT);
    text_string(&delivered, stamp);
    text_string(&delivered, "/>");
    const struct lie changed = {
        .to = 0, .swallow = "id='m'", .seen = "id='m'", .add = delivered.bytes, .add_to = 0
    };
    if (is_right)
        is_accepted(changed, text);
    else
        is_noticed(changed, text, COMES_IN, NOWHERE);
    text_free(&delivered);
}

/* RFC 6120, 4.7.4 and 8.1.5. */
static void stanzas_are_in_the_language_of_the_stream(void **state)
{
    (void)state;
    speaks(SPEAKS("de-CH"), " xml:lang='de-CH'", true);
    speaks(SPEAKS("de-CH"), " xml:lang='de'", false);
    speaks(SPEAKS("de-CH"), "", false);
    speaks(SPEAKS("what a client says"), "", true);
    speaks(SPEAKS("what a client says"), " xml:lang='what a client says'", false);
    speaks(SPEAKS("de-"), " xml:lang='de-'", false);
    speaks(SPEAKS("abcdefghi"), " xml:lang='abcdefghi'", false);
    /* Nobody says how long one may be. */
    speaks(SPEAKS("de-aaaaaaaa-bbbbbbbb-cccccccc-dddddddd-e"), "", true);
    speaks(SPEAKS("de-aaaaaaaa-bbbbbbbb-cccccccc-dddddddd-e"),
           " xml:lang='de-aaaaaaaa-bbbbbbbb-cccccccc-dddddddd-e'", true);
}

/* ---- Before there is a name ---- */

static void what_came_in_before_the_name_is_possible(void **state)
{
    (void)state;
    is_accepted(
        honest,
        CHECKS CAST "Juliet connects\n" COMES(
            "Juliet") "Romeo opens a connection\n"
                      "Romeo opens a stream\nRomeo authenticates\nRomeo opens a stream\nRomeo pipelines:\n"
                      "\tRomeo sends:\n\t\t<iq type='set' id='b'><bind "
                      "xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
                      "<resource>orchard</resource></bind></iq>\n"
                      "\t\t<message to='" BALCONY "' id='m'/>\n");
}

/* ---- Delays ---- */

#define LATE  "<delay xmlns='urn:xmpp:delay' from='localhost' stamp='2001-01-01T00:00:00Z'/>"
#define WAITS "what-waited-is-delayed"
#define KEPT                                                                                                 \
    CHECKS CAST BOTH                                                                                         \
        "Romeo sends:\n\t<message to='juliet@localhost' id='m'><body>x</body></message>\n" COMES("Juliet")

/* XEP-0160, 3. */
static void what_was_kept_is_delayed(void **state)
{
    (void)state;
    is_accepted(honest, KEPT);
    is_noticed((struct lie){ .to = JULIET,
                             .swallow = "id='m'",
                             .seen = "id='m'",
                             .add = "<message id='m' to='juliet@localhost' from='" ORCHARD
                                    "'><body>x</body></message>",
                             .add_to = JULIET },
               KEPT, WAITS, "it came in earlier, and does not say when");
}

/* XEP-0198, 4: what left, and what came in while nobody was there. */
#define RESUMES(first)                                                                                       \
    CHECKS CAST BOTH "Juliet enables stream management\n" first "Romeo sends:\n\t<message to='" BALCONY      \
                     "' id='m'/>\nJuliet drops the connection\n"                                             \
                     "Romeo sends:\n\t<message to='" BALCONY "' id='n'/>\nJuliet resumes\n"
#define DIES "Juliet's link dies silently\n"
enum { THIRD = 2 };

static void what_is_sent_again_is_delayed(void **state)
{
    (void)state;
    static const char both[] =
        "<message id='m'" AS_SENT ">" LATE "</message><message id='n'" AS_SENT ">" LATE "</message>";
    static const char first[] = "<message id='m'" AS_SENT "/><message id='n'" AS_SENT ">" LATE "</message>";
    static const char second[] = "<message id='m'" AS_SENT ">" LATE "</message><message id='n'" AS_SENT "/>";
    is_accepted(honest, RESUMES(DIES));
    struct lie again = { .to = THIRD, .swallow = "id='m'", .seen = "id='m'", .add = both, .add_to = THIRD };
    is_accepted(again, RESUMES(DIES));
    again.add = first;
    is_noticed(again, RESUMES(DIES), WAITS, "it is sent again, and does not say since when");
    again.add = second;
    is_noticed(again, RESUMES(DIES), WAITS, "it came in earlier, and does not say when");
}

/* XEP-0203, 2. */
static void what_is_delivered_at_once_is_not_delayed(void **state)
{
    (void)state;
    static const char now[] = SAYS(SENT);
    is_noticed((struct lie){ .to = JULIET,
                             .swallow = "id='m'",
                             .seen = "id='m'",
                             .add = "<message id='m'" AS_SENT "><body>x</body>" LATE "</message>",
                             .add_to = JULIET },
               now, "only-what-waited-is-delayed", "it has just come in, and is delayed");
    /* What its sender delayed is. */
    is_accepted(honest, SAYS("<message to='" BALCONY "' id='m'>" LATE "</message>"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_sent_leaves),
        cmocka_unit_test(what_is_changed_came_from_nowhere),
        cmocka_unit_test(what_has_another_sender_came_from_nowhere),
        cmocka_unit_test(what_is_the_servers_is_not_concerned),
        cmocka_unit_test(requests_leave_in_the_name_of_the_account),
        cmocka_unit_test(what_was_provided_came_in),
        cmocka_unit_test(copies_are_of_what_came_in),
        cmocka_unit_test(stanzas_are_in_the_language_of_the_stream),
        cmocka_unit_test(what_came_in_before_the_name_is_possible),
        cmocka_unit_test(what_was_kept_is_delayed),
        cmocka_unit_test(what_is_sent_again_is_delayed),
        cmocka_unit_test(what_is_delivered_at_once_is_not_delayed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

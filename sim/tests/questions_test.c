/*
 * Each question of the model, against a server that lies so that it is violated, without a look inside of it; and
 * honest runs that pass.
 */
#include "liar_rig.h"

/* The line that Juliet's client is told at the beginning of her presence, and what the server adds to it. */
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

#define CHECKS    "## checks only\n"
#define BALCONY   "juliet@localhost/balcony"
#define TALK      CHECKS CAST BOTH COMES("Juliet") "Romeo sends:\n\t<message to='juliet@localhost' id='m'/>\n"
#define TO_JULIET "<message from='romeo@localhost/orchard' to='juliet@localhost'><body>x</body></message>"
#define A_COPY(to)                                                                                           \
    "<message from='juliet@localhost' to='" to "'><received xmlns='urn:xmpp:carbons:2'>"                     \
    "<forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='" ORCHARD                    \
    "' type='headline' id='q'/></forwarded></received></message>"

static void an_honest_server_passes(void **state)
{
    (void)state;
    is_accepted((struct lie){ .refuse = false }, TALK);
    is_accepted((struct lie){ .refuse = false },
                FRIENDS CHECKS CAST BOTH ASKS("Juliet") COMES("Juliet") COMES("Romeo"));
}

static void messages_before_binding(void **state)
{
    (void)state;
    is_noticed(add_at("</mechanisms>", ROMEO, TO_JULIET), TALK, "named-first", "no resource is bound");
    is_noticed(add_at("</mechanisms>", ROMEO, "<presence/>"), TALK, "named-first",
               "a session without a resource: <presence/>");
}

static void what_is_for_others(void **state)
{
    (void)state;
    is_noticed(
        add_at("</bind>", JULIET, "<message to='nurse@localhost'/>"), TALK, "addressed-to-the-receiver",
        "it is addressed to another account; this leaves to " BALCONY ": <message to='nurse@localhost'/>");
    is_noticed(add_at("</bind>", JULIET, "<presence to='juliet@localhost/garden'/>"), TALK,
               "addressed-to-the-receiver", "it is addressed to another resource");
    is_noticed(add_at("</bind>", JULIET, "<message to='juliet@localhost/garden'/>"), TALK,
               "addressed-to-the-receiver", "it is addressed to another resource");
    /* RFC 6121, 8.5.3.2.1: chat is delivered to another resource. */
    is_accepted(add_at("</bind>", JULIET, "<message type='chat' to='juliet@localhost/garden'/>"), TALK);
    is_accepted(add_at("</bind>", JULIET, "<message to='JULIET@localhost/balcony'/>"), TALK);
    is_accepted(add_at("</bind>", JULIET, "<message to='juli\xC3\xABt@localhost/balcony'/>"), TALK);
}

/* RFC 6121, 8.5.2.1.1. */
static void messages_to_a_bare_jid(void **state)
{
    (void)state;
    static const char negative[] =
        CHECKS CAST BOTH "Juliet sends:\n\t<presence><priority>-1</priority></presence>\n" COMES("Romeo");
    is_noticed(add_at("</bind>", JULIET, TO_JULIET), TALK, "bare-messages-reach-the-available",
               "the resource is not available, or its priority is negative");
    is_noticed(add_at("<presence", JULIET, TO_JULIET), negative, "bare-messages-reach-the-available",
               "the resource is not available, or its priority is negative");
    is_accepted((struct lie){ .refuse = false }, TALK);
    is_noticed(add_at("<presence", JULIET, "<message type='error' to='juliet@localhost'/>"), TALK,
               "some-types-reach-no-bare-jid", "addressed to a bare JID");
    is_noticed(add_at("<presence", JULIET, "<message type='groupchat' to='juliet@localhost'/>"), TALK,
               "some-types-reach-no-bare-jid", "addressed to a bare JID");
}

/* RFC 6121, 8.5.2.1.3. */
static void requests_to_a_bare_jid(void **state)
{
    (void)state;
    is_noticed(add_at("</bind>", JULIET, "<iq type='get' id='1' from='" ORCHARD "' to='juliet@localhost'/>"),
               TALK, "requests-to-accounts-are-the-servers", "a request of another account");
    is_accepted((struct lie){ .refuse = false },
                TALK "Romeo sends:\n\t<iq type='get' id='1' to='" BALCONY "'/>\n");
}

#define PUSH                                                                                                 \
    "<iq type='set' id='p'><query xmlns='jabber:iq:roster'><item jid='a@b' "                                 \
    "subscription='none'/></query></iq>"

static void pushes_without_interest(void **state)
{
    (void)state;
    is_noticed(add_at("</bind>", JULIET, PUSH), TALK, "pushes-reach-the-interested",
               "never asked for the roster");
    is_accepted((struct lie){ .refuse = false }, CHECKS CAST BOTH ASKS("Juliet") ADDS_NURSE);
    is_noticed(add_at("<presence", JULIET,
                      "<presence type='subscribed' from='romeo@localhost' to='juliet@localhost'/>"),
               TALK, "subscriptions-reach-the-interested", "never asked for the roster");
}

static void presence_without_presence(void **state)
{
    (void)state;
    is_noticed(add_at("</bind>", JULIET, "<presence from='" ORCHARD "' to='juliet@localhost'/>"), TALK,
               "presence-reaches-the-available", "the resource is not available");
    is_noticed(
        (struct lie){ .to = ROMEO,
                      .seen = "ask='subscribe'",
                      .add = "<presence type='subscribe' from='romeo@localhost' to='juliet@localhost'/>",
                      .add_to = JULIET },
        CHECKS CAST BOTH ASKS("Romeo") "Romeo sends:\n\t<presence type='subscribe' to='juliet@localhost'/>\n",
        "presence-reaches-the-available", "the resource is not available");
    /* Directed presence (RFC 6121, 8.5.3.1). */
    is_accepted(add_at("</bind>", JULIET, "<presence from='" ORCHARD "' to='" BALCONY "'/>"), TALK);
}

/* Juliet wants copies, and Romeo sends what may be copied in one piece with a request that is answered at once. */
#define WANTS(presence)                                                                                      \
    CHECKS CAST BOTH presence                                                                                \
        "Juliet sends:\n"                                                                                    \
        "\t<iq type='set' id='c'><enable xmlns='urn:xmpp:carbons:2'/></iq>\n"                                \
        "Romeo sends:\n\t<message to='juliet@localhost/hall' type='headline' id='q'/>\n"                     \
        "\t<iq type='get' id='p' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>\n"

/* XEP-0280, 4 and 7. */
static void copies_without_a_wish(void **state)
{
    (void)state;
    static const char wants[] = WANTS(""), available[] = WANTS(COMES("Juliet"));
    struct lie copy = { .to = ROMEO, .seen = "id='p'", .add = A_COPY(BALCONY), .add_to = JULIET };
    is_accepted(copy, wants);
    is_accepted(copy, available);
    copy.add = A_COPY("juliet@localhost");
    is_noticed(copy, available, "copies-are-addressed-to-resources", "not addressed to the full JID");
    is_noticed(add_at("</bind>", JULIET, A_COPY(BALCONY)), wants, "copies-reach-who-wants-them",
               "did not ask for copies");
    /* What another account sends is no copy. */
    is_accepted((struct lie){ .refuse = false },
                CHECKS CAST BOTH "Romeo sends:\n\t<message to='" BALCONY
                                 "'><received xmlns='urn:xmpp:carbons:2'/></message>\n");
}

/* RFC 6120, 8.2.3. */
static void answers_without_requests(void **state)
{
    (void)state;
    is_noticed(add_at("</bind>", JULIET, "<iq type='result' id='x'/>"), TALK, "answers-have-requests",
               "no request");
    is_noticed(add_at("id='r'", JULIET, "<iq type='error' id='r'/>"), CHECKS CAST BOTH ASKS("Juliet"),
               "answers-have-requests", "no request with its id came in that was not answered");
    /* Another client may answer what nobody asked (RFC 6121, 8.5.3.1). */
    is_accepted((struct lie){ .refuse = false },
                TALK "Romeo sends:\n\t<iq type='result' id='x' to='" BALCONY "'/>\n");
    /* Also while the server has not answered a request with that id. */
    is_accepted((struct lie){ .refuse = false },
                CHECKS CAST BOTH "At the same time:\n"
                                 "\tJuliet sends:\n\t\t<iq type='set' id='s'><query xmlns='jabber:iq:roster'>"
                                 "<item jid='nurse@localhost'/></query></iq>\n"
                                 "\tRomeo sends:\n\t\t<iq type='result' id='s' to='" BALCONY "'/>\n");
}

/* RFC 6120, 10.1. */
static void the_order(void **state)
{
    (void)state;
    static const char two[] =
        CHECKS CAST BOTH "Romeo sends:\n\t<message type='headline' to='" BALCONY "' id='m1'/>\n"
                         "Romeo sends:\n\t<message to='" BALCONY "' id='m2'/>\n";
    const char *late = "<message to='" BALCONY "' from='" ORCHARD "' id='m1'/>";
    is_accepted((struct lie){ .refuse = false }, two);
    is_noticed(
        (struct lie){ .to = JULIET, .swallow = "id='m1'", .seen = "id='m2'", .add = late, .add_to = JULIET },
        two, "order-is-kept", "a later stanza of its sender has left");
    is_noticed(add_at("id='m2'", JULIET, late), two, "order-is-kept", "a later stanza");
    is_noticed(add_at("id='m1'", JULIET, late), two, "order-is-kept", "it has left to the receiver before");
}

/* RFC 6120, 10.1, of another server. */
static void the_order_of_another_server(void **state)
{
    (void)state;
#define ARRIVES(id)                                                                                          \
    "The server of \"localhost\" receives from \"mantua.lit\":\n"                                            \
    "\t<message from='balthasar@mantua.lit/cell' to='" BALCONY "' id='" id "'><body>Hi</body></message>\n"
    static const char two[] = CHECKS CAST BOTH ARRIVES("a1") ARRIVES("a2");
    const char *late = "<message from='balthasar@mantua.lit/cell' to='" BALCONY "' id='a1'/>";
    is_accepted((struct lie){ .refuse = false }, two);
    is_noticed(
        (struct lie){ .to = JULIET, .swallow = "id='a1'", .seen = "id='a2'", .add = late, .add_to = JULIET },
        two, "order-is-kept", "a later stanza of its sender has left");
#undef ARRIVES
}

#define SAYS_STATUS(who, attributes, status)                                                                 \
    who " sends:\n\t<presence" attributes "><status>" status "</status></presence>\n"

/* RFC 6121, 4.3.2: the last presence is what a contact is told. */
static void presence_that_was_replaced(void **state)
{
    (void)state;
    static const char text[] = FRIENDS CHECKS CAST BOTH COMES("Juliet") SAYS_STATUS("Romeo", "", "One")
        SAYS_STATUS("Romeo", "", "Two") "Romeo sends:\n\t<message to='" BALCONY "' id='m'/>\n";
    const char *old = "<presence from='" ORCHARD "' to='juliet@localhost'><status>One</status></presence>";
    const char *last = "<presence from='" ORCHARD "' to='juliet@localhost'><status>Two</status></presence>";
    is_accepted((struct lie){ .refuse = false }, text);
    is_noticed(add_at("id='m'", JULIET, old), text, "presence-is-the-last",
               "its sender has replaced it by a later presence; this leaves to " BALCONY);
    is_accepted(add_at("id='m'", JULIET, last), text);
    /* In the event in which the later one came in, both may leave. */
    is_accepted(add_at("Two", JULIET, last), text);
    /* What is directed is not the last presence for others (4.6.3). */
    is_accepted((struct lie){ .refuse = false },
                FRIENDS CHECKS CAST BOTH COMES("Juliet") SAYS_STATUS("Romeo", "", "One")
                    SAYS_STATUS("Romeo", " to='juliet@localhost'",
                                "Two") "Juliet sends:\n\t<presence to='romeo@localhost' type='probe'/>\n");
}

/* RFC 6121, 4.5.2. */
static void leaves_that_are_told_twice(void **state)
{
    (void)state;
    static const char text[] = FRIENDS CHECKS CAST BOTH COMES("Juliet") COMES("Romeo")
        SAYS_STATUS("Romeo", " type='unavailable'", "Gone");
    const char *again = "<presence from='" ORCHARD "' to='juliet@localhost' type='unavailable'>"
                        "<status>Gone</status></presence>";
    is_accepted((struct lie){ .refuse = false }, text);
    is_noticed(add_at("Gone", JULIET, again), text, "unavailable-leaves-once",
               "it has left to the receiver before; this leaves to " BALCONY);
    /* It may say the same twice. */
    is_accepted((struct lie){ .refuse = false },
                FRIENDS CHECKS CAST BOTH COMES("Juliet") COMES("Romeo")
                    SAYS_STATUS("Romeo", " type='unavailable'", "Gone") COMES("Romeo")
                        SAYS_STATUS("Romeo", " type='unavailable'", "Gone"));
}

/* RFC 6121, 4.6.3: each address that presence was directed to is told. */
static void leaves_that_are_owed_twice(void **state)
{
    (void)state;
#define SHOWS(to) SAYS_STATUS("Romeo", " to='" to "'", "Here")
#define LEAVES    SAYS_STATUS("Romeo", " type='unavailable'", "Gone")
#define LEAVE(to)                                                                                            \
    "<presence from='" ORCHARD "' to='" to "' type='unavailable'><status>Gone</status></presence>"
#define BARE_JULIET "juliet@localhost"
    static const char account[] = CHECKS CAST BOTH COMES("Juliet") SHOWS(BARE_JULIET) LEAVES;
    static const char both[] = CHECKS CAST BOTH COMES("Juliet") SHOWS(BARE_JULIET) SHOWS(BALCONY) LEAVES;
    static const char other[] =
        CHECKS CAST BOTH COMES("Juliet") SHOWS(BARE_JULIET) SHOWS(BARE_JULIET "/hall") LEAVES;
    const char *again = "it has left to the receiver before; this leaves to " BALCONY;
    is_accepted((struct lie){ .refuse = false }, both);
    is_accepted((struct lie){ .refuse = false }, other);
    is_noticed(add_at("Gone", JULIET, LEAVE(BALCONY)), account, "unavailable-leaves-once", again);
    is_noticed(add_at("Gone", JULIET, LEAVE(BALCONY)), other, "unavailable-leaves-once", again);
    is_noticed(add_at("Gone", JULIET, LEAVE(BALCONY)), both, "unavailable-leaves-once", again);
    is_noticed(add_at("Gone", JULIET, LEAVE(BARE_JULIET)), both, "unavailable-leaves-once", again);
#undef BARE_JULIET
#undef LEAVE
#undef LEAVES
#undef SHOWS
}

/* Two messages are kept for Juliet's account.  Her second resource comes later. */
#define ARE_KEPT                                                                                             \
    "[Client] Hall\n\tjid: juliet@localhost/hall\n\tpassword: secret\n" CHECKS CAST BOTH                     \
    "Romeo sends:\n\t<message to='juliet@localhost' type='chat' id='k1'><body>One</body></message>\n"        \
    "Romeo sends:\n\t<message to='juliet@localhost' type='chat' id='k2'><body>Two</body></message>\n"
#define KEPT(id, body)                                                                                       \
    "<message from='" ORCHARD "' to='juliet@localhost' type='chat' id='" id "'><body>" body                  \
    "</body><delay xmlns='urn:xmpp:delay' from='localhost' stamp='2001-01-01T00:00:00Z'/></message>"

/* XEP-0160, 2. */
static void what_was_kept(void **state)
{
    (void)state;
    enum { HALL = 2 };
    static const char both[] = ARE_KEPT COMES("Juliet") "Hall connects\n" COMES("Hall");
    is_accepted((struct lie){ .refuse = false }, both);
    is_noticed((struct lie){ .to = HALL, .seen = "<presence", .add = KEPT("k1", "One"), .add_to = HALL },
               both, "what-is-kept-leaves-once",
               "it has left to another resource, which is still there; this leaves to juliet@localhost/hall");
    is_noticed(
        (struct lie){
            .to = JULIET, .swallow = "'k1'", .seen = "'k2'", .add = KEPT("k1", "One"), .add_to = JULIET },
        both, "what-is-kept-leaves-once", "a later message of its sender was kept as well");
    /* The one that got it has gone, and may not have read it. */
    is_accepted((struct lie){ .to = HALL, .seen = "<presence", .add = KEPT("k1", "One"), .add_to = HALL },
                ARE_KEPT COMES("Juliet") "Juliet disconnects\nHall connects\n" COMES("Hall"));
}

/* Two messages are lost on Juliet's link, and leave again when she comes back on the third one. */
#define COMES_BACK                                                                                           \
    CHECKS CAST BOTH "Juliet enables stream management\nJuliet's link dies silently\n"                       \
                     "Romeo sends:\n\t<message to='" BALCONY "' id='m1'/>\n"                                 \
                     "Romeo sends:\n\t<message to='" BALCONY "' id='m2'/>\n"                                 \
                     "Juliet drops the connection\nJuliet resumes\n"
enum { THIRD = 2 };

/* XEP-0198, 5. */
static void what_is_not_acknowledged(void **state)
{
    (void)state;
    is_accepted((struct lie){ .refuse = false }, COMES_BACK);
    is_noticed((struct lie){ .to = THIRD, .swallow = "id='m1'" }, COMES_BACK, "unacknowledged-leaves-again",
               "comes first, in its order; this leaves to " BALCONY ": <message");
    is_noticed((struct lie){ .to = THIRD, .swallow = "id='m2'" }, COMES_BACK, "unacknowledged-leaves-again",
               "not all of what was not acknowledged has left again: the session of " BALCONY);
    is_noticed((struct lie){ .to = THIRD, .swallow = "<message" }, COMES_BACK, "unacknowledged-leaves-again",
               "not all");
    is_noticed(add_at("<resumed", THIRD, "<presence/>"), COMES_BACK, "unacknowledged-leaves-again",
               "comes first, in its order");
}

#define ASKS_FOR_A_COUNT                                                                                     \
    CHECKS CAST BOTH "Juliet enables stream management\nJuliet sends:\n\t<presence/>\n"                      \
                     "Juliet sends:\n\t<r xmlns='urn:xmpp:sm:3'/>\n"

/* The request to resume fails, and what came in before it counts all the same. */
#define RESUMES_WITHOUT_NEED                                                                                 \
    CHECKS CAST BOTH "Juliet enables stream management\n"                                                    \
                     "Juliet pipelines:\n\tJuliet sends:\n\t\t<presence/>\n\t\t<r xmlns='urn:xmpp:sm:3'/>\n" \
                     "\tJuliet resumes\n\tJuliet sends:\n\t\t<presence/>\n\t\t<r xmlns='urn:xmpp:sm:3'/>\n"

/* XEP-0198, 4. */
static void counts(void **state)
{
    (void)state;
    is_accepted((struct lie){ .refuse = false }, ASKS_FOR_A_COUNT);
    is_accepted((struct lie){ .refuse = false }, RESUMES_WITHOUT_NEED);
    is_noticed((struct lie){ .to = JULIET, .swallow = "<a " }, RESUMES_WITHOUT_NEED, "counts-are-true",
               "a request for an acknowledgement was not answered");
    is_noticed((struct lie){ .to = JULIET, .swallow = "<a " }, ASKS_FOR_A_COUNT, "counts-are-true",
               "a request for an acknowledgement was not answered");
    is_noticed((struct lie){ .to = JULIET, .deaf = "<r ", .reply = "<a xmlns='urn:xmpp:sm:3' h='2'/>" },
               ASKS_FOR_A_COUNT, "counts-are-true",
               "it counts 2 stanzas, but 1 to 1 came in and are handled");
    is_noticed((struct lie){ .to = JULIET, .deaf = "<r ", .reply = "<a xmlns='urn:xmpp:sm:3' h='0'/>" },
               ASKS_FOR_A_COUNT, "counts-are-true", "it counts 0 stanzas");
    is_noticed(
        (struct lie){ .to = THIRD, .deaf = "<resume ", .reply = "<resumed xmlns='urn:xmpp:sm:3' h='1'/>" },
        COMES_BACK, "counts-are-true", "it counts 1 stanzas, but 0 to 0 came in and are handled");
}

/* RFC 7622, 4: the localpart changes when it is prepared once more (Unicode PRI 29). */
static void addresses(void **state)
{
    (void)state;
    is_noticed(add_at("<presence", JULIET,
                      "<message type='error' to='" BALCONY
                      "' from='\xE0\xA7\x87\xE0\xB7\x8A\xE0\xA7\x97\xE0\xA4\xBC@localhost'/>"),
               TALK, "addresses-are-prepared", "its address is not prepared");
    is_accepted(add_at("<presence", JULIET,
                       "<message type='error' to='" BALCONY "' from='juli\xC3\xABt@localhost'/>"),
                TALK);
}

#define FEATURES(what) "<stream:features>" what "</stream:features>"
#define BIND           "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"

/* RFC 6120, 7.4. */
static void features(void **state)
{
    (void)state;
    is_noticed(add_at("</mechanisms>", ROMEO, FEATURES(BIND)), TALK, "features-follow-the-login",
               "binding is offered to a client that has not logged in");
    is_noticed(add_at("<bind", ROMEO, FEATURES("")), TALK, "features-follow-the-login",
               "binding is not offered after the login");
    is_accepted(add_at("<bind", ROMEO, FEATURES(BIND)), TALK);
    is_accepted(add_at("</mechanisms>", ROMEO, FEATURES("")), TALK);
}

/* Juliet writes to somebody whom she blocks, and does not read the answer.  Her phone blocks somebody else meanwhile, so what
 * was not acknowledged may be less when she comes back; but not that answer (XEP-0191, 3.3). */
#define BLOCKS_AND_COMES_BACK                                                                                \
    "## checks only\n[Client] Juliet\n\tjid: " BALCONY "\n\tpassword: secret\n"                              \
    "[Client] Phone\n\tjid: juliet@localhost/phone\n\tpassword: secret\n"                                    \
    "[Blocklist] juliet@localhost\n\tromeo@localhost\n---\n"                                                 \
    "Juliet connects\nPhone connects\nJuliet enables stream management\nJuliet stops reading\n"              \
    "Juliet sends:\n\t<message to='romeo@localhost' id='a'/>\n"                                              \
    "Phone sends:\n\t<message to='" BALCONY "' id='m'/>\n"                                                   \
    "\t<iq type='set' id='b'><block xmlns='urn:xmpp:blocking'><item jid='nurse@localhost'/></block></iq>\n"  \
    "Juliet drops the connection\nJuliet resumes\n"

static void answers_in_the_name_of_the_blocked(void **state)
{
    (void)state;
    is_accepted((struct lie){ .refuse = false }, BLOCKS_AND_COMES_BACK);
    is_noticed((struct lie){ .to = THIRD, .swallow = "<blocked" }, BLOCKS_AND_COMES_BACK,
               "unacknowledged-leaves-again", "was not acknowledged");
    is_accepted((struct lie){ .to = THIRD, .swallow = "id='m'" }, BLOCKS_AND_COMES_BACK);
}

/* RFC 6120, 8.2.3: of requests to its own account, and of no others. */
static void requests_without_answers(void **state)
{
    (void)state;
    is_noticed((struct lie){ .to = JULIET, .swallow = "id='r'" }, CHECKS CAST BOTH ASKS("Juliet"),
               "each-request-is-answered", "a request to its own account came in, and no answer has left");
    is_accepted((struct lie){ .refuse = false }, TALK "Romeo sends:\n\t<iq type='get' id='r' to='" BALCONY
                                                      "'><query xmlns='jabber:iq:version'/></iq>\n");
}

/* What is added says nothing. */
static void much_of_little(void **state)
{
    (void)state;
    static const char begin[] = "<presence from='" ORCHARD "' to='" BALCONY "'";
    static const char end[] = "><status>x</status></presence>";
    static const char text[] =
        TALK "Romeo sends:\n\t<presence to='" BALCONY "'><status>x</status></presence>\n";
    char longer[12000] = "";
    const struct lie what = add_at("<status>x", JULIET, longer);
    snprintf(longer, sizeof longer, "%s%1000s%s", begin, "", end);
    is_accepted(what, text);
    snprintf(longer, sizeof longer, "%s%11000s%s", begin, "", end);
    is_noticed(what, text, "what-leaves-is-not-much-longer", "it has 11");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_honest_server_passes),
        cmocka_unit_test(messages_before_binding),
        cmocka_unit_test(what_is_for_others),
        cmocka_unit_test(messages_to_a_bare_jid),
        cmocka_unit_test(requests_to_a_bare_jid),
        cmocka_unit_test(pushes_without_interest),
        cmocka_unit_test(presence_without_presence),
        cmocka_unit_test(copies_without_a_wish),
        cmocka_unit_test(answers_without_requests),
        cmocka_unit_test(the_order),
        cmocka_unit_test(what_is_not_acknowledged),
        cmocka_unit_test(counts),
        cmocka_unit_test(addresses),
        cmocka_unit_test(features),
        cmocka_unit_test(answers_in_the_name_of_the_blocked),
        cmocka_unit_test(the_order_of_another_server),
        cmocka_unit_test(presence_that_was_replaced),
        cmocka_unit_test(leaves_that_are_told_twice),
        cmocka_unit_test(leaves_that_are_owed_twice),
        cmocka_unit_test(what_was_kept),
        cmocka_unit_test(requests_without_answers),
        cmocka_unit_test(much_of_little),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

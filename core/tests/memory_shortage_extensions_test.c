/* Every allocation fails once in runs that use the extensions, and other servers: no session waits forever,
 * the tables are consistent, and no memory is leaked (core.h). */
#include "rig.h"
#include "shallow.h"
#include "shortage.h"

#define FEATURES (CORE_OFFLINE | CORE_CARBONS | CORE_BLOCKING)
#define SM       "xmlns='urn:xmpp:sm:3'"

#define FROM_TYBALT " from='tybalt@capulet.lit/hall'"

/* Text in several pieces, which together need more than a chunk of a stanza's memory. */
#define LINE      "It is the east, &amp; Juliet is the sun; "
#define LINES     LINE LINE LINE LINE LINE LINE LINE LINE LINE
#define LONG_TEXT LINES LINES LINES LINES

static const char *const anonymous[] = { "guests.example" };

static struct core_settings everything(void)
{
    struct core_settings settings = rig_settings();
    settings.features = FEATURES;
    settings.tell_last_presence = true;
    settings.software = "Rehearsal";
    settings.software_version = "1";
    settings.keepalive = CORE_KEEPALIVE_PING;
    settings.idle_time = settings.ping_time = RIG_MINUTE;
    settings.resume_time = RIG_MINUTE;
    settings.ack_after = 1;
    settings.anonymous_hosts = anonymous;
    settings.anonymous_host_count = 1;
    return settings;
}

static void keep(const char *owner, const char *contact, const char *subscription)
{
    rig_keep_item(owner, contact, subscription);
}

static void begin(void)
{
    struct core_settings settings = everything();
    rig_begin_routed_with(&settings);
    keep("romeo@localhost", "juliet@localhost", "both");
    keep("juliet@localhost", "romeo@localhost", "both");
    keep("romeo@localhost", "tybalt@capulet.lit", "both");
    keep("romeo@localhost", "benvolio@localhost", "from");
    keep("benvolio@localhost", "romeo@localhost", "to");
    rig_keep_in(CORE_STORE_BLOCKLIST, "romeo@localhost", "a.lit", "<item xmlns='urn:xmpp:blocking'/>");
    rig_keep_in(CORE_STORE_BLOCKLIST, "romeo@localhost", "b.lit", "<item xmlns='urn:xmpp:blocking'/>");
}

static void begin_with_acks_asked_seldom(void)
{
    begin();
    rig.now += RIG_MINUTE;
}

static void ask(const struct host_link *link, const char *type, const char *id, const char *to,
                const char *payload)
{
    char xml[4096];
    snprintf(xml, sizeof xml, "<iq type='%s' id='%s'%s%s%s>%s</iq>", type, id, *to == '\0' ? "" : " to='", to,
             *to == '\0' ? "" : "'", payload);
    shortage_say(link, xml);
    shortage_assert_answered(link, id);
}

static void pass(uint64_t span)
{
    rig.now += span;
    core_tick(rig.core);
    rig_answer_all();
    shortage_assert_tables_agree();
}

/* ---- Answers of the server ---- */

#define QUERY(ns)  "<query xmlns='" ns "'/>"
#define DISCO      "http://jabber.org/protocol/disco"
#define BLOCKING   "urn:xmpp:blocking"
#define BLOCK(jid) "<block xmlns='" BLOCKING "'><item jid='" jid "'/><item jid='verona.lit'/></block>"
#define PASSWORD                                                                                             \
    "<query xmlns='jabber:iq:register'><username>romeo</username><password>pen&amp;cil</password></query>"
#define ROSTER_ITEM                                                                                          \
    "<query xmlns='jabber:iq:roster'><item jid='nurse@localhost' name='Nurse'><group>a &amp; b</group>"      \
    "<group>" LONG_TEXT "</group></item></query>"

static void live_by_asking(void)
{
    struct host_link *romeo = rig_online("romeo", "orchard");
    ask(romeo, "get", "q01", "localhost", QUERY(DISCO "#info"));
    ask(romeo, "get", "q02", "localhost", QUERY(DISCO "#items"));
    ask(romeo, "get", "q03", "", QUERY(DISCO "#info"));
    ask(romeo, "get", "q04", "juliet@localhost", QUERY(DISCO "#info"));
    ask(romeo, "get", "q05", "juliet@localhost", QUERY(DISCO "#items"));
    ask(romeo, "get", "q06", "nurse@localhost", QUERY("jabber:iq:roster"));
    ask(romeo, "get", "q07", "localhost", QUERY("jabber:iq:version"));
    ask(romeo, "get", "q08", "", "<time xmlns='urn:xmpp:time'/>");
    ask(romeo, "get", "q09", "", QUERY("jabber:iq:register"));
    ask(romeo, "get", "q10", "", "<ping xmlns='urn:xmpp:ping'/>");
    ask(romeo, "set", "q11", "", ROSTER_ITEM);
    ask(romeo, "set", "q12", "", PASSWORD);
    ask(romeo, "get", "q13", "", "<blocklist xmlns='" BLOCKING "'/>");
    ask(romeo, "set", "q14", "", BLOCK("juliet@localhost"));
    ask(romeo, "set", "q15", "", "<unblock xmlns='" BLOCKING "'><item jid='verona.lit'/></unblock>");
    ask(romeo, "set", "q16", "", "<unblock xmlns='" BLOCKING "'/>");
    ask(romeo, "get", "q17", "juliet@localhost", "<odd xmlns='urn:odd' long='" LONG_TEXT "'/>");
    ask(romeo, "set", "q18", "",
        "<query xmlns='jabber:iq:register'><username>romeo</username><password>" LONG_TEXT
        "</password></query>");
    shortage_say(romeo, "<presence type='unavailable'><status>" LONG_TEXT "</status></presence>");
    rig_hangup(romeo);
    rig_hangup(rig_online("juliet", "balcony")); /* receives his last presence */
}

/* ---- Blocking available contacts ---- */

static void live_with_blocks(void)
{
    struct host_link *romeo = rig_online("romeo", "orchard"), *juliet = rig_online("juliet", "balcony");
    struct host_link *benvolio = rig_login("benvolio", "street");
    shortage_say(romeo, "<presence to='benvolio@localhost/street'/><presence to='tybalt@capulet.lit/hall'/>");
    ask(romeo, "get", "b1", "", "<blocklist xmlns='" BLOCKING "'/>");
    ask(romeo, "set", "b2", "", BLOCK("juliet@localhost"));
    ask(romeo, "set", "b3", "", BLOCK("tybalt@capulet.lit"));
    shortage_say(juliet, "<message to='romeo@localhost' type='chat'><body>?</body></message>");
    shortage_say(juliet, "<presence type='probe' to='romeo@localhost'/>");
    shortage_say(romeo, "<message to='juliet@localhost' type='chat'><body>!</body></message>");
    rig_arrive("capulet.lit", "<message" FROM_TYBALT " to='romeo@localhost'><body>?</body></message>");
    ask(romeo, "set", "b4", "", "<unblock xmlns='" BLOCKING "'/>");
    rig_hangup(romeo);
    rig_hangup(benvolio);
    rig_hangup(juliet);
}

/* ---- Messages that wait, and copies ---- */

static void live_with_messages(void)
{
    struct host_link *romeo = rig_online("romeo", "orchard"), *other = rig_online("romeo", "garden");
    ask(other, "set", "c1", "", "<enable xmlns='urn:xmpp:carbons:2'/>");
    shortage_say(romeo, "<message to='juliet@localhost' type='chat'><body>" LONG_TEXT "</body></message>");
    shortage_say(romeo, "<message to='juliet@localhost'/>");
    shortage_say(romeo, "<message to='nobody@localhost' type='chat'><body>hist</body></message>");
    shortage_say(romeo, "<message to='juliet@localhost/gone' type='headline'><body>news</body></message>");
    shortage_say(romeo, "<message><body>to myself</body></message>");
    struct host_link *juliet = rig_online("juliet", "balcony");
    shortage_say(juliet, "<message to='romeo@localhost' type='chat'><body>ay me</body></message>");
    shortage_say(juliet, "<message to='romeo@localhost/orchard' type='chat'><body>ay me</body></message>");
    rig_arrive("capulet.lit",
               "<message" FROM_TYBALT " to='romeo@localhost'><body>" LONG_TEXT "</body></message>");
    rig_hangup(other);
    rig_hangup(romeo);
    rig_hangup(juliet);
}

/* ---- Stream management ---- */

/* The identifier of the session, in a static buffer; "" when there is none. */
static const char *enable(struct host_link *link)
{
    static char id[64];
    id[0] = '\0';
    shortage_say(link, "<enable " SM " resume='1'/>");
    const char *at = strstr(rig_take(link), "<enabled ");
    at = at != NULL ? strstr(at, " id='") : NULL;
    if (at != NULL)
        snprintf(id, sizeof id, "%.*s", (int)strcspn(at + 5, "'"), at + 5);
    return id;
}

static void resume(struct host_link *link, const char *id)
{
    char xml[160];
    snprintf(xml, sizeof xml, "<resume " SM " previd='%s' h='0'/>", id);
    shortage_say(link, xml);
}

static void live_with_acks(void)
{
    struct host_link *juliet = rig_online("juliet", "balcony");
    struct host_link *romeo = rig_online("romeo", "orchard");
    char id[64];
    snprintf(id, sizeof id, "%s", enable(romeo));
    enable(juliet);
    shortage_say(juliet,
                 "<message to='romeo@localhost/orchard' type='chat'><body>" LONG_TEXT "</body></message>");
    shortage_say(romeo, "<message to='juliet@localhost'><body>hist</body></message><r " SM "/>");
    shortage_say(juliet, "<a " SM " h='1'/><inactive xmlns='urn:xmpp:csi:0'/>");
    shortage_say(romeo, "<presence><status>here</status></presence>");
    shortage_say(juliet, "<iq type='get' id='1' to='romeo@localhost/orchard'><odd xmlns='urn:odd'/></iq>");
    rig_hangup(romeo);
    shortage_say(juliet, "<message to='romeo@localhost' type='chat'><body>more</body></message>");
    romeo = rig_authenticated("romeo");
    resume(romeo, id);
    shortage_say(juliet, "<active xmlns='urn:xmpp:csi:0'/>");
    rig_hangup(romeo);
    pass(RIG_MINUTE);
    shortage_say(juliet, "<a " SM " h='1000'/>"); /* more than was sent */
    rig_hangup(juliet);
}

/* ---- Whether the client is still there ---- */

static void live_in_silence(void)
{
    struct host_link *romeo = rig_online("romeo", "orchard"), *juliet = rig_online("juliet", "balcony");
    enable(juliet);
    pass(RIG_MINUTE);
    pass(RIG_MINUTE);
    pass(RIG_MINUTE);
    rig_hangup(romeo);
    rig_hangup(juliet);
}

/* ---- Removal of the account ---- */

static void live_and_leave(void)
{
    struct host_link *juliet = rig_online("juliet", "balcony"), *romeo = rig_online("romeo", "orchard");
    rig_online("romeo", "garden");
    shortage_say(romeo, "<presence to='juliet@localhost/balcony'/><presence to='verona.lit'/>");
    shortage_say(juliet, "<presence type='error' to='romeo@localhost/orchard'/>");
    shortage_say(juliet, "<presence type='subscribe' to='romeo@localhost'/>");
    shortage_say(romeo, "<iq type='set' id='1'><query xmlns='jabber:iq:register'><remove/></query></iq>");
    shortage_say(juliet, "<presence type='probe' to='romeo@localhost'/>");
    rig_hangup(juliet);
}

/* ---- Other servers ---- */

static void live_abroad(void)
{
    struct host_link *romeo = rig_online("romeo", "orchard");
    shortage_say(romeo, "<message to='tybalt@capulet.lit' type='chat'><body>" LONG_TEXT "</body></message>");
    shortage_say(romeo, "<presence type='subscribe' to='nurse@capulet.lit'/>");
    rig_arrive("capulet.lit", "<presence from='nurse@capulet.lit' to='romeo@localhost' type='subscribe'/>");
    rig_arrive("capulet.lit", "<presence from='nurse@capulet.lit' to='romeo@localhost' type='subscribed'/>");
    shortage_say(romeo, "<presence type='subscribed' to='nurse@capulet.lit'/>");
    rig_arrive("capulet.lit", "<presence" FROM_TYBALT " to='romeo@localhost' type='probe'/>");
    rig_arrive("capulet.lit", "<presence" FROM_TYBALT " to='romeo@localhost/orchard' type='probe'/>");
    rig_arrive("capulet.lit", "<iq" FROM_TYBALT
                              " to='nurse@localhost' type='get' id='1'>" QUERY("jabber:iq:roster") "</iq>");
    rig_arrive("capulet.lit",
               "<iq" FROM_TYBALT " to='romeo@localhost' type='get' id='1'>" QUERY(DISCO "#info") "</iq>");
    rig_arrive("capulet.lit", "<message" FROM_TYBALT " to='juliet@localhost'><body>?</body></message>");
    core_unroutable(rig.core, "<message xmlns='jabber:client' from='romeo@localhost/orchard' to='a@b.lit'/>",
                    73, CORE_NO_SERVER);
    core_unroutable(rig.core, "<presence xmlns='jabber:client' from='romeo@localhost' to='a@b.lit'/>", 69,
                    CORE_NO_SERVER);
    shortage_assert_tables_agree();
    rig_hangup(romeo);
}

/* ---- Anonymous accounts ---- */

#define ANONYMOUS_HEADER                                                                                     \
    "<?xml version='1.0'?><stream:stream to='guests.example' version='1.0' xml:lang='en' "                   \
    "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"

static void live_as_an_anonymous_account(void)
{
    struct host_link *link = rig_accept();
    shortage_say(link,
                 ANONYMOUS_HEADER "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>");
    shortage_say(link, ANONYMOUS_HEADER);
    rig_bind(link, "r");
    shortage_say(link, "<presence/>");
    ask(link, "set", "g1", "", ROSTER_ITEM);
    ask(link, "set", "g2", "", BLOCK("juliet@localhost"));
    ask(link, "set", "g3", "", PASSWORD);
    shortage_say(link, "<message to='romeo@localhost' type='chat'><body>hist</body></message>");
    rig_hangup(link);
}

/* ---- Addresses and items that take more than one piece of a stanza's memory ---- */

enum { LONG = 1000, GROUPS = 130 };

static const char *long_item(const char *head, const char *tail)
{
    static char xml[GROUPS * 40 + 4 * LONG];
    int at = snprintf(xml, sizeof xml,
                      "%s<item xmlns='jabber:iq:roster' jid='mab@localhost' subscription='from'>", head);
    for (int i = 0; i < GROUPS; i++)
        at += snprintf(xml + at, sizeof xml - (size_t)at, "<group>%d</group>", i);
    snprintf(xml + at, sizeof xml - (size_t)at, "<group>" LONG_TEXT "</group></item>%s", tail);
    return xml;
}

static void begin_with_a_long_item(void)
{
    begin();
    rig_keep("romeo@localhost", "mab@localhost", long_item("", ""));
}

static void live_at_length(void)
{
    char resource[LONG + 1] = "", far[LONG] = "", xml[2 * LONG];
    memset(resource, 'r', LONG);
    memset(far, 'f', LONG - 1);
    struct host_link *romeo = rig_online("romeo", resource), *juliet = rig_online("juliet", resource);
    snprintf(xml, sizeof xml, "<presence to='juliet@localhost/%s'/>", resource);
    shortage_say(romeo, xml);
    snprintf(xml, sizeof xml, "<presence type='probe' to='juliet@localhost/%s'/>", resource);
    shortage_say(romeo, xml);
    snprintf(xml, sizeof xml, "<presence type='subscribe' to='%s@capulet.lit'/>", far);
    shortage_say(romeo, xml);
    snprintf(xml, sizeof xml, "<presence type='subscribe' from='%s@capulet.lit' to='romeo@localhost'/>", far);
    rig_arrive("capulet.lit", xml);
    ask(romeo, "set", "l1", "", BLOCK("juliet@localhost"));
    shortage_say(romeo,
                 long_item("<iq type='set' id='l2'><query xmlns='jabber:iq:roster'>", "</query></iq>"));
    shortage_assert_answered(romeo, "l2");
    ask(romeo, "set", "l3", "", "<unblock xmlns='" BLOCKING "'/>");
    shortage_say(romeo, "<presence type='unsubscribed' to='juliet@localhost'/>");
    rig_hangup(romeo);
    rig_hangup(juliet);
}

/* ---- Stanzas that fill a piece of memory to the brim, so that whatever is added takes another ---- */

enum { BRIM = 1024, STEP = 32 };

static struct brimming {
    char filling[BRIM + 1];
    const char *format; /* of a stanza with the filling somewhere */
    struct host_link *romeo;
} brimming;

static void begin_to_the_brim(void)
{
    begin();
    brimming.romeo = rig_online("romeo", "orchard");
}

static void live_to_the_brim(void)
{
    char xml[2 * BRIM];
    snprintf(xml, sizeof xml, brimming.format, brimming.filling);
    shortage_say(brimming.romeo, xml);
    rig_hangup(brimming.romeo);
}

#define ITEM(jid) "<item jid='" jid "'/>"
#define MANY_BLOCKED                                                                                         \
    "<block xmlns='urn:xmpp:blocking'>" ITEM("a.lit") ITEM("c.lit") ITEM("d.lit") ITEM("e.lit")              \
        ITEM("f.lit") ITEM("g.lit") ITEM("h.lit") "</block>"

static void every_allocation_for_a_stanza_of_any_length_may_fail(void **state)
{
    LONG_TEST();
    static const char *const formats[] = {
        "<message><body>%s</body></message>",
        "<message type='chat' to='nurse@localhost'><x a='%s'/><body>a</body></message>",
        "<message to='juliet@localhost' n='%s' xml:lang='en'/>",
        "<presence type='subscribe' to='nurse@localhost' n='%s'/>",
        "<presence><x xmlns='%s'/></presence>",
        "<iq type='set' id='1' n='%s'><block xmlns='urn:xmpp:blocking'><item jid='A.lit'/></block></iq>",
        "<iq type='set' id='1' n='%s'>" MANY_BLOCKED "</iq>",
    };
    (void)state;
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        brimming.format = formats[i];
        for (size_t length = 1; length < BRIM; length += STEP) {
            memset(brimming.filling, 'f', length);
            brimming.filling[length] = '\0';
            shortage_play(begin_to_the_brim, live_to_the_brim);
        }
    }
}

/* ---- Refusals ---- */

static void begin_without_extensions(void)
{
    struct core_settings settings = rig_settings();
    settings.conflict = CORE_KICK_NEW;
    rig_begin_with(&settings);
}

static void live_refused(void)
{
    rig_say(rig_accept(), RIG_HEADER
            "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>" LONG_TEXT "</auth>");
    struct host_link *romeo = rig_online("romeo", "orchard"), *other = rig_authenticated("romeo");
    rig_bind(other, "orchard");
    ask(romeo, "get", "r1", "juliet@localhost", QUERY(DISCO "#info"));
    rig_hangup(other);
    rig_hangup(romeo);
}

static void every_allocation_of_a_refusal_may_fail(void **state)
{
    (void)state;
    assert_true(shortage_play(begin_without_extensions, live_refused) > 50);
}

/* ---- A client that reads nothing for a while ---- */

static void live_unread(void)
{
    struct host_link *romeo = rig_online("romeo", "orchard"), *juliet = rig_online("juliet", "balcony");
    romeo->window = 0;
    shortage_say(juliet, "<message to='romeo@localhost' type='chat'><body>" LONG_TEXT "</body></message>");
    shortage_say(juliet, "<message to='romeo@localhost' type='chat'><body>" LONG_TEXT "</body></message>");
    romeo->window = SIZE_MAX;
    if (romeo->conn != NULL)
        core_writable(rig.core, romeo->conn);
    rig_hangup(romeo);
    rig_hangup(juliet);
}

/* ---- The lives ---- */

static void every_allocation_of_an_answer_may_fail(void **state)
{
    (void)state;
    LONG_TEST();
    assert_true(shortage_play(begin, live_by_asking) > 100);
}

static void every_allocation_of_a_block_may_fail(void **state)
{
    (void)state;
    assert_true(shortage_play(begin, live_with_blocks) > 100);
}

static void every_allocation_of_a_message_may_fail(void **state)
{
    (void)state;
    assert_true(shortage_play(begin, live_with_messages) > 100);
}

static void every_allocation_of_a_managed_stream_may_fail(void **state)
{
    (void)state;
    assert_true(shortage_play(begin, live_with_acks) > 100);
}

static void every_allocation_of_a_keepalive_may_fail(void **state)
{
    (void)state;
    assert_true(shortage_play(begin_with_acks_asked_seldom, live_in_silence) > 50);
}

static void every_allocation_of_a_removal_may_fail(void **state)
{
    (void)state;
    assert_true(shortage_play(begin, live_and_leave) > 100);
}

static void every_allocation_for_another_server_may_fail(void **state)
{
    (void)state;
    assert_true(shortage_play(begin, live_abroad) > 100);
}

static void every_allocation_of_an_anonymous_session_may_fail(void **state)
{
    (void)state;
    assert_true(shortage_play(begin, live_as_an_anonymous_account) > 50);
}

static void every_allocation_for_long_addresses_may_fail(void **state)
{
    (void)state;
    LONG_TEST();
    assert_true(shortage_play(begin_with_a_long_item, live_at_length) > 100);
}

static void every_allocation_for_unread_output_may_fail(void **state)
{
    (void)state;
    assert_true(shortage_play(begin, live_unread) > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_of_an_answer_may_fail),
        cmocka_unit_test(every_allocation_of_a_block_may_fail),
        cmocka_unit_test(every_allocation_of_a_message_may_fail),
        cmocka_unit_test(every_allocation_of_a_managed_stream_may_fail),
        cmocka_unit_test(every_allocation_of_a_keepalive_may_fail),
        cmocka_unit_test(every_allocation_of_a_removal_may_fail),
        cmocka_unit_test(every_allocation_for_another_server_may_fail),
        cmocka_unit_test(every_allocation_of_an_anonymous_session_may_fail),
        cmocka_unit_test(every_allocation_for_long_addresses_may_fail),
        cmocka_unit_test(every_allocation_for_unread_output_may_fail),
        cmocka_unit_test(every_allocation_for_a_stanza_of_any_length_may_fail),
        cmocka_unit_test(every_allocation_of_a_refusal_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The software version (XEP-0092) and the time (XEP-0202). */
#include "iq/version_time.h"

#include "inside.h"

#define INFO      "http://jabber.org/protocol/disco#info"
#define QUERY(ns) "<query xmlns='" ns "'/>"
#define TIME      "<time xmlns='urn:xmpp:time'/>"

static void get(const struct host_link *link, const char *to, const char *payload)
{
    char xml[256];
    snprintf(xml, sizeof xml, "<iq type='get' id='q'%s>%s</iq>", to, payload);
    rig_say(link, xml);
}

/* ---- XEP-0092 ---- */

static void a_server_that_tells_no_name_has_none(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.software = NULL;
    rig_begin_with(&settings);
    struct host_link *romeo = rig_login("romeo", "orchard");
    get(romeo, " to='localhost'", QUERY("jabber:iq:version"));
    rig_assert_stanza_error(romeo, "cancel", "service-unavailable");
    get(romeo, " to='localhost'", QUERY(INFO));
    const char *text = rig_take(romeo);
    rig_assert_has(text, "<identity category='server' type='im'/>");
    rig_assert_lacks(text, "jabber:iq:version");
    rig_end();
}

/* XEP-0092, 2: <name/> and <version/> are both required. */
static void a_version_is_always_returned(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.software_version = "1.2";
    rig_begin_with(&settings);
    struct host_link *romeo = rig_login("romeo", "orchard");
    get(romeo, " to='localhost'", QUERY("jabber:iq:version"));
    rig_assert_has(rig_take(romeo), "<name>Rehearsal</name><version>1.2</version></query>");
    rig_end();
    settings.software_version = NULL;
    rig_begin_with(&settings);
    romeo = rig_login("romeo", "orchard");
    get(romeo, " to='localhost'", QUERY("jabber:iq:version"));
    rig_assert_has(rig_take(romeo), "<name>Rehearsal</name><version/></query>");
    rig_end();
}

/* XEP-0092, 5: the operating system could help attackers; only name and version are returned. */
static void only_the_names_are_returned_as_text(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.software = "R & D";
    settings.software_version = "<1>";
    rig_begin_with(&settings);
    struct host_link *romeo = rig_login("romeo", "orchard");
    get(romeo, " to='localhost'", QUERY("jabber:iq:version"));
    const char *text = rig_take(romeo);
    rig_assert_has(text, " type='result'");
    rig_assert_has(text, " id='q'");
    rig_assert_has(
        text, "<query xmlns='jabber:iq:version'><name>R &amp; D</name><version>&lt;1></version></query>");
    rig_end();
}

/* ---- XEP-0202 ---- */

/* XEP-0202, 2: <tzo/> and <utc/>, both required, in the forms of XEP-0082: an offset, and UTC with a 'Z'. */
static void the_time_is_that_of_the_host_in_utc(void **state)
{
    (void)state;
    static const struct {
        uint64_t seconds;
        const char *utc;
    } rows[] = {
        { 0, "1970-01-01T00:00:00Z" },
        { 978307200, "2001-01-01T00:00:00Z" },
        { 951827696, "2000-02-29T12:34:56Z" },
        { 1166551115, "2006-12-19T17:58:35Z" }, /* XEP-0202, example 2 */
    };
    struct host_link *romeo = rig_login("romeo", "orchard");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char expected[160];
        rig.now = rows[i].seconds * UINT64_C(1000000000);
        get(romeo, " to='localhost'", TIME);
        snprintf(expected, sizeof expected,
                 "<time xmlns='urn:xmpp:time'><tzo>+00:00</tzo><utc>%s</utc></time></iq>", rows[i].utc);
        const char *text = rig_take(romeo);
        rig_assert_has(text, expected);
        rig_assert_has(text, " type='result'");
        rig_assert_has(text, " from='localhost'");
    }
}

/* ---- Both ---- */

/* RFC 6120, 8.2.3: answered, or the session ends; the iq, which they take, is freed. */
static void every_allocation_of_an_answer_may_fail(void **state)
{
    static void (*const answers[])(const struct iq_request *) = { version_answer, time_answer };
    for (size_t which = 0; which < 2; which++) {
        size_t nth = 0, needed = 0;
        do {
            struct host_link *romeo = rig_login("romeo", "orchard");
            const struct iq_request request = {
                rig.core, inside_session(romeo),
                inside_stanza("<iq from='romeo@localhost/orchard' type='get' id='1'/>"), NULL
            };
            size_t before = rig.memory.allocations;
            rig.memory.fail_at = before + ++nth;
            answers[which](&request);
            needed = rig.memory.allocations - before;
            rig.memory.fail_at = 0;
            inside_settle();
            assert_int_equal(romeo->closed, nth <= needed);
            assert_int_equal(rig_count(rig_take(romeo), " id='1'"), nth > needed);
            rig_end(); /* detects leaks */
            rig_set_up(state);
        } while (nth <= needed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_that_tells_no_name_has_none),
        cmocka_unit_test(a_version_is_always_returned),
        cmocka_unit_test(only_the_names_are_returned_as_text),
        RIG_TEST(the_time_is_that_of_the_host_in_utc),
        RIG_TEST(every_allocation_of_an_answer_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

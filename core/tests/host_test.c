/* The reports of the host about a core that violates core.h: the tests call its ports as such a core
 * would. */
#include "rig.h"

static jmp_buf reported;
static char message[256];

static void report(const char *text)
{
    snprintf(message, sizeof message, "%s", text);
    longjmp(reported, 1);
}

/* A request for a store of romeo@localhost. */
static struct core_store_request request_of(uint64_t id, enum core_store_op op, enum core_store store)
{
    return (struct core_store_request){
        .id = id, .op = op, .store = store, .username = "romeo", .host = "localhost"
    };
}

static void ask(const struct core_store_request *request)
{
    rig.options.fail = report;
    rig.ports.store(&rig, request);
}

static void assert_refused(struct core_store_request request, const char *why)
{
    if (setjmp(reported) == 0) {
        ask(&request);
        fail_msg("not reported: %s", why);
    }
    rig_assert_has(message, why);
}

static void a_request_that_core_h_rules_out_is_reported(void **state)
{
    (void)state;
    struct core_store_request request = request_of(1, CORE_LOAD, CORE_STORE_OFFLINE);
    assert_refused(request, "loaded in pieces");
    request = request_of(2, CORE_LOAD, CORE_STORE_ROSTER);
    request.piece = (struct core_store_piece){ "", 1, 1 };
    assert_refused(request, "loaded in pieces");
    assert_refused(request_of(3, CORE_COUNT, CORE_STORE_ROSTER), "are counted");
    assert_refused(request_of(4, CORE_REMOVE, CORE_STORE_ROSTER), "is removed");
    assert_refused(request_of(5, CORE_SAVE, CORE_STORE_ROSTER), "a save has entries");
    request = request_of(6, CORE_LOAD, CORE_STORE_ROSTER);
    request.host = "elsewhere.example";
    assert_refused(request, "one of the core's hosts");
    const struct core_store_entry entries[] = { { "a@b", "<item/>" }, { "c@d", "<item/>" } };
    request = request_of(7, CORE_SAVE, CORE_STORE_ROSTER);
    request.entries = entries;
    request.entry_count = 2;
    assert_refused(request, "roster's version");
}

static void an_id_is_used_once_and_a_store_has_one_request(void **state)
{
    (void)state;
    struct core_store_request request = request_of(10, CORE_LOAD, CORE_STORE_ROSTER);
    ask(&request);
    assert_refused(request_of(11, CORE_LOAD, CORE_STORE_ROSTER), "one request at a time");
    assert_refused(request_of(10, CORE_LOAD, CORE_STORE_BLOCKLIST), "no id is used twice");
    request = request_of(5, CORE_LOAD, CORE_STORE_BLOCKLIST);
    ask(&request);
    assert_refused(request_of(5, CORE_LOAD, CORE_STORE_ACTIVITY), "no id is used twice");
    rig_answer_all();
    assert_refused(request_of(10, CORE_LOAD, CORE_STORE_ROSTER), "no id is used twice");
    request = request_of(12, CORE_LOAD, CORE_STORE_ROSTER); /* the first was answered */
    ask(&request);
    rig_answer_all();
}

static void an_ended_link_is_not_used(void **state)
{
    (void)state;
    struct host_link *link = rig_accept();
    rig_hangup(link);
    rig.options.fail = report;
    if (setjmp(reported) == 0) {
        rig.ports.send(&rig, link, "x", 1);
        fail_msg("not reported");
    }
    rig_assert_has(message, "not used again");
}

/* Requests take effect in the order in which they were made, also when the first is answered last. */
static void a_removed_account_is_there_for_earlier_requests_only(void **state)
{
    (void)state;
    struct core_store_request load = request_of(20, CORE_LOAD, CORE_STORE_ACCOUNT);
    struct core_store_request removal = request_of(21, CORE_REMOVE, CORE_STORE_ACCOUNT);
    struct core_store_request late = request_of(22, CORE_LOAD, CORE_STORE_ACCOUNT);
    rig_keep_item("romeo@localhost", "juliet@localhost", "both");
    ask(&load);
    ask(&removal);
    ask(&late);
    rig_answer_with(rig.requests[1], CORE_STORED);
    assert_int_equal(rig_kept_count(CORE_STORE_ROSTER, "romeo@localhost"), 0);
    rig_answer_with(rig.requests[0], CORE_STORED);
    assert_int_equal(rig.requests[0]->loaded, 1);
    rig_answer_with(rig.requests[2], CORE_STORED);
    assert_int_equal(rig.requests[2]->loaded, 0);
}

static void a_host_that_restarts_has_what_was_saved(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig_say(romeo, "<iq type='set' id='s'><query xmlns='jabber:iq:roster'><item jid='juliet@localhost'/>"
                   "</query></iq>");
    host_restart(&rig);
    assert_true(romeo->closed);
    romeo = rig_login("romeo", "orchard");
    rig_say(romeo, "<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>");
    rig_assert_has(rig_take(romeo), "juliet@localhost");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(a_request_that_core_h_rules_out_is_reported),
        RIG_TEST(an_id_is_used_once_and_a_store_has_one_request),
        RIG_TEST(an_ended_link_is_not_used),
        RIG_TEST(a_removed_account_is_there_for_earlier_requests_only),
        RIG_TEST(a_host_that_restarts_has_what_was_saved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

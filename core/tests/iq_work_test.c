/* Functions shared by the handlers of iqs: delivery to a resource, and work on the addressed account. */
#include "iq/iq_work.h"

#include "inside.h"

/* ---- Delivery (RFC 6121, 8.5.3) ---- */

static void deliver(const char *xml)
{
    iq_deliver(rig.core, inside_stanza(xml));
}

static void an_iq_goes_to_the_resource_that_it_names(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard"), *juliet = rig_login("juliet", "balcony");
    deliver("<iq from='romeo@localhost/orchard' to='juliet@localhost/balcony' type='get' id='1'><q "
            "xmlns='urn:q'/></iq>");
    const char *text = rig_take(juliet);
    assert_int_equal(rig_count(text, "<iq "), 1);
    rig_assert_has(text, " id='1'");
    rig_assert_has(text, "<q xmlns='urn:q'/></iq>");
    assert_string_equal(rig_take(romeo), "");
}

/* 8.5.3.2.2: a request is answered; RFC 6120, 8.2.3: an answer is not. */
static void an_iq_without_its_resource_is_unavailable(void **state)
{
    (void)state;
    static const struct {
        const char *xml;
        bool answered;
    } rows[] = {
        { "<iq from='romeo@localhost/orchard' to='juliet@localhost/gone' type='get' id='1'/>", true },
        { "<iq from='romeo@localhost/orchard' to='juliet@localhost/gone' type='set' id='1'/>", true },
        { "<iq from='romeo@localhost/orchard' to='juliet@localhost/gone' type='result' id='1'/>", false },
        { "<iq from='romeo@localhost/orchard' to='juliet@localhost/gone' type='error' id='1'/>", false },
    };
    struct host_link *romeo = rig_login("romeo", "orchard"), *juliet = rig_login("juliet", "balcony");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        deliver(rows[i].xml);
        if (rows[i].answered)
            rig_assert_stanza_error(romeo, "cancel", "service-unavailable");
        assert_string_equal(rig_take(romeo), "");
        assert_string_equal(rig_take(juliet), "");
    }
}

/* ---- Work ---- */

static const struct user *worked_on; /* the last account, and its stanza's id */
static char worked_id[16];

static void note_begun(struct user *user, struct user_work *work)
{
    worked_on = user;
    snprintf(worked_id, sizeof worked_id, "%s", element_get(work->stanza->root, "id"));
    work_finish(user, work);
}

static void note_failed(struct user *user, struct user_work *work, enum user_failure why)
{
    (void)user;
    (void)work;
    fail_msg("failed: %d", (int)why);
}

static const struct user_work_kind noting = {
    .name = "noting", .needs = USER_ROSTER, .begin = note_begun, .failed = note_failed
};

static void ask(struct session *session, const char *xml, const char *to)
{
    struct jid jid;
    struct iq_request request = { rig.core, session, inside_stanza(xml), NULL };
    if (to != NULL) {
        assert_true(jid_parse_string(&jid, to));
        request.to = &jid;
    }
    worked_on = NULL;
    iq_work_begin(&request, &noting, (union work_subject){ 0 });
}

/* RFC 6120, 10.3.3: without `to` it is for the account of the sender. */
static void work_is_on_the_account_that_is_asked(void **state)
{
    (void)state;
    struct session *romeo = inside_session(rig_login("romeo", "orchard"));
    struct session *juliet = inside_session(rig_login("juliet", "balcony"));
    ask(romeo, "<iq type='get' id='own'/>", NULL);
    assert_ptr_equal(worked_on, romeo->user);
    assert_string_equal(worked_id, "own");
    ask(romeo, "<iq type='get' id='hers'/>", "juliet@localhost");
    assert_ptr_equal(worked_on, juliet->user);
    assert_string_equal(worked_id, "hers");
    inside_settle();
    assert_false(romeo->waiting);
}

/* An account without a session is loaded; the requesting session waits, and the work of its account
 * continues. */
static void the_session_waits_for_the_account(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    struct session *session = inside_session(romeo);
    rig.prompt = false;
    ask(session, "<iq type='get' id='1'/>", "nurse@example.com");
    assert_null(worked_on);
    assert_true(session->waiting);
    assert_string_equal(rig_pending()->owner, "nurse@example.com");
    rig_answer();
    assert_string_equal(worked_id, "1");
    assert_false(session->waiting);
}

static void a_remote_sender_has_no_session_that_waits(void **state)
{
    (void)state;
    rig.prompt = false;
    ask(NULL, "<iq type='get' id='2'/>", "nurse@localhost");
    rig_answer();
    assert_string_equal(worked_id, "2");
}

/* RFC 6120, 8.2.3: an iq that cannot be answered is the end of its session, and is freed.  The first two
 * allocations are those of the account, and so of the queue; later failures are tested in work_test. */
static void without_memory_the_session_is_disconnected(void **state)
{
    (void)state;
    struct host_link *juliet = rig_login("juliet", "balcony");
    for (size_t nth = 1; nth <= 2; nth++) {
        struct host_link *romeo = rig_login("romeo", "orchard");
        struct jid to;
        assert_true(jid_parse_string(&to, "nurse@localhost"));
        const struct iq_request request = { rig.core, inside_session(romeo),
                                            inside_stanza("<iq type='get' id='3'/>"), &to };
        rig.memory.fail_at = rig.memory.allocations + nth;
        iq_work_begin(&request, &noting, (union work_subject){ 0 });
        assert_true(inside_session(romeo)->doomed);
        inside_settle();
        assert_true(romeo->closed);
        assert_false(juliet->closed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(an_iq_goes_to_the_resource_that_it_names),
        RIG_TEST(an_iq_without_its_resource_is_unavailable),
        RIG_TEST(work_is_on_the_account_that_is_asked),
        RIG_TEST(the_session_waits_for_the_account),
        RIG_TEST(a_remote_sender_has_no_session_that_waits),
        RIG_TEST(without_memory_the_session_is_disconnected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The record of an account's last unavailable presence (RFC 6121, 4.3.2; the form is core.h's). */
#include "presence/activity.h"
#include "rig.h"

#include "xml/stanza.h"

static int set_up(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.tell_last_presence = true;
    rig_begin_with(&settings);
    return 0;
}

/* The saves of CORE_STORE_ACTIVITY so far. */
static size_t notes(void)
{
    size_t count = 0;
    for (size_t i = 0; i < rig.request_count; i++)
        count += rig.requests[i]->store == CORE_STORE_ACTIVITY && rig.requests[i]->op == CORE_SAVE;
    return count;
}

static const char *last_note(void)
{
    for (size_t i = rig.request_count; i > 0; i--)
        if (rig.requests[i - 1]->store == CORE_STORE_ACTIVITY && rig.requests[i - 1]->op == CORE_SAVE)
            return rig.requests[i - 1]->entries[0].value;
    return "";
}

static void unavailable_presence_is_noted_with_its_status(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig_say(romeo, "<presence type='unavailable'><status>Heading &lt;home&gt;</status></presence>");
    assert_int_equal(notes(), 1);
    /* The time of the rig's clock: 2001-01-01T00:00:00Z. */
    assert_string_equal(last_note(),
                        "<query xmlns='jabber:iq:last' seconds='978307200'>Heading &lt;home></query>");
    rig_hangup(romeo);
    assert_int_equal(notes(), 1);
}

static void a_lost_link_is_noted_without_one(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard"), *quiet = rig_login("romeo", "phone");
    rig_hangup(quiet); /* it was never available */
    assert_int_equal(notes(), 0);
    rig_hangup(romeo);
    assert_string_equal(last_note(), "<query xmlns='jabber:iq:last' seconds='978307200'></query>");
    assert_int_equal(inspect_counts(rig.core).users_in_memory, 0);
}

static void nothing_is_noted_unless_a_setting_wants_it(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig_say(romeo, "<presence type='unavailable'/>");
    assert_int_equal(notes(), 0);
}

/* XEP-0012 needs it as well as the answer to a probe does. */
static void last_activity_wants_it_by_itself(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.features = CORE_LAST_ACTIVITY;
    rig_begin_with(&settings);
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig_say(romeo, "<presence type='unavailable'><status>Home</status></presence>");
    assert_string_equal(last_note(), "<query xmlns='jabber:iq:last' seconds='978307200'>Home</query>");
    rig_end();
}

static void a_core_that_ends_notes_nothing(void **state)
{
    (void)state;
    rig_online("romeo", "orchard");
    core_free(rig.core);
    assert_int_equal(notes(), 0);
    rig.core = core_new(&rig.ports, &rig.settings);
}

static void read_record(struct activity_record *record, const struct core_store_entry *entries, size_t count)
{
    struct core core = { .memory = &rig_memory };
    parser_pool_init(&core.parsers, &rig_memory, 1);
    activity_read(record, &core, entries, count);
    parser_pool_empty(&core.parsers);
}

static void assert_read(const char *xml, bool known, uint64_t time, const char *status)
{
    const struct core_store_entry entry = { "last", xml };
    struct activity_record record;
    read_record(&record, &entry, 1);
    assert_int_equal(record.activity.known, known);
    if (known) {
        assert_true(record.activity.time == time);
        if (status == NULL)
            assert_null(record.activity.status);
        else
            assert_string_equal(record.activity.status, status);
    }
    activity_free(&record);
}

static void a_saved_activity_is_read(void **state)
{
    (void)state;
    assert_read("<query xmlns='jabber:iq:last' seconds='978307200'>Home</query>", true,
                UINT64_C(978307200000000000), "Home");
    assert_read("<query xmlns='jabber:iq:last' seconds='0'/>", true, 0, NULL);
}

static void an_activity_that_cannot_be_parsed_is_unknown(void **state)
{
    (void)state;
    assert_read("<query xmlns='jabber:iq:last'/>", false, 0, NULL);
    assert_read("<query xmlns='jabber:iq:last' seconds=''/>", false, 0, NULL);
    assert_read("<query xmlns='jabber:iq:last' seconds='-1'/>", false, 0, NULL);
    assert_read("<query xmlns='jabber:iq:last' seconds='1s'/>", false, 0, NULL);
    assert_read("<query xmlns='jabber:iq:last' seconds='99999999999999999999'/>", false, 0, NULL);
    assert_read("<other xmlns='jabber:iq:last' seconds='1'/>", false, 0, NULL);
    assert_read("<broken", false, 0, NULL);
    struct activity_record record;
    read_record(&record, NULL, 0);
    assert_false(record.activity.known);
    activity_free(&record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST_FROM(unavailable_presence_is_noted_with_its_status, set_up),
        RIG_TEST_FROM(a_lost_link_is_noted_without_one, set_up),
        RIG_TEST(nothing_is_noted_unless_a_setting_wants_it),
        cmocka_unit_test(last_activity_wants_it_by_itself),
        RIG_TEST_FROM(a_core_that_ends_notes_nothing, set_up),
        RIG_TEST(a_saved_activity_is_read),
        RIG_TEST(an_activity_that_cannot_be_parsed_is_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

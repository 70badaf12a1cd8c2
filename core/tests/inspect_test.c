#include "inspect.h"
#include "rig.h"

static void a_roster_is_shown_whole(void **state)
{
    (void)state;
    rig_keep("romeo@localhost", "a@b",
             "<item xmlns='jabber:iq:roster' jid='a@b' name='A' subscription='from' ask='subscribe'>"
             "<group>1</group><group>2</group></item>");
    rig_keep("romeo@localhost", "h@b",
             "<item xmlns='jabber:iq:roster' jid='h@b' hidden='true'>"
             "<presence xmlns='jabber:client' type='subscribe' from='h@b'/></item>");
    struct host_link *romeo = rig_login("romeo", "orchard");
    const struct roster *roster = session_look(rig_session(romeo)).roster;
    assert_int_equal(inspect_roster_size(roster), 2);
    assert_int_equal(inspect_roster_revision(roster), 2); /* one for each item that came without a version */
    struct inspect_item item = inspect_roster_item(roster, 0);
    assert_string_equal(item.jid, "a@b");
    assert_string_equal(item.name, "A");
    assert_string_equal(item.subscription, "from");
    assert_true(item.ask && !item.pending_in && !item.hidden);
    assert_int_equal(item.group_count, 2);
    assert_string_equal(item.groups[1], "2");
    item = inspect_roster_item(roster, 1);
    assert_string_equal(item.subscription, "none");
    assert_null(item.name);
    assert_true(!item.ask && item.pending_in && item.hidden);
    assert_int_equal(item.group_count, 0);
}

static void presence_is_shown_as_xml(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig_say(romeo, "<presence><show>away</show></presence>");
    struct session_view view = session_look(rig_session(romeo));
    char xml[512];
    assert_true(view.presence_length < sizeof xml);
    memcpy(xml, view.presence, view.presence_length);
    xml[view.presence_length] = '\0';
    rig_assert_has(xml, "<presence from='romeo@localhost/orchard'>");
    rig_assert_has(xml, "<show>away</show>");
    rig_say(romeo, "<presence to='juliet@localhost'><show>xa</show></presence>"); /* directed: not this one */
    view = session_look(rig_session(romeo));
    assert_memory_equal(view.presence, xml, view.presence_length);
}

static void missing_properties_are_null(void **state)
{
    (void)state;
    assert_null(inspect_first_session(rig.core));
    assert_null(inspect_full_jid(rig.core, "romeo@localhost/orchard"));
    assert_null(inspect_first_resource(rig.core, "romeo@localhost"));
    struct inspect_counts counts = inspect_counts(rig.core);
    assert_int_equal(counts.sessions + counts.full_jids + counts.bare_jids + counts.resources +
                         counts.host_sessions + counts.storage_requests + counts.users_in_memory,
                     0);
    assert_int_equal(counts.hosts, 2);
}

static void carbons_are_shown_once_they_are_enabled(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    assert_false(session_look(rig_session(romeo)).carbons);
    rig_say(romeo, "<iq type='set' id='c'><enable xmlns='urn:xmpp:carbons:2'/></iq>");
    assert_true(session_look(rig_session(romeo)).carbons);
    rig_say(romeo, "<iq type='set' id='d'><disable xmlns='urn:xmpp:carbons:2'/></iq>");
    assert_false(session_look(rig_session(romeo)).carbons);
}

int main(void)
{
    rig_use(&(struct rig_options){ .features = CORE_CARBONS });
    const struct CMUnitTest tests[] = {
        RIG_TEST(a_roster_is_shown_whole),
        RIG_TEST(presence_is_shown_as_xml),
        RIG_TEST(carbons_are_shown_once_they_are_enabled),
        RIG_TEST(missing_properties_are_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

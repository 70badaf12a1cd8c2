/* A session's life and the tables that it is in, as inspect.h shows them (Prosody's doc/session.txt). */
#include "rig.h"

static void assert_counts(size_t sessions, size_t hosted, size_t bound, size_t accounts)
{
    struct inspect_counts counts = inspect_counts(rig.core);
    assert_int_equal(counts.sessions, sessions);
    assert_int_equal(counts.host_sessions, hosted);
    assert_int_equal(counts.full_jids, bound);
    assert_int_equal(counts.resources, bound);
    assert_int_equal(counts.bare_jids, accounts);
    assert_int_equal(counts.users_in_memory, accounts);
    assert_int_equal(counts.hosts, 2);
}

static void a_session_has_its_properties_when_it_has_earned_them(void **state)
{
    (void)state;
    struct host_link *link = rig_accept();
    struct session_view view = session_look(rig_session(link));
    assert_ptr_equal(view.conn, link->conn);
    assert_true(view.notopen);
    assert_int_equal(view.type, SESSION_C2S_UNAUTHED);
    assert_true(view.username == NULL && view.host == NULL && view.resource == NULL && view.full_jid == NULL);
    assert_true(view.presence == NULL && view.roster == NULL && !view.interested && view.priority == 0);
    assert_counts(1, 0, 0, 0);
    rig_say(link, RIG_HEADER);
    view = session_look(rig_session(link));
    assert_string_equal(view.host, "localhost");
    assert_null(view.username);
    assert_counts(1, 1, 0, 0);
    rig_auth(link, "romeo");
    rig_say(link, RIG_HEADER);
    view = session_look(rig_session(link));
    assert_string_equal(view.username, "romeo");
    assert_int_equal(view.type, SESSION_C2S_UNBOUND);
    assert_false(session_is_connected(rig_session(link)));
    assert_counts(1, 1, 0, 0);
    rig_bind(link, "orchard");
    assert_true(session_is_connected(rig_session(link)));
    assert_false(session_is_available(rig_session(link)));
    assert_false(session_is_interested(rig_session(link)));
    assert_counts(1, 1, 1, 1);
    rig_say(link, "<presence/><iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>");
    assert_true(session_is_available(rig_session(link)));
    assert_true(session_is_interested(rig_session(link)));
    rig_hangup(link);
    assert_counts(0, 0, 0, 0);
    assert_null(inspect_first_session(rig.core));
    assert_null(inspect_full_jid(rig.core, "romeo@localhost/orchard"));
    assert_null(inspect_first_resource(rig.core, "romeo@localhost"));
}

static void sessions_and_resources_are_listed_in_the_order_in_which_they_came(void **state)
{
    (void)state;
    struct host_link *links[5];
    for (size_t i = 0; i < 5; i++)
        links[i] =
            rig_login(i == 2 ? "juliet" : "romeo", (const char *const[]){ "a", "b", "c", "d", "e" }[i]);
    rig_hangup(links[1]);
    const struct session *session = inspect_first_session(rig.core);
    for (size_t i = 0; i < 5; i++) {
        if (i == 1)
            continue;
        assert_ptr_equal(session, rig_session(links[i]));
        session = inspect_next_session(session);
    }
    assert_null(session);
    const struct session *resource = inspect_first_resource(rig.core, "romeo@localhost");
    assert_ptr_equal(resource, rig_session(links[0]));
    resource = inspect_next_resource(resource);
    assert_ptr_equal(resource, rig_session(links[3]));
    assert_ptr_equal(inspect_next_resource(resource), rig_session(links[4]));
    assert_counts(4, 4, 4, 2);
}

static void the_same_name_on_two_hosts_is_two_accounts(void **state)
{
    (void)state;
    struct host_link *here = rig_login("romeo", "orchard"), *there = rig_accept();
    static const char header[] = "<stream:stream to='example.com' version='1.0' xmlns='jabber:client' "
                                 "xmlns:stream='http://etherx.jabber.org/streams'>";
    rig_say(there, header);
    rig_auth(there, "romeo");
    rig_say(there, header);
    rig_bind(there, "orchard");
    assert_false(here->closed);
    assert_string_equal(session_look(rig_session(there)).full_jid, "romeo@example.com/orchard");
    assert_counts(2, 2, 2, 2);
}

/* Many come and go; the tables grow, and nothing is left. */
static void the_tables_agree_through_many_sessions(void **state)
{
    (void)state;
    enum { MANY = 39 };
    struct host_link *links[MANY];
    for (size_t i = 0; i < MANY; i++) {
        char name[16], resource[16];
        snprintf(name, sizeof name, "user%zu", i % 13);
        snprintf(resource, sizeof resource, "%zu", i);
        links[i] = rig_login(name, resource);
    }
    assert_counts(MANY, MANY, MANY, 13);
    for (size_t i = 0; i < MANY; i++)
        rig_hangup(links[(i * 7) % MANY]); /* 7 and 39 have no factor in common */
    assert_counts(0, 0, 0, 0);
}

static void types_have_the_names_of_the_document(void **state)
{
    (void)state;
    assert_string_equal(session_type_name(SESSION_C2S_UNAUTHED), "c2s_unauthed");
    assert_string_equal(session_type_name(SESSION_C2S_UNBOUND), "c2s_unbound");
    assert_string_equal(session_type_name(SESSION_C2S), "c2s");
    assert_string_equal(session_type_name(SESSION_DESTROYED), "destroyed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(a_session_has_its_properties_when_it_has_earned_them),
        RIG_TEST(sessions_and_resources_are_listed_in_the_order_in_which_they_came),
        RIG_TEST(the_same_name_on_two_hosts_is_two_accounts),
        RIG_TEST(the_tables_agree_through_many_sessions),
        RIG_TEST(types_have_the_names_of_the_document),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

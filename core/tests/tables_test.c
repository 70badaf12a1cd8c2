/* Look-ups in the tables of a core. */
#include "session/tables.h"

#include "inside.h"

/* The rig's hosts are localhost and example.com. */
static void a_host_is_found_by_its_prepared_name(void **state)
{
    (void)state;
    assert_string_equal(host_find(rig.core, "localhost")->name, "localhost");
    assert_string_equal(host_find(rig.core, "example.com")->name, "example.com");
    static const char *const others[] = { "", "Localhost", "localhos", "localhost.", "example.org" };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_null(host_find(rig.core, others[i]));
}

static void a_jid_is_local_by_its_domain_alone(void **state)
{
    (void)state;
    static const struct {
        const char *jid;
        bool local;
    } rows[] = {
        { "localhost", true },
        { "romeo@localhost", true },
        { "romeo@example.com/localhost.lit", true },
        { "LOCALHOST", true }, /* parsing prepares it (RFC 7622, 3.2) */
        { "localhost@example.org", false },
        { "romeo@example.org/localhost", false },
        { "sub.localhost", false },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct jid jid;
        assert_true(jid_parse_string(&jid, rows[i].jid));
        assert_int_equal(host_is_local(rig.core, &jid), rows[i].local);
    }
}

static void a_bound_session_is_found_by_its_full_jid(void **state)
{
    (void)state;
    struct host_link *orchard = rig_login("romeo", "orchard"), *garden = rig_login("romeo", "garden");
    rig_authenticated("juliet");
    assert_ptr_equal(session_find(rig.core, "romeo@localhost/orchard"), inside_session(orchard));
    assert_ptr_equal(session_find(rig.core, "romeo@localhost/garden"), inside_session(garden));
    static const char *const others[] = { "romeo@localhost",           "romeo@localhost/Orchard",
                                          "romeo@example.com/orchard", "juliet@localhost",
                                          "juliet@localhost/",         "" };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_null(session_find(rig.core, others[i]));
}

/* The entry exists until the end of the call; nothing more must be sent to the session. */
static void a_session_that_is_about_to_be_destroyed_is_not_found(void **state)
{
    (void)state;
    struct session *session = inside_session(rig_login("romeo", "orchard"));
    session_disconnect(session);
    assert_ptr_equal(inspect_full_jid(rig.core, "romeo@localhost/orchard"), session);
    assert_null(session_find(rig.core, "romeo@localhost/orchard"));
    inside_settle();
    assert_null(inspect_full_jid(rig.core, "romeo@localhost/orchard"));
}

static void a_session_that_hibernates_is_found(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig_say(romeo, "<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
    struct session *session = inside_session(romeo);
    rig_hangup(romeo);
    assert_ptr_equal(session_find(rig.core, "romeo@localhost/orchard"), session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(a_host_is_found_by_its_prepared_name),
        RIG_TEST(a_jid_is_local_by_its_domain_alone),
        RIG_TEST(a_bound_session_is_found_by_its_full_jid),
        RIG_TEST(a_session_that_is_about_to_be_destroyed_is_not_found),
        RIG_TEST(a_session_that_hibernates_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

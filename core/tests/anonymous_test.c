/* Tests of anonymous.h, through core.h: anonymous hosts. */
#include "rig.h"

#define ANONYMOUS "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>"

static const char *const anonymous[] = { "guests.example" };

static void begin(void)
{
    struct core_settings settings = rig_settings();
    settings.anonymous_hosts = anonymous;
    settings.anonymous_host_count = 1;
    rig_begin_with(&settings);
}

#define HEADER                                                                                               \
    "<?xml version='1.0'?><stream:stream to='guests.example' version='1.0' xmlns='jabber:client' "           \
    "xmlns:stream='http://etherx.jabber.org/streams'>"

static struct host_link *come(void)
{
    struct host_link *link = rig_accept();
    rig_say(link, HEADER ANONYMOUS);
    rig_say(link, HEADER);
    rig_bind(link, "r");
    rig_take(link);
    return link;
}

static void an_anonymous_account_is_connected_without_storage_requests(void **state)
{
    (void)state;
    begin();
    struct host_link *link = come();
    struct session_view view = session_look(rig_session(link));
    assert_int_equal(view.type, SESSION_C2S);
    assert_string_equal(view.host, "guests.example");
    assert_int_equal(inspect_roster_size(view.roster), 0);
    assert_int_equal(rig.request_count, 0);
    rig_end();
}

static void an_anonymous_roster_is_kept_in_memory(void **state)
{
    (void)state;
    begin();
    struct host_link *link = come();
    rig_say(link,
            "<iq type='set' id='s'><query xmlns='jabber:iq:roster'><item jid='romeo@localhost'/></query>"
            "</iq>");
    rig_assert_has(rig_take(link), "type='result'");
    assert_int_equal(inspect_roster_size(session_look(rig_session(link)).roster), 1);
    assert_int_equal(rig.request_count, 0);
    rig_hangup(link);
    assert_int_equal(inspect_counts(rig.core).users_in_memory, 0);
    rig_end();
}

static void nothing_is_kept_of_an_anonymous_account_after_its_session(void **state)
{
    (void)state;
    begin();
    char presence[256];
    struct host_link *romeo = rig_online("romeo", "r");
    struct host_link *link = come();
    const char *full_jid = session_look(rig_session(link)).full_jid;
    snprintf(presence, sizeof presence, "<message to='%.*s' id='m'><body>Hello</body></message>",
             (int)strcspn(full_jid, "/"), full_jid);
    rig_hangup(link);
    rig_say(romeo, presence);
    rig_assert_has(rig_take(romeo), "type='error'");
    assert_int_equal(inspect_counts(rig.core).storage_requests, 0);
    rig_end();
}

static void a_host_that_is_both_is_anonymous(void **state)
{
    (void)state;
    static const char *const both[] = { "LocalHost" };
    struct core_settings settings = rig_settings();
    settings.anonymous_hosts = both;
    settings.anonymous_host_count = 1;
    rig_begin_with(&settings);
    struct host_link *link = rig_accept();
    rig_say(link, RIG_HEADER);
    const char *text = rig_take(link);
    rig_assert_has(text,
                   "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>ANONYMOUS</mechanism>"
                   "</mechanisms>");
    assert_int_equal(inspect_counts(rig.core).hosts, 2);
    rig_end();
}

/* RFC 6120, 6.5.7: no encryption would make PLAIN possible there. */
static void an_anonymous_host_does_not_require_encryption_for_plain(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.anonymous_hosts = anonymous;
    settings.anonymous_host_count = 1;
    settings.plain_without_tls = false;
    rig_begin_with(&settings);
    struct host_link *link = rig_accept();
    rig_say(link, HEADER);
    rig_auth(link, "romeo");
    rig_assert_has(rig_take(link), "<invalid-mechanism/>");
    rig_end();
}

static void a_core_with_anonymous_accounts_is_freed_completely(void **state)
{
    (void)state;
    begin();
    come();
    come();
    struct host_link *link = rig_accept();
    rig_say(link, HEADER ANONYMOUS);
    rig_end();
}

/* Every allocation for an anonymous session fails once: only that session ends. */
static void without_memory_only_the_anonymous_session_ends(void **state)
{
    (void)state;
    size_t needed = 0, nth = 0;
    do {
        begin();
        struct host_link *romeo = rig_online("romeo", "r");
        rig.memory.allocations = 0;
        rig.memory.fail_at = ++nth;
        struct host_link *link = rig_accept();
        rig_say(link, HEADER ANONYMOUS);
        rig_say(link, HEADER);
        rig_bind(link, "r");
        needed = rig.memory.allocations;
        rig.memory.fail_at = 0;
        assert_false(romeo->closed);
        rig_end();
    } while (nth <= needed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_anonymous_account_is_connected_without_storage_requests),
        cmocka_unit_test(an_anonymous_roster_is_kept_in_memory),
        cmocka_unit_test(nothing_is_kept_of_an_anonymous_account_after_its_session),
        cmocka_unit_test(a_host_that_is_both_is_anonymous),
        cmocka_unit_test(a_core_with_anonymous_accounts_is_freed_completely),
        cmocka_unit_test(without_memory_only_the_anonymous_session_ends),
        cmocka_unit_test(an_anonymous_host_does_not_require_encryption_for_plain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The settings of a scenario for the configuration of a real server (sim/adapters/live/wanted.h). */
#include "../adapters/live/wanted.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static struct wanted read_good(const char *lines)
{
    struct wanted wanted;
    assert_true(wanted_read(&wanted, lines, strlen(lines)));
    return wanted;
}

static void what_is_not_told_is_as_usual(void **state)
{
    (void)state;
    struct wanted wanted = read_good("host\tlocalhost\n");
    assert_int_equal(wanted.host_count, 1);
    assert_string_equal(wanted.hosts[0], "localhost");
    assert_false(wanted.has_tls);
    assert_true(wanted.plain_without_tls);
    assert_true(wanted.offline && wanted.carbons && wanted.blocking && wanted.last_activity);
    assert_true(wanted.sm && wanted.csi);
    assert_true(wanted_mechanism(&wanted, "PLAIN"));
    assert_int_equal(wanted.other_count, 0);
    wanted_free(&wanted);
}

static void common_settings_have_fields(void **state)
{
    (void)state;
    struct wanted wanted =
        read_good("host\tlocalhost\ntls\trequired\nmechanisms\tSCRAM-SHA-256,PLAIN\nfeatures\t"
                  "offline,last activity\nstream management\tno\nplain without tls\tno\n");
    assert_true(wanted.has_tls && wanted.needs_tls);
    assert_true(wanted_mechanism(&wanted, "PLAIN") && wanted_mechanism(&wanted, "SCRAM-SHA-256"));
    assert_false(wanted_mechanism(&wanted, "SCRAM-SHA-1"));
    assert_true(wanted.offline && wanted.last_activity);
    assert_false(wanted.carbons || wanted.blocking || wanted.sm || wanted.plain_without_tls);
    assert_int_equal(wanted.other_count, 0);
    wanted_free(&wanted);
}

static void a_name_is_not_the_beginning_of_another(void **state)
{
    (void)state;
    struct wanted wanted = read_good("host\tlocalhost\nmechanisms\tSCRAM-SHA-256-PLUS\n");
    assert_false(wanted_mechanism(&wanted, "SCRAM-SHA-256"));
    assert_true(wanted_mechanism(&wanted, "SCRAM-SHA-256-PLUS"));
    wanted_free(&wanted);
}

/* Nothing is lost: what has no field is kept for the server to say whether it can have it. */
static void other_settings_are_kept(void **state)
{
    (void)state;
    struct wanted wanted = read_good("host\ta\nresume time\t5000000000\nhost\tb\nconflict\tkick_new\n");
    assert_int_equal(wanted.host_count, 2);
    assert_int_equal(wanted.other_count, 2);
    assert_string_equal(wanted.others[0].name, "resume time");
    assert_string_equal(wanted.others[0].value, "5000000000");
    assert_string_equal(wanted.others[1].name, "conflict");
    wanted_free(&wanted);
}

static void hosts_without_accounts_are_apart(void **state)
{
    (void)state;
    struct wanted wanted =
        read_good("host\tlocalhost\nhost\tguests.localhost\nanonymous\tguests.localhost\n");
    assert_int_equal(wanted.host_count, 1);
    assert_int_equal(wanted.anonymous_count, 1);
    assert_string_equal(wanted.anonymous[0], "guests.localhost");
    wanted_free(&wanted);
}

static void malformed_lines_are_refused(void **state)
{
    static const char *const lines[] = { "host localhost\n", "host\tlocalhost", "\n" };
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct wanted wanted;
        assert_false(wanted_read(&wanted, lines[i], strlen(lines[i])));
        wanted_free(&wanted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_told_is_as_usual),
        cmocka_unit_test(common_settings_have_fields),
        cmocka_unit_test(a_name_is_not_the_beginning_of_another),
        cmocka_unit_test(other_settings_are_kept),
        cmocka_unit_test(hosts_without_accounts_are_apart),
        cmocka_unit_test(malformed_lines_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The settings of a server as lines, and what they need. */
#include "../world/settings.h"

#include "../must.h"

#include <stdlib.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char *const hosts[] = { "localhost", "verona.lit" };

static struct core_settings usual(void)
{
    struct core_settings settings = settings_usual();
    settings.hosts = hosts;
    settings.host_count = 2;
    return settings;
}

static void writes_as(const struct core_settings *settings, const char *lines)
{
    struct text text = { 0 };
    const struct capabilities all = CAPABILITIES_ALL;
    settings_write(&text, settings, all);
    assert_string_equal(text.bytes, lines);
    text_free(&text);
}

static void usual_settings_are_only_the_hosts(void **state)
{
    (void)state;
    const struct core_settings settings = usual();
    writes_as(&settings, "host\tlocalhost\nhost\tverona.lit\n");
}

static void each_sort_of_value_has_its_form(void **state)
{
    (void)state;
    static const char *const guests[] = { "guests.lit" };
    struct core_settings settings = usual();
    settings.anonymous_hosts = guests;
    settings.anonymous_host_count = 1;
    settings.conflict = CORE_INCREMENT;
    settings.features = CORE_OFFLINE | CORE_BLOCKING;
    settings.plain_without_tls = false;
    settings.software = "Verona 1\t2";
    settings.limits.resources = 3;
    settings.resume_time = 5000000000;
    writes_as(&settings, "host\tlocalhost\nhost\tverona.lit\nanonymous\tguests.lit\nconflict\tincrement\n"
                         "features\toffline,blocking\nplain without tls\tno\nsoftware\tVerona 1\t2\n"
                         "resources\t3\nresume time\t5000000000\n");
}

/* Nearly all tests change the iterations, only to be faster. */
static void iterations_are_told_to_whom_they_matter(void **state)
{
    (void)state;
    const struct capabilities nothing = { 0 };
    struct core_settings settings = usual();
    struct text text = { 0 };
    settings.iterations = 1;
    writes_as(&settings, "host\tlocalhost\nhost\tverona.lit\niterations\t1\n");
    settings_write(&text, &settings, nothing);
    assert_string_equal(text.bytes, "host\tlocalhost\nhost\tverona.lit\n");
    text_free(&text);
}

/* What is written and read is written the same. */
static void what_was_written_is_read(void **state)
{
    (void)state;
    static const char lines[] = "host\ta.lit\nanonymous\tb.lit\nconflict\trandom\ndelivery\tall\n"
                                "mechanisms\tSCRAM-SHA-1,PLAIN\nfeatures\t\ntls\trequired\niterations\t1\n"
                                "software\tVerona\nstanza bytes\t10000\nlogin time\t0\nclient state\tno\n";
    struct settings_read read;
    char wrong[64];
    assert_true(settings_parse(&read, lines, wrong));
    writes_as(&read.settings, lines);
    settings_free(&read);
}

static void does_not_read(const char *lines, const char *setting)
{
    struct settings_read read;
    char wrong[64];
    assert_false(settings_parse(&read, lines, wrong));
    assert_string_equal(wrong, setting);
}

static void what_is_wrong_is_named(void **state)
{
    (void)state;
    does_not_read("host\ta.lit\nmoon\tfull\n", "moon");
    does_not_read("conflict\tpeace\n", "conflict");
    does_not_read("features\toffline,online\n", "features");
    does_not_read("iterations\t0\n", "iterations");
    does_not_read("iterations\t1000001\n", "iterations");
    does_not_read("salt bytes\t33\n", "salt bytes");
    does_not_read("resources\t-1\n", "resources");
    does_not_read("resume time\t5 minutes\n", "resume time");
    does_not_read("resume time\t18446744073709551616\n", "resume time");
    does_not_read("client state\tmaybe\n", "client state");
    does_not_read("host\t\n", "host");
    does_not_read("host\n", "host");
    does_not_read("host\ta.lit", "");
}

static bool need(const struct core_settings *settings, enum capability capability)
{
    struct capabilities needs = { 0 };
    settings_need(settings, &needs);
    return capabilities_have(needs, capability);
}

static void usual_settings_need_nothing(void **state)
{
    (void)state;
    const struct core_settings settings = usual();
    struct capabilities needs = { 0 };
    settings_need(&settings, &needs);
    assert_true(needs.bits == 0);
}

static void a_setting_that_is_changed_needs_its_capability(void **state)
{
    (void)state;
    struct core_settings settings = usual();
    settings.limits.depth = 7;
    settings.features = CORE_CARBONS;
    assert_true(need(&settings, CAPABILITY_LIMITS_DEPTH));
    assert_false(need(&settings, CAPABILITY_LIMITS_ATTRIBUTES));
    assert_true(need(&settings, CAPABILITY_CARBONS));
    assert_false(need(&settings, CAPABILITY_OFFLINE));
    settings.tls = CORE_TLS_REQUIRED;
    assert_true(need(&settings, CAPABILITY_TLS));
}

static void each_row_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (size_t i = 0; setting_row(i) != NULL; i++)
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(setting_row(i)->name, setting_row(k)->name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(usual_settings_are_only_the_hosts),
        cmocka_unit_test(each_sort_of_value_has_its_form),
        cmocka_unit_test(iterations_are_told_to_whom_they_matter),
        cmocka_unit_test(what_was_written_is_read),
        cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(usual_settings_need_nothing),
        cmocka_unit_test(a_setting_that_is_changed_needs_its_capability),
        cmocka_unit_test(each_row_has_a_name_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

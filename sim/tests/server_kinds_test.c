/* The kinds of servers by their names, and the option of the command line. */
#include "../checks/checks.h"
#include "../kinds/server_kinds.h"

#include "../must.h"
#include "../tool/server_option.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void our_core_is_the_first(void **state)
{
    (void)state;
    char *problem;
    assert_ptr_equal(server_kind_named("core"), &server_core);
    assert_ptr_equal(server_kind_named("core:outside"), &server_core_outside);
    assert_true(server_kind_open(&server_core, &problem));
    assert_null(problem);
}

static void a_command_is_a_kind(void **state)
{
    (void)state;
    const struct server_kind *kind = server_kind_named("pipe:my adapter");
    assert_non_null(kind);
    assert_string_equal(kind->name, "pipe:my adapter");
    assert_ptr_equal(server_kind_named("pipe:my adapter"), kind);
    assert_ptr_not_equal(server_kind_named("pipe:another"), kind);
}

/* The tests do not lie beside the adapters. */
static void a_server_that_is_not_built_is_named(void **state)
{
    (void)state;
    char *problem;
    const struct server_kind *kind = server_kind_named("prosody");
    assert_non_null(kind);
    assert_string_equal(kind->name, "prosody");
    assert_ptr_equal(server_kind_named("prosody"), kind);
    assert_false(server_kind_open(kind, &problem));
    assert_non_null(strstr(problem, "adapters/prosody; `make servers`"));
    free(problem);
}

static void other_names_are_none(void **state)
{
    (void)state;
    static const char *const names[] = { "",      "Core",    "core:",     "core:inside", "pipe",
                                         "pipe:", "pipe:  ", "pipe:a\nb", "tcp:a" };
    const struct server_kind *kind;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_null(server_kind_named(names[i]));
        assert_string_equal(server_option_take(&kind, names[i]), SERVER_KINDS);
    }
}

static void views_are_what_can_be_inspected(void **state)
{
    (void)state;
    assert_true(capabilities_have(server_core.has, CAPABILITY_VIEWS));
    assert_non_null(server_core.inspect);
    assert_false(capabilities_have(server_core_outside.has, CAPABILITY_VIEWS));
    assert_null(server_core_outside.inspect);
}

/* What is printed by a function of the option. */
static char *printed(void (*print)(FILE *out, const struct server_kind *kind), const struct server_kind *kind)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = must(open_memstream(&text, &length));
    print(out, kind);
    fclose(out);
    return must(text);
}

static void prints(void (*print)(FILE *out, const struct server_kind *kind), const struct server_kind *kind,
                   const char *text)
{
    char *got = printed(print, kind);
    assert_string_equal(got, text);
    free(got);
}

static void a_command_repeats_the_option(void **state)
{
    (void)state;
    prints(server_option_print, NULL, "");
    prints(server_option_print, &server_core_outside, " --server core:outside");
    prints(server_option_print, server_kind_named("pipe:my adapter"), " --server 'pipe:my adapter'");
}

static void what_is_not_asked_is_said(void **state)
{
    (void)state;
    prints(server_option_print_unasked, NULL, "");
    prints(server_option_print_unasked, &server_core, "");
    char *said = printed(server_option_print_unasked, &server_core_outside);
    assert_non_null(strstr(said, " checks are not asked of this server"));
    free(said);
    /* Questions of the model count, too. */
    struct capabilities limited = CAPABILITIES_OUTSIDE;
    const size_t outside = checks_unasked(limited);
    limited.bits &= ~CAPABILITY_BIT(CAPABILITY_LIMITS_PASSWORDS);
    assert_int_equal(checks_unasked(limited), outside + 1);
}

static void a_server_that_cannot_be_started_is_told(void **state)
{
    (void)state;
    char *text = NULL;
    size_t length = 0;
    FILE *errors = must(open_memstream(&text, &length));
    assert_true(server_option_open("run", NULL, errors));
    assert_false(server_option_open("run", server_kind_named("pipe:exit 4"), errors));
    fclose(errors);
    assert_int_equal(strncmp(text, "rehearse run: --server pipe:exit 4: the server died\n", 51), 0);
    assert_non_null(strstr(text, "it ended with status 4"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(our_core_is_the_first),
        cmocka_unit_test(a_command_is_a_kind),
        cmocka_unit_test(a_server_that_is_not_built_is_named),
        cmocka_unit_test(other_names_are_none),
        cmocka_unit_test(views_are_what_can_be_inspected),
        cmocka_unit_test(a_command_repeats_the_option),
        cmocka_unit_test(what_is_not_asked_is_said),
        cmocka_unit_test(a_server_that_cannot_be_started_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

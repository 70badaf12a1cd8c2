#include "../tool/completion.h"
#include "../tool/manual.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Two verbs, with all that the markup of a page or of a script could be confused by. */
static const struct option options[] = {
    { "jobs", "N", "run in N 'workers': [none] \\ or more", NULL },
    { "fail-fast", NULL, ".stop", NULL },
    { "output", "FILE", "write to FILE", NULL },
};
static const struct verb first = { .name = "act",
                                   .arguments = "[OPTION...] PATH",
                                   .summary = "Acts on a file.",
                                   .about =
                                       "One line,\nand 'another' with --all\n'and a quote.\n\nApart: a\\b\n"
                                       "  TERM\tits meaning\n.dot\n",
                                   .options = options,
                                   .option_count = 3 };
static const struct verb second = {
    .name = "rest", .arguments = "", .summary = "Does nothing.", .about = ""
};
static const struct verb *const verbs[] = { &first, &second };
static const struct manual manual = { verbs, 2, "The tool.", "-h prints help.\n\nExit status: 0.\n" };

static char *printed(void (*print)(FILE *out))
{
    char *said = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&said, &length);
    assert_non_null(out);
    print(out);
    fclose(out);
    return said;
}

static void assert_has(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("'%s' is not in:\n%s", part, text);
}

/* ---- Man pages ---- */

static void print_first(FILE *out)
{
    manual_verb(out, &manual, &first);
}

static void a_page_has_what_the_help_of_a_verb_has(void **state)
{
    (void)state;
    char *page = printed(print_first);
    assert_memory_equal(page, ".TH REHEARSE\\-ACT 1 \"\" \"Rehearsal ",
                        strlen(".TH REHEARSE\\-ACT 1 \"\" \"Rehearsal "));
    assert_has(page, " \"User Commands\"\n"
                     ".SH NAME\n"
                     "rehearse\\-act \\- acts on a file\n"
                     ".SH SYNOPSIS\n"
                     ".B rehearse act\n"
                     "[OPTION...] PATH\n"
                     ".SH DESCRIPTION\n"
                     ".PP\n"
                     "One line,\n"
                     "and 'another' with \\-\\-all\n"
                     "\\&'and a quote.\n"
                     ".PP\n"
                     "Apart: a\\eb\n"
                     ".TP\n"
                     ".B TERM\n"
                     "its meaning\n"
                     ".PP\n"
                     "\\&.dot\n"
                     ".SH OPTIONS\n"
                     ".TP\n"
                     "\\fB\\-j\\fR, \\fB\\-\\-jobs\\fR \\fIN\\fR\n"
                     "run in N 'workers': [none] \\e or more\n"
                     ".TP\n"
                     "\\fB\\-\\-fail\\-fast\\fR\n"
                     "\\&.stop\n");
    assert_has(page, ".SH SEE ALSO\n.BR rehearse (1),\n.BR rehearse\\-scenario (5)\n");
    free(page);
}

static void print_tool(FILE *out)
{
    manual_tool(out, &manual);
}

/* sim/install/verbs.sh finds the verbs in the references. */
static void the_page_of_the_tool_lists_and_refers_to_the_verbs(void **state)
{
    (void)state;
    char *page = printed(print_tool);
    assert_has(page, ".SH NAME\nrehearse \\- The tool\n");
    assert_has(page, ".SH VERBS\n.TP\n.B act\nActs on a file.\n.TP\n.B rest\nDoes nothing.\n.SH DESCRIPTION\n"
                     ".PP\n\\-h prints help.\n.PP\nExit status: 0.\n");
    assert_has(page, ".BR rehearse\\-act (1),\n.BR rehearse\\-rest (1),\n");
    free(page);
}

static void print_second(FILE *out)
{
    manual_verb(out, &manual, &second);
}

static void a_verb_without_options_has_no_section_for_them(void **state)
{
    (void)state;
    char *page = printed(print_second);
    assert_null(strstr(page, "OPTIONS"));
    free(page);
}

/* ---- Completions ---- */

static void print_bash(FILE *out)
{
    assert_true(completion_print(out, "bash", verbs, 2));
}

static void bash_completes_the_options_of_each_verb(void **state)
{
    (void)state;
    char *script = printed(print_bash);
    assert_has(script, "words='act rest help'");
    assert_has(script, "act) words='--help --jobs --fail-fast --output' ;;");
    assert_has(script, "rest) words='--help' ;;");
    assert_has(script, "'act --jobs') return ;;");
    assert_null(strstr(script, "'act --output') return"));
    assert_has(script, "complete -F _rehearse rehearse\n");
    free(script);
}

static void print_zsh(FILE *out)
{
    assert_true(completion_print(out, "zsh", verbs, 2));
}

static void zsh_gets_the_explanations_with_its_marks_escaped(void **state)
{
    (void)state;
    char *script = printed(print_zsh);
    assert_has(script, "'act:Acts on a file.'");
    assert_has(script,
               "'(-j --jobs)'{-j,--jobs=}'[run in N '\\''workers'\\''\\: \\[none\\] \\\\ or more]:N: ' \\\n");
    assert_has(script, "'--output=[write to FILE]:FILE:_files' \\\n");
    assert_has(script, "'--fail-fast[.stop]' \\\n");
    free(script);
}

static void print_fish(FILE *out)
{
    assert_true(completion_print(out, "fish", verbs, 2));
}

static void fish_gets_the_explanations_with_its_quotes_escaped(void **state)
{
    (void)state;
    char *script = printed(print_fish);
    assert_has(script, "-n __fish_use_subcommand -f -a rest -d 'Does nothing.'\n");
    assert_has(script, "-n '__fish_seen_subcommand_from act' -l jobs -s j -x -d "
                       "'run in N \\'workers\\': [none] \\\\ or more'\n");
    assert_has(script, "-l output -r -F -d 'write to FILE'\n");
    assert_has(script, "-l fail-fast -d '.stop'\n");
    free(script);
}

static void other_shells_are_not_known(void **state)
{
    (void)state;
    assert_false(completion_print(stderr, "csh", verbs, 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_has_what_the_help_of_a_verb_has),
        cmocka_unit_test(the_page_of_the_tool_lists_and_refers_to_the_verbs),
        cmocka_unit_test(a_verb_without_options_has_no_section_for_them),
        cmocka_unit_test(bash_completes_the_options_of_each_verb),
        cmocka_unit_test(zsh_gets_the_explanations_with_its_marks_escaped),
        cmocka_unit_test(fish_gets_the_explanations_with_its_quotes_escaped),
        cmocka_unit_test(other_shells_are_not_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

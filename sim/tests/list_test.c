#include "../verbs/list.h"

#include "scenario_reading.h"

/* A suite of texts, as suite_load makes one of files. */
struct file {
    const char *path, *text;
};

static void add_file(struct suite *suite, const struct file *file)
{
    size_t rows = 1;
    for (size_t row = 1; row <= rows; row++) {
        struct complaints complaints;
        struct scenario *scenario = parse_row_of(file->path, file->text, row, &complaints);
        print_complaints(&complaints);
        assert_non_null(scenario);
        rows = scenario->rows > 0 ? scenario->rows : 1;
        suite->scenarios = realloc(suite->scenarios, (suite->count + 1) * sizeof(struct scenario *));
        assert_non_null(suite->scenarios);
        suite->scenarios[suite->count++] = scenario;
    }
    suite->file_count++;
}

#define REST "[Client] Romeo\n\tjid: romeo@localhost\n---\nRomeo connects\n"

static const struct file files[] = {
    { "a.scs", "# One\n## rfc: 6121 4.10\n## rfc: 6120 4.9\n## strict\n" REST },
    { "b.scs",
      "# About ${x}\n## rfc: 6121 ${clause}\n## strict\n[Table]\n\tx | clause\n\t1 | 4.9\n\t2 | 4.10\n"
      "\t3 | 4.9\n\t4 | 4.9\n" REST },
    { "c.scs", "# Three\n## rfc: 6121 A.1\n## rfc: 6121 A.1\n## rfc: 6121 4\n" REST },
    { "d.scs", "# Four\n## slow\n" REST },
    { "e.scs", "# Five\n## rfc: 6121 4.9\n" REST },
};

static char *told(void (*tell)(FILE *out, const struct suite *suite), const struct file *from, size_t count)
{
    struct suite suite = { 0 };
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    for (size_t i = 0; i < count; i++)
        add_file(&suite, &from[i]);
    tell(out, &suite);
    fclose(out);
    suite_free(&suite);
    return text;
}

static void tell_rfc(FILE *out, const struct suite *suite)
{
    list_by_tag(out, suite, "rfc");
}

static void tell_slow(FILE *out, const struct suite *suite)
{
    list_by_tag(out, suite, "slow");
}

static void assert_told(void (*tell)(FILE *out, const struct suite *suite), size_t count,
                        const char *expected)
{
    char *text = told(tell, files, count);
    assert_string_equal(text, expected);
    free(text);
}

static void scenarios_are_listed_with_titles_and_tags(void **state)
{
    (void)state;
    assert_told(list_scenarios, 1, "a.scs  One  [rfc: 6121 4.10, rfc: 6120 4.9, strict]\n1 file, 1 case\n");
}

static void a_table_is_listed_with_its_cases_and_their_own_tags(void **state)
{
    (void)state;
    assert_told(list_scenarios, 2,
                "a.scs  One  [rfc: 6121 4.10, rfc: 6120 4.9, strict]\n"
                "b.scs  About ${x}  [strict]\n"
                "  b.scs#1  About 1  [rfc: 6121 4.9]\n"
                "  b.scs#2  About 2  [rfc: 6121 4.10]\n"
                "  b.scs#3  About 3  [rfc: 6121 4.9]\n"
                "  b.scs#4  About 4  [rfc: 6121 4.9]\n"
                "2 files, 5 cases\n");
}

static void values_stand_in_the_order_of_their_numbers(void **state)
{
    (void)state;
    assert_told(tell_rfc, 5,
                "6120 4.9  1 case\n"
                "  a.scs  One\n"
                "6121 4  1 case\n"
                "  c.scs  Three\n"
                "6121 4.9  4 cases\n"
                "  b.scs#1,3-4  About ${x}\n"
                "  e.scs  Five\n"
                "6121 4.10  2 cases\n"
                "  a.scs  One\n"
                "  b.scs#2  About ${x}\n"
                "6121 A.1  1 case\n"
                "  c.scs  Three\n"
                "5 values of the tag rfc, carried by 7 of 8 cases\n");
}

static void a_tag_may_be_only_a_word(void **state)
{
    (void)state;
    assert_told(tell_slow, 5,
                "(no value)  1 case\n  d.scs  Four\n1 value of the tag slow, carried by 1 of 8 cases\n");
}

static void an_unused_tag_has_no_values(void **state)
{
    (void)state;
    assert_told(tell_slow, 1, "0 values of the tag slow, carried by 0 of 1 cases\n");
    assert_told(list_scenarios, 0, "0 files, 0 cases\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scenarios_are_listed_with_titles_and_tags),
        cmocka_unit_test(a_table_is_listed_with_its_cases_and_their_own_tags),
        cmocka_unit_test(values_stand_in_the_order_of_their_numbers),
        cmocka_unit_test(a_tag_may_be_only_a_word),
        cmocka_unit_test(an_unused_tag_has_no_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "../verbs/matrix_counts.h"

#include "../xml/xml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct server_kind a = { .name = "core" }, b = { .name = "pipe:./<\"b\">" };
static const struct server_list servers = { .kinds = { &a, &b }, .count = 2 };

/* ---- Topics ---- */

static void has_topic(const char *path, const char *given, const char *topic)
{
    const char *const paths[] = { "elsewhere", given };
    char *found = matrix_topic_of(path, paths, 2);
    assert_string_equal(found, topic);
    free(found);
}

static void the_topic_is_the_first_folder_below_the_path(void **state)
{
    (void)state;
    has_topic("scenarios/routing/a.scs", "scenarios", "routing");
    has_topic("scenarios/routing/deep/a.scs", "scenarios//", "routing");
    has_topic("scenarios//routing/a.scs", "scenarios/", "routing");
    has_topic("/x/y/a.scs", "/", "x");
    has_topic("./tls/a.scs", ".", "tls");
    has_topic("scenarios-old/routing/a.scs", "scenarios", "routing");
}

static void a_file_in_the_path_has_its_folder_as_topic(void **state)
{
    (void)state;
    has_topic("scenarios/routing/a.scs", "scenarios/routing", "routing");
    has_topic("scenarios/routing/a.scs", "scenarios/routing/a.scs", "routing");
    has_topic("a.scs", "a.scs#3", ".");
    has_topic("/a.scs", "/a.scs", ".");
    has_topic("-", "-", ".");
}

/* ---- Counts ---- */

static struct matrix filled(void)
{
    static const struct several_result both[] = { { .verdict = RESULT_PASSED },
                                                  { .verdict = RESULT_PASSED } };
    static const struct several_result one[] = { { .verdict = RESULT_PASSED }, { .verdict = RESULT_FAILED } };
    static const struct several_result less[] = { { .verdict = RESULT_PASSED },
                                                  { .verdict = RESULT_SKIPPED } };
    struct matrix matrix = matrix_new(&servers);
    matrix_count(&matrix, "routing", LEVEL_MUST, both);
    matrix_count(&matrix, "routing", LEVEL_MUST, one);
    matrix_count(&matrix, "tls & <more>", LEVEL_SHOULD, less);
    matrix_count(&matrix, "routing", LEVEL_UNSTATED, one);
    return matrix;
}

static void results_are_counted_by_topic_server_and_level(void **state)
{
    (void)state;
    struct matrix matrix = filled();
    assert_int_equal(matrix.count, 2);
    const struct matrix_topic *routing = &matrix.topics[0];
    assert_string_equal(routing->name, "routing");
    assert_int_equal(routing->cells[0].passed[LEVEL_MUST], 2);
    assert_int_equal(routing->cells[0].passed[LEVEL_OURS], 1);
    assert_int_equal(routing->cells[1].passed[LEVEL_MUST], 1);
    assert_int_equal(routing->cells[1].failed[LEVEL_MUST], 1);
    assert_int_equal(routing->cells[1].failed[LEVEL_OURS], 1);
    assert_int_equal(matrix.topics[1].cells[1].skipped[LEVEL_SHOULD], 1);
    assert_int_equal(matrix_sum(matrix.all[0].passed), 4);
    assert_int_equal(matrix_sum(matrix.all[1].passed), 1);
    assert_int_equal(matrix_sum(matrix.all[1].failed), 2);
    assert_int_equal(matrix_sum(matrix.all[1].skipped), 1);
    matrix_free(&matrix);
}

/* ---- Writing ---- */

static char *written(void (*write)(FILE *out, const struct matrix *matrix), const struct matrix *matrix)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    write(out, matrix);
    fclose(out);
    return text;
}

static void the_table_leaves_zeros_blank(void **state)
{
    (void)state;
    struct matrix matrix = filled();
    char *text = written(matrix_write_text, &matrix);
    assert_string_equal(text, "A  core\n"
                              "B  pipe:./<\"b\">\n"
                              "\n"
                              "                   A                       B                \n"
                              "              passed  failed skipped  passed  failed skipped\n"
                              "routing            3                       1       2        \n"
                              "tls & <more>       1                                       1\n"
                              "\n"
                              "must               2                       1       1        \n"
                              "should             1                                       1\n"
                              "may                                                         \n"
                              "ours               1                               1        \n"
                              "all                4                       1       2       1\n");
    free(text);
    matrix_free(&matrix);
}

static void the_object_has_all_counts(void **state)
{
    (void)state;
    struct matrix matrix = filled();
    char *text = written(matrix_write_json, &matrix);
    const char *begin =
        "{\"servers\":[\"core\",\"pipe:./<\\\"b\\\">\"],\"topics\":[\n{\"topic\":\"routing\",\"results\":["
        "{\"passed\":3,\"failed\":0,\"skipped\":0,\"levels\":{"
        "\"must\":{\"passed\":2,\"failed\":0,\"skipped\":0},"
        "\"should\":{\"passed\":0,\"failed\":0,\"skipped\":0},"
        "\"may\":{\"passed\":0,\"failed\":0,\"skipped\":0},"
        "\"ours\":{\"passed\":1,\"failed\":0,\"skipped\":0}}},"
        "{\"passed\":1,\"failed\":2,\"skipped\":0,\"levels\":{";
    assert_int_equal(strncmp(text, begin, strlen(begin)), 0);
    assert_non_null(strstr(text, "]},\n{\"topic\":\"tls & <more>\",\"results\":["));
    assert_non_null(strstr(text, "]}],\"results\":[{\"passed\":4,\"failed\":0,\"skipped\":0,"));
    free(text);
    matrix_free(&matrix);
}

/* How often elements of that class are in the tree. */
static size_t count_class(const struct xml *element, const char *name)
{
    size_t count = 0;
    const char *class = element->text == NULL ? xml_get(element, "class") : NULL;
    count += class != NULL && strcmp(class, name) == 0;
    for (const struct xml *child = element->children; child != NULL; child = child->next)
        count += count_class(child, name);
    return count;
}

static void the_picture_is_well_formed_and_has_a_bar_for_each_cell(void **state)
{
    (void)state;
    struct matrix matrix = filled();
    char *text = written(matrix_write_svg, &matrix);
    const char *problem = NULL;
    int line = 0;
    struct xml *svg = xml_fragment(text, strlen(text), &problem, &line);
    assert_null(problem);
    assert_true(xml_is(svg, "svg", "http://www.w3.org/2000/svg"));
    /* A bar of each row and the sum, except where nothing passed; and the legend. */
    assert_int_equal(count_class(svg, "passed"), 2 + 1 + 2 + 1);
    assert_int_equal(count_class(svg, "must"), 1 + 1 + 1);
    assert_int_equal(count_class(svg, "ours"), 1 + 1 + 1);
    assert_int_equal(count_class(svg, "skipped"), 1 + 1 + 1);
    assert_int_equal(count_class(svg, "number end must"), 2);
    assert_int_equal(count_class(svg, "number end quiet"), 1);
    assert_non_null(strstr(text, "prefers-color-scheme:dark"));
    assert_non_null(strstr(text, "tls &amp; &lt;more&gt;"));
    assert_null(strstr(text, "href"));
    xml_free(svg);
    xml_forget();
    free(text);
    matrix_free(&matrix);
}

static void a_long_name_of_a_server_is_cut_at_a_character(void **state)
{
    (void)state;
    const struct server_kind wide = { .name = "pipe:ääääääääääääääääääääääääääääääääää" };
    const struct server_list one = { .kinds = { &wide }, .count = 1 };
    struct matrix matrix = matrix_new(&one);
    char *text = written(matrix_write_svg, &matrix);
    assert_non_null(strstr(text, ">pipe:äääääääääääää…<"));
    assert_non_null(strstr(text, "<title>pipe:ääääääääääääääääääääääääääääääääää</title>"));
    free(text);
    matrix_free(&matrix);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_topic_is_the_first_folder_below_the_path),
        cmocka_unit_test(a_file_in_the_path_has_its_folder_as_topic),
        cmocka_unit_test(results_are_counted_by_topic_server_and_level),
        cmocka_unit_test(the_table_leaves_zeros_blank),
        cmocka_unit_test(the_object_has_all_counts),
        cmocka_unit_test(the_picture_is_well_formed_and_has_a_bar_for_each_cell),
        cmocka_unit_test(a_long_name_of_a_server_is_cut_at_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

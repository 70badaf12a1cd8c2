#include "../tool/selection.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* ## slow, ## status: stable and draft, ## rfc: 6121 4.2.2 */
static struct tag rfc = { .name = "rfc", .value = "6121 4.2.2" };
static struct tag status = { .next = &rfc, .name = "status", .value = "stable" };
static struct tag slow = { .next = &status, .name = "slow", .value = "" };
static const struct scenario tagged = { .tags = &slow };
static const struct scenario untagged = { .tags = NULL };

static bool plays(const char *only, const char *skip, const struct scenario *scenario)
{
    struct selection selection = { 0 };
    if (only != NULL)
        assert_true(selection_add(&selection.only, only));
    if (skip != NULL)
        assert_true(selection_add(&selection.skip, skip));
    bool played = selection_skips(&selection, scenario) == NULL;
    selection_free(&selection);
    return played;
}

static void without_lists_everything_is_played(void **state)
{
    (void)state;
    assert_true(plays(NULL, NULL, &tagged));
    assert_true(plays(NULL, NULL, &untagged));
}

static void a_tag_matches_by_its_name(void **state)
{
    (void)state;
    assert_true(plays("slow", NULL, &tagged));
    assert_true(plays("status", NULL, &tagged));
    assert_false(plays("slo", NULL, &tagged));
    assert_false(plays("slower", NULL, &tagged));
    assert_false(plays("stable", NULL, &tagged));
    assert_false(plays("slow", NULL, &untagged));
}

static void a_tag_matches_by_its_name_and_value(void **state)
{
    (void)state;
    assert_true(plays("status: stable", NULL, &tagged));
    assert_true(plays("status:stable", NULL, &tagged));
    assert_true(plays("rfc: 6121 4.2.2", NULL, &tagged));
    assert_false(plays("rfc: 6121", NULL, &tagged));
    assert_false(plays("status: stab", NULL, &tagged));
    assert_false(plays("status: stables", NULL, &tagged));
    assert_false(plays("status: ", NULL, &tagged));
    assert_false(plays("slow: stable", NULL, &tagged));
}

static void one_word_of_a_list_is_enough(void **state)
{
    (void)state;
    assert_true(plays("other,slow", NULL, &tagged));
    assert_true(plays(" other , status: stable , third", NULL, &tagged));
    assert_false(plays("other,another", NULL, &tagged));
    assert_false(plays("other,", NULL, &tagged));
}

static void what_is_skipped_is_skipped_even_when_selected(void **state)
{
    (void)state;
    assert_false(plays("slow", "status", &tagged));
    assert_false(plays(NULL, "status: stable", &tagged));
    assert_true(plays(NULL, "status: draft", &tagged));
    assert_true(plays(NULL, "slow", &untagged));
}

static void lists_given_twice_add_up(void **state)
{
    (void)state;
    struct selection selection = { 0 };
    assert_true(selection_add(&selection.only, "other"));
    assert_non_null(selection_skips(&selection, &tagged));
    assert_true(selection_add(&selection.only, "slow"));
    assert_null(selection_skips(&selection, &tagged));
    selection_free(&selection);
    assert_null(selection.only);
}

static void a_list_without_a_word_is_refused(void **state)
{
    (void)state;
    char *list = NULL;
    assert_false(selection_add(&list, ""));
    assert_false(selection_add(&list, " , "));
    assert_null(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_lists_everything_is_played),
        cmocka_unit_test(a_tag_matches_by_its_name),
        cmocka_unit_test(a_tag_matches_by_its_name_and_value),
        cmocka_unit_test(one_word_of_a_list_is_enough),
        cmocka_unit_test(what_is_skipped_is_skipped_even_when_selected),
        cmocka_unit_test(lists_given_twice_add_up),
        cmocka_unit_test(a_list_without_a_word_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

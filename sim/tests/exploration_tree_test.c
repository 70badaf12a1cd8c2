#include "../player/exploration_tree.h"

#include <assert.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A run that made these choices, each among as many as it says. */
static void add(struct exploration_tree *tree, const uint32_t (*choices)[2], size_t count,
                enum exploration_run end)
{
    struct recording path = { 0 };
    for (size_t i = 0; i < count; i++)
        recording_add(&path, (struct choice){ CHOICE_TIES, choices[i][1], choices[i][0] });
    exploration_tree_add(tree, &path, end);
    recording_free(&path);
}

static void runs_are_counted_along_their_paths(void **state)
{
    (void)state;
    struct exploration_tree tree = { 0 };
    add(&tree, (const uint32_t[][2]){ { 0, 2 }, { 0, 3 } }, 2, RUN_PASSED);
    add(&tree, (const uint32_t[][2]){ { 0, 2 }, { 1, 3 } }, 2, RUN_KNOWN);
    add(&tree, (const uint32_t[][2]){ { 1, 2 } }, 1, RUN_FAILED);
    const struct exploration_node *root = tree.root;
    assert_non_null(root);
    assert(root != NULL);
    assert_int_equal(root->possibilities, 2);
    assert_int_equal(root->branches[0].runs[RUN_PASSED], 1);
    assert_int_equal(root->branches[0].runs[RUN_KNOWN], 1);
    assert_int_equal(root->branches[1].runs[RUN_FAILED], 1);
    assert_null(root->branches[1].next);
    const struct exploration_node *below = root->branches[0].next;
    assert_non_null(below);
    assert(below != NULL);
    assert_int_equal(below->branches[1].runs[RUN_KNOWN], 1);
    assert_int_equal(below->branches[2].runs[RUN_KNOWN], 0);
    exploration_tree_free(&tree);
    assert_int_equal(tree.count, 0);
}

/* A run without choices is not in the tree, as there is no decision. */
static void a_run_without_choices_leaves_it_empty(void **state)
{
    (void)state;
    struct exploration_tree tree = { 0 };
    add(&tree, NULL, 0, RUN_PASSED);
    assert_null(tree.root);
    exploration_tree_free(&tree);
}

/* All runs of twelve decisions among two, as an exploration makes them. */
static void a_large_tree_forgets_what_is_finished(void **state)
{
    (void)state;
    enum { DEPTH = 12 };
    struct exploration_tree tree = { 0 };
    struct recording path = { 0 };
    uint64_t runs = 0;
    do {
        while (path.count < DEPTH)
            recording_add(&path, (struct choice){ CHOICE_STEPS, 2, 0 });
        exploration_tree_add(&tree, &path, RUN_PASSED);
        runs++;
        assert_true(tree.count <= EXPLORATION_TREE_MOST + DEPTH);
    } while (choice_path_next(&path));
    assert_int_equal(runs, 1 << DEPTH);
    assert_non_null(tree.root);
    assert(tree.root != NULL);
    assert_int_equal(tree.root->branches[0].runs[RUN_PASSED], runs / 2);
    assert_int_equal(tree.root->branches[1].runs[RUN_PASSED], runs / 2);
    recording_free(&path);
    exploration_tree_free(&tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_are_counted_along_their_paths),
        cmocka_unit_test(a_run_without_choices_leaves_it_empty),
        cmocka_unit_test(a_large_tree_forgets_what_is_finished),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

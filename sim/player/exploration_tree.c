#include "exploration_tree.h"

#include "../must.h"

#include <assert.h>

/* The depth of the recursion is that of the tree: the decisions of one run. */
static void forget(struct exploration_tree *tree, struct exploration_node *node)
{
    if (node == NULL)
        return;
    for (uint32_t i = 0; i < node->possibilities; i++)
        forget(tree, node->branches[i].next);
    free(node->branches);
    free(node);
    tree->count--;
}

static struct exploration_node *node_of(struct exploration_tree *tree, struct exploration_node **place,
                                        const struct choice *choice)
{
    if (*place != NULL) {
        assert((*place)->concern == choice->concern && (*place)->possibilities == choice->possibilities);
        return *place;
    }
    struct exploration_node *node = must(calloc(1, sizeof *node));
    node->concern = choice->concern;
    node->possibilities = choice->possibilities;
    node->branches = must(calloc(choice->possibilities, sizeof *node->branches));
    tree->count++;
    *place = node;
    return node;
}

void exploration_tree_add(struct exploration_tree *tree, const struct recording *path,
                          enum exploration_run end)
{
    struct exploration_node **place = &tree->root;
    for (size_t i = 0; i < path->count; i++) {
        const uint32_t answer = path->list[i].answer;
        struct exploration_node *node = node_of(tree, place, &path->list[i]);
        assert(answer < node->possibilities);
        if (answer > 0 && tree->count > EXPLORATION_TREE_MOST) {
            forget(tree, node->branches[answer - 1].next);
            node->branches[answer - 1].next = NULL;
        }
        node->branches[answer].runs[end]++;
        place = &node->branches[answer].next;
    }
}

void exploration_tree_free(struct exploration_tree *tree)
{
    forget(tree, tree->root);
    tree->root = NULL;
}

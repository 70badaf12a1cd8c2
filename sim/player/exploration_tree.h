/*
 * exploration_tree.h - what an exploration (exploration.h) has seen of the tree of choices, bounded in
 * size.
 *
 * A node is a decision.  For each of its alternatives it is known how many runs took it, and how they
 * ended.  Runs come in the order of the exploration; so an alternative is finished when a run takes the
 * next one.  While the tree has many nodes, those below a finished alternative are forgotten, and only its
 * counts are kept: the path of the last run is always whole.
 */
#ifndef SIM_EXPLORATION_TREE_H
#define SIM_EXPLORATION_TREE_H

#include "../world/choice.h"

enum { EXPLORATION_TREE_MOST = 2000 }; /* nodes beside the path */

enum exploration_run { RUN_PASSED, RUN_KNOWN /* ended in a state that was known */, RUN_FAILED, RUN_ENDS };

struct exploration_node {
    enum choice_concern concern;
    uint32_t possibilities;
    struct exploration_branch *branches; /* as many as the possibilities */
};

struct exploration_branch {
    uint64_t runs[RUN_ENDS];
    struct exploration_node *next; /* the decision that follows; NULL if there was none, or it is forgotten */
};

/* Zeroed is empty. */
struct exploration_tree {
    struct exploration_node *root;
    size_t count; /* nodes */
};

/* Adds the next run of an exploration, whose choices are the path. */
void exploration_tree_add(struct exploration_tree *tree, const struct recording *path,
                          enum exploration_run end);

void exploration_tree_free(struct exploration_tree *tree);

#endif

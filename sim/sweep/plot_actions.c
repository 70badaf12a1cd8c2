#include "plot_writer.h"

static const struct action_family *const families[] = { &plot_login_actions, &plot_stanza_actions,
                                                        &plot_fault_actions };

const struct action *plot_action(size_t index)
{
    for (size_t i = 0; i < PLOT_COUNT(families); i++) {
        if (index < families[i]->count)
            return &families[i]->rows[index];
        index -= families[i]->count;
    }
    return NULL;
}

size_t plot_comes_in(void)
{
    return 0;
}

size_t plot_starts_again(void)
{
    return plot_login_actions.count + plot_stanza_actions.count;
}

const char *plot_action_name(size_t index)
{
    const struct action *action = plot_action(index);
    return action != NULL ? action->name : NULL;
}

bool plot_action_is_fault(size_t index)
{
    return plot_action(index)->faults != 0;
}

enum capability plot_action_needs(size_t index)
{
    return plot_action(index)->needs;
}

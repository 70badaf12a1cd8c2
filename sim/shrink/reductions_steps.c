#include "reductions.h"

#include "../language/scenario_edit.h"

#include <string.h>

/* ---- Steps, and blocks of them ---- */

static void reduce_list(struct scenario *scenario, struct step *step, struct removal *removal)
{
    while (step != NULL) {
        struct step *next = step->next;
        if (step->steps != NULL)
            reduce_list(scenario, step->steps, removal);
        else if (removal_here(removal))
            scenario_remove_step(scenario, step);
        step = next;
    }
}

void reduce_steps(struct scenario *scenario, struct removal *removal)
{
    reduce_list(scenario, scenario->steps, removal);
}

static struct step **last_link(struct step **list)
{
    while ((*list)->next != NULL)
        list = &(*list)->next;
    return list;
}

void reduce_blocks(struct scenario *scenario, struct removal *removal)
{
    for (struct step **link = &scenario->steps; *link != NULL; link = &(*link)->next) {
        struct step *block = *link;
        if (block->steps == NULL || !removal_here(removal))
            continue;
        *link = block->steps;
        link = last_link(link);
        (*link)->next = block->next;
    }
}

void reduce_block_heads(struct scenario *scenario, struct removal *removal)
{
    for (struct step **link = &scenario->steps; *link != NULL; link = &(*link)->next) {
        struct step *block = *link;
        if (block->steps == NULL || block->steps->next == NULL || !removal_here(removal))
            continue;
        struct step *first = block->steps;
        block->steps = first->next;
        first->next = block;
        *link = first;
        link = &first->next;
    }
}

void reduce_block_tails(struct scenario *scenario, struct removal *removal)
{
    for (struct step *block = scenario->steps; block != NULL; block = block->next) {
        if (block->steps == NULL || block->steps->next == NULL || !removal_here(removal))
            continue;
        struct step **link = last_link(&block->steps);
        struct step *last = *link;
        *link = NULL;
        last->next = block->next;
        block->next = last;
        block = last;
    }
}

/* ---- What a step says ---- */

/* Applied to every step that is not a block. */
typedef void (*on_step)(struct step *step, struct removal *removal);

static void walk(struct step *step, struct removal *removal, on_step visit)
{
    for (; step != NULL; step = step->next) {
        if (step->steps != NULL)
            walk(step->steps, removal, visit);
        else
            visit(step, removal);
    }
}

static void reduce_word(const char **word, struct removal *removal)
{
    if (*word != NULL && removal_here(removal))
        *word = NULL;
}

/* Whether the step can be said without its text. */
static bool may_lose_text(enum step_verb verb)
{
    static const enum step_verb verbs[] = { STEP_BINDS, STEP_LINK_BREAKS, STEP_ACKNOWLEDGES,
                                            STEP_FINISHES_AUTHENTICATING,
                                            STEP_FAILS_TO_FINISH_AUTHENTICATING };
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        if (verbs[i] == verb)
            return true;
    return false;
}

/* Whether the step cannot be said without the property. */
static bool is_needed(const struct step *step, const struct property *property)
{
    return step->verb == STEP_SERVER_ROUTES && strcmp(property->name, "from") == 0;
}

static void reduce_step_details(struct step *step, struct removal *removal)
{
    reduce_word(&step->mechanism, removal);
    reduce_word(&step->user, removal);
    reduce_word(&step->password, removal);
    if (may_lose_text(step->verb))
        reduce_word(&step->text, removal);
    if (step->verb == STEP_ACKNOWLEDGES && step->text == NULL)
        step->number = 0;
    struct property **link = &step->properties;
    while (*link != NULL && step->verb != STEP_SERVER_RECEIVES) {
        if (!is_needed(step, *link) && removal_here(removal))
            *link = (*link)->next;
        else
            link = &(*link)->next;
    }
}

void reduce_details(struct scenario *scenario, struct removal *removal)
{
    walk(scenario->steps, removal, reduce_step_details);
}

/* ---- Numbers and spans ---- */

/* Raw bytes may be sent in one piece (0); every other number is at least 1. */
static uint64_t least_number(const struct step *step)
{
    return step->verb == STEP_SENDS_RAW ? 0 : 1;
}

static void reduce_number_down(struct step *step, struct removal *removal)
{
    if (step->number > least_number(step) && removal_here(removal))
        step->number = least_number(step);
}

static void reduce_number(struct step *step, struct removal *removal)
{
    if (step->number > least_number(step) + 1 && removal_here(removal))
        step->number /= 2;
}

void reduce_numbers_down(struct scenario *scenario, struct removal *removal)
{
    walk(scenario->steps, removal, reduce_number_down);
}

void reduce_numbers(struct scenario *scenario, struct removal *removal)
{
    walk(scenario->steps, removal, reduce_number);
}

/* Readable spans. */
static const sim_time spans[] = { SIM_MILLISECOND,  10 * SIM_MILLISECOND, SIM_SECOND,        10 * SIM_SECOND,
                                  60 * SIM_SECOND,  120 * SIM_SECOND,     300 * SIM_SECOND,  600 * SIM_SECOND,
                                  900 * SIM_SECOND, 3600 * SIM_SECOND,    86400 * SIM_SECOND };
enum { SPANS = sizeof spans / sizeof spans[0] };

static void reduce_span_down(struct step *step, struct removal *removal)
{
    if (step->span > spans[0] && removal_here(removal))
        step->span = spans[0];
}

static void reduce_span(struct step *step, struct removal *removal)
{
    if (step->span <= spans[0] || !removal_here(removal))
        return;
    size_t i = SPANS - 1;
    while (spans[i] >= step->span)
        i--;
    step->span = spans[i];
}

void reduce_spans_down(struct scenario *scenario, struct removal *removal)
{
    walk(scenario->steps, removal, reduce_span_down);
}

void reduce_spans(struct scenario *scenario, struct removal *removal)
{
    walk(scenario->steps, removal, reduce_span);
}

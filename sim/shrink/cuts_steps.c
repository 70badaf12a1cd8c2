#include "cuts.h"

#include "../language/scenario_edit.h"

#include <string.h>

/* ---- Steps, and blocks of them ---- */

static void cut_list(struct scenario *scenario, struct step *step, struct cutter *cutter)
{
    while (step != NULL) {
        struct step *next = step->next;
        if (step->steps != NULL)
            cut_list(scenario, step->steps, cutter);
        else if (cut_here(cutter))
            scenario_remove_step(scenario, step);
        step = next;
    }
}

void cut_steps(struct scenario *scenario, struct cutter *cutter)
{
    cut_list(scenario, scenario->steps, cutter);
}

static struct step **last_link(struct step **list)
{
    while ((*list)->next != NULL)
        list = &(*list)->next;
    return list;
}

void cut_blocks(struct scenario *scenario, struct cutter *cutter)
{
    for (struct step **link = &scenario->steps; *link != NULL; link = &(*link)->next) {
        struct step *block = *link;
        if (block->steps == NULL || !cut_here(cutter))
            continue;
        *link = block->steps;
        link = last_link(link);
        (*link)->next = block->next;
    }
}

void cut_block_heads(struct scenario *scenario, struct cutter *cutter)
{
    for (struct step **link = &scenario->steps; *link != NULL; link = &(*link)->next) {
        struct step *block = *link;
        if (block->steps == NULL || block->steps->next == NULL || !cut_here(cutter))
            continue;
        struct step *first = block->steps;
        block->steps = first->next;
        first->next = block;
        *link = first;
        link = &first->next;
    }
}

void cut_block_tails(struct scenario *scenario, struct cutter *cutter)
{
    for (struct step *block = scenario->steps; block != NULL; block = block->next) {
        if (block->steps == NULL || block->steps->next == NULL || !cut_here(cutter))
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

/* Does the same to every step that is no block. */
typedef void (*on_step)(struct step *step, struct cutter *cutter);

static void walk(struct step *step, struct cutter *cutter, on_step visit)
{
    for (; step != NULL; step = step->next) {
        if (step->steps != NULL)
            walk(step->steps, cutter, visit);
        else
            visit(step, cutter);
    }
}

static void cut_word(const char **word, struct cutter *cutter)
{
    if (*word != NULL && cut_here(cutter))
        *word = NULL;
}

static void cut_step_details(struct step *step, struct cutter *cutter)
{
    cut_word(&step->mechanism, cutter);
    cut_word(&step->user, cutter);
    cut_word(&step->password, cutter);
    if (step->verb == STEP_BINDS || step->verb == STEP_LINK_BREAKS || step->verb == STEP_ACKNOWLEDGES)
        cut_word(&step->text, cutter);
    if (step->verb == STEP_ACKNOWLEDGES && step->text == NULL)
        step->number = 0;
    struct property **link = &step->properties;
    while (*link != NULL && step->verb != STEP_SERVER_RECEIVES) {
        if (cut_here(cutter))
            *link = (*link)->next;
        else
            link = &(*link)->next;
    }
}

void cut_details(struct scenario *scenario, struct cutter *cutter)
{
    walk(scenario->steps, cutter, cut_step_details);
}

/* ---- Numbers and spans ---- */

/* Raw bytes may be sent all at once; of all else there is at least one. */
static uint64_t least_number(const struct step *step)
{
    return step->verb == STEP_SENDS_RAW ? 0 : 1;
}

static void cut_number_down(struct step *step, struct cutter *cutter)
{
    if (step->number > least_number(step) && cut_here(cutter))
        step->number = least_number(step);
}

static void cut_number(struct step *step, struct cutter *cutter)
{
    if (step->number > least_number(step) + 1 && cut_here(cutter))
        step->number /= 2;
}

void cut_numbers_down(struct scenario *scenario, struct cutter *cutter)
{
    walk(scenario->steps, cutter, cut_number_down);
}

void cut_numbers(struct scenario *scenario, struct cutter *cutter)
{
    walk(scenario->steps, cutter, cut_number);
}

/* Spans that read well. */
static const sim_time spans[] = { SIM_MILLISECOND,  10 * SIM_MILLISECOND, SIM_SECOND,        10 * SIM_SECOND,
                                  60 * SIM_SECOND,  120 * SIM_SECOND,     300 * SIM_SECOND,  600 * SIM_SECOND,
                                  900 * SIM_SECOND, 3600 * SIM_SECOND,    86400 * SIM_SECOND };
enum { SPANS = sizeof spans / sizeof spans[0] };

static void cut_span_down(struct step *step, struct cutter *cutter)
{
    if (step->span > spans[0] && cut_here(cutter))
        step->span = spans[0];
}

static void cut_span(struct step *step, struct cutter *cutter)
{
    if (step->span <= spans[0] || !cut_here(cutter))
        return;
    size_t i = SPANS - 1;
    while (spans[i] >= step->span)
        i--;
    step->span = spans[i];
}

void cut_spans_down(struct scenario *scenario, struct cutter *cutter)
{
    walk(scenario->steps, cutter, cut_span_down);
}

void cut_spans(struct scenario *scenario, struct cutter *cutter)
{
    walk(scenario->steps, cutter, cut_span);
}

#include "plot_writer.h"

#include "../language/scenario.h"
#include "../must.h"
#include "../world/server.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- The themes ---- */

static const char *const themes[] = { "messages",    "messages for those who are away",
                                      "presence",    "subscriptions",
                                      "rosters",     "block lists",
                                      "carbons",     "client states",
                                      "resumptions", "logins",
                                      "passwords",   "requests",
                                      "limits",      "two servers" };
_Static_assert(sizeof themes / sizeof themes[0] == THEMES, "each theme has a name");

const char *plot_theme_name(size_t index)
{
    return index < THEMES ? themes[index] : NULL;
}

/* Mostly one to three; all of them in one plot of eight. */
static unsigned draw_themes(struct plot *plot)
{
    static const unsigned counts[] = { 1, 1, 1, 2, 2, 2, 3, 0 };
    unsigned count = counts[plot_draw(plot, PLOT_COUNT(counts))], drawn = 0;
    if (count == 0)
        return (1U << THEMES) - 1;
    for (; count > 0; count--)
        drawn |= 1U << plot_draw(plot, THEMES);
    return drawn;
}

/* What clients do as soon as they are in: whatever the themes need, and the rest by chance. */
static unsigned draw_habits(struct plot *plot)
{
    static const struct {
        unsigned habit, themes, rarely;
        enum capability needs;
    } habits[] = {
        { IS_THERE, ~(unsigned)(LOGINS | PASSWORDS), 2, CAPABILITY_NONE },
        { ASKS_ROSTER, ROSTERS | SUBSCRIPTIONS | BLOCKING, 3, CAPABILITY_NONE },
        { MANAGES, RESUMPTION, 4, CAPABILITY_SM },
        { WANTS_COPIES, CARBONS, 6, CAPABILITY_CARBONS },
    };
    unsigned drawn = 0;
    for (size_t i = 0; i < PLOT_COUNT(habits); i++) {
        const bool is_theme = (plot->themes & habits[i].themes) != 0;
        const bool is_drawn = is_theme ? !plot_chance(plot, 6) : plot_chance(plot, habits[i].rarely);
        if (is_drawn && plot_server_has(plot, habits[i].needs))
            drawn |= habits[i].habit;
    }
    return drawn;
}

/* Of the faults that may go wrong: mostly one or two kinds, none in one plot of four, all in one of eight. */
static unsigned draw_faults(struct plot *plot)
{
    static const unsigned counts[] = { 0, 0, 1, 1, 1, 2, 2, PLOT_ALL };
    const unsigned count = counts[plot_draw(plot, PLOT_COUNT(counts))];
    unsigned drawn = 0;
    if (count == PLOT_ALL)
        return plot->options->faults;
    for (unsigned i = 0; i < count; i++)
        drawn |= 1U << plot_draw(plot, 4);
    return drawn & plot->options->faults;
}

static void write_title(struct plot *plot)
{
    plot_line(plot, "# A plot that chance made");
    plot_line(plot, "## checks only");
    for (size_t i = 0; i < THEMES; i++)
        if ((plot->themes & 1U << i) != 0)
            plot_line(plot, "# It is about %s.", themes[i]);
    plot_line(plot, "%s", "");
}

/* ---- The mix ---- */

struct mix {
    unsigned weights[PLOT_ACTIONS_MOST];
    unsigned total;
    unsigned together; /* maximum number of concurrent actions */
};

static bool belongs(const struct plot *plot, const struct action *action, unsigned faults)
{
    return (action->faults == 0 || (action->faults & faults) != 0) &&
           (action->themes == 0 || (action->themes & plot->themes) != 0);
}

/* The faults get this share of a hundred actions in all. */
static void give_share(struct mix *mix, unsigned share)
{
    unsigned faults = 0, actions = 0;
    for (size_t i = 0; plot_action(i) != NULL; i++) {
        const bool is_fault = plot_action(i)->faults != 0;
        faults += is_fault ? mix->weights[i] : 0;
        actions += is_fault ? 0 : mix->weights[i];
    }
    for (size_t i = 0; plot_action(i) != NULL && faults > 0 && actions > 0; i++)
        mix->weights[i] *= plot_action(i)->faults != 0 ? share * actions : (100 - share) * faults;
}

/* A third of the actions that belong are not in the mix; the frequencies of the others differ widely.  In most plots
 * clients seldom leave. */
static struct mix draw_mix(struct plot *plot, unsigned faults)
{
    static const unsigned scales[] = { 0, 0, 1, 2, 3, 6 };
    static const unsigned together[] = { 1, 2, 3, 6, 12 };
    static const unsigned shares[] = { 3, 8, 20, 40 };
    struct mix mix = { .together = together[plot_draw(plot, PLOT_COUNT(together))] };
    const unsigned stays = plot_chance(plot, 3) ? 1 : 8;
    for (size_t i = 0; plot_action(i) != NULL; i++) {
        const struct action *action = plot_action(i);
        if (!belongs(plot, action, faults))
            continue;
        const unsigned scale = scales[plot_draw(plot, PLOT_COUNT(scales))];
        mix.weights[i] = action->weight * scale * (action->then == LEAVES ? 1 : stays);
    }
    give_share(&mix, shares[plot_draw(plot, PLOT_COUNT(shares))]);
    for (size_t i = 0; plot_action(i) != NULL; i++)
        mix.total += mix.weights[i];
    if (mix.total == 0)
        mix.weights[plot_comes_in()] = mix.total = 1;
    return mix;
}

static size_t draw_action(struct plot *plot, const struct mix *mix)
{
    unsigned drawn = plot_draw(plot, mix->total);
    size_t index = 0;
    while (drawn >= mix->weights[index])
        drawn -= mix->weights[index++];
    return index;
}

/* ---- The steps ---- */

static bool fits(const struct action *action, const struct plot_client *client)
{
    const bool is_of_client = action->by == BY_CLIENT || action->by == BY_CLIENT_ALONE;
    return !is_of_client || action->who == FOR_ALL || (action->who == FOR_IN) == client->in;
}

/* An action of the mix that makes sense: a client that is not connected usually comes in instead of doing what it
 * cannot do, and one that is connected does something else instead of coming in. */
static size_t draw_sensible(struct plot *plot, const struct mix *mix, const struct plot_client *client)
{
    enum { TRIES = 4 };
    size_t index = draw_action(plot, mix);
    for (unsigned i = 1; i < TRIES && !fits(plot_action(index), client) && !plot_chance(plot, 16); i++) {
        if (!client->in)
            return plot_comes_in();
        index = draw_action(plot, mix);
    }
    return index;
}

/* Whether the server has what an action needs. */
static bool is_possible(const struct plot *plot, size_t index, struct plot_counts *counts)
{
    const enum capability needs = plot_action(index)->needs;
    const bool is = plot_server_has(plot, needs);
    if (!is && counts != NULL)
        counts->left_out[needs]++;
    return is;
}

static void add(struct plot *plot, size_t index, struct plot_client *client, struct plot_counts *counts)
{
    plot_action(index)->write(plot, client);
    if (counts != NULL)
        counts->actions[index]++;
}

/* How many of the next actions are concurrent: usually several, if the mix has concurrent actions. */
static unsigned draw_group(struct plot *plot, const struct mix *mix, unsigned left)
{
    unsigned group = 1 + plot_draw(plot, mix->together);
    return group < left ? group : left;
}

static bool is_alone(const struct action *action)
{
    return action->by == BY_WORLD_ALONE || action->by == BY_CLIENT_ALONE;
}

/* A group ends before an action that must be alone. */
static unsigned write_group(struct plot *plot, const struct mix *mix, unsigned group,
                            struct plot_counts *counts)
{
    bool together = group > 1;
    bool begun = false;
    for (unsigned written = 0; written < group; written++) {
        struct plot_client *client = plot_anybody(plot);
        size_t index = draw_sensible(plot, mix, client);
        if (plot->down && plot_chance(plot, 6))
            index = plot_starts_again();
        if (!is_possible(plot, index, counts))
            continue;
        if (is_alone(plot_action(index))) {
            plot->indent = "";
            add(plot, index, client, counts);
            return written + 1;
        }
        if (together && !begun)
            plot_line(plot, "At the same time:");
        begun = true;
        plot->indent = together ? "\t" : "";
        add(plot, index, client, counts);
        plot->indent = together ? "\t" : "";
    }
    return group;
}

static void everybody_comes_in(struct plot *plot, struct plot_counts *counts)
{
    for (unsigned i = 0; i < plot->count; i++)
        add(plot, plot_comes_in(), &plot->clients[i], counts);
}

static void write_steps(struct plot *plot, struct plot_counts *counts)
{
    struct mix mix = draw_mix(plot, draw_faults(plot));
    unsigned left = plot->options->steps;
    if (!plot_chance(plot, 6) && left > plot->count) {
        everybody_comes_in(plot, counts);
        left -= plot->count;
    }
    while (left > 0) {
        left -= write_group(plot, &mix, draw_group(plot, &mix, left), counts);
        plot->indent = "";
    }
}

struct plot_options plot_options_default(void)
{
    return (struct plot_options){ .cast = 4, .steps = 24 };
}

char *plot_write(const struct plot_options *options, struct choices *choices, struct plot_counts *counts)
{
    assert(options->cast >= 1 && options->cast <= PLOT_CAST_MOST);
    struct plot plot = { .options = options, .choices = choices, .count = options->cast, .indent = "" };
    plot.themes = draw_themes(&plot);
    plot.habits = draw_habits(&plot);
    write_title(&plot);
    plot_write_head(&plot);
    write_steps(&plot, counts);
    free(plot.clients);
    return text_take(&plot.text);
}

/* A plot is not a file: it has no table and reads no other file. */
static struct scenario *parse_plot(const char *name, const char *text)
{
    struct complaints complaints = { 0 };
    struct scenario *scenario = scenario_parse(name, text, strlen(text), NULL, NULL, &complaints);
    if (scenario == NULL) {
        fprintf(stderr, "%s\nthe plot:%d: %s\n", text, complaints.list[0].line, complaints.list[0].message);
        abort();
    }
    return scenario;
}

struct scenario *plot_of_seed(const struct plot_options *options, uint64_t seed, struct plot_counts *counts)
{
    struct choices choices;
    choices_init(&choices, CHOICE_SEEDED, seed);
    char *text = plot_write(options, &choices, counts);
    struct scenario *scenario = parse_plot("the plot", text);
    free(text);
    return scenario;
}

struct plot_run plot_of_bytes(const struct plot_options *options, const char *name,
                              const unsigned char *bytes, size_t length, struct plot_counts *counts)
{
    struct choices choices;
    choices_read(&choices, 0, bytes, length);
    char *text = plot_write(options, &choices, counts);
    return (struct plot_run){ text, parse_plot(name, text), choices.bytes.next, choices.bytes.left };
}

void plot_run_free(struct plot_run *plot)
{
    scenario_free(plot->scenario);
    free(plot->text);
}

#include "plot_writer.h"

#include "../language/scenario.h"
#include "../must.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- The cast ---- */

static const char *const names[] = { "Romeo",  "Juliet", "Mercutio", "Benvolio",
                                     "Tybalt", "Nurse",  "Paris",    "Rosaline" };
enum { NAMES = sizeof names / sizeof names[0] };

static const char *const devices[] = { "orchard", "phone", "tablet", "laptop" };
enum { DEVICES = sizeof devices / sizeof devices[0] };

static const char *const domains[] = { "montague.lit", "capulet.lit" };

static void lower(char *word)
{
    for (; *word != '\0'; word++)
        if (*word >= 'A' && *word <= 'Z')
            *word = (char)(*word - 'A' + 'a');
}

static void name_account(const struct plot *plot, unsigned index, struct plot_client *client)
{
    if (index < NAMES)
        (void)snprintf(client->name, sizeof client->name, "%s", names[index]);
    else
        (void)snprintf(client->name, sizeof client->name, "Citizen%u", index);
    (void)snprintf(client->jid, sizeof client->jid, "%s@%s", client->name, domains[index % plot->servers]);
    lower(client->jid);
}

/* Another client of an account that already has one.  Sometimes both request the same resource. */
static void name_device(struct plot *plot, unsigned index, struct plot_client *client)
{
    const struct plot_client owner = plot->clients[plot_draw(plot, plot->accounts)];
    (void)snprintf(client->name, sizeof client->name, "%.24s's device %u", owner.name, index);
    memcpy(client->jid, owner.jid, sizeof client->jid);
}

static void make_cast(struct plot *plot)
{
    plot->clients = must(calloc(plot->count, sizeof *plot->clients));
    for (unsigned i = 0; i < plot->count; i++) {
        struct plot_client *client = &plot->clients[i];
        if (i < plot->accounts)
            name_account(plot, i, client);
        else
            name_device(plot, i, client);
        (void)snprintf(client->full_jid, sizeof client->full_jid, "%s/%s", client->jid,
                       devices[plot_draw(plot, DEVICES)]);
    }
}

static void write_cast(struct plot *plot)
{
    static const char *const mechanisms[] = { "",      "SCRAM-SHA-1", "SCRAM-SHA-256", "PLAIN",
                                              "PLAIN", "PLAIN",       "PLAIN",         "PLAIN" };
    for (unsigned i = 0; i < plot->count; i++) {
        const struct plot_client *client = &plot->clients[i];
        const char *mechanism = mechanisms[plot_draw(plot, 8)];
        plot_line(plot, "[Client] %s", client->name);
        plot_line(plot, "\tjid: %s", client->full_jid);
        plot_line(plot, "\tpassword: secret");
        if (*mechanism != '\0')
            plot_line(plot, "\tmechanism: %s", mechanism);
        plot_line(plot, "%s", "");
    }
}

/* ---- Initial state: consistent rosters, and block lists ---- */

static const char *const subscriptions[] = { "none", "to", "from", "both" };

/* The subscription between every two accounts; the rows of one account are `count` apart. */
static void draw_subscriptions(struct plot *plot, unsigned char *is, unsigned count)
{
    for (unsigned a = 0; a < count; a++) {
        for (unsigned b = a + 1; b < count; b++) {
            unsigned drawn = plot_chance(plot, 2) ? 4 : plot_draw(plot, 4);
            unsigned back = drawn == 1 ? 2 : drawn == 2 ? 1 : drawn;
            is[a * count + b] = (unsigned char)drawn;
            is[b * count + a] = (unsigned char)back;
        }
    }
}

static void write_rosters(struct plot *plot)
{
    unsigned count = plot->accounts < 16 ? plot->accounts : 16;
    unsigned char *is = must(calloc(count, count));
    memset(is, 4, (size_t)count * count);
    draw_subscriptions(plot, is, count);
    for (unsigned a = 0; a < count; a++) {
        bool begun = false;
        for (unsigned b = 0; b < count; b++) {
            if (is[a * count + b] == 4)
                continue;
            if (!begun)
                plot_line(plot, "[Roster] %s", plot->clients[a].jid);
            begun = true;
            plot_line(plot, "\t%s: %s", plot->clients[b].jid, subscriptions[is[a * count + b]]);
        }
        if (begun)
            plot_line(plot, "%s", "");
    }
    free(is);
    if (!plot_chance(plot, 4) || plot->accounts < 2)
        return;
    plot_line(plot, "[Blocklist] %s", plot->clients[0].jid);
    plot_line(plot, "\t%s\n", plot->clients[1 + plot_draw(plot, plot->accounts - 1)].jid);
}

/* ---- The server ---- */

/* A setting that one plot in `rarely` has, with one of its values. */
struct drawn_setting {
    const char *name;
    unsigned rarely;
    const char *values[5];
};

static const struct drawn_setting drawn_settings[] = {
    { "conflict", 2, { "kick_old", "kick_new", "increment", "random" } },
    { "delivery", 3, { "all" } },
    { "tls", 12, { "optional", "required" } },
    { "features", 6, { "none", "offline", "carbons", "blocking", "offline, carbons" } },
    { "tell last presence", 3, { "yes" } },
    { "stream management", 6, { "off" } },
    { "client state", 8, { "off" } },
    { "keepalive", 3, { "none", "ping", "whitespace" } },
    { "idle time", 4, { "30 seconds", "5 minutes" } },
    { "ping time", 6, { "5 seconds" } },
    { "resume time", 3, { "5 seconds", "2 minutes", "none" } },
    { "ack after", 4, { "1", "5" } },
    { "login time", 6, { "1 second", "none" } },
    { "resources", 10, { "1", "2" } },
    { "roster items", 10, { "1", "3" } },
    { "offline messages", 10, { "1", "3" } },
    { "blocked", 12, { "1" } },
    { "directed", 12, { "1", "2" } },
    { "unacked", 12, { "3", "8" } },
    { "held presence", 12, { "1", "3" } },
    { "output bytes", 14, { "6000" } },
    { "cached accounts", 8, { "0", "1" } },
    { "waiting bytes", 14, { "3000" } },
};
enum { DRAWN_SETTINGS = sizeof drawn_settings / sizeof drawn_settings[0] };

static unsigned count_values(const struct drawn_setting *setting)
{
    unsigned count = 0;
    while (count < sizeof setting->values / sizeof setting->values[0] && setting->values[count] != NULL)
        count++;
    return count;
}

static void write_settings(struct plot *plot)
{
    for (size_t i = 0; i < DRAWN_SETTINGS; i++) {
        const struct drawn_setting *setting = &drawn_settings[i];
        if (plot_chance(plot, setting->rarely))
            plot_line(plot, "\t%s: %s", setting->name,
                      setting->values[plot_draw(plot, count_values(setting))]);
    }
    plot_line(plot, "%s", "");
}

/* The only server has no name. */
static void write_server(struct plot *plot, const char *name, const char *domain)
{
    plot_line(plot, "[Server]%s", name);
    plot_line(plot, "\thost: %s", domain);
    plot_line(plot, "\titerations: 1");
    write_settings(plot);
}

static void write_servers(struct plot *plot)
{
    bool several = plot->servers > 1;
    write_server(plot, several ? " Montague" : "", domains[0]);
    if (several)
        write_server(plot, " Capulet", domains[1]);
}

/* ---- The mix ---- */

struct mix {
    unsigned weights[PLOT_ACTIONS_MOST];
    unsigned total;
    unsigned together; /* maximum number of concurrent actions */
};

/* Half of the actions are not in the mix; the frequencies of the others differ widely. */
static struct mix draw_mix(struct plot *plot)
{
    static const unsigned scales[] = { 0, 0, 0, 1, 3, 9 };
    static const unsigned together[] = { 1, 2, 3, 6, 12 };
    struct mix mix = { .together = together[plot_draw(plot, 5)] };
    for (size_t i = 0; i < plot_action_count; i++) {
        const struct action *action = &plot_actions[i];
        if (action->faults != 0 && (action->faults & plot->options->faults) == 0)
            continue;
        mix.weights[i] = action->weight * scales[plot_draw(plot, 6)];
        mix.total += mix.weights[i];
    }
    if (mix.total == 0)
        mix.weights[0] = mix.total = 1;
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

enum { CONNECT, START_AGAIN }; /* the first actions of the table */

/* A client that is not connected usually connects instead of doing the drawn action. */
static size_t sensible(struct plot *plot, size_t index, const struct plot_client *client)
{
    const struct action *action = &plot_actions[index];
    bool fits = action->who == FOR_ALL || (action->who == FOR_IN) == client->in;
    if (fits || plot_chance(plot, 16))
        return index;
    return client->in ? index : CONNECT;
}

static void add(struct plot *plot, size_t index, struct plot_client *client, struct plot_counts *counts)
{
    plot_actions[index].write(plot, client);
    if (counts != NULL)
        counts->actions[index]++;
}

/* How many of the next actions are concurrent: usually several, if the mix has concurrent actions. */
static unsigned draw_group(struct plot *plot, const struct mix *mix, unsigned left)
{
    unsigned group = 1 + plot_draw(plot, mix->together);
    return group < left ? group : left;
}

/* A group ends before an action that must be alone (BY_WORLD_ALONE). */
static unsigned write_group(struct plot *plot, const struct mix *mix, unsigned group,
                            struct plot_counts *counts)
{
    bool together = group > 1;
    bool begun = false;
    for (unsigned written = 0; written < group; written++) {
        size_t index = draw_action(plot, mix);
        if (plot->down && plot_chance(plot, 6))
            index = START_AGAIN;
        struct plot_client *client = plot_anybody(plot);
        if (plot_actions[index].by == BY_CLIENT)
            index = sensible(plot, index, client);
        if (plot_actions[index].by == BY_WORLD_ALONE) {
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
        add(plot, CONNECT, &plot->clients[i], counts);
}

static void write_steps(struct plot *plot, struct plot_counts *counts)
{
    struct mix mix = draw_mix(plot);
    unsigned left = plot->options->steps;
    if (plot_chance(plot, 2) && left > plot->count) {
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
    return (struct plot_options){ .cast = 4, .steps = 50 };
}

char *plot_write(const struct plot_options *options, struct choices *choices, struct plot_counts *counts)
{
    assert(options->cast >= 1 && options->cast <= PLOT_CAST_MOST);
    struct plot plot = { .options = options, .choices = choices, .count = options->cast, .indent = "" };
    plot.accounts = 1 + plot_draw(&plot, options->cast);
    plot.servers = plot_chance(&plot, 3) ? 2 : 1;
    make_cast(&plot);
    plot_line(&plot, "# A plot that chance made");
    plot_line(&plot, "## checks only\n");
    write_servers(&plot);
    write_cast(&plot);
    write_rosters(&plot);
    plot_line(&plot, "---------");
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

const char *plot_action_name(size_t index)
{
    return index < plot_action_count ? plot_actions[index].name : NULL;
}

bool plot_action_is_fault(size_t index)
{
    return plot_actions[index].faults != 0;
}

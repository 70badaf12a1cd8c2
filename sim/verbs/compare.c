#include "compare.h"

#include "../language/scenario_edit.h"
#include "../must.h"
#include "../printable.h"
#include "../sweep/sweep.h"
#include "../sweep/sweep_result.h"
#include "../text.h"
#include "../tool/files.h"
#include "../tool/interrupt.h"
#include "../tool/machine.h"
#include "../tool/worker_pool.h"
#include "compare_events.h"
#include "compare_report.h"
#include "compare_settings.h"

#include <inttypes.h>
#include <string.h>

enum { JOBS_MAX = 256 };
static const uint64_t CASES_MOST = 10000000; /* seeds */

/* A case whose events are reported, and on which servers. */
struct shown_case {
    size_t index, servers[SERVER_LIST_MOST], count;
};
enum { SHOWN_MOST = 100 };

/* The cases are scenarios of the suite, or plots. */
struct comparison {
    const char *program;
    const struct compare_settings *settings;
    struct suite suite; /* without scenarios for plots */
    size_t case_at;     /* the one that is told */
    size_t agreed, parted, left_out;
    struct several_counts counts[SERVER_LIST_MOST];
    struct event_reports *reports; /* or NULL */
    struct shown_case shown[SHOWN_MOST];
    size_t shown_count, shown_runs;
};

/* ---- Options ---- */

static const char *take_server(void *settings, const char *value)
{
    return server_list_take(&((struct compare_settings *)settings)->servers, value);
}

static const char *take_seeds(void *settings, const char *value)
{
    struct compare_settings *compare = settings;
    compare->plots_wanted = true;
    return sweep_take_seeds(value, &compare->first, &compare->last);
}

static const char *take_seed(void *settings, const char *value)
{
    struct compare_settings *compare = settings;
    compare->seeded = true;
    return text_read_number(value, UINT64_MAX, &compare->seed) ? NULL : "a number below 2^64";
}

static const char *take_only(void *settings, const char *value)
{
    return selection_take_only(&((struct compare_settings *)settings)->selection, value);
}

static const char *take_skip(void *settings, const char *value)
{
    return selection_take_skip(&((struct compare_settings *)settings)->selection, value);
}

static const char *take_level(void *settings, const char *value)
{
    return selection_take_level(&((struct compare_settings *)settings)->selection, value);
}

static const char *take_title(void *settings, const char *value)
{
    return selection_take_title(&((struct compare_settings *)settings)->selection, value);
}

static const char *take_jobs(void *settings, const char *value)
{
    uint64_t *jobs = &((struct compare_settings *)settings)->jobs;
    return text_read_number(value, JOBS_MAX, jobs) ? NULL : "a number from 0 to 256";
}

static const char *take_time(void *settings, const char *value)
{
    return options_span(value, &((struct compare_settings *)settings)->time) ? NULL : OPTIONS_SPAN;
}

static const char *take_time_limit(void *settings, const char *value)
{
    return options_span(value, &((struct compare_settings *)settings)->time_limit) ? NULL : OPTIONS_SPAN;
}

static const char *take_shrink(void *settings, const char *value)
{
    ((struct compare_settings *)settings)->shrink = value;
    return *value != '\0' ? NULL : "a seed or a file";
}

static const char *take_output(void *settings, const char *value)
{
    ((struct compare_settings *)settings)->output = value;
    return *value != '\0' ? NULL : "a file";
}

static const char *take_events(void *settings, const char *value)
{
    return report_wishes_add_file(&((struct compare_settings *)settings)->reports, REPORT_EVENTS, value);
}

static const char *take_html(void *settings, const char *value)
{
    return report_wishes_add_file(&((struct compare_settings *)settings)->reports, REPORT_HTML, value);
}

static bool complain(const char *words)
{
    fprintf(stderr, "rehearse compare: %s\n", words);
    return false;
}

/* What of the options and operands makes no sense together. */
static bool options_agree(const struct compare_settings *s, size_t path_count)
{
    const int ways = s->plots_wanted + (s->shrink != NULL) + (path_count > 0);
    if (ways != 1)
        return complain("expected PATHs, --seeds or --shrink, one of them; see `rehearse help compare`");
    if (s->plots_wanted && s->seeded)
        return complain("--seed is for scenarios; plots are compared in the default schedule");
    if (s->plots_wanted && s->last - s->first >= CASES_MOST)
        return complain("--seeds: at most ten million seeds can be compared at once");
    if (s->output != NULL && s->shrink == NULL)
        return complain("--output is for --shrink");
    if (s->shrink != NULL && s->reports.count > 0)
        return complain(
            "--events and --html show cases that are compared: omit --shrink, or compare its result");
    if (s->shrink != NULL && s->servers.count > 2)
        return complain("--shrink needs two servers: the one on which it passes, and the other");
    return true;
}

/* ---- The cases ---- */

static struct scenario *scenario_of_suite(void *host, size_t index, uint64_t *seed)
{
    const struct comparison *comparison = host;
    *seed = comparison->settings->seed;
    return comparison->suite.scenarios[index];
}

/* Who wins a race is no answer of the server: nothing happens at the same time. */
static struct scenario *scenario_of_seed(void *host, size_t index, uint64_t *seed)
{
    const struct comparison *comparison = host;
    *seed = comparison->settings->first + index;
    struct scenario *scenario = plot_of_seed(&comparison->settings->plots, *seed, NULL);
    scenario_take_turns(scenario);
    return scenario;
}

/* The text of a plot; the caller frees. */
static char *plot_of(const struct compare_settings *settings, uint64_t seed)
{
    struct choices choices;
    choices_init(&choices, CHOICE_SEEDED, seed);
    return plot_write(&settings->plots, &choices, NULL);
}

/* ---- Commands ---- */

static void print_replay(FILE *out, const struct comparison *comparison, const struct server_kind *kind)
{
    machine_print_word(out, comparison->program);
    fputs(" replay", out);
    server_option_print(out, kind);
    if (comparison->settings->seeded)
        fprintf(out, " --seed %" PRIu64, comparison->settings->seed);
    fputc(' ', out);
    file_print_operand(out, comparison->suite.scenarios[comparison->case_at]->name);
}

static void print_replays(FILE *out, const struct comparison *comparison,
                          const struct several_result *results)
{
    const struct server_list *servers = &comparison->settings->servers;
    for (size_t i = 0; i < servers->count; i++) {
        if (results[i].verdict == RESULT_SKIPPED)
            continue;
        fputs("  ", out);
        print_replay(out, comparison, servers->kinds[i]);
        fputc('\n', out);
    }
}

/* The first server and another one, with the options of the plots. */
static void print_compare(FILE *out, const struct comparison *comparison, size_t other, const char *option)
{
    const struct plot_options *plots = &comparison->settings->plots;
    char *faults = sweep_faults_print(plots->faults);
    fputs("  ", out);
    machine_print_word(out, comparison->program);
    fputs(" compare", out);
    server_option_print(out, comparison->settings->servers.kinds[0]);
    server_option_print(out, comparison->settings->servers.kinds[other]);
    fprintf(out, " --cast %u --steps %u --faults %s --%s %" PRIu64 "\n", plots->cast, plots->steps, faults,
            option, comparison->settings->first + comparison->case_at);
    free(faults);
}

static void print_commands(FILE *out, void *host, const struct several_result *results)
{
    const struct comparison *comparison = host;
    fputs("to reproduce:\n", out);
    if (comparison->suite.count > 0) {
        print_replays(out, comparison, results);
        return;
    }
    for (size_t i = 1; i < comparison->settings->servers.count; i++) {
        print_compare(out, comparison, i, "seeds");
        if (results[0].verdict == RESULT_PASSED && results[i].verdict == RESULT_FAILED)
            print_compare(out, comparison, i, "shrink");
    }
}

static void report(struct comparison *comparison, size_t index, const struct several_result *results)
{
    char seed[40];
    (void)snprintf(seed, sizeof seed, "seed %" PRIu64, comparison->settings->first + index);
    const struct scenario *scenario = comparison->suite.count > 0 ? comparison->suite.scenarios[index] : NULL;
    comparison->case_at = index;
    compare_report(stdout, &(struct compared_case){ .name = scenario != NULL ? scenario->name : seed,
                                                    .title = scenario != NULL ? scenario->title : NULL,
                                                    .servers = &comparison->settings->servers,
                                                    .results = results,
                                                    .print_commands = print_commands,
                                                    .host = comparison });
}

/* ---- Events ---- */

static void note_shown(struct comparison *comparison, size_t index, const struct several_result *results)
{
    if (comparison->reports == NULL || comparison->shown_count == SHOWN_MOST)
        return;
    struct shown_case *shown = &comparison->shown[comparison->shown_count++];
    shown->index = index;
    shown->count = compare_shown(&comparison->settings->servers, results, shown->servers);
    comparison->shown_runs += shown->count;
}

/* The command that repeats the run of a case on one server; NULL for a plot, whose steps take turns only
 * here.  The caller frees. */
static char *command_on(struct comparison *comparison, const struct server_kind *kind)
{
    char *text = NULL;
    size_t length = 0;
    if (comparison->suite.count == 0)
        return NULL;
    FILE *out = must(open_memstream(&text, &length));
    print_replay(out, comparison, kind);
    (void)fclose(out);
    return must(text);
}

static void add_events(struct comparison *comparison, const struct shown_case *shown)
{
    const struct compare_settings *settings = comparison->settings;
    const bool plots = comparison->suite.count == 0;
    char name[40];
    struct parting parting = { .policy = !plots && settings->seeded ? CHOICE_SEEDED : CHOICE_SCRIPTED,
                               .count = shown->count };
    char *plot = plots ? plot_of(settings, settings->first + shown->index) : NULL;
    comparison->case_at = shown->index;
    (void)snprintf(name, sizeof name, "seed %" PRIu64, settings->first + shown->index);
    parting.scenario = plots ? scenario_of_seed(comparison, shown->index, &parting.seed)
                             : scenario_of_suite(comparison, shown->index, &parting.seed);
    parting.name = plots ? name : parting.scenario->name;
    parting.source = plots ? plot : suite_text(&comparison->suite, parting.scenario);
    for (size_t i = 0; i < shown->count; i++) {
        parting.servers[i] = shown->servers[i];
        parting.commands[i] = command_on(comparison, settings->servers.kinds[shown->servers[i]]);
    }
    compare_events_add(comparison->reports, &settings->servers, &parting, settings->time_limit);
    for (size_t i = 0; i < shown->count; i++)
        free(parting.commands[i]);
    if (plots)
        scenario_free(parting.scenario);
    free(plot);
}

/* Returns false after an error message. */
static bool write_events(struct comparison *comparison)
{
    event_reports_begin(comparison->reports, comparison->shown_runs);
    for (size_t i = 0; i < comparison->shown_count; i++)
        add_events(comparison, &comparison->shown[i]);
    return event_reports_close(comparison->reports);
}

static bool tell(void *host, size_t index, const struct several_result *results)
{
    struct comparison *comparison = host;
    const struct server_list *servers = &comparison->settings->servers;
    for (size_t i = 0; i < servers->count; i++)
        several_count(&comparison->counts[i], &results[i]);
    const enum agreement agreement = compare_results(servers, results);
    comparison->agreed += agreement == ALL_AGREE;
    comparison->parted += agreement == SOME_PART;
    comparison->left_out += agreement == TOO_FEW;
    if (agreement == SOME_PART) {
        report(comparison, index, results);
        note_shown(comparison, index, results);
    }
    return true;
}

/* ---- All of them ---- */

static int conclude(const struct comparison *comparison, size_t cases)
{
    const struct server_list *servers = &comparison->settings->servers;
    const size_t left = cases - comparison->agreed - comparison->parted - comparison->left_out;
    for (size_t i = 0; i < servers->count; i++)
        several_print_counts(stdout, servers->kinds[i], &comparison->counts[i]);
    printf("%zu passed, %zu failed", comparison->agreed, comparison->parted);
    if (comparison->left_out + left > 0)
        printf(", %zu skipped", comparison->left_out + left);
    putchar('\n');
    if (!machine_close(stdout, "standard output"))
        return STATUS_WRONG;
    if (interrupt_signal() != 0)
        fprintf(stderr, "rehearse: interrupted: %zu case%s not run\n", left, left == 1 ? " was" : "s were");
    return interrupt_status(comparison->parted == 0 ? STATUS_HELD : STATUS_FAILED);
}

static int compare_cases(struct comparison *comparison, size_t cases)
{
    const struct compare_settings *settings = comparison->settings;
    const bool plots = comparison->suite.count == 0;
    bool good = false;
    if (!report_wishes_part(&settings->reports, "compare", (struct report_other){ "output", NULL },
                            plots ? NULL : &comparison->suite, stderr))
        return STATUS_WRONG;
    comparison->reports = event_reports_open(&settings->reports, &good);
    if (!good)
        return STATUS_WRONG;
    interrupt_watch();
    several_run(&(struct several){ .servers = &settings->servers,
                                   .count = cases,
                                   .jobs = (size_t)settings->jobs,
                                   .time_limit = settings->time_limit,
                                   .policy = !plots && settings->seeded ? CHOICE_SEEDED : CHOICE_SCRIPTED,
                                   .answers = true,
                                   .scenario = plots ? scenario_of_seed : scenario_of_suite,
                                   .release = plots ? scenario_free : NULL,
                                   .tell = tell,
                                   .host = comparison });
    const int status = conclude(comparison, cases);
    return write_events(comparison) ? status : STATUS_WRONG;
}

static int compare_paths(struct comparison *comparison, const char *const *paths, size_t path_count)
{
    const struct selection *selection = &comparison->settings->selection;
    struct suite *suite = &comparison->suite;
    int status = STATUS_WRONG;
    if (suite_load(suite, paths, path_count, stderr) && selection_apply(selection, suite, stderr)) {
        selection_narrow(selection, suite);
        status = compare_cases(comparison, suite->count);
    }
    suite_free(suite);
    return status;
}

static int compare(const char *program, const struct compare_settings *settings, const char *const *paths,
                   size_t path_count)
{
    struct comparison *comparison = must(calloc(1, sizeof *comparison));
    int status;
    *comparison = (struct comparison){ .program = program, .settings = settings };
    if (settings->shrink != NULL)
        status = compare_shrink(settings);
    else if (settings->plots_wanted)
        status = compare_cases(comparison, (size_t)(settings->last - settings->first + 1));
    else
        status = compare_paths(comparison, paths, path_count);
    free(comparison);
    return status;
}

static int compare_act(const char *program, int count, char **arguments)
{
    struct compare_settings settings = {
        .plots = plot_options_default(), .jobs = 1, .time = 60 * SIM_SECOND, .time_limit = WORKER_POOL_LIMIT
    };
    size_t path_count = 0;
    int status = STATUS_WRONG;
    const char **paths = must(calloc((size_t)count + 1, sizeof *paths));
    if (options_parse(&compare_verb, &settings, count, arguments, paths, &path_count, stderr) &&
        options_agree(&settings, path_count) && server_list_open("compare", &settings.servers, 2, stderr))
        status = compare(program, &settings, paths, path_count);
    selection_free(&settings.selection);
    free(paths);
    return status;
}

static const struct option compare_options[] = {
    SERVERS_OPTION(take_server),
    { "seeds", "A..B", "compare the plots of these seeds", take_seeds },
    PLOT_OPTIONS,
    { "seed", "N", "run the scenarios with this seed, as `rehearse run --seed N` does", take_seed },
    { "only-tags", "T[,T...]", "only cases with one of these tags (\"explore\", \"rfc: 6121 4.5.2\")",
      take_only },
    { "skip-tags", "T[,T...]", "no case with one of these tags", take_skip },
    { "level", "L[,L...]", "only cases of these levels: must, should, may, ours", take_level },
    { "title", "WORDS", "only cases with all these words in title or path, ignoring case", take_title },
    { "jobs", "N", "run in N worker processes (1), or in this process (0), for a debugger", take_jobs },
    { "time-limit", "SPAN", "a run that takes longer in real time fails; SPAN is such as 1s (60s)",
      take_time_limit },
    EVENT_REPORT_OPTIONS(take_events, take_html, "of the first 100 cases that part"),
    { "shrink", "SEED|FILE", "reduce what passes on the first server and fails on the second", take_shrink },
    { "output", "FILE", "with --shrink, write the scenario to FILE instead of standard output", take_output },
    { "time", "SPAN", "stop shrinking after this real time, such as 10s or 1h (60s)", take_time },
};

const struct verb compare_verb = {
    .name = "compare",
    .arguments = "[OPTION...] [PATH...]",
    .summary = "Runs the same cases on several servers, and shows where their answers part.",
    .about =
        "--server is given for each server, at least twice.  The cases are scenarios, as for `rehearse "
        "run`,\n"
        "or with --seeds the plots of seeds, as for `rehearse sweep`, in which steps at the same time take\n"
        "turns, because the winner of a race is no answer.  Each is run on each server in the default\n"
        "schedule.  Two servers agree when the case passes on both, or fails for the same cause, and when "
        "the\n"
        "clients received the same.  Only that is compared: not events inside of a server, not times, and "
        "not\n"
        "what a server may choose as it likes, such as generated identifiers, time stamps, stream features\n"
        "and the texts of errors.  Stanzas of different senders may come in any order within a step.\n"
        "\n"
        "For each case in which the answers part, the result on each server is printed, with the check that\n"
        "objects to it, if any; then the steps and what the clients received, around the places where the\n"
        "answers part: lines that only the first server has follow \"- \", lines of the other \"+ \".  A\n"
        "server that lacks what a case needs is left out of it.  A line for each server counts its results.\n"
        "The last line is \"N passed, N failed\", followed by \", N skipped\" if any were: a case passes "
        "when\n"
        "all servers agree, and is skipped when fewer than two of them have what it needs.\n"
        "\n"
        "--events and --html run the first 100 such cases once more, and show the runs side by side, "
        "aligned\n"
        "where they part.\n"
        "\n"
        "--shrink reduces the plot of a seed, or a scenario, that passes on the first server and fails on "
        "the\n"
        "second, as long as it does.  The result is a scenario file; `rehearse help shrink` says more.\n"
        "\n"
        "Exit status: 0 when all servers agree, or the scenario was written; 1 when some part; 2 for a "
        "usage\n"
        "error, for a file that cannot be read or written, or when there is nothing to shrink; 130 or 143\n"
        "after SIGINT or SIGTERM.\n",
    .options = compare_options,
    .option_count = sizeof compare_options / sizeof *compare_options,
    .act = compare_act,
};

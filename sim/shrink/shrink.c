#include "shrink.h"

#include "../must.h"
#include "../sweep/sweep.h"
#include "../text.h"
#include "../tool/event_reports.h"
#include "../tool/interrupt.h"
#include "../tool/machine.h"
#include "../tool/output.h"
#include "../tool/server_option.h"
#include "../tool/worker_pool.h"
#include "shrink_input.h"
#include "shrinking.h"

#include <assert.h>
#include <string.h>

struct settings {
    struct plot_options plots; /* must be the first member: the shared options expect it there */
    bool seeded;               /* --seed */
    uint64_t seed;
    uint64_t time;       /* real nanoseconds */
    uint64_t time_limit; /* of each run */
    const char *output;
    struct report_wishes reports; /* of --events and --html */
};

/* ---- Options ---- */

static const char *take_seed(void *settings, const char *value)
{
    struct settings *shrink = settings;
    shrink->seeded = true;
    return text_read_number(value, UINT64_MAX, &shrink->seed) ? NULL : "a number below 2^64";
}

static const char *take_time(void *settings, const char *value)
{
    return options_span(value, &((struct settings *)settings)->time) ? NULL : OPTIONS_SPAN;
}

static const char *take_time_limit(void *settings, const char *value)
{
    return options_span(value, &((struct settings *)settings)->time_limit) ? NULL : OPTIONS_SPAN;
}

static const char *take_output(void *settings, const char *value)
{
    ((struct settings *)settings)->output = value;
    return *value != '\0' ? NULL : "a file";
}

static const char *take_format(void *settings, const char *value)
{
    return report_wishes_take_format(&((struct settings *)settings)->reports, value);
}

static const char *take_events(void *settings, const char *value)
{
    return report_wishes_add_file(&((struct settings *)settings)->reports, REPORT_EVENTS, value);
}

static const char *take_html(void *settings, const char *value)
{
    return report_wishes_add_file(&((struct settings *)settings)->reports, REPORT_HTML, value);
}

/* ---- shrink ---- */

/* What is shrunk. */
struct job {
    const char *program;
    const struct settings *settings;
    struct shrink_input input;
    struct output *output; /* NULL for standard output */
    struct event_reports *reports;
};

/* The command that runs the file; NULL if there is none.  The caller frees. */
static char *run_command(const struct job *job)
{
    char *text = NULL;
    size_t length = 0;
    if (job->settings->output == NULL)
        return NULL;
    FILE *out = must(open_memstream(&text, &length));
    machine_print_word(out, job->program);
    fputs(" run", out);
    server_option_print(out, job->settings->plots.kind);
    fputc(' ', out);
    file_print_operand(out, job->settings->output);
    (void)fclose(out);
    return must(text);
}

/* Runs the file as `rehearse run` does.  Returns false after an error message. */
static bool retell(const struct job *job, const char *path, const char *file)
{
    struct complaints complaints = { 0 };
    struct scenario *scenario = scenario_parse(path, file, strlen(file), NULL, NULL, &complaints);
    assert(scenario != NULL); /* it failed as a file (shrinking.h) */
    char *replay = run_command(job);
    event_reports_begin(job->reports, 1);
    event_reports_add(
        job->reports,
        &(struct retold){ .scenario = scenario,
                          .name = scenario->name,
                          .source = file,
                          .replay = replay,
                          .options = { .kind = job->settings->plots.kind, .policy = CHOICE_SCRIPTED },
                          .time_limit = job->settings->time_limit },
        NULL);
    const bool written = event_reports_close(job->reports);
    free(replay);
    scenario_free(scenario);
    return written;
}

/* Closes the output. */
static bool write_file(struct output *output, const char *file)
{
    fputs(file, output != NULL ? output_file(output) : stdout);
    return output != NULL ? output_commit(output) : machine_close(stdout, "standard output");
}

/* Closes the outputs. */
static int shrink_loaded(struct job *job)
{
    const struct settings *settings = job->settings;
    struct shrink_input *input = &job->input;
    const struct shrinking shrinking = { .kind = settings->plots.kind,
                                         .verb = "shrink",
                                         .path = settings->output != NULL ? settings->output : "shrunk.scs",
                                         .finding = { .what = input->what },
                                         .time = settings->time,
                                         .time_limit = settings->time_limit };
    struct shrunk shrunk;
    bool written = false;
    const enum shrinking_end end =
        shrinking_run(&shrinking, input->scenario, shrink_input_chance(input), &shrunk);
    if (end == SHRINKING_DONE) {
        written = write_file(job->output, shrunk.file);
        written = (job->reports == NULL || retell(job, shrinking.path, shrunk.file)) && written;
    } else {
        output_abandon(job->output);
        event_reports_abandon(job->reports);
    }
    if (end == SHRINKING_PASSES)
        fprintf(stderr, "rehearse shrink: the %s passes; there is nothing to shrink\n", input->what);
    shrunk_free(&shrunk);
    return written ? interrupt_status(STATUS_HELD) : STATUS_WRONG;
}

static bool job_open(struct job *job)
{
    const char *path = job->settings->output;
    bool good = false;
    job->output = path != NULL ? output_open(path) : NULL;
    if (path != NULL && job->output == NULL)
        return false;
    job->reports = event_reports_open(&job->settings->reports, &good);
    if (!good)
        output_abandon(job->output);
    return good;
}

static int shrink_with(struct job *job, const char *what)
{
    const struct settings *settings = job->settings;
    const struct shrink_asked asked = { .verb = "shrink",
                                        .plots = &settings->plots,
                                        .seed = settings->seeded ? &settings->seed : NULL };
    int status = STATUS_WRONG;
    if (!job_open(job))
        return status;
    interrupt_watch();
    if (shrink_input_load(&job->input, &asked, what, stderr) &&
        (settings->output == NULL ||
         suite_is_apart(&job->input.suite, "shrink", "--output ", settings->output, stderr)) &&
        report_wishes_part(&settings->reports, "shrink", (struct report_other){ "output", settings->output },
                           &job->input.suite, stderr)) {
        status = shrink_loaded(job);
    } else {
        output_abandon(job->output);
        event_reports_abandon(job->reports);
    }
    shrink_input_free(&job->input);
    return status;
}

static int shrink_act(const char *program, int count, char **arguments)
{
    struct settings settings = { .plots = plot_options_default(),
                                 .time = 60 * SIM_SECOND,
                                 .time_limit = WORKER_POOL_LIMIT };
    size_t operand_count = 0;
    int status = STATUS_WRONG;
    const char **operands = must(calloc((size_t)count + 1, sizeof *operands));
    bool good = options_parse(&shrink_verb, &settings, count, arguments, operands, &operand_count, stderr);
    if (good && operand_count != 1)
        fputs("rehearse shrink: expected one seed or one file; see `rehearse help shrink`\n", stderr);
    else if (good && server_option_open("shrink", settings.plots.kind, stderr))
        status = shrink_with(&(struct job){ .program = program, .settings = &settings }, operands[0]);
    free(operands);
    return status;
}

static const struct option shrink_options[] = {
    PLOT_OPTIONS,
    SERVER_OPTION(take_plot_server),
    { "seed", "N", "run the file with this seed, as `rehearse run --seed N` does", take_seed },
    { "time", "SPAN", "stop after this real time and write the smallest so far, such as 10s or 1h (60s)",
      take_time },
    { "time-limit", "SPAN", "a run that takes longer in real time fails; SPAN is such as 1s (60s)",
      take_time_limit },
    { "output", "FILE", "write the scenario to FILE instead of standard output", take_output },
    TEXT_FORMAT_OPTION(take_format),
    EVENT_REPORT_OPTIONS(take_events, take_html, "of the reduced scenario"),
};

const struct verb shrink_verb = {
    .name = "shrink",
    .arguments = "[OPTION...] SEED|FILE",
    .summary = "Reduces a failing scenario to a small one that fails in the same way.",
    .about =
        "The input is the plot of a SEED, with the --cast, --steps and --faults of the sweep, or a FILE, "
        "such\n"
        "as FILE#3, FILE:33 or -, which may have the tags seed and choices.  Steps, characters, settings,\n"
        "stanzas and their contents are removed or simplified as long as the same check fails or, if the\n"
        "failure was not that of a check, the failure has the same message.  The default schedule is tried\n"
        "before any seed; when the failure does not occur in it, the tag choices or seed is added.\n"
        "\n"
        "The result is a scenario file that `rehearse run` fails on; all other output goes to standard "
        "error.\n"
        "Exit status: 0 when the scenario was written; 2 when the input passes, when the result does not "
        "fail\n"
        "as a file, for a usage error, or for a file that cannot be read or written; 130 or 143 after SIGINT "
        "or SIGTERM: the smallest scenario\n"
        "found so far is written then.\n",
    .options = shrink_options,
    .option_count = sizeof shrink_options / sizeof *shrink_options,
    .act = shrink_act,
};

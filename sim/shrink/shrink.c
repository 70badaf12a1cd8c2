#include "shrink.h"

#include "../must.h"
#include "../sweep/sweep.h"
#include "../text.h"
#include "../tool/interrupt.h"
#include "../tool/machine.h"
#include "../tool/output.h"
#include "../tool/server_option.h"
#include "../tool/worker_pool.h"
#include "shrink_input.h"
#include "shrinking.h"

struct settings {
    struct plot_options plots; /* must be the first member: the shared options expect it there */
    bool seeded;               /* --seed */
    uint64_t seed;
    uint64_t time;       /* real nanoseconds */
    uint64_t time_limit; /* of each run */
    const char *output;
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

/* ---- shrink ---- */

/* Closes the output. */
static bool write_file(struct output *output, const char *file)
{
    fputs(file, output != NULL ? output_file(output) : stdout);
    return output != NULL ? output_commit(output) : machine_close(stdout, "standard output");
}

/* Closes the output. */
static int shrink_loaded(const struct settings *settings, struct shrink_input *input, struct output *output)
{
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
    if (end == SHRINKING_DONE)
        written = write_file(output, shrunk.file);
    else
        output_abandon(output);
    if (end == SHRINKING_PASSES)
        fprintf(stderr, "rehearse shrink: the %s passes; there is nothing to shrink\n", input->what);
    shrunk_free(&shrunk);
    return written ? interrupt_status(STATUS_HELD) : STATUS_WRONG;
}

static int shrink_with(const struct settings *settings, const char *what)
{
    const char *path = settings->output;
    struct output *output = path != NULL ? output_open(path) : NULL;
    if (path != NULL && output == NULL)
        return STATUS_WRONG;
    const struct shrink_asked asked = { .verb = "shrink",
                                        .plots = &settings->plots,
                                        .seed = settings->seeded ? &settings->seed : NULL };
    struct shrink_input input;
    int status = STATUS_WRONG;
    interrupt_watch();
    if (shrink_input_load(&input, &asked, what, stderr) &&
        (path == NULL || suite_is_apart(&input.suite, "shrink", "--output ", path, stderr)))
        status = shrink_loaded(settings, &input, output);
    else
        output_abandon(output);
    shrink_input_free(&input);
    return status;
}

static int shrink_act(const char *program, int count, char **arguments)
{
    struct settings settings = { .plots = plot_options_default(),
                                 .time = 60 * SIM_SECOND,
                                 .time_limit = WORKER_POOL_LIMIT };
    size_t operand_count = 0;
    int status = STATUS_WRONG;
    (void)program;
    const char **operands = must(calloc((size_t)count + 1, sizeof *operands));
    bool good = options_parse(&shrink_verb, &settings, count, arguments, operands, &operand_count, stderr);
    if (good && operand_count != 1)
        fputs("rehearse shrink: expected one seed or one file; see `rehearse help shrink`\n", stderr);
    else if (good && server_option_open("shrink", settings.plots.kind, stderr))
        status = shrink_with(&settings, operands[0]);
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

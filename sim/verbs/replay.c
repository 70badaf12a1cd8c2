#include "replay.h"

#include "../must.h"
#include "../stage/verdict.h"
#include "../sweep/sweep.h"
#include "../text.h"
#include "../tool/machine.h"
#include "../tool/report.h"
#include "regression.h"
#include "replay_source.h"
#include "trace_compare.h"

#include <inttypes.h>
#include <string.h>

/* One source as it was played. */
struct replayed {
    struct stage_result result;
    uint64_t real_time;
    struct text trace; /* kept where it is compared */
};

/* ---- Options ---- */

static const char *take_seed(void *settings, const char *value)
{
    struct replay_settings *replay = settings;
    replay->seeded = true;
    return options_number(value, UINT64_MAX, &replay->seed) ? NULL : "a number below 2^64";
}

static const char *take_until(void *settings, const char *value)
{
    struct replay_settings *replay = settings;
    return options_number(value, UINT64_MAX, &replay->until) && replay->until > 0
               ? NULL
               : "the number of an event, from 1";
}

static const char *take_trace(void *settings, const char *value)
{
    ((struct replay_settings *)settings)->trace = value;
    return *value != '\0' ? NULL : "a file, or - for standard output";
}

static const char *take_record(void *settings, const char *value)
{
    ((struct replay_settings *)settings)->record = value;
    return *value != '\0' ? NULL : "a file";
}

static const char *take_bytes(void *settings, const char *value)
{
    ((struct replay_settings *)settings)->bytes = value;
    return *value != '\0' ? NULL : "a file";
}

static const char *take_diff(void *settings, const char *value)
{
    ((struct replay_settings *)settings)->diff = value;
    return *value != '\0' ? NULL : "a seed or a scenario";
}

static const char *take_scenario(void *settings, const char *value)
{
    (void)value;
    ((struct replay_settings *)settings)->scenario = true;
    return NULL;
}

static const char *take_color(void *settings, const char *value)
{
    return colour_take(&((struct replay_settings *)settings)->colour, value);
}

static bool complain(const char *words)
{
    fprintf(stderr, "rehearse replay: %s\n", words);
    return false;
}

/* What cannot be had together. */
static bool options_agree(const struct replay_settings *s)
{
    if (s->scenario && (s->diff != NULL || s->record != NULL || s->trace != NULL || s->until > 0))
        return complain("--scenario prints a plot and plays nothing: leave --trace, --record, --diff and "
                        "--until out");
    if (s->diff != NULL && (s->record != NULL || s->trace != NULL))
        return complain("--diff plays two: leave --trace and --record out");
    if (s->record != NULL && s->until > 0)
        return complain("--record keeps a whole run: leave --until out");
    if (s->seeded && s->bytes != NULL)
        return complain("the choices are those of the seed, or those of the bytes: leave one of them out");
    return true;
}

/* ---- Playing ---- */

static void write_line(void *host, const char *line, size_t length)
{
    fwrite(line, 1, length, host);
}

static void keep_line(void *host, const char *line, size_t length)
{
    text_append(host, line, length);
}

static void play(const struct replay_source *source, struct stage_options options, struct replayed *played)
{
    options.policy = source->options.policy;
    options.seed = source->options.seed;
    options.bytes = source->options.bytes;
    options.byte_count = source->options.byte_count;
    uint64_t began = machine_now();
    stage_play(source->scenario, &options, &played->result);
    played->real_time = machine_now() - began;
    if (!played->result.halted)
        verdict_apply(source->scenario, &played->result);
}

static void replayed_free(struct replayed *played)
{
    stage_result_free(&played->result);
    text_free(&played->trace);
}

/* ---- Telling ---- */

static void tell_report(FILE *out, enum colour colour, const struct replay_source *source,
                        const struct replayed *played)
{
    const struct stage_result *result = &played->result;
    bool seeded = source->options.policy == CHOICE_SEEDED;
    struct report *report = report_begin(
        REPORT_PRETTY, out,
        &(struct report_options){ .expected = 1,
                                  .files = 1,
                                  .played = 1,
                                  .verbose = true,
                                  .colour = colour_on(colour, out),
                                  .columns = machine_is_terminal(out) ? machine_columns(out) : 0 });
    report_add(report, &(struct report_case){ .path = source->scenario->path,
                                              .name = source->name,
                                              .title = source->scenario->title,
                                              .result = result,
                                              .real_time = played->real_time });
    report_end(report, &(struct report_totals){ .passed = result->passed,
                                                .failed = !result->passed,
                                                .real_time = played->real_time,
                                                .virtual_time = result->virtual_time,
                                                .events = result->events,
                                                .trace_hash = result->trace_hash,
                                                .seed = seeded ? &source->options.seed : NULL });
}

/* The moment that is described, and what the world looked like. */
static void tell_description(FILE *out, const struct replay_source *source, const struct stage_result *result)
{
    const char *when = result->halted ? "stopped" : result->passed ? "at its end" : "as it failed";
    if (result->description == NULL)
        return;
    fprintf(out,
            "%s, %s after event %" PRIu64 ", at %" PRIu64 ".%09" PRIu64 " s, trace hash %016" PRIx64
            ":\n\n%s",
            source->name, when, result->events, result->virtual_time / SIM_SECOND,
            result->virtual_time % SIM_SECOND, result->trace_hash, result->description);
}

static void tell(FILE *out, enum colour colour, const struct replay_source *source,
                 const struct replayed *played)
{
    const struct stage_result *result = &played->result;
    if (!result->halted || !result->passed)
        tell_report(out, colour, source, played);
    tell_description(out, source, result);
}

/* ---- Recording ---- */

static bool record(const struct replay_source *source, const struct recording *choices, const char *path)
{
    FILE *file = machine_open(path);
    if (file == NULL)
        return false;
    char *text = regression_write(source->text, source->scenario->row, source->options.seed, choices);
    fputs(text, file);
    free(text);
    return machine_close(file, path);
}

/* ---- One ---- */

static FILE *open_trace(const char *path)
{
    return strcmp(path, "-") == 0 ? stdout : machine_open(path);
}

static int replay_one(const struct replay_settings *settings, const struct replay_source *source,
                      const char *command)
{
    struct recording choices = { 0 };
    struct replayed played = { 0 };
    FILE *trace = settings->trace != NULL ? open_trace(settings->trace) : NULL;
    if (settings->trace != NULL && trace == NULL)
        return STATUS_WRONG;
    FILE *out = trace == stdout ? stderr : stdout;
    struct stage_options options = { .until = settings->until,
                                     .colour =
                                         colour_on(settings->colour, out) && source->scenario->fails == NULL,
                                     .record = settings->record != NULL ? &choices : NULL,
                                     .trace = trace != NULL ? write_line : NULL,
                                     .trace_host = trace,
                                     .replay = command };
    play(source, options, &played);
    tell(out, settings->colour, source, &played);
    bool written = settings->record == NULL || record(source, &choices, settings->record);
    written = machine_close(trace, settings->trace) && written;
    int status = played.result.passed ? STATUS_HELD : STATUS_FAILED;
    replayed_free(&played);
    recording_free(&choices);
    return written ? status : STATUS_WRONG;
}

/* ---- Two ---- */

static void tell_side(const char *mark, const struct replay_source *source, const struct stage_result *result)
{
    printf("%s%s: %s%s, %" PRIu64 " events, trace hash %016" PRIx64 "\n", mark, source->name,
           result->halted   ? "stopped"
           : result->passed ? "held"
                            : "failed: ",
           result->summary != NULL ? result->summary : "", result->events, result->trace_hash);
}

static int replay_two(const struct replay_settings *settings, const struct replay_source *one)
{
    struct replay_source other;
    struct replayed played[2] = { { .trace = { 0 } } };
    struct stage_options options = { .until = settings->until, .trace = keep_line };
    bool loaded = replay_source_load(&other, settings, settings->diff, stderr);
    bool same = false;
    if (loaded) {
        options.trace_host = &played[0].trace;
        play(one, options, &played[0]);
        options.trace_host = &played[1].trace;
        play(&other, options, &played[1]);
        same = trace_compare(stdout, &played[0].trace, &played[1].trace);
        puts(same ? "the runs are the same" : "");
        tell_side(same ? "  " : "- ", one, &played[0].result);
        tell_side(same ? "  " : "+ ", &other, &played[1].result);
    }
    replayed_free(&played[0]);
    replayed_free(&played[1]);
    replay_source_free(&other);
    if (!loaded)
        return STATUS_WRONG;
    return same ? STATUS_HELD : STATUS_FAILED;
}

/* ---- replay ---- */

/* So that the file is the seed's run, and not the quiet one of its plot. */
static int print_plot(const struct replay_source *source)
{
    if (!source->is_plot) {
        (void)complain("--scenario prints the plot of a seed, or of bytes; a file is there to be read");
        return STATUS_WRONG;
    }
    const char *rest = strchr(source->text, '\n') + 1;
    printf("%.*s", (int)(rest - source->text), source->text);
    if (source->options.policy == CHOICE_SEEDED)
        printf("## seed: %" PRIu64 "\n", source->options.seed);
    fputs(rest, stdout);
    return machine_close(stdout, "the scenario") ? STATUS_HELD : STATUS_WRONG;
}

static int replay_with(const char *program, const struct replay_settings *settings, const char *what)
{
    struct replay_source source;
    int status = STATUS_WRONG;
    char *command = replay_source_command(settings, program, what);
    if (!replay_source_load(&source, settings, what, stderr))
        status = STATUS_WRONG;
    else if (settings->scenario)
        status = print_plot(&source);
    else if (settings->diff != NULL)
        status = replay_two(settings, &source);
    else
        status = replay_one(settings, &source, command);
    replay_source_free(&source);
    free(command);
    return status;
}

static int replay_act(const char *program, int count, char **arguments)
{
    struct replay_settings settings = { .plots = plot_options_default() };
    size_t operand_count = 0;
    int status = STATUS_WRONG;
    const char **operands = must(calloc((size_t)count + 1, sizeof *operands));
    bool good = options_parse(&replay_verb, &settings, count, arguments, operands, &operand_count, stderr) &&
                options_agree(&settings);
    if (good && operand_count == 0 && settings.bytes == NULL)
        (void)complain("which seed, or which scenario?  `rehearse help replay` says more");
    else if (good && operand_count > 1)
        (void)complain("it plays one seed or scenario; for two of them there is --diff");
    else if (good)
        status = replay_with(program, &settings, operands[0]);
    free(operands);
    return status;
}

static const struct option replay_options[] = {
    PLOT_OPTIONS,
    { "seed", "N", "play a scenario as N has it", take_seed },
    { "bytes", "FILE", "take the choices from there, those of the plot first where there is no WHAT",
      take_bytes },
    { "until", "EVENT", "stop the world after that event, and describe it", take_until },
    { "trace", "FILE", "write the trace of all that happens there, - for standard output", take_trace },
    { "diff", "WHAT", "play that as well, and show where the two part", take_diff },
    { "record", "FILE", "write a scenario there that plays this very run", take_record },
    { "scenario", NULL, "print the plot as a scenario, and play nothing", take_scenario },
    COLOUR_OPTION(take_color),
};

const struct verb replay_verb = {
    .name = "replay",
    .arguments = "[OPTION...] WHAT",
    .summary = "Plays one run again, to be looked at, compared and kept.",
    .about =
        "WHAT is a seed, whose plot `rehearse sweep` played with the same --cast, --steps and --faults; or "
        "a\n"
        "scenario, FILE or FILE#3.  A scenario is played as its tags \"seed\" and \"choices\" have it.  All "
        "is\n"
        "played in this process, where a debugger looks.  Two runs with the same trace hash are the same.\n"
        "\n"
        "With --until the world is described: every session and account, what is on the wires and on its "
        "way\n"
        "to the disk, every client and what it knows.  Where that event never comes it is described as it\n"
        "failed, or at the end.\n"
        "A file that --record wrote says what the run decided, one by one; when it is asked something else,\n"
        "because the program is another by then, it fails and says at which decision.\n"
        "\n"
        "Exit status: 0 when it held, or with --diff when both runs are the same; 1 when it failed, or they\n"
        "are not; 2 when it was asked wrongly or could not read or write a file.\n",
    .options = replay_options,
    .option_count = sizeof replay_options / sizeof *replay_options,
    .act = replay_act,
};

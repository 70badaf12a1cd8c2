#include "replay.h"

#include "../must.h"
#include "../player/verdict.h"
#include "../printable.h"
#include "../sweep/sweep.h"
#include "../text.h"
#include "../tool/interrupt.h"
#include "../tool/machine.h"
#include "../tool/output.h"
#include "../tool/server_option.h"
#include "../tool/worker_pool.h"
#include "beside.h"
#include "regression.h"
#include "replay_folder.h"
#include "replay_outputs.h"
#include "replay_report.h"
#include "replay_source.h"
#include "trace_compare.h"

#include <inttypes.h>
#include <string.h>

/* One source and the result of its run. */
struct replayed {
    struct player_result result;
    uint64_t real_time;
    struct text trace; /* kept if the run is compared */
};

/* ---- Options ---- */

static const char *take_seed(void *settings, const char *value)
{
    struct replay_settings *replay = settings;
    replay->seeded = true;
    return text_read_number(value, UINT64_MAX, &replay->seed) ? NULL : "a number below 2^64";
}

static const char *take_until(void *settings, const char *value)
{
    return replay_until_parse(&((struct replay_settings *)settings)->until, value)
               ? NULL
               : "a trace line (45), a time (0.031, 31ms, 5s) or a step (FILE:33, :33)";
}

static const char *take_trace(void *settings, const char *value)
{
    ((struct replay_settings *)settings)->trace = value;
    return *value != '\0' ? NULL : "a file, or - for standard output";
}

static const char *take_format(void *settings, const char *value)
{
    return report_wishes_take_format(&((struct replay_settings *)settings)->reports, value);
}

static const char *take_events(void *settings, const char *value)
{
    return report_wishes_add_beside(&((struct replay_settings *)settings)->reports, REPORT_EVENTS, value);
}

static const char *take_html(void *settings, const char *value)
{
    return report_wishes_add_beside(&((struct replay_settings *)settings)->reports, REPORT_HTML, value);
}

static const char *take_mermaid(void *settings, const char *value)
{
    return report_wishes_add_beside(&((struct replay_settings *)settings)->reports, REPORT_MERMAID, value);
}

static const char *take_dot(void *settings, const char *value)
{
    return report_wishes_add_beside(&((struct replay_settings *)settings)->reports, REPORT_DOT, value);
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

static const char *take_times(void *settings, const char *value)
{
    (void)value;
    ((struct replay_settings *)settings)->times = true;
    return NULL;
}

static const char *take_scenario(void *settings, const char *value)
{
    (void)value;
    ((struct replay_settings *)settings)->scenario = true;
    return NULL;
}

static const char *take_time_limit(void *settings, const char *value)
{
    return options_span(value, &((struct replay_settings *)settings)->time_limit) ? NULL : OPTIONS_SPAN;
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

/* Option combinations that are rejected. */
static bool options_agree(const struct replay_settings *s)
{
    const bool stops = s->until.moment.what != PLAYER_TO_THE_END;
    const bool draws =
        report_wishes_have(&s->reports, REPORT_MERMAID) || report_wishes_have(&s->reports, REPORT_DOT);
    if (s->reports.count > 0 && s->scenario)
        return complain("--events, --html, --mermaid and --dot need a run: omit --scenario");
    if (draws && s->diff != NULL)
        return complain("--mermaid and --dot draw one run: omit --diff");
    if (s->scenario && (s->diff != NULL || s->record != NULL || s->trace != NULL || stops))
        return complain("--scenario prints a plot and runs nothing: omit --trace, --record, --diff and "
                        "--until");
    if (s->diff != NULL && (s->record != NULL || s->trace != NULL))
        return complain("--diff makes two runs: omit --trace and --record");
    if (s->record != NULL && stops)
        return complain("--record needs a complete run: omit --until");
    if (s->times && s->diff == NULL)
        return complain("--times needs --diff: it compares the times of two runs");
    if (s->seeded && s->bytes != NULL)
        return complain("the choices come from the seed or from the bytes: omit --seed or --bytes");
    return true;
}

/* ---- Running ---- */

static void keep_line(void *host, uint64_t number, const char *line, size_t length)
{
    (void)number;
    text_append(host, line, length);
}

/* A source, and the options of its run. */
struct source_run {
    const struct replay_source *source;
    struct player_options options;
    struct replayed *replayed;
    struct event_kept kept;
    bool over;
};

static void run_source(void *host, size_t index, struct worker_outcome *outcome)
{
    const struct source_run *running = host;
    struct player_options options = running->options;
    (void)index;
    options.box = outcome->box;
    const uint64_t began = machine_now();
    event_run(running->source->scenario, &options, &running->kept, &outcome->result);
    outcome->real_time = machine_now() - began;
    if (!outcome->result.halted)
        verdict_apply(running->source->scenario, &outcome->result);
}

static bool hear_source(void *host, size_t index, struct worker_outcome *outcome)
{
    struct source_run *running = host;
    (void)index;
    running->replayed->result = outcome->result;
    running->replayed->real_time = outcome->real_time;
    running->over = true;
    outcome->result = (struct player_result){ 0 };
    return true;
}

/* Returns false after printing an error, when the run was interrupted. */
static bool run(const struct replay_settings *settings, const struct replay_source *source,
                struct player_options options, struct event_kept kept, struct replayed *replayed)
{
    struct source_run running = { .source = source, .options = options, .replayed = replayed, .kept = kept };
    running.options.kind = settings->plots.kind;
    running.options.policy = source->options.policy;
    running.options.seed = source->options.seed;
    running.options.bytes = source->options.bytes;
    running.options.byte_count = source->options.byte_count;
    worker_pool_run(&(struct worker_pool){ .count = 1,
                                           .limit = settings->time_limit,
                                           .run = run_source,
                                           .tell = hear_source,
                                           .host = &running });
    return running.over || complain("interrupted: the run did not reach its end");
}

static void replayed_free(struct replayed *replayed)
{
    player_result_free(&replayed->result);
    text_free(&replayed->trace);
}

/* ---- Reporting ---- */

/* The moment that is described, and the state of the world then. */
static void tell_description(FILE *out, const struct replay_source *source,
                             const struct player_result *result)
{
    const char *when = result->halted ? "stopped" : result->passed ? "at its end" : "as it failed";
    if (result->description == NULL)
        return;
    printable_string(out, source->name);
    fprintf(out,
            ", %s after line %" PRIu64 " of the trace, at %" PRIu64 ".%09" PRIu64 " s, trace hash %016" PRIx64
            ":\n\n",
            when, result->lines, result->virtual_time / SIM_SECOND, result->virtual_time % SIM_SECOND,
            result->trace_hash);
    printable_lines(out, result->description);
}

static void tell(FILE *out, const struct replay_settings *settings, const struct replay_source *source,
                 const struct replayed *replayed)
{
    const struct player_result *result = &replayed->result;
    if (!result->halted || !result->passed)
        replay_report_print(out, settings->colour,
                            &(struct replay_told){ .source = source,
                                                   .result = result,
                                                   .real_time = replayed->real_time,
                                                   .kind = settings->plots.kind });
    replay_until_tell(out, &settings->until, result);
    tell_description(out, source, result);
}

/* ---- One ---- */

static int replay_one(const struct replay_settings *settings, const struct replay_source *source,
                      const char *command)
{
    struct recording choices = { 0 };
    struct replayed replayed = { 0 };
    struct replay_outputs outputs;
    if (replay_outputs_clash(settings, source) || !replay_outputs_open(&outputs, settings))
        return STATUS_WRONG;
    FILE *out = outputs.trace == stdout || replay_outputs_take_standard(settings) ? stderr : stdout;
    struct player_options options = { .until = settings->until.moment,
                                      .colour =
                                          colour_on(settings->colour, out) && source->scenario->fails == NULL,
                                      .record = settings->record != NULL ? &choices : NULL,
                                      .trace = outputs.trace != NULL ? trace_write : NULL,
                                      .trace_host = outputs.trace,
                                      .replay = command };
    const bool over = run(settings, source, options, replay_outputs_kept(&outputs, 1), &replayed);
    if (over)
        tell(out, settings, source, &replayed);
    else
        outputs.record = NULL;
    bool written = replay_outputs_close(&outputs, settings, source, &choices);
    const struct replay_told told = {
        source, NULL, &replayed.result, replayed.real_time, settings->plots.kind, command
    };
    if (over)
        written = replay_report_write(outputs.reports, &told, 1, NULL) && written;
    else
        run_reports_abandon(outputs.reports);
    const int status = replayed.result.passed ? STATUS_HELD : STATUS_FAILED;
    replayed_free(&replayed);
    recording_free(&choices);
    return written ? status : STATUS_WRONG;
}

/* ---- Two ---- */

/* A file is printed with its seed, which distinguishes the two runs. */
static void tell_side(FILE *out, const char *mark, const struct replay_settings *settings,
                      const struct replay_source *source, const struct player_result *result)
{
    fputs(mark, out);
    printable_string(out, source->name);
    if (source->options.policy == CHOICE_SEEDED && !source->is_plot)
        fprintf(out, "@%" PRIu64, source->options.seed);
    fprintf(out, ": %s", result->halted ? "stopped" : result->passed ? "held" : "failed: ");
    printable_string(out, result->summary != NULL ? result->summary : "");
    fprintf(out, ", %" PRIu64 " lines, trace hash %016" PRIx64 "\n", result->lines, result->trace_hash);
    replay_until_tell(out, &settings->until, result);
}

static int tell_two(FILE *out, const struct replay_settings *settings,
                    const struct replay_source *const sources[2], const struct replayed replayed[2])
{
    const enum trace_likeness likeness =
        trace_compare(out, &replayed[0].trace, &replayed[1].trace, settings->times);
    const bool differ = likeness == TRACES_DIFFERENT;
    if (likeness != TRACES_ALIKE)
        fputs(differ ? "\n" : "the runs are identical\n", out);
    tell_side(out, differ ? "- " : "  ", settings, sources[0], &replayed[0].result);
    tell_side(out, differ ? "+ " : "  ", settings, sources[1], &replayed[1].result);
    return likeness == TRACES_SAME ? STATUS_HELD : STATUS_FAILED;
}

/* The two runs, and how the lines of their traces stand beside each other.  Returns false after printing an
 * error. */
static bool report_two(struct run_reports *reports, const struct replay_settings *settings,
                       const struct replay_source *const sources[2], const struct replayed replayed[2])
{
    struct replay_told told[2];
    char *commands[2];
    const char *const whats[2] = { settings->what, settings->diff };
    const char *const names[2] = { whats[0] != NULL ? whats[0] : sources[0]->name, whats[1] };
    for (int i = 0; i < 2; i++) {
        commands[i] = replay_source_command(settings, settings->program, whats[i]);
        told[i] = (struct replay_told){ sources[i],           names[i],
                                        &replayed[i].result,  replayed[i].real_time,
                                        settings->plots.kind, commands[i] };
    }
    char *beside = beside_line(&(struct beside){ .cases = { 1, 2 },
                                                 .names = { names[0], names[1] },
                                                 .texts = { &replayed[0].trace, &replayed[1].trace },
                                                 .of_trace = true,
                                                 .exactly = settings->times });
    const bool written = replay_report_write(reports, told, 2, beside);
    free(beside);
    free(commands[0]);
    free(commands[1]);
    return written;
}

/* Both runs; returns false after printing an error. */
static bool run_two(const struct replay_settings *settings, const struct replay_source *const sources[2],
                    const struct replay_outputs *outputs, struct replayed replayed[2])
{
    bool over = true;
    for (int i = 0; i < 2 && over; i++)
        over =
            run(settings, sources[i],
                (struct player_options){
                    .until = settings->until.moment, .trace = keep_line, .trace_host = &replayed[i].trace },
                replay_outputs_kept(outputs, (uint64_t)i + 1), &replayed[i]);
    return over;
}

static int replay_two(const struct replay_settings *settings, const struct replay_source *one)
{
    struct replay_source other;
    struct replay_outputs outputs;
    const struct replay_source *const sources[2] = { one, &other };
    struct replayed replayed[2] = { { .trace = { 0 } } };
    int status = STATUS_WRONG;
    if (replay_source_load(&other, settings, settings->diff, stderr) &&
        replay_until_fits(&settings->until, other.scenario, stderr) && !replay_outputs_clash(settings, one) &&
        !replay_outputs_clash(settings, &other) && replay_outputs_open(&outputs, settings)) {
        const bool over = run_two(settings, sources, &outputs, replayed);
        status = STATUS_FAILED;
        if (over)
            status = tell_two(replay_outputs_take_standard(settings) ? stderr : stdout, settings, sources,
                              replayed);
        if (over && !report_two(outputs.reports, settings, sources, replayed))
            status = STATUS_WRONG;
        if (!over)
            run_reports_abandon(outputs.reports);
    }
    replayed_free(&replayed[0]);
    replayed_free(&replayed[1]);
    replay_source_free(&other);
    return status;
}

/* ---- replay ---- */

/* The tag makes the file replay the run of the seed, not the default schedule of its plot. */
static int print_plot(const struct replay_source *source)
{
    if (!source->is_plot) {
        (void)complain("--scenario prints the plot of a seed or of bytes, not a file");
        return STATUS_WRONG;
    }
    const char *rest = strchr(source->text, '\n') + 1;
    printf("%.*s", (int)(rest - source->text), source->text);
    if (source->options.policy == CHOICE_SEEDED)
        printf("## seed: %" PRIu64 "\n", source->options.seed);
    fputs(rest, stdout);
    return STATUS_HELD;
}

static int replay_with(const struct replay_settings *settings)
{
    const char *what = settings->what;
    struct replay_source source;
    int status = STATUS_WRONG;
    char *command = replay_source_command(settings, settings->program, what);
    interrupt_watch();
    if (!replay_source_load(&source, settings, what, stderr) ||
        !replay_until_fits(&settings->until, source.scenario, stderr))
        status = STATUS_WRONG;
    else if (settings->scenario)
        status = print_plot(&source);
    else if (settings->diff != NULL)
        status = replay_two(settings, &source);
    else
        status = replay_one(settings, &source, command);
    replay_source_free(&source);
    free(command);
    return machine_close(stdout, "standard output") ? interrupt_status(status) : STATUS_WRONG;
}

/* Each is replayed as it was recorded, and no one run is looked at. */
static bool options_fit_folder(const struct replay_settings *s)
{
    if (s->seeded || s->bytes != NULL)
        return complain("what a folder has is replayed as its tags say: omit --seed and --bytes");
    if (s->until.moment.what != PLAYER_TO_THE_END || s->trace != NULL || s->reports.count > 0 ||
        s->record != NULL || s->diff != NULL || s->scenario)
        return complain(
            "--until, --trace, --events, --html, --mermaid, --dot, --record, --diff and --scenario "
            "need one run: name one scenario or seed instead of a folder");
    return true;
}

static int replay_all(const char *program, const struct replay_settings *settings, const char *path)
{
    int status = STATUS_WRONG;
    interrupt_watch();
    if (options_fit_folder(settings))
        status = replay_folder(&(struct replay_folder){ program, path, settings->colour, settings->time_limit,
                                                        settings->plots.kind });
    return machine_close(stdout, "standard output") ? interrupt_status(status) : STATUS_WRONG;
}

static int replay_act(const char *program, int count, char **arguments)
{
    struct replay_settings settings = { .program = program,
                                        .plots = plot_options_default(),
                                        .reports = { .all_events = true },
                                        .time_limit = WORKER_POOL_LIMIT };
    size_t operand_count = 0;
    int status = STATUS_WRONG;
    const char **operands = must(calloc((size_t)count + 1, sizeof *operands));
    bool good = options_parse(&replay_verb, &settings, count, arguments, operands, &operand_count, stderr) &&
                options_agree(&settings) && server_option_open("replay", settings.plots.kind, stderr);
    settings.what = operands[0];
    if (good && operand_count == 0 && settings.bytes == NULL)
        (void)complain("no seed or scenario was given; see `rehearse help replay`");
    else if (good && operand_count > 1)
        (void)complain("expected one seed or scenario; use --diff to compare two");
    else if (good && operand_count == 1 && replay_folder_is_one(operands[0]))
        status = replay_all(program, &settings, operands[0]);
    else if (good)
        status = replay_with(&settings);
    free(operands);
    return status;
}

static const struct option replay_options[] = {
    PLOT_OPTIONS,
    SERVER_OPTION(take_plot_server),
    { "seed", "N", "the seed for a scenario that is named without one", take_seed },
    { "bytes", "FILE", "read the choices from FILE; without WHAT the plot is drawn from them first",
      take_bytes },
    { "until", "WHEN", "stop the world at a trace line, a time or a step, and print its state", take_until },
    { "trace", "FILE", "write the trace of all events to FILE, - for standard output", take_trace },
    TEXT_FORMAT_OPTION(take_format),
    { "events", "FILE", "write every event to FILE as JSON Lines, - for standard output", take_events },
    { "html", "FILE", "write a page to FILE that shows the events, for a browser", take_html },
    DIAGRAM_OPTIONS(take_mermaid, take_dot),
    { "diff", "WHAT", "run WHAT too, and show where the two runs diverge and how they differ", take_diff },
    { "times", NULL, "with --diff: also compare times and randomly drawn strings", take_times },
    { "record", "FILE", "write this exact run to FILE as a scenario", take_record },
    { "scenario", NULL, "print the plot as a scenario; run nothing", take_scenario },
    { "time-limit", "SPAN", "end a run that takes more processor time; SPAN is such as 10s or 5m (60s)",
      take_time_limit },
    COLOUR_OPTION(take_color),
};

const struct verb replay_verb = {
    .name = "replay",
    .arguments = "[OPTION...] WHAT",
    .summary = "Repeats one run, to inspect, compare or record it.",
    .about =
        "WHAT is a seed or a scenario.  A seed stands for its plot, as `rehearse sweep` generates it with\n"
        "the same --cast, --steps and --faults.  A scenario is FILE, FILE#3, FILE:33 or -, as for\n"
        "`rehearse run`; FILE@7 is the scenario with seed 7.  Without a seed the tags \"seed\" and "
        "\"choices\"\n"
        "of the scenario apply.  Everything runs in this process, so that a debugger can be used.  Two runs\n"
        "with the same trace hash are identical.\n"
        "\n"
        "WHAT may also be a folder, such as fixtures/regressions: every scenario below it, and every stored\n"
        "input (inputs/TARGET/NAME) of the fuzz targets plot and run, is replayed in a separate process, "
        "and\n"
        "failures are reported as by `rehearse run`.  Inputs of other targets are counted as skipped.\n"
        "\n"
        "With --until the world stops and its state is printed: every session and account, the data on the\n"
        "wires, pending disk writes, and every client with its state.  WHEN is one of\n"
        "  45\tthe end of the event, or of the step's own action, that writes line 45 of the trace: the "
        "number printed before the line, there and in failures\n"
        "  0.031000000, 31ms\tthe end of everything that happens up to that virtual time; with a decimal "
        "point or a unit: ms, s, m, h\n"
        "  FILE:33, :33\tthe beginning of the step in that line of the scenario, the first time\n"
        "If the run never reaches that moment, the state at the failure or at the end of the run is "
        "printed.\n"
        "\n"
        "--diff compares the two traces line by line, ignoring times and randomly drawn strings.\n"
        "`replay 17 --diff 18` compares two plots; `replay FILE --diff FILE@7` compares the default "
        "schedule\n"
        "with a seed.\n"
        "\n"
        "A file written by --record contains each decision of the run.  When a later version of the program\n"
        "asks for a different decision, the replay fails and names that decision.\n"
        "\n"
        "Exit status: 0 when the scenario passed, or with --diff when both runs are identical; 1 when it\n"
        "failed, or the runs differ; 2 for a usage error or a file that cannot be read or written; 130 or "
        "143\n"
        "after SIGINT or SIGTERM, which end the run.\n",
    .options = replay_options,
    .option_count = sizeof replay_options / sizeof *replay_options,
    .act = replay_act,
};

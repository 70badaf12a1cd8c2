#include "replay_folder.h"

#include "../must.h"
#include "../player/verdict.h"
#include "../printable.h"
#include "../shrink/stored_input.h"
#include "../text.h"
#include "../tool/interrupt.h"
#include "../tool/machine.h"
#include "../tool/options.h"
#include "../tool/report.h"
#include "../tool/suite.h"
#include "../tool/worker_pool.h"

#include <string.h>
#include <sys/stat.h>

/* A stored input that is run here. */
struct kept_input {
    const char *path; /* the list's */
    char *title;
    char *bytes;
    struct stored_input input;
};

/* Scenarios are run before inputs; the pool counts both. */
struct replaying {
    const struct replay_folder *folder;
    struct suite suite;
    struct file_list inputs; /* all of them */
    struct kept_input *kept;
    size_t kept_count;
    struct file_list others; /* inputs that are not run here */
    struct report *report;
    struct report_totals totals;
};

static bool is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

bool replay_folder_is_one(const char *path)
{
    char *target = stored_input_target(path);
    const bool is_input = target != NULL;
    free(target);
    return is_input || is_folder(path);
}

/* ---- Loading ---- */

static char *title_of(const char *target)
{
    struct text title = { 0 };
    text_string(&title, "An input of the fuzz target ");
    text_string(&title, target);
    return text_take(&title);
}

static bool load_input(struct replaying *replaying, const char *path)
{
    size_t length = 0;
    bool good = true;
    char *target = stored_input_target(path);
    if (target == NULL || !stored_input_is_run_here(target)) {
        files_add(&replaying->others, must(strdup(path)));
    } else {
        struct kept_input *kept = &replaying->kept[replaying->kept_count];
        kept->path = path;
        kept->bytes = file_read(path, &length);
        good = kept->bytes != NULL || file_cannot_read(path, stderr);
        kept->title = title_of(target);
        if (good)
            stored_input_load(&kept->input, target, path, (const unsigned char *)kept->bytes, length);
        replaying->kept_count++;
    }
    free(target);
    return good;
}

static bool load_inputs(struct replaying *replaying)
{
    bool good = true;
    replaying->kept = must(calloc(replaying->inputs.count + 1, sizeof *replaying->kept));
    for (size_t i = 0; i < replaying->inputs.count; i++)
        good = load_input(replaying, replaying->inputs.names[i]) && good;
    return good;
}

static bool find(struct replaying *replaying, struct file_list *scenarios)
{
    const char *path = replaying->folder->path;
    if (!is_folder(path)) {
        files_add(&replaying->inputs, must(strdup(path)));
        return true;
    }
    if (!stored_inputs_find(&replaying->inputs, scenarios, path, stderr))
        return false;
    files_sort(&replaying->inputs);
    files_sort(scenarios);
    if (replaying->inputs.count + scenarios->count > 0)
        return true;
    fputs("rehearse replay: ", stderr);
    printable_string(stderr, path);
    fputs(" has no scenario (*.scs) and no stored input (inputs/TARGET/NAME)\n", stderr);
    return false;
}

/* Returns false after printing an error. */
static bool load(struct replaying *replaying)
{
    struct file_list scenarios = { 0 };
    bool good = find(replaying, &scenarios);
    if (good && scenarios.count > 0)
        good = suite_load(&replaying->suite, (const char *const *)scenarios.names, scenarios.count, stderr);
    good = good && load_inputs(replaying);
    files_free(&scenarios);
    return good;
}

static void unload(struct replaying *replaying)
{
    for (size_t i = 0; i < replaying->kept_count; i++) {
        stored_input_free(&replaying->kept[i].input);
        free(replaying->kept[i].title);
        free(replaying->kept[i].bytes);
    }
    free(replaying->kept);
    suite_free(&replaying->suite);
    files_free(&replaying->inputs);
    files_free(&replaying->others);
}

/* ---- Running ---- */

/* The command that replays it alone; the caller frees. */
static char *command_of(const struct replaying *replaying, const char *name)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = must(open_memstream(&text, &length));
    machine_print_word(out, replaying->folder->program);
    fputs(" replay", out);
    server_option_print(out, replaying->folder->kind);
    fputc(' ', out);
    file_print_operand(out, name);
    fclose(out);
    return must(text);
}

static void run_scenario(const struct replaying *replaying, const struct scenario *scenario,
                         struct worker_outcome *outcome)
{
    char *command = command_of(replaying, scenario->name);
    const struct player_options options = { .kind = replaying->folder->kind,
                                            .policy = CHOICE_SCRIPTED,
                                            .colour = colour_on(replaying->folder->colour, stdout) &&
                                                      scenario->fails == NULL,
                                            .replay = command,
                                            .box = outcome->box };
    player_run(scenario, &options, &outcome->result);
    verdict_apply(scenario, &outcome->result);
    free(command);
}

static void run_input(const struct replaying *replaying, const struct kept_input *kept,
                      struct worker_outcome *outcome)
{
    char *command = command_of(replaying, kept->path);
    struct player_options options = kept->input.options;
    options.kind = replaying->folder->kind;
    options.colour = colour_on(replaying->folder->colour, stdout);
    options.replay = command;
    options.box = outcome->box;
    outcome->result.passed = true;
    if (kept->input.scenario != NULL) {
        player_run(kept->input.scenario, &options, &outcome->result);
        outcome->result.passed = !stored_input_fails(&kept->input, &outcome->result);
    }
    free(command);
}

static void run_one(void *host, size_t index, struct worker_outcome *outcome)
{
    const struct replaying *replaying = host;
    const uint64_t began = machine_now();
    if (index < replaying->suite.count)
        run_scenario(replaying, replaying->suite.scenarios[index], outcome);
    else
        run_input(replaying, &replaying->kept[index - replaying->suite.count], outcome);
    outcome->real_time = machine_now() - began;
}

/* ---- Reporting ---- */

/* What the report calls it, but for its result. */
static struct report_case case_at(const struct replaying *replaying, size_t index)
{
    if (index < replaying->suite.count) {
        const struct scenario *scenario = replaying->suite.scenarios[index];
        return (
            struct report_case){ .path = scenario->path, .name = scenario->name, .title = scenario->title };
    }
    const struct kept_input *kept = &replaying->kept[index - replaying->suite.count];
    return (struct report_case){ .path = kept->path, .name = kept->path, .title = kept->title };
}

static bool tell_one(void *host, size_t index, struct worker_outcome *outcome)
{
    struct replaying *replaying = host;
    struct report_case told = case_at(replaying, index);
    told.result = &outcome->result;
    told.real_time = outcome->real_time;
    report_add(replaying->report, &told);
    report_count(&replaying->totals, &outcome->result);
    return true;
}

/* What was not run: inputs of other targets, and all that comes after an interruption. */
static void tell_skipped(struct replaying *replaying, size_t count)
{
    struct report_totals *totals = &replaying->totals;
    for (size_t i = totals->passed + totals->failed + totals->skipped; i < count; i++) {
        struct report_case left = case_at(replaying, i);
        left.skipped = "interrupted";
        report_add(replaying->report, &left);
        totals->skipped++;
    }
    for (size_t i = 0; i < replaying->others.count; i++) {
        const char *path = replaying->others.names[i];
        report_add(replaying->report, &(struct report_case){ .path = path,
                                                             .name = path,
                                                             .title = "A stored input",
                                                             .skipped = "only fuzz programs run it" });
        totals->skipped++;
    }
    if (replaying->others.count > 0)
        printf("%zu stored input%s skipped: only the programs of their fuzz targets run them\n",
               replaying->others.count, replaying->others.count == 1 ? " is" : "s are");
}

static void replay_all(struct replaying *replaying)
{
    const uint64_t began = machine_now();
    const size_t count = replaying->suite.count + replaying->kept_count;
    const enum colour colour = replaying->folder->colour;
    replaying->report =
        report_begin(REPORT_PRETTY, stdout,
                     &(struct report_options){ .expected = count + replaying->others.count,
                                               .files = replaying->suite.file_count + replaying->kept_count,
                                               .selected = count,
                                               .colour = colour_on(colour, stdout),
                                               .columns = machine_columns(stdout) });
    worker_pool_run(&(struct worker_pool){ .count = count,
                                           .jobs = 1,
                                           .limit = replaying->folder->time_limit,
                                           .run = run_one,
                                           .tell = tell_one,
                                           .host = replaying });
    tell_skipped(replaying, count);
    replaying->totals.kind = replaying->folder->kind;
    replaying->totals.real_time = machine_now() - began;
    report_end(replaying->report, &replaying->totals);
}

int replay_folder(const struct replay_folder *folder)
{
    struct replaying replaying = { .folder = folder };
    int status = STATUS_WRONG;
    if (load(&replaying)) {
        replay_all(&replaying);
        status = replaying.totals.failed == 0 ? STATUS_HELD : STATUS_FAILED;
    }
    unload(&replaying);
    return status;
}

#include "adopt.h"

#include "../must.h"
#include "../printable.h"
#include "../shrink/shrink_input.h"
#include "../shrink/shrinking.h"
#include "../sweep/sweep.h"
#include "../sweep/sweep_result.h"
#include "../text.h"
#include "../tool/interrupt.h"
#include "../tool/machine.h"
#include "../tool/version.h"
#include "../tool/worker_pool.h"
#include "adopt_bytes.h"
#include "adopt_place.h"
#include "fuzz_programs.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

struct settings {
    struct plot_options plots; /* must be the first member: the shared options expect it there */
    bool seeded;               /* --seed */
    uint64_t seed;
    const char *target, *fuzz_program; /* NULL for none */
    const char *name;                  /* NULL for one of the cause */
    const char *output;                /* a folder */
    uint64_t time;                     /* real nanoseconds */
    uint64_t time_limit;               /* of each run */
};

struct adopting {
    const struct settings *settings;
    const char *program; /* the tool */
    const char *what;    /* as it was named */
    char *folder;        /* of the tool */
    struct file_list targets;
};

/* What became of a failure.  UNFIT fails, but what is left of it not when it is run as a file, which was said. */
enum adoption { ADOPTED, PASSES, UNFIT, WRONG };

/* ---- Options ---- */

static const char *take_seed(void *settings, const char *value)
{
    struct settings *adopt = settings;
    adopt->seeded = true;
    return text_read_number(value, UINT64_MAX, &adopt->seed) ? NULL : "a number below 2^64";
}

static const char *take_target(void *settings, const char *value)
{
    ((struct settings *)settings)->target = value;
    return adopt_name_is_good(value) ? NULL : "the name of a fuzz target";
}

static const char *take_fuzz_program(void *settings, const char *value)
{
    ((struct settings *)settings)->fuzz_program = value;
    return *value != '\0' ? NULL : "a program";
}

static const char *take_name(void *settings, const char *value)
{
    ((struct settings *)settings)->name = value;
    return adopt_name_is_good(value) ? NULL : "a name of letters, digits, '-', '_' and '.'";
}

static const char *take_output(void *settings, const char *value)
{
    ((struct settings *)settings)->output = value;
    return *value != '\0' ? NULL : "a folder";
}

static const char *take_time(void *settings, const char *value)
{
    return options_span(value, &((struct settings *)settings)->time) ? NULL : OPTIONS_SPAN;
}

static const char *take_time_limit(void *settings, const char *value)
{
    return options_span(value, &((struct settings *)settings)->time_limit) ? NULL : OPTIONS_SPAN;
}

/* ---- What is said ---- */

static enum adoption complain(const struct adopting *adopting, const char *words)
{
    fputs("rehearse adopt: ", stderr);
    printable_string(stderr, adopting->what);
    fprintf(stderr, " %s\n", words);
    return WRONG;
}

/* The last line is the command that runs what was kept. */
static enum adoption tell_kept(const char *path, const char *program, const char *verb)
{
    fputs("kept as ", stdout);
    printable_string(stdout, path);
    fputs(": it fails now, and must pass when its cause is repaired\n  ", stdout);
    char *short_program = adopt_without_folder(program);
    machine_print_word(stdout, short_program);
    free(short_program);
    fputs(verb, stdout);
    putchar(' ');
    machine_print_word(stdout, path);
    putchar('\n');
    return ADOPTED;
}

/* ---- Scenarios and plots ---- */

static enum adoption keep_scenario(const struct adopting *adopting, const struct shrunk *shrunk)
{
    const struct settings *settings = adopting->settings;
    const struct adopt_place place = { settings->output, settings->name, ".scs" };
    enum adoption adoption = WRONG;
    char *path = adopt_path(&place, shrunk->cause);
    char *file = adopt_without_folder(shrunk->file);
    if (path != NULL && adopt_write(path, file, strlen(file)))
        adoption = tell_kept(path, adopting->program, " run");
    free(file);
    free(path);
    return adoption;
}

/* Reduces and keeps it. */
static enum adoption adopt_scenario(const struct adopting *adopting, struct shrink_input *input,
                                    const char *found_by, const char *origin)
{
    const struct settings *settings = adopting->settings;
    const struct shrinking shrinking = { .verb = "adopt",
                                         .path = "regression.scs",
                                         .finding = { input->what, found_by, origin },
                                         .time = settings->time,
                                         .time_limit = settings->time_limit };
    struct shrunk shrunk;
    enum adoption adoption = PASSES;
    const enum shrinking_end end =
        shrinking_run(&shrinking, input->scenario, shrink_input_chance(input), &shrunk);
    if (end == SHRINKING_DONE)
        adoption = keep_scenario(adopting, &shrunk);
    else if (end == SHRINKING_WRONG)
        adoption = UNFIT;
    shrunk_free(&shrunk);
    return adoption;
}

/* "found by seed 17 (--cast 4 --steps 24 --faults all) in rehearse 0.1.0"; the caller frees. */
static char *origin_of(const struct adopting *adopting, const char *target, bool is_plot)
{
    const struct plot_options *plots = &adopting->settings->plots;
    char *text = NULL;
    size_t length = 0;
    FILE *out = must(open_memstream(&text, &length));
    fputs("found ", out);
    if (target != NULL) {
        fprintf(out, "by an input of the fuzz target %s ", target);
    } else if (is_plot) {
        char *faults = sweep_faults_print(plots->faults);
        fprintf(out, "by seed %s (--cast %u --steps %u --faults %s) ", adopting->what, plots->cast,
                plots->steps, faults);
        free(faults);
    }
    fprintf(out, "in rehearse %s", tool_version());
    fclose(out);
    return must(text);
}

static enum adoption adopt_named(const struct adopting *adopting)
{
    const struct settings *settings = adopting->settings;
    const struct shrink_asked asked = { .verb = "adopt",
                                        .plots = &settings->plots,
                                        .seed = settings->seeded ? &settings->seed : NULL };
    struct shrink_input input;
    uint64_t seed = 0;
    enum adoption adoption = WRONG;
    if (shrink_input_load(&input, &asked, adopting->what, stderr)) {
        const bool is_plot = strcmp(input.what, "plot") == 0;
        char *origin = origin_of(adopting, NULL, is_plot);
        adoption = adopt_scenario(adopting, &input, is_plot ? "a sweep" : NULL, origin);
        free(origin);
    }
    shrink_input_free(&input);
    if (adoption == PASSES && text_read_number(adopting->what, UINT64_MAX, &seed))
        complain(adopting,
                 "is a seed whose plot passes; the sweep's --cast, --steps and --faults are needed");
    else if (adoption == PASSES)
        complain(adopting, "passes; there is nothing to keep");
    return adoption;
}

/* ---- Bytes ---- */

/* As a scenario, which every build of the tool runs. */
static enum adoption adopt_stored(const struct adopting *adopting, const char *target,
                                  const struct raw_input *raw)
{
    struct stored_input stored;
    struct shrink_input input;
    enum adoption adoption = PASSES;
    if (adopting->settings->fuzz_program != NULL || !stored_input_is_run_here(target))
        return PASSES;
    stored_input_load(&stored, target, "the input", raw->bytes, raw->length);
    if (stored.scenario != NULL) {
        shrink_input_of_stored(&input, &stored);
        char *origin = origin_of(adopting, target, false);
        adoption = adopt_scenario(adopting, &input, "fuzzing", origin);
        free(origin);
        shrink_input_free(&input);
    }
    stored_input_free(&stored);
    return adoption;
}

/* The text beside the bytes, which says what was wrong; the caller frees. */
static char *side_text(const struct raw_input *raw, const char *target, size_t before, const char *path)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = must(open_memstream(&text, &length));
    printable_string(out, raw->failure.cause);
    if (raw->failure.sentence != NULL) {
        fputs("\n", out);
        printable_string(out, raw->failure.sentence);
    }
    fprintf(out,
            "\n\nAn input of the fuzz target %s, found in rehearse %s, reduced from %zu bytes to %zu.\n"
            "To replay it:\n  ",
            target, tool_version(), before, raw->length);
    machine_print_word(out, raw->program);
    fputc(' ', out);
    machine_print_word(out, path);
    fputc('\n', out);
    fclose(out);
    must(text);
    char *portable = adopt_without_folder(text);
    free(text);
    return portable;
}

static bool write_both(const struct raw_input *raw, const char *target, size_t before, const char *path)
{
    struct text side = { 0 };
    text_string(&side, path);
    text_string(&side, ".txt");
    char *text = side_text(raw, target, before, path);
    const bool written =
        adopt_write(path, raw->bytes, raw->length) && adopt_write(side.bytes, text, strlen(text));
    free(text);
    text_free(&side);
    return written;
}

/* What the name is made of: the sentence, up to where values may follow, tells more than a place. */
static char *words_of(const struct fuzz_failure *failure)
{
    const char *colon = failure->sentence != NULL ? strstr(failure->sentence, ": ") : NULL;
    if (failure->sentence == NULL)
        return must(strdup(failure->cause));
    return must(strndup(failure->sentence,
                        colon != NULL ? (size_t)(colon - failure->sentence) : strlen(failure->sentence)));
}

static enum adoption keep_raw(const struct adopting *adopting, const struct raw_input *raw,
                              const char *target, size_t before)
{
    struct text folder = { 0 };
    text_string(&folder, adopting->settings->output);
    text_string(&folder, "/inputs/");
    text_string(&folder, target);
    const struct adopt_place place = { folder.bytes, adopting->settings->name, "" };
    enum adoption adoption = WRONG;
    char *said = words_of(&raw->failure);
    char *path = adopt_path(&place, said);
    if (path != NULL && write_both(raw, target, before, path))
        adoption = tell_kept(path, raw->program, "");
    free(said);
    free(path);
    text_free(&folder);
    return adoption;
}

static void find_programs(const struct adopting *adopting, const char *target, struct file_list *programs)
{
    if (adopting->settings->fuzz_program != NULL)
        files_add(programs, must(strdup(adopting->settings->fuzz_program)));
    else
        fuzz_programs_find(programs, adopting->folder, target);
}

/* As bytes, which the target's programs run. */
static enum adoption adopt_raw(const struct adopting *adopting, const char *target, struct raw_input *raw)
{
    struct file_list programs = { 0 };
    const size_t before = raw->length;
    enum adoption adoption = WRONG;
    find_programs(adopting, target, &programs);
    const enum fuzz_end end = raw_input_try(raw, &programs);
    if (end == FUZZ_PASSED) {
        adoption = PASSES;
    } else if (end == FUZZ_REFUSED) {
        complain(adopting, "cannot be tried:");
        fprintf(stderr, "  ");
        printable_string(stderr, raw->failure.cause);
        fputc('\n', stderr);
    } else {
        fprintf(stderr, "%s: ", target);
        printable_string(stderr, raw->failure.cause);
        fputc('\n', stderr);
        if (raw_input_reduce(raw, adopting->settings->time))
            adoption = keep_raw(adopting, raw, target, before);
    }
    files_free(&programs);
    return adoption;
}

/* As a scenario if that can be, else as bytes. */
static enum adoption adopt_as(const struct adopting *adopting, const char *target, struct raw_input *raw)
{
    const enum adoption adoption = adopt_stored(adopting, target, raw);
    if (adoption == ADOPTED || adoption == WRONG)
        return adoption;
    const enum adoption as_bytes = adopt_raw(adopting, target, raw);
    return as_bytes == PASSES ? adoption : as_bytes;
}

/* ---- Which target ---- */

static bool fails_here(const char *target, const struct raw_input *raw)
{
    struct stored_input stored;
    struct shrink_input input;
    struct reproduction reproduction = { .limit = raw->limit };
    bool fails = false;
    if (!stored_input_is_run_here(target))
        return false;
    stored_input_load(&stored, target, "the input", raw->bytes, raw->length);
    if (stored.scenario != NULL) {
        shrink_input_of_stored(&input, &stored);
        reproduction.chance = shrink_input_chance(&input);
        fails = reproduction_begin(&reproduction, input.scenario);
        reproduction_free(&reproduction);
        shrink_input_free(&input);
    }
    stored_input_free(&stored);
    return fails;
}

static bool fails_as(const struct adopting *adopting, const char *target, struct raw_input *raw)
{
    struct file_list programs = { 0 };
    bool fails = fails_here(target, raw);
    if (!fails) {
        find_programs(adopting, target, &programs);
        fails = raw_input_try(raw, &programs) == FUZZ_FAILED;
        files_free(&programs);
    }
    return fails;
}

/* The one target as whose input it fails. */
static enum adoption adopt_as_any(const struct adopting *adopting, struct raw_input *raw)
{
    struct file_list failing = { 0 };
    enum adoption adoption = PASSES;
    for (size_t i = 0; i < adopting->targets.count && interrupt_signal() == 0; i++)
        if (fails_as(adopting, adopting->targets.names[i], raw))
            files_add(&failing, must(strdup(adopting->targets.names[i])));
    if (failing.count == 1) {
        adoption = adopt_as(adopting, failing.names[0], raw);
    } else if (failing.count > 1) {
        adoption = complain(adopting, "fails as an input of several targets; give one as --target:");
        for (size_t i = 0; i < failing.count; i++)
            fprintf(stderr, "  %s\n", failing.names[i]);
    }
    files_free(&failing);
    return adoption;
}

static enum adoption complain_of_passing(const struct adopting *adopting, const char *target)
{
    struct file_list programs = { 0 };
    complain(adopting, "passes; there is nothing to keep");
    if (target == NULL)
        fputs("  tried as an input of:", stderr);
    else
        find_programs(adopting, target, &programs);
    const struct file_list *tried = target == NULL ? &adopting->targets : &programs;
    if (target != NULL)
        fprintf(stderr,
                tried->count > 0 ? "  tried as an input of %s in:" : "  there is no program of %s here",
                target);
    for (size_t i = 0; i < tried->count; i++) {
        fputc(' ', stderr);
        printable_string(stderr, tried->names[i]);
    }
    fputs("\n  if it fails in another build, name its program: --target NAME --fuzz-binary PROGRAM\n",
          stderr);
    files_free(&programs);
    return WRONG;
}

static enum adoption adopt_loaded(const struct adopting *adopting, struct raw_input *raw)
{
    const char *target = adopting->settings->target;
    const char *guess = target != NULL ? target : fuzz_target_of_path(&adopting->targets, adopting->what);
    enum adoption adoption = guess != NULL ? adopt_as(adopting, guess, raw) : PASSES;
    if (adoption == PASSES && target == NULL)
        adoption = adopt_as_any(adopting, raw);
    return adoption == PASSES ? complain_of_passing(adopting, target) : adoption;
}

static bool is_known(const struct adopting *adopting)
{
    const struct settings *settings = adopting->settings;
    if (settings->target == NULL || settings->fuzz_program != NULL ||
        files_have(&adopting->targets, settings->target))
        return true;
    fprintf(stderr, "rehearse adopt: there is no program of a fuzz target %s beside the tool; there are:",
            settings->target);
    for (size_t i = 0; i < adopting->targets.count; i++)
        fprintf(stderr, " %s", adopting->targets.names[i]);
    fputc('\n', stderr);
    return false;
}

static enum adoption adopt_file(struct adopting *adopting)
{
    struct raw_input raw = { .limit = adopting->settings->time_limit };
    enum adoption adoption = WRONG;
    adopting->folder = fuzz_programs_folder(adopting->program);
    fuzz_targets_find(&adopting->targets, adopting->folder);
    if (is_known(adopting)) {
        raw.bytes = (unsigned char *)file_read(adopting->what, &raw.length);
        if (raw.bytes == NULL)
            (void)file_cannot_read(adopting->what, stderr);
        else
            adoption = adopt_loaded(adopting, &raw);
    }
    raw_input_free(&raw);
    files_free(&adopting->targets);
    free(adopting->folder);
    return adoption;
}

/* ---- adopt ---- */

static bool ends_as_scenario(const char *path)
{
    const size_t length = strlen(path);
    return length > 4 && strcmp(path + length - 4, ".scs") == 0;
}

/* A seed; a scenario's file, or a part of one, which is no file by that name. */
static bool is_named(const char *what)
{
    uint64_t seed;
    return text_read_number(what, UINT64_MAX - 1, &seed) || ends_as_scenario(what) ||
           file_is_standard_input(what) || (strstr(what, ".scs") != NULL && access(what, F_OK) != 0);
}

static bool options_agree(const struct settings *settings, bool is_bytes)
{
    if (settings->fuzz_program != NULL && settings->target == NULL)
        fputs("rehearse adopt: --fuzz-binary needs --target: the regression is kept under its name\n",
              stderr);
    else if (settings->seeded && is_bytes)
        fputs("rehearse adopt: --seed needs a scenario; an input of bytes has its choices in it\n", stderr);
    else
        return true;
    return false;
}

static int adopt_with(const char *program, const struct settings *settings, const char *what)
{
    struct adopting adopting = { .settings = settings, .program = program, .what = what };
    const bool is_bytes = settings->target != NULL || !is_named(what);
    if (!options_agree(settings, is_bytes))
        return STATUS_WRONG;
    interrupt_watch();
    const enum adoption adoption = is_bytes ? adopt_file(&adopting) : adopt_named(&adopting);
    const bool written = machine_close(stdout, "standard output");
    return interrupt_status(adoption == ADOPTED && written ? STATUS_HELD : STATUS_WRONG);
}

static int adopt_act(const char *program, int count, char **arguments)
{
    struct settings settings = { .plots = plot_options_default(),
                                 .output = "fixtures/regressions",
                                 .time = 60 * SIM_SECOND,
                                 .time_limit = WORKER_POOL_LIMIT };
    size_t operand_count = 0;
    int status = STATUS_WRONG;
    const char **operands = must(calloc((size_t)count + 1, sizeof *operands));
    const bool good =
        options_parse(&adopt_verb, &settings, count, arguments, operands, &operand_count, stderr);
    if (good && operand_count != 1)
        fputs("rehearse adopt: expected one seed or one file; see `rehearse help adopt`\n", stderr);
    else if (good)
        status = adopt_with(program, &settings, operands[0]);
    free(operands);
    return status;
}

static const struct option adopt_options[] = {
    PLOT_OPTIONS,
    { "seed", "N", "run the scenario with this seed", take_seed },
    { "target", "NAME", "the fuzz target whose input the file is", take_target },
    { "fuzz-binary", "PROGRAM", "run the input in this program of the target", take_fuzz_program },
    { "name", "NAME", "the name of the new file, without its ending", take_name },
    { "output", "FOLDER", "keep it in FOLDER (fixtures/regressions)", take_output },
    { "time", "SPAN", "reduce it for this real time at most, such as 10s or 1h (60s)", take_time },
    { "time-limit", "SPAN", "a run that takes longer in real time fails; SPAN is such as 1s (60s)",
      take_time_limit },
};

const struct verb adopt_verb = {
    .name = "adopt",
    .arguments = "[OPTION...] SEED|FILE",
    .summary = "Keeps a failure as a regression: reduces it, and writes it with its cause.",
    .about =
        "A SEED is that of a sweep, with the --cast, --steps and --faults of the sweep.  A FILE that ends "
        "in\n"
        ".scs is a scenario, as for `rehearse shrink`.  Any other FILE is an input of a fuzz target, such "
        "as\n"
        "crash-0123abcd of libFuzzer.  Its target is --target, or the nearest folder in its path that is\n"
        "called like a target, or what its name begins with; otherwise all targets are tried.\n"
        "\n"
        "The failure is repeated, and reduced while its cause stays the same: the check, the assertion, "
        "what\n"
        "a sanitizer found and where, or the message.  Where it fails as a scenario (a seed, a scenario, "
        "and\n"
        "inputs of the targets plot and run) it is kept as FOLDER/NAME.scs.  Otherwise the bytes are kept "
        "as\n"
        "FOLDER/inputs/TARGET/NAME, and the cause as NAME.txt beside it.  They are run in the programs of "
        "the\n"
        "target beside the tool: fuzz/TARGET, fuzz/libfuzzer/TARGET, asan/fuzz/TARGET, up to the first in\n"
        "which they fail.  NAME comes from the cause.  No file is overwritten.\n"
        "\n"
        "`rehearse replay FOLDER` runs everything that was kept.\n"
        "Exit status: 0 when the regression was written; 2 when the input passes, fails as an input of "
        "several\n"
        "targets, or does not fail each time, for a usage error, or for a file that cannot be read or "
        "written;\n"
        "130 or 143 after SIGINT or SIGTERM: what was found by then is kept.\n",
    .options = adopt_options,
    .option_count = sizeof adopt_options / sizeof *adopt_options,
    .act = adopt_act,
};

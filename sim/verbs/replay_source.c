#include "replay_source.h"
#include "../text.h"

#include "../must.h"
#include "../printable.h"
#include "../sweep/sweep_result.h"
#include "../tool/files.h"
#include "../tool/machine.h"
#include "../tool/options.h"
#include "../tool/server_option.h"
#include "../tool/suite.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

/* ---- Plots ---- */

static char *seed_name(uint64_t seed)
{
    char name[40];
    (void)snprintf(name, sizeof name, "seed %" PRIu64, seed);
    return must(strdup(name));
}

/* A plot is not a file: it has no table and reads no other file. */
static void take_plot(struct replay_source *source, const struct replay_settings *settings,
                      struct choices *choices)
{
    struct complaints complaints;
    source->is_plot = true;
    source->text = plot_write(&settings->plots, choices, NULL);
    source->scenario =
        scenario_parse(source->name, source->text, strlen(source->text), NULL, NULL, &complaints);
    assert(source->scenario != NULL);
}

static void load_seed(struct replay_source *source, const struct replay_settings *settings, uint64_t seed)
{
    struct choices choices;
    choices_init(&choices, CHOICE_SEEDED, seed);
    source->name = seed_name(seed);
    source->options.policy = CHOICE_SEEDED;
    source->options.seed = seed;
    take_plot(source, settings, &choices);
}

static void load_fuzzed(struct replay_source *source, const struct replay_settings *settings)
{
    source->name = must(strdup(settings->bytes));
    struct plot_run plot = plot_of_bytes(&settings->plots, source->name, source->options.bytes,
                                         source->options.byte_count, NULL);
    source->is_plot = true;
    source->text = plot.text;
    source->scenario = plot.scenario;
    source->options.bytes = plot.bytes;
    source->options.byte_count = plot.byte_count;
}

/* ---- Files ---- */

static bool read_bytes(struct replay_source *source, const struct replay_settings *settings, FILE *errors)
{
    size_t length = 0;
    if (settings->bytes == NULL)
        return true;
    source->bytes = file_read(settings->bytes, &length);
    if (source->bytes == NULL)
        return file_cannot_read(settings->bytes, errors);
    source->options.policy = CHOICE_FUZZED;
    source->options.bytes = (const unsigned char *)source->bytes;
    source->options.byte_count = length;
    return true;
}

/* The only scenario of the suite. */
static bool take_only(struct replay_source *source, struct suite *suite, const char *what, FILE *errors)
{
    if (suite->count != 1) {
        fputs("rehearse replay: ", errors);
        printable_string(errors, what);
        fprintf(errors, " is %zu scenarios; expected one, such as ", suite->count);
        printable_string(errors, suite->scenarios[0]->name);
        fputc('\n', errors);
        return false;
    }
    source->scenario = suite->scenarios[0];
    source->name = must(strdup(source->scenario->name));
    source->text = must(strdup(suite_text(suite, source->scenario)));
    suite_files(suite, &source->read);
    suite->count = 0;
    return true;
}

static bool load_file(struct replay_source *source, const char *what, FILE *errors)
{
    struct suite suite = { 0 };
    bool good = suite_load(&suite, &what, 1, errors) && take_only(source, &suite, what, errors);
    suite_free(&suite);
    return good;
}

/* The name without the seed after its '@', which is stored in the source; the caller frees. */
static char *take_seed(struct replay_source *source, const char *what)
{
    const char *at = strrchr(what, '@');
    uint64_t seed;
    if (at == NULL || at == what || !text_read_number(at + 1, UINT64_MAX, &seed) || access(what, F_OK) == 0)
        return must(strdup(what));
    source->options.policy = CHOICE_SEEDED;
    source->options.seed = seed;
    return must(strndup(what, (size_t)(at - what)));
}

static void complain_of(const char *what, const char *words, FILE *errors)
{
    fputs("rehearse replay: ", errors);
    printable_string(errors, what);
    fputs(words, errors);
}

static bool load_named(struct replay_source *source, const struct replay_settings *settings, const char *what,
                       FILE *errors)
{
    uint64_t seed;
    char *name = take_seed(source, what);
    const bool own = strcmp(name, what) != 0;
    bool good = false;
    if (own && settings->bytes != NULL)
        complain_of(what, " has a seed; omit --bytes\n", errors);
    else if (!text_read_number(name, UINT64_MAX, &seed))
        good = load_file(source, name, errors);
    else if (own || settings->seeded || settings->bytes != NULL)
        fprintf(errors, "rehearse replay: %s is already a seed; omit %s\n", name,
                own                ? strrchr(what, '@')
                : settings->seeded ? "--seed"
                                   : "--bytes");
    else
        load_seed(source, settings, seed);
    free(name);
    return good || source->scenario != NULL;
}

bool replay_source_load(struct replay_source *source, const struct replay_settings *settings,
                        const char *what, FILE *errors)
{
    *source = (struct replay_source){ .options = { .policy = CHOICE_SCRIPTED } };
    if (settings->seeded) {
        source->options.policy = CHOICE_SEEDED;
        source->options.seed = settings->seed;
    }
    if (!read_bytes(source, settings, errors))
        return false;
    if (what != NULL)
        return load_named(source, settings, what, errors);
    load_fuzzed(source, settings);
    return true;
}

void replay_source_free(struct replay_source *source)
{
    scenario_free(source->scenario);
    free(source->name);
    free(source->text);
    free(source->bytes);
    files_free(&source->read);
    *source = (struct replay_source){ 0 };
}

/* ---- The command ---- */

static void print_plot_options(FILE *out, const struct plot_options *plots)
{
    char *faults = sweep_faults_print(plots->faults);
    fprintf(out, " --cast %u --steps %u --faults %s", plots->cast, plots->steps, faults);
    free(faults);
}

char *replay_source_command(const struct replay_settings *settings, const char *program, const char *what)
{
    char *text = NULL;
    size_t length = 0;
    uint64_t seed;
    FILE *out = must(open_memstream(&text, &length));
    machine_print_word(out, program);
    fputs(" replay", out);
    server_option_print(out, settings->plots.kind);
    if (what == NULL || text_read_number(what, UINT64_MAX, &seed))
        print_plot_options(out, &settings->plots);
    if (settings->seeded)
        fprintf(out, " --seed %" PRIu64, settings->seed);
    if (settings->bytes != NULL) {
        fputs(" --bytes ", out);
        machine_print_word(out, settings->bytes);
    }
    if (what != NULL) {
        fputc(' ', out);
        file_print_operand(out, what);
    }
    fclose(out);
    return must(text);
}

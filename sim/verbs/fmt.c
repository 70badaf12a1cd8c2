#include "fmt.h"

#include "../language/scenario_format.h"
#include "../must.h"
#include "../printable.h"
#include "../tool/machine.h"
#include "../tool/output.h"
#include "../tool/suite.h"

#include <string.h>

struct settings {
    bool check;
};

/* The counts of the files, for the last line. */
struct counts {
    size_t changed, same, refused;
    bool unwritten; /* a file could not be written, or standard input was refused */
};

static const char *take_check(void *settings, const char *value)
{
    (void)value;
    ((struct settings *)settings)->check = true;
    return NULL;
}

/* ---- One file ---- */

/* What a roster file holds would be copied into the scenario. */
static struct scenario_formatted format_file(const struct suite *suite, const struct scenario *scenario)
{
    for (size_t i = 0; i < suite->source_count; i++)
        if (strcmp(suite->sources[i].path, scenario->path) == 0 && suite->sources[i].read.count > 0)
            return (struct scenario_formatted){
                .why = "a file that names another one (from:) cannot be printed"
            };
    return scenario_format(scenario, suite_text(suite, scenario));
}

static void tell_refused(const struct scenario *scenario, const struct scenario_formatted *formatted)
{
    printable_string(stderr, scenario->path);
    if (formatted->line > 0)
        fprintf(stderr, ":%d", formatted->line);
    fprintf(stderr, ": left as it is: %s\n", formatted->why);
}

static bool write_file(const char *path, const char *text)
{
    struct output *output = output_open(path);
    if (output == NULL)
        return false;
    fputs(text, output_file(output));
    return output_commit(output);
}

/* Standard input is answered on standard output, changed or not. */
static bool put_text(const struct settings *settings, const char *path, const char *text, bool changed)
{
    if (file_is_standard_input(path)) {
        if (!settings->check)
            fputs(text, stdout);
        return true;
    }
    if (!changed)
        return true;
    if (settings->check) {
        printable_string(stdout, path);
        puts("");
        return true;
    }
    return write_file(path, text);
}

static void treat_file(const struct settings *settings, const struct suite *suite,
                       const struct scenario *scenario, struct counts *counts)
{
    struct scenario_formatted formatted = format_file(suite, scenario);
    if (formatted.text == NULL) {
        tell_refused(scenario, &formatted);
        counts->refused++;
        counts->unwritten = counts->unwritten || file_is_standard_input(scenario->path);
        return;
    }
    const bool changed = strcmp(formatted.text, suite_text(suite, scenario)) != 0;
    *(changed ? &counts->changed : &counts->same) += 1;
    if (!put_text(settings, scenario->path, formatted.text, changed))
        counts->unwritten = true;
    free(formatted.text);
}

/* ---- All files ---- */

static void tell_counts(FILE *out, const struct settings *settings, const struct counts *counts)
{
    const size_t files = counts->changed + counts->same + counts->refused;
    fprintf(out, "%zu file%s: %zu %s, %zu in this form", files, files == 1 ? "" : "s", counts->changed,
            settings->check ? "would change" : "changed", counts->same);
    if (counts->refused > 0)
        fprintf(out, ", %zu left as %s", counts->refused, counts->refused == 1 ? "it is" : "they are");
    fputc('\n', out);
}

static int fmt_suite(const struct settings *settings, const struct suite *suite)
{
    struct counts counts = { 0 };
    bool piped = false;
    for (size_t i = 0; i < suite->count; i++) {
        const struct scenario *scenario = suite->scenarios[i];
        if (i > 0 && strcmp(scenario->path, suite->scenarios[i - 1]->path) == 0)
            continue; /* another row of the same table */
        piped = piped || file_is_standard_input(scenario->path);
        treat_file(settings, suite, scenario, &counts);
    }
    tell_counts(piped ? stderr : stdout, settings, &counts);
    if (!machine_close(stdout, "standard output") || counts.unwritten)
        return STATUS_WRONG;
    return settings->check && counts.changed > 0 ? STATUS_FAILED : STATUS_HELD;
}

static int fmt_act(const char *program, int count, char **arguments)
{
    struct settings settings = { .check = false };
    struct suite suite = { 0 };
    size_t path_count = 0;
    int status = STATUS_WRONG;
    (void)program;
    const char **paths = must(calloc((size_t)count + 1, sizeof *paths));
    bool good = options_parse(&fmt_verb, &settings, count, arguments, paths, &path_count, stderr);
    if (good && path_count == 0) {
        fputs("rehearse fmt: no PATH was given; see `rehearse help fmt`\n", stderr);
        good = false;
    }
    if (good) {
        if (suite_load(&suite, paths, path_count, stderr))
            status = fmt_suite(&settings, &suite);
        suite_free(&suite);
    }
    free(paths);
    return status;
}

static const struct option fmt_options[] = {
    { "check", NULL, "write nothing; list the files that would change, with exit status 1 if there are any",
      take_check },
};

const struct verb fmt_verb = {
    .name = "fmt",
    .arguments = "[--check] PATH...",
    .summary = "Rewrites scenario files in the form that the tool prints, with their comments.",
    .about =
        "A PATH is a file or a folder; a folder means every *.scs file below it.  - is standard input, and\n"
        "its new form is written to standard output.\n"
        "Steps get the first of their wordings, stanzas are laid out, and settings that are the default\n"
        "are left out.  A comment stays before the line that follows it.  The new text is parsed and\n"
        "compared with the old one before it is written, so the meaning of a file never changes; a file is\n"
        "replaced as a whole.  When one of the files is malformed, none is changed.\n"
        "\n"
        "Files that cannot be written in this form without a loss are left as they are, named with the\n"
        "reason on standard error, and counted: files with a table, files that name another file, and\n"
        "those with comments inside of raw text or before a line that is not printed.\n"
        "\n"
        "Exit status: 0 when everything was written, also if files were left as they are; 1 if a file would\n"
        "change, with --check; 2 for a usage error, a malformed file, a file that cannot be written, or\n"
        "standard input that cannot be written in this form.\n",
    .options = fmt_options,
    .option_count = sizeof fmt_options / sizeof *fmt_options,
    .act = fmt_act,
};

#include "suite.h"

#include "../must.h"
#include "../printable.h"
#include "output.h"

#include <assert.h>
#include <string.h>

/* ---- Complaints ---- */

static void print_place(const char *path, int line, FILE *errors)
{
    printable_string(errors, path);
    fprintf(errors, ":%d: ", line);
}

/* An error in a line with the values of a row is reported with the row; errors of the first row are those of
 * the file. */
static void print_complaints(const char *path, size_t row, const struct complaints *complaints, FILE *errors)
{
    char where[40] = "";
    size_t kept = complaints->count < COMPLAINTS_MAX ? complaints->count : COMPLAINTS_MAX;
    if (row > 1)
        snprintf(where, sizeof where, " (in row %zu)", row);
    for (size_t i = 0; i < kept; i++) {
        print_place(path, complaints->list[i].line, errors);
        printable_string(errors, complaints->list[i].message);
        fprintf(errors, "%s\n", where);
    }
    if (complaints->count > kept) {
        print_place(path, complaints->list[kept - 1].line, errors);
        fprintf(errors, "and %zu more complaints%s\n", complaints->count - kept, where);
    }
}

/* ---- Files ---- */

/* Called once for each file that the head names. */
static char *read_named(void *host, const char *path, size_t *length)
{
    struct source *source = host;
    files_add(&source->read, must(strdup(path)));
    return file_read(path, length);
}

static struct source *add_source(struct suite *suite, const char *path)
{
    suite->sources = must(realloc(suite->sources, (suite->source_count + 1) * sizeof *suite->sources));
    struct source *source = &suite->sources[suite->source_count++];
    *source = (struct source){ .path = must(strdup(path)) };
    return source;
}

static size_t count_lines(const char *text, size_t length)
{
    size_t lines = 0;
    for (size_t i = 0; i < length; i++)
        lines += text[i] == '\n';
    return lines + (length > 0 && text[length - 1] != '\n');
}

/* ---- Cases ---- */

static void add(struct suite *suite, struct scenario *scenario)
{
    suite->scenarios = must(realloc(suite->scenarios, (suite->count + 1) * sizeof(struct scenario *)));
    suite->scenarios[suite->count++] = scenario;
}

/* Keeps the wanted cases among those from `first` on, which are of one file. */
static void keep_wanted(struct suite *suite, const struct wanted *wanted, size_t first)
{
    const size_t count = suite->count - first;
    struct scenario **cases = suite->scenarios + first;
    bool *keep = must(calloc(count + 1, sizeof *keep));
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        keep[i] = wanted_has(wanted, cases[i], cases, count);
    for (size_t i = 0; i < count; i++) {
        if (keep[i])
            cases[kept++] = cases[i];
        else
            scenario_free(cases[i]);
    }
    suite->count = first + kept;
    suite->file_count += kept > 0;
    free(keep);
}

static void drop_from(struct suite *suite, size_t first)
{
    while (suite->count > first)
        scenario_free(suite->scenarios[--suite->count]);
}

/* The first row shows nearly all errors of the file, so the other rows are parsed only if it has none. */
static bool parse_rows(struct suite *suite, const struct wanted *wanted, struct source *source, size_t length,
                       struct scenario_file *file, FILE *errors)
{
    struct complaints complaints = { 0 };
    const size_t lines = count_lines(source->text, length);
    size_t rows = 1;
    for (size_t row = 1; row <= rows; row++) {
        struct scenario *scenario = scenario_file_row(file, row, &complaints);
        print_complaints(source->path, row, &complaints, errors);
        if (scenario == NULL)
            return false;
        add(suite, scenario);
        if (row == 1 && !wanted_are_there(wanted, source->path, scenario->rows, lines, errors))
            return false;
        if (scenario->rows > 0)
            rows = scenario->rows;
    }
    return true;
}

static bool load(struct suite *suite, const struct wanted *wanted, const char *path, FILE *errors)
{
    size_t length = 0;
    const size_t first = suite->count;
    struct source *source = add_source(suite, path);
    source->text = file_read(path, &length);
    if (source->text == NULL)
        return file_cannot_read(path, errors);
    struct scenario_file *file = scenario_file_new(source->path, source->text, length, read_named, source);
    const bool good = parse_rows(suite, wanted, source, length, file, errors);
    scenario_file_free(file);
    if (good) {
        keep_wanted(suite, wanted, first);
        return true;
    }
    drop_from(suite, first);
    return false;
}

bool suite_read(struct suite *suite, const struct wanted *wanted, const struct file_list *only, FILE *errors)
{
    bool good = true;
    *suite = (struct suite){ 0 };
    for (size_t i = 0; i < wanted->files.count; i++)
        if (only == NULL || files_have(only, wanted->files.names[i]))
            good = load(suite, wanted, wanted->files.names[i], errors) && good;
    return good;
}

bool suite_load(struct suite *suite, const char *const *paths, size_t count, FILE *errors)
{
    struct wanted wanted = { 0 };
    bool good = wanted_find(&wanted, paths, count, errors);
    good = suite_read(suite, &wanted, NULL, errors) && good;
    wanted_free(&wanted);
    return good;
}

void suite_free(struct suite *suite)
{
    drop_from(suite, 0);
    free(suite->scenarios);
    for (size_t i = 0; i < suite->source_count; i++) {
        free(suite->sources[i].path);
        free(suite->sources[i].text);
        files_free(&suite->sources[i].read);
    }
    free(suite->sources);
    *suite = (struct suite){ 0 };
}

/* ---- What is in it ---- */

void suite_narrow(struct suite *suite, bool (*keeps)(const void *host, const struct scenario *scenario),
                  const void *host)
{
    size_t kept = 0;
    suite->file_count = 0;
    for (size_t i = 0; i < suite->count; i++) {
        struct scenario *scenario = suite->scenarios[i];
        if (!keeps(host, scenario)) {
            scenario_free(scenario);
            continue;
        }
        suite->file_count += kept == 0 || strcmp(suite->scenarios[kept - 1]->path, scenario->path) != 0;
        suite->scenarios[kept++] = scenario;
    }
    suite->count = kept;
}

void suite_files(const struct suite *suite, struct file_list *files)
{
    for (size_t i = 0; i < suite->source_count; i++) {
        const struct source *source = &suite->sources[i];
        files_add(files, must(strdup(source->path)));
        for (size_t k = 0; k < source->read.count; k++)
            files_add(files, must(strdup(source->read.names[k])));
    }
    files_sort(files);
}

bool suite_is_apart(const struct suite *suite, const char *verb, const char *option, const char *path,
                    FILE *errors)
{
    struct file_list files = { 0 };
    suite_files(suite, &files);
    const char *clash = output_clash(path, (const char *const *)files.names, files.count);
    if (clash != NULL) {
        fprintf(errors, "rehearse %s: %s", verb, option);
        printable_string(errors, path);
        fputs(" would overwrite ", errors);
        printable_string(errors, clash);
        fputs(", which is run\n", errors);
    }
    files_free(&files);
    return clash == NULL;
}

const char *suite_text(const struct suite *suite, const struct scenario *scenario)
{
    const char *text = NULL;
    for (size_t i = 0; i < suite->source_count && text == NULL; i++)
        if (strcmp(suite->sources[i].path, scenario->path) == 0)
            text = suite->sources[i].text;
    assert(text != NULL);
    return text;
}

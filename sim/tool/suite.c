#include "suite.h"

#include "../must.h"
#include "files.h"
#include "options.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

static char *read_named(void *host, const char *path, size_t *length)
{
    (void)host;
    return file_read(path, length);
}

/* What a row's values make of a line is told with the row; the first stands for the file. */
static void print_complaints(const char *path, size_t row, const struct complaints *complaints, FILE *errors)
{
    char where[40] = "";
    size_t kept = complaints->count < COMPLAINTS_MAX ? complaints->count : COMPLAINTS_MAX;
    if (row > 1)
        snprintf(where, sizeof where, " (in row %zu)", row);
    for (size_t i = 0; i < kept; i++)
        fprintf(errors, "%s:%d: %s%s\n", path, complaints->list[i].line, complaints->list[i].message, where);
    if (complaints->count > kept)
        fprintf(errors, "%s:%d: and %zu complaints more%s\n", path, complaints->list[kept - 1].line,
                complaints->count - kept, where);
}

/* ---- What is wanted ---- */

/* Files to read, of which some are wanted as a whole, and of others these cases, "FILE#3". */
struct wanted {
    struct file_list files, whole, cases;
};

/* The number behind the last '#', 0 when there is none. */
static uint64_t case_number(const char *path)
{
    uint64_t number = 0;
    const char *mark = strrchr(path, '#');
    return mark != NULL && mark > path && options_number(mark + 1, SIZE_MAX, &number) ? number : 0;
}

static char *case_name(const char *path, uint64_t row)
{
    size_t size = strlen(path) + 24;
    char *name = must(malloc(size));
    snprintf(name, size, "%s#%" PRIu64, path, row);
    return name;
}

static bool want_case(struct wanted *wanted, const char *path, uint64_t row, FILE *errors)
{
    char *file = must(strndup(path, (size_t)(strrchr(path, '#') - path)));
    bool found = files_find(&wanted->files, file, errors);
    files_add(&wanted->cases, case_name(file, row));
    free(file);
    return found;
}

static bool want_whole(struct wanted *wanted, const char *path, FILE *errors)
{
    size_t before = wanted->whole.count;
    bool found = files_find(&wanted->whole, path, errors);
    for (size_t i = before; i < wanted->whole.count; i++)
        files_add(&wanted->files, must(strdup(wanted->whole.names[i])));
    return found;
}

/* A file whose own name ends like a case's is that file. */
static bool want(struct wanted *wanted, const char *path, FILE *errors)
{
    struct stat status;
    uint64_t row = case_number(path);
    return row > 0 && stat(path, &status) != 0 ? want_case(wanted, path, row, errors)
                                               : want_whole(wanted, path, errors);
}

static bool lists(const struct file_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->names[i], name) == 0)
            return true;
    return false;
}

static void free_wanted(struct wanted *wanted)
{
    files_free(&wanted->files);
    files_free(&wanted->whole);
    files_free(&wanted->cases);
}

/* ---- Reading ---- */

static void add(struct suite *suite, struct scenario *scenario)
{
    suite->scenarios = must(realloc(suite->scenarios, (suite->count + 1) * sizeof(struct scenario *)));
    suite->scenarios[suite->count++] = scenario;
}

static void keep_wanted(struct suite *suite, const struct wanted *wanted, struct scenario *scenario)
{
    if (lists(&wanted->whole, scenario->path) || lists(&wanted->cases, scenario->name))
        add(suite, scenario);
    else
        scenario_free(scenario);
}

/* Whether each case that is wanted of a file is one that it has. */
static bool has_cases(const struct wanted *wanted, const char *path, size_t rows, FILE *errors)
{
    bool good = true;
    for (size_t i = 0; i < wanted->cases.count; i++) {
        const char *name = wanted->cases.names[i];
        size_t length = strlen(path);
        if (strncmp(name, path, length) != 0 || strrchr(name, '#') != name + length ||
            case_number(name) <= rows)
            continue;
        good = false;
        if (rows == 0)
            fprintf(errors, "rehearse: there is no %s: the file has no table\n", name);
        else
            fprintf(errors, "rehearse: there is no %s: the table has %zu rows\n", name, rows);
    }
    return good;
}

/* Parses the file once for each row.  The first finds nearly all that is wrong in it, so the others are
 * parsed only when that one is good. */
static bool parse_rows(struct suite *suite, const struct wanted *wanted, const char *path, const char *text,
                       size_t length, FILE *errors)
{
    struct complaints complaints = { 0 };
    size_t rows = 1;
    for (size_t row = 1; row <= rows; row++) {
        struct scenario *scenario =
            scenario_parse_row(path, text, length, row, read_named, NULL, &complaints);
        print_complaints(path, row, &complaints, errors);
        if (scenario == NULL)
            return false;
        if (row == 1 && !has_cases(wanted, path, scenario->rows, errors)) {
            scenario_free(scenario);
            return false;
        }
        if (scenario->rows > 0)
            rows = scenario->rows;
        keep_wanted(suite, wanted, scenario);
    }
    return true;
}

static bool load(struct suite *suite, const struct wanted *wanted, const char *path, FILE *errors)
{
    size_t length = 0;
    char *text = file_read(path, &length);
    if (text == NULL) {
        fprintf(errors, "rehearse: cannot read %s: %s\n", path, strerror(errno));
        return false;
    }
    bool good = parse_rows(suite, wanted, path, text, length, errors);
    free(text);
    return good;
}

bool suite_load(struct suite *suite, const char *const *paths, size_t count, FILE *errors)
{
    struct wanted wanted = { 0 };
    bool good = true;
    for (size_t i = 0; i < count; i++)
        good = want(&wanted, paths[i], errors) && good;
    files_sort(&wanted.files);
    *suite = (struct suite){ .file_count = wanted.files.count };
    for (size_t i = 0; i < wanted.files.count; i++)
        good = load(suite, &wanted, wanted.files.names[i], errors) && good;
    free_wanted(&wanted);
    return good;
}

void suite_free(struct suite *suite)
{
    for (size_t i = 0; i < suite->count; i++)
        scenario_free(suite->scenarios[i]);
    free(suite->scenarios);
    *suite = (struct suite){ 0 };
}

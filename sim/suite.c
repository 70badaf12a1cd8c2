#include "suite.h"

#include "files.h"
#include "must.h"

#include <errno.h>
#include <string.h>

static char *read_named(void *host, const char *path, size_t *length)
{
    (void)host;
    return file_read(path, length);
}

static void print_complaints(const char *path, const struct complaints *complaints, FILE *errors)
{
    size_t kept = complaints->count < COMPLAINTS_MAX ? complaints->count : COMPLAINTS_MAX;
    for (size_t i = 0; i < kept; i++)
        fprintf(errors, "%s:%d: %s\n", path, complaints->list[i].line, complaints->list[i].message);
    if (complaints->count > kept)
        fprintf(errors, "%s:%d: and %zu complaints more\n", path, complaints->list[kept - 1].line,
                complaints->count - kept);
}

static struct scenario *load(const char *path, FILE *errors)
{
    struct complaints complaints = { 0 };
    size_t length = 0;
    char *text = file_read(path, &length);
    if (text == NULL) {
        fprintf(errors, "rehearse: cannot read %s: %s\n", path, strerror(errno));
        return NULL;
    }
    struct scenario *scenario = scenario_parse(path, text, length, read_named, NULL, &complaints);
    free(text);
    print_complaints(path, &complaints, errors);
    return scenario;
}

bool suite_load(struct suite *suite, const char *const *paths, size_t count, FILE *errors)
{
    struct file_list files = { 0 };
    bool good = true;
    for (size_t i = 0; i < count; i++)
        good = files_find(&files, paths[i], errors) && good;
    files_sort(&files);
    *suite = (struct suite){ .scenarios = must(calloc(files.count + 1, sizeof(struct scenario *))) };
    for (size_t i = 0; i < files.count; i++) {
        struct scenario *scenario = load(files.names[i], errors);
        if (scenario == NULL)
            good = false;
        else
            suite->scenarios[suite->count++] = scenario;
    }
    files_free(&files);
    return good;
}

void suite_free(struct suite *suite)
{
    for (size_t i = 0; i < suite->count; i++)
        scenario_free(suite->scenarios[i]);
    free(suite->scenarios);
    *suite = (struct suite){ 0 };
}

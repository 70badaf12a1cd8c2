#include "suite.h"

#include "files.h"
#include "must.h"

#include <errno.h>
#include <string.h>

/* Reads a file that a scenario's head names; the host is the scenario's path.  A relative name counts from
 * the scenario's folder. */
static char *read_beside(void *host, const char *path, size_t *length)
{
    const char *scenario = host;
    size_t folder = file_folder(scenario);
    if (path[0] == '/' || folder == 0)
        return file_read(path, length);
    size_t size = folder + strlen(path) + 2;
    char *joined = must(malloc(size));
    snprintf(joined, size, "%.*s/%s", (int)folder, scenario, path);
    char *text = file_read(joined, length);
    free(joined);
    return text;
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

static struct scenario *load(char *path, FILE *errors)
{
    struct complaints complaints = { 0 };
    size_t length = 0;
    char *text = file_read(path, &length);
    if (text == NULL) {
        fprintf(errors, "rehearse: cannot read %s: %s\n", path, strerror(errno));
        return NULL;
    }
    struct scenario *scenario = scenario_parse(path, text, length, read_beside, path, &complaints);
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
    *suite = (struct suite){ .scenarios = must(calloc(files.count + 1, sizeof *suite->scenarios)) };
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

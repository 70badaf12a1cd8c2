#include "last_failed.h"

#include "../must.h"
#include "../text.h"
#include "output.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

/* ---- Where ---- */

static char *working_directory(void)
{
    size_t size = 256;
    char *path = must(malloc(size));
    while (getcwd(path, size) == NULL) {
        if (errno != ERANGE) {
            free(path);
            return NULL;
        }
        size *= 2;
        path = must(realloc(path, size));
    }
    return path;
}

/* The folder of all records; NULL when there is none.  The part of its path after `given` bytes may not exist
 * yet. */
static char *state_folder(size_t *given)
{
    struct text folder = { 0 };
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    const bool has_state = state != NULL && state[0] == '/';
    if (!has_state && (home == NULL || home[0] != '/'))
        return NULL;
    text_string(&folder, has_state ? state : home);
    *given = folder.length;
    text_string(&folder, has_state ? "/rehearse" : "/.local/state/rehearse");
    return text_take(&folder);
}

/* Creates the folder.  Returns whether it exists and is writable. */
static bool make_folder(char *folder, size_t given)
{
    for (char *slash = strchr(folder + given, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(folder, 0700);
        *slash = '/';
    }
    (void)mkdir(folder, 0700);
    return access(folder, W_OK | X_OK) == 0;
}

static char *record_path(const char *folder, const char *directory)
{
    const size_t size = strlen(folder) + 18;
    char *path = must(malloc(size));
    snprintf(path, size, "%s/%016" PRIx64, folder, (uint64_t)XXH3_64bits(directory, strlen(directory)));
    return path;
}

/* ---- The record: the working directory and the names, each with its NUL ---- */

bool last_failed_parse(const char *text, size_t length, const char *directory, struct file_list *names)
{
    if (length == 0 || text[length - 1] != '\0' || strcmp(text, directory) != 0)
        return false;
    for (const char *at = text + strlen(text) + 1; at < text + length; at += strlen(at) + 1)
        files_add(names, must(strdup(at)));
    files_sort(names);
    return true;
}

/* Reads the names, sorted.  Returns false when there is no record. */
static bool read_record(struct file_list *names)
{
    size_t given = 0;
    size_t length = 0;
    char *directory = working_directory();
    char *folder = state_folder(&given);
    char *path = directory != NULL && folder != NULL ? record_path(folder, directory) : NULL;
    char *text = path != NULL ? file_read(path, &length) : NULL;
    const bool good = text != NULL && last_failed_parse(text, length, directory, names);
    free(text);
    free(path);
    free(folder);
    free(directory);
    return good;
}

/* The file is replaced as a whole: of two runs that end at the same time, the record of the later one
 * remains. */
static void write_names(const char *path, const char *directory, const struct file_list *names)
{
    struct output *output = output_open(path);
    if (output == NULL)
        return;
    FILE *file = output_file(output);
    fwrite(directory, 1, strlen(directory) + 1, file);
    for (size_t i = 0; i < names->count; i++)
        fwrite(names->names[i], 1, strlen(names->names[i]) + 1, file);
    (void)output_commit(output);
}

static void write_record(const struct file_list *names)
{
    size_t given = 0;
    char *directory = working_directory();
    char *folder = state_folder(&given);
    if (directory != NULL && folder != NULL && make_folder(folder, given)) {
        char *path = record_path(folder, directory);
        write_names(path, directory, names);
        free(path);
    }
    free(folder);
    free(directory);
}

/* ---- Noting ---- */

void last_failed_note(struct last_failed *last, const struct scenario *scenario, bool passed)
{
    if (!file_is_given_open(scenario->path))
        files_add(passed ? &last->settled : &last->failed, must(strdup(scenario->name)));
}

void last_failed_keep(struct last_failed *last)
{
    struct file_list before = { 0 };
    (void)read_record(&before);
    files_sort(&last->settled);
    for (size_t i = 0; i < before.count; i++)
        if (!files_have(&last->settled, before.names[i]))
            files_add(&last->failed, must(strdup(before.names[i])));
    files_sort(&last->failed);
    write_record(&last->failed);
    files_free(&before);
}

void last_failed_free(struct last_failed *last)
{
    files_free(&last->failed);
    files_free(&last->settled);
}

/* ---- Loading ---- */

/* The file of a case: the name itself, if there is a file of that name. */
static char *file_of(const char *name)
{
    const char *mark = strrchr(name, '#');
    if (mark == NULL || access(name, F_OK) == 0)
        return must(strdup(name));
    return must(strndup(name, (size_t)(mark - name)));
}

/* Whole files, because a table may have fewer rows by now. */
static struct file_list files_of(const struct file_list *names)
{
    struct file_list files = { 0 };
    for (size_t i = 0; i < names->count; i++) {
        char *file = file_of(names->names[i]);
        if (access(file, F_OK) == 0)
            files_add(&files, file);
        else
            free(file);
    }
    files_sort(&files);
    return files;
}

static bool is_on_record(const void *names, const struct scenario *scenario)
{
    return files_have(names, scenario->name);
}

static void settle_missing(struct last_failed *last, const struct file_list *names, const struct suite *suite)
{
    struct file_list there = { 0 };
    for (size_t i = 0; i < suite->count; i++)
        files_add(&there, must(strdup(suite->scenarios[i]->name)));
    files_sort(&there);
    for (size_t i = 0; i < names->count; i++)
        if (!files_have(&there, names->names[i]))
            files_add(&last->settled, must(strdup(names->names[i])));
    files_free(&there);
}

static bool load_all(struct last_failed *last, struct suite *suite, const struct file_list *names,
                     FILE *errors)
{
    struct file_list files = files_of(names);
    const bool good = suite_load(suite, (const char *const *)files.names, files.count, errors);
    files_free(&files);
    if (!good)
        return false;
    suite_narrow(suite, is_on_record, names);
    settle_missing(last, names, suite);
    return true;
}

static bool load_some(struct suite *suite, const char *const *paths, size_t count,
                      const struct file_list *names, FILE *errors)
{
    if (!suite_load(suite, paths, count, errors))
        return false;
    suite_narrow(suite, is_on_record, names);
    return true;
}

bool last_failed_load(struct last_failed *last, struct suite *suite, const char *const *paths, size_t count,
                      FILE *errors)
{
    struct file_list names = { 0 };
    if (!read_record(&names)) {
        fputs("rehearse: no run is recorded for this folder, so the cases that failed last are not known\n",
              errors);
        return false;
    }
    const bool good =
        count > 0 ? load_some(suite, paths, count, &names, errors) : load_all(last, suite, &names, errors);
    if (good && suite->count == 0)
        fprintf(errors, "rehearse: nothing%s failed last time\n", count > 0 ? " of this" : "");
    files_free(&names);
    return good;
}

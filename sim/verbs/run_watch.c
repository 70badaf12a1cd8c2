#include "run_watch.h"

#include "../must.h"
#include "../printable.h"
#include "../tool/options.h"
#include "../tool/watch.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file that a scenario's head names. */
struct use {
    char *scenario, *file;
};

struct watching {
    const struct run_watch *run;
    struct watch *watch;
    struct file_list known; /* the known scenarios */
    struct use *uses;
    size_t use_count;
    char *told; /* the path that was not found in the last search */
    char *program;
    struct stat built; /* the program at its start */
};

/* ---- The program ---- */

static void find_program(struct watching *watching)
{
    enum { PATH_MOST = 4096 };
    char path[PATH_MOST];
    const ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    if (length <= 0)
        return;
    path[length] = '\0';
    if (stat(path, &watching->built) == 0)
        watching->program = must(strdup(path));
}

/* A program that a linker is still writing is not complete. */
static bool is_built_again(const struct watching *watching, const struct changes *changes)
{
    struct stat now;
    const struct stat *then = &watching->built;
    return watching->program != NULL && files_have(&changes->saved, watching->program) &&
           stat(watching->program, &now) == 0 &&
           (now.st_ino != then->st_ino || now.st_size != then->st_size ||
            now.st_mtim.tv_sec != then->st_mtim.tv_sec || now.st_mtim.tv_nsec != then->st_mtim.tv_nsec);
}

/* Returns only when the execution failed. */
static void execute_again(struct watching *watching)
{
    fprintf(stderr, "rehearse: the program was rebuilt\n");
    fflush(NULL);
    execv(watching->program, (char *const *)watching->run->command);
    fprintf(stderr, "rehearse: cannot execute the new program: %s\n", strerror(errno));
    (void)stat(watching->program, &watching->built);
}

/* ---- What to watch ---- */

/* Repeated each time, because there may be new folders. */
static void watch_all(struct watching *watching)
{
    for (size_t i = 0; i < watching->run->path_count; i++) {
        watch_beside(watching->watch, watching->run->paths[i]);
        watch_below(watching->watch, watching->run->paths[i]);
    }
    for (size_t i = 0; i < watching->use_count; i++)
        watch_beside(watching->watch, watching->uses[i].file);
    if (watching->program != NULL)
        watch_beside(watching->watch, watching->program);
}

static bool is_used(const struct watching *watching, const char *scenario, const char *file)
{
    for (size_t i = 0; i < watching->use_count; i++)
        if (strcmp(watching->uses[i].scenario, scenario) == 0 && strcmp(watching->uses[i].file, file) == 0)
            return true;
    return false;
}

static void note_uses(struct watching *watching, const struct source *source)
{
    for (size_t i = 0; i < source->read.count; i++) {
        if (is_used(watching, source->path, source->read.names[i]))
            continue;
        watching->uses = must(realloc(watching->uses, (watching->use_count + 1) * sizeof *watching->uses));
        watching->uses[watching->use_count++] =
            (struct use){ must(strdup(source->path)), must(strdup(source->read.names[i])) };
        watch_beside(watching->watch, source->read.names[i]);
    }
}

/* ---- Selecting scenarios ---- */

static bool is_concerned(const struct watching *watching, const struct changes *changes, const char *scenario)
{
    if (changes->everything || files_have(&changes->names, scenario) ||
        !files_have(&watching->known, scenario))
        return true;
    for (size_t i = 0; i < watching->use_count; i++)
        if (strcmp(watching->uses[i].scenario, scenario) == 0 &&
            files_have(&changes->names, watching->uses[i].file))
            return true;
    return false;
}

static struct file_list find_concerned(const struct watching *watching, const struct wanted *wanted,
                                       const struct changes *changes)
{
    struct file_list concerned = { 0 };
    for (size_t i = 0; i < wanted->files.count; i++)
        if (is_concerned(watching, changes, wanted->files.names[i]))
            files_add(&concerned, must(strdup(wanted->files.names[i])));
    files_sort(&concerned);
    return concerned;
}

static void know(struct watching *watching, const struct file_list *files)
{
    files_free(&watching->known);
    for (size_t i = 0; i < files->count; i++)
        files_add(&watching->known, must(strdup(files->names[i])));
    files_sort(&watching->known);
}

/* A path that is not found is reported once. Returns false when there is one. */
static bool find(struct watching *watching, struct wanted *wanted)
{
    char *text = NULL;
    size_t length = 0;
    FILE *errors = must(open_memstream(&text, &length));
    const bool good = wanted_find(wanted, watching->run->paths, watching->run->path_count, errors);
    fclose(errors);
    must(text);
    if (watching->told == NULL || strcmp(text, watching->told) != 0)
        fputs(text, stderr);
    free(watching->told);
    watching->told = text;
    return good;
}

static void tell_again(const struct file_list *concerned)
{
    fputs("\nrehearse: run again: ", stderr);
    printable_string(stderr, concerned->names[0]);
    if (concerned->count > 1)
        fprintf(stderr, " and %zu more", concerned->count - 1);
    fputc('\n', stderr);
}

/* Returns false after printing complaints; the well-formed files are in the suite then. */
static bool load(struct watching *watching, const struct wanted *wanted, const struct file_list *only,
                 struct suite *suite)
{
    const bool good = suite_read(suite, wanted, only, stderr);
    for (size_t i = 0; i < suite->source_count; i++)
        note_uses(watching, &suite->sources[i]);
    return good;
}

static int run(const struct watching *watching, const struct suite *suite)
{
    const int status = suite->count > 0 ? watching->run->run(watching->run->host, suite) : STATUS_HELD;
    if (status <= STATUS_WRONG)
        fputs("rehearse: waiting until a file is saved; Ctrl-C ends\n", stderr);
    return status;
}

/* ---- Rounds: each returns the status of what was run ---- */

/* Whether all are files that can be saved. */
static bool are_files(const struct wanted *wanted)
{
    for (size_t i = 0; i < wanted->files.count; i++) {
        if (!file_is_given_open(wanted->files.names[i]))
            continue;
        fputs("rehearse run: --watch needs files that can be saved; standard input is not one\n", stderr);
        return false;
    }
    return true;
}

/* The first round runs everything that is well formed. Returns false when nothing was selected. */
static bool begin(struct watching *watching, int *status)
{
    struct wanted wanted = { 0 };
    struct suite suite = { 0 };
    bool good = find(watching, &wanted) && are_files(&wanted);
    if (good) {
        know(watching, &wanted.files);
        if (load(watching, &wanted, NULL, &suite))
            good = selection_apply(watching->run->selection, &suite, stderr);
        else
            selection_narrow(watching->run->selection, &suite);
    }
    if (good)
        *status = run(watching, &suite);
    suite_free(&suite);
    wanted_free(&wanted);
    return good;
}

static int run_changed(struct watching *watching, const struct changes *changes)
{
    struct wanted wanted = { 0 };
    struct suite suite = { 0 };
    int status = STATUS_HELD;
    (void)find(watching, &wanted);
    struct file_list concerned = find_concerned(watching, &wanted, changes);
    know(watching, &wanted.files);
    if (concerned.count > 0) {
        tell_again(&concerned);
        (void)load(watching, &wanted, &concerned, &suite);
        selection_narrow(watching->run->selection, &suite);
        status = run(watching, &suite);
        suite_free(&suite);
    }
    files_free(&concerned);
    wanted_free(&wanted);
    return status;
}

static int go_on(struct watching *watching, int status)
{
    struct changes changes;
    while (status <= STATUS_WRONG && watch_wait(watching->watch, &changes)) {
        if (is_built_again(watching, &changes))
            execute_again(watching);
        watch_all(watching);
        status = run_changed(watching, &changes);
        changes_free(&changes);
    }
    return status;
}

static void free_watching(struct watching *watching)
{
    watch_free(watching->watch);
    files_free(&watching->known);
    for (size_t i = 0; i < watching->use_count; i++) {
        free(watching->uses[i].scenario);
        free(watching->uses[i].file);
    }
    free(watching->uses);
    free(watching->told);
    free(watching->program);
}

int run_watch(const struct run_watch *run)
{
    int status = STATUS_WRONG;
    struct watching watching = { .run = run, .watch = watch_new(stderr) };
    if (watching.watch == NULL)
        return STATUS_WRONG;
    find_program(&watching);
    watch_all(&watching);
    if (begin(&watching, &status))
        status = go_on(&watching, status);
    free_watching(&watching);
    return status;
}

#define _XOPEN_SOURCE 700 /* for realpath, readlink */

#include "fuzz_programs.h"

#include "../must.h"
#include "../shrink/stored_input.h"
#include "../text.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* In the order of what a run costs. */
static const char *const folders[] = { "fuzz", "fuzz/libfuzzer", "asan/fuzz" };
enum { FOLDERS = sizeof folders / sizeof *folders };

static char *join(const char *folder, const char *name)
{
    struct text path = { 0 };
    text_string(&path, folder);
    text_string(&path, "/");
    text_string(&path, name);
    return text_take(&path);
}

/* Where the system says which file is executed, a tool that was found in PATH is found too. */
char *fuzz_programs_folder(const char *program)
{
    char *real = strchr(program, '/') != NULL ? realpath(program, NULL) : realpath("/proc/self/exe", NULL);
    if (real == NULL)
        return must(strdup("build"));
    char *slash = strrchr(real, '/');
    *(slash == real ? slash + 1 : slash) = '\0';
    return real;
}

static bool is_program(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

/* ---- Targets ---- */

static void find_in(struct file_list *targets, const char *folder)
{
    DIR *entries = opendir(folder);
    if (entries == NULL)
        return;
    for (const struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        char *path = join(folder, entry->d_name);
        if (strchr(entry->d_name, '.') == NULL && is_program(path))
            files_add(targets, must(strdup(entry->d_name)));
        free(path);
    }
    closedir(entries);
}

void fuzz_targets_find(struct file_list *targets, const char *folder)
{
    static const char *const own[] = { "plot", "run" };
    for (size_t i = 0; i < FOLDERS; i++) {
        char *path = join(folder, folders[i]);
        find_in(targets, path);
        free(path);
    }
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (stored_input_is_run_here(own[i]))
            files_add(targets, must(strdup(own[i])));
    files_sort(targets);
}

void fuzz_programs_find(struct file_list *programs, const char *folder, const char *target)
{
    for (size_t i = 0; i < FOLDERS; i++) {
        char *beside = join(folder, folders[i]);
        char *path = join(beside, target);
        if (is_program(path))
            files_add(programs, path);
        else
            free(path);
        free(beside);
    }
}

/* ---- The target of an input ---- */

static const char *find_word(const struct file_list *targets, const char *word, size_t length)
{
    for (size_t i = 0; i < targets->count; i++)
        if (strlen(targets->names[i]) == length && memcmp(targets->names[i], word, length) == 0)
            return targets->names[i];
    return NULL;
}

/* The folders from the nearest on. */
static const char *find_folder(const struct file_list *targets, const char *path)
{
    const char *found = NULL;
    for (const char *end = strrchr(path, '/'); found == NULL && end != NULL && end > path;) {
        const char *begin = end;
        while (begin > path && begin[-1] != '/')
            begin--;
        found = find_word(targets, begin, (size_t)(end - begin));
        end = begin > path ? begin - 1 : NULL;
    }
    return found;
}

const char *fuzz_target_of_path(const struct file_list *targets, const char *path)
{
    char *real = realpath(path, NULL);
    const char *whole = real != NULL ? real : path;
    const char *slash = strrchr(whole, '/');
    const char *name = slash != NULL ? slash + 1 : whole;
    const size_t length = strcspn(name, "-_.");
    const char *found = name[length] != '\0' ? find_word(targets, name, length) : NULL;
    if (found == NULL)
        found = find_folder(targets, whole);
    free(real);
    return found;
}

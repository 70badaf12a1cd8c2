/*
 * replay.c - the driver that runs stored inputs once each, without a fuzzer.
 *
 *      build/fuzz/NAME [--here] [FILE|FOLDER]...     runs them in the order of their names
 *      build/fuzz/NAME --list                        prints the target's name and sentence
 *      build/fuzz/NAME --limits                      prints longest, seconds, megabytes and dictionary, for scripts
 *
 * Inputs run in a child process.  An input that ends it, or that takes longer than the target allows, has failed;
 * the inputs after it run in another.  With --here they run in this process, as a debugger wants it.  Exit status:
 * 0; 1 when an input has failed; 2 when one cannot be read, or there is none.
 */
#include "fuzz.h"

#include "../must.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct names {
    char **at;
    size_t count, size;
};

static void names_add(struct names *names, const char *folder, const char *name)
{
    if (names->count == names->size) {
        names->size = names->size * 2 + 64;
        names->at = must(realloc(names->at, names->size * sizeof *names->at));
    }
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = must(malloc(size));
    snprintf(path, size, "%s%s%s", folder, *folder != '\0' ? "/" : "", name);
    names->at[names->count++] = path;
}

static void names_free(struct names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->at[i]);
    free(names->at);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* The files of a folder, without folders in it, hidden files, and the texts that say what an input is about. */
static bool add_folder(struct names *names, const char *path)
{
    DIR *folder = opendir(path);
    if (folder == NULL)
        return false;
    size_t first = names->count;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        const char *end = strrchr(entry->d_name, '.');
        if (entry->d_name[0] == '.' || (end != NULL && strcmp(end, ".txt") == 0))
            continue;
        names_add(names, path, entry->d_name);
        if (is_folder(names->at[names->count - 1]))
            free(names->at[--names->count]);
    }
    closedir(folder);
    if (names->count > first)
        qsort(names->at + first, names->count - first, sizeof *names->at, compare_names);
    return true;
}

/* ---- One input ---- */

/* The bytes, as many as the target wants; NULL when the file cannot be read.  The block is as large as they are, so
 * that a sanitizer finds what reads beyond. */
static uint8_t *read_input(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return NULL;
    uint8_t *bytes = must(malloc(fuzz_target.longest + 1));
    *length = fread(bytes, 1, fuzz_target.longest, file);
    bool failed = ferror(file) != 0;
    fclose(file);
    if (failed) {
        free(bytes);
        return NULL;
    }
    return must(realloc(bytes, *length > 0 ? *length : 1));
}

static bool run_input(const char *path)
{
    size_t length;
    uint8_t *bytes = read_input(path, &length);
    if (bytes == NULL) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return false;
    }
    (void)LLVMFuzzerTestOneInput(bytes, length);
    free(bytes);
    return true;
}

/* ---- All of them ---- */

/* The child: a byte for each input that it has run. */
_Noreturn static void run_from(const struct names *names, size_t first, int done)
{
    for (size_t i = first; i < names->count; i++) {
        alarm(fuzz_target.seconds);
        if (!run_input(names->at[i]))
            exit(2);
        if (write(done, "", 1) != 1)
            exit(2);
    }
    exit(0);
}

static void complain(const char *program, const char *path, int status)
{
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
        printf("FAILED %s: it took more than %u s\n", path, fuzz_target.seconds);
    else if (WIFSIGNALED(status))
        printf("FAILED %s: signal %d\n", path, WTERMSIG(status));
    else
        printf("FAILED %s: exit status %d\n", path, WEXITSTATUS(status));
    printf("  %s --here %s\n", program, path);
}

/* Runs inputs in a child as long as it lives.  Returns how many it has run; `status` is how it ended. */
static size_t run_in_child(const struct names *names, size_t first, int *status)
{
    int ends[2];
    char run[64];
    size_t count = 0;
    fflush(NULL);
    if (pipe(ends) != 0)
        abort();
    pid_t child = fork();
    if (child < 0)
        abort();
    if (child == 0) {
        close(ends[0]);
        run_from(names, first, ends[1]);
    }
    close(ends[1]);
    for (ssize_t got; (got = read(ends[0], run, sizeof run)) > 0;)
        count += (size_t)got;
    close(ends[0]);
    if (waitpid(child, status, 0) != child)
        abort();
    return count;
}

static int run_all(const char *program, const struct names *names)
{
    size_t failed = 0;
    for (size_t next = 0; next < names->count;) {
        int status;
        next += run_in_child(names, next, &status);
        if (next == names->count && status == 0)
            break;
        /* A leak is found when the child ends: the last input is named, and all of them are meant. */
        complain(program, names->at[next < names->count ? next : next - 1], status);
        failed++;
        next++;
    }
    printf("%zu passed, %zu failed\n", names->count - failed, failed);
    return failed > 0 ? 1 : 0;
}

static int run_here(const struct names *names)
{
    for (size_t i = 0; i < names->count; i++) {
        fprintf(stderr, "%s\n", names->at[i]);
        if (!run_input(names->at[i]))
            return 2;
    }
    printf("%zu passed, 0 failed\n", names->count);
    return 0;
}

static int print_limits(void)
{
    printf("%zu %u %u %s\n", fuzz_target.longest, fuzz_target.seconds, fuzz_target.megabytes,
           fuzz_target.dictionary != NULL ? fuzz_target.dictionary : "-");
    return 0;
}

/* A file, or all files of a folder; returns false, with errno, when it cannot be read. */
static bool add_input(struct names *names, const char *path)
{
    if (is_folder(path))
        return add_folder(names, path);
    names_add(names, "", path);
    return access(path, R_OK) == 0;
}

int main(int count, char **arguments)
{
    struct names names = { 0 };
    fuzz_replays = true;
    int first = count > 1 && strcmp(arguments[1], "--here") == 0 ? 2 : 1;
    if (count == 2 && strcmp(arguments[1], "--list") == 0) {
        printf("%-10s %s\n", fuzz_target.name, fuzz_target.what);
        return 0;
    }
    if (count == 2 && strcmp(arguments[1], "--limits") == 0)
        return print_limits();
    for (int i = first; i < count; i++)
        if (!add_input(&names, arguments[i])) {
            fprintf(stderr, "%s: %s\n", arguments[i], strerror(errno));
            names_free(&names);
            return 2;
        }
    if (names.count == 0) {
        fprintf(stderr, "usage: %s [--here] FILE|FOLDER..., or --list, or --limits; there is no input\n",
                arguments[0]);
        names_free(&names);
        return 2;
    }
    int status = first == 2 ? run_here(&names) : run_all(arguments[0], &names);
    names_free(&names);
    return status;
}

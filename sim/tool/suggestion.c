#include "suggestion.h"

#include "../must.h"
#include "../printable.h"
#include "files.h"
#include "options.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static void suggest(FILE *out, const char *meant)
{
    if (meant == NULL)
        return;
    fputs("; did you mean ", out);
    printable_string(out, meant);
    fputc('?', out);
}

void suggestion_name(FILE *out, const char *word, size_t length, const char *const *names, size_t count)
{
    suggest(out, options_likeliest(word, length, names, count));
}

/* ---- Paths ---- */

static bool exists(const char *path)
{
    return access(path, F_OK) == 0;
}

static char *join(const char *folder, size_t folder_length, const char *name, const char *rest)
{
    const size_t size = folder_length + strlen(name) + strlen(rest) + 1;
    char *path = must(malloc(size));
    snprintf(path, size, "%.*s%s%s", (int)folder_length, folder, name, rest);
    return path;
}

/* The position of the first missing part of the path: the length of the longest existing prefix, including
 * its slash. */
static size_t find_missing(const char *path)
{
    size_t begin = strspn(path, "/");
    for (size_t at = begin; path[at] != '\0';) {
        at += strcspn(path + at, "/");
        char *part = must(strndup(path, at));
        const bool there = exists(part);
        free(part);
        if (!there)
            break;
        at += strspn(path + at, "/");
        begin = at;
    }
    return begin;
}

/* The existing entries of the folder (a link may have no target), sorted, so that the suggestion is
 * deterministic. */
static struct file_list read_folder(const char *path, size_t length)
{
    struct file_list names = { 0 };
    char *folder = length > 0 ? must(strndup(path, length)) : must(strdup("."));
    DIR *entries = opendir(folder);
    for (struct dirent *entry = entries != NULL ? readdir(entries) : NULL; entry != NULL;
         entry = readdir(entries))
        if (entry->d_name[0] != '.' && faccessat(dirfd(entries), entry->d_name, F_OK, 0) == 0)
            files_add(&names, must(strdup(entry->d_name)));
    if (entries != NULL)
        closedir(entries);
    free(folder);
    files_sort(&names);
    return names;
}

/* The caller frees; NULL when no path is similar. */
static char *nearest_path(const char *path)
{
    const size_t begin = find_missing(path);
    const size_t length = strcspn(path + begin, "/");
    struct file_list names = read_folder(path, begin);
    const char *meant =
        options_likeliest(path + begin, length, (const char *const *)names.names, names.count);
    char *whole = meant != NULL ? join(path, begin, meant, path + begin + length) : NULL;
    if (whole != NULL && !exists(whole)) {
        free(whole);
        whole = join(path, begin, meant, "");
    }
    files_free(&names);
    return whole;
}

void suggestion_path(FILE *out, const char *path)
{
    char *meant = join(path, strlen(path), ".scs", "");
    if (!exists(meant)) {
        free(meant);
        meant = nearest_path(path);
    }
    suggest(out, meant);
    free(meant);
}

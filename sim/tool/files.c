#include "files.h"

#include "../must.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

size_t file_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? 0 : (size_t)(slash - path);
}

static bool cannot_read(const char *path, FILE *errors)
{
    fprintf(errors, "rehearse: cannot read %s: %s\n", path, strerror(errno));
    return false;
}

void files_add(struct file_list *list, char *name)
{
    if (list->count == list->room) {
        list->room = list->room == 0 ? 32 : list->room * 2;
        list->names = must(realloc(list->names, list->room * sizeof *list->names));
    }
    list->names[list->count++] = name;
}

static char *join(const char *folder, const char *name)
{
    size_t size = strlen(folder) + strlen(name) + 2;
    bool rooted = strcmp(folder, "/") == 0;
    char *path = must(malloc(size));
    snprintf(path, size, "%s%s%s", folder, rooted ? "" : "/", name);
    return path;
}

static bool is_scenario(const char *name)
{
    size_t length = strlen(name);
    return length > 4 && strcmp(name + length - 4, ".scs") == 0;
}

static bool find_below(struct file_list *list, const char *folder, FILE *errors);

/* A link to a folder may lead back above it, so only links to files are followed. */
static bool find_entry(struct file_list *list, const char *path, FILE *errors)
{
    struct stat self;
    struct stat target;
    if (lstat(path, &self) != 0)
        return cannot_read(path, errors);
    if (S_ISDIR(self.st_mode))
        return find_below(list, path, errors);
    if (!is_scenario(path))
        return true;
    if (stat(path, &target) != 0)
        return cannot_read(path, errors);
    if (S_ISREG(target.st_mode))
        files_add(list, must(strdup(path)));
    return true;
}

/* NULL at the end, and then errno is 0, or where the rest cannot be read. */
static struct dirent *next_entry(DIR *entries)
{
    errno = 0;
    return readdir(entries);
}

static bool find_below(struct file_list *list, const char *folder, FILE *errors)
{
    bool readable = true;
    DIR *entries = opendir(folder);
    if (entries == NULL)
        return cannot_read(folder, errors);
    for (struct dirent *entry = next_entry(entries); entry != NULL; entry = next_entry(entries)) {
        if (entry->d_name[0] == '.')
            continue;
        char *path = join(folder, entry->d_name);
        readable = find_entry(list, path, errors) && readable;
        free(path);
    }
    if (errno != 0)
        readable = cannot_read(folder, errors);
    closedir(entries);
    return readable;
}

bool files_find(struct file_list *list, const char *path, FILE *errors)
{
    struct stat status;
    size_t before = list->count;
    if (stat(path, &status) != 0)
        return cannot_read(path, errors);
    char *name = must(strdup(path));
    for (size_t length = strlen(name); length > 1 && name[length - 1] == '/'; length--)
        name[length - 1] = '\0';
    if (!S_ISDIR(status.st_mode)) {
        files_add(list, name);
        return true;
    }
    bool readable = find_below(list, name, errors);
    free(name);
    if (readable && list->count == before)
        fprintf(errors, "rehearse: %s: no scenario (*.scs) below this folder\n", path);
    return readable && list->count > before;
}

static int compare_names(const void *left, const void *right)
{
    const char *a = *(const char *const *)left;
    const char *b = *(const char *const *)right;
    size_t folder_a = file_folder(a);
    size_t folder_b = file_folder(b);
    int order = memcmp(a, b, folder_a < folder_b ? folder_a : folder_b);
    if (order != 0)
        return order;
    if (folder_a != folder_b)
        return folder_a < folder_b ? -1 : 1;
    return strcmp(a + folder_a, b + folder_b);
}

void files_sort(struct file_list *list)
{
    size_t kept = 0;
    if (list->count == 0)
        return;
    qsort(list->names, list->count, sizeof *list->names, compare_names);
    for (size_t i = 1; i < list->count; i++) {
        if (strcmp(list->names[kept], list->names[i]) == 0)
            free(list->names[i]);
        else
            list->names[++kept] = list->names[i];
    }
    list->count = kept + 1;
}

void files_free(struct file_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->names[i]);
    free(list->names);
    *list = (struct file_list){ 0 };
}

/* The string grows until the file ends, so that what has no size beforehand, a pipe, can be read as well. */
static char *read_all(FILE *file, size_t *length)
{
    size_t room = 16384;
    size_t filled = 0;
    char *text = must(malloc(room));
    for (;;) {
        size_t got = fread(text + filled, 1, room - filled - 1, file);
        filled += got;
        if (got == 0)
            break;
        if (filled + 1 == room) {
            room *= 2;
            text = must(realloc(text, room));
        }
    }
    assert(filled < room);
    text[filled] = '\0';
    *length = filled;
    return text;
}

char *file_read(const char *path, size_t *length)
{
    size_t filled = 0;
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return NULL;
    char *text = read_all(file, &filled);
    int reason = ferror(file) ? errno : 0;
    fclose(file);
    if (reason != 0) {
        free(text);
        errno = reason;
        return NULL;
    }
    if (length != NULL)
        *length = filled;
    return text;
}

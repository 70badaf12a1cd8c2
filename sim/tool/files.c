#include "files.h"

#include "../must.h"
#include "../printable.h"
#include "machine.h"
#include "suggestion.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

size_t file_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? 0 : (size_t)(slash - path);
}

bool file_is_standard_input(const char *path)
{
    return strcmp(path, "-") == 0;
}

static void print_reason(const char *path, FILE *errors)
{
    const int reason = errno;
    fputs("rehearse: cannot read ", errors);
    printable_string(errors, path);
    fprintf(errors, ": %s", strerror(reason));
}

bool file_cannot_read(const char *path, FILE *errors)
{
    const bool missing = errno == ENOENT;
    print_reason(path, errors);
    if (missing)
        suggestion_path(errors, path);
    fputc('\n', errors);
    return false;
}

/* An entry of a folder was not typed by the user, so no similar name is suggested. */
static bool cannot_read_entry(const char *path, FILE *errors)
{
    print_reason(path, errors);
    fputc('\n', errors);
    return false;
}

static bool complain(const char *path, const char *what, FILE *errors)
{
    fputs("rehearse: ", errors);
    printable_string(errors, path);
    fprintf(errors, "%s\n", what);
    return false;
}

/* A file that was open when the program started may be a pipe, such as the shell's <(...).  Another pipe
 * might have no writer, and a device no end. */
bool file_is_given_open(const char *path)
{
    static const char *const folders[] = { "/dev/fd/", "/proc/self/fd/" };
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        if (strncmp(path, folders[i], strlen(folders[i])) == 0)
            return true;
    return file_is_standard_input(path) || strcmp(path, "/dev/stdin") == 0;
}

void file_print_operand(FILE *out, const char *name)
{
    const size_t length = strcspn(name, "#:@");
    char *path = must(strndup(name, length));
    if (file_is_given_open(path)) {
        fputs("FILE", out);
        printable_string(out, name + length);
        fputs("  # FILE must have the content of ", out);
        printable_string(out, file_is_standard_input(path) ? "standard input" : path);
    } else {
        fputs(name[0] == '-' ? "-- " : "", out);
        machine_print_word(out, name);
    }
    free(path);
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

/* A link to a folder may lead back above it, so only links to files are followed.  An entry that was removed
 * meanwhile is left out. */
static bool find_entry(struct file_list *list, const char *path, FILE *errors)
{
    struct stat self;
    struct stat target;
    if (lstat(path, &self) != 0)
        return errno == ENOENT || cannot_read_entry(path, errors);
    if (S_ISDIR(self.st_mode))
        return find_below(list, path, errors);
    if (!is_scenario(path))
        return true;
    if (stat(path, &target) != 0)
        return cannot_read_entry(path, errors);
    if (S_ISDIR(target.st_mode))
        return true;
    if (!S_ISREG(target.st_mode))
        return complain(path, " is not a regular file", errors);
    files_add(list, must(strdup(path)));
    return true;
}

/* NULL with errno 0 at the end, or with another errno when the rest cannot be read. */
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
        return cannot_read_entry(folder, errors);
    for (struct dirent *entry = next_entry(entries); entry != NULL; entry = next_entry(entries)) {
        if (entry->d_name[0] == '.')
            continue;
        char *path = join(folder, entry->d_name);
        readable = find_entry(list, path, errors) && readable;
        free(path);
    }
    if (errno != 0)
        readable = cannot_read_entry(folder, errors);
    closedir(entries);
    return readable;
}

/* The path without trailing slashes. */
static char *trim_slashes(const char *path)
{
    char *name = must(strdup(path));
    for (size_t length = strlen(name); length > 1 && name[length - 1] == '/'; length--)
        name[length - 1] = '\0';
    return name;
}

static bool find_in_folder(struct file_list *list, const char *path, FILE *errors)
{
    const size_t before = list->count;
    char *name = trim_slashes(path);
    bool readable = find_below(list, name, errors);
    free(name);
    if (readable && list->count == before)
        return complain(path, ": no scenario (*.scs) in this folder", errors);
    return readable;
}

bool files_find(struct file_list *list, const char *path, FILE *errors)
{
    struct stat status;
    if (!file_is_standard_input(path)) {
        if (stat(path, &status) != 0)
            return file_cannot_read(path, errors);
        if (S_ISDIR(status.st_mode))
            return find_in_folder(list, path, errors);
        if (!S_ISREG(status.st_mode) && !file_is_given_open(path))
            return complain(path, " is not a regular file", errors);
    }
    files_add(list, must(strdup(path)));
    return true;
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

bool files_have(const struct file_list *list, const char *name)
{
    return list->count > 0 &&
           bsearch(&name, list->names, list->count, sizeof *list->names, compare_names) != NULL;
}

void files_free(struct file_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->names[i]);
    free(list->names);
    *list = (struct file_list){ 0 };
}

/* Returns NULL, with ENOMEM, when memory runs out; the text is then freed. */
static char *grow(char *text, size_t room)
{
    char *grown = realloc(text, room);
    if (grown == NULL) {
        free(text);
        errno = ENOMEM;
    }
    return grown;
}

/* The string grows until the file ends, so that a pipe, whose size is unknown, can be read too.  Returns
 * NULL, with errno, when memory runs out. */
static char *read_all(FILE *file, size_t *length)
{
    size_t room = 16384;
    size_t filled = 0;
    char *text = must(malloc(room));
    while (text != NULL) {
        size_t got = fread(text + filled, 1, room - filled - 1, file);
        filled += got;
        if (got == 0)
            break;
        if (filled + 1 == room) {
            room *= 2;
            text = grow(text, room);
        }
    }
    if (text == NULL)
        return NULL;
    assert(filled < room);
    text[filled] = '\0';
    *length = filled;
    return text;
}

/* If it was closed, machine_begin opened it for writing. */
static int open_standard_input(void)
{
    if ((fcntl(STDIN_FILENO, F_GETFL) & O_ACCMODE) != O_WRONLY)
        return dup(STDIN_FILENO);
    errno = EBADF;
    return -1;
}

/* Opens the file without blocking, because a pipe without a writer would block, until the kind of the file is
 * known.  Returns -1, with errno, when it cannot be read. */
static int open_to_read(const char *path)
{
    struct stat status;
    if (file_is_standard_input(path))
        return open_standard_input();
    const int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (file < 0)
        return -1;
    const bool known = fstat(file, &status) == 0;
    if (known && (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode) || file_is_given_open(path)) &&
        fcntl(file, F_SETFL, 0) == 0)
        return file;
    const int reason = known ? ENOTSUP : errno;
    close(file);
    errno = reason;
    return -1;
}

char *file_read(const char *path, size_t *length)
{
    size_t filled = 0;
    const int opened = open_to_read(path);
    FILE *file = opened >= 0 ? fdopen(opened, "rb") : NULL;
    if (file == NULL)
        return NULL;
    char *text = read_all(file, &filled);
    int reason = text == NULL || ferror(file) ? errno : 0;
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

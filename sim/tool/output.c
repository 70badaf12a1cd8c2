#ifdef __linux__
#define _GNU_SOURCE /* for O_TMPFILE */
#else
#define _XOPEN_SOURCE 700 /* for realpath */
#endif

#include "output.h"

#include "../must.h"
#include "../printable.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct output {
    FILE *file;
    char *name;   /* as given, for messages */
    char *target; /* the file, after following links */
    char *beside;
    bool nameless; /* it has no name yet, and disappears with the process */
};

static void complain(const char *path)
{
    const int reason = errno;
    fputs("rehearse: cannot write ", stderr);
    printable_string(stderr, path);
    fprintf(stderr, ": %s\n", strerror(reason));
}

/* ---- Names ---- */

static char *join(const char *before, const char *middle, const char *after)
{
    const size_t size = strlen(before) + strlen(middle) + strlen(after) + 1;
    char *joined = must(malloc(size));
    snprintf(joined, size, "%s%s%s", before, middle, after);
    return joined;
}

/* The absolute name of a file in an existing folder.  NULL, with errno, when the folder does not exist. */
static char *resolve_beside(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash != NULL ? slash + 1 : path;
    char *folder = slash == NULL ? must(strdup(".")) : must(strndup(path, (size_t)(slash - path + 1)));
    char *real = realpath(folder, NULL);
    free(folder);
    if (real == NULL)
        return NULL;
    char *whole = join(real, strcmp(real, "/") == 0 ? "" : "/", base);
    free(real);
    return whole;
}

/* The target of a link; NULL for other files. */
static char *follow(const char *path)
{
    enum { PATH_MOST = 4096 };
    char target[PATH_MOST];
    const ssize_t length = readlink(path, target, sizeof target - 1);
    if (length <= 0)
        return NULL;
    target[length] = '\0';
    const char *slash = strrchr(path, '/');
    if (target[0] == '/' || slash == NULL)
        return must(strdup(target));
    char *folder = must(strndup(path, (size_t)(slash - path + 1)));
    char *whole = join(folder, target, "");
    free(folder);
    return whole;
}

/* The absolute name of a file.  The file, or the target of a link, need not exist, but its folder must. NULL,
 * with errno, on failure. */
static char *resolve(const char *path)
{
    enum { LINKS_MOST = 16 };
    char *at = must(strdup(path));
    char *whole = realpath(at, NULL);
    for (unsigned links = 0; whole == NULL && errno == ENOENT && links < LINKS_MOST; links++) {
        char *next = follow(at);
        if (next == NULL) {
            whole = resolve_beside(at);
            break;
        }
        free(at);
        at = next;
        whole = realpath(at, NULL);
    }
    free(at);
    return whole;
}

/* ---- Opening ---- */

/* The permissions of the replaced file, or those of a new file. */
static mode_t presence_model_of(const char *target)
{
    struct stat status;
    if (stat(target, &status) == 0)
        return status.st_mode & 0777;
    const mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

/* The path of an open file of this process in /proc, whether it has a name or not. */
enum { SELF_SIZE = 32 };
static void self_name(char name[SELF_SIZE], int file)
{
    (void)snprintf(name, SELF_SIZE, "/proc/self/fd/%d", file);
}

/* Opens a file without a name in the target's folder, which can be given one; -1 where the system does not
 * support that. */
static int open_nameless(const char *target)
{
    int file = -1;
#ifdef O_TMPFILE
    char self[SELF_SIZE];
    char *folder = must(strndup(target, (size_t)(strrchr(target, '/') - target + 1)));
    file = open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
    free(folder);
    self_name(self, file);
    if (file >= 0 && access(self, F_OK) != 0) {
        (void)close(file);
        file = -1;
    }
#else
    (void)target;
#endif
    return file;
}

/* Returns false when no file can be created beside the target; the target is then written directly. */
static bool open_beside(struct output *output)
{
    output->beside = join(output->target, ".XXXXXX", "");
    int file = open_nameless(output->target);
    output->nameless = file >= 0;
    if (file < 0)
        file = mkstemp(output->beside);
    if (file >= 0 && fchmod(file, presence_model_of(output->target)) == 0)
        output->file = fdopen(file, "wb");
    if (output->file != NULL)
        return true;
    if (file >= 0)
        (void)close(file);
    if (file >= 0 && !output->nameless)
        (void)unlink(output->beside);
    free(output->beside);
    output->beside = NULL;
    return false;
}

/* Whether the target is a writable regular file, or does not exist yet. */
static bool can_be_replaced(const char *target)
{
    struct stat status;
    if (stat(target, &status) != 0)
        return errno == ENOENT;
    return S_ISREG(status.st_mode) && access(target, W_OK) == 0;
}

static void output_free(struct output *output)
{
    free(output->name);
    free(output->target);
    free(output->beside);
    free(output);
}

struct output *output_open(const char *path)
{
    struct output *output = must(calloc(1, sizeof *output));
    output->name = must(strdup(path));
    output->target = resolve(path);
    if (output->target != NULL && (!can_be_replaced(output->target) || !open_beside(output)))
        output->file = fopen(output->target, "wb");
    if (output->file != NULL)
        return output;
    complain(path);
    output_free(output);
    return NULL;
}

FILE *output_file(const struct output *output)
{
    return output->file;
}

/* ---- Ending ---- */

/* Gives an unnamed file a unique name beside the target; linkat could not replace the target itself. Returns
 * false, with errno, on failure. */
static bool give_name(struct output *output)
{
    char self[SELF_SIZE];
    const int name = mkstemp(output->beside);
    if (name < 0)
        return false;
    (void)close(name);
    (void)unlink(output->beside);
    self_name(self, fileno(output->file));
    output->nameless = linkat(AT_FDCWD, self, AT_FDCWD, output->beside, AT_SYMLINK_FOLLOW) != 0;
    return !output->nameless;
}

/* Completes the file, and gives it a name.  Returns whether everything was written. */
static bool complete(struct output *output)
{
    bool good = fflush(output->file) == 0 && !ferror(output->file);
    good = good && (!output->nameless || give_name(output));
    return fclose(output->file) == 0 && good;
}

bool output_commit(struct output *output)
{
    if (output == NULL)
        return true;
    bool good = complete(output);
    if (output->beside != NULL)
        good = good && rename(output->beside, output->target) == 0;
    if (!good)
        complain(output->name);
    if (!good && output->beside != NULL && !output->nameless)
        (void)unlink(output->beside);
    output_free(output);
    return good;
}

void output_abandon(struct output *output)
{
    if (output == NULL)
        return;
    (void)fclose(output->file);
    if (output->beside != NULL && !output->nameless)
        (void)unlink(output->beside);
    output_free(output);
}

/* ---- Two names of one file ---- */

/* NULL for devices and pipes, which several outputs may share, and for paths that cannot be opened anyway. */
static char *regular_name(const char *path)
{
    struct stat status;
    if (path == NULL || strcmp(path, "-") == 0 || (stat(path, &status) == 0 && !S_ISREG(status.st_mode)))
        return NULL;
    return resolve(path);
}

static bool is_same_file(const char *one, const char *other)
{
    struct stat a;
    struct stat b;
    if (stat(one, &a) == 0 && stat(other, &b) == 0)
        return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
    return strcmp(one, other) == 0;
}

const char *output_clash(const char *path, const char *const *others, size_t count)
{
    const char *clash = NULL;
    char *own = regular_name(path);
    for (size_t i = 0; i < count && own != NULL && clash == NULL; i++) {
        char *other = regular_name(others[i]);
        if (other != NULL && is_same_file(own, other))
            clash = others[i];
        free(other);
    }
    free(own);
    return clash;
}

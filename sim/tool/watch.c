#include "watch.h"

#include "../must.h"

void changes_free(struct changes *changes)
{
    files_free(&changes->names);
    files_free(&changes->saved);
}

#ifdef __linux__

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

/* A folder may be watched under several names: ".", and another path to it. */
struct watched {
    int number;   /* of inotify */
    char *prefix; /* "" for the working directory, else it ends with '/' */
};

struct watch {
    int events;
    struct watched *list;
    size_t count, room;
};

enum {
    QUIET_MILLISECONDS = 50,
    ROUNDS_MOST = 40, /* limit, so that scenarios are run even if changes never end */
    EVENTS_SIZE = 65536
};

struct watch *watch_new(FILE *errors)
{
    struct watch *watch = must(calloc(1, sizeof *watch));
    watch->events = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (watch->events >= 0)
        return watch;
    fprintf(errors, "rehearse: cannot watch files: %s\n", strerror(errno));
    free(watch);
    return NULL;
}

void watch_free(struct watch *watch)
{
    if (watch == NULL)
        return;
    close(watch->events);
    for (size_t i = 0; i < watch->count; i++)
        free(watch->list[i].prefix);
    free(watch->list);
    free(watch);
}

/* ---- Folders ---- */

static bool has(const struct watch *watch, int number, const char *prefix)
{
    for (size_t i = 0; i < watch->count; i++)
        if (watch->list[i].number == number && strcmp(watch->list[i].prefix, prefix) == 0)
            return true;
    return false;
}

/* Takes ownership of `prefix`. */
static void add(struct watch *watch, char *prefix)
{
    const uint32_t what = IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ONLYDIR;
    const int number = inotify_add_watch(watch->events, prefix[0] != '\0' ? prefix : ".", what);
    if (number < 0 || has(watch, number, prefix)) {
        free(prefix);
        return;
    }
    if (watch->count == watch->room) {
        watch->room = watch->room == 0 ? 32 : watch->room * 2;
        watch->list = must(realloc(watch->list, watch->room * sizeof *watch->list));
    }
    watch->list[watch->count++] = (struct watched){ number, prefix };
}

static void forget(struct watch *watch, int number)
{
    size_t kept = 0;
    for (size_t i = 0; i < watch->count; i++) {
        if (watch->list[i].number == number)
            free(watch->list[i].prefix);
        else
            watch->list[kept++] = watch->list[i];
    }
    watch->count = kept;
}

static char *join(const char *prefix, const char *name, const char *end)
{
    const size_t size = strlen(prefix) + strlen(name) + strlen(end) + 1;
    char *path = must(malloc(size));
    snprintf(path, size, "%s%s%s", prefix, name, end);
    return path;
}

void watch_beside(struct watch *watch, const char *path)
{
    const char *slash = strrchr(path, '/');
    add(watch, must(strndup(path, slash != NULL ? (size_t)(slash - path + 1) : 0)));
}

static void watch_prefix(struct watch *watch, const char *prefix)
{
    struct stat status;
    DIR *entries = opendir(prefix);
    if (entries == NULL)
        return;
    add(watch, must(strdup(prefix)));
    for (struct dirent *entry = readdir(entries); entry != NULL; entry = readdir(entries)) {
        char *below = join(prefix, entry->d_name, "/");
        below[strlen(below) - 1] = '\0';
        const bool folder = lstat(below, &status) == 0 && S_ISDIR(status.st_mode);
        below[strlen(below)] = '/';
        if (folder && entry->d_name[0] != '.')
            watch_prefix(watch, below);
        free(below);
    }
    closedir(entries);
}

void watch_below(struct watch *watch, const char *folder)
{
    size_t length = strlen(folder);
    while (length > 1 && folder[length - 1] == '/')
        length--;
    char *trimmed = must(strndup(folder, length));
    char *prefix = join(trimmed, strcmp(trimmed, "/") == 0 ? "" : "/", "");
    watch_prefix(watch, prefix);
    free(prefix);
    free(trimmed);
}

/* ---- Events ---- */

/* A created file is empty, unless it is a hard link. */
static bool is_only_begun(const struct inotify_event *event, const char *path)
{
    struct stat status;
    return (event->mask & IN_CREATE) != 0 && lstat(path, &status) == 0 && S_ISREG(status.st_mode) &&
           status.st_nlink == 1;
}

static void take_event(struct watch *watch, const struct inotify_event *event, struct changes *changes)
{
    if ((event->mask & IN_Q_OVERFLOW) != 0)
        changes->everything = true;
    if ((event->mask & IN_IGNORED) != 0) {
        forget(watch, event->wd);
        return;
    }
    if (event->len == 0)
        return;
    for (size_t i = 0; i < watch->count; i++) {
        if (watch->list[i].number != event->wd)
            continue;
        char *path = join(watch->list[i].prefix, event->name, "");
        if (!is_only_begun(event, path))
            files_add(&changes->names, must(strdup(path)));
        if ((event->mask & (IN_CLOSE_WRITE | IN_MOVED_TO)) != 0)
            files_add(&changes->saved, must(strdup(path)));
        free(path);
    }
}

/* Takes the pending events; returns false when there is none. */
static bool take_events(struct watch *watch, struct changes *changes)
{
    _Alignas(struct inotify_event) static char bytes[EVENTS_SIZE];
    const ssize_t got = read(watch->events, bytes, sizeof bytes);
    for (ssize_t at = 0; at < got;) {
        const struct inotify_event *event = (const void *)(bytes + at);
        take_event(watch, event, changes);
        at += (ssize_t)(sizeof *event + event->len);
    }
    return got > 0;
}

static int wait_for(const struct watch *watch, int milliseconds)
{
    return poll(&(struct pollfd){ .fd = watch->events, .events = POLLIN }, 1, milliseconds);
}

bool watch_wait(struct watch *watch, struct changes *changes)
{
    *changes = (struct changes){ .everything = false };
    while (changes->names.count == 0 && !changes->everything) {
        if (wait_for(watch, -1) < 0)
            return false;
        (void)take_events(watch, changes);
    }
    for (unsigned round = 0; round < ROUNDS_MOST && wait_for(watch, QUIET_MILLISECONDS) > 0; round++)
        (void)take_events(watch, changes);
    files_sort(&changes->names);
    files_sort(&changes->saved);
    return true;
}

#else

struct watch *watch_new(FILE *errors)
{
    fputs("rehearse: cannot watch files: this needs Linux\n", errors);
    return NULL;
}

void watch_free(struct watch *watch)
{
    (void)watch;
}

void watch_beside(struct watch *watch, const char *path)
{
    (void)watch;
    (void)path;
}

void watch_below(struct watch *watch, const char *folder)
{
    (void)watch;
    (void)folder;
}

bool watch_wait(struct watch *watch, struct changes *changes)
{
    (void)watch;
    (void)changes;
    return false;
}

#endif

#define _GNU_SOURCE /* for readlink and dirent types */

#include "quiet.h"

#include "../../kinds/pipe_wire.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_SIZE = 64 + NAME_MAX };

/* What a look at all threads found. */
struct look {
    bool sleeps;
    uint64_t sum; /* of what has run so far */
};

/* Reads a file of /proc; returns false when the thread is gone. */
static bool read_file(const char *path, char *text, size_t size)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    const ssize_t length = read(fd, text, size - 1);
    close(fd);
    text[length > 0 ? length : 0] = '\0';
    return length > 0;
}

/* The state follows the name, which may have any character in it (proc(5)). */
static void look_at_thread(pid_t process, const char *thread, struct look *look)
{
    char path[PATH_SIZE], text[1024];
    uint64_t ran = 0, waited = 0, times = 0;
    (void)snprintf(path, sizeof path, "/proc/%d/task/%s/stat", (int)process, thread);
    if (!read_file(path, text, sizeof text))
        return;
    const char *name_end = strrchr(text, ')');
    const char state = name_end != NULL && name_end[1] == ' ' ? name_end[2] : 'R';
    look->sleeps = look->sleeps && strchr("SIZXtT", state) != NULL;
    (void)snprintf(path, sizeof path, "/proc/%d/task/%s/schedstat", (int)process, thread);
    if (read_file(path, text, sizeof text) &&
        sscanf(text, "%" SCNu64 " %" SCNu64 " %" SCNu64, &ran, &waited, &times) == 3)
        look->sum += ran + times;
}

static void look_at_process(pid_t process, struct look *look)
{
    char path[PATH_SIZE];
    (void)snprintf(path, sizeof path, "/proc/%d/task", (int)process);
    DIR *tasks = opendir(path);
    if (tasks == NULL)
        return;
    for (const struct dirent *task; look->sleeps && (task = readdir(tasks)) != NULL;)
        if (isdigit((unsigned char)task->d_name[0]))
            look_at_thread(process, task->d_name, look);
    (void)closedir(tasks);
}

static struct look look_at_all(const struct quiet *quiet)
{
    struct look look = { true, 0 };
    for (size_t i = 0; look.sleeps && i < quiet->count; i++)
        look_at_process(quiet->processes[i], &look);
    return look;
}

/* Whether no socket of a port has bytes that were not acknowledged or not read. */
static bool is_empty(unsigned port)
{
    enum { TIME_WAIT = 0x06, LISTEN = 0x0A };
    char line[512];
    bool empty = true;
    FILE *file = port != 0 ? fopen("/proc/net/tcp", "r") : NULL;
    while (file != NULL && empty && fgets(line, sizeof line, file) != NULL) {
        unsigned local, remote, state, unsent, unread;
        if (sscanf(line, " %*u: %*[0-9A-F]:%x %*[0-9A-F]:%x %x %x:%x", &local, &remote, &state, &unsent,
                   &unread) == 5 &&
            (local == port || remote == port) && state != LISTEN && state != TIME_WAIT)
            empty = unsent == 0 && unread == 0;
    }
    if (file != NULL)
        (void)fclose(file);
    return empty;
}

bool quiet_look(const struct quiet *quiet)
{
    const struct look first = look_at_all(quiet);
    if (!first.sleeps || !is_empty(quiet->port))
        return false;
    const struct look second = look_at_all(quiet);
    return second.sleeps && second.sum == first.sum;
}

bool quiet_await(const struct quiet *quiet, unsigned milliseconds)
{
    const uint64_t until = pipe_wire_now() + milliseconds * UINT64_C(1000000);
    while (!quiet_look(quiet)) {
        if (pipe_wire_now() > until)
            return false;
        (void)poll(NULL, 0, 1);
    }
    return true;
}

/* ---- Who listens on a port ---- */

/* The inode of the listening socket in a table of the system; 0 when there is none. */
static uint64_t listening_in(const char *table, unsigned port)
{
    enum { LISTEN = 0x0A };
    char line[512];
    uint64_t found = 0;
    FILE *file = fopen(table, "r");
    if (file == NULL)
        return 0;
    while (found == 0 && fgets(line, sizeof line, file) != NULL) {
        unsigned local, state;
        uint64_t inode;
        if (sscanf(line, " %*u: %*[0-9A-Fa-f]:%x %*[0-9A-Fa-f]:%*x %x %*s %*s %*s %*u %*u %" SCNu64, &local,
                   &state, &inode) == 3 &&
            local == port && state == LISTEN)
            found = inode;
    }
    (void)fclose(file);
    return found;
}

static bool has_socket(const char *process, uint64_t inode)
{
    char path[PATH_SIZE], wanted[64], link[64];
    bool found = false;
    (void)snprintf(wanted, sizeof wanted, "socket:[%" PRIu64 "]", inode);
    (void)snprintf(path, sizeof path, "/proc/%s/fd", process);
    DIR *open_files = opendir(path);
    if (open_files == NULL)
        return false;
    for (const struct dirent *file; !found && (file = readdir(open_files)) != NULL;) {
        const ssize_t length = readlinkat(dirfd(open_files), file->d_name, link, sizeof link - 1);
        link[length > 0 ? length : 0] = '\0';
        found = strcmp(link, wanted) == 0;
    }
    (void)closedir(open_files);
    return found;
}

void quiet_find(struct quiet *quiet, unsigned port)
{
    static const char *const tables[] = { "/proc/net/tcp", "/proc/net/tcp6" };
    DIR *processes = opendir("/proc");
    for (size_t i = 0; processes != NULL && i < sizeof tables / sizeof tables[0]; i++) {
        const uint64_t inode = listening_in(tables[i], port);
        rewinddir(processes);
        for (const struct dirent *process; inode != 0 && (process = readdir(processes)) != NULL;)
            if (isdigit((unsigned char)process->d_name[0]) && quiet->count < QUIET_PROCESSES &&
                has_socket(process->d_name, inode))
                quiet->processes[quiet->count++] = (pid_t)strtol(process->d_name, NULL, 10);
    }
    if (processes != NULL)
        (void)closedir(processes);
}

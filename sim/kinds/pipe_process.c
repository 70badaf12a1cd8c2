#include "pipe_process.h"

#include "../must.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* More descriptors than a program has open.  Those of this program are not for the new processes: who waits for the
 * end of what it writes would wait for them. */
enum { DESCRIPTORS_USUAL = 1024 };

static struct pipe_process *processes;

static bool set_flags(int fd, bool blocks)
{
    const int flags = fcntl(fd, F_GETFL);
    return fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 &&
           (blocks || (flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0));
}

static void close_both(const int pair[2])
{
    const int reason = errno;
    close(pair[0]);
    close(pair[1]);
    errno = reason;
}

bool pipe_process_pair(int pair[2])
{
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
        return false;
    if (set_flags(pair[0], false) && set_flags(pair[1], true))
        return true;
    close_both(pair);
    return false;
}

/* ---- In the new processes ---- */

/* The signals of a terminal are for the program, which ends this group; a worker also ignores and blocks some. */
static void reset_signals(void)
{
    static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGCHLD, SIGPROF, SIGQUIT };
    sigset_t none;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        (void)signal(numbers[i], SIG_DFL);
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Moves a descriptor to a number, where it is inherited. */
static bool move_to(int fd, int number)
{
    return fd == number ? fcntl(fd, F_SETFD, 0) == 0 : dup2(fd, number) == number;
}

static _Noreturn void run(const char *command, int wire, int log)
{
    static char locale[] = "LC_ALL=C", zone[] = "TZ=UTC", usual[] = "PATH=/usr/bin:/bin";
    const char *given = getenv("PATH");
    struct text path = { 0 };
    text_string(&path, "PATH=");
    text_string(&path, given != NULL ? given : "");
    char *environment[] = { given != NULL ? path.bytes : usual, locale, zone, NULL };
    char shell[] = "sh", option[] = "-c";
    char *words[] = { shell, option, must(strdup(command)), NULL };
    /* Out of the way of the numbers that are given below. */
    const int null = fcntl(open("/dev/null", O_RDWR), F_DUPFD, 10);
    const int socket = fcntl(wire, F_DUPFD, 10);
    const int said = fcntl(log, F_DUPFD, 10);
    reset_signals();
    if (null >= 0 && socket >= 0 && said >= 0 && move_to(null, STDIN_FILENO) &&
        move_to(null, STDOUT_FILENO) && move_to(said, STDERR_FILENO) && move_to(socket, PIPE_ADAPTER_FD)) {
        for (int fd = PIPE_ADAPTER_FD + 1; fd < DESCRIPTORS_USUAL; fd++)
            (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
        (void)execve("/bin/sh", words, environment);
    }
    _exit(127);
}

/* Holds only its end of the leash, so that the other end closes with the program. */
static _Noreturn void keep(int leash, pid_t group)
{
    char byte;
    for (const struct pipe_process *process = processes; process != NULL; process = process->next)
        close(process->leash);
    for (int fd = 0; fd < DESCRIPTORS_USUAL; fd++)
        if (fd != leash)
            close(fd);
    reset_signals();
    (void)signal(SIGINT, SIG_IGN);
    (void)signal(SIGTERM, SIG_IGN);
    (void)signal(SIGHUP, SIG_IGN);
    while (read(leash, &byte, 1) < 0 && errno == EINTR)
        continue;
    if (getpgrp() == group)
        (void)kill(0, SIGKILL);
    _exit(EXIT_SUCCESS);
}

/* ---- Starting ---- */

/* What a start opens; -1 where it is not open. */
struct opened {
    int pair[2], leash[2], log;
};

static void close_all(const struct opened *opened)
{
    const int reason = errno;
    const int all[] = { opened->pair[0], opened->pair[1], opened->leash[0], opened->leash[1], opened->log };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (all[i] >= 0)
            close(all[i]);
    errno = reason;
}

/* A file without a name. */
static int open_log(void)
{
    FILE *file = tmpfile();
    if (file == NULL)
        return -1;
    const int fd = fcntl(fileno(file), F_DUPFD, 10);
    const int flags = fd >= 0 ? fcntl(fd, F_GETFL) : -1;
    (void)fclose(file);
    if (fd >= 0 && set_flags(fd, true) && fcntl(fd, F_SETFL, flags | O_APPEND) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

static bool open_all(struct opened *opened)
{
    *opened = (struct opened){ { -1, -1 }, { -1, -1 }, -1 };
    opened->log = open_log();
    if (opened->log >= 0 && pipe(opened->leash) == 0 && set_flags(opened->leash[0], true) &&
        set_flags(opened->leash[1], true) && pipe_process_pair(opened->pair))
        return true;
    close_all(opened);
    return false;
}

/* The group exists for both sides as soon as either has set it. */
static pid_t start_in_group(pid_t group)
{
    const pid_t child = fork();
    if (child == 0)
        (void)setpgid(0, group);
    else if (child > 0)
        (void)setpgid(child, group != 0 ? group : child);
    return child;
}

static void bury(pid_t child, int *status)
{
    while (waitpid(child, status, 0) < 0 && errno == EINTR)
        continue;
}

struct pipe_process *pipe_process_start(const char *command)
{
    struct opened opened;
    int status;
    if (!open_all(&opened))
        return NULL;
    struct pipe_process *process = must(calloc(1, sizeof *process));
    process->owner = getpid();
    process->leash = opened.leash[1];
    process->log = opened.log;
    process->next = processes;
    processes = process;
    process->leader = start_in_group(0);
    if (process->leader == 0)
        run(command, opened.pair[1], opened.log);
    process->keeper = process->leader > 0 ? start_in_group(process->leader) : -1;
    if (process->keeper == 0)
        keep(opened.leash[0], process->leader);
    if (process->keeper < 0) {
        if (process->leader > 0 && kill(process->leader, SIGKILL) == 0)
            bury(process->leader, &status);
        processes = process->next;
        close_all(&opened);
        free(process);
        return NULL;
    }
    close(opened.pair[1]);
    close(opened.leash[0]);
    pipe_wire_open(&process->wire, opened.pair[0]);
    return process;
}

bool pipe_process_is_own(const struct pipe_process *process)
{
    return process->owner == getpid();
}

/* ---- The log ---- */

void pipe_process_clear_log(const struct pipe_process *process)
{
    if (lseek(process->log, 0, SEEK_END) > 0)
        (void)!ftruncate(process->log, 0);
}

static void append_lines(struct text *out, const char *text, size_t length)
{
    while (length > 0) {
        const char *end = memchr(text, '\n', length);
        const size_t line = end != NULL ? (size_t)(end - text) : length;
        text_string(out, "  ");
        text_append(out, text, line);
        text_string(out, "\n");
        text += line + (end != NULL);
        length -= line + (end != NULL);
    }
}

void pipe_process_read_log(const struct pipe_process *process, size_t most, struct text *out)
{
    const off_t size = lseek(process->log, 0, SEEK_END);
    const off_t from = size > (off_t)most ? size - (off_t)most : 0;
    if (size <= 0)
        return;
    char *bytes = must(malloc((size_t)(size - from)));
    const ssize_t got = pread(process->log, bytes, (size_t)(size - from), from);
    if (got > 0)
        append_lines(out, bytes, (size_t)got);
    free(bytes);
}

/* ---- The end ---- */

/* Returns whether it has ended within half a second. */
static bool await_end(pid_t child, int *status)
{
    const struct timespec moment = { .tv_nsec = 2000000 };
    for (unsigned i = 0; i < 250; i++) {
        if (waitpid(child, status, WNOHANG) == child)
            return true;
        (void)nanosleep(&moment, NULL);
    }
    return false;
}

int pipe_process_kill(struct pipe_process *process, bool is_ending)
{
    int status = 0;
    int of_keeper;
    if (process->leader == 0 || !pipe_process_is_own(process))
        return 0;
    process->ended = is_ending && await_end(process->leader, &status);
    (void)kill(-process->leader, SIGKILL);
    if (!process->ended)
        bury(process->leader, &status);
    bury(process->keeper, &of_keeper);
    process->leader = process->keeper = 0;
    return status;
}

void pipe_process_free(struct pipe_process *process)
{
    struct pipe_process **at = &processes;
    (void)pipe_process_kill(process, false);
    while (*at != process)
        at = &(*at)->next;
    *at = process->next;
    pipe_wire_close(&process->wire);
    close(process->leash);
    close(process->log);
    free(process);
}

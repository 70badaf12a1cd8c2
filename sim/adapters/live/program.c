#define _GNU_SOURCE /* for nftw */

#include "program.h"

#include "../../kinds/pipe_wire.h"
#include "../../must.h"
#include "certificate.h"
#include "session.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOG_SHOWN = 3000, SHUTDOWN_MS = 5000, START_MS = 40000 };

/* ---- The configuration ---- */

bool program_configure(const struct ready_made *kind, const struct wanted *wanted, struct text *files,
                       const char **setting, const char **reason)
{
    struct text options = { 0 };
    *reason = kind->refuse != NULL ? kind->refuse(wanted, setting) : NULL;
    for (size_t i = 0; *reason == NULL && i < wanted->other_count; i++) {
        *setting = wanted->others[i].name;
        *reason = kind->set(&options, wanted->others[i].name, wanted->others[i].value);
    }
    if (*reason == NULL)
        kind->configure(files, wanted, options.bytes != NULL ? options.bytes : "");
    text_free(&options);
    return *reason == NULL;
}

static void add_own_folder(struct text *out)
{
    char path[PATH_MAX];
    const ssize_t length = readlink("/proc/self/exe", path, sizeof path);
    size_t folder = length > 0 ? (size_t)length : 0;
    while (folder > 0 && path[folder - 1] != '/')
        folder--;
    text_append(out, path, folder > 1 ? folder - 1 : folder);
}

/* Appends a text with its marks replaced. */
static void fill_in(const struct program *program, struct text *out, const char *text)
{
    while (*text != '\0') {
        const size_t plain = strcspn(text, "@");
        text_append(out, text, plain);
        text += plain;
        if (strncmp(text, "@DIR@", 5) == 0) {
            text_string(out, program->folder);
            text += 5;
        } else if (strncmp(text, "@PORT@", 6) == 0) {
            text_number(out, program->port);
            text += 6;
        } else if (strncmp(text, "@OTHER@", 7) == 0) {
            text_number(out, program->other_port);
            text += 7;
        } else if (strncmp(text, "@HERE@", 6) == 0) {
            add_own_folder(out);
            text += 6;
        } else if (*text == '@') {
            text_append(out, text++, 1);
        }
    }
}

static bool write_file(const struct program *program, const char *name, size_t name_length, const char *text,
                       size_t length)
{
    char path[256];
    struct text filled = { 0 };
    char *copy = must(strndup(text, length));
    (void)snprintf(path, sizeof path, "%s/%.*s", program->folder, (int)name_length, name);
    fill_in(program, &filled, copy);
    free(copy);
    FILE *file = fopen(path, "w");
    const bool good = file != NULL && fwrite(filled.bytes, 1, filled.length, file) == filled.length;
    text_free(&filled);
    return file != NULL && fclose(file) == 0 && good;
}

static bool write_files(const struct program *program, const char *files)
{
    static const char mark[] = "@FILE ";
    for (const char *at = strstr(files, mark); at != NULL;) {
        const char *name = at + sizeof mark - 1;
        const size_t name_length = strcspn(name, "\n");
        const char *text = name + name_length + 1;
        at = strstr(text, mark);
        if (!write_file(program, name, name_length, text, at != NULL ? (size_t)(at - text) : strlen(text)))
            return false;
    }
    return true;
}

/* ---- The folder ---- */

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *place)
{
    (void)status;
    (void)type;
    (void)place;
    (void)remove(path);
    return 0;
}

static void remove_folder(const char *folder)
{
    (void)nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Outlives the process group.  What the servers write while they are killed is removed too. */
static _Noreturn void keep_folder(const char *folder, int leash)
{
    char byte;
    (void)setsid();
    for (int fd = 0; fd < 64; fd++)
        if (fd != leash)
            close(fd);
    while (read(leash, &byte, 1) < 0 && errno == EINTR)
        continue;
    remove_folder(folder);
    (void)poll(NULL, 0, 300);
    remove_folder(folder);
    _exit(EXIT_SUCCESS);
}

static bool make_folder(struct program *program)
{
    int leash[2];
    (void)snprintf(program->folder, sizeof program->folder, "/tmp/rehearse-XXXXXX");
    if (mkdtemp(program->folder) == NULL || pipe(leash) != 0)
        return false;
    (void)fcntl(leash[1], F_SETFD, FD_CLOEXEC);
    const pid_t keeper = fork();
    if (keeper == 0)
        keep_folder(program->folder, leash[0]);
    close(leash[0]);
    program->leash = leash[1];
    return keeper > 0;
}

/* ---- Processes ---- */

static unsigned free_port(struct tcp_address *address)
{
    struct sockaddr_in loopback = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
    socklen_t length = sizeof loopback;
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (const struct sockaddr *)&loopback, length) != 0 ||
        getsockname(fd, (struct sockaddr *)&loopback, &length) != 0)
        perror("live: no free port");
    close(fd);
    memcpy(&address->to, &loopback, sizeof loopback);
    address->length = sizeof loopback;
    return ntohs(loopback.sin_port);
}

static _Noreturn void execute(const struct program *program, const char *const *words)
{
    char *filled[PROGRAM_WORDS] = { NULL };
    char path[64];
    for (size_t i = 0; words[i] != NULL; i++) {
        struct text word = { 0 };
        fill_in(program, &word, words[i]);
        filled[i] = text_take(&word);
    }
    (void)snprintf(path, sizeof path, "%s/log", program->folder);
    const int log = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)setenv("HOME", program->folder, 1);
    if (log >= 0 && dup2(log, STDOUT_FILENO) >= 0 && dup2(log, STDERR_FILENO) >= 0 &&
        chdir(program->folder) == 0) {
        for (int fd = STDERR_FILENO + 1; fd < 64; fd++)
            (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
        (void)execvp(filled[0], filled);
        perror(filled[0]);
    }
    _exit(127);
}

static bool start_processes(struct program *program)
{
    for (size_t i = 0; i < program->kind->command_count; i++) {
        const pid_t child = fork();
        if (child < 0)
            return false;
        if (child == 0)
            execute(program, program->kind->commands[i]);
        program->quiet.processes[program->quiet.count++] = child;
    }
    return true;
}

bool program_lives(const struct program *program)
{
    for (size_t i = 0; i < program->quiet.count; i++) {
        siginfo_t ended = { .si_pid = 0 };
        if (waitid(P_PID, (id_t)program->quiet.processes[i], &ended, WEXITED | WNOHANG | WNOWAIT) != 0 ||
            ended.si_pid != 0)
            return false;
    }
    return program->quiet.count > 0;
}

/* Waits until it opens streams. */
static bool await_stream(const struct program *program, const struct wanted *wanted)
{
    const uint64_t until = pipe_wire_now() + START_MS * UINT64_C(1000000);
    const char *host = wanted->host_count > 0 ? wanted->hosts[0] : wanted->anonymous[0];
    struct session *session;
    char why[256];
    while ((session = session_open(&program->address, host, why)) == NULL) {
        if (!program_lives(program) || pipe_wire_now() > until)
            return false;
        (void)poll(NULL, 0, 20);
    }
    session_close(session);
    return true;
}

static bool start(struct program *program, const struct wanted *wanted, const char *files)
{
    struct tcp_address unused;
    program->files = must(strdup(files));
    program->port = free_port(&program->address);
    program->other_port = free_port(&unused);
    program->quiet.port = program->other_port;
    return make_folder(program) && certificate_write(program->folder, wanted) &&
           write_files(program, files) && start_processes(program) && await_stream(program, wanted) &&
           quiet_await(&program->quiet, START_MS);
}

bool program_run(struct program *program, const struct wanted *wanted, const char *files, char why[256])
{
    if (program->files != NULL && strcmp(program->files, files) == 0 && program_lives(program))
        return true;
    program_stop(program);
    if (start(program, wanted, files))
        return true;
    (void)snprintf(why, 256, "%s does not start", program->kind->name);
    return false;
}

static void end_processes(struct program *program)
{
    for (size_t i = 0; i < program->quiet.count; i++)
        (void)kill(program->quiet.processes[i], SIGKILL);
    for (size_t i = 0; i < program->quiet.count; i++)
        while (waitpid(program->quiet.processes[i], NULL, 0) < 0 && errno == EINTR)
            continue;
    program->quiet.count = 0;
}

void program_shut_down(struct program *program)
{
    const uint64_t until = pipe_wire_now() + SHUTDOWN_MS * UINT64_C(1000000);
    for (size_t i = 0; i < program->quiet.count; i++)
        (void)kill(program->quiet.processes[i], SIGTERM);
    while (program_lives(program) && pipe_wire_now() < until)
        (void)poll(NULL, 0, 5);
    end_processes(program);
}

void program_stop(struct program *program)
{
    if (program->files == NULL)
        return;
    end_processes(program);
    if (program->leash > 0)
        close(program->leash);
    free(program->files);
    *program = (struct program){ .kind = program->kind };
}

void program_tell_log(const struct program *program)
{
    char path[64], bytes[LOG_SHOWN];
    (void)snprintf(path, sizeof path, "%s/log", program->folder);
    FILE *log = program->files != NULL ? fopen(path, "r") : NULL;
    if (log == NULL)
        return;
    if (fseek(log, -LOG_SHOWN, SEEK_END) != 0)
        rewind(log);
    const size_t length = fread(bytes, 1, sizeof bytes, log);
    (void)fclose(log);
    fprintf(stderr, "the log of %s:\n", program->kind->name);
    (void)fwrite(bytes, 1, length, stderr);
}

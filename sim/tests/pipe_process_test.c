/* The process of an adapter: its surroundings, its log, and its end. */
#include "../kinds/pipe_process.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const uint64_t LATER = 20000000000;

/* Starts a command that says, as a header of a frame, what it is told to print. */
static struct pipe_process *start(const char *command)
{
    struct pipe_process *process = pipe_process_start(command);
    assert_non_null(process);
    process->wire.until = pipe_wire_now() + LATER;
    return process;
}

/* The word that a command writes to descriptor 3, of `length` bytes. */
static void says(const char *print, const char *word)
{
    char command[400];
    struct pipe_message message;
    (void)snprintf(command, sizeof command, "{ printf '\\%03o\\000\\000\\000'; printf %%s %s; } >&3",
                   (unsigned)strlen(word), print);
    struct pipe_process *process = start(command);
    assert_int_equal(pipe_wire_get(&process->wire, &message), PIPE_MESSAGE);
    assert_string_equal(message.header, word);
    pipe_process_free(process);
}

static void its_environment_is_fixed(void **state)
{
    (void)state;
    assert_int_equal(setenv("LC_ALL", "de_DE.UTF-8", 1), 0);
    assert_int_equal(setenv("PIPE_PROCESS_TEST", "leaks", 1), 0);
    says("\"$LC_ALL,$TZ,$PIPE_PROCESS_TEST\"", "C,UTC,");
}

static void only_its_socket_is_inherited(void **state)
{
    (void)state;
    const int extra = fcntl(STDERR_FILENO, F_DUPFD, 20);
    char command[400];
    assert_true(extra > PIPE_ADAPTER_FD);
    (void)snprintf(command, sizeof command, "\"$([ -e /proc/self/fd/%d ] && echo yes || echo no)\"", extra);
    says(command, "no");
    close(extra);
}

static void its_end_is_told(void **state)
{
    (void)state;
    struct pipe_message message;
    struct pipe_process *process = start("exit 7");
    assert_int_equal(pipe_wire_get(&process->wire, &message), PIPE_OVER);
    const int status = pipe_process_kill(process, true);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 7);
    assert_int_equal(pipe_process_kill(process, true), 0);
    pipe_process_free(process);
}

/* A zombie does not run; it waits for its new parent to bury it. */
static bool is_running(pid_t process)
{
    char path[64];
    char line[256] = "";
    (void)snprintf(path, sizeof path, "/proc/%ld/stat", (long)process);
    FILE *stat = fopen(path, "r");
    if (stat == NULL)
        return false;
    const size_t got = fread(line, 1, sizeof line - 1, stat);
    (void)fclose(stat);
    return got > 0 && strstr(line, ") Z") == NULL && strstr(line, ") X") == NULL;
}

static void it_is_killed_with_all_that_it_started(void **state)
{
    (void)state;
    struct pipe_message message;
    struct pipe_process *process =
        start("trap '' INT TERM HUP; sleep 1000 & child=$!; "
              "printf \"$(printf '\\\\%03o\\\\000\\\\000\\\\000' ${#child})$child\" >&3; wait");
    assert_int_equal(pipe_wire_get(&process->wire, &message), PIPE_MESSAGE);
    const pid_t child = (pid_t)strtol(message.words[0], NULL, 10);
    assert_true(child > 1);
    assert_int_equal(kill(child, 0), 0);
    const int status = pipe_process_kill(process, false);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGKILL);
    pipe_process_free(process);
    bool runs = true;
    for (int tries = 0; tries < 1000 && runs; tries++) {
        const struct timespec moment = { .tv_nsec = 10000000 };
        (void)nanosleep(&moment, NULL);
        runs = is_running(child);
    }
    assert_false(runs);
}

static void its_log_is_kept_as_far_as_it_is_asked_for(void **state)
{
    (void)state;
    struct pipe_message message;
    struct text log = { 0 };
    struct pipe_process *process = start("echo one >&2; echo two >&2");
    assert_int_equal(pipe_wire_get(&process->wire, &message), PIPE_OVER);
    (void)pipe_process_kill(process, true);
    pipe_process_read_log(process, 1000, &log);
    assert_string_equal(log.bytes, "  one\n  two\n");
    log.length = 0;
    pipe_process_read_log(process, 4, &log);
    assert_string_equal(log.bytes, "  two\n");
    log.length = 0;
    pipe_process_clear_log(process);
    pipe_process_read_log(process, 1000, &log);
    assert_int_equal(log.length, 0);
    text_free(&log);
    pipe_process_free(process);
}

/* In a child of this process it belongs to somebody else. */
static void a_forked_process_does_not_own_it(void **state)
{
    (void)state;
    int status;
    struct pipe_process *process = start("cat <&3 >&3");
    assert_true(pipe_process_is_own(process));
    const pid_t child = fork();
    if (child == 0) {
        const bool own = pipe_process_is_own(process);
        pipe_process_free(process);
        _exit(own ? 1 : 0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(kill(process->leader, 0), 0);
    pipe_process_free(process);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_environment_is_fixed),
        cmocka_unit_test(only_its_socket_is_inherited),
        cmocka_unit_test(its_end_is_told),
        cmocka_unit_test(it_is_killed_with_all_that_it_started),
        cmocka_unit_test(its_log_is_kept_as_far_as_it_is_asked_for),
        cmocka_unit_test(a_forked_process_does_not_own_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

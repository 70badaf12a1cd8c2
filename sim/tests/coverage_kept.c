/* Keeps the counts of processes that end early, in a build with coverage only.
 *
 * gcc writes the counts of a process in exit(). A worker of the tool ends in exit(), and is therefore
 * counted. A process that calls _exit(), abort(), execv() or execve(), or in which an assertion fails, would lose its
 * counts; and after fork() what was counted before would count twice. `make coverage` links this file to each
 * program, with the linker's option --wrap, which sends those calls here. gcc does so for fork() and execve() itself,
 * but only where they are not standard C (-std=gnu11).
 *
 * A process that a signal ends, such as a worker that exceeds the time limit, cannot write, and its counts
 * are lost. So are those of a process that ends in a signal handler: writing them allocates memory, which a
 * handler must not do. */
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

extern void __gcov_dump(void);
extern void __gcov_reset(void);
extern pid_t __real_fork(void);
extern int __real_execv(const char *path, char *const arguments[]);
extern int __real_execve(const char *path, char *const arguments[], char *const environment[]);
extern _Noreturn void __real__exit(int status);
extern _Noreturn void __real_abort(void);
extern _Noreturn void __real___assert_fail(const char *assertion, const char *file, unsigned line,
                                           const char *function);

pid_t __wrap_fork(void);
int __wrap_execv(const char *path, char *const arguments[]);
int __wrap_execve(const char *path, char *const arguments[], char *const environment[]);
_Noreturn void __wrap__exit(int status);
_Noreturn void __wrap_abort(void);
_Noreturn void __wrap___assert_fail(const char *assertion, const char *file, unsigned line,
                                    const char *function);

/* A signal is blocked while its handler runs, and nothing else here blocks one. */
static bool handles_a_signal(void)
{
    sigset_t blocked;
    if (sigprocmask(SIG_BLOCK, NULL, &blocked) != 0)
        return true;
    for (int number = 1; number <= SIGSYS; number++)
        if (sigismember(&blocked, number) == 1)
            return true;
    return false;
}

static void keep_counts(void)
{
    if (!handles_a_signal())
        __gcov_dump();
}

pid_t __wrap_fork(void)
{
    const pid_t child = __real_fork();
    if (child == 0)
        __gcov_reset();
    return child;
}

/* It returns where there is no such program. */
int __wrap_execv(const char *path, char *const arguments[])
{
    keep_counts();
    __gcov_reset();
    return __real_execv(path, arguments);
}

int __wrap_execve(const char *path, char *const arguments[], char *const environment[])
{
    keep_counts();
    __gcov_reset();
    return __real_execve(path, arguments, environment);
}

void __wrap__exit(int status)
{
    keep_counts();
    __real__exit(status);
}

void __wrap_abort(void)
{
    keep_counts();
    __real_abort();
}

void __wrap___assert_fail(const char *assertion, const char *file, unsigned line, const char *function)
{
    keep_counts();
    __real___assert_fail(assertion, file, line, function);
}

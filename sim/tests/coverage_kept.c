/* Keeps the counts of processes that end early, in a build with coverage only.
 *
 * gcc writes the counts of a process in exit(). A worker of the tool ends in exit(), and is therefore
 * counted; after fork() gcc's own wrapper sets the counts of the new process to zero, so that nothing is
 * counted twice. A process that calls _exit(), abort() or execv(), or in which an assertion fails, would lose its
 * counts. `make coverage` links this file to each program, with the linker's option --wrap, which sends those
 * calls here.
 *
 * A process that a signal ends, such as a worker that exceeds the time limit, cannot write, and its counts
 * are lost. So are those of a process that ends in a signal handler: writing them allocates memory, which a
 * handler must not do. */
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

extern void __gcov_dump(void);
extern void __gcov_reset(void);
extern int __real_execv(const char *path, char *const arguments[]);
extern _Noreturn void __real__exit(int status);
extern _Noreturn void __real_abort(void);
extern _Noreturn void __real___assert_fail(const char *assertion, const char *file, unsigned line,
                                           const char *function);

int __wrap_execv(const char *path, char *const arguments[]);
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

/* It returns where there is no such program. */
int __wrap_execv(const char *path, char *const arguments[])
{
    keep_counts();
    __gcov_reset();
    return __real_execv(path, arguments);
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

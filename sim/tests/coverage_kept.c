/* Keeps the counts of processes that end early, in a build with coverage only.
 *
 * gcc writes the counts of a process in exit(). A worker of the tool ends in exit(), and is therefore
 * counted; after fork() gcc's own wrapper sets the counts of the new process to zero, so that nothing is
 * counted twice. A process that calls _exit() or abort(), or in which an assertion fails, would lose its
 * counts. `make coverage` links this file to each program, with the linker's option --wrap, which sends those
 * calls here.
 *
 * A process that a signal ends, such as a worker that exceeds the time limit, cannot write, and its counts
 * are lost. */
#include <stdlib.h>
#include <unistd.h>

extern void __gcov_dump(void);
extern _Noreturn void __real__exit(int status);
extern _Noreturn void __real_abort(void);
extern _Noreturn void __real___assert_fail(const char *assertion, const char *file, unsigned line,
                                           const char *function);

_Noreturn void __wrap__exit(int status);
_Noreturn void __wrap_abort(void);
_Noreturn void __wrap___assert_fail(const char *assertion, const char *file, unsigned line,
                                    const char *function);

void __wrap__exit(int status)
{
    __gcov_dump();
    __real__exit(status);
}

void __wrap_abort(void)
{
    __gcov_dump();
    __real_abort();
}

void __wrap___assert_fail(const char *assertion, const char *file, unsigned line, const char *function)
{
    __gcov_dump();
    __real___assert_fail(assertion, file, line, function);
}

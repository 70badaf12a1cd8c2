#define _XOPEN_SOURCE 700 /* for mkstemp */

#include "fuzz_run.h"

#include "../must.h"
#include "../text.h"
#include "../tool/worker_pool.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* One run of the program, and what is heard of it. */
struct one {
    const char *program, *input;
    pid_t tool;
    bool heard;   /* false when it was interrupted */
    bool started; /* false when there was no process for it */
    int status;   /* as waitpid has it */
    char *summary, *explanation;
};

/* ---- Running ---- */

static bool write_all(int file, const unsigned char *bytes, size_t length)
{
    while (length > 0) {
        const ssize_t written = write(file, bytes, length);
        if (written < 0 && errno != EINTR)
            return false;
        bytes += written > 0 ? written : 0;
        length -= written > 0 ? (size_t)written : 0;
    }
    return true;
}

/* The name of a new file with the bytes, which the caller frees; NULL and errno when there is none. */
static char *write_input(const unsigned char *bytes, size_t length)
{
    const char *folder = getenv("TMPDIR");
    struct text name = { 0 };
    text_string(&name, folder != NULL && *folder != '\0' ? folder : "/tmp");
    text_string(&name, "/rehearse-input-XXXXXX");
    const int file = mkstemp(name.bytes);
    bool good = file >= 0 && write_all(file, bytes, length);
    int reason = errno;
    if (file >= 0)
        good = close(file) == 0 && good;
    if (good)
        return text_take(&name);
    if (file >= 0)
        (void)unlink(name.bytes);
    text_free(&name);
    errno = reason;
    return NULL;
}

/* The worker becomes the program.  All that it says is taken as standard error (worker_pool.h), and it leaves no
 * core file. */
static void become_program(void *host, size_t index, struct worker_outcome *outcome)
{
    const struct one *one = host;
    const struct rlimit none = { 0, 0 };
    (void)index;
    (void)outcome;
    if (getpid() == one->tool)
        return;
    (void)setrlimit(RLIMIT_CORE, &none);
    if (dup2(STDERR_FILENO, STDOUT_FILENO) == STDOUT_FILENO)
        (void)execl(one->program, one->program, one->input, (char *)NULL);
    fprintf(stderr, "cannot run %s: %s\n", one->program, strerror(errno));
    fflush(stderr);
    _exit(2);
}

static bool hear(void *host, size_t index, struct worker_outcome *outcome)
{
    struct one *one = host;
    (void)index;
    one->heard = true;
    one->started = outcome->lost;
    one->status = outcome->status;
    one->summary = outcome->result.summary;
    one->explanation = outcome->result.explanation;
    outcome->result.summary = outcome->result.explanation = NULL;
    return true;
}

/* ---- What it said ---- */

/* The line of the program's output that begins so, without that; NULL for none.  The caller frees. */
static char *find_line(const char *explanation, const char *begins)
{
    static const char said[] = "standard error of its process:\n";
    const char *line = explanation != NULL ? strstr(explanation, said) : NULL;
    line = line != NULL ? strchr(line, '\n') : NULL;
    for (; line != NULL; line = strchr(line, '\n')) {
        line += 1 + strspn(line + 1, " ");
        if (*line != '\0' && strncmp(line, begins, strlen(begins)) == 0)
            return must(strndup(line + strlen(begins), strcspn(line, "\n") - strlen(begins)));
    }
    return NULL;
}

static char *join(const char *one, const char *other)
{
    struct text joined = { 0 };
    text_string(&joined, one);
    text_string(&joined, other);
    return text_take(&joined);
}

/* "FILE: signal 11" and "FILE: it took more than 5 s", as sim/fuzz/replay.c writes it behind "FAILED ".  Another
 * file has another name in each run. */
static char *cause_of_line(const char *line)
{
    static const char signal[] = "signal ";
    uint64_t number = 0;
    const char *reason = strstr(line, ": ");
    reason = reason != NULL ? reason + 2 : line;
    if (strncmp(reason, "it took more than ", 18) == 0)
        return join("time limit: ", reason);
    if (strncmp(reason, signal, sizeof signal - 1) == 0 &&
        text_read_number(reason + sizeof signal - 1, 256, &number))
        return join("crash: ", strsignal((int)number));
    return join("crash: ", reason);
}

static bool says_how_it_ended_alone(const struct one *one)
{
    return strstr(one->summary, "before the end of the run") != NULL;
}

static void take_failure(struct one *one, struct fuzz_failure *failure)
{
    char *line = says_how_it_ended_alone(one) ? find_line(one->explanation, "FAILED ") : NULL;
    if (line != NULL) {
        failure->cause = cause_of_line(line);
    } else {
        failure->cause = one->summary;
        one->summary = NULL;
    }
    free(line);
    line = find_line(one->explanation, "fuzz_check: ");
    const char *sentence = line != NULL ? strstr(line, ": ") : NULL;
    if (sentence != NULL)
        failure->sentence = must(strdup(sentence + 2));
    free(line);
}

static enum fuzz_end judge(struct one *one, struct fuzz_failure *failure)
{
    if (!one->heard || !one->started) {
        failure->cause = must(strdup(one->heard ? "no process can be started" : "interrupted"));
        return FUZZ_REFUSED;
    }
    if (strncmp(one->summary, "time limit", 10) != 0 && WIFEXITED(one->status)) {
        if (WEXITSTATUS(one->status) == 0)
            return FUZZ_PASSED;
        if (WEXITSTATUS(one->status) == 2) {
            char *line = find_line(one->explanation, "");
            failure->cause = line != NULL ? line : must(strdup("it exits with status 2"));
            return FUZZ_REFUSED;
        }
    }
    take_failure(one, failure);
    return FUZZ_FAILED;
}

enum fuzz_end fuzz_run(struct fuzz_run *run, const unsigned char *bytes, size_t length,
                       struct fuzz_failure *failure)
{
    *failure = (struct fuzz_failure){ 0 };
    run->runs++;
    char *input = write_input(bytes, length);
    if (input == NULL) {
        failure->cause = join("cannot write a temporary file: ", strerror(errno));
        return FUZZ_REFUSED;
    }
    struct one one = { .program = run->program, .input = input, .tool = getpid() };
    worker_pool_run(&(struct worker_pool){
        .count = 1, .jobs = 1, .limit = run->limit, .run = become_program, .tell = hear, .host = &one });
    const enum fuzz_end end = judge(&one, failure);
    (void)unlink(input);
    free(input);
    free(one.summary);
    free(one.explanation);
    return end;
}

void fuzz_failure_free(struct fuzz_failure *failure)
{
    free(failure->cause);
    free(failure->sentence);
    *failure = (struct fuzz_failure){ 0 };
}

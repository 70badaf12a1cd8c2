#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "interrupt.h"
#include "worker_private.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct black_box *own_box;

struct black_box *worker_pool_own_box(void)
{
    return own_box;
}

/* ---- Sending ---- */

static bool send_bytes(int out, const void *bytes, size_t length)
{
    const char *at = bytes;
    while (length > 0) {
        ssize_t sent = write(out, at, length);
        if (sent < 0 && errno != EINTR)
            return false;
        at += sent > 0 ? sent : 0;
        length -= sent > 0 ? (size_t)sent : 0;
    }
    return true;
}

static size_t text_size(const char *text)
{
    return text != NULL ? strlen(text) + 1 : 0;
}

void worker_texts(struct player_result *result, char **texts[FRAME_TEXTS])
{
    texts[0] = &result->summary;
    texts[1] = &result->explanation;
    texts[2] = &result->log;
    texts[3] = &result->mermaid;
    texts[4] = &result->dot;
    texts[5] = &result->description;
}

static bool send_outcome(int out, size_t index, struct worker_outcome *outcome)
{
    struct frame frame;
    char **texts[FRAME_TEXTS];
    memset(&frame, 0, sizeof frame);
    frame.outcome = *outcome;
    frame.index = index;
    worker_texts(&outcome->result, texts);
    for (size_t i = 0; i < FRAME_TEXTS; i++)
        frame.sizes[i] = text_size(*texts[i]);
    bool good = send_bytes(out, &frame, sizeof frame);
    for (size_t i = 0; i < FRAME_TEXTS; i++)
        good = good && send_bytes(out, *texts[i], frame.sizes[i]);
    return good;
}

/* ---- Standard error ---- */

/* Redirects standard error to the file; returns the previous descriptor, or -1 when it cannot be
 * redirected. */
static int catch_errors(const struct seat *seat)
{
    const int before = seat->said >= 0 ? dup(STDERR_FILENO) : -1;
    if (before >= 0 && dup2(seat->said, STDERR_FILENO) < 0)
        abort();
    return before;
}

/* Passes on what was written there, and empties the file. */
static void pass_on_errors(const struct seat *seat, int before)
{
    char bytes[4096];
    ssize_t got;
    if (before < 0 || lseek(seat->said, 0, SEEK_END) <= 0)
        return;
    (void)lseek(seat->said, 0, SEEK_SET);
    while ((got = read(seat->said, bytes, sizeof bytes)) > 0)
        (void)send_bytes(before, bytes, (size_t)got);
    (void)lseek(seat->said, 0, SEEK_SET);
    if (ftruncate(seat->said, 0) != 0)
        abort();
}

/* Output after the last run, such as that of a sanitizer, belongs to no scenario. */
static void release_errors(int before)
{
    if (before >= 0 && dup2(before, STDERR_FILENO) < 0)
        abort();
}

/* ---- Running ---- */

/* The system ends this process together with its parent. If it cannot, writing the next result fails because
 * no process reads. */
static void follow(int leader)
{
    interrupt_ignore();
#ifdef __linux__
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    if (getppid() != (pid_t)leader)
        _exit(EXIT_FAILURE);
}

/* Takes the first scenario from `index` on that no worker has taken. */
static bool take(const struct seat *seat, size_t count, size_t *index)
{
    for (; *index < count; ++*index) {
        uint16_t nobody = 0;
        if (atomic_compare_exchange_strong(&seat->owners[*index], &nobody, seat->number))
            return true;
    }
    return false;
}

_Noreturn void worker_pool_work(const struct worker_pool *pool, const struct seat *seat)
{
    bool heard = true;
    follow(seat->leader);
    own_box = seat->box;
    const int errors = catch_errors(seat);
    for (size_t index = 0; heard && take(seat, pool->count, &index);) {
        struct worker_outcome outcome = { .box = seat->box };
        black_box_clear(seat->box); /* forget the previous run */
        pool->run(pool->host, index, &outcome);
        pass_on_errors(seat, errors);
        heard = send_outcome(seat->out, index, &outcome);
        player_result_free(&outcome.result);
    }
    release_errors(errors);
    exit(heard ? EXIT_SUCCESS : EXIT_FAILURE);
}

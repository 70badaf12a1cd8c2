#define _XOPEN_SOURCE 700 /* for setitimer */

#include <sys/time.h>

#include "interrupt.h"
#include "worker_private.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The maximum interval between checks of the run, and the minimum number of checks within a limit.  If a run
 * that was requested to stop begins no event and no step for GRACE_MILLISECONDS, the process ends. */
enum { LOOK_MILLISECONDS = 100, LOOKS_A_LIMIT = 8, GRACE_MILLISECONDS = 800 };

/* The state of the signal handler, which may interrupt the run at any instruction. */
static struct {
    const struct worker_pool *pool; /* NULL when no run is in progress */
    struct black_box *box;
    uint64_t interval; /* nanoseconds of processor time, like the following members */
    uint64_t begun;    /* of the box, at the last check */
    uint64_t still;    /* time since the current run began; 0 between runs */
    uint64_t stopping; /* how long ago it was requested to stop */
} here;

bool worker_pool_is_interrupted(const struct worker_pool *pool)
{
    return !pool->finishes && interrupt_signal() != 0;
}

static void say(const char *text)
{
    const ssize_t written = write(STDERR_FILENO, text, strlen(text));
    (void)written;
}

/* Whether a run is under way, not what comes before it, such as the making of a plot. */
static bool is_running(void)
{
    return *(volatile char *)here.box->path != '\0';
}

/* The process ends here; the only remaining task is to report the position of the run. */
static _Noreturn void give_up(void)
{
    const int status = interrupt_status(EXIT_FAILURE);
    say("rehearse: ");
    say(is_running() ? here.box->path : "between runs");
    say(is_running() ? ": " : "");
    say(here.box->step);
    say("\n  ");
    say(here.box->words);
    say(", and did not stop when requested; the process exits\n");
    _exit(status);
}

static char late[BLACK_BOX_WORDS]; /* the message for a run that exceeds the limit */

static void stop(enum black_box_stop why, const char *words)
{
    memcpy(here.box->words, words, strlen(words) + 1);
    here.box->stop = (sig_atomic_t)why;
}

/* Calls only async-signal-safe functions (POSIX, System Interfaces, 2.4.3). */
static void look(int number)
{
    const int reason = errno;
    (void)number;
    if (here.pool != NULL) {
        const uint64_t begun = *(volatile uint64_t *)&here.box->begun;
        const bool same = begun == here.begun;
        here.still = same && is_running() ? here.still + here.interval : 0;
        here.stopping = same && here.box->stop != 0 ? here.stopping + here.interval : 0;
        here.begun = begun;
        if (here.stopping >= GRACE_MILLISECONDS * SIM_MILLISECOND)
            give_up();
        if (worker_pool_is_interrupted(here.pool))
            stop(BLACK_BOX_ENDS, "interrupted");
        else if (here.pool->limit > 0 && here.still >= here.pool->limit)
            stop(BLACK_BOX_LATE, late);
    }
    errno = reason;
}

static uint64_t look_interval(uint64_t limit)
{
    const uint64_t most = LOOK_MILLISECONDS * SIM_MILLISECOND;
    return limit > 0 && limit / LOOKS_A_LIMIT < most ? limit / LOOKS_A_LIMIT : most;
}

static void set_timer(uint64_t nanoseconds)
{
    const struct timeval every = { .tv_usec = (suseconds_t)(nanoseconds / SIM_MICROSECOND) };
    const struct itimerval timer = { every, every };
    (void)setitimer(ITIMER_PROF, &timer, NULL);
}

static void begin_looking(const struct worker_pool *pool, struct black_box *box)
{
    struct sigaction action = { .sa_handler = look, .sa_flags = SA_RESTART };
    sigemptyset(&action.sa_mask);
    (void)snprintf(late, sizeof late, WORKER_POOL_LATE, (double)pool->limit / (double)SIM_SECOND);
    here.box = box;
    here.interval = look_interval(pool->limit);
    here.begun = here.still = here.stopping = 0;
    here.pool = pool;
    (void)sigaction(SIGPROF, &action, NULL);
    set_timer(here.interval);
}

static void end_looking(void)
{
    set_timer(0);
    here.pool = NULL;
}

/* Without a limit in a worker, which the supervising process watches, and within a run that is already
 * watched. */
bool worker_pool_run_one_here(const struct worker_pool *pool, size_t index, struct worker_outcome *outcome)
{
    static struct black_box box;
    const bool looked_at = worker_pool_own_box() != NULL || here.pool != NULL;
    *outcome = (struct worker_outcome){ .box = worker_pool_own_box() };
    if (!looked_at) {
        box.stop = BLACK_BOX_GOES_ON;
        black_box_clear(&box);
        outcome->box = &box;
        begin_looking(pool, &box);
    }
    pool->run(pool->host, index, outcome);
    if (!looked_at)
        end_looking();
    if (!worker_pool_is_interrupted(pool))
        return true;
    player_result_free(&outcome->result);
    return false;
}

void worker_pool_run_here(const struct worker_pool *pool)
{
    struct worker_outcome outcome;
    bool more = true;
    for (size_t i = 0; i < pool->count && more; i++) {
        if (worker_pool_is_interrupted(pool) || !worker_pool_run_one_here(pool, i, &outcome))
            return;
        more = pool->tell(pool->host, i, &outcome);
        player_result_free(&outcome.result);
    }
}

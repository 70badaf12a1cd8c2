#include "../must.h"
#include "interrupt.h"
#include "machine.h"
#include "worker_private.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The maximum interval between checks of the workers, and the minimum number of checks within a limit. */
enum { LOOK_MILLISECONDS = 100, LOOKS_A_LIMIT = 8 };

struct worker {
    pid_t process; /* 0 when there is none */
    int pipe;
    FILE *said;     /* its standard error; NULL when not redirected */
    uint64_t begun; /* of its black box, at the last check */
    sim_time still; /* real time since the last run began, as far as it was watched */
    bool late;      /* it was ended because it exceeded the limit */
    char *bytes;    /* received bytes of an incomplete frame */
    size_t length, room;
};

struct slot {
    bool filled;
    struct worker_outcome outcome;
};

struct watch {
    const struct worker_pool *pool;
    size_t jobs; /* at most the number of scenarios, and of processes that could be started */
    struct worker *workers;
    size_t working; /* number of running workers */
    worker_pool_owner *owners;
    struct black_box *boxes; /* one for each worker */
    struct pollfd *polls;
    struct slot *slots;
    size_t told;
    uint64_t looked_at; /* real time */
    bool ended;         /* `tell` returned false */
};

static void discard(struct worker_outcome *outcome)
{
    player_result_free(&outcome->result);
    *outcome = (struct worker_outcome){ 0 };
}

/* ---- Slots ---- */

static void fill(struct watch *watch, size_t index, const struct worker_outcome *outcome)
{
    assert(index < watch->pool->count && !watch->slots[index].filled);
    watch->slots[index] = (struct slot){ .filled = true, .outcome = *outcome };
    watch->slots[index].outcome.box = NULL;
}

static void tell_ready(struct watch *watch)
{
    const struct worker_pool *pool = watch->pool;
    while (!watch->ended && watch->told < pool->count && watch->slots[watch->told].filled) {
        struct slot *slot = &watch->slots[watch->told];
        watch->ended = !pool->tell(pool->host, watch->told, &slot->outcome);
        discard(&slot->outcome);
        watch->told++;
    }
}

static bool is_over(const struct watch *watch)
{
    return watch->ended || watch->told == watch->pool->count || worker_pool_is_interrupted(watch->pool);
}

/* ---- Workers begin ---- */

static bool anything_is_free(const struct watch *watch)
{
    size_t i = watch->told;
    while (i < watch->pool->count && atomic_load(&watch->owners[i]) != 0)
        i++;
    return i < watch->pool->count;
}

/* Whether a few more files can be opened: the verbs need some for output and messages. */
static bool leaves_files(int file)
{
    enum { FILES_LEFT = 4 };
    int spare[FILES_LEFT];
    int count = 0;
    while (count < FILES_LEFT && (spare[count] = dup(file)) >= 0)
        count++;
    for (int i = 0; i < count; i++)
        close(spare[i]);
    return count == FILES_LEFT;
}

static void close_others(const struct watch *watch)
{
    for (size_t i = 0; i < watch->jobs; i++) {
        const struct worker *other = &watch->workers[i];
        if (other->process == 0)
            continue;
        close(other->pipe);
        if (other->said != NULL)
            close(fileno(other->said));
    }
}

/* In the new process. */
static _Noreturn void begin_work(const struct watch *watch, const struct worker *worker, int out,
                                 pid_t leader)
{
    const size_t index = (size_t)(worker - watch->workers);
    const struct seat seat = { .number = (uint16_t)(index + 1),
                               .owners = watch->owners,
                               .box = &watch->boxes[index],
                               .out = out,
                               .said = worker->said != NULL ? fileno(worker->said) : -1,
                               .leader = (int)leader };
    close_others(watch);
    worker_pool_work(watch->pool, &seat);
}

/* Returns false, with errno, when the system cannot start another process. */
static bool start_worker(struct watch *watch, struct worker *worker)
{
    int ends[2] = { -1, -1 };
    const pid_t leader = getpid();
    if (pipe(ends) != 0)
        return false;
    worker->said = tmpfile();
    fflush(NULL); /* otherwise the new process would write the buffered data again */
    const bool room = watch->working == 0 || leaves_files(ends[0]);
    const pid_t process = room ? fork() : -1;
    if (process == 0) {
        close(ends[0]);
        begin_work(watch, worker, ends[1], leader);
    }
    const int reason = errno;
    close(ends[1]);
    if (process > 0) {
        worker->process = process;
        worker->pipe = ends[0];
        worker->still = 0;
        worker->late = false;
        watch->working++;
        return true;
    }
    close(ends[0]);
    if (worker->said != NULL)
        fclose(worker->said);
    worker->said = NULL;
    errno = reason;
    return false;
}

/* ---- Workers end ---- */

static int end_worker(struct watch *watch, struct worker *worker)
{
    int status = 0;
    close(worker->pipe);
    while (waitpid(worker->process, &status, 0) < 0 && errno == EINTR)
        continue;
    worker->process = 0;
    worker->length = 0;
    watch->working--;
    return status;
}

/* The scenario that a worker took and did not finish; the number of all scenarios when there is none. */
static size_t find_lost(const struct watch *watch, const struct worker *worker)
{
    const size_t number = (size_t)(worker - watch->workers) + 1;
    size_t i = watch->told;
    while (i < watch->pool->count && (atomic_load(&watch->owners[i]) != number || watch->slots[i].filled))
        i++;
    return i;
}

static void bury_worker(struct watch *watch, struct worker *worker)
{
    const int status = end_worker(watch, worker);
    const size_t lost = find_lost(watch, worker);
    if (lost < watch->pool->count) {
        const struct loss loss = { .status = status,
                                   .limit = worker->late ? watch->pool->limit : 0,
                                   .box = &watch->boxes[worker - watch->workers],
                                   .said = worker->said != NULL ? fileno(worker->said) : -1 };
        const struct worker_outcome outcome = worker_pool_lost(&loss);
        fill(watch, lost, &outcome);
    }
    if (worker->said != NULL)
        fclose(worker->said);
    worker->said = NULL;
    if (anything_is_free(watch))
        (void)start_worker(watch, worker);
}

/* ---- Workers are heard ---- */

static char *take_text(const char *at, size_t size)
{
    return size == 0 ? NULL : memcpy(must(malloc(size)), at, size);
}

static void take_texts(struct frame *frame, const char *at)
{
    char **texts[FRAME_TEXTS];
    worker_texts(&frame->outcome.result, texts);
    for (size_t i = 0; i < FRAME_TEXTS; i++) {
        *texts[i] = take_text(at, frame->sizes[i]);
        at += frame->sizes[i];
    }
}

static void take_frames(struct watch *watch, struct worker *worker)
{
    struct frame frame;
    size_t at = 0;
    while (worker->length - at >= sizeof frame) {
        memcpy(&frame, worker->bytes + at, sizeof frame);
        size_t size = sizeof frame;
        for (size_t i = 0; i < FRAME_TEXTS; i++)
            size += frame.sizes[i];
        if (worker->length - at < size)
            break;
        take_texts(&frame, worker->bytes + at + sizeof frame);
        fill(watch, frame.index, &frame.outcome);
        at += size;
    }
    memmove(worker->bytes, worker->bytes + at, worker->length - at);
    worker->length -= at;
}

static void hear(struct watch *watch, struct worker *worker)
{
    if (worker->room - worker->length < 4096) {
        worker->room = worker->room == 0 ? 65536 : worker->room * 2;
        worker->bytes = must(realloc(worker->bytes, worker->room));
    }
    ssize_t got = read(worker->pipe, worker->bytes + worker->length, worker->room - worker->length);
    if (got < 0 && errno == EINTR)
        return;
    if (got <= 0) {
        bury_worker(watch, worker);
        return;
    }
    worker->still = 0;
    worker->length += (size_t)got;
    take_frames(watch, worker);
}

static int look_interval(const struct watch *watch)
{
    const uint64_t limit = watch->pool->limit / LOOKS_A_LIMIT / SIM_MILLISECOND;
    return limit > 0 && limit < LOOK_MILLISECONDS ? (int)limit : LOOK_MILLISECONDS;
}

static void hear_all(struct watch *watch)
{
    for (size_t i = 0; i < watch->jobs; i++) {
        const struct worker *worker = &watch->workers[i];
        watch->polls[i] = (struct pollfd){ .fd = worker->process != 0 ? worker->pipe : -1, .events = POLLIN };
    }
    if (poll(watch->polls, (nfds_t)watch->jobs, look_interval(watch)) <= 0)
        return;
    for (size_t i = 0; i < watch->jobs; i++)
        if (watch->polls[i].revents != 0)
            hear(watch, &watch->workers[i]);
}

/* Ends the workers that exceed the limit. Time in which this process did not look, because it was stopped or
 * was reporting, counts only a little. */
static void end_late(struct watch *watch)
{
    const uint64_t now = machine_now();
    const uint64_t interval = (uint64_t)look_interval(watch) * SIM_MILLISECOND;
    const uint64_t since = now - watch->looked_at;
    if (watch->pool->limit == 0 || since < interval)
        return;
    watch->looked_at = now;
    for (size_t i = 0; i < watch->jobs; i++) {
        struct worker *worker = &watch->workers[i];
        const uint64_t begun = watch->boxes[i].begun;
        worker->still =
            begun == worker->begun ? worker->still + (since < 2 * interval ? since : 2 * interval) : 0;
        worker->begun = begun;
        if (worker->process == 0 || worker->still < watch->pool->limit)
            continue;
        worker->late = true;
        kill(worker->process, SIGKILL);
    }
}

/* ---- All of it ---- */

/* Runs the rest in this process, when no process can be started; all results of earlier workers have been
 * received. */
static void run_rest_here(struct watch *watch)
{
    const struct worker_pool *pool = watch->pool;
    static bool said;
    if (!said)
        fprintf(stderr, "rehearse: cannot start a process: %s; running in this process\n", strerror(errno));
    said = true;
    for (size_t i = watch->told; i < pool->count && !is_over(watch); i++) {
        struct worker_outcome outcome;
        if (!watch->slots[i].filled) {
            if (!worker_pool_run_one_here(pool, i, &outcome))
                return;
            fill(watch, i, &outcome);
        }
        tell_ready(watch);
    }
}

static void watch_all(struct watch *watch)
{
    size_t started = 0;
    while (started < watch->jobs && start_worker(watch, &watch->workers[started]))
        started++;
    if (started > 0)
        watch->jobs = started;
    while (!is_over(watch)) {
        if (watch->working == 0 && anything_is_free(watch) && !start_worker(watch, &watch->workers[0]))
            run_rest_here(watch);
        hear_all(watch);
        tell_ready(watch);
        end_late(watch);
        if (watch->pool->wait != NULL)
            watch->pool->wait(watch->pool->host);
    }
}

static void end_all(struct watch *watch)
{
    const bool early = watch->told < watch->pool->count;
    for (size_t i = 0; i < watch->jobs; i++) {
        struct worker *worker = &watch->workers[i];
        if (worker->process != 0) {
            if (early)
                kill(worker->process, SIGKILL);
            (void)end_worker(watch, worker);
        }
        if (worker->said != NULL)
            fclose(worker->said);
        free(worker->bytes);
    }
}

static void run_apart(const struct worker_pool *pool)
{
    const size_t jobs = pool->jobs < pool->count ? pool->jobs : pool->count;
    struct watch watch = {
        .pool = pool,
        .jobs = jobs,
        .workers = must(calloc(jobs + 1, sizeof *watch.workers)),
        .owners = machine_share((pool->count + 1) * sizeof *watch.owners),
        .boxes = machine_share((jobs + 1) * sizeof *watch.boxes),
        .polls = must(calloc(jobs + 1, sizeof *watch.polls)),
        .slots = must(calloc(pool->count + 1, sizeof *watch.slots)),
        .looked_at = machine_now(),
    };
    assert(jobs < UINT16_MAX);
    watch_all(&watch);
    end_all(&watch);
    for (size_t i = watch.told; i < pool->count; i++)
        discard(&watch.slots[i].outcome);
    free(watch.slots);
    free(watch.polls);
    machine_unshare(watch.boxes, (jobs + 1) * sizeof *watch.boxes);
    machine_unshare(watch.owners, (pool->count + 1) * sizeof *watch.owners);
    free(watch.workers);
}

void worker_pool_run(const struct worker_pool *pool)
{
    if (pool->jobs == 0)
        worker_pool_run_here(pool);
    else
        run_apart(pool);
}

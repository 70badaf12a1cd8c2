#include "crew.h"

#include "../must.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* What goes through a pipe for each scenario, and behind it the two texts, each with its NUL.  Both ends are
 * the same program, so numbers stand as they are in memory, and what is static has the same address. */
struct frame {
    struct played played;
    size_t summary, explanation; /* lengths; 0 for none */
};

struct worker {
    pid_t process; /* 0 when there is none */
    int pipe;
    size_t next; /* the scenario whose result comes next */
    char *bytes; /* received, and no whole frame yet */
    size_t length, room;
};

struct slot {
    bool filled;
    struct played played;
};

struct watch {
    const struct crew *crew;
    struct worker *workers;
    struct pollfd *polls;
    struct slot *slots;
    size_t told;
    bool ended; /* the teller wants no more */
};

static void discard(struct played *played)
{
    free(played->result.summary);
    free(played->result.explanation);
    *played = (struct played){ 0 };
}

static void play_here(const struct crew *crew)
{
    bool more = true;
    for (size_t i = 0; i < crew->count && more; i++) {
        struct played played = { 0 };
        crew->play(crew->host, i, &played);
        more = crew->tell(crew->host, i, &played);
        discard(&played);
    }
}

/* --- in a worker's process --- */

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

static bool send_played(int out, const struct played *played)
{
    struct frame frame;
    memset(&frame, 0, sizeof frame);
    frame.played = *played;
    frame.summary = text_size(played->result.summary);
    frame.explanation = text_size(played->result.explanation);
    return send_bytes(out, &frame, sizeof frame) && send_bytes(out, played->result.summary, frame.summary) &&
           send_bytes(out, played->result.explanation, frame.explanation);
}

static _Noreturn void work(const struct crew *crew, size_t first, int out)
{
    bool heard = true;
    for (size_t i = first; i < crew->count && heard; i += crew->jobs) {
        struct played played = { 0 };
        crew->play(crew->host, i, &played);
        heard = send_played(out, &played);
        discard(&played);
    }
    exit(heard ? EXIT_SUCCESS : EXIT_FAILURE);
}

/* --- in the watching process --- */

static void fill(struct watch *watch, size_t index, const struct played *played)
{
    assert(index < watch->crew->count && !watch->slots[index].filled);
    watch->slots[index] = (struct slot){ .filled = true, .played = *played };
}

static void lose(struct watch *watch, size_t index, const char *how, const char *reason, int number)
{
    struct played played = { .lost = true };
    size_t length = 0;
    FILE *out = must(open_memstream(&played.result.summary, &length));
    fprintf(out, how, reason, number);
    fclose(out);
    must(played.result.summary);
    fill(watch, index, &played);
}

static void start_worker(struct watch *watch, struct worker *worker)
{
    int ends[2] = { -1, -1 };
    while (worker->next < watch->crew->count) {
        fflush(NULL); /* or the new process would write once more what waits in the buffers */
        pid_t process = pipe(ends) == 0 ? fork() : -1;
        if (process == 0) {
            for (size_t i = 0; i < watch->crew->jobs; i++)
                if (watch->workers[i].process != 0)
                    close(watch->workers[i].pipe);
            close(ends[0]);
            work(watch->crew, worker->next, ends[1]);
        }
        if (process > 0) {
            close(ends[1]);
            worker->process = process;
            worker->pipe = ends[0];
            return;
        }
        lose(watch, worker->next, "no process could be started: %s", strerror(errno), 0);
        worker->next += watch->crew->jobs;
        if (ends[0] >= 0)
            close(ends[0]), close(ends[1]);
    }
}

static int end_worker(struct worker *worker)
{
    int status = 0;
    close(worker->pipe);
    while (waitpid(worker->process, &status, 0) < 0 && errno == EINTR)
        continue;
    worker->process = 0;
    worker->length = 0;
    return status;
}

static void bury_worker(struct watch *watch, struct worker *worker)
{
    int status = end_worker(worker);
    if (worker->next >= watch->crew->count)
        return;
    if (WIFSIGNALED(status))
        lose(watch, worker->next, "its process died of %s (signal %d)", strsignal(WTERMSIG(status)),
             WTERMSIG(status));
    else
        lose(watch, worker->next, "its process %s with status %d before the end", "exited",
             WEXITSTATUS(status));
    worker->next += watch->crew->jobs;
    start_worker(watch, worker);
}

static char *take_text(const char *at, size_t size)
{
    return size == 0 ? NULL : memcpy(must(malloc(size)), at, size);
}

static void take_frames(struct watch *watch, struct worker *worker)
{
    struct frame frame;
    size_t at = 0;
    while (worker->length - at >= sizeof frame) {
        memcpy(&frame, worker->bytes + at, sizeof frame);
        size_t size = sizeof frame + frame.summary + frame.explanation;
        if (worker->length - at < size)
            break;
        const char *texts = worker->bytes + at + sizeof frame;
        frame.played.result.summary = take_text(texts, frame.summary);
        frame.played.result.explanation = take_text(texts + frame.summary, frame.explanation);
        fill(watch, worker->next, &frame.played);
        worker->next += watch->crew->jobs;
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
    worker->length += (size_t)got;
    take_frames(watch, worker);
}

static void tell_ready(struct watch *watch)
{
    const struct crew *crew = watch->crew;
    while (!watch->ended && watch->told < crew->count && watch->slots[watch->told].filled) {
        struct slot *slot = &watch->slots[watch->told];
        watch->ended = !crew->tell(crew->host, watch->told, &slot->played);
        discard(&slot->played);
        watch->told++;
    }
}

static void hear_all(struct watch *watch)
{
    size_t jobs = watch->crew->jobs;
    for (size_t i = 0; i < jobs; i++) {
        const struct worker *worker = &watch->workers[i];
        watch->polls[i] = (struct pollfd){ .fd = worker->process != 0 ? worker->pipe : -1, .events = POLLIN };
    }
    if (poll(watch->polls, (nfds_t)jobs, -1) <= 0)
        return;
    for (size_t i = 0; i < jobs; i++)
        if (watch->polls[i].revents != 0)
            hear(watch, &watch->workers[i]);
}

static void play_apart(const struct crew *crew)
{
    struct watch watch = {
        .crew = crew,
        .workers = must(calloc(crew->jobs, sizeof *watch.workers)),
        .polls = must(calloc(crew->jobs, sizeof *watch.polls)),
        .slots = must(calloc(crew->count + 1, sizeof *watch.slots)),
    };
    for (size_t i = 0; i < crew->jobs; i++) {
        watch.workers[i].next = i;
        start_worker(&watch, &watch.workers[i]);
    }
    tell_ready(&watch);
    while (!watch.ended && watch.told < crew->count) {
        hear_all(&watch);
        tell_ready(&watch);
    }
    for (size_t i = 0; i < crew->jobs; i++) {
        struct worker *worker = &watch.workers[i];
        if (worker->process != 0) {
            if (watch.ended)
                kill(worker->process, SIGKILL);
            end_worker(worker);
        }
        free(worker->bytes);
    }
    for (size_t i = watch.told; i < crew->count; i++)
        discard(&watch.slots[i].played);
    free(watch.slots);
    free(watch.polls);
    free(watch.workers);
}

void crew_play(const struct crew *crew)
{
    if (crew->jobs == 0)
        play_here(crew);
    else
        play_apart(crew);
}

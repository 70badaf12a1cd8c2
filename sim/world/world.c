/*
 * world.c - the event queue: a heap by time, and a list of the events that are due now.
 */
#include "world.h"

#include "../must.h"
#include "../prefetch.h"
#include "describe.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

/* The bytes of an event's subject that are prefetched before it runs. */
enum { SUBJECT = 128 };

static const sim_time NEVER = UINT64_MAX;

struct event {
    sim_time at;
    uint64_t sequence; /* order of scheduling, which orders events of one time */
    world_action action;
    void *subject;
};

/* Future events, the next one first. */
struct heap {
    struct event *events;
    size_t count, capacity;
};

/* The events of one time, in order of scheduling, once there are several.  A tree counts those not yet taken:
 * `counts[1]` is their total, and the leaf of slot n is `counts[capacity + n]`.  So taking the kth event is
 * fast even when a hundred thousand are due together. */
struct ready {
    struct event *slots;
    uint32_t *counts;
    uint32_t used, left, capacity; /* slots filled, events not taken, a power of two */
};

/* A pseudo-random stream, and the client it belongs to. */
struct stream {
    struct stream *next;
    uint64_t state;
    char name[];
};

struct world {
    sim_time now;
    uint64_t scheduled, run, fired;
    uint64_t halt;      /* halt after so many events; 0 for never */
    uint64_t halt_work; /* halt after so many events and timers; 0 for never */
    uint64_t halt_line; /* halt once the trace has so many lines; 0 for never */
    sim_time halt_time; /* halt before the clock passes this time */
    bool halted;        /* at a choice between events, at halt_time, or by the flag or world_halt */
    const volatile sig_atomic_t *halt_flag; /* NULL for none */
    bool any_order;
    uint64_t origin;  /* of the streams */
    sim_time passing; /* while time passes: its end; else 0 */
    struct heap next; /* events of world_next, in order of scheduling */
    struct heap heap;
    struct ready ready; /* in a world of any order, all pending events */
    world_watcher watcher;
    void *watcher_host;
    world_watcher onlooker;
    void *onlooker_host;
    world_crossroads crossroads;
    void *crossroads_host;
    struct world_timer *timers;
    size_t timer_count;
    struct stream *streams; /* the current one first; "" for events of no client */
    struct choices choices;
    struct trace *trace;
};

/* ---- Heap ---- */

static bool comes_before(const struct event *a, const struct event *b)
{
    return a->at != b->at ? a->at < b->at : a->sequence < b->sequence;
}

static void heap_push(struct heap *heap, struct event event)
{
    if (heap->count == heap->capacity) {
        heap->capacity = heap->capacity == 0 ? 64 : heap->capacity * 2;
        heap->events = must(realloc(heap->events, heap->capacity * sizeof *heap->events));
    }
    size_t hole = heap->count++;
    while (hole > 0) {
        const size_t parent = (hole - 1) / 2;
        if (!comes_before(&event, &heap->events[parent]))
            break;
        heap->events[hole] = heap->events[parent];
        hole = parent;
    }
    heap->events[hole] = event;
}

static struct event heap_pop(struct heap *heap)
{
    assert(heap->count > 0);
    struct event *events = heap->events;
    const struct event first = events[0];
    const struct event moved = events[--heap->count];
    size_t hole = 0;
    for (size_t child = 1; child < heap->count; child = 2 * hole + 1) {
        if (child + 1 < heap->count && comes_before(&events[child + 1], &events[child]))
            child++;
        if (!comes_before(&events[child], &moved))
            break;
        events[hole] = events[child];
        hole = child;
    }
    events[hole] = moved;
    return first;
}

/* ---- Ready events ---- */

static void ready_append(struct ready *ready, struct event event);

/* Makes room for one more: reuses the slots already taken, or doubles their number. */
static void ready_grow(struct ready *ready)
{
    const struct ready old = *ready;
    const uint32_t needed = old.left < old.capacity / 2 ? old.capacity : old.capacity * 2;
    const uint32_t capacity = needed == 0 ? 16 : needed;
    *ready = (struct ready){
        .slots = must(malloc(capacity * sizeof *ready->slots)),
        .counts = must(calloc(2 * (size_t)capacity, sizeof *ready->counts)),
        .capacity = capacity,
    };
    for (uint32_t slot = 0; slot < old.used; slot++) {
        if (old.counts[old.capacity + slot] > 0)
            ready_append(ready, old.slots[slot]);
    }
    assert(ready->left == old.left);
    free(old.slots);
    free(old.counts);
}

static void ready_append(struct ready *ready, struct event event)
{
    if (ready->used == ready->capacity)
        ready_grow(ready);
    prefetch(event.subject, SUBJECT);
    const uint32_t slot = ready->used++;
    ready->slots[slot] = event;
    ready->left++;
    for (uint32_t node = ready->capacity + slot; node > 0; node /= 2)
        ready->counts[node]++;
}

static struct event ready_take(struct ready *ready, uint32_t nth)
{
    assert(nth < ready->left);
    uint32_t *counts = ready->counts;
    uint32_t node = 1;
    while (node < ready->capacity) {
        counts[node]--;
        node *= 2;
        if (nth >= counts[node]) {
            nth -= counts[node];
            node++;
        }
    }
    counts[node]--;
    const struct event taken = ready->slots[node - ready->capacity];
    if (--ready->left == 0)
        ready->used = 0;
    return taken;
}

/* ---- The world ---- */

struct world *world_new(enum choice_policy policy, uint64_t seed, struct trace *trace)
{
    struct world *world = must(calloc(1, sizeof *world));
    choices_init(&world->choices, policy, seed);
    world->trace = trace;
    world->halt_time = NEVER;
    return world;
}

static void free_streams(struct world *world)
{
    while (world->streams != NULL) {
        struct stream *stream = world->streams;
        world->streams = stream->next;
        free(stream);
    }
}

void world_free(struct world *world)
{
    if (world == NULL)
        return;
    free(world->next.events);
    free(world->heap.events);
    free(world->ready.slots);
    free(world->ready.counts);
    free(world->timers);
    free_streams(world);
    free(world);
}

void world_watch(struct world *world, world_watcher watcher, void *host)
{
    world->watcher = watcher;
    world->watcher_host = host;
}

void world_look_on(struct world *world, world_watcher onlooker, void *host)
{
    world->onlooker = onlooker;
    world->onlooker_host = host;
}

sim_time world_now(const struct world *world)
{
    return world->now;
}

struct choices *world_choices(struct world *world)
{
    return &world->choices;
}

struct trace *world_trace(struct world *world)
{
    return world->trace;
}

uint64_t world_events(const struct world *world)
{
    return world->run;
}

size_t world_pending(const struct world *world)
{
    return world->next.count + world->heap.count + world->ready.left;
}

void world_describe(struct description *description, const struct world *world)
{
    describe_line(description, "world");
    describe_count(description, "events under way", world_pending(world));
    if (world->passing > 0)
        describe_time(description, "time passes, until", world->passing);
}

void world_halt_after(struct world *world, uint64_t events)
{
    world->halt = events;
}

void world_halt_after_work(struct world *world, uint64_t work)
{
    world->halt_work = work;
}

void world_halt_at_line(struct world *world, uint64_t line)
{
    world->halt_line = line;
}

void world_halt_at_time(struct world *world, sim_time time)
{
    world->halt_time = time;
}

void world_halt_when(struct world *world, const volatile sig_atomic_t *flag)
{
    world->halt_flag = flag;
}

void world_halt(struct world *world)
{
    world->halted = true;
}

bool world_is_halted(const struct world *world)
{
    return world->halted || (world->halt > 0 && world->run >= world->halt) ||
           (world->halt_work > 0 && world->run + world->fired >= world->halt_work) ||
           (world->halt_line > 0 && trace_count(world->trace) >= world->halt_line);
}

/* ---- Pseudo-random streams ---- */

static struct stream *stream_new(const char *name, uint64_t state)
{
    const size_t size = strlen(name) + 1;
    struct stream *stream = must(malloc(sizeof *stream + size));
    stream->next = NULL;
    stream->state = state;
    memcpy(stream->name, name, size);
    return stream;
}

/* Removes a stream from the list, or creates it. */
static struct stream *take_stream(struct world *world, const char *name)
{
    struct stream **at = &world->streams;
    while (*at != NULL && strcmp((*at)->name, name) != 0)
        at = &(*at)->next;
    struct stream *stream = *at;
    if (stream == NULL)
        return stream_new(name, XXH3_64bits_withSeed(name, strlen(name), world->origin));
    *at = stream->next;
    return stream;
}

void world_concerns(struct world *world, const char *whom)
{
    if (!world->any_order || strcmp(world->streams->name, whom) == 0)
        return;
    world->streams->state = world->choices.entropy;
    struct stream *stream = take_stream(world, whom);
    stream->next = world->streams;
    world->streams = stream;
    world->choices.entropy = stream->state;
}

/* ---- Any order ---- */

void world_set_any_order(struct world *world)
{
    assert(world_pending(world) == 0 && !world->any_order);
    world->any_order = true;
    world->streams = stream_new("", world->choices.entropy);
    world->origin = world->choices.entropy;
}

bool world_is_any_order(const struct world *world)
{
    return world->any_order;
}

void world_ask_at_crossroads(struct world *world, world_crossroads goes_on, void *host)
{
    world->crossroads = goes_on;
    world->crossroads_host = host;
}

sim_time world_after(const struct world *world, sim_time span)
{
    return world->any_order ? world->now : world->now + span;
}

void world_event(struct world *world, sim_time at, world_action action, void *subject)
{
    assert(at >= world->now);
    const struct event event = { at, world->scheduled++, action, subject };
    if (world->any_order)
        ready_append(&world->ready, event);
    else
        heap_push(&world->heap, event);
}

void world_next(struct world *world, world_action action, void *subject)
{
    const struct event event = { world->now, world->scheduled++, action, subject };
    heap_push(&world->next, event);
}

void world_timer(struct world *world, struct world_timer timer)
{
    const size_t count = world->timer_count + 1;
    world->timers = must(realloc(world->timers, count * sizeof *world->timers));
    world->timers[world->timer_count] = timer;
    world->timer_count = count;
}

static bool quiet(const struct world *world)
{
    return world_pending(world) == 0;
}

static bool more_at(const struct world *world, sim_time at)
{
    return world->heap.count > 0 && world->heap.events[0].at == at;
}

/* Halts the world at a choice where the callback does not want to continue. */
static void come_to_crossroads(struct world *world)
{
    if (world->crossroads != NULL && !world->crossroads(world->crossroads_host))
        world->halted = true;
}

/* Whether the clock may advance to a time.  Halts the world if it is to halt before. */
static bool may_reach(struct world *world, sim_time at)
{
    if (at <= world->halt_time)
        return true;
    assert(world->now <= world->halt_time);
    world->now = world->halt_time;
    world->halted = true;
    return false;
}

/* Removes the next event from the queue and sets the clock to its time.  Returns false when the world halts.
 */
static bool take_next(struct world *world, struct event *next)
{
    struct ready *ready = &world->ready;
    if (world->next.count > 0) {
        *next = heap_pop(&world->next);
        return true;
    }
    if (ready->left == 0) {
        if (!may_reach(world, world->heap.events[0].at))
            return false;
        *next = heap_pop(&world->heap);
        assert(next->at >= world->now);
        world->now = next->at;
        if (world->heap.count > 0)
            prefetch(world->heap.events[0].subject, SUBJECT);
        if (!more_at(world, next->at))
            return true;
        ready_append(ready, *next);
    }
    while (more_at(world, world->now))
        ready_append(ready, heap_pop(&world->heap));
    if (ready->left > 1)
        come_to_crossroads(world);
    if (world->halted)
        return false;
    *next = ready_take(ready, choose(&world->choices, CHOICE_TIES, ready->left));
    return true;
}

static void watch(struct world *world)
{
    if (world->watcher != NULL)
        world->watcher(world->watcher_host);
    if (world->onlooker != NULL)
        world->onlooker(world->onlooker_host);
    if (world->halt_flag != NULL && *world->halt_flag != 0)
        world->halted = true;
}

static void happen(struct world *world, struct event event)
{
    world->run++;
    world_concerns(world, "");
    event.action(event.subject);
    watch(world);
}

bool world_step(struct world *world)
{
    struct event next;
    if (quiet(world) || world_is_halted(world) || !take_next(world, &next))
        return false;
    happen(world, next);
    return true;
}

bool world_settle(struct world *world, uint64_t bound)
{
    for (uint64_t happened = 0; !quiet(world) && !world_is_halted(world); happened++) {
        if (happened == bound)
            return false;
        world_step(world);
    }
    return true;
}

/* ---- Passing time ---- */

/* The next event or timer, and its time; an event when `timer` is NULL. */
struct next {
    sim_time at;
    const struct world_timer *timer;
};

static sim_time next_event_at(const struct world *world)
{
    if (world->next.count > 0 || world->ready.left > 0)
        return world->now;
    return world->heap.count > 0 ? world->heap.events[0].at : NEVER;
}

/* Of several timers due at the same time, the one added first. */
static struct next next_timer(const struct world *world)
{
    struct next next = { NEVER, NULL };
    for (size_t i = 0; i < world->timer_count; i++) {
        const struct world_timer *timer = &world->timers[i];
        const sim_time due = timer->due(timer->subject);
        if (due < next.at)
            next = (struct next){ due, timer };
    }
    return next;
}

/* A timer whose time is past fires now; at equal times an event precedes a timer. */
static struct next what_is_next(const struct world *world)
{
    struct next timer = next_timer(world);
    if (timer.at < world->now)
        timer.at = world->now;
    const sim_time event_at = next_event_at(world);
    return event_at <= timer.at ? (struct next){ event_at, NULL } : timer;
}

static void fire(struct world *world, struct next next)
{
    if (!may_reach(world, next.at))
        return;
    world->now = next.at;
    world->fired++;
    world_concerns(world, "");
    next.timer->fire(next.timer->subject);
    watch(world);
}

/* The time is over: the world settles. */
static bool end_passing(struct world *world, sim_time end, uint64_t bound)
{
    if (!may_reach(world, end))
        return true;
    world->now = end;
    world->passing = 0;
    return world_settle(world, bound);
}

bool world_pass(struct world *world, sim_time span, uint64_t bound)
{
    assert(span < NEVER - world->now);
    const sim_time end = world->now + span;
    uint64_t happened = 0;
    world->passing = end;
    for (struct next next = what_is_next(world); next.at <= end; next = what_is_next(world)) {
        if (world_is_halted(world))
            return true;
        if (happened++ == bound)
            return false;
        if (next.timer != NULL)
            fire(world, next);
        else
            world_step(world);
    }
    assert(world->now <= end);
    return end_passing(world, end, bound - happened);
}

/* ---- The race ---- */

/* The next timer due by `end`, or (NULL) the end. */
static struct next next_by_time(const struct world *world, sim_time end)
{
    struct next next = next_timer(world);
    if (next.at < world->now)
        next.at = world->now;
    return next.at <= end ? next : (struct next){ end, NULL };
}

/* Runs one event or timer.  Returns false when the time ends instead. */
static bool race_on(struct world *world, sim_time end)
{
    struct ready *ready = &world->ready;
    if (world->next.count > 0)
        return world_step(world);
    if (ready->left > 0)
        come_to_crossroads(world);
    if (world->halted)
        return false;
    const uint32_t which = choose(&world->choices, CHOICE_TIES, ready->left + 1);
    const struct next next = next_by_time(world, end);
    if (which < ready->left)
        happen(world, ready_take(ready, which));
    else if (next.timer != NULL)
        fire(world, next);
    else
        return false;
    return true;
}

bool world_race(struct world *world, sim_time span, uint64_t bound)
{
    if (!world->any_order)
        return world_pass(world, span, bound);
    assert(span < NEVER - world->now);
    const sim_time end = world->now + span;
    uint64_t happened = 0;
    world->passing = end;
    while (!world_is_halted(world) && race_on(world, end))
        if (happened++ == bound)
            return false;
    if (world_is_halted(world))
        return true;
    return end_passing(world, end, bound - happened);
}

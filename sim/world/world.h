/*
 * world.h - virtual time and the event queue.
 *
 * A world has a clock and a queue of events.  A step takes the next event, sets the clock to its time, runs
 * it to completion, and calls the watcher (the checks).  Which of several events due at the same time runs
 * first is a choice.  Real time runs no part.
 *
 * An *event* is something under way: bytes on a link, a request at the disk.  A *timer* is something that
 * happens only if enough time passes.  A world is quiescent when no events are left, whatever timers remain;
 * world_settle runs events until quiescence and fires no timer.
 *
 * In a world of *any order*, nothing under way takes time, and the next event is a choice among all that are
 * under way.  Exploring all choices therefore covers every order of the events, whatever their durations
 * would have been.
 */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include "choice.h"
#include "trace.h"

#include <signal.h>
#include <stdbool.h>

/* Virtual time in nanoseconds since the world began. */
typedef uint64_t sim_time;

#define SIM_MICROSECOND ((sim_time)1000)
#define SIM_MILLISECOND ((sim_time)1000000)
#define SIM_SECOND      ((sim_time)1000000000)

/* The date on which a world begins, in seconds since 1970-01-01T00:00:00Z: 2001-01-01T00:00:00Z. */
#define SIM_EPOCH_SECONDS ((uint64_t)978307200)

struct world;

/* The function that runs an event. */
typedef void (*world_action)(void *subject);

/* Called after each event, and after each timer; for the checks. */
typedef void (*world_watcher)(void *host);

/* Creates a world.  The trace is borrowed; the choices belong to the world. */
struct world *world_new(enum choice_policy policy, uint64_t seed, struct trace *trace);
void world_free(struct world *world); /* pending events are dropped, not run */

/* Sets the watcher, which is called after each event and each timer; NULL for none. */
void world_watch(struct world *world, world_watcher watcher, void *host);

/* Sets who is called after the watcher, and only looks: the run is the same without it.  NULL for none. */
void world_look_on(struct world *world, world_watcher onlooker, void *host);

/* The virtual time; the choices; the trace. */
sim_time world_now(const struct world *world);
struct choices *world_choices(struct world *world);
struct trace *world_trace(struct world *world);

/* Schedules an event at a time that is not past.  The subject must live until then. */
void world_event(struct world *world, sim_time at, world_action action, void *subject);

/* Schedules an event directly after the current event or step, before all other pending events. */
void world_next(struct world *world, world_action action, void *subject);

/* The time `span` from now; in a world of any order, now. */
sim_time world_after(const struct world *world, sim_time span);

/* Makes it a world of any order; call it before any event is scheduled. */
void world_set_any_order(struct world *world);
bool world_is_any_order(const struct world *world);

/* Names the client that the current event concerns; the name is copied.  In a world of any order,
 * identifiers, nonces and keys drawn during the event come from a stream of that client, so that the order of
 * events does not change them. */
void world_concerns(struct world *world, const char *whom);

/* Called before each choice between events.  When it returns false, the run is not continued: the world
 * halts. */
typedef bool (*world_crossroads)(void *host);
void world_ask_at_crossroads(struct world *world, world_crossroads goes_on, void *host);

/* A timer source.  `due` returns the time at which it is next due (UINT64_MAX for never); `fire` is called
 * when that time has come.  Sources are few, and live as long as the world. */
struct world_timer {
    sim_time (*due)(void *subject);
    void (*fire)(void *subject);
    void *subject;
};
void world_timer(struct world *world, struct world_timer timer);

/* Runs the next event.  Returns false when there is none. */
bool world_step(struct world *world);

/* Runs events until quiescence.  Returns false when there is no quiescence after `bound` events. */
bool world_settle(struct world *world, uint64_t bound);

/* Lets `span` pass: runs events and fires timers in the order of their times, then settles.  A timer whose
 * time is past fires immediately; at equal times an event precedes a timer.  Timers count towards `bound`.
 * Returns false as world_settle does. */
bool world_pass(struct world *world, sim_time span, uint64_t bound);

/* The same, but in a world of any order events and timers compete: whether the next event runs, the next
 * timer fires, or the span ends is a choice. */
bool world_race(struct world *world, sim_time span, uint64_t bound);

/* The number of events that have run, and of those that are pending. */
uint64_t world_events(const struct world *world);
size_t world_pending(const struct world *world);

/* Describes the pending work of the world. */
struct description;
void world_describe(struct description *description, const struct world *world);

/* Halts the world once so many events have run: no more events run, and world_settle and world_pass return as
 * if the world were quiescent (see world_is_halted). 0 is never. */
void world_halt_after(struct world *world, uint64_t events);

/* The same, after so many events and timers together, which bounds the work of a run. */
void world_halt_after_work(struct world *world, uint64_t work);

/* The same, at the end of the event that writes trace line `line`. 0 is never. */
void world_halt_at_line(struct world *world, uint64_t line);

/* The same, after everything due up to `time`, and before the clock goes beyond it; the clock then shows that
 * time.  The time is not past.  UINT64_MAX is never. */
void world_halt_at_time(struct world *world, sim_time time);

/* The same, at the end of the event or timer during which the flag is set, for example by a signal handler.
 * The flag outlives the world; NULL is none. */
void world_halt_when(struct world *world, const volatile sig_atomic_t *flag);

/* Whether the world has halted. */
bool world_is_halted(const struct world *world);

/* Halts the world now. */
void world_halt(struct world *world);

#endif

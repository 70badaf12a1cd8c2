/*
 * world.h - virtual time, and what happens next.
 *
 * A world is a clock and a queue of events.  Running it takes the next event, sets the clock to its time and
 * lets it run to completion; then whoever watches (the checks) looks at what it left behind; then the next.
 * Events that are due at the same time are a choice.  Real time does not exist here.
 *
 * There are two kinds.  An *event* is something under way: bytes on a wire, a request at the disk.  A *timer*
 * is something that would happen if nothing else did.  A world is quiet when no events are left, whatever the
 * timers; world_settle runs until then and lets no timer fire.
 *
 * A world may be one of *any order*: then nothing that is under way takes time, and it happens in any order,
 * each a choice among all that is.  So whoever tries all choices has tried every order in which things could
 * have happened, however long they may have taken.
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

/* When a world begins, as seconds since 1970-01-01T00:00:00Z: 2001-01-01T00:00:00Z. */
#define SIM_EPOCH_SECONDS ((uint64_t)978307200)

struct world;

/* What an event does. */
typedef void (*world_action)(void *subject);

/* Called after each event, and after each timer; for the checks. */
typedef void (*world_watcher)(void *host);

/* The trace is borrowed; the choices are the world's own. */
struct world *world_new(enum choice_policy policy, uint64_t seed, struct trace *trace);
void world_free(struct world *world); /* events left are forgotten, not run */

void world_watch(struct world *world, world_watcher watcher, void *host);

sim_time world_now(const struct world *world);
struct choices *world_choices(struct world *world);
struct trace *world_trace(struct world *world);

/* Something will happen at a time that is not past.  The subject must live until then. */
void world_event(struct world *world, sim_time at, world_action action, void *subject);

/* Something will happen as soon as the event at hand, or the step, is over, before all that is under way. */
void world_next(struct world *world, world_action action, void *subject);

/* When something will be over that takes so long: in a world of any order, now. */
sim_time world_after(const struct world *world, sim_time span);

/* Makes it a world of any order, before anything is under way. */
void world_set_any_order(struct world *world);
bool world_is_any_order(const struct world *world);

/* Whom the event at hand is about; the name is copied.  In a world of any order identifiers, nonces and keys
 * that are drawn in it come from a stream of his own: so who drew first makes no difference. */
void world_concerns(struct world *world, const char *whom);

/* Called before each choice between events: the crossroads of a run.  Where it returns false the run is not
 * worth going on with, and the world halts. */
typedef bool (*world_crossroads)(void *host);
void world_ask_at_crossroads(struct world *world, world_crossroads goes_on, void *host);

/* A timer source is asked when it is next due (UINT64_MAX for never) and told when that time has come.
 * There are few of them; they live as long as the world. */
struct world_timer {
    sim_time (*due)(void *subject);
    void (*fire)(void *subject);
    void *subject;
};
void world_timer(struct world *world, struct world_timer timer);

/* Runs the next event.  Returns false when there is none. */
bool world_step(struct world *world);

/* Runs until no event is left.  Returns false when `bound` events did not suffice: something goes on for
 * ever. */
bool world_settle(struct world *world, uint64_t bound);

/* Lets time pass: events and timers alike, in the order of their times, until `span` from now; then the
 * world settles.  A timer whose time is past already fires at once; an event goes before a timer that is due
 * at the same time.  Timers count towards `bound` too.  Returns false as world_settle does. */
bool world_pass(struct world *world, sim_time span, uint64_t bound);

/* The same; but in a world of any order, what is under way and the passing time race: whether an event
 * happens next or the next timer that is due fires, or the time is over, is a choice. */
bool world_race(struct world *world, sim_time span, uint64_t bound);

/* How many events have run, and how many are under way. */
uint64_t world_events(const struct world *world);
size_t world_pending(const struct world *world);

/* What it is about to do. */
struct description;
void world_describe(struct description *description, const struct world *world);

/* The world stops once so many events have run: nothing happens any more, whatever is under way, and
 * whoever lets time pass or the world settle is told that it has.  0 is never. */
void world_halt_after(struct world *world, uint64_t events);

/* The same, at the end of the event in which the trace gets its line of that number.  0 is never. */
void world_halt_at_line(struct world *world, uint64_t line);

/* The same, once all is over that happens up to that time, before the clock goes beyond; it stands there
 * then.  The time is not past.  UINT64_MAX is never. */
void world_halt_at_time(struct world *world, sim_time time);

/* The same, at the end of the event or timer during which the flag is raised, by a signal handler say.  The
 * flag outlives the world; NULL is none. */
void world_halt_when(struct world *world, const volatile sig_atomic_t *flag);

bool world_is_halted(const struct world *world);

/* It stops here. */
void world_halt(struct world *world);

#endif

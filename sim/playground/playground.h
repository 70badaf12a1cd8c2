/*
 * playground.h - one scenario from a text, run for a page in a browser (sim/playground/README.md).
 *
 * It is what `rehearse run --events` and `rehearse explore` do, without files and processes: the same parser,
 * the same runs, the same lines.  In a browser it is the whole of the program: the page calls this function
 * and nothing else.
 */
#ifndef SIM_PLAYGROUND_H
#define SIM_PLAYGROUND_H

#include <stdbool.h>
#include <stdint.h>

/* What bounds a run.  The largest scenario of scenarios/ has 4,000 events. */
enum {
    PLAYGROUND_EVENTS_MOST = 100000,    /* events and timers of a run together */
    PLAYGROUND_LOG_MOST = 8 << 20,      /* bytes of the lines of events */
    PLAYGROUND_ITERATIONS_MOST = 20000, /* of the hash of a password that is set */
    PLAYGROUND_ORDERS_MOST = 20000,     /* runs of an exploration */
};

/* Runs the scenario of a file `scenario.scs` with this text, and returns JSON Lines, which the caller frees.
 *
 *      seed             a number below 2^64, or "" for the default schedule
 *      row              of the table, from 1; without a table it counts for nothing, and beyond the last it
 *                       is the last
 *      fail_allocation  which allocation of the servers fails, from 1; 0 for none
 *      strict           as if the scenario had the tag "strict"
 *      explore          every order of the events is run.  The lines are of the order that failed, or else of
 *                       the default schedule.  The seed, the allocation and `strict` count for nothing
 *
 * Of a text with errors each line is {"type":"complaint","line":LINE,"message":MESSAGE}.  Of any other the
 * first line says how it was run,
 *
 *      {"type":"playground","row":1,"rows":0,"halted":false,"explored":null}
 *
 * and the lines of sim/viewer/FORMAT.md follow.  `rows` is the number of rows of the table, 0 without one.
 * A run that is `halted` has reached a bound: the rest was neither run nor judged.  `explored` is an object
 * after an exploration: `end` is "finished", "failed" or "gave up", which means that it has reached a bound;
 * `runs`, `states` and `events` are counts; `choices` are the choices of the order that failed, as the tag
 * "choices" has them, or null.
 *
 * A file that the text names ("from: FILE") cannot be read, which is an error of that line. */
char *playground_run(const char *text, const char *seed, uint32_t row, uint32_t fail_allocation, bool strict,
                     bool explore);

#endif

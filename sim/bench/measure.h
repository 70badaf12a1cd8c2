/*
 * measure.h - time, medians and the table of results.
 *
 * Each thing is measured several times, in turn with what it is compared to, and the median counts; so other
 * load of the machine affects all of them equally. The times are processor times, which no code outside this
 * module may use.
 */
#ifndef SIM_BENCH_MEASURE_H
#define SIM_BENCH_MEASURE_H

#include <stddef.h>
#include <stdint.h>

/* Nanoseconds of processor time that this process has had: what others do on the machine does not count. */
uint64_t measure_now(void);

enum { MEASURE_ROUNDS = 25 };

/* One value for each round. */
struct series {
    double values[MEASURE_ROUNDS];
};

/* Says what did not work, and ends the process: a measurement of what does not work is worth nothing. */
_Noreturn void measure_fail(const char *what);

/* ---- The table: a heading, then rows of a value, its ratio to a unit, and where there is one the goal ----
 */

void table_heading(const char *title, const char *unit, const char *ratio);
void table_row(const char *name, const struct series *series, const struct series *unit);
void table_goal(const char *name, const struct series *series, const struct series *unit, double goal);
void table_amount(const char *name, double amount, double unit); /* measured once, and exact */
void table_note(const char *text);

#endif

/*
 * measure.h - time, medians and the table of results.
 *
 * Each workload is measured several times, alternating with its reference, and the median counts; so other
 * load of the machine affects all equally. The times are processor times, which no code outside this module
 * may use.
 */
#ifndef SIM_BENCH_MEASURE_H
#define SIM_BENCH_MEASURE_H

#include <stddef.h>
#include <stdint.h>

/* Nanoseconds of processor time of this process; other processes do not count. */
uint64_t measure_now(void);

enum { MEASURE_ROUNDS = 25 };

/* One value for each round. */
struct series {
    double values[MEASURE_ROUNDS];
};

/* Prints an error message and ends the process, because a measurement of a failed workload is worthless. */
_Noreturn void measure_fail(const char *what);

/* ---- The table: a heading, then rows of a value, its ratio to a unit, and the goal, if any ---- */

void table_heading(const char *title, const char *unit, const char *ratio);
void table_row(const char *name, const struct series *series, const struct series *unit);
void table_goal(const char *name, const struct series *series, const struct series *unit, double goal);
void table_amount(const char *name, double amount, double unit); /* measured once, and exact */
void table_note(const char *text);

#endif

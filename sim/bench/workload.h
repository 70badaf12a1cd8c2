/*
 * workload.h - a workload that clients repeat, compared with expat parsing the bytes of both directions.
 */
#ifndef SIM_BENCH_WORKLOAD_H
#define SIM_BENCH_WORKLOAD_H

#include "bench_world.h"

struct workload {
    const char *title;
    size_t users;     /* how many clients */
    bool one_account; /* all but the first are resources of the same account */
    size_t each_round;
    void (*begin)(struct bench_world *bench); /* logs in the clients that must be online */
    void (*run)(struct bench_world *bench);   /* must restore the state of the clients */
};

/* Measures the workload and prints its part of the table. */
void workload_bench(const struct workload *workload);

#endif

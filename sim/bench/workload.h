/*
 * workload.h - a workload that many clients repeat, beside expat parsing what both sides sent.
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
    void (*run)(struct bench_world *bench);   /* leaves the clients in the state in which it found them */
};

/* Measures it and prints its part of the table. */
void workload_bench(const struct workload *workload);

#endif

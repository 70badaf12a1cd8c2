/*
 * workload.h - something that happens in a hall, again and again, beside expat parsing what both sides sent.
 */
#ifndef SIM_BENCH_WORKLOAD_H
#define SIM_BENCH_WORKLOAD_H

#include "bench_world.h"

struct workload {
    const char *title;
    size_t users;     /* in the hall; */
    bool one_account; /* all but the first are resources of the same account */
    size_t each_round;
    void (*begin)(struct bench_world *bench); /* logs in the clients that must be online */
    void (*play)(struct bench_world *bench);  /* leaves the hall as it found it */
};

/* Measures it and prints its part of the table. */
void workload_bench(const struct workload *workload);

#endif

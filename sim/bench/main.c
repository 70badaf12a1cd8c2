/*
 * The benchmark: how much the core and the simulation cost on top of parsing the same bytes, and how that
 * grows with the number of sessions.
 */
#include "workloads.h"

#include "../world/heap.h"

#include <stdio.h>

int main(void)
{
    printf("Medians of several interleaved rounds on one processor; bare is expat alone with counting "
           "handlers.\n");
    heap_expect_crowds();
    bench_chat();
    bench_presence();
    bench_carbons();
    bench_offline();
    bench_resumption();
    bench_login();
    bench_memory();
    bench_crowd();
    return 0;
}

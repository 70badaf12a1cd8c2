/*
 * beside.h - two runs side by side, as a line of the events of a report (sim/viewer/FORMAT.md).
 */
#ifndef SIM_BESIDE_H
#define SIM_BESIDE_H

#include "../text.h"

#include <stdbool.h>
#include <stdint.h>

/* Two texts whose lines begin with a virtual time: traces, or answers (answers.h). */
struct beside {
    uint64_t cases[2]; /* the numbers of the runs in the report */
    const char *names[2];
    const struct text *texts[2];
    bool of_trace; /* the numbers of the lines are those of traces */
    bool exactly;  /* times are compared, too (trace_compare.h) */
};

/* Returns the line with its end, which the caller frees: the lines of both texts, aligned where they are
 * similar.  Of longer texts the lines after the first 4 MB are left out. */
char *beside_line(const struct beside *beside);

#endif

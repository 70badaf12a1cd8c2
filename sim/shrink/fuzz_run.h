/*
 * fuzz_run.h - runs the program of a fuzz target over one input, and says why the input fails.
 *
 * The program is called with the name of a file: the plain one (sim/fuzz/replay.c), or the one of libFuzzer.  It
 * passes with exit status 0.  With 2, or where it cannot be run, nothing is known of the input.  With any other, or
 * by a signal, or where it takes longer than the limit, the input fails.
 *
 * Two failures are the same when they have the same cause, as those of scenarios (reproduction.h): the assertion,
 * the place of the fuzz_check, what a sanitizer found and where, or else the signal.
 */
#ifndef SIM_FUZZ_RUN_H
#define SIM_FUZZ_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum fuzz_end { FUZZ_PASSED, FUZZ_FAILED, FUZZ_REFUSED };

struct fuzz_run {
    const char *program;
    uint64_t limit; /* real nanoseconds */
    uint64_t runs;  /* so far */
};

struct fuzz_failure {
    char *cause;    /* one line, equal for equal failures; of FUZZ_REFUSED what the program said */
    char *sentence; /* one line, with the values; NULL where the cause says as much */
};

/* Runs it; the bytes go through a file in the system's folder for temporary ones.  `failure` is empty when the
 * input passes, and freed with fuzz_failure_free in any case. */
enum fuzz_end fuzz_run(struct fuzz_run *run, const unsigned char *bytes, size_t length,
                       struct fuzz_failure *failure);
void fuzz_failure_free(struct fuzz_failure *failure);

#endif

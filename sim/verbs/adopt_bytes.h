/*
 * adopt_bytes.h - inputs of bytes that fail in a program of a fuzz target.
 */
#ifndef SIM_ADOPT_BYTES_H
#define SIM_ADOPT_BYTES_H

#include "../shrink/fuzz_run.h"
#include "../tool/files.h"

/* An input, and the program in which it fails. */
struct raw_input {
    unsigned char *bytes;
    size_t length;
    uint64_t limit; /* of each run, real nanoseconds */
    const char *program;
    struct fuzz_failure failure;
};

/* Runs the input in the programs, one after the other, up to the first in which it fails.  FUZZ_REFUSED when one
 * could not be run and it fails in none: the failure then says why. */
enum fuzz_end raw_input_try(struct raw_input *input, const struct file_list *programs);

/* Reduces the bytes of one that fails, while it fails in that program for the same cause, for so much real time.
 * Says on standard error how far it is, and how many are left.  Returns false after a sentence when what is left
 * does not fail once more. */
bool raw_input_reduce(struct raw_input *input, uint64_t time);

/* Frees the bytes too. */
void raw_input_free(struct raw_input *input);

#endif

/*
 * mutator.h - a target's own mutations of its inputs, beside those of libFuzzer.
 *
 * A target whose input has a structure provides `fuzz_mutator`, and is linked with mutator.c, which has libFuzzer's entry
 * LLVMFuzzerCustomMutator.  Every other call, and each input for which the target has no mutation, is left to
 * libFuzzer's own mutations (LLVMFuzzerMutate).  Other drivers link it and do not call it: the replay, and that of
 * AFL++ (4.04), which has mutators only as libraries of their own.
 */
#ifndef SIM_FUZZ_MUTATOR_H
#define SIM_FUZZ_MUTATOR_H

#include "../world/choice.h"

struct mutator {
    /* Makes another input of `size` bytes, in place, of at most `most`, which is not less than `size`.  Returns its
     * size; 0 when there is no mutation, and the bytes are then unchanged.  It is determined by the bytes and by the
     * choices. */
    size_t (*mutate)(const struct mutator *mutator, struct choices *choices, uint8_t *bytes, size_t size,
                     size_t most);
    /* How stanzas lie in the input: bytes at its beginning that are no text; bytes in the text that stand for events;
     * and those that do together with the byte behind them.  Events stay as they are. */
    size_t options;
    const char *alone;
    size_t alone_count;
    const char *paired;
    size_t paired_count;
};
extern const struct mutator fuzz_mutator;

/* A number below `possibilities`. */
size_t mutator_below(struct choices *choices, size_t possibilities);

/* libFuzzer's: mutates in place and returns the new size. */
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t most, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *bytes, size_t size, size_t most) __attribute__((weak));

#endif

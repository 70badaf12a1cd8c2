/*
 * fuzz.h - what a fuzz target provides, and what it may use.
 *
 * A target is one file of this folder.  It turns bytes into calls of the code under test, and aborts (fuzz_check,
 * an assertion, a sanitizer) when something that must hold does not.  It is linked with one of three drivers:
 *
 *      libFuzzer    build/fuzz/libfuzzer/NAME    clang; finds inputs by coverage
 *      AFL++        build/fuzz/afl/NAME          afl-clang-fast and its driver for libFuzzer's interface
 *      replay.c     build/fuzz/NAME FILE...      any compiler; runs stored inputs once each: `make check`
 *
 * An input never affects a later one: a target ends what it began, and what the process remembers on purpose
 * (caches of parsed fragments, of derived keys) is forgotten by fuzz_forget.
 *
 * An input has bounds beside its length: `fuzz_target.seconds` and `fuzz_target.megabytes` are what the slowest and
 * largest input may take, with a margin; libFuzzer and AFL++ report an input that takes more, as a finding.
 * What the code under test does for each byte (bytes written, memory) is checked by the targets themselves.
 */
#ifndef SIM_FUZZ_H
#define SIM_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- What a target provides ---- */

struct fuzz_target {
    const char *name;       /* of its file, without .c */
    const char *what;       /* what its bytes are, in one sentence */
    size_t longest;         /* longer inputs are not tried; they are cut in a replay */
    unsigned seconds;       /* that one input may take */
    unsigned megabytes;     /* that the process may use */
    const char *dictionary; /* the file in sim/fuzz/dictionaries, or NULL */
};
extern const struct fuzz_target fuzz_target;

/* Runs one input: the interface of libFuzzer, which AFL++ has too.  Returns 0; -1 when the input is not worth
 * keeping.  Does not change the bytes and keeps no pointer to them. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* ---- Reading an input ----
 * Decisions are taken from the front; what is left when they are made is usually text.  After the last byte
 * every decision is 0. */

struct fuzz_input {
    const uint8_t *at;
    size_t left;
};

uint8_t fuzz_byte(struct fuzz_input *input);

/* A number below `limit`, which is at least 1; takes one byte, or two for a limit above 256, at most 65536. */
size_t fuzz_below(struct fuzz_input *input, size_t limit);

/* The bytes up to `end`, which is taken too, or the rest; `length` is set.  Points into the input. */
const char *fuzz_until(struct fuzz_input *input, uint8_t end, size_t *length);

/* What a stream ends with that is compared with itself in other pieces.  Expat may keep a mistake to itself until it
 * sees what follows, and the parser may hold a tag back until it ends: this ends any, also in a value. */
#define FUZZ_ENDING "\n<\n>'>\">"

/* ---- Complaints ---- */

/* Prints "fuzz_check: FILE:LINE: " and a sentence, and aborts: the input is a finding.  Findings of one place have
 * the same cause (sim/shrink/fuzz_run.h). */
_Noreturn void fuzz_fail_at(const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
#define fuzz_fail(...) fuzz_fail_at(__FILE__, __LINE__, __VA_ARGS__)

/* Whether something held; otherwise fuzz_fail with the sentence. */
#define fuzz_check(held, ...) ((held) ? (void)0 : fuzz_fail(__VA_ARGS__))

/* Whether the driver is replay.c.  What takes long, and is done for some inputs only while a fuzzer looks for more, is
 * done for each that is replayed. */
extern bool fuzz_replays;

/* Forgets what the process remembers from run to run (see above). */
void fuzz_forget(void);

#endif

/* What the tests of mutations share: they try many on each text. */
#ifndef SIM_TESTS_MUTATE_RIG_H
#define SIM_TESTS_MUTATE_RIG_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "../fuzz/mutator.h"

#include <stdlib.h>
#include <string.h>

enum { RIG_MOST = 6000 };

/* One mutation of a text; `size` is that of the result, 0 when there is none.  The room behind the text is exactly `most`
 * bytes, so that a sanitizer sees more. */
struct mutated {
    uint8_t *bytes;
    size_t size;
};

static inline struct mutated mutate(const struct mutator *how, const char *text, size_t size, uint64_t seed,
                                    size_t most)
{
    struct choices choices;
    struct mutated mutated = { .bytes = malloc(most > 0 ? most : 1) };
    assert_non_null(mutated.bytes);
    assert_true(size <= most);
    if (size > 0)
        memcpy(mutated.bytes, text, size);
    choices_init(&choices, CHOICE_SEEDED, seed);
    mutated.size = how->mutate(how, &choices, mutated.bytes, size, most);
    assert_true(mutated.size <= most);
    return mutated;
}

/* That the same seed makes the same of it, in a room of the same size. */
static inline struct mutated mutate_twice(const struct mutator *how, const char *text, size_t size,
                                          uint64_t seed, size_t most)
{
    struct mutated first = mutate(how, text, size, seed, most);
    struct mutated second = mutate(how, text, size, seed, most);
    assert_int_equal(first.size, second.size);
    assert_memory_equal(first.bytes, second.bytes, first.size);
    if (first.size == 0)
        assert_memory_equal(first.bytes, text, size);
    free(second.bytes);
    return first;
}

#endif

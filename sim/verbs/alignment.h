/*
 * alignment.h - two lists aligned: which of their elements have a partner in the other.
 *
 * Partners are equal, and in the same order in both lists.  The number of elements without partner is
 * minimal, if the lists are similar (Myers, "An O(ND) Difference Algorithm and Its Variations", 1986, section
 * 4b): memory is proportional to the lists, and for very different lists the result is not minimal, which
 * bounds the time.
 */
#ifndef SIM_ALIGNMENT_H
#define SIM_ALIGNMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct aligned {
    const uint64_t *items;
    size_t count;
    bool *alone; /* for each item: whether it has no partner; all false initially */
};

void align(const struct aligned *one, const struct aligned *other);

#endif

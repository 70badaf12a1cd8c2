/*
 * alignment.h - two lists aligned: which of their elements have a partner in the other.
 *
 * Partners are equal, and in the same order in both lists.  What is left without one is as little as can be,
 * as long as that is cheap (Myers, "An O(ND) Difference Algorithm and Its Variations", 1986, section 4b):
 * memory is in proportion to the lists, and where they differ nearly everywhere more is left alone than had
 * to be, instead of time being spent on it.
 */
#ifndef SIM_ALIGNMENT_H
#define SIM_ALIGNMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct aligned {
    const uint64_t *items;
    size_t count;
    bool *alone; /* of each item, whether it has no partner; false for all before */
};

void align(const struct aligned *one, const struct aligned *other);

#endif

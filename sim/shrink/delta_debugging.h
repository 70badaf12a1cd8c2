/*
 * delta_debugging.h - removes as much of a list as possible: delta debugging (A. Zeller, R. Hildebrandt:
 * "Simplifying and Isolating Failure-Inducing Input", IEEE Transactions on Software Engineering, 2002).
 *
 * All pieces are tried at once, then halves, quarters, and so on down to single pieces; the last ones first,
 * because late pieces matter least.  When few are left, every pair is tried, because an opening and its
 * closing piece can only be removed together.
 */
#ifndef SIM_DELTA_DEBUGGING_H
#define SIM_DELTA_DEBUGGING_H

#include <stdbool.h>
#include <stddef.h>

/* Some pieces of a list: those in [first, end), and one more. */
struct pieces {
    size_t first, end;
    size_t also; /* PIECE_NONE for none */
};
#define PIECE_NONE ((size_t)-1)

bool pieces_have(const struct pieces *pieces, size_t index);

struct delta_debugging {
    size_t (*count)(void *host); /* the current number of pieces */

    /* Removes pieces if the property still holds without them, and returns whether it does. The pieces
     * before the first of them keep their positions. */
    bool (*without)(void *host, const struct pieces *pieces);
    void *host;
};

/* Returns whether anything was removed. */
bool delta_debug(const struct delta_debugging *debugging);

#endif

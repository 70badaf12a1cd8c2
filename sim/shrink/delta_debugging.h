/*
 * delta_debugging.h - how much of a list can go: delta debugging (A. Zeller, R. Hildebrandt: "Simplifying and
 * Isolating Failure-Inducing Input", IEEE Transactions on Software Engineering, 2002).
 *
 * All pieces are tried at once, then halves of them, quarters, and so on down to single ones; the last go
 * first, for what comes late matters least.  Where few are left any two are tried together, because what
 * opens and what closes can only go together.
 */
#ifndef SIM_DELTA_DEBUGGING_H
#define SIM_DELTA_DEBUGGING_H

#include <stdbool.h>
#include <stddef.h>

/* Some pieces of a list: those from `first` until before `end`, and one more. */
struct pieces {
    size_t first, end;
    size_t also; /* PIECE_NONE for no more */
};
#define PIECE_NONE ((size_t)-1)

bool pieces_have(const struct pieces *pieces, size_t index);

struct delta_debugging {
    size_t (*count)(void *host); /* of the pieces that there are now */

    /* Removes pieces if the property still holds without them, and returns whether it does. The pieces
     * before the first of them keep their positions. */
    bool (*without)(void *host, const struct pieces *pieces);
    void *host;
};

/* Returns whether anything went. */
bool delta_debug(const struct delta_debugging *debugging);

#endif

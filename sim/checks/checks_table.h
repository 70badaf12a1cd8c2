/*
 * checks_table.h - the table of invariants: what must hold, where that comes from, and on which occasion its
 * row is asked.
 *
 * The rows of one occasion stand together, and the occasions in their order; the last row is that of memory.
 * Of the four functions a row has the one that its occasion calls, but for that last one, which has none.
 * checks.c asks them.
 */
#ifndef SIM_CHECKS_TABLE_H
#define SIM_CHECKS_TABLE_H

#include "checks_look.h"

struct check {
    const char *name;
    const char *sentence;
    const char *source;
    enum occasion occasion;
    bool (*session)(const struct finding *, const struct session_view *);
    bool (*server)(const struct finding *);
    bool (*client)(const struct finding *, const struct watched *, const struct session_view *);
    bool (*receipt)(const struct finding *, const struct watched *, const struct xml *);
};

/* Row `index`; NULL behind the last.  The next row follows it in memory. */
const struct check *check_row(size_t index);

/* The first row that a session violates, of those on sessions up to an occasion; or NULL. */
const struct check *check_broken_by_session(const struct finding *finding, enum occasion last,
                                            const struct session_view *view);

#endif

/*
 * checks_table.h - the table of invariants: the sentence, its source, and the occasion on which each is
 * checked.
 *
 * The rows of one occasion are adjacent, in the order of the occasions; the row of memory is the last.  A row
 * has the one function that its occasion calls; the row of memory has none, and checks.c checks it.
 */
#ifndef SIM_CHECKS_TABLE_H
#define SIM_CHECKS_TABLE_H

#include "checks_look.h"

#include "../world/capability.h"

struct check {
    const char *name;
    const char *sentence;
    const char *source;
    enum occasion occasion;
    enum capability needs; /* of the server; without it the row is not checked */
    bool (*session)(const struct finding *, const struct session_view *);
    bool (*server)(const struct finding *);
    bool (*client)(const struct finding *, const struct watched *, const struct session_view *);
    bool (*receipt)(const struct finding *, const struct watched *, const struct receipt *);
};

/* Row `index`; NULL after the last.  The rows are an array. */
const struct check *check_row(size_t index);
size_t check_rows(void);

/* The first row on sessions, of the occasions up to `last`, that a session violates; or NULL. */
const struct check *check_broken_by_session(const struct finding *finding, enum occasion last,
                                            const struct session_view *view);

#endif

/*
 * shrinker.h - makes a scenario smaller while a property holds.
 *
 * It works on the text of a file.  A candidate is that text parsed, reduced (reductions.h) and printed; it is
 * parsed again before it is tested, so the property holds for the written file, too.  All reductions are made
 * in turn, again and again, until none of them changes anything.
 */
#ifndef SIM_SHRINKER_H
#define SIM_SHRINKER_H

#include "../language/scenario.h"

struct shrinker {
    const char *path; /* of the candidates */

    /* Whether the property holds for a candidate. */
    bool (*holds)(void *host, const struct scenario *candidate);

    void *host;

    /* NULL, or whether the time is over: no more candidates are made. */
    bool (*late)(void *host);
};

/* Returns the smaller text, which the caller frees; the same text if nothing could be removed.  The property
 * must hold for `text`. */
char *shrinker_reduce(const struct shrinker *shrinker, const char *text);

/* Returns the text with the usual names (renaming.h) if the property holds for it, otherwise a copy of the
 * text.  The caller frees. */
char *shrinker_rename(const struct shrinker *shrinker, const char *text);

#endif

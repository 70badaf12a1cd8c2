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
    const char *path; /* that candidates go by */

    /* Whether what matters still holds of a candidate. */
    bool (*holds)(void *host, const struct scenario *candidate);

    void *host;

    /* NULL, or whether it is too late to make another candidate: then all soon ends. */
    bool (*late)(void *host);
};

/* Returns the smaller text, which the caller frees: the same where nothing could be removed.  The text must
 * be one of a scenario of which it holds. */
char *shrinker_reduce(const struct shrinker *shrinker, const char *text);

/* The same text in which the cast, their accounts and their domain have the usual names, Romeo's first, if it
 * holds then; else as it is.  The caller frees. */
char *shrinker_rename(const struct shrinker *shrinker, const char *text);

#endif

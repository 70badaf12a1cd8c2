/*
 * run_watch.h - `run --watch`: plays, waits until files are saved, and plays again what they concern.
 *
 * A scenario concerns its cases, a file that a head names those scenarios, a new one itself, and the tool's
 * own program everything: then it is executed again.
 */
#ifndef SIM_RUN_WATCH_H
#define SIM_RUN_WATCH_H

#include "../tool/selection.h"
#include "../tool/suite.h"

struct run_watch {
    const char *const *paths;
    size_t path_count;
    const struct selection *selection;
    const char *const *command; /* the tool and all its arguments; NULL ends */
    /* Plays a suite that is not empty.  Returns the exit status; one above STATUS_WRONG ends the watch. */
    int (*play)(void *host, const struct suite *suite);
    void *host;
};

/* Goes on until a signal ends it.  Returns the exit status, STATUS_WRONG when it cannot begin: because there
 * is no such path, or nothing that is selected.  What is malformed is told, and waited for. */
int run_watch(const struct run_watch *run);

#endif

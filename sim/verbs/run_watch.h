/*
 * run_watch.h - `run --watch`: runs, waits until files are saved, and runs the affected scenarios again.
 *
 * A saved scenario file affects its cases; a file that heads name affects those scenarios; a new scenario
 * file affects itself.  A new program affects everything: it replaces this process.
 */
#ifndef SIM_RUN_WATCH_H
#define SIM_RUN_WATCH_H

#include "../tool/selection.h"
#include "../tool/suite.h"

struct run_watch {
    const char *const *paths;
    size_t path_count;
    const struct selection *selection;
    const char *const *command; /* the tool and all its arguments, then NULL */
    /* Runs a suite that is not empty.  Returns the exit status; one above STATUS_WRONG ends the watch. */
    int (*run)(void *host, const struct suite *suite);
    void *host;
};

/* Runs until a signal ends it.  Returns the exit status; STATUS_WRONG when it cannot begin because a path
 * does not exist or nothing is selected.  Malformed files are reported, and the watch continues. */
int run_watch(const struct run_watch *run);

#endif

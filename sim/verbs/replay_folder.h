/*
 * replay_folder.h - replays all that a folder keeps: scenarios, as their tags say, and stored inputs of fuzz
 * targets (stored_input.h).
 */
#ifndef SIM_REPLAY_FOLDER_H
#define SIM_REPLAY_FOLDER_H

#include "../tool/colour.h"

#include "../tool/server_option.h"

#include <stdbool.h>
#include <stdint.h>

/* Whether `replay` takes the path so: it is a folder, or a stored input. */
bool replay_folder_is_one(const char *path);

struct replay_folder {
    const char *program; /* the tool, for the commands that are printed */
    const char *path;
    enum colour colour;
    uint64_t time_limit;            /* of each run, real nanoseconds */
    const struct server_kind *kind; /* NULL for our core */
};

/* Runs each in a process of its own, and reports on standard output: each failure, a line for the inputs that only
 * their fuzz programs run, and the counts.  Returns the exit status. */
int replay_folder(const struct replay_folder *folder);

#endif

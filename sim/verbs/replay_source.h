/*
 * replay_source.h - what `replay` runs: a scenario in a file, the plot of a seed, or one made of bytes; and
 * how its choices are made.
 *
 * FILE@7 names a scenario together with its seed; if a file with the name "FILE@7" exists, it is that file.
 */
#ifndef SIM_REPLAY_SOURCE_H
#define SIM_REPLAY_SOURCE_H

#include "../player/player.h"
#include "../sweep/plot.h"
#include "../tool/colour.h"
#include "../tool/files.h"
#include "replay_until.h"

#include <stdio.h>

/* The options of a replay. */
struct replay_settings {
    struct plot_options plots; /* must be the first member: the shared options expect it there */
    bool seeded;               /* --seed */
    uint64_t seed;
    struct replay_until until;
    const char *bytes; /* files, or NULL */
    const char *trace; /* "-" for standard output */
    const char *record;
    const char *diff; /* another source, or NULL */
    bool times;       /* whether times are compared too */
    bool scenario;    /* print the plot */
    enum colour colour;
    uint64_t time_limit; /* time limit of each run, nanoseconds of processor time */
};

struct replay_source {
    char *name;  /* "seed 17", or the name as in the command line */
    char *text;  /* of the plot, or the file */
    char *bytes; /* of the file of bytes, or NULL */
    struct scenario *scenario;
    struct file_list read; /* the input files, without the file of bytes */
    bool is_plot;
    struct player_options options; /* policy, seed and bytes */
};

/* Reads, or makes, what `what` names; NULL is the plot that the bytes make.  A scenario that is named without
 * a seed gets the seed of the settings, if they have one.  Returns false after an error message to `errors`.
 * The caller frees it in both cases. */
bool replay_source_load(struct replay_source *source, const struct replay_settings *settings,
                        const char *what, FILE *errors);
void replay_source_free(struct replay_source *source);

/* The command that runs the source again; the caller frees. */
char *replay_source_command(const struct replay_settings *settings, const char *program, const char *what);

#endif

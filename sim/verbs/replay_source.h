/*
 * replay_source.h - what `replay` plays: a scenario in a file, the plot of a seed, or one made of bytes; and
 * how its choices are made.
 *
 * A scenario may be named with the seed under which it is played, FILE@7; a file that itself is called so is
 * that file.
 */
#ifndef SIM_REPLAY_SOURCE_H
#define SIM_REPLAY_SOURCE_H

#include "../stage/stage.h"
#include "../sweep/plot.h"
#include "../tool/colour.h"
#include "../tool/files.h"
#include "replay_until.h"

#include <stdio.h>

/* How what is named is to be played. */
struct replay_settings {
    struct plot_options plots; /* first: the shared options take it from here */
    bool seeded;               /* --seed */
    uint64_t seed;
    struct replay_until until;
    const char *bytes; /* files, or NULL */
    const char *trace; /* "-" for standard output */
    const char *record;
    const char *diff; /* another source, or NULL */
    bool times;       /* compare these too */
    bool scenario;    /* print the plot */
    enum colour colour;
    uint64_t time_limit; /* of each play, nanoseconds of the processor's time */
};

struct replay_source {
    char *name;  /* "seed 17", or what the command line takes */
    char *text;  /* of the plot, or the file */
    char *bytes; /* of the file of bytes, or NULL */
    struct scenario *scenario;
    struct file_list read; /* the files that it is made of, the bytes aside */
    bool is_plot;
    struct stage_options options; /* policy, seed and bytes */
};

/* Reads, or makes, what `what` names; NULL is the plot that the bytes make.  A scenario that is named without
 * a seed has that of the settings, if they have one.  False after a sentence to `errors`.  To be freed either
 * way. */
bool replay_source_load(struct replay_source *source, const struct replay_settings *settings,
                        const char *what, FILE *errors);
void replay_source_free(struct replay_source *source);

/* The command that plays it again; the caller frees. */
char *replay_source_command(const struct replay_settings *settings, const char *program, const char *what);

#endif

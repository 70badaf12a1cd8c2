/*
 * replay_source.h - the source of a replay: a scenario file, the plot of a seed, or a plot made of bytes; and
 * the source of its choices.
 *
 * FILE@7 names a scenario together with its seed; if a file with the name "FILE@7" exists, it is that file.
 */
#ifndef SIM_REPLAY_SOURCE_H
#define SIM_REPLAY_SOURCE_H

#include "../player/player.h"
#include "../sweep/plot.h"
#include "../tool/colour.h"
#include "../tool/files.h"
#include "../tool/run_reports.h"
#include "replay_until.h"

#include <stdio.h>

/* The options of a replay. */
struct replay_settings {
    struct plot_options plots;  /* must be the first member: the shared options expect it there */
    const char *program, *what; /* as on the command line */
    bool seeded;                /* --seed */
    uint64_t seed;
    struct replay_until until;
    const char *bytes;            /* files, or NULL */
    const char *trace;            /* "-" for standard output */
    struct report_wishes reports; /* of --events, --html, --mermaid and --dot */
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

/* Loads the source that `what` names; NULL names the plot made of the bytes.  A scenario named without a seed
 * gets the seed of the settings, if any.  Returns false after an error message to `errors`.  The caller frees
 * the source in both cases. */
bool replay_source_load(struct replay_source *source, const struct replay_settings *settings,
                        const char *what, FILE *errors);
void replay_source_free(struct replay_source *source);

/* The command that runs the source again; the caller frees. */
char *replay_source_command(const struct replay_settings *settings, const char *program, const char *what);

#endif

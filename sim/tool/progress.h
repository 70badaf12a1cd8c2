/*
 * progress.h - a progress line on a terminal: how much is done, and the remaining time.
 *
 *      [#########.....................] 312/1000, 12 s left, 3 failed
 *
 * The line overwrites itself and is never wider than the terminal.  It is redrawn at most a few times a
 * second (unless every update draws: progress_begin_on), so it may be updated at any rate.  A narrow terminal
 * gets no bar.  Erase the line before writing anything else.  If `out` is not a terminal, nothing is written.
 */
#ifndef SIM_PROGRESS_H
#define SIM_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct progress_bar {
    FILE *out;
    bool terminal, drawn;
    unsigned columns;         /* of the terminal; 0 to ask the terminal */
    uint64_t began, drawn_at; /* real time, like the following members */
    uint64_t redrawn;         /* minimum time between redraws */
    uint64_t ends;            /* the latest end; 0 when unknown */
};

/* Begins now.  `span` is the maximum duration in nanoseconds; 0 when unknown. */
struct progress_bar progress_begin(FILE *out, uint64_t span);

/* The same, with an explicit answer to whether `out` is a terminal, and its columns; every update draws. */
struct progress_bar progress_begin_on(FILE *out, bool terminal, unsigned columns);

/* Updates the line: `done` of `total` are done; with an unknown total, 0, there is no bar.  `note`, which
 * must be printable (printable.h), is at the end; "" for none. */
void progress_update(struct progress_bar *bar, uint64_t done, uint64_t total, const char *note);

/* Erases the line. */
void progress_erase(struct progress_bar *bar);

/* The line of progress_update after `elapsed` nanoseconds, with at most `left` nanoseconds left (0: unknown),
 * for a terminal of `columns` columns (0: unknown).  The caller frees. */
char *progress_line(uint64_t done, uint64_t total, uint64_t elapsed, uint64_t left, const char *note,
                    unsigned columns);

#endif

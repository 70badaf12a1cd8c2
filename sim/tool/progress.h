/*
 * progress.h - one line on a terminal that says how far something is, and how long it will take.
 *
 *      [#########.....................] 312/1000, 12 s left, 3 failed
 *
 * It is written over itself, never wider than the terminal, a few times a second at the most unless its owner
 * wants each; so it may be updated as often as one likes.  A narrow terminal gets no bar.  Whatever else is
 * written to the terminal comes behind an erasure.  Where `out` is no terminal nothing is written at all.
 */
#ifndef SIM_PROGRESS_H
#define SIM_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct progress_bar {
    FILE *out;
    bool terminal, drawn;
    unsigned columns;         /* of the terminal; 0 for what it says it has */
    uint64_t began, drawn_at; /* real time, as all that follow */
    uint64_t redrawn;         /* how long a line stays at least */
    uint64_t ends;            /* when it is over at the latest; 0 when that is not known */
};

/* Begins now.  `span` is how long it takes at the most, in nanoseconds; 0 when that is not known. */
struct progress_bar progress_begin(FILE *out, uint64_t span);

/* The same on what is a terminal or not, of so many columns; each update draws. */
struct progress_bar progress_begin_on(FILE *out, bool terminal, unsigned columns);

/* So many are done of so many; a total of 0 is not known, and then there is no bar.  `note`, which is
 * printable (printable.h), stands at the end; "" for none. */
void progress_update(struct progress_bar *bar, uint64_t done, uint64_t total, const char *note);

/* Takes the line away. */
void progress_erase(struct progress_bar *bar);

/* What progress_update writes when `elapsed` nanoseconds are over and `left` are left at the most (0: that is
 * not known), for a terminal of so many columns (0: that is not known).  The caller frees. */
char *progress_line(uint64_t done, uint64_t total, uint64_t elapsed, uint64_t left, const char *note,
                    unsigned columns);

#endif

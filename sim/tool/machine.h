/*
 * machine.h - access of the verbs to the real machine: time, output files, the terminal.
 */
#ifndef SIM_MACHINE_H
#define SIM_MACHINE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* To be called first: a standard stream that is closed is opened so that its use fails, lest the next file
 * that is opened be taken for it. */
void machine_begin(void);

/* Real time in nanoseconds, from some moment on.  What it says is shown and nothing else. */
uint64_t machine_now(void);

/* Whether `out` is a terminal on which a line can be written over; whether it is coloured is colour.h's. */
bool machine_is_terminal(FILE *out);

/* How many columns the terminal has that `out` goes to, or, where it goes to none, the environment's COLUMNS;
 * 0 when neither is known. */
unsigned machine_columns(FILE *out);

/* Opens a file to write.  Returns NULL after an error message to standard error. */
FILE *machine_open(const char *path);

/* Closes it (NULL is nothing), or flushes what is a standard stream.  False after a sentence when not all
 * could be written. */
bool machine_close(FILE *file, const char *path);

/* Memory, zeroed, that this process and those that it forks have in common; none is spent on what is never
 * written.  Aborts when there is none. */
void *machine_share(size_t size);
void machine_unshare(void *memory, size_t size);

/* Writes a word so that a shell reads one word, whatever is in it; what a terminal would obey is escaped. */
void machine_print_word(FILE *out, const char *word);

#endif

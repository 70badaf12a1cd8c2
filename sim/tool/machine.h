/*
 * machine.h - access of the verbs to the real machine: time, output files, the terminal.
 */
#ifndef SIM_MACHINE_H
#define SIM_MACHINE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Must be called first.  A closed standard stream is opened so that its use fails; otherwise the next opened
 * file would get its descriptor. */
void machine_begin(void);

/* Real time in nanoseconds since an arbitrary moment.  Used for display and time limits only. */
uint64_t machine_now(void);

/* Whether `out` is a terminal on which a line can be overwritten.  For colours see colour.h. */
bool machine_is_terminal(FILE *out);

/* The number of columns of the terminal that `out` is, or, if it is none, the environment variable COLUMNS; 0
 * when neither is known. */
unsigned machine_columns(FILE *out);

/* Opens a file to write.  Returns NULL after an error message to standard error. */
FILE *machine_open(const char *path);

/* Closes a file, or flushes a standard stream.  NULL has no effect.  Returns false, after an error message,
 * when not everything could be written. */
bool machine_close(FILE *file, const char *path);

/* Text that is written to standard output goes to standard error from now on.  Returns a file for what standard output
 * was, which the caller closes; NULL with errno if the system has no descriptor for it. */
FILE *machine_part_output(void);

/* Returns zeroed memory that is shared with child processes.  Pages are allocated when first written. Aborts
 * when memory runs out. */
void *machine_share(size_t size);
void machine_unshare(void *memory, size_t size);

/* Writes a word quoted for the shell, whatever it contains; control characters are escaped. */
void machine_print_word(FILE *out, const char *word);

#endif

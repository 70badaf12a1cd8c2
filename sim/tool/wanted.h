/*
 * wanted.h - the paths of a command line: files, folders, or parts of a file.
 *
 * A part is "FILE#3", the third case of a file with a table, or "FILE:33", the way a place in a file is
 * printed: of a table the case whose row is on that line, else all of the file.  A file whose own name ends
 * like that is that file.
 */
#ifndef SIM_WANTED_H
#define SIM_WANTED_H

#include "../language/scenario.h"
#include "files.h"

struct part {
    char *file;
    uint64_t row, line; /* one of them; the other is 0 */
};

/* Zeroed is nothing. */
struct wanted {
    struct file_list files; /* to be read, in order */
    struct file_list whole; /* those of which everything is wanted, in order */
    struct part *parts;
    size_t part_count;
};

/* Finds what the paths name.  Returns false after printing what is wrong; the paths that were found are in
 * the list anyway.
 */
bool wanted_find(struct wanted *wanted, const char *const *paths, size_t count, FILE *errors);
void wanted_free(struct wanted *wanted);

/* Whether the file has all parts that are wanted of it.  Returns false after printing errors. */
bool wanted_are_there(const struct wanted *wanted, const char *file, size_t rows, size_t lines, FILE *errors);

/* Whether a case is wanted.  `cases` are all of its file. */
bool wanted_has(const struct wanted *wanted, const struct scenario *one, struct scenario *const *cases,
                size_t count);

#endif

/*
 * wanted.h - the paths of a command line: files, folders, or parts of a file.
 *
 * A part is "FILE#3", the third case of a file with a table, or "FILE:33", as a place in a file is printed:
 * the case whose row of the table is on that line, or else the whole file.  If a file has that whole name, it
 * is that file.
 */
#ifndef SIM_WANTED_H
#define SIM_WANTED_H

#include "../language/scenario.h"
#include "files.h"

struct part {
    char *file;
    uint64_t row, line; /* one is set; the other is 0 */
};

/* Zeroed is empty. */
struct wanted {
    struct file_list files; /* files to read, sorted */
    struct file_list whole; /* files that are wanted as a whole, sorted */
    struct part *parts;
    size_t part_count;
};

/* Finds what the paths name.  Returns false after error messages; the paths that were found are still in the
 * list. */
bool wanted_find(struct wanted *wanted, const char *const *paths, size_t count, FILE *errors);
void wanted_free(struct wanted *wanted);

/* Whether the file has all its wanted parts.  Returns false after printing errors. */
bool wanted_are_there(const struct wanted *wanted, const char *file, size_t rows, size_t lines, FILE *errors);

/* Whether a case is wanted.  `cases` are all of its file. */
bool wanted_has(const struct wanted *wanted, const struct scenario *one, struct scenario *const *cases,
                size_t count);

#endif

/*
 * files.h - finds and reads scenario files.
 */
#ifndef SIM_FILES_H
#define SIM_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Names of files, each once, in the order of their folders and then of their names, bytewise; so one folder's
 * files stand together, and nothing depends on how a folder is kept on disk.  Zeroed is empty. */
struct file_list {
    char **names;
    size_t count, room;
};

/* Finds the scenarios at a path: the file itself, whatever it is called, or every *.scs file below the
 * folder; "-" is standard input.  What begins with a dot is left out, and links to folders are not followed.
 * What is not a regular file is refused, unless the program was given it open: /dev/stdin, /dev/fd/N. Returns
 * false after sentences that say what is wrong; the list is in order only after files_sort. */
bool files_find(struct file_list *list, const char *path, FILE *errors);
void files_sort(struct file_list *list);

/* Whether a list that is in order has the name. */
bool files_have(const struct file_list *list, const char *name);

/* Adds a name, which is the list's from here on. */
void files_add(struct file_list *list, char *name);
void files_free(struct file_list *list);

/* All of a file, as a string that the caller frees; NULL and errno when it cannot be read, ENOTSUP where it
 * is what files_find refuses.  `length` may be NULL. */
char *file_read(const char *path, size_t *length);

/* Says that a path cannot be read, and why: errno; with what may have been meant where there is no such file.
 * Returns false. */
bool file_cannot_read(const char *path, FILE *errors);

/* Whether a path is standard input, "-", and whether it is that or another file that the program was given
 * open, whose name says nothing later. */
bool file_is_standard_input(const char *path);
bool file_is_given_open(const char *path);

/* Ends a command that runs a scenario again: writes its name, that of a file with or without what is behind
 * it, "#3", ":33" or "@7", as the shell and the options read it.  What the program was given open cannot be
 * read again: then FILE stands for a file with the same in it, and a comment says so. */
void file_print_operand(FILE *out, const char *name);

/* How much of a path is its folder: the length up to the last '/', without it; 0 when there is none. */
size_t file_folder(const char *path);

#endif

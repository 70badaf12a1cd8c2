/*
 * files.h - finds and reads scenario files.
 */
#ifndef SIM_FILES_H
#define SIM_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* File names, each once, sorted bytewise by folder and then by name.  So the files of one folder are
 * adjacent, and the order does not depend on the file system.  Zeroed is empty. */
struct file_list {
    char **names;
    size_t count, room;
};

/* Finds the scenarios at a path: the file itself, with any name, or every *.scs file below the folder; "-" is
 * standard input.  Names that begin with a dot are left out, and links to folders are not followed.  A file
 * that is not regular is refused, unless it was open when the program started: /dev/stdin, /dev/fd/N.
 * Returns false after error messages.  The list is sorted only after files_sort. */
bool files_find(struct file_list *list, const char *path, FILE *errors);
void files_sort(struct file_list *list);

/* Whether a sorted list has the name. */
bool files_have(const struct file_list *list, const char *name);

/* Adds a name, and takes ownership of it. */
void files_add(struct file_list *list, char *name);
void files_free(struct file_list *list);

/* Returns the contents of a file as a string, which the caller frees.  Returns NULL, with errno, when the
 * file cannot be read; ENOTSUP for a file that files_find refuses.  `length` may be NULL. */
char *file_read(const char *path, size_t *length);

/* Reports that a path cannot be read, with the reason in errno, and suggests a similar name if there is no
 * such file.  Returns false. */
bool file_cannot_read(const char *path, FILE *errors);

/* Whether a path is standard input, "-"; and whether it is that or another file that was open when the
 * program started, whose name is meaningless to a later process. */
bool file_is_standard_input(const char *path);
bool file_is_given_open(const char *path);

/* Ends a command that runs a scenario again: writes its name, quoted for the shell and the options.  It is a
 * file name with or without "#3", ":33" or "@7".  A file that was open when the program started cannot be
 * read again; then the command names FILE, and a comment says that it is a file with the same contents. */
void file_print_operand(FILE *out, const char *name);

/* The length of the folder in a path: up to the last '/', excluding it; 0 when there is none. */
size_t file_folder(const char *path);

#endif

/*
 * adopt_place.h - what a regression is called, and where it is kept.
 */
#ifndef SIM_ADOPT_PLACE_H
#define SIM_ADOPT_PLACE_H

#include <stdbool.h>
#include <stddef.h>

/* A file's name for a cause: its words in lower case, joined by '-', without places such as "a.c:33" and without
 * what is in parentheses; "failure" for a cause without words.  The caller frees. */
char *adopt_name(const char *cause);

/* Whether a name that was asked for is one: letters, digits, '-', '_' and '.', which it does not begin with. */
bool adopt_name_is_good(const char *name);

/* Where the regression goes. */
struct adopt_place {
    const char *folder; /* is created where it is missing, with those above it */
    const char *name;   /* that was asked for, or NULL */
    const char *ending; /* of the file's name: ".scs" or "" */
};

/* The path for a failure with that cause.  A name that was asked for must be free; another one gets "-2" and so on
 * where it is not.  Returns NULL after a sentence to standard error; the caller frees. */
char *adopt_path(const struct adopt_place *place, const char *cause);

/* Writes a file.  Returns false after a sentence to standard error. */
bool adopt_write(const char *path, const void *bytes, size_t length);

/* The text without the working directory in front of paths: what is kept is read on other machines.  The caller
 * frees. */
char *adopt_without_folder(const char *text);

#endif

/*
 * options.h - the verbs of the command line and their options, as tables.
 *
 * A verb's row has its name, arguments and function; help is printed from the same table that the parser
 * reads.  An option may be anywhere among the arguments, as "--name value" or "--name=value"; "--" ends the
 * options.  Some options have a short form, the same for every verb: "-k value", "-v".  Every usage error is
 * reported in one sentence, with exit status 2.
 */
#ifndef SIM_OPTIONS_H
#define SIM_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* The exit statuses. */
enum { STATUS_HELD = 0, STATUS_FAILED = 1, STATUS_WRONG = 2 };

struct option {
    const char *name;  /* without the dashes */
    const char *value; /* the name of its value in the help; NULL for a switch */
    const char *help;
    /* Takes the value (NULL for a switch) into the verb's settings.  Returns NULL, or a description of
     * the expected value: "a number from 0 to 7". */
    const char *(*take)(void *settings, const char *value);
};

struct verb {
    const char *name;
    const char *arguments; /* "[OPTION...] [PATH...]" */
    const char *summary;   /* one line */
    const char *about;     /* paragraphs (help.h), each line ended */
    const struct option *options;
    size_t option_count;
    /* `program` is the tool as it was called.  Returns the exit status. */
    int (*act)(const char *program, int count, char **arguments);
};

/* Parses the arguments that follow a verb.  Arguments that are not options are stored in `operands`, an array
 * of `count` elements, and counted. Returns false after an error message to `errors`. */
bool options_parse(const struct verb *verb, void *settings, int count, char **arguments,
                   const char **operands, size_t *operand_count, FILE *errors);

/* The short form of an option, such as 'j' of "jobs"; '\0' when it has none. */
char options_letter(const char *name);

/* Prints the help of a verb, laid out for `columns` columns. */
void options_help(const struct verb *verb, FILE *out, unsigned columns);

/* The expected value of an option that takes a span. */
#define OPTIONS_SPAN "a span such as 60s, 10m or 2h"

/* Parses a span of real time, "90", "500ms", "60s", "10m" or "2h", into nanoseconds, at least 1.  Returns false for
 * any other text. */
bool options_span(const char *text, uint64_t *nanoseconds);

/* The name most similar to a mistyped word: the nearest at a distance of at most two letters, or one for
 * words of fewer than three letters; the first of equally near ones; NULL when there is none. */
const char *options_likeliest(const char *word, size_t length, const char *const *names, size_t count);

#endif

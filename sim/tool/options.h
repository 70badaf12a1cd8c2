/*
 * options.h - the verbs of the command line and their options, as tables.
 *
 * A verb says what it is called, what it takes and what it does; help is printed from the same table that the
 * parser reads.  An option stands anywhere among the arguments, as "--name value" or "--name=value"; "--"
 * ends the options.  Some names have a letter, the same with every verb that has the option: "-k value",
 * "-v".  Every usage error is reported in one sentence, with exit status 2.
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

/* Parses the arguments that follow a verb.  Arguments that are not options are stored in `operands`,
 * which has room for `count`, and counted. Returns false after an error message to `errors`. */
bool options_parse(const struct verb *verb, void *settings, int count, char **arguments,
                   const char **operands, size_t *operand_count, FILE *errors);

/* Prints the help of a verb, laid out for so many columns. */
void options_help(const struct verb *verb, FILE *out, unsigned columns);

/* The expected value of an option that takes a span. */
#define OPTIONS_SPAN "a span such as 60s, 10m or 2h"

/* A span of real time, "90", "60s", "10m" or "2h", in nanoseconds; it is not 0.  Returns false when the text
 * is none. */
bool options_span(const char *text, uint64_t *nanoseconds);

/* The name that a mistyped word was likely meant to be: the nearest that differs in at most two letters, in
 * one where the word has fewer than three; the first of those equally near; NULL when there is none. */
const char *options_likeliest(const char *word, size_t length, const char *const *names, size_t count);

#endif

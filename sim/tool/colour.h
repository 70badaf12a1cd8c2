/*
 * colour.h - the option --color: whether output is coloured.
 */
#ifndef SIM_COLOUR_H
#define SIM_COLOUR_H

#include <stdbool.h>
#include <stdio.h>

enum colour {
    COLOUR_AUTO, /* on a terminal, unless TERM is "dumb" or NO_COLOR is set to something */
    COLOUR_ALWAYS,
    COLOUR_NEVER,
};

/* The value of the option.  Returns NULL, or a description of the expected value, as an option's `take` does.
 */
const char *colour_take(enum colour *colour, const char *value);

/* Whether output to `out` is coloured. */
bool colour_on(enum colour colour, FILE *out);

/* The row of the option in a verb's table. */
#define COLOUR_OPTION(take)                                                                                  \
    {                                                                                                        \
        "color", "WHEN", "auto (the default: on a terminal), always or never", take                          \
    }

#endif

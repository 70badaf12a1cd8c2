#include "colour.h"

#include "machine.h"

#include <stdlib.h>
#include <string.h>

const char *colour_take(enum colour *colour, const char *value)
{
    static const char *const names[] = {
        [COLOUR_AUTO] = "auto",
        [COLOUR_ALWAYS] = "always",
        [COLOUR_NEVER] = "never",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(value, names[i]) == 0) {
            *colour = (enum colour)i;
            return NULL;
        }
    }
    return "auto, always or never";
}

bool colour_on(enum colour colour, FILE *out)
{
    const char *unwanted = getenv("NO_COLOR"); /* https://no-color.org */
    if (colour != COLOUR_AUTO)
        return colour == COLOUR_ALWAYS;
    return machine_is_terminal(out) && (unwanted == NULL || *unwanted == '\0');
}

/* The options that sweep shares with other commands (sweep.h). */
#include "sweep.h"

#include "../must.h"
#include "../text.h"
#include "../tool/server_option.h"
#include "sweep_result.h"

#include <stdlib.h>
#include <string.h>

const char *take_plot_cast(void *settings, const char *value)
{
    uint64_t number = 0;
    if (!text_read_number(value, PLOT_CAST_MOST, &number) || number == 0)
        return "a number from 1 to 10000";
    ((struct plot_options *)settings)->cast = (unsigned)number;
    return NULL;
}

const char *take_plot_steps(void *settings, const char *value)
{
    uint64_t number = 0;
    if (!text_read_number(value, PLOT_STEPS_MOST, &number) || number == 0)
        return "a number from 1 to 1000000";
    ((struct plot_options *)settings)->steps = (unsigned)number;
    return NULL;
}

const char *take_plot_faults(void *settings, const char *value)
{
    return sweep_faults_parse(value, &((struct plot_options *)settings)->faults)
               ? NULL
               : "none, network, disk, memory, clock or all, separated by commas";
}

const char *take_plot_server(void *settings, const char *value)
{
    return server_option_take(&((struct plot_options *)settings)->kind, value);
}

const char *sweep_take_seeds(const char *value, uint64_t *first, uint64_t *last)
{
    static const char *const expected = "seeds such as 0..999, at most ten billion";
    char *text = must(strdup(value));
    char *dots = strstr(text, "..");
    if (dots != NULL)
        *dots = '\0';
    bool good = text_read_number(text, UINT64_MAX - 1, first) &&
                text_read_number(dots != NULL ? dots + 2 : text, UINT64_MAX - 1, last) && *first <= *last &&
                *last - *first < SWEEP_SEEDS_MOST;
    free(text);
    return good ? NULL : expected;
}

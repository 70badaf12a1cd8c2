#include "plot_writer.h"
#include "../text.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

uint32_t plot_draw(struct plot *plot, uint32_t n)
{
    return choose(plot->choices, CHOICE_PLOT, n);
}

bool plot_chance(struct plot *plot, uint32_t n)
{
    return plot_draw(plot, n) == n - 1;
}

struct plot_client *plot_anybody(struct plot *plot)
{
    return &plot->clients[plot_draw(plot, plot->count)];
}

void plot_line(struct plot *plot, const char *format, ...)
{
    struct text *text = &plot->text;
    va_list arguments;
    va_start(arguments, format);
    text_string(text, plot->indent);
    for (const char *place = strchr(format, '%'); place != NULL; place = strchr(format, '%')) {
        text_append(text, format, (size_t)(place - format));
        assert(place[1] == 's' || place[1] == 'u');
        if (place[1] == 's')
            text_string(text, va_arg(arguments, const char *));
        else
            text_number(text, va_arg(arguments, unsigned));
        format = place + 2;
    }
    va_end(arguments);
    text_string(text, format);
    text_string(text, "\n");
}

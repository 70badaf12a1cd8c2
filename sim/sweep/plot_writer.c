#include "plot_writer.h"

#include "../text.h"
#include "../world/server.h"

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

bool plot_server_has(const struct plot *plot, enum capability needs)
{
    return plot->options->kind == NULL || capabilities_have(plot->options->kind->has, needs);
}

const char *plot_pick(struct plot *plot, const char *const *words, size_t count)
{
    return words[plot_draw(plot, (uint32_t)count)];
}

struct plot_client *plot_anybody(struct plot *plot)
{
    return &plot->clients[plot_draw(plot, plot->count)];
}

const struct plot_client *plot_somebody(struct plot *plot)
{
    const unsigned drawn = plot_draw(plot, 8);
    if (drawn < 2 && plot->away != NULL && !plot->away->in)
        return plot->away;
    return drawn < 4 ? plot->focus : plot_anybody(plot);
}

/* The search begins anywhere, so that each of several is found. */
struct plot_client *plot_sibling(struct plot *plot, const struct plot_client *client)
{
    const unsigned begin = plot_draw(plot, plot->count);
    for (unsigned i = 0; i < plot->count; i++) {
        struct plot_client *other = &plot->clients[(begin + i) % plot->count];
        if (other != client && other->owner == client->owner)
            return other;
    }
    return NULL;
}

const struct plot_client *plot_stranger(struct plot *plot, const struct plot_client *client)
{
    const struct plot_client *found = client;
    const unsigned begin = plot_draw(plot, plot->count);
    for (unsigned i = 0; i < plot->count; i++) {
        const struct plot_client *other = &plot->clients[(begin + i) % plot->count];
        if (other->owner != client->owner && (found == client || (other->in && !found->in)))
            found = other;
    }
    return found;
}

const char *plot_address(struct plot *plot)
{
    static const char *const odd[] = {
        "montague.lit",
        "nobody@montague.lit",
        "capulet.lit",
        "nobody@capulet.lit",
        "friar@elsewhere.lit",
        "montague.lit/there",
        "Romeo@MONTAGUE.lit",
        "romeo@montague.lit/a@b/c",
        "\xe0\xa7\x87\xe0\xb7\x8a\xe0\xa7\x97\xe0\xa4\xbc@montague.lit", /* changes twice (Unicode PRI 29) */
    };
    const struct plot_client *client = plot_somebody(plot);
    const unsigned drawn = plot_draw(plot, 12);
    if (drawn == 0)
        return PLOT_PICK(plot, odd);
    return drawn <= 4 ? client->full_jid : client->jid;
}

const char *plot_raw_address(struct plot *plot)
{
    const char *address = plot_address(plot);
    return strchr(address, '$') == NULL ? address : "romeo@montague.lit";
}

const char *plot_contact(struct plot *plot)
{
    return plot_chance(plot, 10) ? plot_address(plot) : plot_somebody(plot)->jid;
}

static void write_line(struct text *text, const char *format, va_list arguments)
{
    for (const char *place = strchr(format, '%'); place != NULL; place = strchr(format, '%')) {
        text_append(text, format, (size_t)(place - format));
        assert(place[1] == 's' || place[1] == 'u');
        if (place[1] == 's')
            text_string(text, va_arg(arguments, const char *));
        else
            text_number(text, va_arg(arguments, unsigned));
        format = place + 2;
    }
    text_string(text, format);
    text_string(text, "\n");
}

void plot_line(struct plot *plot, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    text_string(&plot->text, plot->indent);
    write_line(&plot->text, format, arguments);
    va_end(arguments);
}

/* The names of variables contain apostrophes. */
void plot_stanza(struct plot *plot, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    text_string(&plot->text, plot->indent);
    text_string(&plot->text, "\t");
    const size_t begin = plot->text.length;
    write_line(&plot->text, format, arguments);
    va_end(arguments);
    bool in_variable = false;
    for (char *c = plot->text.bytes + begin; *c != '\0'; c++) {
        in_variable = *c == '$' || (in_variable && *c != '}');
        if (*c == '\'' && !in_variable)
            *c = '"';
    }
}

void plot_says(struct plot *plot, const struct plot_client *client, const char *what)
{
    plot_line(plot, "%s %s", client->name, what);
}

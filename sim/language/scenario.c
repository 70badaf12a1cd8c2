#include "../printable.h"
#include "scenario_parser.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Memory: a list of pieces, each of which holds many things; the newest is filled ---- */

struct piece {
    struct piece *next;
    size_t size, used; /* of the bytes */
    max_align_t bytes[];
};

enum { PIECE_SIZE = 4096 };

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (memory == NULL)
        abort();
    return memory;
}

static struct piece *new_piece(struct scenario *scenario, size_t size)
{
    struct piece *piece = allocate(1, sizeof *piece + size);
    piece->next = scenario->memory;
    piece->size = size;
    scenario->memory = piece;
    return piece;
}

void *keep(struct scenario *scenario, size_t size)
{
    size_t most = PIECE_SIZE - sizeof(struct piece);
    struct piece *piece = scenario->memory;
    size = (size + _Alignof(max_align_t) - 1) / _Alignof(max_align_t) * _Alignof(max_align_t);
    if (piece == NULL || piece->size - piece->used < size)
        piece = new_piece(scenario, size > most ? size : most);
    void *kept = (char *)piece->bytes + piece->used;
    piece->used += size;
    return kept;
}

const char *keep_text(struct scenario *scenario, struct slice text)
{
    char *copy = keep(scenario, text.length + 1);
    if (text.length > 0)
        memcpy(copy, text.text, text.length);
    return copy;
}

const char *copy_text(struct scenario *scenario, const char *text)
{
    return text != NULL ? keep_text(scenario, slice_of(text)) : NULL;
}

void free_stanzas(struct step *steps)
{
    for (struct step *step = steps; step != NULL; step = step->next) {
        for (struct xml *stanza = step->stanzas; stanza != NULL;) {
            struct xml *next = stanza->next;
            xml_free(stanza);
            stanza = next;
        }
        free_stanzas(step->steps);
    }
}

void scenario_free(struct scenario *scenario)
{
    if (scenario == NULL || --scenario->users > 0)
        return;
    scenario_free(scenario->common);
    free_stanzas(scenario->steps);
    for (struct piece *piece = scenario->memory; piece != NULL;) {
        struct piece *next = piece->next;
        free(piece);
        piece = next;
    }
    free(scenario);
}

struct scenario *new_scenario(const char *path)
{
    struct scenario *scenario = allocate(1, sizeof *scenario);
    scenario->users = 1;
    scenario->path = keep_text(scenario, slice_of(path));
    server_settings_usual(&scenario->settings);
    return scenario;
}

/* ---- Complaints ---- */

/* Takes the beginning of a character off the end of a text that was cut, and says that it was. */
static void mark_cut(char *text, size_t length)
{
    assert(length > 3);
    length -= 3;
    while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
        length--;
    memcpy(text + length, "...", 4);
}

/* Whatever a file quotes comes to a terminal: control characters are escaped here, for every printer. */
void complain(struct parser *parser, int line, const char *format, ...)
{
    struct complaints *complaints = parser->complaints;
    if (line == parser->told_line && line > 0)
        return;
    size_t index = complaints->count++;
    if (index >= COMPLAINTS_MAX)
        return;
    struct complaint *complaint = &complaints->list[index];
    char said[2 * sizeof complaint->message];
    complaint->line = line;
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(said, sizeof said, format, arguments);
    va_end(arguments);
    if (length >= (int)sizeof said)
        mark_cut(said, sizeof said - 1);
    char *shown = printable_copy(said, strlen(said));
    length = snprintf(complaint->message, sizeof complaint->message, "%s", shown);
    free(shown);
    if (length >= (int)sizeof complaint->message)
        mark_cut(complaint->message, sizeof complaint->message - 1);
}

bool complaints_are_full(const struct parser *parser)
{
    return parser->complaints->count >= COMPLAINTS_MAX;
}

struct excerpt excerpt(struct slice text)
{
    struct excerpt excerpt = { "" };
    size_t most = sizeof excerpt.text - 1;
    size_t length = text.length < most ? text.length : most;
    if (length > 0)
        memcpy(excerpt.text, text.text, length);
    if (text.length > most)
        mark_cut(excerpt.text, most);
    return excerpt;
}

void check_name_length(struct parser *parser, int line, const char *what, struct slice name)
{
    if (name.length > NAME_MOST)
        complain(parser, line, "the name \"%s\" of a %s has %zu bytes; expected %d at the most",
                 excerpt(name).text, what, name.length, NAME_MOST);
}

void listing_add(struct listing *listing, struct slice text)
{
    size_t used = strlen(listing->text);
    struct excerpt shown = excerpt(text);
    if (used + strlen(shown.text) + sizeof ", " > sizeof listing->text)
        return;
    (void)snprintf(listing->text + used, sizeof listing->text - used, "%s%s", used > 0 ? ", " : "",
                   shown.text);
}

struct listing listing_of_cast(const struct parser *parser)
{
    struct listing listing = { "" };
    for (size_t i = 0; i < parser->scenario->cast_count; i++)
        listing_add(&listing, slice_of(parser->scenario->cast[i].name));
    if (parser->scenario->cast_count == 0)
        listing_add(&listing, slice_of("nobody"));
    return listing;
}

/* ---- Unknown names ---- */

void complain_unknown(struct parser *parser, int line, const char *what, const struct nearest *nearest,
                      const struct listing *known)
{
    struct excerpt name = excerpt(nearest->written);
    if (nearest->name == NULL)
        complain(parser, line, "unknown %s \"%s\"; expected one of: %s", what, name.text, known->text);
    else
        complain(parser, line, "unknown %s \"%s\"; expected one of: %s; did you mean \"%s\"?", what,
                 name.text, known->text, nearest->name);
}

void complain_stranger(struct parser *parser, int line, struct slice name)
{
    if (parser->lost.characters)
        return;
    struct slice kept = { keep_text(parser->scenario, name), name.length };
    if (names_add(&parser->strangers, kept, parser) != NULL)
        return;
    if (complaints_are_full(parser)) {
        complain(parser, line, "one more");
        return;
    }
    if (slice_find(name, "@") < name.length) {
        complain(parser, line, "\"%s\" is no bare JID; expected one such as romeo@localhost",
                 excerpt(name).text);
        return;
    }
    struct nearest nearest = { .written = name };
    for (size_t i = 0; i < parser->scenario->cast_count; i++)
        nearest_try(&nearest, parser->scenario->cast[i].name);
    complain(parser, line, "no character is called \"%s\"; the cast is: %s%s%s%s", excerpt(name).text,
             listing_of_cast(parser).text, nearest.name != NULL ? "; did you mean \"" : "",
             nearest.name != NULL ? excerpt(slice_of(nearest.name)).text : "",
             nearest.name != NULL ? "\"?" : "");
}

const char *scenario_tag(const struct scenario *scenario, const char *name)
{
    for (const struct tag *tag = scenario->tags; tag != NULL; tag = tag->next)
        if (strcmp(tag->name, name) == 0)
            return tag->value;
    return NULL;
}

struct line measure_line(struct slice all, int number)
{
    struct line line = { .all = all, .number = number };
    if (line.all.length > 0 && line.all.text[line.all.length - 1] == '\r')
        line.all.length--;
    line.text = slice_trim(line.all);
    line.indent = line.text.length == 0 ? 0 : (size_t)(line.text.text - line.all.text);
    return line;
}

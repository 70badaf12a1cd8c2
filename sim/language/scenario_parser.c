#include "scenario_parser.h"

#include "../printable.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- Complaints ---- */

/* Removes an incomplete character from the end of a cut text, and marks the cut. */
static void mark_cut(char *text, size_t length)
{
    assert(length > 3);
    length -= 3;
    while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
        length--;
    memcpy(text + length, "...", 4);
}

/* Complaints quote the file and are shown on a terminal, so control characters are escaped here, for every
 * printer. */
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
        complain(parser, line, "the name \"%s\" of a %s has %zu bytes; expected at most %d",
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

/* ---- Unknown names ---- */

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t edit_distance(struct slice a, struct slice b)
{
    enum { WIDEST = 64 };
    size_t row[WIDEST + 1];
    if (a.length > WIDEST || b.length > WIDEST)
        return a.length + b.length;
    for (size_t i = 0; i <= b.length; i++)
        row[i] = i;
    for (size_t y = 1; y <= a.length; y++) {
        size_t diagonal = row[0];
        row[0] = y;
        for (size_t x = 1; x <= b.length; x++) {
            size_t changed = diagonal + (a.text[y - 1] != b.text[x - 1]);
            diagonal = row[x];
            row[x] = least(changed, least(row[x], row[x - 1]) + 1);
        }
    }
    return row[b.length];
}

void known_add(struct known *known, const char *name)
{
    size_t distance = edit_distance(known->written, slice_of(name));
    listing_add(&known->listing, slice_of(name));
    if (distance > (strlen(name) + 2) / 4 || (known->nearest != NULL && distance >= known->distance))
        return;
    known->nearest = name;
    known->distance = distance;
}

/* The end of a complaint. */
struct ending {
    char text[sizeof(struct excerpt) + 24];
};

static struct ending meant(const struct known *known)
{
    struct ending ending = { "" };
    if (known->nearest != NULL)
        (void)snprintf(ending.text, sizeof ending.text, "; did you mean \"%s\"?",
                       excerpt(slice_of(known->nearest)).text);
    return ending;
}

void complain_unknown(struct parser *parser, int line, const char *what, const struct known *known)
{
    complain(parser, line, "unknown %s \"%s\"; expected one of: %s%s", what, excerpt(known->written).text,
             known->listing.text, meant(known).text);
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
        complain(parser, line, "\"%s\" is not a bare JID; expected one such as romeo@localhost",
                 excerpt(name).text);
        return;
    }
    struct known cast = { .written = name };
    for (size_t i = 0; i < parser->scenario->cast_count; i++)
        known_add(&cast, parser->scenario->cast[i].name);
    complain(parser, line, "unknown character \"%s\"; the cast is: %s%s", excerpt(name).text,
             parser->scenario->cast_count > 0 ? cast.listing.text : "nobody", meant(&cast).text);
}

void complain_twice(struct parser *parser, int line, const char *name, int first)
{
    complain(parser, line, "\"%s\" is already given in line %d; expected it once", name, first);
}

/* ---- Common parts of lines ---- */

const char *unquote(struct parser *parser, int line, struct token token, size_t *length)
{
    assert(token.kind == TOKEN_QUOTED && token.text.length >= 2);
    struct slice inside = { token.text.text + 1, token.text.length - 2 };
    char *out = keep(parser->scenario, inside.length + 1);
    size_t count = 0;
    for (size_t i = 0; i < inside.length; i++) {
        out[count] = inside.text[i];
        if (inside.text[i] == '\\') {
            size_t taken = resolve_escape(slice_from(inside, i + 1), &out[count]);
            if (taken == 0) {
                complain(parser, line, "unknown escape in %s; expected \\\" \\\\ \\n \\t \\r or \\xNN",
                         excerpt(token.text).text);
                return NULL;
            }
            i += taken;
        }
        if (out[count] == '\0' && length == NULL) {
            complain(parser, line, "%s has a NUL byte; expected text, only \"sends raw\" takes any byte",
                     excerpt(token.text).text);
            return NULL;
        }
        count++;
    }
    if (length != NULL)
        *length = count;
    return out;
}

bool parse_jid(struct parser *parser, int line, struct slice text, struct jid_parts *parts)
{
    size_t slash = slice_find(text, "/");
    struct slice bare = { text.text, slash };
    size_t at = slice_find(bare, "@");
    bool has_local = at < bare.length;
    struct slice domain = has_local ? slice_from(bare, at + 1) : bare;
    bool whole = domain.length > 0 && slice_find(domain, "@") == domain.length && (!has_local || at > 0) &&
                 slash + 1 != text.length;
    for (size_t i = 0; i < bare.length; i++)
        whole = whole && !is_blank(bare.text[i]);
    if (!whole) {
        complain(parser, line,
                 "\"%s\" is not a JID; expected one such as romeo@localhost or romeo@localhost/orchard",
                 excerpt(text).text);
        return false;
    }
    *parts = (struct jid_parts){ .bare = keep_text(parser->scenario, bare),
                                 .domain = keep_text(parser->scenario, domain) };
    if (has_local)
        parts->local = keep_text(parser->scenario, (struct slice){ bare.text, at });
    if (slash < text.length)
        parts->resource = keep_text(parser->scenario, slice_from(text, slash + 1));
    return true;
}

bool cut_property_line(struct parser *parser, const struct line *line, struct slice *name,
                       struct slice *value)
{
    if (cut_property(line->text, name, value))
        return true;
    complain(parser, line->number, "expected \"name: value\", found \"%s\"", excerpt(line->text).text);
    return false;
}

#include "scenario_tokens.h"
#include "../text.h"

#include <stdio.h>

/* ---- Slices ---- */

/* The slice without leading blanks. */
static struct slice skip_blanks(struct slice slice)
{
    size_t count = 0;
    while (count < slice.length && is_blank(slice.text[count]))
        count++;
    return slice_from(slice, count);
}

struct slice slice_trim(struct slice slice)
{
    slice = skip_blanks(slice);
    while (slice.length > 0 && is_blank(slice.text[slice.length - 1]))
        slice.length--;
    return slice;
}

size_t slice_find(struct slice slice, const char *text)
{
    assert(text[0] != '\0');
    struct slice rest = slice;
    const char *first;
    while (rest.length > 0 && (first = memchr(rest.text, text[0], rest.length)) != NULL) {
        rest = slice_from(rest, (size_t)(first - rest.text));
        if (slice_begins(rest, text))
            return slice.length - rest.length;
        rest = slice_from(rest, 1);
    }
    return slice.length;
}

bool slice_cut(struct slice *slice, const char *mark, struct slice *piece)
{
    size_t length = slice_find(*slice, mark);
    bool more = length < slice->length;
    *piece = (struct slice){ slice->text, length };
    *slice = slice_from(*slice, more ? length + strlen(mark) : length);
    return more;
}

size_t count_line_feeds(struct slice text)
{
    size_t count = 0, at;
    for (; (at = slice_find(text, "\n")) < text.length; count++)
        text = slice_from(text, at + 1);
    return count;
}

/* The well-formed sequences of RFC 3629, section 4: the length and the allowed second bytes by lead byte. */
static const struct {
    unsigned char first, last, length, least, most;
} sequences[] = {
    { 0x00, 0x7f, 1, 0, 0 },       { 0xc2, 0xdf, 2, 0x80, 0xbf }, { 0xe0, 0xe0, 3, 0xa0, 0xbf },
    { 0xe1, 0xec, 3, 0x80, 0xbf }, { 0xed, 0xed, 3, 0x80, 0x9f }, { 0xee, 0xef, 3, 0x80, 0xbf },
    { 0xf0, 0xf0, 4, 0x90, 0xbf }, { 0xf1, 0xf3, 4, 0x80, 0xbf }, { 0xf4, 0xf4, 4, 0x80, 0x8f },
};

/* The length of the first character in bytes; 0 when it is malformed. */
static size_t character_length(struct slice text)
{
    const unsigned char *bytes = (const unsigned char *)text.text;
    for (size_t i = 0; i < sizeof sequences / sizeof sequences[0]; i++) {
        if (bytes[0] < sequences[i].first || bytes[0] > sequences[i].last)
            continue;
        size_t length = sequences[i].length;
        if (length > text.length)
            return 0;
        if (length > 1 && (bytes[1] < sequences[i].least || bytes[1] > sequences[i].most))
            return 0;
        for (size_t at = 2; at < length; at++)
            if ((bytes[at] & 0xc0) != 0x80)
                return 0;
        return length;
    }
    return 0;
}

static size_t ascii_length(struct slice text)
{
    size_t length = 0;
    while (length < text.length && (unsigned char)text.text[length] < 0x80)
        length++;
    return length;
}

bool slice_is_utf8(struct slice text)
{
    while ((text = slice_from(text, ascii_length(text))).length > 0) {
        size_t length = character_length(text);
        if (length == 0)
            return false;
        text = slice_from(text, length);
    }
    return true;
}

/* ---- Lines ---- */

struct line measure_line(struct slice all, int number)
{
    struct line line = { .all = all, .number = number };
    if (line.all.length > 0 && line.all.text[line.all.length - 1] == '\r')
        line.all.length--;
    line.text = slice_trim(line.all);
    line.indent = line.text.length == 0 ? 0 : (size_t)(line.text.text - line.all.text);
    return line;
}

bool is_comment(struct slice text)
{
    return slice_begins(text, "#") || slice_begins(text, "//") || slice_is(text, "--") ||
           slice_begins(text, "-- ") || slice_begins(text, "--\t");
}

bool is_end_of_head(const struct line *line)
{
    if (line->indent > 0 || line->text.length < 3)
        return false;
    for (size_t i = 0; i < line->text.length; i++)
        if (line->text.text[i] != '-')
            return false;
    return true;
}

bool cut_property(struct slice text, struct slice *name, struct slice *value)
{
    size_t colon = slice_find(text, ":");
    *name = slice_trim((struct slice){ text.text, colon });
    *value = colon < text.length ? slice_trim(slice_from(text, colon + 1)) : (struct slice){ text.text, 0 };
    return colon < text.length;
}

void write_named(struct text *out, size_t depth, const char *name, const char *value)
{
    text_repeat(out, '\t', depth);
    text_string(out, name);
    text_string(out, value[0] != '\0' ? ": " : ":");
    text_string(out, value);
    text_string(out, "\n");
}

/* ---- Tokens ---- */

/* The length of the quotation at the beginning, with its quotes; 0 when it is not terminated. */
static size_t quotation_length(struct slice text)
{
    for (size_t i = 1; i < text.length; i++) {
        if (text.text[i] == '\\')
            i++;
        else if (text.text[i] == '"')
            return i + 1;
    }
    return 0;
}

/* Whether a ':' or ',' at this position ends the token before it. */
static bool is_separator(struct slice text, size_t at)
{
    if (text.text[at] != ':' && text.text[at] != ',')
        return false;
    return at + 1 == text.length || is_blank(text.text[at + 1]);
}

static size_t word_length(struct slice text)
{
    size_t length = 0;
    while (length < text.length && !is_blank(text.text[length]) && !is_separator(text, length))
        length++;
    return length;
}

struct token next_token(struct slice *rest)
{
    *rest = skip_blanks(*rest);
    struct token token = { TOKEN_END, { rest->text, 0 } };
    if (rest->length == 0)
        return token;
    token.text.length = 1;
    if (is_separator(*rest, 0)) {
        token.kind = rest->text[0] == ':' ? TOKEN_COLON : TOKEN_COMMA;
    } else if (rest->text[0] == '"') {
        size_t length = quotation_length(*rest);
        token.kind = length > 0 ? TOKEN_QUOTED : TOKEN_WORD;
        token.text.length = length > 0 ? length : slice_trim(*rest).length;
    } else {
        token.kind = TOKEN_WORD;
        token.text.length = word_length(*rest);
    }
    *rest = slice_from(*rest, token.text.length);
    return token;
}

size_t cut_tokens(struct slice text, struct token tokens[TOKENS_MAX])
{
    size_t count = 0;
    while (count + 1 < TOKENS_MAX && (tokens[count] = next_token(&text)).kind != TOKEN_END)
        count++;
    tokens[count] = (struct token){ TOKEN_END, { text.text, 0 } };
    return count;
}

const struct token *token_behind(const struct token *token)
{
    return token->kind != TOKEN_END ? token + 1 : token;
}

const struct token *skip_colon(const struct token *token)
{
    return token->kind == TOKEN_COLON ? token + 1 : token;
}

bool token_unended(struct token token)
{
    return token.kind == TOKEN_WORD && token.text.text[0] == '"';
}

/* ---- Quotations ---- */

static int hex_digit(char c)
{
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static const char escape_letters[] = "\"\\ntr";
static const char escape_meanings[] = "\"\\\n\t\r";

size_t resolve_escape(struct slice text, char *byte)
{
    assert(text.length > 0); /* a quotation does not end behind a backslash */
    for (size_t i = 0; escape_letters[i] != '\0'; i++) {
        if (text.text[0] == escape_letters[i]) {
            *byte = escape_meanings[i];
            return 1;
        }
    }
    if (text.text[0] != 'x' || text.length < 3)
        return 0;
    int high = hex_digit(text.text[1]), low = hex_digit(text.text[2]);
    if (high < 0 || low < 0)
        return 0;
    *byte = (char)(unsigned char)(high * 16 + low);
    return 3;
}

/* Whether a character of `length` bytes is a control character, including U+0080 to U+009F. */
static bool is_control(struct slice text, size_t length)
{
    unsigned char first = (unsigned char)text.text[0];
    if (length == 2)
        return first == 0xc2 && (unsigned char)text.text[1] < 0xa0;
    return length == 1 && (first < 0x20 || first == 0x7f);
}

static void write_escape(struct text *out, char byte)
{
    const char *meaning = byte != '\0' ? strchr(escape_meanings, byte) : NULL;
    char escape[8];
    if (meaning != NULL)
        (void)snprintf(escape, sizeof escape, "\\%c", escape_letters[meaning - escape_meanings]);
    else
        (void)snprintf(escape, sizeof escape, "\\x%02x", (unsigned)(unsigned char)byte);
    text_string(out, escape);
}

void write_quotation(struct text *out, struct slice text)
{
    text_string(out, "\"");
    while (text.length > 0) {
        size_t length = character_length(text);
        if (length == 0 || is_control(text, length) || text.text[0] == '"' || text.text[0] == '\\') {
            length = 1;
            write_escape(out, text.text[0]);
        } else {
            text_append(out, text.text, length);
        }
        text = slice_from(text, length);
    }
    text_string(out, "\"");
}

/* ---- Numbers ---- */

bool parse_number(struct slice text, uint64_t most, uint64_t *number)
{
    uint64_t value = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (!is_digit(text.text[i]))
            return false;
        uint64_t digit = (uint64_t)(text.text[i] - '0');
        if (value > (most - digit) / 10 || digit > most)
            return false;
        value = value * 10 + digit;
    }
    *number = value;
    return text.length > 0;
}

static const struct {
    const char *name;
    sim_time length;
} units[] = {
    { "millisecond", SIM_MILLISECOND },   { "second", SIM_SECOND },
    { "minute", SIM_SECOND * 60 },        { "hour", SIM_SECOND * 60 * 60 },
    { "day", SIM_SECOND * 60 * 60 * 24 },
};

bool parse_span(struct slice amount, struct slice unit, sim_time *span)
{
    if (unit.length > 0 && unit.text[unit.length - 1] == 's')
        unit.length--;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        uint64_t count = 0;
        if (!slice_is(unit, units[i].name))
            continue;
        if (!parse_number(amount, UINT64_MAX / units[i].length, &count))
            return false;
        *span = count * units[i].length;
        return true;
    }
    return false;
}

/* The index of the largest unit of which the span is a multiple; for a span of 0 the smallest. */
static size_t unit_of(sim_time span)
{
    size_t unit = sizeof units / sizeof units[0] - 1;
    while (unit > 0 && (span < units[unit].length || span % units[unit].length != 0))
        unit--;
    return unit;
}

void write_span(struct text *out, sim_time span)
{
    size_t unit = unit_of(span);
    assert(span % units[unit].length == 0);
    text_number(out, span / units[unit].length);
    text_string(out, " ");
    text_string(out, units[unit].name);
    if (!is_one_unit(span))
        text_string(out, "s");
}

bool is_one_unit(sim_time span)
{
    return span == units[unit_of(span)].length;
}

#include "tags.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* ---- Spans ---- */

bool span_equal(struct span one, struct span other)
{
    if (one.bytes == NULL || other.bytes == NULL)
        return one.bytes == other.bytes;
    return one.length == other.length && memcmp(one.bytes, other.bytes, one.length) == 0;
}

/* Writes a character as UTF-8 and returns its length; 0 for what is no character. */
static size_t encode(unsigned long c, char *out)
{
    if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
        return 0;
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    const size_t length = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned char leads[] = { 0, 0, 0xC0, 0xE0, 0xF0 };
    for (size_t i = length - 1; i > 0; i--, c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3F));
    out[0] = (char)(leads[length] | c);
    return length;
}

/* The character of a reference without '&' and ';', as UTF-8; returns its length, 0 when it is none. */
static size_t resolve(struct span name, char out[4])
{
    static const struct {
        const char *name;
        char character;
    } entities[] = { { "amp", '&' }, { "lt", '<' }, { "gt", '>' }, { "apos", '\'' }, { "quot", '"' } };
    for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++)
        if (span_is(name, entities[i].name)) {
            out[0] = entities[i].character;
            return 1;
        }
    char digits[12] = "";
    if (name.length < 2 || name.length > sizeof digits || name.bytes[0] != '#')
        return 0;
    memcpy(digits, name.bytes + 1, name.length - 1);
    const bool is_hex = digits[0] == 'x';
    char *end;
    const unsigned long c = strtoul(digits + is_hex, &end, is_hex ? 16 : 10);
    return *end == '\0' ? encode(c, out) : 0;
}

/* The reference at the beginning of some bytes, without '&' and ';'; absent when there is none. */
static struct span reference_at(const char *at, const char *end)
{
    enum { LONGEST = 12 };
    const size_t left = (size_t)(end - at);
    const char *semicolon = *at == '&' ? memchr(at, ';', left < LONGEST ? left : LONGEST) : NULL;
    return semicolon != NULL ? (struct span){ at + 1, (size_t)(semicolon - at - 1) }
                             : (struct span){ NULL, 0 };
}

bool span_resolve(struct span span, char *out, size_t size)
{
    size_t length = 0;
    const char *end = span.bytes != NULL ? span.bytes + span.length : NULL;
    out[0] = '\0';
    for (const char *at = span.bytes; at != end;) {
        char character[4] = { *at };
        const struct span reference = reference_at(at, end);
        const size_t resolved = reference.bytes != NULL ? resolve(reference, character) : 0;
        const size_t written = resolved > 0 ? resolved : 1;
        if (length + written >= size) {
            out[0] = '\0';
            return false;
        }
        memcpy(out + length, character, written);
        length += written;
        at += resolved > 0 ? reference.length + 2 : 1;
    }
    out[length] = '\0';
    return span.bytes != NULL;
}

static uint64_t hash_byte(uint64_t hash, char byte)
{
    return (hash ^ (unsigned char)byte) * UINT64_C(1099511628211);
}

/* Of the reference with which some bytes begin.  `*at` is set behind it; or behind the '&', where there is none. */
static uint64_t hash_reference(uint64_t hash, const char **at, const char *end)
{
    char character[4] = { **at };
    const struct span reference = reference_at(*at, end);
    const size_t resolved = reference.bytes != NULL ? resolve(reference, character) : 0;
    for (size_t i = 0; i < (resolved > 0 ? resolved : 1); i++)
        hash = hash_byte(hash, character[i]);
    *at += resolved > 0 ? reference.length + 2 : 1;
    return hash;
}

/* FNV-1a.  White space in a value is spaces (XML 1.0, 3.3.3), but for references to it. */
uint64_t span_hash(struct span span)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    const char *at = span.bytes, *end = at != NULL ? at + span.length : NULL;
    if (at == NULL)
        return 0;
    while (at != end) {
        if (*at == '&') {
            hash = hash_reference(hash, &at, end);
            continue;
        }
        static const char space = ' ';
        const char *byte = is_space(*at) ? &space : at;
        hash = hash_byte(hash, *byte);
        at++;
    }
    return hash;
}

/* ---- As a parser reports it ---- */

/* What a parser makes of the byte at `at`, which no reference and no section begins; returns what follows. */
static const char *parse_byte(const char *at, const char *end, bool is_value, struct text *out)
{
    const bool is_line_end = *at == '\r';
    const bool is_pair = is_line_end && at + 1 != end && at[1] == '\n';
    char byte = *at;
    if (is_value && is_space(byte))
        byte = ' ';
    else if (is_line_end)
        byte = '\n';
    text_append(out, &byte, 1);
    return at + 1 + is_pair;
}

/* Of a reference, or of an '&' that begins none. */
static const char *parse_reference(const char *at, const char *end, struct text *out)
{
    char character[4] = { *at };
    const struct span reference = reference_at(at, end);
    const size_t resolved = reference.bytes != NULL ? resolve(reference, character) : 0;
    text_append(out, character, resolved > 0 ? resolved : 1);
    return at + (resolved > 0 ? reference.length + 2 : 1);
}

void span_parse(struct span span, bool is_value, struct text *out)
{
    static const char opens[] = "<![CDATA[", closes[] = "]]>";
    const size_t opening = sizeof opens - 1, closing = sizeof closes - 1;
    const char *at = span.bytes, *end = at != NULL ? at + span.length : NULL;
    bool is_section = false;
    while (at != end) {
        const size_t left = (size_t)(end - at);
        if (is_section && left >= closing && memcmp(at, closes, closing) == 0) {
            is_section = false;
            at += closing;
        } else if (!is_section && *at == '<' && left >= opening && memcmp(at, opens, opening) == 0) {
            is_section = true;
            at += opening;
        } else if (!is_section && *at == '&') {
            at = parse_reference(at, end, out);
        } else {
            at = parse_byte(at, end, is_value, out);
        }
    }
}

/* ---- Tags ---- */

/* Behind a string in some bytes; NULL when it is not there. */
static const char *behind(const char *at, const char *end, const char *string)
{
    const size_t length = strlen(string);
    while ((size_t)(end - at) >= length) {
        at = memchr(at, string[0], (size_t)(end - at) - length + 1);
        if (at == NULL)
            return NULL;
        if (memcmp(at, string, length) == 0)
            return at + length;
        at++;
    }
    return NULL;
}

/* Whether the bytes begin with a string, or may when more of them come: then `*at` is set to NULL. */
static bool begins(const char **at, const char *end, const char *string)
{
    const size_t length = strlen(string), left = (size_t)(end - *at);
    if (memcmp(*at, string, left < length ? left : length) != 0)
        return false;
    if (left < length)
        *at = NULL;
    return true;
}

static bool is_quote(char c)
{
    return c == '"' || c == '\'';
}

const char *tag_end(const char *at, const char *end)
{
    while (at != end && *at != '>') {
        if (is_quote(*at)) {
            at = memchr(at + 1, *at, (size_t)(end - at - 1));
            if (at == NULL)
                return NULL;
        }
        at++;
    }
    return at != end ? at : NULL;
}

/* Skips what is no tag: character data, CDATA sections, an XML declaration.  Returns the '<' of a tag, or NULL. */
static const char *skip_text(struct tag_reader *reader)
{
    const char *at = reader->at;
    for (;;) {
        const char *marked = at = at != NULL ? memchr(at, '<', (size_t)(reader->end - at)) : NULL;
        if (at == NULL || reader->end - at < 2)
            return NULL;
        if (at[1] != '!' && at[1] != '?')
            return at;
        if (begins(&marked, reader->end, "<![CDATA["))
            at = marked != NULL ? behind(marked, reader->end, "]]>") : NULL;
        else if (begins(&marked, reader->end, "<?xml"))
            at = marked != NULL ? behind(marked, reader->end, "?>") : NULL;
        else {
            reader->broken = true;
            return NULL;
        }
    }
}

bool tag_next(struct tag_reader *reader, struct tag *tag)
{
    const char *begin = reader->at != reader->end && !reader->broken ? skip_text(reader) : NULL;
    const char *close = begin != NULL ? tag_end(begin + 1, reader->end) : NULL;
    if (close == NULL)
        return false;
    const char *name = begin + 1;
    const char *last = close;
    tag->kind = TAG_OPENS;
    if (*name == '/') {
        tag->kind = TAG_CLOSES;
        name++;
    } else if (close[-1] == '/') {
        tag->kind = TAG_EMPTY;
        last--;
    }
    const char *behind_name = name;
    while (behind_name < last && !is_space(*behind_name))
        behind_name++;
    if (behind_name == name) {
        reader->broken = true;
        return false;
    }
    tag->begin = begin;
    tag->text = (struct span){ reader->at, (size_t)(begin - reader->at) };
    tag->name = (struct span){ name, (size_t)(behind_name - name) };
    tag->attributes = (struct span){ behind_name, (size_t)(last - behind_name) };
    reader->at = close + 1;
    return true;
}

struct span tag_local_name(const struct tag *tag)
{
    const char *colon = memchr(tag->name.bytes, ':', tag->name.length);
    if (colon == NULL)
        return tag->name;
    return (struct span){ colon + 1, tag->name.length - (size_t)(colon + 1 - tag->name.bytes) };
}

bool tag_take_attribute(struct span *left, struct span *name, struct span *value)
{
    const char *at = left->bytes, *end = left->bytes + left->length;
    while (at != end && is_space(*at))
        at++;
    const char *equals = at != end ? memchr(at, '=', (size_t)(end - at)) : NULL;
    if (equals == NULL)
        return false;
    const char *behind_name = equals;
    while (behind_name > at && is_space(behind_name[-1]))
        behind_name--;
    const char *quote = equals + 1;
    while (quote < end && is_space(*quote))
        quote++;
    const char *close = quote < end ? memchr(quote + 1, *quote, (size_t)(end - quote - 1)) : NULL;
    if (close == NULL)
        return false;
    *name = (struct span){ at, (size_t)(behind_name - at) };
    *value = (struct span){ quote + 1, (size_t)(close - quote - 1) };
    *left = (struct span){ close + 1, (size_t)(end - close - 1) };
    return true;
}

struct span tag_attribute(const struct tag *tag, const char *name)
{
    struct span left = tag->attributes, found, value;
    while (tag_take_attribute(&left, &found, &value))
        if (span_is(found, name))
            return value;
    return (struct span){ NULL, 0 };
}

uint32_t tag_number(const struct tag *tag, const char *name)
{
    char digits[16];
    return span_resolve(tag_attribute(tag, name), digits, sizeof digits) ? (uint32_t)strtoul(digits, NULL, 10)
                                                                         : 0;
}

bool tag_is_true(const struct tag *tag, const char *name)
{
    const struct span value = tag_attribute(tag, name);
    return span_is(value, "true") || span_is(value, "1");
}

bool tag_declares(const struct tag *tag, const char *ns)
{
    const size_t prefix = tag->name.length - tag_local_name(tag).length;
    char name[64] = "xmlns";
    if (prefix > 0 && prefix < sizeof name - 6)
        snprintf(name, sizeof name, "xmlns:%.*s", (int)prefix - 1, tag->name.bytes);
    return span_is(tag_attribute(tag, name), ns);
}

/* Keeps an attribute of every stanza, the first of its name. */
static void note_attribute(struct stanza_head *head, struct span name, struct span value)
{
    struct span *kept = NULL;
    if (name.length == 2)
        kept = span_is(name, "to") ? &head->to : span_is(name, "id") ? &head->id : NULL;
    else if (name.length == 4)
        kept = span_is(name, "from") ? &head->from : span_is(name, "type") ? &head->type : NULL;
    if (kept != NULL && kept->bytes == NULL)
        *kept = value;
}

struct stanza_head tag_stanza_head(const struct tag *tag)
{
    struct stanza_head head = { .to = { NULL, 0 } };
    struct span left = tag->attributes, found, value;
    while (tag_take_attribute(&left, &found, &value))
        note_attribute(&head, found, value);
    return head;
}

/* ---- Usual tags ---- */

const char *tag_behind_name(const char *at, const char *end)
{
    while (at != end && ((unsigned char)*at > '>' || (*at >= '-' && *at <= ':' && *at != '/')))
        at++;
    return at;
}

/* Behind the attribute that begins here, in the form NAME='VALUE'; NULL when there is no such one. */
static const char *read_attribute(const char *at, const char *end, struct stanza_head *head)
{
    const char *equals = tag_behind_name(at, end);
    if (equals == at || end - equals < 3 || *equals != '=' || !is_quote(equals[1]))
        return NULL;
    const char *value = equals + 2;
    const char *close = memchr(value, equals[1], (size_t)(end - value));
    if (close == NULL)
        return NULL;
    note_attribute(head, (struct span){ at, (size_t)(equals - at) },
                   (struct span){ value, (size_t)(close - value) });
    return close + 1;
}

const char *tag_read_usual(const char *begin, const char *end, struct tag *tag, struct stanza_head *head)
{
    if (end - begin < 3 || begin[0] != '<' || begin[1] == '?')
        return NULL;
    const char *name = begin + 1, *at = tag_behind_name(name, end), *attributes = at;
    *head = (struct stanza_head){ .to = { NULL, 0 } };
    while (at != NULL && at != end && *at == ' ')
        at = read_attribute(at + 1, end, head);
    if (at == NULL || end - at < 2 || attributes == name)
        return NULL;
    const bool is_empty = *at == '/';
    *tag = (struct tag){ .kind = is_empty ? TAG_EMPTY : TAG_OPENS,
                         .name = { name, (size_t)(attributes - name) },
                         .attributes = { attributes, (size_t)(at - attributes) },
                         .text = { begin, 0 },
                         .begin = begin };
    at += is_empty;
    return *at == '>' ? at + 1 : NULL;
}

/* ---- Elements ---- */

/* Behind the end tag of an element whose start tag was read last; NULL when it is not there.  `*closes` is the end
 * tag's '<'. */
static const char *behind_element(struct tag_reader *reader, const char **closes)
{
    struct tag tag;
    for (size_t depth = 1; depth > 0;) {
        if (!tag_next(reader, &tag))
            return NULL;
        depth += tag.kind == TAG_OPENS;
        depth -= tag.kind == TAG_CLOSES;
        *closes = tag.begin;
    }
    return reader->at;
}

bool element_find(struct span bytes, const char *local_name, struct element *found, struct span *after)
{
    struct tag_reader reader = { bytes.bytes, bytes.bytes + bytes.length, false };
    while (tag_next(&reader, &found->tag) && found->tag.kind != TAG_CLOSES) {
        const char *inside = reader.at, *closes = reader.at;
        if (found->tag.kind == TAG_OPENS && behind_element(&reader, &closes) == NULL)
            return false;
        if (local_name != NULL && !span_is_local_name(found->tag.name, local_name))
            continue;
        found->inside = (struct span){ inside, (size_t)(closes - inside) };
        if (after != NULL)
            *after = (struct span){ reader.at, (size_t)(reader.end - reader.at) };
        return true;
    }
    return false;
}

#include "match_rules.h"

#include "../must.h"
#include "../world/describe.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define uthash_fatal(message) abort()
#include <uthash.h>

/* Longer than any name in a scenario. */
enum { NAME_SIZE = 256 };

struct binding {
    char *name;
    char *value;
    UT_hash_handle hh; /* in the order in which the names were bound */
};

/* ---- Bindings ---- */

static char *copy(const char *string)
{
    struct text text = { 0 };
    text_string(&text, string);
    return text_take(&text);
}

void bindings_set(struct bindings *bindings, const char *name, const char *value)
{
    assert(name != NULL && value != NULL);
    struct binding *binding;
    HASH_FIND_STR(bindings->first, name, binding);
    if (binding == NULL) {
        binding = must(calloc(1, sizeof *binding));
        binding->name = copy(name);
        HASH_ADD_KEYPTR(hh, bindings->first, binding->name, strlen(name), binding);
    }
    char *old = binding->value; /* `value` may be the old string */
    binding->value = copy(value);
    free(old);
}

const char *bindings_get(const struct bindings *bindings, const char *name)
{
    const struct binding *binding;
    HASH_FIND_STR(bindings->first, name, binding);
    return binding != NULL ? binding->value : NULL;
}

void bindings_describe(struct description *description, const struct bindings *bindings)
{
    for (const struct binding *binding = bindings->first; binding != NULL; binding = binding->hh.next) {
        describe_named(description, "captured", binding->name);
        describe_string(description, "value", binding->value);
    }
}

void bindings_free(struct bindings *bindings)
{
    struct binding *binding = bindings->first;
    HASH_CLEAR(hh, bindings->first);
    while (binding != NULL) {
        struct binding *next = binding->hh.next;
        free(binding->name);
        free(binding->value);
        free(binding);
        binding = next;
    }
}

void bindings_move(struct bindings *bindings, struct bindings *fresh)
{
    for (const struct binding *binding = fresh->first; binding != NULL; binding = binding->hh.next) {
        bindings_set(bindings, binding->name, binding->value);
    }
    bindings_free(fresh);
}

/* ---- Variables ---- */

struct span span_of(const char *string)
{
    return (struct span){ string, strlen(string) };
}

static void skip(struct span *span, size_t length)
{
    assert(length <= span->length);
    span->bytes += length;
    span->length -= length;
}

/* Whether a span begins with ${name}; the braces may not be empty. */
static bool begins_with_variable(struct span span, struct span *name)
{
    if (span.length < 4 || memcmp(span.bytes, "${", 2) != 0) {
        return false;
    }
    const char *end = memchr(span.bytes, '}', span.length);
    if (end == NULL || end == span.bytes + 2) {
        return false;
    }
    *name = (struct span){ span.bytes + 2, (size_t)(end - span.bytes) - 2 };
    return true;
}

/* Takes plain text or a variable from the front; `name` is of length 0 for plain text. */
static struct span next_piece(struct span *rest, struct span *name)
{
    struct span piece = { rest->bytes, 0 };
    *name = (struct span){ rest->bytes, 0 };
    if (begins_with_variable(*rest, name)) {
        piece.length = name->length + 3;
        skip(rest, piece.length);
        return piece;
    }
    struct span ignored;
    do {
        skip(rest, 1);
        piece.length++;
    } while (rest->length > 0 && !begins_with_variable(*rest, &ignored));
    return piece;
}

static const char *look_up(const struct cast *cast, struct span name)
{
    char string[NAME_SIZE];
    if (cast->lookup == NULL || name.length >= sizeof string) {
        return NULL;
    }
    memcpy(string, name.bytes, name.length);
    string[name.length] = '\0';
    return cast->lookup(cast->host, string);
}

/* Like next_piece, with a variable replaced; `bytes` is NULL for an unknown one. */
static struct span next_value(struct span *rest, const struct cast *cast, struct span *name)
{
    struct span piece = next_piece(rest, name);
    if (name->length == 0) {
        return piece;
    }
    const char *value = look_up(cast, *name);
    return value == NULL ? (struct span){ NULL, 0 } : span_of(value);
}

bool value_expand(struct text *out, struct span value, const struct cast *cast, struct span *unknown)
{
    while (value.length > 0) {
        struct span piece = next_value(&value, cast, unknown);
        if (piece.bytes == NULL) {
            return false;
        }
        text_append(out, piece.bytes, piece.length);
    }
    return true;
}

char *match_substitute(const char *text, match_lookup lookup, void *host, char *unknown, size_t size)
{
    struct cast cast = { lookup, host, NULL };
    struct text out = { 0 };
    struct span name;
    if (value_expand(&out, span_of(text), &cast, &name)) {
        return text_take(&out);
    }
    if (unknown != NULL) {
        assert(size > 0);
        size_t length = name.length < size ? name.length : size - 1;
        memcpy(unknown, name.bytes, length);
        unknown[length] = '\0';
    }
    text_free(&out);
    return NULL;
}

/* ---- Values ---- */

static bool is(struct span span, const char *string)
{
    size_t length = strlen(string);
    return span.length == length && memcmp(span.bytes, string, length) == 0;
}

struct span value_capture(struct span expected)
{
    static const char start[] = "{scansion:capture:";
    const size_t length = sizeof start - 1;
    if (expected.length < length + 2 || memcmp(expected.bytes, start, length) != 0) {
        return (struct span){ NULL, 0 };
    }
    skip(&expected, length);
    const char *end = memchr(expected.bytes, '}', expected.length);
    if (end != expected.bytes + expected.length - 1) {
        return (struct span){ NULL, 0 };
    }
    expected.length--;
    return expected;
}

bool value_is_wildcard(struct span expected)
{
    return is(expected, "{scansion:any}") || value_capture(expected).length > 0;
}

bool value_matches(struct span expected, struct span received, const struct cast *cast)
{
    if (value_is_wildcard(expected)) {
        return true;
    }
    while (expected.length > 0) {
        struct span name;
        struct span piece = next_value(&expected, cast, &name);
        if (piece.bytes == NULL || piece.length > received.length ||
            memcmp(piece.bytes, received.bytes, piece.length) != 0) {
            return false;
        }
        skip(&received, piece.length);
    }
    return received.length == 0;
}

/* ---- Text ---- */

static bool is_white(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static struct span trim(struct span span)
{
    while (span.length > 0 && is_white(span.bytes[0])) {
        skip(&span, 1);
    }
    while (span.length > 0 && is_white(span.bytes[span.length - 1])) {
        span.length--;
    }
    return span;
}

/* White space with a line end is layout: <iq> on one line, </iq> on the next. */
static bool is_layout(struct span span)
{
    return trim(span).length == 0 && memchr(span.bytes, '\n', span.length) != NULL;
}

struct span value_content(const struct xml *element, bool mixed, struct text *joined)
{
    struct span only = { "", 0 };
    size_t runs = 0;
    for (const struct xml *child = element->children; child != NULL; child = child->next) {
        if (child->text == NULL) {
            continue;
        }
        struct span run = span_of(child->text);
        if (mixed ? trim(run).length == 0 : is_layout(run)) {
            continue;
        }
        if (runs == 1) {
            text_append(joined, only.bytes, only.length);
        }
        if (runs >= 1) {
            text_append(joined, run.bytes, run.length);
        }
        only = run;
        runs++;
    }
    if (runs > 1) {
        only = (struct span){ joined->bytes, joined->length };
    }
    return mixed ? trim(only) : only;
}

#include "describe.h"

#include "../must.h"
#include "../text.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <xxhash.h>

struct description {
    struct text text;
    unsigned depth;
    sim_time now;
    bool has_property; /* the line at hand */
};

struct description *describe_begin(sim_time now)
{
    struct description *description = must(calloc(1, sizeof *description));
    description->now = now;
    return description;
}

char *describe_end(struct description *description)
{
    text_append(&description->text, "\n", 1);
    char *text = text_take(&description->text);
    free(description);
    return text;
}

/* ---- Strings ---- */

static void append_format(struct text *text, const char *format, va_list arguments)
{
    char brief[256];
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(brief, sizeof brief, format, arguments);
    assert(length >= 0);
    if ((size_t)length < sizeof brief) {
        text_append(text, brief, (size_t)length);
    } else {
        char *whole = must(malloc((size_t)length + 1));
        (void)vsnprintf(whole, (size_t)length + 1, format, again);
        text_append(text, whole, (size_t)length);
        free(whole);
    }
    va_end(again);
}

static bool is_plain(unsigned char byte)
{
    return byte >= 0x20 && byte != 0x7f && byte != '\\' && byte != '`';
}

static void append_escape(struct text *text, unsigned char byte)
{
    static const char escaped[] = "\n\t\\`";
    static const char letters[] = "nt\\`";
    const char *which = byte != '\0' ? strchr(escaped, byte) : NULL;
    char escape[8];
    int length = which != NULL ? snprintf(escape, sizeof escape, "\\%c", letters[which - escaped])
                               : snprintf(escape, sizeof escape, "\\x%02x", byte);
    text_append(text, escape, (size_t)length);
}

/* Between backticks, which do not delimit anything in XML. */
static void append_bytes(struct text *text, const char *bytes, size_t length)
{
    text_append(text, "`", 1);
    for (size_t i = 0; i < length;) {
        size_t plain = i;
        while (plain < length && is_plain((unsigned char)bytes[plain]))
            plain++;
        text_append(text, bytes + i, plain - i);
        if (plain < length)
            append_escape(text, (unsigned char)bytes[plain++]);
        i = plain;
    }
    text_append(text, "`", 1);
}

/* ---- Lines ---- */

static void begin_line(struct description *description)
{
    if (description->text.length > 0)
        text_append(&description->text, "\n", 1);
    text_repeat(&description->text, ' ', (size_t)2 * description->depth);
    description->has_property = false;
}

void describe_line(struct description *description, const char *format, ...)
{
    va_list arguments;
    begin_line(description);
    va_start(arguments, format);
    append_format(&description->text, format, arguments);
    va_end(arguments);
}

void describe_named(struct description *description, const char *what, const char *name)
{
    begin_line(description);
    text_string(&description->text, what);
    text_append(&description->text, " ", 1);
    append_bytes(&description->text, name, strlen(name));
}

void describe_in(struct description *description)
{
    description->depth++;
}

void describe_out(struct description *description)
{
    description->depth--;
}

/* ---- Sets ---- */

static int compare_lines(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

size_t describe_begin_set(struct description *description)
{
    return description->text.length;
}

/* Splits the text written since into lines, each of which begins with the line end of the one before. */
void describe_end_set(struct description *description, size_t begun)
{
    struct text *text = &description->text;
    size_t count = 0;
    if (text->length == begun)
        return;
    char *lines = must(strdup(text->bytes + begun));
    for (const char *at = lines; (at = strchr(at, '\n')) != NULL; at++)
        count++;
    const char **sorted = must(calloc(count + 1, sizeof *sorted));
    size_t filled = 0;
    for (char *at = lines; (at = strchr(at, '\n')) != NULL;) {
        *at++ = '\0';
        sorted[filled++] = at;
    }
    assert(begun > 0 && filled == count);
    qsort(sorted, count, sizeof *sorted, compare_lines);
    text->length = begun;
    for (size_t i = 0; i < count; i++) {
        text_append(text, "\n", 1);
        text_string(text, sorted[i]);
    }
    free(sorted);
    free(lines);
}

/* ---- Properties ---- */

static void begin_property(struct description *description)
{
    text_append(&description->text, description->has_property ? ", " : ": ", 2);
    description->has_property = true;
}

void describe_property(struct description *description, const char *format, ...)
{
    va_list arguments;
    begin_property(description);
    va_start(arguments, format);
    append_format(&description->text, format, arguments);
    va_end(arguments);
}

void describe_word(struct description *description, bool is, const char *word)
{
    if (!is)
        return;
    begin_property(description);
    text_string(&description->text, word);
}

void describe_count(struct description *description, const char *name, uint64_t count)
{
    if (count > 0)
        describe_property(description, "%s %" PRIu64, name, count);
}

void describe_bytes(struct description *description, const char *name, const char *bytes, size_t length)
{
    if (length == 0)
        return;
    begin_property(description);
    text_string(&description->text, name);
    text_append(&description->text, " ", 1);
    append_bytes(&description->text, bytes, length);
}

void describe_string(struct description *description, const char *name, const char *value)
{
    if (value == NULL)
        return;
    begin_property(description);
    text_string(&description->text, name);
    text_append(&description->text, " ", 1);
    append_bytes(&description->text, value, strlen(value));
}

void describe_secret(struct description *description, const char *name, const char *bytes, size_t length)
{
    if (length == 0)
        return;
    XXH128_hash_t hash = XXH3_128bits(bytes, length);
    describe_property(description, "%s %zu bytes %016" PRIx64 "%016" PRIx64, name, length, hash.high64,
                      hash.low64);
}

void describe_time(struct description *description, const char *name, sim_time at)
{
    bool past = at < description->now;
    sim_time span = past ? description->now - at : at - description->now;
    if (span == 0) {
        describe_property(description, "%s now", name);
        return;
    }
    describe_property(description, "%s %s%" PRIu64 ".%09" PRIu64 " s%s", name, past ? "" : "in ",
                      span / SIM_SECOND, span % SIM_SECOND, past ? " ago" : "");
}

#include "json.h"

#include "../must.h"
#include "../printable.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Numbers up to 2^53 are exact as IEEE 754 doubles (RFC 8259, 6). */
#define EXACT_MOST (UINT64_C(1) << 53)

void json_key(FILE *out, const char *name)
{
    fprintf(out, ",\"%s\":", name);
}

/* "\uXXXX", beyond U+FFFF as a pair of surrogates (RFC 8259, 7). */
static void print_code_point(FILE *out, uint32_t point)
{
    const uint32_t beyond = point - 0x10000;
    if (point < 0x10000)
        fprintf(out, "\\u%04" PRIx32, point);
    else
        fprintf(out, "\\u%04" PRIx32 "\\u%04" PRIx32, 0xd800 + (beyond >> 10), 0xdc00 + (beyond & 0x3ff));
}

/* RFC 8259, 7.  `length` is 0 for a byte that is not UTF-8. */
static void print_character(FILE *out, const char *at, size_t length)
{
    static const char bytes[] = "\"\\\n\r\t";
    static const char letters[] = "\"\\nrt";
    const char *found = strchr(bytes, *at);
    if (found != NULL)
        fprintf(out, "\\%c", letters[found - bytes]);
    else if (length == 0 && (unsigned char)*at >= 0x80)
        fputs("\\ufffd", out);
    else if (length == 0 || printable_is_control(at) || printable_is_format(at))
        print_code_point(out, printable_code_point(at, length));
    else
        fwrite(at, 1, length, out);
}

void json_quote(FILE *out, const char *text)
{
    if (text == NULL) {
        fputs("null", out);
        return;
    }
    fputc('"', out);
    while (*text != '\0') {
        const size_t length = printable_character(text);
        print_character(out, text, length);
        text += length > 0 ? length : 1;
    }
    fputc('"', out);
}

void json_string(FILE *out, const char *name, const char *text)
{
    json_key(out, name);
    json_quote(out, text);
}

/* Writes one character, or one byte that is none.  Returns its length. */
static size_t print_escaped(FILE *out, const char *at)
{
    const size_t length = *at != '\0' ? printable_character(at) : 0;
    if (*at == '\\')
        fputs("\\\\\\\\", out);
    else if (length > 0)
        print_character(out, at, length);
    else
        fprintf(out, "\\\\x%02x", (unsigned)(unsigned char)*at);
    return length > 0 ? length : 1;
}

void json_bytes(FILE *out, const char *name, const char *bytes, size_t length)
{
    json_key(out, name);
    if (bytes == NULL) {
        fputs("null", out);
        return;
    }
    char *copy = must(malloc(length + 1)); /* printable_character needs a NUL at the end */
    memcpy(copy, bytes, length);
    copy[length] = '\0';
    fputc('"', out);
    for (size_t at = 0; at < length;)
        at += print_escaped(out, copy + at);
    fputc('"', out);
    free(copy);
}

void json_number(FILE *out, const char *name, uint64_t number)
{
    const char *quote = number > EXACT_MOST ? "\"" : "";
    json_key(out, name);
    fprintf(out, "%s%" PRIu64 "%s", quote, number, quote);
}

void json_bool(FILE *out, const char *name, bool value)
{
    json_key(out, name);
    fputs(value ? "true" : "false", out);
}

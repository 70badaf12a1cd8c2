#include "json_text.h"

#include "../printable.h"

#include <inttypes.h>
#include <string.h>

/* "\uXXXX", beyond U+FFFF as a pair of surrogates (RFC 8259, 7). */
static void print_code_point(FILE *out, uint32_t point)
{
    const uint32_t beyond = point - 0x10000;
    if (point < 0x10000)
        fprintf(out, "\\u%04" PRIx32, point);
    else
        fprintf(out, "\\u%04" PRIx32 "\\u%04" PRIx32, 0xd800 + (beyond >> 10), 0xdc00 + (beyond & 0x3ff));
}

/* RFC 8259, 7.  Control and format characters are written as \u escapes.  Each byte that is not UTF-8 becomes
 * U+FFFD, because a text must be UTF-8 (8.1). */
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

void json_text(FILE *out, const char *text)
{
    fputc('"', out);
    while (*text != '\0') {
        const size_t length = printable_character(text);
        print_character(out, text, length);
        text += length > 0 ? length : 1;
    }
    fputc('"', out);
}

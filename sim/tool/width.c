#include "width.h"

#include "../printable.h"

#include <stdint.h>
#include <string.h>

/* Ranges of code points whose width is not one (Unicode, UAX #11, the classes W and F, in blocks). */
static const struct {
    uint32_t first, last;
    unsigned columns;
} ranges[] = {
    { 0x0300, 0x036f, 0 },   /* combining marks */
    { 0x1100, 0x115f, 2 },   /* Hangul, leading consonants */
    { 0x20d0, 0x20ff, 0 },   /* combining marks for symbols */
    { 0x2e80, 0x303e, 2 },   /* CJK radicals and punctuation */
    { 0x3041, 0xa4cf, 2 },   /* kana, CJK, Yi */
    { 0xac00, 0xd7a3, 2 },   /* Hangul syllables */
    { 0xf900, 0xfaff, 2 },   /* CJK compatibility ideographs */
    { 0xfe00, 0xfe0f, 0 },   /* variation selectors */
    { 0xfe20, 0xfe2f, 0 },   /* combining half marks */
    { 0xfe30, 0xfe6f, 2 },   /* CJK compatibility forms */
    { 0xff00, 0xff60, 2 },   /* full-width forms */
    { 0xffe0, 0xffe6, 2 },   /* and signs */
    { 0x1f300, 0x1f64f, 2 }, /* pictures and faces */
    { 0x1f680, 0x1f6ff, 2 }, /* vehicles and signs */
    { 0x1f900, 0x1faff, 2 }, /* more pictures */
    { 0x20000, 0x3fffd, 2 }, /* CJK extensions */
};

/* The columns of the character at `text`, and its length in bytes. */
static size_t character_width(const char *text, size_t *length)
{
    *length = printable_character(text);
    if (*length == 0)
        *length = 1;
    const uint32_t point = printable_code_point(text, *length);
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (*length > 1 && point >= ranges[i].first && point <= ranges[i].last)
            return ranges[i].columns;
    return 1;
}

size_t width_of(const char *text)
{
    size_t columns = 0;
    for (size_t length = 0; *text != '\0'; text += length)
        columns += character_width(text, &length);
    return columns;
}

void width_write(FILE *out, const char *text, size_t columns)
{
    static const char ellipsis[] = "\xe2\x80\xa6"; /* U+2026 */
    if (columns == 0 || width_of(text) <= columns) {
        fputs(text, out);
        return;
    }
    size_t taken = 0;
    for (size_t length = 0; *text != '\0'; text += length) {
        taken += character_width(text, &length);
        if (taken > columns - 1)
            break;
        fwrite(text, 1, length, out);
    }
    fputs(ellipsis, out);
}

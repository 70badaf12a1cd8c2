#include "printable.h"

#include "must.h"

#include <stdint.h>
#include <string.h>

/* The length of a UTF-8 sequence by its first byte (RFC 3629, 3); 0 for a byte that begins no sequence. */
static size_t sequence_length(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first < 0xc2)
        return 0;
    if (first < 0xe0)
        return 2;
    if (first < 0xf0)
        return 3;
    return first < 0xf5 ? 4 : 0;
}

uint32_t printable_code_point(const char *text, size_t length)
{
    uint32_t point = (unsigned char)text[0];
    if (length > 1)
        point &= 0x7fU >> length;
    for (size_t i = 1; i < length; i++)
        point = point << 6 | ((unsigned char)text[i] & 0x3fU);
    return point;
}

size_t printable_character(const char *text)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    unsigned char first = (unsigned char)text[0];
    size_t length = sequence_length(first);
    if (length < 2)
        return length == 1 && (first >= 0x20 || first == '\t' || first == '\n' || first == '\r') ? 1 : 0;
    for (size_t i = 1; i < length; i++)
        if (((unsigned char)text[i] & 0xc0U) != 0x80U)
            return 0;
    const uint32_t point = printable_code_point(text, length);
    bool surrogate = point >= 0xd800 && point <= 0xdfff;
    bool noncharacter = point == 0xfffe || point == 0xffff;
    return point >= least[length] && point <= 0x10ffff && !surrogate && !noncharacter ? length : 0;
}

bool printable_is_control(const char *text)
{
    unsigned char first = (unsigned char)text[0];
    return first < 0x20 || first == 0x7f || (first == 0xc2 && (unsigned char)text[1] < 0xa0);
}

/* Format characters: those with the property Default_Ignorable_Code_Point (UCD, DerivedCoreProperties.txt,
 * Unicode 15) except the first 16 variation selectors; the line and paragraph separators (Zl, Zp); and
 * interlinear annotations. */
static const struct {
    uint32_t first, last;
} formats[] = {
    { 0x00ad, 0x00ad },   /* soft hyphen */
    { 0x034f, 0x034f },   /* combining grapheme joiner */
    { 0x061c, 0x061c },   /* Arabic letter mark */
    { 0x115f, 0x1160 },   /* Hangul fillers */
    { 0x17b4, 0x17b5 },   /* Khmer inherent vowels */
    { 0x180b, 0x180f },   /* Mongolian selectors and separator */
    { 0x200b, 0x200f },   /* zero-width space, joiners, direction marks */
    { 0x2028, 0x202e },   /* separators, direction embeddings and overrides */
    { 0x2060, 0x206f },   /* word joiner, invisible operators, direction isolates */
    { 0x3164, 0x3164 },   /* Hangul filler */
    { 0xfeff, 0xfeff },   /* byte order mark */
    { 0xffa0, 0xffa0 },   /* halfwidth Hangul filler */
    { 0xfff0, 0xfffb },   /* interlinear annotations, and reserved code points */
    { 0x1bca0, 0x1bca3 }, /* shorthand format controls */
    { 0x1d173, 0x1d17a }, /* musical notation controls */
    { 0xe0000, 0xe0fff }, /* tags, more variation selectors */
};

bool printable_is_format(const char *text)
{
    const size_t length = printable_character(text);
    if (length < 2)
        return false;
    const uint32_t point = printable_code_point(text, length);
    size_t i = 0;
    while (i < sizeof formats / sizeof *formats && point > formats[i].last)
        i++;
    return i < sizeof formats / sizeof *formats && point >= formats[i].first;
}

static void write_escaped(FILE *out, char byte)
{
    if (byte == '\n')
        fputs("\\n", out);
    else if (byte == '\t')
        fputs("\\t", out);
    else
        fprintf(out, "\\x%02x", (unsigned)(unsigned char)byte);
}

void printable_write(FILE *out, const char *text, size_t length)
{
    for (size_t at = 0; at < length;) {
        char window[5] = "";
        memcpy(window, text + at, length - at < 4 ? length - at : 4);
        size_t whole = printable_character(window);
        size_t taken = whole > 0 ? whole : 1;
        if (whole > 0 && !printable_is_control(window) && !printable_is_format(window))
            fwrite(window, 1, whole, out);
        else
            for (size_t i = 0; i < taken; i++)
                write_escaped(out, window[i]);
        at += taken;
    }
}

void printable_string(FILE *out, const char *text)
{
    printable_write(out, text, strlen(text));
}

void printable_lines(FILE *out, const char *text)
{
    while (*text != '\0') {
        const size_t length = strcspn(text, "\n");
        printable_write(out, text, length);
        text += length;
        if (*text == '\n')
            fputc(*text++, out);
    }
}

char *printable_copy(const char *text, size_t length)
{
    char *copy = NULL;
    size_t size = 0;
    FILE *out = must(open_memstream(&copy, &size));
    printable_write(out, text, length);
    fclose(out);
    return must(copy);
}

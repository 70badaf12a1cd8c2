#include "printable.h"

#include "must.h"

#include <stdint.h>
#include <string.h>

/* How many bytes a UTF-8 sequence has, by its first (RFC 3629, 3); 0 when none begins so. */
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

size_t printable_character(const char *text)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    unsigned char first = (unsigned char)text[0];
    size_t length = sequence_length(first);
    if (length < 2)
        return length == 1 && (first >= 0x20 || first == '\t' || first == '\n' || first == '\r') ? 1 : 0;
    uint32_t point = first & (0x7fU >> length);
    for (size_t i = 1; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        if ((byte & 0xc0U) != 0x80U)
            return 0;
        point = point << 6 | (byte & 0x3fU);
    }
    bool surrogate = point >= 0xd800 && point <= 0xdfff;
    bool noncharacter = point == 0xfffe || point == 0xffff;
    return point >= least[length] && point <= 0x10ffff && !surrogate && !noncharacter ? length : 0;
}

bool printable_is_control(const char *text)
{
    unsigned char first = (unsigned char)text[0];
    return first < 0x20 || first == 0x7f || (first == 0xc2 && (unsigned char)text[1] < 0xa0);
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
        if (whole > 0 && !printable_is_control(window))
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

#include "base/utf8.h"

#include <assert.h>

static bool within(unsigned char byte, unsigned char low, unsigned char high)
{
    return byte >= low && byte <= high;
}

/* RFC 3629, 4: for a lead byte, how many bytes follow and the range of the first of them.  The ranges
 * exclude overlong forms, surrogates and numbers above U+10FFFF. */
static const struct {
    unsigned char lead_low, lead_high;
    unsigned char tail;
    unsigned char next_low, next_high;
} sequences[] = {
    { 0xC2, 0xDF, 1, 0x80, 0xBF }, { 0xE0, 0xE0, 2, 0xA0, 0xBF }, { 0xE1, 0xEC, 2, 0x80, 0xBF },
    { 0xED, 0xED, 2, 0x80, 0x9F }, { 0xEE, 0xEF, 2, 0x80, 0xBF }, { 0xF0, 0xF0, 3, 0x90, 0xBF },
    { 0xF1, 0xF3, 3, 0x80, 0xBF }, { 0xF4, 0xF4, 3, 0x80, 0x8F },
};

enum { SEQUENCES = sizeof sequences / sizeof *sequences };

/* How many of the bytes fit the sequence, at most all of it. */
static size_t fitting(size_t i, const unsigned char *bytes, size_t length)
{
    if (!within(bytes[0], sequences[i].lead_low, sequences[i].lead_high))
        return 0;
    if (length < 2 || !within(bytes[1], sequences[i].next_low, sequences[i].next_high))
        return 1;
    size_t fits = 2;
    while (fits < length && fits <= sequences[i].tail && within(bytes[fits], 0x80, 0xBF))
        fits++;
    return fits;
}

/* The length in bytes of the character at the start; 0 when it is not valid. */
static size_t character_length(const unsigned char *bytes, size_t length)
{
    if (within(bytes[0], 0x01, 0x7F))
        return 1;
    for (size_t i = 0; i < SEQUENCES; i++)
        if (fitting(i, bytes, length) > sequences[i].tail)
            return sequences[i].tail + 1U;
    return 0;
}

bool utf8_valid(const char *bytes, size_t length)
{
    assert(bytes != NULL || length == 0);
    const unsigned char *next = (const unsigned char *)bytes;
    while (length > 0) {
        size_t step = character_length(next, length);
        if (step == 0)
            return false;
        next += step;
        length -= step;
    }
    return true;
}

bool utf8_is_begun(const char *bytes, size_t length)
{
    for (size_t i = 0; length > 0 && i < SEQUENCES; i++)
        if (length <= sequences[i].tail && fitting(i, (const unsigned char *)bytes, length) == length)
            return true;
    return false;
}

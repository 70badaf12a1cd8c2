/*
 * utf8.h - for tests: characters by their numbers, so that sources contain no invisible characters.
 */
#ifndef SIM_UTF8_H
#define SIM_UTF8_H

#include <stdint.h>

/* UTF-8 (RFC 3629, 3), with a NUL. */
struct utf8 {
    char bytes[5];
};

static inline struct utf8 utf8(uint32_t point)
{
    struct utf8 it = { "" };
    const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
    const unsigned length = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (unsigned i = length; i-- > 1; point >>= 6)
        it.bytes[i] = (char)(0x80 | (point & 0x3f));
    it.bytes[0] = (char)(length > 1 ? lead[length] | point : point);
    return it;
}

#endif

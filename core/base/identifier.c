#include "base/identifier.h"

#include <assert.h>

void identifier_make(char *out, size_t bytes, void (*random)(void *host, void *bytes, size_t length),
                     void *host)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char drawn[IDENTIFIER_MAX];
    assert(bytes <= sizeof drawn);
    random(host, drawn, bytes);
    for (size_t i = 0; i < bytes; i++) {
        *out++ = digits[drawn[i] >> 4];
        *out++ = digits[drawn[i] & 15];
    }
    *out = '\0';
}

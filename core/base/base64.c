#include "base/base64.h"

#include <assert.h>
#include <nettle/base64.h>
#include <string.h>

/* Nettle skips white space, which RFC 4648, 3.3 forbids.  Nettle itself refuses all other foreign
 * characters. */
static bool has_space(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] == ' ' || (text[i] >= '\t' && text[i] <= '\r'))
            return true;
    return false;
}

bool base64_decode(unsigned char *out, size_t *out_length, const char *text, size_t length)
{
    assert(out != NULL && out_length != NULL && (text != NULL || length == 0));
    if (length % 4 != 0 || has_space(text, length))
        return false;
    struct base64_decode_ctx context;
    base64_decode_init(&context);
    return base64_decode_update(&context, out_length, out, length, text) == 1 &&
           base64_decode_final(&context) == 1;
}

void base64_append(struct buffer *buffer, const void *bytes, size_t length)
{
    const unsigned char *next = bytes;
    while (length > 0) {
        enum { PIECE = 48 }; /* a multiple of three needs no padding */
        char text[BASE64_ENCODE_RAW_LENGTH(PIECE)];
        size_t size = length < PIECE ? length : PIECE;
        base64_encode_raw(text, size, next);
        buffer_append(buffer, text, BASE64_ENCODE_RAW_LENGTH(size));
        memory_wipe(text, sizeof text);
        next += size;
        length -= size;
    }
}

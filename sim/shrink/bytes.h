/*
 * bytes.h - makes an input of bytes small and plain while a property holds.
 *
 * First bytes are removed, as delta_debugging.h has it.  Then what is left is made plain: a printable character of
 * ASCII becomes 'a', any other byte 0, many at once where that is possible.  Both are repeated until nothing
 * changes.  So what is left in the result beside these two values is needed, byte by byte.
 */
#ifndef SIM_BYTES_H
#define SIM_BYTES_H

#include <stdbool.h>
#include <stddef.h>

struct bytes_shrinker {
    bool (*holds)(void *host, const unsigned char *bytes, size_t length);
    void *host;
    bool (*late)(void *host); /* NULL, or whether to be content with what there is */
};

/* Reduces the bytes where they are.  Returns how many are left; the property held of them when they were tried
 * last, or they are as they were. */
size_t bytes_shrink(const struct bytes_shrinker *shrinker, unsigned char *bytes, size_t length);

#endif

#include "bytes.h"

#include "../must.h"
#include "delta_debugging.h"

#include <assert.h>
#include <string.h>

/* An input on its way down. */
struct work {
    const struct bytes_shrinker *shrinker;
    unsigned char *bytes;
    size_t length;
    unsigned char *candidate; /* has room for as many */
};

static bool is_late(const struct work *work)
{
    return work->shrinker->late != NULL && work->shrinker->late(work->shrinker->host);
}

/* Makes the candidate the input if the property holds of it. */
static bool accept(struct work *work, size_t length)
{
    if (!work->shrinker->holds(work->shrinker->host, work->candidate, length))
        return false;
    memcpy(work->bytes, work->candidate, length);
    work->length = length;
    return true;
}

/* ---- Fewer bytes ---- */

static size_t count_bytes(void *host)
{
    return ((const struct work *)host)->length;
}

static bool try_without(void *host, const struct pieces *pieces)
{
    struct work *work = host;
    size_t length = 0;
    if (is_late(work))
        return false;
    for (size_t i = 0; i < work->length; i++)
        if (!pieces_have(pieces, i))
            work->candidate[length++] = work->bytes[i];
    assert(length < work->length);
    return accept(work, length);
}

/* ---- Plain bytes ---- */

static unsigned char plain(unsigned char byte)
{
    return byte > 0x20 && byte < 0x7F ? 'a' : 0;
}

static size_t count_others(void *host)
{
    const struct work *work = host;
    size_t others = 0;
    for (size_t i = 0; i < work->length; i++)
        others += work->bytes[i] != plain(work->bytes[i]);
    return others;
}

/* The pieces are the bytes that are not plain yet. */
static bool try_plain(void *host, const struct pieces *pieces)
{
    struct work *work = host;
    size_t others = 0;
    if (is_late(work))
        return false;
    for (size_t i = 0; i < work->length; i++) {
        const unsigned char byte = work->bytes[i];
        const bool is_other = byte != plain(byte);
        work->candidate[i] = is_other && pieces_have(pieces, others) ? plain(byte) : byte;
        others += is_other;
    }
    return accept(work, work->length);
}

/* ---- Both ---- */

size_t bytes_shrink(const struct bytes_shrinker *shrinker, unsigned char *bytes, size_t length)
{
    struct work work = { .shrinker = shrinker, .length = length };
    work.bytes = bytes;
    work.candidate = must(malloc(length + 1));
    const struct delta_debugging removal = { count_bytes, try_without, &work };
    const struct delta_debugging plainness = { count_others, try_plain, &work };
    bool more = true;
    while (more && !is_late(&work)) {
        more = delta_debug(&removal);
        more = delta_debug(&plainness) || more;
    }
    free(work.candidate);
    return work.length;
}

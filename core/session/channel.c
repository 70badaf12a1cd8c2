#include "session/channel.h"

#include "base/memory.h"

#include <string.h>

static size_t size_of(const struct core_tls *tls)
{
    size_t size = sizeof *tls + tls->exporter.length + tls->server_end_point.length;
    for (size_t i = 0; i < tls->identity_count; i++)
        size += sizeof(char *) + strlen(tls->identities[i]) + 1;
    return size;
}

static struct core_tls_bytes copy_bytes(unsigned char **room, struct core_tls_bytes bytes)
{
    if (bytes.length == 0)
        return (struct core_tls_bytes){ NULL, 0 };
    memcpy(*room, bytes.bytes, bytes.length);
    bytes.bytes = *room;
    *room += bytes.length;
    return bytes;
}

/* One block, with the pointers to the identities first, because they must be aligned. */
struct core_tls *channel_copy(const struct core_memory *memory, const struct core_tls *tls)
{
    struct core_tls *copy = memory_new(memory, size_of(tls));
    if (copy == NULL)
        return NULL;
    const char **identities = (const char **)(copy + 1);
    unsigned char *room = (unsigned char *)(identities + tls->identity_count);
    copy->exporter = copy_bytes(&room, tls->exporter);
    copy->server_end_point = copy_bytes(&room, tls->server_end_point);
    copy->identities = identities;
    copy->identity_count = tls->identity_count;
    for (size_t i = 0; i < tls->identity_count; i++) {
        size_t size = strlen(tls->identities[i]) + 1;
        identities[i] = memcpy(room, tls->identities[i], size);
        room += size;
    }
    return copy;
}

void channel_free(const struct core_memory *memory, struct core_tls *tls)
{
    if (tls == NULL)
        return;
    memory_wipe(tls, size_of(tls));
    memory_free(memory, tls);
}

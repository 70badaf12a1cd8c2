#include "scene.h"

#include "../world/heap.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

static void describe_servers(struct description *description, const struct scene *scene)
{
    for (size_t i = 0; i < scene->server_count; i++)
        server_describe(description, scene->servers[i]);
    if (scene->federation != NULL)
        federation_describe(description, scene->federation);
}

static void describe_clients(struct description *description, const struct scene *scene)
{
    for (size_t i = 0; i < scene->client_count; i++) {
        const struct described_client *described = &scene->clients[i];
        describe_named(description, "client", client_name(described->client));
        client_describe(description, described->client);
        describe_in(description);
        net_transport_describe(description, described->transport);
        describe_out(description);
    }
}

static struct description *begin(const struct scene *scene)
{
    struct description *description = describe_begin(world_now(scene->world));
    world_describe(description, scene->world);
    describe_count(description, "allocations until one fails", heap_failure_in());
    describe_servers(description, scene);
    describe_clients(description, scene);
    return description;
}

char *scene_describe(const struct scene *scene)
{
    return describe_end(begin(scene));
}

struct state scene_state(const struct scene *scene,
                         void (*more)(struct description *description, const void *host), const void *host)
{
    struct description *description = begin(scene);
    more(description, host);
    char *text = describe_end(description);
    const XXH128_hash_t hash = XXH3_128bits(text, strlen(text));
    free(text);
    return (struct state){ hash.high64, hash.low64 };
}

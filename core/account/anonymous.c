#include "account/anonymous.h"

#include "session/tables.h"

#include <assert.h>
#include <string.h>

struct anonymous_account {
    struct map_node node;
    char username[];
};

void anonymous_init(const struct core *core, struct host *host)
{
    map_init(&host->guests, core->memory, &core->map_secret, offsetof(struct anonymous_account, node));
}

bool anonymous_host(const struct core *core, const char *host)
{
    return host_find(core, host)->anonymous;
}

bool anonymous_host_is_full(const struct core *core, const char *host)
{
    return map_count(&host_find(core, host)->guests) >= core->settings.limits.guests;
}

static struct anonymous_account *find(const struct core *core, const char *host, const char *username)
{
    return map_find_string(&host_find(core, host)->guests, username);
}

bool anonymous_enter(struct core *core, const char *host, const char *username)
{
    struct host *place = host_find(core, host);
    assert(place->anonymous && find(core, host, username) == NULL);
    struct anonymous_account *guest = memory_new(core->memory, sizeof *guest + strlen(username) + 1);
    if (guest == NULL)
        return false;
    memcpy(guest->username, username, strlen(username) + 1);
    if (map_add(&place->guests, guest, guest->username, strlen(username)))
        return true;
    memory_free(core->memory, guest);
    return false;
}

static void release(struct core *core, struct host *host, struct anonymous_account *guest)
{
    map_remove(&host->guests, guest);
    memory_free(core->memory, guest);
}

void anonymous_leave(struct core *core, const char *host, const char *username)
{
    struct anonymous_account *guest = find(core, host, username);
    assert(guest != NULL);
    release(core, host_find(core, host), guest);
}

bool anonymous_exists(const struct core *core, const char *host, const char *username)
{
    return find(core, host, username) != NULL;
}

bool anonymous_keeps(enum core_store store)
{
    return store == CORE_STORE_ROSTER || store == CORE_STORE_BLOCKLIST;
}

void anonymous_free_all(struct core *core, struct host *host)
{
    while (map_first(&host->guests) != NULL)
        release(core, host, map_first(&host->guests));
}

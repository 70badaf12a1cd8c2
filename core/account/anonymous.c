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
    map_init(&host->accounts, core->memory, &core->map_secret, offsetof(struct anonymous_account, node));
}

bool anonymous_host(const struct core *core, const char *host)
{
    return host_find(core, host)->anonymous;
}

bool anonymous_host_is_full(const struct core *core, const char *host)
{
    return map_count(&host_find(core, host)->accounts) >= core->settings.limits.anonymous_accounts;
}

static struct anonymous_account *find(const struct core *core, const char *host, const char *username)
{
    return map_find_string(&host_find(core, host)->accounts, username);
}

bool anonymous_enter(struct core *core, const char *host, const char *username)
{
    struct host *found = host_find(core, host);
    assert(found->anonymous && find(core, host, username) == NULL);
    struct anonymous_account *account = memory_new(core->memory, sizeof *account + strlen(username) + 1);
    if (account == NULL)
        return false;
    memcpy(account->username, username, strlen(username) + 1);
    if (map_add(&found->accounts, account, account->username, strlen(username)))
        return true;
    memory_free(core->memory, account);
    return false;
}

static void release(struct core *core, struct host *host, struct anonymous_account *account)
{
    map_remove(&host->accounts, account);
    memory_free(core->memory, account);
}

void anonymous_leave(struct core *core, const char *host, const char *username)
{
    struct anonymous_account *account = find(core, host, username);
    assert(account != NULL);
    release(core, host_find(core, host), account);
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
    while (map_first(&host->accounts) != NULL)
        release(core, host, map_first(&host->accounts));
}

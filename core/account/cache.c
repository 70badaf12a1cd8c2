#include "account/cache.h"

#include <assert.h>
#include <utlist.h>

/* About what a user takes in memory, as the same number on every machine: so all of them give up the same
 * accounts. */
static size_t weigh(const struct user *user)
{
    enum { USER = 512 };
    size_t bytes = USER + 2 * strlen(user->bare_jid);
    if (user->roster != NULL)
        bytes += user->roster->weight.memory;
    if (user->blocklist != NULL)
        bytes += user->blocklist->bytes;
    return bytes;
}

bool cache_is_stale(const struct user *user)
{
    const struct core *core = user->core;
    const uint64_t time = core->settings.limits.cache_time;
    return time > 0 && core->ports.now(core->ports.host) - user->since >= time;
}

bool cache_takes(const struct user *user)
{
    return !cache_is_stale(user) && weigh(user) <= user->core->settings.limits.cached_bytes;
}

void cache_add(struct user *user)
{
    struct core *core = user->core;
    assert(!user->cached && user->resources == NULL && user->work == NULL && !user->busy);
    assert(user->offline.taker == NULL && user->offline.handed == NULL);
    user->cached = true;
    user->weight = weigh(user);
    DL_APPEND2(core->cached, user, cache_prev, cache_next);
    core->cached_count++;
    core->cached_bytes += user->weight;
}

void cache_remove(struct user *user)
{
    struct core *core = user->core;
    assert(user->cached);
    DL_DELETE2(core->cached, user, cache_prev, cache_next);
    core->cached_count--;
    core->cached_bytes -= user->weight;
    user->cached = false;
}

struct user *cache_surplus(const struct core *core)
{
    const struct core_limits *limits = &core->settings.limits;
    struct user *oldest = core->cached;
    bool is_over = core->cached_count > limits->cached_accounts || core->cached_bytes > limits->cached_bytes;
    return oldest != NULL && (is_over || cache_is_stale(oldest)) ? oldest : NULL;
}

#include "account/user.h"

#include "account/anonymous.h"
#include "account/cache.h"
#include "account/work.h"

#include <assert.h>
#include <string.h>

/* ---- Users ---- */

struct user *user_find(const struct core *core, const char *bare_jid)
{
    struct user *user = map_find_string(&core->users, bare_jid);
    return user != NULL && !user->cached ? user : NULL;
}

static struct user *user_new(struct core *core, const char *username, const char *host, const struct jid *jid)
{
    struct user *user = memory_new(core->memory, sizeof *user + jid->bare_length + 1);
    if (user == NULL)
        return NULL;
    user->core = core;
    user->host = host;
    user->since = core->ports.now(core->ports.host);
    user->username = memory_copy_string(core->memory, username);
    memcpy(user->bare_jid, jid->bare, jid->bare_length + 1);
    if (user->username != NULL && map_add(&core->users, user, user->bare_jid, jid->bare_length))
        return user;
    memory_free(core->memory, user->username);
    memory_free(core->memory, user);
    return NULL;
}

static struct user *get(struct core *core, const char *username, const char *host, bool for_login)
{
    struct jid jid;
    jid_make(&jid, username, host, NULL);
    struct user *user = map_find_string(&core->users, jid.bare);
    if (user != NULL && user->cached && (for_login || cache_is_stale(user))) {
        user_free(user);
        user = NULL;
    }
    if (user == NULL)
        user = user_new(core, username, host, &jid);
    if (user == NULL && user_free_cached(core))
        user = user_new(core, username, host, &jid);
    if (user != NULL && user->cached)
        cache_remove(user);
    return user;
}

struct user *user_get(struct core *core, const char *username, const char *host)
{
    return get(core, username, host, false);
}

struct user *user_get_for_login(struct core *core, const char *username, const char *host)
{
    return get(core, username, host, true);
}

struct blocklist *user_set_blocklist(struct user *user, struct blocklist *blocklist)
{
    struct blocklist *before = user->blocklist;
    user->blocklist = blocklist;
    user->blocks = blocklist->count > 0;
    return before;
}

void user_free_work(struct user *user, struct user_work *work)
{
    const struct core_memory *memory = user->core->memory;
    stanza_free(work->stanza);
    roster_change_drop(memory, &work->change);
    blocklist_free(memory, work->blocklist);
    memory_free(memory, work->text);
    memory_free(memory, work);
}

static void free_handed(struct user *user)
{
    while (user->offline.handed != NULL) {
        struct offline_handed *handed = user->offline.handed;
        user->offline.handed = handed->next;
        memory_free(user->core->memory, handed);
    }
}

void user_free(struct user *user)
{
    const struct core_memory *memory = user->core->memory;
    free_handed(user);
    while (user->work != NULL) {
        struct user_work *work = user->work;
        user->work = work->next;
        user_free_work(user, work);
    }
    if (user->cached)
        cache_remove(user);
    map_remove(&user->core->users, user);
    roster_free(user->roster);
    blocklist_free(memory, user->blocklist);
    memory_free(memory, user->username);
    memory_free(memory, user);
}

bool user_free_cached(struct core *core)
{
    bool were_some = core->cached != NULL;
    while (core->cached != NULL)
        user_free(core->cached);
    return were_some;
}

/* Whether something of the account is in memory that would have to be loaded again.  Of an anonymous user
 * nothing is ever loaded, and it ends with its session. */
static bool is_worth_keeping(const struct user *user)
{
    bool is_loaded = user->roster != NULL || user->blocklist != NULL || user->offline.known;
    return is_loaded && !user->gone && !user->core->ending && !anonymous_host(user->core, user->host);
}

/* What only mattered to the user's sessions; messages that one was handed and that are still in storage are
 * for the next. */
static void forget_sessions(struct user *user)
{
    struct offline_index index = user->offline;
    free_handed(user);
    user->offline =
        (struct offline_index){ .known = index.known, .count = index.count, .last_key = index.last_key };
    user->passwords = (struct password_count){ 0 };
    user->last_id = 0;
}

void user_release(struct user *user)
{
    struct core *core = user->core;
    if (user->resources != NULL || user->work != NULL)
        return;
    if (is_worth_keeping(user) && cache_takes(user)) {
        forget_sessions(user);
        cache_add(user);
    } else {
        user_free(user);
    }
    for (user = cache_surplus(core); user != NULL; user = cache_surplus(core))
        user_free(user);
}

/* ---- Work ---- */

bool user_is_busy(const struct user *user)
{
    return user->work_count >= user->core->settings.limits.account_work;
}

/* ---- Resources and subscribers ---- */

bool user_is_seen_by(const struct user *user, const char *jid)
{
    struct jid who;
    assert(user->roster != NULL);
    if (!jid_parse_string(&who, jid))
        return false;
    const struct roster_item *item = roster_find(user->roster, who.bare);
    return (item != NULL && item->state.from) || strcmp(who.bare, user->bare_jid) == 0;
}

struct session *user_resource(const struct user *user, const char *full_jid)
{
    struct session *session = user->resources;
    while (session != NULL && strcmp(session->full_jid, full_jid) != 0)
        session = session->user_next;
    return session != NULL && session_is_live(session) ? session : NULL;
}

/* ---- Blocking ---- */

static bool is_own(const struct user *user, const char *jid)
{
    size_t length = strlen(user->bare_jid);
    return strncmp(jid, user->bare_jid, length) == 0 && (jid[length] == '\0' || jid[length] == '/');
}

bool user_blocks(const struct user *user, const char *jid)
{
    return user->blocks && !is_own(user, jid) && blocklist_blocks(user->blocklist, jid);
}

bool user_lets_see(const struct user *sender, const char *from, const struct session *recipient)
{
    return (sender == NULL || !user_blocks(sender, recipient->full_jid)) &&
           !user_blocks(recipient->user, from);
}

enum user_block_change user_block_change(const struct user *user, const struct blocklist *before,
                                         const char *jid)
{
    bool was = !is_own(user, jid) && blocklist_blocks(before, jid);
    bool is = user_blocks(user, jid);
    if (was == is)
        return BLOCK_STAYS;
    return is ? BLOCK_BEGINS : BLOCK_ENDS;
}

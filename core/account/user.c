#include "account/user.h"

#include "account/anonymous.h"
#include "account/cache.h"
#include "account/storage.h"
#include "iq/blocking.h"
#include "xml/parser.h"

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

static void work_free(struct user *user, struct user_work *work)
{
    const struct core_memory *memory = user->core->memory;
    stanza_free(work->stanza);
    roster_change_drop(memory, &work->change);
    blocklist_free(memory, work->blocklist);
    memory_free(memory, work->resource);
    memory_free(memory, work);
}

void user_free(struct user *user)
{
    const struct core_memory *memory = user->core->memory;
    while (user->work != NULL) {
        struct user_work *work = user->work;
        user->work = work->next;
        work_free(user, work);
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

/* Whether something of the account is in memory that would have to be loaded again.  Of a guest nothing is
 * ever loaded, and it ends with its session. */
static bool is_worth_keeping(const struct user *user)
{
    bool is_loaded = user->roster != NULL || user->blocklist != NULL || user->offline.known;
    return is_loaded && !user->gone && !user->core->ending && !anonymous_host(user->core, user->host);
}

void user_release(struct user *user)
{
    struct core *core = user->core;
    if (user->resources != NULL || user->work != NULL)
        return;
    if (is_worth_keeping(user) && cache_takes(user))
        cache_add(user);
    else
        user_free(user);
    for (user = cache_surplus(core); user != NULL; user = cache_surplus(core))
        user_free(user);
}

/* ---- Work ---- */

void user_work_hand_over(struct session *session, struct user_work *work)
{
    if (session->work != NULL)
        session->work->session = NULL;
    session->work = work;
    if (work != NULL)
        work->session = session;
}

static void work_end(struct user *user, struct user_work *work)
{
    assert(user->work == work);
    user->work = work->next;
    if (user->work == NULL)
        user->last_work = NULL;
    user->work_count--;
    user->carrying -= work->kind->carries_messages;
    struct session *session = work->session;
    if (session != NULL) {
        user_work_hand_over(session, NULL);
        session_resume(session);
    }
    work_free(user, work);
}

static void work_fail(struct user *user, struct user_work *work, enum user_failure why)
{
    work->kind->failed(user, work, why);
    work_end(user, work);
}

/* Every piece of work is refused that waits for a store that is not to be had.  What comes of that is new
 * work, which asks anew. */
static void fail_all(struct user *user, enum user_failure why)
{
    for (size_t count = user->work_count; count > 0; count--)
        work_fail(user, user->work, why);
}

static void advance(struct user *user);

/* ---- What work needs loaded ---- */

static bool try_roster(struct user *user, const struct core_store_entry *entries, size_t entry_count)
{
    struct core *core = user->core;
    struct stanza *stored = NULL;
    if (entry_count > 0) {
        stored = parser_read_stored(&core->parsers, entries, entry_count);
        if (stored == NULL)
            return false;
    }
    struct roster *roster = roster_new(core->memory);
    bool read = roster != NULL && roster_read(roster, stored);
    stanza_free(stored);
    if (!read) {
        roster_free(roster);
        return false;
    }
    /* Nobody is a contact of his own, whatever is stored: he would be sent everything twice. */
    roster_disown(roster, user->bare_jid);
    user->roster = roster;
    return true;
}

/* What could not be read for want of memory may be when the cache is given up. */
static bool read_roster(struct user *user, const struct core_store_entry *entries, size_t entry_count)
{
    return try_roster(user, entries, entry_count) ||
           (user_free_cached(user->core) && try_roster(user, entries, entry_count));
}

static bool try_blocklist(struct user *user, const struct core_store_entry *entries, size_t entry_count)
{
    struct blocklist *blocklist = blocklist_read(user->core->memory, entries, entry_count);
    if (blocklist == NULL)
        return false;
    blocklist_free(user->core->memory, user_set_blocklist(user, blocklist));
    return true;
}

static bool read_blocklist(struct user *user, const struct core_store_entry *entries, size_t entry_count)
{
    return try_blocklist(user, entries, entry_count) ||
           (user_free_cached(user->core) && try_blocklist(user, entries, entry_count));
}

/* One of the loads has ended; the failure that is told is that there is no account, or else the first. */
static void end_load(struct user *user, enum core_store_status status, bool read)
{
    user->loads--;
    user->gone = user->gone || status == CORE_NO_ACCOUNT;
    if (status == CORE_NO_ACCOUNT)
        user->load_failure = USER_NO_ACCOUNT;
    else if (!read && !user->load_failed)
        user->load_failure = USER_STORAGE_FAILED;
    user->load_failed = user->load_failed || !read;
    if (user->loads > 0)
        return;
    user->busy = false;
    if (user->load_failed)
        fail_all(user, user->load_failure);
    advance(user);
}

static void roster_loaded(void *subject, enum core_store_status status,
                          const struct core_store_entry *entries, size_t entry_count)
{
    end_load(subject, status, status == CORE_STORED && read_roster(subject, entries, entry_count));
}

static void blocklist_loaded(void *subject, enum core_store_status status,
                             const struct core_store_entry *entries, size_t entry_count)
{
    end_load(subject, status, status == CORE_STORED && read_blocklist(subject, entries, entry_count));
}

static const struct loadable {
    enum user_need need;
    enum core_store store;
    storage_answer loaded;
} loadables[] = {
    { USER_ROSTER, CORE_STORE_ROSTER, roster_loaded },
    { USER_BLOCKLIST, CORE_STORE_BLOCKLIST, blocklist_loaded },
};

static unsigned missing(const struct user *user, unsigned needs)
{
    if (user->roster != NULL)
        needs &= ~(unsigned)USER_ROSTER;
    if (user->blocklist != NULL || !(user->core->settings.features & CORE_BLOCKING))
        needs &= ~(unsigned)USER_BLOCKLIST;
    return needs;
}

static bool begin_load(struct user *user, const struct loadable *loadable)
{
    return storage_load(user->core, loadable->store, user->username, user->host, loadable->loaded, user) !=
           NULL;
}

/* Side by side, for they are different stores. */
static void begin_loads(struct user *user, unsigned needs)
{
    user->load_failed = false;
    for (size_t i = 0; i < sizeof loadables / sizeof loadables[0]; i++) {
        if (!(needs & loadables[i].need))
            continue;
        if (begin_load(user, &loadables[i]) ||
            (user_free_cached(user->core) && begin_load(user, &loadables[i]))) {
            user->loads++;
        } else {
            user->load_failed = true;
            user->load_failure = USER_NO_MEMORY;
        }
    }
    user->busy = user->loads > 0;
    if (!user->busy)
        fail_all(user, user->load_failure);
}

/* ---- The work at hand ---- */

static bool is_from_the_blocked(const struct user *user, const struct user_work *work)
{
    const char *from = work->kind->from_outside ? element_get(work->stanza->root, "from") : NULL;
    return from != NULL && blocking_forbids(user, from);
}

/* Goes on with whatever is next, until storage is at it or nothing is left. */
static void advance(struct user *user)
{
    while (user->work != NULL && !user->busy) {
        struct user_work *work = user->work;
        unsigned needs = missing(user, work->kind->needs);
        if (needs != 0)
            begin_loads(user, needs);
        else if (is_from_the_blocked(user, work))
            work_fail(user, work, USER_BLOCKED);
        else
            work->kind->begin(user, work);
    }
    if (!user->busy)
        user_release(user);
}

static void append(struct user *user, struct user_work *work)
{
    if (user->last_work != NULL)
        user->last_work->next = work;
    else
        user->work = work;
    user->last_work = work;
    user->work_count++;
    user->carrying += work->kind->carries_messages;
}

/* With a copy of the resource, or NULL. */
static struct user_work *work_new(struct core *core, const char *resource)
{
    struct user_work *work = memory_new(core->memory, sizeof *work);
    char *copy = memory_copy_string(core->memory, resource);
    if (work == NULL || (resource != NULL && copy == NULL)) {
        memory_free(core->memory, work);
        memory_free(core->memory, copy);
        return NULL;
    }
    work->resource = copy;
    work->since = core->ports.now(core->ports.host);
    return work;
}

bool user_begin_work(struct user *user, const struct user_work_kind *kind, struct session *session,
                     struct stanza *stanza, const char *resource, int detail)
{
    struct user_work *work = work_new(user->core, resource);
    if (work == NULL && user_free_cached(user->core))
        work = work_new(user->core, resource);
    if (work == NULL) {
        stanza_free(stanza);
        user_release(user);
        return false;
    }
    work->kind = kind;
    work->stanza = stanza;
    work->detail = detail;
    if (session != NULL) {
        user_work_hand_over(session, work);
        session_wait(session);
    }
    append(user, work);
    if (user->work == work)
        advance(user);
    return true;
}

bool user_is_busy(const struct user *user)
{
    return user->work_count >= user->core->settings.limits.account_work;
}

bool user_carries_messages(const struct user *user)
{
    return user->carrying > 0;
}

void user_finish(struct user *user, struct user_work *work)
{
    assert(!user->busy);
    work_end(user, work);
}

/* ---- Loading and saving ---- */

static enum user_failure failure_of(struct user *user, enum core_store_status status)
{
    user->gone = user->gone || status == CORE_NO_ACCOUNT;
    return status == CORE_NO_ACCOUNT ? USER_NO_ACCOUNT : USER_STORAGE_FAILED;
}

/* Storage is at it from now on, unless there was no memory to begin. */
static void wait_for_storage(struct user *user, struct user_work *work, const struct storage_request *request)
{
    user->busy = request != NULL;
    if (request == NULL)
        work_fail(user, work, USER_NO_MEMORY);
}

static void on_loaded(void *subject, enum core_store_status status, const struct core_store_entry *entries,
                      size_t entry_count)
{
    struct user *user = subject;
    struct user_work *work = user->work;
    user->busy = false;
    if (status == CORE_STORED)
        work->kind->loaded(user, work, entries, entry_count);
    else
        work_fail(user, work, failure_of(user, status));
    advance(user);
}

void user_load(struct user *user, struct user_work *work, enum core_store store)
{
    assert(user->work == work && !user->busy && store != CORE_STORE_ROSTER);
    wait_for_storage(user, work,
                     storage_load(user->core, store, user->username, user->host, on_loaded, user));
}

static void on_saved(void *subject, enum core_store_status status, const struct core_store_entry *entries,
                     size_t entry_count)
{
    (void)entries;
    (void)entry_count;
    struct user *user = subject;
    struct user_work *work = user->work;
    if (status == CORE_STORED) {
        if (work->change.jid != NULL)
            roster_apply(user->roster, &work->change);
        work->kind->saved(user, work);
        user->busy = false;
        work_end(user, work);
    } else {
        user->busy = false;
        work_fail(user, work, failure_of(user, status));
    }
    advance(user);
}

void user_save(struct user *user, struct user_work *work)
{
    assert(work->change.jid != NULL);
    struct buffer xml;
    buffer_init(&xml, user->core->memory);
    roster_write_next_version(&xml, user->roster);
    buffer_append(&xml, "", 1);
    size_t item = xml.length;
    if (work->change.item != NULL)
        roster_write(&xml, user->roster, work->change.item);
    buffer_append(&xml, "", 1);
    struct storage_request *request = NULL;
    if (!xml.failed) {
        const struct core_store_entry entries[] = {
            { work->change.jid, work->change.item != NULL ? xml.bytes + item : NULL },
            { "", xml.bytes },
        };
        request = storage_save(user->core, CORE_STORE_ROSTER, user->username, user->host, entries, 2,
                               on_saved, user);
    }
    buffer_free(&xml);
    wait_for_storage(user, work, request);
}

void user_store(struct user *user, struct user_work *work, enum core_store store,
                const struct core_store_entry *entries, size_t entry_count)
{
    assert(user->work == work && !user->busy && store != CORE_STORE_ROSTER && entry_count > 0);
    wait_for_storage(
        user, work,
        storage_save(user->core, store, user->username, user->host, entries, entry_count, on_saved, user));
}

static void on_removed(void *subject, enum core_store_status status, const struct core_store_entry *entries,
                       size_t entry_count)
{
    struct user *user = subject;
    user->gone = user->gone || status == CORE_STORED;
    on_saved(user, status, entries, entry_count);
}

void user_remove(struct user *user, struct user_work *work)
{
    assert(user->work == work && !user->busy);
    wait_for_storage(user, work, storage_remove(user->core, user->username, user->host, on_removed, user));
}

/* ---- Who sees whom, and who is told ---- */

bool user_is_seen_by(const struct user *user, const char *jid)
{
    struct jid who;
    assert(user->roster != NULL);
    if (!jid_parse_string(&who, jid))
        return false;
    const struct roster_item *item = roster_find(user->roster, who.bare);
    return (item != NULL && item->state.from) || strcmp(who.bare, user->bare_jid) == 0;
}

bool user_session_is_live(const struct session *session)
{
    return session_is_connected(session) && !session->doomed;
}

struct session *user_resource(const struct user *user, const char *full_jid)
{
    struct session *session = user->resources;
    while (session != NULL && strcmp(session->full_jid, full_jid) != 0)
        session = session->user_next;
    return session != NULL && user_session_is_live(session) ? session : NULL;
}

bool user_session_takes_messages(const struct session *session)
{
    return user_session_is_live(session) && session_is_available(session) && session->priority >= 0;
}

static bool is_live_available(const struct session *session)
{
    return user_session_is_live(session) && session_is_available(session);
}

static bool is_live_interested(const struct session *session)
{
    return user_session_is_live(session) && session_is_interested(session);
}

/* ---- Telling ---- */

/* Sends one stanza to those of a user's sessions that `wants`.  The address stays as it is (RFC 6121,
 * 8.5.2.1.1), unless there is none: then each is sent it under its own. */
static void send_to(struct user *user, const struct stanza *stanza, bool (*wants)(const struct session *))
{
    struct rendered rendered;
    rendered_init(&rendered, user->core->memory);
    rendered_write(&rendered, stanza->root);
    const char *to = element_get(stanza->root, "to");
    for (struct session *s = user->resources; s != NULL; s = s->user_next)
        if (wants(s))
            session_send_rendered(s, &rendered, to != NULL ? to : s->full_jid);
    rendered_free(&rendered);
}

void user_send_to_available(struct user *user, const struct stanza *stanza)
{
    send_to(user, stanza, is_live_available);
}

void user_send_to_interested(struct user *user, const struct stanza *stanza)
{
    send_to(user, stanza, is_live_interested);
}

static void add_push_item(struct stanza *push, const struct roster *roster, const struct roster_item *item,
                          const char *removed_jid)
{
    char version[ROSTER_VERSION_SIZE];
    struct element *query = element_add(push, push->root, "query", NS_ROSTER);
    element_set(push, query, "ver", roster_version(version, roster));
    if (item != NULL) {
        roster_add_item(push, query, item);
        return;
    }
    struct element *removed = element_add(push, query, "item", NS_ROSTER);
    element_set(push, removed, "jid", removed_jid);
    element_set(push, removed, "subscription", "remove");
}

/* A push that could not be made leaves those who wait for it with a wrong roster: they start anew. */
static void disconnect_interested(struct user *user)
{
    for (struct session *s = user->resources; s != NULL; s = s->user_next)
        if (is_live_interested(s))
            session_disconnect(s);
}

void user_push(struct user *user, const struct roster_item *item, const char *removed_jid)
{
    struct core *core = user->core;
    struct buffer id;
    buffer_init(&id, core->memory);
    buffer_string(&id, "push");
    buffer_number(&id, ++user->last_id);
    buffer_append(&id, "", 1);
    struct stanza *push = stanza_new(core->memory, "iq", NS_CLIENT);
    if (push != NULL && !id.failed) {
        element_set(push, push->root, "type", "set");
        element_set(push, push->root, "id", id.bytes);
        add_push_item(push, user->roster, item, removed_jid);
    }
    if (push != NULL && !id.failed && !stanza_failed(push))
        user_send_to_interested(user, push);
    else
        disconnect_interested(user);
    buffer_free(&id);
    stanza_free(push);
}

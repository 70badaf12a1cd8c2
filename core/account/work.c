#include "account/work.h"

#include "account/storage.h"
#include "xml/parser.h"

#include <assert.h>

void work_hand_over(struct session *session, struct user_work *work)
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
        work_hand_over(session, NULL);
        session_resume(session);
    }
    user_free_work(user, work);
}

static void work_fail(struct user *user, struct user_work *work, enum user_failure why)
{
    work->kind->failed(user, work, why);
    work_end(user, work);
}

/* Fails all queued work whose store cannot be loaded; work queued by the failure handlers loads it again. */
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
    /* An account is not its own contact, even if storage says so: otherwise it would receive everything
     * twice. */
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
    return from != NULL && user_blocks(user, from);
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

/* With a copy of the text, or NULL. */
static struct user_work *work_new(struct core *core, const char *text)
{
    struct user_work *work = memory_new(core->memory, sizeof *work);
    char *copy = memory_copy_string(core->memory, text);
    if (work == NULL || (text != NULL && copy == NULL)) {
        memory_free(core->memory, work);
        memory_free(core->memory, copy);
        return NULL;
    }
    work->text = copy;
    work->since = core->ports.now(core->ports.host);
    return work;
}

bool work_begin(struct user *user, const struct user_work_kind *kind, struct session *session,
                struct stanza *stanza, const char *text, union work_subject subject)
{
    struct user_work *work = work_new(user->core, text);
    if (work == NULL && user_free_cached(user->core))
        work = work_new(user->core, text);
    if (work == NULL) {
        stanza_free(stanza);
        user_release(user);
        return false;
    }
    work->kind = kind;
    work->stanza = stanza;
    work->subject = subject;
    if (session != NULL) {
        work_hand_over(session, work);
        session_wait(session);
    }
    append(user, work);
    if (user->work == work)
        advance(user);
    return true;
}

struct stanza_error work_error(enum user_failure why, const char *text)
{
    if (why == USER_NO_MEMORY)
        return (struct stanza_error){ "wait", "resource-constraint", text };
    return (struct stanza_error){ "cancel", "internal-server-error", text };
}

bool work_carries_messages(const struct user *user)
{
    return user->carrying > 0;
}

void work_finish(struct user *user, struct user_work *work)
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

void work_load(struct user *user, struct user_work *work, enum core_store store)
{
    assert(user->work == work && !user->busy && store != CORE_STORE_ROSTER);
    wait_for_storage(user, work,
                     storage_load(user->core, store, user->username, user->host, on_loaded, user));
}

void work_load_piece(struct user *user, struct user_work *work, enum core_store store,
                     const struct core_store_piece *piece)
{
    assert(user->work == work && !user->busy && piece->most > 0);
    wait_for_storage(
        user, work,
        storage_load_piece(user->core, store, piece, user->username, user->host, on_loaded, user));
}

void work_load_count(struct user *user, struct user_work *work, enum core_store store)
{
    assert(user->work == work && !user->busy);
    wait_for_storage(user, work,
                     storage_load_count(user->core, store, user->username, user->host, on_loaded, user));
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
        work->again = false;
        work->kind->saved(user, work);
        user->busy = false;
        if (!work->again)
            work_end(user, work);
    } else {
        user->busy = false;
        work_fail(user, work, failure_of(user, status));
    }
    advance(user);
}

void work_save(struct user *user, struct user_work *work)
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

void work_store(struct user *user, struct user_work *work, enum core_store store,
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

void work_remove(struct user *user, struct user_work *work)
{
    assert(user->work == work && !user->busy);
    wait_for_storage(user, work, storage_remove(user->core, user->username, user->host, on_removed, user));
}

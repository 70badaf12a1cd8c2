/*
 * disk.c - accounts by host and name, their stores, and the requests waiting at each store.
 *
 * The requests of a store wait in a queue.  One event of the world stands for the queue: it completes the
 * first request, and then the event of the next is scheduled.  So requests complete in order even when
 * several are due at the same time, and an order of the world's events is an order of all completions.
 */
#include "disk.h"

#include "../must.h"
#include "../text.h"
#include "describe.h"
#include "entries.h"
#include "inspect.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define uthash_fatal(message) abort()
#include <uthash.h>

static const char *const STORE_NAMES[] = {
    [CORE_STORE_ACCOUNT] = "account",     [CORE_STORE_ROSTER] = "roster",
    [CORE_STORE_ACTIVITY] = "activity",   [CORE_STORE_OFFLINE] = "offline",
    [CORE_STORE_BLOCKLIST] = "blocklist",
};
static const sim_time USUAL_TIME = SIM_MILLISECOND;

enum { STORES = sizeof STORE_NAMES / sizeof STORE_NAMES[0], JITTER_STEPS = 8 };

static const char *const TAKEN[] = {
    [CORE_LOAD] = "load", [CORE_COUNT] = "count", [CORE_SAVE] = "save", [CORE_REMOVE] = "remove"
};

static const char *const COMPLETED[][CORE_REMOVE + 1] = {
    [CORE_STORED] = { [CORE_LOAD] = "loaded",
                      [CORE_COUNT] = "counted",
                      [CORE_SAVE] = "saved",
                      [CORE_REMOVE] = "removed" },
    [CORE_NO_ACCOUNT] = { [CORE_LOAD] = "no account to load",
                          [CORE_COUNT] = "no account to count",
                          [CORE_SAVE] = "no account to save",
                          [CORE_REMOVE] = "no account to remove" },
    [CORE_STORE_FAILED] = { [CORE_LOAD] = "failed to load",
                            [CORE_COUNT] = "failed to count",
                            [CORE_SAVE] = "failed to save",
                            [CORE_REMOVE] = "failed to remove" },
};

struct request {
    struct request *next;
    uint64_t id;
    sim_time at;
    enum core_store_op op;
    bool fails;
    bool is_nth;                   /* it fails because of disk_fail_nth */
    struct entries saved;          /* CORE_SAVE only */
    struct core_store_piece piece; /* CORE_LOAD only; all 0 for a complete load */
};

struct store {
    struct account *account;
    struct entries entries;
    struct request *first, *last;
    bool scheduled; /* an event is scheduled for the first request */
    size_t events;  /* events scheduled, including those whose requests a crash removed */
};

/* An account that does not exist has an entry too, once there was a request for it. */
struct account {
    struct host *host;
    char *username;
    bool exists;
    struct store stores[STORES];
    UT_hash_handle hh;
};

struct host {
    struct disk *disk;
    char *name;
    struct account *accounts;
    UT_hash_handle hh;
};

/* The requests of a kind that fail by disk_fail_nth, by their numbers. */
struct failures {
    uint64_t taken; /* the number of requests of the kind so far */
    uint64_t *numbers;
    size_t count;
};

struct disk {
    struct world *world;
    struct disk_options options;
    disk_answer answer;
    void *answer_host;
    struct host *hosts;
    size_t pending;
    uint64_t changes[STORES];
    uint64_t failed_saves;
    uint64_t failed[CORE_REMOVE + 1]; /* by kind, because of fail_loads or fail_saves */
    uint64_t failed_nth;
    uint64_t slow;
    struct failures failing_loads, failing_saves;
    struct text what, bytes;
};

/* A count takes as long as a load, and fails with loads. */
static bool is_read(enum core_store_op op)
{
    return op == CORE_LOAD || op == CORE_COUNT;
}

static char *copy_string(const char *string)
{
    const size_t size = strlen(string) + 1;
    return memcpy(must(malloc(size)), string, size);
}

/* ---- Accounts ---- */

static struct account *find_account(const struct disk *disk, const char *username, const char *host_name)
{
    struct host *host = NULL;
    HASH_FIND_STR(disk->hosts, host_name, host);
    if (host == NULL)
        return NULL;
    struct account *account = NULL;
    HASH_FIND_STR(host->accounts, username, account);
    return account;
}

static struct host *host_of(struct disk *disk, const char *name)
{
    struct host *host = NULL;
    HASH_FIND_STR(disk->hosts, name, host);
    if (host != NULL)
        return host;
    host = must(calloc(1, sizeof *host));
    host->disk = disk;
    host->name = copy_string(name);
    HASH_ADD_KEYPTR(hh, disk->hosts, host->name, strlen(host->name), host);
    return host;
}

static struct account *account_of(struct disk *disk, const char *username, const char *host_name)
{
    struct account *account = find_account(disk, username, host_name);
    if (account != NULL)
        return account;
    account = must(calloc(1, sizeof *account));
    account->host = host_of(disk, host_name);
    account->username = copy_string(username);
    for (size_t i = 0; i < STORES; i++)
        account->stores[i].account = account;
    HASH_ADD_KEYPTR(hh, account->host->accounts, account->username, strlen(account->username), account);
    return account;
}

static void free_request(struct request *request)
{
    entries_free(&request->saved);
    free((char *)request->piece.from);
    free(request);
}

static void free_store(struct store *store)
{
    entries_free(&store->entries);
    while (store->first != NULL) {
        struct request *request = store->first;
        store->first = request->next;
        free_request(request);
    }
}

static void free_accounts(struct host *host)
{
    struct account *account = host->accounts;
    HASH_CLEAR(hh, host->accounts);
    while (account != NULL) {
        struct account *next = account->hh.next;
        for (size_t i = 0; i < STORES; i++)
            free_store(&account->stores[i]);
        free(account->username);
        free(account);
        account = next;
    }
}

/* ---- The disk ---- */

struct disk *disk_new(struct world *world, disk_answer answer, void *host)
{
    struct disk *disk = must(calloc(1, sizeof *disk));
    disk->world = world;
    disk->answer = answer;
    disk->answer_host = host;
    disk->options = (struct disk_options){
        .load_time = USUAL_TIME,
        .save_time = USUAL_TIME,
        .jitter = 4 * SIM_MILLISECOND,
    };
    return disk;
}

void disk_free(struct disk *disk)
{
    if (disk == NULL)
        return;
    struct host *host = disk->hosts;
    HASH_CLEAR(hh, disk->hosts);
    while (host != NULL) {
        struct host *next = host->hh.next;
        free_accounts(host);
        free(host->name);
        free(host);
        host = next;
    }
    free(disk->failing_loads.numbers);
    free(disk->failing_saves.numbers);
    free(disk->what.bytes);
    free(disk->bytes.bytes);
    free(disk);
}

struct disk_options *disk_options(struct disk *disk)
{
    return &disk->options;
}

void disk_add_account(struct disk *disk, const char *username, const char *host)
{
    account_of(disk, username, host)->exists = true;
}

void disk_put(struct disk *disk, const char *username, const char *host, enum core_store store,
              const char *key, const char *value)
{
    assert((size_t)store < STORES && key != NULL && value != NULL);
    struct account *account = find_account(disk, username, host);
    assert(account != NULL && account->exists);
    entries_put(&account->stores[store].entries, key, value);
    disk->changes[store]++;
}

uint64_t disk_changes(const struct disk *disk, enum core_store store)
{
    assert((size_t)store < STORES);
    return disk->changes[store];
}

const char *disk_get(const struct disk *disk, const char *username, const char *host, enum core_store store,
                     const char *key)
{
    assert((size_t)store < STORES);
    const struct account *account = find_account(disk, username, host);
    if (account == NULL)
        return NULL;
    const struct core_store_entry *entry = entries_find(&account->stores[store].entries, key);
    return entry != NULL ? entry->value : NULL;
}

static const struct entries *find_entries(const struct disk *disk, const char *username, const char *host,
                                          enum core_store store)
{
    static const struct entries NONE = { 0 };
    assert((size_t)store < STORES);
    const struct account *account = find_account(disk, username, host);
    return account != NULL ? &account->stores[store].entries : &NONE;
}

size_t disk_count(const struct disk *disk, const char *username, const char *host, enum core_store store)
{
    return find_entries(disk, username, host, store)->count;
}

struct core_store_entry disk_entry(const struct disk *disk, const char *username, const char *host,
                                   enum core_store store, size_t index)
{
    const struct entries *entries = find_entries(disk, username, host, store);
    assert(index < entries->count);
    return entries->list[index];
}

void disk_visit_all(const struct disk *disk, enum core_store store, disk_visit visit, void *host)
{
    assert((size_t)store < STORES);
    for (const struct host *h = disk->hosts; h != NULL; h = h->hh.next)
        for (const struct account *account = h->accounts; account != NULL; account = account->hh.next)
            for (size_t i = 0; i < account->stores[store].entries.count; i++)
                visit(host, &account->stores[store].entries.list[i]);
}

uint64_t disk_failed_saves(const struct disk *disk)
{
    return disk->failed_saves;
}

uint64_t disk_failed(const struct disk *disk, enum core_store_op op)
{
    return disk->failed[op];
}

uint64_t disk_failed_nth(const struct disk *disk)
{
    return disk->failed_nth;
}

uint64_t disk_slow(const struct disk *disk)
{
    return disk->slow;
}

/* ---- The trace ---- */

static void text_add_entries(struct text *text, const struct entries *entries)
{
    for (size_t i = 0; i < entries->count; i++) {
        if (i > 0)
            text_string(text, "\n");
        text_string(text, entries->list[i].key);
        if (entries->list[i].value == NULL)
            continue;
        text_string(text, "=");
        text_string(text, entries->list[i].value);
    }
}

static void tell_trace(const struct store *store, const char *doing, const struct entries *entries)
{
    const struct account *account = store->account;
    assert(account != NULL);
    struct disk *disk = account->host->disk;
    struct text *what = &disk->what;
    what->length = 0;
    text_string(what, doing);
    text_string(what, " ");
    text_string(what, STORE_NAMES[store - account->stores]);
    text_string(what, " ");
    text_string(what, account->username);
    text_string(what, "@");
    text_string(what, account->host->name);
    disk->bytes.length = 0;
    text_add_entries(&disk->bytes, entries);
    trace_line(world_trace(disk->world), world_now(disk->world), trace_of_disk, what->bytes,
               disk->bytes.bytes, disk->bytes.length);
}

/* The text of a piece names its first key, unless it begins with the store. */
static void tell_request(const struct store *store, const struct request *request)
{
    struct entries from = { 0 };
    if (request->piece.most > 0 && request->piece.from[0] != '\0')
        entries_add(&from, request->piece.from, NULL);
    tell_trace(store, TAKEN[request->op], request->op == CORE_SAVE ? &request->saved : &from);
    entries_free(&from);
}

/* ---- Requests ---- */

static void remove_account(struct account *account)
{
    account->exists = false;
    for (size_t i = 0; i < STORES; i++) {
        entries_free(&account->stores[i].entries);
        account->host->disk->changes[i]++;
    }
}

static enum core_store_status take_effect(struct store *store, const struct request *request)
{
    if (request->fails)
        return CORE_STORE_FAILED;
    if (!store->account->exists)
        return CORE_NO_ACCOUNT;
    if (request->op == CORE_REMOVE)
        remove_account(store->account);
    for (size_t i = 0; i < request->saved.count; i++)
        entries_put(&store->entries, request->saved.list[i].key, request->saved.list[i].value);
    store->account->host->disk->changes[store - store->account->stores]++;
    return CORE_STORED;
}

/* The answer of a request; borrowed for the call. */
static void answer(struct disk *disk, const struct store *store, const struct request *request,
                   const struct core_store_request *done, enum core_store_status status)
{
    char number[32];
    if (status != CORE_STORED || !is_read(request->op)) {
        disk->answer(disk->answer_host, done, status, NULL, 0);
    } else if (request->op == CORE_COUNT) {
        (void)snprintf(number, sizeof number, "%zu", store->entries.count);
        const struct core_store_entry entry = { entries_greatest(&store->entries), number };
        disk->answer(disk->answer_host, done, status, &entry, 1);
    } else if (request->piece.most == 0) {
        disk->answer(disk->answer_host, done, status, store->entries.list, store->entries.count);
    } else {
        size_t count;
        struct core_store_entry *piece = entries_piece(&store->entries, &request->piece, &count);
        disk->answer(disk->answer_host, done, status, piece, count);
        free(piece);
    }
}

/* Removes the first request of a store's queue; the caller frees it. */
static struct request *take_first(struct store *store)
{
    struct request *request = store->first;
    store->first = request->next;
    if (store->first == NULL)
        store->last = NULL;
    store->account->host->disk->pending--;
    return request;
}

static void complete_due(void *subject);

static void schedule(struct store *store)
{
    const struct disk *disk = store->account->host->disk;
    const sim_time now = world_now(disk->world);
    if (store->scheduled || store->first == NULL)
        return;
    store->scheduled = true;
    store->events++;
    world_event(disk->world, store->first->at > now ? store->first->at : now, complete_due, store);
}

static void complete_first(struct store *store)
{
    struct disk *disk = store->account->host->disk;
    struct request *request = take_first(store);
    disk->failed_saves += request->fails && request->op == CORE_SAVE;
    disk->failed[request->op] += request->fails && !request->is_nth;
    disk->failed_nth += request->is_nth;

    static const struct entries NONE = { 0 };
    const enum core_store_status status = take_effect(store, request);
    tell_trace(store, COMPLETED[status][request->op], &NONE);
    const struct core_store_request done = {
        .id = request->id,
        .op = request->op,
        .store = (enum core_store)(store - store->account->stores),
        .username = store->account->username,
        .host = store->account->host->name,
    };
    answer(disk, store, request, &done, status);
    free_request(request);
}

/* An event whose request a crash removed does nothing, or completes the request that is now first; the event
 * of that request then does nothing. */
static void complete_due(void *subject)
{
    struct store *store = subject;
    const struct disk *disk = store->account->host->disk;
    store->events--;
    if (store->first == NULL || store->first->at > world_now(disk->world))
        return;
    store->scheduled = false;
    world_concerns(disk->world, store->account->username);
    complete_first(store);
    schedule(store);
}

static struct failures *failures_of(struct disk *disk, enum core_store_op op)
{
    return is_read(op) ? &disk->failing_loads : &disk->failing_saves;
}

void disk_fail_nth(struct disk *disk, enum core_store_op op, uint64_t nth)
{
    struct failures *failures = failures_of(disk, op);
    assert(nth > 0);
    failures->numbers = must(realloc(failures->numbers, (failures->count + 1) * sizeof *failures->numbers));
    failures->numbers[failures->count++] = failures->taken + nth;
}

/* Whether the request that is being taken fails by disk_fail_nth. */
static bool is_named(const struct failures *failures)
{
    for (size_t i = 0; i < failures->count; i++)
        if (failures->numbers[i] == failures->taken)
            return true;
    return false;
}

/* Whether the request that is being taken fails. */
static void spend_failure(struct disk *disk, struct request *request)
{
    struct failures *failures = failures_of(disk, request->op);
    failures->taken++;
    unsigned *next = is_read(request->op) ? &disk->options.fail_loads : &disk->options.fail_saves;
    request->is_nth = *next == 0 && is_named(failures);
    request->fails = *next > 0 || request->is_nth;
    *next -= *next > 0;
}

static sim_time completion_time(struct disk *disk, enum core_store_op op)
{
    const struct disk_options *options = &disk->options;
    const sim_time least = is_read(op) ? options->load_time : options->save_time;
    disk->slow += least > USUAL_TIME;
    const sim_time at = world_after(disk->world, least);
    if (options->jitter == 0 || world_is_any_order(disk->world))
        return at;
    return at +
           options->jitter / JITTER_STEPS * choose(world_choices(disk->world), CHOICE_DISK, JITTER_STEPS);
}

static void enqueue(struct store *store, struct request *request)
{
    if (store->last != NULL && request->at < store->last->at)
        request->at = store->last->at;
    if (store->last != NULL)
        store->last->next = request;
    else
        store->first = request;
    store->last = request;
}

void disk_request(struct disk *disk, const struct core_store_request *request)
{
    assert((size_t)request->store < STORES);
    assert(request->op != CORE_REMOVE || request->store == CORE_STORE_ACCOUNT);
    assert(request->op == CORE_SAVE || request->entry_count == 0);
    assert(request->op == CORE_LOAD || request->piece.most == 0);
    struct account *account = account_of(disk, request->username, request->host);
    struct store *store = &account->stores[request->store];
    struct request *taken = must(calloc(1, sizeof *taken));
    taken->id = request->id;
    taken->op = request->op;
    taken->at = completion_time(disk, request->op);
    spend_failure(disk, taken);
    for (size_t i = 0; i < request->entry_count; i++)
        entries_add(&taken->saved, request->entries[i].key, request->entries[i].value);
    if (request->piece.most > 0) {
        taken->piece = request->piece;
        taken->piece.from = copy_string(request->piece.from);
    }
    tell_request(store, taken);
    enqueue(store, taken);
    disk->pending++;
    schedule(store);
}

/* ---- A crash ---- */

/* Whether a write under way survives, given that those before it did. */
static bool survives(struct disk *disk, enum disk_writes writes)
{
    if (writes == DISK_BY_CHOICE)
        return choose(world_choices(disk->world), CHOICE_CRASH, 2) == 1;
    return writes == DISK_KEEPS;
}

static void crash_store(struct store *store, enum disk_writes writes)
{
    static const struct entries NONE = { 0 };
    struct disk *disk = store->account->host->disk;
    bool intact = true; /* no earlier write of the queue was lost */
    store->scheduled = false;
    while (store->first != NULL) {
        struct request *request = take_first(store);
        if (!is_read(request->op) && !request->fails && store->account->exists) {
            intact = intact && survives(disk, writes);
            tell_trace(store, intact ? "kept" : "lost", &NONE);
            disk->failed_saves += !intact;
            if (intact)
                (void)take_effect(store, request);
        }
        free_request(request);
    }
}

void disk_crash(struct disk *disk, enum disk_writes writes)
{
    for (struct host *host = disk->hosts; host != NULL; host = host->hh.next)
        for (struct account *account = host->accounts; account != NULL; account = account->hh.next)
            for (size_t i = 0; i < STORES; i++)
                crash_store(&account->stores[i], writes);
    assert(disk->pending == 0);
}

/* ---- Described ---- */

static void describe_entries(struct description *description, const struct entries *entries)
{
    for (size_t i = 0; i < entries->count; i++) {
        describe_line(description, "entry");
        describe_string(description, "key", entries->list[i].key);
        describe_string(description, "value", entries->list[i].value);
    }
}

static void describe_store(struct description *description, const struct store *store,
                           const struct core *core)
{
    if (store->entries.count == 0 && store->events == 0)
        return;
    describe_named(description, "store", STORE_NAMES[store - store->account->stores]);
    describe_count(description, "events of requests that a crash cancelled",
                   store->events - store->scheduled);
    describe_in(description);
    describe_entries(description, &store->entries);
    for (const struct request *request = store->first; request != NULL; request = request->next) {
        describe_line(description, "to %s", TAKEN[request->op]);
        describe_time(description, "done", request->at);
        describe_count(description, "request", core != NULL ? inspect_request(core, request->id) : 0);
        describe_string(description, "from key", request->piece.from);
        describe_count(description, "maximum entries", request->piece.most);
        describe_count(description, "maximum bytes", request->piece.bytes);
        describe_word(description, request->fails, "fails");
        describe_in(description);
        describe_entries(description, &request->saved);
        describe_out(description);
    }
    describe_out(description);
}

static void describe_account(struct description *description, const struct account *account,
                             const struct core *core)
{
    bool asked = false;
    for (size_t i = 0; i < STORES; i++)
        asked = asked || account->stores[i].events > 0;
    if (!account->exists && !asked)
        return;
    describe_line(description, "account");
    describe_string(description, "user", account->username);
    describe_string(description, "host", account->host->name);
    describe_word(description, !account->exists, "does not exist");
    describe_in(description);
    for (size_t i = 0; i < STORES; i++)
        describe_store(description, &account->stores[i], core);
    describe_out(description);
}

static void describe_failures(struct description *description, const char *what,
                              const struct failures *failures)
{
    for (size_t i = 0; i < failures->count; i++)
        if (failures->numbers[i] > failures->taken)
            describe_count(description, what, failures->numbers[i] - failures->taken);
}

void disk_describe(struct description *description, const struct disk *disk, const struct core *core)
{
    const struct disk_options *options = &disk->options;
    describe_line(description, "disk");
    describe_count(description, "loads that fail", options->fail_loads);
    describe_count(description, "saves that fail", options->fail_saves);
    describe_failures(description, "fails the load from now with the number", &disk->failing_loads);
    describe_failures(description, "fails the save from now with the number", &disk->failing_saves);
    describe_count(description, "nanoseconds per load", options->load_time);
    describe_count(description, "nanoseconds per save", options->save_time);
    describe_count(description, "jitter in nanoseconds", options->jitter);
    describe_count(description, "saves that failed", disk->failed_saves);
    describe_in(description);
    for (const struct host *host = disk->hosts; host != NULL; host = host->hh.next)
        for (const struct account *account = host->accounts; account != NULL; account = account->hh.next)
            describe_account(description, account, core);
    describe_out(description);
}

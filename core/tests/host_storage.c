#include "host_storage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nettle/base64.h>
#include <nettle/hmac.h>
#include <nettle/pbkdf2.h>
/* Each function that changes a table has its host at hand. */
#define uthash_malloc(size)      host_new(host, size)
#define uthash_free(block, size) host_delete(host, block)
#include <uthash.h>

enum { STORES = CORE_STORE_BLOCKLIST + 1 };

struct kept {
    UT_hash_handle hh;
    struct core_store_entry entry; /* owns both strings; the key follows this structure */
    char key[];
};

struct host_account {
    UT_hash_handle hh;
    struct kept *stores[STORES]; /* in the order in which the keys were first saved */
    bool busy[STORES];           /* a request waits; not used for CORE_STORE_ACCOUNT */
    bool removed;
    size_t removed_by; /* the number of the request that removed it */
    char owner[];
};

/* ---- Stored data ---- */

static struct host_account *account_find(const struct test_host *host, const char *owner)
{
    struct host_account *account;
    HASH_FIND_STR(host->accounts, owner, account);
    return account;
}

static struct host_account *account_of(struct test_host *host, const char *owner)
{
    struct host_account *account = account_find(host, owner);
    if (account != NULL)
        return account;
    size_t length = strlen(owner);
    account = host_new(host, sizeof *account + length + 1);
    memcpy(account->owner, owner, length);
    HASH_ADD_STR(host->accounts, owner, account);
    return account;
}

static struct kept *kept_find(const struct host_account *account, enum core_store store, const char *key)
{
    struct kept *kept;
    HASH_FIND_STR(account->stores[store], key, kept);
    return kept;
}

static void kept_remove(const struct test_host *host, struct host_account *account, enum core_store store,
                        struct kept *kept)
{
    HASH_DEL(account->stores[store], kept);
    host_delete(host, kept->entry.value);
    host_delete(host, kept);
}

static void keep(const struct test_host *host, struct host_account *account, enum core_store store,
                 const char *key, const char *value)
{
    struct kept *kept = kept_find(account, store, key);
    if (kept != NULL && value == NULL)
        kept_remove(host, account, store, kept);
    if (value == NULL)
        return;
    if (kept == NULL) {
        size_t length = strlen(key);
        kept = host_new(host, sizeof *kept + length + 1);
        memcpy(kept->key, key, length);
        kept->entry.key = kept->key;
        HASH_ADD_STR(account->stores[store], key, kept);
    }
    char *copy = host_copy_string(host, value); /* the value may be the one that is replaced */
    host_delete(host, kept->entry.value);
    kept->entry.value = copy;
}

/* A table is cleared before its entries are freed; they are still linked. */
static void empty_store(const struct test_host *host, struct host_account *account, size_t store)
{
    struct kept *kept = account->stores[store];
    HASH_CLEAR(hh, account->stores[store]);
    while (kept != NULL) {
        struct kept *next = kept->hh.next;
        host_delete(host, kept->entry.value);
        host_delete(host, kept);
        kept = next;
    }
}

static void empty_stores(const struct test_host *host, struct host_account *account)
{
    for (size_t store = 0; store < STORES; store++)
        empty_store(host, account, store);
}

static void accounts_free(struct test_host *host)
{
    struct host_account *account = host->accounts;
    HASH_CLEAR(hh, host->accounts);
    while (account != NULL) {
        struct host_account *next = account->hh.next;
        empty_stores(host, account);
        host_delete(host, account);
        account = next;
    }
}

void host_keep(struct test_host *host, enum core_store store, const char *owner, const char *key,
               const char *value)
{
    keep(host, account_of(host, owner), store, key, value);
}

const struct core_store_entry *host_kept(const struct test_host *host, enum core_store store,
                                         const char *owner, const char *key)
{
    const struct host_account *account = account_find(host, owner);
    const struct kept *kept = account != NULL ? kept_find(account, store, key) : NULL;
    return kept != NULL ? &kept->entry : NULL;
}

size_t host_kept_count(const struct test_host *host, enum core_store store, const char *owner)
{
    const struct host_account *account = account_find(host, owner);
    return account != NULL ? HASH_COUNT(account->stores[store]) : 0;
}

/* ---- The answers of storage ---- */

void host_hmac(const uint8_t *key, const char *text, uint8_t *digest)
{
    struct hmac_sha1_ctx context;
    hmac_sha1_set_key(&context, SHA1_DIGEST_SIZE, key);
    hmac_sha1_update(&context, strlen(text), (const uint8_t *)text);
    hmac_sha1_digest(&context, SHA1_DIGEST_SIZE, digest);
}

/* An account's entry for the password "pencil" (RFC 5802, 3; RFC 5803, 3). */
static const char *credentials(struct test_host *host)
{
    uint8_t salted[SHA1_DIGEST_SIZE], client[SHA1_DIGEST_SIZE], stored[SHA1_DIGEST_SIZE],
        server[SHA1_DIGEST_SIZE];
    char stored_text[BASE64_ENCODE_RAW_LENGTH(SHA1_DIGEST_SIZE) + 1] = "";
    char server_text[BASE64_ENCODE_RAW_LENGTH(SHA1_DIGEST_SIZE) + 1] = "";
    struct sha1_ctx sha1;
    if (host->credentials[0] != '\0')
        return host->credentials;
    pbkdf2_hmac_sha1(6, (const uint8_t *)"pencil", 3, 5, (const uint8_t *)"salty", sizeof salted, salted);
    host_hmac(salted, "Client Key", client);
    host_hmac(salted, "Server Key", server);
    sha1_init(&sha1);
    sha1_update(&sha1, sizeof client, client);
    sha1_digest(&sha1, sizeof stored, stored);
    base64_encode_raw(stored_text, sizeof stored, stored);
    base64_encode_raw(server_text, sizeof server, server);
    snprintf(host->credentials, sizeof host->credentials, "3:c2FsdHk=$%s:%s", stored_text, server_text);
    return host->credentials;
}

static void add_entry(struct test_host *host, size_t *count, const char *key, const char *value)
{
    host->answer = host_grown(host, host->answer, &host->answer_size, *count + 1, sizeof *host->answer);
    host->answer[(*count)++] = (struct core_store_entry){ key, value };
}

/* Adds the entries of the store from that key on. */
static void add_kept(struct test_host *host, size_t *count, const struct host_request *request,
                     const char *from)
{
    for (struct kept *kept = request->account->stores[request->store]; kept != NULL; kept = kept->hh.next)
        if (strcmp(kept->key, from) >= 0)
            add_entry(host, count, kept->entry.key, kept->entry.value);
}

static int compare_keys(const void *a, const void *b)
{
    return strcmp(((const struct core_store_entry *)a)->key, ((const struct core_store_entry *)b)->key);
}

/* The entries in the order of their keys, as many as are wanted (core.h). */
static size_t load_piece(struct test_host *host, const struct host_request *request)
{
    size_t count = 0, wanted = 0, bytes = 0;
    add_kept(host, &count, request, request->piece.from);
    if (count > 0)
        qsort(host->answer, count, sizeof *host->answer, compare_keys);
    while (wanted < count && wanted < request->piece.most && bytes < request->piece.bytes) {
        bytes += strlen(host->answer[wanted].key) + strlen(host->answer[wanted].value);
        wanted++;
    }
    return wanted;
}

/* The one entry that is the answer to a count. */
static size_t load_count(struct test_host *host, const struct host_request *request)
{
    const char *greatest = "";
    size_t count = 0;
    struct kept *first = request->account->stores[request->store];
    for (struct kept *kept = first; kept != NULL; kept = kept->hh.next)
        if (strcmp(kept->key, greatest) > 0)
            greatest = kept->key;
    snprintf(host->number, sizeof host->number, "%u", (unsigned)HASH_COUNT(first));
    add_entry(host, &count, greatest, host->number);
    return count;
}

static size_t load_account(struct test_host *host, const struct host_request *request)
{
    size_t count = 0;
    add_kept(host, &count, request, "");
    if (count == 0)
        add_entry(host, &count, "SCRAM-SHA-1", credentials(host));
    if (host->status != NULL)
        add_entry(host, &count, "status", host->status);
    return count;
}

/* Stores the answer to a load or a count in host->answer. */
static size_t load(struct test_host *host, const struct host_request *request)
{
    size_t count = 0;
    if (request->op == CORE_COUNT)
        return load_count(host, request);
    if (request->op != CORE_LOAD)
        return 0;
    if (request->store == CORE_STORE_ACCOUNT)
        return load_account(host, request);
    if (request->piece.most > 0)
        return load_piece(host, request);
    add_kept(host, &count, request, "");
    return count;
}

/* Requests for one store take effect in the order in which they were made, whenever they are answered. */
static bool has_account(const struct host_request *request)
{
    const struct host_account *account = request->account;
    return strncmp(request->owner, "nobody@", 7) != 0 &&
           (!account->removed || request->number < account->removed_by);
}

static void take_effect(const struct test_host *host, const struct host_request *request)
{
    struct host_account *account = request->account;
    if (request->op == CORE_SAVE)
        for (size_t i = 0; i < request->entry_count; i++)
            keep(host, account, request->store, request->entries[i].key, request->entries[i].value);
    if (request->op == CORE_REMOVE) {
        empty_stores(host, account);
        account->removed = true;
        account->removed_by = request->number;
    }
}

/* ---- Requests ---- */

/* The rules of core.h for one request. */
static void check_request(const struct test_host *host, const struct core_store_request *asked)
{
    bool is_offline = asked->store == CORE_STORE_OFFLINE;
    host_require(host, host_is_among(asked->host, host->settings.hosts, host->settings.host_count),
                 "an account is at one of the core's hosts");
    host_require(host, !host_is_anonymous(host, asked->host),
                 "stores of anonymous accounts are not loaded or saved");
    host_require(host, asked->op != CORE_COUNT || is_offline, "only offline messages are counted");
    host_require(host, asked->op != CORE_REMOVE || asked->store == CORE_STORE_ACCOUNT,
                 "only an account is removed");
    host_require(host, (asked->piece.most > 0) == (asked->op == CORE_LOAD && is_offline),
                 "offline messages are loaded in pieces, and nothing else is");
    host_require(host, (asked->entry_count > 0) == (asked->op == CORE_SAVE),
                 "a save has entries, and only a save");
    if (asked->op == CORE_SAVE && asked->store == CORE_STORE_ROSTER) {
        host_require(host, asked->entry_count <= 2, "an item of a roster is saved with the version");
        host_require(host, asked->entry_count == 1 || asked->entries[1].key[0] == '\0',
                     "the key of a roster's version is empty");
    }
}

/* Notes that an id is used.  The ids of a core that counts are one range. */
static void use_id(struct test_host *host, uint64_t id)
{
    for (size_t i = 0; i < host->id_count; i++) {
        struct host_ids *range = &host->ids[i];
        host_require(host, id < range->first || id > range->last, "no id is used twice");
    }
    if (host->id_count > 0 && host->ids[host->id_count - 1].last + 1 == id) {
        host->ids[host->id_count - 1].last = id;
        return;
    }
    host->ids = host_grown(host, host->ids, &host->id_size, host->id_count + 1, sizeof *host->ids);
    host->ids[host->id_count++] = (struct host_ids){ id, id };
}

static const char *owner_of(struct test_host *host, const struct core_store_request *asked)
{
    size_t size = strlen(asked->username) + strlen(asked->host) + 2;
    host->owner = host_grown(host, host->owner, &host->owner_size, size, 1);
    snprintf(host->owner, host->owner_size, "%s@%s", asked->username, asked->host);
    return host->owner;
}

static struct host_request *request_new(const struct test_host *host, struct host_account *account,
                                        const struct core_store_request *asked)
{
    struct host_request *request = host_new(host, sizeof *request);
    struct core_store_entry *entries =
        asked->entry_count > 0 ? host_new(host, asked->entry_count * sizeof *entries) : NULL;
    for (size_t i = 0; i < asked->entry_count; i++) {
        const struct core_store_entry *entry = &asked->entries[i];
        entries[i].key = host_copy_string(host, entry->key);
        entries[i].value = entry->value != NULL ? host_copy_string(host, entry->value) : NULL;
    }
    request->id = asked->id;
    request->op = asked->op;
    request->store = asked->store;
    request->account = account;
    request->owner = account->owner;
    request->entries = entries;
    request->entry_count = asked->entry_count;
    request->piece = asked->piece;
    if (asked->piece.from != NULL)
        request->piece.from = host_copy_string(host, asked->piece.from);
    return request;
}

static void request_free(const struct test_host *host, struct host_request *request)
{
    for (size_t i = 0; i < request->entry_count; i++) {
        host_delete(host, request->entries[i].key);
        host_delete(host, request->entries[i].value);
    }
    host_delete(host, request->entries);
    host_delete(host, request->piece.from);
    host_delete(host, request);
}

static void wait_behind(struct test_host *host, struct host_request *request)
{
    request->previous = host->newest;
    if (host->newest != NULL)
        host->newest->next = request;
    else
        host->oldest = request;
    host->newest = request;
    host->waiting_count++;
    request->account->busy[request->store] = true;
}

static void wait_no_longer(struct test_host *host, struct host_request *request)
{
    if (request->previous != NULL)
        request->previous->next = request->next;
    else
        host->oldest = request->next;
    if (request->next != NULL)
        request->next->previous = request->previous;
    else
        host->newest = request->previous;
    request->previous = request->next = NULL;
    host->waiting_count--;
    request->account->busy[request->store] = false;
    request->answered = true;
}

void host_store(void *context, const struct core_store_request *asked)
{
    struct test_host *host = context;
    struct host_account *account = account_of(host, owner_of(host, asked));
    check_request(host, asked);
    host_require(host, asked->store == CORE_STORE_ACCOUNT || !account->busy[asked->store],
                 "one request at a time for a store of an account");
    use_id(host, asked->id);
    if (host->options.watch != NULL)
        host->options.watch->asked(host->options.watch->context, asked);
    struct host_request *request = request_new(host, account, asked);
    request->number = host->request_count++;
    wait_behind(host, request);
    if (!host->options.keep_requests)
        return;
    host->requests = host_grown(host, host->requests, &host->request_size, host->request_count,
                                sizeof(struct host_request *));
    host->requests[request->number] = request;
}

struct host_request *host_oldest(const struct test_host *host)
{
    return host->oldest;
}

static bool is_waiting(const struct host_request *request)
{
    return request != NULL && !request->answered;
}

void host_answer_entries(struct test_host *host, struct host_request *request, enum core_store_status status,
                         const struct core_store_entry *entries, size_t count)
{
    if (!is_waiting(request))
        host_fail(host, "no request waits for this answer");
    wait_no_longer(host, request);
    const struct host_watch *watch = host->options.watch;
    request->loaded = count;
    if (watch != NULL)
        watch->stored(watch->context, entries, count);
    core_stored(host->core, request->id, status, entries, count);
    host_end_call(host);
    if (!host->options.keep_requests)
        request_free(host, request);
}

void host_answer(struct test_host *host, struct host_request *request, enum core_store_status status)
{
    size_t count = 0;
    if (!is_waiting(request))
        host_fail(host, "no request waits for this answer");
    if (status == CORE_STORED && !has_account(request))
        status = CORE_NO_ACCOUNT;
    if (status == CORE_STORED) {
        take_effect(host, request);
        count = load(host, request);
    }
    host_answer_entries(host, request, status, host->answer, count);
}

void host_answer_all(struct test_host *host, enum core_store_status status)
{
    while (host->oldest != NULL)
        host_answer(host, host->oldest, status);
}

void host_forget_requests(struct test_host *host)
{
    struct host_request *request = host->oldest;
    host->oldest = host->newest = NULL;
    host->waiting_count = 0;
    while (request != NULL) {
        struct host_request *next = request->next;
        request->account->busy[request->store] = false;
        if (!host->options.keep_requests)
            request_free(host, request);
        request = next;
    }
    for (size_t i = 0; host->options.keep_requests && i < host->request_count; i++)
        request_free(host, host->requests[i]);
    host->request_count = host->id_count = 0;
}

void host_free_storage(struct test_host *host)
{
    host_forget_requests(host);
    accounts_free(host);
    host_delete(host, host->requests);
    host_delete(host, host->ids);
    host_delete(host, host->answer);
    host_delete(host, host->owner);
}

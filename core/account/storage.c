#include "account/storage.h"

#include "account/anonymous.h"

#include <utlist.h>

/* The number of a request as a key: in the same byte order on every machine, so that the map has the same
 * shape and allocates equally often. */
struct request_key {
    unsigned char bytes[8];
};

struct storage_request {
    uint64_t id;
    struct request_key key;
    storage_answer answer;
    void *subject;
    struct storage_request *next;  /* next in core->own_answers */
    bool own;                      /* the core answers it itself */
    enum core_store_status status; /* the answer then */
    struct map_node node;
};

void storage_init(struct core *core)
{
    map_init(&core->requests, core->memory, &core->map_secret, offsetof(struct storage_request, node));
}

static struct request_key key_of(uint64_t id)
{
    struct request_key key;
    for (unsigned i = 0; i < sizeof key.bytes; i++)
        key.bytes[i] = (unsigned char)(id >> 8 * i);
    return key;
}

/* Answers in the host's place, for an anonymous account.  All its stores are empty.  A save succeeds for a
 * store that users hold in memory.  A removal has nothing to remove and succeeds at once; the account is
 * removed with its session. */
static void take_over(struct core *core, struct storage_request *request,
                      const struct core_store_request *asked)
{
    bool there = anonymous_exists(core, asked->host, asked->username) &&
                 (asked->op != CORE_SAVE || anonymous_keeps(asked->store));
    request->status = there ? CORE_STORED : CORE_NO_ACCOUNT;
    LL_APPEND(core->own_answers, request);
}

static struct storage_request *begin(struct core *core, struct core_store_request *asked,
                                     storage_answer answer, void *subject)
{
    struct storage_request *request = memory_new(core->memory, sizeof *request);
    if (request == NULL)
        return NULL;
    request->id = ++core->last_request;
    request->key = key_of(request->id);
    request->answer = answer;
    request->subject = subject;
    if (!map_add(&core->requests, request, &request->key, sizeof request->key)) {
        memory_free(core->memory, request);
        return NULL;
    }
    asked->id = request->id;
    request->own = anonymous_host(core, asked->host);
    if (request->own)
        take_over(core, request, asked);
    else
        core->ports.store(core->ports.host, asked);
    return request;
}

struct storage_request *storage_load(struct core *core, enum core_store store, const char *username,
                                     const char *host, storage_answer answer, void *subject)
{
    struct core_store_request asked = { .op = CORE_LOAD, .store = store, .username = username, .host = host };
    return begin(core, &asked, answer, subject);
}

struct storage_request *storage_load_piece(struct core *core, enum core_store store,
                                           const struct core_store_piece *piece, const char *username,
                                           const char *host, storage_answer answer, void *subject)
{
    struct core_store_request asked = {
        .op = CORE_LOAD, .store = store, .username = username, .host = host, .piece = *piece
    };
    return begin(core, &asked, answer, subject);
}

struct storage_request *storage_load_count(struct core *core, enum core_store store, const char *username,
                                           const char *host, storage_answer answer, void *subject)
{
    struct core_store_request asked = {
        .op = CORE_COUNT, .store = store, .username = username, .host = host
    };
    return begin(core, &asked, answer, subject);
}

struct storage_request *storage_save(struct core *core, enum core_store store, const char *username,
                                     const char *host, const struct core_store_entry *entries,
                                     size_t entry_count, storage_answer answer, void *subject)
{
    struct core_store_request asked = { .op = CORE_SAVE,
                                        .store = store,
                                        .username = username,
                                        .host = host,
                                        .entries = entries,
                                        .entry_count = entry_count };
    return begin(core, &asked, answer, subject);
}

struct storage_request *storage_remove(struct core *core, const char *username, const char *host,
                                       storage_answer answer, void *subject)
{
    struct core_store_request asked = {
        .op = CORE_REMOVE, .store = CORE_STORE_ACCOUNT, .username = username, .host = host
    };
    return begin(core, &asked, answer, subject);
}

void storage_forget(struct core *core, struct storage_request *request)
{
    if (request->own)
        LL_DELETE(core->own_answers, request);
    map_remove(&core->requests, request);
    memory_free(core->memory, request);
}

void storage_load_again(struct core *core, struct storage_request **request, enum core_store store,
                        const char *username, const char *host)
{
    storage_answer answer = (*request)->answer;
    void *subject = (*request)->subject;
    storage_forget(core, *request);
    *request = storage_load(core, store, username, host, answer, subject);
    if (*request == NULL)
        answer(subject, CORE_STORE_FAILED, NULL, 0);
}

bool storage_answer_own(struct core *core)
{
    const struct storage_request *request = core->own_answers;
    if (request != NULL)
        storage_answered(core, request->id, request->status, NULL, 0);
    return request != NULL;
}

size_t storage_count(const struct core *core)
{
    return map_count(&core->requests);
}

size_t storage_place(const struct core *core, uint64_t id)
{
    size_t place = 1;
    const struct storage_request *request = map_first(&core->requests);
    for (; request != NULL && request->id != id; request = map_next(&core->requests, request))
        place++;
    return request != NULL ? place : 0;
}

const void *storage_subject(const struct core *core, size_t place, bool *own)
{
    const struct storage_request *request = map_first(&core->requests);
    for (; request != NULL && place > 1; place--)
        request = map_next(&core->requests, request);
    if (request == NULL)
        return NULL;
    *own = request->own;
    return request->subject;
}

void storage_answered(struct core *core, uint64_t id, enum core_store_status status,
                      const struct core_store_entry *entries, size_t entry_count)
{
    const struct request_key key = key_of(id);
    struct storage_request *request = map_find(&core->requests, &key, sizeof key);
    if (request == NULL)
        return;
    storage_answer answer = request->answer;
    void *subject = request->subject;
    storage_forget(core, request);
    answer(subject, status, entries, entry_count);
}

void storage_free(struct core *core)
{
    while (map_first(&core->requests) != NULL)
        storage_forget(core, map_first(&core->requests));
}

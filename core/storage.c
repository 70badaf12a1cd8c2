#include "storage.h"

#include "guest.h"

#include <utlist.h>

struct storage_request {
    uint64_t id;
    storage_answer answer;
    void *subject;
    struct storage_request *next;  /* of those that the core answers itself */
    bool own;                      /* it is one of those, */
    enum core_store_status status; /* to be answered so */
    UT_hash_handle hh;
};

/* Nothing was ever saved for a guest, and only what a user has in memory can be.  So there is nothing to
 * remove either: that is done at once, and the guest goes with the session. */
static void take_over(struct core *core, struct storage_request *request,
                      const struct core_store_request *asked)
{
    bool there = guest_exists(core, asked->host, asked->username) &&
                 (asked->op != CORE_SAVE || guest_keeps(asked->store));
    request->status = there ? CORE_STORED : CORE_NO_ACCOUNT;
    LL_APPEND(core->own_answers, request);
}

/* Identifiers are numbered one after the other, so they fill a table evenly by themselves; and how full its
 * buckets are does not depend on the order of the bytes in a number. */
static unsigned hash_of(uint64_t id)
{
    return (unsigned)id;
}

static struct storage_request *begin(struct core *core, struct core_store_request *asked,
                                     storage_answer answer, void *subject)
{
    const struct core_memory *table_memory = core->memory;
    struct storage_request *request = memory_new(core->memory, sizeof *request);
    if (request == NULL)
        return NULL;
    request->id = ++core->last_request;
    request->answer = answer;
    request->subject = subject;
    HASH_ADD_BYHASHVALUE(hh, core->requests, id, sizeof request->id, hash_of(request->id), request);
    if (request->hh.tbl == NULL) {
        memory_free(core->memory, request);
        return NULL;
    }
    asked->id = request->id;
    request->own = guest_host(core, asked->host);
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
    const struct core_memory *table_memory = core->memory;
    if (request->own)
        LL_DELETE(core->own_answers, request);
    HASH_DEL(core->requests, request);
    memory_free(core->memory, request);
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
    return HASH_COUNT(core->requests);
}

size_t storage_place(const struct core *core, uint64_t id)
{
    size_t place = 1;
    const struct storage_request *request = core->requests;
    for (; request != NULL && request->id != id; request = request->hh.next)
        place++;
    return request != NULL ? place : 0;
}

const void *storage_subject(const struct core *core, size_t place, bool *own)
{
    const struct storage_request *request = core->requests;
    for (; request != NULL && place > 1; place--)
        request = request->hh.next;
    if (request == NULL)
        return NULL;
    *own = request->own;
    return request->subject;
}

void storage_answered(struct core *core, uint64_t id, enum core_store_status status,
                      const struct core_store_entry *entries, size_t entry_count)
{
    struct storage_request *request;
    HASH_FIND_BYHASHVALUE(hh, core->requests, &id, sizeof id, hash_of(id), request);
    if (request == NULL)
        return;
    storage_answer answer = request->answer;
    void *subject = request->subject;
    storage_forget(core, request);
    answer(subject, status, entries, entry_count);
}

void storage_free(struct core *core)
{
    while (core->requests != NULL)
        storage_forget(core, core->requests);
}

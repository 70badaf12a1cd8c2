#include "storage.h"

struct storage_request {
    uint64_t id;
    storage_answer answer;
    void *subject;
    UT_hash_handle hh;
};

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
    HASH_ADD(hh, core->requests, id, sizeof request->id, request);
    if (request->hh.tbl == NULL) {
        memory_free(core->memory, request);
        return NULL;
    }
    asked->id = request->id;
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
    HASH_DEL(core->requests, request);
    memory_free(core->memory, request);
}

size_t storage_count(const struct core *core)
{
    return HASH_COUNT(core->requests);
}

void storage_answered(struct core *core, uint64_t id, enum core_store_status status,
                      const struct core_store_entry *entries, size_t entry_count)
{
    struct storage_request *request;
    HASH_FIND(hh, core->requests, &id, sizeof id, request);
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

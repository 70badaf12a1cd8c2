#include "roster_saves.h"

#include "model_private.h"

#include "../world/describe.h"

#include <inttypes.h>
#include <string.h>

static uint64_t account_of(const struct core_store_request *request)
{
    return hash_join(span_hash((struct span){ request->username, strlen(request->username) }),
                     span_hash((struct span){ request->host, strlen(request->host) }));
}

static bool is_under_way(const struct roster_saves *saves, uint64_t account)
{
    size_t i = 0;
    while (i < saves->count && saves->accounts[i] != account)
        i++;
    return i < saves->count;
}

static void ask_entry(struct watched_server *server, const struct core_store_request *request,
                      const struct core_store_entry *entry)
{
    struct text why = { 0 };
    const struct side is =
        side_of_item(disk_get(server->disk, request->username, request->host, CORE_STORE_ROSTER, entry->key));
    const struct side becomes = side_of_item(entry->value);
    if (!model_judge(server->model, QUESTION_OF_SAVED_SIDES, side_may_become(is, becomes) ? HOLDS : VIOLATED))
        return;
    text_string(&why, request->username);
    text_string(&why, "@");
    text_string(&why, request->host);
    text_string(&why, " has ");
    text_string(&why, entry->key);
    text_string(&why, " as ");
    text_string(&why, side_name(is.state));
    text_string(&why, is.is_approved ? " and approved" : "");
    text_string(&why, ", and no stanza makes that ");
    text_string(&why, side_name(becomes.state));
    text_string(&why, becomes.is_approved ? " and approved" : "");
    model_violate(server->model, QUESTION_OF_SAVED_SIDES, why.bytes);
    text_free(&why);
}

void roster_saves_begin(struct watched_server *server, const struct core_store_request *request)
{
    struct roster_saves *saves = &server->roster_saves;
    const uint64_t account = account_of(request);
    /* A roster that is left of an account which was removed is not stored. */
    const bool is_judged = !saves->has_more && !is_under_way(saves, account) &&
                           disk_count(server->disk, request->username, request->host, CORE_STORE_ACCOUNT) > 0;
    for (size_t i = 0; i < request->entry_count && is_judged && !server->model->violated; i++)
        if (request->entries[i].key[0] != '\0' && request->entries[i].value != NULL)
            ask_entry(server, request, &request->entries[i]);
    if (saves->count == ROSTER_SAVES_MOST)
        saves->has_more = true;
    else
        saves->accounts[saves->count++] = account;
}

void roster_saves_end(struct watched_server *server, const struct core_store_request *request)
{
    struct roster_saves *saves = &server->roster_saves;
    const uint64_t account = account_of(request);
    size_t i = 0;
    while (i < saves->count && saves->accounts[i] != account)
        i++;
    if (i < saves->count)
        saves->accounts[i] = saves->accounts[--saves->count];
}

void roster_saves_forget(struct watched_server *server)
{
    server->roster_saves = (struct roster_saves){ 0 };
}

void roster_saves_describe(struct description *description, const struct roster_saves *saves)
{
    for (size_t i = 0; i < saves->count; i++)
        describe_line(description, "saves the roster of %016" PRIx64, saves->accounts[i]);
}

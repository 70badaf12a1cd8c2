#include "messages.h"

#include "../must.h"
#include "../world/heap.h"
#include "../world/server.h"
#include "limits.h"
#include "room.h"

#include <stdlib.h>
#include <string.h>

/* ---- Records ---- */

static void scan(struct connection *connection, struct stream_scan *scan, const struct border_record *record,
                 void (*found)(struct connection *connection, const struct scanned *scanned))
{
    struct scanned scanned;
    stream_scan_feed(scan, record->bytes, record->length);
    while ((scanned = stream_scan_next(scan)).kind != SCANNED_NOTHING)
        found(connection, &scanned);
}

static void begin_channel(struct connection *connection)
{
    stream_scan_free(&connection->in);
    stream_scan_free(&connection->out);
    login_free(&connection->login);
    connection->starts_tls = false;
    connection->is_secured = true;
    begin_again(connection);
}

static void connection_record(struct connection *connection, const struct border_record *record)
{
    list_add(connection, LIST_CONCERNED);
    list_add(connection, LIST_ACTIVE);
    switch (record->kind) {
    case BORDER_CAME:
        scan(connection, &connection->in, record, arrived);
        break;
    case BORDER_SENT:
        connection->is_blocked = record->length < record->offered;
        connection->has_backlog = connection->has_backlog || connection->is_blocked;
        scan(connection, &connection->out, record, departed);
        connection->has_backlog = connection->is_blocked;
        break;
    case BORDER_SECURED:
        begin_channel(connection);
        break;
    case BORDER_ENDED:
    case BORDER_CLOSED:
        close_connection(connection);
        break;
    default:
        break;
    }
}

/* What waited for it may be refused; what is kept may not have been loaded.  Presence needs no storage. */
static void storage_failed(struct watched_server *server, const struct core_store_request *request)
{
    origins_kept_doubted(server);
    const struct address name = { .local = { request->username, strlen(request->username) },
                                  .domain = { request->host, strlen(request->host) } };
    const struct account_facts *account = account_find(&server->accounts, account_hash(&name));
    messages_may_be_refused(server);
    const bool is_load = request->op == CORE_LOAD || request->op == CORE_COUNT;
    for (size_t i = 0; account != NULL && i < account->session_count; i++) {
        pending_doubt(account->sessions[i]);
        if (is_load)
            account->sessions[i]->lacks = server->came;
    }
}

/* What is kept was saved. */
static void crashed(struct watched_server *server)
{
    forget_all(server);
    messages_doubt(server, false);
    loads_forget(server);
    server->is_ending = false;
    server->was_idle = true;
    origins_kept_doubted(server);
    subscriptions_forget(server);
    roster_saves_forget(server);
    sights_forget(&server->sights);
    activities_forget(&server->activities);
    server->done = server->came;
}

static void asked_storage(struct watched_server *server, const struct core_store_request *request)
{
    if (request->op == CORE_SAVE && request->store == CORE_STORE_ROSTER)
        roster_saves_begin(server, request);
    else if (request->store == CORE_STORE_ACTIVITY)
        activities_saved(server, request);
    room_asked(server, request);
    loads_asked(server, request);
    server->has_storage = ++server->requests > 0;
}

static void storage_answered(struct watched_server *server, const struct core_store_request *request,
                             enum core_store_status status)
{
    if (request->op == CORE_SAVE && request->store == CORE_STORE_ROSTER)
        roster_saves_end(server, request);
    if (status == CORE_STORE_FAILED)
        subscriptions_doubt(server);
    if (status == CORE_STORED) {
        limits_stored(server, request);
    } else {
        storage_failed(server, request);
        loads_failed(server, request);
    }
    server->requests -= server->requests > 0;
}

/* Block lists on a disk are read from there, when they are needed. */
static void provided(struct watched_server *server, const struct provision *provision)
{
    const struct address name = { .local = { provision->username, strlen(provision->username) },
                                  .domain = { provision->domain, strlen(provision->domain) } };
    if (server->disk == NULL && provision->what == PROVIDE_BLOCKED)
        account_provided(&server->accounts, account_hash(&name), provision->jid);
}

static void server_record_came(struct watched_server *server, const struct border_record *record)
{
    server->is_ending = server->is_ending || record->kind == BORDER_SHUT_DOWN;
    if (record->kind == BORDER_ASKED)
        asked_storage(server, record->request);
    else if (record->kind == BORDER_STORED)
        storage_answered(server, record->request, record->status);
    else if (record->kind == BORDER_CRASHED || record->kind == BORDER_STARTED)
        crashed(server);
    else if (record->kind == BORDER_PROVIDED)
        provided(server, record->provision);
}

/* What it sends is told from each other as what clients send. */
static void order_arrived(struct watched_server *server, const struct border_record *record)
{
    struct element stanza;
    if (!element_find((struct span){ record->bytes, record->length }, NULL, &stanza, NULL))
        return;
    const struct scanned scanned = { .tag = stanza.tag };
    const struct stanza_head head = tag_stanza_head(&stanza.tag);
    if (head.from.bytes != NULL && is_ordered(stanza_kind_of(&scanned), head.type))
        order_came(&server->order, span_hash(head.from), id_of(head.id));
}

static void arrived_from_server(struct watched_server *server, const struct border_record *record)
{
    order_arrived(server, record);
    origins_arrived_from_server(server, record);
    subscriptions_arrived_from_server(server, record);
}

static void on_record(void *host, const struct border_record *record)
{
    struct watched_server *server = host;
    struct connection *connection;
    if (record->kind == BORDER_OPENED)
        open_connection(server, record->conn);
    else if (record->kind == BORDER_ARRIVED)
        arrived_from_server(server, record);
    else if (record->kind == BORDER_ROUTED)
        subscriptions_routed(server, record);
    else if (record->conn == 0)
        server_record_came(server, record);
    else if ((connection = connection_of(server, record->conn)) != NULL)
        connection_record(connection, record);
}

/* ---- The end of an event ---- */

/* Storage owes no answer, so nothing waits: all operations are done. */
static void settle(const struct watched_server *server, enum connection_list_kind kind)
{
    const struct connection_list *list = &server->lists[kind];
    for (size_t i = 0; i < list->count; i++)
        pending_done(list->items[i]);
    for (size_t i = 0; i < list->count; i++)
        session_facts_settle(list->items[i]->session, list->items[i]->is_blocked);
}

/* An allocation failed: what the event concerned may have been done or not. */
static void blur_concerned(struct watched_server *server)
{
    const struct connection_list *list = &server->lists[LIST_CONCERNED];
    for (size_t i = 0; i < list->count; i++) {
        struct session_facts *session = list->items[i]->session;
        session_facts_blur(session);
        session->is_unsure = session->may_lose_answers = true;
        origins_presence_doubted(server, session);
        pending_doubt(session);
        if (session->account != NULL)
            messages_doubt_account(session->account, true);
    }
    messages_doubt(server, list->count == 0);
    origins_kept_doubted(server);
    subscriptions_doubt(server);
    sights_doubt(server);
    activities_forget(&server->activities);
}

static void event_over(struct watched_server *server)
{
    const bool is_struck = heap_failures() != server->shortages;
    if (is_struck) {
        blur_concerned(server);
        copies_forget(server);
        loads_forget(server);
    }
    server->is_shaken = is_struck || (server->is_shaken && server->requests > 0);
    server->was_idle = server->requests == 0;
    server->shortages = heap_failures();
    if (server->requests == 0) {
        server->done = server->came;
        loads_idle(server);
        subscriptions_done(server, pending_came);
        activities_done(server);
        settle(server, LIST_CONCERNED);
        settle(server, LIST_OPEN);
        list_clear(server, LIST_OPEN);
    }
    limits_event_over(server);
    activities_event_over(server);
    for (size_t i = 0; i < server->lists[LIST_CONCERNED].count; i++)
        server->lists[LIST_CONCERNED].items[i]->session->has_returned = false;
    server->came_before = server->came;
    server->has_ended = false;
    list_clear(server, LIST_CONCERNED);
}

void model_event_over(struct model *model)
{
    for (size_t i = 0; i < model->server_count; i++)
        event_over(model->servers[i]);
}

/* ---- Quiescence ---- */

static void ask_quiet(struct model *model, const struct session_facts *session)
{
    struct text why = { 0 };
    const struct question *question;
    for (size_t i = 0; (question = question_at(i)) != NULL && !model->violated; i++) {
        if (question->quiet == NULL || !model_judge(model, i, question->quiet(session, &why)))
            continue;
        text_string(&why, ": the session of ");
        text_string(&why, session->full_jid != NULL ? session->full_jid : "a client without a resource");
        model_violate(model, i, why.bytes);
    }
    text_free(&why);
}

/* Nothing is open: what an account blocks is what is stored. */
static void rest(const struct watched_server *server, struct session_facts *session)
{
    session_facts_rest(session);
    if (session->account != NULL && session->account->has_other_blocks)
        learn_blocked(server, session->account, session->full_jid);
}

void model_quiet(struct model *model)
{
    for (size_t i = 0; i < model->server_count; i++) {
        struct watched_server *server = model->servers[i];
        const struct connection_list *list = &server->lists[LIST_ACTIVE];
        if (server->requests > 0)
            continue;
        for (size_t j = 0; j < list->count; j++)
            if (!list->items[j]->is_blocked)
                ask_quiet(model, list->items[j]->session);
        for (size_t j = 0; j < list->count && !model->violated; j++)
            pending_quiet(list->items[j]);
        messages_quiet(server);
        copies_quiet(server);
        sights_quiet(server);
        for (size_t j = 0; j < list->count; j++)
            rest(server, list->items[j]->session);
        list_clear(server, LIST_ACTIVE);
    }
}

/* ---- The model ---- */

struct model *model_new(struct world *world)
{
    struct model *model = must(calloc(1, sizeof *model));
    model->world = world;
    return model;
}

void model_free(struct model *model)
{
    for (size_t i = 0; i < model->server_count; i++) {
        forget_all(model->servers[i]);
        accounts_forget(&model->servers[i]->accounts);
        for (size_t kind = 0; kind < CONNECTION_LISTS; kind++)
            free(model->servers[i]->lists[kind].items);
        free(model->servers[i]->by_number);
        order_free(&model->servers[i]->order);
        origins_free(&model->servers[i]->origins);
        subscriptions_free(&model->servers[i]->subscriptions);
        sights_forget(&model->servers[i]->sights);
        activities_forget(&model->servers[i]->activities);
        free(model->servers[i]);
    }
    free(model->servers);
    free(model);
}

static bool is_asked(const struct question *question, struct capabilities has)
{
    return capabilities_have(has, question->needs);
}

size_t model_unasked(struct capabilities has)
{
    size_t count = 0;
    for (size_t i = 0; question_at(i) != NULL; i++)
        count += !is_asked(question_at(i), has);
    return count;
}

void model_add_server(struct model *model, struct server *server)
{
    struct watched_server *watched = must(calloc(1, sizeof *watched));
    watched->model = model;
    watched->server = server;
    watched->disk = server_disk(server);
    watched->settings = server_settings(server);
    watched->shortages = heap_failures();
    model->servers =
        must(realloc(model->servers, (model->server_count + 1) * sizeof(struct watched_server *)));
    model->servers[model->server_count++] = watched;
    for (size_t i = 0; question_at(i) != NULL; i++)
        model->lacks[i] = !is_asked(question_at(i), server_capabilities(server));
    server_watch(server, (struct border_watcher){ watched, on_record });
}

const struct model_violation *model_violation(const struct model *model)
{
    return model->violated ? &model->violation : NULL;
}

bool model_describe_question(size_t index, const char **name, const char **sentence, const char **source)
{
    const struct question *question = question_at(index);
    if (question == NULL)
        return false;
    *name = question->name;
    *sentence = question->sentence;
    *source = question->source;
    return true;
}

struct model_counts model_counts(const struct model *model, size_t index)
{
    return model->counts[index];
}

#include "checks_accounts.h"
#include "checks_requests.h"
#include "checks_table.h"

#include "../must.h"
#include "../world/heap.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whether a row can be checked for a server. */
static bool may_ask(const struct check *row, const struct server *server)
{
    return capabilities_have(server_capabilities(server), row->needs);
}

size_t checks_unasked(struct capabilities has)
{
    size_t count = model_unasked(has);
    for (size_t i = 0; check_row(i) != NULL; i++)
        count += !capabilities_have(has, check_row(i)->needs);
    return count;
}

struct check_counts checks_asked(const struct checks *checks, size_t index)
{
    const struct check *row = check_row(index);
    if (row != NULL && !may_ask(row, checks->servers[0]))
        return (struct check_counts){ 0 };
    if (row != NULL)
        return (struct check_counts){ .asked = checks->asked[row->occasion] };
    const struct model_counts counts = model_counts(checks->model, index - check_rows());
    return (struct check_counts){ counts.single + counts.several + counts.not_judged, counts.several,
                                  counts.not_judged };
}

/* ---- Running them ---- */

static struct finding begin_finding(struct checks *checks)
{
    return (struct finding){ checks, NULL, checks->violation.detail, sizeof checks->violation.detail };
}

static void violate(struct checks *checks, const struct check *row)
{
    checks->violated = true;
    checks->violation.name = row->name;
    checks->violation.sentence = row->sentence;
    checks->violation.source = row->source;
    checks->violation.time = world_now(checks->world);
    checks->violation.line = trace_count(world_trace(checks->world));
}

/* The first violation that the model has found becomes that of the checks. */
static void ask_model(struct checks *checks)
{
    const struct model_violation *found = model_violation(checks->model);
    struct check_violation *violation = &checks->violation;
    if (found == NULL || checks->violated)
        return;
    checks->violated = true;
    (void)model_describe_question(found->question, &violation->name, &violation->sentence,
                                  &violation->source);
    (void)snprintf(violation->detail, sizeof violation->detail, "%s", found->detail);
    violation->time = found->time;
    violation->line = found->line;
}

bool checks_possible(const struct checks *checks, const struct server *server, const char *full_jid,
                     struct model_view *view)
{
    return model_look(checks->model, server, full_jid, view);
}

static void name_session(struct checks *checks, const struct session_view *view)
{
    char *detail = checks->violation.detail;
    size_t length = strlen(detail);
    (void)snprintf(detail + length, sizeof checks->violation.detail - length, " (session %s of %s)",
                   session_type_name(view->type),
                   view->full_jid != NULL ? view->full_jid : shown(view->username));
}

/* The first row of each occasion, stored because it is needed after every event. */
static const struct check *first_row(const struct checks *checks, enum occasion occasion)
{
    return check_row(checks->first_rows[occasion]);
}

static void find_first_rows(struct checks *checks)
{
    enum occasion before = OCCASIONS;
    for (size_t i = 0; check_row(i) != NULL; i++) {
        const enum occasion occasion = check_row(i)->occasion;
        assert(before == OCCASIONS || before <= occasion);
        if (occasion != before)
            checks->first_rows[occasion] = i;
        before = occasion;
    }
}

static void check_session(struct checks *checks, const struct session *session,
                          const struct session_view *view)
{
    if (checks->violated)
        return;
    struct finding finding = begin_finding(checks);
    finding.session = session;
    checks->asked[ON_SESSION]++;
    checks->asked[ON_SESSION_IN_TABLES]++;
    const struct check *row = check_broken_by_session(&finding, ON_SESSION_IN_TABLES, view);
    if (row == NULL)
        return;
    violate(checks, row);
    name_session(checks, view);
}

static void check_server(struct checks *checks, enum occasion occasion)
{
    struct finding finding = begin_finding(checks);
    checks->asked[occasion] += !checks->violated;
    const struct check *row = first_row(checks, occasion);
    for (; row->occasion == occasion && !checks->violated; row++)
        if (may_ask(row, checks->server) && !row->server(&finding))
            violate(checks, row);
}

static void check_client(struct checks *checks, const struct watched *watched)
{
    const struct session *session = watched_session(watched);
    if (session == NULL)
        return;
    struct session_view view = session_look(session);
    struct finding finding = begin_finding(checks);
    checks->server = watched->server;
    checks->asked[ON_CLIENT] += !checks->violated;
    const struct check *row = first_row(checks, ON_CLIENT);
    for (; row->occasion == ON_CLIENT && !checks->violated; row++)
        if (!row->client(&finding, watched, &view))
            violate(checks, row);
}

/* Learns the presence subscriptions and the block list of a session's account, unless they were learnt since
 * its roster last changed. (A session keeps one roster, so the `mark` of the connection only holds the
 * revision.) */
static void learn(struct checks *checks, const struct session *session, const struct session_view *view,
                  uint64_t *mark)
{
    const struct roster *roster = view->roster;
    blocks_learn(&checks->blocks, server_inspect(checks->server), session);
    if (roster == NULL || *mark == inspect_roster_revision(roster) + 1)
        return;
    presence_model_learn(&checks->presence, view);
    *mark = inspect_roster_revision(roster) + 1;
}

/* The block list of an account without a session is read from storage. */
static bool is_still_blocked(const void *host, const char *owner, const char *jid)
{
    const struct server *server = server_of(host, owner);
    const struct core *core = server != NULL ? server_inspect(server) : NULL;
    struct account_name name;
    if (server == NULL || !account_name(&name, owner) ||
        (core != NULL && inspect_first_resource(core, owner) != NULL))
        return true;
    return disk_get(server_disk(server), name.local, name.domain, CORE_STORE_BLOCKLIST, jid) != NULL;
}

/* A roster may change without a stanza to the sessions of its account, and a session may be bound without one
 * if its connection takes no bytes. */
static void learn_stored_roster(struct checks *checks)
{
    const char *account = server_stored_for(checks->server);
    const struct core *core = account != NULL ? server_inspect(checks->server) : NULL;
    if (core == NULL)
        return;
    const struct session *session = inspect_first_resource(core, account);
    if (session != NULL) {
        const struct session_view view = session_look(session);
        presence_model_learn(&checks->presence, &view);
        blocks_learn(&checks->blocks, core, session);
    } else {
        presence_model_learn_stored(&checks->presence, account, server_disk(checks->server));
        blocks_reread(&checks->blocks, is_still_blocked, checks);
    }
}

/* Prefetches all of them at once, so that the waits overlap. */
static void prefetch_touched(const struct checks *checks)
{
    const size_t touched = server_touched(checks->server);
    if (touched <= 1)
        return;
    const struct core *core = server_inspect(checks->server);
    for (size_t i = 0; i < touched; i++) {
        const struct conn *conn = server_touched_conn(checks->server, i);
        if (conn != NULL)
            inspect_prefetch(core, inspect_conn(conn));
    }
}

static void after_event(struct checks *checks)
{
    prefetch_touched(checks);
    for (size_t i = 0; i < server_touched(checks->server); i++) {
        const struct conn *conn = server_touched_conn(checks->server, i);
        if (conn == NULL)
            continue;
        const struct session *session = inspect_conn(conn);
        const struct session_view view = session_look(session);
        check_session(checks, session, &view);
        learn(checks, session, &view, server_touched_mark(checks->server, i));
    }
    learn_stored_roster(checks);
    check_server(checks, ON_EVENT);
    server_forget_touched(checks->server);
}

/* A world_watcher, called after each event. */
static void on_event(void *host)
{
    struct checks *checks = host;
    model_event_over(checks->model);
    ask_model(checks);
    for (size_t i = 0; i < checks->server_count; i++) {
        checks->server = checks->servers[i];
        after_event(checks);
    }
}

static void when_quiet(struct checks *checks)
{
    const struct core *core = server_inspect(checks->server);
    if (core == NULL)
        return;
    for (const struct session *s = inspect_first_session(core); s != NULL; s = inspect_next_session(s)) {
        const struct session_view view = session_look(s);
        check_session(checks, s, &view);
        presence_model_learn(&checks->presence, &view);
        blocks_learn(&checks->blocks, core, s);
    }
    check_server(checks, ON_TABLES);
}

static bool is_bound(const void *host, const char *full_jid)
{
    const struct checks *checks = host;
    const struct server *server = server_of(checks, full_jid);
    const struct core *core = server != NULL ? server_inspect(server) : NULL;
    return core != NULL && inspect_full_jid(core, full_jid) != NULL;
}

/* Whether the presence of contacts that it is sent when it comes online may wait until it acknowledges what it has. */
static bool is_paced(const struct client *client)
{
    const struct client_counts counts = client_counts(client);
    return counts.managed && (!client_answers(client) || counts.claimed != counts.received);
}

static void remember(struct watched *watched)
{
    watched->endings = watched_endings(watched);
    watched->lagged = !net_transport_flows(watched->transport);
    const bool is_away = client_full_jid(watched->client) == NULL ||
                         client_state(watched->client) != CLIENT_BOUND; /* and may resume */
    watched->announced = watched->announced && (watched->lagged || is_away || is_paced(watched->client));
}

/* Whether a connection has ended since the previous quiescence. */
static bool has_any_ended(const struct checks *checks)
{
    size_t i = 0;
    while (i < checks->client_count && watched_endings(checks->clients[i]) == checks->clients[i]->endings)
        i++;
    return i < checks->client_count;
}

/* The checks that need inspection, if the server supports it. */
static void check_views(struct checks *checks)
{
    if (!server_lets_look(checks->servers[0]))
        return;
    for (size_t i = 0; i < checks->client_count; i++)
        check_client(checks, checks->clients[i]);
    presence_model_quiet(&checks->presence, is_bound, checks);
    blocks_reread(&checks->blocks, is_still_blocked, checks);
    blocks_quiet(&checks->blocks);
}

void checks_quiet(struct checks *checks)
{
    checks->judges = true;
    model_quiet(checks->model);
    ask_model(checks);
    checks->somebody_is_held = accounts_somebody_held(checks);
    checks->stirs += checks->somebody_is_held || has_any_ended(checks);
    durability_quiet(&checks->durability);
    for (size_t i = 0; i < checks->server_count; i++) {
        checks->server = checks->servers[i];
        when_quiet(checks);
    }
    check_views(checks);
    for (size_t i = 0; i < checks->server_count; i++) {
        checks->server = checks->servers[i];
        check_server(checks, ON_DISK);
    }
    for (size_t i = 0; i < checks->client_count; i++)
        remember(checks->clients[i]);
}

void checks_memory(struct checks *checks, const struct heap_use *before)
{
    struct heap_use now = heap_use();
    checks->asked[ON_MEMORY] += !checks->violated;
    if (checks->violated || (now.bytes == before->bytes && now.blocks == before->blocks))
        return;
    const struct check *row = first_row(checks, ON_MEMORY);
    if (!may_ask(row, checks->servers[0]))
        return;
    struct finding finding = begin_finding(checks);
    found(&finding, "%zu bytes in %zu blocks were not freed", now.bytes - before->bytes,
          now.blocks - before->blocks);
    violate(checks, row);
}

/* ---- What clients send and receive ---- */

/* Directed presence that the server refused reached no client. (A subscription request is sent on behalf of
 * the account, and so is its refusal.) */
static void note_refusal(const struct watched *w, const struct receipt *r)
{
    const struct xml *error = xml_child(r->stanza, "error", XML_NS_CLIENT);
    const char *from = client_full_jid(w->client);
    if (error != NULL && r->from != NULL && from != NULL && same_string(r->to, from) &&
        xml_child(error, "resource-constraint", "urn:ietf:params:xml:ns:xmpp-stanzas") != NULL)
        presence_model_refuse(&w->checks->presence, from, r->from);
}

static enum receipt_kind kind_of(const char *name)
{
    switch (*name) {
    case 'm':
        return strcmp(name, "message") == 0 ? RECEIVED_MESSAGE : RECEIVED_OTHER;
    case 'p':
        return strcmp(name, "presence") == 0 ? RECEIVED_PRESENCE : RECEIVED_OTHER;
    case 'i':
        return strcmp(name, "iq") == 0 ? RECEIVED_IQ : RECEIVED_OTHER;
    default:
        return RECEIVED_OTHER;
    }
}

static struct receipt read_receipt(const struct xml *stanza)
{
    return (struct receipt){ .stanza = stanza,
                             .kind = kind_of(stanza->name),
                             .from = xml_get(stanza, "from"),
                             .to = xml_get(stanza, "to"),
                             .type = xml_get(stanza, "type") };
}

static void note_receipt(struct watched *watched, struct client *client, const struct receipt *receipt)
{
    struct checks *checks = watched->checks;
    switch (receipt->kind) {
    case RECEIVED_MESSAGE:
        fates_received(&checks->fates, client, receipt->stanza);
        break;
    case RECEIVED_PRESENCE:
        note_refusal(watched, receipt);
        break;
    case RECEIVED_IQ:
        durability_received(&checks->durability, client, receipt->stanza);
        requests_received(watched, receipt->stanza);
        break;
    case RECEIVED_OTHER:
        break;
    }
}

/* The rows apply to stanzas only, not to stream negotiation or acknowledgements. */
/* Unavailable presence, before the client takes it in. */
static void note_leave(struct presence_model *presence, const struct client *client, const char *from)
{
    const char *by = client_full_jid(client);
    const size_t length = strlen(from);
    if (by == NULL)
        return;
    presence_model_told(presence, from, by);
    for (const struct client_online *o = client_online(client); o != NULL; o = o->next)
        if (strncmp(o->jid, from, length) == 0 && o->jid[length] == '/')
            presence_model_gone(presence, o->jid, by);
}

static void on_received(void *host, struct client *client, const struct xml *element)
{
    struct watched *watched = host;
    struct checks *checks = watched->checks;
    struct finding finding = begin_finding(checks);
    checks->server = watched->server;
    checks->asked[ON_RECEIPT] += !checks->violated;
    if (strcmp(element->ns, XML_NS_CLIENT) != 0)
        return;
    const struct receipt receipt = read_receipt(element);
    const struct check *row = first_row(checks, ON_RECEIPT);
    for (; row->occasion == ON_RECEIPT && !checks->violated; row++)
        if (may_ask(row, checks->server) && !row->receipt(&finding, watched, &receipt))
            violate(checks, row);
    note_receipt(watched, client, &receipt);
    if (receipt.kind == RECEIVED_PRESENCE && receipt.from != NULL && same_string(receipt.type, "unavailable"))
        note_leave(&checks->presence, client, receipt.from);
}

/* A client whose session was replaced, and that does not know it yet, does not speak for the new session with
 * its full JID. */
static bool is_heard(const struct watched *w)
{
    return w->transport->link == NULL || server_conn_of(w->server, w->transport->link) != NULL ||
           server_inspect(w->server) == NULL;
}

static bool is_held_up(const struct watched *w)
{
    return w->transport->link != NULL && link_is_stalled(w->transport->link, NET_SERVER);
}

/* Whether what it sends may not arrive, or be refused in a way that it does not read. */
static bool is_unsure(const struct watched *w)
{
    return is_held_up(w) || !net_transport_flows(w->transport);
}

static void note_rights(const struct watched *w, const char *type, const char *from, const char *to)
{
    struct presence_model *rights = &w->checks->presence;
    bool leaves = type != NULL && strcmp(type, "unavailable") == 0;
    if (to != NULL && is_unsure(w))
        presence_model_doubt(rights, from, to);
    else if (to != NULL && same_string(type, "probe"))
        presence_model_ask(rights, to, from);
    else if (to != NULL && (type == NULL || leaves))
        presence_model_direct(rights, from, to, type == NULL);
    else if (to == NULL && leaves && !is_held_up(w))
        presence_model_leave(rights, from);
    else if (to == NULL && type == NULL && !is_held_up(w))
        presence_model_broadcast(rights, from);
}

static void on_sent(void *host, struct client *client, const struct xml *stanza)
{
    struct watched *watched = host;
    /* Messages are not tracked when checks_quiet is never called, as in a benchmark. */
    if (watched->checks->judges) {
        fates_sent(&watched->checks->fates, client, stanza);
        durability_sent(&watched->checks->durability, client, stanza, is_held_up(watched));
        requests_sent(watched, stanza);
    }
    const char *to = xml_get(stanza, "to");
    const char *from = client_full_jid(client);
    if (!xml_is(stanza, "presence", XML_NS_CLIENT))
        return;
    if (!is_heard(watched)) {
        if (from != NULL && to != NULL && client_counts(client).managed)
            presence_model_doubt(&watched->checks->presence, from,
                                 to); /* the client repeats its presence after resumption */
        return;
    }
    watched->spoke_unnamed = watched->spoke_unnamed || from == NULL;
    watched->announced = watched->announced || to == NULL;
    if (from == NULL)
        return;
    note_rights(watched, xml_get(stanza, "type"), from, to);
}

static void on_unclear(void *host, struct client *client)
{
    struct watched *watched = host;
    watched->unclear = true;
    fates_unclear(&watched->checks->fates, client);
}

static struct server *server_at(const struct checks *checks, const struct net_transport *transport)
{
    size_t i = 0;
    while (server_net(checks->servers[i]) != transport->net)
        i++;
    assert(i < checks->server_count);
    return checks->servers[i];
}

void checks_add_client(struct checks *checks, struct client *client, const struct net_transport *transport)
{
    struct watched *watched = must(malloc(sizeof *watched));
    *watched = (struct watched){
        .checks = checks, .server = server_at(checks, transport), .client = client, .transport = transport
    };
    checks->clients = must(realloc(checks->clients, (checks->client_count + 1) * sizeof(struct watched *)));
    checks->clients[checks->client_count++] = watched;
    accounts_add(checks, watched);
    client_observe(client, (struct client_observer){ watched, on_received, on_sent, on_unclear, NULL });
}

struct checks *checks_new(struct world *world, struct server *server)
{
    struct checks *checks = must(calloc(1, sizeof *checks));
    checks->world = world;
    checks->model = model_new(world);
    find_first_rows(checks);
    checks_add_server(checks, server);
    checks->server = server;
    checks->heap_failures = heap_failures();
    checks->fates = (struct fates){ .endings = accounts_endings,
                                    .held = accounts_held,
                                    .lost = accounts_lost,
                                    .apart = accounts_apart,
                                    .hushed = accounts_hushed,
                                    .endings_before = accounts_endings_before,
                                    .haunted = accounts_haunted,
                                    .present = accounts_present,
                                    .forgotten = accounts_forgotten,
                                    .stirs = accounts_stirs,
                                    .host = checks };
    world_watch(world, on_event, checks);
    return checks;
}

void checks_add_server(struct checks *checks, struct server *server)
{
    const size_t count = checks->server_count + 1;
    checks->servers = must(realloc(checks->servers, count * sizeof(struct server *)));
    checks->disks = must(realloc(checks->disks, count * sizeof(struct disk *)));
    checks->servers[checks->server_count] = server;
    checks->disks[checks->server_count++] = server_disk(server);
    model_add_server(checks->model, server);
}

void checks_free(struct checks *checks)
{
    for (size_t i = 0; i < checks->client_count; i++) {
        requests_free(checks->clients[i]);
        free(checks->clients[i]);
    }
    free(checks->clients);
    accounts_free(checks);
    free(checks->servers);
    free(checks->disks);
    presence_model_free(&checks->presence);
    blocks_free(&checks->blocks);
    fates_free(&checks->fates);
    durability_free(&checks->durability);
    model_free(checks->model);
    free(checks);
}

const struct check_violation *checks_violation(const struct checks *checks)
{
    return checks->violated ? &checks->violation : NULL;
}

#include "checks_rows.h"

#include "../must.h"
#include "../world/heap.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool found(const struct finding *finding, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(finding->detail, finding->size, format, arguments);
    va_end(arguments);
    return false;
}

const char *shown(const char *value)
{
    return value != NULL ? value : "(unset)";
}

/* ---- The table ---- */

#define SEED "doc/session.txt"

/* The rows of one occasion stand together, and the occasions in their order. */
static const struct check {
    const char *name;
    const char *sentence;
    const char *source;
    enum occasion occasion;
    bool (*session)(const struct finding *, const struct session_view *);
    bool (*server)(const struct finding *);
    bool (*client)(const struct finding *, const struct watched *, const struct session_view *);
    bool (*receipt)(const struct finding *, const struct watched *, const struct xml *);
} table[] = {
    { .name = "connected-resource",
      .sentence = "if session.full_jid (also session.roster and session.resource) then this is a "
                  "\"connected resource\"",
      .source = SEED,
      .occasion = ON_SESSION,
      .session = connected_resource },
    { .name = "bound-type",
      .sentence = "full_jid is not defined before resource binding, and binding makes the session c2s",
      .source = SEED,
      .occasion = ON_SESSION,
      .session = bound_when_typed_so },
    { .name = "available-is-connected",
      .sentence = "all available resources are connected resources",
      .source = SEED,
      .occasion = ON_SESSION,
      .session = available_is_connected },
    { .name = "interested-is-connected",
      .sentence = "all interested resources are connected resources",
      .source = SEED,
      .occasion = ON_SESSION,
      .session = interested_is_connected },
    { .name = "username-after-authentication",
      .sentence = "username is not defined before auth",
      .source = SEED,
      .occasion = ON_SESSION,
      .session = username_after_authentication },
    { .name = "host-after-opening",
      .sentence = "host is not defined before stream initiation",
      .source = SEED,
      .occasion = ON_SESSION,
      .session = host_after_opening },
    { .name = "full-jid-is-its-parts",
      .sentence = "full_jid is username, host and resource in username@host/resource form",
      .source = SEED,
      .occasion = ON_SESSION,
      .session = full_jid_is_its_parts },
    { .name = "priority-needs-presence",
      .sentence = "the resource priority is 0 until presence says otherwise",
      .source = SEED,
      .occasion = ON_SESSION,
      .session = priority_needs_presence },
    { .name = "presence-is-undirected",
      .sentence = "presence is the last non-directed presence with no type attribute",
      .source = SEED,
      .occasion = ON_SESSION,
      .session = presence_is_undirected },
    { .name = "hibernating-has-no-connection",
      .sentence = "a session has no connection while it hibernates, and only then",
      .source = "XEP-0198, 5",
      .occasion = ON_SESSION,
      .session = hibernating_has_no_connection },
    { .name = "tables-have-session",
      .sentence = "a connected resource is in the table of full JIDs and in that of bare JIDs",
      .source = "core/session/core_state.h",
      .occasion = ON_SESSION_IN_TABLES,
      .session = tables_have_session },
    { .name = "encrypted-before-login",
      .sentence = "where TLS is mandatory nothing else is negotiated before it",
      .source = "RFC 6120, 5.3.1",
      .occasion = ON_SESSION_IN_TABLES,
      .session = encrypted_before_login },
    { .name = "handshake-is-alone",
      .sentence = "nothing is sent between <proceed/> and the end of the handshake",
      .source = "RFC 6120, 5.4.2.3",
      .occasion = ON_EVENT,
      .server = nothing_disturbs_a_handshake },
    { .name = "destroyed-is-silent",
      .sentence = "a destroyed session is sent nothing",
      .source = SEED,
      .occasion = ON_EVENT,
      .server = the_destroyed_are_left_alone },
    { .name = "costs-are-bounded",
      .sentence = "the bytes written to each recipient, the memory and the work are at most a multiple of "
                  "the bytes read",
      .source = "sim/world/costs.h",
      .occasion = ON_EVENT,
      .server = costs_are_bounded },
    { .name = "tables-agree",
      .sentence = "every table of sessions agrees with every other",
      .source = "core/session/core_state.h",
      .occasion = ON_TABLES,
      .server = tables_agree },
    { .name = "quiet-means-done",
      .sentence = "when nothing is under way nobody waits for anything",
      .source = "core/account/user.h",
      .occasion = ON_TABLES,
      .server = quiet_means_done },
    { .name = "block-lists-are-durable",
      .sentence = "whom the server keeps out is whom its storage has",
      .source = "core/account/user.h",
      .occasion = ON_TABLES,
      .server = block_lists_are_durable },
    { .name = "messages-are-conserved",
      .sentence = "every message accepted is delivered, stored or bounced, exactly one of the three",
      .source = "RFC 6121, 8.5",
      .occasion = ON_TABLES,
      .server = messages_are_conserved },
    { .name = "durability",
      .sentence = "what a client was told is done is in storage, whether the server crashes or not",
      .source = "core/account/user.h",
      .occasion = ON_DISK,
      .server = what_was_told_is_stored },
    { .name = "encrypted-at-both-ends",
      .sentence = "a channel is encrypted for both of its ends or for none",
      .source = "RFC 6120, 5.4.3.3",
      .occasion = ON_CLIENT,
      .client = encrypted_at_both_ends },
    { .name = "interested-when-asked",
      .sentence = "interested is true if the resource requested the roster",
      .source = SEED,
      .occasion = ON_CLIENT,
      .client = interested_when_asked },
    { .name = "roster-converges",
      .sentence = "interested resources receive roster updates",
      .source = "RFC 6121, 2.1.6",
      .occasion = ON_CLIENT,
      .client = roster_converges },
    { .name = "nobody-lingers",
      .sentence = "unavailable is announced to all who saw available",
      .source = "RFC 6121, 4.5.2",
      .occasion = ON_CLIENT,
      .client = nobody_lingers },
    { .name = "everybody-is-seen",
      .sentence = "presence is broadcast to all who are subscribed to it",
      .source = "RFC 6121, 4.2.2",
      .occasion = ON_CLIENT,
      .client = everybody_is_seen },
    { .name = "counts-agree",
      .sentence = "a resumed session has missed nothing and seen nothing twice",
      .source = "XEP-0198, 5",
      .occasion = ON_CLIENT,
      .client = counts_agree },
    { .name = "requests-are-answered",
      .sentence = "an iq request is answered, and answered once",
      .source = "RFC 6120, 8.2.3",
      .occasion = ON_CLIENT,
      .client = requests_are_answered },
    { .name = "pushes-to-the-interested",
      .sentence = "interested resources, and no others, receive roster pushes",
      .source = "RFC 6121, 2.1.6",
      .occasion = ON_RECEIPT,
      .receipt = pushes_to_the_interested },
    { .name = "versions-rise",
      .sentence = "the version in a roster push is unique, and pushes come in the order of the changes",
      .source = "RFC 6121, 2.6.3",
      .occasion = ON_RECEIPT,
      .receipt = versions_rise },
    { .name = "presence-needs-a-right",
      .sentence = "nobody sees presence that he has no right to",
      .source = "RFC 6121, 4.2.2",
      .occasion = ON_RECEIPT,
      .receipt = presence_needs_a_right },
    { .name = "unavailable-once",
      .sentence = "unavailable is announced once, and only to those who saw available",
      .source = "RFC 6121, 4.5.2",
      .occasion = ON_RECEIPT,
      .receipt = unavailable_once },
    { .name = "nothing-from-the-blocked",
      .sentence = "once the user has blocked a JID, no stanza from it is delivered to the user",
      .source = "XEP-0191, 3.3",
      .occasion = ON_RECEIPT,
      .receipt = nothing_from_the_blocked },
    { .name = "the-blocked-learn-nothing",
      .sentence = "the user will appear offline to the blocked JID",
      .source = "XEP-0191, 3.3",
      .occasion = ON_RECEIPT,
      .receipt = the_blocked_learn_nothing },
    { .name = "copies-are-for-others",
      .sentence = "nobody is sent a copy of what he sent himself",
      .source = "XEP-0280, 8",
      .occasion = ON_RECEIPT,
      .receipt = copies_are_for_others },
    { .name = "nothing-leaks",
      .sentence = "a core that ends gives back all the memory that it took",
      .source = "core/include/core.h",
      .occasion = ON_MEMORY },
};
enum { ROWS = sizeof table / sizeof table[0] };

bool checks_describe(size_t index, const char **name, const char **sentence, const char **source)
{
    if (index >= ROWS)
        return false;
    *name = table[index].name;
    *sentence = table[index].sentence;
    *source = table[index].source;
    return true;
}

uint64_t checks_asked(const struct checks *checks, size_t index)
{
    assert(index < ROWS);
    return checks->asked[table[index].occasion];
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

static void name_session(struct checks *checks, const struct session_view *view)
{
    char *detail = checks->violation.detail;
    size_t length = strlen(detail);
    (void)snprintf(detail + length, sizeof checks->violation.detail - length, " (session %s of %s)",
                   session_type_name(view->type),
                   view->full_jid != NULL ? view->full_jid : shown(view->username));
}

/* Where the rows of an occasion begin, for it is asked after each event. */
static const struct check *first_row(const struct checks *checks, enum occasion occasion)
{
    return &table[checks->first_rows[occasion]];
}

static void find_first_rows(struct checks *checks)
{
    for (size_t i = ROWS; i-- > 0;) {
        assert(i == 0 || table[i - 1].occasion <= table[i].occasion);
        checks->first_rows[table[i].occasion] = i;
    }
}

/* The first row that a session violates, of those on sessions up to an occasion; or NULL. */
static const struct check *judge_session(const struct finding *finding, enum occasion last,
                                         const struct session_view *view)
{
    assert(last <= ON_SESSION_IN_TABLES);
    for (const struct check *row = table; row->occasion <= last; row++)
        if (!row->session(finding, view))
            return row;
    return NULL;
}

const char *checks_judge_session(const struct session_view *view, char *detail, size_t size)
{
    assert(size > 0);
    detail[0] = '\0';
    struct finding finding = { NULL, NULL, detail, size };
    const struct check *row = judge_session(&finding, ON_SESSION, view);
    return row != NULL ? row->name : NULL;
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
    const struct check *row = judge_session(&finding, ON_SESSION_IN_TABLES, view);
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
        if (!row->server(&finding))
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

/* Whom a session's account lets see it, unless that was learnt since its roster last changed (a session's
 * roster stays the same one, so `mark`, which is kept with the connection, need only tell the revision); and
 * whom it has blocked. */
static void learn(struct checks *checks, const struct session *session, const struct session_view *view,
                  uint64_t *mark)
{
    const struct roster *roster = view->roster;
    blocks_learn(&checks->blocks, server_inspect(checks->server), session);
    if (roster == NULL || *mark == inspect_roster_revision(roster) + 1)
        return;
    rights_learn(&checks->rights, view);
    *mark = inspect_roster_revision(roster) + 1;
}

/* Of an account that nobody is there to read it from, the block list is the one in storage. */
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

/* A roster may change without a word to its own account's sessions, and a session may be bound without a word
 * to it, where its connection takes none. */
static void learn_stored_roster(struct checks *checks)
{
    const char *account = server_stored_for(checks->server);
    const struct core *core = account != NULL ? server_inspect(checks->server) : NULL;
    if (core == NULL)
        return;
    const struct session *session = inspect_first_resource(core, account);
    if (session != NULL) {
        const struct session_view view = session_look(session);
        rights_learn(&checks->rights, &view);
        blocks_learn(&checks->blocks, core, session);
    } else {
        rights_forget_roster(&checks->rights, account);
        blocks_reread(&checks->blocks, is_still_blocked, checks);
    }
}

/* All of them at once: one after the other each would be waited for. */
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

void checks_event(void *host)
{
    struct checks *checks = host;
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
        rights_learn(&checks->rights, &view);
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

static void remember(struct watched *watched)
{
    watched->endings = watched_endings(watched);
    watched->lagged = !net_transport_flows(watched->transport);
    watched->announced = watched->announced && watched->lagged;
}

/* What needs a look inside, where there is one to be had. */
static void check_views(struct checks *checks)
{
    if (!server_lets_look(checks->servers[0]))
        return;
    for (size_t i = 0; i < checks->client_count; i++)
        check_client(checks, checks->clients[i]);
    rights_quiet(&checks->rights, is_bound, checks);
    blocks_reread(&checks->blocks, is_still_blocked, checks);
    blocks_quiet(&checks->blocks);
}

void checks_quiet(struct checks *checks)
{
    checks->judges = true;
    checks->somebody_is_held = accounts_somebody_held(checks);
    promises_quiet(&checks->promises);
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
    struct finding finding = begin_finding(checks);
    found(&finding, "%zu bytes in %zu blocks were not given back", now.bytes - before->bytes,
          now.blocks - before->blocks);
    violate(checks, row);
}

/* ---- What clients send and receive ---- */

/* What a client directed, and its server would not take note of, has gone to nobody.  (A request is sent on
 * behalf of the account, and so is its refusal.) */
static void note_refusal(const struct watched *w, const struct xml *stanza)
{
    if (!xml_is(stanza, "presence", XML_NS_CLIENT))
        return;
    const struct xml *error = xml_child(stanza, "error", XML_NS_CLIENT);
    const char *by = xml_get(stanza, "from");
    const char *from = client_full_jid(w->client);
    if (error != NULL && by != NULL && from != NULL && same_string(xml_get(stanza, "to"), from) &&
        xml_child(error, "resource-constraint", "urn:ietf:params:xml:ns:xmpp-stanzas") != NULL)
        rights_refuse(&w->checks->rights, from, by);
}

/* The rows are about stanzas: what negotiates a stream, or acknowledges, passes them all. */
static void on_received(void *host, struct client *client, const struct xml *element)
{
    struct watched *watched = host;
    struct checks *checks = watched->checks;
    struct finding finding = begin_finding(checks);
    checks->server = watched->server;
    checks->asked[ON_RECEIPT] += !checks->violated;
    if (strcmp(element->ns, XML_NS_CLIENT) != 0)
        return;
    const struct check *row = first_row(checks, ON_RECEIPT);
    for (; row->occasion == ON_RECEIPT && !checks->violated; row++)
        if (!row->receipt(&finding, watched, element))
            violate(checks, row);
    post_received(&checks->post, client, element);
    promises_received(&checks->promises, client, element);
    requests_received(watched, element);
    note_refusal(watched, element);
}

/* Whoever was thrown out and does not know it yet says nothing for the one who has his address now. */
static bool is_heard(const struct watched *w)
{
    return w->transport->link == NULL || server_conn_of(w->server, w->transport->link) != NULL ||
           server_inspect(w->server) == NULL;
}

static bool is_held_up(const struct watched *w)
{
    return w->transport->link != NULL && link_is_stalled(w->transport->link, NET_SERVER);
}

static void note_presence(const struct watched *w, const char *type, const char *from, const char *to)
{
    struct rights *rights = &w->checks->rights;
    bool leaves = type != NULL && strcmp(type, "unavailable") == 0;
    if (to != NULL && is_held_up(w))
        rights_doubt(rights, from, to);
    else if (to != NULL && same_string(type, "probe"))
        rights_ask(rights, to, from);
    else if (to != NULL && (type == NULL || leaves))
        rights_direct(rights, from, to, type == NULL);
    else if (to == NULL && leaves && !is_held_up(w))
        rights_leave(rights, from);
    else if (to == NULL && type == NULL && !is_held_up(w))
        rights_broadcast(rights, from);
}

static void on_sent(void *host, struct client *client, const struct xml *stanza)
{
    struct watched *watched = host;
    /* Where nobody asks what became of the messages, as in a benchmark, nobody needs to know which there
     * were. */
    if (watched->checks->judges) {
        post_sent(&watched->checks->post, client, stanza);
        promises_sent(&watched->checks->promises, client, stanza, is_held_up(watched));
        requests_sent(watched, stanza);
    }
    const char *to = xml_get(stanza, "to");
    const char *from = client_full_jid(client);
    if (!xml_is(stanza, "presence", XML_NS_CLIENT))
        return;
    if (!is_heard(watched)) {
        if (from != NULL && to != NULL && client_counts(client).managed)
            rights_doubt(&watched->checks->rights, from, to); /* it will say so again once it has resumed */
        return;
    }
    watched->spoke_unnamed = watched->spoke_unnamed || from == NULL;
    if (from == NULL)
        return;
    watched->announced = watched->announced || to == NULL;
    note_presence(watched, xml_get(stanza, "type"), from, to);
}

struct server *server_of(const struct checks *checks, const char *jid)
{
    for (size_t i = 0; i < checks->server_count; i++)
        if (server_serves(checks->servers[i], jid))
            return checks->servers[i];
    return NULL;
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
    client_observe(client, (struct client_observer){ watched, on_received, on_sent });
}

struct checks *checks_new(struct world *world, struct server *server)
{
    struct checks *checks = must(calloc(1, sizeof *checks));
    checks->world = world;
    find_first_rows(checks);
    checks_add_server(checks, server);
    checks->server = server;
    checks->heap_failures = heap_failures();
    checks->post = (struct post){ .endings = accounts_endings,
                                  .held = accounts_held,
                                  .lost = accounts_lost,
                                  .apart = accounts_apart,
                                  .hushed = accounts_hushed,
                                  .endings_before = accounts_endings_before,
                                  .haunted = accounts_haunted,
                                  .present = accounts_present,
                                  .forgotten = accounts_forgotten,
                                  .host = checks };
    world_watch(world, checks_event, checks);
    return checks;
}

void checks_add_server(struct checks *checks, struct server *server)
{
    const size_t count = checks->server_count + 1;
    checks->servers = must(realloc(checks->servers, count * sizeof(struct server *)));
    checks->disks = must(realloc(checks->disks, count * sizeof(struct disk *)));
    checks->servers[checks->server_count] = server;
    checks->disks[checks->server_count++] = server_disk(server);
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
    rights_free(&checks->rights);
    blocks_free(&checks->blocks);
    post_free(&checks->post);
    promises_free(&checks->promises);
    free(checks);
}

const struct check_violation *checks_violation(const struct checks *checks)
{
    return checks->violated ? &checks->violation : NULL;
}

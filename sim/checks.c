#include "checks.h"

#include "blocks.h"
#include "heap.h"
#include "must.h"
#include "net_transport.h"
#include "post.h"
#include "rights.h"

#include "../core/inspect.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A client and the link that tells which session is its. */
struct watched {
    struct checks *checks;
    struct client *client;
    const struct net_transport *transport;
};

struct checks {
    struct world *world;
    struct server *server;
    struct watched **clients;
    size_t client_count;
    struct rights rights;
    struct blocks blocks;
    struct post post;
    bool violated;
    struct check_violation violation;
};

/* What a check finds; it writes into the violation's detail and says false. */
struct finding {
    struct checks *checks;
    char *detail;
    size_t size;
};

__attribute__((format(printf, 2, 3))) static bool found(const struct finding *finding, const char *format,
                                                        ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(finding->detail, finding->size, format, arguments);
    va_end(arguments);
    return false;
}

static const char *shown(const char *value)
{
    return value != NULL ? value : "(unset)";
}

/* ---- On a session: the statements of the seed document ---- */

static bool connected_resource(const struct finding *f, const struct session_view *s)
{
    bool full_jid = s->full_jid != NULL;
    if (full_jid == (s->resource != NULL) && full_jid == (s->roster != NULL))
        return true;
    return found(f, "full_jid is %s, resource is %s, roster is %s", shown(s->full_jid), shown(s->resource),
                 s->roster != NULL ? "loaded" : "(unset)");
}

static bool bound_when_typed_so(const struct finding *f, const struct session_view *s)
{
    if ((s->type == SESSION_C2S) == (s->full_jid != NULL))
        return true;
    return found(f, "the type is %s and full_jid is %s", session_type_name(s->type), shown(s->full_jid));
}

static bool available_is_connected(const struct finding *f, const struct session_view *s)
{
    if (s->presence == NULL || s->full_jid != NULL)
        return true;
    return found(f, "there is presence, and no full_jid");
}

static bool interested_is_connected(const struct finding *f, const struct session_view *s)
{
    if (!s->interested || s->full_jid != NULL)
        return true;
    return found(f, "the session is interested, and has no full_jid");
}

static bool username_after_authentication(const struct finding *f, const struct session_view *s)
{
    if ((s->type == SESSION_C2S_UNAUTHED) == (s->username == NULL))
        return true;
    return found(f, "the type is %s and username is %s", session_type_name(s->type), shown(s->username));
}

/* A stream that is restarting is not open, and keeps the host that it had. */
static bool host_after_opening(const struct finding *f, const struct session_view *s)
{
    if (s->host != NULL || (s->notopen && s->type == SESSION_C2S_UNAUTHED))
        return true;
    return found(f, "the type is %s, the stream is %s, and host is unset", session_type_name(s->type),
                 s->notopen ? "not open" : "open");
}

static bool full_jid_is_its_parts(const struct finding *f, const struct session_view *s)
{
    if (s->full_jid == NULL)
        return true;
    size_t username = strlen(s->username);
    size_t host = strlen(s->host);
    const char *jid = s->full_jid;
    if (strncmp(jid, s->username, username) == 0 && jid[username] == '@' &&
        strncmp(jid + username + 1, s->host, host) == 0 && jid[username + 1 + host] == '/' &&
        strcmp(jid + username + host + 2, s->resource) == 0)
        return true;
    return found(f, "full_jid is %s, of %s, %s and %s", jid, s->username, s->host, s->resource);
}

static bool priority_needs_presence(const struct finding *f, const struct session_view *s)
{
    if (s->presence != NULL || s->priority == 0)
        return true;
    return found(f, "there is no presence, and the priority is %d", s->priority);
}

/* The first tag of a presence as XML: whether it has an attribute of that name. */
static bool has_attribute(const char *xml, size_t length, const char *name)
{
    const char *end = memchr(xml, '>', length);
    size_t tag = end != NULL ? (size_t)(end - xml) : length;
    char quoted = '\0';
    size_t name_length = strlen(name);
    for (size_t i = 0; i + name_length + 2 < tag; i++) {
        if (quoted != '\0') {
            if (xml[i] == quoted)
                quoted = '\0';
        } else if (xml[i] == '\'' || xml[i] == '"') {
            quoted = xml[i];
        } else if (xml[i] == ' ' && strncmp(xml + i + 1, name, name_length) == 0 &&
                   xml[i + 1 + name_length] == '=') {
            return true;
        }
    }
    return false;
}

static bool presence_is_undirected(const struct finding *f, const struct session_view *s)
{
    if (s->presence == NULL || (!has_attribute(s->presence, s->presence_length, "type") &&
                                !has_attribute(s->presence, s->presence_length, "to")))
        return true;
    return found(f, "presence is %.*s", (int)s->presence_length, s->presence);
}

static bool is_among_resources(const struct core *core, const struct session_view *s,
                               const struct session *session)
{
    char bare[3072];
    (void)snprintf(bare, sizeof bare, "%s@%s", s->username, s->host);
    const struct session *r = inspect_first_resource(core, bare);
    while (r != NULL && r != session)
        r = inspect_next_resource(r);
    return r != NULL;
}

static bool tables_have_session(const struct finding *f, const struct session_view *s)
{
    if (s->full_jid == NULL)
        return true;
    const struct core *core = server_inspect(f->checks->server);
    const struct session *session = inspect_conn(s->conn);
    if (inspect_full_jid(core, s->full_jid) != session)
        return found(f, "the table of full JIDs has another session, or none, for %s", s->full_jid);
    if (!is_among_resources(core, s, session))
        return found(f, "the table of bare JIDs does not list %s", s->full_jid);
    return true;
}

/* ---- On the tables ---- */

static bool tables_agree(const struct finding *f)
{
    const struct core *core = server_inspect(f->checks->server);
    struct inspect_counts counts = inspect_counts(core);
    size_t sessions = 0, bound = 0, opened = 0;
    for (const struct session *s = inspect_first_session(core); s != NULL; s = inspect_next_session(s)) {
        struct session_view view = session_look(s);
        sessions++;
        bound += view.full_jid != NULL;
        opened += view.host != NULL;
    }
    if (sessions != counts.sessions)
        return found(f, "%zu sessions are counted, and there are %zu", counts.sessions, sessions);
    if (bound != counts.full_jids)
        return found(f, "%zu full JIDs are in the table, and %zu sessions are bound", counts.full_jids,
                     bound);
    if (bound != counts.resources)
        return found(f, "%zu sessions are listed by bare JID, and %zu are bound", counts.resources, bound);
    if (opened != counts.host_sessions)
        return found(f, "%zu sessions are counted by host, and %zu have one", counts.host_sessions, opened);
    return true;
}

static bool quiet_means_done(const struct finding *f)
{
    const struct core *core = server_inspect(f->checks->server);
    struct inspect_counts counts = inspect_counts(core);
    if (counts.storage_requests > 0)
        return found(f, "%zu storage requests were never answered", counts.storage_requests);
    if (counts.users_in_memory != counts.bare_jids)
        return found(f, "%zu accounts are in memory, and %zu have a session", counts.users_in_memory,
                     counts.bare_jids);
    for (const struct session *s = inspect_first_session(core); s != NULL; s = inspect_next_session(s))
        if (session_look(s).waiting)
            return found(f, "a session waits for nothing");
    return true;
}

/* ---- On a client: its view and the server's truth ---- */

/* The session at the other end; NULL when there is none. */
static const struct session *session_of(const struct watched *w)
{
    if (w->transport->link == NULL)
        return NULL;
    const struct conn *conn = server_conn_of(w->checks->server, w->transport->link);
    return conn != NULL ? inspect_conn(conn) : NULL;
}

static bool same_string(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static const struct client_contact *contact_in_view(const struct client *client, const char *jid)
{
    const struct client_contact *contact = client_roster(client);
    while (contact != NULL && strcmp(contact->jid, jid) != 0)
        contact = contact->next;
    return contact;
}

static bool same_item(const struct finding *f, const struct client *client, const struct inspect_item *item)
{
    const struct client_contact *contact = contact_in_view(client, item->jid);
    if (contact == NULL)
        return found(f, "%s does not have %s in the roster that it sees", client_name(client), item->jid);
    if (!same_string(contact->subscription, item->subscription) || contact->ask != item->ask ||
        !same_string(contact->name, item->name))
        return found(f, "%s sees %s as '%s'%s, called %s; the server has '%s'%s, called %s",
                     client_name(client), item->jid, contact->subscription, contact->ask ? ", ask" : "",
                     shown(contact->name), item->subscription, item->ask ? ", ask" : "", shown(item->name));
    return true;
}

static bool roster_converges(const struct finding *f, const struct watched *w, const struct session_view *s)
{
    if (!client_has_roster(w->client) || !s->interested)
        return true;
    size_t visible = 0, seen = 0;
    for (size_t i = 0; i < inspect_roster_size(s->roster); i++) {
        struct inspect_item item = inspect_roster_item(s->roster, i);
        if (item.hidden)
            continue;
        visible++;
        if (!same_item(f, w->client, &item))
            return false;
    }
    for (const struct client_contact *c = client_roster(w->client); c != NULL; c = c->next)
        seen++;
    if (seen == visible)
        return true;
    return found(f, "%s sees %zu contacts in its roster; the server has %zu", client_name(w->client), seen,
                 visible);
}

/* Everybody whom a client sees online is; an unavailable client is told nothing, so it is not asked. */
static bool nobody_lingers(const struct finding *f, const struct watched *w, const struct session_view *s)
{
    if (s->presence == NULL)
        return true;
    const struct core *core = server_inspect(w->checks->server);
    for (const struct client_online *o = client_online(w->client); o != NULL; o = o->next) {
        const struct session *other = inspect_full_jid(core, o->jid);
        /* What the blocked do is kept from the viewer, who may believe what he saw last. */
        if (blocks_ever(&w->checks->blocks, s->full_jid, o->jid))
            continue;
        if (blocks_now(&w->checks->blocks, o->jid, s->full_jid))
            return found(f, "%s sees %s online, who has blocked it", client_name(w->client), o->jid);
        if (other == NULL ||
            (!session_is_available(other) && !rights_directed(&w->checks->rights, o->jid, s->full_jid)))
            return found(f, "%s sees %s online, who is not", client_name(w->client), o->jid);
    }
    return true;
}

static bool is_kept_apart(const struct checks *checks, const char *a, const char *b)
{
    return blocks_now(&checks->blocks, a, b) || blocks_now(&checks->blocks, b, a);
}

static bool sees_resources_of(const struct finding *f, const struct watched *w, const char *bare_jid)
{
    const char *viewer = client_full_jid(w->client);
    const struct core *core = server_inspect(w->checks->server);
    const struct session *r = inspect_first_resource(core, bare_jid);
    for (; r != NULL; r = inspect_next_resource(r)) {
        struct session_view view = session_look(r);
        if (view.presence != NULL && !client_sees(w->client, view.full_jid) &&
            !is_kept_apart(w->checks, view.full_jid, viewer))
            return found(f, "%s does not see %s online, who is", client_name(w->client), view.full_jid);
    }
    return true;
}

static bool everybody_is_seen(const struct finding *f, const struct watched *w, const struct session_view *s)
{
    if (s->presence == NULL)
        return true;
    char bare[3072];
    (void)snprintf(bare, sizeof bare, "%s@%s", s->username, s->host);
    if (!sees_resources_of(f, w, bare))
        return false;
    for (size_t i = 0; i < inspect_roster_size(s->roster); i++) {
        struct inspect_item item = inspect_roster_item(s->roster, i);
        bool subscribed = strcmp(item.subscription, "to") == 0 || strcmp(item.subscription, "both") == 0;
        if (subscribed && rights_may_see(&w->checks->rights, item.jid, bare) &&
            !sees_resources_of(f, w, item.jid))
            return false;
    }
    return true;
}

static bool interested_when_asked(const struct finding *f, const struct watched *w,
                                  const struct session_view *s)
{
    if (s->full_jid == NULL || s->interested == client_asked_roster(w->client))
        return true;
    return found(f, "%s %s for its roster, and its session %s", client_name(w->client),
                 client_asked_roster(w->client) ? "asked" : "never asked",
                 s->interested ? "is interested" : "is not");
}

/* ---- On what came ---- */

static bool pushes_to_the_interested(const struct finding *f, const struct watched *w, const struct xml *x)
{
    const char *type = xml_get(x, "type");
    if (!xml_is(x, "iq", XML_NS_CLIENT) || type == NULL || strcmp(type, "set") != 0 ||
        xml_child(x, "query", "jabber:iq:roster") == NULL || client_asked_roster(w->client))
        return true;
    return found(f, "%s never asked for its roster, and was sent a push", client_name(w->client));
}

static bool is_presence(const struct xml *x, const char *type)
{
    const char *actual = xml_get(x, "type");
    return xml_is(x, "presence", XML_NS_CLIENT) && same_string(actual, type) && xml_get(x, "from") != NULL;
}

static bool presence_needs_a_right(const struct finding *f, const struct watched *w, const struct xml *x)
{
    const char *to = client_full_jid(w->client);
    if (!is_presence(x, NULL) || to == NULL || server_inspect(w->checks->server) == NULL)
        return true;
    const char *from = xml_get(x, "from");
    if (rights_allow(&w->checks->rights, from, to))
        return true;
    return found(f, "%s received presence of %s without a subscription, and it was not directed", to, from);
}

/* Between two of whom one has blocked the other, something may have been kept from either. */
static bool was_ever_apart(const struct checks *checks, const char *a, const char *b)
{
    return blocks_ever(&checks->blocks, a, b) || blocks_ever(&checks->blocks, b, a);
}

static bool unavailable_once(const struct finding *f, const struct watched *w, const struct xml *x)
{
    if (!is_presence(x, "unavailable"))
        return true;
    const char *from = xml_get(x, "from");
    const char *to = client_full_jid(w->client);
    /* From a bare JID it says that nobody is there; what a client directs at somebody is its own affair. */
    if (strchr(from, '/') == NULL || client_sees(w->client, from) || to == NULL ||
        rights_took_leave(&w->checks->rights, from, to) || was_ever_apart(w->checks, from, to))
        return true;
    return found(f, "%s was told that %s is unavailable, and did not see it available",
                 client_name(w->client), from);
}

/* Errors are what the server itself answers with. */
static bool is_error(const struct xml *x)
{
    return same_string(xml_get(x, "type"), "error");
}

static bool nothing_from_the_blocked(const struct finding *f, const struct watched *w, const struct xml *x)
{
    const char *from = xml_get(x, "from");
    const char *to = client_full_jid(w->client);
    if (from == NULL || to == NULL || is_error(x) || !blocks_settled(&w->checks->blocks, to, from))
        return true;
    return found(f, "%s received a %s of %s, whom it has blocked", to, x->name, from);
}

static bool the_blocked_learn_nothing(const struct finding *f, const struct watched *w, const struct xml *x)
{
    const char *from = xml_get(x, "from");
    const char *to = client_full_jid(w->client);
    if (from == NULL || to == NULL || !xml_is(x, "presence", XML_NS_CLIENT) || is_error(x) ||
        !blocks_settled(&w->checks->blocks, from, to))
        return true;
    return found(f, "%s received presence of %s, who has blocked it", to, from);
}

/* ---- On the whole run ---- */

static unsigned count_endings(void *host, const char *bare_jid)
{
    const struct checks *checks = host;
    unsigned count = 0;
    for (size_t i = 0; i < checks->client_count; i++)
        if (client_is_of(checks->clients[i]->client, bare_jid))
            count += client_endings(checks->clients[i]->client);
    return count;
}

static bool messages_are_conserved(const struct finding *f)
{
    return post_quiet(&f->checks->post, server_disk(f->checks->server), f->detail, f->size);
}

static bool same_list(const struct finding *f, const char *bare, const struct session_view *s)
{
    const struct core *core = server_inspect(f->checks->server);
    const struct disk *disk = server_disk(f->checks->server);
    size_t count = inspect_blocked_count(core, bare);
    if (count == 0)
        return true; /* or there is no blocking at all */
    if (count != disk_count(disk, s->username, s->host, CORE_STORE_BLOCKLIST))
        return found(f, "%s has blocked %zu, and %zu are stored", bare, count,
                     disk_count(disk, s->username, s->host, CORE_STORE_BLOCKLIST));
    for (size_t i = 0; i < count; i++) {
        const char *stored = disk_entry(disk, s->username, s->host, CORE_STORE_BLOCKLIST, i).key;
        if (strcmp(stored, inspect_blocked(core, bare, i)) != 0)
            return found(f, "%s has blocked %s, and stored is %s", bare, inspect_blocked(core, bare, i),
                         stored);
    }
    return true;
}

static bool block_lists_are_durable(const struct finding *f)
{
    const struct core *core = server_inspect(f->checks->server);
    for (const struct session *s = inspect_first_session(core); s != NULL; s = inspect_next_session(s)) {
        struct session_view view = session_look(s);
        char bare[3072];
        if (view.full_jid == NULL)
            continue;
        (void)snprintf(bare, sizeof bare, "%s@%s", view.username, view.host);
        if (!same_list(f, bare, &view))
            return false;
    }
    return true;
}

static bool the_destroyed_are_left_alone(const struct finding *f)
{
    uint64_t times = server_sent_after_close(f->checks->server);
    if (times == 0)
        return true;
    return found(f, "the server sent something %llu times on a connection that it had closed",
                 (unsigned long long)times);
}

/* ---- The table ---- */

#define SEED "doc/session.txt"

enum occasion { ON_SESSION, ON_EVENT, ON_TABLES, ON_CLIENT, ON_RECEIPT, ON_MEMORY };

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
    { .name = "tables-have-session",
      .sentence = "a connected resource is in the table of full JIDs and in that of bare JIDs",
      .source = "core/tables.h",
      .occasion = ON_SESSION,
      .session = tables_have_session },
    { .name = "destroyed-is-silent",
      .sentence = "a destroyed session is sent nothing",
      .source = SEED,
      .occasion = ON_EVENT,
      .server = the_destroyed_are_left_alone },
    { .name = "tables-agree",
      .sentence = "every table of sessions agrees with every other",
      .source = "core/tables.h",
      .occasion = ON_TABLES,
      .server = tables_agree },
    { .name = "quiet-means-done",
      .sentence = "when nothing is under way nobody waits for anything",
      .source = "core/user.h",
      .occasion = ON_TABLES,
      .server = quiet_means_done },
    { .name = "block-lists-are-durable",
      .sentence = "whom the server keeps out is whom its storage has",
      .source = "core/user.h",
      .occasion = ON_TABLES,
      .server = block_lists_are_durable },
    { .name = "messages-are-conserved",
      .sentence = "every message accepted is delivered, stored or bounced, exactly one of the three",
      .source = "RFC 6121, 8.5",
      .occasion = ON_TABLES,
      .server = messages_are_conserved },
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
    { .name = "pushes-to-the-interested",
      .sentence = "interested resources, and no others, receive roster pushes",
      .source = "RFC 6121, 2.1.6",
      .occasion = ON_RECEIPT,
      .receipt = pushes_to_the_interested },
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
    { .name = "nothing-leaks",
      .sentence = "a core that ends gives back all the memory that it took",
      .source = "core/core.h",
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

/* ---- Running them ---- */

static struct finding begin_finding(struct checks *checks)
{
    return (struct finding){ checks, checks->violation.detail, sizeof checks->violation.detail };
}

static void violate(struct checks *checks, const struct check *row)
{
    checks->violated = true;
    checks->violation.name = row->name;
    checks->violation.sentence = row->sentence;
    checks->violation.source = row->source;
    checks->violation.time = world_now(checks->world);
    checks->violation.event = world_events(checks->world);
}

static void name_session(struct checks *checks, const struct session_view *view)
{
    char *detail = checks->violation.detail;
    size_t length = strlen(detail);
    (void)snprintf(detail + length, sizeof checks->violation.detail - length, " (session %s of %s)",
                   session_type_name(view->type),
                   view->full_jid != NULL ? view->full_jid : shown(view->username));
}

static void check_session(struct checks *checks, const struct session *session)
{
    struct session_view view = session_look(session);
    struct finding finding = begin_finding(checks);
    for (size_t i = 0; i < ROWS && !checks->violated; i++) {
        if (table[i].occasion != ON_SESSION || table[i].session(&finding, &view))
            continue;
        violate(checks, &table[i]);
        name_session(checks, &view);
    }
}

static void check_server(struct checks *checks, enum occasion occasion)
{
    struct finding finding = begin_finding(checks);
    for (size_t i = 0; i < ROWS && !checks->violated; i++)
        if (table[i].occasion == occasion && !table[i].server(&finding))
            violate(checks, &table[i]);
}

static void check_client(struct checks *checks, const struct watched *watched)
{
    const struct session *session = session_of(watched);
    if (session == NULL)
        return;
    struct session_view view = session_look(session);
    struct finding finding = begin_finding(checks);
    for (size_t i = 0; i < ROWS && !checks->violated; i++)
        if (table[i].occasion == ON_CLIENT && !table[i].client(&finding, watched, &view))
            violate(checks, &table[i]);
}

/* What a session's account lets whom see, and whom it has blocked. */
static void learn(struct checks *checks, const struct session *session)
{
    rights_learn(&checks->rights, session);
    blocks_learn(&checks->blocks, server_inspect(checks->server), session);
}

/* A roster may change without a word to its own account's sessions. */
static void learn_saved_roster(struct checks *checks)
{
    const char *account = server_stored_for(checks->server);
    const struct core *core = server_inspect(checks->server);
    const struct session *session =
        account != NULL && core != NULL ? inspect_first_resource(core, account) : NULL;
    if (session != NULL)
        learn(checks, session);
}

void checks_event(void *host)
{
    struct checks *checks = host;
    for (size_t i = 0; i < server_touched(checks->server); i++) {
        const struct conn *conn = server_touched_conn(checks->server, i);
        if (conn == NULL)
            continue;
        const struct session *session = inspect_conn(conn);
        check_session(checks, session);
        learn(checks, session);
    }
    learn_saved_roster(checks);
    check_server(checks, ON_EVENT);
    server_forget_touched(checks->server);
}

void checks_quiet(struct checks *checks)
{
    const struct core *core = server_inspect(checks->server);
    if (core == NULL)
        return;
    for (const struct session *s = inspect_first_session(core); s != NULL; s = inspect_next_session(s)) {
        check_session(checks, s);
        learn(checks, s);
    }
    check_server(checks, ON_TABLES);
    for (size_t i = 0; i < checks->client_count; i++)
        check_client(checks, checks->clients[i]);
    rights_quiet(&checks->rights);
    blocks_quiet(&checks->blocks);
}

void checks_memory(struct checks *checks, const struct heap_use *before)
{
    struct heap_use now = heap_use();
    if (checks->violated || (now.bytes == before->bytes && now.blocks == before->blocks))
        return;
    const struct check *row = &table[ROWS - 1];
    assert(row->occasion == ON_MEMORY);
    struct finding finding = begin_finding(checks);
    found(&finding, "%zu bytes in %zu blocks were not given back", now.bytes - before->bytes,
          now.blocks - before->blocks);
    violate(checks, row);
}

/* ---- What clients send and receive ---- */

static void on_received(void *host, struct client *client, const struct xml *element)
{
    struct watched *watched = host;
    struct checks *checks = watched->checks;
    struct finding finding = begin_finding(checks);
    for (size_t i = 0; i < ROWS && !checks->violated; i++)
        if (table[i].occasion == ON_RECEIPT && !table[i].receipt(&finding, watched, element))
            violate(checks, &table[i]);
    post_received(&checks->post, client, element);
}

static void on_sent(void *host, struct client *client, const struct xml *stanza)
{
    struct watched *watched = host;
    post_sent(&watched->checks->post, client, stanza);
    const char *to = xml_get(stanza, "to");
    const char *from = client_full_jid(client);
    if (!xml_is(stanza, "presence", XML_NS_CLIENT) || from == NULL)
        return;
    const char *type = xml_get(stanza, "type");
    if (type != NULL && strcmp(type, "unavailable") != 0)
        return;
    if (to != NULL)
        rights_direct(&watched->checks->rights, from, to, type == NULL);
}

void checks_add_client(struct checks *checks, struct client *client, const struct net_transport *transport)
{
    struct watched *watched = must(malloc(sizeof *watched));
    *watched = (struct watched){ checks, client, transport };
    checks->clients = must(realloc(checks->clients, (checks->client_count + 1) * sizeof(struct watched *)));
    checks->clients[checks->client_count++] = watched;
    client_observe(client, (struct client_observer){ watched, on_received, on_sent });
}

struct checks *checks_new(struct world *world, struct server *server)
{
    struct checks *checks = must(calloc(1, sizeof *checks));
    checks->world = world;
    checks->server = server;
    checks->post = (struct post){ .endings = count_endings, .host = checks };
    world_watch(world, checks_event, checks);
    return checks;
}

void checks_free(struct checks *checks)
{
    for (size_t i = 0; i < checks->client_count; i++)
        free(checks->clients[i]);
    free(checks->clients);
    rights_free(&checks->rights);
    blocks_free(&checks->blocks);
    post_free(&checks->post);
    free(checks);
}

const struct check_violation *checks_violation(const struct checks *checks)
{
    return checks->violated ? &checks->violation : NULL;
}

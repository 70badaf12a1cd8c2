/*
 * describe.c - writes the description of a core (inspect.h, inspect_describe).
 */
#include "account/anonymous.h"
#include "account/storage.h"
#include "account/work.h"
#include "base/description.h"
#include "session/acks.h"
#include "session/client_state.h"
#include "session/conn.h"
#include "xml/expat_calls.h"

#include <assert.h>
#include <string.h>

/* ---- Connections ---- */

/* The bytes that expat has not processed, such as the beginning of a tag.  While the parser is paused they
 * are part of `waiting`. */
static void describe_expat(struct description *description, const struct parser *parser)
{
    size_t length = 0;
    const char *begun = NULL;
    if (parser->expat != NULL && !parser->suspended && parser->fed > 0)
        begun = expat_rest(parser->expat, &length);
    if (begun != NULL)
        description_bytes(description, "begun", begun, length);
}

/* Whether an element may contain a password: anything before login, and a change of the password. */
static bool may_be_secret(const struct element *element)
{
    const struct element *payload = element_first_child(element);
    while (payload != NULL && strcmp(payload->ns, NS_REGISTER) != 0)
        payload = element_next_sibling(payload);
    return payload != NULL;
}

static void describe_stanza(struct description *description, const char *name, const struct element *stanza,
                            bool unauthenticated)
{
    if (unauthenticated || may_be_secret(stanza))
        element_describe_secret(description, name, stanza);
    else
        element_describe(description, name, stanza);
}

static void describe_parser(struct description *description, const struct parser *parser)
{
    description_line(description, "parser");
    description_word(description, parser->paused, "paused");
    description_word(description, parser->restarting, "restarting");
    description_word(description, parser->discarding, "discarding");
    description_word(description, parser->stopped, "stopped");
    description_count(description, "depth", parser->depth);
    description_word(description, parser->usual, "usual header");
    if (!parser->usual) {
        description_count(description, "namespaces declared", parser->declarations);
        description_count(description, "hash of these", parser->declared);
    }
    if (parser->stanza != NULL) {
        describe_stanza(description, "so far", parser->stanza->root, parser->unauthenticated);
        description_count(description, "bytes so far", parser->fed - parser->unit_start);
    }
    if (!parser->stopped && parser->doubtful_length == 0)
        describe_expat(description, parser);
    if (parser->doubtful_length > 0)
        description_bytes(description, "refused", parser->doubtful, parser->doubtful_length);
    if (parser->held.length > 0)
        description_bytes(description, "held", parser->held.bytes, parser->held.length);
    if (parser->waiting.length > 0)
        description_secret(description, "waiting", parser->waiting.bytes, parser->waiting.length);
}

static void describe_conn(struct description *description, const struct conn *conn)
{
    static const char *const securities[] = { [CONN_CLEAR] = "in the clear",
                                              [CONN_PROCEEDING] = "about to begin TLS",
                                              [CONN_SECURING] = "in the handshake of TLS",
                                              [CONN_SECURED] = "encrypted" };
    description_line(description, "connection");
    description_word(description, true, securities[conn->security]);
    description_word(description, conn->link == NULL, "gone");
    if (conn_unsent(conn) > 0)
        description_bytes(description, "unsent", conn->unsent.bytes + conn->taken, conn_unsent(conn));
    description_count(description, "bytes excused", conn->excused);
    description_in(description);
    describe_parser(description, &conn->parser);
    description_out(description);
}

static void describe_tls(struct description *description, const struct core_tls *tls)
{
    description_line(description, "TLS");
    description_word(description, tls->exporter.length > 0, "exporter");
    description_word(description, tls->server_end_point.length > 0, "server end point");
    for (size_t i = 0; i < tls->identity_count; i++)
        description_string(description, "certificate of", tls->identities[i]);
}

/* ---- Sessions ---- */

static void describe_directed(struct description *description, const char *what,
                              const struct directed *directed)
{
    for (; directed != NULL; directed = directed->next) {
        description_named(description, what, directed->jid);
        description_word(description, directed->unheard, "not delivered");
    }
}

static void describe_identity(struct description *description, const struct session *session)
{
    description_word(description, true, session_type_name(session->type));
    description_string(description, "full JID", session->full_jid);
    description_string(description, "username", session->full_jid == NULL ? session->username : NULL);
    description_string(description, "host", session->full_jid == NULL ? session->host : NULL);
    description_string(description, "language", session->lang);
    description_string(description, "claims to be", session->claimed);
    description_count(description, "failed logins", session->failed_logins);
}

static void describe_flags(struct description *description, const struct session *session)
{
    const struct {
        bool is;
        const char *word;
    } flags[] = {
        { session->notopen, "not open" },
        { session->header_sent, "header sent" },
        { session->conn == NULL, "hibernating" },
        { session_is_connected(session), "connected" },
        { session_is_available(session), "available" },
        { session_is_interested(session), "interested" },
        { session->asked_again, "asked again" },
        { session->carbons, "carbons" },
        { session->asked_blocklist, "asked for the block list" },
        { session->waiting, "waiting" },
        { session->runnable, "runnable" },
        { session->doomed, "doomed" },
    };
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        description_word(description, flags[i].is, flags[i].word);
}

static void describe_presence(struct description *description, const struct session *session)
{
    if (session->presence != NULL) {
        description_line(description, "presence");
        description_bytes(description, "XML", session->presence->xml.bytes, session->presence->xml.length);
        description_count(description, "priority", session->priority > 0 ? (uint64_t)session->priority : 0);
        description_count(description, "priority below 0 by",
                          session->priority < 0 ? (uint64_t)-session->priority : 0);
    }
    if (session->owed.stage != OWED_NOTHING) {
        description_line(description, "owed");
        description_count(description, "stage", session->owed.stage);
        description_count(description, "after", session->owed.after);
    }
    describe_directed(description, "directed presence to", session->directed);
}

static void describe_session(struct description *description, const struct session *session, size_t number)
{
    description_numbered(description, "session", number);
    describe_identity(description, session);
    describe_flags(description, session);
    description_in(description);
    describe_presence(description, session);
    if (session->conn != NULL)
        describe_conn(description, session->conn);
    if (session->tls != NULL)
        describe_tls(description, session->tls);
    if (session->sasl != NULL)
        sasl_describe(description, session->sasl);
    if (session->managed != NULL)
        acks_describe(description, session->managed);
    if (session->client_state != NULL)
        client_state_describe(description, session);
    description_out(description);
}

static void describe_sessions(struct description *description)
{
    size_t number = 0;
    for (const struct session *s = description->core->sessions; s != NULL; s = s->next)
        describe_session(description, s, ++number);
}

/* ---- Accounts ---- */

static void describe_item(struct description *description, const char *what, const struct roster_item *item)
{
    description_named(description, what, item->jid);
    description_word(description, true, roster_subscription(item));
    description_word(description, item->state.pending_out, "pending out");
    description_word(description, item->approved, "approved");
    description_word(description, item->hidden, "hidden");
    description_string(description, "name", item->name);
    description_string(description, "request", item->request);
    for (size_t i = 0; i < item->group_count; i++)
        description_string(description, "group", item->groups[i]);
}

static void describe_roster(struct description *description, const struct roster *roster)
{
    description_line(description, "roster");
    description_count(description, "version", roster->revision);
    description_in(description);
    for (size_t i = 0; i < roster->count; i++)
        describe_item(description, "contact", roster->items[i]);
    description_out(description);
}

static void describe_blocklist(struct description *description, const char *what,
                               const struct blocklist *list)
{
    description_line(description, what);
    for (size_t i = 0; i < list->count; i++)
        description_string(description, "JID", list->jids[i]);
}

static void describe_change(struct description *description, const struct user_work *work)
{
    if (work->change.item != NULL)
        describe_item(description, "to be saved: contact", work->change.item);
    else if (work->change.jid != NULL)
        description_named(description, "to be removed: contact", work->change.jid);
    if (work->blocklist != NULL)
        describe_blocklist(description, "to be saved: block list", work->blocklist);
}

static void describe_work(struct description *description, const struct user_work *work)
{
    for (; work != NULL; work = work->next) {
        description_named(description, "work", work->kind->name);
        session_describe_place(description, "session", work->session);
        description_string(description, "with", work->text);
        if (work->kind->describe != NULL)
            work->kind->describe(description, &work->subject);
        description_time(description, "since", work->since);
        if (work->stanza != NULL)
            describe_stanza(description, "about", work->stanza->root, false);
        description_in(description);
        describe_change(description, work);
        description_out(description);
    }
}

static void describe_offline(struct description *description, const struct offline_index *index)
{
    if (!index->known && index->taker == NULL && index->handed == NULL)
        return;
    description_line(description, "offline messages");
    description_word(description, index->known, "known");
    description_count(description, "count", index->count);
    description_count(description, "last key", index->last_key);
    session_describe_place(description, "taken by session", index->taker);
    session_describe_place(description, "read for session", index->reader);
    description_count(description, "from key", index->next);
    for (const struct offline_handed *handed = index->handed; handed != NULL; handed = handed->next) {
        description_line(description, "handed over");
        session_describe_place(description, "to session", handed->session);
        description_word(description, handed->taken, "taken by its link");
        description_word(description, handed->leaving, "being removed");
        for (size_t i = 0; i < handed->count; i++)
            description_count(description, "key", handed->keys[i]);
    }
}

static void describe_passwords(struct description *description, const struct password_count *passwords)
{
    if (passwords->count == 0)
        return;
    description_line(description, "passwords set");
    description_count(description, "count", passwords->count);
    description_time(description, "since", passwords->since);
}

static void describe_failure(struct description *description, const struct user *user)
{
    static const char *const failures[] = { [USER_NO_ACCOUNT] = "no account",
                                            [USER_STORAGE_FAILED] = "storage failed",
                                            [USER_NO_MEMORY] = "no memory",
                                            [USER_BLOCKED] = "blocked" };
    if (user->loads > 0)
        description_string(description, "failed to load",
                           user->load_failed ? failures[user->load_failure] : NULL);
}

static void describe_user(struct description *description, const struct user *user)
{
    description_named(description, "account", user->bare_jid);
    description_word(description, user->busy, "waits for storage");
    description_count(description, "loads", user->loads);
    description_count(description, "last identifier", user->last_id);
    description_word(description, user->gone, "gone");
    description_word(description, user->cached, "in the cache");
    if (user->resources == NULL && user->core->settings.limits.cache_time > 0)
        description_time(description, "since", user->since);
    describe_failure(description, user);
    for (const struct session *s = user->resources; s != NULL; s = s->user_next)
        session_describe_place(description, "session", s);
    description_in(description);
    if (user->roster != NULL)
        describe_roster(description, user->roster);
    if (user->blocklist != NULL)
        describe_blocklist(description, "block list", user->blocklist);
    describe_offline(description, &user->offline);
    describe_passwords(description, &user->passwords);
    describe_work(description, user->work);
    description_out(description);
}

/* Those in the cache in its order, which is that in which they go. */
static void describe_users(struct description *description)
{
    const struct core *core = description->core;
    for (const struct user *user = map_first(&core->users); user != NULL; user = map_next(&core->users, user))
        if (!user->cached)
            describe_user(description, user);
    for (const struct user *user = core->cached; user != NULL; user = user->cache_next)
        describe_user(description, user);
}

/* ---- The rest ---- */

static void describe_timers(struct description *description)
{
    static const char *const names[] = { [TIMER_LOGIN] = "to be bound",
                                         [TIMER_IDLE] = "to hear from the client",
                                         [TIMER_ANSWER] = "for a sign of life",
                                         [TIMER_RESUME] = "to be resumed" };
    for (unsigned kind = TIMER_LOGIN; kind < TIMER_KINDS; kind++) {
        for (const struct session *s = description->core->timers[kind]; s != NULL; s = s->timer.next) {
            description_line(description, "timer");
            session_describe_place(description, "session", s);
            description_word(description, true, names[kind]);
            description_time(description, "due", s->timer.due);
        }
    }
}

static const struct session *who_loads(const struct core *core, const void *subject)
{
    const struct session *session = core->sessions;
    while (session != NULL && session != subject)
        session = session->next;
    return session;
}

static void describe_requests(struct description *description)
{
    bool own;
    const void *subject;
    for (size_t place = 1; (subject = storage_subject(description->core, place, &own)) != NULL; place++) {
        const struct session *session = who_loads(description->core, subject);
        description_numbered(description, "storage request", place);
        session_describe_place(description, "session", session);
        description_string(description, "account",
                           session == NULL ? ((const struct user *)subject)->bare_jid : NULL);
        description_word(description, own, "answered by the core");
    }
}

static void describe_hosts(struct description *description)
{
    const struct map *hosts = &description->core->hosts;
    for (const struct host *host = map_first(hosts); host != NULL; host = map_next(hosts, host)) {
        description_named(description, "host", host->name);
        description_word(description, host->anonymous, "anonymous");
        description_count(description, "sessions", host->sessions);
    }
}

char *inspect_describe(const struct core *core, const struct core_memory *memory)
{
    struct description description = { .now = core->ports.now(core->ports.host),
                                       .core = core,
                                       .secret = core->secret };
    buffer_init(&description.text, memory);
    description_line(&description, "core");
    description_word(&description, core->shut_down, "shut down");
    description_in(&description);
    describe_hosts(&description);
    describe_sessions(&description);
    describe_users(&description);
    describe_timers(&description);
    describe_requests(&description);
    description_out(&description);
    buffer_append(&description.text, "\n", sizeof "\n");
    if (!description.text.failed)
        return description.text.bytes;
    buffer_free(&description.text);
    return NULL;
}

size_t inspect_request(const struct core *core, uint64_t id)
{
    return storage_place(core, id);
}

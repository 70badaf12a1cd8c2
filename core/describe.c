/*
 * describe.c - a walk over all that a core holds, writing it down.
 */
#include "client_state.h"
#include "conn.h"
#include "expat_calls.h"
#include "guest.h"
#include "page.h"
#include "storage.h"
#include "stream_management.h"
#include "user.h"

#include <assert.h>

/* ---- Connections ---- */

/* The bytes that expat has and has made nothing of yet: the beginning of a tag, say.  Where it is paused they
 * are among those that wait. */
static void describe_expat(struct page *page, const struct parser *parser)
{
    size_t length = 0;
    const char *begun = NULL;
    if (parser->expat != NULL && !parser->suspended && parser->fed > 0)
        begun = expat_rest(parser->expat, &length);
    if (begun != NULL)
        page_bytes(page, "begun", begun, length);
}

static void describe_parser(struct page *page, const struct parser *parser)
{
    page_line(page, "parser");
    page_word(page, parser->paused, "paused");
    page_word(page, parser->restarting, "restarting");
    page_word(page, parser->discarding, "discarding");
    page_word(page, parser->stopped, "stopped");
    page_count(page, "depth", parser->depth);
    page_word(page, parser->usual, "the usual header");
    if (!parser->usual) {
        page_count(page, "namespaces declared", parser->declarations);
        page_count(page, "which were", parser->declared);
    }
    if (parser->stanza != NULL) {
        page_element(page, "so far", parser->stanza->root);
        page_count(page, "bytes so far", parser->fed - parser->unit_start);
    }
    if (!parser->stopped)
        describe_expat(page, parser);
    if (parser->held.length > 0)
        page_bytes(page, "and then", parser->held.bytes, parser->held.length);
    if (parser->waiting.length > 0)
        page_bytes(page, "waiting", parser->waiting.bytes, parser->waiting.length);
}

static void describe_conn(struct page *page, const struct conn *conn)
{
    static const char *const securities[] = { [CONN_CLEAR] = "in the clear",
                                              [CONN_PROCEEDING] = "about to begin TLS",
                                              [CONN_SECURING] = "in the handshake of TLS",
                                              [CONN_SECURED] = "encrypted" };
    page_line(page, "connection");
    page_word(page, true, securities[conn->security]);
    page_word(page, conn->link == NULL, "gone");
    if (conn_unsent(conn) > 0)
        page_bytes(page, "waits to be sent", conn->unsent.bytes + conn->taken, conn_unsent(conn));
    page_in(page);
    describe_parser(page, &conn->parser);
    page_out(page);
}

static void describe_tls(struct page *page, const struct core_tls *tls)
{
    page_line(page, "handshake");
    page_word(page, tls->exporter.length > 0, "an exporter");
    page_word(page, tls->server_end_point.length > 0, "a server end point");
    for (size_t i = 0; i < tls->identity_count; i++)
        page_string(page, "certificate of", tls->identities[i]);
}

/* ---- Sessions ---- */

static void describe_directed(struct page *page, const char *what, const struct directed *directed)
{
    for (; directed != NULL; directed = directed->next) {
        page_named(page, what, directed->jid);
        page_word(page, directed->unheard, "unheard");
    }
}

static void describe_identity(struct page *page, const struct session *session)
{
    page_word(page, true, session_type_name(session->type));
    page_string(page, "full JID", session->full_jid);
    page_string(page, "username", session->full_jid == NULL ? session->username : NULL);
    page_string(page, "host", session->full_jid == NULL ? session->host : NULL);
    page_string(page, "language", session->lang);
    page_string(page, "said to be", session->claimed);
    page_count(page, "failed logins", session->failed_logins);
}

static void describe_flags(struct page *page, const struct session *session)
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
        page_word(page, flags[i].is, flags[i].word);
}

static void describe_presence(struct page *page, const struct session *session)
{
    if (session->presence != NULL) {
        page_line(page, "presence");
        page_bytes(page, "XML", session->presence->xml.bytes, session->presence->xml.length);
        page_count(page, "priority", session->priority > 0 ? (uint64_t)session->priority : 0);
        page_count(page, "priority below 0 by", session->priority < 0 ? (uint64_t)-session->priority : 0);
    }
    if (session->owed.stage != OWED_NOTHING) {
        page_line(page, "owed");
        page_count(page, "stage", session->owed.stage);
        page_count(page, "after", session->owed.after);
    }
    describe_directed(page, "directed presence to", session->directed);
}

static void describe_session(struct page *page, const struct session *session, size_t number)
{
    page_numbered(page, "session", number);
    describe_identity(page, session);
    describe_flags(page, session);
    page_in(page);
    describe_presence(page, session);
    if (session->conn != NULL)
        describe_conn(page, session->conn);
    if (session->tls != NULL)
        describe_tls(page, session->tls);
    if (session->sasl != NULL)
        sasl_describe(page, session->sasl);
    if (session->managed != NULL)
        stream_management_describe(page, session->managed);
    if (session->client_state != NULL)
        client_state_describe(page, session);
    page_out(page);
}

static void describe_sessions(struct page *page)
{
    size_t number = 0;
    for (const struct session *s = page->core->sessions; s != NULL; s = s->next)
        describe_session(page, s, ++number);
}

/* ---- Accounts ---- */

static void describe_item(struct page *page, const char *what, const struct roster_item *item)
{
    page_named(page, what, item->jid);
    page_word(page, true, roster_subscription(item));
    page_word(page, item->state.pending_out, "asked");
    page_word(page, item->approved, "approved");
    page_word(page, item->hidden, "hidden");
    page_string(page, "name", item->name);
    page_string(page, "request", item->request);
    for (size_t i = 0; i < item->group_count; i++)
        page_string(page, "group", item->groups[i]);
}

static void describe_roster(struct page *page, const struct roster *roster)
{
    page_line(page, "roster");
    page_count(page, "version", roster->revision);
    page_in(page);
    for (size_t i = 0; i < roster->count; i++)
        describe_item(page, "contact", roster->items[i]);
    page_out(page);
}

static void describe_blocklist(struct page *page, const char *what, const struct blocklist *list)
{
    page_line(page, what);
    for (size_t i = 0; i < list->count; i++)
        page_string(page, "JID", list->jids[i]);
}

static void describe_change(struct page *page, const struct user_work *work)
{
    if (work->change.item != NULL)
        describe_item(page, "to be saved: contact", work->change.item);
    else if (work->change.jid != NULL)
        page_named(page, "to be removed: contact", work->change.jid);
    if (work->blocklist != NULL)
        describe_blocklist(page, "to be saved: block list", work->blocklist);
}

static void describe_work(struct page *page, const struct user_work *work)
{
    for (; work != NULL; work = work->next) {
        page_named(page, "work", work->kind->name);
        page_session(page, "session", work->session);
        page_string(page, "resource", work->resource);
        page_count(page, "detail", (uint64_t)work->detail);
        page_time(page, "since", work->since);
        page_element(page, "about", work->stanza != NULL ? work->stanza->root : NULL);
        page_in(page);
        describe_change(page, work);
        page_out(page);
    }
}

static void describe_offline(struct page *page, const struct offline_index *index)
{
    if (!index->known && index->taker == NULL)
        return;
    page_line(page, "offline messages");
    page_word(page, index->known, "known");
    page_count(page, "count", index->count);
    page_count(page, "last key", index->last_key);
    page_session(page, "taken by session", index->taker);
    page_count(page, "handed over up to", index->handed);
    page_word(page, index->taken, "which its link has taken");
}

static void describe_passwords(struct page *page, const struct password_count *passwords)
{
    if (passwords->count == 0)
        return;
    page_line(page, "passwords chosen");
    page_count(page, "count", passwords->count);
    page_time(page, "since", passwords->since);
}

static void describe_failure(struct page *page, const struct user *user)
{
    static const char *const failures[] = { [USER_NO_ACCOUNT] = "no account",
                                            [USER_STORAGE_FAILED] = "storage failed",
                                            [USER_NO_MEMORY] = "no memory",
                                            [USER_BLOCKED] = "blocked" };
    if (user->loads > 0)
        page_string(page, "failed to load", user->load_failed ? failures[user->load_failure] : NULL);
}

static void describe_user(struct page *page, const struct user *user)
{
    page_named(page, "account", user->bare_jid);
    page_word(page, user->busy, "waits for storage");
    page_count(page, "loads", user->loads);
    page_count(page, "last identifier", user->last_id);
    describe_failure(page, user);
    for (const struct session *s = user->resources; s != NULL; s = s->user_next)
        page_session(page, "session", s);
    page_in(page);
    if (user->roster != NULL)
        describe_roster(page, user->roster);
    if (user->blocklist != NULL)
        describe_blocklist(page, "block list", user->blocklist);
    describe_offline(page, &user->offline);
    describe_passwords(page, &user->passwords);
    describe_work(page, user->work);
    page_out(page);
}

/* ---- The rest ---- */

static void describe_timers(struct page *page)
{
    static const char *const names[] = { [TIMER_LOGIN] = "to be bound",
                                         [TIMER_IDLE] = "to hear from the client",
                                         [TIMER_ANSWER] = "for a sign of life",
                                         [TIMER_RESUME] = "to be resumed" };
    for (unsigned kind = TIMER_LOGIN; kind < TIMER_KINDS; kind++) {
        for (const struct session *s = page->core->timers[kind]; s != NULL; s = s->timer.next) {
            page_line(page, "timer");
            page_session(page, "session", s);
            page_word(page, true, names[kind]);
            page_time(page, "due", s->timer.due);
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

static void describe_requests(struct page *page)
{
    bool own;
    const void *subject;
    for (size_t place = 1; (subject = storage_subject(page->core, place, &own)) != NULL; place++) {
        const struct session *session = who_loads(page->core, subject);
        page_numbered(page, "storage request", place);
        page_session(page, "session", session);
        page_string(page, "account", session == NULL ? ((const struct user *)subject)->bare_jid : NULL);
        page_word(page, own, "answered here");
    }
}

static void describe_hosts(struct page *page)
{
    const struct map *hosts = &page->core->hosts;
    for (const struct host *host = map_first(hosts); host != NULL; host = map_next(hosts, host)) {
        page_named(page, "host", host->name);
        page_word(page, host->anonymous, "anonymous");
        page_count(page, "sessions", host->sessions);
    }
}

char *inspect_describe(const struct core *core, const struct core_memory *memory)
{
    struct page page = { .now = core->ports.now(core->ports.host), .core = core };
    buffer_init(&page.text, memory);
    page_line(&page, "core");
    page_word(&page, core->shut_down, "shut down");
    page_in(&page);
    describe_hosts(&page);
    describe_sessions(&page);
    for (const struct user *user = map_first(&core->users); user != NULL; user = map_next(&core->users, user))
        describe_user(&page, user);
    describe_timers(&page);
    describe_requests(&page);
    page_out(&page);
    buffer_append(&page.text, "\n", sizeof "\n");
    if (!page.text.failed)
        return page.text.bytes;
    buffer_free(&page.text);
    return NULL;
}

size_t inspect_request(const struct core *core, uint64_t id)
{
    return storage_place(core, id);
}

#include "checks_requests.h"
#include "checks_accounts.h"
#include "checks_rows.h"

#include "../must.h"
#include "../world/describe.h"

#include <stdlib.h>
#include <string.h>

#define uthash_fatal(message) abort()
#include <uthash.h>

/* An iq of type "get" or "set" from a client, and its answers. */
struct request {
    unsigned connection;    /* connections of the client that had ended when it made the request */
    char *to;               /* the address of the request, or NULL */
    char *account;          /* the bare one */
    unsigned their_endings; /* connections of that account that had ended then */
    unsigned answers;
    bool was_blocked; /* the requester had blocked the recipient: its own server answers */
    bool passed_on;   /* sent to a client, which may answer or not */
    bool ambiguous;   /* its id was used again, or it is none and may be answered */
    bool is_open;     /* counted in requests_open */
    UT_hash_handle hh;
    char id[];
};

static struct request *find(const struct watched *w, const char *id)
{
    struct request *request = NULL;
    if (w->requests != NULL)
        HASH_FIND_STR(w->requests, id, request);
    return request;
}

static bool is_type(const struct xml *iq, const char *type)
{
    return same_string(xml_get(iq, "type"), type);
}

static bool is_request(const struct xml *stanza)
{
    return xml_is(stanza, "iq", XML_NS_CLIENT) && xml_get(stanza, "id") != NULL &&
           (is_type(stanza, "get") || is_type(stanza, "set"));
}

/* One of no known type is answered with an error (RFC 6120, 8.2.3). */
static bool may_be_answered(const struct xml *stanza)
{
    return xml_is(stanza, "iq", XML_NS_CLIENT) && xml_get(stanza, "id") != NULL &&
           !is_type(stanza, "result") && !is_type(stanza, "error");
}

static bool is_answer(const struct xml *stanza)
{
    return xml_is(stanza, "iq", XML_NS_CLIENT) && xml_get(stanza, "id") != NULL &&
           (is_type(stanza, "result") || is_type(stanza, "error"));
}

static bool is_full(const char *jid)
{
    return jid != NULL && strchr(jid, '/') != NULL;
}

static void request_free(struct request *request)
{
    free(request->to);
    free(request->account);
    free(request);
}

/* Updates the count of open requests after a request has changed. */
static void count(struct watched *w, struct request *request)
{
    const bool is_open = !request->ambiguous && !request->passed_on && request->answers != 1;
    w->requests_open += is_open;
    w->requests_open -= request->is_open;
    request->is_open = is_open;
}

/* A connection of the recipient may have ended without its server knowing yet. */
static struct request *add(struct watched *w, const char *id, const char *to)
{
    size_t size = strlen(id) + 1;
    struct request *request = must(calloc(1, sizeof *request + size));
    memcpy(request->id, id, size);
    request->connection = client_endings(w->client);
    if (to != NULL) {
        request->to = must(strdup(to));
        request->account = must(strndup(to, strcspn(to, "/")));
        request->their_endings = accounts_endings_before(w->checks, request->account);
        request->was_blocked = blocks_settled(&w->checks->blocks, client_full_jid(w->client), to);
    }
    HASH_ADD_STR(w->requests, id, request);
    return request;
}

void requests_free(struct watched *w)
{
    struct request *request = w->requests;
    HASH_CLEAR(hh, w->requests);
    w->requests_open = 0;
    while (request != NULL) {
        struct request *next = request->hh.next;
        request_free(request);
        request = next;
    }
}

/* Drops requests on connections that have ended; the first in the table is the oldest. */
void requests_sent(struct watched *w, const struct xml *stanza)
{
    if (!may_be_answered(stanza) || client_state(w->client) != CLIENT_BOUND)
        return;
    if (w->requests != NULL && w->requests->connection != client_endings(w->client))
        requests_free(w);
    const char *id = xml_get(stanza, "id");
    struct request *request = find(w, id);
    const bool is_first = request == NULL;
    if (is_first)
        request = add(w, id, xml_get(stanza, "to"));
    request->ambiguous = !is_first || !is_request(stanza) || w->unclear;
    count(w, request);
}

/* A client may send an answer without a request; only a request to a resource may be answered by a client. */
static bool answers(const struct request *request, const struct xml *stanza)
{
    return is_full(request->to) || !is_full(xml_get(stanza, "from"));
}

/* Whether a client is, or was last, bound to the address. */
static void pass_on(const struct checks *checks, const char *from, const char *id)
{
    for (struct watched *w = accounts_first(checks, from); w != NULL; w = w->same_account) {
        struct request *request = same_string(client_full_jid(w->client), from) ? find(w, id) : NULL;
        if (request == NULL)
            continue;
        request->passed_on = true;
        count(w, request);
    }
}

void requests_received(struct watched *w, const struct xml *stanza)
{
    if (!xml_is(stanza, "iq", XML_NS_CLIENT))
        return;
    const char *from = xml_get(stanza, "from");
    if (is_request(stanza) && is_full(from))
        pass_on(w->checks, from, xml_get(stanza, "id"));
    struct request *request = is_answer(stanza) ? find(w, xml_get(stanza, "id")) : NULL;
    if (request == NULL || !answers(request, stanza))
        return;
    request->answers++;
    count(w, request);
}

/* Whether a request or its answer may be lost or under way.  For a request kept for a hibernating session,
 * the server sends an error when the session ends, if memory suffices. */
static bool is_excused(const struct watched *w, const struct request *request)
{
    if (request->account == NULL)
        return false;
    if (memory_ran_out(w->checks) && is_full(request->to))
        return true;
    /* An answer from a JID blocked in between is not delivered (XEP-0191, 3.3). */
    if (!request->was_blocked && blocks_ever(&w->checks->blocks, client_full_jid(w->client), request->to))
        return true;
    return accounts_lost(w->checks, client_full_jid(w->client), request->to) ||
           accounts_held(w->checks, request->account) ||
           accounts_endings(w->checks, request->account) != request->their_endings;
}

bool requests_are_answered(const struct finding *f, const struct watched *w, const struct session_view *s)
{
    (void)s;
    if (w->requests_open == 0)
        return true; /* there may be tens of thousands */
    for (const struct request *r = w->requests; r != NULL; r = r->hh.next) {
        if (r->ambiguous || r->passed_on || r->connection != client_endings(w->client))
            continue;
        if (r->answers > 1 && !w->unclear)
            return found(f, "the request %s of %s was answered %u times", r->id, client_name(w->client),
                         r->answers);
        if (r->answers == 0 && !is_excused(w, r))
            return found(f, "the request %s of %s to %s was not answered", r->id, client_name(w->client),
                         r->to != NULL ? r->to : "its account");
    }
    return true;
}

/* ---- Described ---- */

void requests_describe(struct description *description, const struct watched *w)
{
    for (const struct request *request = w->requests; request != NULL; request = request->hh.next) {
        describe_named(description, "request", request->id);
        describe_string(description, "to", request->to);
        describe_count(description, "answers", request->answers);
        describe_count(description, "endings", request->connection);
        describe_count(description, "connections of the recipient ended", request->their_endings);
        describe_word(description, request->was_blocked, "was blocked");
        describe_word(description, request->passed_on, "passed on");
        describe_word(description, request->ambiguous, "ambiguous");
    }
}

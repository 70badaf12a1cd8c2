#include "remote.h"

#include "blocking.h"
#include "carbons.h"
#include "iq.h"
#include "message.h"
#include "parser.h"
#include "presence.h"
#include "router.h"
#include "subscription.h"
#include "user.h"

#include <assert.h>
#include <string.h>

/* ---- Domains ---- */

/* The domainpart of a JID: behind the first '@' that stands before any '/' (RFC 7622, 3.1). */
static const char *domain_of(const char *jid, size_t *length)
{
    size_t bare = strcspn(jid, "/");
    const char *at = memchr(jid, '@', bare);
    const char *domain = at != NULL ? at + 1 : jid;
    *length = bare - (size_t)(domain - jid);
    return domain;
}

bool remote_has(const struct core *core, const char *jid)
{
    size_t length;
    const char *domain = domain_of(jid, &length);
    return map_find(&core->hosts, domain, length) == NULL;
}

/* ---- Out ---- */

/* Hands over what is in the core's outgoing buffer: from one of our hosts to somebody's. */
static void route(struct core *core, const char *from, const char *to)
{
    char domain[JID_PART_MAX + 1];
    const struct buffer *out = &core->outgoing;
    size_t length;
    const char *start = domain_of(to, &length);
    assert(length <= JID_PART_MAX);
    memcpy(domain, start, length);
    domain[length] = '\0';
    core->ports.route(core->ports.host, from, domain, out->bytes, out->length);
}

static struct stanza_error failure(enum core_route_failure why)
{
    if (why == CORE_NO_SERVER)
        return (struct stanza_error){ "cancel", "remote-server-not-found", NULL };
    return (struct stanza_error){ "wait", "remote-server-timeout", NULL };
}

/* Whether the sender is told that a stanza did not arrive (RFC 6120, 10.4.3).  Errors and results are never
 * answered (8.3.1).  A probe and its refusal are the server's, and so is unavailable presence of an account;
 * that of a resource is its client's. */
static bool is_missed(const struct element *root)
{
    const char *type = element_get(root, "type");
    if (type == NULL)
        return true;
    if (strcmp(type, "unavailable") == 0)
        return strchr(element_get(root, "from"), '/') != NULL;
    static const char *const unmissed[] = { "error", "result", "unsubscribed", "probe" };
    for (size_t i = 0; i < sizeof unmissed / sizeof unmissed[0]; i++)
        if (strcmp(type, unmissed[i]) == 0)
            return false;
    return true;
}

/* Tells the local sender.  A full JID is one session; what an account sent, a subscription stanza, comes back
 * to its available resources. */
static void give_back(struct core *core, const struct stanza *stanza, struct stanza_error error)
{
    if (!is_missed(stanza->root))
        return;
    struct stanza *answer = stanza_error_reply(core->memory, stanza, error);
    if (answer != NULL)
        carbons_bounced(core, stanza, answer);
    const char *sender = element_get(stanza->root, "from");
    struct user *user = user_find(core, sender);
    if (user == NULL)
        router_reply(core, stanza, answer);
    else if (answer != NULL)
        user_send_to_available(user, answer);
    if (user != NULL)
        stanza_free(answer);
}

/* The domain of one of our own addresses, which is in the table of hosts. */
static const char *own_domain(const struct core *core, const char *jid)
{
    size_t length;
    const char *domain = domain_of(jid, &length);
    const struct host *host = map_find(&core->hosts, domain, length);
    assert(host != NULL);
    return host->name;
}

void remote_send(struct core *core, const struct stanza *stanza)
{
    if (core->ports.route == NULL) {
        give_back(core, stanza, failure(CORE_NO_SERVER));
        return;
    }
    struct buffer *out = &core->outgoing;
    assert(out->length == 0);
    element_write(out, stanza->root, "");
    bool written = !out->failed && !stanza_failed(stanza);
    if (written)
        route(core, own_domain(core, element_get(stanza->root, "from")), element_get(stanza->root, "to"));
    buffer_clear(out);
    if (!written)
        give_back(core, stanza, (struct stanza_error){ "wait", "resource-constraint", NULL });
}

/* Without memory the contact is left with what it heard last. */
void remote_send_rendered(struct core *core, const struct rendered *rendered, const char *from,
                          const char *to)
{
    const struct buffer *xml = &rendered->xml;
    if (core->ports.route == NULL || xml->failed)
        return;
    struct buffer *out = &core->outgoing;
    assert(out->length == 0);
    buffer_append(out, xml->bytes, rendered->gap);
    buffer_string(out, " xmlns='" NS_CLIENT "' to='");
    buffer_xml(out, to, strlen(to));
    buffer_append(out, "'", 1);
    buffer_append(out, xml->bytes + rendered->gap, xml->length - rendered->gap);
    if (!out->failed)
        route(core, from, to);
    buffer_clear(out);
}

/* ---- Reading ---- */

struct reading {
    struct stanza *stanza;
    bool failed;
    bool ended; /* the stream around it */
};

static void on_header(void *host, struct stanza *header, const char *content_ns)
{
    (void)host;
    (void)content_ns;
    stanza_free(header);
}

static void on_stanza(void *host, struct stanza *stanza)
{
    struct reading *reading = host;
    if (reading->stanza == NULL) {
        reading->stanza = stanza;
        return;
    }
    reading->failed = true;
    stanza_free(stanza);
}

static void on_end(void *host)
{
    struct reading *reading = host;
    reading->ended = true;
}

static void on_failed(void *host, enum stream_error error, const char *text)
{
    (void)error;
    (void)text;
    struct reading *reading = host;
    reading->failed = true;
}

static bool is_stanza(const struct element *root)
{
    static const char *const names[] = { "message", "presence", "iq" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (element_is(root, names[i], NS_CLIENT))
            return true;
    return false;
}

/* Reads one stanza as it would be read from a client, within the same limits.  NULL when it is none, when it
 * is more than one, or when there is no memory. */
static struct stanza *read_stanza(struct core *core, const char *xml, size_t length)
{
    static const struct parser_events events = { on_header, on_stanza, on_end, on_failed };
    static const char header[] = "<stream:stream xmlns='" NS_CLIENT "' xmlns:stream='" NS_STREAMS "'>";
    static const char footer[] = "</stream:stream>";
    struct reading reading = { 0 };
    struct parser parser;
    if (parser_init(&parser, &core->parsers, &core->settings.limits, &events, &reading)) {
        parser_feed(&parser, header, sizeof header - 1);
        parser_feed(&parser, xml, length);
        reading.failed = reading.failed || reading.ended;
        parser_feed(&parser, footer, sizeof footer - 1);
    }
    parser_free(&parser);
    if (reading.ended && !reading.failed && reading.stanza != NULL && !stanza_failed(reading.stanza) &&
        is_stanza(reading.stanza->root))
        return reading.stanza;
    stanza_free(reading.stanza);
    return NULL;
}

/* Reads an address of a stanza and writes it back as it was prepared. */
static bool read_address(struct stanza *stanza, const char *attribute, struct jid *jid)
{
    const char *address = element_get(stanza->root, attribute);
    if (address == NULL || !jid_parse_string(jid, address))
        return false;
    if (strcmp(address, jid->full) != 0)
        element_set(stanza, stanza->root, attribute, jid->full);
    return !stanza_failed(stanza);
}

/* ---- In ---- */

/* Whether an account in memory has blocked the sender; then the stanza is answered.  Whom presence concerns,
 * only its rooms know. */
static bool is_blocked(struct core *core, const struct stanza *stanza, const struct jid *to)
{
    const struct user *recipient = stanza->root->name[0] != 'p' ? user_find(core, to->bare) : NULL;
    if (recipient == NULL || !blocking_forbids(recipient, element_get(stanza->root, "from")))
        return false;
    if (stanza->root->name[0] == 'i' && iq_is_answered_alike(core, stanza->root, to))
        return false;
    blocking_refuse_inbound(core, stanza);
    return true;
}

static void dispatch(struct core *core, struct stanza *stanza, const struct jid *to)
{
    if (is_blocked(core, stanza, to)) {
        stanza_free(stanza);
        return;
    }
    switch (stanza->root->name[0]) {
    case 'm':
        message_arrived(core, stanza, to);
        break;
    case 'i':
        iq_arrived(core, stanza, to);
        break;
    default:
        presence_arrived(core, stanza, to);
        break;
    }
}

/* A stanza that would overtake one from the same account which waits for storage waits behind it (RFC 6120,
 * 10.1). */
static void deliver_waiting(struct user *user, struct user_work *work)
{
    struct jid to;
    struct stanza *stanza = work->stanza;
    work->stanza = NULL;
    bool valid = read_address(stanza, "to", &to);
    assert(valid);
    (void)valid;
    dispatch(user->core, stanza, &to);
}

static void begin_waiting(struct user *user, struct user_work *work)
{
    deliver_waiting(user, work);
    user_finish(user, work);
}

/* Without its roster the account is sent it all the same. */
static void failed_waiting(struct user *user, struct user_work *work, enum user_failure why)
{
    (void)why;
    deliver_waiting(user, work);
}

static const struct user_work_kind waiting = { .name = "wait for other work",
                                               .begin = begin_waiting,
                                               .failed = failed_waiting };

/* The request to bind has no sender yet. */
static bool same_account(const char *a, const char *b)
{
    if (a == NULL)
        return false;
    size_t length = strcspn(a, "/");
    return length == strcspn(b, "/") && strncmp(a, b, length) == 0;
}

/* What is work itself waits its turn as such. */
static bool is_work(const struct element *stanza)
{
    const char *type = element_get(stanza, "type");
    return stanza->name[0] == 'p' && type != NULL &&
           (strcmp(type, "probe") == 0 || subscription_stanza_of(type) != SUBSCRIPTION_STANZAS);
}

/* The account behind whose work the stanza has to wait, or NULL. */
static struct user *user_ahead(const struct core *core, const struct stanza *stanza, const struct jid *to)
{
    const char *from = element_get(stanza->root, "from");
    struct user *user = user_find(core, to->bare);
    const struct user_work *work = user != NULL && !is_work(stanza->root) ? user->work : NULL;
    for (; work != NULL; work = work->next)
        if (work->session == NULL && work->stanza != NULL &&
            same_account(element_get(work->stanza->root, "from"), from))
            return user;
    return NULL;
}

/* An account that has as much to do as may wait is sent nothing more from elsewhere. */
static bool is_turned_away(struct core *core, const struct stanza *stanza, const struct jid *to)
{
    const struct user *recipient = user_find(core, to->bare);
    if (recipient == NULL || !user_is_busy(recipient))
        return false;
    router_bounce(core, stanza, (struct stanza_error){ "wait", "resource-constraint", NULL });
    return true;
}

static void receive(struct core *core, struct stanza *stanza, const struct jid *to)
{
    if (is_turned_away(core, stanza, to)) {
        stanza_free(stanza);
        return;
    }
    struct user *user = user_ahead(core, stanza, to);
    if (user == NULL)
        dispatch(core, stanza, to);
    else
        (void)user_begin_work(user, &waiting, NULL, stanza, NULL, 0);
}

/* Nobody speaks for another domain than his own, nor for one of ours (RFC 6120, 8.1.2.2), and what is for
 * somebody elsewhere is not passed on (8.1.1.2). */
static bool is_proper(struct core *core, struct stanza *stanza, const char *from_domain, struct jid *to)
{
    char vouched[JID_PART_MAX + 1];
    struct jid from;
    if (!jid_prepare_domain(vouched, from_domain, strlen(from_domain)) || core_host(core, vouched) != NULL)
        return false;
    if (!read_address(stanza, "from", &from) || strcmp(from.domain, vouched) != 0)
        return false;
    return read_address(stanza, "to", to) && router_is_local(core, to);
}

void remote_arrived(struct core *core, const char *from_domain, const char *xml, size_t length)
{
    struct jid to;
    struct stanza *stanza = read_stanza(core, xml, length);
    if (stanza == NULL)
        return;
    if (is_proper(core, stanza, from_domain, &to))
        receive(core, stanza, &to);
    else
        stanza_free(stanza);
}

void remote_returned(struct core *core, const char *xml, size_t length, enum core_route_failure why)
{
    struct jid from;
    struct stanza *stanza = read_stanza(core, xml, length);
    if (stanza != NULL && read_address(stanza, "from", &from) && router_is_local(core, &from))
        give_back(core, stanza, failure(why));
    stanza_free(stanza);
}

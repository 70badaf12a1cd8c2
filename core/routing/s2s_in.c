#include "routing/s2s_in.h"

#include "account/user.h"
#include "account/work.h"
#include "delivery/reply.h"
#include "delivery/s2s_out.h"
#include "iq/iq.h"
#include "message/message.h"
#include "presence/presence.h"
#include "presence/subscription.h"
#include "session/tables.h"
#include "xml/parser.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

/* ---- Parsing ---- */

struct reading {
    struct stanza *stanza;
    bool failed;
    bool ended; /* the stream around the stanza */
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

/* Parses one stanza as from a client, within these limits.  NULL when it is not exactly one stanza, or when
 * there is no memory.  Owned by the caller. */
static struct stanza *read_stanza(struct core *core, const struct core_limits *limits, const char *xml,
                                  size_t length)
{
    static const struct parser_events events = { on_header, on_stanza, on_end, on_failed };
    static const char header[] = "<stream:stream xmlns='" NS_CLIENT "' xmlns:stream='" NS_STREAMS "'>";
    static const char footer[] = "</stream:stream>";
    struct reading reading = { 0 };
    struct parser parser;
    if (parser_init(&parser, &core->parsers, limits, &events, &reading)) {
        parser_feed(&parser, header, sizeof header - 1);
        parser_feed(&parser, xml, length);
        reading.failed = reading.failed || reading.ended;
        parser_feed(&parser, footer, sizeof footer - 1);
    }
    parser_free(&parser);
    if (reading.ended && !reading.failed && reading.stanza != NULL && !stanza_failed(reading.stanza) &&
        strcmp(reading.stanza->root->ns, NS_CLIENT) == 0 && stanza_kind(reading.stanza->root) != STANZA_NONE)
        return reading.stanza;
    stanza_free(reading.stanza);
    return NULL;
}

/* Parses an address of a stanza and replaces it by its prepared form. */
static bool read_address(struct stanza *stanza, const char *attribute, struct jid *jid)
{
    const char *address = element_get(stanza->root, attribute);
    if (address == NULL || !jid_parse_string(jid, address))
        return false;
    if (strcmp(address, jid->full) != 0)
        element_set(stanza, stanza->root, attribute, jid->full);
    return !stanza_failed(stanza);
}

/* ---- Receiving ---- */

/* Whether an account in memory has blocked the sender; if so, the stanza is answered.  Presence is checked
 * in the presence folder for each recipient. */
static bool is_blocked(struct core *core, const struct stanza *stanza, const struct jid *to)
{
    enum stanza_kind kind = stanza_kind(stanza->root);
    const struct user *recipient = kind != STANZA_PRESENCE ? user_find(core, to->bare) : NULL;
    if (recipient == NULL || !user_blocks(recipient, element_get(stanza->root, "from")))
        return false;
    if (kind == STANZA_IQ && iq_is_answered_alike(core, stanza->root, to))
        return false;
    reply_unavailable(core, stanza);
    return true;
}

static void dispatch(struct core *core, struct stanza *stanza, const struct jid *to)
{
    if (is_blocked(core, stanza, to)) {
        stanza_free(stanza);
        return;
    }
    switch (stanza_kind(stanza->root)) {
    case STANZA_MESSAGE:
        message_arrived(core, stanza, to);
        break;
    case STANZA_PRESENCE:
        presence_arrived(core, stanza, to);
        break;
    case STANZA_IQ:
        iq_arrived(core, stanza, to);
        break;
    case STANZA_NONE:
        assert(false); /* read_stanza returns only stanzas */
    }
}

/* A stanza that would overtake an earlier stanza from the same account, which waits for storage, waits
 * behind it (RFC 6120, 10.1). */
static void deliver_waiting(struct user *user, struct user_work *work)
{
    struct jid to;
    struct stanza *stanza = work->stanza;
    work->stanza = NULL;
    jid_parse_known(&to, element_get(stanza->root, "to"));
    dispatch(user->core, stanza, &to);
}

static void begin_waiting(struct user *user, struct user_work *work)
{
    deliver_waiting(user, work);
    work_finish(user, work);
}

/* The stanza is delivered even if the roster could not be loaded. */
static void failed_waiting(struct user *user, struct user_work *work, enum user_failure why)
{
    (void)why;
    deliver_waiting(user, work);
}

static const struct user_work_kind waiting = { .name = "wait for other work",
                                               .begin = begin_waiting,
                                               .failed = failed_waiting };

/* A bind request has no sender: `a` may be NULL. */
static bool same_account(const char *a, const char *b)
{
    if (a == NULL)
        return false;
    size_t length = strcspn(a, "/");
    return length == strcspn(b, "/") && strncmp(a, b, length) == 0;
}

/* Stanzas that are handled as work wait in the queue anyway. */
static bool is_work(const struct element *stanza)
{
    const char *type = element_get(stanza, "type");
    return stanza_kind(stanza) == STANZA_PRESENCE && type != NULL &&
           (strcmp(type, "probe") == 0 || subscription_stanza_of(type) != SUBSCRIPTION_STANZAS);
}

/* The account whose work the stanza must wait for, or NULL. */
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

/* Whether the account's queue of work is full; then a stanza from a remote server is refused. */
static bool is_turned_away(struct core *core, const struct stanza *stanza, const struct jid *to)
{
    const struct user *recipient = user_find(core, to->bare);
    if (recipient == NULL || !user_is_busy(recipient))
        return false;
    reply_error(core, stanza, (struct stanza_error){ "wait", "resource-constraint", NULL });
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
        (void)work_begin(user, &waiting, NULL, stanza, NULL, (union work_subject){ 0 });
}

/* A remote server may only send from its own domain, which is not one of the core's (RFC 6120, 8.1.2.2),
 * and only to a local address (8.1.1.2). */
static bool is_proper(struct core *core, struct stanza *stanza, const char *from_domain, struct jid *to)
{
    char vouched[JID_PART_MAX + 1];
    struct jid from;
    if (!jid_prepare_domain(vouched, from_domain, strlen(from_domain)) || host_find(core, vouched) != NULL)
        return false;
    if (!read_address(stanza, "from", &from) || strcmp(from.domain, vouched) != 0)
        return false;
    return read_address(stanza, "to", to) && host_is_local(core, to);
}

void s2s_arrived(struct core *core, const char *from_domain, const char *xml, size_t length)
{
    struct jid to;
    struct stanza *stanza = read_stanza(core, &core->settings.limits, xml, length);
    if (stanza == NULL)
        return;
    if (is_proper(core, stanza, from_domain, &to))
        receive(core, stanza, &to);
    else
        stanza_free(stanza);
}

/* Those of a client, as far as they apply to what the core has written: that may be larger than what came. */
static struct core_limits limits_of_written(const struct core *core)
{
    struct core_limits limits = core->settings.limits;
    const size_t read = limits.stanza_bytes;
    limits.stanza_bytes = read < (SIZE_MAX - STANZA_DECLARED) / STANZA_GROWTH
                              ? read * STANZA_GROWTH + STANZA_DECLARED
                              : SIZE_MAX;
    limits.unauthenticated_bytes = SIZE_MAX;
    limits.attributes = SIZE_MAX; /* namespaces are declared again */
    return limits;
}

void s2s_returned(struct core *core, const char *xml, size_t length, enum core_route_failure why)
{
    struct jid from;
    const struct core_limits limits = limits_of_written(core);
    struct stanza *stanza = read_stanza(core, &limits, xml, length);
    if (stanza != NULL && read_address(stanza, "from", &from) && host_is_local(core, &from))
        s2s_give_back(core, stanza, why);
    stanza_free(stanza);
}

#include "delivery/s2s_out.h"

#include "account/user.h"
#include "account/user_send.h"
#include "delivery/carbons.h"
#include "session/send.h"
#include "session/tables.h"
#include "xml/stanza_error.h"

#include <assert.h>
#include <string.h>

/* The domainpart of a JID: after the first '@' before any '/' (RFC 7622, 3.1). */
static const char *domain_of(const char *jid, size_t *length)
{
    size_t bare = strcspn(jid, "/");
    const char *at = memchr(jid, '@', bare);
    const char *domain = at != NULL ? at + 1 : jid;
    *length = bare - (size_t)(domain - jid);
    return domain;
}

bool s2s_has(const struct core *core, const char *jid)
{
    size_t length;
    const char *domain = domain_of(jid, &length);
    return map_find(&core->hosts, domain, length) == NULL;
}

/* Passes the contents of core->outgoing to ports.route, from one of the core's hosts to the domain of `to`.
 */
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

/* Whether the sender learns that a stanza was not delivered (RFC 6120, 10.4.3).  Errors and results are
 * never answered (8.3.1).  A probe, its refusal, and unavailable presence from an account are sent by the
 * server; unavailable presence from a resource is sent by its client. */
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

/* Sends an error to the local sender of a stanza.  A full JID is one session.  What an account sent, a
 * subscription stanza, is answered to its available resources. */
static void give_back(struct core *core, const struct stanza *stanza, struct stanza_error error)
{
    if (!is_missed(stanza->root))
        return;
    struct stanza *answer = stanza_error_reply(core->memory, stanza, error);
    if (answer != NULL)
        carbons_bounced(core, stanza, answer);
    const char *sender = element_get(stanza->root, "from");
    struct user *user = user_find(core, sender);
    struct session *session = user == NULL ? session_find(core, sender) : NULL;
    if (user != NULL && answer != NULL)
        user_send_to_available(user, answer);
    else if (session != NULL && answer != NULL)
        session_send(session, answer);
    else if (session != NULL)
        session_disconnect(session);
    stanza_free(answer);
}

/* The domain of a local address, from the table of hosts. */
static const char *own_domain(const struct core *core, const char *jid)
{
    size_t length;
    const char *domain = domain_of(jid, &length);
    const struct host *host = map_find(&core->hosts, domain, length);
    assert(host != NULL);
    return host->name;
}

void s2s_send(struct core *core, const struct stanza *stanza)
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

/* Without memory the contact keeps the last presence that it received. */
void s2s_send_rendered(struct core *core, const struct rendered *rendered, const char *from, const char *to)
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

void s2s_give_back(struct core *core, const struct stanza *stanza, enum core_route_failure why)
{
    give_back(core, stanza, failure(why));
}

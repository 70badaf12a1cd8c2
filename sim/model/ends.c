#include "ends.h"

#include "model_private.h"

/* ---- The sender (RFC 6120, 8.1.2.1) ---- */

static bool is_of_another_session(const struct session_facts *session, struct span from)
{
    const struct likeness likeness = address_liken(from, session_facts_jid(session));
    return likeness.account == ALIKE_NO ||
           (likeness.account == ALIKE_YES && likeness.has_resource && likeness.whole == ALIKE_NO);
}

/* Before it has a resource a client may name the account that it has logged in to. */
static bool is_of_another_account(const struct connection *connection, struct span from)
{
    const struct address address = address_split(from);
    const uint64_t account = account_hash(&address);
    return account != 0 && connection->account != 0 && account != connection->account;
}

static bool is_bind(const struct scanned *scanned)
{
    struct tag tag;
    return span_is(scanned->head.type, "set") && scanned_child(scanned, "bind", &tag);
}

static bool has(const struct connection *connection, enum capability capability)
{
    return capabilities_have(server_capabilities(connection->server->server), capability);
}

static bool is_forged(const struct connection *connection, const struct scanned *scanned)
{
    const struct session_facts *session = connection->session;
    const struct span from = scanned->head.from;
    if (from.bytes == NULL || stanza_kind_of(scanned) == NO_STANZA ||
        !has(connection, CAPABILITY_INVALID_FROM))
        return false;
    if (session->full_jid != NULL)
        return is_of_another_session(session, from);
    return is_bind(scanned) && is_of_another_account(connection, from);
}

/* ---- The length ---- */

/* Without the end tag. */
static size_t length_of(const struct scanned *scanned)
{
    return (size_t)(scanned->inside.bytes + scanned->inside.length - scanned->tag.begin);
}

/* While an exchange is under way the client may be in when the element is read. */
static bool is_too_long(const struct connection *connection, const struct scanned *scanned)
{
    const struct login *login = &connection->login;
    return has(connection, CAPABILITY_LIMITS_UNAUTHENTICATED_BYTES) && !connection->is_in &&
           login->count == 0 && !login->has_more &&
           length_of(scanned) > connection->server->settings->limits.unauthenticated_bytes;
}

void ends_arrived(struct connection *connection, const struct scanned *scanned)
{
    struct session_facts *session = connection->session;
    if (session->must_end != NULL || connection->starts_tls)
        return;
    if (is_forged(connection, scanned))
        session->must_end = "it has sent a stanza in the name of somebody else";
    else if (is_too_long(connection, scanned))
        session->must_end = "it has sent more than is allowed before a login";
    if (span_is_local_name(scanned->tag.name, "starttls"))
        connection->starts_tls = true;
}

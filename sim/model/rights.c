#include "rights.h"

enum { NAME_SIZE = 1024 };

/* Whether one of the items is a resource; a stranger may be told of others (XEP-0030, 8). */
static bool has_resource(struct span items)
{
    struct element item;
    while (element_find(items, "item", &item, &items)) {
        const struct span jid = tag_attribute(&item.tag, "jid");
        if (jid.bytes != NULL && memchr(jid.bytes, '/', jid.length) != NULL)
            return true;
    }
    return false;
}

/* Whether an answer tells what only some may know. */
static bool tells(const struct scanned *scanned)
{
    struct element query;
    if (!element_find(scanned->inside, "query", &query, NULL))
        return false;
    return tag_declares(&query.tag, "jabber:iq:last") ||
           tag_declares(&query.tag, "http://jabber.org/protocol/disco#info") ||
           (tag_declares(&query.tag, "http://jabber.org/protocol/disco#items") && has_resource(query.inside));
}

/* Whether the contact is subscribed to the account whose item this is (RFC 6121, 2.1.2.5). */
static bool is_subscribed(const char *item)
{
    struct element found;
    if (!element_find((struct span){ item, strlen(item) }, "item", &found, NULL))
        return false;
    const struct span subscription = tag_attribute(&found.tag, "subscription");
    return span_is(subscription, "from") || span_is(subscription, "both");
}

static bool is_of_another_account(const struct departure *departure, const struct address *from)
{
    const struct likeness sender = address_liken(departure->from, session_facts_jid(departure->session));
    return from->local.bytes != NULL && from->resource.bytes == NULL && sender.account == ALIKE_NO;
}

enum right rights_of(const struct connection *connection, const struct departure *departure)
{
    const struct watched_server *server = connection->server;
    const struct address from = address_split(departure->from);
    char user[NAME_SIZE], host[NAME_SIZE], contact[NAME_SIZE];
    if (departure->kind != STANZA_IQ || !span_is(departure->type, "result") || !departure->is_named ||
        !is_of_another_account(departure, &from) || !tells(departure->scanned))
        return RIGHT_NONE;
    const char *full_jid = departure->session->full_jid;
    const struct span bare = { full_jid, strcspn(full_jid, "/") };
    if (!server->has_storage || !address_read_part(from.local, user, sizeof user) ||
        !address_read_part(from.domain, host, sizeof host) ||
        !address_read_part(bare, contact, sizeof contact))
        return RIGHT_UNKNOWN;
    if (disk_count(server->disk, user, host, CORE_STORE_ACCOUNT) == 0)
        return RIGHT_NONE; /* it is an account of another server, which decides */
    if (connection->has_backlog || departure->session->was_resumed)
        return RIGHT_UNKNOWN;
    const char *item = disk_get(server->disk, user, host, CORE_STORE_ROSTER, contact);
    return item != NULL && is_subscribed(item) ? RIGHT_SUBSCRIBED : RIGHT_MISSING;
}

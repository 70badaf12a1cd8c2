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

/* Whether an item says that there is a subscription in a direction (RFC 6121, 2.1.2.5). */
static bool says(const char *item, const char *direction)
{
    struct element found;
    if (!element_find((struct span){ item, strlen(item) }, "item", &found, NULL))
        return false;
    const struct span subscription = tag_attribute(&found.tag, "subscription");
    return span_is(subscription, direction) || span_is(subscription, "both");
}

enum right rights_in_roster(const struct watched_server *server, struct span account, struct span contact,
                            const char *direction)
{
    const struct address owner = address_split(account);
    const void *slash = contact.bytes != NULL ? memchr(contact.bytes, '/', contact.length) : NULL;
    char user[NAME_SIZE], host[NAME_SIZE], bare[NAME_SIZE];
    if (slash != NULL)
        contact.length = (size_t)((const char *)slash - contact.bytes);
    if (!server->has_storage || !address_read_part(owner.local, user, sizeof user) ||
        !address_read_part(owner.domain, host, sizeof host) || !address_read_part(contact, bare, sizeof bare))
        return RIGHT_UNKNOWN;
    if (disk_count(server->disk, user, host, CORE_STORE_ACCOUNT) == 0)
        return RIGHT_NONE;
    const char *item = disk_get(server->disk, user, host, CORE_STORE_ROSTER, bare);
    return item != NULL && says(item, direction) ? RIGHT_SUBSCRIBED : RIGHT_MISSING;
}

static bool is_of_another_account(const struct departure *departure, const struct address *from)
{
    const struct likeness sender = address_liken(departure->from, session_facts_jid(departure->session));
    return from->local.bytes != NULL && from->resource.bytes == NULL && sender.account == ALIKE_NO;
}

enum right rights_of(const struct connection *connection, const struct departure *departure)
{
    const struct address from = address_split(departure->from);
    if (departure->kind != STANZA_IQ || !span_is(departure->type, "result") || !departure->is_named ||
        !is_of_another_account(departure, &from) || !tells(departure->scanned))
        return RIGHT_NONE;
    const enum right right =
        rights_in_roster(connection->server, departure->from, session_facts_jid(departure->session), "from");
    /* Where it is an account of another server, that decides. */
    const bool is_old = connection->has_backlog || departure->session->was_resumed;
    return right != RIGHT_NONE && is_old ? RIGHT_UNKNOWN : right;
}

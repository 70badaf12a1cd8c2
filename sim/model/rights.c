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

/* The account that an answer is from, as names on the disk, and that of the receiver. */
struct names {
    char user[NAME_SIZE], host[NAME_SIZE], contact[NAME_SIZE];
};

static bool read_names(const struct departure *departure, const struct address *from, struct names *names)
{
    const char *full_jid = departure->session->full_jid;
    const struct span bare = { full_jid, strcspn(full_jid, "/") };
    return address_read_part(from->local, names->user, sizeof names->user) &&
           address_read_part(from->domain, names->host, sizeof names->host) &&
           address_read_part(bare, names->contact, sizeof names->contact);
}

/* An account of another server decides for itself. */
static bool is_here(const struct watched_server *server, const struct names *names)
{
    return disk_count(server->disk, names->user, names->host, CORE_STORE_ACCOUNT) > 0;
}

static bool sees_presence(const struct watched_server *server, const struct names *names)
{
    const char *item = disk_get(server->disk, names->user, names->host, CORE_STORE_ROSTER, names->contact);
    return item != NULL && is_subscribed(item);
}

/* What is decided is not decided in this event, or not on this connection. */
static bool may_be_old(const struct connection *connection, const struct departure *departure)
{
    return connection->has_backlog || departure->session->was_resumed;
}

enum right rights_of(const struct connection *connection, const struct departure *departure)
{
    const struct watched_server *server = connection->server;
    const struct address from = address_split(departure->from);
    struct names names;
    if (departure->kind != STANZA_IQ || !span_is(departure->type, "result") || !departure->is_named ||
        !is_of_another_account(departure, &from) || !tells(departure->scanned))
        return RIGHT_NONE;
    if (!server->has_storage || !read_names(departure, &from, &names))
        return RIGHT_UNKNOWN;
    if (!is_here(server, &names))
        return RIGHT_NONE;
    if (may_be_old(connection, departure))
        return RIGHT_UNKNOWN;
    return sees_presence(server, &names) ? RIGHT_SUBSCRIBED : RIGHT_MISSING;
}

/* ---- Refusals ---- */

/* Whether nothing is wrong but that it is not told: an account that has blocked the sender answers so, too
 * (XEP-0191, 3.3). */
static bool is_unavailable(const struct scanned *scanned)
{
    struct element error, condition;
    return element_find(scanned->inside, "error", &error, NULL) &&
           element_find(error.inside, "service-unavailable", &condition, NULL);
}

static bool may_block(const struct watched_server *server, const struct names *names,
                      const struct departure *departure)
{
    const struct address name = { .local = { names->user, strlen(names->user) },
                                  .domain = { names->host, strlen(names->host) } };
    const struct address jid = address_split(session_facts_jid(departure->session));
    const struct account_facts *account = account_find(&server->accounts, account_hash(&name));
    if (account != NULL)
        return account_may_block(account, &jid);
    return disk_count(server->disk, names->user, names->host, CORE_STORE_BLOCKLIST) > 0;
}

enum refusal refusal_of(const struct connection *connection, const struct departure *departure)
{
    const struct watched_server *server = connection->server;
    const struct address from = address_split(departure->from);
    struct names names;
    if (departure->kind != STANZA_IQ || !span_is(departure->type, "error") || !departure->is_named ||
        !is_of_another_account(departure, &from) || !is_unavailable(departure->scanned))
        return REFUSAL_NONE;
    const enum session_wish wish = session_facts_wish(departure->session, departure->id_hash);
    if ((wish != WISH_INFO && wish != WISH_ITEMS) || !server->has_storage)
        return REFUSAL_NONE;
    if (!read_names(departure, &from, &names) || !is_here(server, &names) ||
        may_be_old(connection, departure) || may_block(server, &names, departure))
        return REFUSAL_UNKNOWN;
    if (wish == WISH_ITEMS)
        return REFUSAL_OF_ITEMS;
    return sees_presence(server, &names) ? REFUSAL_OF_INFO : REFUSAL_NONE;
}

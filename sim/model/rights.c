#include "rights.h"

#include "sides.h"

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
    const enum side_state state = side_of_item(item).state;
    return strcmp(direction, "from") == 0 ? side_has_from(state) : side_has_to(state);
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
    return says(item, direction) ? RIGHT_SUBSCRIBED : RIGHT_MISSING;
}

static bool is_of_another_account(const struct departure *departure, const struct address *from)
{
    const struct likeness sender = address_liken(departure->from, session_facts_jid(departure->session));
    return from->local.bytes != NULL && from->resource.bytes == NULL && sender.account == ALIKE_NO;
}

/* ---- Accounts on the disk ---- */

/* The name of an account, as on the disk. */
struct name {
    char user[NAME_SIZE], host[NAME_SIZE];
};

static bool read_name(const struct address *account, struct name *name)
{
    return address_read_part(account->local, name->user, sizeof name->user) &&
           address_read_part(account->domain, name->host, sizeof name->host);
}

bool rights_has_account(const struct watched_server *server, const struct address *account)
{
    struct name name;
    return server->disk != NULL && read_name(account, &name) &&
           disk_count(server->disk, name.user, name.host, CORE_STORE_ACCOUNT) > 0;
}

bool rights_may_block(const struct watched_server *server, const struct address *account,
                      const struct address *jid)
{
    struct name name;
    const struct disk *disk = server->disk;
    const struct account_facts *facts = account_find(&server->accounts, account_hash(account));
    if (facts != NULL || !rights_can_block(server))
        return facts != NULL && account_may_block(facts, jid);
    if (disk == NULL || !read_name(account, &name))
        return true;
    size_t i = disk_count(disk, name.user, name.host, CORE_STORE_BLOCKLIST);
    while (i > 0 &&
           !address_may_match(disk_entry(disk, name.user, name.host, CORE_STORE_BLOCKLIST, i - 1).key, jid))
        i--;
    return i > 0;
}

bool rights_stored_blocks_are_known(const struct watched_server *server, const char *user, const char *host)
{
    size_t i = disk_count(server->disk, user, host, CORE_STORE_BLOCKLIST);
    while (i > 0) {
        const char *item = disk_entry(server->disk, user, host, CORE_STORE_BLOCKLIST, --i).key;
        const struct address jid = address_split((struct span){ item, strlen(item) });
        if (!address_is_plain(jid.local) || !address_is_plain(jid.domain) || !address_is_plain(jid.resource))
            return false;
    }
    return true;
}

bool rights_blocks_are_known(const struct watched_server *server, const struct address *account)
{
    const struct account_facts *facts = account_find(&server->accounts, account_hash(account));
    struct name name;
    if (facts != NULL)
        return !facts->has_other_blocks;
    return server->disk == NULL || !read_name(account, &name) ||
           rights_stored_blocks_are_known(server, name.user, name.host);
}

/* ---- What is told ---- */

/* What is decided is not decided in this event, or not on this connection. */
static bool may_be_old(const struct connection *connection, const struct departure *departure)
{
    return connection->has_backlog || departure->session->was_resumed;
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
    return right != RIGHT_NONE && may_be_old(connection, departure) ? RIGHT_UNKNOWN : right;
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

static bool may_block(const struct watched_server *server, const struct departure *departure,
                      const struct address *from)
{
    const struct address receiver = address_split(session_facts_jid(departure->session));
    return rights_may_block(server, from, &receiver);
}

enum refusal refusal_of(const struct connection *connection, const struct departure *departure)
{
    const struct watched_server *server = connection->server;
    const struct address from = address_split(departure->from);
    struct name name;
    if (departure->kind != STANZA_IQ || !span_is(departure->type, "error") || !departure->is_named ||
        !is_of_another_account(departure, &from) || !is_unavailable(departure->scanned))
        return REFUSAL_NONE;
    const enum session_wish wish = session_facts_wish(departure->session, departure->id_hash);
    if ((wish != WISH_INFO && wish != WISH_ITEMS) || !server->has_storage)
        return REFUSAL_NONE;
    const bool may_lack = departure->is_struck || server->is_shaken; /* what decides: memory ran out */
    if (read_name(&from, &name) && !rights_has_account(server, &from))
        return REFUSAL_NONE;
    if (may_lack || !read_name(&from, &name) || may_be_old(connection, departure) ||
        !rights_blocks_are_known(server, &from))
        return REFUSAL_UNKNOWN;
    if (may_block(server, departure, &from))
        return REFUSAL_NONE;
    if (wish == WISH_ITEMS)
        return REFUSAL_OF_ITEMS;
    if (loads_may_lack(server, account_hash(&from)))
        return REFUSAL_UNKNOWN; /* without the roster it cannot know who is subscribed, and must refuse all others */
    const enum right right =
        rights_in_roster(server, departure->from, session_facts_jid(departure->session), "from");
    return right == RIGHT_SUBSCRIBED ? REFUSAL_OF_INFO : REFUSAL_NONE;
}

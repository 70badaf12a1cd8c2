#include "room.h"

#include <stdio.h>

/* ---- Items ---- */

/* What an item takes as its clients receive it, with all that it may have there; 0 where what stands for a
 * character is of another length than it. */
static size_t weight_of(const struct element *item)
{
    enum {
        ITEM = sizeof "<item jid='' subscription='none' ask='subscribe' approved='true' name=''></item>" - 1,
        GROUP = sizeof "<group></group>" - 1
    };
    const struct span jid = tag_attribute(&item->tag, "jid"), name = tag_attribute(&item->tag, "name");
    const struct span all = { item->tag.begin,
                              (size_t)(item->inside.bytes + item->inside.length - item->tag.begin) };
    size_t weight = ITEM + jid.length + name.length;
    struct span rest = item->inside;
    struct element group;
    if (!address_is_plain(jid) || memchr(all.bytes, '&', all.length) != NULL)
        return 0;
    while (element_find(rest, "group", &group, &rest))
        weight += GROUP + group.inside.length;
    return weight;
}

static bool read_item(const char *value, struct element *item)
{
    return element_find((struct span){ value, strlen(value) }, "item", item, NULL);
}

/* A request of a stranger, which clients do not see. */
static bool is_hidden(const struct element *item)
{
    return span_is(tag_attribute(&item->tag, "hidden"), "true");
}

/* What is in a roster: items that are seen, requests that wait, and what the former weigh. */
struct roster_sum {
    size_t shown, hidden, weight;
    bool is_known; /* the weight is */
};

static struct roster_sum sum_up(const struct disk *disk, const char *user, const char *host)
{
    struct roster_sum sum = { .is_known = true };
    struct element item;
    for (size_t i = disk_count(disk, user, host, CORE_STORE_ROSTER); i-- > 0;) {
        const struct core_store_entry entry = disk_entry(disk, user, host, CORE_STORE_ROSTER, i);
        if (*entry.key == '\0' || !read_item(entry.value, &item))
            continue;
        const size_t weight = is_hidden(&item) ? 0 : weight_of(&item);
        sum.hidden += is_hidden(&item);
        sum.shown += !is_hidden(&item);
        sum.weight += weight;
        sum.is_known = sum.is_known && (weight > 0 || is_hidden(&item));
    }
    return sum;
}

/* ---- Refusals ---- */

static bool read_account(struct span jid, char user[256], char host[256])
{
    const struct address own = address_split(jid);
    return address_read_part(own.local, user, 256) && address_read_part(own.domain, host, 256);
}

/* What an item weighs, and how much more than the one that it replaces. */
static struct weight compare_with_old(const struct connection *connection, const struct element *item)
{
    const struct disk *disk = connection->server->disk;
    const size_t whole = weight_of(item);
    char user[256], host[256], jid[1024];
    struct element old;
    if (whole == 0 || disk == NULL || !read_account(session_facts_jid(connection->session), user, host) ||
        !address_read_part(tag_attribute(&item->tag, "jid"), jid, sizeof jid))
        return (struct weight){ .whole = whole };
    const char *stored = disk_get(disk, user, host, CORE_STORE_ROSTER, jid);
    const bool is_shown = stored != NULL && read_item(stored, &old) && !is_hidden(&old);
    const size_t before = is_shown ? weight_of(&old) : 0;
    return (struct weight){ whole, whole > before ? whole - before : 0 };
}

void room_arrived(const struct connection *connection, const struct scanned *scanned)
{
    struct element query, item;
    if (!span_is(scanned->head.type, "set") || connection->session->full_jid == NULL ||
        !element_find(scanned->inside, "query", &query, NULL) ||
        !tag_declares(&query.tag, "jabber:iq:roster") || !element_find(query.inside, "item", &item, NULL))
        return;
    const struct weight weight = compare_with_old(connection, &item);
    session_facts_weighs(connection->session, weight);
}

static bool is_for_want_of_room(const struct departure *departure)
{
    struct element error, condition;
    return span_is(departure->type, "error") &&
           element_find(departure->scanned->inside, "error", &error, NULL) &&
           element_find(error.inside, "resource-constraint", &condition, NULL);
}

/* It may be memory that is short. */
static enum right judge_refusal(const struct watched_server *server, struct span jid, struct weight weight)
{
    const struct core_limits *limits = &server->settings->limits;
    char user[256], host[256];
    if (server->is_shaken || !server->has_storage || !read_account(jid, user, host))
        return RIGHT_UNKNOWN;
    if (disk_count(server->disk, user, host, CORE_STORE_ACCOUNT) == 0)
        return RIGHT_NONE; /* its roster is not stored */
    const struct roster_sum sum = sum_up(server->disk, user, host);
    if (sum.shown >= limits->roster_items ||
        (sum.is_known && weight.more > 0 && sum.weight + weight.more > limits->roster_bytes))
        return RIGHT_SUBSCRIBED;
    return !sum.is_known || sum.weight + weight.whole > limits->roster_bytes ? RIGHT_POSSIBLE : RIGHT_MISSING;
}

void room_departed(const struct connection *connection, struct departure *departure)
{
    const struct session_facts *session = departure->session;
    if (departure->kind != STANZA_IQ || !departure->is_named || !departure_is_answer(departure) ||
        !is_for_want_of_room(departure))
        return;
    const struct weight weight = session_facts_weight(session, departure->id_hash);
    if (weight.whole == 0)
        return;
    const bool is_old = connection->has_backlog || departure->is_struck || session->was_resumed;
    departure->full =
        is_old ? RIGHT_UNKNOWN : judge_refusal(connection->server, session_facts_jid(session), weight);
}

/* ---- What is added ---- */

static void judge_added(const struct watched_server *server, const struct core_store_request *request,
                        size_t count, size_t limit, const char *what)
{
    char detail[600];
    if (!model_judge(server->model, QUESTION_OF_ROSTERS, count < limit ? HOLDS : VIOLATED))
        return;
    snprintf(detail, sizeof detail, "%s is added to the roster of %s@%s, which has %lu, and may have %lu",
             what, request->username, request->host, (unsigned long)count, (unsigned long)limit);
    model_violate(server->model, QUESTION_OF_ROSTERS, detail);
}

void room_asked(const struct watched_server *server, const struct core_store_request *request)
{
    const struct core_limits *limits = &server->settings->limits;
    struct element item, old;
    if (request->op != CORE_SAVE || request->store != CORE_STORE_ROSTER)
        return;
    for (size_t i = 0; i < request->entry_count; i++) {
        const struct core_store_entry *entry = &request->entries[i];
        if (*entry->key == '\0' || entry->value == NULL || !read_item(entry->value, &item))
            continue;
        const char *before =
            disk_get(server->disk, request->username, request->host, CORE_STORE_ROSTER, entry->key);
        if (before != NULL && (!read_item(before, &old) || is_hidden(&old) == is_hidden(&item)))
            continue;
        const struct roster_sum sum = sum_up(server->disk, request->username, request->host);
        if (is_hidden(&item))
            judge_added(server, request, sum.hidden, limits->requests, "a request");
        else
            judge_added(server, request, sum.shown, limits->roster_items, "an item");
    }
}

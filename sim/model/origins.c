#include "messages.h"

#include "../must.h"

#include <stdlib.h>

/* ---- The table ---- */

void origins_free(struct origins *origins)
{
    free(origins->entries);
    *origins = (struct origins){ 0 };
}

uint64_t origins_key(uint64_t sender, uint64_t lang, uint64_t content)
{
    const uint64_t key = hash_join(hash_join(content, lang), sender);
    return key != 0 ? key : 1;
}

static struct origin_entry *slot_of(const struct origins *origins, uint64_t key)
{
    size_t i = (key >> 20) & (origins->size - 1);
    while (origins->entries[i].key != 0 && origins->entries[i].key != key)
        i = (i + 1) & (origins->size - 1);
    return &origins->entries[i];
}

/* The place of the entry in the middle: those before are the older half. */
static uint64_t middle_of(const struct origins *origins, uint64_t newest)
{
    uint64_t least = 0, most = newest;
    while (most - least > 1) {
        const uint64_t middle = least + (most - least) / 2;
        size_t before = 0;
        for (size_t i = 0; i < origins->size; i++)
            before += origins->entries[i].key != 0 && origins->entries[i].place < middle;
        if (before <= ORIGINS_MOST / 2)
            least = middle;
        else
            most = middle;
    }
    return least;
}

/* Moves those from a place on to a table of another size. */
static void move(struct origins *origins, size_t size, uint64_t from)
{
    const struct origins old = *origins;
    origins->entries = must(calloc(size, sizeof *origins->entries));
    origins->size = size;
    origins->count = 0;
    origins->sum = 0;
    for (size_t i = 0; i < old.size; i++) {
        if (old.entries[i].key == 0 || old.entries[i].place < from)
            continue;
        *slot_of(origins, old.entries[i].key) = old.entries[i];
        origins->sum += old.entries[i].key * old.entries[i].times;
        origins->count++;
    }
    origins->has_forgotten = old.has_forgotten || origins->count < old.count;
    free(old.entries);
}

/* Room for one more: half of the table stays empty. */
static void make_room(struct origins *origins, uint64_t newest)
{
    enum { FIRST = 64 };
    if (origins->count >= ORIGINS_MOST) {
        move(origins, origins->size, middle_of(origins, newest));
        if (origins->count >= ORIGINS_MOST) /* they came in together */
            move(origins, origins->size, newest + 1);
    } else if (origins->count * 2 >= origins->size)
        move(origins, origins->size == 0 ? FIRST : origins->size * 2, 0);
}

struct origin_entry *origins_add(struct origins *origins, uint64_t key, uint64_t place)
{
    make_room(origins, place);
    struct origin_entry *entry = slot_of(origins, key);
    origins->count += entry->key == 0;
    origins->sum += key;
    entry->key = key;
    entry->place = place;
    entry->times++;
    return entry;
}

static struct origin_entry *look_up(const struct origins *origins, uint64_t key)
{
    struct origin_entry *entry = origins->size > 0 ? slot_of(origins, key) : NULL;
    return entry != NULL && entry->key != 0 ? entry : NULL;
}

const struct origin_entry *origins_find(const struct origins *origins, uint64_t key)
{
    return look_up(origins, key);
}

/* ---- What came in ---- */

/* Whether it may leave to another client: what is asked of the server itself is answered by it. */
static bool may_leave(enum stanza_kind kind, const struct stanza_head *head)
{
    if (span_is(head->type, "error"))
        return false;
    return kind != STANZA_IQ ||
           (head->to.bytes != NULL && memchr(head->to.bytes, '/', head->to.length) != NULL);
}

/* A request for a subscription, or an answer to one, leaves in the name of the account (RFC 6121, 3.1.2). */
static bool is_of_account(enum stanza_kind kind, struct span type)
{
    return kind == STANZA_PRESENCE && (span_is(type, "subscribe") || span_is(type, "subscribed") ||
                                       span_is(type, "unsubscribe") || span_is(type, "unsubscribed"));
}

static uint64_t sender_of(const struct connection *connection, bool is_bare)
{
    const char *jid = connection->session->full_jid;
    if (jid == NULL)
        return SENDER_UNNAMED;
    return is_bare ? span_hash((struct span){ jid, strcspn(jid, "/") }) : connection->session->jid_hash;
}

/* Whether the language of a stream is one: a sequence of subtags (RFC 5646, 2.1), which a server must take if it is no
 * longer than those that are in use (4.4.1). */
enum language { NO_LANGUAGE, LANGUAGE, LONG_LANGUAGE };

static enum language language_of(struct span lang)
{
    enum { SUBTAG_MOST = 8, LANGUAGE_MOST = 35 };
    size_t length = 0;
    for (size_t i = 0; i < lang.length; i++) {
        const char c = text_small(lang.bytes[i]);
        const bool is_subtag = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if ((!is_subtag && c != '-') || (c == '-' && length == 0) || (is_subtag && length == SUBTAG_MOST))
            return NO_LANGUAGE;
        length = c == '-' ? 0 : length + 1;
    }
    if (length == 0)
        return NO_LANGUAGE;
    return lang.length <= LANGUAGE_MOST ? LANGUAGE : LONG_LANGUAGE;
}

static size_t length_of(struct span inside, const char *begin)
{
    return (size_t)(inside.bytes + inside.length - begin);
}

static void note_length(struct origin_entry *entry, size_t length)
{
    if (length > entry->length)
        entry->length = (uint32_t)length;
}

static void add(const struct connection *connection, uint64_t key, const struct scanned *scanned)
{
    struct watched_server *server = connection->server;
    struct origin_entry *entry = origins_add(&server->origins, key, server->came);
    note_length(entry,
                length_of(scanned->inside, scanned->tag.begin) + connection->in_header.attributes.length);
    entry->is_delayed = entry->is_delayed || (scanned->is_delayed && canonical_is_delayed(scanned->inside));
    entry->is_directed = entry->is_directed || scanned->head.to.bytes != NULL;
}

/* The key of which presence is the last one of a session: no stanza has it. */
static uint64_t last_key(uint64_t sender)
{
    enum { LAST_PRESENCE = 1 };
    return origins_key(sender, 0, LAST_PRESENCE);
}

void origins_presence_arrived(const struct connection *connection)
{
    struct watched_server *server = connection->server;
    if (connection->session->full_jid != NULL)
        (void)origins_add(&server->origins, last_key(connection->session->jid_hash), server->came);
}

void origins_presence_doubted(struct watched_server *server, const struct session_facts *session)
{
    if (session->full_jid != NULL)
        (void)origins_add(&server->origins, last_key(session->jid_hash), 0);
}

void origins_arrived(struct connection *connection, const struct scanned *scanned)
{
    struct watched_server *server = connection->server;
    struct stream_header *header = &connection->in_header;
    const enum stanza_kind kind = stanza_kind_of(scanned);
    if (!may_leave(kind, &scanned->head))
        return;
    const struct canonical canonical = canonical_of(header, NULL, 0, &scanned->tag, scanned->inside);
    const uint64_t sender = sender_of(connection, is_of_account(kind, scanned->head.type));
    const enum language language = language_of(header->lang);
    if (!canonical.is_readable)
        server->origins.has_forgotten = true;
    else if (canonical.lang != 0)
        add(connection, origins_key(sender, canonical.lang, canonical.content), scanned);
    if (!canonical.is_readable || canonical.lang != 0)
        return;
    stream_header_read(&connection->out_header);
    if (language != NO_LANGUAGE)
        add(connection, origins_key(sender, header->lang_hash, canonical.content), scanned);
    else if (connection->out_header.lang_hash != 0)
        add(connection, origins_key(sender, connection->out_header.lang_hash, canonical.content), scanned);
    if (language != LANGUAGE)
        add(connection, origins_key(sender, 0, canonical.content), scanned);
}

/* ---- From elsewhere ---- */

static bool has_resource(struct span from)
{
    return memchr(from.bytes, '/', from.length) != NULL;
}

static void add_one(struct watched_server *server, uint64_t key, bool is_delayed)
{
    struct origin_entry *entry = origins_add(&server->origins, key, server->came);
    entry->is_delayed = entry->is_delayed || is_delayed;
    entry->is_directed = true;
}

/* A stanza that is not read from a stream.  Its server should have written the bare JID where that is due; otherwise
 * this one may do so. */
static void add_written(struct watched_server *server, const struct element *stanza)
{
    struct stream_header none = stream_header_none();
    const struct canonical canonical = canonical_of(&none, NULL, 0, &stanza->tag, stanza->inside);
    const struct span type = tag_attribute(&stanza->tag, "type");
    const enum stanza_kind kind = span_is(stanza->tag.name, "presence") ? STANZA_PRESENCE : NO_STANZA;
    const bool is_delayed = canonical_is_delayed(stanza->inside);
    struct span from = tag_attribute(&stanza->tag, "from");
    add_one(server, origins_key(span_hash(from), canonical.lang, canonical.content), is_delayed);
    if (from.bytes != NULL && is_of_account(kind, type) && has_resource(from)) {
        from.length = (size_t)((const char *)memchr(from.bytes, '/', from.length) - from.bytes);
        add_one(server, origins_key(span_hash(from), canonical.lang, canonical.content), is_delayed);
    }
    server->origins.has_forgotten = server->origins.has_forgotten || !canonical.is_readable;
}

/* Whether an address is written as it is prepared: in small letters of ASCII. */
static bool is_prepared(const struct address *address)
{
    const struct span parts[] = { address->local, address->domain };
    for (size_t part = 0; part < sizeof parts / sizeof parts[0]; part++)
        for (size_t i = 0; i < parts[part].length; i++)
            if (text_small(parts[part].bytes[i]) != parts[part].bytes[i])
                return false;
    return address_is_plain(address->local) && address_is_plain(address->domain) &&
           address_is_plain(address->resource);
}

/* A server speaks for nobody of another domain (RFC 6120, 8.1.2.2). */
void origins_arrived_from_server(struct watched_server *server, const struct border_record *record)
{
    struct element stanza;
    server->came++;
    if (!element_find((struct span){ record->bytes, record->length }, NULL, &stanza, NULL))
        return;
    const struct address from = address_split(tag_attribute(&stanza.tag, "from"));
    const struct address domain = { .domain = { record->domain, strlen(record->domain) } };
    const struct address sender = { .domain = from.domain };
    const enum alike alike = address_same(&sender, &domain);
    if (alike == ALIKE_UNKNOWN || (alike == ALIKE_YES && !is_prepared(&from)))
        server->origins.has_forgotten = true;
    else if (alike == ALIKE_YES)
        add_written(server, &stanza);
}

static void add_provided(void *host, const struct core_store_entry *entry)
{
    struct watched_server *server = host;
    const struct span value = { entry->value, strlen(entry->value) };
    struct element item, request;
    if (element_find(value, "item", &item, NULL) && element_find(item.inside, "presence", &request, NULL))
        add_written(server, &request);
}

void origins_provided(struct watched_server *server)
{
    if (server->has_provided || server->disk == NULL)
        return;
    server->has_provided = true;
    disk_visit_all(server->disk, CORE_STORE_ROSTER, add_provided, server);
}

/* ---- What leaves ---- */

/* What leaves, or the message that a copy is of. */
struct leaving {
    const struct tag *tag;
    struct span inside;
    struct stanza_head head;
    struct tag outer[OUTER_MOST];
    size_t outer_count;
};

/* The message in a copy (XEP-0280, 5); false when there is none. */
static bool find_copied(const struct departure *departure, struct leaving *leaving,
                        struct element found[OUTER_MOST])
{
    struct span inside = departure->scanned->inside;
    const char *const names[OUTER_MOST] = { departure->copy == COPY_OF_SENT ? "sent" : "received",
                                            "forwarded", "message" };
    leaving->outer[0] = departure->scanned->tag;
    for (size_t i = 0; i < OUTER_MOST; i++) {
        if (!element_find(inside, names[i], &found[i], NULL))
            return false;
        inside = found[i].inside;
        if (i + 1 < OUTER_MOST)
            leaving->outer[i + 1] = found[i].tag;
    }
    leaving->outer_count = OUTER_MOST;
    leaving->tag = &found[OUTER_MOST - 1].tag;
    leaving->inside = inside;
    leaving->head = tag_stanza_head(leaving->tag);
    return true;
}

/* Whether the sender is an account of some server, or one of its resources. */
static bool is_of_client(struct span from)
{
    return from.bytes != NULL && memchr(from.bytes, '@', from.length) != NULL;
}

/* Whether a client must have sent it.  A server sends errors and probes in the name of any address, and pushes and
 * answers in the name of an account (RFC 6121, 2.1.6; RFC 6120, 8.1.2.1). */
static bool is_concerned(enum stanza_kind kind, const struct stanza_head *head)
{
    if (!is_of_client(head->from) || span_is(head->type, "error"))
        return false;
    if (kind == STANZA_IQ)
        return has_resource(head->from);
    return kind == STANZA_MESSAGE || (kind == STANZA_PRESENCE && !span_is(head->type, "probe"));
}

/* The bare JID of a session; absent before there is one. */
static struct span account_of(const struct connection *connection)
{
    const char *jid = connection->session->full_jid;
    return (struct span){ jid, jid != NULL ? strcspn(jid, "/") : 0 };
}

/* Whether there is nothing in it, but for the delay of a server. */
static bool is_empty(struct span inside, struct span account)
{
    struct element child;
    struct span rest;
    if (inside.length == 0)
        return true;
    return canonical_is_delayed_for(inside, account) && element_find(inside, NULL, &child, &rest) &&
           rest.length == 0;
}

/* Whether there is only a status in it. */
static bool is_status(struct span inside)
{
    struct element child;
    struct span rest;
    return element_find(inside, NULL, &child, &rest) && rest.length == 0 && span_is(child.tag.name, "status");
}

/* Whether a server may have made it: presence that says no more than its type (RFC 6121, 4.3.2, 4.5.2 and 3.4.3), or why
 * a resource is gone, or when and with which status the account was last there (XEP-0012, 4).  Requests that were
 * provided to a server without a disk are not known. */
static bool may_be_the_servers(const struct connection *connection, enum stanza_kind kind,
                               const struct leaving *leaving)
{
    const struct span account = account_of(connection);
    if (kind != STANZA_PRESENCE)
        return false;
    if (span_is(leaving->head.type, "subscribe"))
        return connection->server->disk == NULL && is_empty(leaving->inside, account) &&
               !has_resource(leaving->head.from);
    return is_empty(leaving->inside, account) ||
           (span_is(leaving->head.type, "unavailable") &&
            (!has_resource(leaving->head.from) || is_status(leaving->inside)));
}

/* The session of a resource of an account; NULL for none. */
static const struct session_facts *find_session(const struct account_facts *account, struct span resource)
{
    size_t i = 0;
    while (i < account->session_count && !span_equal(session_facts_jid(account->sessions[i]), resource))
        i++;
    return i < account->session_count ? account->sessions[i] : NULL;
}

/* Whether a resource of an account of the server is not available: it has no session, or one that is over, or that
 * hibernates and may be. */
static bool is_away(const struct watched_server *server, struct span resource)
{
    const struct address name = address_split(resource);
    const struct account_facts *account = account_find(&server->accounts, account_hash(&name));
    if (account == NULL)
        return false;
    const struct session_facts *session = find_session(account, resource);
    return session == NULL || session->has_ended || session->connection == NULL ||
           session->connection->has_said_goodbye ||
           session_facts_possible(session, FACT_PRESENCE) == PRESENCE_NONE;
}

/* Whether only a server can have made it, of what it may have made: unavailable presence of a whole account, which no
 * client can send, or of a resource that is gone. */
static bool is_the_servers(const struct watched_server *server, const struct leaving *leaving)
{
    const struct span from = leaving->head.from;
    return span_is(leaving->head.type, "unavailable") && (!has_resource(from) || is_away(server, from));
}

/* Whether another session may have been given it first, which then ended: it leaves again (XEP-0198, 4).  The end of
 * one that hibernates is not seen. */
static bool was_elsewhere(const struct watched_server *server, const struct departure *departure)
{
    const struct likeness *receiver = &departure->receiver;
    const struct hibernating *other = server->hibernating;
    while (other != NULL && other->session->account != departure->session->account)
        other = other->next;
    return other != NULL || server->has_ended || (receiver->has_resource && receiver->whole != ALIKE_YES);
}

/* Whether the leave of a resource is owed to the receiver twice: to its account and to its full JID, because
 * presence was directed to both (4.6.3).  What another server sends to both has come in twice. */
static enum alike is_owed_twice(const struct watched_server *server, const struct departure *departure,
                                const struct origin_entry *leave, struct span resource)
{
    const struct directed_to to = directed_to_of(departure->to);
    const struct address name = address_split(resource);
    const struct account_facts *account = account_find(&server->accounts, account_hash(&name));
    if (to.resource == RESOURCE_NONE || account == NULL)
        return ALIKE_NO;
    const struct session_facts *session = find_session(account, resource);
    if (session == NULL || leave->place < session->named)
        return ALIKE_UNKNOWN;
    const bool is = session_facts_has_directed_to(session, to) &&
                    session_facts_has_directed_to(session, (struct directed_to){ to.account, RESOURCE_NONE });
    return is ? ALIKE_YES : ALIKE_NO;
}

/* The receiver is told of a leave once, or once at each address. */
static void note_leave(const struct watched_server *server, struct departure *departure,
                       const struct origin_entry *leave, struct span resource)
{
    const enum alike twice = is_owed_twice(server, departure, leave, resource);
    if (twice == ALIKE_UNKNOWN)
        return;
    departure->leave = twice == ALIKE_YES ? hash_join(leave->key, span_hash(departure->to)) : leave->key;
    departure->leaves = leave->times;
}

/* What a presence says of its sender, if it is one of those that tell whether it is available.  A server may have made
 * one that is empty.  A receiver that is not available may have been told, by the answer to a probe, of presence that
 * was replaced since. */
static void note_presence(const struct watched_server *server, struct departure *departure,
                          const struct leaving *leaving, const struct origin_entry *entry, uint64_t sender)
{
    const bool is_unavailable = span_is(leaving->head.type, "unavailable");
    const struct origin_entry *last = origins_find(&server->origins, last_key(sender));
    departure->is_own_last = last != NULL && entry->place == last->place && !entry->is_directed &&
                             sender == departure->session->jid_hash && !is_unavailable &&
                             departure->again == AGAIN_NOTHING &&
                             (entry->times == 1 || departure->session->presences == 1);
    if ((!is_unavailable && leaving->head.type.bytes != NULL) || !has_resource(leaving->head.from) ||
        is_empty(leaving->inside, (struct span){ NULL, 0 }))
        return;
    if (is_unavailable)
        note_leave(server, departure, entry, leaving->head.from);
    if (entry->is_directed || last == NULL || last->place == 0 || !departure->has_waited ||
        !session_facts_is_available(departure->session))
        return;
    departure->outdated = entry->place == last->place                                 ? OUTDATED_NO
                          : entry->place < last->place && last->place <= server->done ? OUTDATED_YES
                                                                                      : OUTDATED_UNKNOWN;
}

void origins_kept_doubted(struct watched_server *server)
{
    server->origins.doubted = server->came;
}

/* Whether it is a message that was kept for certain, and that no session has ever had. */
static bool is_kept(const struct watched_server *server, const struct departure *departure,
                    const struct origin_entry *entry, uint64_t sender)
{
    const struct message *message =
        message_find(&server->accounts.messages, (struct message_name){ sender, departure->id_hash });
    return message != NULL && message->is_kept && !message->may_be_refused && !message->was_held &&
           departure->again == AGAIN_NOTHING && departure->copy == NO_COPY && entry->times == 1 &&
           entry->place > server->origins.doubted;
}

/* A message that was kept leaves to one resource, in the order of those of its sender.  If that one has gone, it may
 * come in again. */
static void note_kept(const struct connection *connection, struct departure *departure,
                      struct origin_entry *entry, uint64_t sender)
{
    const struct watched_server *server = connection->server;
    struct order_out *order = &connection->session->kept;
    if (departure->copy != NO_COPY || entry->kept_by == KEPT_BY_NOBODY)
        return;
    if (entry->kept_by != 0 && entry->kept_by != connection->number) {
        const bool is_there = connection_of(server, entry->kept_by) != NULL;
        if (is_there && entry->place > server->origins.doubted && departure->again == AGAIN_NOTHING)
            departure->kept = KEPT_TWICE;
        if (!is_there)
            entry->kept_by = KEPT_BY_NOBODY;
    } else if (is_kept(server, departure, entry, sender)) {
        departure->kept = entry->place < order_last(order, sender) ? KEPT_LATE : KEPT_FIRST;
        entry->kept_by = connection->number;
        order_left(order, sender, entry->place);
    }
}

/* The origin of what the server has delayed in the name of another address than its own. */
static struct origin_entry *find_delayed(struct connection *connection, const struct leaving *leaving,
                                         uint64_t sender, struct span name)
{
    struct stream_header *header = &connection->out_header;
    header->account = name;
    const struct canonical canonical =
        canonical_of(header, leaving->outer, leaving->outer_count, leaving->tag, leaving->inside);
    header->account = (struct span){ NULL, 0 };
    return look_up(&connection->server->origins, origins_key(sender, canonical.lang, canonical.content));
}

static enum origin find(struct connection *connection, struct departure *departure,
                        const struct leaving *leaving)
{
    const struct watched_server *server = connection->server;
    const struct canonical canonical = canonical_of(&connection->out_header, leaving->outer,
                                                    leaving->outer_count, leaving->tag, leaving->inside);
    const uint64_t sender = span_hash(leaving->head.from);
    if (!canonical.is_readable)
        return ORIGIN_UNKNOWN;
    struct origin_entry *entry =
        look_up(&server->origins, origins_key(sender, canonical.lang, canonical.content));
    /* Of the receiver's account, which has delayed it, or of the sender (XEP-0203, 2). */
    const struct span names[] = { account_of(connection), leaving->head.from };
    for (size_t i = 0; entry == NULL && i < sizeof names / sizeof names[0]; i++) {
        if (!canonical_is_delayed_for(leaving->inside, names[i]))
            continue;
        entry = find_delayed(connection, leaving, sender, names[i]);
        departure->is_delayed = departure->is_delayed || entry != NULL;
    }
    if (entry != NULL) {
        departure->has_just_come = entry->place > server->came_before && !entry->is_delayed &&
                                   server->came == server->came_before + 1 &&
                                   !was_elsewhere(server, departure);
        departure->has_waited = entry->place <= server->done && !connection->has_backlog;
        departure->came_length = entry->length;
        if (departure->kind == STANZA_MESSAGE)
            note_kept(connection, departure, entry, sender);
        if (departure->kind == STANZA_PRESENCE)
            note_presence(server, departure, leaving, entry, sender);
        return ORIGIN_KNOWN;
    }
    if (origins_find(&server->origins, origins_key(SENDER_UNNAMED, canonical.lang, canonical.content)) !=
        NULL)
        return ORIGIN_POSSIBLE;
    if (may_be_the_servers(connection, departure->kind, leaving))
        return is_the_servers(server, leaving) ? ORIGIN_KNOWN : ORIGIN_POSSIBLE;
    return server->origins.has_forgotten ? ORIGIN_UNKNOWN : ORIGIN_NOWHERE;
}

void origins_departed(struct connection *connection, struct departure *departure)
{
    struct leaving leaving = { .tag = &departure->scanned->tag,
                               .inside = departure->scanned->inside,
                               .head = departure->scanned->head };
    struct element copied[OUTER_MOST];
    if (departure->kind == NO_STANZA)
        return;
    if (departure->copy != NO_COPY && !find_copied(departure, &leaving, copied))
        departure->origin = ORIGIN_NOWHERE;
    else if (is_concerned(departure->kind, &leaving.head))
        departure->origin = find(connection, departure, &leaving);
    if (departure->copy != NO_COPY) /* the copy says so, or the message in it */
        departure->is_delayed = departure->is_delayed || canonical_is_delayed(leaving.inside);
}

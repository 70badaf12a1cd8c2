#include "subscriptions.h"

#include "model_private.h"
#include "rights.h"

#include "../must.h"
#include "../world/describe.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_SIZE = 1024, SENDER = 0, RECEIVER = 1 };

/* One end of an change. */
struct end {
    char *local, *domain, *bare; /* prepared; owned.  `bare` is both */
    bool is_here;                /* an account of this server */
    struct side side;            /* of the other in its roster, when the change began */
};

/* What began it. */
enum change_kind {
    BY_STANZA,
    BY_IGNORED, /* a stanza that has no effect */
    BY_REMOVAL,
    BY_ACCOUNT_REMOVAL
};

struct change {
    enum change_kind kind;
    enum side_stanza stanza; /* of BY_STANZA */
    struct end ends[2];
    uint32_t conn;       /* on which it came in; 0 for none */
    uint64_t time;       /* at which it came in */
    unsigned routed[2];  /* by the end that they are from: the stanzas that were routed, a bit for each */
    bool may_be_refused; /* the sender was sent an error */
    bool is_refused;     /* in the name of the receiver, as the answer to presence */
    bool is_doubtful;
    bool blocks[2]; /* by the end: it blocks the other */
};

/* ---- Addresses ---- */

static void end_free(struct end *end)
{
    free(end->local);
    free(end->domain);
    free(end->bare);
}

static bool is_host(const struct watched_server *server, const char *domain)
{
    for (size_t i = 0; i < server->settings->host_count; i++)
        if (strcmp(server->settings->hosts[i], domain) == 0)
            return true;
    return false;
}

static bool is_anonymous_host(const struct watched_server *server, const char *domain)
{
    for (size_t i = 0; i < server->settings->anonymous_host_count; i++)
        if (strcmp(server->settings->anonymous_hosts[i], domain) == 0)
            return true;
    return false;
}

/* The account of an address; false where it cannot be followed: it is none, its preparation may change more than its
 * case, or its rosters are not stored. */
static bool read_end(const struct watched_server *server, struct span jid, struct end *end)
{
    char local[NAME_SIZE], domain[NAME_SIZE];
    const struct address address = address_split(jid);
    if (!address_read_part(address.local, local, sizeof local) ||
        !address_read_part(address.domain, domain, sizeof domain) || is_anonymous_host(server, domain))
        return false;
    struct text bare = { 0 };
    text_string(&bare, local);
    text_string(&bare, "@");
    text_string(&bare, domain);
    *end = (struct end){ .local = must(strdup(local)),
                         .domain = must(strdup(domain)),
                         .bare = text_take(&bare),
                         .is_here = is_host(server, domain) };
    return true;
}

static struct side side_of(const struct watched_server *server, const struct end *end,
                           const struct end *contact)
{
    return side_of_item(disk_get(server->disk, end->local, end->domain, CORE_STORE_ROSTER, contact->bare));
}

static struct address address_of(const struct end *end)
{
    return (struct address){ .local = { end->local, strlen(end->local) },
                             .domain = { end->domain, strlen(end->domain) } };
}

static bool exists(const struct watched_server *server, const struct end *end)
{
    const struct address account = address_of(end);
    return rights_has_account(server, &account);
}

static bool may_block(const struct watched_server *server, const struct end *end, const struct end *other)
{
    const struct address account = address_of(end), jid = address_of(other);
    return end->is_here && rights_may_block(server, &account, &jid);
}

/* ---- Changes ---- */

static bool is_between(const struct change *change, const struct end *one, const struct end *other)
{
    const struct end *ends = change->ends;
    return (strcmp(ends[SENDER].bare, one->bare) == 0 && strcmp(ends[RECEIVER].bare, other->bare) == 0) ||
           (strcmp(ends[SENDER].bare, other->bare) == 0 && strcmp(ends[RECEIVER].bare, one->bare) == 0);
}

static void remove_last(struct subscriptions *subscriptions)
{
    struct change *change = &subscriptions->changes[--subscriptions->count];
    end_free(&change->ends[SENDER]);
    end_free(&change->ends[RECEIVER]);
}

void subscriptions_free(struct subscriptions *subscriptions)
{
    while (subscriptions->count > 0)
        remove_last(subscriptions);
    free(subscriptions->changes);
    *subscriptions = (struct subscriptions){ 0 };
}

static void reserve(struct subscriptions *subscriptions)
{
    if (subscriptions->count < subscriptions->capacity)
        return;
    subscriptions->capacity = subscriptions->capacity == 0 ? 8 : subscriptions->capacity * 2;
    subscriptions->changes =
        must(realloc(subscriptions->changes, subscriptions->capacity * sizeof(struct change)));
}

/* Where another one between these accounts is open, the order of the two is not followed.  Where the sides do not agree
 * a probe may bring that in order at any time (4.3.2). */
static bool is_apart(const struct watched_server *server, const struct change *change)
{
    const struct subscriptions *subscriptions = &server->subscriptions;
    const struct end *ends = change->ends;
    bool is = true;
    for (size_t i = 0; i < subscriptions->count; i++)
        if (is_between(&subscriptions->changes[i], &ends[SENDER], &ends[RECEIVER])) {
            subscriptions->changes[i].is_doubtful = true;
            is = false;
        }
    if (!ends[SENDER].is_here || !ends[RECEIVER].is_here)
        return is;
    return is && side_has_to(ends[SENDER].side.state) == side_has_from(ends[RECEIVER].side.state) &&
           side_has_from(ends[SENDER].side.state) == side_has_to(ends[RECEIVER].side.state);
}

/* Whether it is known whom both ends block, and the same as when it began. */
static bool has_blocks(const struct watched_server *server, const struct change *change)
{
    for (int i = SENDER; i <= RECEIVER; i++) {
        const struct address account = address_of(&change->ends[i]);
        if (!rights_blocks_are_known(server, &account) ||
            may_block(server, &change->ends[i], &change->ends[1 - i]) != change->blocks[i])
            return false;
    }
    return true;
}

/* Begins one; its ends become its own.  The block list of an account that is removed is gone when it is done. */
static void begin(struct watched_server *server, struct change change)
{
    struct subscriptions *subscriptions = &server->subscriptions;
    if (subscriptions->count == CHANGES_OPEN_MOST) {
        subscriptions_doubt(server);
        subscriptions->is_full = true;
        end_free(&change.ends[SENDER]);
        end_free(&change.ends[RECEIVER]);
        return;
    }
    for (int i = SENDER; i <= RECEIVER; i++) {
        if (change.ends[i].is_here)
            change.ends[i].side = side_of(server, &change.ends[i], &change.ends[1 - i]);
        change.blocks[i] = may_block(server, &change.ends[i], &change.ends[1 - i]);
    }
    change.time = model_now(server);
    change.is_doubtful = !is_apart(server, &change) || !has_blocks(server, &change) ||
                         (change.kind == BY_ACCOUNT_REMOVAL && (change.blocks[0] || change.blocks[1]));
    reserve(subscriptions);
    subscriptions->changes[subscriptions->count++] = change;
}

/* Reads the two ends; false where they cannot be followed, or are one account. */
static bool read_ends(const struct watched_server *server, struct span from, struct span to,
                      struct end ends[2])
{
    if (server->disk == NULL || !read_end(server, from, &ends[SENDER]))
        return false;
    if (!read_end(server, to, &ends[RECEIVER])) {
        end_free(&ends[SENDER]);
        return false;
    }
    if (strcmp(ends[SENDER].bare, ends[RECEIVER].bare) != 0)
        return true;
    end_free(&ends[SENDER]);
    end_free(&ends[RECEIVER]);
    return false;
}

/* ---- What comes in ---- */

static uint64_t hash_of(const struct end *end)
{
    return span_hash((struct span){ end->bare, strlen(end->bare) });
}

/* An account that cannot be followed may be any. */
static uint64_t read_hash(const struct watched_server *server, struct span jid)
{
    struct end end;
    if (jid.bytes == NULL || !read_end(server, jid, &end))
        return PROBES_ANY;
    const uint64_t hash = hash_of(&end);
    end_free(&end);
    return hash;
}

static void probe_arrived(struct connection *connection, struct span contact)
{
    struct watched_server *server = connection->server;
    if (server->disk != NULL)
        probes_add(&server->subscriptions.probes, read_hash(server, session_facts_jid(connection->session)),
                   read_hash(server, contact));
}

void subscriptions_arrived(struct connection *connection, const struct scanned *scanned)
{
    const struct stanza_head *head = &scanned->head;
    struct change change = { .stanza = side_stanza_of(head->type), .conn = connection->number };
    if (span_is(head->type, "probe"))
        probe_arrived(connection, head->to);
    if (change.stanza == SIDE_STANZAS || connection->session->full_jid == NULL ||
        !read_ends(connection->server, session_facts_jid(connection->session), head->to, change.ends))
        return;
    begin(connection->server, change);
}

void subscriptions_removal_arrived(struct connection *connection, struct span contact)
{
    struct change change = { .kind = BY_REMOVAL, .conn = connection->number };
    if (connection->session->full_jid != NULL &&
        read_ends(connection->server, session_facts_jid(connection->session), contact, change.ends))
        begin(connection->server, change);
}

void subscriptions_account_removal_arrived(struct connection *connection)
{
    struct watched_server *server = connection->server;
    const struct span jid = session_facts_jid(connection->session);
    struct end account;
    if (server->disk == NULL || jid.bytes == NULL || !read_end(server, jid, &account))
        return;
    const size_t count = disk_count(server->disk, account.local, account.domain, CORE_STORE_ROSTER);
    for (size_t i = 0; i < count; i++) {
        const char *contact =
            disk_entry(server->disk, account.local, account.domain, CORE_STORE_ROSTER, i).key;
        struct change change = { .kind = BY_ACCOUNT_REMOVAL };
        if (read_ends(server, jid, (struct span){ contact, strlen(contact) }, change.ends))
            begin(server, change);
    }
    end_free(&account);
}

/* The stanza of a record, if it is presence.  A server takes one at a time. */
static bool read_presence(const struct border_record *record, struct element *presence)
{
    struct element other;
    struct span behind;
    return element_find((struct span){ record->bytes, record->length }, NULL, presence, &behind) &&
           span_is(presence->tag.name, "presence") && !element_find(behind, NULL, &other, NULL);
}

/* Whether the resource is there that a stanza is addressed to; of one to a resource that is not there only a request
 * counts (RFC 6121, 8.5.3.2.2).  One that hibernates may be over, and so may all of an account that
 * was to be removed. */
static enum alike reaches_resource(const struct watched_server *server, struct span to)
{
    const struct address address = address_split(to);
    const struct account_facts *account = account_find(&server->accounts, account_hash(&address));
    if (account == NULL && account_has_session(&server->accounts, account_hash(&address)))
        return ALIKE_UNKNOWN;
    for (size_t i = 0; account != NULL && i < account->session_count; i++) {
        const struct session_facts *session = account->sessions[i];
        const enum alike alike = address_liken(to, session_facts_jid(session)).whole;
        if (alike != ALIKE_NO)
            return session->connection == NULL || session->has_ended ? ALIKE_UNKNOWN : alike;
    }
    return address_is_plain(address.resource) ? ALIKE_NO : ALIKE_UNKNOWN;
}

/* A server speaks for nobody of another domain (RFC 6120, 8.1.2.2). */
static void begin_from_server(struct watched_server *server, struct change change, const char *domain,
                              struct span to)
{
    const struct end *sender = &change.ends[SENDER];
    const bool is_theirs = !sender->is_here && strcmp(sender->domain, domain) == 0;
    const bool is_for_the_account =
        change.stanza == SIDE_SUBSCRIBE || address_split(to).resource.bytes == NULL;
    const enum alike counts = !is_theirs           ? ALIKE_NO
                              : is_for_the_account ? ALIKE_YES
                                                   : reaches_resource(server, to);
    if (counts == ALIKE_NO)
        change.kind = BY_IGNORED;
    begin(server, change);
    if (counts == ALIKE_UNKNOWN && server->subscriptions.count > 0)
        server->subscriptions.changes[server->subscriptions.count - 1].is_doubtful = true;
}

void subscriptions_arrived_from_server(struct watched_server *server, const struct border_record *record)
{
    struct element presence;
    struct change change = { 0 };
    if (!read_presence(record, &presence))
        return;
    const struct stanza_head head = tag_stanza_head(&presence.tag);
    change.stanza = side_stanza_of(head.type);
    if (change.stanza == SIDE_STANZAS || !read_ends(server, head.from, head.to, change.ends))
        return;
    if (change.ends[RECEIVER].is_here) {
        begin_from_server(server, change, record->domain, head.to);
        return;
    }
    end_free(&change.ends[SENDER]);
    end_free(&change.ends[RECEIVER]);
}

/* ---- What leaves ---- */

static void note_routed(struct change *change, const struct end ends[2], enum side_stanza stanza,
                        bool is_error)
{
    for (int i = SENDER; i <= RECEIVER; i++)
        if (strcmp(change->ends[i].bare, ends[SENDER].bare) == 0) {
            change->routed[i] |= stanza != SIDE_STANZAS ? 1U << stanza : 0;
            change->may_be_refused = change->may_be_refused || is_error;
        }
}

void subscriptions_routed(struct watched_server *server, const struct border_record *record)
{
    struct element presence;
    struct end ends[2];
    if (server->subscriptions.count == 0 || !read_presence(record, &presence))
        return;
    const struct stanza_head head = tag_stanza_head(&presence.tag);
    const enum side_stanza stanza = side_stanza_of(head.type);
    const bool is_error = span_is(head.type, "error");
    if ((stanza == SIDE_STANZAS && !is_error) || !read_ends(server, head.from, head.to, ends))
        return;
    for (size_t i = 0; i < server->subscriptions.count; i++)
        if (is_between(&server->subscriptions.changes[i], &ends[SENDER], &ends[RECEIVER]))
            note_routed(&server->subscriptions.changes[i], ends, stanza, is_error);
    end_free(&ends[SENDER]);
    end_free(&ends[RECEIVER]);
}

void subscriptions_departed(const struct connection *connection, const struct departure *departure)
{
    struct subscriptions *subscriptions = &connection->server->subscriptions;
    const struct address from = address_split(departure->from);
    if (!span_is(departure->type, "error"))
        return;
    for (size_t i = 0; i < subscriptions->count; i++) {
        struct change *change = &subscriptions->changes[i];
        const struct address receiver = address_of(&change->ends[RECEIVER]);
        if (change->conn != connection->number)
            continue;
        change->may_be_refused = true;
        change->is_refused = change->is_refused || (departure->kind == STANZA_PRESENCE &&
                                                    address_same_account(&receiver, &from) == ALIKE_YES);
    }
}

static bool is_request(const struct change *change, const struct address *from, const struct address *to)
{
    const struct address sender = address_of(&change->ends[SENDER]);
    const struct address receiver = address_of(&change->ends[RECEIVER]);
    return change->kind == BY_STANZA && change->stanza == SIDE_SUBSCRIBE &&
           address_same_account(&sender, from) != ALIKE_NO && address_same_account(&receiver, to) != ALIKE_NO;
}

/* Whether it must leave to the receiver (RFC 6121, A.3.1). */
static bool is_new(const struct change *change)
{
    const struct end *receiver = &change->ends[RECEIVER];
    return !change->is_doubtful && !change->blocks[SENDER] && !change->blocks[RECEIVER] &&
           receiver->is_here && side_step(SIDE_RECEIVES, change->stanza, receiver->side).goes_on;
}

static bool are_followed(const struct watched_server *server, struct span from, struct span to)
{
    struct end ends[2];
    const bool are = !server->subscriptions.is_full && read_ends(server, from, to, ends);
    if (are) {
        end_free(&ends[SENDER]);
        end_free(&ends[RECEIVER]);
    }
    return are;
}

enum alike subscriptions_asked_for(const struct watched_server *server, struct span from, struct span to)
{
    const struct subscriptions *subscriptions = &server->subscriptions;
    const struct address sender = address_split(from), receiver = address_split(to);
    for (size_t i = 0; i < subscriptions->count; i++)
        if (is_request(&subscriptions->changes[i], &sender, &receiver))
            return is_new(&subscriptions->changes[i]) ? ALIKE_YES : ALIKE_UNKNOWN;
    return are_followed(server, from, to) ? ALIKE_NO : ALIKE_UNKNOWN;
}

/* ---- Doubts ---- */

void subscriptions_doubt(const struct watched_server *server)
{
    for (size_t i = 0; i < server->subscriptions.count; i++)
        server->subscriptions.changes[i].is_doubtful = true;
}

void subscriptions_interrupted(const struct connection *connection)
{
    struct subscriptions *subscriptions = &connection->server->subscriptions;
    for (size_t i = 0; i < subscriptions->count; i++)
        if (subscriptions->changes[i].conn == connection->number)
            subscriptions->changes[i].is_doubtful = true;
}

void subscriptions_forget(struct watched_server *server)
{
    subscriptions_free(&server->subscriptions);
}

/* ---- As text ---- */

void subscriptions_describe(struct description *description, const struct subscriptions *subscriptions)
{
    for (size_t i = 0; i < subscriptions->count; i++) {
        const struct change *change = &subscriptions->changes[i];
        const struct end *ends = change->ends;
        describe_line(description, "change %d %d from %s to %s", change->kind, change->stanza,
                      ends[SENDER].bare, ends[RECEIVER].bare);
        for (int end = SENDER; end <= RECEIVER; end++)
            describe_property(description, "side %d %d routed %u", ends[end].side.state,
                              ends[end].side.is_approved, change->routed[end]);
        describe_word(description, change->may_be_refused, "may be refused");
        describe_word(description, change->is_refused, "refused");
        describe_word(description, change->blocks[SENDER] || change->blocks[RECEIVER], "blocked");
        describe_word(description, change->is_doubtful, "doubtful");
    }
    for (size_t i = 0; i < subscriptions->probes.count; i++)
        describe_line(description, "probe of %016" PRIx64 " by %016" PRIx64,
                      subscriptions->probes.items[i].contact, subscriptions->probes.items[i].prober);
    describe_word(description, subscriptions->probes.has_more, "and more");
}

/* ---- What must be ---- */

/* What the sides must be, and what must have been routed. */
struct expected {
    struct side sides[2];
    unsigned routed[2];
};

/* An end sends a stanza to the other, whose server may answer it.  If one blocks the other it goes no further (XEP-0191,
 * 3.3).  An answer is not answered: it is no request, and the end of a subscription only confirms what the sender knows. */
static void expect_sent(const struct change *change, struct expected *expected, int from,
                        enum side_stanza stanza)
{
    const int to = 1 - from;
    if (change->blocks[from] || change->blocks[to])
        return;
    if (!change->ends[to].is_here) {
        expected->routed[from] |= 1U << stanza;
        return;
    }
    const enum side_stanza answer = side_answer(stanza, expected->sides[to]);
    expected->sides[to] = side_step(SIDE_RECEIVES, stanza, expected->sides[to]).side;
    if (answer == SIDE_STANZAS)
        return;
    if (!change->ends[from].is_here)
        expected->routed[to] |= 1U << answer;
    else
        expected->sides[from] = side_step(SIDE_RECEIVES, answer, expected->sides[from]).side;
}

/* What the removal of an item sends (RFC 6121, 2.5.2). */
static void expect_removal(const struct change *change, struct expected *expected)
{
    const enum side_state state = expected->sides[SENDER].state;
    expected->sides[SENDER] = (struct side){ SIDE_NONE, false };
    if (side_has_from(state) || side_has_pending_in(state))
        expect_sent(change, expected, SENDER, SIDE_UNSUBSCRIBED);
    if (side_has_to(state) || side_has_pending_out(state))
        expect_sent(change, expected, SENDER, SIDE_UNSUBSCRIBE);
}

static struct expected expect(const struct change *change)
{
    const struct end *ends = change->ends;
    struct expected expected = { .sides = { ends[SENDER].side, ends[RECEIVER].side } };
    if (change->kind == BY_IGNORED || (change->kind == BY_STANZA && change->blocks[SENDER]))
        return expected;
    if (change->kind != BY_STANZA) {
        expect_removal(change, &expected);
        return expected;
    }
    bool goes_on = true;
    if (ends[SENDER].is_here) {
        const struct side_step step = side_step(SIDE_SENDS, change->stanza, expected.sides[SENDER]);
        expected.sides[SENDER] = step.side;
        goes_on = step.goes_on;
    }
    if (goes_on)
        expect_sent(change, &expected, SENDER, change->stanza);
    return expected;
}

/* ---- What is ---- */

/* Whether a limit of the roster may have been in the way (core.h): what the items and the requests take is about what
 * they take on the disk. */
static bool may_be_full(const struct watched_server *server, const struct end *end)
{
    enum { ITEM = 1024 };
    const struct core_limits *limits = &server->settings->limits;
    const size_t count = disk_count(server->disk, end->local, end->domain, CORE_STORE_ROSTER);
    size_t bytes = ITEM;
    for (size_t i = 0; i < count; i++)
        bytes += strlen(disk_entry(server->disk, end->local, end->domain, CORE_STORE_ROSTER, i).value);
    return count + 1 >= limits->roster_items || count + 1 >= limits->requests ||
           bytes >= limits->roster_bytes || bytes >= limits->request_bytes;
}

/* An account that is removed has no side, and no effect on others is expected before it is. */
static bool is_decidable(const struct watched_server *server, const struct change *change)
{
    const struct end *ends = change->ends;
    if (change->is_doubtful || !has_blocks(server, change))
        return false;
    if (ends[SENDER].is_here && exists(server, &ends[SENDER]) == (change->kind == BY_ACCOUNT_REMOVAL))
        return false;
    return !ends[RECEIVER].is_here || exists(server, &ends[RECEIVER]);
}

static void append_side(struct text *why, const struct change *change, int end, struct side is,
                        struct side must_be)
{
    text_string(why, change->ends[end].bare);
    text_string(why, " has ");
    text_string(why, change->ends[1 - end].bare);
    text_string(why, " as ");
    text_string(why, side_name(is.state));
    text_string(why, is.is_approved ? " and approved" : "");
    text_string(why, ", and must have it as ");
    text_string(why, side_name(must_be.state));
    text_string(why, must_be.is_approved ? " and approved" : "");
}

static void append_routed(struct text *why, const struct change *change, int from, unsigned missing)
{
    int stanza = 0;
    while ((missing & 1U << stanza) == 0)
        stanza++;
    text_string(why, "no ");
    text_string(why, side_stanza_name((enum side_stanza)stanza));
    text_string(why, " was routed from ");
    text_string(why, change->ends[from].bare);
    text_string(why, " to ");
    text_string(why, change->ends[1 - from].bare);
}

/* Whether an end is as expected; otherwise `why` says what is wrong. */
static bool is_as_expected(const struct watched_server *server, const struct change *change,
                           const struct expected *expected, int end, struct text *why)
{
    const struct end *one = &change->ends[end];
    const unsigned missing = expected->routed[end] & ~change->routed[end];
    const bool has_side = one->is_here && !(change->kind == BY_ACCOUNT_REMOVAL && end == SENDER);
    const struct side must_be = expected->sides[end];
    const struct side is = has_side ? side_of(server, one, &change->ends[1 - end]) : must_be;
    if (is.state != must_be.state || is.is_approved != must_be.is_approved)
        append_side(why, change, end, is, must_be);
    else if (missing != 0)
        append_routed(why, change, end, missing);
    else
        return true;
    return false;
}

static void append_cause(struct text *why, const struct change *change)
{
    text_string(why, ", because ");
    text_string(why, change->ends[SENDER].bare);
    if (change->kind == BY_STANZA || change->kind == BY_IGNORED) {
        text_string(
            why,
            change->kind == BY_STANZA
                ? " sent "
                : " is named, wrongly or with a resource that is not there, as the sender or receiver of ");
        text_string(why, side_stanza_name(change->stanza));
    } else {
        text_string(why, change->kind == BY_REMOVAL ? " removed the item" : " was removed");
    }
    text_string(why, " ");
    append_moment(why, change->time);
    for (int i = SENDER; i <= RECEIVER; i++) {
        if (!change->ends[i].is_here)
            continue;
        text_string(why, i == SENDER ? ", when " : " and ");
        text_string(why, change->ends[i].bare);
        text_string(why, " had ");
        text_string(why, change->ends[1 - i].bare);
        text_string(why, " as ");
        text_string(why, side_name(change->ends[i].side.state));
    }
}

static bool may_be_limited(const struct watched_server *server, const struct change *change)
{
    for (int i = SENDER; i <= RECEIVER; i++)
        if (change->ends[i].is_here && may_be_full(server, &change->ends[i]))
            return true;
    return false;
}

/* Whether nothing has come of it. */
static bool is_unchanged(const struct watched_server *server, const struct change *change)
{
    struct text why = { 0 };
    const struct expected nothing = { .sides = { change->ends[SENDER].side, change->ends[RECEIVER].side } };
    const bool is = change->routed[SENDER] == 0 && change->routed[RECEIVER] == 0 &&
                    is_as_expected(server, change, &nothing, SENDER, &why) &&
                    is_as_expected(server, change, &nothing, RECEIVER, &why);
    text_free(&why);
    return is;
}

/* Whether a request was cancelled: its sender has probed the receiver, whose server has answered by what the
 * receiver had before the request (4.3.2). */
static bool is_cancelled(const struct watched_server *server, const struct change *change,
                         struct expected expected)
{
    const struct end *ends = change->ends;
    struct text why = { 0 };
    if (change->kind != BY_STANZA || change->stanza != SIDE_SUBSCRIBE || !ends[SENDER].is_here ||
        !ends[RECEIVER].is_here || side_has_from(ends[RECEIVER].side.state) ||
        !probes_may_have(&server->subscriptions.probes, hash_of(&ends[SENDER]), hash_of(&ends[RECEIVER])))
        return false;
    expected.sides[SENDER] = side_step(SIDE_RECEIVES, SIDE_UNSUBSCRIBED, expected.sides[SENDER]).side;
    const bool is = is_as_expected(server, change, &expected, SENDER, &why) &&
                    is_as_expected(server, change, &expected, RECEIVER, &why);
    text_free(&why);
    return is;
}

/* A request that is new must leave to the resources of its receiver. */
static void announce_request(struct watched_server *server, const struct change *change,
                             subscriptions_asked asked)
{
    const struct end *receiver = &change->ends[RECEIVER];
    const struct address name = address_of(receiver);
    const struct account_facts *account =
        receiver->is_here ? account_find(&server->accounts, account_hash(&name)) : NULL;
    if (account != NULL && !side_has_pending_in(receiver->side.state))
        asked(server, account);
}

static void ask(struct watched_server *server, const struct change *change, subscriptions_asked asked)
{
    struct text why = { 0 };
    enum judgement judgement = NOT_JUDGED;
    if (is_decidable(server, change)) {
        const struct expected expected = expect(change);
        const bool is_right = is_as_expected(server, change, &expected, SENDER, &why) &&
                              is_as_expected(server, change, &expected, RECEIVER, &why);
        judgement = is_right ? HOLDS : VIOLATED;
        if (!is_right &&
            ((change->is_refused && is_unchanged(server, change)) || is_cancelled(server, change, expected)))
            judgement = HOLDS;
        else if (!is_right && (change->may_be_refused || may_be_limited(server, change)))
            judgement = NOT_JUDGED;
    }
    if (judgement == HOLDS && change->kind == BY_STANZA && change->stanza == SIDE_SUBSCRIBE)
        announce_request(server, change, asked);
    if (model_judge(server->model, QUESTION_OF_SIDES, judgement)) {
        append_cause(&why, change);
        model_violate(server->model, QUESTION_OF_SIDES, why.bytes);
    }
    text_free(&why);
}

void subscriptions_done(struct watched_server *server, subscriptions_asked asked)
{
    struct subscriptions *subscriptions = &server->subscriptions;
    subscriptions->is_full = false;
    while (subscriptions->count > 0) {
        if (!server->model->violated)
            ask(server, &subscriptions->changes[subscriptions->count - 1], asked);
        remove_last(subscriptions);
    }
    probes_clear(&subscriptions->probes);
}

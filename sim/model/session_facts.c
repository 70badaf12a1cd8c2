#include "session_facts.h"

#include "../must.h"
#include "../world/describe.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct open_request {
    uint64_t id; /* the hash of it */
    enum session_wish wish;
    struct weight weight; /* of the roster item that it sets */
    bool must_be_answered;
};

struct session_facts *session_facts_new(void)
{
    struct session_facts *session = must(calloc(1, sizeof *session));
    session->settled[FACT_PRESENCE] = PRESENCE_NONE;
    session->settled[FACT_INTERESTED] = session->settled[FACT_CARBONS] = FACT_NO;
    memcpy(session->last, session->settled, sizeof session->last);
    return session;
}

void session_facts_free(struct session_facts *session)
{
    if (session == NULL)
        return;
    free(session->requests.items);
    free(session->full_jid);
    free(session->resumption_id);
    for (size_t i = session->unacked.first; i < session->unacked.end; i++)
        if (session->unacked.stanzas[i].message != NULL)
            message_let_go(session->unacked.stanzas[i].message);
    free(session->unacked.stanzas);
    free(session->acks.counts);
    free(session);
}

void session_facts_name(struct session_facts *session, const char *full_jid)
{
    session->full_jid = must(strdup(full_jid));
    session->jid_length = strlen(full_jid);
    session->jid_hash = span_hash((struct span){ full_jid, session->jid_length });
}

/* ---- Facts ---- */

void session_facts_set(struct session_facts *session, enum session_fact fact, uint8_t values)
{
    session->open[fact] |= values;
    session->last[fact] = values;
    session->has_open = true;
    if (fact == FACT_PRESENCE) {
        session->is_steady = false;
        session->lacks = 0;
        session->presences++;
    }
}

void session_facts_settle(struct session_facts *session, bool is_blocked)
{
    for (int fact = 0; fact < FACTS; fact++)
        session->settled[fact] =
            session->last[fact] | (is_blocked ? session->settled[fact] | session->open[fact] : 0);
    session->handled = session->came;
    session->is_at_work = false;
    memset(session->open, 0, sizeof session->open);
    session->has_open = false;
    session->presences = 0;
}

void session_facts_presence_done(struct session_facts *session)
{
    session->settled[FACT_PRESENCE] = session->last[FACT_PRESENCE];
    session->open[FACT_PRESENCE] = 0;
    session->is_at_work = true;
    session->presences = 0;
}

void session_facts_blur(struct session_facts *session)
{
    for (int fact = 0; fact < FACTS; fact++)
        session->last[fact] = session->settled[fact] |= session->open[fact];
    memset(session->open, 0, sizeof session->open);
    session->has_open = false;
    session->presences = 0;
}

void session_facts_rest(struct session_facts *session)
{
    const uint8_t presence = session_facts_possible(session, FACT_PRESENCE);
    session->has_other_keys = false;
    session->is_steady = (presence & (presence - 1)) == 0;
}

uint8_t session_facts_possible(const struct session_facts *session, enum session_fact fact)
{
    return session->settled[fact] | session->open[fact] | (session->asked[fact] > 0 ? FACT_ANY : 0);
}

bool session_facts_is_available(const struct session_facts *session)
{
    return (session_facts_possible(session, FACT_PRESENCE) & ~PRESENCE_AVAILABLE) == 0;
}

bool session_facts_may_take(const struct session_facts *session)
{
    return (session_facts_possible(session, FACT_PRESENCE) & PRESENCE_NOT_NEGATIVE) != 0;
}

/* ---- Directed presence ---- */

void session_facts_directs(struct session_facts *session, struct directed_to to)
{
    size_t i = 0;
    while (i < session->directed_count &&
           (session->directed[i].account != to.account || session->directed[i].resource != to.resource))
        i++;
    if (i == DIRECTED_MOST)
        session->has_directed_more = true;
    else if (i == session->directed_count)
        session->directed[session->directed_count++] = to;
}

static bool may_be_account(const struct directed_to *one, uint64_t account)
{
    return one->account == account || one->account == 0 || account == 0;
}

static bool may_be_resource(const struct directed_to *one, uint64_t resource)
{
    const bool is_unknown = one->resource == RESOURCE_UNKNOWN || resource == RESOURCE_UNKNOWN;
    return one->resource == resource ||
           (is_unknown && one->resource != RESOURCE_NONE && resource != RESOURCE_NONE);
}

bool session_facts_has_directed(const struct session_facts *session, uint64_t account)
{
    size_t i = 0;
    while (i < session->directed_count && !may_be_account(&session->directed[i], account))
        i++;
    return session->has_directed_more || i < session->directed_count;
}

bool session_facts_has_directed_to(const struct session_facts *session, struct directed_to to)
{
    size_t i = 0;
    while (i < session->directed_count && (!may_be_account(&session->directed[i], to.account) ||
                                           !may_be_resource(&session->directed[i], to.resource)))
        i++;
    return session->has_directed_more || i < session->directed_count;
}

/* ---- Requests ---- */

/* The first request of an id: those of one id are answered in their order (RFC 6120, 10.1). */
static struct open_request *find_request(const struct session_facts *session, uint64_t id)
{
    const struct open_requests *requests = &session->requests;
    for (size_t i = requests->first; i < requests->end; i++)
        if (requests->items[i].id == id)
            return &requests->items[i];
    return NULL;
}

/* Most are answered in their order, so mostly the first one is taken away. */
static void forget_request(struct session_facts *session, struct open_request *request)
{
    struct open_requests *requests = &session->requests;
    struct open_request *first = &requests->items[requests->first++];
    memmove(first + 1, first, (size_t)(request - first) * sizeof *first);
}

static void keep_request(struct open_requests *requests, struct open_request request)
{
    if (requests->first == requests->end)
        requests->first = requests->end = 0;
    if (requests->end == requests->capacity && requests->first > requests->capacity / 2) {
        requests->end -= requests->first;
        memmove(requests->items, requests->items + requests->first, requests->end * sizeof request);
        requests->first = 0;
    } else if (requests->end == requests->capacity) {
        requests->capacity = requests->capacity == 0 ? 4 : requests->capacity * 2;
        requests->items = must(realloc(requests->items, requests->capacity * sizeof request));
    }
    requests->items[requests->end++] = request;
}

/* The fact that a wish changes, and to what. */
static bool effect_of(enum session_wish wish, enum session_fact *fact, uint8_t *value)
{
    *fact = wish == WISH_ROSTER ? FACT_INTERESTED : FACT_CARBONS;
    *value = wish == WISH_NO_CARBONS ? FACT_NO : FACT_YES;
    return wish == WISH_ROSTER || wish == WISH_CARBONS || wish == WISH_NO_CARBONS;
}

void session_facts_asks(struct session_facts *session, uint64_t id, enum session_wish wish)
{
    enum session_fact fact;
    uint8_t value;
    keep_request(&session->requests, (struct open_request){ .id = id, .wish = wish });
    if (effect_of(wish, &fact, &value))
        session->asked[fact]++;
}

bool session_facts_answered(struct session_facts *session, uint64_t id, bool is_granted)
{
    enum session_fact fact;
    uint8_t value;
    struct open_request *request = find_request(session, id);
    if (request == NULL)
        return false;
    const enum session_wish wish = request->wish;
    forget_request(session, request);
    if (!effect_of(wish, &fact, &value))
        return true;
    session->asked[fact]--;
    if (is_granted)
        session_facts_set(session, fact, value);
    return true;
}

void session_facts_must_be_answered(struct session_facts *session)
{
    session->requests.items[session->requests.end - 1].must_be_answered = true;
}

bool session_facts_is_owed_answer(const struct session_facts *session)
{
    const struct open_requests *requests = &session->requests;
    size_t i = requests->first;
    while (i < requests->end && !requests->items[i].must_be_answered)
        i++;
    return i < requests->end;
}

enum session_wish session_facts_wish(const struct session_facts *session, uint64_t id)
{
    const struct open_request *request = find_request(session, id);
    return request != NULL ? request->wish : WISH_NOTHING;
}

void session_facts_weighs(struct session_facts *session, struct weight weight)
{
    session->requests.items[session->requests.end - 1].weight = weight;
}

struct weight session_facts_weight(const struct session_facts *session, uint64_t id)
{
    const struct open_request *request = find_request(session, id);
    return request != NULL ? request->weight : (struct weight){ 0 };
}

bool session_facts_has_asked(const struct session_facts *session, uint64_t id)
{
    return find_request(session, id) != NULL;
}

void session_facts_join(struct session_facts *session, struct session_facts *from)
{
    for (size_t i = from->requests.first; i < from->requests.end; i++)
        session_facts_asks(session, from->requests.items[i].id, from->requests.items[i].wish);
    for (int fact = 0; fact < FACTS; fact++)
        if (from->open[fact] != 0) {
            session_facts_set(session, (enum session_fact)fact, from->open[fact]);
            session->last[fact] = from->last[fact];
        }
    for (size_t i = from->acks.first; i < from->acks.end; i++)
        ack_places_add(&session->acks, session->came + from->acks.counts[i]);
    session->came += from->came;
    if (session->must_end == NULL)
        session->must_end = from->must_end;
}

void session_facts_describe_requests(struct description *description, const struct session_facts *session)
{
    const struct open_requests *requests = &session->requests;
    for (size_t i = requests->first; i < requests->end; i++)
        describe_property(description, "request %016" PRIx64 " %u", requests->items[i].id,
                          requests->items[i].wish);
}

/* ---- Stream management ---- */

void ack_places_add(struct ack_places *places, uint32_t count)
{
    if (places->first == places->end)
        places->first = places->end = 0;
    if (places->end == places->capacity) {
        places->capacity = places->capacity == 0 ? 8 : places->capacity * 2;
        places->counts = must(realloc(places->counts, places->capacity * sizeof *places->counts));
    }
    places->counts[places->end++] = count;
}

void ack_places_answered(struct ack_places *places)
{
    if (places->first < places->end)
        places->first++;
}

/* Room for one more at the end. */
static void reserve(struct unacked_queue *queue)
{
    if (queue->end < queue->capacity)
        return;
    if (queue->first > queue->capacity / 2) {
        memmove(queue->stanzas, queue->stanzas + queue->first,
                (queue->end - queue->first) * sizeof *queue->stanzas);
        queue->end -= queue->first;
        queue->next -= queue->first;
        queue->first = 0;
        return;
    }
    queue->capacity = queue->capacity == 0 ? 16 : queue->capacity * 2;
    queue->stanzas = must(realloc(queue->stanzas, queue->capacity * sizeof *queue->stanzas));
}

void unacked_left(struct unacked_queue *queue, uint64_t hash, struct message *message)
{
    reserve(queue);
    queue->stanzas[queue->end++] = (struct unacked){ .hash = hash, .message = message };
    if (message != NULL)
        message_hold(message);
    queue->next = queue->end;
}

bool unacked_answers_before(const struct unacked_queue *queue, uint64_t before)
{
    size_t i = queue->next;
    while (i < queue->end && queue->stanzas[i].hash != before && !queue->stanzas[i].is_answer)
        i++;
    return i < queue->end && queue->stanzas[i].hash != before;
}

bool unacked_acknowledged(struct unacked_queue *queue, uint32_t handled)
{
    const uint32_t more = handled - queue->acknowledged;
    if (more > queue->end - queue->first)
        return false;
    for (const size_t end = queue->first + more; queue->first < end; queue->first++)
        if (queue->stanzas[queue->first].message != NULL)
            message_acknowledged(queue->stanzas[queue->first].message);
    queue->acknowledged = handled;
    if (queue->next < queue->first)
        queue->next = queue->first;
    return true;
}

void unacked_dropped(struct unacked_queue *queue, uint64_t before)
{
    size_t found = queue->next;
    for (; found < queue->end && queue->stanzas[found].hash != before; found++)
        if (queue->stanzas[found].message != NULL)
            message_acknowledged(queue->stanzas[found].message);
    memmove(queue->stanzas + queue->next, queue->stanzas + found,
            (queue->end - found) * sizeof *queue->stanzas);
    queue->end -= found - queue->next;
}

void unacked_again(struct unacked_queue *queue)
{
    queue->next = queue->first;
}

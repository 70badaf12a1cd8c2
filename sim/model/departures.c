#include "limits.h"
#include "messages.h"
#include "rights.h"
#include "room.h"
#include "strangers.h"

#include "../must.h"
#include "../world/heap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- What leaves ---- */

/* The same for a stanza that leaves again, to which a delay may be added. */
static uint64_t hash_of(const struct departure *departure)
{
    const struct span parts[] = { departure->to, departure->from, departure->type, departure->id };
    uint64_t hash = departure->kind;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        hash = hash * UINT64_C(1099511628211) ^ span_hash(parts[i]);
    return hash;
}

static struct departure begin_departure(const struct connection *connection, const struct scanned *scanned)
{
    const struct stanza_head *head = &scanned->head;
    const struct session_facts *session = connection->session;
    struct departure departure = {
        .scanned = scanned,
        .kind = stanza_kind_of(scanned),
        .to = head->to,
        .from = head->from,
        .type = head->type,
        .id = head->id,
        .session = connection->session,
        .is_named = session->full_jid != NULL,
        .is_in = connection->is_in,
        .is_secured = connection->is_secured,
        .is_struck = heap_failures() != connection->server->shortages,
    };
    departure.id_hash = departure.kind != NO_STANZA ? id_of(departure.id) : 0;
    departure.receiver = address_liken(departure.to, session_facts_jid(session));
    departure.copy = departure.kind == STANZA_MESSAGE ? departure_copy(&departure) : NO_COPY;
    return departure;
}

/* ---- Questions ---- */

/* The element as it left, cut. */
static void append_element(struct text *text, const struct scanned *scanned)
{
    enum { MOST = 300 };
    const char *begin = scanned->tag.begin;
    const size_t length = (size_t)(scanned->inside.bytes + scanned->inside.length - begin);
    text_append(text, begin, length < MOST ? length : MOST);
}

static void ask_all(struct model *model, const struct departure *departure)
{
    struct text why = { 0 };
    const struct question *question;
    for (size_t i = 0; (question = question_at(i)) != NULL && !model->violated; i++) {
        if ((question->kinds & 1U << departure->kind) == 0 ||
            !model_judge(model, i, question->leaves(departure, &why)))
            continue;
        text_string(&why, "; this leaves to ");
        text_string(&why,
                    departure->is_named ? departure->session->full_jid : "a session without a resource");
        text_string(&why, ": ");
        append_element(&why, departure->scanned);
        model_violate(model, i, why.bytes);
    }
    text_free(&why);
}

/* ---- What it tells ---- */

/* The result of binding: the session has a name (RFC 6120, 7.6.1). */
static void note_name(struct connection *connection, const struct departure *departure)
{
    struct session_facts *session = connection->session;
    struct element bind, jid;
    char name[3072];
    if (session->full_jid == NULL && element_find(departure->scanned->inside, "bind", &bind, NULL) &&
        element_find(bind.inside, "jid", &jid, NULL) && span_resolve(jid.inside, name, sizeof name)) {
        session_facts_name(session, name);
        name_session(connection->server, session);
        loads_bound(connection);
        stop_binding(connection);
    }
}

static void note_answer(struct connection *connection, const struct departure *departure)
{
    struct session_facts *session = connection->session;
    const bool is_result = span_is(departure->type, "result");
    if (!departure_is_answer(departure))
        return;
    const enum session_wish wish = session_facts_wish(session, departure->id_hash);
    (void)session_facts_answered(session, departure->id_hash, is_result);
    if (is_result && (wish == WISH_OTHER_KEYS || wish == WISH_NO_ACCOUNT) && !connection->has_backlog)
        outdate_others(connection->server, connection);
    if (is_result && wish == WISH_OTHER_KEYS)
        limits_password_set(connection);
    if (is_result)
        note_name(connection, departure);
}

static bool is_answer_to_a_blocker(const struct departure *departure)
{
    struct element error, blocked;
    return span_is(departure->type, "error") &&
           element_find(departure->scanned->inside, "error", &error, NULL) &&
           element_find(error.inside, "blocked", &blocked, NULL) &&
           tag_declares(&blocked.tag, "urn:xmpp:blocking:errors");
}

static void note_stanza(struct connection *connection, const struct departure *departure)
{
    struct session_facts *session = connection->session;
    struct unacked_queue *unacked = &session->unacked;
    if (departure->again == AGAIN_UNSURE)
        unacked_dropped(unacked, hash_of(departure));
    if (unacked->next < unacked->end) {
        unacked->next++;
        session->is_unsure = session->is_unsure && unacked->next < unacked->end;
        session->may_lose_answers = session->may_lose_answers && session->is_unsure;
        return;
    }
    note_answer(connection, departure);
    struct message *message = messages_departed(connection, departure);
    if (session->is_managed)
        unacked_left(unacked, hash_of(departure), message);
    if (session->is_managed && is_answer_to_a_blocker(departure))
        unacked->stanzas[unacked->end - 1].is_answer = true;
}

/* What must leave next, where something must leave again. */
static enum again again_of(const struct session_facts *session, const struct departure *departure)
{
    const struct unacked_queue *unacked = &session->unacked;
    if (!session->is_managed || unacked->next == unacked->end)
        return AGAIN_NOTHING;
    if (unacked->stanzas[unacked->next].hash == hash_of(departure))
        return AGAIN_EXPECTED;
    if (departure->is_struck)
        return AGAIN_UNSURE;
    const bool is_answer_lost =
        !session->may_lose_answers && unacked_answers_before(unacked, hash_of(departure));
    return session->is_unsure && !is_answer_lost ? AGAIN_UNSURE : AGAIN_OTHER;
}

/* ---- Stream management ---- */

static void managed(struct connection *connection, const struct tag *tag)
{
    struct session_facts *session = connection->session;
    char id[RESUMPTION_ID_SIZE];
    connection->asks_to_manage = connection->asks_to_resume = false;
    session->is_managed = true;
    if (tag_is_true(tag, "resume") && span_resolve(tag_attribute(tag, "id"), id, sizeof id)) {
        free(session->resumption_id);
        session->resumption_id = must(strdup(id));
    }
}

/* The id of the session that is resumed.  The client may have asked for several; the server should say which. */
static bool read_previous(const struct connection *connection, const struct tag *tag,
                          char id[RESUMPTION_ID_SIZE])
{
    const char *resumes = connection->resumes;
    if (span_resolve(tag_attribute(tag, "previd"), id, RESUMPTION_ID_SIZE))
        return true;
    if (resumes != NULL)
        memcpy(id, resumes, strlen(resumes) + 1);
    return resumes != NULL;
}

/* The connection takes over the session that it resumes. */
static void resumed(struct connection *connection, const struct tag *tag)
{
    char id[RESUMPTION_ID_SIZE];
    struct session_facts *session =
        read_previous(connection, tag, id) ? take_resumable(connection->server, id) : NULL;
    const bool is_asked_for = connection->resumes != NULL && strcmp(connection->resumes, id) == 0;
    free(connection->resumes);
    connection->resumes = NULL;
    connection->session->was_resumed = true;
    if (session == NULL)
        return;
    session->came = session->handled = tag_number(tag, "h");
    session_facts_join(session, connection->session);
    session_facts_free(connection->session);
    connection->session = session;
    session->connection = connection;
    if (session->has_open)
        list_add(connection, LIST_OPEN);
    if (!is_asked_for || !unacked_acknowledged(&session->unacked, connection->resumed_to))
        session->is_unsure = session->may_lose_answers = true;
    unacked_again(&session->unacked);
    session->was_resumed = session->has_returned = true;
}

static void not_managed(struct connection *connection)
{
    connection->asks_to_manage = connection->asks_to_resume = false;
    if (!connection->session->is_managed)
        connection->session->acks.end = connection->session->acks.first;
    free(connection->resumes);
    connection->resumes = NULL;
}

/* The count of an acknowledgement, and what it must be (struct departure). */
static void weigh_count(const struct connection *connection, struct departure *departure)
{
    const struct tag *tag = &departure->scanned->tag;
    const struct session_facts *session = connection->session;
    const struct ack_places *acks = &session->acks;
    char id[RESUMPTION_ID_SIZE];
    departure->count = tag_number(tag, "h");
    if (span_is(tag->name, "a") && session->is_managed) {
        departure->has_count = true;
        departure->least = session->handled;
        departure->most = acks->first < acks->end ? acks->counts[acks->first] : session->came;
    } else if (span_is(tag->name, "resumed") && read_previous(connection, tag, id)) {
        const struct session_facts *old = find_resumable(connection->server, id);
        departure->has_count = old != NULL;
        departure->revives_outdated = old != NULL && old->is_outdated;
        departure->least = old != NULL ? old->handled : 0;
        departure->most = old != NULL ? old->came : 0;
    }
}

/* Whether a <success/> is deserved (login.h). */
static void weigh_success(struct connection *connection, struct departure *departure)
{
    const struct stream_header *header = &connection->in_header;
    const struct tag opened = { .attributes = { header->attributes.bytes, header->attributes.length } };
    const struct disk *disk = connection->server->has_storage ? connection->server->disk : NULL;
    if (!span_is(departure->scanned->tag.name, "success"))
        return;
    departure->success =
        login_judge(&connection->login, disk, connection->server->settings, tag_attribute(&opened, "to"),
                    &departure->not_deserved, &connection->account);
    departure->has_backlog = connection->has_backlog;
}

static void note_element(struct connection *connection, const struct departure *departure)
{
    const struct tag *tag = &departure->scanned->tag;
    struct ack_places *acks = &connection->session->acks;
    login_departed(&connection->login, departure->scanned);
    if (departure->success != SUCCESS_NONE) {
        connection->is_in = true;
        limits_logged_in(connection);
    }
    if (span_is(tag->name, "enabled"))
        managed(connection, tag);
    else if (span_is(tag->name, "resumed"))
        resumed(connection, tag);
    else if (span_is(tag->name, "failed"))
        not_managed(connection);
    else if (span_is(tag->name, "a") && acks->first < acks->end &&
             acks->counts[acks->first] == departure->count)
        ack_places_answered(acks);
}

/* How often the session was told of a leave: one that was told long ago is forgotten. */
static void count_leave(const struct connection *connection, struct departure *departure)
{
    struct leave_told *told = &connection->session->leaves.told[(departure->leave >> 40) % LEAVES_TOLD];
    if (departure->leaves == 0 || departure->again != AGAIN_NOTHING)
        return;
    if (told->leave != departure->leave)
        *told = (struct leave_told){ departure->leave, 0 };
    departure->left = told->times++;
}

/* Where a stanza of another client stands among what came in.  What is sent again, and what was kept or
 * sent to another resource before and is therefore delayed, leaves later. */
static void take_place(struct connection *connection, struct departure *departure)
{
    if (!is_ordered(departure->kind, departure->type) || departure->from.bytes == NULL ||
        departure->again != AGAIN_NOTHING)
        return;
    const uint64_t sender = span_hash(departure->from);
    const uint64_t place = order_place(&connection->server->order, sender, departure->id_hash);
    if (place == 0 || departure->scanned->is_delayed)
        return;
    departure->place = place;
    departure->last = order_last(&connection->session->order, sender);
    order_left(&connection->session->order, sender, place);
}

void departed(struct connection *connection, const struct scanned *scanned)
{
    struct session_facts *session = connection->session;
    if (scanned->kind == SCANNED_HEADER)
        stream_header_keep(&connection->out_header, &scanned->tag);
    if (scanned->kind == SCANNED_END)
        session->has_ended = connection->server->has_ended = true;
    if (scanned->kind == SCANNED_END && session->resumption_id == NULL)
        activities_ended(connection->server, session);
    if (scanned->kind != SCANNED_ELEMENT || connection->server->model->violated)
        return;
    struct departure departure = begin_departure(connection, scanned);
    if (departure.kind == NO_STANZA) {
        weigh_count(connection, &departure);
        weigh_success(connection, &departure);
    } else {
        departure.again = again_of(session, &departure);
    }
    departure.is_delayed = scanned->is_delayed && canonical_is_delayed(scanned->inside);
    origins_departed(connection, &departure);
    departure.right = rights_of(connection, &departure);
    strangers_departed(connection, &departure);
    room_departed(connection, &departure);
    copies_departed(connection, &departure);
    departure.refusal = refusal_of(connection, &departure);
    departure.request = pending_departs(connection, &departure);
    take_place(connection, &departure);
    count_leave(connection, &departure);
    ask_all(connection->server->model, &departure);
    if (departure.kind == NO_STANZA) {
        note_element(connection, &departure);
        return;
    }
    subscriptions_departed(connection, &departure);
    sights_departed(connection, &departure);
    if (departure.is_own_last)
        session_facts_presence_done(session);
    note_stanza(connection, &departure);
    if (session->has_open)
        list_add(connection, LIST_OPEN);
}

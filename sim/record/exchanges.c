#include "record_private.h"

#include <stdlib.h>

/* An answer to an iq, by either side. */
struct answer {
    const char *id;
    size_t at; /* its place */
};

/* What is known of a client while its passages are read. */
struct reading {
    struct record *record;
    struct connection *connection;
    size_t at; /* the place of the passage */
    enum use {
        UNUSED,
        CLAIMED, /* it answers an earlier one, and has a step of its own */
        READ     /* it belongs to an earlier one, and has none */
    } *
        use;                /* of each place */
    struct answer *answers; /* sorted */
    size_t answer_count;
    bool features_due; /* the server's next element may be its features */
    bool restarts;     /* the client's next header restarts the stream */
    bool managed;      /* stream management is on */
    unsigned asked;    /* unanswered requests of the server for an acknowledgement */
    unsigned asks;     /* those of the client */
    uint32_t again;    /* stanzas that the client still sends again after a resumption */
    size_t client_end; /* the passage with the client's end of the stream, or NO_PASSAGE */
    bool is_over;      /* the connection */
    bool server_ended; /* the stream, or with an error */
};

static bool is_iq(const struct xml *element, const char *type)
{
    const char *own = xml_get(element, "type");
    return xml_is(element, "iq", XML_NS_CLIENT) && own != NULL && strcmp(own, type) == 0;
}

static bool is_stanza(const struct xml *element)
{
    return strcmp(element->ns, XML_NS_CLIENT) == 0 &&
           (strcmp(element->name, "message") == 0 || strcmp(element->name, "presence") == 0 ||
            strcmp(element->name, "iq") == 0);
}

static struct step *add_step(const struct reading *reading, enum step_verb verb)
{
    return step_at(reading->record, own_passage(reading->connection, reading->at), verb);
}

/* The condition of a stanza error or of <failed/>. */
static const char *condition_of(struct record *record, const struct xml *error)
{
    const struct xml *condition = error != NULL ? xml_first_element(error) : NULL;
    while (condition != NULL && strcmp(condition->ns, NS_STANZA_ERRORS) != 0 &&
           strcmp(condition->ns, NS_STREAM_ERRORS) != 0)
        condition = xml_next_element(condition);
    return condition != NULL ? record_string(record, condition->name) : NULL;
}

static const char *text_of(struct record *record, const struct xml *element)
{
    struct text text = { 0 };
    for (const struct xml *run = element->children; run != NULL; run = run->next)
        if (run->text != NULL)
            text_string(&text, run->text);
    const char *kept = record_string(record, text.bytes != NULL ? text.bytes : "");
    text_free(&text);
    return kept;
}

/* ---- Answers ---- */

static int by_id(const void *a, const void *b)
{
    const struct answer *one = a, *other = b;
    const int order = strcmp(one->id, other->id);
    return order != 0 ? order : (one->at > other->at) - (one->at < other->at);
}

static void list_answers(struct reading *reading)
{
    const struct connection *connection = reading->connection;
    reading->answers = must(calloc(connection->own_count + 1, sizeof *reading->answers));
    for (size_t i = 0; i < connection->own_count; i++) {
        const struct passage *passage = own_passage(connection, i);
        const bool is_answer = passage->kind == PASSAGE_ELEMENT &&
                               (is_iq(passage->element, "result") || is_iq(passage->element, "error"));
        const char *id = is_answer ? xml_get(passage->element, "id") : NULL;
        if (id != NULL)
            reading->answers[reading->answer_count++] = (struct answer){ id, i };
    }
    qsort(reading->answers, reading->answer_count, sizeof *reading->answers, by_id);
}

static bool is_same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* The place of the first answer of a side behind the present place; 0 when there is none, since none is at 0.  With a
 * request only one that goes where that came from. */
static size_t find_answer(const struct reading *reading, bool by_client, const char *id,
                          const struct xml *request)
{
    const struct answer wanted = { id, reading->at };
    size_t low = 0, high = id != NULL ? reading->answer_count : 0;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (by_id(&reading->answers[middle], &wanted) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; id != NULL && low < reading->answer_count && strcmp(reading->answers[low].id, id) == 0; low++) {
        const size_t at = reading->answers[low].at;
        const struct passage *answer = own_passage(reading->connection, at);
        if (answer->by_client == by_client && reading->use[at] == UNUSED &&
            (request == NULL || is_same(xml_get(answer->element, "to"), xml_get(request, "from"))))
            return at;
    }
    return 0;
}

/* ---- Stream headers ---- */

/* Whether a header is as `opens a stream` sends it, but for what has no effect on a login: `from`, which names the
 * account (RFC 6120, 4.7.1), and a language. */
static bool is_usual(const struct xml *header)
{
    const char *version = xml_get(header, "version");
    return xml_get(header, "to") != NULL && version != NULL && strcmp(version, "1.0") == 0 &&
           xml_get(header, "id") == NULL;
}

static void note_domain(const struct reading *reading, const char *domain)
{
    if (domain != NULL && is_part_of_jid(domain))
        reading->connection->domain = record_string(reading->record, domain);
}

/* The server's own name for itself is that of its accounts. */
static void server_header(struct reading *reading, const struct xml *header)
{
    note_domain(reading, xml_get(header, "from"));
    reading->features_due = true;
}

/* `to` is left out again where it is the character's (cast.c). */
static void client_header(struct reading *reading, const struct xml *header)
{
    struct record *record = reading->record;
    const char *to = xml_get(header, "to"), *version = xml_get(header, "version");
    note_domain(reading, to);
    const bool restarts = reading->restarts && is_usual(header);
    struct step *step = add_step(reading, restarts ? STEP_RESTARTS_STREAM : STEP_OPENS_STREAM);
    step_property(record, step, "to", to);
    reading->restarts = false;
    if (is_usual(header))
        return;
    if (version == NULL || strcmp(version, "1.0") != 0)
        step_property(record, step, "version", version);
    if (xml_get(header, "from") != NULL)
        step_property(record, step, "from", xml_get(header, "from"));
    if (xml_get(header, "xml:lang") != NULL)
        step_property(record, step, "lang", xml_get(header, "xml:lang"));
}

/* ---- Binding ---- */

static void bound(struct reading *reading, const struct xml *result)
{
    const struct xml *bind = xml_child(result, "bind", NS_BIND);
    const struct xml *jid = bind != NULL ? xml_child(bind, "jid", NS_BIND) : NULL;
    if (jid != NULL)
        reading->connection->full_jid = text_of(reading->record, jid);
}

/* Returns whether the stanza is a request to bind a resource, with its answer. */
static bool read_binding(struct reading *reading, const struct xml *iq)
{
    const struct xml *bind = is_iq(iq, "set") ? xml_child(iq, "bind", NS_BIND) : NULL;
    const size_t answered = bind != NULL ? find_answer(reading, false, xml_get(iq, "id"), NULL) : 0;
    if (answered == 0)
        return false;
    const struct xml *answer = own_passage(reading->connection, answered)->element;
    const struct xml *wanted = xml_child(bind, "resource", NS_BIND);
    const char *condition = is_iq(answer, "error")
                                ? condition_of(reading->record, xml_child(answer, "error", XML_NS_CLIENT))
                                : NULL;
    if (is_iq(answer, "error") && condition == NULL)
        return false;
    struct step *step = add_step(reading, condition != NULL ? STEP_FAILS_TO_BIND : STEP_BINDS);
    step->condition = condition;
    step->text = wanted != NULL ? text_of(reading->record, wanted) : NULL;
    if (step->text != NULL && step->text[0] == '\0')
        step->text = NULL;
    step->length = step->text != NULL ? strlen(step->text) : 0;
    reading->use[answered] = READ;
    if (condition == NULL) {
        const bool is_sayable = step->text != NULL && is_value_of_head(step->text);
        reading->connection->resource = is_sayable ? step->text : NULL;
        bound(reading, answer);
    }
    return true;
}

/* ---- Stream management ---- */

/* The place of the server's answer with that name, or of its refusal, on this stream; 0 when there is none. */
static size_t find_of_management(const struct reading *reading, const char *name)
{
    for (size_t i = reading->at + 1; i < reading->connection->own_count; i++) {
        const struct passage *passage = own_passage(reading->connection, i);
        if (passage->kind == PASSAGE_HEADER)
            return 0;
        if (passage->kind == PASSAGE_ELEMENT && !passage->by_client && reading->use[i] == UNUSED &&
            (xml_is(passage->element, name, NS_SM) || xml_is(passage->element, "failed", NS_SM)))
            return i;
    }
    return 0;
}

static bool is_yes(const char *value)
{
    return value != NULL && (strcmp(value, "true") == 0 || strcmp(value, "1") == 0);
}

static void enabled(struct reading *reading, const struct xml *answer)
{
    const char *id = xml_get(answer, "id");
    reading->managed = true;
    reading->connection->sent = 0;
    reading->connection->received = 0;
    if (id != NULL && is_yes(xml_get(answer, "resume")))
        reading->connection->session = record_string(reading->record, id);
}

/* The language has a step for the request with resumption only. */
static bool read_enabling(struct reading *reading, const struct xml *enable)
{
    const size_t answered = find_of_management(reading, "enabled");
    if (answered == 0)
        return false;
    const struct xml *answer = own_passage(reading->connection, answered)->element;
    const char *condition = condition_of(reading->record, answer);
    const bool agreed = strcmp(answer->name, "enabled") == 0;
    if (agreed)
        enabled(reading, answer);
    if (!is_yes(xml_get(enable, "resume")) || (!agreed && condition == NULL))
        return false;
    add_step(reading, agreed ? STEP_MANAGES : STEP_FAILS_TO_MANAGE)->condition = agreed ? NULL : condition;
    reading->use[answered] = READ;
    return true;
}

/* The earlier connection whose session has this identifier. */
static const struct connection *find_session(const struct record *record, const char *id)
{
    for (size_t i = record->connection_count; id != NULL && i > 0; i--) {
        const char *session = record->connections[i - 1]->session;
        if (session != NULL && strcmp(session, id) == 0)
            return record->connections[i - 1];
    }
    return NULL;
}

static void resumed(struct reading *reading, const struct connection *before, const struct xml *answer)
{
    const char *h = xml_get(answer, "h");
    struct connection *connection = reading->connection;
    reading->managed = true;
    connection->full_jid = before->full_jid;
    connection->resource = before->resource;
    connection->session = before->session;
    connection->previous = before->session;
    connection->received = before->received;
    connection->sent = h != NULL ? (uint32_t)strtoull(h, NULL, 10) : before->sent;
    reading->again = before->sent - connection->sent < UINT32_MAX / 2 ? before->sent - connection->sent : 0;
}

/* A refusal has no step of its own: what a client asks for then does not exist in a simulation either. */
static bool read_resuming(struct reading *reading, const struct xml *resume)
{
    const size_t answered = find_of_management(reading, "resumed");
    const struct connection *before = find_session(reading->record, xml_get(resume, "previd"));
    if (answered == 0)
        return false;
    const struct xml *answer = own_passage(reading->connection, answered)->element;
    reading->use[answered] = CLAIMED;
    if (before == NULL || before == reading->connection || strcmp(answer->name, "resumed") != 0)
        return false;
    resumed(reading, before, answer);
    (void)add_step(reading, STEP_RESUMES);
    reading->use[answered] = READ;
    return true;
}

/* The simulated client answers each request of the server, with its own count.  One that is too high is an error (XEP-0198,
 * 4), so it is kept. */
static bool read_acknowledgement(struct reading *reading, const struct xml *element)
{
    const char *h = xml_get(element, "h");
    uint64_t count;
    if (!reading->managed || h == NULL || !text_read_number(h, UINT32_MAX, &count))
        return false;
    const uint32_t ahead = (uint32_t)count - reading->connection->received;
    if (ahead > 0 && ahead < UINT32_MAX / 2) {
        struct step *step = add_step(reading, STEP_ACKNOWLEDGES);
        step->text = "given";
        step->length = strlen(step->text);
        step->number = count;
    } else if (reading->asked == 0) {
        (void)add_step(reading, STEP_ACKNOWLEDGES);
    }
    reading->asked -= reading->asked > 0;
    return true;
}

static bool read_management(struct reading *reading, const struct xml *element)
{
    if (strcmp(element->name, "enable") == 0)
        return read_enabling(reading, element);
    if (strcmp(element->name, "resume") == 0)
        return read_resuming(reading, element);
    reading->asks += strcmp(element->name, "r") == 0;
    return strcmp(element->name, "a") == 0 && read_acknowledgement(reading, element);
}

/* ---- What a client answers by itself ---- */

static bool is_from_account(const struct reading *reading, const char *from)
{
    const char *full = reading->connection->full_jid;
    const size_t bare = full != NULL ? strcspn(full, "/") : 0;
    return from == NULL || (full != NULL && strncmp(from, full, bare) == 0 &&
                            (from[bare] == '\0' || strcmp(from, full) == 0));
}

static bool is_from_server(const struct reading *reading, const char *from)
{
    const char *domain = reading->connection->domain;
    return from != NULL && domain != NULL && strcmp(from, domain) == 0;
}

static bool is_push(const struct reading *reading, const struct xml *element)
{
    return is_iq(element, "set") && xml_child(element, "query", NS_ROSTER) != NULL &&
           is_from_account(reading, xml_get(element, "from"));
}

static bool is_ping(const struct reading *reading, const struct xml *element)
{
    return is_iq(element, "get") && xml_child(element, "ping", NS_PING) != NULL &&
           is_from_server(reading, xml_get(element, "from"));
}

/* Looks for the client's answer.  Those to roster pushes and to pings of the server have no step: RFC 6121, 2.1.6, and
 * XEP-0199, 4.1. */
static void look_for_answer(struct reading *reading, const struct xml *request)
{
    if (!is_iq(request, "get") && !is_iq(request, "set"))
        return;
    const bool is_own = is_push(reading, request) || is_ping(reading, request);
    const size_t answered = find_answer(reading, true, xml_get(request, "id"), is_own ? NULL : request);
    if (answered != 0)
        reading->use[answered] = is_own ? READ : CLAIMED;
    own_passage(reading->connection, reading->at)->is_answered = answered != 0 && !is_own;
}

/* ---- One passage ---- */

/* What the client sent before it knew of the server's end has no effect. */
static void client_element(struct reading *reading, const struct xml *element)
{
    if (reading->server_ended)
        return;
    if (is_stanza(element) && reading->managed)
        reading->connection->sent++;
    if (is_stanza(element) && reading->again > 0) {
        reading->again--;
        return;
    }
    if (xml_is(element, "auth", NS_SASL)) {
        const size_t end = read_sasl(reading->connection, reading->at);
        for (size_t i = reading->at; i < end; i++)
            reading->use[i] = READ;
        reading->restarts = reading->connection->authenticated;
        if (end > reading->at)
            return;
    }
    if (xml_is(element, "iq", XML_NS_CLIENT) && read_binding(reading, element))
        return;
    if (strcmp(element->ns, NS_SM) == 0 && read_management(reading, element))
        return;
    (void)add_step(reading, STEP_SENDS);
}

/* What came behind the client's end of the stream stands before the step that ends it, because that step also empties
 * the client's inbox. */
static void received(const struct reading *reading, enum step_verb verb, const char *condition)
{
    add_step(reading, verb)->condition = condition;
    own_passage(reading->connection, reading->at)->before = reading->client_end;
}

/* Requests of the server, which the simulated client answers, and answers for which the client has not asked. */
static bool is_of_acknowledging(struct reading *reading, const struct xml *element)
{
    const bool is_request = xml_is(element, "r", NS_SM), is_answer = xml_is(element, "a", NS_SM);
    if (!reading->managed || !(is_request || is_answer))
        return false;
    reading->asked += is_request;
    if (!is_answer || reading->asks == 0)
        return true;
    reading->asks--;
    return false;
}

static void server_element(struct reading *reading, const struct xml *element)
{
    const bool is_first = reading->features_due;
    reading->features_due = false;
    if (is_first && xml_is(element, "features", XML_NS_STREAMS))
        return;
    if (xml_is(element, "error", XML_NS_STREAMS)) {
        const char *condition = condition_of(reading->record, element);
        reading->server_ended = true;
        if (condition != NULL && reading->client_end == NO_PASSAGE)
            received(reading, STEP_RECEIVES_STREAM_ERROR, condition);
        return;
    }
    if (is_of_acknowledging(reading, element))
        return;
    reading->connection->received += is_stanza(element);
    look_for_answer(reading, element);
    if (!is_ping(reading, element))
        received(reading, STEP_RECEIVES, NULL);
}

static void stream_ended(struct reading *reading, bool by_client)
{
    if (by_client && !reading->server_ended && reading->client_end == NO_PASSAGE) {
        (void)add_step(reading, STEP_DISCONNECTS);
        reading->client_end = reading->connection->own[reading->at];
    } else if (!by_client && reading->client_end == NO_PASSAGE) {
        (void)add_step(reading, STEP_RECEIVES_END);
        reading->server_ended = true;
    }
}

static void connection_ended(struct reading *reading, bool by_client)
{
    reading->is_over = true;
    if (reading->client_end != NO_PASSAGE)
        return;
    if (by_client && !reading->server_ended) {
        (void)add_step(reading, STEP_DROPS_CONNECTION);
        return;
    }
    struct step *step = add_step(reading, STEP_CONNECTION_IS);
    step->text = "closed";
    step->length = strlen(step->text);
}

static void raw_came(struct reading *reading, const struct passage *passage)
{
    if (passage->by_client && !reading->server_ended)
        (void)add_step(reading, STEP_SENDS_RAW);
    if (!passage->by_client)
        record_tell(reading->record, reading->connection->number,
                    "the server sent what is not well-formed XML; the scenario leaves it out");
}

static void read_passage(struct reading *reading)
{
    const struct passage *passage = own_passage(reading->connection, reading->at);
    if (reading->is_over && reading->client_end == NO_PASSAGE)
        return; /* nobody gets it */
    switch (passage->kind) {
    case PASSAGE_OPENED:
        (void)add_step(reading, STEP_OPENS_CONNECTION);
        return;
    case PASSAGE_HEADER:
        if (passage->by_client)
            client_header(reading, passage->element);
        else
            server_header(reading, passage->element);
        return;
    case PASSAGE_ELEMENT:
        if (passage->by_client)
            client_element(reading, passage->element);
        else
            server_element(reading, passage->element);
        return;
    case PASSAGE_END:
        stream_ended(reading, passage->by_client);
        return;
    case PASSAGE_RAW:
        raw_came(reading, passage);
        return;
    case PASSAGE_CLOSED:
        connection_ended(reading, passage->by_client);
        return;
    }
}

/* ---- A login in one step ---- */

/* Whether the first steps of the connection have these verbs, and only these; the places of the first and the last. */
static bool begins_with(const struct connection *connection, const enum step_verb *verbs, size_t count,
                        size_t *last)
{
    size_t found = 0;
    for (size_t i = 0; i < connection->own_count && found < count; i++) {
        const struct passage *passage = own_passage(connection, i);
        if (passage->step == NULL)
            continue;
        if (passage->step->verb != verbs[found] || passage->step->properties != NULL)
            return false;
        found++;
        *last = i;
    }
    return found == count;
}

void join_login(struct connection *connection)
{
    static const enum step_verb binds[] = { STEP_OPENS_CONNECTION, STEP_OPENS_STREAM, STEP_AUTHENTICATES,
                                            STEP_RESTARTS_STREAM, STEP_BINDS };
    static const enum step_verb resumes[] = { STEP_OPENS_CONNECTION, STEP_OPENS_STREAM, STEP_AUTHENTICATES,
                                              STEP_RESTARTS_STREAM, STEP_RESUMES };
    enum { COUNT = sizeof binds / sizeof binds[0] };
    size_t last = 0;
    const bool is_binding = begins_with(connection, binds, COUNT, &last);
    if (!is_binding && !begins_with(connection, resumes, COUNT, &last))
        return;
    if (is_binding && own_passage(connection, last)->step->text != connection->resource)
        return;
    for (size_t i = 0; i < last; i++)
        own_passage(connection, i)->step = NULL;
    struct step *step = own_passage(connection, last)->step;
    if (!is_binding)
        return;
    *step = (struct step){ .verb = STEP_CONNECTS, .source = "" };
}

void read_connection(struct record *record, struct connection *connection)
{
    struct reading reading = { .record = record,
                               .connection = connection,
                               .client_end = NO_PASSAGE,
                               .use = must(calloc(connection->own_count + 1, sizeof(enum use))) };
    list_answers(&reading);
    for (; reading.at < connection->own_count; reading.at++)
        if (reading.use[reading.at] != READ)
            read_passage(&reading);
    free(reading.answers);
    free(reading.use);
}

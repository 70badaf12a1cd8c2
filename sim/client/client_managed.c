#include "../must.h"
#include "client_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char during_management[] = "stream management";
static const char during_resumption[] = "resumption";

/* ---- Counts ---- */

static bool is_stanza(const struct xml *element)
{
    return xml_is(element, "message", XML_NS_CLIENT) || xml_is(element, "presence", XML_NS_CLIENT) ||
           xml_is(element, "iq", XML_NS_CLIENT);
}

void client_managed_count_received(struct client *client, const struct xml *element)
{
    if (client->managed.state == MANAGED_ON && is_stanza(element))
        client->managed.received++;
}

static bool is_counting(const struct client_managed *managed)
{
    return managed->state == MANAGED_ASKED || managed->state == MANAGED_ON ||
           managed->state == MANAGED_RESUMING;
}

/* Sent stanzas are counted from <enable/> on (XEP-0198, 4), and from <resume/> on. */
void client_write_stanza(struct client *client, struct text *text)
{
    struct client_managed *managed = &client->managed;
    if (client->connection == CONNECTED && is_counting(managed)) {
        struct client_unacked *unacked = must(malloc(sizeof *unacked));
        *unacked = (struct client_unacked){ .xml = must(strdup(text->bytes)) };
        *managed->tail = unacked;
        managed->tail = &unacked->next;
        managed->unacked_count++;
        if (managed->state == MANAGED_RESUMING)
            managed->behind++;
        else
            managed->sent++;
    }
    client_write_text(client, text);
}

struct client_counts client_counts(const struct client *client)
{
    const struct client_managed *managed = &client->managed;
    if (managed->state != MANAGED_ON)
        return (struct client_counts){ 0 };
    return (struct client_counts){
        .managed = true,
        .resumed = managed->resumed,
        .exact = !managed->inexact,
        .received = managed->received,
        .claimed = managed->claimed,
        .sent = managed->sent,
        .forgone = managed->forgone,
    };
}

static void drop_first(struct client_managed *managed)
{
    struct client_unacked *first = managed->first;
    managed->first = first->next;
    if (managed->first == NULL)
        managed->tail = &managed->first;
    managed->unacked_count--;
    free(first->xml);
    free(first);
}

/* Handles the server's count of handled stanzas, up to the number sent. */
static void acknowledged(struct client_managed *managed, const struct xml *element)
{
    const char *h = xml_get(element, "h");
    uint32_t handled = h == NULL ? 0 : (uint32_t)strtoull(h, NULL, 10);
    uint32_t left = managed->sent - handled;
    if (left > UINT32_MAX / 2) /* the server counts stanzas in raw bytes, which the client does not */
        left = 0;
    while (managed->unacked_count > managed->behind && managed->unacked_count - managed->behind > left)
        drop_first(managed);
}

/* The position after the stanzas sent before a request to resume. */
static struct client_unacked **end_of_old(struct client_managed *managed)
{
    struct client_unacked **at = &managed->first;
    for (uint32_t old = managed->unacked_count - managed->behind; old > 0; old--)
        at = &(*at)->next;
    return at;
}

/* The request to resume failed: the stanzas sent after it were not part of the session. */
static void drop_behind(struct client_managed *managed)
{
    struct client_unacked **end = end_of_old(managed);
    struct client_unacked *unacked = *end;
    *end = NULL;
    managed->tail = end;
    managed->unacked_count -= managed->behind;
    managed->behind = 0;
    while (unacked != NULL) {
        struct client_unacked *next = unacked->next;
        free(unacked->xml);
        free(unacked);
        unacked = next;
    }
}

/* The request was granted: the stanzas sent after it precede those sent again. */
static void move_behind_to_front(struct client_managed *managed)
{
    struct client_unacked **end = end_of_old(managed), *old = managed->first;
    if (managed->behind > 0 && *end != old) {
        managed->first = *end;
        *managed->tail = old;
        managed->tail = end;
        *end = NULL;
    }
    managed->sent += managed->behind;
    managed->behind = 0;
    managed->enables = false;
}

/* ---- The state ---- */

static void clear(struct client_managed *managed)
{
    while (managed->first != NULL)
        drop_first(managed);
    free(managed->id);
    free(managed->full_jid);
    *managed = (struct client_managed){ .tail = NULL };
    managed->tail = &managed->first;
}

void client_managed_forget(struct client *client)
{
    clear(&client->managed);
}

void client_managed_bound(struct client *client)
{
    if (client_managed_may_resume(client))
        client_begin_another_session(client);
    if (client->managed.state != MANAGED_ASKED)
        clear(&client->managed);
}

void client_managed_unconnected(struct client *client)
{
    struct client_managed *managed = &client->managed;
    if (managed->state == MANAGED_RESUMING) {
        managed->inexact = managed->inexact || managed->behind > 0; /* it may have been granted */
        drop_behind(managed);
        managed->state = MANAGED_AWAY;
    }
    if (managed->state == MANAGED_ON && managed->id != NULL)
        managed->state = MANAGED_AWAY;
    else if (managed->state != MANAGED_AWAY)
        clear(managed);
}

bool client_managed_may_resume(const struct client *client)
{
    return client->managed.id != NULL;
}

void client_answer(struct client *client, bool answers)
{
    client->mute = !answers;
}

bool client_answers(const struct client *client)
{
    return !client->mute;
}

/* ---- What we send ---- */

/* Behind a request to resume, <enable/> is for a session that is bound when that is refused. */
static void begin_behind(struct client_managed *managed)
{
    managed->enables = true;
    managed->between = managed->behind;
}

/* A pipelined <enable/> is for the session that will be bound, in place of one that could be resumed. */
static void begin(struct client *client)
{
    const bool replaces = client->corked && client->managed.state == MANAGED_AWAY;
    if (client->corked && client->managed.state == MANAGED_RESUMING)
        begin_behind(&client->managed);
    if (client->managed.state != MANAGED_OFF && !replaces)
        return;
    if (replaces)
        client_begin_another_session(client);
    clear(&client->managed);
    client->managed.state = MANAGED_ASKED;
}

static void ask_to_resume(struct client *client)
{
    if (client->managed.state == MANAGED_AWAY)
        client->managed.state = MANAGED_RESUMING;
}

/* Whether a count is higher than another, modulo 2^32. */
static bool is_beyond(uint32_t count, uint32_t other)
{
    return count - other - 1 < UINT32_MAX / 2;
}

/* The count of an <a/> or a <resume/>. */
static void claim(struct client_managed *managed, uint32_t h)
{
    if (is_counting(managed) && is_beyond(h, managed->claimed))
        managed->claimed = h;
}

static void claim_as(struct client_managed *managed, const struct xml *element)
{
    const char *h = xml_get(element, "h");
    if (h != NULL)
        claim(managed, (uint32_t)strtoull(h, NULL, 10));
}

void client_managed_sent(struct client *client, const struct xml *element)
{
    if (xml_is(element, "enable", XML_NS_SM))
        begin(client);
    if (xml_is(element, "resume", XML_NS_SM))
        ask_to_resume(client);
    if (xml_is(element, "resume", XML_NS_SM) || xml_is(element, "a", XML_NS_SM))
        claim_as(&client->managed, element);
}

void client_manage(struct client *client)
{
    client_pursue(client, GOAL_MANAGEMENT);
    if (client->connection == UNCONNECTED) {
        client_refused(client, "connection-ended", during_management);
        return;
    }
    begin(client);
    struct text enable = { 0 };
    text_string(&enable, "<enable xmlns='" XML_NS_SM "' resume='true'/>");
    client_write_text(client, &enable);
}

static void append_count(struct text *text, const char *name, uint32_t count)
{
    char number[16];
    (void)snprintf(number, sizeof number, "%lu", (unsigned long)count);
    client_append_attribute(text, name, number);
}

void client_acknowledge(struct client *client, const uint32_t *other)
{
    const uint32_t h = other != NULL ? *other : client->managed.received;
    struct text ack = { 0 };
    claim(&client->managed, h);
    text_string(&ack, "<a xmlns='" XML_NS_SM "'");
    append_count(&ack, "h", h);
    text_string(&ack, "/>");
    client_write_text(client, &ack);
}

void client_managed_request(struct client *client)
{
    client_enter(client, CLIENT_BINDING);
    struct text resume = { 0 };
    text_string(&resume, "<resume xmlns='" XML_NS_SM "'");
    client_append_attribute(&resume, "previd", client->managed.id);
    append_count(&resume, "h", client->managed.received);
    text_string(&resume, "/>");
    client_write_text(client, &resume);
    ask_to_resume(client);
}

/* ---- What came ---- */

static char *copy(const char *text)
{
    return must(strdup(text));
}

static bool enabled(struct client *client, const struct xml *element)
{
    struct client_managed *managed = &client->managed;
    const char *id = xml_get(element, "id");
    const char *resume = xml_get(element, "resume");
    if (managed->state != MANAGED_ASKED)
        return false;
    managed->state = MANAGED_ON;
    managed->received = 0;
    if (id != NULL && client->full_jid != NULL && resume != NULL &&
        (strcmp(resume, "true") == 0 || strcmp(resume, "1") == 0)) {
        managed->id = copy(id);
        managed->full_jid = copy(client->full_jid);
    }
    bool ours = client_pursues(client, GOAL_MANAGEMENT);
    client_reached(client, GOAL_MANAGEMENT);
    return ours;
}

/* There is no session to resume.  What was sent behind a pipelined <enable/> counts for the next one. */
static void give_up_session(struct client *client)
{
    struct client_managed *managed = &client->managed;
    const bool enables = managed->enables;
    const uint32_t counted = enables ? managed->behind - managed->between : 0;
    client_begin_another_session(client);
    while (managed->unacked_count > counted)
        drop_first(managed);
    struct client_unacked *kept = managed->first, **tail = managed->tail;
    managed->first = NULL;
    clear(managed);
    if (!enables)
        return;
    managed->state = MANAGED_ASKED;
    managed->sent = managed->unacked_count = counted;
    managed->first = kept;
    managed->tail = kept != NULL ? tail : &managed->first;
}

static bool failed(struct client *client, const struct xml *element)
{
    bool ours = client_pursues(client, GOAL_MANAGEMENT) || client_pursues(client, GOAL_RESUMPTION);
    if (client_pursues(client, GOAL_RESUMPTION) && client->full_jid != NULL) {
        client_enter(client, CLIENT_BOUND); /* pipelined where a resource is bound: that session goes on */
        client_refused(client, client_condition_of(element), during_resumption);
    } else if (client_pursues(client, GOAL_RESUMPTION)) {
        client_enter(client, CLIENT_OPEN);
        give_up_session(client);
        client_refused(client, client_condition_of(element), during_resumption);
    } else {
        if (client->managed.state == MANAGED_ASKED)
            clear(&client->managed);
        if (client->managed.state == MANAGED_RESUMING) {
            drop_behind(&client->managed);
            client->managed.state = MANAGED_AWAY;
        }
        if (ours)
            client_refused(client, client_condition_of(element), during_management);
    }
    return ours;
}

/* Sends the stanzas that the server has not handled again, in order (XEP-0198, 5). */
static void send_again(struct client *client)
{
    const struct client_unacked *end = *end_of_old(&client->managed);
    for (const struct client_unacked *u = client->managed.first; u != end; u = u->next) {
        struct text text = { 0 };
        text_string(&text, u->xml);
        client_write_text(client, &text);
    }
}

/* What was acknowledged and has not come was lost with the old connection, if the server heard of that. */
static void forgo(struct client_managed *managed)
{
    const uint32_t lost = managed->claimed - managed->received;
    if (is_beyond(managed->claimed, managed->received) && lost > managed->forgone)
        managed->forgone = lost;
}

static bool resumed(struct client *client, const struct xml *element)
{
    struct client_managed *managed = &client->managed;
    const char *previous = xml_get(element, "previd");
    bool is_away = managed->state == MANAGED_AWAY || managed->state == MANAGED_RESUMING;
    if (!is_away || previous == NULL || strcmp(previous, managed->id) != 0)
        return false;
    managed->state = MANAGED_ON;
    managed->resumed = true;
    forgo(managed);
    client_forget_full_jid(client);
    client->full_jid = copy(managed->full_jid);
    client_enter(client, CLIENT_BOUND);
    acknowledged(managed, element);
    send_again(client);
    move_behind_to_front(managed);
    bool ours = client_pursues(client, GOAL_RESUMPTION);
    client_reached(client, GOAL_RESUMPTION);
    return ours;
}

static bool request_came(struct client *client, const struct xml *element)
{
    (void)element;
    if (client->managed.state != MANAGED_ON || client->mute)
        return false;
    client_acknowledge(client, NULL);
    return true;
}

static bool ack_came(struct client *client, const struct xml *element)
{
    if (client->managed.state == MANAGED_ON)
        acknowledged(&client->managed, element);
    return false;
}

bool client_managed_came(struct client *client, const struct xml *element)
{
    static const struct {
        const char *name;
        bool (*came)(struct client *client, const struct xml *element);
    } kinds[] = {
        { "enabled", enabled }, { "failed", failed }, { "resumed", resumed },
        { "r", request_came },  { "a", ack_came },
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(element->name, kinds[i].name) == 0)
            return kinds[i].came(client, element);
    return false;
}

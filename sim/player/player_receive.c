#include "player_private.h"

#include "../must.h"

#include <string.h>

#define NS_STREAM_ERRORS "urn:ietf:params:xml:ns:xmpp-streams"

static const char *name_of(const struct actor *actor)
{
    return actor->character->name;
}

static bool matches(struct run *run, const struct xml *expected, const struct received *received,
                    struct bindings *captures)
{
    return received->kind == RECEIVED_ELEMENT &&
           match_element(expected, received->element, run_lookup, run, captures);
}

/* ---- What is ignored ---- */

static bool is_ignored(struct run *run, const struct actor *actor, const struct received *received)
{
    for (size_t i = 0; i < actor->ignore_count; i++)
        for (const struct xml *x = actor->ignores[i]->stanzas; x != NULL; x = x->next)
            if (matches(run, x, received, NULL))
                return true;
    return false;
}

static void drop_ignored(struct run *run, struct actor *actor, const struct received *from)
{
    const struct received *next;
    for (const struct received *r = from; r != NULL && actor->ignore_count > 0; r = next) {
        next = r->next;
        if (is_ignored(run, actor, r))
            client_take(actor->client, r);
    }
    client_look(actor->client);
}

/* A stanza that was not ignored before is not ignored later, unless the patterns have changed. */
void receive_ignored(struct run *run)
{
    for (size_t i = 0; i < run->scenario->cast_count; i++) {
        struct actor *actor = &run->actors[i];
        const struct client *client = actor->client;
        drop_ignored(run, actor, actor->ignores_vary ? client_inbox(client) : client_fresh(client));
    }
}

void receive_more_ignored(struct run *run, struct actor *actor, const struct step *step)
{
    for (const struct xml *x = step->stanzas; x != NULL; x = x->next)
        actor->ignores_vary = actor->ignores_vary || match_varies(x);
    actor->ignores[actor->ignore_count++] = step;
    drop_ignored(run, actor, client_inbox(actor->client));
}

/* ---- Receiving stanzas ---- */

/* The one of two that is more similar to the expected stanza; the first if they are equally similar, unless
 * it is NULL. */
static const struct received *likelier(struct run *run, const struct xml *expected,
                                       const struct received *first, const struct received *second)
{
    if (first == NULL || second->kind != RECEIVED_ELEMENT)
        return first == NULL ? second : first;
    unsigned before =
        first->kind == RECEIVED_ELEMENT ? match_likeness(expected, first->element, run_lookup, run) : 0;
    return match_likeness(expected, second->element, run_lookup, run) > before ? second : first;
}

/* The received stanza most similar to the expected one, shown beside it. */
static const struct received *likeliest(struct run *run, const struct actor *actor,
                                        const struct xml *expected)
{
    const struct received *best = NULL;
    for (const struct received *r = client_inbox(actor->client); r != NULL; r = r->next)
        best = likelier(run, expected, best, r);
    return best;
}

static void fail_expected(struct run *run, const struct actor *actor, const struct xml *expected,
                          const struct received *instead)
{
    const bool differs = instead != NULL && instead->kind == RECEIVED_ELEMENT;
    const char *what = run->strict ? "the next stanza" : "the most similar stanza";
    run_fail_with(run, expected, instead != NULL ? instead->element : NULL,
                  "expected %s to receive this %s; %s %s", name_of(actor), expected->name,
                  differs ? what : received_name(instead), differs ? "differs" : "came");
}

/* In a strict scenario the next stanza must match; otherwise the earliest that matches is taken. */
static bool receive_one(struct run *run, struct actor *actor, const struct xml *expected)
{
    const struct received *r = client_inbox(actor->client);
    while (!run->strict && r != NULL && !matches(run, expected, r, NULL))
        r = r->next;
    if (r == NULL || !matches(run, expected, r, &run->captures)) {
        fail_expected(run, actor, expected, run->strict ? r : likeliest(run, actor, expected));
        return false;
    }
    client_take(actor->client, r);
    return true;
}

void judge_receives(struct run *run, struct actor *actor, const struct step *step)
{
    for (const struct xml *expected = step->stanzas; expected != NULL; expected = expected->next)
        if (!receive_one(run, actor, expected))
            return;
}

/* ---- In any order ---- */

struct assignment {
    struct run *run;
    struct match_side expected, elements; /* number of candidates */
    const struct received **candidates;
    const struct received *other; /* the first candidate that is not an element; NULL for none */
    size_t *taken_by; /* for each candidate: the index of its expected stanza, or their number for none */
};

/* The candidates: in a strict scenario as many as are expected, else all; only elements are compared. */
static void list_candidates(struct assignment *a, const struct actor *actor)
{
    size_t all = 0;
    size_t room = a->expected.count;
    for (const struct received *r = client_inbox(actor->client); r != NULL; r = r->next)
        all++;
    a->candidates = must(calloc(all + 1, sizeof(struct received *)));
    const struct xml **elements = must(calloc(all + 1, sizeof(struct xml *)));
    for (const struct received *r = client_inbox(actor->client); r != NULL; r = r->next) {
        if (a->run->strict && room-- == 0)
            break;
        if (r->kind != RECEIVED_ELEMENT) {
            a->other = a->other == NULL ? r : a->other;
            continue;
        }
        elements[a->elements.count] = r->element;
        a->candidates[a->elements.count++] = r;
    }
    a->elements.stanzas = elements;
    a->taken_by = must(calloc(all + 1, sizeof *a->taken_by));
}

static void list_expected(struct assignment *a, const struct step *step)
{
    size_t count = 0;
    for (const struct xml *x = step->stanzas; x != NULL; x = x->next)
        count++;
    const struct xml **expected = must(calloc(count + 1, sizeof(struct xml *)));
    for (const struct xml *x = step->stanzas; x != NULL; x = x->next)
        expected[a->expected.count++] = x;
    a->expected.stanzas = expected;
}

/* The index of the first expected stanza without a match, or their number. */
static size_t first_without(const struct assignment *a)
{
    bool *placed = must(calloc(a->expected.count + 1, sizeof *placed));
    for (size_t i = 0; i < a->elements.count; i++)
        placed[a->taken_by[i]] = true;
    size_t first = 0;
    while (first < a->expected.count && placed[first])
        first++;
    free(placed);
    return first;
}

/* The received item shown beside an expected stanza without a match: the most similar one that no earlier
 * expected stanza took, else one that is not an element. */
static const struct received *likeliest_free(const struct assignment *a, size_t index)
{
    const struct received *best = NULL;
    for (size_t i = 0; i < a->elements.count; i++)
        if (a->taken_by[i] > index)
            best = likelier(a->run, a->expected.stanzas[index], best, a->candidates[i]);
    return best != NULL ? best : a->other;
}

static void take_assigned(struct assignment *a, struct actor *actor)
{
    for (size_t i = 0; i < a->elements.count; i++) {
        if (a->taken_by[i] == a->expected.count)
            continue;
        (void)matches(a->run, a->expected.stanzas[a->taken_by[i]], a->candidates[i], &a->run->captures);
        client_take(actor->client, a->candidates[i]);
    }
}

void judge_receives_any_order(struct run *run, struct actor *actor, const struct step *step)
{
    struct assignment a = { .run = run };
    list_expected(&a, step);
    list_candidates(&a, actor);
    const bool good = match_pairs(&a.expected, &a.elements, run_lookup, run, a.taken_by);
    const size_t without = first_without(&a);
    if (without == a.expected.count)
        take_assigned(&a, actor);
    else if (good)
        fail_expected(run, actor, a.expected.stanzas[without], likeliest_free(&a, without));
    else
        run_fail(run,
                 "expected %s to receive these in any order; there are too many to compare each pair: "
                 "expected them to differ in an attribute or a text",
                 name_of(actor));
    free((void *)a.expected.stanzas);
    free((void *)a.elements.stanzas);
    free(a.candidates);
    free(a.taken_by);
}

/* ---- Receiving nothing ---- */

/* In a strict scenario the inbox must be empty.  Otherwise nothing may have arrived since the last step that
 * acted; earlier items may have been left unconsumed. */
void judge_receives_nothing(struct run *run, struct actor *actor, const struct step *step)
{
    (void)step;
    const struct received *r = client_inbox(actor->client);
    while (!run->strict && r != NULL && r->number <= actor->seen)
        r = r->next;
    if (r != NULL)
        run_fail_with(run, NULL, r->element, "expected %s to receive nothing; %s came", name_of(actor),
                      r->kind == RECEIVED_ELEMENT ? "this" : received_name(r));
}

void judge_not_received(struct run *run, struct actor *actor, const struct step *step)
{
    for (const struct xml *x = step->stanzas; x != NULL; x = x->next)
        for (const struct received *r = client_inbox(actor->client); r != NULL; r = r->next)
            if (matches(run, x, r, NULL))
                run_fail_with(run, NULL, r->element, "%s received a stanza that it must not receive",
                              name_of(actor));
}

/* ---- The end of stream and connection ---- */

static bool is_stream_error(const struct received *received)
{
    return received->kind == RECEIVED_ELEMENT && xml_is(received->element, "error", XML_NS_STREAMS);
}

void judge_stream_error(struct run *run, struct actor *actor, const struct step *step)
{
    const struct received *r = client_inbox(actor->client);
    while (!run->strict && r != NULL && !is_stream_error(r))
        r = r->next;
    if (r == NULL || !is_stream_error(r)) {
        run_fail_with(run, NULL, r != NULL ? r->element : NULL,
                      "expected %s to receive the stream error %s; %s came", name_of(actor), step->condition,
                      received_name(r));
        return;
    }
    if (xml_child(r->element, step->condition, NS_STREAM_ERRORS) == NULL) {
        run_fail_with(run, NULL, r->element, "expected %s to receive the stream error %s; another came",
                      name_of(actor), step->condition);
        return;
    }
    client_take(actor->client, r);
}

void judge_end(struct run *run, struct actor *actor, const struct step *step)
{
    (void)step;
    const struct received *r = client_inbox(actor->client);
    while (!run->strict && r != NULL && r->kind != RECEIVED_STREAM_END)
        r = r->next;
    if (r != NULL && r->kind == RECEIVED_STREAM_END)
        client_take(actor->client, r);
    else
        run_fail_with(run, NULL, r != NULL ? r->element : NULL,
                      "expected %s to receive the end of the stream; %s came", name_of(actor),
                      received_name(r));
}

void judge_connection(struct run *run, struct actor *actor, const struct step *step)
{
    enum client_state state = client_state(actor->client);
    bool open = state != CLIENT_AWAY && state != CLIENT_ENDED && state != CLIENT_DIALLING;
    if (open != (strcmp(step->text, "open") == 0))
        run_fail(run, "%s's connection is %s", name_of(actor), open ? "open" : "closed");
    if (open)
        return;
    const struct received *r = client_inbox(actor->client);
    while (r != NULL && r->kind != RECEIVED_CONNECTION_END)
        r = r->next;
    if (r != NULL)
        client_take(actor->client, r);
}

/* ---- Unexpected input ---- */

void judge_garbage(struct run *run)
{
    for (size_t i = 0; i < run->scenario->cast_count; i++) {
        const struct received *garbage = client_garbage(run->actors[i].client);
        if (garbage != NULL)
            run_fail(run, "what the server sent to %s is not XML: %s", name_of(&run->actors[i]),
                     garbage->problem);
    }
}

void judge_nothing_left(struct run *run, struct actor *actor)
{
    const struct received *r = client_inbox(actor->client);
    if (r != NULL)
        run_fail_with(run, NULL, r->element, "%s has received %s, and no step consumed it", name_of(actor),
                      r->kind == RECEIVED_ELEMENT ? "this" : received_name(r));
}

static void judge_no_stream_error_left(struct run *run, const struct actor *actor)
{
    for (const struct received *r = client_inbox(actor->client); r != NULL; r = r->next)
        if (is_stream_error(r))
            run_fail_with(run, NULL, r->element, "%s received a stream error that no step expects",
                          name_of(actor));
}

void judge_leftovers(struct run *run)
{
    for (size_t i = 0; i < run->scenario->cast_count; i++) {
        if (run->strict)
            judge_nothing_left(run, &run->actors[i]);
        else
            judge_no_stream_error_left(run, &run->actors[i]);
    }
}

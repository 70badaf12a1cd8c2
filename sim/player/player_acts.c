#include "player_private.h"

#include "../client/scram_final.h"
#include "../must.h"

#include <string.h>

/* Concurrent steps may have ended the connection of this client; the step then does nothing. */
static bool may_be_late(const struct run *run)
{
    return run->progress.overlaps && world_is_any_order(run->world);
}

/* Whether the actor has a connection; otherwise fails the step, if steps are judged. */
static bool needs_connection(struct run *run, const struct actor *actor)
{
    enum client_state state = client_state(actor->client);
    if (state != CLIENT_AWAY && state != CLIENT_ENDED)
        return true;
    if (run->checks_only || may_be_late(run))
        return false;
    const struct received *last = client_inbox(actor->client);
    while (last != NULL && last->next != NULL)
        last = last->next;
    run_fail_with(run, NULL, last != NULL ? last->element : NULL, "%s has no connection: it is %s",
                  actor->character->name, client_state_name(state));
    return false;
}

/* ---- Getting in and out ---- */

static void act_connects(struct run *run, struct actor *actor, const struct step *step)
{
    (void)run;
    (void)step;
    client_login(actor->client);
}

static void act_disconnects(struct run *run, struct actor *actor, const struct step *step)
{
    (void)step;
    if (run->strict && !run->checks_only)
        judge_nothing_left(run, actor);
    client_disconnect(actor->client);
}

static void act_opens_connection(struct run *run, struct actor *actor, const struct step *step)
{
    (void)run;
    (void)step;
    client_dial(actor->client);
}

static void act_starts_tls(struct run *run, struct actor *actor, const struct step *step)
{
    (void)step;
    if (needs_connection(run, actor))
        client_start_tls(actor->client);
}

/* The attributes of a stream header, by their names in the scenario language. */
static const struct header_field {
    const char *name;
    size_t offset;
} header_fields[] = {
    { "to", offsetof(struct client_header, to) },
    { "from", offsetof(struct client_header, from) },
    { "version", offsetof(struct client_header, version) },
    { "lang", offsetof(struct client_header, lang) },
    { "namespace", offsetof(struct client_header, ns) },
    { "stream namespace", offsetof(struct client_header, streams_ns) },
};

static void set_header(struct client_header *header, const struct property *property)
{
    for (size_t i = 0; i < sizeof header_fields / sizeof header_fields[0]; i++)
        if (strcmp(header_fields[i].name, property->name) == 0)
            *(const char **)((char *)header + header_fields[i].offset) = property->value;
}

static void act_opens_stream(struct run *run, struct actor *actor, const struct step *step)
{
    if (!needs_connection(run, actor))
        return;
    struct client_header header = client_header_usual(actor->client);
    for (const struct property *p = step->properties; p != NULL; p = p->next)
        set_header(&header, p);
    client_open_stream(actor->client, &header);
}

static void act_authenticates(struct run *run, struct actor *actor, const struct step *step)
{
    if (needs_connection(run, actor))
        client_authenticate(actor->client, step->mechanism, step->user, step->password);
}

static void act_begins_to_authenticate(struct run *run, struct actor *actor, const struct step *step)
{
    if (!needs_connection(run, actor))
        return;
    if (step->negated)
        client_begin_without_initial_response(actor->client, step->mechanism, step->user, step->password);
    else
        client_begin_to_authenticate(actor->client, step->mechanism, step->user, step->password);
}

static void act_answers_challenge(struct run *run, struct actor *actor, const struct step *step)
{
    (void)step;
    if (needs_connection(run, actor))
        client_answer_challenge(actor->client);
}

static void act_finishes_authenticating(struct run *run, struct actor *actor, const struct step *step)
{
    if (needs_connection(run, actor))
        client_finish_authenticating(actor->client,
                                     step->text != NULL ? scram_variant_named(step->text) : NULL);
}

static void act_aborts_authenticating(struct run *run, struct actor *actor, const struct step *step)
{
    (void)step;
    if (needs_connection(run, actor))
        client_abort_authentication(actor->client);
}

static void act_binds(struct run *run, struct actor *actor, const struct step *step)
{
    if (needs_connection(run, actor))
        client_bind(actor->client, step->text);
}

static void act_closes_stream(struct run *run, struct actor *actor, const struct step *step)
{
    (void)step;
    if (needs_connection(run, actor))
        client_close_stream(actor->client);
}

static void act_drops_connection(struct run *run, struct actor *actor, const struct step *step)
{
    (void)step;
    if (needs_connection(run, actor))
        client_drop(actor->client);
}

/* ---- Stream management ---- */

static void act_manages(struct run *run, struct actor *actor, const struct step *step)
{
    (void)step;
    if (needs_connection(run, actor))
        client_manage(actor->client);
}

static void act_acknowledges(struct run *run, struct actor *actor, const struct step *step)
{
    uint32_t h = (uint32_t)step->number;
    if (needs_connection(run, actor))
        client_acknowledge(actor->client, step->text != NULL ? &h : NULL);
}

static void act_resumes(struct run *run, struct actor *actor, const struct step *step)
{
    (void)run;
    (void)step;
    client_resume(actor->client);
}

static void act_answers(struct run *run, struct actor *actor, const struct step *step)
{
    (void)run;
    client_answer(actor->client, !step->negated);
}

/* ---- Stanzas and bytes ---- */

static void act_sends(struct run *run, struct actor *actor, const struct step *step)
{
    if (!needs_connection(run, actor))
        return;
    for (const struct xml *stanza = step->stanzas; stanza != NULL && !run->failed; stanza = stanza->next)
        cast_send(run, actor, stanza);
}

/* Each piece is a separate write, delivered before the next. */
/* A piece size larger than memory means no cut. */
static size_t piece_size(uint64_t bytes)
{
    return bytes < SIZE_MAX ? (size_t)bytes : SIZE_MAX;
}

static void send_pieces(struct run *run, struct actor *actor, const char *bytes, size_t length, size_t piece)
{
    for (size_t at = 0; at < length && run_goes_on(run);) {
        size_t size = length - at < piece ? length - at : piece;
        client_write(actor->client, bytes + at, size);
        at += size;
        run->progress.written = at;
        if (!world_settle(run->world, PLAYER_EVENTS_BOUND))
            run_fail(run, "no quiescence after %zu bytes", at);
    }
    run->progress.written = 0;
}

/* Complete stanzas are reported as sent, however they were written. */
static void note_stanzas(const struct actor *actor, const char *bytes, size_t length)
{
    const char *problem;
    int line;
    struct xml *stanza = xml_fragment(bytes, length, &problem, &line);
    if (stanza == NULL && problem != NULL)
        client_unclear(actor->client);
    while (stanza != NULL) {
        struct xml *next = stanza->next;
        client_sent(actor->client, stanza);
        xml_free(stanza);
        stanza = next;
    }
}

/* The text of a step with its variables replaced. */
struct raw {
    const char *bytes;
    size_t length;
    char *owned; /* to be freed */
};

/* Bytes that contain a NUL have no variables.  Returns false when a variable is unknown. */
static bool read_raw(struct run *run, const struct step *step, struct raw *raw)
{
    *raw = (struct raw){ step->text, step->length, NULL };
    if (strlen(step->text) != step->length)
        return true;
    raw->bytes = raw->owned = run_substitute(run, step->text);
    raw->length = raw->owned != NULL ? strlen(raw->owned) : 0;
    return raw->owned != NULL;
}

static void act_sends_raw(struct run *run, struct actor *actor, const struct step *step)
{
    struct raw raw;
    if (!needs_connection(run, actor) || !read_raw(run, step, &raw))
        return;
    note_stanzas(actor, raw.bytes, raw.length);
    if (step->number == 0)
        client_write(actor->client, raw.bytes, raw.length);
    else
        send_pieces(run, actor, raw.bytes, raw.length, piece_size(step->number));
    free(raw.owned);
}

static void act_ignores(struct run *run, struct actor *actor, const struct step *step)
{
    size_t most = sizeof actor->ignores / sizeof actor->ignores[0];
    if (actor->ignore_count == most)
        run_fail(run, "%s ignores too many stanzas: at most %zu ignore steps are allowed",
                 actor->character->name, most);
    else
        receive_more_ignored(run, actor, step);
    receive_ignored(run);
}

/* ---- The world ---- */

static void act_time_passes(struct run *run, struct actor *actor, const struct step *step)
{
    (void)actor;
    if (!run_has_time(run, step->span))
        return;
    const uint64_t bound = UINT64_C(100000000);
    if (step->span == 0)
        return;
    bool passed = run->progress.overlaps ? world_race(run->world, step->span, bound)
                                         : world_pass(run->world, step->span, bound);
    if (!passed)
        run_fail(run, "no quiescence in that time: too many events");
}

static void act_handshake_fails(struct run *run, struct actor *actor, const struct step *step)
{
    (void)run;
    (void)step;
    actor->transport.distrusts = true;
}

static void act_middle(struct run *run, struct actor *actor, const struct step *step)
{
    (void)run;
    (void)step;
    actor->transport.has_middle = true;
}

/* The effect of a fault on each direction. */
static void act_link_fault(struct run *run, struct actor *actor, const struct step *step)
{
    static const struct {
        const char *fault;
        bool both, stalled;
    } faults[] = {
        { "dies", true, true },
        { "heals", true, false },
        { "stops reading", false, true },
        { "reads again", false, false },
    };
    if (!needs_connection(run, actor))
        return;
    if (strcmp(step->text, "breaks") == 0)
        net_transport_fail(&actor->transport);
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        if (strcmp(step->text, faults[i].fault) != 0)
            continue;
        net_transport_stall(&actor->transport, NET_CLIENT, faults[i].stalled);
        if (faults[i].both)
            net_transport_stall(&actor->transport, NET_SERVER, faults[i].stalled);
    }
}

static void act_link_pieces(struct run *run, struct actor *actor, const struct step *step)
{
    (void)run;
    net_transport_cut(&actor->transport, piece_size(step->number));
}

/* ---- Properties of links ---- */

static const sim_time SLOWEST_LINK = SIM_SECOND * 3600 * 24;

static bool needs_possible_span(struct run *run, const struct step *step)
{
    if (step->span > SLOWEST_LINK)
        run_fail(run, "the time is too long for a link: the maximum is one day");
    return step->span <= SLOWEST_LINK;
}

static void act_link_takes(struct run *run, struct actor *actor, const struct step *step)
{
    if (needs_possible_span(run, step))
        net_transport_set_latency(&actor->transport, step->span);
}

static void act_link_stalls(struct run *run, struct actor *actor, const struct step *step)
{
    if (needs_possible_span(run, step))
        net_transport_stall_for(&actor->transport, step->span);
}

static void act_link_carries(struct run *run, struct actor *actor, const struct step *step)
{
    (void)run;
    net_transport_set_bandwidth(&actor->transport, piece_size(step->number));
}

static void act_link_breaks_after(struct run *run, struct actor *actor, const struct step *step)
{
    (void)run;
    enum link_way way = LINK_EITHER_WAY;
    if (step->text != NULL)
        way = strcmp(step->text, "to the server") == 0 ? LINK_TO_SERVER : LINK_TO_CLIENT;
    net_transport_break_after(&actor->transport, way, step->number);
}

static void act_half_closes(struct run *run, struct actor *actor, const struct step *step)
{
    (void)step;
    if (needs_connection(run, actor))
        net_transport_half_close(&actor->transport);
}

/* ---- Servers ---- */

static void act_servers_are(struct run *run, struct actor *actor, const struct step *step)
{
    (void)actor;
    federation_part(run->federation, step->negated);
}

static void act_server_receives(struct run *run, struct actor *actor, const struct step *step)
{
    (void)actor;
    struct raw raw;
    if (!read_raw(run, step, &raw))
        return;
    const char *to = property_of_step(step, "to");
    if (!federation_inject(run->federation, property_of_step(step, "from"), to, raw.bytes, raw.length))
        run_fail(run, "no server in this scenario serves %s", to);
    free(raw.owned);
}

/* ---- The table ---- */

typedef void (*act)(struct run *run, struct actor *actor, const struct step *step);

/* Verbs that are not in this table only judge, except STEP_RECEIVES_NOTHING. */
static const act acts[STEP_VERBS] = {
    [STEP_CONNECTS] = act_connects,
    [STEP_DISCONNECTS] = act_disconnects,
    [STEP_OPENS_CONNECTION] = act_opens_connection,
    [STEP_FAILS_TO_OPEN_CONNECTION] = act_opens_connection,
    [STEP_STARTS_TLS] = act_starts_tls,
    [STEP_FAILS_TO_START_TLS] = act_starts_tls,
    [STEP_OPENS_STREAM] = act_opens_stream,
    [STEP_AUTHENTICATES] = act_authenticates,
    [STEP_FAILS_TO_AUTHENTICATE] = act_authenticates,
    [STEP_BEGINS_TO_AUTHENTICATE] = act_begins_to_authenticate,
    [STEP_ANSWERS_CHALLENGE] = act_answers_challenge,
    [STEP_FINISHES_AUTHENTICATING] = act_finishes_authenticating,
    [STEP_FAILS_TO_FINISH_AUTHENTICATING] = act_finishes_authenticating,
    [STEP_ABORTS_AUTHENTICATING] = act_aborts_authenticating,
    [STEP_RESTARTS_STREAM] = act_opens_stream,
    [STEP_BINDS] = act_binds,
    [STEP_FAILS_TO_BIND] = act_binds,
    [STEP_CLOSES_STREAM] = act_closes_stream,
    [STEP_DROPS_CONNECTION] = act_drops_connection,
    [STEP_MANAGES] = act_manages,
    [STEP_FAILS_TO_MANAGE] = act_manages,
    [STEP_ACKNOWLEDGES] = act_acknowledges,
    [STEP_RESUMES] = act_resumes,
    [STEP_FAILS_TO_RESUME] = act_resumes,
    [STEP_ANSWERS] = act_answers,
    [STEP_SENDS] = act_sends,
    [STEP_SENDS_RAW] = act_sends_raw,
    [STEP_IGNORES] = act_ignores,
    [STEP_TIME_PASSES] = act_time_passes,
    [STEP_NEXT_FAILS] = act_next_fails,
    [STEP_TAKES] = act_takes,
    [STEP_HANDSHAKE_FAILS] = act_handshake_fails,
    [STEP_MIDDLE] = act_middle,
    [STEP_LINK_PIECES] = act_link_pieces,
    [STEP_SERVERS_ARE] = act_servers_are,
    [STEP_SERVER_RECEIVES] = act_server_receives,
    [STEP_LINK_FAULT] = act_link_fault,
    [STEP_LINK_TAKES] = act_link_takes,
    [STEP_LINK_CARRIES] = act_link_carries,
    [STEP_LINK_STALLS] = act_link_stalls,
    [STEP_LINK_BREAKS] = act_link_breaks_after,
    [STEP_HALF_CLOSES] = act_half_closes,
    [STEP_SERVER_SHUTS_DOWN] = act_server_shuts_down,
    [STEP_SERVER_CRASHES] = act_server_crashes,
    [STEP_SERVER_WILL_CRASH] = act_server_will_crash,
    [STEP_SERVER_STARTS] = act_server_starts,
    [STEP_NTH_FAILS] = act_nth_fails,
    [STEP_ALLOCATION_FAILS] = act_allocation_fails,
    [STEP_CLOCK_JUMPS] = act_clock_jumps,
};

/* Verbs that set how later steps behave, without events of their own. */
static const enum step_verb sayings[] = {
    STEP_IGNORES,     STEP_NEXT_FAILS,        STEP_TAKES,        STEP_LINK_PIECES,
    STEP_SERVERS_ARE, STEP_SERVER_WILL_CRASH, STEP_NTH_FAILS,    STEP_ALLOCATION_FAILS,
    STEP_CLOCK_JUMPS, STEP_LINK_TAKES,        STEP_LINK_CARRIES, STEP_LINK_STALLS,
};

bool player_acts(enum step_verb verb)
{
    for (size_t i = 0; i < sizeof sayings / sizeof sayings[0]; i++)
        if (sayings[i] == verb)
            return false;
    return acts[verb] != NULL;
}

void player_act(struct run *run, const struct step *step)
{
    struct actor *actor = step->actor >= 0 ? cast_actor(run, step) : NULL;
    if (acts[step->verb] != NULL)
        acts[step->verb](run, actor, step);
    else if (step->verb == STEP_RECEIVES_NOTHING)
        act_time_passes(run, actor, step);
}

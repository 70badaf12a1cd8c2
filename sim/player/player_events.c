/*
 * player_events.c - tells the events of a run (events.h).  Three sources call in here: each line of the trace, each
 * write to a link, and the world after each of its events.
 */
#include "player_private.h"

#include "../must.h"
#include "../text.h"

#include <stdio.h>
#include <string.h>

/* A write whose bytes have not all arrived: the count of bytes up to its end, and when it was made. */
struct write_made {
    uint64_t end;
    sim_time at;
};

/* One direction of the latest connection of a client. */
struct way {
    struct elements *elements; /* NULL before the first byte */
    bool decrypted;            /* what they are read from now is within TLS */
    struct write_made *writes;
    size_t first, count, room; /* those before the first have come */
    uint64_t written, came;
    sim_time sent; /* when the last byte that came was written */
};

/* What was told last of a client and its session, as text. */
struct told {
    struct way ways[2]; /* to the client, to the server */
    struct text client, session, possible;
};

struct run_events {
    struct told *told; /* of each actor */
    struct recording own;
    const struct recording *choices;
    size_t choices_told;
    sim_time time;
    uint64_t line;
};

/* ---- Telling ---- */

static void tell(struct run *run, struct run_event event)
{
    event.line = run->events->line;
    event.time = world_now(run->world);
    run->options->event(run->options->event_host, &event);
}

static void tell_choices(struct run *run)
{
    struct run_events *events = run->events;
    while (events->choices_told < events->choices->count) {
        const struct choice *choice = &events->choices->list[events->choices_told++];
        if (choice->answer > 0 || run->options->every_choice)
            tell(run, (struct run_event){ .kind = EVENT_CHOICE,
                                          .what = choice_concern_name(choice->concern),
                                          .answer = choice->answer,
                                          .possibilities = choice->possibilities });
    }
}

static void tell_time(struct run *run)
{
    const sim_time now = world_now(run->world);
    const sim_time span = now - run->events->time;
    run->events->time = now;
    if (span >= SIM_SECOND)
        tell(run, (struct run_event){ .kind = EVENT_TIME, .span = span });
}

/* ---- States ---- */

static void add_word(struct text *text, const char *word)
{
    text_string(text, word != NULL ? word : "-");
    text_string(text, " ");
}

static void add_numbers(struct text *text, const uint64_t *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        text_number(text, numbers[i]);
        text_string(text, " ");
    }
}

/* Everything of a client that an event shows. */
static void describe_client(struct text *text, const struct client *client)
{
    const struct client_counts counts = client_counts(client);
    const uint64_t numbers[] = { client_is_secured(client), counts.managed, client_roster_changes(client),
                                 client_received(client), client_inbox_size(client) };
    add_word(text, client_state_name(client_state(client)));
    add_word(text, client_full_jid(client));
    add_numbers(text, numbers, sizeof numbers / sizeof *numbers);
    for (const struct client_online *o = client_online(client); o != NULL; o = o->next)
        add_word(text, o->jid);
}

static void describe_session(struct text *text, const struct session_view *view)
{
    if (view == NULL)
        return;
    const uint64_t numbers[] = {
        view->type,       view->notopen,         view->secured,     (uint64_t)view->priority,
        view->interested, view->waiting,         view->hibernating, view->inactive,
        view->carbons,    view->managed,         view->handled,     view->sent,
        view->unacked,    view->presence != NULL
    };
    add_word(text, view->username);
    add_word(text, view->full_jid);
    add_numbers(text, numbers, sizeof numbers / sizeof *numbers);
}

static void describe_possible(struct text *text, const struct model_view *view)
{
    const uint64_t numbers[] = { view->presence[0],   view->presence[1],   view->presence[2],
                                 view->interested[0], view->interested[1], view->carbons[0],
                                 view->carbons[1],    view->unanswered,    view->kept,
                                 view->under_way };
    add_numbers(text, numbers, sizeof numbers / sizeof *numbers);
    add_word(text, view->must_end);
}

/* Whether `now` is something else than what was told; it is then what was told. */
static bool is_news(struct text *told, struct text *now)
{
    const bool same = told->length == now->length &&
                      (now->length == 0 || memcmp(told->bytes, now->bytes, now->length) == 0);
    if (same) {
        text_free(now);
        return false;
    }
    text_free(told);
    *told = *now;
    return true;
}

static void look_at_actor(struct run *run, const struct actor *actor, struct told *told)
{
    struct text client = { 0 };
    struct text session = { 0 };
    const struct session *found = cast_session(run, actor);
    struct session_view view;
    if (found != NULL)
        view = session_look(found);
    describe_client(&client, actor->client);
    describe_session(&session, found != NULL ? &view : NULL);
    if (is_news(&told->client, &client))
        tell(run, (struct run_event){
                      .kind = EVENT_CLIENT, .who = actor->character->name, .client = actor->client });
    if (is_news(&told->session, &session))
        tell(run, (struct run_event){ .kind = EVENT_SESSION,
                                      .who = actor->character->name,
                                      .session = found != NULL ? &view : NULL });
}

static void look_at_possible(struct run *run, const struct actor *actor, struct told *told)
{
    struct text possible = { 0 };
    struct model_view view;
    const bool is_known =
        actor->full_jid != NULL && checks_possible(run->checks, actor->server, actor->full_jid, &view);
    if (is_known)
        describe_possible(&possible, &view);
    if (is_news(&told->possible, &possible))
        tell(run, (struct run_event){ .kind = EVENT_POSSIBLE,
                                      .who = actor->character->name,
                                      .possible = is_known ? &view : NULL });
}

void events_look(struct run *run)
{
    if (run->events == NULL || run->events->told == NULL)
        return;
    tell_choices(run);
    tell_time(run);
    for (size_t i = 0; i < run->scenario->cast_count; i++) {
        look_at_actor(run, &run->actors[i], &run->events->told[i]);
        look_at_possible(run, &run->actors[i], &run->events->told[i]);
    }
}

static void after_event(void *host)
{
    events_look(host);
}

/* ---- What arrives ---- */

static struct told *told_of(const struct run *run, const char *name)
{
    struct actor *actor = NULL;
    HASH_FIND_STR(run->actors_by_name, name, actor);
    return actor != NULL && run->events->told != NULL ? &run->events->told[actor - run->actors] : NULL;
}

static void way_free(struct way *way)
{
    elements_free(way->elements);
    free(way->writes);
    *way = (struct way){ .came = 0 };
}

/* Makes room for one more write: where half of them have come, in their place. */
static void make_room(struct way *way)
{
    if (way->count < way->room)
        return;
    if (way->first > 0 && way->first >= way->count / 2) {
        way->count -= way->first;
        memmove(way->writes, way->writes + way->first, way->count * sizeof *way->writes);
        way->first = 0;
        return;
    }
    way->room = way->room == 0 ? 16 : way->room * 2;
    way->writes = must(realloc(way->writes, way->room * sizeof *way->writes));
}

/* A net_writes. */
static void on_write(void *host, const char *name, enum net_side side, size_t taken)
{
    struct run *run = host;
    struct told *told = told_of(run, name);
    if (told == NULL)
        return;
    struct way *way = &told->ways[side == NET_CLIENT];
    make_room(way);
    way->written += taken;
    way->writes[way->count++] = (struct write_made){ way->written, world_now(run->world) };
}

static void take_bytes(struct way *way, uint64_t length, sim_time now)
{
    way->came += length;
    way->sent = now; /* unless its write is known */
    while (way->first < way->count && way->writes[way->first].end < way->came)
        way->first++;
    if (way->first < way->count)
        way->sent = way->writes[way->first].at;
}

/* A piece that is read. */
struct piece {
    struct run *run;
    const char *who;
    const struct way *way;
    bool to_server;
};

/* A read_elements_sink. */
static void tell_element(void *host, const struct read_element *read)
{
    const struct piece *piece = host;
    tell(piece->run, (struct run_event){ .kind = EVENT_ELEMENT,
                                         .who = piece->who,
                                         .to_server = piece->to_server,
                                         .sent = piece->way->sent,
                                         .part = read->part,
                                         .what = read->name,
                                         .bytes = read->bytes,
                                         .length = read->length,
                                         .element = read->element });
}

/* The lines ">", ">>" and "> TLS", and those of the other direction. */
static void tell_bytes(struct run *run, const struct trace_record *record, struct told *told)
{
    const bool to_server = record->what[0] == '>';
    const bool decrypted = record->what[1] == record->what[0];
    const bool encrypted = record->what[1] == ' ';
    const uint64_t size = encrypted ? strtoull(record->bytes, NULL, 10) : record->length;
    struct way *way = &told->ways[to_server];
    if (!decrypted)
        take_bytes(way, size, record->now);
    if (way->elements == NULL)
        way->elements = elements_new();
    if (decrypted && !way->decrypted)
        elements_restart(way->elements);
    way->decrypted = way->decrypted || decrypted;
    tell(run, (struct run_event){ .kind = EVENT_BYTES,
                                  .who = record->who,
                                  .to_server = to_server,
                                  .sent = way->sent,
                                  .bytes = encrypted ? NULL : record->bytes,
                                  .length = (size_t)size });
    if (!encrypted)
        elements_read(way->elements, record->bytes, record->length, tell_element,
                      &(struct piece){ run, record->who, way, to_server });
}

/* ---- Lines of the trace ---- */

static bool begins(const char *text, const char *words)
{
    return strncmp(text, words, strlen(words)) == 0;
}

static bool is_bytes(const char *what)
{
    static const char *const lines[] = { ">", "<", ">>", "<<", "> TLS", "< TLS" };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (strcmp(what, lines[i]) == 0)
            return true;
    return false;
}

/* Those of net.h that are not part of how a connection usually goes. */
static bool is_fault(const char *what)
{
    static const char *const lines[] = { "breaks",        "is broken", "fails",    "is to fail",
                                         "-> stalls",     "<- stalls", "-> heals", "<- heals",
                                         "stalls for",    "takes ",    "carries ", "half-closes",
                                         "is half-closed" };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (begins(what, lines[i]))
            return true;
    return false;
}

static void tell_link(struct run *run, const struct trace_record *record, struct told *told)
{
    struct text what = { 0 };
    if (is_bytes(record->what)) {
        tell_bytes(run, record, told);
        return;
    }
    if (strcmp(record->what, "dials") == 0) {
        way_free(&told->ways[0]);
        way_free(&told->ways[1]);
    }
    text_string(&what, record->what);
    if (record->length > 0) {
        text_string(&what, " ");
        text_append(&what, record->bytes, record->length);
    }
    tell(run, (struct run_event){ .kind = is_fault(what.bytes) ? EVENT_FAULT : EVENT_CONNECTION,
                                  .who = record->who,
                                  .what = what.bytes });
    text_free(&what);
}

static const char *server_name_of(const struct run *run, const char *jid)
{
    const struct server *server = run_server(run, jid);
    const struct scenario *scenario = run->scenario;
    const struct server_head *head = scenario->servers;
    if (server == run->servers[0])
        return scenario->server_name != NULL ? scenario->server_name : scenario->settings.hosts[0];
    for (size_t i = 1; run->servers[i] != server; i++)
        head = head->next;
    return head->name;
}

/* "no account to load roster romeo@localhost": the last two words are the store and the account. */
static void tell_storage(struct run *run, const struct trace_record *record)
{
    char *what = must(strdup(record->what));
    char *account = strrchr(what, ' ');
    assert(account != NULL);
    *account++ = '\0';
    char *store = strrchr(what, ' ');
    assert(store != NULL);
    *store++ = '\0';
    tell(run, (struct run_event){ .kind = EVENT_STORAGE,
                                  .what = what,
                                  .store = store,
                                  .account = account,
                                  .server = server_name_of(run, account),
                                  .bytes = record->bytes != NULL ? record->bytes : "",
                                  .length = record->length });
    free(what);
}

/* "=> NAME", "<= timed out", or a word about the server. */
static void tell_server(struct run *run, const struct trace_record *record)
{
    const bool arrives = begins(record->what, "=> ");
    const bool returns = begins(record->what, "<= ");
    if (!arrives && !returns) {
        tell(run, (struct run_event){ .kind = EVENT_SERVER, .who = record->who, .what = record->what });
        return;
    }
    const char *problem = NULL;
    int line = 0;
    struct xml *element = xml_fragment(record->bytes, record->length, &problem, &line);
    struct xml *only = element != NULL && element->next == NULL ? element : NULL;
    tell(run, (struct run_event){ .kind = EVENT_ROUTE,
                                  .who = record->who,
                                  .server = arrives ? record->what + 3 : record->who,
                                  .what = returns ? record->what + 3 : NULL,
                                  .bytes = record->bytes,
                                  .length = record->length,
                                  .element = only });
    while (element != NULL) {
        struct xml *next = element->next;
        xml_free(element);
        element = next;
    }
}

/* A trace_watcher. */
static void on_line(void *host, const struct trace_record *record)
{
    struct run *run = host;
    if (record->who == trace_of_step)
        events_look(run); /* the step before has taken what it expected */
    tell_choices(run);
    tell_time(run);
    run->events->line = record->number;
    struct told *told = told_of(run, record->who);
    if (record->who == trace_of_step)
        tell(run, (struct run_event){ .kind = EVENT_STEP,
                                      .what = record->what,
                                      .step = run->step != NULL ? run->step->line : 0 });
    else if (record->who == trace_of_disk)
        tell_storage(run, record);
    else if (told != NULL)
        tell_link(run, record, told);
    else
        tell_server(run, record);
}

/* ---- The failure ---- */

struct difference_list {
    struct run_difference *lines;
    size_t count;
    struct text sentences;
};

static void keep_difference(void *host, const char *expected, const char *received, bool differs)
{
    struct difference_list *list = host;
    list->lines = must(realloc(list->lines, (list->count + 1) * sizeof *list->lines));
    list->lines[list->count++] =
        (struct run_difference){ must(strdup(expected)), must(strdup(received)), differs };
}

static void keep_sentences(void *host, const char *sentences)
{
    text_string(&((struct difference_list *)host)->sentences, sentences);
}

void events_failed(struct run *run, const struct xml *expected, const struct xml *received)
{
    if (run->events == NULL)
        return;
    struct difference_list list = { .lines = NULL };
    events_look(run);
    if (expected != NULL || received != NULL)
        match_compare(expected, received, run_lookup, run,
                      &(struct match_comparison){ &list, keep_difference, keep_sentences });
    const struct run_failure failure = {
        .summary = run->result->summary,
        .violation = run->result->check != NULL ? checks_violation(run->checks) : NULL,
        .lines = list.lines,
        .line_count = list.count,
        .sentences = list.sentences.bytes != NULL ? list.sentences.bytes : "",
    };
    tell(run, (struct run_event){ .kind = EVENT_FAILURE, .step = run->result->line, .failure = &failure });
    for (size_t i = 0; i < list.count; i++) {
        free(list.lines[i].expected);
        free(list.lines[i].received);
    }
    free(list.lines);
    text_free(&list.sentences);
}

/* ---- Beginning and end ---- */

void events_begin(struct run *run)
{
    if (run->options->event == NULL)
        return;
    struct choices *choices = world_choices(run->world);
    run->events = must(calloc(1, sizeof *run->events));
    if (choices->record == NULL)
        choices_record(choices, &run->events->own);
    run->events->choices = choices->record;
    run->events->choices_told = choices->record->count;
    trace_watch(run->trace, on_line, run);
}

void events_enter(struct run *run)
{
    if (run->events == NULL)
        return;
    run->events->told = must(calloc(run->scenario->cast_count + 1, sizeof *run->events->told));
    world_look_on(run->world, after_event, run);
    for (size_t i = 0; i < run->server_count; i++)
        net_watch_writes(server_net(run->servers[i]), (struct net_writes){ run, on_write });
    events_look(run);
}

void events_leave(struct run *run)
{
    if (run->events == NULL || run->events->told == NULL)
        return;
    events_look(run);
    world_look_on(run->world, NULL, NULL);
    for (size_t i = 0; i < run->server_count; i++)
        net_watch_writes(server_net(run->servers[i]), (struct net_writes){ NULL, NULL });
    for (size_t i = 0; i < run->scenario->cast_count; i++) {
        struct told *told = &run->events->told[i];
        way_free(&told->ways[0]);
        way_free(&told->ways[1]);
        text_free(&told->client);
        text_free(&told->session);
        text_free(&told->possible);
    }
    free(run->events->told);
    run->events->told = NULL;
    trace_watch(run->trace, NULL, NULL);
}

void events_end(struct run *run)
{
    if (run->events == NULL)
        return;
    trace_watch(run->trace, NULL, NULL);
    recording_free(&run->events->own);
    free(run->events);
    run->events = NULL;
}

void events_everybody_leaves(struct run *run)
{
    if (run->events == NULL)
        return;
    events_look(run);
    tell(run, (struct run_event){ .kind = EVENT_STEP, .what = "at the end, all clients disconnect" });
}

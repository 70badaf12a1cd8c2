#include "player_private.h"

#include "../must.h"
#include "../text.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static const char *name_of(const struct actor *actor)
{
    return actor->character->name;
}

static const char *or_unset(const char *value)
{
    return value != NULL ? value : "unset";
}

/* ---- Getting in ---- */

/* The outcome of the action that the judged step began. */
static struct client_outcome outcome_of(const struct actor *actor)
{
    return actor->action > 0 ? client_outcome_of(actor->client, actor->action - 1)
                             : client_outcome(actor->client);
}

/* Fails with the cause: the received stream error, if any. */
static void fail_refused(struct run *run, const struct actor *actor, const char *wanted)
{
    struct client_outcome outcome = outcome_of(actor);
    const struct received *first = client_inbox(actor->client);
    const struct xml *came = first != NULL ? first->element : NULL;
    if (outcome.state == OUTCOME_REFUSED)
        run_fail_with(run, NULL, came, "expected %s to %s; it was refused during %s: %s", name_of(actor),
                      wanted, outcome.during, outcome.condition);
    else
        run_fail_with(run, NULL, came, "expected %s to %s; it is %s", name_of(actor), wanted,
                      client_state_name(client_state(actor->client)));
}

static void judge_done(struct run *run, const struct actor *actor, const char *wanted)
{
    if (outcome_of(actor).state != OUTCOME_DONE)
        fail_refused(run, actor, wanted);
}

static void judge_connects(struct run *run, struct actor *actor, const struct step *step)
{
    (void)step;
    judge_done(run, actor, "connect");
}

/* A server answers the end of a stream by closing its own (RFC 6120, 4.4). */
static void judge_disconnects(struct run *run, struct actor *actor, const struct step *step)
{
    (void)step;
    enum client_state state = client_state(actor->client);
    if (state != CLIENT_AWAY && state != CLIENT_ENDED)
        run_fail(run, "expected %s to disconnect; it is %s", name_of(actor), client_state_name(state));
}

static void judge_authenticates(struct run *run, struct actor *actor, const struct step *step)
{
    (void)step;
    judge_done(run, actor, "authenticate");
}

static void judge_begins_to_authenticate(struct run *run, struct actor *actor, const struct step *step)
{
    (void)step;
    judge_done(run, actor, "be challenged");
}

static void judge_answers_challenge(struct run *run, struct actor *actor, const struct step *step)
{
    (void)step;
    judge_done(run, actor, "be challenged again");
}

static void judge_finishes_authenticating(struct run *run, struct actor *actor, const struct step *step)
{
    (void)step;
    judge_done(run, actor, "finish authenticating");
}

static void judge_starts_tls(struct run *run, struct actor *actor, const struct step *step)
{
    (void)step;
    judge_done(run, actor, "start TLS");
}

/* Fails by <failure/> or in the handshake; other steps judge what the server does then. */
static void judge_fails_to_start_tls(struct run *run, struct actor *actor, const struct step *step)
{
    (void)step;
    struct client_outcome outcome = outcome_of(actor);
    if (outcome.state == OUTCOME_DONE)
        run_fail(run, "expected %s to fail to start TLS; it succeeded", name_of(actor));
    else if (outcome.state != OUTCOME_REFUSED || strcmp(outcome.during, "starting TLS") != 0)
        fail_refused(run, actor, "fail to start TLS");
}

static void judge_binds(struct run *run, struct actor *actor, const struct step *step)
{
    (void)step;
    judge_done(run, actor, "bind a resource");
}

static void judge_manages(struct run *run, struct actor *actor, const struct step *step)
{
    (void)step;
    judge_done(run, actor, "enable stream management");
}

static void judge_resumes(struct run *run, struct actor *actor, const struct step *step)
{
    (void)step;
    judge_done(run, actor, "resume its session");
}

static void judge_refused(struct run *run, const struct actor *actor, const struct step *step,
                          const char *during)
{
    struct client_outcome outcome = outcome_of(actor);
    if (outcome.state == OUTCOME_DONE)
        run_fail(run, "expected %s to fail with %s; it succeeded", name_of(actor), step->condition);
    else if (outcome.state != OUTCOME_REFUSED)
        fail_refused(run, actor, "fail");
    else if (strcmp(outcome.condition, step->condition) != 0 || strcmp(outcome.during, during) != 0)
        run_fail(run, "expected %s to fail during %s with %s; it failed during %s with %s", name_of(actor),
                 during, step->condition, outcome.during, outcome.condition);
}

static void judge_fails_to_authenticate(struct run *run, struct actor *actor, const struct step *step)
{
    judge_refused(run, actor, step, "authentication");
}

/* The server answers <abort/> with a failure (RFC 6120, 6.4.4). */
static void judge_aborts_authenticating(struct run *run, struct actor *actor, const struct step *step)
{
    struct step aborted = *step;
    aborted.condition = "aborted";
    judge_refused(run, actor, &aborted, "authentication");
}

static void judge_fails_to_bind(struct run *run, struct actor *actor, const struct step *step)
{
    judge_refused(run, actor, step, "binding");
}

static void judge_fails_to_manage(struct run *run, struct actor *actor, const struct step *step)
{
    judge_refused(run, actor, step, "stream management");
}

static void judge_fails_to_resume(struct run *run, struct actor *actor, const struct step *step)
{
    judge_refused(run, actor, step, "resumption");
}

static void judge_opens_connection(struct run *run, struct actor *actor, const struct step *step)
{
    (void)step;
    if (client_state(actor->client) != CLIENT_CONNECTED)
        fail_refused(run, actor, "have a connection");
}

/* The server is down, or refuses the connection. */
static void judge_fails_to_open_connection(struct run *run, struct actor *actor, const struct step *step)
{
    if (client_state(actor->client) == CLIENT_ENDED)
        judge_connection(run, actor, &(struct step){ .verb = step->verb, .text = "closed" });
    else
        run_fail(run, "expected %s to fail to open a connection; it is %s", name_of(actor),
                 client_state_name(client_state(actor->client)));
}

/* ---- What a session is ---- */

static struct session_view view_of(const struct run *run, const struct actor *actor)
{
    const struct session *session = cast_session(run, actor);
    return session != NULL ? session_look(session) : (struct session_view){ 0 };
}

static void judge_session_is(struct run *run, struct actor *actor, const struct step *step)
{
    const struct session *session = cast_session(run, actor);
    bool hibernating = session != NULL && session_look(session).hibernating;
    if (hibernating == step->negated)
        run_fail(run, "%s's session is %shibernating%s", name_of(actor), hibernating ? "" : "not ",
                 session == NULL ? ": there is none" : "");
}

static void judge_is(struct run *run, struct actor *actor, const struct step *step)
{
    static const struct predicate {
        const char *name;
        bool (*holds)(const struct session *session);
    } predicates[] = {
        { "connected", session_is_connected },
        { "available", session_is_available },
        { "interested", session_is_interested },
    };
    const struct session *session = cast_session(run, actor);
    for (size_t i = 0; i < sizeof predicates / sizeof predicates[0]; i++) {
        if (strcmp(predicates[i].name, step->text) != 0)
            continue;
        bool holds = session != NULL && predicates[i].holds(session);
        if (holds == step->negated)
            run_fail(run, "%s is %s%s%s", name_of(actor), holds ? "" : "not ", step->text,
                     session == NULL ? ": there is no session" : "");
    }
}

/* The state at both ends, which must agree, as far as the server lets it be seen. */
static void judge_encrypted(struct run *run, struct actor *actor, const struct step *step)
{
    bool client = client_is_secured(actor->client);
    bool server = server_lets_look(actor->server) ? view_of(run, actor).secured : client;
    if (client != server)
        run_fail(run, "%s's link is encrypted for the %s alone", name_of(actor),
                 client ? "client" : "server");
    else if (client == step->negated)
        run_fail(run, "%s's link is %sencrypted", name_of(actor), client ? "" : "not ");
}

/* The value of a property in the form of the scenario language; NULL is unset.  `number` is a buffer for a
 * number. */
static const char *property_of(const struct session_view *view, bool exists, const char *name,
                               char number[24])
{
    if (!exists)
        return NULL;
    if (strcmp(name, "type") == 0)
        return session_type_name(view->type);
    if (strcmp(name, "priority") == 0) {
        (void)snprintf(number, 24, "%d", view->priority);
        return number;
    }
    if (strcmp(name, "roster version") == 0 && view->roster != NULL) {
        (void)snprintf(number, 24, "%llu", (unsigned long long)inspect_roster_revision(view->roster));
        return number;
    }
    if (strcmp(name, "notopen") == 0)
        return view->notopen ? "true" : NULL;
    if (strcmp(name, "interested") == 0)
        return view->interested ? "true" : NULL;
    const struct {
        const char *name, *value;
    } strings[] = { { "username", view->username },
                    { "host", view->host },
                    { "resource", view->resource },
                    { "full JID", view->full_jid } };
    for (size_t i = 0; i < sizeof strings / sizeof strings[0]; i++)
        if (strcmp(strings[i].name, name) == 0)
            return strings[i].value;
    return NULL;
}

static bool same_value(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void judge_property(struct run *run, struct actor *actor, const struct step *step)
{
    struct session_view view = view_of(run, actor);
    char number[24];
    bool exists = cast_session(run, actor) != NULL;
    const char *actual = property_of(&view, exists, step->property, number);
    char *expected = step->text != NULL ? run_substitute(run, step->text) : NULL;
    if (!run->failed && !same_value(expected, actual))
        run_fail(run, "%s's %s is %s; expected %s%s", name_of(actor), step->property, or_unset(actual),
                 or_unset(expected), !exists ? " (there is no session)" : "");
    free(expected);
}

static void judge_presence(struct run *run, struct actor *actor, const struct step *step)
{
    struct session_view view = view_of(run, actor);
    const char *problem;
    int line;
    struct xml *actual =
        view.presence == NULL ? NULL : xml_fragment(view.presence, view.presence_length, &problem, &line);
    bool holds = step->stanzas == NULL || actual == NULL
                     ? (step->stanzas == NULL) == (actual == NULL)
                     : match_element(step->stanzas, actual, run_lookup, run, &run->captures);
    if (!holds)
        run_fail_with(run, step->stanzas, actual, "%s's presence in the server differs", name_of(actor));
    xml_free(actual);
}

/* ---- Rosters ---- */

/* A roster item in the form of the scenario language; the caller frees it. */
static char *describe_item(const char *jid, const char *subscription, bool ask, bool pending, bool approved,
                           const char *name, const char *const *groups, size_t group_count)
{
    struct text text = { 0 };
    text_string(&text, jid);
    text_string(&text, ": ");
    text_string(&text, subscription);
    text_string(&text, ask ? ", ask" : "");
    text_string(&text, pending ? ", pending" : "");
    text_string(&text, approved ? ", approved" : "");
    if (name != NULL) {
        text_string(&text, ", name \"");
        text_string(&text, name);
        text_string(&text, "\"");
    }
    for (size_t i = 0; i < group_count; i++) {
        text_string(&text, ", group \"");
        text_string(&text, groups[i]);
        text_string(&text, "\"");
    }
    return text_take(&text);
}

static char *describe_expected(const struct roster_line *line)
{
    return describe_item(line->jid, line->subscription, line->ask, line->pending, line->approved, line->name,
                         (const char *const *)line->groups, line->group_count);
}

static char *describe_actual(const struct inspect_item *item)
{
    return describe_item(item->jid, item->subscription, item->ask, item->pending_in, item->approved,
                         item->name, item->groups, item->group_count);
}

/* Finds the item of a contact; false when there is none. */
static bool find_item(const struct roster *roster, const char *jid, struct inspect_item *item)
{
    for (size_t i = 0; i < inspect_roster_size(roster); i++) {
        *item = inspect_roster_item(roster, i);
        if (strcmp(item->jid, jid) == 0)
            return true;
    }
    return false;
}

static bool has_group(const struct inspect_item *item, const char *group)
{
    for (size_t i = 0; i < item->group_count; i++)
        if (strcmp(item->groups[i], group) == 0)
            return true;
    return false;
}

static bool same_groups(const struct inspect_item *item, const struct roster_line *line)
{
    if (item->group_count != line->group_count)
        return false;
    for (size_t i = 0; i < line->group_count; i++)
        if (!has_group(item, line->groups[i]))
            return false;
    return true;
}

static bool same_item(const struct inspect_item *item, const struct roster_line *line)
{
    return strcmp(item->subscription, line->subscription) == 0 && item->ask == line->ask &&
           item->pending_in == line->pending && item->approved == line->approved &&
           same_value(item->name, line->name) && same_groups(item, line);
}

static void fail_item(struct run *run, const struct actor *actor, const struct roster_line *line,
                      const struct inspect_item *item)
{
    char *expected = line != NULL ? describe_expected(line) : must(strdup("no such contact"));
    char *actual = item != NULL ? describe_actual(item) : must(strdup("no such contact"));
    run_fail(run, "%s's roster differs: expected [%s], got [%s]", name_of(actor), expected, actual);
    free(expected);
    free(actual);
}

static bool is_expected(const struct step *step, const char *jid)
{
    const struct roster_line *line = step->roster;
    while (line != NULL && strcmp(line->jid, jid) != 0)
        line = line->next;
    return line != NULL;
}

/* Fails at the first line that differs; the order of items and of groups is ignored. */
static void compare_roster(struct run *run, const struct actor *actor, const struct step *step,
                           const struct roster *roster)
{
    struct inspect_item item;
    for (const struct roster_line *line = step->roster; line != NULL; line = line->next) {
        bool exists = find_item(roster, line->jid, &item);
        if (!exists || !same_item(&item, line)) {
            fail_item(run, actor, line, exists ? &item : NULL);
            return;
        }
    }
    for (size_t i = 0; i < inspect_roster_size(roster); i++) {
        item = inspect_roster_item(roster, i);
        if (!is_expected(step, item.jid)) {
            fail_item(run, actor, NULL, &item);
            return;
        }
    }
}

static void judge_roster(struct run *run, struct actor *actor, const struct step *step)
{
    struct session_view view = view_of(run, actor);
    bool unset = step->text != NULL;
    if (unset != (view.roster == NULL))
        run_fail(run, "%s's roster is %s", name_of(actor), view.roster == NULL ? "unset" : "loaded");
    else if (!unset)
        compare_roster(run, actor, step, view.roster);
}

static void judge_sessions(struct run *run, struct actor *actor, const struct step *step)
{
    const char *jid = step->text != NULL ? step->text : actor->character->jid;
    const struct server *server = run_server(run, jid);
    const struct core *core = server_inspect(server);
    uint64_t count = 0;
    const struct session *s = core != NULL ? inspect_first_resource(core, jid) : NULL;
    for (; s != NULL; s = inspect_next_resource(s))
        count++;
    if (count != step->number)
        run_fail(run, "%s has %llu bound sessions; expected %llu", jid, (unsigned long long)count,
                 (unsigned long long)step->number);
}

/* ---- Stores ---- */

/* The number of messages stored for a bare JID; 0 for a domain. */
static size_t count_offline(const struct run *run, const char *jid)
{
    size_t length = strcspn(jid, "@");
    if (jid[length] == '\0')
        return 0;
    char *local = must(strndup(jid, length));
    size_t count = disk_count(server_disk(run_server(run, jid)), local, jid + length + 1, CORE_STORE_OFFLINE);
    free(local);
    return count;
}

static void judge_offline(struct run *run, struct actor *actor, const struct step *step)
{
    const char *jid = step->text != NULL ? step->text : actor->character->jid;
    size_t count = count_offline(run, jid);
    if (count != step->number)
        run_fail(run, "%zu messages are stored for %s; expected %llu", count, jid,
                 (unsigned long long)step->number);
}

static void judge_block_list(struct run *run, struct actor *actor, const struct step *step)
{
    const struct disk *disk = server_disk(actor->server);
    const struct character *owner = actor->character;
    size_t count = disk_count(disk, owner->local, owner->domain, CORE_STORE_BLOCKLIST);
    const struct blocked_line *line = step->blocked;
    for (size_t i = 0; i < count; i++) {
        const char *jid = disk_entry(disk, owner->local, owner->domain, CORE_STORE_BLOCKLIST, i).key;
        if (line == NULL || strcmp(line->jid, jid) != 0) {
            run_fail(run, "%s's block list differs: expected %s, got %s", name_of(actor),
                     line != NULL ? line->jid : "no more", jid);
            return;
        }
        line = line->next;
    }
    if (line != NULL)
        run_fail(run, "%s's block list differs: expected %s, got no more", name_of(actor), line->jid);
}

/* ---- The stream ---- */

static const char *header_attribute(const char *property)
{
    return strcmp(property, "lang") == 0 ? "xml:lang" : property;
}

/* Compares one attribute by the rules of matching, wildcards and captures included. */
static bool same_attribute(struct run *run, const struct property *property, const char *actual)
{
    if (property->value == NULL || actual == NULL)
        return property->value == NULL && actual == NULL;
    struct xml_attribute expected = { .name = "value", .ns = "", .value = property->value };
    struct xml_attribute received = { .name = "value", .ns = "", .value = actual };
    const struct xml a = { .name = "header", .ns = XML_NS_CLIENT, .attributes = &expected };
    const struct xml b = { .name = "header", .ns = XML_NS_CLIENT, .attributes = &received };
    return match_element(&a, &b, run_lookup, run, &run->captures);
}

static void judge_header(struct run *run, struct actor *actor, const struct step *step)
{
    const struct xml *header = client_stream_header(actor->client);
    if (header == NULL) {
        run_fail(run, "%s has received no stream header", name_of(actor));
        return;
    }
    for (const struct property *p = step->properties; p != NULL; p = p->next) {
        const char *actual = xml_get(header, header_attribute(p->name));
        if (!same_attribute(run, p, actual))
            run_fail_with(run, NULL, header, "the stream header's %s is %s; expected %s", p->name,
                          or_unset(actual), or_unset(p->value));
    }
}

static void judge_features(struct run *run, struct actor *actor, const struct step *step)
{
    const struct xml *features = client_features(actor->client);
    if (features == NULL || !match_element(step->stanzas, features, run_lookup, run, &run->captures))
        run_fail_with(run, step->stanzas, features, "the stream features offered to %s differ",
                      name_of(actor));
}

/* ---- The table ---- */

typedef void (*judge)(struct run *run, struct actor *actor, const struct step *step);

static const judge judges[STEP_VERBS] = {
    [STEP_CONNECTS] = judge_connects,
    [STEP_DISCONNECTS] = judge_disconnects,
    [STEP_OPENS_CONNECTION] = judge_opens_connection,
    [STEP_FAILS_TO_OPEN_CONNECTION] = judge_fails_to_open_connection,
    [STEP_STARTS_TLS] = judge_starts_tls,
    [STEP_FAILS_TO_START_TLS] = judge_fails_to_start_tls,
    [STEP_LINK_ENCRYPTED] = judge_encrypted,
    [STEP_AUTHENTICATES] = judge_authenticates,
    [STEP_FAILS_TO_AUTHENTICATE] = judge_fails_to_authenticate,
    [STEP_BEGINS_TO_AUTHENTICATE] = judge_begins_to_authenticate,
    [STEP_ANSWERS_CHALLENGE] = judge_answers_challenge,
    [STEP_FINISHES_AUTHENTICATING] = judge_finishes_authenticating,
    [STEP_FAILS_TO_FINISH_AUTHENTICATING] = judge_fails_to_authenticate,
    [STEP_ABORTS_AUTHENTICATING] = judge_aborts_authenticating,
    [STEP_BINDS] = judge_binds,
    [STEP_FAILS_TO_BIND] = judge_fails_to_bind,
    [STEP_MANAGES] = judge_manages,
    [STEP_FAILS_TO_MANAGE] = judge_fails_to_manage,
    [STEP_RESUMES] = judge_resumes,
    [STEP_FAILS_TO_RESUME] = judge_fails_to_resume,
    [STEP_RECEIVES] = judge_receives,
    [STEP_RECEIVES_ANY_ORDER] = judge_receives_any_order,
    [STEP_RECEIVES_NOTHING] = judge_receives_nothing,
    [STEP_RECEIVES_STREAM_ERROR] = judge_stream_error,
    [STEP_RECEIVES_END] = judge_end,
    [STEP_HAS_NOT_RECEIVED] = judge_not_received,
    [STEP_CONNECTION_IS] = judge_connection,
    [STEP_IS] = judge_is,
    [STEP_SESSION_IS] = judge_session_is,
    [STEP_PROPERTY_IS] = judge_property,
    [STEP_PRESENCE_IS] = judge_presence,
    [STEP_ROSTER_IS] = judge_roster,
    [STEP_HEADER_IS] = judge_header,
    [STEP_FEATURES_ARE] = judge_features,
    [STEP_HAS_SESSIONS] = judge_sessions,
    [STEP_HAS_OFFLINE] = judge_offline,
    [STEP_BLOCK_LIST_IS] = judge_block_list,
    [STEP_SERVER_ROUTES] = judge_routes,
    [STEP_SERVER_ROUTES_NOTHING] = judge_routes_nothing,
};

void player_judge(struct run *run, const struct step *step)
{
    struct actor *actor = step->actor >= 0 ? cast_actor(run, step) : NULL;
    if (judges[step->verb] != NULL)
        judges[step->verb](run, actor, step);
}

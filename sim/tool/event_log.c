#include "event_log.h"

#include "../must.h"
#include "json.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct event_log {
    FILE *out;
    char *text;
    size_t length;
    uint64_t number; /* of the case */
    uint64_t events; /* so far */
    size_t most;     /* bytes */
    bool cut;
};

static void print_head(FILE *out, const char *type, uint64_t number)
{
    fprintf(out, "{\"type\":\"%s\"", type);
    json_number(out, "case", number);
}

static void print_end(FILE *out)
{
    fputs("}\n", out);
}

/* ---- The scenario ---- */

static bool has_host(const struct core_settings *settings, const char *domain)
{
    for (size_t i = 0; i < settings->host_count; i++)
        if (strcmp(settings->hosts[i], domain) == 0)
            return true;
    return false;
}

const char *event_log_first_server(const struct scenario *scenario)
{
    return scenario->server_name != NULL ? scenario->server_name : scenario->settings.hosts[0];
}

/* As the player finds it: the first server has all domains that no other has. */
const char *event_log_server_of(const struct scenario *scenario, const char *domain)
{
    for (const struct server_head *head = scenario->servers; head != NULL; head = head->next)
        if (has_host(&head->settings, domain))
            return head->name;
    return event_log_first_server(scenario);
}

static void print_tags(FILE *out, const struct scenario *scenario)
{
    json_key(out, "tags");
    fputc('[', out);
    for (const struct tag *tag = scenario->tags; tag != NULL; tag = tag->next) {
        fputs(tag == scenario->tags ? "[" : ",[", out);
        json_quote(out, tag->name);
        fputc(',', out);
        json_quote(out, tag->value);
        fputc(']', out);
    }
    fputc(']', out);
}

static void print_servers(FILE *out, const struct scenario *scenario)
{
    json_key(out, "servers");
    fputc('[', out);
    json_quote(out, event_log_first_server(scenario));
    for (const struct server_head *head = scenario->servers; head != NULL; head = head->next) {
        fputc(',', out);
        json_quote(out, head->name);
    }
    fputc(']', out);
}

static void print_clients(FILE *out, const struct scenario *scenario)
{
    json_key(out, "clients");
    fputc('[', out);
    for (size_t i = 0; i < scenario->cast_count; i++) {
        const struct character *character = &scenario->cast[i];
        fputs(i == 0 ? "{\"name\":" : ",{\"name\":", out);
        json_quote(out, character->name);
        json_string(out, "jid", character->jid);
        json_string(out, "server",
                    event_log_server_of(scenario, character->domain != NULL ? character->domain : ""));
        fputc('}', out);
    }
    fputc(']', out);
}

static void print_line(FILE *out, int line)
{
    if (line > 0)
        json_number(out, "line", (uint64_t)line);
    else
        json_string(out, "line", NULL);
}

struct event_log *event_log_new(const struct scenario *scenario, uint64_t number, size_t most)
{
    struct event_log *log = must(calloc(1, sizeof *log));
    log->out = must(open_memstream(&log->text, &log->length));
    log->number = number;
    log->most = most;
    print_head(log->out, "scenario", number);
    json_string(log->out, "path", scenario->path);
    json_string(log->out, "name", scenario->name);
    json_string(log->out, "title", scenario->title);
    print_line(log->out, scenario->row_line);
    print_tags(log->out, scenario);
    print_servers(log->out, scenario);
    print_clients(log->out, scenario);
    print_end(log->out);
    return log;
}

/* ---- Elements ---- */

static bool is_stanza_namespace(const char *ns)
{
    return strcmp(ns, "jabber:client") == 0 || strcmp(ns, "jabber:server") == 0;
}

/* "message", "presence" or "iq"; "other" for what is no stanza (RFC 6120, 8). */
const char *event_log_kind(const struct xml *element)
{
    static const char *const stanzas[] = { "message", "presence", "iq" };
    if (element == NULL || !is_stanza_namespace(element->ns))
        return "other";
    for (size_t i = 0; i < sizeof stanzas / sizeof *stanzas; i++)
        if (strcmp(element->name, stanzas[i]) == 0)
            return stanzas[i];
    return "other";
}

/* What is known of an element, and its bytes; `name` is used when nothing is. */
static void print_element(FILE *out, const struct run_event *event, const char *kind, const char *name)
{
    const struct xml *element = event->element;
    json_string(out, "kind", kind);
    json_string(out, "name", element != NULL ? element->name : name);
    json_string(out, "namespace", element != NULL ? element->ns : NULL);
    json_key(out, "attributes");
    fputc('{', out);
    for (const struct xml_attribute *a = element != NULL ? element->attributes : NULL; a != NULL;
         a = a->next) {
        json_quote(out, a->name);
        fputc(':', out);
        json_quote(out, a->value);
        fputs(a->next != NULL ? "," : "", out);
    }
    fputc('}', out);
    json_bytes(out, "xml", event->bytes, event->length);
}

/* ---- The kinds ---- */

static void print_step(FILE *out, const struct run_event *event)
{
    print_line(out, event->step);
    json_string(out, "text", event->what);
}

static void print_time(FILE *out, const struct run_event *event)
{
    json_number(out, "span_ns", event->span);
}

static void print_choice(FILE *out, const struct run_event *event)
{
    json_string(out, "concern", event->what);
    json_number(out, "answer", event->answer);
    json_number(out, "possibilities", event->possibilities);
}

static void print_client_what(FILE *out, const struct run_event *event)
{
    json_string(out, "who", event->who);
    json_string(out, "what", event->what);
}

static void print_way(FILE *out, const struct run_event *event)
{
    json_string(out, "who", event->who);
    json_string(out, "to", event->to_server ? "server" : "client");
    json_number(out, "sent_ns", event->sent);
}

static void print_bytes(FILE *out, const struct run_event *event)
{
    print_way(out, event);
    json_number(out, "size", event->length);
    json_bytes(out, "data", event->bytes, event->bytes != NULL ? event->length : 0);
}

static void print_stream_element(FILE *out, const struct run_event *event)
{
    static const char *const parts[] = {
        [PART_HEADER] = "header", [PART_ELEMENT] = "element", [PART_END] = "end", [PART_BROKEN] = "broken"
    };
    print_way(out, event);
    json_string(out, "part", parts[event->part]);
    print_element(out, event, event->part == PART_ELEMENT ? event_log_kind(event->element) : "stream",
                  event->what);
}

static const char *phase_of(const char *what)
{
    static const char *const requests[] = { "load", "count", "save", "remove" };
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++)
        if (strcmp(what, requests[i]) == 0)
            return "request";
    return strcmp(what, "kept") == 0 || strcmp(what, "lost") == 0 ? "crash" : "answer";
}

static void print_storage(FILE *out, const struct run_event *event)
{
    json_string(out, "server", event->server);
    json_string(out, "phase", phase_of(event->what));
    json_string(out, "what", event->what);
    json_string(out, "store", event->store);
    json_string(out, "account", event->account);
    json_bytes(out, "data", event->bytes, event->length);
}

static void print_route(FILE *out, const struct run_event *event)
{
    json_string(out, "from", event->who);
    json_string(out, "to", event->server);
    json_string(out, "returned", event->what);
    print_element(out, event, event_log_kind(event->element), "");
}

static void print_server(FILE *out, const struct run_event *event)
{
    json_string(out, "server", event->who);
    json_string(out, "what", event->what);
}

static size_t roster_size(const struct client *client)
{
    size_t size = 0;
    for (const struct client_contact *contact = client_roster(client); contact != NULL;
         contact = contact->next)
        size++;
    return size;
}

static void print_client(FILE *out, const struct run_event *event)
{
    const struct client *client = event->client;
    const struct client_online *first = client_online(client);
    json_string(out, "who", event->who);
    json_string(out, "state", client_state_name(client_state(client)));
    json_string(out, "jid", client_full_jid(client));
    json_bool(out, "secured", client_is_secured(client));
    json_bool(out, "managed", client_counts(client).managed);
    json_bool(out, "has_roster", client_has_roster(client));
    json_number(out, "contacts", roster_size(client));
    json_key(out, "online");
    fputc('[', out);
    for (const struct client_online *online = first; online != NULL; online = online->next) {
        fputs(online == first ? "" : ",", out);
        json_quote(out, online->jid);
    }
    fputc(']', out);
    json_number(out, "received", client_received(client));
    json_number(out, "not_consumed", client_inbox_size(client));
}

/* Writes the key of an object, and null where there is none.  Returns whether there is one. */
static bool begin_object(FILE *out, const char *key, const void *object)
{
    json_key(out, key);
    fputs(object != NULL ? "{" : "null", out);
    return object != NULL;
}

static void print_session(FILE *out, const struct run_event *event)
{
    const struct session_view *view = event->session;
    json_string(out, "who", event->who);
    if (!begin_object(out, "session", view))
        return;
    fputs("\"type\":", out);
    json_quote(out, session_type_name(view->type));
    json_string(out, "username", view->username);
    json_string(out, "jid", view->full_jid);
    json_bool(out, "secured", view->secured);
    json_bool(out, "connected", view->full_jid != NULL);
    json_bool(out, "available", view->presence != NULL);
    json_bool(out, "interested", view->interested);
    json_key(out, "priority");
    fprintf(out, "%d", view->priority);
    json_bool(out, "hibernating", view->hibernating);
    json_bool(out, "carbons", view->carbons);
    json_bool(out, "active", !view->inactive);
    json_bool(out, "waiting", view->waiting);
    json_bool(out, "managed", view->managed);
    json_number(out, "handled", view->handled);
    json_number(out, "sent", view->sent);
    json_number(out, "unacked", view->unacked);
    fputc('}', out);
}

/* The words of those that are possible. */
static void print_set(FILE *out, const char *key, const char *const *words, const bool *possible,
                      size_t count)
{
    bool is_first = true;
    json_key(out, key);
    fputc('[', out);
    for (size_t i = 0; i < count; i++) {
        if (!possible[i])
            continue;
        fputs(is_first ? "" : ",", out);
        json_quote(out, words[i]);
        is_first = false;
    }
    fputc(']', out);
}

static void print_possible(FILE *out, const struct run_event *event)
{
    static const char *const presences[] = { "unavailable", "negative", "available" };
    static const char *const answers[] = { "no", "yes" };
    const struct model_view *view = event->possible;
    json_string(out, "who", event->who);
    if (!begin_object(out, "possible", view))
        return;
    fputs("\"must_end\":", out);
    json_quote(out, view->must_end);
    print_set(out, "presence", presences, view->presence, 3);
    print_set(out, "interested", answers, view->interested, 2);
    print_set(out, "carbons", answers, view->carbons, 2);
    json_number(out, "unanswered", view->unanswered);
    json_number(out, "kept", view->kept);
    json_number(out, "under_way", view->under_way);
    fputc('}', out);
}

static void print_check(FILE *out, const struct check_violation *violation)
{
    if (!begin_object(out, "check", violation))
        return;
    fputs("\"name\":", out);
    json_quote(out, violation->name);
    json_string(out, "sentence", violation->sentence);
    json_string(out, "source", violation->source);
    json_string(out, "detail", violation->detail);
    json_number(out, "trace", violation->line);
    json_number(out, "time_ns", violation->time);
    fputc('}', out);
}

static void print_failure(FILE *out, const struct run_event *event)
{
    const struct run_failure *failure = event->failure;
    print_line(out, event->step);
    json_string(out, "summary", failure->summary);
    print_check(out, failure->violation);
    json_key(out, "comparison");
    fputc('[', out);
    for (size_t i = 0; i < failure->line_count; i++) {
        fputs(i == 0 ? "{\"expected\":" : ",{\"expected\":", out);
        json_quote(out, failure->lines[i].expected);
        json_string(out, "received", failure->lines[i].received);
        json_bool(out, "differs", failure->lines[i].differs);
        fputc('}', out);
    }
    fputc(']', out);
    json_string(out, "differences", failure->sentences);
}

static const struct {
    const char *type;
    void (*print)(FILE *out, const struct run_event *event);
} KINDS[EVENT_KINDS] = {
    [EVENT_STEP] = { "step", print_step },
    [EVENT_TIME] = { "time", print_time },
    [EVENT_CHOICE] = { "choice", print_choice },
    [EVENT_CONNECTION] = { "connection", print_client_what },
    [EVENT_BYTES] = { "bytes", print_bytes },
    [EVENT_ELEMENT] = { "element", print_stream_element },
    [EVENT_FAULT] = { "fault", print_client_what },
    [EVENT_STORAGE] = { "storage", print_storage },
    [EVENT_ROUTE] = { "route", print_route },
    [EVENT_SERVER] = { "server", print_server },
    [EVENT_CLIENT] = { "client", print_client },
    [EVENT_SESSION] = { "session", print_session },
    [EVENT_POSSIBLE] = { "possible", print_possible },
    [EVENT_FAILURE] = { "failure", print_failure },
};

/* ---- The log ---- */

static void begin_line(struct event_log *log, const char *type, const struct run_event *event)
{
    print_head(log->out, type, log->number);
    json_number(log->out, "n", ++log->events);
    json_number(log->out, "time_ns", event->time);
    json_number(log->out, "trace", event->line);
}

/* Whether there is room for one more line. */
static bool has_room(struct event_log *log, const struct run_event *event)
{
    const long length = ftell(log->out);
    if (!log->cut && length >= 0 && (size_t)length < log->most)
        return true;
    if (!log->cut) {
        begin_line(log, "cut", event);
        print_end(log->out);
    }
    log->cut = true;
    return event->kind == EVENT_FAILURE;
}

void event_log_add(void *host, const struct run_event *event)
{
    struct event_log *log = host;
    if (!has_room(log, event))
        return;
    begin_line(log, KINDS[event->kind].type, event);
    KINDS[event->kind].print(log->out, event);
    print_end(log->out);
}

char *event_log_take(struct event_log *log)
{
    (void)fclose(log->out);
    char *text = must(log->text);
    free(log);
    return text;
}

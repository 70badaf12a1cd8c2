#include "diagram.h"

#include "../must.h"
#include "../printable.h"
#include "../text.h"
#include "event_log.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum participant_kind { CLIENT, SERVER, DISK, OUTSIDE };

struct participant {
    enum participant_kind kind;
    const char *name; /* of the client or server */
    char *about;      /* a second line, or NULL */
    bool used;        /* disks and "outside" are left out until they are */
};

enum { NOBODY = -1 }; /* a note beside all of them */

/* An arrow, a note over one participant (from == to), or over all (NOBODY). */
struct item {
    int from, to;
    bool dashed;
    char *label; /* printable (printable.h) */
};

struct diagram {
    const struct scenario *scenario;
    struct participant *participants;
    int participant_count;
    struct item *items;
    size_t count, room;
    bool over; /* the steps are over: clients leave */
};

/* ---- Participants ---- */

static void add_participant(struct diagram *diagram, enum participant_kind kind, const char *name,
                            const char *about)
{
    const size_t size = ((size_t)diagram->participant_count + 1) * sizeof *diagram->participants;
    diagram->participants = must(realloc(diagram->participants, size));
    diagram->participants[diagram->participant_count++] =
        (struct participant){ kind, name, about != NULL ? must(strdup(about)) : NULL,
                              kind == CLIENT || kind == SERVER };
}

/* Clients stand beside their server, which stands beside its disk. */
static void add_server(struct diagram *diagram, const char *server, bool first)
{
    const struct scenario *scenario = diagram->scenario;
    if (!first) {
        add_participant(diagram, DISK, server, NULL);
        add_participant(diagram, SERVER, server, NULL);
    }
    for (size_t i = 0; i < scenario->cast_count; i++) {
        const struct character *character = &scenario->cast[i];
        const char *domain = character->domain != NULL ? character->domain : "";
        if (strcmp(event_log_server_of(scenario, domain), server) == 0)
            add_participant(diagram, CLIENT, character->name, character->jid);
    }
    if (first) {
        add_participant(diagram, SERVER, server, NULL);
        add_participant(diagram, DISK, server, NULL);
    }
}

struct diagram *diagram_new(const struct scenario *scenario)
{
    struct diagram *diagram = must(calloc(1, sizeof *diagram));
    diagram->scenario = scenario;
    add_server(diagram, event_log_first_server(scenario), true);
    for (const struct server_head *head = scenario->servers; head != NULL; head = head->next)
        add_server(diagram, head->name, false);
    add_participant(diagram, OUTSIDE, "other servers", NULL);
    return diagram;
}

void diagram_free(struct diagram *diagram)
{
    if (diagram == NULL)
        return;
    for (int i = 0; i < diagram->participant_count; i++)
        free(diagram->participants[i].about);
    for (size_t i = 0; i < diagram->count; i++)
        free(diagram->items[i].label);
    free(diagram->participants);
    free(diagram->items);
    free(diagram);
}

static int find(const struct diagram *diagram, enum participant_kind kind, const char *name)
{
    int i = 0;
    while (i < diagram->participant_count &&
           (diagram->participants[i].kind != kind ||
            (kind != OUTSIDE && strcmp(diagram->participants[i].name, name) != 0)))
        i++;
    return i < diagram->participant_count ? i : NOBODY;
}

static int find_server(const struct diagram *diagram, const char *name)
{
    return find(diagram, strcmp(name, "outside") == 0 ? OUTSIDE : SERVER, name);
}

static int server_of_client(const struct diagram *diagram, const char *client)
{
    const struct scenario *scenario = diagram->scenario;
    for (size_t i = 0; i < scenario->cast_count; i++)
        if (strcmp(scenario->cast[i].name, client) == 0)
            return find(diagram, SERVER,
                        event_log_server_of(
                            scenario, scenario->cast[i].domain != NULL ? scenario->cast[i].domain : ""));
    return NOBODY;
}

/* ---- Items ---- */

/* Whether this byte begins a character (RFC 3629, 3). */
static bool begins_character(char byte)
{
    return ((unsigned char)byte & 0xc0) != 0x80;
}

/* The text, printable and cut; the caller frees. */
static char *label_of(const char *text)
{
    char *label = NULL;
    size_t length = 0;
    FILE *out = must(open_memstream(&label, &length));
    printable_string(out, text);
    (void)fclose(out);
    must(label);
    size_t characters = 0;
    for (size_t i = 0; i < length; i++) {
        characters += begins_character(label[i]);
        if (characters <= DIAGRAM_LABEL_MOST)
            continue;
        label = must(realloc(label, i + sizeof "..."));
        memcpy(label + i, "...", sizeof "...");
        break;
    }
    return label;
}

static void add_item(struct diagram *diagram, int from, int to, bool dashed, const char *text)
{
    if (diagram->count == diagram->room) {
        diagram->room = diagram->room == 0 ? 64 : diagram->room * 2;
        diagram->items = must(realloc(diagram->items, diagram->room * sizeof *diagram->items));
    }
    if (from != NOBODY)
        diagram->participants[from].used = true;
    if (to != NOBODY)
        diagram->participants[to].used = true;
    diagram->items[diagram->count++] = (struct item){ from, to, dashed, label_of(text) };
}

static void add_attribute(struct text *text, const struct xml *element, const char *name, const char *before)
{
    const char *value = xml_get(element, name);
    if (value == NULL)
        return;
    text_string(text, before);
    text_string(text, value);
}

static void add_element(struct diagram *diagram, const struct run_event *event, int from, int to)
{
    struct text text = { 0 };
    const struct xml *element = event->element;
    if (element == NULL)
        text_string(&text, "not well-formed");
    else if (strcmp(event_log_kind(element), "other") == 0)
        text_string(&text, "stream error");
    else
        text_string(&text, element->name);
    if (element != NULL) {
        add_attribute(&text, element, "type", " ");
        add_attribute(&text, element, "to", " to ");
        add_attribute(&text, element, "from", " from ");
    }
    if (event->kind == EVENT_ROUTE && event->what != NULL) {
        text_string(&text, ", came back: ");
        text_string(&text, event->what);
    }
    add_item(diagram, from, to, false, text.bytes);
    text_free(&text);
}

/* Whether an element of a stream is shown: stanzas, stream errors (RFC 6120, 4.9), and what is not XML. */
static bool is_shown(const struct run_event *event)
{
    if (event->part == PART_BROKEN)
        return true;
    if (event->part != PART_ELEMENT || event->element == NULL)
        return false;
    return strcmp(event_log_kind(event->element), "other") != 0 || strcmp(event->element->name, "error") == 0;
}

static void add_stream_element(struct diagram *diagram, const struct run_event *event)
{
    const int client = find(diagram, CLIENT, event->who);
    const int server = server_of_client(diagram, event->who);
    if (!is_shown(event))
        return;
    if (event->to_server)
        add_element(diagram, event, client, server);
    else
        add_element(diagram, event, server, client);
}

static void add_storage(struct diagram *diagram, const struct run_event *event)
{
    static const char *const requests[] = { "load", "count", "save", "remove" };
    const int server = find(diagram, SERVER, event->server);
    const int disk = find(diagram, DISK, event->server);
    struct text text = { 0 };
    bool request = false;
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++)
        request = request || strcmp(event->what, requests[i]) == 0;
    text_string(&text, event->what);
    text_string(&text, " ");
    text_string(&text, event->store);
    text_string(&text, " ");
    text_string(&text, event->account);
    if (strcmp(event->what, "kept") == 0 || strcmp(event->what, "lost") == 0)
        add_item(diagram, disk, disk, false, text.bytes);
    else
        add_item(diagram, request ? server : disk, request ? disk : server, true, text.bytes);
    text_free(&text);
}

static void add_span(struct diagram *diagram, sim_time span)
{
    char text[64];
    (void)snprintf(text, sizeof text, "%.3f s later", (double)span / (double)SIM_SECOND);
    add_item(diagram, NOBODY, NOBODY, false, text);
}

static void add_note(struct diagram *diagram, int over, const char *before, const char *what)
{
    struct text text = { 0 };
    text_string(&text, before);
    text_string(&text, what);
    add_item(diagram, over, over, false, text.bytes);
    text_free(&text);
}

void diagram_add(void *host, const struct run_event *event)
{
    struct diagram *diagram = host;
    diagram->over = diagram->over || (event->kind == EVENT_STEP && event->step == 0);
    if (diagram->over && event->kind != EVENT_FAILURE)
        return;
    if (event->kind == EVENT_STEP)
        add_note(diagram, NOBODY, "", event->what);
    else if (event->kind == EVENT_TIME)
        add_span(diagram, event->span);
    else if (event->kind == EVENT_ELEMENT)
        add_stream_element(diagram, event);
    else if (event->kind == EVENT_FAULT)
        add_note(diagram, find(diagram, CLIENT, event->who), "link ", event->what);
    else if (event->kind == EVENT_STORAGE)
        add_storage(diagram, event);
    else if (event->kind == EVENT_ROUTE)
        add_element(diagram, event, find_server(diagram, event->who), find_server(diagram, event->server));
    else if (event->kind == EVENT_SERVER)
        add_note(diagram, find_server(diagram, event->who), "server ", event->what);
    else if (event->kind == EVENT_FAILURE)
        add_note(diagram, NOBODY, "failure: ", event->failure->summary);
}

/* ---- Both languages ---- */

static const char *prefix_of(enum participant_kind kind)
{
    static const char *const prefixes[] = { [CLIENT] = "c", [SERVER] = "s", [DISK] = "d", [OUTSIDE] = "o" };
    return prefixes[kind];
}

static void print_id(FILE *out, const struct diagram *diagram, int index)
{
    fprintf(out, "%s%d", prefix_of(diagram->participants[index].kind), index + 1);
}

static char *name_of(const struct participant *participant)
{
    struct text text = { 0 };
    text_string(&text, participant->kind == DISK ? "storage of " : "");
    text_string(&text, participant->name);
    char *name = label_of(text.bytes);
    text_free(&text);
    return name;
}

static int first_used(const struct diagram *diagram)
{
    int i = 0;
    while (!diagram->participants[i].used)
        i++;
    return i;
}

static int last_used(const struct diagram *diagram)
{
    int i = diagram->participant_count - 1;
    while (!diagram->participants[i].used)
        i--;
    return i;
}

/* The character at `*at`, which is moved behind it.  A label has only whole ones. */
static uint32_t take_character(const char **at)
{
    const size_t length = printable_character(*at);
    assert(length > 0);
    const uint32_t character = printable_code_point(*at, length);
    *at += length;
    return character;
}

static bool is_letter(uint32_t character)
{
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9');
}

/* ---- Mermaid ---- */

/* A character that Mermaid could take for its own syntax is written as "#35;", which it shows as that
 * character. */
static void print_mermaid(FILE *out, const char *label)
{
    while (*label != '\0') {
        const uint32_t character = take_character(&label);
        if (is_letter(character) || (character < 0x80 && strchr(" ./@_", (int)character) != NULL))
            fputc((int)character, out);
        else
            fprintf(out, "#%" PRIu32 ";", character);
    }
    fputc('\n', out);
}

static void print_mermaid_item(FILE *out, const struct diagram *diagram, const struct item *item)
{
    fputs("    ", out);
    if (item->from == item->to) {
        const int first = item->from != NOBODY ? item->from : first_used(diagram);
        const int last = item->to != NOBODY ? item->to : last_used(diagram);
        fputs("Note over ", out);
        print_id(out, diagram, first);
        if (first != last) {
            fputc(',', out);
            print_id(out, diagram, last);
        }
    } else {
        print_id(out, diagram, item->from);
        fputs(item->dashed ? "-->>" : "->>", out);
        print_id(out, diagram, item->to);
    }
    fputs(": ", out);
    print_mermaid(out, item->label);
}

char *diagram_mermaid(const struct diagram *diagram)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = must(open_memstream(&text, &length));
    char *title = label_of(diagram->scenario->title);
    fputs("sequenceDiagram\n    title ", out);
    print_mermaid(out, title);
    free(title);
    for (int i = 0; i < diagram->participant_count; i++) {
        if (!diagram->participants[i].used)
            continue;
        char *name = name_of(&diagram->participants[i]);
        fputs("    participant ", out);
        print_id(out, diagram, i);
        fputs(" as ", out);
        print_mermaid(out, name);
        free(name);
    }
    for (size_t i = 0; i < diagram->count; i++)
        print_mermaid_item(out, diagram, &diagram->items[i]);
    (void)fclose(out);
    return must(text);
}

/* ---- Graphviz ---- */

/* In a quoted string a backslash begins a sequence and an ampersand an entity (the attribute type
 * escString). */
static void print_dot(FILE *out, const char *label)
{
    while (*label != '\0') {
        const uint32_t character = take_character(&label);
        if (character == '"' || character == '\\')
            fprintf(out, "\\%c", (int)character);
        else if (character >= 0x80 || character == '&')
            fprintf(out, "&#%" PRIu32 ";", character);
        else
            fputc((int)character, out);
    }
}

static void print_dot_label(FILE *out, const char *label)
{
    fputs("label=\"", out);
    print_dot(out, label);
    fputc('"', out);
}

static void print_dot_participant(FILE *out, const struct diagram *diagram, int index)
{
    const struct participant *participant = &diagram->participants[index];
    char *name = name_of(participant);
    char *about = participant->about != NULL ? label_of(participant->about) : NULL;
    fputs("    ", out);
    print_id(out, diagram, index);
    fputs(" [shape=box, label=\"", out);
    print_dot(out, name);
    fputs(about != NULL ? "\\n" : "", out);
    print_dot(out, about != NULL ? about : "");
    fputs("\"];\n", out);
    free(name);
    free(about);
}

/* The point of a participant in a row, below the one before it. */
static void print_dot_point(FILE *out, const struct diagram *diagram, int index, size_t row)
{
    fputs("    ", out);
    print_id(out, diagram, index);
    fprintf(out, "_%zu [shape=point];\n    ", row);
    print_id(out, diagram, index);
    if (row > 1)
        fprintf(out, "_%zu", row - 1);
    fputs(" -> ", out);
    print_id(out, diagram, index);
    fprintf(out, "_%zu [arrowhead=none, color=gray, weight=100];\n", row);
}

static void print_dot_row(FILE *out, const struct diagram *diagram, size_t row)
{
    const struct item *item = &diagram->items[row - 1];
    for (int i = 0; i < diagram->participant_count; i++)
        if (diagram->participants[i].used)
            print_dot_point(out, diagram, i, row);
    fprintf(out, "    t_%zu [", row);
    if (item->from == NOBODY)
        print_dot_label(out, item->label);
    fprintf(out, "%s];\n", item->from == NOBODY ? ", shape=note" : "shape=none, label=\"\"");
    fprintf(out, "    t_%zu -> t_%zu [style=invis, weight=100];\n    { rank=same; t_%zu", row - 1, row, row);
    for (int i = 0; i < diagram->participant_count; i++) {
        if (!diagram->participants[i].used)
            continue;
        fputs("; ", out);
        print_id(out, diagram, i);
        fprintf(out, "_%zu", row);
    }
    fputs("; }\n", out);
}

/* A note over one participant is a loop there. */
static void print_dot_arrow(FILE *out, const struct diagram *diagram, size_t row)
{
    const struct item *item = &diagram->items[row - 1];
    if (item->from == NOBODY)
        return;
    fputs("    ", out);
    print_id(out, diagram, item->from);
    fprintf(out, "_%zu -> ", row);
    print_id(out, diagram, item->to);
    fprintf(out, "_%zu [constraint=false, %s", row, item->dashed ? "style=dashed, " : "");
    print_dot_label(out, item->label);
    fputs("];\n", out);
}

char *diagram_dot(const struct diagram *diagram)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = must(open_memstream(&text, &length));
    char *title = label_of(diagram->scenario->title);
    fputs("digraph run {\n    graph [labelloc=t, nodesep=1.6, ranksep=0.25, ", out);
    print_dot_label(out, title);
    fputs("];\n    node [fontsize=11];\n    edge [fontsize=10, arrowsize=0.7];\n", out);
    free(title);
    fputs("    t_0 [shape=none, label=\"\"];\n", out);
    for (int i = 0; i < diagram->participant_count; i++)
        if (diagram->participants[i].used)
            print_dot_participant(out, diagram, i);
    fputs("    { rank=same; t_0", out);
    for (int i = 0; i < diagram->participant_count; i++) {
        if (!diagram->participants[i].used)
            continue;
        fputs(" -> ", out);
        print_id(out, diagram, i);
    }
    fputs(" [style=invis]; }\n", out);
    for (size_t row = 1; row <= diagram->count; row++) {
        print_dot_row(out, diagram, row);
        print_dot_arrow(out, diagram, row);
    }
    fputs("}\n", out);
    (void)fclose(out);
    return must(text);
}

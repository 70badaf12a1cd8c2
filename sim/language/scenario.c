#include "../printable.h"
#include "scenario_parser.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Memory: a list of pieces, each of which holds many things; the newest is filled ---- */

struct piece {
    struct piece *next;
    size_t size, used; /* of the bytes */
    max_align_t bytes[];
};

enum { PIECE_SIZE = 4096 };

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (memory == NULL)
        abort();
    return memory;
}

static struct piece *new_piece(struct scenario *scenario, size_t size)
{
    struct piece *piece = allocate(1, sizeof *piece + size);
    piece->next = scenario->memory;
    piece->size = size;
    scenario->memory = piece;
    return piece;
}

void *keep(struct scenario *scenario, size_t size)
{
    size_t most = PIECE_SIZE - sizeof(struct piece);
    struct piece *piece = scenario->memory;
    size = (size + _Alignof(max_align_t) - 1) / _Alignof(max_align_t) * _Alignof(max_align_t);
    if (piece == NULL || piece->size - piece->used < size)
        piece = new_piece(scenario, size > most ? size : most);
    void *kept = (char *)piece->bytes + piece->used;
    piece->used += size;
    return kept;
}

const char *keep_text(struct scenario *scenario, struct slice text)
{
    char *copy = keep(scenario, text.length + 1);
    if (text.length > 0)
        memcpy(copy, text.text, text.length);
    return copy;
}

void free_stanzas(struct step *steps)
{
    for (struct step *step = steps; step != NULL; step = step->next) {
        for (struct xml *stanza = step->stanzas; stanza != NULL;) {
            struct xml *next = stanza->next;
            xml_free(stanza);
            stanza = next;
        }
        free_stanzas(step->steps);
    }
}

void scenario_free(struct scenario *scenario)
{
    if (scenario == NULL)
        return;
    free_stanzas(scenario->steps);
    for (struct piece *piece = scenario->memory; piece != NULL;) {
        struct piece *next = piece->next;
        free(piece);
        piece = next;
    }
    free(scenario);
}

/* ---- Complaints ---- */

/* Takes the beginning of a character off the end of a text that was cut, and says that it was. */
static void mark_cut(char *text, size_t length)
{
    assert(length > 3);
    length -= 3;
    while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
        length--;
    memcpy(text + length, "...", 4);
}

/* Whatever a file quotes comes to a terminal: control characters are escaped here, for every printer. */
void complain(struct parser *parser, int line, const char *format, ...)
{
    struct complaints *complaints = parser->complaints;
    if (line == parser->told_line && line > 0)
        return;
    size_t index = complaints->count++;
    if (index >= COMPLAINTS_MAX)
        return;
    struct complaint *complaint = &complaints->list[index];
    char said[2 * sizeof complaint->message];
    complaint->line = line;
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(said, sizeof said, format, arguments);
    va_end(arguments);
    if (length >= (int)sizeof said)
        mark_cut(said, sizeof said - 1);
    char *shown = printable_copy(said, strlen(said));
    length = snprintf(complaint->message, sizeof complaint->message, "%s", shown);
    free(shown);
    if (length >= (int)sizeof complaint->message)
        mark_cut(complaint->message, sizeof complaint->message - 1);
}

struct excerpt excerpt(struct slice text)
{
    struct excerpt excerpt = { "" };
    size_t most = sizeof excerpt.text - 1;
    size_t length = text.length < most ? text.length : most;
    if (length > 0)
        memcpy(excerpt.text, text.text, length);
    if (text.length > most)
        mark_cut(excerpt.text, most);
    return excerpt;
}

void listing_add(struct listing *listing, struct slice text)
{
    size_t used = strlen(listing->text);
    struct excerpt shown = excerpt(text);
    if (used + strlen(shown.text) + sizeof ", " > sizeof listing->text)
        return;
    (void)snprintf(listing->text + used, sizeof listing->text - used, "%s%s", used > 0 ? ", " : "",
                   shown.text);
}

struct listing listing_of_cast(const struct parser *parser)
{
    struct listing listing = { "" };
    for (size_t i = 0; i < parser->scenario->cast_count; i++)
        listing_add(&listing, slice_of(parser->scenario->cast[i].name));
    if (parser->scenario->cast_count == 0)
        listing_add(&listing, slice_of("nobody"));
    return listing;
}

/* ---- The whole file ---- */

void complain_unknown(struct parser *parser, int line, const char *what, const struct nearest *nearest,
                      const struct listing *known)
{
    struct excerpt name = excerpt(nearest->written);
    if (nearest->name == NULL)
        complain(parser, line, "unknown %s \"%s\"; expected one of: %s", what, name.text, known->text);
    else
        complain(parser, line, "unknown %s \"%s\"; expected one of: %s; did you mean \"%s\"?", what,
                 name.text, known->text, nearest->name);
}

static bool is_new_stranger(struct parser *parser, struct slice name)
{
    for (const struct captured *stranger = parser->strangers; stranger != NULL; stranger = stranger->next)
        if (slice_same(stranger->name, name))
            return false;
    struct captured *stranger = keep(parser->scenario, sizeof *stranger);
    *stranger = (struct captured){ parser->strangers, { keep_text(parser->scenario, name), name.length } };
    parser->strangers = stranger;
    return true;
}

void complain_stranger(struct parser *parser, int line, struct slice name)
{
    if (parser->lost.characters || !is_new_stranger(parser, name))
        return;
    if (slice_find(name, "@") < name.length) {
        complain(parser, line, "\"%s\" is no bare JID; expected one such as romeo@localhost",
                 excerpt(name).text);
        return;
    }
    struct nearest nearest = { .written = name };
    for (size_t i = 0; i < parser->scenario->cast_count; i++)
        nearest_try(&nearest, parser->scenario->cast[i].name);
    complain(parser, line, "no character is called \"%s\"; the cast is: %s%s%s%s", excerpt(name).text,
             listing_of_cast(parser).text, nearest.name != NULL ? "; did you mean \"" : "",
             nearest.name != NULL ? excerpt(slice_of(nearest.name)).text : "",
             nearest.name != NULL ? "\"?" : "");
}

int find_character(const struct scenario *scenario, struct slice name)
{
    for (size_t i = 0; i < scenario->cast_count; i++)
        if (slice_is(name, scenario->cast[i].name))
            return (int)i;
    return -1;
}

const char *scenario_tag(const struct scenario *scenario, const char *name)
{
    for (const struct tag *tag = scenario->tags; tag != NULL; tag = tag->next)
        if (strcmp(tag->name, name) == 0)
            return tag->value;
    return NULL;
}

struct line measure_line(struct slice all, int number)
{
    struct line line = { .all = all, .number = number };
    if (line.all.length > 0 && line.all.text[line.all.length - 1] == '\r')
        line.all.length--;
    line.text = slice_trim(line.all);
    line.indent = line.text.length == 0 ? 0 : (size_t)(line.text.text - line.all.text);
    return line;
}

static void cut_lines(struct parser *parser, struct slice text)
{
    size_t count = 1 + count_line_feeds(text);
    parser->lines = allocate(count, sizeof *parser->lines);
    while (parser->line_count < count) {
        size_t length = slice_find(text, "\n");
        struct line *line = &parser->lines[parser->line_count++];
        *line = measure_line((struct slice){ text.text, length }, (int)parser->line_count);
        if (length < text.length)
            text = slice_from(text, length + 1);
    }
}

static void check_encoding(struct parser *parser)
{
    for (size_t i = 0; i < parser->line_count; i++) {
        const struct line *line = &parser->lines[i];
        if (line->all.length > 0 && memchr(line->all.text, '\0', line->all.length) != NULL)
            complain(parser, line->number, "a NUL byte stands here; expected text");
        else if (!slice_is_utf8(line->all))
            complain(parser, line->number, "this line is not UTF-8; expected a file in UTF-8");
    }
}

/* The hosts of the first [Server], then every domain of the cast and of the accounts that is no other
 * server's, each once. */
static void collect_host(const char **hosts, size_t *count, const char *host)
{
    for (size_t i = 0; i < *count; i++)
        if (strcmp(hosts[i], host) == 0)
            return;
    hosts[(*count)++] = host;
}

static void collect_hosts(struct parser *parser)
{
    struct scenario *scenario = parser->scenario;
    size_t most = scenario->cast_count;
    for (const struct tag *host = parser->hosts; host != NULL; host = host->next)
        most++;
    for (const struct account *account = scenario->accounts; account != NULL; account = account->next)
        most++;
    const char **hosts = keep(scenario, (most + 1) * sizeof *hosts);
    size_t count = 0;
    for (const struct tag *host = parser->hosts; host != NULL; host = host->next)
        collect_host(hosts, &count, host->name);
    for (size_t i = 0; i < scenario->cast_count; i++)
        if (scenario->cast[i].domain != NULL && !is_served_elsewhere(scenario, scenario->cast[i].domain))
            collect_host(hosts, &count, scenario->cast[i].domain);
    for (const struct account *account = scenario->accounts; account != NULL; account = account->next)
        if (account->domain != NULL && !is_served_elsewhere(scenario, account->domain))
            collect_host(hosts, &count, account->domain);
    scenario->settings.hosts = hosts;
    scenario->settings.host_count = count;
}

static void collect_anonymous_hosts(struct parser *parser)
{
    struct core_settings *settings = &parser->scenario->settings;
    size_t most = 0, count = 0;
    for (const struct tag *host = parser->anonymous_hosts; host != NULL; host = host->next)
        most++;
    const char **hosts = keep(parser->scenario, (most + 1) * sizeof *hosts);
    for (const struct tag *host = parser->anonymous_hosts; host != NULL; host = host->next)
        collect_host(hosts, &count, host->name);
    settings->anonymous_hosts = hosts;
    settings->anonymous_host_count = count;
}

static void parse(struct parser *parser, size_t row)
{
    struct scenario *scenario = parser->scenario;
    check_encoding(parser);
    if (parser->complaints->count == 0)
        parse_table(parser, row);
    if (parser->complaints->count > 0)
        return;
    parse_head(parser);
    collect_hosts(parser);
    collect_anonymous_hosts(parser);
    if (scenario->settings.host_count + scenario->settings.anonymous_host_count == 0 &&
        parser->complaints->count == 0)
        complain(parser, parser->lines[0].number,
                 "the head names no host; expected a [Client] with a jid, or a [Server] with a host");
    parse_steps(parser);
    if (scenario->steps == NULL && parser->complaints->count == 0)
        complain(parser, parser->lines[parser->line_count - 1].number,
                 "no step stands below the head; expected one such as \"Romeo connects\"");
}

struct scenario *scenario_parse(const char *path, const char *text, size_t length, scenario_reader read,
                                void *host, struct complaints *complaints)
{
    return scenario_parse_row(path, text, length, 1, read, host, complaints);
}

struct scenario *scenario_parse_row(const char *path, const char *text, size_t length, size_t row,
                                    scenario_reader read, void *host, struct complaints *complaints)
{
    assert(path != NULL && (text != NULL || length == 0) && complaints != NULL);
    *complaints = (struct complaints){ 0 };
    struct scenario *scenario = allocate(1, sizeof *scenario);
    struct parser parser = { .scenario = scenario, .complaints = complaints, .read = read, .host = host };
    scenario->path = keep_text(scenario, slice_of(path));
    server_settings_usual(&scenario->settings);
    struct slice all = { length > 0 ? text : "", length };
    cut_lines(&parser, slice_begins(all, "\xef\xbb\xbf") ? slice_from(all, 3) : all);
    parse(&parser, row);
    name_case(&parser);
    free(parser.lines);
    free(parser.table.rows);
    if (complaints->count == 0)
        return scenario;
    scenario_free(scenario);
    return NULL;
}

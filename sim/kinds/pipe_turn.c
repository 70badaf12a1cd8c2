#include "pipe_turn.h"

#include "../must.h"
#include "pipe_entries.h"
#include "pipe_process.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- The last messages ---- */

static char printable(char byte)
{
    if ((unsigned char)byte < ' ')
        return ' ';
    return byte;
}

/* Appends bytes to a line, as far as there is place. */
static size_t show(char *line, size_t at, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length && at < PIPE_TOLD_SIZE - 1; i++) {
        char shown = printable(bytes[i]);
        if (bytes[i] == '\n' || bytes[i] == '\t') {
            line[at++] = '\\';
            shown = 't';
            if (bytes[i] == '\n')
                shown = 'n';
        }
        line[at++] = shown;
    }
    return at;
}

/* Keeps the beginning of a message, without control characters. */
static void note(struct pipe_server *server, char direction, const char *header, const char *payload,
                 size_t length)
{
    char *line = server->told[server->told_count++ % PIPE_TOLD];
    size_t at = show(line, 0, (const char[]){ direction, ' ' }, 2);
    at = show(line, at, header, strlen(header));
    if (length > 0)
        at = show(line, at, " ", header[0] != '\0' ? 1 : 0);
    at = show(line, at, payload, length);
    if (at < PIPE_TOLD_SIZE - 1)
        line[at] = '\0';
    else
        memcpy(line + PIPE_TOLD_SIZE - sizeof "...", "...", sizeof "...");
}

static void tell_last(const struct pipe_server *server, struct text *details)
{
    const uint64_t count = server->told_count;
    text_string(details, "the last messages, to it (>) and from it (<):\n");
    for (uint64_t i = count > PIPE_TOLD ? count - PIPE_TOLD : 0; i < count; i++) {
        text_string(details, "  ");
        text_string(details, server->told[i % PIPE_TOLD]);
        text_string(details, "\n");
    }
}

/* ---- Failing ---- */

void pipe_fail(struct pipe_server *server, const char *what, bool is_ending, struct text *details)
{
    if (server->is_over)
        return;
    server->is_over = true;
    server->is_waiting = false;
    server->deadline = (struct server_deadline){ UINT64_MAX, false };
    tell_last(server, details);
    pipe_adapter_abandon(server->adapter, &server->seat, is_ending, details);
    server->ports.fail(server->ports.host, what, details->bytes);
}

/* The last message is what has come of a frame. */
static void fail_of(struct pipe_server *server, enum pipe_trouble trouble)
{
    struct text details = { 0 };
    char line[200] = "";
    size_t length;
    const char *rest = pipe_wire_rest(server->seat.wire, &length);
    if (trouble == PIPE_LATE)
        (void)snprintf(line, sizeof line, "its turn was not over after %g s\n",
                       (double)server->adapter->patience / 1e9);
    else if (trouble == PIPE_OVER)
        (void)snprintf(line, sizeof line, "it closed its end, descriptor %d\n", (int)PIPE_ADAPTER_FD);
    text_string(&details, line);
    pipe_wire_explain(server->seat.wire, trouble, &details);
    if (length > 0)
        note(server, '<', "", rest, length);
    pipe_fail(server, pipe_trouble_name(trouble), trouble == PIPE_OVER, &details);
    text_free(&details);
}

/* The message breaks the protocol; returns false. */
__attribute__((format(printf, 2, 3))) static bool babbles(struct pipe_server *server, const char *format, ...)
{
    struct text details = { 0 };
    char line[300];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    text_string(&details, line);
    text_string(&details, "\n");
    pipe_fail(server, PIPE_BABBLES, false, &details);
    text_free(&details);
    return false;
}

/* ---- Telling ---- */

/* The server has sent something that is not taken: a message, or the beginning of one. */
static void speaks_early(struct pipe_server *server, enum pipe_trouble trouble,
                         const struct pipe_message *message)
{
    char when[80] = "before it was told anything";
    if (server->over_by != NULL)
        (void)snprintf(when, sizeof when, "when its turn was over, behind its \"%s\"", server->over_by);
    if (trouble == PIPE_MESSAGE)
        note(server, '<', message->header, message->payload, message->length);
    if (trouble == PIPE_NONSENSE)
        fail_of(server, trouble);
    else
        (void)babbles(server, "it sent this %s: %.80s", when,
                      trouble == PIPE_MESSAGE ? message->header : "the beginning of a frame");
}

void pipe_check_silence(struct pipe_server *server)
{
    struct pipe_message message;
    if (server->is_over || !pipe_wire_has_more(server->seat.wire))
        return;
    server->seat.wire->until = pipe_wire_now();
    const enum pipe_trouble trouble = pipe_wire_get(server->seat.wire, &message);
    speaks_early(server, trouble, &message);
}

/* One that waits for storage is not at the end of its turn. */
void pipe_check_end(struct pipe_server *server)
{
    enum { END_PATIENCE = 1000000000 };
    struct pipe_message message;
    if (server->is_over || server->is_waiting)
        return;
    pipe_wire_finish(server->seat.wire);
    server->seat.wire->until = pipe_wire_now() + END_PATIENCE;
    const enum pipe_trouble trouble = pipe_wire_get(server->seat.wire, &message);
    if (trouble == PIPE_MESSAGE || trouble == PIPE_NONSENSE || pipe_wire_has_more(server->seat.wire))
        speaks_early(server, trouble, &message);
}

void pipe_tell(struct pipe_server *server, const char *payload, size_t length, const char *format, ...)
{
    char header[4096];
    if (!server->acts && !server->is_over && server->seat.wire->out.length == 0)
        pipe_check_silence(server);
    if (server->is_over)
        return;
    int at =
        snprintf(header, sizeof header, "%" PRIu64 " %" PRIu64 " ",
                 server->ports.monotonic(server->ports.host), server->ports.time_of_day(server->ports.host));
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(header + at, sizeof header - (size_t)at, format, arguments);
    va_end(arguments);
    note(server, '>', header, payload, payload != NULL ? length : 0);
    pipe_wire_put(server->seat.wire, header, payload, length);
}

/* ---- Connections ---- */

void pipe_forget(struct pipe_server *server, struct pipe_conn *conn)
{
    struct pipe_conn **at = &server->conns;
    while (*at != conn)
        at = &(*at)->next;
    *at = conn->next;
    free(conn);
}

/* A number without zeros before it: the other side compares words. */
static bool read_number(const char *word, uint64_t most, uint64_t *number)
{
    return (word[0] != '0' || word[1] == '\0') && text_read_number(word, most, number);
}

/* The connection of a message's second word; NULL after a failure. */
static struct pipe_conn *conn_of(struct pipe_server *server, const struct pipe_message *message)
{
    uint64_t number;
    struct pipe_conn *conn = server->conns;
    if (!read_number(message->words[1], UINT64_MAX, &number))
        conn = NULL;
    while (conn != NULL && conn->number != number)
        conn = conn->next;
    if (conn == NULL)
        (void)babbles(server, "there is no connection %.40s", message->words[1]);
    return conn;
}

static bool do_send(struct pipe_server *server, const struct pipe_message *message)
{
    struct pipe_conn *conn = conn_of(server, message);
    if (conn == NULL)
        return false;
    const size_t cost = server_room_cost(message->length);
    if (cost > conn->room)
        return babbles(server, "it sends %zu bytes on connection %" PRIu64 ", which is beyond its room: %zu",
                       message->length, conn->number, conn->room);
    conn->room -= cost;
    const size_t taken =
        server->ports.send(server->ports.host, conn->link, message->payload, message->length);
    assert(taken == message->length);
    (void)taken;
    return true;
}

/* Of an encrypted connection the beginning of the rest may be encrypted already. */
static bool do_offer(struct pipe_server *server, const struct pipe_message *message)
{
    struct pipe_conn *conn = conn_of(server, message);
    if (conn == NULL)
        return false;
    if (message->length < conn->rest)
        return babbles(server,
                       "it offers %zu bytes on connection %" PRIu64 ", fewer than were left over: %zu",
                       message->length, conn->number, conn->rest);
    const size_t taken =
        server->ports.send(server->ports.host, conn->link, message->payload, message->length);
    conn->rest = conn->handshake ? message->length - taken : 0;
    conn->room = server->ports.room(server->ports.host, conn->link);
    pipe_tell(server, NULL, 0, "took %zu %zu", taken, conn->room);
    return true;
}

static bool do_close(struct pipe_server *server, const struct pipe_message *message)
{
    struct pipe_conn *conn = conn_of(server, message);
    if (conn == NULL)
        return false;
    server->ports.close(server->ports.host, conn->link);
    pipe_forget(server, conn);
    return true;
}

static bool do_reject(struct pipe_server *server, const struct pipe_message *message)
{
    struct pipe_conn *conn = conn_of(server, message);
    if (conn == NULL)
        return false;
    if (!conn->is_new)
        return babbles(server, "it rejects connection %" PRIu64 ", which does not open now", conn->number);
    pipe_forget(server, conn);
    return true;
}

static bool do_tls(struct pipe_server *server, const struct pipe_message *message)
{
    struct pipe_conn *conn = conn_of(server, message);
    if (conn == NULL)
        return false;
    if (!capabilities_have(server->adapter->has, CAPABILITY_TLS))
        return babbles(server, "it starts TLS without the capability \"tls\"");
    if (conn->handshake || conn->is_new)
        return babbles(server, "it starts TLS on connection %" PRIu64 " %s", conn->number,
                       conn->is_new ? "while that opens" : "twice");
    conn->handshake = true;
    conn->room = 0;
    server->ports.start_tls(server->ports.host, conn->link);
    return true;
}

/* ---- The world ---- */

static bool do_random(struct pipe_server *server, const struct pipe_message *message)
{
    enum { RANDOM_MOST = 65536 };
    static char bytes[RANDOM_MOST];
    uint64_t count;
    if (!read_number(message->words[1], RANDOM_MOST, &count))
        return babbles(server, "it asks for %.40s random bytes, and may ask for %d", message->words[1],
                       (int)RANDOM_MOST);
    server->ports.random(server->ports.host, bytes, (size_t)count);
    pipe_tell(server, bytes, (size_t)count, "random");
    return true;
}

/* Appends domains to a list with commas between, as far as there is place. */
static size_t list_hosts(char *list, size_t at, size_t size, const char *const *hosts, size_t count)
{
    for (size_t i = 0; i < count && at < size; i++)
        at += (size_t)snprintf(list + at, size - at, "%s%s", at > 0 ? ", " : "", hosts[i]);
    return at;
}

static bool do_route(struct pipe_server *server, const struct pipe_message *message)
{
    const char *from = message->words[1];
    const char *to = message->words[2];
    const struct core_settings *of = server->settings;
    char hosts[100] = "";
    const size_t at = list_hosts(hosts, 0, sizeof hosts, of->hosts, of->host_count);
    (void)list_hosts(hosts, at, sizeof hosts, of->anonymous_hosts, of->anonymous_host_count);
    if (server->ports.route == NULL)
        return babbles(server, "it routes from %.60s to %.60s, and no other server exists", from, to);
    if (!server->ports.may_route(server->ports.host, from, to))
        return babbles(server, "it routes from %.60s to %.60s: it serves %s, and routes from these to others",
                       from, to, hosts);
    server->ports.route(server->ports.host, from, to, message->payload, message->length);
    return true;
}

/* Copies a part of a payload, as much as there is place for.  Reports show it, so it becomes plain ASCII. */
static void copy(char *to, size_t size, const char *from, size_t length)
{
    if (length > size - 1)
        length = size - 1;
    for (size_t i = 0; i < length; i++) {
        to[i] = from[i];
        if (from[i] < ' ' || from[i] > '~')
            to[i] = '?';
    }
    to[length] = '\0';
}

/* The first line is the setting, empty for all of them together, or the word for what cannot be made; the rest is
 * the reason. */
static bool do_refuse(struct pipe_server *server, const struct pipe_message *message)
{
    struct server_refusal *refusal = server->refusal;
    const char *end = memchr(message->payload, '\n', message->length);
    if (end == NULL || end + 1 == message->payload + message->length)
        return babbles(server, "it refuses a setting without a reason");
    if (end == message->payload && server->phase == PIPE_READY)
        return babbles(
            server, "it refuses what exists before the first step without a word for it in the first line");
    if (refusal->reason[0] != '\0')
        return true;
    const size_t name = (size_t)(end - message->payload);
    copy(refusal->setting, sizeof refusal->setting, message->payload, name);
    copy(refusal->reason, sizeof refusal->reason, end + 1, message->length - name - 1);
    return true;
}

/* ---- Storage ---- */

static const char *const store_names[] = {
    [CORE_STORE_ACCOUNT] = "account",     [CORE_STORE_ROSTER] = "roster",
    [CORE_STORE_ACTIVITY] = "activity",   [CORE_STORE_OFFLINE] = "offline",
    [CORE_STORE_BLOCKLIST] = "blocklist",
};
static const char *const op_names[] = {
    [CORE_LOAD] = "load", [CORE_COUNT] = "count", [CORE_SAVE] = "save", [CORE_REMOVE] = "remove"
};

/* The index of a word; `count` when it is none of them. */
static size_t index_of(const char *word, const char *const *names, size_t count)
{
    size_t i = 0;
    while (i < count && strcmp(names[i], word) != 0)
        i++;
    return i;
}

/* A piece has three entries: where it begins, how many entries, how many bytes. */
static bool read_piece(struct core_store_request *request, const struct pipe_entries *entries)
{
    uint64_t most, bytes;
    if (entries->count == 0)
        return true;
    const struct core_store_entry *piece = &entries->list[0];
    if (entries->count != 1 || piece->value == NULL || request->store != CORE_STORE_OFFLINE)
        return false;
    char *value = must(strdup(piece->value));
    char *blank = strchr(value, ' ');
    if (blank != NULL)
        *blank = '\0';
    const bool good = blank != NULL && text_read_number(value, SIZE_MAX, &most) &&
                      text_read_number(blank + 1, SIZE_MAX, &bytes) && most > 0;
    free(value);
    if (good)
        request->piece = (struct core_store_piece){ piece->key, (size_t)most, (size_t)bytes };
    return good;
}

/* Whether the request is one that the disk knows. */
static bool fill_request(struct core_store_request *request, const struct pipe_entries *entries)
{
    switch (request->op) {
    case CORE_LOAD:
        return read_piece(request, entries);
    case CORE_COUNT:
        return entries->count == 0 && request->store == CORE_STORE_OFFLINE;
    case CORE_REMOVE:
        return entries->count == 0 && request->store == CORE_STORE_ACCOUNT;
    case CORE_SAVE:
        request->entries = entries->list;
        request->entry_count = entries->count;
        return true;
    }
    return false;
}

static bool do_store(struct pipe_server *server, const struct pipe_message *message)
{
    struct core_store_request request = { .username = message->words[4], .host = message->words[5] };
    struct pipe_entries entries;
    const size_t ops = sizeof op_names / sizeof op_names[0];
    const size_t stores = sizeof store_names / sizeof store_names[0];
    const size_t op = index_of(message->words[2], op_names, ops);
    const size_t store = index_of(message->words[3], store_names, stores);
    if (!server->has_disk)
        return babbles(server, "it stores without the capability \"disk\"");
    if (op == ops || store == stores || !read_number(message->words[1], UINT64_MAX, &request.id) ||
        !pipe_entries_read(&entries, message->payload, message->length))
        return babbles(server, "its storage request is malformed: %.80s", message->header);
    request.op = (enum core_store_op)op;
    request.store = (enum core_store)store;
    const bool good = fill_request(&request, &entries);
    server->unanswered += good;
    if (good)
        server->ports.store(server->ports.host, &request);
    pipe_entries_free(&entries);
    return good || babbles(server, "there is no such storage request");
}

static bool do_put(struct pipe_server *server, const struct pipe_message *message)
{
    struct pipe_entries entries;
    const size_t stores = sizeof store_names / sizeof store_names[0];
    const size_t store = index_of(message->words[1], store_names, stores);
    if (!server->has_disk)
        return babbles(server, "it stores without the capability \"disk\"");
    if (store == stores || !pipe_entries_read(&entries, message->payload, message->length))
        return babbles(server, "it puts malformed entries, or into no store: %.80s", message->header);
    bool good = true;
    for (size_t i = 0; i < entries.count && good; i++) {
        good = entries.list[i].value != NULL;
        if (good)
            server->ports.put(server->ports.host, message->words[2], message->words[3],
                              (enum core_store)store, entries.list[i].key, entries.list[i].value);
    }
    pipe_entries_free(&entries);
    return good || babbles(server, "it puts an entry without a value");
}

/* ---- The end of a turn ---- */

static bool do_idle(struct pipe_server *server, const struct pipe_message *message)
{
    struct server_deadline deadline = { UINT64_MAX, false };
    const bool of_day = strcmp(message->words[1], "day") == 0;
    if (strcmp(message->words[1], "never") == 0 && message->word_count == 2) {
        server->deadline = deadline;
        return true;
    }
    if (message->word_count != 3 || (!of_day && strcmp(message->words[1], "monotonic") != 0) ||
        !read_number(message->words[2], UINT64_MAX - 1, &deadline.at))
        return babbles(server, "it is idle until it cannot be said when: \"idle never\", \"idle monotonic "
                               "NS\" or \"idle day NS\" was expected");
    deadline.of_day = of_day;
    server->deadline = deadline;
    return true;
}

static bool do_await(struct pipe_server *server, const struct pipe_message *message)
{
    (void)message;
    server->is_waiting = server->unanswered > 0;
    return server->is_waiting || babbles(server, "it waits for storage, which has answered everything");
}

/* ---- The messages ---- */

static const struct command {
    const char *name;
    size_t least, most; /* words, with the name */
    bool has_payload;
    unsigned phases; /* in which it may come */
    bool (*act)(struct pipe_server *server, const struct pipe_message *message);
} commands[] = {
    { "send", 2, 2, true, PIPE_LIVES, do_send },
    { "idle", 2, 3, false, PIPE_STARTS | PIPE_READY | PIPE_LIVES | PIPE_STOPS, do_idle },
    { "store", 6, 6, true, PIPE_READY | PIPE_LIVES | PIPE_STOPS, do_store },
    { "random", 2, 2, false, PIPE_STARTS | PIPE_READY | PIPE_LIVES, do_random },
    { "close", 2, 2, false, PIPE_LIVES, do_close },
    { "offer", 2, 2, true, PIPE_LIVES, do_offer },
    { "route", 3, 3, true, PIPE_LIVES | PIPE_STOPS, do_route },
    { "tls", 2, 2, false, PIPE_LIVES, do_tls },
    { "reject", 2, 2, false, PIPE_LIVES, do_reject },
    { "put", 4, 4, true, PIPE_STARTS | PIPE_READY, do_put },
    { "refuse", 1, 1, true, PIPE_STARTS | PIPE_READY, do_refuse },
    { "await", 1, 1, false, PIPE_READY | PIPE_LIVES, do_await },
};

static const struct command *command_of(const struct pipe_message *message)
{
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (strcmp(commands[i].name, message->words[0]) == 0)
            return &commands[i];
    return NULL;
}

/* The first message of a turn must come from what the server was told: it has read that.  Before its life `put` and
 * `random` may come while it is told what exists. */
static bool has_read(struct pipe_server *server, const struct pipe_message *message)
{
    return server->phase != PIPE_LIVES || !pipe_wire_is_unread(server->seat.wire) ||
           babbles(server,
                   "it sent this behind the end of an earlier turn, before it read the next message: %.80s",
                   message->header);
}

/* Returns whether the turn goes on. */
static bool act_upon(struct pipe_server *server, const struct pipe_message *message)
{
    const struct command *command = command_of(message);
    note(server, '<', message->header, message->payload, message->length);
    if (command == NULL)
        return babbles(server, "there is no such message: %.80s", message->header);
    if (message->word_count < command->least || message->word_count > command->most)
        return babbles(server, "this message has too many or too few words: %.80s", message->header);
    if (!command->has_payload && message->length > 0)
        return babbles(server, "this message has no payload, and came with one: %.80s", message->header);
    if ((command->phases & (unsigned)server->phase) == 0)
        return babbles(server, "this message is out of turn: %.80s", message->header);
    server->over_by = command->name;
    return command->act(server, message) && command->act != do_idle && !server->is_waiting;
}

/* An adapter need not know more of the room than it needs. */
void pipe_tell_rooms(struct pipe_server *server)
{
    if (server->is_over)
        return;
    for (struct pipe_conn *conn = server->conns; conn != NULL; conn = conn->next) {
        const size_t room = server->ports.room(server->ports.host, conn->link);
        if (room >= conn->room && (room == conn->room || conn->room >= SERVER_PIECE))
            continue;
        conn->room = room;
        pipe_tell(server, NULL, 0, "window %" PRIu64 " %zu", conn->number, room);
    }
}

void pipe_turn(struct pipe_server *server)
{
    struct pipe_message message;
    bool goes_on = !server->is_over;
    bool is_first = true;
    if (!goes_on)
        return;
    server->seat.wire->until = pipe_wire_now() + server->adapter->patience;
    server->acts = true;
    while (goes_on) {
        const enum pipe_trouble trouble = pipe_wire_get(server->seat.wire, &message);
        if (trouble != PIPE_MESSAGE)
            fail_of(server, trouble);
        goes_on = trouble == PIPE_MESSAGE && (!is_first || has_read(server, &message)) &&
                  act_upon(server, &message);
        is_first = false;
    }
    server->acts = false;
}

/*
 * core.c - an adapter for our core: a program that is a server in another process (sim/adapters/README.md).
 *
 *      core [--once | --again | --fork] [--waits]
 *
 * The word says how it lives; --again is the default.  It keeps its accounts on the simulator's disk, and takes
 * all that is random from there, so its runs have the trace hashes of the core in the simulator's process.  With
 * --waits it does nothing else while storage has not answered, as a server does whose storage blocks it.
 */
#define _GNU_SOURCE /* for control messages with glibc's own names */

#include "../kinds/core_format.h"
#include "../kinds/pipe_entries.h"
#include "../kinds/pipe_process.h"
#include "../must.h"
#include "../world/settings.h"

#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* A connection, by the number that the simulator knows it by. */
struct link {
    uint64_t number;
    struct conn *conn; /* NULL before the core has it, and after its end */
    size_t room;
};

static struct host {
    struct pipe_wire wire;
    struct core *core; /* NULL while there is no server */
    struct settings_read settings;
    uint64_t clock;
    struct link **links; /* by their numbers, less 1; NULL where it is over */
    size_t link_count, link_capacity;
    bool is_alive; /* until the simulator says stop */
    bool waits;    /* for storage, before its turn is over */
    uint64_t unanswered;
} host;

/* ---- Messages ---- */

static _Noreturn void give_up(const char *why, const char *header)
{
    fprintf(stderr, "core: %s: %s\n", why, header);
    exit(EXIT_FAILURE);
}

/* The simulator has gone when it closes its end. */
static void get(struct pipe_message *message)
{
    const enum pipe_trouble trouble = pipe_wire_get(&host.wire, message);
    if (trouble == PIPE_OVER)
        exit(EXIT_SUCCESS);
    if (trouble != PIPE_MESSAGE || message->word_count < 3)
        give_up("malformed message", message->header);
}

static uint64_t number_of(const struct pipe_message *message, size_t word)
{
    uint64_t number;
    if (word >= message->word_count || !text_read_number(message->words[word], UINT64_MAX, &number))
        give_up("a number is missing", message->header);
    return number;
}

__attribute__((format(printf, 3, 4))) static void put(const char *payload, size_t length, const char *format,
                                                      ...)
{
    char header[4096];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(header, sizeof header, format, arguments);
    va_end(arguments);
    pipe_wire_put(&host.wire, header, payload, length);
}

/* Waits for the answer to a question, which comes within the turn. */
static void await_answer(const char *word, struct pipe_message *message)
{
    get(message);
    if (strcmp(message->words[2], word) != 0)
        give_up("another message than the answer", message->header);
}

/* ---- Ports ---- */

static size_t port_send(void *self, void *to, const char *bytes, size_t length)
{
    struct link *link = to;
    struct pipe_message answer;
    (void)self;
    const size_t cost = server_room_cost(length);
    if (cost <= link->room) {
        link->room -= cost;
        put(bytes, length, "send %" PRIu64, link->number);
        return length;
    }
    put(bytes, length, "offer %" PRIu64, link->number);
    await_answer("took", &answer);
    link->room = (size_t)number_of(&answer, 4);
    return (size_t)number_of(&answer, 3);
}

static void forget(struct link *link)
{
    host.links[link->number - 1] = NULL;
    free(link);
}

static void port_close(void *self, void *to)
{
    struct link *link = to;
    (void)self;
    put(NULL, 0, "close %" PRIu64, link->number);
    forget(link);
}

static void port_start_tls(void *self, void *to)
{
    struct link *link = to;
    (void)self;
    link->room = 0;
    put(NULL, 0, "tls %" PRIu64, link->number);
}

static uint64_t port_now(void *self)
{
    (void)self;
    return host.clock;
}

static void port_random(void *self, void *bytes, size_t length)
{
    struct pipe_message answer;
    (void)self;
    put(NULL, 0, "random %zu", length);
    await_answer("random", &answer);
    if (answer.length != length)
        give_up("other random bytes than asked for", answer.header);
    memcpy(bytes, answer.payload, length);
}

static const char *const store_names[] = {
    [CORE_STORE_ACCOUNT] = "account",     [CORE_STORE_ROSTER] = "roster",
    [CORE_STORE_ACTIVITY] = "activity",   [CORE_STORE_OFFLINE] = "offline",
    [CORE_STORE_BLOCKLIST] = "blocklist",
};

static void port_store(void *self, const struct core_store_request *request)
{
    static const char *const ops[] = {
        [CORE_LOAD] = "load", [CORE_COUNT] = "count", [CORE_SAVE] = "save", [CORE_REMOVE] = "remove"
    };
    struct text payload = { 0 };
    char bounds[64];
    (void)self;
    pipe_entries_write(&payload, request->entries, request->entry_count);
    if (request->piece.most > 0) {
        (void)snprintf(bounds, sizeof bounds, "%zu %zu", request->piece.most, request->piece.bytes);
        pipe_entries_write(&payload, &(struct core_store_entry){ request->piece.from, bounds }, 1);
    }
    host.unanswered++;
    put(payload.bytes, payload.length, "store %" PRIu64 " %s %s %s %s", request->id, ops[request->op],
        store_names[request->store], request->username, request->host);
    text_free(&payload);
}

static void port_route(void *self, const char *from_domain, const char *to_domain, const char *stanza,
                       size_t length)
{
    (void)self;
    put(stanza, length, "route %s %s", from_domain, to_domain);
}

/* ---- The life of a server ---- */

static void refuse(const char *setting, const char *reason)
{
    struct text payload = { 0 };
    text_string(&payload, setting);
    text_string(&payload, "\n");
    text_string(&payload, reason);
    put(payload.bytes, payload.length, "refuse");
    text_free(&payload);
}

static void start(const struct pipe_message *message)
{
    const struct core_ports ports = { .memory = { malloc, realloc, free },
                                      .send = port_send,
                                      .close = port_close,
                                      .start_tls = port_start_tls,
                                      .now = port_now,
                                      .random = port_random,
                                      .store = port_store,
                                      .route = port_route };
    char wrong[64];
    char *lines = must(strndup(message->payload, message->length));
    if (!settings_parse(&host.settings, lines, wrong)) {
        refuse(wrong, "the core does not have this setting, or not with this value");
    } else {
        host.core = core_new(&ports, &host.settings.settings);
        if (host.core == NULL)
            refuse("", "a host name is not a valid domain");
    }
    free(lines);
}

static void stop(const struct pipe_message *message)
{
    (void)message;
    core_free(host.core);
    host.core = NULL;
    for (size_t i = 0; i < host.link_count; i++)
        free(host.links[i]);
    host.link_count = 0;
    host.unanswered = 0;
    settings_free(&host.settings);
    host.is_alive = false;
}

/* ---- Provisioning ---- */

static void put_entry(void *self, const char *username, const char *domain, enum core_store store,
                      const char *key, const char *value)
{
    struct text payload = { 0 };
    (void)self;
    pipe_entries_write(&payload, &(struct core_store_entry){ key, value }, 1);
    put(payload.bytes, payload.length, "put %s %s %s", store_names[store], username, domain);
    text_free(&payload);
}

enum { GROUPS_MOST = 64 };

static void take_field(struct provision *provision, const char *groups[GROUPS_MOST], const char *name,
                       const char *value)
{
    const struct {
        const char *name;
        const char **field;
    } strings[] = {
        { "username", &provision->username }, { "host", &provision->domain },
        { "password", &provision->password }, { "status", &provision->status },
        { "jid", &provision->jid },           { "subscription", &provision->subscription },
        { "name", &provision->name },
    };
    for (size_t i = 0; i < sizeof strings / sizeof strings[0]; i++)
        if (strcmp(strings[i].name, name) == 0)
            *strings[i].field = value;
    provision->ask = provision->ask || strcmp(name, "ask") == 0;
    provision->pending = provision->pending || strcmp(name, "pending") == 0;
    provision->approved = provision->approved || strcmp(name, "approved") == 0;
    if (strcmp(name, "group") == 0 && provision->group_count < GROUPS_MOST)
        groups[provision->group_count++] = value;
}

static void provide(enum provision_what what, const struct pipe_message *message)
{
    const char *groups[GROUPS_MOST];
    struct provision provision = { .what = what, .groups = groups };
    char *lines = must(strndup(message->payload, message->length));
    for (char *at = lines; *at != '\0';) {
        char *tab = strchr(at, '\t');
        char *end = strchr(at, '\n');
        if (tab == NULL || end == NULL || tab > end)
            give_up("a field is malformed", message->header);
        *tab = *end = '\0';
        take_field(&provision, groups, at, tab + 1);
        at = end + 1;
    }
    core_format_provide(&provision, (unsigned)host.settings.settings.iterations, put_entry, NULL);
    free(lines);
}

/* ---- Connections ---- */

static struct link *link_of(const struct pipe_message *message)
{
    const uint64_t number = number_of(message, 3);
    if (number == 0 || number > host.link_count || host.links[number - 1] == NULL)
        give_up("there is no such connection", message->header);
    return host.links[number - 1];
}

static void open_link(const struct pipe_message *message)
{
    const uint64_t number = number_of(message, 3);
    if (number != host.link_count + 1)
        give_up("not the next connection", message->header);
    if (host.link_count == host.link_capacity) {
        host.link_capacity = 2 * host.link_capacity + 16;
        host.links = must(realloc(host.links, host.link_capacity * sizeof(struct link *)));
    }
    struct link *link = must(calloc(1, sizeof *link));
    *link = (struct link){ .number = number, .room = (size_t)number_of(message, 4) };
    host.links[host.link_count++] = link;
    struct conn *conn = core_accept(host.core, link);
    if (host.links[number - 1] == NULL)
        return;
    link->conn = conn;
    if (conn == NULL) {
        put(NULL, 0, "reject %" PRIu64, number);
        forget(link);
    }
}

static void set_room(const struct pipe_message *message)
{
    struct link *link = link_of(message);
    link->room = (size_t)number_of(message, 4);
}

static void end_link(const struct pipe_message *message)
{
    struct link *link = link_of(message);
    struct conn *conn = link->conn;
    forget(link);
    core_hangup(host.core, conn);
}

/* ---- TLS ---- */

enum { BINDING_MOST = 64, IDENTITIES_MOST = 16 };

static int digit_of(char c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

static struct core_tls_bytes from_hex(const char *hex, unsigned char bytes[BINDING_MOST])
{
    size_t length = strlen(hex) / 2;
    if (length > BINDING_MOST)
        length = BINDING_MOST;
    for (size_t i = 0; i < length; i++)
        bytes[i] = (unsigned char)(digit_of(hex[2 * i]) << 4 | digit_of(hex[2 * i + 1]));
    return (struct core_tls_bytes){ bytes, length };
}

static void secure_link(const struct pipe_message *message)
{
    unsigned char exporter[BINDING_MOST], end_point[BINDING_MOST];
    const char *identities[IDENTITIES_MOST];
    struct core_tls tls = { .identities = identities };
    const struct link *link = link_of(message);
    char *lines = must(strndup(message->payload, message->length));
    char *rest = NULL;
    for (char *line = strtok_r(lines, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        char *value = strchr(line, '\t');
        if (value == NULL)
            give_up("a field is malformed", message->header);
        *value++ = '\0';
        if (strcmp(line, "tls-exporter") == 0)
            tls.exporter = from_hex(value, exporter);
        else if (strcmp(line, "tls-server-end-point") == 0)
            tls.server_end_point = from_hex(value, end_point);
        else if (tls.identity_count < IDENTITIES_MOST)
            identities[tls.identity_count++] = value;
    }
    core_secured(host.core, link->conn, &tls);
    free(lines);
}

/* ---- Storage, and other servers ---- */

static void storage_answers(const struct pipe_message *message)
{
    struct pipe_entries entries;
    host.unanswered--;
    if (message->word_count < 5 || !pipe_entries_read(&entries, message->payload, message->length))
        give_up("a malformed answer of storage", message->header);
    const enum core_store_status status = strcmp(message->words[4], "ok") == 0     ? CORE_STORED
                                          : strcmp(message->words[4], "none") == 0 ? CORE_NO_ACCOUNT
                                                                                   : CORE_STORE_FAILED;
    core_stored(host.core, number_of(message, 3), status, entries.list, entries.count);
    pipe_entries_free(&entries);
}

static void stanza_arrives(const struct pipe_message *message)
{
    if (message->word_count < 4)
        give_up("a domain is missing", message->header);
    char *domain = must(strdup(message->words[3]));
    core_arrived(host.core, domain, message->payload, message->length);
    free(domain);
}

static void stanza_returns(const struct pipe_message *message)
{
    if (message->word_count < 4)
        give_up("a reason is missing", message->header);
    const bool missing = strcmp(message->words[3], "missing") == 0;
    core_unroutable(host.core, message->payload, message->length,
                    missing ? CORE_NO_SERVER : CORE_SERVER_TIMEOUT);
}

/* ---- What it is told ---- */

static void be_provided(const struct pipe_message *message)
{
    const char *what = message->words[2];
    provide(strcmp(what, "account") == 0   ? PROVIDE_ACCOUNT
            : strcmp(what, "contact") == 0 ? PROVIDE_CONTACT
                                           : PROVIDE_BLOCKED,
            message);
}

static void be_ready(const struct pipe_message *message)
{
    (void)message;
}

static void take_bytes(const struct pipe_message *message)
{
    core_receive(host.core, link_of(message)->conn, message->payload, message->length);
}

static void take_room(const struct pipe_message *message)
{
    set_room(message);
    core_writable(host.core, link_of(message)->conn);
}

static void be_late(const struct pipe_message *message)
{
    (void)message;
    core_tick(host.core);
}

static void shut_down(const struct pipe_message *message)
{
    (void)message;
    core_shutdown(host.core);
}

static const struct told {
    const char *word;
    bool turns; /* a turn follows */
    void (*act)(const struct pipe_message *message);
} all_told[] = {
    { "data", true, take_bytes },
    { "stored", true, storage_answers },
    { "time", true, be_late },
    { "window", false, set_room },
    { "open", true, open_link },
    { "end", true, end_link },
    { "room", true, take_room },
    { "secured", true, secure_link },
    { "arrived", true, stanza_arrives },
    { "unroutable", true, stanza_returns },
    { "start", true, start },
    { "account", false, be_provided },
    { "contact", false, be_provided },
    { "blocked", false, be_provided },
    { "ready", true, be_ready },
    { "shutdown", true, shut_down },
    { "stop", true, stop },
};

static const struct told *told_of(const struct pipe_message *message)
{
    for (size_t i = 0; i < sizeof all_told / sizeof all_told[0]; i++)
        if (strcmp(all_told[i].word, message->words[2]) == 0)
            return &all_told[i];
    give_up("unknown message", message->header);
}

static void be_idle(void)
{
    const uint64_t deadline = host.core != NULL ? core_deadline(host.core) : UINT64_MAX;
    if (deadline == UINT64_MAX)
        put(NULL, 0, "idle never");
    else
        put(NULL, 0, "idle day %" PRIu64, deadline);
}

/* The words of the message last only until the core asks for something, and its payload as well. */
static void act_upon_next(bool *turns)
{
    struct pipe_message message;
    get(&message);
    const struct told *told = told_of(&message);
    host.clock = number_of(&message, 1);
    struct text payload = { 0 };
    text_append(&payload, message.payload, message.length);
    message.payload = payload.bytes;
    *turns = told->turns;
    told->act(&message);
    text_free(&payload);
}

/* While it waits, it is told that storage has answered, how much room there is, or that it must stop. */
static void take_turn(void)
{
    bool turns, is_told;
    act_upon_next(&turns);
    while (turns && host.waits && host.unanswered > 0) {
        put(NULL, 0, "await");
        for (is_told = false; !is_told;)
            act_upon_next(&is_told);
    }
    if (turns)
        be_idle();
}

static void serve(void)
{
    host.is_alive = true;
    while (host.is_alive)
        take_turn();
}

/* ---- How it lives ---- */

static void say_hello(const char *life)
{
    const struct capabilities has = CAPABILITIES_OUTSIDE;
    struct text lines = { 0 };
    for (unsigned i = CAPABILITY_NONE + 1; i < CAPABILITY_COUNT; i++) {
        if (!capabilities_have(has, (enum capability)i))
            continue;
        text_string(&lines, capability_name((enum capability)i));
        text_string(&lines, "\n");
    }
    put(lines.bytes, lines.length, "hello %s rehearsal-core", life);
    text_free(&lines);
    (void)pipe_wire_flush(&host.wire);
}

/* Reads the bytes of a "fork", and the socket that comes with them; -1 when the simulator has gone. */
static int receive_socket(void)
{
    static const size_t size = 4 + sizeof "fork" - 1;
    int passed = -1;
    for (size_t got = 0; got < size;) {
        union {
            struct cmsghdr aligned;
            char bytes[CMSG_SPACE(sizeof(int))];
        } control;
        char bytes[16];
        struct iovec part = { bytes, size - got };
        struct msghdr message = { .msg_iov = &part,
                                  .msg_iovlen = 1,
                                  .msg_control = control.bytes,
                                  .msg_controllen = sizeof control.bytes };
        const ssize_t came = recvmsg(host.wire.fd, &message, 0);
        if (came <= 0)
            return -1;
        got += (size_t)came;
        const struct cmsghdr *first = CMSG_FIRSTHDR(&message);
        if (first != NULL && first->cmsg_type == SCM_RIGHTS)
            memcpy(&passed, CMSG_DATA(first), sizeof passed);
    }
    return passed;
}

/* In the child it returns, with the socket of its server; in the process that forks, when the simulator has gone. */
static void fork_for_servers(void)
{
    int passed;
    (void)signal(SIGCHLD, SIG_IGN);
    while ((passed = receive_socket()) >= 0) {
        const pid_t child = fork();
        if (child < 0)
            give_up("it cannot fork", "");
        if (child == 0) {
            pipe_wire_close(&host.wire);
            pipe_wire_open(&host.wire, passed);
            serve();
            exit(EXIT_SUCCESS);
        }
        close(passed);
    }
}

int main(int count, char **arguments)
{
    const char *life = "again";
    for (int i = 1; i < count; i++)
        if (strcmp(arguments[i], "--waits") == 0)
            host.waits = true;
        else if (strncmp(arguments[i], "--", 2) == 0)
            life = arguments[i] + 2;
    pipe_wire_open(&host.wire, PIPE_ADAPTER_FD);
    say_hello(life);
    if (strcmp(life, "fork") == 0)
        fork_for_servers();
    else if (strcmp(life, "once") == 0)
        serve();
    while (strcmp(life, "again") == 0)
        serve();
    return EXIT_SUCCESS;
}

/*
 * live.c - an adapter for real servers, over TCP (sim/adapters/README.md).
 *
 *      live tcp HOST PORT
 *      live NAME
 *
 * A link of the simulator is a connection to the server.  A turn is over when the server has nothing more to do: no byte
 * is under way, and all of its threads sleep; or, where that cannot be seen, when it has been silent for a while.
 */
#define _GNU_SOURCE /* for getline and strndup */

#include "../../kinds/pipe_process.h"
#include "../../must.h"
#include "accounts.h"
#include "probe.h"
#include "proceed.h"
#include "program.h"

#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    TURN_MS = 8000,   /* a server that does not come to rest in this time hangs */
    SILENCE_MS = 100, /* of a server that cannot be watched: then it has nothing more to say */
    TICK_MS = 100,    /* how often it is looked at while time passes */
    PASSES_MOST_MS =
        3500, /* the time of a scenario that is really waited for; sim/player/needs.c sees to it that no more is needed */
    LINKS_MOST = 256,
    PROGRAMS = 4, /* that run at a time: starting takes seconds, and most scenarios have the usual settings */
    RECORD = 32,  /* what a piece takes of the room beside its length, for each begun PIECE (the protocol) */
    PIECE = 16384,
};

#define MS UINT64_C(1000000)

/* A connection, by the number that the simulator knows it by. */
struct link {
    struct tcp tcp;
    struct text came; /* from the server, and not taken by the simulator */
    struct proceed proceed;
    size_t room;
    bool handshake;  /* TLS has begun */
    bool is_secured; /* and the simulator has told so */
    char *domain;
};

static struct live {
    struct pipe_wire wire;
    const struct ready_made *kind;     /* NULL: the server was there before */
    struct program programs[PROGRAMS]; /* of that kind, each with another configuration */
    struct program *program;           /* the one of this scenario; NULL without a kind */
    uint64_t used[PROGRAMS], uses;     /* when each was used last */
    struct tcp_address address;
    struct quiet quiet;
    struct accounts accounts;
    struct link *links[LINKS_MOST]; /* by their numbers, less 1; NULL where it is over */
    size_t link_count;
    uint64_t clock, real;  /* of the simulator, and of this machine, at the end of the last turn */
    uint64_t owed, waited; /* how much the simulator's clock is ahead; and what was waited for */
    uint64_t moved;        /* real time at which bytes moved last */
    char domain[256];      /* the first host of the scenario */
} live;

/* ---- Messages ---- */

static _Noreturn void leave(int status)
{
    for (size_t i = 0; i < PROGRAMS; i++)
        program_stop(&live.programs[i]);
    exit(status);
}

static _Noreturn void give_up(const char *why, const char *more)
{
    fprintf(stderr, "live: %s: %s\n", why, more);
    if (live.program != NULL)
        program_tell_log(live.program);
    leave(EXIT_FAILURE);
}

/* The simulator has gone when it closes its end. */
static void get(struct pipe_message *message)
{
    const enum pipe_trouble trouble = pipe_wire_get(&live.wire, message);
    if (trouble == PIPE_OVER)
        leave(EXIT_SUCCESS);
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
    char header[128];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(header, sizeof header, format, arguments);
    va_end(arguments);
    pipe_wire_put(&live.wire, header, payload, length);
}

static void refuse(const char *setting, const char *reason)
{
    struct text payload = { 0 };
    text_string(&payload, setting);
    text_string(&payload, "\n");
    text_string(&payload, reason);
    put(payload.bytes, payload.length, "refuse");
    text_free(&payload);
}

/* ---- Connections ---- */

static struct link *link_of(const struct pipe_message *message)
{
    const uint64_t number = number_of(message, 3);
    if (number == 0 || number > live.link_count || live.links[number - 1] == NULL)
        give_up("there is no such connection", message->header);
    return live.links[number - 1];
}

static void forget(size_t index)
{
    struct link *link = live.links[index];
    if (link == NULL)
        return;
    live.links[index] = NULL;
    tcp_close(&link->tcp);
    text_free(&link->came);
    free(link);
}

static void open_link(const struct pipe_message *message)
{
    const uint64_t number = number_of(message, 3);
    if (number != live.link_count + 1 || number > LINKS_MOST)
        give_up("not the next connection, or too many", message->header);
    struct link *link = must(calloc(1, sizeof *link));
    link->room = (size_t)number_of(message, 4);
    live.links[live.link_count++] = link;
    if (!tcp_open(&link->tcp, &live.address)) {
        put(NULL, 0, "reject %" PRIu64, number);
        forget(live.link_count - 1);
    }
}

static void take_bytes(const struct pipe_message *message)
{
    tcp_write(&link_of(message)->tcp, message->payload, message->length);
}

static void set_room(const struct pipe_message *message)
{
    link_of(message)->room = (size_t)number_of(message, 4);
}

static void end_link(const struct pipe_message *message)
{
    const size_t index = (size_t)number_of(message, 3) - 1;
    (void)link_of(message);
    forget(index);
}

static void secure_link(const struct pipe_message *message)
{
    link_of(message)->is_secured = true;
}

/* ---- What the server sends ---- */

/* Passes on as much as the simulator takes. */
static void pass_on(size_t index, size_t length)
{
    struct link *link = live.links[index];
    struct pipe_message answer;
    const size_t cost = length + (length + PIECE - 1) / PIECE * RECORD;
    size_t taken = length;
    if (length == 0 || (link->handshake && !link->is_secured))
        return;
    if (cost <= link->room) {
        link->room -= cost;
        put(link->came.bytes, length, "send %zu", index + 1);
    } else {
        put(link->came.bytes, length, "offer %zu", index + 1);
        get(&answer);
        if (strcmp(answer.words[2], "took") != 0)
            give_up("another message than the answer", answer.header);
        taken = (size_t)number_of(&answer, 3);
        link->room = (size_t)number_of(&answer, 4);
    }
    link->came.length -= taken;
    memmove(link->came.bytes, link->came.bytes + taken, link->came.length + 1);
}

/* The server has sent <proceed/>, which is passed on first. */
static void begin_tls(size_t index, size_t length)
{
    struct link *link = live.links[index];
    pass_on(index, length);
    if (!tcp_start_tls(&link->tcp, live.domain)) {
        put(NULL, 0, "close %zu", index + 1);
        forget(index);
        return;
    }
    link->handshake = true;
    link->room = 0;
    put(NULL, 0, "tls %zu", index + 1);
}

/* Reads only when all was taken that came before, so that back-pressure reaches the server. */
static bool read_link(size_t index)
{
    struct link *link = live.links[index];
    if (link->came.length > 0 || !tcp_read(&link->tcp, &link->came))
        return false;
    const size_t end =
        link->handshake ? 0 : proceed_find(&link->proceed, link->came.bytes, link->came.length);
    if (end > 0)
        begin_tls(index, end);
    else
        pass_on(index, link->came.length);
    return true;
}

static bool exchange_link(size_t index)
{
    struct link *link = live.links[index];
    bool moved = tcp_flush(&link->tcp);
    pass_on(index, link->came.length);
    while (live.links[index] != NULL && read_link(index))
        moved = true;
    link = live.links[index];
    if (link == NULL || !link->tcp.is_over || link->came.length > 0)
        return moved;
    put(NULL, 0, "close %zu", index + 1);
    forget(index);
    return true;
}

static bool exchange(void)
{
    bool moved = false;
    for (size_t i = 0; i < live.link_count; i++)
        if (live.links[i] != NULL && exchange_link(i))
            moved = true;
    if (moved)
        live.moved = pipe_wire_now();
    return moved;
}

/* ---- The end of a turn ---- */

/* Waits for something on the connections, at most so long. */
static void await_bytes(int milliseconds)
{
    struct pollfd pollers[LINKS_MOST];
    nfds_t count = 0;
    for (size_t i = 0; i < live.link_count; i++) {
        const struct link *link = live.links[i];
        if (link == NULL || link->came.length > 0 || link->tcp.is_over)
            continue;
        const short events = (short)(POLLIN | (link->tcp.out.length > 0 ? POLLOUT : 0));
        pollers[count++] = (struct pollfd){ .fd = link->tcp.fd, .events = events };
    }
    (void)poll(pollers, count, milliseconds);
}

static bool is_sent(void)
{
    for (size_t i = 0; i < live.link_count; i++)
        if (live.links[i] != NULL && live.links[i]->tcp.out.length > 0)
            return false;
    return true;
}

/* A server that is watched holds nothing back when it sleeps.  Another one must have acknowledged all, and be silent. */
static bool rests(void)
{
    if (live.quiet.count > 0)
        return quiet_look(&live.quiet);
    for (size_t i = 0; i < live.link_count; i++)
        if (live.links[i] != NULL && !tcp_is_sent(&live.links[i]->tcp))
            return false;
    return pipe_wire_now() - live.moved > SILENCE_MS * MS;
}

static void check_life(void)
{
    if (live.program != NULL && live.program->quiet.count > 0 && !program_lives(live.program))
        give_up("the server died", live.kind->name);
}

static void come_to_rest(void)
{
    const uint64_t until = pipe_wire_now() + TURN_MS * MS;
    for (;;) {
        (void)exchange();
        if (is_sent() && rests() && !exchange())
            return;
        if (pipe_wire_now() > until)
            give_up("the server does not come to rest", "it is busy, or does not read what it is sent");
        check_life();
        await_bytes(1);
    }
}

/* The clock of the simulator moves on only between two turns; this machine's does so as well. */
static void let_time_pass(uint64_t clock)
{
    const uint64_t now = pipe_wire_now();
    const uint64_t passed = clock - live.clock;
    const uint64_t really = now - live.real;
    live.clock = clock;
    live.owed += passed > really ? passed - really : 0;
    const uint64_t left_over = PASSES_MOST_MS * MS - live.waited;
    if (live.owed < TICK_MS / 2 * MS)
        return;
    if (live.owed > left_over)
        live.owed = left_over;
    const uint64_t until = now + live.owed;
    live.waited += live.owed;
    live.owed = 0;
    for (uint64_t left = until - now; left > 0;
         left = until > pipe_wire_now() ? until - pipe_wire_now() : 0) {
        await_bytes((int)(left / MS) + 1);
        (void)exchange();
    }
}

static void be_idle(void)
{
    bool has_links = false;
    for (size_t i = 0; i < live.link_count; i++)
        has_links = has_links || live.links[i] != NULL;
    if (has_links && live.waited < PASSES_MOST_MS * MS)
        put(NULL, 0, "idle monotonic %" PRIu64, live.clock + TICK_MS * MS);
    else
        put(NULL, 0, "idle never");
    live.real = pipe_wire_now();
}

/* ---- The life of a server ---- */

/* Whether a server that was there before has a host. */
static bool serves(const char *host)
{
    char why[256];
    struct session *session = session_open(&live.address, host, why);
    const bool is_open = session != NULL;
    session_close(session);
    return is_open;
}

static void start_foreign(const struct wanted *wanted)
{
    if (wanted->other_count > 0)
        refuse(wanted->others[0].name, "the configuration of this server cannot be changed");
    for (size_t i = 0; i < wanted->host_count; i++)
        if (!serves(wanted->hosts[i]))
            refuse("host", wanted->hosts[i]);
}

/* The one that runs with this configuration, or else the one that was not used for the longest time. */
static struct program *choose(const char *files)
{
    size_t chosen = 0;
    for (size_t i = 0; i < PROGRAMS; i++)
        if (live.used[i] < live.used[chosen])
            chosen = i;
    for (size_t i = 0; i < PROGRAMS; i++)
        if (live.programs[i].files != NULL && strcmp(live.programs[i].files, files) == 0)
            chosen = i;
    live.used[chosen] = ++live.uses;
    live.programs[chosen].kind = live.kind;
    return &live.programs[chosen];
}

static void start_program(const struct wanted *wanted)
{
    struct text files = { 0 };
    const char *setting, *reason;
    char why[256];
    if (program_configure(live.kind, wanted, &files, &setting, &reason)) {
        live.program = choose(files.bytes);
        if (!program_run(live.program, wanted, files.bytes, why))
            give_up(why, "see its log");
        live.address = live.program->address;
        live.quiet = live.program->quiet;
    } else {
        refuse(setting, reason);
    }
    text_free(&files);
}

static void start(const struct pipe_message *message)
{
    struct wanted wanted;
    live.waited = live.owed = 0;
    if (!wanted_read(&wanted, message->payload, message->length))
        give_up("malformed settings", message->header);
    (void)snprintf(live.domain, sizeof live.domain, "%s",
                   wanted.host_count > 0 ? wanted.hosts[0] : "localhost");
    if (live.kind != NULL)
        start_program(&wanted);
    else
        start_foreign(&wanted);
    wanted_free(&wanted);
}

/* What a scenario leaves is removed.  Where that fails, a server of ours begins anew. */
static void stop(void)
{
    char why[256];
    for (size_t i = 0; i < live.link_count; i++)
        forget(i);
    live.link_count = 0;
    if (live.quiet.count > 0)
        (void)quiet_await(&live.quiet, TURN_MS);
    if (live.program != NULL && live.program->quiet.count == 0) {
        program_stop(live.program);
    } else if (!accounts_remove(&live.accounts, &live.address, why)) {
        if (live.program == NULL)
            fprintf(stderr, "live: an account is left on the server: %s\n", why);
        else
            program_stop(live.program);
    }
    accounts_free(&live.accounts);
}

static void be_ready(void)
{
    char why[256];
    if (!accounts_can_be(&live.accounts, why))
        refuse("contacts", why);
    else if (!accounts_make(&live.accounts, &live.address, &live.quiet, why))
        refuse("accounts", why);
}

/* ---- What it is told ---- */

static void take_provision(const struct pipe_message *message)
{
    if (!accounts_take(&live.accounts, message->words[2], message->payload, message->length))
        give_up("a malformed field", message->header);
}

static void start_server(const struct pipe_message *message)
{
    start(message);
}

static void provide(const struct pipe_message *message)
{
    (void)message;
    be_ready();
}

static void stop_server(const struct pipe_message *message)
{
    (void)message;
    stop();
}

static void be_late(const struct pipe_message *message)
{
    (void)message;
}

/* Its end is no failure then. */
static void shut_down(const struct pipe_message *message)
{
    (void)message;
    if (live.program == NULL)
        return;
    program_shut_down(live.program);
    live.quiet = live.program->quiet;
}

static const struct told {
    const char *word;
    bool turns; /* a turn follows */
    void (*act)(const struct pipe_message *message);
} all_told[] = {
    { "data", true, take_bytes },         { "time", true, be_late },
    { "open", true, open_link },          { "end", true, end_link },
    { "room", true, set_room },           { "window", false, set_room },
    { "secured", true, secure_link },     { "start", true, start_server },
    { "account", false, take_provision }, { "contact", false, take_provision },
    { "blocked", false, take_provision }, { "ready", true, provide },
    { "stop", true, stop_server },        { "shutdown", true, shut_down },
};

static const struct told *told_of(const struct pipe_message *message)
{
    for (size_t i = 0; i < sizeof all_told / sizeof all_told[0]; i++)
        if (strcmp(all_told[i].word, message->words[2]) == 0)
            return &all_told[i];
    give_up("unknown message", message->header);
}

/* The words of the message last only until something is asked, and its payload as well. */
static void take_turn(void)
{
    struct pipe_message message;
    get(&message);
    const struct told *told = told_of(&message);
    const uint64_t clock = number_of(&message, 0);
    if (strcmp(told->word, "start") == 0) {
        live.clock = clock;
        live.real = pipe_wire_now();
    }
    struct text payload = { 0 };
    text_append(&payload, message.payload, message.length);
    message.payload = payload.bytes;
    told->act(&message);
    text_free(&payload);
    if (!told->turns)
        return;
    let_time_pass(clock);
    if (live.program == NULL || live.program->files != NULL)
        come_to_rest();
    be_idle();
}

/* ---- Its beginning ---- */

static void run_by_default(void)
{
    static const char usual[] = "host\tlocalhost\n";
    const struct pipe_message settings = { .header = "start", .payload = usual, .length = sizeof usual - 1 };
    start(&settings);
}

static bool has_line(const char *lines, const char *line, size_t length)
{
    for (const char *at = lines; *at != '\0'; at += strcspn(at, "\n"), at += *at == '\n')
        if (strcspn(at, "\n") == length && strncmp(at, line, length) == 0)
            return true;
    return false;
}

/* Appends the lines that are not in others yet, and not in `lacks`. */
static void add_lines(struct text *out, const char *lines, const char *lacks)
{
    while (*lines != '\0') {
        const size_t length = strcspn(lines, "\n");
        if (!has_line(lacks, lines, length) &&
            !has_line(out->bytes != NULL ? out->bytes : "", lines, length)) {
            text_append(out, lines, length);
            text_string(out, "\n");
        }
        lines += length + (lines[length] == '\n');
    }
}

static void say_hello(void)
{
    struct probe probe;
    struct text lines = { 0 };
    char why[256];
    const struct ready_made *kind = live.kind;
    if (kind != NULL)
        run_by_default();
    if (!probe_server(&live.address, "localhost", &probe, why))
        give_up("the server cannot be tested", why);
    add_lines(&lines, probe.capabilities.bytes, kind != NULL ? kind->lacks : "");
    add_lines(&lines, kind != NULL ? kind->capabilities : "", "");
    put(lines.bytes, lines.length, "hello again %s%s", kind != NULL ? kind->prefix : "", probe.software);
    (void)pipe_wire_flush(&live.wire);
    text_free(&lines);
    probe_free(&probe);
}

static const struct ready_made *ready_made_named(const char *name)
{
    static const struct ready_made *const all[] = { &ready_made_prosody, &ready_made_ejabberd,
                                                    &ready_made_jabberd2 };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (strcmp(all[i]->name, name) == 0)
            return all[i];
    return NULL;
}

int main(int count, char **arguments)
{
    (void)signal(SIGPIPE, SIG_IGN);
    pipe_wire_open(&live.wire, PIPE_ADAPTER_FD);
    if (count == 4 && strcmp(arguments[1], "tcp") == 0) {
        if (!tcp_resolve(arguments[2], arguments[3], &live.address))
            give_up("there is no such host, or no such port", arguments[2]);
        quiet_find(&live.quiet, (unsigned)strtoul(arguments[3], NULL, 10));
    } else {
        live.kind = count == 2 ? ready_made_named(arguments[1]) : NULL;
        if (live.kind == NULL)
            give_up("expected: live tcp HOST PORT, or the name of a server", count > 1 ? arguments[1] : "");
    }
    say_hello();
    for (;;)
        take_turn();
}

/*
 * live.c - an adapter for real servers, over TCP (sim/adapters/README.md).
 *
 *      live tcp HOST PORT
 *      live NAME
 *
 * A link of the simulator is a connection to the server.  A turn is over when the server has nothing more to do: no byte
 * is under way, and all of its threads sleep; or, where that cannot be seen, when it has been silent for a while.
 */

#include "../../must.h"
#include "accounts.h"
#include "links.h"
#include "probe.h"
#include "program.h"
#include "simulator.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TURN_MS = 8000,   /* a server that does not come to rest in this time hangs */
    SILENCE_MS = 100, /* of a server that cannot be watched: then it has nothing more to say */
    TICK_MS = 100,    /* how often it is looked at while time passes */
    PASSES_MOST_MS =
        3500,     /* of a scenario is really waited for; sim/player/needs.c sees to it that this is enough */
    PROGRAMS = 4, /* that run at a time: starting takes seconds, and most scenarios have the usual settings */
};

#define MS UINT64_C(1000000)

static struct live {
    const struct ready_made *kind;     /* NULL: the server was there before */
    struct program programs[PROGRAMS]; /* of that kind, each with another configuration */
    struct program *program;           /* the one of this scenario; NULL without a kind */
    uint64_t used[PROGRAMS], uses;     /* when each was used last */
    struct tcp_address address;
    struct quiet quiet;
    struct accounts accounts;
    uint64_t clock, real;  /* of the simulator, and of this machine, at the end of the last turn */
    uint64_t owed, waited; /* how much the simulator's clock is ahead; and what was waited for */
    char domain[256];      /* the first host of the scenario */
} live;

/* ---- Its own end ---- */

static void tell_log(void)
{
    if (live.program != NULL)
        program_tell_log(live.program);
}

static void leave(void)
{
    for (size_t i = 0; i < PROGRAMS; i++)
        program_stop(&live.programs[i]);
}

/* ---- The end of a turn ---- */

/* A server that is watched holds nothing back when it sleeps.  Another one must have acknowledged all, and be silent. */
static bool rests(void)
{
    if (live.quiet.count > 0)
        return quiet_look(&live.quiet);
    return links_are_acknowledged() && pipe_wire_now() - links_moved() > SILENCE_MS * MS;
}

static void check_life(void)
{
    if (live.program != NULL && live.program->quiet.count > 0 && !program_lives(live.program))
        simulator_give_up("the server died", live.kind->name);
}

static void come_to_rest(void)
{
    const uint64_t until = pipe_wire_now() + TURN_MS * MS;
    for (;;) {
        (void)links_exchange();
        if (links_are_sent() && rests() && !links_exchange() && !links_close_soon())
            return;
        if (pipe_wire_now() > until)
            simulator_give_up("the server does not come to rest",
                              "it is busy, or does not read what it is sent");
        check_life();
        links_await(1);
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
        links_await((int)(left / MS) + 1);
        (void)links_exchange();
    }
}

static void be_idle(void)
{
    if (links_exist() && live.waited < PASSES_MOST_MS * MS)
        simulator_put(NULL, 0, "idle monotonic %" PRIu64, live.clock + TICK_MS * MS);
    else
        simulator_put(NULL, 0, "idle never");
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
        simulator_refuse(wanted->others[0].name, "the configuration of this server cannot be changed");
    for (size_t i = 0; i < wanted->host_count; i++)
        if (!serves(wanted->hosts[i]))
            simulator_refuse("host", wanted->hosts[i]);
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
            simulator_give_up(why, "see its log");
        live.address = live.program->address;
        live.quiet = live.program->quiet;
    } else {
        simulator_refuse(setting, reason);
    }
    text_free(&files);
}

static void start(const struct pipe_message *message)
{
    struct wanted wanted;
    live.waited = live.owed = 0;
    if (!wanted_read(&wanted, message->payload, message->length))
        simulator_give_up("malformed settings", message->header);
    (void)snprintf(live.domain, sizeof live.domain, "%s",
                   wanted.host_count > 0 ? wanted.hosts[0] : "localhost");
    if (live.kind != NULL)
        start_program(&wanted);
    else
        start_foreign(&wanted);
    wanted_free(&wanted);
}

/* What a scenario leaves is removed.  Where that fails, a server of ours is started again. */
static void stop(void)
{
    char why[256];
    links_close();
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
        simulator_refuse("contacts", why);
    else if (!accounts_make(&live.accounts, &live.address, &live.quiet, why))
        simulator_refuse("accounts", why);
}

/* ---- What it is told ---- */

static void take_provision(const struct pipe_message *message)
{
    if (!accounts_take(&live.accounts, message->words[2], message->payload, message->length))
        simulator_give_up("a malformed field", message->header);
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

static void open_link(const struct pipe_message *message)
{
    links_open(message, &live.address, live.domain);
}

static const struct told {
    const char *word;
    bool turns; /* a turn follows */
    void (*act)(const struct pipe_message *message);
} all_told[] = {
    { "data", true, links_take },         { "time", true, be_late },
    { "open", true, open_link },          { "end", true, links_end },
    { "room", true, links_room },         { "window", false, links_room },
    { "secured", true, links_secure },    { "start", true, start_server },
    { "account", false, take_provision }, { "contact", false, take_provision },
    { "blocked", false, take_provision }, { "ready", true, provide },
    { "stop", true, stop_server },        { "shutdown", true, shut_down },
};

static const struct told *told_of(const struct pipe_message *message)
{
    for (size_t i = 0; i < sizeof all_told / sizeof all_told[0]; i++)
        if (strcmp(all_told[i].word, message->words[2]) == 0)
            return &all_told[i];
    simulator_give_up("unknown message", message->header);
}

/* The words of the message last only until something is asked, and its payload as well. */
static void take_turn(void)
{
    struct pipe_message message;
    simulator_get(&message);
    const struct told *told = told_of(&message);
    const uint64_t clock = simulator_number(&message, 0);
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
        simulator_give_up("the server cannot be tested", why);
    add_lines(&lines, probe.capabilities.bytes, kind != NULL ? kind->lacks : "");
    add_lines(&lines, kind != NULL ? kind->capabilities : "", "");
    simulator_put(lines.bytes, lines.length, "hello again %s%s", kind != NULL ? kind->prefix : "",
                  probe.software);
    simulator_flush();
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
    simulator_begin(tell_log, leave);
    if (count == 4 && strcmp(arguments[1], "tcp") == 0) {
        if (!tcp_resolve(arguments[2], arguments[3], &live.address))
            simulator_give_up("there is no such host, or no such port", arguments[2]);
        quiet_find(&live.quiet, (unsigned)strtoul(arguments[3], NULL, 10));
    } else {
        live.kind = count == 2 ? ready_made_named(arguments[1]) : NULL;
        if (live.kind == NULL)
            simulator_give_up("expected: live tcp HOST PORT, or the name of a server",
                              count > 1 ? arguments[1] : "");
    }
    say_hello();
    for (;;)
        take_turn();
}

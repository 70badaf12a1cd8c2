/*
 * Sessions that are logged in, and what happens to them.
 *
 * The first byte chooses one of four kinds of settings, and whether all sessions end behind the input and it is
 * compared with itself in other pieces.  While a fuzzer runs, this is done for an eighth of the inputs that ask for
 * it, chosen by their hash; a replay does it for all that ask (fuzz_replays).
 *
 * The rest is text for the client that is chosen at the time, with bytes between that XML does not allow and that
 * stand for events; `enum event` has them all.  Text between two events is one piece.
 *
 * At first orchard is chosen.  There are: romeo/orchard and romeo/garden, juliet/balcony, who is in romeo's roster
 * with a subscription of both, nurse@example.com/home, and a remote server.
 *
 * The core of each kind of settings is made once, and set back before each input (region.h): an input leaves nothing
 * behind.
 */
#include "mutate_stanza.h"
#include "watched.h"

#include "inspect.h"

#include "../text.h"
#include "../world/heap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct fuzz_target fuzz_target = {
    .name = "session",
    .what = "stanzas of sessions that are logged in, and events between them",
    .longest = 4096,
    .seconds = 10,
    .megabytes = 1024,
    .dictionary = "xmpp.dict",
};

enum { SECOND = 1000000000 };

/* What a byte of the text stands for; some take the byte behind them. */
enum event {
    EVENT_CUT = 0x01,        /* a piece ends */
    EVENT_CHOOSE = 0x02,     /* + which client, or the remote server */
    EVENT_HANGUP = 0x03,     /* of the chosen client */
    EVENT_TICK = 0x04,       /* + how much later: see `times` */
    EVENT_SLOW = 0x05,       /* storage waits */
    EVENT_STORED = 0x06,     /* the oldest request succeeds */
    EVENT_FAILED = 0x07,     /* it fails */
    EVENT_PROMPT = 0x08,     /* all requests succeed, also those that come */
    EVENT_WRITABLE = 0x0B,   /* + how much the chosen client takes, in units of 32 bytes; 255: all */
    EVENT_UNROUTABLE = 0x0C, /* + why: the last stanza that was routed */
    EVENT_SM_ID = 0x0E,      /* text: the last id for a resumption that a client received */
    EVENT_LOGIN = 0x0F,      /* + whose, and how: a new client, authenticated, is chosen */
    EVENT_TRIM = 0x10,
    EVENT_SHUTDOWN = 0x11,
    EVENT_MEMORY = 0x12, /* + which allocation fails */
    EVENT_RAW = 0x1B,    /* + a byte as it is */
};

/* Those that stand alone; those that take a byte. */
static const char alone[] = { EVENT_CUT,    EVENT_HANGUP, EVENT_SLOW, EVENT_STORED,  EVENT_FAILED,
                              EVENT_PROMPT, EVENT_SM_ID,  EVENT_TRIM, EVENT_SHUTDOWN };
static const char paired[] = { EVENT_CHOOSE, EVENT_TICK,   EVENT_WRITABLE, EVENT_UNROUTABLE,
                               EVENT_LOGIN,  EVENT_MEMORY, EVENT_RAW };

const struct mutator fuzz_mutator = {
    .mutate = mutate_stanza,
    .options = 1,
    .alone = alone,
    .alone_count = sizeof alone,
    .paired = paired,
    .paired_count = sizeof paired,
};

/* ---- The four kinds ---- */

enum { KINDS = 4, CLIENTS = 4, CLIENTS_MOST = 8, USERS = 4 };

static const struct user {
    const char *username, *domain;
} users[USERS] = {
    { "romeo", "localhost" }, { "juliet", "localhost" }, { "nurse", "example.com" }, { "tybalt", "localhost" }
};

/* A core in the state in which an input begins.  For each user there is a client that has authenticated and that no
 * input knows before EVENT_LOGIN, because most of the time of an input was spent on logins. */
static struct kind {
    struct watched watched;
    struct host_link *clients[CLIENTS], *spare[USERS];
} kinds[KINDS];
static const char *const hosts[] = { "localhost", "example.com" };

static void set_small_limits(struct core_limits *limits)
{
    limits->stanza_bytes = 1500;
    limits->depth = 5;
    limits->attributes = 8;
    limits->waiting_bytes = 600;
    limits->output_bytes = 4000;
    limits->resources = 3;
    limits->roster_items = 3;
    limits->requests = 2;
    limits->roster_groups = 2;
    limits->roster_text_bytes = 16;
    limits->account_work = 4;
    limits->offline_messages = 2;
    limits->blocked = 2;
    limits->directed = 2;
    limits->unacked = 6;
    limits->held_presence = 2;
    limits->passwords = 1;
}

static struct core_settings settings_of(size_t kind)
{
    struct core_settings settings = core_settings_default();
    settings.hosts = hosts;
    settings.host_count = 2;
    settings.tls = CORE_TLS_NONE;
    settings.plain_without_tls = true;
    settings.iterations = 1;
    settings.limits.cached_accounts = kind == 2 ? 2 : 0;
    settings.conflict = (enum core_conflict)kind;
    settings.delivery = kind % 2 == 0 ? CORE_DELIVER_BEST : CORE_DELIVER_ALL;
    settings.keepalive = kind == 0 ? CORE_KEEPALIVE_PING : CORE_KEEPALIVE_WHITESPACE;
    settings.stream_management = kind % 2 == 0;
    settings.tell_strangers = settings.iq_from_strangers = settings.tell_last_presence = kind >= 2;
    if (kind == 2)
        set_small_limits(&settings.limits);
    if (kind == 3)
        settings.features = 0;
    return settings;
}

/* ---- The state in which an input begins ---- */

static void keep_contact(struct test_host *host, const char *owner, const char *contact)
{
    char item[128];
    snprintf(item, sizeof item, "<item xmlns='jabber:iq:roster' jid='%s' subscription='both'/>", contact);
    host_keep(host, CORE_STORE_ROSTER, owner, contact, item);
}

static void keep_contacts(struct watched *watched)
{
    keep_contact(&watched->host, "romeo@localhost", "juliet@localhost");
    keep_contact(&watched->host, "juliet@localhost", "romeo@localhost");
}

static void begin_kind(size_t kind)
{
    struct watched *watched = &kinds[kind].watched;
    struct core_settings settings = settings_of(kind);
    watched_begin(watched, &settings, kind != 3);
    keep_contacts(watched);
    struct host_link **clients = kinds[kind].clients;
    clients[0] = watched_online(watched, "romeo", "localhost", "orchard");
    clients[1] = watched_online(watched, "romeo", "localhost", "garden");
    clients[2] = watched_online(watched, "juliet", "localhost", "balcony");
    clients[3] = watched_online(watched, "nurse", "example.com", "home");
    for (size_t i = 0; i < USERS; i++)
        kinds[kind].spare[i] = watched_authenticated(watched, users[i].username, users[i].domain);
    watched_save(watched);
}

/* Every session ends: those that can be resumed when that time is over.  Then nothing is in memory, but what the
 * core keeps to save loads. */
static void end_sessions(struct test_host *host)
{
    for (size_t i = 0; i < host->link_count; i++)
        host_hangup(host, host->links[i]);
    host_answer_all(host, CORE_STORED);
    host->now += UINT64_C(3600) * SECOND;
    host_tick(host);
    host_answer_all(host, CORE_STORED);
    core_trim(host->core);
    struct inspect_counts counts = inspect_counts(host->core);
    fuzz_check(counts.sessions + counts.users_in_memory + counts.cached_accounts + counts.storage_requests ==
                   0,
               "when all sessions have ended there are %zu sessions, %zu users, %zu cached, %zu requests",
               counts.sessions, counts.users_in_memory, counts.cached_accounts, counts.storage_requests);
}

/* ---- Events ---- */

struct run {
    struct watched *watched;
    struct fuzz_input input;
    struct host_link *clients[CLIENTS_MOST];
    struct host_link *spare[USERS]; /* NULL once it is among the clients */
    size_t client_count;
    size_t chosen;     /* among the clients; client_count: the remote server */
    struct text piece; /* not yet received */
    char sm_id[128];   /* the last */
    bool bytewise;     /* every piece is one byte */
    bool is_down, uses_storage;
};

static struct host_link *chosen(const struct run *run)
{
    return run->chosen < run->client_count ? run->clients[run->chosen] : NULL;
}

static void receive(struct run *run)
{
    struct test_host *host = &run->watched->host;
    const struct host_link *link = chosen(run);
    const char *bytes = run->piece.bytes;
    const size_t length = run->piece.length;
    const size_t step = run->bytewise && link != NULL ? 1 : length;
    if (length > 0 && link == NULL && host->options.routes)
        host_arrive(host, "remote.example", bytes, length);
    for (size_t i = 0; i < length && link != NULL; i += step)
        host_receive(host, link, bytes + i, step);
    run->piece.length = 0;
}

/* Looks for <enabled ... id='...'/> in what was sent. */
static void find_sm_id(struct run *run)
{
    const struct test_host *host = &run->watched->host;
    for (size_t i = 0; i < host->link_count; i++) {
        const char *sent = host->links[i]->length > 0 ? host->links[i]->sent : "";
        const char *enabled = strstr(sent, "<enabled ");
        const char *id = enabled != NULL ? strstr(enabled, " id='") : NULL;
        const char *end = id != NULL ? strchr(id + 5, '\'') : NULL;
        if (end != NULL && (size_t)(end - id - 5) < sizeof run->sm_id)
            snprintf(run->sm_id, sizeof run->sm_id, "%.*s", (int)(end - id - 5), id + 5);
    }
    text_string(&run->piece, run->sm_id);
}

static void pass_time(struct test_host *host, uint8_t how)
{
    static const uint64_t seconds[] = { 1, 61, 300, 601, 841, 3600 };
    const size_t count = sizeof seconds / sizeof *seconds;
    const uint64_t deadline = core_deadline(host->core);
    if (how % (count + 1) < count)
        host->now += seconds[how % (count + 1)] * SECOND;
    else if (deadline != UINT64_MAX && deadline > host->now)
        host->now = deadline;
    host_tick(host);
}

/* Takes the spare client of a user, unless there is none or its time for logging in is over. */
static struct host_link *take_spare(struct run *run, size_t who)
{
    struct host_link *spare = run->spare[who];
    run->spare[who] = NULL;
    return spare != NULL && spare->conn != NULL ? spare : NULL;
}

/* Of so many clients one sends its whole login, which takes as long as the rest of an input. */
enum { FROM_THE_START = 16 };

static void log_in_again(struct run *run, uint8_t how)
{
    const size_t who = how % USERS;
    const bool is_begun = how / USERS % FROM_THE_START != FROM_THE_START - 1;
    if (run->client_count >= CLIENTS_MOST || run->is_down)
        return;
    struct host_link *client = is_begun ? take_spare(run, who) : NULL;
    if (client == NULL)
        client = watched_authenticated(run->watched, users[who].username, users[who].domain);
    run->chosen = run->client_count;
    run->clients[run->client_count++] = client;
}

static void answer(struct test_host *host, enum core_store_status status)
{
    struct host_request *request = host_oldest(host);
    if (request != NULL)
        host_answer(host, request, status);
}

static void writable(struct run *run, uint8_t units)
{
    struct host_link *link = chosen(run);
    if (link != NULL)
        host_writable(&run->watched->host, link, units == 255 ? SIZE_MAX : (size_t)units * 32);
}

/* An event that has a byte behind it. */
static void act_with(struct run *run, uint8_t event, uint8_t with)
{
    struct test_host *host = &run->watched->host;
    if (event == EVENT_CHOOSE)
        run->chosen = with % (run->client_count + 1);
    else if (event == EVENT_TICK)
        pass_time(host, with);
    else if (event == EVENT_WRITABLE)
        writable(run, with);
    else if (event == EVENT_LOGIN)
        log_in_again(run, with);
    else if (event == EVENT_MEMORY)
        heap_fail_after((uint64_t)with + 1);
    else if (event == EVENT_UNROUTABLE && host->routed_count > 0) {
        const struct host_routed last = host->routed[host->routed_count - 1];
        host_unroutable(host, last.stanza, last.length, with % 2 == 0 ? CORE_NO_SERVER : CORE_SERVER_TIMEOUT);
    }
}

static void act(struct run *run, uint8_t event)
{
    struct test_host *host = &run->watched->host;
    if (event == EVENT_HANGUP && chosen(run) != NULL)
        host_hangup(host, chosen(run));
    else if (event == EVENT_SLOW)
        host->prompt = false;
    else if (event == EVENT_STORED)
        answer(host, CORE_STORED);
    else if (event == EVENT_FAILED)
        answer(host, CORE_STORE_FAILED);
    else if (event == EVENT_PROMPT) {
        host->prompt = true;
        host_answer_all(host, CORE_STORED);
    } else if (event == EVENT_TRIM)
        core_trim(host->core);
    else if (event == EVENT_SHUTDOWN && !run->is_down) {
        run->is_down = true;
        core_shutdown(host->core);
    }
}

static bool takes_a_byte(uint8_t event)
{
    return memchr(paired, event, sizeof paired) != NULL;
}

static bool is_event(uint8_t byte)
{
    return byte < ' ' && byte != '\t' && byte != '\n' && byte != '\r';
}

/* Text up to the next event. */
static void take_text(struct run *run)
{
    const uint8_t *text = run->input.at;
    size_t length = 0;
    while (length < run->input.left && !is_event(text[length]))
        length++;
    text_append(&run->piece, (const char *)text, length);
    run->input.at += length;
    run->input.left -= length;
}

static void next_event(struct run *run)
{
    const uint8_t byte = fuzz_byte(&run->input);
    if (byte == EVENT_RAW) {
        const char raw = (char)fuzz_byte(&run->input);
        text_append(&run->piece, &raw, 1);
    } else if (byte == EVENT_SM_ID) {
        find_sm_id(run);
    } else if (byte != EVENT_CUT || !run->bytewise || chosen(run) == NULL) {
        /* What the remote server sends is in pieces of whole stanzas, byte by byte too. */
        receive(run);
        if (takes_a_byte(byte))
            act_with(run, byte, fuzz_byte(&run->input));
        else
            act(run, byte);
    }
}

/* ---- An input ---- */

/* Returns whether storage had a part in it. */
static bool run_once(struct kind *kind, struct fuzz_input input, bool bytewise)
{
    struct watched *watched = &kind->watched;
    watched_restore(watched);
    struct run run = { .watched = watched, .input = input, .client_count = CLIENTS, .bytewise = bytewise };
    text_reserve(&run.piece, input.left);
    memcpy(run.clients, kind->clients, sizeof kind->clients);
    memcpy(run.spare, kind->spare, sizeof kind->spare);
    const size_t requests = watched->host.request_count;
    while (run.input.left > 0) {
        take_text(&run);
        if (run.input.left > 0)
            next_event(&run);
    }
    receive(&run);
    text_free(&run.piece);
    heap_fail_after(0);
    return watched->host.request_count != requests;
}

/* Whether the sessions end and the input is compared, which takes longer than the rest of it. */
static bool is_whole(const uint8_t *bytes, size_t size)
{
    enum { WHOLE = 8 };
    return fuzz_replays || watched_hash_bytes(FNV_BASIS, (const char *)bytes, size) % WHOLE == 0;
}

static void run_in_bytes(struct kind *kind, struct fuzz_input input, uint64_t hash)
{
    const bool uses_storage = run_once(kind, input, true);
    fuzz_check(uses_storage || watched_hash(&kind->watched, FNV_BASIS) == hash,
               "byte by byte the core sends something else");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct fuzz_input input = { bytes, size };
    const uint8_t options = fuzz_byte(&input);
    const size_t number = options % KINDS;
    struct kind *kind = &kinds[number];
    if (kind->watched.region == NULL)
        begin_kind(number);
    const bool uses_storage = run_once(kind, input, false);
    if (options < 128 || !is_whole(bytes, size))
        return 0;
    const uint64_t hash = watched_hash(&kind->watched, FNV_BASIS);
    end_sessions(&kind->watched.host);
    /* Pieces make a difference where storage answers between two of them, or where the stanzas of a piece are
     * acknowledged together. */
    if (number % 2 != 0 && !uses_storage && memchr(bytes, EVENT_MEMORY, size) == NULL)
        run_in_bytes(kind, input, hash);
    return 0;
}

/*
 * The bytes of one connection that has not logged in.
 *
 * The first byte chooses settings, the second how storage answers and whether the input is compared with itself in
 * other pieces, the third the size of the pieces.  The rest is what the client sends; a NUL, which XML does not
 * allow, stands for an event, which the byte behind it chooses.
 */
#include "mutate_stanza.h"
#include "watched.h"

#include "inspect.h"

#include <string.h>

const struct fuzz_target fuzz_target = {
    .name = "stream",
    .what = "what a client sends that has not logged in, in pieces, with events between them",
    .longest = 300000,
    .seconds = 60,
    .megabytes = 2048,
    .dictionary = "xmpp.dict",
};

const struct mutator fuzz_mutator = {
    .mutate = mutate_stanza, .options = 3, .alone = "", .paired = "", .paired_count = 1 /* NUL */
};

enum { KINDS = 8 };
static struct watched kinds[KINDS];

static const char *const hosts[] = { "localhost", "example.com" };
static const char *const anonymous_hosts[] = { "anon.localhost" };

/* TLS in three ways, with and without features; one where all limits are small. */
static struct core_settings settings_of(size_t kind)
{
    struct core_settings settings = core_settings_default();
    settings.hosts = hosts;
    settings.host_count = 2;
    settings.anonymous_hosts = anonymous_hosts;
    settings.anonymous_host_count = 1;
    settings.tls = (enum core_tls_policy)(kind % 3);
    settings.plain_without_tls = kind != 4;
    settings.iterations = 1;
    settings.stream_management = kind < 4;
    settings.client_state = kind < 4;
    if (kind >= 4)
        settings.features = 0;
    if (kind == 7) {
        settings.limits.unauthenticated_bytes = 500;
        settings.limits.stanza_bytes = 700;
        settings.limits.depth = 3;
        settings.limits.attributes = 4;
        settings.limits.login_tries = 1;
        settings.limits.waiting_bytes = 100;
    }
    return settings;
}

static void begin_kind(size_t kind)
{
    const struct core_settings settings = settings_of(kind);
    watched_begin(&kinds[kind], &settings, true);
    costs_connection(&kinds[kind].costs);
    (void)host_accept(&kinds[kind].host);
    watched_save(&kinds[kind]);
}

/* ---- Events ---- */

static const struct core_tls handshake = {
    .exporter = { (const unsigned char *)"exporter", 8 },
    .server_end_point = { (const unsigned char *)"certificate", 11 },
    .identities = (const char *const[]){ "romeo@localhost", "juliet@localhost", "romeo@example.com" },
    .identity_count = 3,
};

/* The handshake that the core has asked for is complete. */
static void secure(struct test_host *host, struct host_link *link)
{
    if (link->conn == NULL || link->tls_begun == 0)
        return;
    link->tls_begun = 0;
    core_secured(host->core, link->conn, &handshake);
}

static void answer(struct test_host *host, enum core_store_status status)
{
    struct host_request *request = host_oldest(host);
    if (request != NULL)
        host_answer(host, request, status);
}

static void act(struct test_host *host, uint8_t event)
{
    struct host_link *link = host->links[0];
    switch (event % 8) {
    case 0:
        host->now += UINT64_C(1000000000) << (event / 16);
        host_tick(host);
        break;
    case 1:
        secure(host, link);
        break;
    case 2:
        answer(host, CORE_STORED);
        break;
    case 3:
        answer(host, CORE_STORE_FAILED);
        break;
    case 4:
        answer(host, CORE_NO_ACCOUNT);
        break;
    case 5:
        host_writable(host, link, event >= 128 ? SIZE_MAX : event);
        break;
    case 6:
        core_trim(host->core);
        break;
    default:
        if (event >= 224)
            host_hangup(host, link);
        break;
    }
}

/* ---- An input ---- */

struct plan {
    uint8_t storage, pieces;
};

static void feed(struct test_host *host, const char *bytes, size_t length, size_t piece)
{
    for (size_t at = 0; at < length; at += piece)
        host_receive(host, host->links[0], bytes + at, length - at < piece ? length - at : piece);
}

/* Whether the bytes of a piece may be more than may wait for storage. */
static bool may_wait_too_long(const struct test_host *host, size_t length)
{
    const struct core_limits *limits = &host->settings.limits;
    return length > limits->waiting_bytes || length > limits->unauthenticated_bytes;
}

/* The parser holds the bytes of a longer tag back until its end comes, if they come in pieces: then a mistake in it is
 * found later, and an event in between makes a difference. */
enum { HELD_BACK = 256 };

/* Storage answers at once, when it is told, or at once with a failure.  Returns a hash of what was sent, and whether
 * that is the same in other pieces. */
static uint64_t run_once(struct watched *watched, struct fuzz_input input, struct plan plan, bool *is_free)
{
    static const size_t pieces[] = { SIZE_MAX, 1, 2, 7, 64, 1000, 4096, 65536 };
    struct test_host *host = &watched->host;
    watched_restore(watched);
    host->prompt = plan.storage % 4 != 1;
    host->outcome = plan.storage % 4 == 2 ? CORE_STORE_FAILED : CORE_STORED;
    host->status = plan.storage % 4 == 3 ? "disabled" : NULL;
    const size_t requests = host->request_count, all = input.left;
    bool has_events = false;
    while (input.left > 0) {
        size_t length;
        const size_t left = input.left;
        const char *bytes = fuzz_until(&input, '\0', &length);
        feed(host, bytes, length, pieces[plan.pieces % 8]);
        if (length == left)
            break;
        act(host, fuzz_byte(&input));
        has_events = true;
    }
    feed(host, FUZZ_ENDING, strlen(FUZZ_ENDING), SIZE_MAX);
    *is_free = (!has_events || all <= HELD_BACK) &&
               (host->request_count == requests || (host->prompt && !may_wait_too_long(host, all)));
    return watched_hash(watched, FNV_BASIS);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct fuzz_input input = { bytes, size };
    const size_t kind = fuzz_below(&input, KINDS);
    struct plan plan = { .storage = fuzz_byte(&input), .pieces = fuzz_byte(&input) };
    struct watched *watched = &kinds[kind];
    bool is_free, is_second;
    if (watched->region == NULL)
        begin_kind(kind);
    const uint64_t hash = run_once(watched, input, plan, &is_free);
    if (plan.storage < 128 || kind < 4) /* where stanzas are acknowledged, those of a piece are together */
        return 0;
    plan.pieces++;
    const uint64_t other = run_once(watched, input, plan, &is_second);
    fuzz_check(hash == other || !is_free || !is_second, "in other pieces the core sends something else");
    return 0;
}

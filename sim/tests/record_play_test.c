/*
 * What simulated clients and a simulated server say to each other is recorded like what real ones say: the recording must
 * be well-formed and, with the same server, pass.
 */
#include "../record/record.h"

#include "../../core/tests/shallow.h"
#include "../player/player.h"
#include "../tool/suite.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- From the trace of a run to a recording ---- */

enum { CAST_MOST = 64 };

struct stage {
    const struct scenario *scenario;
    struct record *record;
    size_t connections[CAST_MOST]; /* the current one of each character */
    bool connected[CAST_MOST];
    bool unfit; /* something happened that no proxy could have recorded */
};

static unsigned hex(char c)
{
    return (unsigned)(c <= '9' ? c - '0' : c - 'A' + 10);
}

/* The bytes of a line of the trace (trace.h). */
static void unescape(const char *line, size_t length, struct text *out)
{
    for (size_t i = 0; i < length; i++) {
        char byte = line[i];
        if (byte == '\\') {
            const char kind = line[++i];
            byte = kind;
            if (kind == 'n')
                byte = '\n';
            if (kind == 't')
                byte = '\t';
            if (kind == 'x') {
                byte = (char)(unsigned char)(hex(line[i + 1]) * 16 + hex(line[i + 2]));
                i += 2;
            }
        }
        text_append(out, &byte, 1);
    }
}

static uint64_t time_of(const char *line)
{
    char *end;
    const uint64_t seconds = strtoull(line, &end, 10);
    return seconds * SIM_SECOND + strtoull(end + 1, NULL, 10);
}

static bool begins(const char *text, const char *word)
{
    return strncmp(text, word, strlen(word)) == 0;
}

static void ends(struct stage *stage, size_t who, uint64_t now, bool by_client)
{
    struct text passed = { 0 };
    if (stage->connected[who])
        record_ended(stage->record, stage->connections[who], now, by_client, &passed);
    stage->connected[who] = false;
    text_free(&passed);
}

static void carry(struct stage *stage, size_t who, uint64_t now, bool by_client, struct text bytes)
{
    struct text passed = { 0 };
    if (!stage->connected[who])
        stage->unfit = true;
    else if (by_client)
        record_client(stage->record, stage->connections[who], now, bytes.bytes, bytes.length);
    else
        record_server(stage->record, stage->connections[who], now, bytes.bytes, bytes.length, &passed);
    text_free(&passed);
}

/* What happened on the link of a character. */
static void happens(struct stage *stage, size_t who, uint64_t now, const char *what, size_t length)
{
    if (begins(what, "> TLS") || begins(what, "< TLS") || begins(what, "fails")) {
        stage->unfit = true;
    } else if (begins(what, "> ") || begins(what, "< ")) {
        struct text bytes = { 0 };
        unescape(what + 2, length - 2, &bytes);
        carry(stage, who, now, *what == '>', bytes);
        text_free(&bytes);
    } else if (begins(what, "dials")) {
        ends(stage, who, now, true);
        stage->connections[who] = record_opened(stage->record, now);
        stage->connected[who] = true;
    } else if (begins(what, "closes") || begins(what, "breaks")) {
        ends(stage, who, now, true);
    } else if (begins(what, "is closed") || begins(what, "is broken") || begins(what, "<- ended")) {
        ends(stage, who, now, false);
    }
}

static void take_line(void *host, uint64_t number, const char *line, size_t length)
{
    struct stage *stage = host;
    (void)number;
    const char *name = strchr(line, ' ') + 1;
    for (size_t i = 0; i < stage->scenario->cast_count; i++) {
        const size_t called = strlen(stage->scenario->cast[i].name);
        if (strncmp(name, stage->scenario->cast[i].name, called) == 0 && name[called] == ' ')
            happens(stage, i, time_of(line), name + called + 1,
                    (size_t)(line + length - 1 - (name + called + 1)));
    }
}

/* Returns the recording of a run under a seed, or 0 for none; NULL when the run was not fit for one.  The caller frees
 * it. */
static char *record_run(const struct scenario *scenario, uint64_t seed)
{
    struct record_secret secrets[CAST_MOST];
    struct stage stage = { .scenario = scenario };
    struct record_options options = { .pause = 2 * SIM_SECOND, .secrets = secrets };
    for (size_t i = 0; i < scenario->cast_count; i++)
        if (scenario->cast[i].password[0] != '\0' && !scenario->cast[i].no_account)
            secrets[options.secret_count++] =
                (struct record_secret){ scenario->cast[i].jid, scenario->cast[i].password };
    stage.record = record_new(&options);
    const struct player_options play = { .policy = seed > 0 ? CHOICE_SEEDED : CHOICE_SCRIPTED,
                                         .seed = seed,
                                         .trace = take_line,
                                         .trace_host = &stage };
    struct player_result result;
    player_run(scenario, &play, &result);
    char *text = record_write(stage.record);
    if (stage.unfit || !result.passed) {
        free(text);
        text = NULL;
    }
    player_result_free(&result);
    record_free(stage.record);
    return text;
}

/* ---- Which scenarios ---- */

/* What a client can do, and what can pass between it and the server, in clear. */
static bool is_visible(const struct step *steps)
{
    for (const struct step *step = steps; step != NULL; step = step->next) {
        const bool is_of_the_world = step->verb >= STEP_SERVERS_ARE && step->verb != STEP_TIME_PASSES &&
                                     step->verb != STEP_SERVER_RECEIVES && step->verb != STEP_SERVER_ROUTES;
        const bool is_of_tls = step->verb == STEP_STARTS_TLS || step->verb == STEP_FAILS_TO_START_TLS;
        if (is_of_the_world || is_of_tls || !is_visible(step->steps))
            return false;
    }
    return true;
}

static bool is_fit(const struct scenario *scenario)
{
    return scenario->servers == NULL && scenario->fails == NULL &&
           scenario->settings.anonymous_host_count == 0 && /* whose JIDs are made up by the server */
           scenario->cast_count <= CAST_MOST && is_visible(scenario->steps);
}

/* ---- The same server ---- */

/* The accounts of the original's cast, before others. */
static struct account *all_accounts(const struct scenario *original, struct account accounts[CAST_MOST])
{
    struct account *first = original->accounts;
    for (size_t i = 0; i < original->cast_count; i++) {
        const struct character *character = &original->cast[i];
        accounts[i] = (struct account){ .next = first,
                                        .jid = character->jid,
                                        .local = character->local,
                                        .domain = character->domain,
                                        .password = character->password };
        if (!character->no_account && character->local != NULL)
            first = &accounts[i];
    }
    return first;
}

/* Runs what was recorded with the settings and the data of the original. */
static void run_again(const struct scenario *original, const struct scenario *recorded,
                      struct player_result *result)
{
    struct account accounts[CAST_MOST];
    struct scenario again = *recorded;
    const struct player_options play = { .colour = false };
    again.settings = original->settings;
    again.rosters = original->rosters;
    again.blocklists = original->blocklists;
    again.accounts = all_accounts(original, accounts);
    player_run(&again, &play, result);
}

/* In these, a client uses a password that it has set before, which only it knows, or has two. */
static bool has_secrets(const struct scenario *scenario)
{
    static const char *const names[] = { "auth/half-a-login-and-a-new-password.scs",
                                         "auth/half-a-login-is-replaced.scs",
                                         "auth/same-name-on-two-hosts.scs" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strstr(scenario->path, names[i]) != NULL)
            return true;
    return false;
}

static void assert_passes(const struct scenario *original, const char *text)
{
    struct complaints complaints = { .count = 0 };
    struct player_result result;
    struct scenario *recorded = scenario_parse("recorded", text, strlen(text), NULL, NULL, &complaints);
    if (recorded == NULL) {
        fail_msg("%s: line %d of its recording: %s\n%s", original->name, complaints.list[0].line,
                 complaints.list[0].message, text);
        return;
    }
    run_again(original, recorded, &result);
    if (!result.passed)
        fail_msg("%s: its recording fails: %s\n%s", original->name, result.explanation, text);
    player_result_free(&result);
    scenario_free(recorded);
}

static void recordings_pass(uint64_t seed)
{
    enum { LEAST = 900 }; /* there are a few more */
    static const char *const paths[] = { "scenarios" };
    struct suite suite;
    size_t recorded = 0;
    assert_true(suite_load(&suite, paths, 1, stderr));
    for (size_t i = 0; i < suite.count; i++) {
        const struct scenario *scenario = suite.scenarios[i];
        char *text = is_fit(scenario) && !has_secrets(scenario) ? record_run(scenario, seed) : NULL;
        if (text != NULL)
            assert_passes(scenario, text);
        recorded += text != NULL;
        free(text);
    }
    assert_true(recorded > LEAST);
    suite_free(&suite);
}

static void recordings_of_scenarios_pass(void **state)
{
    (void)state;
    LONG_TEST();
    recordings_pass(0);
}

/* Bytes come in other pieces, and what different clients get in another order. */
static void recordings_under_a_seed_pass(void **state)
{
    (void)state;
    LONG_TEST();
    recordings_pass(3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recordings_of_scenarios_pass),
        cmocka_unit_test(recordings_under_a_seed_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

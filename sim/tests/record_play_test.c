/*
 * What the simulated clients and server say to each other is recorded like that of real ones, and the recording must
 * pass in the simulator.
 */
#include "../record/record.h"

#include "../language/scenario_edit.h"
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
    bool unfit; /* something that no proxy could have recorded */
};

static int hex(char c)
{
    return c <= '9' ? c - '0' : c - 'A' + 10;
}

/* The bytes of a line of the trace. */
static void unescape(const char *line, size_t length, struct text *out)
{
    for (size_t i = 0; i < length; i++) {
        char byte = line[i];
        if (byte == '\\') {
            const char kind = line[++i];
            byte = kind == 'n' ? '\n' : kind == 't' ? '\t' : kind;
            if (kind == 'x') {
                byte = (char)(hex(line[i + 1]) * 16 + hex(line[i + 2]));
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
    return seconds * 1000000000U + strtoull(end + 1, NULL, 10);
}

static void connect_or_end(struct stage *stage, size_t who, uint64_t now, const char *what)
{
    struct text passed = { 0 };
    if (strncmp(what, "dials", 5) == 0) {
        if (stage->connected[who])
            record_ended(stage->record, stage->connections[who], now, true, &passed);
        stage->connections[who] = record_opened(stage->record, now);
        stage->connected[who] = true;
    } else if (stage->connected[who]) {
        const bool by_client = strncmp(what, "closes", 6) == 0 || strncmp(what, "breaks", 6) == 0;
        record_ended(stage->record, stage->connections[who], now, by_client, &passed);
        stage->connected[who] = false;
    }
    text_free(&passed);
}

static void carry(struct stage *stage, size_t who, uint64_t now, const char *what, size_t length)
{
    struct text bytes = { 0 }, passed = { 0 };
    unescape(what + 2, length - 2, &bytes);
    if (!stage->connected[who])
        stage->unfit = true;
    else if (what[0] == '>')
        record_client(stage->record, stage->connections[who], now, bytes.bytes, bytes.length);
    else
        record_server(stage->record, stage->connections[who], now, bytes.bytes, bytes.length, &passed);
    text_free(&bytes);
    text_free(&passed);
}

static bool begins(const char *text, const char *word)
{
    return strncmp(text, word, strlen(word)) == 0;
}

static void take_line(void *host, uint64_t number, const char *line, size_t length)
{
    static const char *const ends[] = { "dials", "closes", "breaks", "is closed", "is broken", "<- ended" };
    struct stage *stage = host;
    (void)number;
    const char *name = strchr(line, ' ') + 1;
    for (size_t i = 0; i < stage->scenario->cast_count && i < CAST_MOST; i++) {
        const size_t called = strlen(stage->scenario->cast[i].name);
        const char *what = name + called + 1;
        if (strncmp(name, stage->scenario->cast[i].name, called) != 0 || name[called] != ' ')
            continue;
        if (begins(what, "> TLS") || begins(what, "< TLS") || begins(what, "fails"))
            stage->unfit = true;
        else if (begins(what, "> ") || begins(what, "< "))
            carry(stage, i, time_of(line), what, (size_t)(line + length - 1 - what));
        for (size_t j = 0; j < sizeof ends / sizeof ends[0]; j++)
            if (begins(what, ends[j]))
                connect_or_end(stage, i, time_of(line), what);
    }
}

static char *record_run(const struct scenario *scenario, bool *unfit)
{
    struct record_secret secrets[CAST_MOST];
    struct stage stage = { .scenario = scenario };
    struct record_options options = { .pause = 2000000000, .secrets = secrets };
    for (size_t i = 0; i < scenario->cast_count && i < CAST_MOST; i++)
        if (scenario->cast[i].password[0] != '\0' && !scenario->cast[i].no_account)
            secrets[options.secret_count++] =
                (struct record_secret){ scenario->cast[i].jid, scenario->cast[i].password };
    stage.record = record_new(&options);
    const struct player_options play = { .trace = take_line, .trace_host = &stage };
    struct player_result result;
    player_run(scenario, &play, &result);
    *unfit = stage.unfit || !result.passed || scenario->cast_count > CAST_MOST;
    player_result_free(&result);
    char *text = record_write(stage.record);
    record_free(stage.record);
    return text;
}

/* Whether a proxy sees all that the steps do: nothing happens to the server, its disk or a link. */
static bool is_visible(const struct step *steps)
{
    for (const struct step *step = steps; step != NULL; step = step->next) {
        const bool is_fault = step->verb >= STEP_SERVERS_ARE && step->verb != STEP_TIME_PASSES;
        if (is_fault || step->verb == STEP_STARTS_TLS || step->verb == STEP_FAILS_TO_START_TLS || !is_visible(step->steps))
            return false;
    }
    return true;
}

static void measure(void **state)
{
    (void)state;
    struct suite suite;
    static const char *const all[] = { "scenarios" };
    const char *one = getenv("ONE");
    const char *const paths[] = { one != NULL ? one : all[0] };
    assert_true(suite_load(&suite, paths, 1, stderr));
    size_t good = 0, bad = 0, unread = 0, unfits = 0;
    for (size_t i = 0; i < suite.count; i++) {
        bool unfit;
        if (!is_visible(suite.scenarios[i]->steps) || suite.scenarios[i]->servers != NULL) { unfits++; continue; }
        char *text = record_run(suite.scenarios[i], &unfit);
        if (one != NULL)
            puts(text);
        struct complaints complaints = { .count = 0 };
        struct scenario *again = scenario_parse("recorded", text, strlen(text), NULL, NULL, &complaints);
        if (unfit)
            unfits++;
        else if (again == NULL) {
            unread++;
            printf("UNREAD %s %d %s\n", suite.scenarios[i]->name, complaints.list[0].line,
                   complaints.list[0].message);
        } else {
            const struct player_options play = { 0 };
            struct player_result result;
            const struct scenario *from = suite.scenarios[i];
            struct scenario with = *again;
            if (getenv("PLAIN") == NULL) {
            with.settings = from->settings; with.rosters = from->rosters; with.blocklists = from->blocklists;
            static struct account more[CAST_MOST];
            with.accounts = from->accounts;
            for (size_t j = 0; j < from->cast_count; j++) {
                if (from->cast[j].no_account || from->cast[j].local == NULL) continue;
                more[j] = (struct account){ .next = with.accounts, .jid = from->cast[j].jid, .local = from->cast[j].local, .domain = from->cast[j].domain, .password = from->cast[j].password };
                with.accounts = &more[j];
            }
            }
            player_run(&with, &play, &result);
            good += result.passed;
            bad += !result.passed;
            if (!result.passed)
                printf("BAD %s:%d %s\n%s", suite.scenarios[i]->name, result.line, result.summary,
                       one != NULL ? result.explanation : "");
            player_result_free(&result);
        }
        scenario_free(again);
        free(text);
    }
    printf("good %zu bad %zu unread %zu unfit %zu\n", good, bad, unread, unfits);
    suite_free(&suite);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(measure) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

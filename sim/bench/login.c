#include "bare.h"
#include "hall.h"
#include "measure.h"
#include "workloads.h"

#include "../must.h"
#include "../scram.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LOGINS = 10000,
    EACH_ROUND = (LOGINS + MEASURE_ROUNDS - 1) / MEASURE_ROUNDS,
    AT_ONCE = 100,
    ITERATIONS = 4096,
};

/* ---- What travels in a login, piece by piece ---- */

struct piece {
    struct piece *next;
    bool to_server;
    size_t length;
    char bytes[];
};

struct recording {
    struct piece *first, *last;
};

/* A line of the trace about bytes is "TIME WHO > BYTES" or "TIME WHO < BYTES"; nothing in a login is escaped.
 */
static void record(void *host, const char *line, size_t length)
{
    struct recording *recording = host;
    const char *who = (const char *)memchr(line, ' ', length) + 1;
    const char *what = (const char *)memchr(who, ' ', length - (size_t)(who - line)) + 1;
    if ((what[0] != '>' && what[0] != '<') || what[1] != ' ')
        return;
    const size_t bytes = length - (size_t)(what + 2 - line) - 1;
    struct piece *piece = must(malloc(sizeof *piece + bytes));
    *piece = (struct piece){ .to_server = what[0] == '>', .length = bytes };
    memcpy(piece->bytes, what + 2, bytes);
    if (recording->last != NULL)
        recording->last->next = piece;
    else
        recording->first = piece;
    recording->last = piece;
}

static struct recording record_login(void)
{
    struct recording recording = { 0 };
    struct hall hall;
    hall_init(&hall, 1, record, &recording);
    hall_log_in(&hall, 0, 1, 1);
    hall_free(&hall);
    return recording;
}

static void forget(struct recording *recording)
{
    while (recording->first != NULL) {
        struct piece *piece = recording->first;
        recording->first = piece->next;
        free(piece);
    }
}

/* ---- Measuring ---- */

static bool begins_stream(const struct piece *piece)
{
    return piece->length > 5 && strncmp(piece->bytes, "<?xml", 5) == 0;
}

static double measure_bare(struct bare *const sides[2], const struct recording *recording)
{
    const uint64_t begun = measure_now();
    for (size_t i = 0; i < EACH_ROUND; i++) {
        for (const struct piece *piece = recording->first; piece != NULL; piece = piece->next) {
            if (begins_stream(piece))
                bare_reset(sides[piece->to_server]);
            bare_parse(sides[piece->to_server], piece->bytes, piece->length);
        }
    }
    return (double)(measure_now() - begun) / EACH_ROUND;
}

static double measure_whole(struct hall *hall, size_t round)
{
    const uint64_t begun = measure_now();
    hall_log_in(hall, round * EACH_ROUND, EACH_ROUND, AT_ONCE);
    return (double)(measure_now() - begun) / EACH_ROUND;
}

static double measure_derivation(size_t round)
{
    char salt[24];
    (void)snprintf(salt, sizeof salt, "salt-%zu", round);
    const uint64_t begun = measure_now();
    char *secret = scram_secret(PEOPLE_MECHANISM, PEOPLE_PASSWORD, salt, ITERATIONS);
    const uint64_t taken = measure_now() - begun;
    free(secret);
    return (double)taken;
}

void bench_login(void)
{
    struct recording recording = record_login();
    struct bare *const sides[2] = { bare_new(), bare_new() };
    struct hall hall;
    struct series bare, whole, derivation;
    hall_init(&hall, (size_t)EACH_ROUND * MEASURE_ROUNDS, NULL, NULL);
    unsigned derived = 0;
    for (size_t round = 0; round < MEASURE_ROUNDS; round++) {
        bare.values[round] = measure_bare(sides, &recording);
        const unsigned before = scram_derivations();
        whole.values[round] = measure_whole(&hall, round);
        derived += scram_derivations() - before;
        derivation.values[round] = measure_derivation(round);
    }
    if (derived != 0)
        measure_fail("a login derived a key that was derived before");
    table_heading("10,000 logins with " PEOPLE_MECHANISM, "ns each", "ratio to bare");
    table_row("bare: expat parses what both sides sent", &bare, &bare);
    table_row("the whole simulation, keys derived beforehand", &whole, &bare);
    table_row("a derivation, once for a password and its salt", &derivation, &bare);
    hall_free(&hall);
    bare_free(sides[0]);
    bare_free(sides[1]);
    forget(&recording);
}

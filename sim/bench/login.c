#include "bench_world.h"
#include "measure.h"
#include "transcript.h"
#include "workloads.h"

#include "../client/scram.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    LOGINS = 10000,
    EACH_ROUND = (LOGINS + MEASURE_ROUNDS - 1) / MEASURE_ROUNDS,
    AT_ONCE = 100,
    ITERATIONS = 4096,
};

static struct transcript record_login(void)
{
    struct transcript transcript = { .listens = true };
    struct bench_world bench;
    bench_init(&bench, 1, transcript_note, &transcript);
    bench_log_in(&bench, 0, 1, 1);
    bench_free(&bench);
    return transcript;
}

static double measure_bare(struct bare *const sides[2], const struct transcript *transcript)
{
    const uint64_t begun = measure_now();
    for (size_t i = 0; i < EACH_ROUND; i++)
        transcript_parse(transcript, sides);
    return (double)(measure_now() - begun) / EACH_ROUND;
}

static double measure_whole(struct bench_world *bench, size_t round)
{
    const uint64_t begun = measure_now();
    bench_log_in(bench, round * EACH_ROUND, EACH_ROUND, AT_ONCE);
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
    struct transcript transcript = record_login();
    struct bare *const sides[2] = { bare_new(), bare_new() };
    struct bench_world bench;
    struct series bare, whole, derivation;
    bench_init(&bench, (size_t)EACH_ROUND * MEASURE_ROUNDS, NULL, NULL);
    unsigned derived = 0;
    for (size_t round = 0; round < MEASURE_ROUNDS; round++) {
        bare.values[round] = measure_bare(sides, &transcript);
        const unsigned before = scram_derivations();
        whole.values[round] = measure_whole(&bench, round);
        derived += scram_derivations() - before;
        derivation.values[round] = measure_derivation(round);
    }
    if (derived != 0)
        measure_fail("a login derived a key that was derived before");
    table_heading("10,000 logins with " PEOPLE_MECHANISM, "ns each", "ratio to bare");
    table_row("bare: expat parses what both sides sent", &bare, &bare);
    table_row("the whole simulation, keys derived beforehand", &whole, &bare);
    table_row("a derivation, once for a password and its salt", &derivation, &bare);
    bench_free(&bench);
    bare_free(sides[0]);
    bare_free(sides[1]);
    transcript_free(&transcript);
}

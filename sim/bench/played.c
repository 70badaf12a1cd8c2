#include "played.h"

#include "measure.h"
#include "transcript.h"

static void open_hall(const struct played *played, struct bench_world *bench, struct transcript *transcript)
{
    trace_sink sink = transcript != NULL ? transcript_note : NULL;
    if (played->one_account)
        bench_init_resources(bench, played->users, sink, transcript);
    else
        bench_init(bench, played->users, sink, transcript);
    played->begin(bench);
}

static struct transcript record(const struct played *played)
{
    struct transcript transcript = { 0 };
    struct bench_world bench;
    open_hall(played, &bench, &transcript);
    transcript.listens = true;
    played->play(&bench);
    bench_free(&bench);
    return transcript;
}

static double measure_bare(const struct played *played, const struct transcript *transcript,
                           struct bare *const sides[2])
{
    const uint64_t begun = measure_now();
    for (size_t i = 0; i < played->each_round; i++)
        transcript_parse(transcript, sides);
    return (double)(measure_now() - begun) / (double)played->each_round;
}

static double measure_whole(const struct played *played, struct bench_world *bench)
{
    const uint64_t begun = measure_now();
    for (size_t i = 0; i < played->each_round; i++)
        played->play(bench);
    return (double)(measure_now() - begun) / (double)played->each_round;
}

void played_bench(const struct played *played)
{
    struct transcript transcript = record(played);
    struct bare *const sides[2] = { bare_new(), bare_new() };
    struct bench_world bench;
    struct series bare, whole;
    open_hall(played, &bench, NULL);
    for (size_t round = 0; round < MEASURE_ROUNDS; round++) {
        bare.values[round] = measure_bare(played, &transcript, sides);
        whole.values[round] = measure_whole(played, &bench);
    }
    table_heading(played->title, "ns each", "ratio to bare");
    table_row("bare: expat parses what both sides sent", &bare, &bare);
    table_row("the whole simulation", &whole, &bare);
    bench_free(&bench);
    bare_free(sides[0]);
    bare_free(sides[1]);
    transcript_free(&transcript);
}

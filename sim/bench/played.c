#include "played.h"

#include "measure.h"
#include "transcript.h"

static void open_hall(const struct played *played, struct hall *hall, struct transcript *transcript)
{
    trace_sink sink = transcript != NULL ? transcript_note : NULL;
    if (played->one_account)
        hall_init_resources(hall, played->guests, sink, transcript);
    else
        hall_init(hall, played->guests, sink, transcript);
    played->begin(hall);
}

static struct transcript record(const struct played *played)
{
    struct transcript transcript = { 0 };
    struct hall hall;
    open_hall(played, &hall, &transcript);
    transcript.listens = true;
    played->play(&hall);
    hall_free(&hall);
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

static double measure_whole(const struct played *played, struct hall *hall)
{
    const uint64_t begun = measure_now();
    for (size_t i = 0; i < played->each_round; i++)
        played->play(hall);
    return (double)(measure_now() - begun) / (double)played->each_round;
}

void played_bench(const struct played *played)
{
    struct transcript transcript = record(played);
    struct bare *const sides[2] = { bare_new(), bare_new() };
    struct hall hall;
    struct series bare, whole;
    open_hall(played, &hall, NULL);
    for (size_t round = 0; round < MEASURE_ROUNDS; round++) {
        bare.values[round] = measure_bare(played, &transcript, sides);
        whole.values[round] = measure_whole(played, &hall);
    }
    table_heading(played->title, "ns each", "ratio to bare");
    table_row("bare: expat parses what both sides sent", &bare, &bare);
    table_row("the whole simulation", &whole, &bare);
    hall_free(&hall);
    bare_free(sides[0]);
    bare_free(sides[1]);
    transcript_free(&transcript);
}

#include "played.h"

#include "measure.h"
#include "recording.h"

static void open_hall(const struct played *played, struct hall *hall, struct recording *recording)
{
    trace_sink sink = recording != NULL ? recording_note : NULL;
    if (played->one_account)
        hall_init_resources(hall, played->guests, sink, recording);
    else
        hall_init(hall, played->guests, sink, recording);
    played->begin(hall);
}

static struct recording record(const struct played *played)
{
    struct recording recording = { 0 };
    struct hall hall;
    open_hall(played, &hall, &recording);
    recording.listens = true;
    played->play(&hall);
    hall_free(&hall);
    return recording;
}

static double measure_bare(const struct played *played, const struct recording *recording,
                           struct bare *const sides[2])
{
    const uint64_t begun = measure_now();
    for (size_t i = 0; i < played->each_round; i++)
        recording_parse(recording, sides);
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
    struct recording recording = record(played);
    struct bare *const sides[2] = { bare_new(), bare_new() };
    struct hall hall;
    struct series bare, whole;
    open_hall(played, &hall, NULL);
    for (size_t round = 0; round < MEASURE_ROUNDS; round++) {
        bare.values[round] = measure_bare(played, &recording, sides);
        whole.values[round] = measure_whole(played, &hall);
    }
    table_heading(played->title, "ns each", "ratio to bare");
    table_row("bare: expat parses what both sides sent", &bare, &bare);
    table_row("the whole simulation", &whole, &bare);
    hall_free(&hall);
    bare_free(sides[0]);
    bare_free(sides[1]);
    recording_free(&recording);
}

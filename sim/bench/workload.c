#include "workload.h"

#include "measure.h"
#include "transcript.h"

static void open_world(const struct workload *workload, struct bench_world *bench,
                       struct transcript *transcript)
{
    trace_sink sink = transcript != NULL ? transcript_note : NULL;
    if (workload->one_account)
        bench_init_resources(bench, workload->users, sink, transcript);
    else
        bench_init(bench, workload->users, sink, transcript);
    workload->begin(bench);
}

static struct transcript record(const struct workload *workload)
{
    struct transcript transcript = { 0 };
    struct bench_world bench;
    open_world(workload, &bench, &transcript);
    transcript.listens = true;
    workload->run(&bench);
    bench_free(&bench);
    return transcript;
}

static double measure_bare(const struct workload *workload, const struct transcript *transcript,
                           struct bare *const sides[2])
{
    const uint64_t begun = measure_now();
    for (size_t i = 0; i < workload->each_round; i++)
        transcript_parse(transcript, sides);
    return (double)(measure_now() - begun) / (double)workload->each_round;
}

static double measure_whole(const struct workload *workload, struct bench_world *bench)
{
    const uint64_t begun = measure_now();
    for (size_t i = 0; i < workload->each_round; i++)
        workload->run(bench);
    return (double)(measure_now() - begun) / (double)workload->each_round;
}

void workload_bench(const struct workload *workload)
{
    struct transcript transcript = record(workload);
    struct bare *const sides[2] = { bare_new(), bare_new() };
    struct bench_world bench;
    struct series bare, whole;
    open_world(workload, &bench, NULL);
    for (size_t round = 0; round < MEASURE_ROUNDS; round++) {
        bare.values[round] = measure_bare(workload, &transcript, sides);
        whole.values[round] = measure_whole(workload, &bench);
    }
    table_heading(workload->title, "ns each", "ratio to bare");
    table_row("bare: expat parses what both sides sent", &bare, &bare);
    table_row("the whole simulation", &whole, &bare);
    bench_free(&bench);
    bare_free(sides[0]);
    bare_free(sides[1]);
    transcript_free(&transcript);
}

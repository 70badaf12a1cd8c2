/*
 * plot.c - the bytes choose: first a plot, then every choice of its run.
 *
 * A finding is replayed by `rehearse replay --cast 3 --steps 16 --faults all --bytes FILE`.
 */
#include "../sweep/plot.h"
#include "../player/player.h"
#include "../shrink/stored_input.h"
#include "../world/heap.h"
#include "fuzz.h"
#include "region.h"

const struct fuzz_target fuzz_target = {
    .name = "plot",
    .what = "the choices of a plot of 3 clients and 16 steps with all faults, and of its run",
    .longest = 2048,
    .seconds = 5,
    .megabytes = 1024,
};

/* Of so many inputs one is run twice, which must give the same trace. */
enum { REPEATED = 64 };

static uint64_t run_once(const struct scenario *scenario, const struct player_options *options)
{
    struct player_result result;
    player_run(scenario, options, &result);
    fuzz_check(result.passed, "%s", result.summary);
    const uint64_t hash = result.trace_hash;
    player_result_free(&result);
    return hash;
}

/* The servers allocate from an empty region, which costs less than the sanitizer's own allocator.  A second run
 * continues in it, so that its addresses are others than those of the first. */
static void empty_memory(void)
{
    static struct region *region;
    if (region == NULL) {
        region = region_new();
        region_use(region);
        region_save(region);
        heap_under(&region_memory);
    }
    region_restore(region);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    empty_memory();
    struct plot_run plot = plot_of_bytes(&stored_plots, "the plot", bytes, size, NULL);
    struct player_options options = { .policy = CHOICE_FUZZED,
                                      .bytes = plot.bytes,
                                      .byte_count = plot.byte_count };
    const uint64_t hash = run_once(plot.scenario, &options);
    if (hash % REPEATED == 0) {
        fuzz_forget();
        fuzz_check(run_once(plot.scenario, &options) == hash, "a second run has a different trace");
    }
    plot_run_free(&plot);
    fuzz_forget();
    return 0;
}

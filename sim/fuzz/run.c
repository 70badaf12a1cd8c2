/*
 * run.c - a scenario is run: no check fails, nothing leaks, and a second run has the same trace.
 *
 * The bytes are a .scs file; behind a byte 0x1e, the answers of the choices (choice.h).  Without that byte the
 * schedule is the default one, or that of the scenario's own recording (`## choices:`).  What the steps expect is not
 * judged in the first run, so there a failure at the end is one of the server: sessions that stay in its tables; unless
 * the recording is of another run.
 */
#include "../language/scenario.h"
#include "../player/player.h"
#include "../shrink/stored_input.h"
#include "fuzz.h"
#include "mutate_scenario.h"

#include <string.h>

const struct fuzz_target fuzz_target = {
    .name = "run",
    .what = "a scenario file and, behind a byte 0x1e, the answers of the choices in its run",
    .longest = 4096,
    .seconds = 10,
    .megabytes = 1024,
    .dictionary = "scenario.dict",
};

const struct mutator fuzz_mutator = { .mutate = mutate_scenario };

/* Returns the hash of the trace. */
static uint64_t run_once(const struct scenario *scenario, const struct player_options *options)
{
    struct player_result result;
    player_run(scenario, options, &result);
    fuzz_check(result.passed == (result.summary == NULL), "a failure without a sentence, or the reverse");
    fuzz_check(result.check == NULL, "%s", result.summary);
    const bool ended = options->checks_only && result.line == 0 && result.events > 0 && !result.drifted;
    fuzz_check(result.passed || !ended, "%s", result.summary);
    const uint64_t hash = result.trace_hash;
    player_result_free(&result);
    return hash;
}

static void run_thrice(const struct scenario *scenario, struct player_options options)
{
    options.checks_only = true;
    (void)run_once(scenario, &options);
    options.checks_only = false;
    const uint64_t hash = run_once(scenario, &options);
    fuzz_forget();
    fuzz_check(run_once(scenario, &options) == hash, "a second run has a different trace");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct fuzz_input input = { bytes, size };
    struct complaints complaints = { 0 };
    struct player_options options = { .policy = CHOICE_SCRIPTED,
                                      .most_events = STORED_EVENTS_MOST,
                                      .most_iterations = STORED_ITERATIONS_MOST };
    size_t length;
    const char *text = fuzz_until(&input, STORED_SEPARATOR, &length);
    struct scenario *scenario = scenario_parse("the input", text, length, NULL, NULL, &complaints);
    if (length < size) {
        options.policy = CHOICE_FUZZED;
        options.bytes = input.at;
        options.byte_count = input.left;
    }
    if (scenario != NULL)
        run_thrice(scenario, options);
    scenario_free(scenario);
    fuzz_forget();
    return scenario != NULL ? 0 : -1;
}

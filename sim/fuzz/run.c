/*
 * run.c - a scenario is run: no check fails, nothing leaks, and a second run has the same trace.
 *
 * The bytes are a .scs file; behind a byte 0x1e, the answers of the choices (choice.h).  Without that byte the
 * schedule is the default one, or that of the scenario's own recording (`## choices:`).  What the steps expect is not
 * judged in the first run, so there a failure at the end is one of the server: sessions that stay in its tables; unless
 * the recording is of another run.
 */
#include "../shrink/stored_input.h"
#include "fuzz.h"
#include "mutate_scenario.h"

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
static uint64_t run_once(const struct stored_input *input)
{
    struct player_result result;
    player_run(input->scenario, &input->options, &result);
    fuzz_check(result.passed == (result.summary == NULL), "a failure without a sentence, or the reverse");
    fuzz_check(result.check == NULL, "%s", result.summary);
    fuzz_check(!input->options.checks_only || !stored_input_fails(input, &result), "%s", result.summary);
    const uint64_t hash = result.trace_hash;
    player_result_free(&result);
    return hash;
}

static void run_thrice(struct stored_input *input)
{
    (void)run_once(input);
    input->options.checks_only = false;
    const uint64_t hash = run_once(input);
    fuzz_forget();
    fuzz_check(run_once(input) == hash, "a second run has a different trace");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct stored_input input;
    stored_input_load(&input, "run", "the input", bytes, size);
    const bool is_scenario = input.scenario != NULL;
    if (is_scenario)
        run_thrice(&input);
    stored_input_free(&input);
    fuzz_forget();
    return is_scenario ? 0 : -1;
}

#include "adopt_bytes.h"

#include "../shrink/bytes.h"
#include "../tool/interrupt.h"
#include "../tool/machine.h"
#include "../tool/progress.h"
#include "../world/world.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum fuzz_end raw_input_try(struct raw_input *input, const struct file_list *programs)
{
    struct fuzz_failure refusal = { 0 };
    enum fuzz_end end = FUZZ_PASSED;
    for (size_t i = 0; i < programs->count && end != FUZZ_FAILED; i++) {
        struct fuzz_run run = { .program = programs->names[i], .limit = input->limit };
        fuzz_failure_free(&input->failure);
        input->program = programs->names[i];
        const enum fuzz_end now = fuzz_run(&run, input->bytes, input->length, &input->failure);
        if (now == FUZZ_REFUSED && refusal.cause == NULL) {
            refusal = input->failure;
            input->failure = (struct fuzz_failure){ 0 };
        }
        end = now != FUZZ_PASSED ? now : end;
    }
    if (end == FUZZ_REFUSED) {
        fuzz_failure_free(&input->failure);
        input->failure = refusal;
    } else {
        fuzz_failure_free(&refusal);
    }
    return end;
}

/* ---- Reducing ---- */

struct reducing {
    struct raw_input *input;
    struct fuzz_run run;
    uint64_t end; /* real time */
    size_t length;
    struct progress_bar bar;
};

static bool is_late(void *host)
{
    const struct reducing *reducing = host;
    return machine_now() >= reducing->end || interrupt_signal() != 0;
}

/* The sentence is that of the run that failed last. */
static bool still_fails(void *host, const unsigned char *bytes, size_t length)
{
    struct reducing *reducing = host;
    struct fuzz_failure *first = &reducing->input->failure;
    struct fuzz_failure failure;
    char note[64];
    const bool same = fuzz_run(&reducing->run, bytes, length, &failure) == FUZZ_FAILED &&
                      strcmp(failure.cause, first->cause) == 0;
    if (same) {
        const struct fuzz_failure last = *first;
        *first = failure;
        failure = last;
        reducing->length = length;
    }
    fuzz_failure_free(&failure);
    (void)snprintf(note, sizeof note, "%zu bytes, %" PRIu64 " runs", reducing->length, reducing->run.runs);
    progress_update(&reducing->bar, 0, 0, note);
    return same;
}

bool raw_input_reduce(struct raw_input *input, uint64_t time)
{
    const size_t before = input->length;
    const uint64_t began = machine_now();
    struct reducing reducing = { .input = input,
                                 .run = { .program = input->program, .limit = input->limit },
                                 .end = began + time,
                                 .length = input->length,
                                 .bar = progress_begin(stderr, time) };
    const struct bytes_shrinker shrinker = { still_fails, &reducing, is_late };
    input->length = bytes_shrink(&shrinker, input->bytes, input->length);
    const bool interrupted = interrupt_signal() != 0;
    const bool fails = interrupted || still_fails(&reducing, input->bytes, input->length);
    progress_erase(&reducing.bar);
    if (!fails) {
        fputs("rehearse adopt: the input does not fail each time with the same cause\n", stderr);
        return false;
    }
    if (interrupted)
        fputs("interrupted: this is the smallest input so far\n", stderr);
    fprintf(stderr, "bytes: %zu before, %zu now, with the same failure; %" PRIu64 " runs, %.1f s\n", before,
            input->length, reducing.run.runs, (double)(machine_now() - began) / (double)SIM_SECOND);
    return true;
}

void raw_input_free(struct raw_input *input)
{
    fuzz_failure_free(&input->failure);
    free(input->bytes);
    *input = (struct raw_input){ 0 };
}

#include "sweep_summary.h"

#include "../checks/checks.h"
#include "../printable.h"
#include "../tool/machine.h"
#include "../tool/options.h"
#include "../tool/output.h"
#include "../tool/server_option.h"
#include "../tool/version.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The name under which a check is counted; NULL after the last. */
static const char *check_name(size_t index)
{
    const char *name;
    const char *sentence;
    const char *source;
    return checks_describe(index, &name, &sentence, &source) ? name : NULL;
}

void sweep_count_all(struct sweep_result *result, const struct plot_counts *plots,
                     const struct player_tally *tally)
{
    const char *name;
    for (size_t i = 0; (name = plot_action_name(i)) != NULL; i++)
        sweep_count(plot_action_is_fault(i) ? &result->faults : &result->actions, name, plots->actions[i]);
    for (size_t i = 0; (name = player_fault_name(i)) != NULL; i++)
        sweep_count(&result->fired, name, tally->faults[i]);
    for (size_t i = 0; (name = check_name(i)) != NULL; i++) {
        sweep_count(&result->checks, name, tally->checks[i].asked);
        sweep_count(&result->several, name, tally->checks[i].several);
        sweep_count(&result->not_judged, name, tally->checks[i].not_judged);
    }
    for (unsigned i = CAPABILITY_NONE + 1; i < CAPABILITY_COUNT; i++)
        sweep_count(&result->left_out, capability_name((enum capability)i), plots->left_out[i]);
}

static void tell_actions(FILE *out, const struct sweep_result *result)
{
    const char *name;
    fputs("What the clients and the world did\n", out);
    for (size_t i = 0; (name = plot_action_name(i)) != NULL; i++)
        if (!plot_action_is_fault(i))
            fprintf(out, "  %12" PRIu64 "  %s\n", sweep_counted(&result->actions, name), name);
    fputs("\n", out);
}

static void tell_fault(FILE *out, const struct sweep_result *result, const char *name)
{
    uint64_t planned = sweep_counted(&result->faults, name);
    uint64_t fired = sweep_counted(&result->fired, name);
    if (planned > 0 || fired > 0)
        fprintf(out, "  %12" PRIu64 "  %12" PRIu64 "  %s%s\n", planned, fired, name,
                fired == 0 ? ": never happened" : "");
}

static bool is_planned(const char *fault)
{
    const char *name;
    size_t i = 0;
    while ((name = plot_action_name(i)) != NULL && strcmp(name, fault) != 0)
        i++;
    return name != NULL;
}

/* Faults that no plot plans come last. */
static void tell_faults(FILE *out, const struct sweep_result *result)
{
    const char *name;
    if (result->faults.count + result->fired.count == 0)
        return;
    fprintf(out, "What went wrong\n  %12s  %12s\n", "planned", "happened");
    for (size_t i = 0; (name = plot_action_name(i)) != NULL; i++)
        if (plot_action_is_fault(i))
            tell_fault(out, result, name);
    for (size_t i = 0; (name = player_fault_name(i)) != NULL; i++)
        if (!is_planned(name))
            tell_fault(out, result, name);
    fputs("\n", out);
}

static void tell_checks(FILE *out, const struct sweep_result *result)
{
    const char *name;
    fprintf(out, "What was checked\n  %12s  %12s  %12s\n", "how often", "several ways", "not judged");
    for (size_t i = 0; (name = check_name(i)) != NULL; i++) {
        const uint64_t asked = sweep_counted(&result->checks, name);
        fprintf(out, "  %12" PRIu64 "  %12" PRIu64 "  %12" PRIu64 "  %s%s\n", asked,
                sweep_counted(&result->several, name), sweep_counted(&result->not_judged, name), name,
                asked == 0 ? ": never checked" : "");
    }
    fputs("\n", out);
}

void sweep_tell_counts(FILE *out, const struct sweep_result *result)
{
    tell_actions(out, result);
    tell_faults(out, result);
    tell_checks(out, result);
}

void sweep_print_command(FILE *out, const char *program, const char *verb, const struct plot_options *options,
                         uint64_t seed)
{
    char *faults = sweep_faults_print(options->faults);
    machine_print_word(out, program);
    fprintf(out, " %s", verb);
    server_option_print(out, options->kind);
    fprintf(out, " --cast %u --steps %u --faults %s %" PRIu64, options->cast, options->steps, faults, seed);
    free(faults);
}

static void tell_failures(FILE *out, const char *program, const struct sweep_result *result)
{
    for (const struct sweep_failure *f = result->failures; f != NULL; f = f->next) {
        fprintf(out, "failed %" PRIu64 " time%s: ", f->count, f->count == 1 ? "" : "s");
        printable_string(out, f->cause);
        fprintf(out, "\n  seed %" PRIu64 ": ", f->seed);
        printable_string(out, f->summary);
        fputs("\n  ", out);
        sweep_print_command(out, program, "replay", &result->options, f->seed);
        fputs("\n  ", out);
        sweep_print_command(out, program, "shrink", &result->options, f->seed);
        fputs("\n\n", out);
    }
}

static void tell_sums(FILE *out, const struct sweep_result *result, uint64_t seeds)
{
    fprintf(out, "%" PRIu64 " seed%s", result->runs, result->runs == 1 ? "" : "s");
    if (result->trace_sum == 0 && result->runs > 0)
        fprintf(out, " of %" PRIu64 ", %" PRIu64 " events; runs of this server vary\n", seeds,
                result->events);
    else if (result->runs == seeds)
        fprintf(out, ", %" PRIu64 " events, traces %016" PRIx64 "\n", result->events, result->trace_sum);
    else
        fprintf(out, " of %" PRIu64 ", %" PRIu64 " events; there is no sum of the traces without all seeds\n",
                seeds, result->events);
}

static void tell_result(FILE *out, const char *program, const struct sweep_result *result, uint64_t seeds)
{
    sweep_tell_counts(out, result);
    tell_failures(out, program, result);
    fprintf(out, "rehearse %s\n", tool_version());
    server_option_print_unasked(out, result->options.kind);
    tell_sums(out, result, seeds);
}

/* What the server lacks, in a line; returns their sum. */
static uint64_t tell_lacking(FILE *out, const char *what, const struct sweep_tallies *tallies)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < tallies->count; i++) {
        const struct sweep_tally *tally = &tallies->list[i];
        fprintf(out, "%s%" PRIu64 " ", i == 0 ? what : ", ", tally->count);
        printable_string(out, tally->name);
        sum += tally->count;
    }
    if (sum > 0)
        fputc('\n', out);
    return sum;
}

static void tell_counts(FILE *out, const struct sweep_result *result)
{
    (void)tell_lacking(out, "actions left out: ", &result->left_out);
    const uint64_t skipped = tell_lacking(out, "skipped: ", &result->skipped);
    fprintf(out, "%" PRIu64 " passed, %" PRIu64 " failed", result->runs - result->failed - skipped,
            result->failed);
    if (skipped > 0)
        fprintf(out, ", %" PRIu64 " skipped", skipped);
    fputc('\n', out);
}

static bool write_result(struct output *output, const struct sweep_result *result)
{
    if (output == NULL)
        return true;
    char *text = sweep_print(result);
    fputs(text, output_file(output));
    free(text);
    return output_commit(output);
}

int sweep_conclude(const char *program, const struct sweep_result *result, uint64_t seeds, const char *notes,
                   struct output *output)
{
    const bool written = write_result(output, result);
    tell_result(stdout, program, result, seeds);
    fputs(notes, stdout);
    tell_counts(stdout, result);
    if (!machine_close(stdout, "the report") || !written)
        return STATUS_WRONG;
    return result->failed == 0 ? STATUS_HELD : STATUS_FAILED;
}

#include "replay_report.h"

#include "../tool/machine.h"

static bool is_seeded(const struct replay_told *told)
{
    return told->source->options.policy == CHOICE_SEEDED;
}

static struct report_case case_of(const struct replay_told *told)
{
    return (struct report_case){ .path = told->source->scenario->path,
                                 .name = told->name != NULL ? told->name : told->source->name,
                                 .title = told->source->scenario->title,
                                 .result = told->result,
                                 .real_time = told->real_time,
                                 .replay = told->command,
                                 .source = told->source->text };
}

static void count(struct report_totals *totals, const struct replay_told *told)
{
    totals->real_time += told->real_time;
    totals->kind = told->kind;
    report_count(totals, told->result);
}

void replay_report_print(FILE *out, enum colour colour, const struct replay_told *told)
{
    const struct report_options options = { .expected = 1,
                                            .files = 1,
                                            .selected = 1,
                                            .verbose = true,
                                            .colour = colour_on(colour, out),
                                            .columns = machine_is_terminal(out) ? machine_columns(out) : 0 };
    const struct report_case own = case_of(told);
    struct report_totals totals = { .seed = is_seeded(told) ? &told->source->options.seed : NULL };
    struct report *report = report_begin(REPORT_PRETTY, out, &options);
    report_add(report, &own);
    count(&totals, told);
    report_end(report, &totals);
}

bool replay_report_write(struct run_reports *reports, const struct replay_told *told, size_t runs,
                         const char *more)
{
    struct report_totals totals = { 0 };
    if (reports == NULL)
        return true;
    totals.seed = runs == 1 && is_seeded(told) ? &told->source->options.seed : NULL;
    run_reports_begin(reports, &(struct report_options){
                                   .expected = runs, .files = runs, .selected = runs, .seed = totals.seed });
    for (size_t i = 0; i < runs; i++) {
        struct report_case own = case_of(&told[i]);
        own.more = i + 1 == runs ? more : NULL;
        run_reports_add(reports, &own);
        count(&totals, &told[i]);
    }
    run_reports_end(reports, &totals);
    return run_reports_close(reports);
}

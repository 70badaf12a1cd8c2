/*
 * report_rig.h - for the tests of reports: results made by hand, and reports of them as text.
 */
#ifndef SIM_REPORT_RIG_H
#define SIM_REPORT_RIG_H

#include "../tool/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char summary[] = "Romeo received another stanza than expected";
static char explanation[] = "a/b.scs:12: Romeo receives:\n\n  expected | got\nreplay: rehearse run a/b.scs\n";

static const struct player_result good = { .passed = true, .virtual_time = 300 * SIM_SECOND };
static const struct player_result bad = { .virtual_time = 2 * SIM_SECOND,
                                          .line = 12,
                                          .check = "roster-push",
                                          .summary = summary,
                                          .explanation = explanation };

static const struct report_case passed = {
    .path = "a/a.scs", .name = "a/a.scs", .title = "Romeo comes in", .result = &good, .real_time = 41300
};
static const struct report_case failed = {
    .path = "a/b.scs", .name = "a/b.scs", .title = "Romeo waits", .result = &bad, .real_time = 2500000000
};
static const struct report_case skipped = {
    .path = "c/d.scs", .name = "c/d.scs", .title = "Romeo goes", .skipped = "slow"
};

static const struct report_totals totals = { .passed = 1,
                                             .failed = 1,
                                             .skipped = 1,
                                             .real_time = 2500041300,
                                             .virtual_time = 302 * SIM_SECOND,
                                             .events = 77,
                                             .trace_hash = 0xabc };

static inline char *report_with(enum report_format format, const struct report_options *options,
                                const struct report_case *const *cases, size_t count,
                                const struct report_totals *sums)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    struct report_options own = *options;
    own.expected = own.files = count;
    own.selected = sums->passed + sums->failed;
    own.seed = sums->seed;
    struct report *report = report_begin(format, out, &own);
    for (size_t i = 0; i < count; i++)
        report_add(report, cases[i]);
    report_end(report, sums);
    fclose(out);
    return text;
}

static inline char *report_on(enum report_format format, const struct report_case *const *cases, size_t count,
                              const struct report_totals *sums)
{
    return report_with(format, &(struct report_options){ .verbose = true }, cases, count, sums);
}

/* One that passed, one that failed, one that was skipped. */
static inline char *report_three_with(enum report_format format, const struct report_options *options)
{
    const struct report_case *const cases[] = { &passed, &failed, &skipped };
    return report_with(format, options, cases, 3, &totals);
}

static inline char *report_three(enum report_format format)
{
    return report_three_with(format, &(struct report_options){ .verbose = true });
}

static inline char *report_failure(enum report_format format, const char *title, const char *text)
{
    char *copy = strdup(text);
    const struct player_result result = { .summary = copy, .explanation = copy };
    const struct report_case one = { .path = "x.scs", .name = "x.scs", .title = title, .result = &result };
    const struct report_case *const cases[] = { &one };
    char *report = report_on(format, cases, 1, &(struct report_totals){ .failed = 1 });
    free(copy);
    return report;
}

static inline void assert_ends(const char *text, const char *end)
{
    assert_true(strlen(text) >= strlen(end));
    assert_string_equal(text + strlen(text) - strlen(end), end);
}

static inline void assert_holds(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("not there: %s\nin: %s", part, text);
}

/* Colours are the player's own; whatever else a terminal would obey is escaped. */
static char coloured[] = "\033[32mgreen\033[0m\033[2J\ttab\nnext\n";
static const struct player_result painted = { .summary = summary, .explanation = coloured };
static const struct report_case evil = {
    .path = "a/\033]b.scs", .name = "a/\033]b.scs", .title = "\033[31mred\a\xc2\x9b", .result = &painted
};

#endif

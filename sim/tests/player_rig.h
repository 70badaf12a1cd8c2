/*
 * player_rig.h - runs scenarios given as text, and checks their results.
 *
 * CAST has seven lines, so that the first step after it is in line 8.
 */
#ifndef SIM_TESTS_PLAYER_RIG_H
#define SIM_TESTS_PLAYER_RIG_H

#include "../player/player.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CAST                                                                                                 \
    "[Client] Romeo\n"                                                                                       \
    "\tjid: romeo@localhost/orchard\n"                                                                       \
    "\tpassword: secret\n"                                                                                   \
    "[Client] Juliet\n"                                                                                      \
    "\tjid: juliet@localhost/balcony\n"                                                                      \
    "\tpassword: secret\n"                                                                                   \
    "---\n"

#define FRIENDS                                                                                              \
    "[Roster] romeo@localhost\n"                                                                             \
    "\tjuliet@localhost: both\n"                                                                             \
    "[Roster] juliet@localhost\n"                                                                            \
    "\tromeo@localhost: both\n"

enum { FIRST_STEP = 8 };

static inline struct scenario *read_scenario(const char *text)
{
    struct complaints complaints;
    struct scenario *scenario = scenario_parse("test.scs", text, strlen(text), NULL, NULL, &complaints);
    for (size_t i = 0; scenario == NULL && i < complaints.count && i < COMPLAINTS_MAX; i++)
        print_error("%d: %s\n", complaints.list[i].line, complaints.list[i].message);
    assert_non_null(scenario);
    return scenario;
}

static inline struct player_result run_as(const char *text, const struct player_options *options)
{
    struct scenario *scenario = read_scenario(text);
    struct player_result result;
    player_run(scenario, options, &result);
    scenario_free(scenario);
    assert_true(result.passed == (result.summary == NULL));
    assert_true(result.passed == (result.explanation == NULL));
    assert_true(!result.passed || (result.line == 0 && result.check == NULL));
    return result;
}

static inline void passes_as(const char *text, const struct player_options *options)
{
    struct player_result result = run_as(text, options);
    if (!result.passed)
        print_error("%s", result.explanation);
    assert_true(result.passed);
    player_result_free(&result);
}

/* `summary` is all of it. */
static inline void fails_as(const char *text, const struct player_options *options, int line,
                            const char *summary)
{
    struct player_result result = run_as(text, options);
    assert_false(result.passed);
    assert_string_equal(result.summary, summary);
    assert_int_equal(result.line, line);
    assert_null(result.check);
    player_result_free(&result);
}

static const struct player_options loosely = { .policy = CHOICE_SCRIPTED };
static const struct player_options strictly = { .policy = CHOICE_SCRIPTED, .strict = true };

static inline void passes(const char *text)
{
    passes_as(text, &loosely);
}

static inline void passes_strictly(const char *text)
{
    passes_as(text, &strictly);
}

static inline void fails(const char *text, int line, const char *summary)
{
    fails_as(text, &loosely, line, summary);
}

static inline void fails_strictly(const char *text, int line, const char *summary)
{
    fails_as(text, &strictly, line, summary);
}

#endif

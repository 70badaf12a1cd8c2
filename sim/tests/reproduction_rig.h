/*
 * reproduction_rig.h - failures for the tests of reproduction: one of a wrong server, and one of a step that
 * fails only under some choices.
 */
#ifndef SIM_TESTS_REPRODUCTION_RIG_H
#define SIM_TESTS_REPRODUCTION_RIG_H

#include "../shrink/reproduction.h"
#include "liar.h"
#include "player_rig.h"

#define COMES_IN "## checks only\n" CAST "Romeo connects\nJuliet connects\nJuliet sends:\n\t<presence/>\n"
/* Juliet's own presence does not come back to her (RFC 6121, 4.2.2). */
static const struct lie loses_presence = { .to = 1, .swallow = "<presence" };

#define SENDS(name, to, body) name " sends:\n\t\t<message to='" to "'><body>" body "</body></message>\n"
#define RACE                                                                                                 \
    "## strict\n" CAST "Romeo connects\nJuliet connects\nAt the same time:\n"                                \
    "\t" SENDS("Romeo", "juliet@localhost/balcony", "one") "\t" SENDS(                                       \
        "Juliet", "juliet@localhost/balcony",                                                                \
        "two") "Juliet "                                                                                     \
               "receives:\n\t<message><body>one</body></message>\n\t<message><body>two</body></message>\n"

/* The lowest seed under which a scenario fails. */
static inline uint64_t find_seed(const char *text)
{
    for (uint64_t seed = 0; seed < 1000; seed++) {
        struct player_options options = { .policy = CHOICE_SEEDED, .seed = seed };
        struct player_result result = run_as(text, &options);
        bool passed = result.passed;
        player_result_free(&result);
        if (!passed)
            return seed;
    }
    fail();
    return 0;
}

#endif

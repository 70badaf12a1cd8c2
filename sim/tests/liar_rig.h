/*
 * liar_rig.h - runs scenarios against a server that lies, and checks which check of a run catches it.
 */
#ifndef SIM_TESTS_LIAR_RIG_H
#define SIM_TESTS_LIAR_RIG_H

#include "liar.h"
#include "player_rig.h"

#define BOTH       "Romeo connects\nJuliet connects\n"
#define ASKS(who)  who " sends:\n\t<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>\n"
#define COMES(who) who " sends:\n\t<presence/>\n"
#define GOES(who)  who " sends:\n\t<presence type='unavailable'/>\n"
#define ADDS_NURSE                                                                                           \
    "Juliet sends:\n"                                                                                        \
    "\t<iq type='set' id='s'><query xmlns='jabber:iq:roster'>"                                               \
    "<item jid='nurse@localhost' name='Nurse'><group>Servants</group></item></query></iq>\n"
#define ORCHARD "romeo@localhost/orchard"
enum { ROMEO, JULIET };

static inline struct player_result run_lying(struct lie what, const struct server_kind *kind,
                                             const char *text)
{
    lie = what;
    struct player_result result = run_as(text, &(struct player_options){ .kind = kind });
    lie = (struct lie){ 0 };
    return result;
}

static inline bool says(const char *summary, const char *part)
{
    bool found = summary != NULL && strstr(summary, part) != NULL;
    if (!found)
        print_error("not said: %s\n", summary != NULL ? summary : "nothing is wrong");
    return found;
}

/* The run fails by that check, with that detail. */
static inline void is_caught_by(const struct server_kind *kind, struct lie what, const char *text,
                                const char *check, const char *detail)
{
    struct player_result result = run_lying(what, kind, text);
    assert_false(result.passed);
    assert_non_null(result.check);
    assert_string_equal(result.check, check);
    assert_true(says(result.summary, detail));
    player_result_free(&result);
}

static inline void is_caught(struct lie what, const char *text, const char *check, const char *detail)
{
    is_caught_by(&liar_open, what, text, check, detail);
}

static inline void goes_unnoticed(const struct server_kind *kind, struct lie what, const char *text)
{
    struct player_result result = run_lying(what, kind, text);
    if (!result.passed)
        print_error("%s", result.explanation);
    assert_true(result.passed);
    player_result_free(&result);
}

#endif

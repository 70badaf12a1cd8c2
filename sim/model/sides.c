#include "sides.h"

#include <string.h>

/* ---- Appendix A ---- */

struct row {
    enum side_state next;
    bool goes_on;
};

#define N   SIDE_NONE
#define NO  SIDE_NONE_OUT
#define NI  SIDE_NONE_IN
#define NOI SIDE_NONE_OUT_IN
#define T   SIDE_TO
#define TI  SIDE_TO_IN
#define F   SIDE_FROM
#define FO  SIDE_FROM_OUT
#define B   SIDE_BOTH

/* By the state, in the order of A.1; what goes on is true. */
static const struct row tables[2][SIDE_STANZAS][SIDE_STATES] = {
    [SIDE_SENDS] = {
        [SIDE_SUBSCRIBE] = { { NO, true }, { NO, true }, { NOI, true }, { NOI, true }, { T, true },
                             { TI, true }, { FO, true }, { FO, true }, { B, true } },
        [SIDE_UNSUBSCRIBE] = { { N, true }, { N, true }, { NI, true }, { NI, true }, { N, true },
                               { NI, true }, { F, true }, { F, true }, { F, true } },
        [SIDE_SUBSCRIBED] = { { N, false }, { NO, false }, { F, true }, { FO, true }, { T, false },
                              { B, true }, { F, false }, { FO, false }, { B, false } },
        [SIDE_UNSUBSCRIBED] = { { N, false }, { NO, false }, { N, true }, { NO, true }, { T, false },
                                { T, true }, { N, true }, { NO, true }, { T, true } },
    },
    [SIDE_RECEIVES] = {
        [SIDE_SUBSCRIBE] = { { NI, true }, { NOI, true }, { NI, false }, { NOI, false }, { TI, true },
                             { TI, false }, { F, false }, { FO, false }, { B, false } },
        [SIDE_UNSUBSCRIBE] = { { N, false }, { NO, false }, { N, true }, { NO, true }, { T, false },
                               { T, true }, { N, true }, { NO, true }, { T, true } },
        [SIDE_SUBSCRIBED] = { { N, false }, { T, true }, { NI, false }, { TI, true }, { T, false },
                              { TI, false }, { F, false }, { B, true }, { B, false } },
        [SIDE_UNSUBSCRIBED] = { { N, false }, { N, true }, { NI, false }, { NI, true }, { N, true },
                                { NI, true }, { F, false }, { F, true }, { F, true } },
    },
};

#undef N
#undef NO
#undef NI
#undef NOI
#undef T
#undef TI
#undef F
#undef FO
#undef B

static const char *const stanza_names[SIDE_STANZAS] = { "subscribe", "unsubscribe", "subscribed",
                                                        "unsubscribed" };

static const char *const state_names[SIDE_STATES] = {
    "None", "None+PendingOut", "None+PendingIn", "None+PendingOut+In",
    "To",   "To+PendingIn",    "From",           "From+PendingOut",
    "Both"
};

enum side_stanza side_stanza_of(struct span type)
{
    int stanza = 0;
    while (stanza < SIDE_STANZAS && !span_is(type, stanza_names[stanza]))
        stanza++;
    return (enum side_stanza)stanza;
}

const char *side_stanza_name(enum side_stanza stanza)
{
    return stanza_names[stanza];
}

const char *side_name(enum side_state state)
{
    return state_names[state];
}

/* ---- States as sets ---- */

enum {
    HAS_TO = 1 << SIDE_TO | 1 << SIDE_TO_IN | 1 << SIDE_BOTH,
    HAS_FROM = 1 << SIDE_FROM | 1 << SIDE_FROM_OUT | 1 << SIDE_BOTH,
    HAS_IN = 1 << SIDE_NONE_IN | 1 << SIDE_NONE_OUT_IN | 1 << SIDE_TO_IN,
    HAS_OUT = 1 << SIDE_NONE_OUT | 1 << SIDE_NONE_OUT_IN | 1 << SIDE_FROM_OUT
};

static bool is_one_of(enum side_state state, int states)
{
    return (states & 1 << state) != 0;
}

bool side_has_to(enum side_state state)
{
    return is_one_of(state, HAS_TO);
}

bool side_has_from(enum side_state state)
{
    return is_one_of(state, HAS_FROM);
}

bool side_has_pending_in(enum side_state state)
{
    return is_one_of(state, HAS_IN);
}

bool side_has_pending_out(enum side_state state)
{
    return is_one_of(state, HAS_OUT);
}

/* The state with these properties; one that Appendix A does not have is the same without what waits. */
static enum side_state state_with(bool to, bool from, bool pending_out, bool pending_in)
{
    int state = 0;
    pending_out = pending_out && !to;
    pending_in = pending_in && !from;
    while (is_one_of((enum side_state)state, HAS_TO) != to ||
           is_one_of((enum side_state)state, HAS_FROM) != from ||
           is_one_of((enum side_state)state, HAS_OUT) != pending_out ||
           is_one_of((enum side_state)state, HAS_IN) != pending_in)
        state++;
    return (enum side_state)state;
}

/* ---- Steps ---- */

/* A request that was approved before it came in is granted, and the approval is spent (3.4). */
static struct side granted(struct side side)
{
    return (struct side){ state_with(side_has_to(side.state), true, side_has_pending_out(side.state), false),
                          false };
}

static bool is_granted(enum side_direction direction, enum side_stanza stanza, struct side side)
{
    return direction == SIDE_RECEIVES && stanza == SIDE_SUBSCRIBE && side.is_approved &&
           !side_has_from(side.state);
}

/* What a stanza that is sent makes of the approval: `subscribed` approves the next request where none waits, and
 * `unsubscribed` takes that back (3.4.2). */
static bool is_approved_after(enum side_stanza stanza, struct side side)
{
    if (stanza == SIDE_UNSUBSCRIBED)
        return false;
    const bool approves =
        stanza == SIDE_SUBSCRIBED && !side_has_from(side.state) && !side_has_pending_in(side.state);
    return side.is_approved || approves;
}

struct side_step side_step(enum side_direction direction, enum side_stanza stanza, struct side side)
{
    const struct row *row = &tables[direction][stanza][side.state];
    if (is_granted(direction, stanza, side))
        return (struct side_step){ granted(side), false };
    const bool is_approved = direction == SIDE_SENDS ? is_approved_after(stanza, side) : side.is_approved;
    return (struct side_step){ { row->next, is_approved }, row->goes_on };
}

enum side_stanza side_answer(enum side_stanza stanza, struct side side)
{
    if (stanza == SIDE_SUBSCRIBE && (side_has_from(side.state) || side.is_approved))
        return SIDE_SUBSCRIBED;
    return stanza == SIDE_UNSUBSCRIBE && tables[SIDE_RECEIVES][stanza][side.state].goes_on ? SIDE_UNSUBSCRIBED
                                                                                           : SIDE_STANZAS;
}

static bool is_same(struct side one, struct side other)
{
    return one.state == other.state && one.is_approved == other.is_approved;
}

bool side_may_become(struct side from, struct side to)
{
    bool may = is_same(from, to);
    for (int stanza = 0; stanza < SIDE_STANZAS && !may; stanza++)
        may = is_same(side_step(SIDE_SENDS, (enum side_stanza)stanza, from).side, to) ||
              is_same(side_step(SIDE_RECEIVES, (enum side_stanza)stanza, from).side, to);
    return may;
}

/* ---- Stored items ---- */

struct side side_of_item(const char *item)
{
    struct element found, request;
    if (item == NULL || !element_find((struct span){ item, strlen(item) }, "item", &found, NULL))
        return (struct side){ SIDE_NONE, false };
    const struct span subscription = tag_attribute(&found.tag, "subscription");
    const bool is_both = span_is(subscription, "both");
    const bool to = is_both || span_is(subscription, "to"), from = is_both || span_is(subscription, "from");
    const bool out = span_is(tag_attribute(&found.tag, "ask"), "subscribe");
    const bool in = element_find(found.inside, "presence", &request, NULL);
    return (struct side){ state_with(to, from, out, in),
                          span_is(tag_attribute(&found.tag, "approved"), "true") };
}

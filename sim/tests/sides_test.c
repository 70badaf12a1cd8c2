/* What a subscription stanza makes of each side: RFC 6121, Appendix A and 3.4, compared with the file of its tables. */
#include "../model/sides.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static enum side_state state_named(const char *name)
{
    int state = 0;
    while (state < SIDE_STATES && strcmp(side_name((enum side_state)state), name) != 0)
        state++;
    assert_in_range(state, 0, SIDE_STATES - 1);
    return (enum side_state)state;
}

static enum side_stanza stanza_named(const char *name)
{
    return side_stanza_of((struct span){ name, strlen(name) });
}

static void compare_row(const char *line)
{
    char direction[16], stanza[16], from[32], pass[8], next[32];
    assert_int_equal(sscanf(line, "%15s %15s %31s %7s %31s", direction, stanza, from, pass, next), 5);
    const enum side_direction sends = strcmp(direction, "out") == 0 ? SIDE_SENDS : SIDE_RECEIVES;
    const struct side_step step =
        side_step(sends, stanza_named(stanza), (struct side){ state_named(from), false });
    if (step.side.state != state_named(next) || step.goes_on != (strcmp(pass, "yes") == 0))
        fail_msg("otherwise than in %s", line);
}

/* The rows of fixtures/rfc6121-appendix-a.tsv: direction, stanza, state, pass, new state. */
static void every_row_of_appendix_a_holds(void **state)
{
    (void)state;
    FILE *table = fopen("fixtures/rfc6121-appendix-a.tsv", "r");
    assert_non_null(table);
    char line[512];
    size_t rows = 0;
    while (fgets(line, sizeof line, table) != NULL) {
        if (line[0] == '#' || strncmp(line, "direction", strlen("direction")) == 0)
            continue;
        compare_row(line);
        rows++;
    }
    assert_int_equal(fclose(table), 0);
    assert_int_equal(rows, 2 * SIDE_STANZAS * SIDE_STATES);
}

static void four_types_are_subscription_stanzas(void **state)
{
    (void)state;
    for (int i = 0; i < SIDE_STANZAS; i++)
        assert_int_equal(stanza_named(side_stanza_name((enum side_stanza)i)), i);
    assert_int_equal(stanza_named("probe"), SIDE_STANZAS);
    assert_int_equal(stanza_named("subscribe "), SIDE_STANZAS);
    assert_int_equal(side_stanza_of((struct span){ NULL, 0 }), SIDE_STANZAS);
}

static void becomes(struct side_step step, enum side_state state, bool is_approved, bool goes_on)
{
    assert_int_equal(step.side.state, state);
    assert_int_equal(step.side.is_approved, is_approved);
    assert_int_equal(step.goes_on, goes_on);
}

/* RFC 6121, 3.4.2: "None", "None + Pending Out" and "To" approve the next request. */
static void subscribed_before_a_request_approves_it(void **state)
{
    (void)state;
    for (int from = 0; from < SIDE_STATES; from++) {
        const bool approves = from == SIDE_NONE || from == SIDE_NONE_OUT || from == SIDE_TO;
        const struct side side = { (enum side_state)from, false };
        assert_int_equal(side_step(SIDE_SENDS, SIDE_SUBSCRIBED, side).side.is_approved, approves);
    }
    becomes(side_step(SIDE_SENDS, SIDE_UNSUBSCRIBED, (struct side){ SIDE_TO, true }), SIDE_TO, false, false);
    becomes(side_step(SIDE_SENDS, SIDE_SUBSCRIBE, (struct side){ SIDE_NONE, true }), SIDE_NONE_OUT, true,
            true);
}

/* RFC 6121, 3.4.2: the request is granted, and not delivered. */
static void an_approved_request_is_granted_once(void **state)
{
    (void)state;
    becomes(side_step(SIDE_RECEIVES, SIDE_SUBSCRIBE, (struct side){ SIDE_NONE, true }), SIDE_FROM, false,
            false);
    becomes(side_step(SIDE_RECEIVES, SIDE_SUBSCRIBE, (struct side){ SIDE_NONE_OUT, true }), SIDE_FROM_OUT,
            false, false);
    becomes(side_step(SIDE_RECEIVES, SIDE_SUBSCRIBE, (struct side){ SIDE_TO, true }), SIDE_BOTH, false,
            false);
    assert_int_equal(side_answer(SIDE_SUBSCRIBE, (struct side){ SIDE_TO, true }), SIDE_SUBSCRIBED);
    assert_int_equal(side_answer(SIDE_SUBSCRIBE, (struct side){ SIDE_TO, false }), SIDE_STANZAS);
}

/* RFC 6121, 3.1.3 and A.3.2, note 1. */
static void some_stanzas_are_answered(void **state)
{
    (void)state;
    for (int from = 0; from < SIDE_STATES; from++) {
        const struct side side = { (enum side_state)from, false };
        const bool is_subscribed = side_has_from(side.state);
        assert_int_equal(side_answer(SIDE_SUBSCRIBE, side), is_subscribed ? SIDE_SUBSCRIBED : SIDE_STANZAS);
        assert_int_equal(side_answer(SIDE_UNSUBSCRIBE, side),
                         is_subscribed || side_has_pending_in(side.state) ? SIDE_UNSUBSCRIBED : SIDE_STANZAS);
        assert_int_equal(side_answer(SIDE_SUBSCRIBED, side), SIDE_STANZAS);
        assert_int_equal(side_answer(SIDE_UNSUBSCRIBED, side), SIDE_STANZAS);
    }
}

static void one_stanza_does_not_change_everything(void **state)
{
    (void)state;
    assert_true(side_may_become((struct side){ SIDE_NONE, false }, (struct side){ SIDE_NONE_OUT, false }));
    assert_true(side_may_become((struct side){ SIDE_NONE, true }, (struct side){ SIDE_FROM, false }));
    assert_true(side_may_become((struct side){ SIDE_BOTH, false }, (struct side){ SIDE_BOTH, false }));
    assert_false(side_may_become((struct side){ SIDE_NONE, true }, (struct side){ SIDE_FROM, true }));
    assert_false(side_may_become((struct side){ SIDE_TO_IN, false }, (struct side){ SIDE_NONE, false }));
    assert_false(side_may_become((struct side){ SIDE_NONE, false }, (struct side){ SIDE_TO, false }));
    assert_false(side_may_become((struct side){ SIDE_BOTH, false }, (struct side){ SIDE_NONE, false }));
}

static void is_side(const char *item, enum side_state expected, bool is_approved)
{
    const struct side side = side_of_item(item);
    assert_int_equal(side.state, expected);
    assert_int_equal(side.is_approved, is_approved);
}

/* core/include/core.h, enum core_store. */
static void a_stored_item_is_read(void **state)
{
    (void)state;
#define ITEM(attributes, inside) "<item xmlns='jabber:iq:roster' jid='a@b'" attributes ">" inside "</item>"
#define REQUEST                  "<presence xmlns='jabber:client' type='subscribe' from='a@b'/>"
    is_side(NULL, SIDE_NONE, false);
    is_side(ITEM("", ""), SIDE_NONE, false);
    is_side(ITEM(" approved='true'", "<group>x</group>"), SIDE_NONE, true);
    is_side(ITEM(" ask='subscribe'", ""), SIDE_NONE_OUT, false);
    is_side(ITEM(" hidden='true'", REQUEST), SIDE_NONE_IN, false);
    is_side(ITEM(" ask='subscribe' subscription='none'", "<group>x</group>" REQUEST), SIDE_NONE_OUT_IN,
            false);
    is_side(ITEM(" subscription='to'", ""), SIDE_TO, false);
    is_side(ITEM(" subscription='to'", REQUEST), SIDE_TO_IN, false);
    is_side(ITEM(" subscription='from'", ""), SIDE_FROM, false);
    is_side(ITEM(" subscription='from' ask='subscribe'", ""), SIDE_FROM_OUT, false);
    is_side(ITEM(" subscription='both'", ""), SIDE_BOTH, false);
    /* A.1 has no state with both a subscription and what was asked for it. */
    is_side(ITEM(" subscription='both' ask='subscribe'", REQUEST), SIDE_BOTH, false);
#undef ITEM
#undef REQUEST
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_of_appendix_a_holds),
        cmocka_unit_test(four_types_are_subscription_stanzas),
        cmocka_unit_test(subscribed_before_a_request_approves_it),
        cmocka_unit_test(an_approved_request_is_granted_once),
        cmocka_unit_test(some_stanzas_are_answered),
        cmocka_unit_test(one_stanza_does_not_change_everything),
        cmocka_unit_test(a_stored_item_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

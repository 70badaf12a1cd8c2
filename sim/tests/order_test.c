/* The order in which stanzas came in. */
#include "../model/order.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { ROMEO = 5, JULIET = 6 };

static void places(void **state)
{
    (void)state;
    struct order_in in = { 0 };
    order_came(&in, ROMEO, 1);
    order_came(&in, JULIET, 1);
    order_came(&in, ROMEO, 2);
    assert_int_equal(order_place(&in, ROMEO, 1), 1);
    assert_int_equal(order_place(&in, JULIET, 1), 2);
    assert_int_equal(order_place(&in, ROMEO, 2), 3);
    assert_int_equal(order_place(&in, ROMEO, 3), 0);
    order_free(&in);
    assert_int_equal(order_place(&in, ROMEO, 1), 0);
}

static void an_id_used_twice_has_no_place(void **state)
{
    (void)state;
    struct order_in in = { 0 };
    order_came(&in, ROMEO, 1);
    order_came(&in, ROMEO, 1);
    assert_int_equal(order_place(&in, ROMEO, 1), 0);
    order_free(&in);
}

static void the_oldest_are_forgotten(void **state)
{
    (void)state;
    struct order_in in = { 0 };
    unsigned remembered = 0;
    for (uint64_t id = 0; id < UINT64_C(10) * ORDER_STANZAS; id++)
        order_came(&in, ROMEO, id * UINT64_C(0x123456789ABCDEF));
    for (uint64_t id = 0; id < UINT64_C(10) * ORDER_STANZAS; id++) {
        const uint64_t place = order_place(&in, ROMEO, id * UINT64_C(0x123456789ABCDEF));
        assert_true(place == 0 || place == id + 1);
        remembered += place != 0;
    }
    assert_in_range(remembered, ORDER_STANZAS / 2, ORDER_STANZAS);
    order_free(&in);
}

static void the_last_that_left(void **state)
{
    (void)state;
    struct order_out out = { 0 };
    const uint64_t romeo = UINT64_C(1) << 32, juliet = UINT64_C(2) << 32,
                   beside_romeo = (UINT64_C(1) + ORDER_SENDERS) << 32;
    assert_int_equal(order_last(&out, romeo), 0);
    order_left(&out, romeo, 7);
    order_left(&out, juliet, 8);
    assert_int_equal(order_last(&out, romeo), 7);
    assert_int_equal(order_last(&out, juliet), 8);
    order_left(&out, beside_romeo, 9);
    assert_int_equal(order_last(&out, romeo), 0);
    assert_int_equal(order_last(&out, beside_romeo), 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places),
        cmocka_unit_test(an_id_used_twice_has_no_place),
        cmocka_unit_test(the_oldest_are_forgotten),
        cmocka_unit_test(the_last_that_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

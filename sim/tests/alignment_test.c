#include "../verbs/alignment.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A list of letters and which of them are alone. */
struct list {
    uint64_t items[4096];
    bool alone[4096];
    size_t count;
};

static struct list one, other;

static void read_list(struct list *list, const char *letters)
{
    *list = (struct list){ .count = strlen(letters) };
    for (size_t i = 0; i < list->count; i++)
        list->items[i] = (uint64_t)letters[i];
}

static void align_lists(void)
{
    align(&(struct aligned){ one.items, one.count, one.alone },
          &(struct aligned){ other.items, other.count, other.alone });
}

/* Letters that have no partner are written as capitals. */
static void expect_list(const struct list *list, const char *expected)
{
    char got[64] = "";
    for (size_t i = 0; i < list->count; i++)
        got[i] = (char)(list->items[i] - (list->alone[i] ? 32 : 0));
    assert_string_equal(got, expected);
}

static void expect(const char *a, const char *b)
{
    char letters[2][64] = { "", "" };
    for (size_t i = 0; a[i] != '\0'; i++)
        letters[0][i] = (char)(a[i] | 32);
    for (size_t i = 0; b[i] != '\0'; i++)
        letters[1][i] = (char)(b[i] | 32);
    read_list(&one, letters[0]);
    read_list(&other, letters[1]);
    align_lists();
    expect_list(&one, a);
    expect_list(&other, b);
}

static void equal_lists_have_partners_for_all(void **state)
{
    (void)state;
    expect("", "");
    expect("a", "a");
    expect("abcabba", "abcabba");
}

static void what_one_list_lacks_is_alone_in_the_other(void **state)
{
    (void)state;
    expect("", "ABC");
    expect("ABC", "");
    expect("abCd", "abd");
    expect("abd", "abCd");
    expect("Xabc", "abcY");
    expect("abXcd", "abYcd");
    expect("ABC", "XYZ");
}

/* How many items a shortest path leaves alone, by the usual table. */
static size_t least_alone(void)
{
    static size_t table[64][64];
    for (size_t x = 0; x <= one.count; x++) {
        for (size_t y = 0; y <= other.count; y++) {
            if (x == 0 || y == 0)
                table[x][y] = x + y;
            else if (one.items[x - 1] == other.items[y - 1])
                table[x][y] = table[x - 1][y - 1];
            else
                table[x][y] = 1 + (table[x - 1][y] < table[x][y - 1] ? table[x - 1][y] : table[x][y - 1]);
        }
    }
    return table[one.count][other.count];
}

/* Partners are equal and in order; returns how many items have none. */
static size_t check_partners(void)
{
    size_t x = 0;
    size_t y = 0;
    size_t alone = 0;
    while (x < one.count || y < other.count) {
        if (x < one.count && one.alone[x]) {
            x++;
            alone++;
        } else if (y < other.count && other.alone[y]) {
            y++;
            alone++;
        } else {
            assert_true(x < one.count && y < other.count);
            assert_true(one.items[x++] == other.items[y++]);
        }
    }
    return alone;
}

static uint64_t drawn = 1;

static uint64_t draw(uint64_t below)
{
    drawn = drawn * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (drawn >> 33) % below;
}

static void draw_list(struct list *list, size_t most, uint64_t letters)
{
    *list = (struct list){ .count = draw(most + 1) };
    for (size_t i = 0; i < list->count; i++)
        list->items[i] = draw(letters);
}

static void the_number_without_partner_is_minimal(void **state)
{
    (void)state;
    for (int i = 0; i < 3000; i++) {
        draw_list(&one, 40, 1 + (uint64_t)i % 7);
        draw_list(&other, 40, 1 + (uint64_t)i % 7);
        align_lists();
        assert_int_equal(check_partners(), least_alone());
    }
}

/* More than the bound differs: partners still are equal and in order, and the common end is found. */
static void lists_that_differ_nearly_everywhere_are_aligned_too(void **state)
{
    (void)state;
    for (uint64_t letters = 2; letters < 100000; letters *= 9) {
        draw_list(&one, 0, 1);
        draw_list(&other, 0, 1);
        one.count = 4096;
        other.count = 3000;
        for (size_t i = 0; i < 4096; i++) {
            one.items[i] = draw(letters);
            other.items[i] = draw(letters);
        }
        one.items[4095] = other.items[2999] = 1000000;
        align_lists();
        assert_true(check_partners() <= 4095 + 2999);
        assert_false(one.alone[4095] || other.alone[2999]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_lists_have_partners_for_all),
        cmocka_unit_test(what_one_list_lacks_is_alone_in_the_other),
        cmocka_unit_test(the_number_without_partner_is_minimal),
        cmocka_unit_test(lists_that_differ_nearly_everywhere_are_aligned_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Comparing addresses without preparing them (RFC 7622, 3). */
#include "../model/address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct address split(const char *jid)
{
    return address_split((struct span){ jid, jid != NULL ? strlen(jid) : 0 });
}

static enum alike same(const char *one, const char *other)
{
    const struct address a = split(one), b = split(other);
    assert_int_equal(address_same(&a, &b), address_same(&b, &a));
    return address_same(&a, &b);
}

static enum alike same_account(const char *one, const char *other)
{
    const struct address a = split(one), b = split(other);
    return address_same_account(&a, &b);
}

static void the_parts(void **state)
{
    (void)state;
    const struct address full = split("romeo@localhost/a@b/c");
    assert_true(span_is(full.local, "romeo") && span_is(full.domain, "localhost") &&
                span_is(full.resource, "a@b/c"));
    const struct address domain = split("localhost");
    assert_true(domain.local.bytes == NULL && span_is(domain.domain, "localhost") &&
                domain.resource.bytes == NULL);
    const struct address service = split("localhost/x");
    assert_true(service.local.bytes == NULL && span_is(service.resource, "x"));
    assert_null(split(NULL).domain.bytes);
}

static void letters_of_accounts_have_no_case(void **state)
{
    (void)state;
    assert_int_equal(same("Romeo@LOCALHOST/x", "romeo@localhost/x"), ALIKE_YES);
    assert_int_equal(same("romeo@localhost/X", "romeo@localhost/x"), ALIKE_NO);
    assert_int_equal(same("romeo@localhost", "romeo@localhost/x"), ALIKE_NO);
    assert_int_equal(same("romeo@localhost", "rome@localhost"), ALIKE_NO);
    assert_int_equal(same("localhost", "romeo@localhost"), ALIKE_NO);
    assert_int_equal(same_account("romeo@localhost/a", "Romeo@localhost/b"), ALIKE_YES);
    assert_int_equal(same_account("romeo@localhost/a", "romeo@localhosts/a"), ALIKE_NO);
}

/* RFC 7622, 3.2. */
static void a_domain_may_have_a_final_dot(void **state)
{
    (void)state;
    assert_int_equal(same("romeo@localhost./x", "romeo@localhost/x"), ALIKE_YES);
    assert_int_equal(same("localhost", "LOCALHOST."), ALIKE_YES);
    assert_int_equal(same("romeo@localhost..", "romeo@localhost"), ALIKE_NO);
    assert_int_equal(same("romeo.@localhost", "romeo@localhost"), ALIKE_NO);
}

static void what_preparation_may_change_is_unknown(void **state)
{
    (void)state;
    assert_int_equal(same("juli\xC3\xABt@localhost", "juliet@localhost"), ALIKE_UNKNOWN);
    assert_int_equal(same("juli\xC3\xABt@localhost", "juli\xC3\xABt@localhost"), ALIKE_YES);
    assert_int_equal(same("a&apos;b@localhost", "a'b@localhost"), ALIKE_UNKNOWN);
    assert_int_equal(same("juli\xC3\xABt@localhost", "juliet@example.com"), ALIKE_NO);
    assert_int_equal(same("juliet@localhost/\xC3\xAB", "juliet@localhost/e"), ALIKE_UNKNOWN);
}

static void assert_likeness(const char *jid, const char *full_jid, struct likeness expected)
{
    const struct span own = { full_jid, full_jid != NULL ? strlen(full_jid) : 0 };
    const struct likeness found = address_liken((struct span){ jid, jid != NULL ? strlen(jid) : 0 }, own);
    assert_int_equal(found.account, expected.account);
    assert_int_equal(found.whole, expected.whole);
    assert_int_equal(found.has_resource, expected.has_resource);
}

static void likeness_to_a_full_jid(void **state)
{
    (void)state;
    static const char own[] = "romeo@localhost/x";
    assert_likeness(own, own, (struct likeness){ ALIKE_YES, ALIKE_YES, true });
    assert_likeness("romeo@localhost", own, (struct likeness){ ALIKE_YES, ALIKE_NO, false });
    assert_likeness("Romeo@localhost", own, (struct likeness){ ALIKE_YES, ALIKE_NO, false });
    assert_likeness("Romeo@localhost/x", own, (struct likeness){ ALIKE_YES, ALIKE_YES, true });
    assert_likeness("romeo@localhost/x/y", own, (struct likeness){ ALIKE_YES, ALIKE_NO, true });
    assert_likeness("romeo@localhost/x", "romeo@localhost/x/y",
                    (struct likeness){ ALIKE_YES, ALIKE_NO, true });
    assert_likeness("romeo@localhost/\xC3\xAB", own, (struct likeness){ ALIKE_YES, ALIKE_UNKNOWN, true });
    assert_likeness("juli\xC3\xABt@localhost", own, (struct likeness){ ALIKE_UNKNOWN, ALIKE_NO, false });
    assert_likeness("juliet@localhost/x", own, (struct likeness){ ALIKE_NO, ALIKE_NO, true });
    assert_likeness("localhost", own, (struct likeness){ ALIKE_NO, ALIKE_NO, false });
    assert_likeness("", own, (struct likeness){ ALIKE_NO, ALIKE_NO, false });
    assert_likeness(NULL, own, (struct likeness){ ALIKE_NO, ALIKE_NO, false });
    assert_likeness("romeo@localhost", NULL, (struct likeness){ ALIKE_NO, ALIKE_NO, false });
    assert_likeness("romeo@localhost", "romeo@localhost", (struct likeness){ ALIKE_YES, ALIKE_YES, false });
}

static bool is_read_as(const char *part, size_t size, const char *expected)
{
    char out[16];
    return address_read_part((struct span){ part, part != NULL ? strlen(part) : 0 }, out, size) &&
           strcmp(out, expected) == 0;
}

/* RFC 7622, 3.3: where more than the case may change, there is no copy. */
static void a_part_is_read_in_small_letters(void **state)
{
    (void)state;
    assert_true(is_read_as("Romeo", 16, "romeo"));
    assert_true(is_read_as("romeo", 6, "romeo"));
    assert_false(is_read_as("romeo", 5, "romeo"));
    assert_false(is_read_as("rom&#101;o", 16, "rom&#101;o"));
    assert_false(is_read_as("\xc3\xa9", 16, "\xc3\xa9"));
    assert_false(is_read_as("", 16, ""));
    assert_false(is_read_as(NULL, 16, ""));
}

static bool is_stable(const char *local)
{
    return address_is_stable((struct span){ local, local != NULL ? strlen(local) : 0 });
}

/* RFC 7622, 4: one with a blocked composition changes once more (Unicode PRI 29). */
static void a_localpart_is_stable_or_not(void **state)
{
    (void)state;
    assert_true(is_stable(NULL));
    assert_true(is_stable("romeo"));
    assert_true(is_stable("rom\xc3\xa9o"));
    assert_false(is_stable("ROM\xc3\x89O"));
    assert_false(is_stable("rome\xcc\x81o"));
    assert_false(is_stable("\xe0\xa7\x87\xe0\xb7\x8a\xe0\xa7\x97\xe0\xa4\xbc"));
    assert_true(is_stable("ROM\xc3\x89O&amp;"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_parts),
        cmocka_unit_test(letters_of_accounts_have_no_case),
        cmocka_unit_test(a_domain_may_have_a_final_dot),
        cmocka_unit_test(what_preparation_may_change_is_unknown),
        cmocka_unit_test(likeness_to_a_full_jid),
        cmocka_unit_test(a_part_is_read_in_small_letters),
        cmocka_unit_test(a_localpart_is_stable_or_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

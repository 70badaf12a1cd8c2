/* What is taken out of stream features. */
#include "../record/offer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static struct offer passes(const char *features, const char *passed)
{
    struct text out = { 0 };
    const struct offer offer = offer_pass(features, strlen(features), &out);
    assert_string_equal(out.bytes, passed);
    text_free(&out);
    return offer;
}

#define TLS_NS "xmlns='urn:ietf:params:xml:ns:xmpp-tls'"

static void starttls_is_hidden(void **state)
{
    (void)state;
    struct offer offer = passes("<stream:features><starttls " TLS_NS "/><bind xmlns='b'/></stream:features>",
                                "<stream:features><bind xmlns='b'/></stream:features>");
    assert_true(offer.tls && !offer.tls_required && !offer.plus);
    offer = passes("<stream:features> <starttls " TLS_NS "><required/></starttls> </stream:features>",
                   "<stream:features>  </stream:features>");
    assert_true(offer.tls && offer.tls_required);
    offer = passes("<features xmlns='s'><t:starttls xmlns:t='x'></t:starttls></features>",
                   "<features xmlns='s'></features>");
    assert_true(offer.tls && !offer.tls_required);
}

static void mechanisms_with_channel_binding_are_hidden(void **state)
{
    (void)state;
    struct offer offer =
        passes("<f><mechanisms><mechanism>SCRAM-SHA-1-PLUS</mechanism>"
               "<mechanism>SCRAM-SHA-1</mechanism><mechanism> X-PLUS\n</mechanism></mechanisms></f>",
               "<f><mechanisms><mechanism>SCRAM-SHA-1</mechanism></mechanisms></f>");
    assert_true(offer.plus && !offer.tls);
    assert_int_equal(offer.mechanisms, 1);
    offer =
        passes("<f><authentication xmlns='urn:xmpp:sasl:2'><mechanism>A-PLUS</mechanism><inline><x/></inline>"
               "</authentication></f>",
               "<f><authentication xmlns='urn:xmpp:sasl:2'><inline><x/></inline></authentication></f>");
    assert_true(offer.plus);
    assert_int_equal(offer.mechanisms, 0);
}

static void all_else_is_as_it_was(void **state)
{
    (void)state;
    static const char *const as_they_are[] = {
        "<stream:features/>",
        "<stream:features></stream:features>",
        "<f><mechanisms/><x a='>'><starttlsx/><starttls/></x></f>",
        "<f><mechanisms>\n\t<mechanism>PLAIN</mechanism>\n</mechanisms>\n<sm xmlns='urn:xmpp:sm:3'/></f>",
        "<f><mechanisms><mechanism>-PLUSX</mechanism><mechanism/></mechanisms></f>",
        " <stream:features><x/></stream:features>",
    };
    for (size_t i = 0; i < sizeof as_they_are / sizeof as_they_are[0]; i++) {
        const struct offer offer = passes(as_they_are[i], as_they_are[i]);
        assert_false(offer.tls || offer.tls_required || offer.plus);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(starttls_is_hidden),
        cmocka_unit_test(mechanisms_with_channel_binding_are_hidden),
        cmocka_unit_test(all_else_is_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

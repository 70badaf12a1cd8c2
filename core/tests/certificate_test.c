/* The XMPP addresses in a client's certificate (XEP-0178), each an XmppAddr (RFC 6120, 13.7.1.4). */
#include "sasl/certificate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const char *const identities[] = { "romeo@localhost", "Juliet@LOCALHOST", "nurse@example.com",
                                          "romeo@localhost", "ROMEO@localhost" };

/* None of them is the bare JID of an account. */
static const char *const others[] = { "localhost", "romeo@localhost/orchard", "@localhost",
                                      "",          "ro meo@localhost",        "\xFF@localhost" };

enum { OTHERS = sizeof others / sizeof *others };

static const struct core_tls channel = { .identities = identities, .identity_count = 3 };

static void only_an_address_of_the_host_certifies(void **state)
{
    (void)state;
    assert_true(certificate_is_of(&channel, "localhost"));
    assert_true(certificate_is_of(&channel, "example.com"));
    assert_false(certificate_is_of(&channel, "example.org"));
    assert_false(certificate_is_of(NULL, "localhost"));
}

static void a_certificate_without_the_address_of_an_account_certifies_none(void **state)
{
    (void)state;
    char username[JID_PART_MAX + 1];
    const struct core_tls tls = { .identities = others, .identity_count = OTHERS };
    const struct core_tls empty = { .identity_count = 0 };
    assert_false(certificate_is_of(&tls, "localhost"));
    assert_false(certificate_choose(&tls, "localhost", "", 0, username));
    assert_false(certificate_choose(&tls, "localhost", "romeo@localhost", 15, username));
    assert_false(certificate_is_of(&empty, "localhost"));
    assert_false(certificate_choose(&empty, "localhost", "", 0, username));
    assert_false(certificate_choose(NULL, "localhost", "", 0, username));
}

/* Without an authorization identity there must be one address only; with one it must be among the addresses.
 */
static void the_address_is_the_only_one_or_the_one_that_is_named(void **state)
{
    (void)state;
    static const struct {
        size_t first, count; /* of the identities */
        const char *authzid, *username;
    } rows[] = {
        { 0, 1, "", "romeo" },
        { 0, 1, "romeo@localhost", "romeo" },
        { 0, 1, "ROMEO@Localhost", "romeo" },
        { 1, 1, "", "juliet" },
        { 1, 2, "", "juliet" }, /* the nurse is of another host */
        { 0, 3, "juliet@localhost", "juliet" },
        { 0, 3, "", NULL },    /* two */
        { 3, 2, "", "romeo" }, /* one, twice */
        { 3, 2, "romeo@localhost", "romeo" },
        { 2, 1, "", NULL }, /* of another host */
        { 0, 1, "juliet@localhost", NULL },
        { 0, 3, "nurse@example.com", NULL },
        { 0, 1, "romeo@localhost/orchard", NULL },
        { 0, 1, "romeo", NULL },
        { 0, 1, "localhost", NULL },
        { 0, 1, "@", NULL },
        { 0, 1, "\xFF@localhost", NULL },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char username[JID_PART_MAX + 1] = "";
        const struct core_tls tls = { .identities = identities + rows[i].first,
                                      .identity_count = rows[i].count };
        bool chosen =
            certificate_choose(&tls, "localhost", rows[i].authzid, strlen(rows[i].authzid), username);
        assert_int_equal(chosen, rows[i].username != NULL);
        if (chosen)
            assert_string_equal(username, rows[i].username);
    }
}

/* The name that the client sends is bytes and a length, and may contain anything. */
static void a_name_with_a_nul_is_no_address(void **state)
{
    (void)state;
    char username[JID_PART_MAX + 1];
    assert_false(certificate_choose(&channel, "localhost", "romeo@localhost\0", 16, username));
    assert_true(certificate_choose(&channel, "localhost", "romeo@localhost/", 15, username));
    assert_string_equal(username, "romeo");
}

/* RFC 7622, 3.3.1: a localpart has at most 1023 bytes. */
static void the_longest_localpart_fits(void **state)
{
    (void)state;
    char address[JID_PART_MAX + sizeof "@localhost"], username[JID_PART_MAX + 1];
    memset(address, 'a', JID_PART_MAX);
    memcpy(address + JID_PART_MAX, "@localhost", sizeof "@localhost");
    const char *const longest[] = { address };
    const struct core_tls tls = { .identities = longest, .identity_count = 1 };
    assert_true(certificate_choose(&tls, "localhost", "", 0, username));
    assert_int_equal(strlen(username), JID_PART_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_an_address_of_the_host_certifies),
        cmocka_unit_test(a_certificate_without_the_address_of_an_account_certifies_none),
        cmocka_unit_test(the_address_is_the_only_one_or_the_one_that_is_named),
        cmocka_unit_test(a_name_with_a_nul_is_no_address),
        cmocka_unit_test(the_longest_localpart_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What exists before the first step, in the stores of our core (core.h, "Storage"). */
#include "../kinds/core_format.h"

#include "../client/scram.h"
#include "../text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct text put;

static void note(void *host, const char *username, const char *domain, enum core_store store, const char *key,
                 const char *value)
{
    assert_ptr_equal(host, &put);
    text_string(&put, username);
    text_string(&put, "@");
    text_string(&put, domain);
    text_string(&put, " ");
    text_number(&put, store);
    text_string(&put, " ");
    text_string(&put, key);
    text_string(&put, "=");
    text_string(&put, value);
    text_string(&put, "\n");
}

static void puts_as(const struct provision *provision, const char *entries)
{
    core_format_provide(provision, 1, note, &put);
    assert_string_equal(put.bytes, entries);
    text_free(&put);
}

static void an_account_has_keys_and_a_status(void **state)
{
    (void)state;
    const struct provision account = { .what = PROVIDE_ACCOUNT,
                                       .username = "romeo",
                                       .domain = "a.lit",
                                       .password = "secret",
                                       .status = "disabled" };
    core_format_provide(&account, 1, note, &put);
    const char *first = strstr(put.bytes, "SCRAM-SHA-256=1:");
    const char *second = strstr(put.bytes, "SCRAM-SHA-1=1:");
    assert(first != NULL && second != NULL);
    char *keys = strndup(second + strlen("SCRAM-SHA-1="), strcspn(second, "\n") - strlen("SCRAM-SHA-1="));
    assert(keys != NULL);
    assert_true(scram_is_secret_of(keys, "SCRAM-SHA-1", "secret"));
    assert_false(scram_is_secret_of(keys, "SCRAM-SHA-1", "secrets"));
    assert_non_null(strstr(put.bytes, "romeo@a.lit 0 status=disabled\n"));
    free(keys);
    text_free(&put);
}

static void a_contact_is_an_item(void **state)
{
    (void)state;
    const char *const groups[] = { "Friends", "<Foes>" };
    struct provision contact = { .what = PROVIDE_CONTACT,
                                 .username = "romeo",
                                 .domain = "a.lit",
                                 .jid = "juliet@b.lit",
                                 .subscription = "to",
                                 .ask = true,
                                 .approved = true,
                                 .name = "J & R",
                                 .groups = groups,
                                 .group_count = 2 };
    puts_as(&contact,
            "romeo@a.lit 1 juliet@b.lit=<item xmlns='jabber:iq:roster' jid='juliet@b.lit' subscription='to' "
            "ask='subscribe' approved='true' name='J &amp; R'><group>Friends</group>"
            "<group>&lt;Foes&gt;</group></item>\n");
}

static void a_mere_request_is_hidden(void **state)
{
    (void)state;
    struct provision contact = { .what = PROVIDE_CONTACT,
                                 .username = "romeo",
                                 .domain = "a.lit",
                                 .jid = "juliet@b.lit",
                                 .subscription = "none",
                                 .pending = true };
    puts_as(&contact, "romeo@a.lit 1 juliet@b.lit=<item xmlns='jabber:iq:roster' jid='juliet@b.lit' "
                      "subscription='none' hidden='true'><presence xmlns='jabber:client' type='subscribe' "
                      "from='juliet@b.lit' to='romeo@a.lit'/></item>\n");
    contact.name = "Juliet";
    core_format_provide(&contact, 1, note, &put);
    assert_null(strstr(put.bytes, "hidden"));
    text_free(&put);
}

static void a_blocked_address_is_a_key(void **state)
{
    (void)state;
    const struct provision blocked = {
        .what = PROVIDE_BLOCKED, .username = "romeo", .domain = "a.lit", .jid = "tybalt@b.lit"
    };
    puts_as(&blocked, "romeo@a.lit 4 tybalt@b.lit=<item xmlns='urn:xmpp:blocking'/>\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_account_has_keys_and_a_status),
        cmocka_unit_test(a_contact_is_an_item),
        cmocka_unit_test(a_mere_request_is_hidden),
        cmocka_unit_test(a_blocked_address_is_a_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

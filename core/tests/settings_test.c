#include "core.h"
#include "rig.h"

static void default_settings_are_those_of_core_h(void **state)
{
    (void)state;
    struct core_settings settings = core_settings_default();
    assert_null(settings.hosts);
    assert_int_equal(settings.host_count, 0);
    assert_int_equal(settings.conflict, CORE_KICK_OLD);
    assert_int_equal(settings.delivery, CORE_DELIVER_BEST);
    assert_int_equal(settings.mechanisms, CORE_EXTERNAL | CORE_SCRAM_SHA_256_PLUS | CORE_SCRAM_SHA_1_PLUS |
                                              CORE_SCRAM_SHA_256 | CORE_SCRAM_SHA_1 | CORE_PLAIN);
    assert_int_equal(settings.features, CORE_OFFLINE | CORE_CARBONS | CORE_BLOCKING | CORE_LAST_ACTIVITY);
    assert_int_equal(settings.tls, CORE_TLS_REQUIRED);
    assert_false(settings.plain_without_tls);
    assert_false(settings.tell_strangers);
    assert_int_equal(settings.salt_bytes, 16);
    assert_null(settings.secret);
    assert_int_equal(settings.anonymous_host_count, 0);
}

static void the_limits_are_what_the_rfcs_ask_for_at_least(void **state)
{
    (void)state;
    struct core_limits limits = core_settings_default().limits;
    assert_true(limits.stanza_bytes >= 10000);                       /* RFC 6120, 13.12 */
    assert_true(limits.login_tries >= 2 && limits.login_tries <= 5); /* RFC 6120, 6.4.5 */
    assert_true(limits.waiting_bytes >= limits.stanza_bytes);
    assert_true(limits.output_bytes > limits.stanza_bytes);
    assert_true(limits.depth > 0 && limits.attributes > 0 && limits.resources > 0 &&
                limits.roster_items > 0 && limits.requests > 0 && limits.roster_groups > 0 &&
                limits.roster_text_bytes > 0 && limits.directed > 0 && limits.passwords > 0 &&
                limits.anonymous_accounts > 0 && limits.login_time > 0);
    /* A roster within the limits can be owed to a client, and fits in the cache. */
    assert_true(limits.output_bytes > limits.roster_bytes && limits.unacked_bytes > limits.roster_bytes);
    assert_true(limits.cached_accounts > 0 && limits.cache_time > 0 &&
                limits.cached_bytes > 2 * (limits.roster_bytes + limits.request_bytes));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(default_settings_are_those_of_core_h),
        cmocka_unit_test(the_limits_are_what_the_rfcs_ask_for_at_least),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

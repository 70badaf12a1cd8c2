/* What a scenario needs of the server. */
#include "../player/needs.h"

#include "player_rig.h"

static struct capabilities needs_of(const char *text)
{
    char whole[1000];
    (void)snprintf(whole, sizeof whole, "%sRomeo connects\n", text);
    struct scenario *scenario = read_scenario(whole);
    const struct capabilities needs = scenario_needs(scenario);
    scenario_free(scenario);
    return needs;
}

static void needs_nothing(const char *text)
{
    assert_true((needs_of(text).bits & ~CAPABILITY_BIT(CAPABILITY_NONE)) == 0);
}

/* Exactly one. */
static void needs(const char *text, enum capability capability)
{
    const uint64_t bits = needs_of(text).bits & ~CAPABILITY_BIT(CAPABILITY_NONE);
    if (bits != CAPABILITY_BIT(capability))
        print_error("%s needs %llx\n", text, (unsigned long long)bits);
    assert_true(bits == CAPABILITY_BIT(capability));
}

static void what_every_server_can_needs_nothing(void **state)
{
    (void)state;
    needs_nothing(CAST "Romeo connects\nJuliet connects\nRomeo sends:\n\t<message to='juliet@localhost'/>\n"
                       "Juliet receives: nothing\n3 seconds pass\n");
    needs_nothing("# Title\n## rfc: 6121 8.5\n## xep: 0030 3\n" CAST);
}

static void a_step_needs_what_its_verb_does(void **state)
{
    (void)state;
    needs(CAST "Romeo connects\nRomeo is connected\n", CAPABILITY_VIEWS);
    needs(CAST "Romeo has 1 session\n", CAPABILITY_VIEWS);
    needs(CAST "The server crashes\n", CAPABILITY_CRASH);
    needs(CAST "The server shuts down\n", CAPABILITY_SHUTDOWN);
    needs(CAST "The 2nd allocation from now fails\n", CAPABILITY_MEMORY);
    needs(CAST "The next save fails\n", CAPABILITY_DISK);
}

static void time_is_added_up(void **state)
{
    (void)state;
    needs_nothing(CAST "Romeo connects\n2 seconds pass\nRomeo receives nothing for 1 second\n");
    needs(CAST "Romeo connects\n3001 milliseconds pass\n", CAPABILITY_LONG_TIMES);
    needs(CAST "Romeo connects\n2 seconds pass\n2 seconds pass\n", CAPABILITY_LONG_TIMES);
    needs(CAST "Romeo's link takes 4 seconds\nRomeo connects\n", CAPABILITY_LONG_TIMES);
}

static void concurrent_steps_count_too(void **state)
{
    (void)state;
    needs(CAST "At the same time:\n\tRomeo sends:\n\t\t<iq type='get' id='b'><blocklist "
               "xmlns='urn:xmpp:blocking'/></iq>\n"
               "\tJuliet disconnects\n",
          CAPABILITY_BLOCKING);
}

static void namespaces_and_tags_name_features(void **state)
{
    (void)state;
    needs(CAST "Romeo sends raw:\n\t<inactive xmlns='urn:xmpp:csi:0'/>\n", CAPABILITY_CSI);
    needs(CAST "Romeo sends:\n\t<iq type='set' id='c'><enable xmlns='urn:xmpp:carbons:2'/></iq>\n",
          CAPABILITY_CARBONS);
    needs("# Title\n## xep: 0160 3\n" CAST, CAPABILITY_OFFLINE);
    needs("# Title\n## xep: 0198\n" CAST, CAPABILITY_SM);
}

static void the_head_needs_what_it_sets(void **state)
{
    (void)state;
    needs("[Server]\n\tdepth: 7\n" CAST, CAPABILITY_LIMITS_DEPTH);
    needs("[Server]\n\ttls: required\n" CAST, CAPABILITY_TLS);
    needs("[Client] Romeo\n\tjid: romeo@localhost\n\tmechanism: PLAIN\n---\n", CAPABILITY_PLAIN);
    needs("[Account] tybalt@localhost\n\tpassword: x\n\taccount: disabled\n" CAST, CAPABILITY_ACCOUNT_STATUS);
    needs("[Blocklist] romeo@localhost\n\ttybalt@localhost\n" CAST, CAPABILITY_BLOCKING);
    needs("[Roster] romeo@localhost\n\tjuliet@localhost: none, approved\n" CAST, CAPABILITY_PRE_APPROVAL);
    needs("[Server] A\n\thost: localhost\n[Server] B\n\thost: b.lit\n" CAST, CAPABILITY_FEDERATION);
}

/* All of these, and nothing else. */
static void needs_all(const char *text, uint64_t wanted)
{
    assert_true((needs_of(text).bits & ~CAPABILITY_BIT(CAPABILITY_NONE)) == wanted);
}

static void a_login_that_binds_to_its_channel_needs_a_binding(void **state)
{
    (void)state;
    const uint64_t plus = CAPABILITY_BIT(CAPABILITY_SCRAM_SHA_256);
    const uint64_t tls = CAPABILITY_BIT(CAPABILITY_TLS);
    const uint64_t exporter = CAPABILITY_BIT(CAPABILITY_BINDING_EXPORTER);
    const uint64_t end_point = CAPABILITY_BIT(CAPABILITY_BINDING_END_POINT);
#define ROMEO "[Client] Romeo\n\tjid: romeo@localhost\n"
#define PLUS  "Romeo begins to authenticate with SCRAM-SHA-256-PLUS\n"
    needs_all(ROMEO "\tmechanism: SCRAM-SHA-256-PLUS\n---\n", plus);
    needs_all("[Server]\n\ttls: optional\n" ROMEO "\tmechanism: SCRAM-SHA-256-PLUS\n---\n",
              plus | tls | exporter);
    needs_all("[Server]\n\ttls: optional\n" ROMEO "---\nRomeo opens a connection\n" PLUS,
              plus | tls | exporter);
    needs_all("[Server]\n\ttls: optional\n" ROMEO "\tchannel binding: tls-server-end-point\n---\n" PLUS,
              plus | tls | end_point);
    needs_all(ROMEO "---\nat the same time:\n\tRomeo starts TLS\n\t" PLUS, plus | tls | exporter);
}

static void faults_of_storage_need_what_they_concern_to_be_stored(void **state)
{
    (void)state;
    const uint64_t last = CAPABILITY_BIT(CAPABILITY_LAST_ACTIVITY);
    const uint64_t stored = CAPABILITY_BIT(CAPABILITY_ACTIVITY_STORED);
    needs_all("# Title\n## xep: 0012\n" CAST, last);
    needs_all("# Title\n## xep: 0012\n" CAST "The next save fails\n",
              last | stored | CAPABILITY_BIT(CAPABILITY_DISK));
    needs_all("# Title\n## xep: 0012\n" CAST "The server crashes\n",
              last | stored | CAPABILITY_BIT(CAPABILITY_CRASH));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_every_server_can_needs_nothing),
        cmocka_unit_test(a_step_needs_what_its_verb_does),
        cmocka_unit_test(time_is_added_up),
        cmocka_unit_test(concurrent_steps_count_too),
        cmocka_unit_test(namespaces_and_tags_name_features),
        cmocka_unit_test(the_head_needs_what_it_sets),
        cmocka_unit_test(a_login_that_binds_to_its_channel_needs_a_binding),
        cmocka_unit_test(faults_of_storage_need_what_they_concern_to_be_stored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

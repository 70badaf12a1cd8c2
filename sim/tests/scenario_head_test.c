#include "scenario_reading.h"

/* All of its hosts, in their order. */
static void assert_hosts(const struct core_settings *settings, const char *expected)
{
    char hosts[200] = "";
    for (size_t i = 0; i < settings->host_count; i++) {
        const size_t length = strlen(hosts);
        (void)snprintf(hosts + length, sizeof hosts - length, i == 0 ? "%s" : ", %s", settings->hosts[i]);
    }
    assert_string_equal(hosts, expected);
}

/* A bare JID, and its parts as split by the parser. */
static void assert_address(const char *jid, const char *local, const char *domain, const char *expected)
{
    char joined[200];
    (void)snprintf(joined, sizeof joined, "%s@%s", local, domain);
    assert_string_equal(jid, expected);
    assert_string_equal(joined, expected);
}

static void the_title_and_the_tags_are_kept(void **state)
{
    (void)state;
    struct scenario *scenario = parse("# The title \n"
                                      "# not the title\n"
                                      "## rfc: 6121 4.2.2\n"
                                      "## rfc: 6120\n"
                                      "## slow\n"
                                      "## strict\n"
                                      "## fails: expected: a presence\n"
                                      "[Server]\n"
                                      "\thost: localhost\n"
                                      "---\n"
                                      "1 second passes\n");
    assert_string_equal(scenario->path, "scenarios/basics/test.scs");
    assert_string_equal(scenario->title, "The title");
    assert_string_equal(scenario_tag(scenario, "rfc"), "6121 4.2.2");
    assert_string_equal(scenario->tags->next->value, "6120");
    assert_string_equal(scenario_tag(scenario, "slow"), "");
    assert_null(scenario_tag(scenario, "fast"));
    assert_true(scenario->strict);
    assert_string_equal(scenario->fails, "expected: a presence");
    scenario_free(scenario);
}

static void every_property_of_a_client_is_kept(void **state)
{
    (void)state;
    struct scenario *scenario = parse("[Client] Romeo\n"
                                      "\tjid: romeo@localhost\n"
                                      "    # indented comment\n"
                                      "\tpassword: a b: c\n"
                                      "# at the left\n"
                                      "\tresource: orchard\n"
                                      "\tmechanism: PLAIN\n"
                                      "\tconnect_host: 127.0.0.1\n"
                                      "\tconnect_port: 5222\n"
                                      "\taccount: none\n"
                                      "[Client] Juliet\n"
                                      "\tjid: juliet@capulet.example/b/c@d\n"
                                      "\taccount: disabled\n"
                                      "[Client] Guest\n"
                                      "\tjid: localhost\n"
                                      "------   \n"
                                      "Romeo connects\n");
    assert_int_equal(scenario->cast_count, 3);
    const struct character *romeo = &scenario->cast[0], *juliet = romeo + 1, *guest = romeo + 2;
    assert_string_equal(romeo->name, "Romeo");
    assert_address(romeo->jid, romeo->local, romeo->domain, "romeo@localhost");
    assert_string_equal(romeo->password, "a b: c");
    assert_string_equal(romeo->resource, "orchard");
    assert_string_equal(romeo->mechanism, "PLAIN");
    assert_true(romeo->no_account);
    assert_int_equal(romeo->line, 1);
    assert_string_equal(juliet->jid, "juliet@capulet.example");
    assert_string_equal(juliet->resource, "b/c@d");
    assert_string_equal(juliet->password, "");
    assert_null(juliet->mechanism);
    assert_null(guest->local);
    assert_null(guest->resource);
    assert_string_equal(guest->domain, "localhost");
    assert_string_equal(scenario->accounts->jid, "juliet@capulet.example");
    assert_string_equal(scenario->accounts->status, "disabled");
    assert_null(scenario->accounts->next);
    scenario_free(scenario);
}

static void the_hosts_are_those_of_the_server_the_cast_and_the_accounts(void **state)
{
    (void)state;
    struct scenario *scenario = parse("[Server]\n"
                                      "\thost: verona.example\n"
                                      "\thost: localhost\n"
                                      "[Account] nurse@capulet.example\n"
                                      "\tpassword: secret\n"
                                      "\taccount: expired\n"
                                      "[Client] Romeo\n"
                                      "\tjid: romeo@localhost\n"
                                      "---\n"
                                      "Romeo connects\n");
    assert_hosts(&scenario->settings, "verona.example, localhost, capulet.example");
    const struct account *account = scenario->accounts;
    assert_address(account->jid, account->local, account->domain, "nurse@capulet.example");
    assert_string_equal(account->password, "secret");
    assert_string_equal(account->status, "expired");
    assert_int_equal(account->line, 4);
    assert_null(account->next);
    scenario_free(scenario);
}

static void several_servers_have_settings_and_hosts_of_their_own(void **state)
{
    (void)state;
    struct scenario *scenario = parse("[Server] Montague\n"
                                      "\thost: montague.lit\n"
                                      "\tdepth: 5\n"
                                      "[Server] Capulet\n"
                                      "\thost: capulet.lit\n"
                                      "\thost: tomb.lit\n"
                                      "\tconflict: random\n"
                                      "[Client] Juliet\n"
                                      "\tjid: juliet@capulet.lit\n"
                                      "[Client] Laurence\n"
                                      "\tjid: laurence@mantua.lit\n"
                                      "---\n"
                                      "Juliet connects\n");
    const struct core_settings *first = &scenario->settings;
    assert_string_equal(scenario->server_name, "Montague");
    assert_hosts(first, "montague.lit, mantua.lit");
    assert_int_equal(first->limits.depth, 5);
    assert_int_equal(first->conflict, CORE_KICK_OLD);
    const struct server_head *second = scenario->servers;
    assert_string_equal(second->name, "Capulet");
    assert_hosts(&second->settings, "capulet.lit, tomb.lit");
    assert_int_equal(second->settings.limits.depth, core_settings_default().limits.depth);
    assert_int_equal(second->settings.conflict, CORE_RANDOM);
    assert_null(second->next);
    scenario_free(scenario);
}

static void every_setting_of_the_server_is_kept(void **state)
{
    (void)state;
    struct scenario *scenario = parse("[Server]\n"
                                      "\thost: localhost\n"
                                      "\tconflict: increment\n"
                                      "\tdelivery: all\n"
                                      "\tmechanisms: PLAIN, SCRAM-SHA-1\n"
                                      "\tstanza bytes: 10000\n\tdepth: 1\n\tattributes: 2\n"
                                      "\twaiting bytes: 3\n\toutput bytes: 4\n\tlogin tries: 5\n"
                                      "\tresources: 6\n\troster items: 7\n\troster groups: 8\n"
                                      "\troster text bytes: 9\n\tdirected: 0\n"
                                      "\toffline messages: 10\n\tblocked: 11\n"
                                      "\tfeatures: carbons, last activity, offline\n"
                                      "\tlogin time: 30 seconds\n\ttell last presence: yes\n"
                                      "\ttell strangers: no\n"
                                      "\tpasswords: 15\n\tanonymous accounts: 16\n\tpassword time: 1 hour\n"
                                      "\tunacked: 10\n\tunacked bytes: 11\n\theld presence: 12\n"
                                      "\tunauthenticated bytes: 17\n\taccount work: 18\n"
                                      "\tcached accounts: 24\n\tcached bytes: 25\n\tcache time: 26 seconds\n"
                                      "\troster bytes: 19\n\trequests: 20\n\trequest bytes: 21\n"
                                      "\theld presence bytes: 22\n\tsalt bytes: 23\n"
                                      "\tkeepalive: ping\n\tidle time: 1 minute\n\tping time: none\n"
                                      "\tstream management: off\n\tresume time: 2 minutes\n"
                                      "\tack after: 13\n\tack after while inactive: 14\n"
                                      "\tclient state: off\n"
                                      "---\n"
                                      "1 second passes\n");
    const struct core_settings *settings = &scenario->settings;
    assert_int_equal(settings->conflict, CORE_INCREMENT);
    assert_int_equal(settings->delivery, CORE_DELIVER_ALL);
    assert_int_equal(settings->mechanisms, CORE_PLAIN | CORE_SCRAM_SHA_1);
    assert_int_equal(settings->limits.stanza_bytes, 10000);
    assert_int_equal(settings->limits.depth, 1);
    assert_int_equal(settings->limits.attributes, 2);
    assert_int_equal(settings->limits.waiting_bytes, 3);
    assert_int_equal(settings->limits.output_bytes, 4);
    assert_int_equal(settings->limits.login_tries, 5);
    assert_int_equal(settings->limits.resources, 6);
    assert_int_equal(settings->limits.roster_items, 7);
    assert_int_equal(settings->limits.roster_groups, 8);
    assert_int_equal(settings->limits.roster_text_bytes, 9);
    assert_int_equal(settings->limits.directed, 0);
    assert_int_equal(settings->limits.offline_messages, 10);
    assert_int_equal(settings->limits.blocked, 11);
    assert_int_equal(settings->features, CORE_CARBONS | CORE_LAST_ACTIVITY | CORE_OFFLINE);
    assert_int_equal(settings->limits.login_time, 30 * SIM_SECOND);
    assert_true(settings->tell_last_presence);
    assert_false(settings->tell_strangers);
    assert_int_equal(settings->limits.passwords, 15);
    assert_int_equal(settings->limits.anonymous_accounts, 16);
    assert_int_equal(settings->limits.password_time, 3600 * SIM_SECOND);
    assert_int_equal(settings->limits.unacked, 10);
    assert_int_equal(settings->limits.unacked_bytes, 11);
    assert_int_equal(settings->limits.held_presence, 12);
    assert_int_equal(settings->limits.unauthenticated_bytes, 17);
    assert_int_equal(settings->limits.account_work, 18);
    assert_int_equal(settings->limits.cached_accounts, 24);
    assert_int_equal(settings->limits.cached_bytes, 25);
    assert_int_equal(settings->limits.cache_time, 26 * SIM_SECOND);
    assert_int_equal(settings->limits.roster_bytes, 19);
    assert_int_equal(settings->limits.requests, 20);
    assert_int_equal(settings->limits.request_bytes, 21);
    assert_int_equal(settings->limits.held_presence_bytes, 22);
    assert_int_equal(settings->salt_bytes, 23);
    assert_int_equal(settings->keepalive, CORE_KEEPALIVE_PING);
    assert_int_equal(settings->idle_time, 60 * SIM_SECOND);
    assert_int_equal(settings->ping_time, 0);
    assert_false(settings->stream_management);
    assert_int_equal(settings->resume_time, 120 * SIM_SECOND);
    assert_int_equal(settings->ack_after, 13);
    assert_int_equal(settings->ack_after_asleep, 14);
    assert_false(settings->client_state);
    scenario_free(scenario);
}

static void a_server_may_have_no_features(void **state)
{
    (void)state;
    struct scenario *scenario =
        parse("[Server]\n\thost: localhost\n\tfeatures: none\n---\n1 second passes\n");
    assert_int_equal(scenario->settings.features, 0);
    scenario_free(scenario);
}

static void a_block_list_comes_from_the_head_and_is_asked_for(void **state)
{
    (void)state;
    struct scenario *scenario = parse("[Client] Juliet\n\tjid: juliet@localhost\n"
                                      "[Blocklist] juliet@localhost\n"
                                      "\tromeo@localhost\n\t# a comment\n\tshakespeare.lit/iago\n"
                                      "---\n"
                                      "Juliet's block list is:\n\tromeo@localhost/orchard\n");
    const struct blocklist_head *list = scenario->blocklists;
    assert_address(list->jid, list->local, list->domain, "juliet@localhost");
    assert_string_equal(list->blocked->jid, "romeo@localhost");
    assert_string_equal(list->blocked->next->jid, "shakespeare.lit/iago");
    assert_int_equal(list->blocked->next->line, 6);
    assert_null(list->blocked->next->next);
    assert_null(list->next);
    assert_string_equal(scenario->steps->blocked->jid, "romeo@localhost/orchard");
    assert_null(scenario->steps->blocked->next);
    scenario_free(scenario);
}

static void every_policy_has_its_word(void **state)
{
    (void)state;
    static const struct {
        const char *conflict, *delivery, *mechanism, *login_time;
        enum core_conflict expected_conflict;
        enum core_delivery expected_delivery;
        unsigned expected_mechanism;
        uint64_t expected_time;
    } rows[] = {
        { "kick_old", "best", "PLAIN", "none", CORE_KICK_OLD, CORE_DELIVER_BEST, CORE_PLAIN, 0 },
        { "kick_new", "all", "SCRAM-SHA-1", "1 second", CORE_KICK_NEW, CORE_DELIVER_ALL, CORE_SCRAM_SHA_1,
          SIM_SECOND },
        { "random", "all", "SCRAM-SHA-256", "2  minutes", CORE_RANDOM, CORE_DELIVER_ALL, CORE_SCRAM_SHA_256,
          120 * SIM_SECOND },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[300];
        (void)snprintf(text, sizeof text,
                       "[Server]\n\thost: localhost\n\tconflict: %s\n\tdelivery: %s\n\tmechanisms: %s\n"
                       "\tlogin time: %s\n---\n1 second passes\n",
                       rows[i].conflict, rows[i].delivery, rows[i].mechanism, rows[i].login_time);
        struct scenario *scenario = parse(text);
        assert_int_equal(scenario->settings.conflict, rows[i].expected_conflict);
        assert_int_equal(scenario->settings.delivery, rows[i].expected_delivery);
        assert_int_equal(scenario->settings.mechanisms, rows[i].expected_mechanism);
        assert_int_equal(scenario->settings.limits.login_time, rows[i].expected_time);
        scenario_free(scenario);
    }
}

static void a_server_has_settings_for_tls_and_anonymous_hosts(void **state)
{
    (void)state;
    struct scenario *scenario = parse("[Server]\n\ttls: optional\n\tplain without tls: no\n"
                                      "\tanonymous: guests.localhost\n\tanonymous: others.localhost\n"
                                      "\tmechanisms: SCRAM-SHA-1-PLUS, EXTERNAL\n---\n1 second passes\n");
    const struct core_settings *settings = &scenario->settings;
    assert_int_equal(settings->tls, CORE_TLS_OPTIONAL);
    assert_false(settings->plain_without_tls);
    assert_int_equal(settings->mechanisms, CORE_SCRAM_SHA_1_PLUS | CORE_EXTERNAL);
    assert_hosts(settings, "");
    assert_int_equal(settings->anonymous_host_count, 2);
    assert_string_equal(settings->anonymous_hosts[0], "guests.localhost");
    assert_string_equal(settings->anonymous_hosts[1], "others.localhost");
    scenario_free(scenario);
}

static void a_client_says_what_it_shows_and_what_it_wants_of_tls(void **state)
{
    (void)state;
    struct scenario *scenario =
        parse("[Client] Romeo\n\tjid: romeo@localhost\n\ttls: yes\n"
              "\tcertificate: romeo@localhost ,juliet@localhost\n\tchannel binding: tls-exporter\n"
              "[Client] Juliet\n\tjid: juliet@localhost\n\ttls: no\n"
              "[Client] Nurse\n\tjid: nurse@localhost\n---\nRomeo connects\n");
    const struct character *people = scenario->cast;
    assert_true(people[0].tls_always && !people[0].tls_never);
    assert_string_equal(people[0].certificate, "romeo@localhost, juliet@localhost");
    assert_string_equal(people[0].binding, "tls-exporter");
    assert_true(people[1].tls_never && !people[1].tls_always);
    assert_false(people[2].tls_never || people[2].tls_always);
    assert_null(people[2].certificate);
    assert_null(people[2].binding);
    scenario_free(scenario);
}

/* But for TLS, which most scenarios can do without, and for what strangers are told. */
static void a_server_that_sets_nothing_has_the_settings_of_the_core(void **state)
{
    (void)state;
    struct core_settings usual = core_settings_default();
    struct scenario *scenario = parse("[Client] Romeo\n\tjid: romeo@localhost\n[Client] Juliet\n\tjid: "
                                      "juliet@capulet.example\n---\nRomeo connects\n");
    assert_int_equal(scenario->settings.conflict, usual.conflict);
    assert_false(scenario->settings.tell_last_presence);
    assert_false(scenario->settings.tell_strangers);
    assert_int_equal(scenario->settings.mechanisms, usual.mechanisms);
    assert_int_equal(scenario->settings.features, usual.features);
    assert_int_equal(scenario->settings.limits.stanza_bytes, usual.limits.stanza_bytes);
    assert_int_equal(scenario->settings.limits.login_time, usual.limits.login_time);
    assert_int_equal(scenario->settings.tls, CORE_TLS_NONE);
    assert_true(scenario->settings.plain_without_tls);
    assert_hosts(&scenario->settings, "localhost, capulet.example");
    assert_string_equal(scenario->title, "scenarios/basics/test.scs");
    assert_false(scenario->strict);
    assert_null(scenario->fails);
    scenario_free(scenario);
}

static void a_roster_comes_from_the_head_and_from_a_file(void **state)
{
    (void)state;
    struct scenario *scenario = parse("[Client] Romeo\n\tjid: romeo@localhost\n"
                                      "[Roster] romeo@localhost\n"
                                      "\ttybalt@localhost: none, pending, approved\n"
                                      "\tfrom: ../verona.roster\n"
                                      "---\nRomeo connects\n");
    const struct roster_head *roster = scenario->rosters;
    assert_address(roster->jid, roster->local, roster->domain, "romeo@localhost");
    assert_int_equal(roster->line, 3);
    assert_string_equal(roster->items->jid, "tybalt@localhost");
    assert_true(roster->items->pending);
    assert_true(roster->items->approved);
    assert_false(roster->items->next->approved);
    assert_string_equal(roster->items->next->name, "Juliet");
    assert_int_equal(roster->items->next->line, 5);
    assert_true(roster->items->next->next->ask);
    assert_null(roster->items->next->next->next);
    scenario_free(scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_title_and_the_tags_are_kept),
        cmocka_unit_test(every_property_of_a_client_is_kept),
        cmocka_unit_test(the_hosts_are_those_of_the_server_the_cast_and_the_accounts),
        cmocka_unit_test(several_servers_have_settings_and_hosts_of_their_own),
        cmocka_unit_test(every_setting_of_the_server_is_kept),
        cmocka_unit_test(every_policy_has_its_word),
        cmocka_unit_test(a_server_that_sets_nothing_has_the_settings_of_the_core),
        cmocka_unit_test(a_server_may_have_no_features),
        cmocka_unit_test(a_block_list_comes_from_the_head_and_is_asked_for),
        cmocka_unit_test(a_server_has_settings_for_tls_and_anonymous_hosts),
        cmocka_unit_test(a_client_says_what_it_shows_and_what_it_wants_of_tls),
        cmocka_unit_test(a_roster_comes_from_the_head_and_from_a_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

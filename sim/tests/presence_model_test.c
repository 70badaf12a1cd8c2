/*
 * Rights are read from the rosters of a running core; directed presence is passed in.
 */
#include "../checks/presence_model.h"

#include "world_rig.h"

#define ROMEO   "romeo@localhost"
#define ORCHARD "romeo@localhost/orchard"
#define JULIET  "juliet@localhost"
#define BALCONY "juliet@localhost/balcony"
#define PHONE   "juliet@localhost/phone"

/* ---- Directed presence (RFC 6121, 4.6) ---- */

static bool is_bound(const void *host, const char *full_jid)
{
    return inspect_full_jid(host, full_jid) != NULL;
}

static bool nobody_is_bound(const void *host, const char *full_jid)
{
    (void)host;
    (void)full_jid;
    return false;
}

static void there_are_no_rights_at_first(void **state)
{
    (void)state;
    struct presence_model model = { 0 };
    assert_false(presence_model_allow(&model, ORCHARD, BALCONY));
    assert_false(presence_model_may_see(&model, ROMEO, JULIET));
    assert_false(presence_model_directed(&model, ORCHARD, BALCONY));
    assert_false(presence_model_took_leave(&model, ORCHARD, BALCONY));
    presence_model_free(&model);
}

/* RFC 6121, 4.2.2: presence goes to all of the user's own resources. */
static void resources_of_one_account_see_each_other(void **state)
{
    (void)state;
    struct presence_model model = { 0 };
    assert_true(presence_model_allow(&model, BALCONY, PHONE));
    assert_false(presence_model_allow(&model, "juliet@localhost.example/balcony", PHONE));
    assert_false(presence_model_allow(&model, "julie@localhost/balcony", PHONE));
    presence_model_free(&model);
}

static void presence_directed_at_a_full_jid_is_only_for_it(void **state)
{
    (void)state;
    struct presence_model model = { 0 };
    presence_model_direct(&model, ORCHARD, BALCONY, true);
    assert_true(presence_model_allow(&model, ORCHARD, BALCONY));
    assert_true(presence_model_directed(&model, ORCHARD, BALCONY));
    assert_false(presence_model_allow(&model, ORCHARD, PHONE));
    assert_false(presence_model_allow(&model, BALCONY, ORCHARD));
    assert_false(presence_model_allow(&model, "romeo@localhost/balcony", BALCONY));
    presence_model_free(&model);
}

static void a_right_that_has_ended_was_there(void **state)
{
    (void)state;
    struct presence_model model = { 0 };
    assert_false(presence_model_ever(&model, ORCHARD, BALCONY));
    assert_true(presence_model_ever(&model, BALCONY, PHONE)); /* of one account */
    presence_model_direct(&model, ORCHARD, BALCONY, true);
    presence_model_direct(&model, ORCHARD, BALCONY, false);
    assert_true(presence_model_ever(&model, ORCHARD, BALCONY));
    assert_false(presence_model_ever(&model, ORCHARD, PHONE));
    assert_false(presence_model_ever(&model, BALCONY, ORCHARD));
    presence_model_direct(&model, ORCHARD, JULIET, true);
    assert_true(presence_model_ever(&model, ORCHARD, PHONE));
    presence_model_free(&model);
}

static void what_is_directed_at_a_bare_jid_is_for_all_its_resources(void **state)
{
    (void)state;
    struct presence_model model = { 0 };
    presence_model_direct(&model, ORCHARD, JULIET, true);
    assert_true(presence_model_allow(&model, ORCHARD, BALCONY));
    assert_true(presence_model_directed(&model, ORCHARD, PHONE));
    assert_false(presence_model_may_see(&model, ROMEO, JULIET));
    presence_model_free(&model);
}

/* RFC 7622, 3.2 and 3.3: domain and local part are compared without regard to case, a resource is not. */
static void the_address_may_be_written_in_capitals(void **state)
{
    (void)state;
    struct presence_model model = { 0 };
    presence_model_direct(&model, ORCHARD, "Juliet@LOCALHOST/Phone", true);
    assert_true(presence_model_directed(&model, ORCHARD, "juliet@localhost/Phone"));
    assert_false(presence_model_directed(&model, ORCHARD, PHONE));
    presence_model_free(&model);
}

static void what_was_taken_back_counts_until_the_world_is_quiet(void **state)
{
    (void)state;
    struct world_rig *rig = world_rig_open(&server_core);
    struct presence_model model = { 0 };
    presence_model_direct(&model, ORCHARD, BALCONY, true);
    presence_model_direct(&model, ORCHARD, BALCONY, false);
    assert_false(presence_model_directed(&model, ORCHARD, BALCONY));
    assert_true(presence_model_took_leave(&model, ORCHARD, BALCONY));
    assert_true(presence_model_allow(&model, ORCHARD, BALCONY));
    presence_model_quiet(&model, is_bound, server_inspect(rig->server));
    assert_true(presence_model_took_leave(&model, ORCHARD, BALCONY));
    assert_false(presence_model_allow(&model, ORCHARD, BALCONY));
    presence_model_free(&model);
    world_rig_close(rig);
}

/* Directed unavailable presence without earlier presence gives no right. */
static void directed_unavailable_presence_gives_no_right(void **state)
{
    (void)state;
    struct presence_model model = { 0 };
    presence_model_direct(&model, ORCHARD, BALCONY, false);
    assert_true(presence_model_took_leave(&model, ORCHARD, BALCONY));
    assert_false(presence_model_allow(&model, ORCHARD, BALCONY));
    presence_model_free(&model);
}

static void a_right_by_bare_jid_outlives_one_by_full_jid(void **state)
{
    (void)state;
    struct presence_model model = { 0 };
    presence_model_direct(&model, ORCHARD, JULIET, true);
    presence_model_direct(&model, ORCHARD, PHONE, true);
    presence_model_direct(&model, ORCHARD, PHONE, false);
    assert_true(presence_model_directed(&model, ORCHARD, PHONE));
    assert_true(presence_model_took_leave(&model, ORCHARD, PHONE));
    assert_true(presence_model_directed(&model, ORCHARD, BALCONY));
    presence_model_free(&model);
}

/* RFC 6121, 4.6.3. */
static void broadcast_unavailable_presence_withdraws_directed_presence(void **state)
{
    (void)state;
    struct presence_model model = { 0 };
    presence_model_direct(&model, ORCHARD, BALCONY, true);
    presence_model_direct(&model, ORCHARD, "nurse@localhost", true);
    presence_model_direct(&model, PHONE, BALCONY, true);
    presence_model_leave(&model, ORCHARD);
    assert_false(presence_model_directed(&model, ORCHARD, BALCONY));
    assert_false(presence_model_directed(&model, ORCHARD, "nurse@localhost/home"));
    assert_true(presence_model_directed(&model, PHONE, BALCONY));
    presence_model_free(&model);
}

/* A session that has ended withdrew its directed presence; the next one with that full JID begins without. */
static void an_ended_session_has_no_directed_presence(void **state)
{
    (void)state;
    struct world_rig *rig = world_rig_open(&server_core);
    struct presence_model model = { 0 };
    world_rig_login(rig, 0);
    presence_model_direct(&model, ORCHARD, BALCONY, true);
    presence_model_quiet(&model, is_bound, server_inspect(rig->server));
    assert_true(presence_model_allow(&model, ORCHARD, BALCONY));
    client_drop(world_rig_client(rig, 0));
    world_rig_settle(rig);
    presence_model_quiet(&model, is_bound, server_inspect(rig->server));
    assert_false(presence_model_directed(&model, ORCHARD, BALCONY));
    assert_false(presence_model_allow(&model, ORCHARD, BALCONY));
    presence_model_free(&model);
    world_rig_close(rig);
}

/* RFC 7622, 3.1: no part of a JID has more than 1023 bytes. */
static void a_text_too_long_for_a_jid_gives_no_rights(void **state)
{
    (void)state;
    char *longest = must(calloc(1, 20001));
    memset(longest, 'x', 20000);
    struct presence_model model = { 0 };
    presence_model_direct(&model, ORCHARD, longest, true);
    presence_model_direct(&model, longest, BALCONY, true);
    assert_false(presence_model_directed(&model, ORCHARD, longest));
    assert_false(presence_model_allow(&model, longest, BALCONY));
    assert_false(presence_model_took_leave(&model, ORCHARD, longest));
    longest[3071] = '\0';
    presence_model_direct(&model, longest, longest, true);
    assert_true(presence_model_directed(&model, longest, longest));
    presence_model_free(&model);
    free(longest);
}

/* ---- Subscriptions ---- */

static void put_contact(struct world_rig *rig, const char *owner, const char *contact,
                        const char *subscription)
{
    char item[256];
    (void)snprintf(item, sizeof item, "<item xmlns='jabber:iq:roster' jid='%s' subscription='%s'/>", contact,
                   subscription);
    disk_put(server_disk(rig->server), owner, world_rig_hosts[0], CORE_STORE_ROSTER, contact, item);
}

static void learn(struct presence_model *model, const struct world_rig *rig, size_t client)
{
    const struct session_view view = session_look(inspect_conn(world_rig_conn(rig, client)));
    presence_model_learn(model, &view);
}

/* RFC 6121, 2.1.2.5: with "from" and "both" the contact sees the owner's presence. */
static void a_subscription_is_read_off_the_contacts_roster(void **state)
{
    (void)state;
    static const struct {
        const char *subscription;
        bool sees;
    } rows[] = { { "none", false }, { "to", false }, { "from", true }, { "both", true } };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct world_rig *rig = world_rig_open(&server_core);
        struct presence_model model = { 0 };
        put_contact(rig, "romeo", JULIET, rows[i].subscription);
        world_rig_login(rig, 0);
        assert_false(presence_model_know(&model, ORCHARD));
        learn(&model, rig, 0);
        assert_true(presence_model_know(&model, ORCHARD));
        assert_false(presence_model_know(&model, BALCONY));
        assert_int_equal(presence_model_may_see(&model, ROMEO, JULIET), rows[i].sees);
        assert_int_equal(presence_model_allow(&model, ORCHARD, BALCONY), rows[i].sees);
        assert_false(presence_model_may_see(&model, JULIET, ROMEO));
        assert_false(presence_model_directed(&model, ORCHARD, BALCONY));
        presence_model_free(&model);
        world_rig_close(rig);
    }
}

static void a_session_that_is_not_bound_teaches_nothing(void **state)
{
    (void)state;
    struct world_rig *rig = world_rig_open(&server_core);
    struct presence_model model = { 0 };
    put_contact(rig, "romeo", JULIET, "both");
    client_dial(world_rig_client(rig, 0));
    world_rig_settle(rig);
    learn(&model, rig, 0);
    assert_false(presence_model_may_see(&model, ROMEO, JULIET));
    presence_model_free(&model);
    world_rig_close(rig);
}

/* RFC 6121, 3.2: to cancel a subscription; presence that left before may still arrive. */
static void a_subscription_that_ended_counts_until_the_world_is_quiet(void **state)
{
    (void)state;
    struct world_rig *rig = world_rig_open(&server_core);
    struct presence_model model = { 0 };
    put_contact(rig, "romeo", JULIET, "from");
    put_contact(rig, "romeo", "nurse@localhost", "from");
    world_rig_login(rig, 0);
    learn(&model, rig, 0);
    world_rig_send(rig, 0, "<presence to='juliet@localhost' type='unsubscribed'/>");
    assert_true(presence_model_may_see(&model, ROMEO, JULIET));
    learn(&model, rig, 0);
    assert_false(presence_model_may_see(&model, ROMEO, JULIET));
    assert_true(presence_model_may_see(&model, ROMEO, "nurse@localhost"));
    assert_true(presence_model_allow(&model, ORCHARD, BALCONY));
    presence_model_quiet(&model, is_bound, server_inspect(rig->server));
    assert_false(presence_model_allow(&model, ORCHARD, BALCONY));
    assert_true(presence_model_allow(&model, ORCHARD, "nurse@localhost/home"));
    presence_model_free(&model);
    world_rig_close(rig);
}

/* A roster that is loaded again may have the same number of changes as the one that was read before. */
static void a_roster_that_changed_unseen_is_read_anew(void **state)
{
    (void)state;
    struct world_rig *rig = world_rig_open(&server_core);
    struct presence_model model = { 0 };
    put_contact(rig, "romeo", JULIET, "none");
    world_rig_login(rig, 0);
    learn(&model, rig, 0);
    assert_false(presence_model_may_see(&model, ROMEO, JULIET));
    client_disconnect(world_rig_client(rig, 0));
    world_rig_settle(rig);
    put_contact(rig, "romeo", JULIET, "from");
    presence_model_learn_stored(&model, ROMEO, server_disk(rig->server));
    assert_true(presence_model_may_see(&model, ROMEO, JULIET));
    put_contact(rig, "romeo", JULIET, "to");
    presence_model_learn_stored(&model, ROMEO, server_disk(rig->server));
    assert_false(presence_model_may_see(&model, ROMEO, JULIET));
    put_contact(rig, "romeo", JULIET, "both");
    world_rig_login(rig, 0);
    learn(&model, rig, 0);
    assert_true(presence_model_may_see(&model, ROMEO, JULIET));
    presence_model_free(&model);
    world_rig_close(rig);
}

static void a_refused_recipient_need_not_see_until_the_sender_leaves(void **state)
{
    (void)state;
    struct presence_model model = { 0 };
    presence_model_direct(&model, ORCHARD, BALCONY, true);
    assert_false(presence_model_unseen(&model, ORCHARD, BALCONY));
    presence_model_refuse(&model, ORCHARD, BALCONY);
    assert_true(presence_model_unseen(&model, ORCHARD, BALCONY));
    assert_false(presence_model_unseen(&model, ORCHARD, PHONE));
    assert_false(presence_model_directed(&model, ORCHARD, BALCONY));
    presence_model_broadcast(&model, ORCHARD);
    assert_true(presence_model_unseen(&model, ORCHARD, BALCONY));
    presence_model_leave(&model, ORCHARD);
    assert_false(presence_model_unseen(&model, ORCHARD, BALCONY));
    presence_model_free(&model);
}

/* 4.6.3: a subscriber is in the next broadcast, whatever was directed at it before. */
static void what_is_directed_hides_until_the_next_broadcast(void **state)
{
    (void)state;
    struct presence_model model = { 0 };
    presence_model_direct(&model, ORCHARD, JULIET, false);
    assert_true(presence_model_unseen(&model, ORCHARD, BALCONY));
    presence_model_broadcast(&model, ORCHARD);
    assert_false(presence_model_unseen(&model, ORCHARD, BALCONY));
    presence_model_direct(&model, ORCHARD, JULIET, false);
    presence_model_direct(&model, ORCHARD, JULIET, true);
    assert_false(presence_model_unseen(&model, ORCHARD, BALCONY));
    presence_model_free(&model);
}

/* 4.3.2: a probe may be answered with unavailable. */
static void a_prober_may_learn_that_no_resource_is_available(void **state)
{
    (void)state;
    struct presence_model model = { 0 };
    presence_model_ask(&model, ORCHARD, BALCONY);
    assert_true(presence_model_took_leave(&model, ORCHARD, BALCONY));
    assert_false(presence_model_took_leave(&model, ORCHARD, PHONE));
    assert_false(presence_model_allow(&model, ORCHARD, BALCONY));
    presence_model_free(&model);
}

/* RFC 6121, 4.3.2: the answer to a probe may be that no resource is available. */
static void who_is_gone_may_say_so_once_until_the_world_is_quiet(void **state)
{
    (void)state;
    struct presence_model model = { 0 };
    presence_model_gone(&model, ORCHARD, BALCONY);
    assert_true(presence_model_is_gone(&model, ORCHARD, BALCONY));
    assert_false(presence_model_is_gone(&model, ORCHARD, PHONE));
    assert_false(presence_model_is_gone(&model, ROMEO "/garden", BALCONY));
    assert_false(presence_model_allow(&model, ORCHARD, BALCONY));
    presence_model_told(&model, ORCHARD, BALCONY);
    assert_false(presence_model_is_gone(&model, ORCHARD, BALCONY));
    presence_model_gone(&model, ORCHARD, BALCONY);
    presence_model_quiet(&model, nobody_is_bound, NULL);
    assert_false(presence_model_is_gone(&model, ORCHARD, BALCONY));
    presence_model_free(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_are_no_rights_at_first),
        cmocka_unit_test(resources_of_one_account_see_each_other),
        cmocka_unit_test(presence_directed_at_a_full_jid_is_only_for_it),
        cmocka_unit_test(a_right_that_has_ended_was_there),
        cmocka_unit_test(what_is_directed_at_a_bare_jid_is_for_all_its_resources),
        cmocka_unit_test(the_address_may_be_written_in_capitals),
        cmocka_unit_test(what_was_taken_back_counts_until_the_world_is_quiet),
        cmocka_unit_test(directed_unavailable_presence_gives_no_right),
        cmocka_unit_test(a_right_by_bare_jid_outlives_one_by_full_jid),
        cmocka_unit_test(broadcast_unavailable_presence_withdraws_directed_presence),
        cmocka_unit_test(an_ended_session_has_no_directed_presence),
        cmocka_unit_test(a_text_too_long_for_a_jid_gives_no_rights),
        cmocka_unit_test(a_subscription_is_read_off_the_contacts_roster),
        cmocka_unit_test(a_session_that_is_not_bound_teaches_nothing),
        cmocka_unit_test(a_subscription_that_ended_counts_until_the_world_is_quiet),
        cmocka_unit_test(a_roster_that_changed_unseen_is_read_anew),
        cmocka_unit_test(a_refused_recipient_need_not_see_until_the_sender_leaves),
        cmocka_unit_test(what_is_directed_hides_until_the_next_broadcast),
        cmocka_unit_test(a_prober_may_learn_that_no_resource_is_available),
        cmocka_unit_test(who_is_gone_may_say_so_once_until_the_world_is_quiet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

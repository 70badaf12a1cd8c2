#include "account/roster.h"
#include "rig.h"
#include "xml/parser.h"

static int set_up(void **state)
{
    rig.memory.live = rig.memory.allocations = rig.memory.fail_at = 0;
    *state = roster_new(&rig_memory);
    return *state == NULL;
}

static int tear_down(void **state)
{
    rig.memory.fail_at = 0;
    roster_free(*state);
    assert_int_equal(rig.memory.live, 0);
    return 0;
}

static struct stanza *read_stored(const struct core_store_entry *entry)
{
    struct parser_pool pool;
    parser_pool_init(&pool, &rig_memory, 1);
    struct stanza *stored = parser_read_stored(&pool, entry, 1);
    parser_pool_empty(&pool);
    return stored;
}

static bool read(struct roster *roster, const char *xml)
{
    const struct core_store_entry entry = { "key", xml };
    struct stanza *stored = read_stored(&entry);
    assert_non_null(stored);
    bool valid = roster_read(roster, stored);
    stanza_free(stored);
    return valid;
}

static void assert_written(const struct roster *roster, const struct roster_item *item, const char *xml)
{
    struct buffer out;
    buffer_init(&out, &rig_memory);
    roster_write(&out, roster, item);
    buffer_append(&out, "", 1);
    assert_false(out.failed);
    assert_string_equal(out.bytes, xml);
    buffer_free(&out);
}

/* ---- Reading and writing ---- */

/* RFC 6121, 2.1.2. */
static void an_item_is_read_with_all_it_has(void **state)
{
    assert_true(read(*state,
                     "<item xmlns='jabber:iq:roster' jid='juliet@localhost' name='J' subscription='to'>"
                     "<group>Friends</group><group>Verona</group></item>"));
    const struct roster_item *item = roster_find(*state, "juliet@localhost");
    assert_non_null(item);
    assert_string_equal(item->name, "J");
    assert_string_equal(roster_subscription(item), "to");
    assert_int_equal(item->group_count, 2);
    assert_string_equal(item->groups[0], "Friends");
    assert_string_equal(item->groups[1], "Verona");
    assert_false(item->hidden);
    assert_null(roster_find(*state, "juliet@localhos"));
}

static void subscriptions_have_the_names_of_rfc_6121(void **state)
{
    assert_true(read(*state, "<item xmlns='jabber:iq:roster' jid='none@a' subscription='none'/>"
                             "<item xmlns='jabber:iq:roster' jid='to@a' subscription='to'/>"
                             "<item xmlns='jabber:iq:roster' jid='from@a' subscription='from'/>"
                             "<item xmlns='jabber:iq:roster' jid='both@a' subscription='both'/>"
                             "<item xmlns='jabber:iq:roster' jid='absent@a'/>"));
    static const char *const names[] = { "none", "to", "from", "both", "none" };
    const struct roster *roster = *state;
    assert_int_equal(roster->count, 5);
    for (size_t i = 0; i < 5; i++)
        assert_string_equal(roster_subscription(roster->items[i]), names[i]);
}

static void what_is_written_is_what_was_read(void **state)
{
    static const char *const items[] = {
        "<item xmlns='jabber:iq:roster' jid='a@b' subscription='none' ask='subscribe' name='&apos;&lt;'>"
        "<group>G</group></item>",
        "<item xmlns='jabber:iq:roster' jid='c@d' subscription='none' hidden='true'>"
        "<presence xmlns='jabber:client' type='subscribe' from='c@d'><x xmlns='urn:x'/></presence></item>",
        "<item xmlns='jabber:iq:roster' jid='e@f' subscription='both'/>",
    };
    struct roster *roster = *state;
    for (size_t i = 0; i < 3; i++) {
        assert_true(read(roster, items[i]));
        assert_written(roster, roster->items[i], items[i]);
    }
    assert_true(roster_find(roster, "c@d")->state.pending_in);
    assert_true(roster_find(roster, "c@d")->hidden);
    assert_true(roster_find(roster, "a@b")->state.pending_out);
}

static void a_malformed_roster_is_not_read(void **state)
{
    assert_false(read(*state, "<item xmlns='jabber:iq:roster'/>"));
    assert_false(read(*state, "<item jid='a@b'/>"));
    assert_true(roster_read(*state, NULL));
}

/* RFC 6121, 2.1.2.1 and 3.4. */
/* RFC 6121, 2.1.2.1; prepared, as all is that is compared. */
static void a_contact_must_be_a_bare_jid(void **state)
{
    struct roster *roster = *state;
    assert_true(read(roster,
                     "<item xmlns='jabber:iq:roster' jid='@'/><item xmlns='jabber:iq:roster' jid='a@b/c'/>"
                     "<item xmlns='jabber:iq:roster' jid='A@b'/><item xmlns='jabber:iq:roster' jid='c@d'/>"));
    assert_int_equal(roster->count, 1);
    assert_string_equal(roster->items[0]->jid, "c@d");
}

static void an_approval_is_read_and_written(void **state)
{
    static const char item[] =
        "<item xmlns='jabber:iq:roster' jid='a@b' subscription='to' approved='true' name='A'/>";
    struct roster *roster = *state;
    assert_true(read(roster, item));
    assert_true(roster->items[0]->approved);
    assert_written(roster, roster->items[0], item);
    struct roster_change change;
    assert_true(roster_change_begin(roster, &change, "a@b"));
    assert_true(change.item->approved);
    change.item->approved = false;
    roster_apply(roster, &change);
    assert_written(roster, roster->items[0],
                   "<item xmlns='jabber:iq:roster' jid='a@b' subscription='to' name='A'/>");
}

/* core.h: a roster stored without a version counts as one change for each item; a new roster as none. */
static void a_version_is_read_with_the_roster(void **state)
{
    struct roster *roster = *state;
    char version[ROSTER_VERSION_SIZE];
    assert_string_equal(roster_version(version, roster), "0");
    assert_true(read(roster, "<item xmlns='jabber:iq:roster' jid='a@b'/><item xmlns='jabber:iq:roster' "
                             "jid='c@d' hidden='true'/>"));
    assert_string_equal(roster_version(version, roster), "2");
    assert_true(read(roster, "<query xmlns='jabber:iq:roster' ver='18446744073709551614'/>"
                             "<item xmlns='jabber:iq:roster' jid='e@f'/>"));
    assert_string_equal(roster_version(version, roster), "18446744073709551614");
    struct buffer out;
    buffer_init(&out, &rig_memory);
    roster_write_next_version(&out, roster);
    buffer_append(&out, "", 1);
    assert_string_equal(out.bytes, "<query xmlns='jabber:iq:roster' ver='18446744073709551615'/>");
    buffer_free(&out);
}

static void a_malformed_version_is_not_read(void **state)
{
    static const char *const values[] = { "", "-1", "1a", "18446744073709551616", "99999999999999999999999" };
    char xml[128];
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        snprintf(xml, sizeof xml, "<query xmlns='jabber:iq:roster' ver='%s'/>", values[i]);
        assert_false(read(*state, xml));
    }
    assert_false(read(*state, "<query xmlns='jabber:iq:roster'/>"));
    assert_false(
        read(*state, "<query xmlns='jabber:iq:roster' ver='1'/><query xmlns='jabber:iq:roster' ver='1'/>"));
}

static void an_account_is_not_in_its_own_roster(void **state)
{
    struct roster *roster = *state;
    assert_true(read(roster, "<item xmlns='jabber:iq:roster' jid='a@b'/><item xmlns='jabber:iq:roster' "
                             "jid='me@b' subscription='both'/><item xmlns='jabber:iq:roster' jid='c@d'/>"));
    roster_disown(roster, "me@b");
    roster_disown(roster, "nobody@b");
    assert_int_equal(roster->count, 2);
    assert_string_equal(roster->items[1]->jid, "c@d");
    assert_int_equal(roster->revision, 3);
}

/* Appendix A.1 knows nine states; of those that it does not know, the subscription that there is counts. */
static void a_request_that_has_been_granted_is_none(void **state)
{
    assert_true(read(*state, "<item xmlns='jabber:iq:roster' jid='a@b' subscription='both' ask='subscribe'>"
                             "<presence xmlns='jabber:client' type='subscribe' from='a@b'/></item>"));
    const struct roster_item *item = roster_find(*state, "a@b");
    assert_string_equal(roster_subscription(item), "both");
    assert_false(item->state.pending_out);
    assert_false(item->state.pending_in);
    assert_null(item->request);
}

/* ---- Changes ---- */

static void add(struct roster *roster, const char *jid)
{
    struct roster_change change;
    assert_true(roster_change_begin(roster, &change, jid));
    assert_true(change.item->hidden);
    change.item->hidden = false;
    roster_apply(roster, &change);
    assert_null(change.item);
    assert_null(change.jid);
}

static void items_stay_in_the_order_in_which_they_were_added(void **state)
{
    struct roster *roster = *state;
    static const char *const left[] = { "a@x", "c@x", "d@x", "e@x", "b@x" };
    add(roster, "a@x");
    add(roster, "b@x");
    add(roster, "c@x");
    add(roster, "d@x");
    add(roster, "e@x");
    struct roster_change change;
    assert_true(roster_change_remove(roster, &change, "b@x"));
    roster_apply(roster, &change);
    add(roster, "b@x");
    assert_true(roster_change_begin(roster, &change, "c@x"));
    assert_true(roster_change_set_name(roster, &change, "C"));
    roster_apply(roster, &change);
    assert_int_equal(roster->count, 5);
    for (size_t i = 0; i < 5; i++)
        assert_string_equal(roster->items[i]->jid, left[i]);
    assert_string_equal(roster->items[1]->name, "C");
    assert_int_equal(roster->revision, 8);
}

/* These two have the same hash (FNV-1a, of 32 bits). */
static void contacts_whose_hashes_agree_are_two(void **state)
{
    struct roster *roster = *state;
    add(roster, "yiijsv@localhost");
    add(roster, "ktodoe@localhost");
    assert_int_equal(roster->count, 2);
    assert_string_equal(roster_find(roster, "ktodoe@localhost")->jid, "ktodoe@localhost");
    assert_int_equal(roster->items[0]->hash, roster->items[1]->hash);
}

static void a_change_is_a_copy_until_it_is_applied(void **state)
{
    struct roster *roster = *state;
    static const char *const groups[] = { "One", "Two" };
    add(roster, "a@x");
    struct roster_change change;
    assert_true(roster_change_begin(roster, &change, "a@x"));
    assert_true(roster_change_set_name(roster, &change, "Old"));
    assert_true(roster_change_set_name(roster, &change, "New"));
    assert_true(roster_change_set_groups(roster, &change, groups, 2));
    assert_true(roster_change_set_groups(roster, &change, groups, 1));
    assert_true(roster_change_set_request(roster, &change, "<presence/>", 11));
    assert_true(change.item->state.pending_in);
    const struct roster_item *item = roster_find(roster, "a@x");
    assert_null(item->name);
    assert_int_equal(item->group_count, 0);
    assert_int_equal(roster->revision, 1);
    roster_change_drop(roster->memory, &change);
    assert_int_equal(roster->revision, 1);
    assert_true(roster_change_begin(roster, &change, "a@x"));
    assert_true(roster_change_set_request(roster, &change, "<presence/>", 11));
    assert_true(roster_change_set_request(roster, &change, NULL, 0));
    assert_false(change.item->state.pending_in);
    assert_true(roster_change_set_groups(roster, &change, groups, 2));
    assert_true(roster_change_set_groups(roster, &change, NULL, 0));
    roster_apply(roster, &change);
    assert_int_equal(roster_find(roster, "a@x")->group_count, 0);
    assert_int_equal(roster->revision, 2);
}

/* ---- Memory ---- */

static bool change_all(struct roster *roster)
{
    static const char *const groups[] = { "One", "Two" };
    struct roster_change change;
    for (char name[] = "a@x"; name[0] < 'g'; name[0]++) {
        if (!roster_change_begin(roster, &change, name))
            return false;
        if (!roster_change_set_name(roster, &change, name) ||
            !roster_change_set_groups(roster, &change, groups, 2) ||
            !roster_change_set_request(roster, &change, "<presence/>", 11)) {
            roster_change_drop(roster->memory, &change);
            return false;
        }
        size_t before = rig.memory.allocations;
        roster_apply(roster, &change);
        assert_int_equal(rig.memory.allocations, before);
    }
    if (!roster_change_begin(roster, &change, "a@x"))
        return false;
    roster_change_drop(roster->memory, &change);
    if (!roster_change_remove(roster, &change, "a@x"))
        return false;
    roster_apply(roster, &change);
    return true;
}

static void every_allocation_of_a_change_may_fail(void **state)
{
    (void)state;
    bool done = false;
    for (size_t nth = 1; !done; nth++) {
        rig.memory.allocations = 0;
        rig.memory.fail_at = nth;
        struct roster *roster = roster_new(&rig_memory);
        done = roster != NULL && change_all(roster);
        roster_free(roster);
    }
}

static void every_allocation_of_reading_may_fail(void **state)
{
    (void)state;
    const struct core_store_entry entry = {
        "a", "<item xmlns='jabber:iq:roster' jid='a@b' name='n'><group>1</group><group>2</group>"
             "<presence xmlns='jabber:client' type='subscribe'/></item>"
    };
    bool done = false;
    for (size_t nth = 1; !done; nth++) {
        struct roster *roster = roster_new(&rig_memory);
        struct stanza *stored = read_stored(&entry);
        rig.memory.allocations = 0;
        rig.memory.fail_at = nth;
        done = roster_read(roster, stored);
        if (done) {
            struct buffer out;
            buffer_init(&out, &rig_memory);
            roster_write(&out, roster, roster->items[0]);
            done = !out.failed;
            buffer_free(&out);
        }
        rig.memory.fail_at = 0;
        stanza_free(stored);
        roster_free(roster);
    }
}

/* ---- Weight ---- */

static void set_name(struct roster *roster, const char *jid, const char *name)
{
    struct roster_change change;
    assert_true(roster_change_begin(roster, &change, jid) && roster_change_set_name(roster, &change, name));
    change.item->hidden = false;
    roster_apply(roster, &change);
}

static bool request_fits(struct roster *roster, const char *jid, const struct core_limits *limits)
{
    struct roster_change change;
    assert_true(roster_change_begin(roster, &change, jid) &&
                roster_change_set_request(roster, &change, "<presence/>", 11));
    bool fits = roster_change_fits(roster, &change, limits);
    if (fits)
        roster_apply(roster, &change);
    else
        roster_change_drop(&rig_memory, &change);
    return fits;
}

/* The roster result is no larger than the weight, including escapes. */
static void a_roster_weighs_what_it_takes_to_send_it(void **state)
{
    struct roster *roster = *state;
    assert_true(read(roster,
                     "<item xmlns='jabber:iq:roster' jid='a@b' name='&apos;&amp;&#10;' ask='subscribe' "
                     "approved='true' subscription='from'><group>&lt;&amp;></group><group>b</group></item>"));
    struct stanza *all = stanza_new(&rig_memory, "query", NS_ROSTER);
    roster_add_item(all, all->root, roster->items[0]);
    struct buffer xml;
    buffer_init(&xml, &rig_memory);
    element_write(&xml, all->root->first, NS_ROSTER);
    assert_in_range(roster->weight.shown, xml.length, xml.length + 50);
    buffer_free(&xml);
    stanza_free(all);
}

static void a_growing_change_may_not_fit_and_a_shrinking_one_fits(void **state)
{
    struct roster *roster = *state;
    set_name(roster, "a@b", "a long name that is there already");
    struct core_limits limits = core_settings_default().limits;
    limits.roster_bytes = roster->weight.shown - 1;
    limits.request_bytes = 21;
    struct roster_change change;
    assert_true(roster_change_begin(roster, &change, "a@b"));
    assert_true(roster_change_fits(roster, &change, &limits)); /* no more than before */
    assert_true(roster_change_set_name(roster, &change, "a long name that was there already"));
    assert_false(roster_change_fits(roster, &change, &limits));
    roster_change_drop(&rig_memory, &change);
    assert_true(request_fits(roster, "c@d", &limits));  /* which is not in the roster result */
    assert_false(request_fits(roster, "e@f", &limits)); /* twice eleven bytes */
    assert_true(roster_change_remove(roster, &change, "c@d"));
    roster_apply(roster, &change);
    assert_int_equal(roster->weight.requests, 0);
    assert_true(request_fits(roster, "e@f", &limits));
    assert_true(roster_change_remove(roster, &change, "a@b"));
    roster_apply(roster, &change);
    assert_true(roster_change_remove(roster, &change, "e@f"));
    roster_apply(roster, &change);
    assert_int_equal(roster->weight.shown, 0);
}

static void the_item_after_a_removed_number_is_found(void **state)
{
    struct roster *roster = *state;
    struct roster_change change;
    assert_null(roster_after(roster, 0));
    set_name(roster, "a@b", "1");
    set_name(roster, "c@d", "2");
    set_name(roster, "e@f", "3");
    set_name(roster, "c@d", "still 2");
    assert_string_equal(roster_after(roster, 0)->jid, "a@b");
    assert_string_equal(roster_after(roster, 1)->jid, "c@d");
    assert_true(roster_change_remove(roster, &change, "c@d"));
    roster_apply(roster, &change);
    assert_string_equal(roster_after(roster, 1)->jid, "e@f");
    assert_string_equal(roster_after(roster, 2)->jid, "e@f");
    assert_null(roster_after(roster, 3));
    set_name(roster, "c@d", "4");
    assert_string_equal(roster_after(roster, 3)->jid, "c@d");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_item_is_read_with_all_it_has, set_up, tear_down),
        cmocka_unit_test_setup_teardown(subscriptions_have_the_names_of_rfc_6121, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_written_is_what_was_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_malformed_roster_is_not_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_approval_is_read_and_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_version_is_read_with_the_roster, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_malformed_version_is_not_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_account_is_not_in_its_own_roster, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_request_that_has_been_granted_is_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(items_stay_in_the_order_in_which_they_were_added, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_change_is_a_copy_until_it_is_applied, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_allocation_of_a_change_may_fail, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_allocation_of_reading_may_fail, set_up, tear_down),
        cmocka_unit_test_setup_teardown(contacts_whose_hashes_agree_are_two, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_roster_weighs_what_it_takes_to_send_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_growing_change_may_not_fit_and_a_shrinking_one_fits, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_item_after_a_removed_number_is_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_contact_must_be_a_bare_jid, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

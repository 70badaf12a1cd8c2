/*
 * Blocks are read from a running core; the matching is that of XEP-0191, 6.
 */
#include "../checks/blocks.h"

#include "../../core/tests/rig.h"

#define ROMEO   "romeo@localhost"
#define ORCHARD "romeo@localhost/orchard"
#define JULIET  "juliet@localhost"
#define BALCONY "juliet@localhost/balcony"

static void block(const char *jid)
{
    rig_keep_in(CORE_STORE_BLOCKLIST, JULIET, jid, "<item xmlns='urn:xmpp:blocking'/>");
}

static void a_block_counts_now_and_is_settled_once_it_was_quiet(void **state)
{
    (void)state;
    struct blocks blocks = { 0 };
    block(ROMEO);
    struct host_link *juliet = rig_online("juliet", "balcony");
    assert_false(blocks_now(&blocks, BALCONY, ORCHARD));
    blocks_learn(&blocks, rig.core, rig_session(juliet));
    assert_true(blocks_now(&blocks, BALCONY, ORCHARD));
    assert_true(blocks_now(&blocks, JULIET, ROMEO));
    assert_false(blocks_now(&blocks, ORCHARD, BALCONY));
    assert_false(blocks_settled(&blocks, JULIET, ORCHARD));
    blocks_quiet(&blocks);
    assert_true(blocks_settled(&blocks, JULIET, ORCHARD));
    blocks_free(&blocks);
}

static void an_unblocked_jid_counts_as_once_blocked(void **state)
{
    (void)state;
    struct blocks blocks = { 0 };
    block(ROMEO);
    struct host_link *juliet = rig_online("juliet", "balcony");
    blocks_learn(&blocks, rig.core, rig_session(juliet));
    blocks_quiet(&blocks);
    rig_say(juliet, "<iq type='set' id='u'><unblock xmlns='urn:xmpp:blocking'/></iq>");
    blocks_learn(&blocks, rig.core, rig_session(juliet));
    assert_false(blocks_now(&blocks, JULIET, ORCHARD));
    assert_false(blocks_settled(&blocks, JULIET, ORCHARD));
    assert_true(blocks_ever(&blocks, JULIET, ORCHARD));
    assert_false(blocks_ever(&blocks, JULIET, "tybalt@localhost"));
    /* Blocked again, it must be quiet again. */
    rig_say(juliet,
            "<iq type='set' id='b'><block xmlns='urn:xmpp:blocking'><item jid='" ROMEO "'/></block></iq>");
    blocks_learn(&blocks, rig.core, rig_session(juliet));
    assert_true(blocks_now(&blocks, JULIET, ORCHARD));
    assert_false(blocks_settled(&blocks, JULIET, ORCHARD));
    blocks_free(&blocks);
}

static void what_is_blocked_stands_for_what_belongs_to_it(void **state)
{
    (void)state;
    static const struct {
        const char *jid;
        bool blocked;
    } table[] = {
        { "a@b/c", true }, { "a@b/d", false }, { "a@b", false },   { "d", true },       { "x@d", true },
        { "x@d/y", true }, { "d/y", true },    { "x@e.d", false }, { "f/g", true },     { "x@f/g", false },
        { "f", false },    { "x/a@d", false }, { "h@i/j", true },  { "h@ii/j", false },
    };
    struct blocks blocks = { 0 };
    block("a@b/c");
    block("d");
    block("f/g");
    block("h@i");
    struct host_link *juliet = rig_online("juliet", "balcony");
    blocks_learn(&blocks, rig.core, rig_session(juliet));
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (blocks_now(&blocks, JULIET, table[i].jid) != table[i].blocked)
            fail_msg("%s", table[i].jid);
    blocks_free(&blocks);
}

/* XEP-0191, 5 */
static void an_account_does_not_block_itself(void **state)
{
    (void)state;
    struct blocks blocks = { 0 };
    block("localhost");
    struct host_link *juliet = rig_online("juliet", "balcony");
    blocks_learn(&blocks, rig.core, rig_session(juliet));
    assert_false(blocks_now(&blocks, BALCONY, "juliet@localhost/phone"));
    assert_true(blocks_now(&blocks, BALCONY, ORCHARD));
    blocks_free(&blocks);
}

static void a_session_that_is_not_bound_has_no_list(void **state)
{
    (void)state;
    struct blocks blocks = { 0 };
    struct host_link *link = rig_accept();
    blocks_learn(&blocks, rig.core, rig_session(link));
    assert_null(blocks.first);
    blocks_free(&blocks);
}

static const char *stored;

static bool is_stored(const void *host, const char *owner, const char *jid)
{
    assert_ptr_equal(host, &stored);
    assert_string_equal(owner, JULIET);
    return strcmp(jid, stored) == 0;
}

static void a_list_may_be_read_anew_from_storage(void **state)
{
    (void)state;
    struct blocks blocks = { 0 };
    block(ROMEO);
    block("tybalt@localhost");
    struct host_link *juliet = rig_online("juliet", "balcony");
    blocks_learn(&blocks, rig.core, rig_session(juliet));
    stored = "tybalt@localhost";
    blocks_reread(&blocks, is_stored, &stored);
    assert_false(blocks_now(&blocks, BALCONY, ORCHARD));
    assert_true(blocks_ever(&blocks, BALCONY, ORCHARD));
    assert_true(blocks_now(&blocks, BALCONY, "tybalt@localhost"));
    blocks_free(&blocks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(a_block_counts_now_and_is_settled_once_it_was_quiet),
        RIG_TEST(an_unblocked_jid_counts_as_once_blocked),
        RIG_TEST(what_is_blocked_stands_for_what_belongs_to_it),
        RIG_TEST(an_account_does_not_block_itself),
        RIG_TEST(a_session_that_is_not_bound_has_no_list),
        RIG_TEST(a_list_may_be_read_anew_from_storage),
    };
    rig_use(&(struct rig_options){ .features = CORE_BLOCKING });
    return cmocka_run_group_tests(tests, NULL, NULL);
}

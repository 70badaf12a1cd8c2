/* The unavailable presence that the server sends for a session, without memory (RFC 6121, 4.5.2). */
#include "presence/unavailable.h"

#include "inside.h"
#include "session/send.h"

/* The session of a link, which has this full JID for as long as the test runs. */
static void write_for(struct unavailable *unavailable, const char *full_jid)
{
    const struct session session = { .core = rig.core, .full_jid = full_jid };
    size_t before = rig.memory.allocations;
    rig.memory.fail_at = before + 1;
    unavailable_write(unavailable, &session);
    assert_int_equal(rig.memory.allocations, before);
    rig.memory.fail_at = 0;
}

static void it_is_presence_of_the_full_jid_with_a_gap_for_the_recipient(void **state)
{
    (void)state;
    struct unavailable unavailable;
    write_for(&unavailable, "romeo@localhost/a<'b");
    const struct buffer *xml = &unavailable.presence.xml;
    static const char expected[] = "<presence type='unavailable' from='romeo@localhost/a&lt;&apos;b'/>";
    assert_int_equal(xml->length, sizeof expected - 1);
    assert_memory_equal(xml->bytes, expected, xml->length);
    assert_int_equal(unavailable.presence.gap, strlen("<presence"));
    assert_null(unavailable.presence.copies);
}

static void it_is_sent_to_a_session_with_its_address(void **state)
{
    (void)state;
    struct host_link *juliet = rig_login("juliet", "balcony");
    struct unavailable unavailable;
    write_for(&unavailable, "romeo@localhost/orchard");
    session_send_rendered(inside_session(juliet), &unavailable.presence, "juliet@localhost");
    assert_string_equal(rig_take(juliet), "<presence to='juliet@localhost' type='unavailable' "
                                          "from='romeo@localhost/orchard'/>");
}

/* RFC 7622, 3.1: three parts of at most 1023 bytes; no byte takes more than the six of an escaped one. */
static void the_longest_jid_fits(void **state)
{
    (void)state;
    static char jid[JID_MAX + 1];
    static struct unavailable unavailable;
    memset(jid, '\'', JID_MAX);
    write_for(&unavailable, jid);
    assert_int_equal(unavailable.presence.xml.length,
                     strlen("<presence type='unavailable' from=''/>") + (size_t)6 * JID_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(it_is_presence_of_the_full_jid_with_a_gap_for_the_recipient),
        RIG_TEST(it_is_sent_to_a_session_with_its_address),
        RIG_TEST(the_longest_jid_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

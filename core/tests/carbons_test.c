/* Copies (XEP-0280) when memory runs out; scenarios/carbons tests which messages are copied, and to which
 * resources. */
#include "rig.h"

#define ENABLE "<iq type='set' id='c'><enable xmlns='urn:xmpp:carbons:2'/></iq>"

/* A resource that could not be sent its copy is closed (carbons.h); the message itself arrives, or its sender
 * gets an error. */
static void every_allocation_of_a_copy_may_fail(void **state)
{
    (void)state;
    size_t nth = 0, needed = 0;
    do {
        rig_begin();
        struct host_link *juliet = rig_online("juliet", "balcony");
        struct host_link *phone = rig_online("juliet", "phone");
        struct host_link *romeo = rig_online("romeo", "orchard");
        rig_say(phone, ENABLE);
        rig_take(phone);
        rig_take(juliet);
        rig.memory.allocations = 0;
        rig.memory.fail_at = ++nth;
        rig_say(romeo, "<message to='juliet@localhost/balcony' type='chat'><body>hist</body></message>");
        needed = rig.memory.allocations;
        rig.memory.fail_at = 0;
        size_t delivered = rig_count(rig_take(juliet), "<body>hist</body>");
        size_t copied = rig_count(rig_take(phone), "<received xmlns='urn:xmpp:carbons:2'>");
        assert_true(delivered == 1 || juliet->closed || romeo->closed);
        assert_true(copied == delivered || phone->closed || juliet->closed);
        rig_end();
    } while (nth <= needed);
}

/* "Written once for all that get it": the copies differ in nothing but their address. */
static void copies_differ_only_in_their_address(void **state)
{
    (void)state;
    struct host_link *desk = rig_online("juliet", "desk0");
    struct host_link *phone = rig_online("juliet", "phone");
    struct host_link *juliet = rig_online("juliet", "balcony");
    rig_say(desk, ENABLE);
    rig_say(phone, ENABLE);
    rig_take(desk);
    rig_take(phone);
    rig_say(juliet, "<message to='romeo@example.com' type='chat'><body>&lt;hist></body></message>");
    char first[2048], second[2048];
    snprintf(first, sizeof first, "%s", rig_take(desk));
    snprintf(second, sizeof second, "%s", rig_take(phone));
    rig_assert_has(first, " to='juliet@localhost/desk0'");
    rig_assert_has(first, "<message xmlns='jabber:client' to='romeo@example.com' type='chat' "
                          "from='juliet@localhost/balcony'><body>&lt;hist></body></message>");
    char *address = strstr(first, "desk0");
    for (size_t i = 0; i < strlen("desk0"); i++)
        address[i] = "phone"[i];
    assert_string_equal(first, second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_of_a_copy_may_fail),
        RIG_TEST(copies_differ_only_in_their_address),
    };
    rig_use(&(struct rig_options){ .features = CORE_OFFLINE | CORE_CARBONS | CORE_BLOCKING });
    return cmocka_run_group_tests(tests, NULL, NULL);
}

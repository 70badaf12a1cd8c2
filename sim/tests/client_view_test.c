#include "client_rig.h"

#define ROSTER(items) "<query xmlns='" NS_ROSTER "'>" items "</query>"
#define ROMEO         "romeo@example.net/orchard"

static void assert_contact(const struct client_contact *contact, const char *jid, const char *name,
                           const char *subscription)
{
    assert_non_null(contact);
    assert_string_equal(contact->jid, jid);
    assert_string_equal(contact->subscription, subscription);
    assert_string_equal(xml_get(contact->item, "jid"), jid);
    if (name == NULL)
        assert_null(contact->name);
    else
        assert_string_equal(contact->name, name);
}

/* Logged in, with Romeo and the nurse in the roster, and an empty inbox. */
static struct rig *rig_with_roster(void)
{
    struct rig *rig = rig_new();
    log_in(rig);
    hear(rig,
         "<iq type='result' id='r'>" ROSTER(
             "<item jid='romeo@example.net' name='Romeo' subscription='both'><group>Friends</group></item>"
             "<item jid='nurse@example.com' subscription='none' ask='subscribe'/>") "</iq>");
    take_element(rig, "iq");
    return rig;
}

/* ---- Roster ---- */

/* RFC 6121, 2.1.3 and 2.1.4 */
static void a_roster_result_is_the_roster(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    log_in(rig);
    assert_false(client_asked_roster(rig->client));
    send_text(rig, "<iq type='get'>" ROSTER("") "</iq>");
    said(rig, "iq", XML_NS_CLIENT);
    assert_true(client_asked_roster(rig->client));
    assert_false(client_has_roster(rig->client));
    send_text(rig, "<iq type='get'/>");
    assert_true(client_asked_roster(rig->client));
    rig_free(rig);

    rig = rig_with_roster();
    assert_true(client_asked_roster(rig->client));
    assert_true(client_has_roster(rig->client));
    const struct client_contact *romeo = client_roster(rig->client);
    assert_contact(romeo, "romeo@example.net", "Romeo", "both");
    assert_false(romeo->ask);
    assert_text(xml_child(romeo->item, "group", NS_ROSTER), "Friends");
    const struct client_contact *nurse = romeo->next;
    assert_contact(nurse, "nurse@example.com", NULL, "none");
    assert_true(nurse->ask);
    assert_null(nurse->next);
    said_nothing(rig);

    hear(rig, "<iq type='result' id='r' from='juliet@example.com'>" ROSTER("") "</iq>");
    assert_true(client_has_roster(rig->client));
    assert_null(client_roster(rig->client));
    rig_free(rig);
}

static void only_an_iq_of_type_get_asks_for_the_roster(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    log_in(rig);
    send_text(rig, "<iq type='set'>" ROSTER("") "</iq>");
    send_text(rig, "<iq>" ROSTER("") "</iq>");
    send_text(rig, "<iq type='get'><query xmlns='jabber:iq:last'/></iq>");
    send_text(rig, "<message type='get'>" ROSTER("") "</message>");
    assert_false(client_asked_roster(rig->client));
    /* RFC 6120, 8.2.3: a request has exactly one child element; another is refused. */
    send_text(rig, "<iq type='get'>" ROSTER("") ROSTER("") "</iq>");
    send_text(rig, "<iq type='get'><x xmlns='urn:x'/>" ROSTER("") "</iq>");
    assert_false(client_asked_roster(rig->client));
    send_text(rig, "<iq type='get'> " ROSTER("") " </iq>");
    assert_true(client_asked_roster(rig->client));
    rig_free(rig);
}

/* RFC 6121, 2.1.2.5: without a subscription, it is "none". */
static void a_subscription_that_is_left_out_is_none(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    log_in(rig);
    hear(rig, "<iq type='result' id='r'>" ROSTER(
                  "<item/><other jid='a@b'/><item jid='nurse@example.com'/>") "</iq>");
    assert_contact(client_roster(rig->client), "nurse@example.com", NULL, "none");
    assert_null(client_roster(rig->client)->next);
    rig_free(rig);
}

/* RFC 6121, 2.1.6 */
static void a_push_adds_changes_and_removes_and_is_acknowledged(void **state)
{
    (void)state;
    struct rig *rig = rig_with_roster();
    hear(rig, "<iq type='set' id='p&apos;1'>" ROSTER(
                  "<item jid='tybalt@example.com' subscription='to'/>") "</iq>");
    const struct xml *result = said(rig, "iq", XML_NS_CLIENT);
    assert_string_equal(xml_get(result, "type"), "result");
    assert_string_equal(xml_get(result, "id"), "p'1");
    assert_null(result->children);
    assert_contact(client_roster(rig->client)->next->next, "tybalt@example.com", NULL, "to");

    hear(rig, "<iq type='set' id='p2'>" ROSTER(
                  "<item jid='romeo@example.net' name='My own' subscription='from'/>") "</iq>");
    assert_string_equal(xml_get(said(rig, "iq", XML_NS_CLIENT), "id"), "p2");
    assert_contact(client_roster(rig->client), "romeo@example.net", "My own", "from");
    assert_null(xml_first_element(client_roster(rig->client)->item));

    hear(rig,
         "<iq type='set' id='p3'>" ROSTER("<item jid='nurse@example.com' subscription='remove'/>") "</iq>");
    assert_string_equal(xml_get(said(rig, "iq", XML_NS_CLIENT), "id"), "p3");
    assert_contact(client_roster(rig->client)->next, "tybalt@example.com", NULL, "to");
    hear(rig,
         "<iq type='set' id='p4'>" ROSTER("<item jid='nobody@example.com' subscription='remove'/>") "</iq>");
    said(rig, "iq", XML_NS_CLIENT);
    assert_null(client_roster(rig->client)->next->next);

    for (int i = 0; i < 4; i++)
        take_element(rig, "iq");
    assert_inbox_empty(rig);
    said_nothing(rig);
    rig_free(rig);
}

#define PUSH_FROM(from)                                                                                      \
    "<iq type='set' id='p' from='" from "'>" ROSTER("<item jid='paris@example.com'/>") "</iq>"

static void a_push_may_come_from_the_account_itself(void **state)
{
    (void)state;
    static const char *const pushes[] = { PUSH_FROM("juliet@example.com"), PUSH_FROM(FULL_JID) };
    for (size_t i = 0; i < sizeof pushes / sizeof *pushes; i++) {
        struct rig *rig = rig_with_roster();
        hear(rig, pushes[i]);
        said(rig, "iq", XML_NS_CLIENT);
        assert_contact(client_roster(rig->client)->next->next, "paris@example.com", NULL, "none");
        rig_free(rig);
    }
}

/* RFC 6121, 2.1.6: a push from any other sender is ignored. */
static void a_push_from_another_jid_is_ignored(void **state)
{
    (void)state;
    static const char *const pushes[] = {
        PUSH_FROM("romeo@example.net"),
        PUSH_FROM("example.com"),
        PUSH_FROM("juliet@example.com/kitchen"),
        PUSH_FROM("juliet@example.community"),
        PUSH_FROM("juliet"),
        PUSH_FROM(""),
    };
    for (size_t i = 0; i < sizeof pushes / sizeof *pushes; i++) {
        struct rig *rig = rig_with_roster();
        hear(rig, pushes[i]);
        take_element(rig, "iq");
        said_nothing(rig);
        assert_null(client_roster(rig->client)->next->next);
        rig_free(rig);
    }
}

static void a_client_without_its_full_jid_knows_its_account(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    open_stream(rig, MECHANISMS(PLAIN_OFFERED));
    hear(rig, PUSH_FROM("juliet@example.com"));
    assert_contact(client_roster(rig->client), "paris@example.com", NULL, "none");
    said(rig, "iq", XML_NS_CLIENT);
    hear(rig, PUSH_FROM("juliet@example.net") PUSH_FROM("julie@example.com") PUSH_FROM(FULL_JID));
    said_nothing(rig);
    rig_free(rig);
}

static void a_roster_of_another_account_is_not_ours(void **state)
{
    (void)state;
    struct rig *rig = rig_with_roster();
    hear(rig, "<iq type='result' id='r' from='romeo@example.net'>" ROSTER("") "</iq>");
    assert_non_null(client_roster(rig->client));
    rig_free(rig);
}

static void requests_other_than_pushes_are_left_to_the_director(void **state)
{
    (void)state;
    struct rig *rig = rig_with_roster();
    hear(rig, "<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>"
              "<iq type='set' id='2'><other xmlns='urn:example'/></iq>"
              "<iq type='get' id='3'>" ROSTER("") "</iq><iq id='4'>" ROSTER("") "</iq>");
    said_nothing(rig);
    assert_non_null(client_roster(rig->client));
    for (int i = 0; i < 4; i++)
        take_element(rig, "iq");
    rig_free(rig);
}

/* ---- Who is online ---- */

static void a_sender_of_presence_is_online_until_unavailable(void **state)
{
    (void)state;
    struct rig *rig = rig_with_roster();
    hear(rig, "<presence from='" ROMEO "'/><presence from='nurse@example.com/kitchen'/>"
              "<presence from='" ROMEO "'><show>away</show></presence>");
    const struct client_online *online = client_online(rig->client);
    assert_string_equal(online->jid, ROMEO);
    assert_string_equal(online->next->jid, "nurse@example.com/kitchen");
    assert_null(online->next->next);
    assert_true(client_sees(rig->client, ROMEO));
    assert_false(client_sees(rig->client, "romeo@example.net"));

    hear(rig, "<presence from='" ROMEO "' type='unavailable'/>");
    assert_false(client_sees(rig->client, ROMEO));
    assert_true(client_sees(rig->client, "nurse@example.com/kitchen"));
    hear(rig, "<presence from='" ROMEO "'/>");
    assert_string_equal(client_online(rig->client)->next->jid, ROMEO);
    for (int i = 0; i < 5; i++)
        take_element(rig, "presence");
    assert_inbox_empty(rig);
    rig_free(rig);
}

static void unavailable_from_a_bare_jid_is_about_all_its_resources(void **state)
{
    (void)state;
    struct rig *rig = rig_with_roster();
    hear(rig, "<presence from='" ROMEO "'/><presence from='romeo@example.network/a'/>"
              "<presence from='romeo@example.net/tomb'/>"
              "<presence from='romeo@example.net' type='unavailable'/>");
    assert_string_equal(client_online(rig->client)->jid, "romeo@example.network/a");
    assert_null(client_online(rig->client)->next);
    rig_free(rig);
}

static void a_resource_may_begin_like_another(void **state)
{
    (void)state;
    struct rig *rig = rig_with_roster();
    hear(rig, "<presence from='" ROMEO "/gate'/><presence from='" ROMEO "' type='unavailable'/>");
    assert_true(client_sees(rig->client, ROMEO "/gate"));
    rig_free(rig);
}

static void presence_of_any_other_kind_changes_nothing(void **state)
{
    (void)state;
    static const char *const types[] = {
        "subscribe", "subscribed", "unsubscribe", "unsubscribed", "probe", "error", "available", "",
    };
    struct rig *rig = rig_with_roster();
    hear(rig, "<presence from='" ROMEO "'/>");
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        hear(rig, "<presence from='" ROMEO "' type='");
        hear(rig, types[i]);
        hear(rig, "'/><presence from='nurse@example.com/kitchen' type='");
        hear(rig, types[i]);
        hear(rig, "'/>");
    }
    hear(rig, "<presence from='nurse@example.com'/><presence/><presence type='unavailable'/>");
    assert_string_equal(client_online(rig->client)->jid, ROMEO);
    assert_null(client_online(rig->client)->next);
    rig_free(rig);
}

static void what_looks_like_presence_in_another_namespace_is_none(void **state)
{
    (void)state;
    struct rig *rig = rig_with_roster();
    hear(rig, "<presence xmlns='urn:example' from='" ROMEO "'/>");
    assert_null(client_online(rig->client));
    rig_free(rig);
}

static void a_new_session_begins_with_an_empty_view(void **state)
{
    (void)state;
    struct rig *rig = rig_with_roster();
    hear(rig, "<presence from='" ROMEO "'/>");
    client_disconnect(rig->client);
    hear(rig, STREAM_END);
    log_in(rig);
    assert_false(client_asked_roster(rig->client));
    assert_false(client_has_roster(rig->client));
    assert_null(client_roster(rig->client));
    assert_null(client_online(rig->client));
    rig_free(rig);
}

/* ---- Versions (RFC 6121, 2.6) ---- */

#define VERSIONED(ver, items) "<query xmlns='" NS_ROSTER "' ver='" ver "'>" items "</query>"
#define ASK(id, ver)          "<iq type='get' id='" id "'><query xmlns='" NS_ROSTER "' ver='" ver "'/></iq>"

/* Requested with a version; the result had version 7, a push version 8; then the whole roster again. */
static struct rig *rig_with_version(void)
{
    struct rig *rig = rig_new();
    log_in(rig);
    assert_null(client_roster_version(rig->client));
    hear(rig, "<iq type='result' id='r'>" VERSIONED(
                  "7", "<item jid='romeo@example.net' approved='true'/>") "</iq>");
    assert_string_equal(client_roster_version(rig->client), "7");
    assert_true(client_roster(rig->client)->approved);
    hear(rig, "<iq type='set' id='p'>" VERSIONED(
                  "8", "<item jid='romeo@example.net' subscription='to'/>") "</iq>");
    said(rig, "iq", XML_NS_CLIENT);
    assert_string_equal(client_roster_version(rig->client), "8");
    client_disconnect(rig->client);
    hear(rig, STREAM_END);
    log_in(rig);
    return rig;
}

static void an_empty_result_says_that_the_roster_is_as_it_was(void **state)
{
    (void)state;
    struct rig *rig = rig_with_version();
    assert_false(client_has_roster(rig->client));
    assert_false(client_asked_roster(rig->client));
    send_text(rig, ASK("r2", "8"));
    hear(rig, "<iq type='result' id='other'/>");
    assert_false(client_has_roster(rig->client));
    hear(rig, "<iq type='result' id='r2'/>");
    assert_true(client_has_roster(rig->client));
    assert_contact(client_roster(rig->client), "romeo@example.net", NULL, "to");
    rig_free(rig);
}

static void an_empty_result_for_another_version_tells_nothing(void **state)
{
    (void)state;
    struct rig *rig = rig_with_version();
    send_text(rig, ASK("r2", "7"));
    hear(rig, "<iq type='result' id='r2'/>");
    assert_false(client_has_roster(rig->client));
    /* A later push changes a roster that may be out of date. */
    hear(rig, "<iq type='set' id='p'>" VERSIONED("9", "<item jid='nurse@example.net'/>") "</iq>");
    assert_string_equal(client_roster_version(rig->client), "8");
    hear(rig, "<iq type='result' id='r3'>" VERSIONED("9", "") "</iq>");
    assert_null(client_roster(rig->client));
    assert_string_equal(client_roster_version(rig->client), "9");
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_roster_result_is_the_roster),
        cmocka_unit_test(only_an_iq_of_type_get_asks_for_the_roster),
        cmocka_unit_test(a_subscription_that_is_left_out_is_none),
        cmocka_unit_test(a_push_adds_changes_and_removes_and_is_acknowledged),
        cmocka_unit_test(a_push_may_come_from_the_account_itself),
        cmocka_unit_test(a_push_from_another_jid_is_ignored),
        cmocka_unit_test(a_client_without_its_full_jid_knows_its_account),
        cmocka_unit_test(a_roster_of_another_account_is_not_ours),
        cmocka_unit_test(requests_other_than_pushes_are_left_to_the_director),
        cmocka_unit_test(a_sender_of_presence_is_online_until_unavailable),
        cmocka_unit_test(unavailable_from_a_bare_jid_is_about_all_its_resources),
        cmocka_unit_test(a_resource_may_begin_like_another),
        cmocka_unit_test(presence_of_any_other_kind_changes_nothing),
        cmocka_unit_test(what_looks_like_presence_in_another_namespace_is_none),
        cmocka_unit_test(a_new_session_begins_with_an_empty_view),
        cmocka_unit_test(an_empty_result_says_that_the_roster_is_as_it_was),
        cmocka_unit_test(an_empty_result_for_another_version_tells_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

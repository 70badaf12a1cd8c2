/* Sessions and logins that end because their account has new keys, or is removed. */
#include "account/credentials.h"

#include "inside.h"

#include <nettle/base64.h>
#include <nettle/pbkdf2.h>
#include <nettle/sha1.h>

static void change(const struct session *except)
{
    credentials_changed(rig.core, "romeo", "localhost", except, STREAM_RESET, "new keys");
    inside_settle();
}

/* ---- Sessions ---- */

/* RFC 6120, 4.9.3.16: reset, to all of an account's sessions but the one that asked for it. */
static void all_sessions_of_an_account_end_but_one(void **state)
{
    (void)state;
    rig_begin();
    struct host_link *asker = rig_login("romeo", "orchard");
    struct host_link *other = rig_login("romeo", "street");
    struct host_link *unbound = rig_authenticated("romeo");
    struct host_link *away = rig_login("romeo", "mantua");
    struct host_link *juliet = rig_login("juliet", "romeo");
    rig_say(away, "<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
    rig_hangup(away);
    credentials_changed(rig.core, "romeo", "localhost", rig_session(asker), STREAM_RESET, NULL);
    rig_say(juliet, " "); /* any call brings it to its end */
    rig_assert_stream_error(other, "reset");
    rig_assert_stream_error(unbound, "reset");
    assert_false(asker->closed);
    assert_false(juliet->closed);
    assert_null(inspect_full_jid(rig.core, "romeo@localhost/mantua"));
    assert_int_equal(inspect_counts(rig.core).sessions, 2);
    rig_end();
}

static void without_an_exception_all_of_them_end(void **state)
{
    (void)state;
    struct host_link *orchard = rig_login("romeo", "orchard"), *garden = rig_login("romeo", "garden");
    change(NULL);
    rig_assert_has(orchard->sent, ">new keys</text>");
    assert_true(orchard->closed && garden->closed);
    assert_int_equal(inspect_counts(rig.core).sessions, 0);
}

/* The same name at another host is another account, bound or about to log in. */
static void the_same_username_at_another_host_is_unaffected(void **state)
{
    (void)state;
    static const char header[] = "<?xml version='1.0'?><stream:stream to='example.com' version='1.0' "
                                 "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>";
    struct host_link *namesake = rig_accept();
    rig_say(namesake, header);
    rig_auth(namesake, "romeo");
    rig_say(namesake, header);
    rig_bind(namesake, "orchard");
    struct host_link *unopened = rig_accept(), *waiting = rig_accept();
    rig.prompt = false;
    rig_say(waiting, header);
    rig_auth(waiting, "romeo");
    change(NULL);
    assert_int_equal(rig_pending_count(), 1);
    rig_answer();
    rig_assert_has(rig_take(waiting), "<success ");
    assert_false(namesake->closed);
    assert_false(unopened->closed);
}

/* ---- Logins that are under way ---- */

/* A client that waits for the account's keys. */
static struct host_link *logging_in(const char *username)
{
    struct host_link *link = rig_accept();
    rig_say(link, RIG_HEADER);
    rig_auth(link, username);
    rig_take(link);
    return link;
}

/* Keys that were loaded before may be the old ones. */
static void a_login_that_waits_for_the_keys_loads_them_again(void **state)
{
    (void)state;
    rig.prompt = false;
    struct host_link *romeo = logging_in("romeo"), *juliet = logging_in("juliet");
    change(NULL);
    assert_int_equal(rig_pending_count(), 3);
    rig_answer(); /* romeo's old keys */
    assert_string_equal(rig_take(romeo), "");
    rig_answer(); /* juliet's, which have not changed */
    rig_assert_has(rig_take(juliet), "<success ");
    assert_string_equal(rig_pending()->owner, "romeo@localhost");
    rig_answer();
    rig_assert_has(rig_take(romeo), "<success ");
    rig.prompt = true;
}

static void a_login_that_waits_fails_when_the_account_is_removed(void **state)
{
    (void)state;
    rig.prompt = false;
    struct host_link *romeo = logging_in("romeo");
    change(NULL);
    rig_answer();
    rig_answer_with(rig_pending(), CORE_NO_ACCOUNT);
    rig_assert_has(rig_take(romeo), "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/>");
    assert_false(romeo->closed);
    rig.prompt = true;
}

static void a_login_that_cannot_load_the_keys_again_fails(void **state)
{
    (void)state;
    rig.prompt = false;
    struct host_link *romeo = logging_in("romeo");
    rig.memory.fail_at = rig.memory.allocations + 1;
    change(NULL);
    rig_assert_has(rig_take(romeo), "<temporary-auth-failure/>");
    assert_false(romeo->closed); /* RFC 6120, 6.4.5: it may try again */
    rig.prompt = true;
}

/* ---- A login that was sent a challenge ---- */

static void say_base64(const struct host_link *link, const char *element, const char *text)
{
    char encoded[512] = "", xml[768];
    base64_encode_raw(encoded, strlen(text), (const uint8_t *)text);
    snprintf(xml, sizeof xml, "<%s xmlns='urn:ietf:params:xml:ns:xmpp-sasl'%s>%s</%s>", element,
             strcmp(element, "auth") == 0 ? " mechanism='SCRAM-SHA-1'" : "", encoded, element);
    rig_say(link, xml);
}

/* The proof of the password "pencil", in base64 (RFC 5802, 3), with the salt and iterations of rig.h. */
static void make_proof(char proof[64], const char *auth_message)
{
    uint8_t salted[SHA1_DIGEST_SIZE], client[SHA1_DIGEST_SIZE], stored[SHA1_DIGEST_SIZE];
    uint8_t signature[SHA1_DIGEST_SIZE];
    struct sha1_ctx sha1;
    pbkdf2_hmac_sha1(6, (const uint8_t *)"pencil", 3, 5, (const uint8_t *)"salty", sizeof salted, salted);
    host_hmac(salted, "Client Key", client);
    sha1_init(&sha1);
    sha1_update(&sha1, sizeof client, client);
    sha1_digest(&sha1, sizeof stored, stored);
    host_hmac(stored, auth_message, signature);
    for (size_t i = 0; i < sizeof client; i++)
        client[i] ^= signature[i];
    memset(proof, 0, 64);
    base64_encode_raw(proof, sizeof client, client);
}

/* Begins SCRAM, and sends the right proof, which is of the keys that there were at the challenge. */
static const char *prove(struct host_link *link, bool changed)
{
    char challenge[256], server_first[256] = "", nonce[128], message[768], proof[64];
    struct base64_decode_ctx base64;
    size_t length = sizeof server_first - 1;
    say_base64(link, "auth", "n,,n=romeo,r=abc");
    const char *text = strstr(rig_take(link), "<challenge ");
    assert_non_null(text);
    assert_int_equal(sscanf(text, "<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>%255[^<]", challenge),
                     1);
    base64_decode_init(&base64);
    assert_true(
        base64_decode_update(&base64, &length, (uint8_t *)server_first, strlen(challenge), challenge));
    assert_int_equal(sscanf(server_first, "r=%127[^,]", nonce), 1);
    if (changed)
        change(NULL);
    snprintf(message, sizeof message, "n=romeo,r=abc,%s,c=biws,r=%s", server_first, nonce);
    make_proof(proof, message);
    snprintf(message, sizeof message, "c=biws,r=%s,p=%s", nonce, proof);
    say_base64(link, "response", message);
    return rig_take(link);
}

static void a_proof_of_the_old_keys_is_not_accepted(void **state)
{
    (void)state;
    struct host_link *unchanged = rig_accept(), *changed = rig_accept();
    rig_say(unchanged, RIG_HEADER);
    rig_say(changed, RIG_HEADER);
    rig_assert_has(prove(changed, true), "<not-authorized/>");
    assert_false(changed->closed);
    rig_assert_has(prove(unchanged, false), "<success ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_sessions_of_an_account_end_but_one),
        RIG_TEST(without_an_exception_all_of_them_end),
        RIG_TEST(the_same_username_at_another_host_is_unaffected),
        RIG_TEST(a_login_that_waits_for_the_keys_loads_them_again),
        RIG_TEST(a_login_that_waits_fails_when_the_account_is_removed),
        RIG_TEST(a_login_that_cannot_load_the_keys_again_fails),
        RIG_TEST(a_proof_of_the_old_keys_is_not_accepted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

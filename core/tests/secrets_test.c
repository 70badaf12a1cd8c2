/*
 * The secrets of a login are nowhere in memory after use: neither in a block that the core, or its expat, has
 * freed, nor, once the session is bound, in one that it holds.
 */
#include "secrets_rig.h"
#include "shortage.h"

static const char change[] = "<iq type='set' id='p'><query xmlns='jabber:iq:register'>"
                             "<username>user</username><password>" NEW_PASSWORD "</password></query></iq>";

/* The search looks in the right places: an address is not overwritten. */
static void what_is_no_secret_is_found(void **state)
{
    (void)state;
    struct host_link *link = secrets_dial();
    rig_say(link, PLAIN_AUTH);
    secrets_bind(link);
    quarantine_add("the resource", "balcony", strlen("balcony"));
    assert_non_null(quarantine_find(false));
    rig_hangup(link);
    assert_non_null(quarantine_find(true));
    quarantine_drop_secret();
}

/* While the account is loaded, the message has to wait; it is only there. */
static void a_secret_that_waits_for_storage_is_found(void **state)
{
    (void)state;
    struct host_link *link = secrets_dial();
    rig.prompt = false;
    rig_say(link, PLAIN_AUTH);
    assert_string_equal(quarantine_find(false), "the password");
    secrets_assert_none_freed("while the account is loaded");
    rig_answer();
    rig.prompt = true;
    secrets_bind(link);
}

static void plain_leaves_nothing(void **state)
{
    (void)state;
    struct host_link *link = secrets_dial();
    rig_say(link, PLAIN_AUTH);
    secrets_bind(link);
    rig_hangup(link);
    secrets_assert_none_held("once the client is gone");
}

static void scram_leaves_nothing(void **state)
{
    (void)state;
    struct host_link *link = secrets_dial();
    secrets_scram_begin(link);
    secrets_scram_end(link, true);
    secrets_bind(link);
    rig_hangup(link);
    secrets_assert_none_held("once the client is gone");
}

static void a_login_that_fails_leaves_nothing(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        PLAIN_HEAD "AHVzZXIAcGVuY2lsIHNoYXJwZW5lcg==</auth>", /* "pencil sharpener" */
        PLAIN_HEAD "AG5vYm9keQBwZW5jaWw=</auth>",             /* of nobody */
        PLAIN_HEAD "AHVzZXIAcGVuY2ls=</auth>",                /* no base64 */
        PLAIN_HEAD "AHVzZXIAcGVuY2ls!AAA</auth>",             /* nor here, at the end */
        PLAIN_HEAD "cGVuY2ls</auth>",                         /* the password alone */
        PLAIN_HEAD "AHVzZXIAcGVuY2lsAHBlbmNpbA==</auth>",     /* a NUL in it */
        PLAIN_HEAD "<![CDATA[AHVzZXIAcGV]]>uY2lsIQ==</auth>", /* in two pieces */
        PLAIN_HEAD "AHVzZXIAcGVuY2ls&#65;AAA</auth>",
        "<auth xmlns='" NS_SASL_TEXT "' mechanism='LOGIN'>cGVuY2ls</auth>",
        "<response xmlns='" NS_SASL_TEXT "'>cGVuY2ls</response>",
        "<abort xmlns='" NS_SASL_TEXT "'>cGVuY2ls</abort>",
    };
    quarantine_add("the password of nobody", "BwZW5jaWw", strlen("BwZW5jaWw"));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct host_link *link = secrets_dial();
        rig_say(link, wrong[i]);
        rig_assert_has(rig_take(link), "<failure");
        secrets_assert_none_held("once a login has failed");
        rig_say(link, PLAIN_AUTH);
        secrets_bind(link);
        rig_say(link, "</stream:stream>");
        secrets_assert_none_held("once the stream is closed");
    }
}

static void a_wrong_proof_leaves_nothing(void **state)
{
    (void)state;
    struct host_link *link = secrets_dial();
    secrets_scram_begin(link);
    secrets_scram_end(link, false);
    rig_assert_has(rig_take(link), "<not-authorized");
    secrets_assert_none_held("once a proof was wrong");
    rig_hangup(link);
    secrets_assert_none_held("once the client is gone");
}

static void a_login_that_is_aborted_leaves_nothing(void **state)
{
    (void)state;
    struct host_link *link = secrets_dial();
    secrets_scram_begin(link);
    assert_string_equal(quarantine_find(false), "the stored key"); /* the client's proof is awaited */
    secrets_say_sasl(link, "abort", "", "");
    rig_assert_has(rig_take(link), "<aborted");
    secrets_assert_none_held("once the login is aborted");
    secrets_scram_begin(link);
    rig_hangup(link);
    secrets_assert_none_held("once the client is gone");
}

static void an_account_that_cannot_be_loaded_leaves_nothing(void **state)
{
    (void)state;
    struct host_link *link = secrets_dial();
    rig.prompt = false;
    rig_say(link, PLAIN_AUTH);
    rig_fail();
    secrets_assert_none_held("once storage has failed");
    rig_say(link, PLAIN_AUTH);
    rig_hangup(link);
    secrets_assert_none_held("once the client is gone");
    rig_answer();
    secrets_assert_none_held("once the answer has come too late");
}

/* ---- Pieces ---- */

/* Wherever the connection is cut, in which pieces the bytes came. */
static void a_connection_that_is_cut_leaves_nothing(void **state)
{
    (void)state;
    static const char all[] = PLAIN_AUTH;
    for (size_t cut = 1; cut < sizeof all; cut++) {
        struct host_link *whole = secrets_dial();
        rig_say_bytes(whole, all, cut);
        rig_hangup(whole);
        secrets_assert_none_held("once a connection was cut");
        struct host_link *slow = secrets_dial();
        for (size_t i = 0; i < cut; i++)
            rig_say_bytes(slow, all + i, 1);
        rig_hangup(slow);
        secrets_assert_none_held("once a slow connection was cut");
        host_drop(&rig, whole);
        host_drop(&rig, slow);
        host_forget_requests(&rig);
        quarantine_empty();
    }
}

/* The part received is in the stanza being built, and nowhere else, even when expat needs a larger buffer for
 * the next tag. */
static void a_tag_that_is_large_moves_no_secret(void **state)
{
    (void)state;
    struct host_link *link = secrets_dial();
    rig_say(link, PLAIN_HEAD PLAIN_TEXT);
    rig_say(link, rig_filled("<a b='", 'c', 4000, ""));
    secrets_assert_none_freed("when expat's buffer has grown");
    rig_say(link, "'/></auth>");
    secrets_bind(link);
}

static void xml_that_is_wrong_leaves_nothing(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "</b>", "<!-- -->",           "&nbsp;", "\xff", "<a b='1' b='2'/>", "<a:b/>", "]]>",
        "\x01", "</auth><!DOCTYPE a>"
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char xml[256];
        snprintf(xml, sizeof xml, PLAIN_HEAD PLAIN_TEXT "%s cGVuY2ls", wrong[i]);
        struct host_link *one = secrets_dial(), *two = secrets_dial();
        rig_say(one, xml);
        assert_true(one->closed);
        secrets_assert_none_held("once XML was wrong");
        rig_say(two, PLAIN_HEAD PLAIN_TEXT);
        rig_say(two, wrong[i]);
        assert_true(two->closed);
        secrets_assert_none_held("once XML was wrong in another piece");
    }
}

static void what_is_too_large_leaves_nothing(void **state)
{
    (void)state;
    struct host_link *link = secrets_dial();
    for (size_t i = 0; i < 40 && !link->closed; i++)
        rig_say(link, rig_filled(i == 0 ? PLAIN_HEAD "cGVuY2ls" : "cGVuY2ls", 'A', 1000, "cGVuY2ls"));
    rig_assert_stream_error(link, "policy-violation");
    secrets_assert_none_held("once a stanza was too large");
}

/* Bytes sent without waiting for the answer wait, and are parsed as the old stream or discarded. */
static void what_waits_leaves_nothing(void **state)
{
    (void)state;
    static const char *const more[] = { PLAIN_AUTH, "<abort xmlns='" NS_SASL_TEXT "'/>" PLAIN_AUTH,
                                        "cGVuY2ls", "<a>cGVuY2ls", RIG_HEADER "<a>cGVuY2ls" };
    for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
        for (size_t one_piece = 0; one_piece < 2; one_piece++) {
            for (size_t how = 0; how < 3; how++) {
                char xml[2048];
                struct host_link *link = secrets_dial();
                rig.prompt = false;
                snprintf(xml, sizeof xml, PLAIN_AUTH "%s", one_piece ? more[i] : "");
                rig_say(link, xml);
                if (!one_piece)
                    rig_say(link, more[i]);
                secrets_assert_none_freed("while the account is loaded");
                if (how == 0)
                    rig_answer();
                else if (how == 1)
                    rig_fail();
                secrets_assert_none_freed("after the answer");
                rig_hangup(link);
                rig.prompt = true;
                rig_answer_all();
                secrets_assert_none_held("once the client is gone");
            }
        }
    }
}

/* ---- TLS ---- */

static void tls_leaves_nothing(void **state)
{
    rig_end();
    struct core_settings settings = rig_settings();
    settings.tls = CORE_TLS_REQUIRED;
    secrets_begin_with(&settings);
    (void)state;
    static const unsigned char exporter[] = "what only these two know";
    static const struct core_tls tls = { .exporter = { exporter, sizeof exporter - 1 } };
    quarantine_add("the channel's secret", exporter, sizeof exporter - 1);
    struct host_link *link = secrets_dial();
    rig_say(link, PLAIN_AUTH); /* too early */
    rig_assert_has(rig_take(link), "<encryption-required");
    secrets_assert_none_held("once it came in the clear");
    rig_say(link, "<starttls xmlns='" NS_TLS_TEXT "'/>" PLAIN_AUTH "cGVuY2ls");
    secrets_assert_none_held("once it came behind <starttls/>");
    rig_say(link, PLAIN_AUTH);
    secrets_assert_none_held("once it came in the handshake");
    core_secured(rig.core, link->conn, &tls);
    rig_say(link, RIG_HEADER PLAIN_AUTH);
    rig_assert_has(rig_take(link), "<success");
    assert_string_equal(quarantine_find(false), "the channel's secret"); /* as long as the channel */
    secrets_assert_none_freed("once the session is up");
    rig_hangup(link);
    secrets_assert_none_held("once the channel is gone");
}

static struct host_link *secured(const unsigned char *exporter, size_t length)
{
    const struct core_tls tls = { .exporter = { exporter, length } };
    struct host_link *link = secrets_dial();
    rig_say(link, "<starttls xmlns='" NS_TLS_TEXT "'/>");
    core_secured(rig.core, link->conn, &tls);
    rig_say(link, RIG_HEADER PLAIN_AUTH);
    rig_assert_has(rig_take(link), "<success");
    rig_say(link, RIG_HEADER);
    return link;
}

/* A session that is resumed on another channel has no use for the secret of the first. */
static void a_resumption_leaves_nothing_of_the_old_channel(void **state)
{
    (void)state;
    rig_end();
    struct core_settings settings = rig_settings();
    settings.tls = CORE_TLS_REQUIRED;
    secrets_begin_with(&settings);
    static const unsigned char old[] = "what only these two knew", new[] = "another channel has this";
    quarantine_add("the old channel's secret", old, sizeof old - 1);
    struct host_link *link = secured(old, sizeof old - 1);
    rig_bind(link, "balcony");
    rig_take(link);
    rig_say(link, "<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
    const char *id = strstr(rig_take(link), " id='");
    assert_non_null(id);
    char xml[160];
    snprintf(xml, sizeof xml, "<resume xmlns='urn:xmpp:sm:3' previd='%.*s' h='0'/>",
             (int)strcspn(id + 5, "'"), id + 5);
    rig_hangup(link);
    struct host_link *again = secured(new, sizeof new - 1);
    rig_take(again);
    rig_say(again, xml);
    rig_assert_has(rig_take(again), "<resumed ");
    secrets_assert_none_held("once the session is resumed");
}

/* ---- Password change and account removal (XEP-0077) ---- */

/* The keys of the new password are secrets as well: those that storage was asked to keep. */
static void add_saved_keys(void)
{
    const struct host_request *saved = rig.requests[rig.request_count - 1];
    assert_int_equal(saved->op, CORE_SAVE);
    assert_int_equal(saved->store, CORE_STORE_ACCOUNT);
    assert_int_equal(saved->entry_count, 2);
    for (size_t i = 0; i < saved->entry_count; i++) {
        char *dollar = strchr(saved->entries[i].value, '$');
        assert_non_null(dollar);
        char *colon = strchr(dollar, ':');
        quarantine_add("a new stored key", dollar + 1, (size_t)(colon - dollar) - 1 - 4);
        quarantine_add("a new server's key", colon + 1, strlen(colon + 1) - 4);
    }
}

static void a_change_of_the_password_leaves_nothing(void **state)
{
    (void)state;
    struct host_link *link = secrets_online();
    rig.prompt = false;
    rig_say(link, change);
    add_saved_keys();
    secrets_assert_none_freed("while the keys are saved");
    rig_answer();
    rig_assert_has(rig_take(link), "type='result'");
    secrets_assert_none_held("once the password was changed");
}

static void a_change_in_pieces_leaves_nothing(void **state)
{
    (void)state;
    struct host_link *link = secrets_online();
    for (size_t i = 0; i + 1 < sizeof change; i++) {
        rig_say_bytes(link, change + i, 1);
        secrets_assert_none_freed("in the middle of a change");
    }
    rig_assert_has(rig_take(link), "type='result'");
    secrets_assert_none_held("once the password was changed");
}

static void a_change_that_is_refused_leaves_nothing(void **state)
{
    (void)state;
    static const char *const names[] = { "romeo", "user" };
    struct host_link *link = secrets_online();
    for (size_t i = 0; i < 2; i++) {
        char xml[512];
        snprintf(xml, sizeof xml,
                 "<iq type='set' id='%zu'><query xmlns='jabber:iq:register'><username>%s</username>"
                 "<password>" NEW_PASSWORD "%s</password></query></iq>",
                 i, names[i], i == 1 ? "&#x7f;" : "");
        rig_say(link, xml);
        rig_assert_has(rig_take(link), "type='error'");
        secrets_assert_none_held("once a change was refused");
    }
    rig.prompt = false;
    rig_say(link, change);
    add_saved_keys();
    rig_fail();
    rig_assert_has(rig_take(link), "type='error'");
    secrets_assert_none_held("once a save has failed");
    rig_say(link, change);
    rig_say(link, change); /* waits */
    rig_hangup(link);
    rig.prompt = true;
    rig_answer_all();
    secrets_assert_none_held("once the client is gone");
}

static void a_removal_of_the_account_leaves_nothing(void **state)
{
    (void)state;
    struct host_link *link = secrets_online();
    rig_say(link, "<iq type='set' id='r'><query xmlns='jabber:iq:register'><remove/>"
                  "<password>" NEW_PASSWORD "</password></query></iq>");
    secrets_assert_none_held("once a removal was refused");
    rig_say(link, "<iq type='set' id='r'><query xmlns='jabber:iq:register'><remove/></query></iq>");
    assert_true(link->closed);
    secrets_assert_none_held("once the account is removed");
}

/* A password in a message is a text like any other: it waits for a client that does not read at once. */
static void what_a_client_is_sent_leaves_nothing(void **state)
{
    (void)state;
    struct host_link *link = secrets_online();
    link->window = 10;
    for (size_t i = 0; i < 20; i++)
        rig_say(link, "<message to='user@localhost/balcony'><body>pencil cGVuY2ls</body></message>");
    secrets_assert_none_freed("while the client does not read");
    assert_non_null(quarantine_find(false));
    link->window = 1000;
    core_writable(rig.core, link->conn);
    secrets_assert_none_freed("when the client has read some");
    link->window = SIZE_MAX;
    core_writable(rig.core, link->conn);
    secrets_assert_none_held("when the client has read all");
}

/* The salts of accounts that do not exist are made from it. */
static void a_core_that_is_freed_leaves_no_secret(void **state)
{
    (void)state;
    static const char secret[] = "thirty-two bytes that are secret";
    assert_int_equal(strlen(secret), CORE_SECRET);
    rig_end();
    struct core_settings settings = rig_settings();
    settings.secret = (const unsigned char *)secret;
    secrets_begin_with(&settings);
    struct host_link *link = secrets_dial();
    secrets_say_sasl(link, "auth", " mechanism='SCRAM-SHA-1'", secrets_base64("n,,n=nobody,r=clientnonce"));
    rig_assert_has(secrets_challenge(link), ",s=");
    quarantine_add("the core's secret", secret, CORE_SECRET);
    assert_non_null(quarantine_find(false)); /* freed blocks are searched when the core has ended */
}

/* ---- Descriptions ---- */

static void assert_not_told(void)
{
    static const struct core_memory memory = { malloc, realloc, free };
    char *told = inspect_describe(rig.core, &memory);
    assert_non_null(told);
    const char *found = quarantine_secret_in(told, strlen(told));
    if (found != NULL)
        fail_msg("%s is told: %s", found, told);
    free(told);
}

static void no_secret_is_described(void **state)
{
    (void)state;
    static const char all[] = PLAIN_AUTH;
    struct host_link *link = secrets_dial();
    rig.prompt = false;
    for (size_t i = 0; i + 1 < sizeof all; i++) {
        rig_say_bytes(link, all + i, 1);
        assert_not_told();
    }
    rig_say(link, PLAIN_AUTH); /* waits */
    assert_not_told();
    rig.prompt = true;
    rig_answer_all();
    struct host_link *proof = secrets_dial();
    secrets_scram_begin(proof);
    assert_not_told();
    rig_hangup(proof);
    struct host_link *up = secrets_online();
    rig.prompt = false;
    for (size_t i = 0; i + 1 < sizeof change; i++) {
        rig_say_bytes(up, change + i, 1);
        assert_not_told();
    }
    rig_say(up, change); /* waits */
    assert_not_told();
    rig_answer_all();
}

/* ---- Without memory ---- */

static void begin_a_shortage(void)
{
    struct core_settings settings = rig_settings();
    settings.iterations = 4;
    secrets_assert_none_freed("after a life without memory");
    secrets_begin_with(&settings);
}

/* The challenge is there, or the client is gone or was refused. */
static void scram_if_challenged(struct host_link *link)
{
    secrets_scram_begin(link);
    if (link->conn != NULL && strstr(link->sent + link->seen, "<challenge") != NULL)
        secrets_scram_end(link, true);
}

static void live_a_login(void)
{
    struct host_link *plain = secrets_dial(), *scram = secrets_dial();
    rig_say(plain, PLAIN_AUTH);
    secrets_assert_none_held("after PLAIN without memory");
    rig_say(plain, RIG_HEADER);
    rig_bind(plain, "balcony");
    rig_say(plain, change);
    secrets_assert_none_held("after a change without memory");
    if (scram->conn != NULL)
        scram_if_challenged(scram);
    secrets_assert_none_held("after SCRAM without memory");
}

static void no_shortage_of_memory_leaves_a_secret(void **state)
{
    (void)state;
    rig_end();
    size_t needed = shortage_play(begin_a_shortage, live_a_login);
    assert_true(needed > 100);
    begin_a_shortage();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SECRETS_TEST(what_is_no_secret_is_found),
        SECRETS_TEST(a_secret_that_waits_for_storage_is_found),
        SECRETS_TEST(plain_leaves_nothing),
        SECRETS_TEST(scram_leaves_nothing),
        SECRETS_TEST(a_login_that_fails_leaves_nothing),
        SECRETS_TEST(a_wrong_proof_leaves_nothing),
        SECRETS_TEST(a_login_that_is_aborted_leaves_nothing),
        SECRETS_TEST(an_account_that_cannot_be_loaded_leaves_nothing),
        SECRETS_TEST(a_connection_that_is_cut_leaves_nothing),
        SECRETS_TEST(a_tag_that_is_large_moves_no_secret),
        SECRETS_TEST(xml_that_is_wrong_leaves_nothing),
        SECRETS_TEST(what_is_too_large_leaves_nothing),
        SECRETS_TEST(what_waits_leaves_nothing),
        SECRETS_TEST(tls_leaves_nothing),
        SECRETS_TEST(a_resumption_leaves_nothing_of_the_old_channel),
        SECRETS_TEST(a_change_of_the_password_leaves_nothing),
        SECRETS_TEST(a_change_in_pieces_leaves_nothing),
        SECRETS_TEST(a_change_that_is_refused_leaves_nothing),
        SECRETS_TEST(a_removal_of_the_account_leaves_nothing),
        SECRETS_TEST(what_a_client_is_sent_leaves_nothing),
        SECRETS_TEST(a_core_that_is_freed_leaves_no_secret),
        SECRETS_TEST(no_secret_is_described),
        SECRETS_TEST(no_shortage_of_memory_leaves_a_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

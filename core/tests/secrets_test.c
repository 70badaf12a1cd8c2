/*
 * What a client logs in with is nowhere in memory once it was used: neither in a block that the core, or its
 * expat, gave back, nor, when the session is up, in one that it has.
 */
#define RIG_FEATURES 0
#include "quarantine.h"

#include "shortage.h"

#define NS_SASL_TEXT "urn:ietf:params:xml:ns:xmpp-sasl"
#define NS_TLS_TEXT  "urn:ietf:params:xml:ns:xmpp-tls"

/* base64 of NUL "user" NUL "pencil": the password is the last eight characters, its own base64 */
#define PLAIN_HEAD "<auth xmlns='" NS_SASL_TEXT "' mechanism='PLAIN'>"
#define PLAIN_TEXT "AHVzZXIAcGVuY2ls"
#define PLAIN_AUTH PLAIN_HEAD PLAIN_TEXT "</auth>"

#define NEW_PASSWORD "n3wsecret"
#define NEW_BASE64   "bjN3c2VjcmV0"

static const char change[] = "<iq type='set' id='p'><query xmlns='jabber:iq:register'>"
                             "<username>user</username><password>" NEW_PASSWORD "</password></query></iq>";

/* ---- Secrets ---- */

static void add_key(const char *name, const uint8_t *key)
{
    char text[BASE64_ENCODE_RAW_LENGTH(SHA1_DIGEST_SIZE) + 1] = "";
    base64_encode_raw(text, SHA1_DIGEST_SIZE, key);
    quarantine_add(name, key, SHA1_DIGEST_SIZE);
    quarantine_add(name, text, BASE64_ENCODE_RAW_LENGTH(SHA1_DIGEST_SIZE) - 4); /* and no padding */
}

struct keys {
    uint8_t salted[SHA1_DIGEST_SIZE], client[SHA1_DIGEST_SIZE], stored[SHA1_DIGEST_SIZE],
        server[SHA1_DIGEST_SIZE];
};

/* RFC 5802, 3, for the password, salt and count of rig_credentials. */
static struct keys derive(void)
{
    struct keys keys;
    struct sha1_ctx sha1;
    pbkdf2_hmac_sha1(6, (const uint8_t *)"pencil", 3, 5, (const uint8_t *)"salty", sizeof keys.salted,
                     keys.salted);
    rig_hmac(keys.salted, "Client Key", keys.client);
    rig_hmac(keys.salted, "Server Key", keys.server);
    sha1_init(&sha1);
    sha1_update(&sha1, sizeof keys.client, keys.client);
    sha1_digest(&sha1, sizeof keys.stored, keys.stored);
    return keys;
}

static void begin_with(const struct core_settings *settings)
{
    quarantine_empty();
    quarantine_forget_secrets();
    struct keys keys = derive();
    quarantine_add("the password", "pencil", strlen("pencil"));
    quarantine_add("the password in base64", "cGVuY2ls", strlen("cGVuY2ls"));
    quarantine_add("the new password", NEW_PASSWORD, strlen(NEW_PASSWORD));
    quarantine_add("the new password in base64", NEW_BASE64, strlen(NEW_BASE64));
    add_key("the salted password", keys.salted);
    add_key("the client's key", keys.client);
    add_key("the stored key", keys.stored);
    add_key("the server's key", keys.server);
    rig_begin_with(settings);
}

static int set_up(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.iterations = 4;
    begin_with(&settings);
    return 0;
}

static void assert_nothing_freed(const char *when)
{
    const char *found = quarantine_find(true);
    if (found != NULL)
        fail_msg("%s is in a block that was given back, %s", found, when);
}

static void assert_nothing_held(const char *when)
{
    const char *found = quarantine_find(false);
    if (found != NULL)
        fail_msg("%s is in a block that is in use, %s", found, when);
    assert_nothing_freed(when);
}

static int tear_down(void **state)
{
    (void)state;
    rig_end();
    assert_nothing_freed("after the end");
    assert_null(quarantine_find(false));
    quarantine_empty();
    return 0;
}

#define SECRETS_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

/* ---- SCRAM, from the client's side ---- */

static const char *base64_of(const char *text)
{
    static char out[1024];
    memset(out, 0, sizeof out);
    assert_true(BASE64_ENCODE_RAW_LENGTH(strlen(text)) < sizeof out);
    base64_encode_raw(out, strlen(text), (const uint8_t *)text);
    return out;
}

static void say_sasl(const struct rig_link *link, const char *element, const char *attributes,
                     const char *text)
{
    char xml[2048];
    snprintf(xml, sizeof xml, "<%s xmlns='" NS_SASL_TEXT "'%s>%s</%s>", element, attributes, text, element);
    rig_say(link, xml);
}

/* What stands in the <challenge/> that came last. */
static const char *challenge(struct rig_link *link)
{
    static char text[1024];
    char encoded[1024] = "";
    struct base64_decode_ctx context;
    size_t length = sizeof text - 1;
    const char *element = strstr(rig_take(link), "<challenge");
    assert_non_null(element);
    assert_int_equal(sscanf(strchr(element, '>') + 1, "%1023[^<]", encoded), 1);
    base64_decode_init(&context);
    assert_int_equal(base64_decode_update(&context, &length, (uint8_t *)text, strlen(encoded), encoded), 1);
    text[length] = '\0';
    return text;
}

/* client-first, as far as the challenge. */
static void scram_begin(struct rig_link *link)
{
    say_sasl(link, "auth", " mechanism='SCRAM-SHA-1'", base64_of("n,,n=user,r=clientnonce"));
}

/* client-final, which is remembered as a secret: the proof, what hides in it, and the text as it is sent. */
static void scram_end(struct rig_link *link, bool right)
{
    struct keys keys = derive();
    uint8_t proof[SHA1_DIGEST_SIZE];
    char nonce[256], without_proof[512], message[2048], last[1024];
    char proof_text[BASE64_ENCODE_RAW_LENGTH(SHA1_DIGEST_SIZE) + 1] = "";
    const char *first = challenge(link);
    assert_int_equal(sscanf(first, "r=%255[^,]", nonce), 1);
    snprintf(without_proof, sizeof without_proof, "c=biws,r=%s", nonce);
    snprintf(message, sizeof message, "n=user,r=clientnonce,%s,%s", first, without_proof);
    rig_hmac(keys.stored, message, proof);
    for (size_t i = 0; i < sizeof proof; i++)
        proof[i] ^= keys.client[i];
    proof[0] ^= !right;
    base64_encode_raw(proof_text, sizeof proof, proof);
    snprintf(last, sizeof last, "%s,p=%s", without_proof, proof_text);
    add_key("the proof", proof);
    const char *text = base64_of(last);
    size_t length = strlen(text), tail = BASE64_ENCODE_RAW_LENGTH(strlen(proof_text)) - 8;
    quarantine_add("the proof as it is sent", text + length - tail - 4, tail);
    say_sasl(link, "response", "", text);
}

/* ---- Logging in ---- */

static struct rig_link *dial(void)
{
    struct rig_link *link = rig_accept();
    rig_say(link, RIG_HEADER);
    return link;
}

/* From <success/> to a resource. */
static void bind(struct rig_link *link)
{
    rig_assert_has(rig_take(link), "<success");
    assert_nothing_held("once the client is told of its success");
    rig_say(link, RIG_HEADER);
    rig_bind(link, "balcony");
    rig_assert_has(rig_take(link), "user@localhost/balcony");
    assert_nothing_held("once the session is up");
}

/* The search looks in the right places: an address is not overwritten. */
static void what_is_no_secret_is_found(void **state)
{
    (void)state;
    struct rig_link *link = dial();
    rig_say(link, PLAIN_AUTH);
    bind(link);
    quarantine_add("the resource", "balcony", strlen("balcony"));
    assert_non_null(quarantine_find(false));
    rig_hangup(link);
    assert_non_null(quarantine_find(true));
    quarantine_secret_count--;
}

/* While the account is loaded, what was sent has to wait; and only there. */
static void a_secret_that_waits_for_storage_is_found(void **state)
{
    (void)state;
    struct rig_link *link = dial();
    rig.prompt = false;
    rig_say(link, PLAIN_AUTH);
    assert_string_equal(quarantine_find(false), "the password");
    assert_nothing_freed("while the account is loaded");
    rig_answer();
    rig.prompt = true;
    bind(link);
}

static void plain_leaves_nothing(void **state)
{
    (void)state;
    struct rig_link *link = dial();
    rig_say(link, PLAIN_AUTH);
    bind(link);
    rig_hangup(link);
    assert_nothing_held("once the client is gone");
}

static void scram_leaves_nothing(void **state)
{
    (void)state;
    struct rig_link *link = dial();
    scram_begin(link);
    scram_end(link, true);
    bind(link);
    rig_hangup(link);
    assert_nothing_held("once the client is gone");
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
        struct rig_link *link = dial();
        rig_say(link, wrong[i]);
        rig_assert_has(rig_take(link), "<failure");
        assert_nothing_held("once a login has failed");
        rig_say(link, PLAIN_AUTH);
        bind(link);
        rig_say(link, "</stream:stream>");
        assert_nothing_held("once the stream is closed");
    }
}

static void a_wrong_proof_leaves_nothing(void **state)
{
    (void)state;
    struct rig_link *link = dial();
    scram_begin(link);
    scram_end(link, false);
    rig_assert_has(rig_take(link), "<not-authorized");
    assert_nothing_held("once a proof was wrong");
    rig_hangup(link);
    assert_nothing_held("once the client is gone");
}

static void a_login_that_is_aborted_leaves_nothing(void **state)
{
    (void)state;
    struct rig_link *link = dial();
    scram_begin(link);
    assert_string_equal(quarantine_find(false), "the stored key"); /* the client's proof is awaited */
    say_sasl(link, "abort", "", "");
    rig_assert_has(rig_take(link), "<aborted");
    assert_nothing_held("once the login is aborted");
    scram_begin(link);
    rig_hangup(link);
    assert_nothing_held("once the client is gone");
}

static void an_account_that_cannot_be_loaded_leaves_nothing(void **state)
{
    (void)state;
    struct rig_link *link = dial();
    rig.prompt = false;
    rig_say(link, PLAIN_AUTH);
    rig_fail();
    assert_nothing_held("once storage has failed");
    rig_say(link, PLAIN_AUTH);
    rig_hangup(link);
    assert_nothing_held("once the client is gone");
    rig_answer();
    assert_nothing_held("once the answer has come too late");
}

/* ---- Pieces ---- */

/* Wherever the connection is cut, in which pieces the bytes came. */
static void a_connection_that_is_cut_leaves_nothing(void **state)
{
    (void)state;
    static const char all[] = PLAIN_AUTH;
    for (size_t cut = 1; cut < sizeof all; cut++) {
        struct rig_link *whole = dial();
        rig_say_bytes(whole, all, cut);
        rig_hangup(whole);
        assert_nothing_held("once a connection was cut");
        struct rig_link *slow = dial();
        for (size_t i = 0; i < cut; i++)
            rig_say_bytes(slow, all + i, 1);
        rig_hangup(slow);
        assert_nothing_held("once a slow connection was cut");
        rig.link_count = 0;
        for (size_t i = 0; i < 2; i++) {
            free(rig.links[i].sent);
            rig.links[i] = (struct rig_link){ 0 };
        }
        rig_forget_requests();
        quarantine_empty();
    }
}

/* What has come of it is in the stanza that is being built, and nowhere else: not when expat needs a larger
 * buffer for the tag of what follows. */
static void a_tag_that_is_large_moves_no_secret(void **state)
{
    (void)state;
    struct rig_link *link = dial();
    rig_say(link, PLAIN_HEAD PLAIN_TEXT);
    rig_say(link, rig_filled("<a b='", 'c', 4000, ""));
    assert_nothing_freed("when expat's buffer has grown");
    rig_say(link, "'/></auth>");
    bind(link);
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
        struct rig_link *one = dial(), *two = dial();
        rig_say(one, xml);
        assert_true(one->closed);
        assert_nothing_held("once XML was wrong");
        rig_say(two, PLAIN_HEAD PLAIN_TEXT);
        rig_say(two, wrong[i]);
        assert_true(two->closed);
        assert_nothing_held("once XML was wrong in another piece");
    }
}

static void what_is_too_large_leaves_nothing(void **state)
{
    (void)state;
    struct rig_link *link = dial();
    for (size_t i = 0; i < 40 && !link->closed; i++)
        rig_say(link, rig_filled(i == 0 ? PLAIN_HEAD "cGVuY2ls" : "cGVuY2ls", 'A', 1000, "cGVuY2ls"));
    rig_assert_stream_error(link, "policy-violation");
    assert_nothing_held("once a stanza was too large");
}

/* What is sent without waiting for the answer: it waits, and is read as the old stream or as none. */
static void what_waits_leaves_nothing(void **state)
{
    (void)state;
    static const char *const more[] = { PLAIN_AUTH, "<abort xmlns='" NS_SASL_TEXT "'/>" PLAIN_AUTH,
                                        "cGVuY2ls", "<a>cGVuY2ls", RIG_HEADER "<a>cGVuY2ls" };
    for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
        for (size_t one_piece = 0; one_piece < 2; one_piece++) {
            for (size_t how = 0; how < 3; how++) {
                char xml[2048];
                struct rig_link *link = dial();
                rig.prompt = false;
                snprintf(xml, sizeof xml, PLAIN_AUTH "%s", one_piece ? more[i] : "");
                rig_say(link, xml);
                if (!one_piece)
                    rig_say(link, more[i]);
                assert_nothing_freed("while the account is loaded");
                if (how == 0)
                    rig_answer();
                else if (how == 1)
                    rig_fail();
                assert_nothing_freed("after the answer");
                rig_hangup(link);
                rig.prompt = true;
                rig_answer_all();
                assert_nothing_held("once the client is gone");
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
    begin_with(&settings);
    (void)state;
    static const unsigned char exporter[] = "what only these two know";
    static const struct core_tls tls = { .exporter = { exporter, sizeof exporter - 1 } };
    quarantine_add("the channel's secret", exporter, sizeof exporter - 1);
    struct rig_link *link = dial();
    rig_say(link, PLAIN_AUTH); /* too early */
    rig_assert_has(rig_take(link), "<encryption-required");
    assert_nothing_held("once it came in the clear");
    rig_say(link, "<starttls xmlns='" NS_TLS_TEXT "'/>" PLAIN_AUTH "cGVuY2ls");
    assert_nothing_held("once it came behind <starttls/>");
    rig_say(link, PLAIN_AUTH);
    assert_nothing_held("once it came in the handshake");
    core_secured(rig.core, link->conn, &tls);
    rig_say(link, RIG_HEADER PLAIN_AUTH);
    rig_assert_has(rig_take(link), "<success");
    assert_string_equal(quarantine_find(false), "the channel's secret"); /* as long as the channel */
    assert_nothing_freed("once the session is up");
    rig_hangup(link);
    assert_nothing_held("once the channel is gone");
}

static struct rig_link *secured(const unsigned char *exporter, size_t length)
{
    const struct core_tls tls = { .exporter = { exporter, length } };
    struct rig_link *link = dial();
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
    begin_with(&settings);
    static const unsigned char old[] = "what only these two knew", new[] = "another channel has this";
    quarantine_add("the old channel's secret", old, sizeof old - 1);
    struct rig_link *link = secured(old, sizeof old - 1);
    rig_bind(link, "balcony");
    rig_take(link);
    rig_say(link, "<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
    const char *id = strstr(rig_take(link), " id='");
    assert_non_null(id);
    char xml[160];
    snprintf(xml, sizeof xml, "<resume xmlns='urn:xmpp:sm:3' previd='%.*s' h='0'/>",
             (int)strcspn(id + 5, "'"), id + 5);
    rig_hangup(link);
    struct rig_link *again = secured(new, sizeof new - 1);
    rig_take(again);
    rig_say(again, xml);
    rig_assert_has(rig_take(again), "<resumed ");
    assert_nothing_held("once the session is resumed");
}

/* ---- What an account does about itself (XEP-0077) ---- */

static struct rig_link *online(void)
{
    struct rig_link *link = dial();
    rig_say(link, PLAIN_AUTH);
    bind(link);
    return link;
}

/* The keys of the new password are secrets as well: those that storage was asked to keep. */
static void add_saved_keys(void)
{
    const struct rig_request *saved = &rig.requests[rig.request_count - 1];
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
    struct rig_link *link = online();
    rig.prompt = false;
    rig_say(link, change);
    add_saved_keys();
    assert_nothing_freed("while the keys are saved");
    rig_answer();
    rig_assert_has(rig_take(link), "type='result'");
    assert_nothing_held("once the password was changed");
}

static void a_change_in_pieces_leaves_nothing(void **state)
{
    (void)state;
    struct rig_link *link = online();
    for (size_t i = 0; i + 1 < sizeof change; i++) {
        rig_say_bytes(link, change + i, 1);
        assert_nothing_freed("in the middle of a change");
    }
    rig_assert_has(rig_take(link), "type='result'");
    assert_nothing_held("once the password was changed");
}

static void a_change_that_is_refused_leaves_nothing(void **state)
{
    (void)state;
    static const char *const names[] = { "romeo", "user" };
    struct rig_link *link = online();
    for (size_t i = 0; i < 2; i++) {
        char xml[512];
        snprintf(xml, sizeof xml,
                 "<iq type='set' id='%zu'><query xmlns='jabber:iq:register'><username>%s</username>"
                 "<password>" NEW_PASSWORD "%s</password></query></iq>",
                 i, names[i], i == 1 ? "&#x7f;" : "");
        rig_say(link, xml);
        rig_assert_has(rig_take(link), "type='error'");
        assert_nothing_held("once a change was refused");
    }
    rig.prompt = false;
    rig_say(link, change);
    add_saved_keys();
    rig_fail();
    rig_assert_has(rig_take(link), "type='error'");
    assert_nothing_held("once a save has failed");
    rig_say(link, change);
    rig_say(link, change); /* waits */
    rig_hangup(link);
    rig.prompt = true;
    rig_answer_all();
    assert_nothing_held("once the client is gone");
}

static void a_removal_of_the_account_leaves_nothing(void **state)
{
    (void)state;
    struct rig_link *link = online();
    rig_say(link, "<iq type='set' id='r'><query xmlns='jabber:iq:register'><remove/>"
                  "<password>" NEW_PASSWORD "</password></query></iq>");
    assert_nothing_held("once a removal was refused");
    rig_say(link, "<iq type='set' id='r'><query xmlns='jabber:iq:register'><remove/></query></iq>");
    assert_true(link->closed);
    assert_nothing_held("once the account is removed");
}

/* A password in a message is a text like any other: it waits for a client that does not read at once. */
static void what_a_client_is_sent_leaves_nothing(void **state)
{
    (void)state;
    struct rig_link *link = online();
    link->room = 10;
    for (size_t i = 0; i < 20; i++)
        rig_say(link, "<message to='user@localhost/balcony'><body>pencil cGVuY2ls</body></message>");
    assert_nothing_freed("while the client does not read");
    assert_non_null(quarantine_find(false));
    link->room = 1000;
    core_writable(rig.core, link->conn);
    assert_nothing_freed("when the client has read some");
    link->room = SIZE_MAX;
    core_writable(rig.core, link->conn);
    assert_nothing_held("when the client has read all");
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
    begin_with(&settings);
    struct rig_link *link = dial();
    say_sasl(link, "auth", " mechanism='SCRAM-SHA-1'", base64_of("n,,n=nobody,r=clientnonce"));
    rig_assert_has(challenge(link), ",s=");
    quarantine_add("the core's secret", secret, CORE_SECRET);
    assert_non_null(quarantine_find(false)); /* what is given back is looked at when the core is gone */
}

/* ---- What is told ---- */

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

static void no_secret_is_told(void **state)
{
    (void)state;
    static const char all[] = PLAIN_AUTH;
    struct rig_link *link = dial();
    rig.prompt = false;
    for (size_t i = 0; i + 1 < sizeof all; i++) {
        rig_say_bytes(link, all + i, 1);
        assert_not_told();
    }
    rig_say(link, PLAIN_AUTH); /* waits */
    assert_not_told();
    rig.prompt = true;
    rig_answer_all();
    struct rig_link *proof = dial();
    scram_begin(proof);
    assert_not_told();
    rig_hangup(proof);
    struct rig_link *up = online();
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
    assert_nothing_freed("after a life without memory");
    begin_with(&settings);
}

/* The challenge is there, or the client is gone or was refused. */
static void scram_if_challenged(struct rig_link *link)
{
    scram_begin(link);
    if (link->conn != NULL && strstr(link->sent + link->seen, "<challenge") != NULL)
        scram_end(link, true);
}

static void live_a_login(void)
{
    struct rig_link *plain = dial(), *scram = dial();
    rig_say(plain, PLAIN_AUTH);
    assert_nothing_held("after PLAIN without memory");
    rig_say(plain, RIG_HEADER);
    rig_bind(plain, "balcony");
    rig_say(plain, change);
    assert_nothing_held("after a change without memory");
    if (scram->conn != NULL)
        scram_if_challenged(scram);
    assert_nothing_held("after SCRAM without memory");
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
        SECRETS_TEST(no_secret_is_told),
        SECRETS_TEST(no_shortage_of_memory_leaves_a_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "secrets_rig.h"

#include <nettle/base64.h>
#include <nettle/pbkdf2.h>
#include <nettle/sha1.h>

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

/* RFC 5802, 3, for the password, salt and count of an account of the host (host.h). */
static struct keys derive(void)
{
    struct keys keys;
    struct sha1_ctx sha1;
    pbkdf2_hmac_sha1(6, (const uint8_t *)"pencil", 3, 5, (const uint8_t *)"salty", sizeof keys.salted,
                     keys.salted);
    host_hmac(keys.salted, "Client Key", keys.client);
    host_hmac(keys.salted, "Server Key", keys.server);
    sha1_init(&sha1);
    sha1_update(&sha1, sizeof keys.client, keys.client);
    sha1_digest(&sha1, sizeof keys.stored, keys.stored);
    return keys;
}

void secrets_begin_with(const struct core_settings *settings)
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
    rig_use(&(struct rig_options){ .under = &quarantine_memory });
    rig_begin_with(settings);
}

int secrets_set_up(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.iterations = 4;
    secrets_begin_with(&settings);
    return 0;
}

void secrets_assert_none_freed(const char *when)
{
    const char *found = quarantine_find(true);
    if (found != NULL)
        fail_msg("%s is in a block that was given back, %s", found, when);
}

void secrets_assert_none_held(const char *when)
{
    const char *found = quarantine_find(false);
    if (found != NULL)
        fail_msg("%s is in a block that is in use, %s", found, when);
    secrets_assert_none_freed(when);
}

int secrets_tear_down(void **state)
{
    (void)state;
    rig_end();
    secrets_assert_none_freed("after the end");
    assert_null(quarantine_find(false));
    quarantine_empty();
    return 0;
}

/* ---- SCRAM, from the client's side ---- */

const char *secrets_base64(const char *text)
{
    static char out[1024];
    memset(out, 0, sizeof out);
    assert_true(BASE64_ENCODE_RAW_LENGTH(strlen(text)) < sizeof out);
    base64_encode_raw(out, strlen(text), (const uint8_t *)text);
    return out;
}

void secrets_say_sasl(const struct host_link *link, const char *element, const char *attributes,
                      const char *text)
{
    char xml[2048];
    snprintf(xml, sizeof xml, "<%s xmlns='" NS_SASL_TEXT "'%s>%s</%s>", element, attributes, text, element);
    rig_say(link, xml);
}

const char *secrets_challenge(struct host_link *link)
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

void secrets_scram_begin(struct host_link *link)
{
    secrets_say_sasl(link, "auth", " mechanism='SCRAM-SHA-1'", secrets_base64("n,,n=user,r=clientnonce"));
}

void secrets_scram_end(struct host_link *link, bool right)
{
    struct keys keys = derive();
    uint8_t proof[SHA1_DIGEST_SIZE];
    char nonce[256], without_proof[512], message[2048], last[1024];
    char proof_text[BASE64_ENCODE_RAW_LENGTH(SHA1_DIGEST_SIZE) + 1] = "";
    const char *first = secrets_challenge(link);
    assert_int_equal(sscanf(first, "r=%255[^,]", nonce), 1);
    snprintf(without_proof, sizeof without_proof, "c=biws,r=%s", nonce);
    snprintf(message, sizeof message, "n=user,r=clientnonce,%s,%s", first, without_proof);
    host_hmac(keys.stored, message, proof);
    for (size_t i = 0; i < sizeof proof; i++)
        proof[i] ^= keys.client[i];
    proof[0] ^= !right;
    base64_encode_raw(proof_text, sizeof proof, proof);
    snprintf(last, sizeof last, "%s,p=%s", without_proof, proof_text);
    add_key("the proof", proof);
    const char *text = secrets_base64(last);
    size_t length = strlen(text), tail = BASE64_ENCODE_RAW_LENGTH(strlen(proof_text)) - 8;
    quarantine_add("the proof as it is sent", text + length - tail - 4, tail);
    secrets_say_sasl(link, "response", "", text);
}

/* ---- Logging in ---- */

struct host_link *secrets_dial(void)
{
    struct host_link *link = rig_accept();
    rig_say(link, RIG_HEADER);
    return link;
}

void secrets_bind(struct host_link *link)
{
    rig_assert_has(rig_take(link), "<success");
    secrets_assert_none_held("once the client is told of its success");
    rig_say(link, RIG_HEADER);
    rig_bind(link, "balcony");
    rig_assert_has(rig_take(link), "user@localhost/balcony");
    secrets_assert_none_held("once the session is up");
}

struct host_link *secrets_online(void)
{
    struct host_link *link = secrets_dial();
    rig_say(link, PLAIN_AUTH);
    secrets_bind(link);
    return link;
}

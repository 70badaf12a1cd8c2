#include "sasl/sasl.h"

#include "base/base64.h"
#include "base/description.h"
#include "base/identifier.h"
#include "base/jid.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "sasl/certificate.h"
#include "sasl/password.h"
#include "sasl/scram.h"

#include <assert.h>
#include <string.h>

enum {
    NONCE_BYTES = 18, /* of the server's part of the nonce; a multiple of three needs no padding */
    TRACE_MAX = 255,  /* characters of the trace information (RFC 4505, 2) */
    NONCE_TEXT = BASE64_LENGTH(NONCE_BYTES),
    PROOF_TEXT_MAX = BASE64_LENGTH(SCRAM_DIGEST_MAX),
    PROOF_MAX = BASE64_BYTES(PROOF_TEXT_MAX),
};

/* What the negotiation waits for, from the client or from the caller. */
enum turn { TURN_AUTH, TURN_INITIAL_RESPONSE, TURN_CREDENTIALS, TURN_CLIENT_FINAL };

struct mechanism {
    const char *name;
    enum core_mechanism bit;
    /* The stored keys that the mechanism can use, in order of preference; the rest is 0. */
    enum core_mechanism keys[2];
    struct sasl_step (*begin)(struct sasl *sasl);   /* called with the initial response */
    struct sasl_step (*proceed)(struct sasl *sasl); /* called with the keys; NULL when no account is needed */
};

struct message {
    char *bytes; /* ended by a NUL */
    size_t length;
};

struct sasl {
    struct sasl_server server;
    const struct mechanism *mechanism;
    enum turn turn;
    struct message initial;          /* the initial response */
    const char *password;            /* PLAIN: inside `initial` */
    struct core_tls_bytes channel;   /* -PLUS: the channel binding data that the client chose */
    struct scram_client_first first; /* SCRAM: inside `initial` */
    char *username;
    char *failed_username;
    struct scram_keys keys;
    bool known;  /* the keys are those of an existing account */
    bool barred; /* the account may not log in; `bar` is the condition */
    enum sasl_condition bar;
    struct buffer auth_message; /* RFC 5802, 3: AuthMessage, as far as known */
    struct buffer text;         /* of the last step */
};

const char *sasl_condition_name(enum sasl_condition condition)
{
    static const char *const names[] = {
        [SASL_ABORTED] = "aborted",
        [SASL_ACCOUNT_DISABLED] = "account-disabled",
        [SASL_CREDENTIALS_EXPIRED] = "credentials-expired",
        [SASL_ENCRYPTION_REQUIRED] = "encryption-required",
        [SASL_INCORRECT_ENCODING] = "incorrect-encoding",
        [SASL_INVALID_AUTHZID] = "invalid-authzid",
        [SASL_INVALID_MECHANISM] = "invalid-mechanism",
        [SASL_MALFORMED_REQUEST] = "malformed-request",
        [SASL_NOT_AUTHORIZED] = "not-authorized",
        [SASL_TEMPORARY_AUTH_FAILURE] = "temporary-auth-failure",
    };
    assert((size_t)condition < sizeof names / sizeof *names);
    return names[condition];
}

/* ---- Steps ----------------------------------------------------------------------------------------- */

static void forget_message(struct sasl *sasl, struct message *message)
{
    if (message->bytes != NULL)
        memory_wipe(message->bytes, message->length);
    memory_free(sasl->server.memory, message->bytes);
    *message = (struct message){ NULL, 0 };
}

static void forget_secrets(struct sasl *sasl)
{
    forget_message(sasl, &sasl->initial);
    sasl->password = NULL;
    sasl->first = (struct scram_client_first){ 0 };
    memory_wipe(&sasl->keys, sizeof sasl->keys);
}

/* Returns to the state in which the client may begin a negotiation. */
static void reset(struct sasl *sasl)
{
    forget_secrets(sasl);
    memory_free(sasl->server.memory, sasl->username);
    sasl->username = NULL;
    sasl->channel = (struct core_tls_bytes){ NULL, 0 };
    sasl->known = sasl->barred = false;
    buffer_clear(&sasl->auth_message);
    buffer_clear(&sasl->text);
    sasl->turn = TURN_AUTH;
}

static struct sasl_step fail(struct sasl *sasl, enum sasl_condition condition)
{
    memory_free(sasl->server.memory, sasl->failed_username);
    sasl->failed_username = sasl->username;
    sasl->username = NULL;
    reset(sasl);
    return (struct sasl_step){ .outcome = SASL_FAILURE, .condition = condition };
}

static struct sasl_step challenge(struct sasl *sasl, enum turn turn, const char *text)
{
    sasl->turn = turn;
    return (struct sasl_step){ .outcome = SASL_CHALLENGE, .text = text };
}

/* Ends a negotiation.  Only a client that has proved its identity learns that the account is disabled or
 * expired: to any other it would reveal that the account exists. */
static struct sasl_step conclude(struct sasl *sasl, bool proved, const char *text)
{
    if (!proved || !sasl->known)
        return fail(sasl, SASL_NOT_AUTHORIZED);
    if (sasl->barred)
        return fail(sasl, sasl->bar);
    forget_secrets(sasl);
    sasl->turn = TURN_AUTH;
    return (struct sasl_step){ .outcome = SASL_SUCCESS, .text = text };
}

/* Encodes bytes as the text of a step.  Returns NULL when there is no memory. */
static const char *encode(struct sasl *sasl, const char *bytes, size_t length)
{
    buffer_clear(&sasl->text);
    base64_append(&sasl->text, bytes, length);
    buffer_append(&sasl->text, "", 1);
    return sasl->text.failed ? NULL : sasl->text.bytes;
}

/* Decodes what the client sent; NULL is empty.  Returns false and sets the condition on failure. */
static bool decode(struct sasl *sasl, const char *text, struct message *message,
                   enum sasl_condition *condition)
{
    size_t length = text != NULL ? strlen(text) : 0;
    message->length = 0;
    message->bytes = memory_new(sasl->server.memory, BASE64_BYTES(length) + 1);
    *condition = SASL_TEMPORARY_AUTH_FAILURE;
    if (message->bytes == NULL)
        return false;
    if (base64_decode((unsigned char *)message->bytes, &message->length, text, length))
        return true;
    message->length = BASE64_BYTES(length); /* the whole block is overwritten later */
    forget_message(sasl, message);
    *condition = SASL_INCORRECT_ENCODING;
    return false;
}

/* ---- Identities ------------------------------------------------------------------------------------ */

/* An account may act for itself only: an authorization identity is its bare JID (RFC 6120, 6.3.8). */
static bool is_own_address(const struct sasl *sasl, const char *username, struct scram_span authzid)
{
    struct jid jid;
    return jid_parse(&jid, authzid.bytes, authzid.length) && jid.resource == NULL && jid.local != NULL &&
           strcmp(jid.local, username) == 0 && strcmp(jid.domain, sasl->server.domain) == 0;
}

/* Sets the username.  A name that Nodeprep refuses is well-formed for the mechanism but belongs to no
 * account, so it fails like an unknown name.  An absent authzid has no bytes. */
static struct sasl_step identify(struct sasl *sasl, struct scram_span authcid, struct scram_span authzid)
{
    char username[JID_PART_MAX + 1];
    if (!jid_prepare_local(username, authcid.bytes, authcid.length))
        return fail(sasl, SASL_NOT_AUTHORIZED);
    if (authzid.bytes != NULL && !is_own_address(sasl, username, authzid))
        return fail(sasl, SASL_INVALID_AUTHZID);
    sasl->username = memory_copy_string(sasl->server.memory, username);
    if (sasl->username == NULL)
        return fail(sasl, SASL_TEMPORARY_AUTH_FAILURE);
    sasl->turn = TURN_CREDENTIALS;
    return (struct sasl_step){ .outcome = SASL_CREDENTIALS };
}

/* ---- PLAIN (RFC 4616) ------------------------------------------------------------------------------ */

/* message = [authzid] NUL authcid NUL passwd */
static struct sasl_step plain_begin(struct sasl *sasl)
{
    const char *bytes = sasl->initial.bytes, *end = bytes + sasl->initial.length;
    const char *first = memchr(bytes, '\0', sasl->initial.length);
    const char *second = first != NULL ? memchr(first + 1, '\0', (size_t)(end - first - 1)) : NULL;
    if (second == NULL)
        return fail(sasl, SASL_MALFORMED_REQUEST);
    struct scram_span authzid = { bytes, (size_t)(first - bytes) };
    struct scram_span authcid = { first + 1, (size_t)(second - first - 1) };
    struct scram_span password = { second + 1, (size_t)(end - second - 1) };
    if (authcid.length == 0 || password.length == 0 || !utf8_valid(authzid.bytes, authzid.length) ||
        !utf8_valid(authcid.bytes, authcid.length) || !utf8_valid(password.bytes, password.length))
        return fail(sasl, SASL_MALFORMED_REQUEST);
    sasl->password = password.bytes;
    if (authzid.length == 0)
        authzid.bytes = NULL;
    return identify(sasl, authcid, authzid);
}

static struct sasl_step plain_proceed(struct sasl *sasl)
{
    char password[PASSWORD_MAX + 1];
    bool proved = password_prepare(password, sasl->password, PASSWORD_QUERY) &&
                  scram_keys_fit(&sasl->keys, password, strlen(password));
    memory_wipe(password, sizeof password);
    return conclude(sasl, proved, NULL);
}

/* ---- SCRAM (RFC 5802) ------------------------------------------------------------------------------ */

static bool span_equals(struct scram_span span, const char *bytes, size_t length)
{
    return span.length == length && memcmp(span.bytes, bytes, length) == 0;
}

/* The channel binding data of the type that the client chose; empty when there is none. */
static struct core_tls_bytes channel_of(const struct core_tls *tls, struct scram_span type)
{
    if (tls != NULL && span_equals(type, "tls-exporter", strlen("tls-exporter")))
        return tls->exporter;
    if (tls != NULL && span_equals(type, "tls-server-end-point", strlen("tls-server-end-point")))
        return tls->server_end_point;
    return (struct core_tls_bytes){ NULL, 0 };
}

/* RFC 5802, 6: a client that says that the server does not support channel binding, though the server
 * offered it, has seen a modified list of mechanisms; and an unsupported type fails.  Both messages are
 * well-formed, so the failure is not-authorized (RFC 6120, 6.5.10). */
static bool bind_channel(struct sasl *sasl, enum sasl_condition *condition)
{
    const unsigned plus = CORE_SCRAM_SHA_1_PLUS | CORE_SCRAM_SHA_256_PLUS;
    char flag = sasl->first.binding_flag;
    *condition = SASL_MALFORMED_REQUEST;
    if ((flag == 'p') != ((sasl->mechanism->bit & plus) != 0))
        return false;
    *condition = SASL_NOT_AUTHORIZED;
    if (flag == 'y')
        return (sasl->server.mechanisms & plus) == 0;
    if (flag == 'p')
        sasl->channel = channel_of(sasl->server.tls, sasl->first.binding);
    return flag != 'p' || sasl->channel.length > 0;
}

static struct sasl_step scram_begin(struct sasl *sasl)
{
    enum sasl_condition condition;
    char username[JID_MAX], authzid[JID_MAX];
    struct scram_span user = { username, 0 }, other = { NULL, 0 };
    struct scram_client_first *first = &sasl->first;
    if (!scram_read_first(first, sasl->initial.bytes, sasl->initial.length))
        return fail(sasl, SASL_MALFORMED_REQUEST);
    if (!bind_channel(sasl, &condition))
        return fail(sasl, condition);
    if (!scram_decode_name(username, sizeof username, &user.length, first->username))
        return fail(sasl, SASL_NOT_AUTHORIZED);
    if (first->authzid.bytes != NULL) {
        other.bytes = authzid;
        if (!scram_decode_name(authzid, sizeof authzid, &other.length, first->authzid))
            return fail(sasl, SASL_INVALID_AUTHZID);
    }
    return identify(sasl, user, other);
}

static void append_span(struct buffer *buffer, struct scram_span span)
{
    buffer_append(buffer, span.bytes, span.length);
}

/* AuthMessage begins with client-first-message-bare, a comma and server-first-message. */
static struct sasl_step scram_proceed(struct sasl *sasl)
{
    unsigned char nonce[NONCE_BYTES];
    struct buffer *message = &sasl->auth_message;
    size_t start = sasl->first.bare.length + 1;
    sasl->server.random(sasl->server.random_host, nonce, sizeof nonce);
    append_span(message, sasl->first.bare);
    buffer_string(message, ",r=");
    append_span(message, sasl->first.nonce);
    base64_append(message, nonce, sizeof nonce);
    buffer_string(message, ",s=");
    base64_append(message, sasl->keys.salt, sasl->keys.salt_length);
    buffer_string(message, ",i=");
    buffer_number(message, sasl->keys.iterations);
    if (message->failed)
        return fail(sasl, SASL_TEMPORARY_AUTH_FAILURE);
    const char *text = encode(sasl, message->bytes + start, message->length - start);
    if (text == NULL)
        return fail(sasl, SASL_TEMPORARY_AUTH_FAILURE);
    return challenge(sasl, TURN_CLIENT_FINAL, text);
}

/* cbind-input in base64: the gs2-header and then the channel binding data.  NULL when there is no memory. */
static const char *binding_input(struct sasl *sasl)
{
    struct buffer input;
    buffer_init(&input, sasl->server.memory);
    append_span(&input, sasl->first.gs2_header);
    if (sasl->channel.length > 0)
        buffer_append(&input, (const char *)sasl->channel.bytes, sasl->channel.length);
    const char *text = input.failed ? NULL : encode(sasl, input.bytes, input.length);
    sasl->text.failed = text == NULL;
    buffer_free(&input);
    return text;
}

/* Whether client-final repeats the nonce of both sides and the cbind-input. */
static bool echoes_first(struct sasl *sasl, const struct scram_client_final *last)
{
    const char *nonce = sasl->auth_message.bytes + sasl->first.bare.length + strlen(",r=");
    size_t nonce_length = sasl->first.nonce.length + NONCE_TEXT;
    const char *input = binding_input(sasl);
    return input != NULL && span_equals(last->nonce, nonce, nonce_length) &&
           span_equals(last->channel_binding, input, strlen(input));
}

/* server-final-message in base64: "v=" and the ServerSignature in base64.  NULL when there is no memory. */
static const char *server_final(struct sasl *sasl)
{
    unsigned char signature[SCRAM_DIGEST_MAX];
    struct buffer *message = &sasl->auth_message;
    scram_sign(&sasl->keys, message->bytes, message->length, signature);
    buffer_clear(message);
    buffer_string(message, "v=");
    base64_append(message, signature, scram_proof_length(&sasl->keys));
    return message->failed ? NULL : encode(sasl, message->bytes, message->length);
}

/* Checks client-final.  A well-formed message with wrong contents is not-authorized.  The proof is decoded
 * into `proof`, which has room for PROOF_MAX bytes. */
static struct sasl_step check_final(struct sasl *sasl, const struct message *response, unsigned char *proof)
{
    struct scram_client_final last;
    size_t proof_length;
    if (!scram_read_final(&last, response->bytes, response->length))
        return fail(sasl, SASL_MALFORMED_REQUEST);
    if (last.proof.length > PROOF_TEXT_MAX)
        return fail(sasl, SASL_NOT_AUTHORIZED);
    if (!base64_decode(proof, &proof_length, last.proof.bytes, last.proof.length))
        return fail(sasl, SASL_MALFORMED_REQUEST);
    bool echoes = echoes_first(sasl, &last);
    buffer_append(&sasl->auth_message, ",", 1);
    append_span(&sasl->auth_message, last.without_proof);
    if (sasl->auth_message.failed || sasl->text.failed)
        return fail(sasl, SASL_TEMPORARY_AUTH_FAILURE);
    bool proved = echoes && proof_length == scram_proof_length(&sasl->keys) &&
                  scram_proof_valid(&sasl->keys, sasl->auth_message.bytes, sasl->auth_message.length, proof);
    const char *text = server_final(sasl);
    if (text == NULL)
        return fail(sasl, SASL_TEMPORARY_AUTH_FAILURE);
    return conclude(sasl, proved, text);
}

static struct sasl_step scram_conclude(struct sasl *sasl, const struct message *response)
{
    unsigned char proof[PROOF_MAX];
    struct sasl_step step = check_final(sasl, response, proof);
    memory_wipe(proof, sizeof proof);
    return step;
}

/* ---- EXTERNAL (RFC 4422, appendix A; XEP-0178) ----------------------------------------------------- */

static struct sasl_step external_begin(struct sasl *sasl)
{
    char username[JID_PART_MAX + 1];
    if (!certificate_choose(sasl->server.tls, sasl->server.domain, sasl->initial.bytes, sasl->initial.length,
                            username))
        return fail(sasl, SASL_INVALID_AUTHZID);
    return identify(sasl, (struct scram_span){ username, strlen(username) }, (struct scram_span){ NULL, 0 });
}

static struct sasl_step external_proceed(struct sasl *sasl)
{
    return conclude(sasl, true, NULL);
}

/* ---- ANONYMOUS (RFC 4505) -------------------------------------------------------------------------- */

enum { ANONYMOUS_NAME = 24 }; /* characters */

/* message = [ email / token ]: ignored. */
static struct sasl_step anonymous_begin(struct sasl *sasl)
{
    const struct sasl_server *server = &sasl->server;
    char name[ANONYMOUS_NAME + 1];
    size_t characters = 0;
    for (size_t i = 0; i < sasl->initial.length; i++)
        characters += ((unsigned char)sasl->initial.bytes[i] & 0xC0) != 0x80;
    if (characters > TRACE_MAX || !utf8_valid(sasl->initial.bytes, sasl->initial.length))
        return fail(sasl, SASL_MALFORMED_REQUEST);
    if (server->full)
        return fail(sasl, SASL_TEMPORARY_AUTH_FAILURE);
    identifier_make(name, ANONYMOUS_NAME / 2, server->random, server->random_host);
    sasl->username = memory_copy_string(server->memory, name);
    if (sasl->username == NULL)
        return fail(sasl, SASL_TEMPORARY_AUTH_FAILURE);
    sasl->known = true;
    return conclude(sasl, true, NULL);
}

/* ---- Mechanisms ------------------------------------------------------------------------------------ */

static const struct mechanism mechanisms[] = {
    { "PLAIN", CORE_PLAIN, { CORE_SCRAM_SHA_256, CORE_SCRAM_SHA_1 }, plain_begin, plain_proceed },
    { "SCRAM-SHA-1", CORE_SCRAM_SHA_1, { CORE_SCRAM_SHA_1 }, scram_begin, scram_proceed },
    { "SCRAM-SHA-256", CORE_SCRAM_SHA_256, { CORE_SCRAM_SHA_256 }, scram_begin, scram_proceed },
    { "SCRAM-SHA-1-PLUS", CORE_SCRAM_SHA_1_PLUS, { CORE_SCRAM_SHA_1 }, scram_begin, scram_proceed },
    { "SCRAM-SHA-256-PLUS", CORE_SCRAM_SHA_256_PLUS, { CORE_SCRAM_SHA_256 }, scram_begin, scram_proceed },
    { "EXTERNAL", CORE_EXTERNAL, { 0 }, external_begin, external_proceed },
    { "ANONYMOUS", CORE_ANONYMOUS, { 0 }, anonymous_begin, NULL },
};
enum { MECHANISMS = sizeof mechanisms / sizeof *mechanisms };

const char *sasl_mechanism_name(enum core_mechanism mechanism)
{
    for (size_t i = 0; i < MECHANISMS; i++)
        if (mechanisms[i].bit == mechanism)
            return mechanisms[i].name;
    return NULL;
}

static const struct mechanism *find_mechanism(const char *name)
{
    for (size_t i = 0; name != NULL && i < MECHANISMS; i++)
        if (strcmp(mechanisms[i].name, name) == 0)
            return &mechanisms[i];
    return NULL;
}

/* ---- Accounts -------------------------------------------------------------------------------------- */

static const char *find_entry(const struct core_store_entry *entries, size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(entries[i].key, key) == 0)
            return entries[i].value;
    return NULL;
}

/* Loads the keys.  For a name without an account or without readable keys, makes fake keys, and the
 * negotiation continues in the same way. */
static void load_keys(struct sasl *sasl, const struct core_store_entry *entries, size_t count)
{
    const enum core_mechanism *keys = sasl->mechanism->keys;
    const struct sasl_server *server = &sasl->server;
    if (keys[0] == 0) /* the keys are not stored, so no salt is shown */
        return;
    for (size_t i = 0; i < 2 && keys[i] != 0 && !sasl->known; i++) {
        const char *stored = find_entry(entries, count, sasl_mechanism_name(keys[i]));
        sasl->known = scram_keys_read(&sasl->keys, keys[i], stored);
    }
    if (!sasl->known)
        scram_keys_fake(
            &sasl->keys, keys[0],
            &(struct scram_model){ server->secret, CORE_SECRET, server->salt_bytes, server->iterations },
            sasl->username, server->domain);
}

/* Of the two values that bar an account, an unknown value counts as the stricter. */
static void load_status(struct sasl *sasl, const struct core_store_entry *entries, size_t count)
{
    const char *status = find_entry(entries, count, "status");
    sasl->barred = status != NULL;
    if (status != NULL)
        sasl->bar = strcmp(status, "expired") == 0 ? SASL_CREDENTIALS_EXPIRED : SASL_ACCOUNT_DISABLED;
}

struct sasl_step sasl_credentials(struct sasl *sasl, enum core_store_status status,
                                  const struct core_store_entry *entries, size_t entry_count)
{
    assert(sasl->turn == TURN_CREDENTIALS);
    if (status == CORE_STORE_FAILED)
        return fail(sasl, SASL_TEMPORARY_AUTH_FAILURE);
    size_t count = status == CORE_STORED ? entry_count : 0;
    sasl->known = sasl->mechanism->keys[0] == 0 && status == CORE_STORED;
    load_keys(sasl, entries, count);
    load_status(sasl, entries, count);
    return sasl->mechanism->proceed(sasl);
}

/* ---- The negotiation ------------------------------------------------------------------------------- */

struct sasl *sasl_new(const struct sasl_server *server)
{
    assert(server->domain != NULL && server->secret != NULL && server->random != NULL);
    struct sasl *sasl = memory_new(server->memory, sizeof *sasl);
    if (sasl == NULL)
        return NULL;
    sasl->server = *server;
    buffer_init(&sasl->auth_message, server->memory);
    buffer_init(&sasl->text, server->memory);
    return sasl;
}

void sasl_free(struct sasl *sasl)
{
    if (sasl == NULL)
        return;
    reset(sasl);
    memory_free(sasl->server.memory, sasl->failed_username);
    buffer_free(&sasl->auth_message);
    buffer_free(&sasl->text);
    memory_free(sasl->server.memory, sasl);
}

static struct sasl_step take_initial(struct sasl *sasl, const char *text)
{
    enum sasl_condition condition;
    if (!decode(sasl, text, &sasl->initial, &condition))
        return fail(sasl, condition);
    return sasl->mechanism->begin(sasl);
}

static struct sasl_step take_final(struct sasl *sasl, const char *text)
{
    enum sasl_condition condition;
    struct message response;
    if (!decode(sasl, text, &response, &condition))
        return fail(sasl, condition);
    struct sasl_step step = scram_conclude(sasl, &response);
    forget_message(sasl, &response);
    return step;
}

/* A mechanism that is not offered is invalid (RFC 6120, 6.5.7), even if it is weaker than those offered
 * (6.5.9): the settings do not order mechanisms by strength. */
static struct sasl_step refuse_mechanism(struct sasl *sasl)
{
    bool is_early = (sasl->server.needs_encryption & sasl->mechanism->bit) != 0;
    return fail(sasl, is_early ? SASL_ENCRYPTION_REQUIRED : SASL_INVALID_MECHANISM);
}

/* A second <auth/> during a negotiation is out of turn, like a response without a challenge. */
struct sasl_step sasl_auth(struct sasl *sasl, const char *mechanism, const char *text)
{
    assert(sasl->turn != TURN_CREDENTIALS);
    reset(sasl);
    sasl->mechanism = find_mechanism(mechanism);
    if (sasl->mechanism == NULL)
        return fail(sasl, SASL_INVALID_MECHANISM);
    if ((sasl->server.mechanisms & sasl->mechanism->bit) == 0)
        return refuse_mechanism(sasl);
    bool silent = text == NULL || *text == '\0';
    if (silent && sasl->mechanism->bit == CORE_ANONYMOUS) /* XEP-0175: no challenge is needed */
        return take_initial(sasl, NULL);
    if (silent) /* in all other mechanisms the client speaks first */
        return challenge(sasl, TURN_INITIAL_RESPONSE, "");
    return take_initial(sasl, strcmp(text, "=") == 0 ? NULL : text);
}

struct sasl_step sasl_response(struct sasl *sasl, const char *text)
{
    if (sasl->turn == TURN_INITIAL_RESPONSE)
        return take_initial(sasl, text);
    if (sasl->turn == TURN_CLIENT_FINAL)
        return take_final(sasl, text);
    return fail(sasl, SASL_MALFORMED_REQUEST);
}

struct sasl_step sasl_abort(struct sasl *sasl)
{
    return fail(sasl, SASL_ABORTED);
}

bool sasl_is_under_way(const struct sasl *sasl)
{
    return sasl->turn != TURN_AUTH;
}

void sasl_outdate(struct sasl *sasl)
{
    sasl->known = false;
}

const char *sasl_username(const struct sasl *sasl)
{
    return sasl->username;
}

const char *sasl_failed_username(const struct sasl *sasl)
{
    return sasl->failed_username;
}

/* Keys are shown as the account had them when they were loaded, by the stored key. */
void sasl_describe(struct description *description, const struct sasl *sasl)
{
    static const char *const turns[] = { [TURN_AUTH] = "waits for <auth/>",
                                         [TURN_INITIAL_RESPONSE] = "waits for the initial response",
                                         [TURN_CREDENTIALS] = "waits for the account",
                                         [TURN_CLIENT_FINAL] = "waits for the proof" };
    description_line(description, "negotiation");
    description_word(description, true, turns[sasl->turn]);
    description_string(description, "mechanism", sasl->mechanism != NULL ? sasl->mechanism->name : NULL);
    description_string(description, "username", sasl->username);
    if (sasl->initial.bytes != NULL)
        description_secret(description, "initial response", sasl->initial.bytes, sasl->initial.length);
    if (sasl->auth_message.length > 0)
        description_secret(description, "AuthMessage", sasl->auth_message.bytes, sasl->auth_message.length);
    if (sasl->turn == TURN_CLIENT_FINAL)
        description_secret(description, "StoredKey", (const char *)sasl->keys.stored_key,
                           scram_proof_length(&sasl->keys));
    description_word(description, sasl->known, "known");
    description_string(description, "barred", sasl->barred ? sasl_condition_name(sasl->bar) : NULL);
}

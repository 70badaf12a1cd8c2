#include "tls.h"

#include "../must.h"
#include "../text.h"
#include "describe.h"

#include <assert.h>
#include <nettle/chacha-poly1305.h>
#include <nettle/hmac.h>
#include <nettle/memops.h>
#include <nettle/sha2.h>
#include <stdint.h>
#include <string.h>

enum {
    RANDOM = 32,
    MAC = SHA256_DIGEST_SIZE,
    TAG = CHACHA_POLY1305_DIGEST_SIZE,
    HEADER = 5, /* type, version, length (RFC 8446, 5.1) */
    PLAINTEXT_MOST = 16384,
    RECORD_MOST = PLAINTEXT_MOST + TAG,
    CERTIFICATE_MOST = 4096,
};

/* RFC 8446, 5.1 */
enum record_type { RECORD_ALERT = 21, RECORD_HANDSHAKE = 22, RECORD_DATA = 23 };

/* The input that an end expects next. */
enum tls_state { IDLE, WAITS_FOR_HELLO, WAITS_FOR_FINISHED, OPEN, FAILED };

struct tls {
    struct tls_options options;
    struct tls_below below;
    struct tls_above above;
    enum tls_state state;
    struct text transcript; /* of the handshake */
    uint8_t master[MAC];
    struct hmac_sha256_ctx mac; /* keyed with the master secret, no data yet */
    uint64_t sent, received;    /* records encrypted so far */
    struct text in, out;        /* incomplete records; bytes that the link has not taken */
    size_t owed;                /* plaintext bytes encrypted in `out`, but not reported as taken */
    struct tls_channel channel;
    char *certificate; /* owns channel.certificate */
    unsigned depth;    /* nesting depth of calls */
    bool reading;      /* records are being processed */
    bool freed;
};

/* ---- Keys ---- */

/* Computing the digest resets the context to its key. */
static void mac(struct tls *tls, const char *label, const struct text *text, uint8_t *out)
{
    hmac_sha256_update(&tls->mac, strlen(label), (const uint8_t *)label);
    if (text != NULL)
        hmac_sha256_update(&tls->mac, text->length, (const uint8_t *)text->bytes);
    hmac_sha256_digest(&tls->mac, MAC, out);
}

static void hash(const char *bytes, size_t length, uint8_t *out)
{
    struct sha256_ctx context;
    sha256_init(&context);
    sha256_update(&context, length, (const uint8_t *)bytes);
    sha256_digest(&context, SHA256_DIGEST_SIZE, out);
}

/* Derives all keys from the transcript of both hellos. */
static void make_keys(struct tls *tls, const char *server_certificate)
{
    hash(tls->transcript.bytes, tls->transcript.length, tls->master);
    hmac_sha256_set_key(&tls->mac, MAC, tls->master);
    mac(tls, "EXPORTER-Channel-Binding", NULL, tls->channel.exporter);
    hash(server_certificate, strlen(server_certificate), tls->channel.server_end_point);
}

/* ---- Records out ---- */

/* A link that takes all bytes may answer immediately, and cause more output meanwhile. */
static void flush(struct tls *tls)
{
    struct text sent = tls->out;
    if (sent.length == 0)
        return;
    tls->out = (struct text){ 0 };
    size_t taken = tls->below.write(tls->below.self, sent.bytes, sent.length);
    assert(taken == sent.length || (taken < sent.length && tls->out.length == 0));
    if (taken < sent.length)
        text_append(&tls->out, sent.bytes + taken, sent.length - taken);
    text_free(&sent);
}

static void append_header(struct tls *tls, enum record_type type, size_t length)
{
    const char header[HEADER] = { (char)type, 3, 3, (char)(length >> 8), (char)(length & 0xff) };
    text_append(&tls->out, header, sizeof header);
}

/* The nonce of a record from one end: both ends have the same key, and no nonce is used twice. */
static void begin_record(const struct tls *tls, struct chacha_poly1305_ctx *context, enum tls_role from,
                         uint64_t number)
{
    uint8_t nonce[CHACHA_POLY1305_NONCE_SIZE] = { from == TLS_CLIENT };
    _Static_assert(MAC == CHACHA_POLY1305_KEY_SIZE, "the master is a key");
    for (size_t i = 0; i < sizeof number; i++, number >>= 8)
        nonce[CHACHA_POLY1305_NONCE_SIZE - 1 - i] = (uint8_t)number;
    chacha_poly1305_set_key(context, tls->master);
    chacha_poly1305_set_nonce(context, nonce);
}

static void append_sealed(struct tls *tls, enum record_type type, const char *plaintext, size_t length)
{
    struct chacha_poly1305_ctx context;
    uint8_t sealed[RECORD_MOST];
    assert(length <= PLAINTEXT_MOST);
    begin_record(tls, &context, tls->options.role, tls->sent++);
    chacha_poly1305_encrypt(&context, length, sealed, (const uint8_t *)plaintext);
    chacha_poly1305_digest(&context, TAG, sealed + length);
    append_header(tls, type, length + TAG);
    text_append(&tls->out, (const char *)sealed, length + TAG);
}

static void note(struct tls *tls, const char *bytes, size_t length)
{
    text_append(&tls->transcript, bytes, length);
}

static void fail(struct tls *tls)
{
    tls->state = FAILED;
    append_header(tls, RECORD_ALERT, 2);
    text_append(&tls->out, "\x02\x28", 2); /* fatal, handshake_failure */
    flush(tls);
    tls->above.failed(tls->above.self);
}

/* ---- The handshake ---- */

/* The hello: random bytes, and the certificate of a server. */
static void send_hello(struct tls *tls)
{
    char hello[RANDOM];
    struct text message = { 0 };
    choice_entropy(tls->options.choices, hello, sizeof hello);
    text_append(&message, hello, sizeof hello);
    if (tls->options.role == TLS_SERVER)
        text_string(&message, tls->options.certificate);
    append_header(tls, RECORD_HANDSHAKE, message.length);
    text_append(&tls->out, message.bytes, message.length);
    note(tls, message.bytes, message.length);
    text_free(&message);
}

/* The finished message: a MAC over the transcript, and the certificate of a client. */
static void send_finished(struct tls *tls)
{
    uint8_t digest[MAC];
    struct text message = { 0 };
    bool certified = tls->options.role == TLS_CLIENT && tls->options.certificate != NULL;
    mac(tls, "finished", &tls->transcript, digest);
    text_append(&message, (const char *)digest, sizeof digest);
    if (certified)
        text_string(&message, tls->options.certificate);
    append_sealed(tls, RECORD_HANDSHAKE, message.bytes, message.length);
    note(tls, message.bytes, message.length);
    text_free(&message);
}

static void keep_certificate(struct tls *tls, const char *bytes, size_t length)
{
    if (length == 0)
        return;
    tls->certificate = must(calloc(1, length + 1));
    memcpy(tls->certificate, bytes, length);
    tls->channel.certificate = tls->certificate;
}

static void open_channel(struct tls *tls)
{
    tls->state = OPEN;
    text_free(&tls->transcript);
    flush(tls);
    tls->above.secured(tls->above.self, &tls->channel);
}

static void hello_came(struct tls *tls, const char *message, size_t length)
{
    bool client = tls->options.role == TLS_CLIENT;
    bool certified = length > RANDOM && length <= RANDOM + CERTIFICATE_MOST;
    if (client ? !certified : length != RANDOM) {
        fail(tls);
        return;
    }
    note(tls, message, length);
    if (client)
        keep_certificate(tls, message + RANDOM, length - RANDOM);
    else
        send_hello(tls);
    make_keys(tls, client ? tls->certificate : tls->options.certificate);
    tls->state = WAITS_FOR_FINISHED;
    if (client && tls->options.distrust) {
        fail(tls);
        return;
    }
    if (client)
        send_finished(tls);
    flush(tls);
}

static void finished_came(struct tls *tls, const char *message, size_t length)
{
    uint8_t expected[MAC];
    mac(tls, "finished", &tls->transcript, expected);
    if (length < MAC || length > MAC + CERTIFICATE_MOST || !memeql_sec(expected, message, MAC)) {
        fail(tls);
        return;
    }
    note(tls, message, length);
    if (tls->options.role == TLS_SERVER) {
        keep_certificate(tls, message + MAC, length - MAC);
        send_finished(tls);
    }
    open_channel(tls);
}

/* ---- Records in ---- */

/* Decrypts a record in place.  Returns the length of the plaintext, or -1 when authentication fails. */
static long unseal(struct tls *tls, char *record, size_t length)
{
    struct chacha_poly1305_ctx context;
    uint8_t tag[TAG];
    if (length < TAG)
        return -1;
    size_t plain = length - TAG;
    begin_record(tls, &context, tls->options.role == TLS_CLIENT ? TLS_SERVER : TLS_CLIENT, tls->received++);
    chacha_poly1305_decrypt(&context, plain, (uint8_t *)record, (const uint8_t *)record);
    chacha_poly1305_digest(&context, TAG, tag);
    return memeql_sec(tag, record + plain, TAG) ? (long)plain : -1;
}

static void record_came(struct tls *tls, enum record_type type, char *record, size_t length)
{
    if (type == RECORD_ALERT) {
        tls->state = FAILED;
        tls->above.failed(tls->above.self);
        return;
    }
    if (type == RECORD_HANDSHAKE && tls->state == WAITS_FOR_HELLO) {
        hello_came(tls, record, length);
        return;
    }
    enum record_type expected = tls->state == OPEN ? RECORD_DATA : RECORD_HANDSHAKE;
    bool sealed = tls->state == OPEN || tls->state == WAITS_FOR_FINISHED;
    long plain = sealed && type == expected ? unseal(tls, record, length) : -1;
    if (plain < 0)
        fail(tls);
    else if (type == RECORD_HANDSHAKE)
        finished_came(tls, record, (size_t)plain);
    else
        tls->above.bytes(tls->above.self, record, (size_t)plain);
}

static size_t length_of(const char *header)
{
    return (size_t)(unsigned char)header[3] << 8 | (unsigned char)header[4];
}

/* Removes the first record of `in`, if it is complete, and returns a copy: more bytes may arrive while it is
 * processed. */
static bool take_record(struct tls *tls, enum record_type *type, char *record, size_t *length)
{
    struct text *in = &tls->in;
    if (in->length < HEADER)
        return false;
    *type = (enum record_type)(unsigned char)in->bytes[0];
    *length = length_of(in->bytes);
    bool known = *type >= RECORD_ALERT && *type <= RECORD_DATA && in->bytes[1] == 3 && in->bytes[2] == 3;
    if (!known || *length > RECORD_MOST) {
        fail(tls);
        return false;
    }
    if (in->length < HEADER + *length)
        return false;
    memcpy(record, in->bytes + HEADER, *length);
    in->length -= HEADER + *length;
    memmove(in->bytes, in->bytes + HEADER + *length, in->length + 1);
    return true;
}

static void leave(struct tls *tls)
{
    if (--tls->depth > 0 || !tls->freed)
        return;
    text_free(&tls->transcript);
    text_free(&tls->in);
    text_free(&tls->out);
    free(tls->certificate);
    free(tls);
}

/* A callback may cause more bytes to arrive, or free the end: both wait until the record is processed. */
void tls_bytes(struct tls *tls, const char *bytes, size_t length)
{
    if (tls->state == FAILED)
        return;
    text_append(&tls->in, bytes, length);
    if (tls->reading)
        return;
    char record[RECORD_MOST];
    enum record_type type;
    tls->depth++;
    tls->reading = true;
    while (!tls->freed && tls->state != FAILED && take_record(tls, &type, record, &length))
        record_came(tls, type, record, length);
    tls->reading = false;
    leave(tls);
}

/* ---- From above ---- */

/* With no earlier output left to send. */
static size_t write_plaintext(struct tls *tls, const char *bytes, size_t length)
{
    assert(tls->owed <= length);
    size_t taken = tls->owed;
    tls->owed = 0;
    while (taken < length) {
        size_t piece = length - taken < PLAINTEXT_MOST ? length - taken : PLAINTEXT_MOST;
        append_sealed(tls, RECORD_DATA, bytes + taken, piece);
        flush(tls);
        if (tls->out.length > 0) {
            tls->owed = piece;
            break;
        }
        taken += piece;
    }
    return taken;
}

size_t tls_write(struct tls *tls, const char *bytes, size_t length)
{
    size_t taken = 0;
    if (tls->state != OPEN)
        return 0;
    tls->depth++;
    flush(tls);
    if (tls->out.length == 0)
        taken = write_plaintext(tls, bytes, length);
    leave(tls);
    return taken;
}

void tls_writable(struct tls *tls)
{
    tls->depth++;
    flush(tls);
    leave(tls);
}

bool tls_is_free(const struct tls *tls)
{
    return tls->state == OPEN && tls->out.length == 0 && tls->owed == 0;
}

bool tls_is_open(const struct tls *tls)
{
    return tls != NULL && tls->state == OPEN;
}

void tls_start(struct tls *tls)
{
    assert(tls->options.role == TLS_CLIENT && tls->state == IDLE);
    tls->state = WAITS_FOR_HELLO;
    tls->depth++;
    send_hello(tls);
    flush(tls);
    leave(tls);
}

struct tls *tls_new(const struct tls_options *options, struct tls_below below, struct tls_above above)
{
    assert(options->role == TLS_CLIENT || options->certificate != NULL);
    struct tls *tls = must(calloc(1, sizeof *tls));
    tls->options = *options;
    tls->below = below;
    tls->above = above;
    if (options->role == TLS_SERVER)
        tls->state = WAITS_FOR_HELLO;
    return tls;
}

void tls_free(struct tls *tls)
{
    if (tls == NULL)
        return;
    tls->freed = true;
    tls->depth++;
    leave(tls);
}

void tls_describe(struct description *description, const char *what, const struct tls *tls)
{
    static const char *const states[] = { [IDLE] = "idle",
                                          [WAITS_FOR_HELLO] = "waits for the hello",
                                          [WAITS_FOR_FINISHED] = "waits for the other to finish",
                                          [OPEN] = "open",
                                          [FAILED] = "failed" };
    describe_line(description, "%s", what);
    describe_word(description, true, states[tls->state]);
    describe_word(description, tls->options.distrust, "distrusts");
    describe_secret(description, "transcript", tls->transcript.bytes, tls->transcript.length);
    describe_count(description, "records sent", tls->sent);
    describe_count(description, "records received", tls->received);
    describe_secret(description, "not whole", tls->in.bytes, tls->in.length);
    describe_secret(description, "not sent", tls->out.bytes, tls->out.length);
    describe_count(description, "encrypted, not taken by the wire", tls->owed);
}

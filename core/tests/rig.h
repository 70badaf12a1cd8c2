/*
 * rig.h - a host for a core under test: every port recorded, every answer in the test's hand.
 *
 * Bytes sent are kept for each link until the test takes them.  Storage requests wait in rig.requests until
 * they are answered (rig_answer, rig_fail), or at once while rig.prompt is set.  What was saved is kept, so
 * that it is loaded again.  The clock stands still, chance counts up, and memory is counted; the allocation
 * that is number `rig_fail_at` fails.  The password of every account is "pencil"; "nobody" has no account.
 */
#ifndef CORE_TESTS_RIG_H
#define CORE_TESTS_RIG_H

#include "core.h"
#include "inspect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nettle/base64.h>
#include <nettle/hmac.h>
#include <nettle/pbkdf2.h>

#include <cmocka.h>

/* ---- Memory ---- */

/* A test that looks into blocks has others of its own (quarantine.h). */
#ifndef RIG_MALLOC
#define RIG_MALLOC  malloc
#define RIG_REALLOC realloc
#define RIG_FREE    free
#endif

static size_t rig_live, rig_allocations, rig_fail_at;

static inline bool rig_memory_fails(void)
{
    return ++rig_allocations == rig_fail_at;
}

static inline void *rig_alloc(size_t size)
{
    if (rig_memory_fails())
        return NULL;
    void *block = RIG_MALLOC(size);
    assert_non_null(block);
    memset(block, 0xA5, size);
    rig_live++;
    return block;
}

static inline void *rig_realloc(void *block, size_t size)
{
    if (rig_memory_fails())
        return NULL;
    rig_live += block == NULL;
    void *grown = RIG_REALLOC(block, size);
    assert_non_null(grown);
    return grown;
}

static inline void rig_release(void *block)
{
    rig_live -= block != NULL;
    RIG_FREE(block);
}

static const struct core_memory rig_memory = { rig_alloc, rig_realloc, rig_release };

/* ---- The host ---- */

/* Of enum core_feature; a test of one of them says so before it includes this file. */
#ifndef RIG_FEATURES
#define RIG_FEATURES 0
#endif

enum { RIG_LINKS = 40, RIG_REQUESTS = 256, RIG_KEPT = 128 };

struct rig_link {
    struct conn *conn; /* NULL once it is closed or hung up */
    bool closed;
    unsigned tls_begun; /* how often the core asked for TLS */
    size_t room;        /* bytes that it takes before it takes none */
    char *sent;
    size_t length, seen;
};

struct rig_request {
    uint64_t id;
    enum core_store_op op;
    enum core_store store;
    char owner[128];
    struct core_store_entry *entries; /* what it saves: its own */
    size_t entry_count;
    struct core_store_piece piece; /* that it loads */
    char from[64];
    size_t loaded; /* how many entries were answered */
    bool answered;
};

struct rig_kept {
    enum core_store store;
    char owner[128];
    char key[3072];
    char *value; /* NULL: not in use */
};

static struct rig {
    struct core *core;
    struct core_settings settings;
    struct rig_link links[RIG_LINKS];
    size_t link_count;
    struct rig_request requests[RIG_REQUESTS];
    size_t request_count;
    struct rig_kept kept[RIG_KEPT];
    bool prompt;
    const char *status; /* of every account, or NULL */
    uint64_t now;
    unsigned char chance;
    unsigned failed_logins;
    char failed_login[256]; /* the last: "username@domain condition", the username "?" where there is none */
} rig;

static inline char *rig_copy(const char *bytes, size_t length)
{
    char *copy = malloc(length + 1);
    assert_non_null(copy);
    memcpy(copy, bytes, length);
    copy[length] = '\0';
    return copy;
}

static inline size_t rig_send(void *host, void *to, const char *bytes, size_t length)
{
    struct rig_link *link = to;
    assert_ptr_equal(host, &rig);
    assert_false(link->closed);
    size_t taken = length < link->room ? length : link->room;
    link->room -= link->room == SIZE_MAX ? 0 : taken;
    link->sent = realloc(link->sent, link->length + taken + 1);
    assert_non_null(link->sent);
    memcpy(link->sent + link->length, bytes, taken);
    link->length += taken;
    link->sent[link->length] = '\0';
    return taken;
}

static inline void rig_close(void *host, void *which)
{
    struct rig_link *link = which;
    assert_ptr_equal(host, &rig);
    assert_false(link->closed);
    link->closed = true;
    link->conn = NULL;
}

static inline void rig_start_tls(void *host, void *which)
{
    struct rig_link *link = which;
    assert_ptr_equal(host, &rig);
    assert_false(link->closed);
    link->tls_begun++;
}

static inline uint64_t rig_now(void *host)
{
    (void)host;
    return rig.now;
}

static inline void rig_random(void *host, void *bytes, size_t length)
{
    (void)host;
    for (size_t i = 0; i < length; i++, rig.chance = (unsigned char)(rig.chance + 1))
        ((unsigned char *)bytes)[i] = rig.chance;
}

static inline void rig_store(void *host, const struct core_store_request *asked)
{
    (void)host;
    assert_true(rig.request_count < RIG_REQUESTS);
    struct rig_request *request = &rig.requests[rig.request_count];
    *request = (struct rig_request){ .id = asked->id, .op = asked->op, .store = asked->store };
    snprintf(request->owner, sizeof request->owner, "%s@%s", asked->username, asked->host);
    request->piece = asked->piece;
    snprintf(request->from, sizeof request->from, "%s", asked->piece.from != NULL ? asked->piece.from : "");
    /* core.h: messages that wait are never loaded whole, and only they are loaded in pieces or counted. */
    assert_true(asked->op != CORE_COUNT || asked->store == CORE_STORE_OFFLINE);
    assert_int_equal(asked->piece.most > 0, asked->op == CORE_LOAD && asked->store == CORE_STORE_OFFLINE);
    request->entries = calloc(asked->entry_count + 1, sizeof *request->entries);
    assert_non_null(request->entries);
    for (; request->entry_count < asked->entry_count; request->entry_count++) {
        const struct core_store_entry *entry = &asked->entries[request->entry_count];
        request->entries[request->entry_count] =
            (struct core_store_entry){ rig_copy(entry->key, strlen(entry->key)),
                                       entry->value != NULL ? rig_copy(entry->value, strlen(entry->value))
                                                            : NULL };
    }
    /* A roster is saved with its version (core.h). */
    if (asked->op == CORE_SAVE && asked->store == CORE_STORE_ROSTER) {
        assert_in_range(asked->entry_count, 1, 2);
        if (asked->entry_count == 2)
            assert_string_equal(asked->entries[1].key, "");
    }
    /* core.h: no id twice, and one request at a time for the same store of the same owner. */
    for (size_t i = 0; i < rig.request_count; i++) {
        const struct rig_request *other = &rig.requests[i];
        assert_int_not_equal(other->id, request->id);
        assert_false(!other->answered && other->store == request->store &&
                     request->store != CORE_STORE_ACCOUNT && strcmp(other->owner, request->owner) == 0);
    }
    rig.request_count++;
}

static inline void rig_login_failed(void *host, void *which, const char *username, const char *domain,
                                    const char *condition)
{
    struct rig_link *link = which;
    assert_ptr_equal(host, &rig);
    assert_false(link->closed);
    rig.failed_logins++;
    snprintf(rig.failed_login, sizeof rig.failed_login, "%s@%s %s", username != NULL ? username : "?", domain,
             condition);
}

static const struct core_ports rig_ports = { .host = &rig,
                                             .memory = { rig_alloc, rig_realloc, rig_release },
                                             .send = rig_send,
                                             .close = rig_close,
                                             .start_tls = rig_start_tls,
                                             .now = rig_now,
                                             .random = rig_random,
                                             .store = rig_store,
                                             .login_failed = rig_login_failed };

/* ---- Storage ---- */

static inline struct rig_kept *rig_kept_find(enum core_store store, const char *owner, const char *key)
{
    for (size_t i = 0; i < RIG_KEPT; i++)
        if (rig.kept[i].value != NULL && rig.kept[i].store == store &&
            strcmp(rig.kept[i].owner, owner) == 0 && strcmp(rig.kept[i].key, key) == 0)
            return &rig.kept[i];
    return NULL;
}

/* Takes one out; the others keep their order. */
static inline void rig_drop(struct rig_kept *kept)
{
    free(kept->value);
    size_t behind = (size_t)(&rig.kept[RIG_KEPT] - (kept + 1));
    memmove(kept, kept + 1, behind * sizeof *kept);
    rig.kept[RIG_KEPT - 1].value = NULL;
}

/* Puts an entry into a store, or (NULL) takes it out. */
static inline void rig_keep_in(enum core_store store, const char *owner, const char *key, const char *value)
{
    struct rig_kept *kept = rig_kept_find(store, owner, key);
    if (kept != NULL && value == NULL)
        rig_drop(kept);
    if (value == NULL)
        return;
    for (size_t i = 0; kept == NULL && i < RIG_KEPT; i++)
        if (rig.kept[i].value == NULL)
            kept = &rig.kept[i];
    assert_non_null(kept);
    free(kept->value);
    kept->store = store;
    snprintf(kept->owner, sizeof kept->owner, "%s", owner);
    snprintf(kept->key, sizeof kept->key, "%s", key);
    kept->value = rig_copy(value, strlen(value));
}

/* The same for the roster store. */
static inline void rig_keep(const char *owner, const char *key, const char *value)
{
    rig_keep_in(CORE_STORE_ROSTER, owner, key, value);
}

/* How many entries a store has. */
static inline size_t rig_kept_count(enum core_store store, const char *owner)
{
    size_t count = 0;
    for (size_t i = 0; i < RIG_KEPT; i++)
        count +=
            rig.kept[i].value != NULL && rig.kept[i].store == store && strcmp(rig.kept[i].owner, owner) == 0;
    return count;
}

/* A roster item as it is stored (roster.h). */
static inline void rig_keep_item(const char *owner, const char *contact, const char *subscription)
{
    char value[512];
    snprintf(value, sizeof value, "<item xmlns='jabber:iq:roster' jid='%s' subscription='%s'/>", contact,
             subscription);
    rig_keep(owner, contact, value);
}

static inline void rig_hmac(const uint8_t *key, const char *text, uint8_t *digest)
{
    struct hmac_sha1_ctx context;
    hmac_sha1_set_key(&context, SHA1_DIGEST_SIZE, key);
    hmac_sha1_update(&context, strlen(text), (const uint8_t *)text);
    hmac_sha1_digest(&context, SHA1_DIGEST_SIZE, digest);
}

/* The account's entry for the password "pencil" (RFC 5802, 3; RFC 5803, 3). */
static inline const char *rig_credentials(void)
{
    static char value[256];
    uint8_t salted[SHA1_DIGEST_SIZE], client[SHA1_DIGEST_SIZE], stored[SHA1_DIGEST_SIZE],
        server[SHA1_DIGEST_SIZE];
    char stored_text[BASE64_ENCODE_RAW_LENGTH(SHA1_DIGEST_SIZE) + 1] = "";
    char server_text[BASE64_ENCODE_RAW_LENGTH(SHA1_DIGEST_SIZE) + 1] = "";
    struct sha1_ctx sha1;
    pbkdf2_hmac_sha1(6, (const uint8_t *)"pencil", 3, 5, (const uint8_t *)"salty", sizeof salted, salted);
    rig_hmac(salted, "Client Key", client);
    rig_hmac(salted, "Server Key", server);
    sha1_init(&sha1);
    sha1_update(&sha1, sizeof client, client);
    sha1_digest(&sha1, sizeof stored, stored);
    base64_encode_raw(stored_text, sizeof stored, stored);
    base64_encode_raw(server_text, sizeof server, server);
    snprintf(value, sizeof value, "3:c2FsdHk=$%s:%s", stored_text, server_text);
    return value;
}

/* The entries in the order of their keys, as many as are wanted (core.h); returns how many those are. */
static inline size_t rig_piece(const struct rig_request *request, struct core_store_entry *entries,
                               size_t count)
{
    size_t wanted = 0, bytes = 0;
    for (size_t i = 1; i < count; i++)
        for (size_t j = i; j > 0 && strcmp(entries[j - 1].key, entries[j].key) > 0; j--) {
            struct core_store_entry entry = entries[j];
            entries[j] = entries[j - 1];
            entries[j - 1] = entry;
        }
    for (size_t i = 0; i < count && wanted < request->piece.most && bytes < request->piece.bytes; i++) {
        if (strcmp(entries[i].key, request->from) < 0)
            continue;
        bytes += strlen(entries[i].key) + strlen(entries[i].value);
        entries[wanted++] = entries[i];
    }
    return wanted;
}

/* The one entry that is the answer to a count. */
static inline size_t rig_count_entries(struct core_store_entry *entries, size_t count)
{
    static char number[32];
    const char *greatest = "";
    for (size_t i = 0; i < count; i++)
        if (strcmp(entries[i].key, greatest) > 0)
            greatest = entries[i].key;
    snprintf(number, sizeof number, "%zu", count);
    entries[0] = (struct core_store_entry){ greatest, number };
    return 1;
}

static inline size_t rig_entries(const struct rig_request *request, struct core_store_entry *entries)
{
    size_t count = 0;
    if (request->op == CORE_LOAD && request->store == CORE_STORE_ACCOUNT) {
        entries[count++] = (struct core_store_entry){ "SCRAM-SHA-1", rig_credentials() };
        if (rig.status != NULL)
            entries[count++] = (struct core_store_entry){ "status", rig.status };
        return count;
    }
    bool is_load = request->op == CORE_LOAD || request->op == CORE_COUNT;
    for (size_t i = 0; is_load && i < RIG_KEPT; i++)
        if (rig.kept[i].value != NULL && rig.kept[i].store == request->store &&
            strcmp(rig.kept[i].owner, request->owner) == 0)
            entries[count++] = (struct core_store_entry){ rig.kept[i].key, rig.kept[i].value };
    if (request->op == CORE_COUNT)
        return rig_count_entries(entries, count);
    return request->piece.most > 0 ? rig_piece(request, entries, count) : count;
}

static inline struct rig_request *rig_pending(void)
{
    for (size_t i = 0; i < rig.request_count; i++)
        if (!rig.requests[i].answered)
            return &rig.requests[i];
    return NULL;
}

static inline size_t rig_pending_count(void)
{
    size_t count = 0;
    for (size_t i = 0; i < rig.request_count; i++)
        count += !rig.requests[i].answered;
    return count;
}

static inline void rig_answer_with(struct rig_request *request, enum core_store_status status)
{
    struct core_store_entry entries[RIG_KEPT];
    assert_non_null(request);
    assert_false(request->answered);
    request->answered = true;
    if (status == CORE_STORED && strncmp(request->owner, "nobody@", 7) == 0)
        status = CORE_NO_ACCOUNT;
    for (size_t i = 0; status == CORE_STORED && i < request->entry_count; i++)
        rig_keep_in(request->store, request->owner, request->entries[i].key, request->entries[i].value);
    size_t count = status == CORE_STORED ? rig_entries(request, entries) : 0;
    request->loaded = count;
    core_stored(rig.core, request->id, status, entries, count);
}

/* Answers the oldest request. */
static inline void rig_answer(void)
{
    rig_answer_with(rig_pending(), CORE_STORED);
}

static inline void rig_fail(void)
{
    rig_answer_with(rig_pending(), CORE_STORE_FAILED);
}

static inline void rig_answer_all(void)
{
    while (rig_pending() != NULL)
        rig_answer();
}

/* ---- Clients ---- */

static inline struct rig_link *rig_accept(void)
{
    assert_true(rig.link_count < RIG_LINKS);
    struct rig_link *link = &rig.links[rig.link_count++];
    link->room = SIZE_MAX;
    link->conn = core_accept(rig.core, link);
    return link;
}

static inline void rig_say_bytes(const struct rig_link *link, const char *bytes, size_t length)
{
    if (link->conn != NULL)
        core_receive(rig.core, link->conn, bytes, length);
    if (rig.prompt)
        rig_answer_all();
}

static inline void rig_say(const struct rig_link *link, const char *xml)
{
    rig_say_bytes(link, xml, strlen(xml));
}

static inline void rig_hangup(struct rig_link *link)
{
    struct conn *conn = link->conn;
    link->conn = NULL;
    link->closed = true;
    if (conn != NULL)
        core_hangup(rig.core, conn);
    if (rig.prompt)
        rig_answer_all();
}

/* What was sent since it was last taken. */
static inline const char *rig_take(struct rig_link *link)
{
    if (link->sent == NULL)
        return "";
    const char *text = link->sent + link->seen;
    link->seen = link->length;
    return text;
}

static inline const struct session *rig_session(const struct rig_link *link)
{
    assert_non_null(link->conn);
    return inspect_conn(link->conn);
}

#define RIG_HEADER                                                                                           \
    "<?xml version='1.0'?><stream:stream to='localhost' version='1.0' xmlns='jabber:client' "                \
    "xmlns:stream='http://etherx.jabber.org/streams'>"

static inline void rig_auth(const struct rig_link *link, const char *username)
{
    char message[64], text[128] = "", xml[256];
    int length = snprintf(message, sizeof message, "%c%s%cpencil", 0, username, 0);
    base64_encode_raw(text, (size_t)length, (const uint8_t *)message);
    snprintf(xml, sizeof xml, "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>%s</auth>",
             text);
    rig_say(link, xml);
}

static inline void rig_bind(const struct rig_link *link, const char *resource)
{
    char xml[2048];
    snprintf(xml, sizeof xml,
             "<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
             "<resource>%s</resource></bind></iq>",
             resource);
    rig_say(link, xml);
}

/* A link whose client is authenticated and has opened its second stream. */
static inline struct rig_link *rig_authenticated(const char *username)
{
    struct rig_link *link = rig_accept();
    bool prompt = rig.prompt;
    rig.prompt = true;
    rig_say(link, RIG_HEADER);
    rig_auth(link, username);
    rig_say(link, RIG_HEADER);
    rig.prompt = prompt;
    rig_take(link);
    return link;
}

/* A connected resource. */
static inline struct rig_link *rig_login(const char *username, const char *resource)
{
    struct rig_link *link = rig_authenticated(username);
    bool prompt = rig.prompt;
    rig.prompt = true;
    rig_bind(link, resource);
    rig.prompt = prompt;
    rig_take(link);
    return link;
}

/* An available resource that has asked for its roster. */
static inline struct rig_link *rig_online(const char *username, const char *resource)
{
    struct rig_link *link = rig_login(username, resource);
    bool prompt = rig.prompt;
    rig.prompt = true;
    rig_say(link, "<iq type='get' id='roster'><query xmlns='jabber:iq:roster'/></iq><presence/>");
    rig.prompt = prompt;
    rig_take(link);
    return link;
}

/* The head, so many of a character, and the tail; good until the next call. */
static inline const char *rig_filled(const char *head, char fill, size_t count, const char *tail)
{
    static char text[128 * 1024];
    size_t length = strlen(head);
    assert_true(length + count + strlen(tail) < sizeof text);
    snprintf(text, sizeof text, "%s", head);
    memset(text + length, fill, count);
    snprintf(text + length + count, sizeof text - length - count, "%s", tail);
    return text;
}

/* ---- What was said ---- */

static inline size_t rig_count(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part))
        count++;
    return count;
}

static inline void rig_assert_has(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("there is no \"%s\" in \"%s\"", part, text);
}

static inline void rig_assert_lacks(const char *text, const char *part)
{
    if (strstr(text, part) != NULL)
        fail_msg("there is a \"%s\" in \"%s\"", part, text);
}

/* The stream has ended with that error (RFC 6120, 4.9). */
static inline void rig_assert_stream_error(struct rig_link *link, const char *condition)
{
    char element[128];
    const char *text = rig_take(link);
    snprintf(element, sizeof element, "<stream:error><%s xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>",
             condition);
    rig_assert_has(text, element);
    rig_assert_has(text, "</stream:error></stream:stream>");
    assert_true(link->closed);
}

/* A stanza error came (RFC 6120, 8.3), and nothing else. */
static inline void rig_assert_stanza_error(struct rig_link *link, const char *type, const char *condition)
{
    char parts[2][160];
    const char *text = rig_take(link);
    snprintf(parts[0], sizeof parts[0], "<error type='%s'>", type);
    snprintf(parts[1], sizeof parts[1], "<%s xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'", condition);
    assert_int_equal(rig_count(text, "<error "), 1);
    rig_assert_has(text, " type='error'");
    rig_assert_has(text, parts[0]);
    rig_assert_has(text, parts[1]);
}

/* ---- The rig's own life ---- */

/* The default settings, but for TLS: there is none, and none is wanted. */
static inline struct core_settings rig_settings(void)
{
    struct core_settings settings = core_settings_default();
    settings.tls = CORE_TLS_NONE;
    settings.plain_without_tls = true;
    settings.features = RIG_FEATURES;
    return settings;
}

static inline void rig_begin_with(const struct core_settings *settings)
{
    static const char *const hosts[] = { "localhost", "example.com" };
    rig_live = rig_allocations = rig_fail_at = 0;
    rig = (struct rig){ .settings = *settings, .prompt = true, .now = UINT64_C(978307200000000000) };
    rig.settings.hosts = hosts;
    rig.settings.host_count = 2;
    rig.core = core_new(&rig_ports, &rig.settings);
    assert_non_null(rig.core);
}

static inline void rig_begin(void)
{
    struct core_settings settings = rig_settings();
    rig_begin_with(&settings);
}

/* The rig keeps all that was ever asked of storage. */
static inline void rig_forget_requests(void)
{
    for (size_t i = 0; i < rig.request_count; i++) {
        for (size_t e = 0; e < rig.requests[i].entry_count; e++) {
            free((char *)rig.requests[i].entries[e].key);
            free((char *)rig.requests[i].entries[e].value);
        }
        free(rig.requests[i].entries);
    }
    memset(rig.requests, 0, sizeof rig.requests);
    rig.request_count = 0;
}

static inline void rig_end(void)
{
    core_free(rig.core);
    for (size_t i = 0; i < rig.link_count; i++)
        free(rig.links[i].sent);
    rig_forget_requests();
    for (size_t i = 0; i < RIG_KEPT; i++)
        free(rig.kept[i].value);
    rig.core = NULL;
    rig.link_count = rig.request_count = 0;
    assert_int_equal(rig_live, 0);
}

static inline int rig_set_up(void **state)
{
    (void)state;
    rig_begin();
    return 0;
}

static inline int rig_tear_down(void **state)
{
    (void)state;
    rig_end();
    return 0;
}

#define RIG_TEST(test) cmocka_unit_test_setup_teardown(test, rig_set_up, rig_tear_down)

#endif

#include "rig.h"

#include <nettle/base64.h>

struct test_host rig;

static struct rig_options used;

/* ---- Memory ---- */

static void *memory_alloc(size_t size)
{
    return host_alloc(&rig.memory, size);
}

static void *memory_realloc(void *block, size_t size)
{
    return host_realloc(&rig.memory, block, size);
}

static void memory_free(void *block)
{
    host_release(&rig.memory, block);
}

const struct core_memory rig_memory = { memory_alloc, memory_realloc, memory_free };

/* ---- Life ---- */

void rig_use(const struct rig_options *options)
{
    used = *options;
}

struct core_settings rig_settings(void)
{
    struct core_settings settings = core_settings_default();
    settings.tls = CORE_TLS_NONE;
    settings.plain_without_tls = true;
    settings.features = used.features;
    return settings;
}

static void report(const char *message)
{
    fail_msg("%s", message);
}

static void begin(const struct core_settings *settings, bool routes)
{
    static const char *const hosts[] = { "localhost", "example.com" };
    struct core_settings at_hosts = *settings;
    at_hosts.hosts = hosts;
    at_hosts.host_count = 2;
    const struct host_options options = {
        .settings = &at_hosts,
        .memory = &rig_memory,
        .under = used.under,
        .routes = routes,
        .keep_requests = true,
        .fail = report,
    };
    host_begin(&rig, &options);
}

void rig_begin_with(const struct core_settings *settings)
{
    begin(settings, false);
}

void rig_begin(void)
{
    struct core_settings settings = rig_settings();
    rig_begin_with(&settings);
}

void rig_begin_routed_with(const struct core_settings *settings)
{
    begin(settings, true);
}

void rig_begin_routed(void)
{
    struct core_settings settings = rig_settings();
    rig_begin_routed_with(&settings);
}

void rig_begin_keepalive(enum core_keepalive keepalive, uint64_t idle_time, uint64_t ping_time)
{
    struct core_settings settings = rig_settings();
    settings.keepalive = keepalive;
    settings.idle_time = idle_time;
    settings.ping_time = ping_time;
    rig_begin_with(&settings);
}

void rig_pass(uint64_t span)
{
    rig.now += span;
    core_tick(rig.core);
}

void rig_end(void)
{
    host_end(&rig);
}

int rig_set_up(void **state)
{
    (void)state;
    rig_begin();
    return 0;
}

int rig_tear_down(void **state)
{
    (void)state;
    rig_end();
    return 0;
}

/* ---- Storage ---- */

struct host_request *rig_pending(void)
{
    return host_oldest(&rig);
}

size_t rig_pending_count(void)
{
    return rig.waiting_count;
}

void rig_answer_with(struct host_request *request, enum core_store_status status)
{
    host_answer(&rig, request, status);
}

void rig_answer(void)
{
    rig_answer_with(rig_pending(), CORE_STORED);
}

void rig_fail(void)
{
    rig_answer_with(rig_pending(), CORE_STORE_FAILED);
}

void rig_answer_all(void)
{
    host_answer_all(&rig, CORE_STORED);
}

void rig_keep_in(enum core_store store, const char *owner, const char *key, const char *value)
{
    host_keep(&rig, store, owner, key, value);
}

void rig_keep(const char *owner, const char *key, const char *value)
{
    rig_keep_in(CORE_STORE_ROSTER, owner, key, value);
}

void rig_keep_item(const char *owner, const char *contact, const char *subscription)
{
    char value[512];
    snprintf(value, sizeof value, "<item xmlns='jabber:iq:roster' jid='%s' subscription='%s'/>", contact,
             subscription);
    rig_keep(owner, contact, value);
}

const struct core_store_entry *rig_kept_find(enum core_store store, const char *owner, const char *key)
{
    return host_kept(&rig, store, owner, key);
}

size_t rig_kept_count(enum core_store store, const char *owner)
{
    return host_kept_count(&rig, store, owner);
}

/* ---- Clients ---- */

struct host_link *rig_accept(void)
{
    return host_accept(&rig);
}

void rig_say_bytes(const struct host_link *link, const char *bytes, size_t length)
{
    host_receive(&rig, link, bytes, length);
}

void rig_say(const struct host_link *link, const char *xml)
{
    rig_say_bytes(link, xml, strlen(xml));
}

void rig_hangup(struct host_link *link)
{
    host_hangup(&rig, link);
}

void rig_writable(struct host_link *link, size_t window)
{
    host_writable(&rig, link, window);
}

const char *rig_take(struct host_link *link)
{
    return host_take(link);
}

const struct session *rig_session(const struct host_link *link)
{
    assert_non_null(link->conn);
    return inspect_conn(link->conn);
}

void rig_auth(const struct host_link *link, const char *username)
{
    char message[64], text[128] = "", xml[256];
    int length = snprintf(message, sizeof message, "%c%s%cpencil", 0, username, 0);
    assert_in_range(length, 1, sizeof message - 1);
    base64_encode_raw(text, (size_t)length, (const uint8_t *)message);
    snprintf(xml, sizeof xml, "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>%s</auth>",
             text);
    rig_say(link, xml);
}

void rig_bind(const struct host_link *link, const char *resource)
{
    char xml[2048];
    int length = snprintf(xml, sizeof xml,
                          "<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
                          "<resource>%s</resource></bind></iq>",
                          resource);
    assert_in_range(length, 1, sizeof xml - 1);
    rig_say(link, xml);
}

struct host_link *rig_authenticated(const char *username)
{
    struct host_link *link = rig_accept();
    bool prompt = rig.prompt;
    rig.prompt = true;
    rig_say(link, RIG_HEADER);
    rig_auth(link, username);
    rig_say(link, RIG_HEADER);
    rig.prompt = prompt;
    rig_take(link);
    return link;
}

struct host_link *rig_login(const char *username, const char *resource)
{
    struct host_link *link = rig_authenticated(username);
    bool prompt = rig.prompt;
    rig.prompt = true;
    rig_bind(link, resource);
    rig.prompt = prompt;
    rig_take(link);
    return link;
}

struct host_link *rig_online(const char *username, const char *resource)
{
    struct host_link *link = rig_login(username, resource);
    bool prompt = rig.prompt;
    rig.prompt = true;
    rig_say(link, "<iq type='get' id='roster'><query xmlns='jabber:iq:roster'/></iq><presence/>");
    rig.prompt = prompt;
    rig_take(link);
    return link;
}

const char *rig_filled(const char *head, char fill, size_t count, const char *tail)
{
    static char *text;
    size_t length = strlen(head);
    free(text);
    text = malloc(length + count + strlen(tail) + 1);
    assert_non_null(text);
    memcpy(text, head, length);
    memset(text + length, fill, count);
    memcpy(text + length + count, tail, strlen(tail) + 1);
    return text;
}

/* ---- Other servers ---- */

void rig_arrive(const char *from_domain, const char *xml)
{
    host_arrive(&rig, from_domain, xml, strlen(xml));
}

const char *rig_take_routed(const char *from_domain, const char *to_domain)
{
    static char stanza[4096];
    assert_int_equal(rig.routed_count, 1);
    assert_string_equal(rig.routed[0].from, from_domain);
    assert_string_equal(rig.routed[0].to, to_domain);
    assert_true(rig.routed[0].length < sizeof stanza);
    memcpy(stanza, rig.routed[0].stanza, rig.routed[0].length + 1);
    host_forget_routed(&rig);
    return stanza;
}

/* ---- Output ---- */

size_t rig_count(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part))
        count++;
    return count;
}

void rig_assert_has(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("there is no \"%s\" in \"%s\"", part, text);
}

void rig_assert_lacks(const char *text, const char *part)
{
    if (strstr(text, part) != NULL)
        fail_msg("there is a \"%s\" in \"%s\"", part, text);
}

void rig_assert_stream_error(struct host_link *link, const char *condition)
{
    char element[128];
    const char *text = rig_take(link);
    snprintf(element, sizeof element, "<stream:error><%s xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>",
             condition);
    rig_assert_has(text, element);
    rig_assert_has(text, "</stream:error></stream:stream>");
    assert_true(link->closed);
}

void rig_assert_stanza_error(struct host_link *link, const char *type, const char *condition)
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

#include "host_storage.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void host_fail(const struct test_host *host, const char *format, ...)
{
    char message[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (host->options.fail != NULL)
        host->options.fail(message);
    fprintf(stderr, "host: %s\n", message);
    abort();
}

void host_require(const struct test_host *host, bool holds, const char *what)
{
    if (!holds)
        host_fail(host, "core.h: %s", what);
}

/* ---- Memory ---- */

void *host_must(void *block)
{
    if (block == NULL) {
        fputs("host: no memory\n", stderr);
        abort();
    }
    return block;
}

void *host_alloc(struct host_memory *memory, size_t size)
{
    if (++memory->allocations == memory->fail_at)
        return NULL;
    void *block = host_must(memory->under != NULL ? memory->under->alloc(size) : malloc(size));
    memset(block, 0xA5, size);
    memory->live++;
    return block;
}

void *host_realloc(struct host_memory *memory, void *block, size_t size)
{
    if (++memory->allocations == memory->fail_at)
        return NULL;
    memory->live += block == NULL;
    return host_must(memory->under != NULL ? memory->under->realloc(block, size) : realloc(block, size));
}

void host_release(struct host_memory *memory, void *block)
{
    memory->live -= block != NULL;
    if (memory->under != NULL)
        memory->under->free(block);
    else
        free(block);
}

void *host_new(const struct test_host *host, size_t size)
{
    return memset(host_must(host->options.own->alloc(size)), 0, size);
}

void host_delete(const struct test_host *host, const void *block)
{
    host->options.own->free((void *)block);
}

void *host_grown(const struct test_host *host, void *array, size_t *size, size_t count, size_t bytes)
{
    if (count <= *size)
        return array;
    *size = count < 8 ? 8 : 2 * count;
    return host_must(host->options.own->realloc(array, *size * bytes));
}

char *host_copy(const struct test_host *host, const char *bytes, size_t length)
{
    char *copy = host_must(host->options.own->alloc(length + 1));
    memcpy(copy, bytes, length);
    copy[length] = '\0';
    return copy;
}

char *host_copy_string(const struct test_host *host, const char *string)
{
    return host_copy(host, string, strlen(string));
}

/* ---- The ports of a link ---- */

static struct host_link *open_link(const struct test_host *host, void *which)
{
    struct host_link *link = which;
    host_require(host, link != NULL && link->host == host, "a link is named as core_accept was told");
    host_require(host, !link->closed, "a link that is closed or hung up is not used again");
    return link;
}

static size_t port_send(void *context, void *to, const char *bytes, size_t length)
{
    struct host_link *link = open_link(context, to);
    size_t taken = length < link->window ? length : link->window;
    const struct host_watch *watch = link->host->options.watch;
    if (watch != NULL)
        watch->sent(watch->context, link, length, taken);
    link->window -= link->window == SIZE_MAX ? 0 : taken;
    link->sent = host_grown(link->host, link->sent, &link->size, link->length + taken + 1, 1);
    memcpy(link->sent + link->length, bytes, taken);
    link->length += taken;
    link->sent[link->length] = '\0';
    return taken;
}

static void port_close(void *context, void *which)
{
    struct host_link *link = open_link(context, which);
    link->closed = true;
    link->conn = NULL;
}

static void port_start_tls(void *context, void *which)
{
    struct test_host *host = context;
    host_require(host, host->settings.tls != CORE_TLS_NONE, "without TLS none is begun");
    open_link(host, which)->tls_begun++;
}

static void port_login_failed(void *context, void *which, const char *username, const char *domain,
                              const char *condition)
{
    struct test_host *host = context;
    (void)open_link(host, which);
    const char *name = username != NULL ? username : "?";
    size_t size = strlen(name) + strlen(domain) + strlen(condition) + 3;
    host->failed_logins++;
    host_delete(host, host->failed_login);
    host->failed_login = host_new(host, size);
    snprintf(host->failed_login, size, "%s@%s %s", name, domain, condition);
}

/* ---- The other ports but storage ---- */

static uint64_t port_now(void *context)
{
    return ((struct test_host *)context)->now;
}

static void port_random(void *context, void *bytes, size_t length)
{
    struct test_host *host = context;
    for (size_t i = 0; i < length; i++, host->chance = (unsigned char)(host->chance + 1))
        ((unsigned char *)bytes)[i] = host->chance;
}

bool host_is_among(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

bool host_is_anonymous(const struct test_host *host, const char *name)
{
    return host_is_among(name, host->settings.anonymous_hosts, host->settings.anonymous_host_count);
}

static bool is_served(const struct test_host *host, const char *name)
{
    return host_is_among(name, host->settings.hosts, host->settings.host_count) ||
           host_is_anonymous(host, name);
}

static void port_route(void *context, const char *from_domain, const char *to_domain, const char *stanza,
                       size_t length)
{
    struct test_host *host = context;
    host_require(host, is_served(host, from_domain), "a stanza is routed from one of the core's hosts");
    host_require(host, !is_served(host, to_domain),
                 "a stanza is routed to a domain that the core does not serve");
    const struct host_watch *watch = host->options.watch;
    if (watch != NULL)
        watch->routed(watch->context, length);
    host->routed =
        host_grown(host, host->routed, &host->routed_size, host->routed_count + 1, sizeof *host->routed);
    host->routed[host->routed_count++] =
        (struct host_routed){ host_copy_string(host, from_domain), host_copy_string(host, to_domain),
                              host_copy(host, stanza, length), length };
}

void host_forget_routed(struct test_host *host)
{
    for (size_t i = 0; i < host->routed_count; i++) {
        host_delete(host, host->routed[i].from);
        host_delete(host, host->routed[i].to);
        host_delete(host, host->routed[i].stanza);
    }
    host->routed_count = 0;
}

/* ---- Events ---- */

void host_begin_call(const struct test_host *host, const char *bytes, size_t length)
{
    const struct host_watch *watch = host->options.watch;
    if (watch != NULL)
        watch->received(watch->context, bytes, length);
}

void host_end_call(const struct test_host *host)
{
    const struct host_watch *watch = host->options.watch;
    if (watch != NULL)
        watch->ended(watch->context);
}

static void settle(struct test_host *host)
{
    host_end_call(host);
    if (host->prompt)
        host_answer_all(host, host->outcome);
}

struct host_link *host_accept(struct test_host *host)
{
    struct host_link *link = host_new(host, sizeof *link);
    link->host = host;
    link->index = host->link_count;
    link->window = SIZE_MAX;
    host->links =
        host_grown(host, host->links, &host->link_size, host->link_count + 1, sizeof(struct host_link *));
    host->links[host->link_count++] = link;
    host_begin_call(host, NULL, 0);
    link->conn = core_accept(host->core, link);
    settle(host);
    return link;
}

void host_receive(struct test_host *host, const struct host_link *link, const char *bytes, size_t length)
{
    host_begin_call(host, bytes, link->conn != NULL ? length : 0);
    if (link->conn != NULL)
        core_receive(host->core, link->conn, bytes, length);
    settle(host);
}

void host_hangup(struct test_host *host, struct host_link *link)
{
    struct conn *conn = link->conn;
    link->conn = NULL;
    link->closed = true;
    host_begin_call(host, NULL, 0);
    if (conn != NULL)
        core_hangup(host->core, conn);
    settle(host);
}

void host_writable(struct test_host *host, struct host_link *link, size_t window)
{
    link->window = window;
    host_begin_call(host, NULL, 0);
    if (link->conn != NULL)
        core_writable(host->core, link->conn);
    settle(host);
}

void host_arrive(struct test_host *host, const char *from_domain, const char *stanza, size_t length)
{
    host_begin_call(host, stanza, length);
    core_arrived(host->core, from_domain, stanza, length);
    settle(host);
}

void host_tick(struct test_host *host)
{
    host_begin_call(host, NULL, 0);
    core_tick(host->core);
    settle(host);
}

void host_unroutable(struct test_host *host, const char *stanza, size_t length, enum core_route_failure why)
{
    host_begin_call(host, stanza, length);
    core_unroutable(host->core, stanza, length, why);
    settle(host);
}

void host_drop(struct test_host *host, struct host_link *link)
{
    if (link->conn != NULL)
        host_fail(host, "a link is dropped that has a connection");
    struct host_link *last = host->links[--host->link_count];
    last->index = link->index;
    host->links[last->index] = last;
    host_delete(host, link->sent);
    host_delete(host, link);
}

const char *host_take(struct host_link *link)
{
    if (link->sent == NULL)
        return "";
    const char *text = link->sent + link->seen;
    link->seen = link->length;
    return text;
}

/* ---- The life of a host ---- */

static void core_begin(struct test_host *host)
{
    host->core = core_new(&host->ports, &host->settings);
    if (host->core == NULL)
        host_fail(host, "core_new has failed");
}

void host_begin(struct test_host *host, const struct host_options *options)
{
    static const struct core_memory plain = { malloc, realloc, free };
    *host = (struct test_host){
        .options = *options,
        .settings = *options->settings,
        .memory.under = options->under,
        .prompt = true,
        .now = UINT64_C(978307200000000000),
    };
    if (host->options.own == NULL)
        host->options.own = &plain;
    host->ports = (struct core_ports){
        .host = host,
        .memory = options->memory != NULL ? *options->memory : plain,
        .send = port_send,
        .close = port_close,
        .start_tls = port_start_tls,
        .now = port_now,
        .random = port_random,
        .store = host_store,
        .route = options->routes ? port_route : NULL,
        .login_failed = port_login_failed,
    };
    core_begin(host);
}

void host_restart(struct test_host *host)
{
    core_free(host->core);
    host_forget_requests(host);
    for (size_t i = 0; i < host->link_count; i++) {
        host->links[i]->conn = NULL;
        host->links[i]->closed = true;
    }
    core_begin(host);
}

void host_end(struct test_host *host)
{
    core_free(host->core);
    host->core = NULL;
    for (size_t i = 0; i < host->link_count; i++) {
        host_delete(host, host->links[i]->sent);
        host_delete(host, host->links[i]);
    }
    host_forget_routed(host);
    host_free_storage(host);
    host_delete(host, host->links);
    host_delete(host, host->routed);
    host_delete(host, host->failed_login);
    size_t live = host->memory.live;
    *host =
        (struct test_host){ .options = host->options, .settings = host->settings, .memory = host->memory };
    if (live > 0)
        host_fail(host, "the core has not freed %zu blocks", live);
}

/*
 * A kind of server that is linked in, to copy for another core.  This one knows no accounts: it lets nobody in.
 */
#include "../world/server.h"

#include "../must.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- The template ---- */

/* A server; and a connection, which the kind owns until it closes it, is told that it ended, or stops. */
struct template_server {
    struct server_ports ports;
    struct template_conn *conns;
};

struct template_conn {
    struct template_conn *next;
    struct template_server *server;
    void *link;
};

static void template_forget(struct template_conn *conn)
{
    struct template_conn **at = &conn->server->conns;
    while (*at != conn)
        at = &(*at)->next;
    *at = conn->next;
    free(conn);
}

/* A setting that the core does not have is refused, never ignored. */
static void *template_start(const struct server_kind *kind, const struct server_ports *ports,
                            const struct core_settings *settings, struct server_refusal *refusal)
{
    (void)kind;
    if (settings->tls == CORE_TLS_REQUIRED) {
        *refusal = (struct server_refusal){ "tls", "this core has no TLS" };
        return NULL;
    }
    struct template_server *server = must(calloc(1, sizeof *server));
    server->ports = *ports;
    return server;
}

static void template_stop(void *self)
{
    struct template_server *server = self;
    while (server->conns != NULL)
        template_forget(server->conns);
    free(server);
}

/* Here it would create the account, or add the contact. */
static void template_provide(void *self, const struct server_ports *ports, const struct provision *provision)
{
    (void)self;
    (void)ports;
    (void)provision;
}

static void *template_opened(void *self, void *link)
{
    struct template_server *server = self;
    struct template_conn *conn = must(calloc(1, sizeof *conn));
    *conn = (struct template_conn){ server->conns, server, link };
    server->conns = conn;
    return conn;
}

/* What is not taken must be kept, and sent when it is writable. */
static void template_send(const struct template_conn *conn, const char *text)
{
    const struct server_ports *ports = &conn->server->ports;
    const size_t taken = ports->send(ports->host, conn->link, text, strlen(text));
    assert(taken == strlen(text));
    (void)taken;
}

static void template_bytes(void *self, void *handle, const char *bytes, size_t length)
{
    struct template_conn *conn = handle;
    (void)self;
    char *text = must(strndup(bytes, length));
    if (strstr(text, "<stream:stream") != NULL)
        template_send(conn,
                      "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "
                      "id='1' from='localhost' version='1.0'><stream:features><mechanisms "
                      "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms>"
                      "</stream:features>");
    else if (strstr(text, "<auth") != NULL)
        template_send(conn, "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>");
    free(text);
}

static void template_writable(void *self, void *handle)
{
    (void)self;
    (void)handle;
}

static void template_ended(void *self, void *handle)
{
    (void)self;
    template_forget(handle);
}

/* An orderly end sends <system-shutdown/> on each stream. */
static void template_shut_down(void *self)
{
    (void)self;
}

static void template_late(void *self)
{
    (void)self;
}

static struct server_deadline template_deadline(void *self)
{
    (void)self;
    return (struct server_deadline){ UINT64_MAX, false };
}

/* It has no disk, so there is no `stored`; no TLS, so `secured` is never called; and no other servers. */
static const struct server_kind template_kind = {
    .name = "template",
    .has = { CAPABILITY_BIT(CAPABILITY_PLAIN) },
    .start = template_start,
    .stop = template_stop,
    .provide = template_provide,
    .opened = template_opened,
    .bytes = template_bytes,
    .writable = template_writable,
    .ended = template_ended,
    .shut_down = template_shut_down,
    .late = template_late,
    .deadline = template_deadline,
};

/* ---- Its test ---- */

#include "player_rig.h"

static const struct player_options on_template = { .kind = &template_kind };

static void it_lets_nobody_in(void **state)
{
    (void)state;
    passes_as(CAST "Romeo opens a connection\nRomeo opens a stream\n"
                   "Romeo fails to authenticate with PLAIN: not-authorized\n",
              &on_template);
    fails_as(CAST "Romeo connects\n", &on_template, FIRST_STEP,
             "expected Romeo to connect; it was refused during authentication: not-authorized");
}

static void is_skipped(const char *scenario, const char *lack)
{
    struct player_result result = run_as(scenario, &on_template);
    assert_true(result.passed);
    assert_string_equal(result.skipped, lack);
    player_result_free(&result);
}

static void what_it_lacks_is_skipped(void **state)
{
    (void)state;
    is_skipped(CAST "Romeo connects\nRomeo is connected\n", "views");
    is_skipped(CAST "The server crashes\n", "crash");
    is_skipped(CAST "The next save fails\n", "disk");
    is_skipped("[Server]\n\tresources: 2\n" CAST "Romeo connects\n", "limits:resources");
    is_skipped("[Server] A\n\thost: localhost\n[Server] B\n\thost: b.lit\n" CAST "Romeo connects\n",
               "federation");
}

/* Nothing in a run needs the disk that it does not have: not what is provided, nor the checks, nor a description. */
static void it_needs_no_disk(void **state)
{
    (void)state;
    struct player_tally tally = { { 0 }, { { 0 } } };
    struct player_result result =
        run_as(FRIENDS CAST "Romeo opens a connection\nRomeo opens a stream\nRomeo drops the connection\n",
               &(struct player_options){
                   .kind = &template_kind, .tally = &tally, .until = { PLAYER_UNTIL_LINE, 1000 } });
    assert_true(result.passed);
    assert_non_null(result.description);
    player_result_free(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_lets_nobody_in),
        cmocka_unit_test(what_it_lacks_is_skipped),
        cmocka_unit_test(it_needs_no_disk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

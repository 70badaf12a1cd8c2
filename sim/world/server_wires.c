#include "server_private.h"

#include "../must.h"
#include "tls.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- Wires ---- */

static void put_first(struct wire **list, struct wire *wire)
{
    wire->prev = NULL;
    wire->next = *list;
    if (wire->next != NULL)
        wire->next->prev = wire;
    *list = wire;
}

static void take_off(struct wire **list, struct wire *wire)
{
    if (wire->prev != NULL)
        wire->prev->next = wire->next;
    else
        *list = wire->next;
    if (wire->next != NULL)
        wire->next->prev = wire->prev;
}

static struct wire *wire_new(struct server *server, struct link *link)
{
    struct wire *wire = must(calloc(1, sizeof *wire));
    wire->server = server;
    wire->link = link;
    wire->number = ++server->conns;
    put_first(&server->wires, wire);
    return wire;
}

void wire_record(const struct wire *wire, enum border_kind kind, const char *bytes, size_t length)
{
    const struct border_record record = {
        .kind = kind, .conn = wire->number, .bytes = bytes, .length = length
    };
    server_record(wire->server, &record);
}

void wire_end(struct wire *wire)
{
    assert(wire->link != NULL || wire->is_ending);
    wire->link = NULL;
    wire->is_ending = false;
    wire->conn = NULL;
    take_off(&wire->server->wires, wire);
    put_first(&wire->server->ended, wire);
}

void wires_free(struct wire *first)
{
    while (first != NULL) {
        struct wire *next = first->next;
        tls_free(first->tls);
        free((char *)first->channel.certificate);
        free(first);
        first = next;
    }
}

void wire_touch(struct wire *wire)
{
    struct server *server = wire->server;
    if (wire->touched)
        return;
    wire->touched = true;
    if (server->touched_count == server->touched_capacity) {
        server->touched_capacity = server->touched_capacity == 0 ? 16 : server->touched_capacity * 2;
        server->touched = must(realloc(server->touched, server->touched_capacity * sizeof(struct wire *)));
    }
    server->touched[server->touched_count++] = wire;
}

const struct conn *wire_look(const struct wire *wire)
{
    const struct server *server = wire->server;
    if (wire->conn == NULL || server->self == NULL || server->kind->inspect_conn == NULL)
        return NULL;
    return server->kind->inspect_conn(wire->conn);
}

/* ---- From the network ----
 *
 * A stopped server receives nothing, and one that waits for storage does so later. */

/* Whether the kind has closed the connection, or was told its end. */
static bool is_over(const struct wire *wire)
{
    return wire->link == NULL && !wire->is_ending;
}

static void take_bytes(struct server *server, const struct input *input)
{
    struct wire *wire = input->wire;
    if (server->self == NULL || is_over(wire))
        return;
    wire_touch(wire);
    costs_names(&server->costs, &wire->run, input->bytes, input->length);
    costs_begin(&server->costs, input->length, costs_elements(&wire->last_byte, input->bytes, input->length));
    wire_record(wire, BORDER_CAME, input->bytes, input->length);
    server->kind->bytes(server->self, wire->conn, input->bytes, input->length);
    costs_end(&server->costs);
}

static void input_bytes(struct wire *wire, const char *bytes, size_t length)
{
    server_input(wire->server,
                 &(struct input){ .take = take_bytes, .wire = wire, .bytes = bytes, .length = length });
}

/* While they were kept, the kind may have started TLS. */
static void take_in_the_clear(struct server *server, const struct input *input)
{
    if (input->wire->tls != NULL)
        tls_bytes(input->wire->tls, input->bytes, input->length);
    else
        take_bytes(server, input);
}

static void net_bytes(void *who, struct link *link, const char *bytes, size_t length)
{
    (void)link;
    struct wire *wire = who;
    const struct input input = { .take = take_in_the_clear, .wire = wire, .bytes = bytes, .length = length };
    wire_touch(wire);
    if (wire->tls != NULL)
        tls_bytes(wire->tls, bytes, length);
    else
        server_input(wire->server, &input);
}

static void take_writable(struct server *server, const struct input *input)
{
    struct wire *wire = input->wire;
    if (server->self == NULL || wire->conn == NULL || wire->link == NULL)
        return;
    wire_touch(wire);
    costs_begin(&server->costs, 0, 0);
    wire_record(wire, BORDER_WRITABLE, NULL, 0);
    server->kind->writable(server->self, wire->conn);
    costs_end(&server->costs);
}

static void net_writable(void *who, struct link *link)
{
    (void)link;
    struct wire *wire = who;
    wire_touch(wire);
    if (wire->tls != NULL)
        tls_writable(wire->tls);
    server_input(wire->server, &(struct input){ .take = take_writable, .wire = wire });
}

static void take_ended(struct server *server, const struct input *input)
{
    struct wire *wire = input->wire;
    void *conn = wire->conn;
    if (is_over(wire))
        return;
    wire_touch(wire);
    wire_end(wire);
    if (server->self == NULL)
        return;
    costs_begin(&server->costs, 0, 0);
    wire_record(wire, BORDER_ENDED, NULL, 0);
    server->kind->ended(server->self, conn);
    costs_end(&server->costs);
}

/* The link exists no longer. */
static void end_link(struct wire *wire)
{
    wire->link = NULL;
    wire->is_ending = true;
    server_input(wire->server, &(struct input){ .take = take_ended, .wire = wire });
}

static void net_ended(void *who, struct link *link)
{
    (void)link;
    struct wire *wire = who;
    wire_touch(wire);
    end_link(wire);
}

static void take_opened(struct server *server, const struct input *input)
{
    struct wire *wire = input->wire;
    wire_touch(wire);
    costs_connection(&server->costs);
    costs_begin(&server->costs, 0, 0);
    wire_record(wire, BORDER_OPENED, NULL, 0);
    void *conn = server->self != NULL ? server->kind->opened(server->self, wire) : NULL;
    costs_end(&server->costs);
    if (is_over(wire))
        return;
    wire->conn = conn;
    if (conn != NULL)
        return;
    wire_record(wire, BORDER_CLOSED, NULL, 0);
    if (wire->link != NULL)
        link_break(wire->link, NET_SERVER);
    wire_end(wire);
}

static void net_opened(void *who, struct link *link)
{
    struct server *server = who;
    struct wire *wire = wire_new(server, link);
    link_set_end(link, NET_SERVER, (struct net_end){ net_opened, net_bytes, net_writable, net_ended, wire });
    wire_touch(wire);
    server_input(server, &(struct input){ .take = take_opened, .wire = wire });
}

struct net_end server_net_end(struct server *server)
{
    return (struct net_end){ net_opened, net_bytes, net_writable, net_ended, server };
}

/* ---- TLS ---- */

static size_t write_records(void *self, const char *bytes, size_t length)
{
    const struct wire *wire = self;
    return wire->link != NULL ? link_write(wire->link, NET_SERVER, bytes, length) : length;
}

/* Splits a client certificate into its addresses, in place; returns their number. */
static size_t cut_identities(char *certificate, const char **identities, size_t most)
{
    size_t count = 0;
    for (char *next = certificate; next != NULL && count < most; count++) {
        identities[count] = next;
        next = strstr(next, ", ");
        if (next == NULL)
            continue;
        *next = '\0';
        next += 2;
    }
    return count;
}

static void take_secured(struct server *server, const struct input *input)
{
    struct wire *wire = input->wire;
    const struct tls_channel *channel = &wire->channel;
    const char *identities[8];
    char *certificate = channel->certificate != NULL ? must(strdup(channel->certificate)) : NULL;
    const struct core_tls tls = {
        .exporter = { channel->exporter, sizeof channel->exporter },
        .server_end_point = { channel->server_end_point, sizeof channel->server_end_point },
        .identities = identities,
        .identity_count = cut_identities(certificate, identities, sizeof identities / sizeof identities[0]),
    };
    costs_begin(&server->costs, channel->certificate != NULL ? strlen(channel->certificate) : 0, 0);
    wire_record(wire, BORDER_SECURED, NULL, 0);
    if (server->self != NULL && wire->conn != NULL)
        server->kind->secured(server->self, wire->conn, &tls);
    costs_end(&server->costs);
    free(certificate);
}

static void wire_secured(void *self, const struct tls_channel *channel)
{
    struct wire *wire = self;
    wire->channel = *channel;
    if (channel->certificate != NULL)
        wire->channel.certificate = must(strdup(channel->certificate));
    server_input(wire->server, &(struct input){ .take = take_secured, .wire = wire });
}

/* An earlier record may have ended the connection, and the server may be stopped. */
static void plaintext_came(void *self, const char *bytes, size_t length)
{
    struct wire *wire = self;
    if (wire->link == NULL)
        return;
    link_trace_plaintext(wire->link, NET_SERVER, bytes, length);
    input_bytes(wire, bytes, length);
}

static void tls_failed(void *self)
{
    struct wire *wire = self;
    if (wire->link == NULL)
        return;
    link_close(wire->link, NET_SERVER);
    end_link(wire);
}

void wire_start_tls(struct wire *wire)
{
    const struct tls_options options = { TLS_SERVER, "the server", false,
                                         world_choices(wire->server->world) };
    assert(wire->conn != NULL && wire->tls == NULL);
    wire->tls = tls_new(&options, (struct tls_below){ wire, write_records },
                        (struct tls_above){ wire, wire_secured, plaintext_came, tls_failed });
    link_set_opaque(wire->link, NET_SERVER);
}

#define _GNU_SOURCE /* for memmem */

#include "links.h"

#include "../../must.h"
#include "proceed.h"
#include "simulator.h"

#include <inttypes.h>
#include <poll.h>
#include <string.h>

enum {
    LINKS_MOST = 256,
    RECORD = 32, /* what a piece takes of the room beside its length, for each begun PIECE (the protocol) */
    PIECE = 16384,
    CLOSING_MS = 400, /* how long a server may take to close; ejabberd waits for 100 */
};

struct link {
    struct tcp tcp;
    struct text came; /* from the server, and not taken by the simulator */
    struct proceed proceed;
    size_t room;
    bool handshake;  /* TLS has begun */
    bool is_secured; /* and the simulator's own handshake is complete */
    const char *domain;
    uint64_t closing; /* real time at which one side began to close the stream; 0: neither has */
};

static struct {
    struct link *list[LINKS_MOST]; /* by their numbers, less 1; NULL where it is over */
    size_t count;
    uint64_t moved;
} links;

/* After an error or the end of a stream its connection is over soon (RFC 6120, 4.9.1.1 and 4.4). */
static void look_for_end(struct link *link, const char *bytes, size_t length)
{
    static const char *const signs[] = { "<stream:error", "</stream:stream>" };
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (link->closing == 0 && memmem(bytes, length, signs[i], strlen(signs[i])) != NULL)
            link->closing = pipe_wire_now();
}

/* ---- What the simulator tells ---- */

static struct link *link_of(const struct pipe_message *message)
{
    const uint64_t number = simulator_number(message, 3);
    if (number == 0 || number > links.count || links.list[number - 1] == NULL)
        simulator_give_up("there is no such connection", message->header);
    return links.list[number - 1];
}

static void forget(size_t index)
{
    struct link *link = links.list[index];
    if (link == NULL)
        return;
    links.list[index] = NULL;
    tcp_close(&link->tcp);
    text_free(&link->came);
    free(link);
}

void links_open(const struct pipe_message *message, const struct tcp_address *address, const char *domain)
{
    const uint64_t number = simulator_number(message, 3);
    if (number != links.count + 1 || number > LINKS_MOST)
        simulator_give_up("not the next connection, or too many", message->header);
    struct link *link = must(calloc(1, sizeof *link));
    link->domain = domain;
    link->room = (size_t)simulator_number(message, 4);
    links.list[links.count++] = link;
    if (!tcp_open(&link->tcp, address)) {
        simulator_put(NULL, 0, "reject %" PRIu64, number);
        forget(links.count - 1);
    }
}

void links_take(const struct pipe_message *message)
{
    struct link *link = link_of(message);
    look_for_end(link, message->payload, message->length);
    tcp_write(&link->tcp, message->payload, message->length);
}

void links_room(const struct pipe_message *message)
{
    link_of(message)->room = (size_t)simulator_number(message, 4);
}

void links_end(const struct pipe_message *message)
{
    const size_t index = (size_t)simulator_number(message, 3) - 1;
    (void)link_of(message);
    forget(index);
}

void links_secure(const struct pipe_message *message)
{
    link_of(message)->is_secured = true;
}

/* ---- What the server sends ---- */

/* Passes on as much as the simulator takes. */
static void pass_on(size_t index, size_t length)
{
    struct link *link = links.list[index];
    struct pipe_message answer;
    const size_t cost = length + (length + PIECE - 1) / PIECE * RECORD;
    size_t taken = length;
    if (length == 0 || (link->handshake && !link->is_secured))
        return;
    if (cost <= link->room) {
        link->room -= cost;
        simulator_put(link->came.bytes, length, "send %zu", index + 1);
    } else {
        simulator_put(link->came.bytes, length, "offer %zu", index + 1);
        simulator_get(&answer);
        if (strcmp(answer.words[2], "took") != 0)
            simulator_give_up("another message than the answer", answer.header);
        taken = (size_t)simulator_number(&answer, 3);
        link->room = (size_t)simulator_number(&answer, 4);
    }
    link->came.length -= taken;
    memmove(link->came.bytes, link->came.bytes + taken, link->came.length + 1);
}

/* The server has sent <proceed/>, which is passed on first. */
static void begin_tls(size_t index, size_t length)
{
    struct link *link = links.list[index];
    pass_on(index, length);
    if (!tcp_start_tls(&link->tcp, link->domain)) {
        simulator_put(NULL, 0, "close %zu", index + 1);
        forget(index);
        return;
    }
    link->handshake = true;
    link->room = 0;
    simulator_put(NULL, 0, "tls %zu", index + 1);
}

/* Reads only when all was taken that came before, so that back-pressure reaches the server. */
static bool read_link(size_t index)
{
    struct link *link = links.list[index];
    if (link->came.length > 0 || !tcp_read(&link->tcp, &link->came))
        return false;
    look_for_end(link, link->came.bytes, link->came.length);
    const size_t end =
        link->handshake ? 0 : proceed_find(&link->proceed, link->came.bytes, link->came.length);
    if (end > 0)
        begin_tls(index, end);
    else
        pass_on(index, link->came.length);
    return true;
}

static bool exchange_link(size_t index)
{
    struct link *link = links.list[index];
    bool moved = tcp_flush(&link->tcp);
    pass_on(index, link->came.length);
    while (links.list[index] != NULL && read_link(index))
        moved = true;
    link = links.list[index];
    if (link == NULL || !link->tcp.is_over || link->came.length > 0)
        return moved;
    simulator_put(NULL, 0, "close %zu", index + 1);
    forget(index);
    return true;
}

bool links_exchange(void)
{
    bool moved = false;
    for (size_t i = 0; i < links.count; i++)
        if (links.list[i] != NULL && exchange_link(i))
            moved = true;
    if (moved)
        links.moved = pipe_wire_now();
    return moved;
}

/* Waits for something on the connections, at most so long. */
void links_await(int milliseconds)
{
    struct pollfd pollers[LINKS_MOST];
    nfds_t count = 0;
    for (size_t i = 0; i < links.count; i++) {
        const struct link *link = links.list[i];
        if (link == NULL || link->came.length > 0 || link->tcp.is_over)
            continue;
        const short events = (short)(POLLIN | (link->tcp.out.length > 0 ? POLLOUT : 0));
        pollers[count++] = (struct pollfd){ .fd = link->tcp.fd, .events = events };
    }
    (void)poll(pollers, count, milliseconds);
}

bool links_are_sent(void)
{
    for (size_t i = 0; i < links.count; i++)
        if (links.list[i] != NULL && links.list[i]->tcp.out.length > 0)
            return false;
    return true;
}

bool links_are_acknowledged(void)
{
    for (size_t i = 0; i < links.count; i++)
        if (links.list[i] != NULL && !tcp_is_sent(&links.list[i]->tcp))
            return false;
    return true;
}

bool links_exist(void)
{
    size_t i = 0;
    while (i < links.count && links.list[i] == NULL)
        i++;
    return i < links.count;
}

bool links_close_soon(void)
{
    const uint64_t now = pipe_wire_now();
    size_t i = 0;
    while (i < links.count && (links.list[i] == NULL || links.list[i]->closing == 0 ||
                               now - links.list[i]->closing > CLOSING_MS * UINT64_C(1000000)))
        i++;
    return i < links.count;
}

uint64_t links_moved(void)
{
    return links.moved;
}

void links_close(void)
{
    for (size_t i = 0; i < links.count; i++)
        forget(i);
    links.count = 0;
}

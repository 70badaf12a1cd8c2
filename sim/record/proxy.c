#include "proxy.h"

#include "../must.h"
#include "../printable.h"
#include "../tool/interrupt.h"
#include "../tool/machine.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- Addresses ---- */

#define ADDRESS_EXPECTED "an address of this machine with a port, such as 127.0.0.1:5222 or [::1]:5222"

static const char *read_port(const char *text, bool any_port, in_port_t *port)
{
    uint64_t number;
    if (!text_read_number(text, UINT16_MAX, &number) || (number == 0 && !any_port))
        return ADDRESS_EXPECTED;
    *port = htons((uint16_t)number);
    return NULL;
}

static bool read_host(const char *host, in_port_t port, struct proxy_address *address)
{
    struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = port };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = port };
    if (strcmp(host, "localhost") == 0 || host[0] == '\0')
        host = "127.0.0.1";
    if (inet_pton(AF_INET, host, &v4.sin_addr) == 1) {
        memcpy(&address->socket, &v4, sizeof v4);
        address->length = sizeof v4;
        return (ntohl(v4.sin_addr.s_addr) >> 24) == IN_LOOPBACKNET;
    }
    if (inet_pton(AF_INET6, host, &v6.sin6_addr) != 1)
        return false;
    memcpy(&address->socket, &v6, sizeof v6);
    address->length = sizeof v6;
    return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
}

const char *proxy_read_address(const char *text, bool any_port, struct proxy_address *address)
{
    char host[64] = "";
    in_port_t port;
    const char *colon = strrchr(text, ':');
    *address = (struct proxy_address){ .length = 0 };
    if (colon == NULL || (size_t)(colon - text) >= sizeof host)
        return ADDRESS_EXPECTED;
    const bool bracketed = text[0] == '[' && colon - text >= 2 && colon[-1] == ']';
    const size_t length = (size_t)(colon - text) - (bracketed ? 2 : 0);
    memcpy(host, text + bracketed, length);
    if (!bracketed && strchr(host, ':') != NULL)
        return ADDRESS_EXPECTED;
    const char *wrong = read_port(colon + 1, any_port, &port);
    return wrong == NULL && !read_host(host, port, address) ? ADDRESS_EXPECTED : wrong;
}

/* ---- The proxy ---- */

/* A side that has so many bytes to take gets no more. */
enum { WAITING_MOST = 256 * 1024, PIECE = 64 * 1024 };

/* One of the two sockets of a connection. */
struct side {
    int socket;
    struct text waiting; /* what it has to take */
    bool connecting;     /* not connected yet */
    bool ended;          /* it sends no more */
    bool broken;         /* it takes no more */
    bool shut;           /* it was told that no more comes */
};

struct pair {
    size_t number; /* of the recording, once the server is connected */
    bool recorded;
    struct side client, server;
};

struct proxy {
    struct proxy_options options;
    struct record *record;
    int listener;
    struct pair **pairs;
    size_t count;
    uint64_t accepted, over;
    struct pollfd *polled; /* the listener, and two for each pair */
    char piece[PIECE];
};

static void say(const struct proxy *proxy, const char *before, const char *what, const char *after)
{
    fprintf(proxy->options.messages, "rehearse record: %s", before);
    printable_string(proxy->options.messages, what);
    fprintf(proxy->options.messages, "%s\n", after);
    fflush(proxy->options.messages);
}

static bool set_nonblocking(int socket)
{
    const int flags = fcntl(socket, F_GETFL);
    return flags != -1 && fcntl(socket, F_SETFL, flags | O_NONBLOCK) == 0 &&
           fcntl(socket, F_SETFD, FD_CLOEXEC) == 0;
}

static int open_socket(const struct proxy_address *address)
{
    const int opened = socket(address->socket.ss_family, SOCK_STREAM, 0);
    if (opened != -1 && !set_nonblocking(opened)) {
        close(opened);
        return -1;
    }
    return opened;
}

/* ---- The listener ---- */

static void write_address(const struct sockaddr_storage *address, char *out, size_t size)
{
    char host[INET6_ADDRSTRLEN] = "";
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    if (address->ss_family == AF_INET) {
        memcpy(&v4, address, sizeof v4);
        inet_ntop(AF_INET, &v4.sin_addr, host, sizeof host);
        (void)snprintf(out, size, "%s:%u", host, (unsigned)ntohs(v4.sin_port));
    } else {
        memcpy(&v6, address, sizeof v6);
        inet_ntop(AF_INET6, &v6.sin6_addr, host, sizeof host);
        (void)snprintf(out, size, "[%s]:%u", host, (unsigned)ntohs(v6.sin6_port));
    }
}

static bool begin_to_listen(struct proxy *proxy)
{
    const struct proxy_address *address = &proxy->options.listen;
    const int on = 1;
    enum { BACKLOG = 64 };
    proxy->listener = open_socket(address);
    return proxy->listener != -1 &&
           setsockopt(proxy->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
           bind(proxy->listener, (const struct sockaddr *)&address->socket, address->length) == 0 &&
           listen(proxy->listener, BACKLOG) == 0;
}

struct proxy *proxy_new(const struct proxy_options *options)
{
    struct proxy *proxy = must(calloc(1, sizeof *proxy));
    struct proxy_address bound = { .length = sizeof bound.socket };
    char name[INET6_ADDRSTRLEN + 16];
    proxy->options = *options;
    if (!begin_to_listen(proxy)) {
        const char *why = strerror(errno);
        write_address(&options->listen.socket, name, sizeof name);
        fprintf(options->messages, "rehearse record: cannot listen on %s: %s\n", name, why);
        proxy_free(proxy);
        return NULL;
    }
    (void)getsockname(proxy->listener, (struct sockaddr *)&bound.socket, &bound.length);
    write_address(&bound.socket, name, sizeof name);
    char before[sizeof name + 48];
    (void)snprintf(before, sizeof before, "listening on %s, for the server at ", name);
    say(proxy, before, options->name_of_to, "");
    return proxy;
}

/* ---- The ends of a connection ---- */

static void close_side(struct side *side)
{
    if (side->socket != -1)
        close(side->socket);
    side->socket = -1;
    text_free(&side->waiting);
}

static void pair_free(struct pair *pair)
{
    close_side(&pair->client);
    close_side(&pair->server);
    free(pair);
}

void proxy_free(struct proxy *proxy)
{
    if (proxy == NULL)
        return;
    for (size_t i = 0; i < proxy->count; i++)
        pair_free(proxy->pairs[i]);
    if (proxy->listener != -1)
        close(proxy->listener);
    free(proxy->pairs);
    free(proxy->polled);
    free(proxy);
}

static bool is_over(const struct pair *pair)
{
    return (pair->client.ended || pair->client.broken) && (pair->server.ended || pair->server.broken) &&
           (pair->client.waiting.length == 0 || pair->client.broken) &&
           (pair->server.waiting.length == 0 || pair->server.broken);
}

static void ended(struct proxy *proxy, struct pair *pair, struct side *side)
{
    if (side->ended)
        return;
    side->ended = true;
    if (pair->recorded)
        record_ended(proxy->record, pair->number, machine_now(), side == &pair->client,
                     &pair->client.waiting);
}

/* A connection that is reset is over at both ends. */
static void broke(struct proxy *proxy, struct pair *pair, struct side *side)
{
    ended(proxy, pair, side);
    pair->client.broken = pair->client.broken || side == &pair->client;
    pair->server.broken = pair->server.broken || side == &pair->server;
    text_free(&side->waiting);
    struct side *other = side == &pair->client ? &pair->server : &pair->client;
    other->ended = true;
}

/* ---- Carrying ---- */

static void took(struct side *side, size_t length)
{
    side->waiting.length -= length;
    memmove(side->waiting.bytes, side->waiting.bytes + length, side->waiting.length);
}

static void write_waiting(struct proxy *proxy, struct pair *pair, struct side *side)
{
    const struct side *other = side == &pair->client ? &pair->server : &pair->client;
    while (side->waiting.length > 0 && !side->connecting && !side->broken) {
        const ssize_t written = send(side->socket, side->waiting.bytes, side->waiting.length, MSG_NOSIGNAL);
        if (written > 0)
            took(side, (size_t)written);
        else if (errno == EAGAIN || errno == EWOULDBLOCK)
            return;
        else if (errno != EINTR)
            broke(proxy, pair, side);
    }
    if (other->ended && !side->shut && !side->connecting && !side->broken) {
        (void)shutdown(side->socket, SHUT_WR);
        side->shut = true;
    }
}

static void carry(struct proxy *proxy, struct pair *pair, struct side *from, size_t length)
{
    const uint64_t now = machine_now();
    if (from == &pair->client) {
        record_client(proxy->record, pair->number, now, proxy->piece, length);
        text_append(&pair->server.waiting, proxy->piece, length);
        write_waiting(proxy, pair, &pair->server);
    } else {
        record_server(proxy->record, pair->number, now, proxy->piece, length, &pair->client.waiting);
        write_waiting(proxy, pair, &pair->client);
    }
}

static void read_side(struct proxy *proxy, struct pair *pair, struct side *side)
{
    const ssize_t length = recv(side->socket, proxy->piece, sizeof proxy->piece, 0);
    if (length > 0) {
        carry(proxy, pair, side, (size_t)length);
    } else if (length == 0) {
        ended(proxy, pair, side);
        write_waiting(proxy, pair, side == &pair->client ? &pair->server : &pair->client);
    } else if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
        broke(proxy, pair, side);
        write_waiting(proxy, pair, side == &pair->client ? &pair->server : &pair->client);
    }
}

/* ---- Connecting ---- */

static void cannot_connect(struct proxy *proxy, struct pair *pair, int why)
{
    char after[160];
    (void)snprintf(after, sizeof after, ": %s; the client's connection is closed", strerror(why));
    say(proxy, "no connection to the server at ", proxy->options.name_of_to, after);
    pair->server.connecting = false;
    broke(proxy, pair, &pair->server);
    pair->client.broken = true;
}

static void connected(struct proxy *proxy, struct pair *pair)
{
    int why = 0;
    socklen_t size = sizeof why;
    if (getsockopt(pair->server.socket, SOL_SOCKET, SO_ERROR, &why, &size) != 0)
        why = errno;
    if (why != 0) {
        cannot_connect(proxy, pair, why);
        return;
    }
    pair->server.connecting = false;
    pair->number = record_opened(proxy->record, machine_now());
    pair->recorded = true;
}

static void connect_server(struct proxy *proxy, struct pair *pair)
{
    const struct proxy_address *to = &proxy->options.to;
    pair->server.socket = open_socket(to);
    pair->server.connecting = true;
    if (pair->server.socket == -1 ||
        (connect(pair->server.socket, (const struct sockaddr *)&to->socket, to->length) != 0 &&
         errno != EINPROGRESS))
        cannot_connect(proxy, pair, errno);
}

static bool accepts(const struct proxy *proxy)
{
    return proxy->options.connections == 0 || proxy->accepted < proxy->options.connections;
}

static void accept_client(struct proxy *proxy)
{
    enum { MOMENT = 100 };
    const int client = accept(proxy->listener, NULL, NULL);
    if (client == -1) {
        if (errno == EMFILE || errno == ENFILE)
            (void)poll(NULL, 0, MOMENT); /* until another connection is over */
        return;
    }
    if (!set_nonblocking(client)) {
        close(client);
        return;
    }
    struct pair *pair = must(calloc(1, sizeof *pair));
    proxy->pairs = must(realloc(proxy->pairs, (proxy->count + 1) * sizeof(struct pair *)));
    proxy->pairs[proxy->count++] = pair;
    proxy->accepted++;
    pair->client.socket = client;
    connect_server(proxy, pair);
}

/* ---- The loop ---- */

/* What to wait for at a side: bytes, unless the other side is not connected yet or has enough to take; and room, if there
 * is something to write. */
static struct pollfd wait_for(const struct side *side, const struct side *other)
{
    struct pollfd polled = { .fd = side->socket };
    if (!side->ended && !side->connecting && !other->connecting && other->waiting.length < WAITING_MOST)
        polled.events |= POLLIN;
    if (side->connecting || side->waiting.length > 0)
        polled.events |= POLLOUT;
    if (side->broken || polled.events == 0)
        polled.fd = -1;
    return polled;
}

static void fill_polled(struct proxy *proxy)
{
    proxy->polled = must(realloc(proxy->polled, (1 + proxy->count * 2) * sizeof *proxy->polled));
    proxy->polled[0] = (struct pollfd){ .fd = accepts(proxy) ? proxy->listener : -1, .events = POLLIN };
    for (size_t i = 0; i < proxy->count; i++) {
        const struct pair *pair = proxy->pairs[i];
        proxy->polled[1 + i * 2] = wait_for(&pair->client, &pair->server);
        proxy->polled[2 + i * 2] = wait_for(&pair->server, &pair->client);
    }
}

static void serve_side(struct proxy *proxy, struct pair *pair, struct side *side, short events)
{
    if (side->connecting) {
        if (events != 0)
            connected(proxy, pair);
        return;
    }
    if ((events & POLLOUT) != 0)
        write_waiting(proxy, pair, side);
    if ((events & (POLLIN | POLLHUP | POLLERR)) != 0 && !side->broken && !side->ended)
        read_side(proxy, pair, side);
}

static void drop_over(struct proxy *proxy)
{
    size_t left = 0;
    for (size_t i = 0; i < proxy->count; i++) {
        struct pair *pair = proxy->pairs[i];
        if (is_over(pair)) {
            proxy->over++;
            pair_free(pair);
        } else {
            proxy->pairs[left++] = pair;
        }
    }
    proxy->count = left;
}

/* A signal may come just before the wait, so that is never long. */
static int wait_time(const struct proxy *proxy, uint64_t begun)
{
    enum { LONGEST = 200 };
    const uint64_t millisecond = 1000000, passed = machine_now() - begun;
    if (proxy->options.time == 0)
        return LONGEST;
    const uint64_t left = passed < proxy->options.time ? proxy->options.time - passed : 0;
    return left / millisecond < LONGEST ? (int)(left / millisecond) + 1 : LONGEST;
}

static bool goes_on(const struct proxy *proxy, uint64_t begun)
{
    const struct proxy_options *options = &proxy->options;
    return interrupt_signal() == 0 && (options->time == 0 || machine_now() - begun < options->time) &&
           (options->connections == 0 || proxy->over < options->connections);
}

void proxy_run(struct proxy *proxy, struct record *record)
{
    const uint64_t begun = machine_now();
    proxy->record = record;
    while (goes_on(proxy, begun)) {
        fill_polled(proxy);
        const size_t count = proxy->count;
        if (poll(proxy->polled, (nfds_t)(1 + count * 2), wait_time(proxy, begun)) <= 0)
            continue;
        for (size_t i = 0; i < count; i++) {
            serve_side(proxy, proxy->pairs[i], &proxy->pairs[i]->client, proxy->polled[1 + i * 2].revents);
            serve_side(proxy, proxy->pairs[i], &proxy->pairs[i]->server, proxy->polled[2 + i * 2].revents);
        }
        if (proxy->polled[0].revents != 0)
            accept_client(proxy);
        drop_over(proxy);
    }
}

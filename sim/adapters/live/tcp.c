#define _GNU_SOURCE /* for TCP_QUICKACK, and sockets without SIGPIPE */

#include "tcp.h"

#include "../../must.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { READ_AT_ONCE = 65536, HANDSHAKE_MS = 5000 };

bool tcp_resolve(const char *host, const char *port, struct tcp_address *address)
{
    const struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM };
    struct addrinfo *found;
    if (getaddrinfo(host, port, &hints, &found) != 0)
        return false;
    memcpy(&address->to, found->ai_addr, found->ai_addrlen);
    address->length = found->ai_addrlen;
    freeaddrinfo(found);
    return true;
}

static void set_option(int fd, int option)
{
    const int on = 1;
    (void)setsockopt(fd, IPPROTO_TCP, option, &on, sizeof on);
}

bool tcp_open(struct tcp *tcp, const struct tcp_address *address)
{
    *tcp = (struct tcp){ .fd = socket(address->to.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0) };
    if (tcp->fd < 0)
        return false;
    if (connect(tcp->fd, (const struct sockaddr *)&address->to, address->length) != 0 ||
        fcntl(tcp->fd, F_SETFL, O_NONBLOCK) != 0) {
        tcp_close(tcp);
        return false;
    }
    set_option(tcp->fd, TCP_NODELAY);
    return true;
}

void tcp_close(struct tcp *tcp)
{
    SSL_free(tcp->ssl);
    if (tcp->fd >= 0)
        close(tcp->fd);
    text_free(&tcp->out);
    *tcp = (struct tcp){ .fd = -1 };
}

/* ---- Bytes ---- */

static bool is_again(void)
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

/* Whether TLS only waits; else the connection is over. */
static bool tls_waits(const struct tcp *tcp, int result)
{
    const int error = SSL_get_error(tcp->ssl, result);
    return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
}

/* How many bytes were moved; 0 for none now. */
static size_t write_some(struct tcp *tcp)
{
    const size_t length = tcp->out.length < READ_AT_ONCE ? tcp->out.length : READ_AT_ONCE;
    const ssize_t sent = tcp->ssl != NULL ? SSL_write(tcp->ssl, tcp->out.bytes, (int)length)
                                          : send(tcp->fd, tcp->out.bytes, length, MSG_NOSIGNAL);
    if (sent > 0)
        return (size_t)sent;
    if (tcp->ssl != NULL ? !tls_waits(tcp, (int)sent) : !is_again())
        tcp->is_over = true;
    return 0;
}

bool tcp_flush(struct tcp *tcp)
{
    bool moved = false;
    while (tcp->out.length > 0 && !tcp->is_over) {
        const size_t sent = write_some(tcp);
        if (sent == 0)
            break;
        tcp->out.length -= sent;
        memmove(tcp->out.bytes, tcp->out.bytes + sent, tcp->out.length + 1);
        moved = true;
    }
    return moved;
}

void tcp_write(struct tcp *tcp, const char *bytes, size_t length)
{
    text_append(&tcp->out, bytes, length);
    (void)tcp_flush(tcp);
}

bool tcp_read(struct tcp *tcp, struct text *in)
{
    if (tcp->is_over)
        return false;
    text_reserve(in, READ_AT_ONCE);
    const ssize_t came = tcp->ssl != NULL ? SSL_read(tcp->ssl, in->bytes + in->length, READ_AT_ONCE)
                                          : recv(tcp->fd, in->bytes + in->length, READ_AT_ONCE, 0);
    set_option(tcp->fd, TCP_QUICKACK);
    if (came > 0) {
        in->length += (size_t)came;
        in->bytes[in->length] = '\0';
        return true;
    }
    tcp->is_over = tcp->ssl != NULL ? !tls_waits(tcp, (int)came) : came == 0 || !is_again();
    return false;
}

bool tcp_is_sent(const struct tcp *tcp)
{
    int unsent = 0;
    if (tcp->is_over)
        return true;
    return tcp->out.length == 0 && ioctl(tcp->fd, SIOCOUTQ, &unsent) == 0 && unsent == 0;
}

bool tcp_has_bytes(const struct tcp *tcp)
{
    int unread = 0;
    return !tcp->is_over && ioctl(tcp->fd, SIOCINQ, &unread) == 0 && unread > 0;
}

/* ---- TLS ---- */

/* One for all connections. */
static SSL_CTX *context(void)
{
    static SSL_CTX *only;
    if (only == NULL) {
        only = must(SSL_CTX_new(TLS_client_method()));
        SSL_CTX_set_verify(only, SSL_VERIFY_NONE, NULL);
        SSL_CTX_set_mode(only, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    }
    return only;
}

bool tcp_start_tls(struct tcp *tcp, const char *domain)
{
    struct pollfd poller = { .fd = tcp->fd };
    SSL *ssl = must(SSL_new(context()));
    int ready = 1, done = 0;
    (void)SSL_set_fd(ssl, tcp->fd);
    (void)SSL_set_tlsext_host_name(ssl, domain);
    while (ready > 0 && (done = SSL_connect(ssl)) != 1) {
        const int error = SSL_get_error(ssl, done);
        if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE)
            break;
        poller.events = error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
        ready = poll(&poller, 1, HANDSHAKE_MS);
    }
    if (done != 1) {
        SSL_free(ssl);
        tcp->is_over = true;
        return false;
    }
    tcp->ssl = ssl;
    return true;
}

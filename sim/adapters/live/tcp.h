/*
 * tcp.h - a connection to a real server: a socket that does not block, with TLS by OpenSSL once it is started.
 *
 * What is written is kept until the socket takes it.  An acknowledgement is sent after each read, because a server
 * may hold back small writes until its earlier ones are acknowledged (Nagle's algorithm), and then sleep with them.
 */
#ifndef LIVE_TCP_H
#define LIVE_TCP_H

#include "../../text.h"

#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

struct tcp_address {
    struct sockaddr_storage to;
    socklen_t length;
};

/* The address of a name, or of digits.  Returns false when there is none. */
bool tcp_resolve(const char *host, const char *port, struct tcp_address *address);

struct tcp {
    int fd;          /* -1 when it is not open */
    SSL *ssl;        /* NULL before TLS */
    struct text out; /* not taken by the socket yet */
    bool is_over;    /* the server has closed its end, or the connection broke */
};

/* Connects.  Returns false when nothing listens. */
bool tcp_open(struct tcp *tcp, const struct tcp_address *address);
void tcp_close(struct tcp *tcp); /* again has no effect */

void tcp_write(struct tcp *tcp, const char *bytes, size_t length);

/* Sends what was written, as far as the socket takes it.  Returns whether something moved. */
bool tcp_flush(struct tcp *tcp);

/* Appends at most some 64 KiB of what has come; sets `is_over` at the end.  Returns whether something came. */
bool tcp_read(struct tcp *tcp, struct text *in);

/* Whether all that was written has reached the other end's system. */
bool tcp_is_sent(const struct tcp *tcp);

/* Whether bytes have come that were not read. */
bool tcp_has_bytes(const struct tcp *tcp);

/* The handshake as the client; the certificate is not checked.  Returns false when it fails, or takes 5 seconds. */
bool tcp_start_tls(struct tcp *tcp, const char *domain);

#endif

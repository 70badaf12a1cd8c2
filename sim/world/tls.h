/*
 * tls.h - a stand-in for TLS: one end of an encrypted channel, between the wire and whoever talks over it.
 *
 *      client, server     plaintext     tls_write  |  ^ bytes
 *      tls                                         v  |
 *      link               records           write  |  ^ tls_bytes
 *
 * It has the shape of TLS 1.3, and of what a session core sees of it: a handshake of four messages in two
 * round trips, records with a type and a length of which every one is enciphered and authenticated (ChaCha20
 * and Poly1305), a key that is new in every handshake, alerts, and data to bind to.
 *
 *      client   hello: 32 random bytes                        ->
 *                                   <-    hello: 32 random bytes, the server's certificate     server
 *      client   finished: the client's certificate, a MAC over all so far   ->
 *                                   <-    finished: the same without a certificate             server
 *
 * It is no TLS: the key, one for both ends, is made from what crossed the wire in the clear; so it keeps its
 * secrets from a reader of the trace and from nobody else; and a certificate is a line of text.  Whoever sits
 * in the middle (tls_middle.h) has two handshakes and two keys, as with TLS.
 */
#ifndef SIM_TLS_H
#define SIM_TLS_H

#include "choice.h"

#include <stdbool.h>
#include <stddef.h>

struct tls;

/* The first byte of a handshake, which begins no XML. */
#define TLS_HANDSHAKE '\x16'

enum tls_role { TLS_CLIENT, TLS_SERVER };

enum { TLS_BINDING = 32 };

/* What a handshake leaves behind, the same at both ends. */
struct tls_channel {
    unsigned char exporter[TLS_BINDING];         /* tls-exporter (RFC 9266) */
    unsigned char server_end_point[TLS_BINDING]; /* tls-server-end-point (RFC 5929, 4): SHA-256 */
    const char *certificate; /* what the other end showed; NULL for a client that showed none */
};

struct tls_options {
    enum tls_role role;
    const char *certificate; /* a client's: bare JIDs with ", " between, or NULL for none */
    bool distrust;           /* a client finds fault with the server's certificate */
    struct choices *choices; /* where its randomness comes from */
};

/* The wire.  `write` returns how many bytes it took; tls_writable follows when that was not all. */
struct tls_below {
    void *self;
    size_t (*write)(void *self, const char *bytes, size_t length);
};

/* Whoever talks.  All are required; each may free the end. */
struct tls_above {
    void *self;
    void (*secured)(void *self, const struct tls_channel *channel); /* borrowed for the call */
    void (*bytes)(void *self, const char *bytes, size_t length);
    void (*failed)(void *self); /* the handshake, or the channel: nothing more is told */
};

struct tls *tls_new(const struct tls_options *options, struct tls_below below, struct tls_above above);
void tls_free(struct tls *tls); /* NULL is nothing */

/* The client's end begins. */
void tls_start(struct tls *tls);

/* Bytes came from the wire, in pieces of any size. */
void tls_bytes(struct tls *tls, const char *bytes, size_t length);

/* Sends plaintext; returns how much of it was taken, nothing before the handshake is complete.  What was not
 * must be given again: its beginning may be enciphered already. */
size_t tls_write(struct tls *tls, const char *bytes, size_t length);

/* The wire takes bytes again. */
void tls_writable(struct tls *tls);

bool tls_is_open(const struct tls *tls); /* the handshake is complete; NULL is not */

/* An end, with its keys and what is not whole yet. */
struct description;
void tls_describe(struct description *description, const char *what, const struct tls *tls);

#endif

/*
 * tls.h - a stand-in for TLS: one end of an encrypted channel, between the link and the user of the channel.
 *
 *      client, server     plaintext     tls_write  |  ^ bytes
 *      tls                                         v  |
 *      link               records           write  |  ^ tls_bytes
 *
 * It has those features of TLS 1.3 that a session core observes: a handshake of four messages in two round
 * trips, records with a type and a length, each encrypted and authenticated (ChaCha20 and Poly1305), a new
 * key for every handshake, alerts, and channel binding data.
 *
 *      client   hello: 32 random bytes                        ->
 *                                   <-    hello: 32 random bytes, the server's certificate     server
 *      client   finished: the client's certificate, a MAC over all so far   ->
 *                                   <-    finished: the same without a certificate             server
 *
 * It is not secure: both ends use one key, which is derived from handshake bytes sent in the clear.  It hides
 * the plaintext from a reader of the trace only.  A certificate is a line of text.  A man in the middle
 * (tls_middle.h) has two handshakes and two keys, as with real TLS.
 */
#ifndef SIM_TLS_H
#define SIM_TLS_H

#include "choice.h"

#include <stdbool.h>
#include <stddef.h>

struct tls;

/* The first byte of a handshake; XML never begins with it. */
#define TLS_HANDSHAKE '\x16'

enum tls_role { TLS_CLIENT, TLS_SERVER };

enum { TLS_BINDING = 32 };

/* The result of a handshake, the same at both ends except for `certificate`. */
struct tls_channel {
    unsigned char exporter[TLS_BINDING];         /* tls-exporter (RFC 9266) */
    unsigned char server_end_point[TLS_BINDING]; /* tls-server-end-point (RFC 5929, 4): SHA-256 */
    const char *certificate;                     /* of the other end; NULL for a client without one */
};

struct tls_options {
    enum tls_role role;
    const char *certificate; /* a client's: bare JIDs with ", " between, or NULL for none */
    bool distrust;           /* the client rejects the server's certificate */
    struct choices *choices; /* the source of randomness */
};

/* The link below.  `write` returns how many bytes it took; tls_writable follows when that was not all. */
struct tls_below {
    void *self;
    size_t (*write)(void *self, const char *bytes, size_t length);
};

/* The user of the channel.  All callbacks are required; each may free the struct tls. */
struct tls_above {
    void *self;
    void (*secured)(void *self, const struct tls_channel *channel); /* borrowed for the call */
    void (*bytes)(void *self, const char *bytes, size_t length);
    void (*failed)(void *self); /* the handshake or the channel failed; the last callback */
};

struct tls *tls_new(const struct tls_options *options, struct tls_below below, struct tls_above above);
void tls_free(struct tls *tls); /* NULL has no effect */

/* Starts the handshake; for the client end only. */
void tls_start(struct tls *tls);

/* Bytes have arrived from the link, in pieces of any size. */
void tls_bytes(struct tls *tls, const char *bytes, size_t length);

/* Sends plaintext and returns how many bytes were taken; none before the handshake is complete.  The rest
 * must be passed again unchanged: its beginning may be encrypted already. */
size_t tls_write(struct tls *tls, const char *bytes, size_t length);

/* The link can take bytes again. */
void tls_writable(struct tls *tls);

/* Whether tls_write seals bytes at once, because the handshake is complete and no record waits for the link. */
bool tls_is_free(const struct tls *tls);

bool tls_is_open(const struct tls *tls); /* whether the handshake is complete; false for NULL */

/* Describes an end, with its keys and its incomplete records. */
struct description;
void tls_describe(struct description *description, const char *what, const struct tls *tls);

#endif

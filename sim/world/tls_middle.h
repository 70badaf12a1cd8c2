/*
 * tls_middle.h - a man in the middle between a client and its server, which reads everything.
 *
 *      client  <-->  [ victim: a server to the client | impostor: a client to the server ]  <-->  link
 *
 * While nothing is encrypted it forwards all bytes.  When the client starts TLS it does a handshake on either
 * side, with a certificate of its own, and forwards the plaintext.  Both ends then have an encrypted channel,
 * but not the same one.  It does not have the client's certificate.
 */
#ifndef SIM_TLS_MIDDLE_H
#define SIM_TLS_MIDDLE_H

#include "tls.h"

struct tls_middle;

/* `to_client` must take all bytes offered; `to_server` may take fewer. */
struct tls_middle *tls_middle_new(struct choices *choices, struct tls_below to_client,
                                  struct tls_below to_server);
void tls_middle_free(struct tls_middle *middle); /* NULL has no effect */

/* Bytes arrived from the client, from the server; or the link to the server can take bytes again. */
void tls_middle_from_client(struct tls_middle *middle, const char *bytes, size_t length);
void tls_middle_from_server(struct tls_middle *middle, const char *bytes, size_t length);
void tls_middle_writable(struct tls_middle *middle); /* the link to the server can take bytes again */

struct description;
void tls_middle_describe(struct description *description, const struct tls_middle *middle);

#endif

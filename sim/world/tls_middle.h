/*
 * tls_middle.h - somebody between a client and its server, who reads everything.
 *
 *      client  <-->  [ victim: a server to the client | impostor: a client to the server ]  <-->  link
 *
 * As long as nothing is encrypted it passes on what it sees.  When the client begins TLS it does so itself on
 * either side, with a certificate of its own, and passes on the plaintext; so both ends have an encrypted
 * channel, and not the same one.  What it cannot have is the client's certificate.
 */
#ifndef SIM_TLS_MIDDLE_H
#define SIM_TLS_MIDDLE_H

#include "tls.h"

struct tls_middle;

/* `to_client` takes everything that it is given, `to_server` what there is room for. */
struct tls_middle *tls_middle_new(struct choices *choices, struct tls_below to_client,
                                  struct tls_below to_server);
void tls_middle_free(struct tls_middle *middle); /* NULL is nothing */

void tls_middle_from_client(struct tls_middle *middle, const char *bytes, size_t length);
void tls_middle_from_server(struct tls_middle *middle, const char *bytes, size_t length);
void tls_middle_writable(struct tls_middle *middle); /* the way to the server */

struct description;
void tls_middle_describe(struct description *description, const struct tls_middle *middle);

#endif

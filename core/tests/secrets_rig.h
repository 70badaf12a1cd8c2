/*
 * secrets_rig.h - the rig over quarantine.h: a client logs in, and its secrets are searched for.
 *
 * The client is "user" at localhost.  Its password is "pencil" and in the end NEW_PASSWORD.  Both, their
 * base64 and the keys that SCRAM derives from "pencil" are secrets from the beginning.
 */
#ifndef CORE_TESTS_SECRETS_RIG_H
#define CORE_TESTS_SECRETS_RIG_H

#include "quarantine.h"
#include "rig.h"

#define NS_SASL_TEXT "urn:ietf:params:xml:ns:xmpp-sasl"
#define NS_TLS_TEXT  "urn:ietf:params:xml:ns:xmpp-tls"

/* base64 of NUL "user" NUL "pencil": the password is the last eight characters, its own base64 */
#define PLAIN_HEAD "<auth xmlns='" NS_SASL_TEXT "' mechanism='PLAIN'>"
#define PLAIN_TEXT "AHVzZXIAcGVuY2ls"
#define PLAIN_AUTH PLAIN_HEAD PLAIN_TEXT "</auth>"

#define NEW_PASSWORD "n3wsecret"
#define NEW_BASE64   "bjN3c2VjcmV0"

#define SECRETS_TEST(test) cmocka_unit_test_setup_teardown(test, secrets_set_up, secrets_tear_down)

/* The rig begins, and nothing but the first secrets is searched for. */
void secrets_begin_with(const struct core_settings *settings);
int secrets_set_up(void **state);    /* with few iterations for new passwords */
int secrets_tear_down(void **state); /* fails when a secret is left */

/* No secret is in a block that was freed; none is in any block.  `when` is for the message. */
void secrets_assert_none_freed(const char *when);
void secrets_assert_none_held(const char *when);

/* ---- SCRAM, from the client's side ---- */

/* Valid until the next call. */
const char *secrets_base64(const char *text);

void secrets_say_sasl(const struct host_link *link, const char *element, const char *attributes,
                      const char *text);

/* The content of the <challenge/> that came last, decoded.  Valid until the next call. */
const char *secrets_challenge(struct host_link *link);

/* Sends client-first; sends client-final, with a right or a wrong proof.  The proof, also as it is sent, is a
 * secret from then on. */
void secrets_scram_begin(struct host_link *link);
void secrets_scram_end(struct host_link *link, bool right);

/* ---- Logging in ---- */

/* A link that has opened a stream. */
struct host_link *secrets_dial(void);

/* After <success/>: binds a resource, and finds no secret on the way. */
void secrets_bind(struct host_link *link);

/* A link with a bound resource. */
struct host_link *secrets_online(void);

#endif

/*
 * rig.h - a host (host.h) as the fixture of a cmocka test: clients that log in, and assertions about what is
 * sent.
 *
 *      static void a_ping_is_answered(void **state)
 *      {
 *          (void)state;
 *          struct host_link *romeo = rig_login("romeo", "orchard");
 *          rig_say(romeo, "<iq type='get' id='1'>...</iq>");
 *          rig_assert_has(rig_take(romeo), " type='result'");
 *      }
 *
 * A test between rig_begin and rig_end, as each RIG_TEST is, has one core at the hosts "localhost" and
 * "example.com", without TLS and without optional features.  A file that needs more says so once in main:
 *
 *      rig_use(&(struct rig_options){ .features = CORE_OFFLINE | CORE_CARBONS });
 *
 * Storage is prompt until the test sets rig.prompt to false; then requests wait for rig_answer or rig_fail.
 * All requests are kept in rig.requests.  A violation of core.h by the core fails the test.
 */
#ifndef CORE_TESTS_RIG_H
#define CORE_TESTS_RIG_H

#include "host.h"
#include "inspect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The fixture.  Its fields are described in host.h. */
extern struct test_host rig;

/* Memory that counts in rig.memory, also without a core. */
extern const struct core_memory rig_memory;

/* ---- Life ---- */

struct rig_options {
    unsigned features;               /* bits of enum core_feature, for rig_settings */
    const struct core_memory *under; /* the allocator; NULL: malloc, realloc and free */
};

/* For every rig_begin from now on.  Copied. */
void rig_use(const struct rig_options *options);

/* The default settings, but without TLS, with PLAIN, and with the features of the options. */
struct core_settings rig_settings(void);

/* Begins with these settings, but always with the two hosts. */
void rig_begin_with(const struct core_settings *settings);
void rig_begin(void); /* with rig_settings */

/* The same with the port `route`: stanzas to other servers are kept in rig.routed. */
void rig_begin_routed_with(const struct core_settings *settings);
void rig_begin_routed(void);

/* Fails when the core has not freed all its memory. */
void rig_end(void);

int rig_set_up(void **state);
int rig_tear_down(void **state);

#define RIG_TEST(test) cmocka_unit_test_setup_teardown(test, rig_set_up, rig_tear_down)

/* The same with another set-up, which begins the rig. */
#define RIG_TEST_FROM(test, set_up) cmocka_unit_test_setup_teardown(test, set_up, rig_tear_down)

/* Begins with rig_settings and this check of idle clients (core_settings; nanoseconds). */
void rig_begin_keepalive(enum core_keepalive keepalive, uint64_t idle_time, uint64_t ping_time);

#define RIG_SECOND UINT64_C(1000000000)
#define RIG_MINUTE (60 * RIG_SECOND)

/* So many nanoseconds pass, and the core is told of the time. */
void rig_pass(uint64_t span);

/* ---- Storage ---- */

/* The oldest request that waits, or NULL; and how many wait. */
struct host_request *rig_pending(void);
size_t rig_pending_count(void);

void rig_answer(void); /* the oldest, with success */
void rig_fail(void);   /* the oldest, with failure */
void rig_answer_with(struct host_request *request, enum core_store_status status);
void rig_answer_all(void); /* with success */

/* Puts an entry into a store, or with NULL takes it out. */
void rig_keep_in(enum core_store store, const char *owner, const char *key, const char *value);
void rig_keep(const char *owner, const char *key, const char *value); /* into the roster */

/* Puts an item into the roster. */
void rig_keep_item(const char *owner, const char *contact, const char *subscription);

const struct core_store_entry *rig_kept_find(enum core_store store, const char *owner, const char *key);
size_t rig_kept_count(enum core_store store, const char *owner);

/* ---- Clients ---- */

struct host_link *rig_accept(void);
void rig_say_bytes(const struct host_link *link, const char *bytes, size_t length);
void rig_say(const struct host_link *link, const char *xml);
void rig_hangup(struct host_link *link);

/* The link takes `window` more bytes, and the core is notified. */
void rig_writable(struct host_link *link, size_t window);

/* The output since it was last taken. */
const char *rig_take(struct host_link *link);

/* The session of a link that has a connection. */
const struct session *rig_session(const struct host_link *link);

#define RIG_HEADER                                                                                           \
    "<?xml version='1.0'?><stream:stream to='localhost' version='1.0' xmlns='jabber:client' "                \
    "xmlns:stream='http://etherx.jabber.org/streams'>"

/* Sends PLAIN with the password "pencil"; requests to bind the resource. */
void rig_auth(const struct host_link *link, const char *username);
void rig_bind(const struct host_link *link, const char *resource);

/* A link whose client is authenticated and has opened its second stream; a connected resource; an available
 * resource that has asked for its roster.  Storage is prompt meanwhile. */
struct host_link *rig_authenticated(const char *username);
struct host_link *rig_login(const char *username, const char *resource);
struct host_link *rig_online(const char *username, const char *resource);

/* The head, so many of a character, and the tail.  Valid until the next call. */
const char *rig_filled(const char *head, char fill, size_t count, const char *tail);

/* ---- Other servers ---- */

/* A stanza arrives from another server. */
void rig_arrive(const char *from_domain, const char *xml);

/* The only stanza routed since it was last taken, which must be between these domains.  Valid until the next
 * call. */
const char *rig_take_routed(const char *from_domain, const char *to_domain);

/* ---- Output ---- */

/* How often a part occurs in a text. */
size_t rig_count(const char *text, const char *part);

void rig_assert_has(const char *text, const char *part);
void rig_assert_lacks(const char *text, const char *part);

/* The stream has ended with that error (RFC 6120, 4.9). */
void rig_assert_stream_error(struct host_link *link, const char *condition);

/* A stanza error came (RFC 6120, 8.3), and nothing else. */
void rig_assert_stanza_error(struct host_link *link, const char *type, const char *condition);

#endif

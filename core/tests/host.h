/*
 * host.h - a host for a core under test: it records what the core does, checks it against core.h, and
 * answers.
 *
 *      struct test_host host;
 *      host_begin(&host, &(struct host_options){ .settings = &settings });
 *      struct host_link *link = host_accept(&host);
 *      host_receive(&host, link, "<stream:stream ...", length);
 *      host_answer(&host, host_oldest(&host), CORE_STORED);
 *      ... host_take(link) ...
 *      host_end(&host);
 *
 * A link keeps the bytes that the core sent.  A storage request waits until it is answered: by the caller, or
 * while `prompt` is set by the host after each event.  What the core saves is kept and loaded again.  The
 * clock stands still until the caller moves it.  Random bytes count up.
 *
 * The password of every account is "pencil" until the core saves other credentials.  Every username has an
 * account at every host that is not anonymous, except "nobody" and those that the core has removed.
 *
 * The host checks what core.h says about the ports.  A violation is reported with the function `fail` of the
 * options; without one it is printed, and the program aborts, as a fuzzer expects.
 *
 * All state is in struct test_host.  An event costs what the core does, plus a time that does not depend on
 * how many requests were made before.  Strings and arrays have no fixed size.  When the host itself gets no
 * memory, the program aborts.
 */
#ifndef CORE_TESTS_HOST_H
#define CORE_TESTS_HOST_H

#include "core.h"

/* ---- Memory ----------------------------------------------------------------------------------------
 * The functions of struct core_memory take no context.  The program that wants to count writes three that
 * pass the `memory` of its host to these (rig.c does), and names them in the options. */

struct host_memory {
    size_t live;                     /* blocks in use */
    size_t allocations;              /* calls of alloc and realloc; may be set to 0 at any time */
    size_t fail_at;                  /* the call that gets NULL, counting as `allocations` does; 0: none */
    const struct core_memory *under; /* where blocks come from; NULL: malloc, realloc and free */
};

/* As core_memory wants them.  A new block is filled with 0xA5. */
void *host_alloc(struct host_memory *memory, size_t size);
void *host_realloc(struct host_memory *memory, void *block, size_t size);
void host_release(struct host_memory *memory, void *block);

/* ---- Links ------------------------------------------------------------------------------------------ */

/* A connection as the core's `link`.  Owned by the host until host_end or host_drop. */
struct host_link {
    const struct test_host *host;
    size_t index;       /* in host.links */
    struct conn *conn;  /* NULL once it is closed or hung up, or when the core had no memory for it */
    bool closed;        /* by the core, or by host_hangup */
    unsigned tls_begun; /* how often the core asked for TLS */
    size_t window;      /* bytes that it takes before it takes none; SIZE_MAX: no limit */
    char *sent;         /* the bytes that it took, followed by a NUL; NULL before the first byte */
    size_t length;      /* of `sent` */
    size_t size;        /* of the memory of `sent` */
    size_t seen;        /* how much of `sent` host_take has returned */
};

/* ---- Storage ---------------------------------------------------------------------------------------- */

/* A storage request and everything in it is valid until it is answered; with options.keep_requests until
 * host_end or host_forget_requests. */
struct host_request {
    uint64_t id;
    size_t number; /* requests that were made before it */
    enum core_store_op op;
    enum core_store store;
    const char *owner;                      /* the account's bare JID */
    const struct core_store_entry *entries; /* the entries that it saves */
    size_t entry_count;
    struct core_store_piece piece; /* that it loads */
    size_t loaded;                 /* entries that it was answered with */
    bool answered;
    struct host_account *account;
    struct host_request *previous, *next; /* among those that wait, oldest first */
};

/* ---- Other servers ---------------------------------------------------------------------------------- */

/* A stanza that the core has routed. */
struct host_routed {
    char *from, *to; /* domains */
    char *stanza;    /* followed by a NUL */
    size_t length;
};

/* ---- The host --------------------------------------------------------------------------------------- */

/* What learns of each call of the core and of what the core does in it.  NULL functions are not allowed. */
struct host_watch {
    void *context;
    /* A call begins: with bytes of the network, NULL for an event without any; with an answer of storage. */
    void (*received)(void *context, const char *bytes, size_t length);
    void (*stored)(void *context, const struct core_store_entry *entries, size_t count);
    void (*ended)(void *context); /* the call is over */
    void (*sent)(void *context, const struct host_link *link, size_t offered, size_t taken);
    void (*routed)(void *context, size_t length);
    void (*asked)(void *context, const struct core_store_request *request);
};

struct host_options {
    /* The core's settings, with hosts whose names are prepared.  Copied, but not the memory that they point
     * to, which is borrowed until host_end. */
    const struct core_settings *settings;
    const struct core_memory *memory; /* the core's; NULL: malloc, realloc and free, which count nothing */
    const struct core_memory *under;  /* host_memory.under */
    const struct core_memory *own;    /* where the host itself allocates; NULL: malloc, realloc and free */
    bool routes;                      /* there is a port `route`: stanzas to other servers are kept */
    bool keep_requests;               /* answered requests stay in host.requests */
    const struct host_watch *watch;   /* borrowed until host_end; may be NULL */
    /* Reports a violation of core.h.  Must not return.  NULL: it is printed, and the program aborts. */
    void (*fail)(const char *message);
};

struct host_ids {
    uint64_t first, last;
};

struct test_host {
    struct core *core;
    struct core_ports ports;
    struct core_settings settings;
    struct host_options options;
    struct host_memory memory;

    struct host_link **links; /* in the order of host_accept, unless one was dropped */
    size_t link_count, link_size;

    struct host_routed *routed; /* in the order in which they were routed */
    size_t routed_count, routed_size;

    struct host_request *oldest, *newest; /* that wait */
    size_t waiting_count;
    struct host_request **requests; /* with options.keep_requests all that were made, in that order */
    size_t request_count;           /* that were made, kept or not */
    size_t request_size;
    struct host_ids *ids; /* ranges of the ids that were used */
    size_t id_count, id_size;
    struct host_account *accounts;
    struct core_store_entry *answer; /* memory for the entries of an answer */
    size_t answer_size;
    char *owner; /* memory for a bare JID */
    size_t owner_size;
    char credentials[128], number[24]; /* the same for two values */

    /* The caller's to change at any time. */
    bool prompt;                    /* requests are answered after each event, with `outcome` */
    enum core_store_status outcome; /* CORE_STORED at first */
    const char *status;             /* of every account (core.h, "status"), or NULL */
    uint64_t now;                   /* at first 2001-01-01T00:00:00Z */
    unsigned char chance;           /* the next random byte */

    unsigned failed_logins;
    char *failed_login; /* the last one: "username@domain condition", with "?" for an unknown username; or
                           NULL */
};

/* Makes a core and its host.  Requests are answered promptly, with success. */
void host_begin(struct test_host *host, const struct host_options *options);

/* Frees the core and everything of the host's, and checks that the core has freed all its memory.  Afterwards
 * host_begin may be called again. */
void host_end(struct test_host *host);

/* The core is replaced by a new one, as after a crash: links have ended, pending requests have no effect, and
 * saved data is kept.  The new core has host->settings. */
void host_restart(struct test_host *host);

/* Reports a violation as `fail` of the options says. */
_Noreturn void host_fail(const struct test_host *host, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* ---- Events: each is a call of the core, after which requests are answered where they are prompt ---- */

/* A client connects.  link->conn is NULL when the core has no memory. */
struct host_link *host_accept(struct test_host *host);

/* Nothing happens on a link that has no connection any more. */
void host_receive(struct test_host *host, const struct host_link *link, const char *bytes, size_t length);

/* The link is gone, unless it was before. */
void host_hangup(struct test_host *host, struct host_link *link);

/* The link takes `window` more bytes, SIZE_MAX without a limit, and the core is notified. */
void host_writable(struct test_host *host, struct host_link *link, size_t window);

/* A stanza arrives from another server. */
void host_arrive(struct test_host *host, const char *from_domain, const char *stanza, size_t length);

/* Frees a link that is closed or hung up; the last of host.links takes its place. */
void host_drop(struct test_host *host, struct host_link *link);

/* The bytes sent since the last call, as a string; "" for none.  Valid until more is sent. */
const char *host_take(struct host_link *link);

/* The time of a timer has come. */
void host_tick(struct test_host *host);

/* A routed stanza did not reach its server. */
void host_unroutable(struct test_host *host, const char *stanza, size_t length, enum core_route_failure why);

/* Forgets the stanzas routed so far. */
void host_forget_routed(struct test_host *host);

/* ---- Storage requests ---- */

/* The oldest request that waits, or NULL. */
struct host_request *host_oldest(const struct test_host *host);

/* Answers a pending request; with CORE_STORED it takes effect.  Where there is no account the answer is
 * CORE_NO_ACCOUNT.  The request may be freed. */
void host_answer(struct test_host *host, struct host_request *request, enum core_store_status status);

/* Answers a request that waits with these entries, whatever is kept.  It has no effect. */
void host_answer_entries(struct test_host *host, struct host_request *request, enum core_store_status status,
                         const struct core_store_entry *entries, size_t count);

/* Answers all requests that wait, and those that the core makes meanwhile, oldest first. */
void host_answer_all(struct test_host *host, enum core_store_status status);

/* Drops all requests, as though the core had made none.  For a caller that has freed the core or that needs
 * the memory: answers to the requests that waited never come. */
void host_forget_requests(struct test_host *host);

/* ---- Stored data ---- */

/* Puts an entry into a store of the account, a bare JID; with the value NULL takes it out. */
void host_keep(struct test_host *host, enum core_store store, const char *owner, const char *key,
               const char *value);

/* The entry, or NULL.  Valid until it is changed. */
const struct core_store_entry *host_kept(const struct test_host *host, enum core_store store,
                                         const char *owner, const char *key);

/* How many entries a store has. */
size_t host_kept_count(const struct test_host *host, enum core_store store, const char *owner);

/* HMAC-SHA-1 of a text with a key of the length of a digest, as SCRAM needs it (RFC 5802, 2.2). */
void host_hmac(const uint8_t *key, const char *text, uint8_t *digest);

#endif

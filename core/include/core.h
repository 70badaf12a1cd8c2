/*
 * core.h - an XMPP session core that does no I/O: the public header.
 *
 * A core serves the client-to-server side of one or several virtual hosts: streams, SASL, resource
 * binding, rosters, presence and routing (RFC 6120, RFC 6121).  It never touches a clock, a socket, a file,
 * an environment variable or a source of randomness.  The program around it, its host, reports events to it
 * (core_accept, core_receive, core_secured, core_writable, core_hangup, core_tick, core_stored, core_arrived,
 * core_unroutable).  The core acts through the ports, a table of functions that the host passes to core_new.
 *
 *      bytes in -> core_receive -> [ parse -> dispatch -> act -> route ] -> ports.send -> bytes out
 *                                              |    ^
 *                                 ports.store  v    |  core_stored, some time later
 *                                            storage
 *
 * Rules of the border:
 *  - A port never calls back into the core; it records the request and returns.
 *  - Every call runs to completion.  Between two calls only storage requests are unfinished; a session that
 *    depends on one waits for it.
 *  - All strings are UTF-8.  All times are in nanoseconds.
 *  - A core and everything in it may be used by only one thread at a time.
 */
#ifndef CORE_CORE_H
#define CORE_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A core: its hosts, its sessions, its tables.  Made by core_new, freed by core_free. */
struct core;

/* One connection to a client, owned by the core.  A handle is valid from core_accept until the core calls
 * ports.close for its link or the host calls core_hangup, whichever is first. */
struct conn;

/* ---- Memory ---------------------------------------------------------------------------------------
 * The core and its XML parser allocate only with these functions, which behave like malloc, realloc and
 * free.  They take no context because the memory functions of expat take none.  When alloc or realloc
 * returns NULL, at most the session that needed the memory is closed; other sessions are not affected.
 * Exception: libidn normalises strings outside ASCII with the allocator of the C library, and frees that
 * memory before the call ends.
 * The core overwrites every block that held a password, a proof or a key before it frees the block, so
 * `free` does not have to. */
struct core_memory {
    void *(*alloc)(size_t size);
    void *(*realloc)(void *block, size_t size);
    void (*free)(void *block);
};

/* ---- Storage --------------------------------------------------------------------------------------
 * The data of an account is kept in a few stores.  A store is a set of entries, each a key with a value.
 * The host decides where to keep them.  Requests for the same account and store take effect in the order in
 * which they were made; otherwise requests may complete in any order. */
enum core_store {
    CORE_STORE_ACCOUNT,   /* credentials, see below; saved when a client changes its password */
    CORE_STORE_ROSTER,    /* key: the contact's bare JID, or ""; value: an XML element, see below */
    CORE_STORE_ACTIVITY,  /* key: "last"; value: an XML element, see below */
    CORE_STORE_OFFLINE,   /* key: an increasing number of twenty digits; value: an offline message, as XML
                             (XEP-0160) */
    CORE_STORE_BLOCKLIST, /* key: a blocked JID; value: an XML element, opaque to the host (XEP-0191) */
};

enum core_store_op {
    CORE_LOAD,   /* answer with every entry of the store, in the order in which the keys were first saved, or
                    with the piece of the store that `piece` describes */
    CORE_COUNT,  /* answer with one entry: its key is the greatest key in the store by strcmp, or "" when the
                    store is empty; its value is the number of entries, in decimal.  Only with
                    CORE_STORE_OFFLINE */
    CORE_SAVE,   /* apply every entry, all or none; an entry whose value is NULL removes its key */
    CORE_REMOVE, /* remove the account with all its stores; only with CORE_STORE_ACCOUNT */
};

struct core_store_entry {
    const char *key;
    const char *value;
};

/* A piece of a store to load.  Its entries are ordered by key, as strcmp compares keys, and begin with the
 * first key that is not less than `from`.  The piece ends with the first of these:
 *  - the last entry of the store;
 *  - the entry that makes the piece `most` entries long;
 *  - the entry that makes its keys and values, without their NULs, `bytes` bytes or more.
 * The core takes a piece that reaches neither `most` nor `bytes` as the end of the store.
 * In SQL: ... AND key >= from ORDER BY key LIMIT most, reading rows until they have that many bytes.  With a
 * file for each message: the files from that name on. */
struct core_store_piece {
    const char *from;
    size_t most; /* 0: load the whole store, not ordered by key */
    size_t bytes;
};

struct core_store_request {
    uint64_t id; /* for core_stored; a core never uses an id twice */
    enum core_store_op op;
    enum core_store store;
    const char *username; /* prepared by Nodeprep */
    const char *host;
    const struct core_store_entry *entries; /* CORE_SAVE only */
    size_t entry_count;
    struct core_store_piece piece; /* only CORE_LOAD of CORE_STORE_OFFLINE; all 0 otherwise */
};

enum core_store_status {
    CORE_STORED,     /* success: a save is durable; a load (possibly empty) or a count has its entries */
    CORE_NO_ACCOUNT, /* the account does not exist, so it has no stores */
    CORE_STORE_FAILED,
};

/* The entries of CORE_STORE_ACCOUNT.  The host writes them when it creates the account:
 *
 *   "SCRAM-SHA-1", "SCRAM-SHA-256"  the salted keys in the form of RFC 5803, section 3, without the
 *                                   scheme: "<iterations>:<salt>$<StoredKey>:<ServerKey>", the last
 *                                   three in base64.  Passwords are never stored.  Keys with more than
 *                                   CORE_ITERATIONS iterations are ignored.
 *   "status"                        "disabled" or "expired" when the account may not log in
 *                                   (RFC 6120, 6.5.2 and 6.5.3); absent otherwise.
 *
 * The values of CORE_STORE_ROSTER are <item xmlns='jabber:iq:roster'/> elements (RFC 6121, 2.1.2).  Their
 * `jid` is a prepared bare JID (RFC 7622, 3); an item with any other `jid` is ignored.  Two things in them
 * are not shown to clients: the attribute hidden='true', on an item that exists only because the contact's
 * subscription request is pending, and that request, a child
 * <presence xmlns='jabber:client' type='subscribe'/>.  The value of the empty key is the roster's version
 * (2.6), <query xmlns='jabber:iq:roster' ver='7'/>.  The version is a decimal number: 0 for an account whose
 * roster was never changed, and one more with every change, including changes that are not shown to clients.
 * Every save of a roster has two entries, the item and the version.  A host may create items before an
 * account is used for the first time; without a version they count as one change each.
 *
 * A login loads what is stored at that time, unless the account has a connected client or unfinished work.
 * Answers to others may come from what was loaded before (limits.cache_time).  A host that changes these
 * stores itself, or removes an account, accepts that or sets limits.cached_accounts to 0.
 *
 * The value of CORE_STORE_ACTIVITY is the time at which a resource of the account last became unavailable, in
 * seconds since 1970, and the status that it sent then:
 * <query xmlns='jabber:iq:last' seconds='978307200'>Heading home</query>.  It is saved only where it can be
 * queried: with CORE_LAST_ACTIVITY or tell_last_presence.
 *
 * CORE_STORE_OFFLINE is never loaded as a whole, because other accounts decide how much is in it.  To keep a
 * message the core at most counts the entries; it loads and removes kept messages one piece at a time.  A
 * host that writes messages there itself uses keys of the same form, and does so before the account is used
 * for the first time. */

/* ---- Ports ----------------------------------------------------------------------------------------
 * All are required except `route` and `login_failed`, and `start_tls` where TLS is not offered.  Every port
 * receives `host` as its first argument. */
struct core_ports {
    void *host;
    struct core_memory memory;

    /* Takes as many of the bytes as fit and returns how many it took.  After taking fewer than all, the host
     * calls core_writable when the link can take more. */
    size_t (*send)(void *host, void *link, const char *bytes, size_t length);

    /* Closes the connection after delivering the bytes already taken.  The core does not use it again. */
    void (*close)(void *host, void *link);

    /* Begins a TLS handshake as the server.  `send` has already taken <proceed/> (RFC 6120, 5.4.2.3), and the
     * client's next bytes belong to the handshake.  The host answers with core_secured, or with core_hangup
     * when the handshake fails: later, never from inside this call.  Not called where settings.tls is
     * CORE_TLS_NONE; may be NULL then. */
    void (*start_tls)(void *host, void *link);

    /* Returns the time of day in nanoseconds since 1970-01-01T00:00:00Z. */
    uint64_t (*now)(void *host);

    /* Fills the buffer with unpredictable bytes. */
    void (*random)(void *host, void *bytes, size_t length);

    /* Begins a storage request.  The host answers with core_stored: later, never from inside this call.  The
     * request and everything that it points to are borrowed for the duration of the call. */
    void (*store)(void *host, const struct core_store_request *request);

    /* Sends a stanza from one of the core's hosts to a domain that the core does not serve (RFC 6120, 10.4),
     * after all stanzas that were sent from the same host to that domain before.  The stanza is one XML
     * element as a client sends it, with both addresses and with jabber:client declared; the host converts it
     * to the form used between servers (jabber:server).  Both domains are prepared.  All arguments are
     * borrowed for the duration of the call.  The host reports a stanza that it cannot deliver with
     * core_unroutable.  May be NULL: then no remote server is reachable, and a client's stanza to one is
     * answered at once with <remote-server-not-found/>. */
    void (*route)(void *host, const char *from_domain, const char *to_domain, const char *stanza,
                  size_t length);

    /* Reports that a login failed on a connection, for a host that limits password guessing.  The core itself
     * knows no network address and counts failures only for each connection (limits.login_tries).  `username`
     * is the name that was tried at `domain`, prepared, whether or not that account exists; NULL when the
     * client gave none.  `condition` is the SASL error condition, such as "not-authorized" (RFC 6120, 6.5).
     * All arguments are borrowed for the duration of the call.  May be NULL. */
    void (*login_failed)(void *host, void *link, const char *username, const char *domain,
                         const char *condition);
};

/* ---- Settings -------------------------------------------------------------------------------------- */

/* What happens when a session binds a resource that another session of the account holds
 * (RFC 6120, 7.7.2.2). */
enum core_conflict {
    CORE_KICK_OLD,  /* the older session is closed with <conflict/>, the newer one gets the resource */
    CORE_KICK_NEW,  /* the newer session receives the stanza error <conflict/> and may try another resource */
    CORE_INCREMENT, /* the newer session gets "resource#2", or the next free number */
    CORE_RANDOM,    /* the newer session gets a resource that the server generates */
};

/* Where a message to a bare JID is delivered (RFC 6121, 8.5.2.1.1). */
enum core_delivery {
    CORE_DELIVER_BEST, /* to the available resources with the highest priority */
    CORE_DELIVER_ALL,  /* to every available resource whose priority is not negative */
};

/* What the core sends to a bound client that has sent nothing for idle_time.  Where stream management is
 * enabled, <r/> is sent instead of whitespace and instead of a ping (XEP-0198, 8.1). */
enum core_keepalive {
    CORE_KEEPALIVE_NONE,       /* nothing: only the host detects a lost connection */
    CORE_KEEPALIVE_WHITESPACE, /* a space (RFC 6120, 4.6.1); no answer is expected */
    CORE_KEEPALIVE_PING, /* a ping (XEP-0199); a client that does not answer within ping_time has lost its
                            connection */
};

/* SASL mechanisms, as bits of core_settings.mechanisms. */
enum core_mechanism {
    CORE_PLAIN = 1,         /* RFC 4616 */
    CORE_SCRAM_SHA_1 = 2,   /* RFC 5802 */
    CORE_SCRAM_SHA_256 = 4, /* RFC 7677 */

    /* The same with TLS channel binding.  Offered on streams for which core_secured received channel binding
     * data. */
    CORE_SCRAM_SHA_1_PLUS = 8,
    CORE_SCRAM_SHA_256_PLUS = 16,

    /* Authentication by the client's TLS certificate (RFC 4422, appendix A; XEP-0178).  Offered on streams
     * for which core_secured received identities, at least one of them at the stream's host. */
    CORE_EXTERNAL = 32,

    /* RFC 4505.  On core_settings.anonymous_hosts it is the only mechanism offered, and it is offered nowhere
     * else.  This bit of core_settings.mechanisms is ignored. */
    CORE_ANONYMOUS = 64,
};

/* Whether streams are encrypted with STARTTLS (RFC 6120, 5).  Where encryption is required, nothing else is
 * negotiated on an unencrypted stream: SASL fails with encryption-required (6.5.4), and a stanza gets the
 * stream error not-authorized, like any stanza before authentication (4.9.3.12). */
enum core_tls_policy {
    CORE_TLS_NONE,     /* not offered */
    CORE_TLS_OPTIONAL, /* offered together with the SASL mechanisms */
    CORE_TLS_REQUIRED, /* the only feature offered until the stream is encrypted */
};

/* Optional features, as bits of core_settings.features. */
enum core_feature {
    CORE_OFFLINE = 1,       /* messages to an account without available resources are kept (XEP-0160);
                               without it they are answered with service-unavailable */
    CORE_CARBONS = 2,       /* XEP-0280 */
    CORE_BLOCKING = 4,      /* XEP-0191; without it no block list is loaded */
    CORE_LAST_ACTIVITY = 8, /* XEP-0012; every unavailable presence is saved for it */
};

/* Limits.  Each field names the error that a client receives when the limit is exceeded. */
struct core_limits {
    size_t stanza_bytes; /* of one top-level element: policy-violation (stream).  Its tree may ask for
                            STANZA_MEMORY times as many bytes of memory (parser.h), with the same error */
    /* Of a stream header.  Until the client has logged in, also of one top-level element and of the bytes
     * that wait for storage, where their own limits are not lower: policy-violation (stream). */
    size_t unauthenticated_bytes;
    size_t depth;         /* of nested elements, the stanza itself being 1: policy-violation (stream) */
    size_t attributes;    /* of one element: policy-violation (stream) */
    size_t waiting_bytes; /* received while the session waits for storage: policy-violation (stream) */
    /* Not yet taken by ports.send, except for one roster or one offline message: the connection is closed. */
    size_t output_bytes;
    size_t login_tries;   /* failed logins on one connection: policy-violation (stream), RFC 6120, 6.4.5 */
    size_t resources;     /* bound at once by one account: resource-constraint (stanza), RFC 6120, 7.6.2.1 */
    size_t roster_items;  /* of one account, as its clients see them: resource-constraint (stanza) */
    size_t requests;      /* pending subscription requests to one account, from senders that are not in its
                             roster: resource-constraint (stanza) */
    size_t roster_bytes;  /* of all roster items of one account, as its clients receive them:
                             resource-constraint (stanza).  A larger roster that
                             is stored already can be received and made smaller */
    size_t request_bytes; /* of all pending subscription requests to one account: the same error */
    size_t roster_groups; /* of one roster item: not-acceptable (stanza) */
    size_t roster_text_bytes; /* of one name or group: not-acceptable (stanza), RFC 6121, 2.3.3 */
    /* Pieces of work queued for one account.  While the queue is full, a stanza from a remote server is
     * answered with resource-constraint (stanza), and a client's probe is dropped. */
    size_t account_work;
    /* Accounts without a connected client whose roster, block list and number of kept messages stay in
     * memory, so that a stanza from another account needs no load.  The least recently used are freed first.
     */
    size_t cached_accounts;  /* their number; 0: none */
    size_t cached_bytes;     /* their approximate memory, the same number on every machine */
    uint64_t cache_time;     /* nanoseconds since the load, or since the last client left; 0: no limit */
    size_t offline_messages; /* kept for one account: service-unavailable (stanza), XEP-0160, 2 */
    size_t blocked;          /* JIDs in one block list: resource-constraint (stanza) */
    size_t directed;         /* addresses to which one session has sent directed presence: resource-constraint
                                (stanza) */
    uint64_t login_time;     /* nanoseconds from core_accept to binding: connection-timeout (stream);
                                0: no limit */
    size_t unacked; /* stanzas that were sent to one client, or kept while its session hibernates, and are
                       not acknowledged (XEP-0198): policy-violation (stream), and the session ends */
    size_t unacked_bytes; /* the same in bytes, except for one roster */
    size_t held_presence; /* presence stanzas held back from one inactive client (XEP-0352): all are sent */
    size_t held_presence_bytes; /* the same in bytes */

    /* Passwords that one account sets within password_time nanoseconds (0 is no limit of time):
     * policy-violation (stanza).  Each costs the core twice `iterations`.  The count is kept while the
     * account is in memory, that is, while it has a session. */
    size_t passwords;
    uint64_t password_time;

    size_t anonymous_accounts; /* on one anonymous host at once, including those whose sessions hibernate:
                                  temporary-auth-failure (SASL) */
};

enum {
    CORE_SECRET = 32, /* bytes of core_settings.secret */
    /* The most iterations of a stored key and of core_settings.iterations.  PLAIN computes them while all
     * other sessions wait: a quarter of a second to one second.  OWASP recommends 600,000 for SHA-256 and
     * 1,300,000 for SHA-1. */
    CORE_ITERATIONS = 2000000,
};

struct core_settings {
    const char *const *hosts; /* the virtual hosts; with anonymous_hosts at least one.  The first is the
                                 server's own name */
    size_t host_count;
    enum core_conflict conflict;
    enum core_delivery delivery;
    unsigned mechanisms; /* bits of enum core_mechanism */
    unsigned features;   /* bits of enum core_feature */
    enum core_tls_policy tls;
    size_t iterations; /* of the hash of a password that a client sets, 1 to CORE_ITERATIONS.  An attacker
                          with the stored keys repeats them for every guess, PLAIN for every login
                          (RFC 5802, 5.1) */
    size_t salt_bytes; /* of the salts that the core generates, 1 to CORE_SECRET */

    /* CORE_SECRET bytes from which the core derives a salt for a name without an account.  SCRAM shows the
     * salt and the iterations of a name before the client proves anything, so the core answers for such a
     * name as well, with salt_bytes and `iterations` as for a new password.  A client can still tell such a
     * name from an account when the secret changes between two runs, or when accounts that the host created
     * have other salt lengths or iterations.  So the host should keep the secret with the accounts.  core_new
     * copies it; with NULL, the default, the core draws one at random. */
    const unsigned char *secret;
    bool plain_without_tls; /* PLAIN is offered on unencrypted streams; else encryption-required (SASL) */

    /* The hosts without registered accounts.  A client logs in with ANONYMOUS and gets a username that the
     * server generates; that anonymous account exists as long as its session.  Its stores are never loaded or
     * saved by the host.  Names that are not among `hosts` are added to the hosts. */
    const char *const *anonymous_hosts;
    size_t anonymous_host_count;

    /* The server's name and version, for XEP-0092 and XEP-0030; NULL: none.  Without a name XEP-0092 is not
     * offered; without a version the version is empty.  Borrowed for the life of the core. */
    const char *software;
    const char *software_version;

    /* Whether a sender that may not see the presence of an account learns more about the account than
     * necessary, where the specifications recommend or allow that:
     *
     *                                          false, the default          true
     *   a request for the last activity        service-unavailable, as     forbidden (XEP-0012, 3)
     *                                          for a missing account
     *   a subscription request                 not acknowledged            acknowledged with unavailable
     *                                                                      presence (RFC 6121, 3.1.3, 3: MAY)
     *   a message that may not be kept         dropped                     service-unavailable (RFC 6121,
     *   (XEP-0334), to an account                                          8.5.2.2.1: SHOULD)
     *   without available resources
     *
     * With true a stranger can find out which accounts exist, and which have available resources. */
    bool tell_strangers;

    /* Whether a probe of an account without available resources is answered with the status and the time of
     * its last unavailable presence (RFC 6121, 4.3.2: MAY and SHOULD).  Otherwise, and by default as in
     * Prosody, the answer is a plain unavailable presence. */
    bool tell_last_presence;

    /* Whether an iq of type get or set reaches a resource whose presence the sender may not see, as in
     * Prosody. Otherwise, and by default, it is answered with service-unavailable, so that strangers cannot
     * find out which resources exist (RFC 6121, 8.5.3.1: SHOULD).  A recipient of the resource's directed
     * presence may always send one; when that recipient is a room, so may its occupants. */
    bool iq_from_strangers;
    struct core_limits limits;

    /* Nanoseconds; 0 means no limit, except for resume_time. */
    enum core_keepalive keepalive;
    uint64_t idle_time; /* without a byte from a bound client, until the keepalive is sent */
    uint64_t ping_time; /* without a byte after a ping or an <r/>, until the stream ends with
                           connection-timeout; the session hibernates if it can be resumed */

    bool stream_management;  /* XEP-0198 is offered */
    uint64_t resume_time;    /* how long a session without a connection can be resumed; 0: it cannot.  A new
                                session beyond limits.resources ends the one that has hibernated longest */
    size_t ack_after;        /* <r/> is sent when more stanzas than this are not acknowledged */
    size_t ack_after_asleep; /* the same while the client is inactive */

    bool client_state; /* XEP-0352 is offered */
};

/* Returns the default settings: no hosts; the mechanisms EXTERNAL, SCRAM-SHA-256 and SCRAM-SHA-1 with and
 * without -PLUS, and PLAIN; 10,000 iterations; TLS required, and PLAIN only with it; no anonymous hosts;
 * kick_old; delivery to the best resources; every feature; generous limits, with 1000 offline messages and
 * 1000 blocked JIDs (Prosody does not limit these).  As in Prosody: whitespace after 14 minutes of silence;
 * stream management with 10 minutes to resume and an <r/> after every batch of stanzas (after 256 stanzas to
 * an inactive client); client state indication.  The 60 seconds for an answer, which Prosody does not limit,
 * are ejabberd's. */
struct core_settings core_settings_default(void);

/* ---- Events ---------------------------------------------------------------------------------------- */

/* Makes a core, to be freed with core_free.  Copies ports and settings, including the host names; software
 * and software_version stay borrowed.  Returns NULL when there is no memory, or when a host name is not a
 * valid domainpart (RFC 7622, 3.2). */
struct core *core_new(const struct core_ports *ports, const struct core_settings *settings);

/* Frees a core and everything in it.  Sends nothing on any connection.  The host must not pass on answers to
 * storage requests that come later.  NULL is a no-op. */
void core_free(struct core *core);

/* A client has connected.  The core passes `link` to the ports to name this connection.  Returns NULL when
 * there is no memory, or after core_shutdown; the host closes the connection itself then. */
struct conn *core_accept(struct core *core, void *link);

/* Bytes arrived on a connection, in pieces of any size. */
void core_receive(struct core *core, struct conn *conn, const char *bytes, size_t length);

/* Results of a TLS handshake.  Everything is borrowed for the duration of the call. */
struct core_tls_bytes {
    const unsigned char *bytes; /* NULL when there are none */
    size_t length;
};

struct core_tls {
    /* Channel binding data for SASL, of the types tls-exporter (RFC 9266) and tls-server-end-point
     * (RFC 5929, 4).  Either may be missing. */
    struct core_tls_bytes exporter, server_end_point;

    /* The XMPP addresses (bare JIDs) in the client's certificate, which the host has validated
     * (RFC 6120, 13.7.1.4). */
    const char *const *identities;
    size_t identity_count;
};

/* The handshake that ports.start_tls began is complete.  From now on the host decrypts what it passes to
 * core_receive and encrypts what it takes in ports.send.  Bytes passed to core_receive between start_tls and
 * this call are discarded, because they were not encrypted. */
void core_secured(struct core *core, struct conn *conn, const struct core_tls *tls);

/* The link can take bytes again after ports.send took too few. */
void core_writable(struct core *core, struct conn *conn);

/* The connection is gone, for any reason.  An available resource becomes unavailable (RFC 6121, 4.5.2),
 * unless its session can be resumed.  Such a session hibernates: it stays bound and available until it is
 * resumed on another connection or resume_time is over (XEP-0198, 5). */
void core_hangup(struct core *core, struct conn *conn);

/* Shuts the server down: every stream ends with <system-shutdown/>, every session is destroyed, and no more
 * connections are accepted.  A stanza that was sent but not acknowledged is handled as if its recipient were
 * not connected.  Storage requests may still be under way; the host completes them before core_free. */
void core_shutdown(struct core *core);

/* Runs all timers that are due at the time that ports.now returns. */
void core_tick(struct core *core);

/* Frees what is kept in memory only to save work: the accounts of limits.cached_accounts, and XML parsers
 * that no connection uses.  For a host whose memory is short; the core frees cached accounts itself when it
 * has no memory to load another.  May be called between any two other calls. */
void core_trim(struct core *core);

/* Returns when core_tick must be called next, on the clock of ports.now; UINT64_MAX when no timer is set. Any
 * call may change it, so the host asks after each. */
uint64_t core_deadline(const struct core *core);

/* A storage request has completed.  The entries (CORE_LOAD and CORE_COUNT only) are borrowed for the duration
 * of the call.  An answer that is no longer needed, because the session is gone, is ignored. */
void core_stored(struct core *core, uint64_t request, enum core_store_status status,
                 const struct core_store_entry *entries, size_t entry_count);

/* A stanza has arrived from a remote server, in the form in which ports.route sends one.  The host guarantees
 * that it is from the domain `from_domain`.  The core silently drops a stanza whose `from` is not a JID of
 * that domain (RFC 6120, 8.1.2.2), whose `to` is not at one of the core's hosts (8.1.1.2), that is not one
 * stanza, that exceeds the limits stanza_bytes, depth or attributes, or for which there is no memory. */
void core_arrived(struct core *core, const char *from_domain, const char *stanza, size_t length);

/* Why a stanza could not be routed. */
enum core_route_failure {
    CORE_NO_SERVER,      /* the domain has no server: remote-server-not-found (RFC 6120, 8.3.3.16) */
    CORE_SERVER_TIMEOUT, /* the server does not answer: remote-server-timeout (8.3.3.17) */
};

/* A stanza that was passed to ports.route did not reach the remote server.  Its sender receives the error of
 * `why`, unless the stanza is an error, a result, a probe, or presence of type unavailable or unsubscribed,
 * or there is no memory to parse it. */
void core_unroutable(struct core *core, const char *stanza, size_t length, enum core_route_failure why);

#ifdef __cplusplus
}
#endif

#endif

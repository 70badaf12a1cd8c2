/*
 * core.h - an XMPP session core with no I/O of its own: the public header.
 *
 * A core serves the client-to-server side of one or several virtual hosts: streams, SASL, resource
 * binding, roster, presence and routing (RFC 6120, RFC 6121).  It never touches a clock, a socket, a
 * file, an environment variable or a source of randomness.  Its host tells it what happened
 * (core_accept, core_receive, core_secured, core_writable, core_hangup, core_tick, core_stored), and it
 * says what to do through the ports that the host filled in when it made the core.
 *
 *      bytes in -> core_receive -> [ parse -> dispatch -> act -> route ] -> ports.send -> bytes out
 *                                              |    ^
 *                                 ports.store  v    |  core_stored, some time later
 *                                            storage
 *
 * Rules of the border:
 *  - A port never calls back into the core; it notes what was asked and returns.
 *  - Every call runs to completion.  Nothing is left half done between two calls, except what waits for
 *    storage, and that is counted in the session that waits.
 *  - All strings are UTF-8.  All times are nanoseconds.
 *  - A core and everything in it belongs to one thread at a time.
 */
#ifndef CORE_CORE_H
#define CORE_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One core: its hosts, its sessions, its tables. */
struct core;

/* One connection to a client.  A handle is valid from core_accept until the core calls ports.close for
 * its link or the host calls core_hangup, whichever is first. */
struct conn;

/* ---- Memory ---------------------------------------------------------------------------------------
 * Every allocation of the core and of its XML parser goes through these three, which behave as malloc,
 * realloc and free do.  They carry no context because expat's memory suite carries none.  An alloc or
 * realloc that returns NULL closes the session it struck, and nothing else.
 * (libidn normalises strings outside ASCII with the C library's allocator, and returns that memory
 * before the call ends.)  No block that held a password, a proof or a key is given back before that is
 * overwritten, so `free` need not do so. */
struct core_memory {
    void *(*alloc)(size_t size);
    void *(*realloc)(void *block, size_t size);
    void (*free)(void *block);
};

/* ---- Storage --------------------------------------------------------------------------------------
 * What the core keeps for an account is a set of small stores, each a set of entries from a key to a
 * value.  The host keeps them wherever it likes.  Requests for the same owner and
 * store take effect in the order in which they were begun; apart from that they may complete in any order. */
enum core_store {
    CORE_STORE_ACCOUNT,  /* credentials, see below; saved when a client changes its password */
    CORE_STORE_ROSTER,   /* key: the contact's bare JID, or ""; value: an XML element, see below */
    CORE_STORE_ACTIVITY, /* key: "last"; value: an XML element, see below */
    CORE_STORE_OFFLINE, /* key: twenty digits that count up; value: a message that waits, as XML (XEP-0160) */
    CORE_STORE_BLOCKLIST, /* key: a blocked JID; value: an XML element, opaque to the host (XEP-0191) */
};

enum core_store_op {
    CORE_LOAD,   /* answer with every entry of the store, in the order in which the keys were first saved; or,
                    where `piece` says so, with a piece of it */
    CORE_COUNT,  /* answer with one entry: its key is the greatest of the store's, as strcmp compares, and ""
                    when  there is none; its value is how many there are, in decimal.  Only with
                    CORE_STORE_OFFLINE */
    CORE_SAVE,   /* apply every entry, all or none; an entry whose value is NULL removes its key */
    CORE_REMOVE, /* remove the account with all its stores; only with CORE_STORE_ACCOUNT */
};

struct core_store_entry {
    const char *key;
    const char *value;
};

/* Which piece of a store is to be loaded.  It is in the order of the keys, as strcmp compares them, and
 * begins with the first that is not less than `from`.  It ends with the store, with the entry that makes it
 * `most` entries, or with the one whose key and value bring all its keys and values to `bytes` or more,
 * without their ends; whichever comes first.  So one that ends with neither of the last two says that there
 * is nothing behind it.  In SQL: ... AND key >= from ORDER BY key LIMIT most, from which rows are taken until
 * they are so large; with a file for each message: the files from that name on. */
struct core_store_piece {
    const char *from;
    size_t most; /* 0: the whole store is wanted, and not in the order of its keys */
    size_t bytes;
};

struct core_store_request {
    uint64_t id; /* for core_stored; never used twice by one core */
    enum core_store_op op;
    enum core_store store;
    const char *username; /* prepared by Nodeprep */
    const char *host;
    const struct core_store_entry *entries; /* CORE_SAVE only */
    size_t entry_count;
    struct core_store_piece piece; /* CORE_LOAD only, and only of CORE_STORE_OFFLINE; else all 0 */
};

enum core_store_status {
    CORE_STORED, /* done: a save is durable, a load or a count comes with its entries (of a load perhaps none)
                  */
    CORE_NO_ACCOUNT, /* there is no such account, so it has no stores either */
    CORE_STORE_FAILED,
};

/* The entries of CORE_STORE_ACCOUNT, written by the host when it makes the account:
 *
 *   "SCRAM-SHA-1", "SCRAM-SHA-256"  the salted keys in the form of RFC 5803, section 3, without the
 *                                   scheme: "<iterations>:<salt>$<StoredKey>:<ServerKey>", the last
 *                                   three in base64.  No password is ever stored.  Keys with
 *                                   more than CORE_ITERATIONS count as none.
 *   "status"                        "disabled" or "expired", where the account may not log in
 *                                   (RFC 6120, 6.5.2 and 6.5.3); absent otherwise.
 *
 * The values of CORE_STORE_ROSTER are RFC 6121's <item xmlns='jabber:iq:roster'/> (2.1.2), whose `jid` is a
 * bare JID, prepared (RFC 7622, 3); an item with any other is passed over.  There are two things that
 * clients are not shown: hidden='true' on an item that is there only because the contact's request waits for
 * an answer, and that request, a <presence xmlns='jabber:client' type='subscribe'/> child.  The empty key has
 * the roster's version (2.6), <query xmlns='jabber:iq:roster' ver='7'/>: a decimal number that is 0 for an
 * account whose roster was never changed, and one more with each change of whatever kind, also of what
 * clients are not shown.  Every save of a roster has two entries, the item and the version.  A host may make
 * some items before an account is used for the first time; without a version they count as one change each.
 *
 * A login gets what is stored then, unless a client is connected to the account already or work on it is
 * under way.  What others are answered may come from what was loaded before (limits.cache_time): a host that
 * changes these stores by itself, or removes an account, has to bear that, or sets limits.cached_accounts to
 * 0.
 *
 * The value of CORE_STORE_ACTIVITY says when one of the account's resources last became unavailable, in
 * seconds since 1970, and what it said then: <query xmlns='jabber:iq:last' seconds='978307200'>Heading
 * home</query>.  It is saved only where somebody may ask for it: with CORE_LAST_ACTIVITY or
 * tell_last_presence.
 *
 * CORE_STORE_OFFLINE is never loaded whole, since others decide how much is in it: a message is kept after a
 * count at the most, and what was kept is loaded and removed a piece at a time.  A host that puts messages
 * there itself gives them keys of that form, and does so before the account is used for the first time. */

/* ---- Ports ----------------------------------------------------------------------------------------
 * All are required but route and login_failed.  `host` is passed back as it was given. */
struct core_ports {
    void *host;
    struct core_memory memory;

    /* Takes as many of the bytes as there is room for and returns how many those were.  After taking
     * fewer than all, the host calls core_writable once there is room again. */
    size_t (*send)(void *host, void *link, const char *bytes, size_t length);

    /* Ends the connection once what was sent on it is on its way.  The link is not used again. */
    void (*close)(void *host, void *link);

    /* Begins the handshake of TLS as its server: <proceed/> has been taken by `send` (RFC 6120, 5.4.2.3), and
     * the next bytes of the client are the handshake's.  Answered by core_secured, or by core_hangup when
     * the handshake fails: later, never from inside this call.  Not asked where settings.tls is
     * CORE_TLS_NONE, and may be NULL then. */
    void (*start_tls)(void *host, void *link);

    /* The time of day: nanoseconds since 1970-01-01T00:00:00Z. */
    uint64_t (*now)(void *host);

    /* Fills the buffer with unpredictable bytes. */
    void (*random)(void *host, void *bytes, size_t length);

    /* Begins a storage request, to be answered by core_stored: later, never from inside this call.  The
     * request and all that it points to are borrowed for the length of the call. */
    void (*store)(void *host, const struct core_store_request *request);

    /* Sends a stanza from one of our hosts to a domain that is none of them (RFC 6120, 10.4), after whatever
     * was sent from the one to the other before.  It is one XML element as a client would have sent it,
     * addresses and jabber:client declared: what the wire between servers wants instead (jabber:server) is
     * the host's to make of it.  Both domains are prepared.  All is borrowed for the length of the call. What
     * does not get there is told with core_unroutable.  May be NULL: then there is no way out, and what a
     * client sends there comes back at once as <remote-server-not-found/>. */
    void (*route)(void *host, const char *from_domain, const char *to_domain, const char *stanza,
                  size_t length);

    /* A login has failed on a connection, for a host that wants to slow down who guesses: the core knows no
     * address, and counts failures for each connection alone (limits.login_tries).  `username` is the name
     * that was tried at `domain`, prepared, whether there is such an account or not, or NULL where none was
     * told; `condition` is that of the failure, such as "not-authorized" (RFC 6120, 6.5).  All is borrowed
     * for the length of the call.  May be NULL. */
    void (*login_failed)(void *host, void *link, const char *username, const char *domain,
                         const char *condition);
};

/* ---- Settings -------------------------------------------------------------------------------------- */

/* What happens to a session that binds a resource which another session of the account holds
 * (RFC 6120, 7.7.2.2). */
enum core_conflict {
    CORE_KICK_OLD,  /* the older session is closed with <conflict/>, the newer gets the resource */
    CORE_KICK_NEW,  /* the newer is answered with <conflict/> and may try another resource */
    CORE_INCREMENT, /* the newer gets "resource#2", or the next number that is free */
    CORE_RANDOM,    /* the newer gets a resource of the server's making */
};

/* Where a message to a bare JID goes (RFC 6121, 8.5.2.1.1). */
enum core_delivery {
    CORE_DELIVER_BEST, /* to the available resources with the highest priority */
    CORE_DELIVER_ALL,  /* to every available resource whose priority is not negative */
};

/* What is done about a bound client from which nothing was heard for idle_time.  Where stream management is
 * enabled its <r/> takes the place of both whitespace and ping (XEP-0198, 8.1). */
enum core_keepalive {
    CORE_KEEPALIVE_NONE,       /* nothing: a dead connection is found when the host finds it */
    CORE_KEEPALIVE_WHITESPACE, /* a blank is sent (RFC 6120, 4.6.1), and nothing is expected */
    CORE_KEEPALIVE_PING,       /* XEP-0199; silence for ping_time then is a dead connection */
};

/* SASL mechanisms, as bits of core_settings.mechanisms. */
enum core_mechanism {
    CORE_PLAIN = 1,         /* RFC 4616 */
    CORE_SCRAM_SHA_1 = 2,   /* RFC 5802 */
    CORE_SCRAM_SHA_256 = 4, /* RFC 7677 */

    /* The same, bound to the channel of TLS: offered on streams for which the host gave data to bind to. */
    CORE_SCRAM_SHA_1_PLUS = 8,
    CORE_SCRAM_SHA_256_PLUS = 16,

    /* By the certificate that the client showed TLS (RFC 4422, appendix A; XEP-0178): offered on streams for
     * which the host named identities, one of them of the stream's host. */
    CORE_EXTERNAL = 32,

    /* RFC 4505.  Offered on core_settings.anonymous_hosts, where it is the only one, and nowhere else;
     * whether this bit is set in core_settings.mechanisms makes no difference. */
    CORE_ANONYMOUS = 64,
};

/* Whether streams are encrypted with STARTTLS (RFC 6120, 5).  On a stream that is not, and must be, nothing
 * else is negotiated: SASL fails with encryption-required (6.5.4), a stanza gets the stream error
 * not-authorized as any stanza before authentication does (4.9.3.12). */
enum core_tls_policy {
    CORE_TLS_NONE,     /* it is not offered */
    CORE_TLS_OPTIONAL, /* it is offered beside the mechanisms of SASL */
    CORE_TLS_REQUIRED, /* it is the only feature until it is there */
};

/* What a server may do without, as bits of core_settings.features. */
enum core_feature {
    CORE_OFFLINE = 1,       /* messages for whoever is away are kept (XEP-0160); else service-unavailable */
    CORE_CARBONS = 2,       /* XEP-0280 */
    CORE_BLOCKING = 4,      /* XEP-0191; without it no block list is read */
    CORE_LAST_ACTIVITY = 8, /* XEP-0012; each unavailable presence is saved for it */
};

/* The bounds.  Each field names what a client gets that passes it. */
struct core_limits {
    size_t stanza_bytes; /* of one top-level element: policy-violation (stream).  In memory it may take
                            STANZA_MEMORY times as much (parser.h): the same */
    /* Of a stream header; and until the client has logged in of one top-level element, and of what waits for
     * storage, where they are not less already: policy-violation (stream). */
    size_t unauthenticated_bytes;
    size_t depth;         /* of nested elements, the stanza itself being 1: policy-violation (stream) */
    size_t attributes;    /* of one element: policy-violation (stream) */
    size_t waiting_bytes; /* received while the session waits for storage: policy-violation (stream) */
    size_t output_bytes;  /* not yet taken by ports.send, one roster apart: the connection is closed */
    size_t login_tries;   /* failed ones on one connection: policy-violation (stream), RFC 6120, 6.4.5 */
    size_t resources;     /* bound at once by an account: resource-constraint (stanza), RFC 6120, 7.6.2.1 */
    size_t roster_items;  /* of one account, as its clients see them: resource-constraint (stanza) */
    size_t requests;      /* for subscriptions that wait in one account, of those who are not in its roster:
                             resource-constraint (stanza) */
    /* Of all those items, as clients get them: resource-constraint (stanza).  A roster that was stored when
     * this was more is passed to its owner all the same, who can make it smaller and not larger. */
    size_t roster_bytes;
    size_t request_bytes;     /* of all subscription requests that wait for one account's answer: the same */
    size_t roster_groups;     /* of one roster item: not-acceptable (stanza) */
    size_t roster_text_bytes; /* of one name or group: not-acceptable (stanza), RFC 6121, 2.3.3 */
    /* Pieces of work that wait for the storage of one account: what another server sends it is answered with
     * resource-constraint (stanza), a client's probe of it not at all. */
    size_t account_work;
    /* Accounts to which no client is connected, and whose roster, block list and number of kept messages stay
     * in memory nevertheless, so that what others send them costs no load each time: those that were used
     * last.  How many; what they take in bytes, about, and as the same number on every machine; and how many
     * nanoseconds something is used after it was loaded or a client was last connected (0 is for ever).  What
     * finds no room is loaded each time. */
    size_t cached_accounts;
    size_t cached_bytes;
    uint64_t cache_time;
    size_t offline_messages; /* kept for one account: service-unavailable (stanza), XEP-0160, 2 */
    size_t blocked;          /* JIDs in one block list: resource-constraint (stanza) */
    size_t directed;         /* entities a session has sent directed presence: resource-constraint (stanza) */
    uint64_t login_time;  /* nanoseconds from accept to binding: connection-timeout (stream); 0 is for ever */
    size_t unacked;       /* stanzas sent to one client, or kept for it while it is away, that it has not
                             acknowledged (XEP-0198): policy-violation (stream), the session ends */
    size_t unacked_bytes; /* the same in bytes, one roster apart */
    size_t held_presence; /* held back from one inactive client (XEP-0352): all of it is sent */
    size_t held_presence_bytes; /* the same in bytes */

    /* Passwords that an account chooses within password_time nanoseconds (0 is for ever), each of which costs
     * the core twice `iterations`: policy-violation (stanza).  They are counted while somebody is connected
     * to the account. */
    size_t passwords;
    uint64_t password_time;

    size_t guests; /* on one anonymous host at once, those included that wait to be resumed:
                      temporary-auth-failure (SASL) */
};

enum {
    CORE_SECRET = 32, /* bytes of core_settings.secret */
    /* The most iterations of a stored key and of core_settings.iterations.  PLAIN repeats them while
     * everybody else waits, a quarter of a second to one; OWASP asks for 600,000 with SHA-256 and 1,300,000
     * with SHA-1. */
    CORE_ITERATIONS = 2000000,
};

struct core_settings {
    const char *const *hosts; /* at least one; the first is the server's own name */
    size_t host_count;
    enum core_conflict conflict;
    enum core_delivery delivery;
    unsigned mechanisms; /* bits of enum core_mechanism */
    unsigned features;   /* bits of enum core_feature */
    enum core_tls_policy tls;
    size_t iterations; /* of the hash behind a password that a client chooses, from 1 to CORE_ITERATIONS: what
                          an attacker who steals the keys has to repeat, and PLAIN as well (RFC 5802, 5.1) */
    size_t salt_bytes; /* of the salts that the core makes, from 1 to CORE_SECRET */

    /* SCRAM shows the salt and the iterations of a name before any password, so a name that there is no
     * account of is shown some as well: made from the name and these CORE_SECRET bytes, with salt_bytes and
     * iterations as a new password of that server has them.  They tell such a name from an account when the
     * secret is another after a start than before, and where accounts that the host makes have other lengths
     * or counts.  So the host keeps the secret with the accounts.  It is copied by core_new; with NULL, the
     * default, the core makes one for its life. */
    const unsigned char *secret;
    bool plain_without_tls; /* PLAIN on streams that are not encrypted; else encryption-required (SASL) */

    /* The hosts on which nobody has an account: whoever logs in with ANONYMOUS gets a username of the
     * server's making, for as long as the session lasts.  No store of theirs is ever loaded or saved.  Those
     * of them that are not among `hosts` are added to these. */
    const char *const *anonymous_hosts;
    size_t anonymous_host_count;

    /* The server's name and version, for XEP-0092 and XEP-0030; NULL tells none.  Without a name XEP-0092 is
     * not there; without a version that is told as empty.  They are borrowed for the life of the core. */
    const char *software;
    const char *software_version;

    /* Whether somebody who may not see the presence of an account is told more of it than it has to be, where
     * the specifications ask for that or allow it:
     *
     *                                          false, the default          true
     *   a request for the last activity        service-unavailable, as     forbidden (XEP-0012, 3)
     *                                          where there is no account
     *   a request for a subscription           not acknowledged            acknowledged with unavailable
     *                                                                      presence (RFC 6121, 3.1.3, 3: MAY)
     *   a message that may not be kept         dropped                     service-unavailable (RFC 6121,
     *   (XEP-0334), while nobody is there                                  8.5.2.2.1: SHOULD)
     *
     * With true a stranger can find out which accounts there are, and who is there. */
    bool tell_strangers;

    /* Whether a probe of an account that nobody is available of is answered with the status of its last
     * unavailable presence, and when that was (RFC 6121, 4.3.2: it MAY and SHOULD).  Otherwise, and by
     * default as with Prosody, the answer only says that nobody is there. */
    bool tell_last_presence;

    /* Whether an iq of type get or set reaches a resource whose presence the sender may not see, as with
     * Prosody.  Otherwise, and by default, it is answered with service-unavailable, so that strangers cannot
     * find out which resources there are (RFC 6121, 8.5.3.1: SHOULD).  Who was sent directed presence may
     * ask, and so may the occupants of a room that was. */
    bool iq_from_strangers;
    struct core_limits limits;

    /* The spans are nanoseconds; 0 is for ever, but for resume_time. */
    enum core_keepalive keepalive;
    uint64_t idle_time; /* without a byte from a bound client, before the keepalive is due */
    uint64_t ping_time; /* without a byte after a ping or an <r/>, before the connection is given up:
                           connection-timeout (stream), and the session hibernates if it can */

    bool stream_management;  /* XEP-0198 is offered */
    uint64_t resume_time;    /* a session that lost its connection waits to be resumed; 0 forbids it.  Where
                                limits.resources leaves no room for a new one, the longest there ends */
    size_t ack_after;        /* an <r/> is sent when more stanzas than this are not acknowledged */
    size_t ack_after_asleep; /* the same while the client is inactive */

    bool client_state; /* XEP-0352 is offered */
};

/* The settings that a server has which sets nothing but its hosts: no hosts, the mechanisms EXTERNAL,
 * SCRAM-SHA-256 and SCRAM-SHA-1 with and without -PLUS, and PLAIN, 10,000 iterations, TLS required and PLAIN
 * only with it, no anonymous hosts, kick_old, delivery to the best resources, every feature, and generous
 * limits: of offline messages and blocked JIDs a thousand each (Prosody knows no bound of its own there). As
 * in Prosody: whitespace after 14 minutes of silence, stream management with 10 minutes to resume and an <r/>
 * after every batch of stanzas (after 256 of them to an inactive client), client state indication.  60
 * seconds for an answer, which Prosody does not bound, are ejabberd's. */
struct core_settings core_settings_default(void);

/* ---- Told: what happened --------------------------------------------------------------------------- */

/* Makes a core.  Ports and settings are copied, host names included.  Returns NULL when there is no
 * memory, or when a host name is none (RFC 7622, 3.2). */
struct core *core_new(const struct core_ports *ports, const struct core_settings *settings);

/* Ends a core and all that is in it without a word on any connection.  Answers to storage requests that
 * come later must not be passed on.  NULL is nothing. */
void core_free(struct core *core);

/* A client has connected; `link` names the connection in the ports.  Returns NULL when there is no
 * memory, or after core_shutdown: the host then ends the connection itself. */
struct conn *core_accept(struct core *core, void *link);

/* Bytes came, in pieces of any size. */
void core_receive(struct core *core, struct conn *conn, const char *bytes, size_t length);

/* What a handshake of TLS left behind.  Everything is borrowed for the length of the call. */
struct core_tls_bytes {
    const unsigned char *bytes; /* NULL when there are none */
    size_t length;
};

struct core_tls {
    /* What SASL may bind to: the data of the channel binding types tls-exporter (RFC 9266) and
     * tls-server-end-point (RFC 5929, 4).  Either may be missing. */
    struct core_tls_bytes exporter, server_end_point;

    /* The XMPP addresses (bare JIDs) in the client's certificate, which the host has found valid
     * (RFC 6120, 13.7.1.4). */
    const char *const *identities;
    size_t identity_count;
};

/* The handshake that ports.start_tls began is complete: what core_receive is given from now on was
 * encrypted, what ports.send is given will be.  Bytes that core_receive was given since start_tls are
 * thrown away, for they came in the clear. */
void core_secured(struct core *core, struct conn *conn, const struct core_tls *tls);

/* The link takes bytes again after ports.send took too few. */
void core_writable(struct core *core, struct conn *conn);

/* The connection is gone, for whatever reason.  An available resource becomes unavailable
 * (RFC 6121, 4.5.2), unless its session may be resumed: then that hibernates, bound and available, until
 * it is resumed on another connection or resume_time is over (XEP-0198, 5). */
void core_hangup(struct core *core, struct conn *conn);

/* The server goes down: every stream ends with <system-shutdown/>, every session is destroyed, and no
 * connection is accepted from now on.  What was sent but not acknowledged goes where it would without its
 * recipient.  Storage may still be at work: the host lets it finish before core_free. */
void core_shutdown(struct core *core);

/* It is now as late as ports.now says: whatever is due happens. */
void core_tick(struct core *core);

/* Memory is short: gives back what is only in memory to save work, which is the accounts that
 * limits.cached_accounts is about and the XML parsers that no connection needs.  The core gives those
 * accounts up by itself when it lacks memory to load others.  May be called between any two other calls. */
void core_trim(struct core *core);

/* When core_tick has something to do next, as ports.now counts; UINT64_MAX when nothing is due ever.
 * To be asked again after every call. */
uint64_t core_deadline(const struct core *core);

/* A storage request has completed.  The entries (CORE_LOAD and CORE_COUNT only) are borrowed for the length
 * of the call.  An answer to a request whose reason has gone is taken and does nothing. */
void core_stored(struct core *core, uint64_t request, enum core_store_status status,
                 const struct core_store_entry *entries, size_t entry_count);

/* A stanza has come from another server, in the form in which ports.route hands them out.  The host vouches
 * for its being from the domain `from_domain`.  A stanza is dropped without a word whose `from` is not a JID
 * of that domain (RFC 6120, 8.1.2.2), whose `to` is not one of ours (8.1.1.2), which is none, or which
 * passes the limits stanza_bytes, depth or attributes; so is one for which there is no memory. */
void core_arrived(struct core *core, const char *from_domain, const char *stanza, size_t length);

/* Why a stanza could not be routed. */
enum core_route_failure {
    CORE_NO_SERVER,      /* nobody serves that domain: remote-server-not-found (RFC 6120, 8.3.3.16) */
    CORE_SERVER_TIMEOUT, /* it does not answer: remote-server-timeout (8.3.3.17) */
};

/* A stanza that ports.route was given did not get to the other server.  Its sender is told, unless it is an
 * error, a result, a probe, or presence of type unavailable or unsubscribed, and unless there is no memory to
 * read it. */
void core_unroutable(struct core *core, const char *stanza, size_t length, enum core_route_failure why);

#ifdef __cplusplus
}
#endif

#endif

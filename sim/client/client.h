/*
 * client.h - a simulated XMPP client: it speaks the protocol, and keeps the view that a real one would.
 *
 * A client stands between two others.  Below it is a transport: bytes, in pieces of any size, the simulated
 * wire first.  Above it is whoever directs it (the stage), who makes it open a connection, a stream,
 * authenticate, bind and send, one by one or all at once, and who reads what came from its inbox.
 *
 * Everything that the server sends at the top level goes into the inbox, in order, except what a helper of
 * the client's own consumed: the stream header and features, the exchange of client_authenticate, the answer
 * to client_bind, client_manage and client_resume, and, unless client_answer says otherwise, the server's
 * requests for acknowledgement (XEP-0198) and its pings (XEP-0199).  Those and roster pushes (RFC
 * 6121, 2.1.6) it answers by itself.
 *
 * The view is built only from what was received: the roster, once it was asked for, and who is online.
 */
#ifndef SIM_CLIENT_H
#define SIM_CLIENT_H

#include "../xml/xml.h"

#include <stdint.h>

struct client;

/* What carries the bytes.  `write` returns how many it took; client_writable follows when that was not all.
 */
struct transport {
    void *self;
    void (*dial)(void *self, struct client *client); /* client_opened follows, some time later */
    size_t (*write)(void *self, const char *bytes, size_t length);
    void (*close)(void *self);     /* politely; nothing more is heard of the connection */
    void (*break_off)(void *self); /* rudely; the same */
    void (*start_tls)(void *self); /* client_secured follows, or client_ended when the handshake fails */
};

struct client_identity {
    const char *name; /* in the cast */
    const char *local, *domain, *resource, *password;
    const char *mechanism; /* NULL for the best of those offered that the client knows */
    enum client_tls { CLIENT_TLS_IF_OFFERED, CLIENT_TLS_ALWAYS, CLIENT_TLS_NEVER } tls; /* for client_login */
    const char *certificate; /* that TLS shows: bare JIDs with ", " between, or NULL */
    const char *binding;     /* the type of channel binding, "none", or NULL for the best announced */
};

/* Everything borrowed for the client's life; `transport` is copied. */
struct client *client_new(const struct client_identity *identity, struct transport transport);
void client_free(struct client *client);

/* ---- From the transport ---- */
void client_opened(struct client *client);
void client_bytes(struct client *client, const char *bytes, size_t length);
void client_writable(struct client *client);
/* The handshake is complete; the data of the two types of channel binding, CLIENT_CHANNEL bytes each. */
enum { CLIENT_CHANNEL = 32 };
void client_secured(struct client *client, const unsigned char *exporter,
                    const unsigned char *server_end_point, size_t length);
void client_ended(struct client *client);

/* ---- Directing it ----
 * Each of these starts something; it is done when the world is quiet.  What came of it is in
 * client_state and client_outcome. */

enum client_state {
    CLIENT_AWAY, /* no connection */
    CLIENT_DIALLING,
    CLIENT_CONNECTED, /* a connection, no stream */
    CLIENT_SECURING,  /* <starttls/> is sent, or the handshake is under way */
    CLIENT_OPENING,   /* our stream header is sent */
    CLIENT_OPEN,      /* the server's header and features are here */
    CLIENT_AUTHENTICATING,
    CLIENT_AUTHENTICATED, /* success came; the stream must be restarted */
    CLIENT_BINDING,
    CLIENT_BOUND,
    CLIENT_CLOSING, /* we closed our stream */
    CLIENT_ENDED,   /* the server closed its stream or the connection */
};
const char *client_state_name(enum client_state state); /* "away", "dialling", ... */

void client_dial(struct client *client);

/* The attributes of a stream header; NULL for one that is left out. */
struct client_header {
    const char *to, *from, *version, *lang, *id;
    const char *ns;         /* the default namespace */
    const char *streams_ns; /* of <stream:stream> itself */
};
/* to the identity's domain, version 1.0, no from, no language */
struct client_header client_header_usual(const struct client *client);
void client_open_stream(struct client *client, const struct client_header *header);

/* Asks for TLS, and does the handshake; the client is then as it was when it had just connected. */
void client_start_tls(struct client *client);

/* mechanism, user and password: NULL for the identity's own. */
void client_authenticate(struct client *client, const char *mechanism, const char *user,
                         const char *password);
void client_bind(struct client *client, const char *resource);

/* Dials, opens, starts TLS as its identity has it, opens, authenticates, restarts, binds (the identity's
 * resource): on from wherever it is. */
void client_login(struct client *client);

/* Stream management (XEP-0198): <enable resume='true'/>, which may be refused; <a/> with the client's own
 * count or another; and <resume/> of the session that it had last, on from wherever it is.  What the client
 * sent and the server never acknowledged it sends again once it has resumed. */
void client_manage(struct client *client);
void client_acknowledge(struct client *client, const uint32_t *other);
void client_resume(struct client *client);

/* Whether it answers the server's <r/> and pings by itself, as it does at first. */
void client_answer(struct client *client, bool answers);

/* </stream:stream>, and the connection closed once the server's has come. */
void client_close_stream(struct client *client);
void client_drop(struct client *client);
void client_disconnect(struct client *client); /* politely where there is a stream, else simply */

/* Bytes as they are.  They count as one write; what stanzas are in them the client does not know. */
void client_write(struct client *client, const char *bytes, size_t length);

/* ---- What is known of it ---- */

const char *client_name(const struct client *client);
enum client_state client_state(const struct client *client);
const char *client_full_jid(const struct client *client); /* as bound; NULL before */

/* What became of the last client_start_tls, client_authenticate, client_bind, client_login, client_manage or
 * client_resume. */
struct client_outcome {
    enum { OUTCOME_NONE, OUTCOME_PENDING, OUTCOME_DONE, OUTCOME_REFUSED } state;
    const char *condition; /* OUTCOME_REFUSED: the element's name */
    const char *during;    /* "starting TLS", "authentication", "binding", "stream management", "resumption",
                              "the stream" */
};
struct client_outcome client_outcome(const struct client *client);

/* How many of its connections have ended. */
unsigned client_endings(const struct client *client);

/* Writes the bare JID of its account, in small letters as far as they are ASCII, into `out` of `size` bytes,
 * cut where it must be. */
void client_account(const struct client *client, char *out, size_t size);

/* What stream management counts; all 0 while it is not enabled. */
struct client_counts {
    bool managed;
    bool resumed;      /* this session was resumed once at least */
    bool exact;        /* no bytes were written as they are: `sent` is known */
    uint32_t received; /* stanzas, modulo 2^32 */
    uint32_t sent;
};
struct client_counts client_counts(const struct client *client);

/* Whether the client has ever been inactive in this session (XEP-0352). */
bool client_was_inactive(const struct client *client);

/* Whether what it sends and receives is encrypted. */
bool client_is_secured(const struct client *client);

/* The server's latest stream header and features; NULL before the first, borrowed. */
const struct xml *client_stream_header(const struct client *client);
const struct xml *client_features(const struct client *client);

/* All that it holds, as properties of the line at hand and lines below. */
struct description;
void client_describe(struct description *description, const struct client *client);

/* ---- Inbox ---- */

enum received_kind {
    RECEIVED_ELEMENT,
    RECEIVED_STREAM_END, /* </stream:stream> */
    RECEIVED_CONNECTION_END,
    RECEIVED_GARBAGE, /* what the server sent is not XML: a failure whatever the scenario says */
};
struct received {
    struct received *next;
    uint64_t number; /* counts up with each that came to this client, from 1 */
    enum received_kind kind;
    struct xml *element; /* RECEIVED_ELEMENT only */
    const char *problem; /* RECEIVED_GARBAGE only; static */
};

/* How many have come so far, taken or not. */
uint64_t client_received(const struct client *client);

/* What has come and was not taken yet, in order; borrowed until client_take. */
const struct received *client_inbox(const struct client *client);

/* What of that has come since client_look was called, in order; NULL when nothing has. */
const struct received *client_fresh(const struct client *client);
void client_look(struct client *client);

/* The first of kind RECEIVED_GARBAGE that has come, NULL for none; borrowed until client_take. */
const struct received *client_garbage(const struct client *client);

/* Takes one out of the inbox and frees it. */
void client_take(struct client *client, const struct received *received);

/* ---- View ---- */

struct client_contact {
    struct client_contact *next;
    const char *jid;
    const char *name; /* NULL when none */
    const char *subscription;
    bool ask;
    bool approved;
    struct xml *item; /* as it was last received */
};

bool client_has_roster(const struct client *client);   /* a roster result has come in this session */
bool client_asked_roster(const struct client *client); /* the roster was requested in this session */
const struct client_contact *client_roster(const struct client *client);

/* How often anything was received of it: as long as that stays the same, so does the roster. */
uint64_t client_roster_changes(const struct client *client);

/* The version that the roster was last received with (RFC 6121, 2.6), or NULL.  Roster and version outlive
 * the session: they are what the next session has again when the server says that they are up to date. */
const char *client_roster_version(const struct client *client);

/* Who is online: every full JID whose last presence here was available; the order is that of arrival.  Nobody
 * is, once the server has confirmed that the client itself is unavailable. */
struct client_online {
    struct client_online *next;
    const char *jid;
};
const struct client_online *client_online(const struct client *client);
bool client_sees(const struct client *client, const char *full_jid);

/* ---- Observation, for the checks ---- */

struct client_observer {
    void *host;
    void (*received)(void *host, struct client *client,
                     const struct xml *element);                               /* before the view changes */
    void (*sent)(void *host, struct client *client, const struct xml *stanza); /* going out */
};
void client_observe(struct client *client, struct client_observer observer);

/* Sends a stanza; it stays the caller's.  An iq without an id is given one. */
void client_send(struct client *client, const struct xml *stanza);

/* Says that client_write is given a stanza: client_send says so by itself. */
void client_sent(struct client *client, const struct xml *stanza);

#endif

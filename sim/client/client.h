/*
 * client.h - a simulated XMPP client: it speaks the protocol, and keeps the state that a real client would
 * keep.
 *
 * Below a client is its transport, which carries bytes in pieces of any size (the simulated link).  Above it
 * is the player, which directs it: to open a connection or a stream, authenticate, bind and send, step by
 * step or all at once.  The player reads the client's inbox.
 *
 * Everything that the server sends at the top level of the stream goes to the inbox, in order, except what
 * the client consumes itself: the stream header and features, the exchange of client_authenticate, the
 * answers to client_bind, client_manage and client_resume, and, unless client_answer changes it, the server's
 * requests for acknowledgement (XEP-0198) and its pings (XEP-0199).  The client answers those, and roster
 * pushes (RFC 6121, 2.1.6), automatically.
 *
 * The view of a client is built only from received stanzas: the roster, once it was requested, and the online
 * contacts.
 */
#ifndef SIM_CLIENT_H
#define SIM_CLIENT_H

#include "../xml/xml.h"

#include <stdint.h>

struct client;

/* The transport of a client.  `write` returns how many bytes it took; client_writable follows when that was
 * not all. */
struct transport {
    void *self;
    void (*dial)(void *self, struct client *client); /* client_opened follows later */
    size_t (*write)(void *self, const char *bytes, size_t length);
    void (*close)(void *self);     /* orderly; no more callbacks for the connection */
    void (*break_off)(void *self); /* abruptly (TCP reset); no more callbacks */
    void (*start_tls)(void *self); /* client_secured follows, or client_ended when the handshake fails */
};

struct client_identity {
    const char *name; /* in the cast */
    const char *local, *domain, *resource, *password;
    const char *mechanism; /* NULL for the strongest offered mechanism that the client supports */
    enum client_tls { CLIENT_TLS_IF_OFFERED, CLIENT_TLS_ALWAYS, CLIENT_TLS_NEVER } tls; /* for client_login */
    const char
        *certificate;    /* bare JIDs in the client certificate, separated by ", "; NULL for no certificate */
    const char *binding; /* channel binding type, or "none"; NULL for the best announced type */
};

/* Creates a client.  The identity and its strings are borrowed for the life of the client; `transport` is
 * copied. */
struct client *client_new(const struct client_identity *identity, struct transport transport);
void client_free(struct client *client);

/* ---- From the transport ---- */
void client_opened(struct client *client);
void client_bytes(struct client *client, const char *bytes, size_t length);
void client_writable(struct client *client);
/* The TLS handshake is complete, with the channel binding data of both types, CLIENT_CHANNEL bytes each. */
enum { CLIENT_CHANNEL = 32 };
void client_secured(struct client *client, const unsigned char *exporter,
                    const unsigned char *server_end_point, size_t length);
void client_ended(struct client *client);

/* ---- Directing it ----
 *
 * Each function starts an action, which is complete at quiescence. client_state and client_outcome show the
 * result. */

enum client_state {
    CLIENT_AWAY, /* no connection */
    CLIENT_DIALLING,
    CLIENT_CONNECTED, /* a connection, no stream */
    CLIENT_SECURING,  /* <starttls/> is sent, or the handshake is under way */
    CLIENT_OPENING,   /* the client sent its stream header */
    CLIENT_OPEN,      /* the server's header and features have arrived */
    CLIENT_AUTHENTICATING,
    CLIENT_AUTHENTICATED, /* <success/> has arrived; the stream must be restarted */
    CLIENT_BINDING,
    CLIENT_BOUND,
    CLIENT_CLOSING, /* the client closed its stream */
    CLIENT_ENDED,   /* the server closed its stream or the connection */
};
const char *client_state_name(enum client_state state); /* "away", "dialling", ... */

/* Opens a connection. */
void client_dial(struct client *client);

/* The attributes of a stream header; NULL for one that is left out. */
struct client_header {
    const char *to, *from, *version, *lang, *id;
    const char *ns;         /* the default namespace */
    const char *streams_ns; /* of <stream:stream> itself */
};
/* The usual header: `to` is the domain of the identity, version 1.0, no `from`, no language. */
struct client_header client_header_usual(const struct client *client);
void client_open_stream(struct client *client, const struct client_header *header);

/* Negotiates STARTTLS and does the handshake; the state is then that of a new connection. */
void client_start_tls(struct client *client);

/* Authenticates; NULL for the mechanism, user or password of the identity. */
void client_authenticate(struct client *client, const char *mechanism, const char *user,
                         const char *password);

/* The same exchange (RFC 6120, 6.4) in parts, between which anything may happen.  client_begin_to_authenticate sends
 * <auth/>, client_begin_without_initial_response one in which the initial response is missing.  From then on each
 * challenge is held, and the action is complete when one has come.  client_answer_challenge answers it, and is complete when the next one has come;
 * client_finish_authenticating answers it and all later ones, in SCRAM with a variant of the last message
 * (scram_final.h), or NULL for the right one.  client_abort_authentication sends <abort/>; the server should refuse it
 * with "aborted".  Refused with "no-challenge" when none is held, and with "not-scram" for a variant of another
 * mechanism. */
struct scram_variant;
void client_begin_to_authenticate(struct client *client, const char *mechanism, const char *user,
                                  const char *password);
void client_begin_without_initial_response(struct client *client, const char *mechanism, const char *user,
                                           const char *password);
void client_answer_challenge(struct client *client);
void client_finish_authenticating(struct client *client, const struct scram_variant *variant);
void client_abort_authentication(struct client *client);

void client_bind(struct client *client, const char *resource);

/* Logs in: dials, opens a stream, starts TLS as the identity says, authenticates, restarts the stream and
 * binds the resource of the identity.  Continues from the current state. */
void client_login(struct client *client);

/* Stream management (XEP-0198). client_manage sends <enable resume='true'/>, which the server may refuse.
 * client_acknowledge sends <a/> with the client's own count, or with `other`. client_resume logs in up to
 * <resume/> for the latest session, from the current state.  After resumption the client sends unacknowledged
 * stanzas again. */
void client_manage(struct client *client);
void client_acknowledge(struct client *client, const uint32_t *other);
void client_resume(struct client *client);

/* Whether the client answers the server's <r/> and pings automatically; true at first. */
void client_answer(struct client *client, bool answers);
bool client_answers(const struct client *client);

/* Pipelining: from client_cork to client_uncork all output is held back, and then written in one write.  The actions
 * between send their requests at once, whatever the state of the client, and are pending beside each other: the server's
 * answers complete them in their order.  client_login and client_dial are not for there. */
void client_cork(struct client *client);
void client_uncork(struct client *client);

/* Sends </stream:stream>, and closes the connection once the server has sent its own. */
void client_close_stream(struct client *client);
void client_drop(struct client *client);
void client_disconnect(struct client *client); /* closes the stream if it is open, else the connection */

/* Writes bytes unchanged, in one write.  The client does not know which stanzas they contain; see
 * client_sent and client_unclear. */
void client_write(struct client *client, const char *bytes, size_t length);

/* ---- What is known of it ---- */

const char *client_name(const struct client *client);
enum client_state client_state(const struct client *client);
const char *client_full_jid(const struct client *client); /* as bound; NULL before */

/* The result of the last action: client_start_tls, client_authenticate and the parts of it, client_bind, client_login,
 * client_manage or client_resume. */
struct client_outcome {
    enum { OUTCOME_NONE, OUTCOME_PENDING, OUTCOME_DONE, OUTCOME_REFUSED } state;
    const char *condition; /* OUTCOME_REFUSED: the element's name */
    const char *during;    /* "starting TLS", "authentication", "binding", "stream management", "resumption",
                              "the stream" */
};
struct client_outcome client_outcome(const struct client *client);

/* How many actions have begun since client_cork, until the next one after client_uncork; and the result of one of them,
 * counted from 0. */
size_t client_actions(const struct client *client);
struct client_outcome client_outcome_of(const struct client *client, size_t action);

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
    uint32_t claimed;  /* the most that it said to have received */
    uint32_t sent;
    /* At most so many it acknowledged without having received them, and then lost its connection: the server
     * need not have sent them again. */
    uint32_t forgone;
};
struct client_counts client_counts(const struct client *client);

/* Whether the client has ever been inactive in this session (XEP-0352). */
bool client_was_inactive(const struct client *client);

/* Whether the connection is encrypted. */
bool client_is_secured(const struct client *client);

/* The server's latest stream header and features; NULL before the first, borrowed. */
const struct xml *client_stream_header(const struct client *client);
const struct xml *client_features(const struct client *client);

/* Describes the client: properties of the current line, and lines below. */
struct description;
void client_describe(struct description *description, const struct client *client);

/* ---- Inbox ---- */

enum received_kind {
    RECEIVED_ELEMENT,
    RECEIVED_STREAM_END, /* </stream:stream> */
    RECEIVED_CONNECTION_END,
    RECEIVED_GARBAGE, /* the server sent data that is not XML: a failure in every scenario */
};
struct received {
    struct received *next;
    uint64_t number; /* sequence number among all received by this client, from 1 */
    enum received_kind kind;
    struct xml *element; /* RECEIVED_ELEMENT only */
    const char *problem; /* RECEIVED_GARBAGE only; static */
};

/* The number received so far, taken or not. */
uint64_t client_received(const struct client *client);

/* The received items that were not taken, in order; borrowed until client_take. */
const struct received *client_inbox(const struct client *client);

size_t client_inbox_size(const struct client *client); /* how many these are */

/* Of these, the first received since the last client_look; NULL when there is none. */
const struct received *client_fresh(const struct client *client);
void client_look(struct client *client);

/* The first item of kind RECEIVED_GARBAGE, or NULL; borrowed until client_take. */
const struct received *client_garbage(const struct client *client);

/* Removes an item from the inbox and frees it. */
void client_take(struct client *client, const struct received *received);

/* ---- View ---- */

struct client_contact {
    struct client_contact *next;
    const char *jid;
    const char *name; /* NULL when none */
    const char *subscription;
    bool ask;
    bool approved;
    struct xml *item; /* as last received */
};

bool client_has_roster(const struct client *client);   /* a roster result has come in this session */
bool client_asked_roster(const struct client *client); /* the roster was requested in this session */
const struct client_contact *client_roster(const struct client *client);

/* How often roster data has been received: while the number is the same, so is the roster. */
uint64_t client_roster_changes(const struct client *client);

/* The version of the roster as last received (RFC 6121, 2.6), or NULL.  Roster and version outlive the
 * session: the next session uses them when the server says that they are up to date. */
const char *client_roster_version(const struct client *client);

/* The online full JIDs: those whose last received presence was available, in order of arrival.  The list is
 * empty once the server has confirmed that the client itself is unavailable. */
struct client_online {
    struct client_online *next;
    const char *jid;
};
const struct client_online *client_online(const struct client *client);
bool client_sees(const struct client *client, const char *full_jid);

/* ---- Observation ---- */

/* Each function may be NULL. */
struct client_observer {
    void *host;
    void (*received)(void *host, struct client *client,
                     const struct xml *element); /* called before the view changes */
    void (*sent)(void *host, struct client *client,
                 const struct xml *stanza);             /* called when a stanza is sent */
    void (*unclear)(void *host, struct client *client); /* see client_unclear */
    /* The server has ended the stream or the connection, or sent what is not XML; the client did not close
     * its stream to disconnect. */
    void (*ended)(void *host, struct client *client, enum received_kind how);
};

/* Adds an observer; they are called in the order in which they were added. */
enum { CLIENT_OBSERVERS_MOST = 2 };
void client_observe(struct client *client, struct client_observer observer);

/* Sends a stanza, which is borrowed.  An iq without an id gets one. */
void client_send(struct client *client, const struct xml *stanza);

/* Reports a stanza that the caller passes to client_write; client_send does it itself. */
void client_sent(struct client *client, const struct xml *stanza);

/* Reports that the bytes that the caller passes to client_write are no whole stanzas, so which stanzas the server
 * gets from now on is not known. */
void client_unclear(struct client *client);

#endif

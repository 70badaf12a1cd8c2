/*
 * client_private.h - the internals of a client, shared by its files.
 *
 * Each file calls only those above it in this list:
 *
 *      client_view.c        the roster, and who is online
 *      client_output.c      output, as far as the transport takes it
 *      client_state.c       the state, and the outcome of the current action
 *      client_managed.c     stream management: counts, acknowledgements, resumption
 *      client_tls.c         STARTTLS and channel binding
 *      client_connection.c  the begin and end of a connection
 *      client_login.c       authentication and binding, alone or as steps of a login
 *      client.c             input, the inbox, and actions
 *      client_describe.c    the description
 */
#ifndef SIM_CLIENT_PRIVATE_H
#define SIM_CLIENT_PRIVATE_H

#include "../text.h"
#include "client.h"
#include "scram.h"

#define XML_NS_ROSTER "jabber:iq:roster"
#define XML_NS_SASL   "urn:ietf:params:xml:ns:xmpp-sasl"
#define XML_NS_TLS    "urn:ietf:params:xml:ns:xmpp-tls"
#define XML_NS_SM     "urn:xmpp:sm:3"
#define XML_NS_CSI    "urn:xmpp:csi:0"
#define XML_NS_PING   "urn:xmpp:ping"

/* More than a JID of maximum length (RFC 7622, 3.1), and than any message of the SASL mechanisms here. */
enum { CLIENT_TEXT_MOST = 4096 };

/* What an action wants to reach, while it is pending. */
enum client_goal {
    GOAL_NONE,
    GOAL_TLS,
    GOAL_CHALLENGE, /* one that the client holds */
    GOAL_AUTHENTICATION,
    GOAL_BINDING,
    GOAL_LOGIN,
    GOAL_MANAGEMENT,
    GOAL_RESUMPTION,
};

/* An action with an outcome. */
struct client_action {
    enum client_goal goal; /* GOAL_NONE when it is over */
    bool pipelined;        /* its request was sent without regard to what came before */
    struct client_outcome outcome;
    char *condition; /* that of the outcome */
};

/* A sent stanza that the server has not acknowledged. */
struct client_unacked {
    struct client_unacked *next;
    char *xml;
};

/* The state of stream management (XEP-0198), from <enable/> on.  It outlives the connection. */
struct client_managed {
    enum { MANAGED_OFF, MANAGED_ASKED, MANAGED_ON, MANAGED_AWAY, MANAGED_RESUMING } state;
    char *id, *full_jid; /* of the session that may be resumed, or NULL */
    bool resumed, inexact;
    uint32_t received, sent, unacked_count;
    uint32_t claimed; /* the most that it said to have received */
    uint32_t forgone; /* what of that had not come, at most, whenever it was resumed */
    uint32_t behind;  /* the number of the last unacknowledged stanzas that were sent after <resume/>; they
                        count once it is granted */
    bool enables;     /* <enable/> was pipelined behind <resume/>, for when that is refused */
    uint32_t between; /* the number of those stanzas that were sent before it */
    struct client_unacked *first, **tail;
};

/* What the client has broadcast: the server returns unavailable presence, perhaps much later. */
struct client_broadcasts {
    bool is_available; /* the last presence was available */
    unsigned leaves;   /* unavailable presence that the server has not returned */
};

/* The state built from received stanzas.  Zeroed for a session that has received nothing. */
struct client_view {
    struct client_contact *roster; /* kept from one session to the next, together with its version */
    char *version;                 /* NULL for none */
    uint64_t roster_changes;
    struct client_online *online;
    bool asked;
    bool has_roster;
    char *get_id;      /* of the pending roster request with a version, or NULL */
    char *get_version; /* the version in that request */
};

struct client {
    const struct client_identity *identity;
    struct transport transport;
    struct client_observer observers[CLIENT_OBSERVERS_MOST];
    size_t observer_count;

    enum client_state state;
    enum { UNCONNECTED, CONNECTING, CONNECTED } connection;
    bool feeding;       /* the stream is being fed, so it cannot be freed */
    bool features_due;  /* the stream header has arrived, its features have not */
    bool authenticated; /* on this connection */
    bool starting_tls;  /* a <starttls/> of client_start_tls or client_login is unanswered */
    bool secured;       /* TLS is there */
    unsigned char exporter[CLIENT_CHANNEL], server_end_point[CLIENT_CHANNEL]; /* then */
    bool leaving;             /* client_disconnect waits for the server's end of the stream */
    struct xml_events events; /* of each stream */
    struct xml_stream *stream;
    struct xml *header, *features;
    struct text unsent; /* bytes that the transport has not taken yet */
    bool corked;        /* all output waits there */

    struct client_action *actions; /* the latest; while pipelined, all since client_cork */
    size_t action_count, action_room;
    bool authenticating;      /* a SASL exchange that the client began is under way */
    struct sasl_client *sasl; /* its negotiation; NULL for a mechanism that only the server may know */
    bool holds;               /* a challenge is held and not answered */
    struct xml *challenge;    /* the one that is held, or NULL */
    unsigned bind_waits;      /* the number of the oldest request to bind that is not answered; 0 for none */
    char *full_jid;
    unsigned endings;                /* of connections */
    unsigned nonces, binds, stanzas; /* how many were made, so that each is unlike the others */

    struct received *inbox, **inbox_tail;
    const struct received *garbage; /* in the inbox, or NULL */
    const struct received *fresh;   /* the same */
    uint64_t received;              /* how many have come */
    struct client_view view;
    struct client_managed managed;
    bool mute;                           /* it does not answer automatically */
    struct client_broadcasts broadcasts; /* of this session */
    struct client_broadcasts since_dial; /* of these, on this connection */
    bool was_inactive;                   /* in this session */
};

/* ---- client_view.c ---- */

/* `query` is the roster query of a result (the complete roster) or of a push (a change). */
void client_view_roster_result(struct client_view *view, const struct xml *query);

/* A roster request is sent, with an id and a version, each of which may be NULL; and an empty result arrives
 * for an id.  If it answers that request, and the version is the current one, the roster is complete (2.6.3).
 */
void client_view_roster_get(struct client_view *view, const char *id, const char *version);
void client_view_roster_unchanged(struct client_view *view, const char *id);
void client_view_roster_push(struct client_view *view, const struct xml *query);
void client_view_presence(struct client_view *view, const struct xml *presence);
void client_view_forget_online(struct client_view *view);

/* client_view_clear ends the session and keeps what outlives it; client_view_free frees everything. */
void client_view_clear(struct client_view *view);
void client_view_free(struct client_view *view);

/* ---- client_output.c ---- */

/* Writes a string to the transport. */
void client_write_string(struct client *client, const char *string);

/* Writes the text, and frees it. */
void client_write_text(struct client *client, struct text *text);

/* Writes the bytes that the transport did not take before. */
void client_flush(struct client *client);

/* Append an escaped string; an attribute. */
void client_append_escaped(struct text *text, const char *string);
void client_append_attribute(struct text *text, const char *name, const char *value); /* unless it is NULL */

/* ---- client_state.c ---- */

/* Changes the state, unless the client has closed its stream: after that, no input changes it. */
void client_enter(struct client *client, enum client_state state);

/* Frees the full JID: the client is not bound. */
void client_forget_full_jid(struct client *client);

/* A session begins that is not the one before, which is not resumed: only what this connection has carried is its. */
void client_begin_another_session(struct client *client);

/* The phases in which an action may be refused. */
extern const char client_during_the_stream[], client_during_tls[], client_during_authentication[],
    client_during_binding[];

/* client_pursue begins an action, in place of the earlier ones unless output is corked. client_pursues is whether one
 * with that goal is pending; client_drives, whether the client goes on by itself towards a session. */
void client_pursue(struct client *client, enum client_goal goal);
bool client_pursues(const struct client *client, enum client_goal goal);
bool client_drives(const struct client *client);

/* client_reached completes the first pending action with that goal, if any, successfully. client_refused ends the first
 * pending action, if any, with a condition, which is copied; `during` is static. client_refused_all ends all. */
void client_reached(struct client *client, enum client_goal goal);
void client_refused(struct client *client, const char *condition, const char *during);
void client_refused_all(struct client *client, const char *condition, const char *during);

/* Frees the actions: there are none. */
void client_forget_actions(struct client *client);

/* The name of the defined condition in an error or failure; owned by the element. */
const char *client_condition_of(const struct xml *error);

/* ---- client_managed.c ---- */

/* Writes a stanza, counts it for stream management, and frees the text. */
void client_write_stanza(struct client *client, struct text *text);
void client_managed_count_received(struct client *client, const struct xml *element);

/* An element of stream management was sent by a step of the scenario; one was received. client_managed_came
 * returns true when it is consumed. */
void client_managed_sent(struct client *client, const struct xml *element);
bool client_managed_came(struct client *client, const struct xml *element);

/* The connection has ended; whether there is a session to resume; sends the request. */
void client_managed_unconnected(struct client *client);
bool client_managed_may_resume(const struct client *client);
void client_managed_request(struct client *client); /* <resume/> */

/* Forgets the previous session; the same when another is bound, for which <enable/> may have been sent. */
void client_managed_forget(struct client *client);
void client_managed_bound(struct client *client);

/* ---- client_tls.c ---- */

/* Whether the server offered TLS; sends <starttls/>. */
bool client_offered_tls(const struct client *client);
void client_begin_tls(struct client *client);

/* Handles an element of STARTTLS.  Returns whether it belongs to the exchange of this client. */
bool client_tls_came(struct client *client, const struct xml *element);

/* Whether the server offered a SASL mechanism. */
bool client_offered_mechanism(const struct client *client, const char *mechanism);

/* The channel binding of a negotiation by a mechanism. */
struct sasl_binding client_binding(const struct client *client, const char *mechanism);

/* Whether the client can use an offered mechanism. */
bool client_can_use(const struct client *client, const char *mechanism);

/* Whether the certificate does not identify the account, so that an authorization identity is needed. */
bool client_needs_authzid(const struct client *client);

/* ---- client_connection.c ---- */

/* Ends the SASL exchange. */
void client_stop_authenticating(struct client *client);

/* The connection has ended: the pending action fails. */
void client_abandon_exchange(struct client *client);

/* Frees the stream, unless it is being fed. */
void client_release_stream(struct client *client);

/* The connection has ended, from either side: the pending action fails, and unsent bytes are lost. */
void client_unconnected(struct client *client, enum client_state state);

/* Forgets the session, except what outlives the connection of a session that may be resumed. */
void client_forget_session(struct client *client);

/* ---- client_login.c ---- */

/* The TLS handshake is complete. */
void client_tls_reached(struct client *client);

/* Does the next step of client_login, if there is one that need not wait. */
void client_go_on_with_login(struct client *client);

/* Handles an element of SASL.  Returns whether it belongs to the exchange of this client. */
bool client_sasl_came(struct client *client, const struct xml *element);

/* Handles an iq of a type.  Returns whether it is the answer to client_bind. */
bool client_bind_answered(struct client *client, const struct xml *iq, const char *type);

#endif

/*
 * client_private.h - a simulated client from the inside: what its parts share.
 *
 * Each calls only those above it in this list:
 *
 *      client_view.c        the roster, and who is online
 *      client_output.c      what is written, as far as the transport takes it
 *      client_state.c       where it is, and what came of what it was to do
 *      client_managed.c     stream management: counts, acknowledgements, resumption
 *      client_tls.c         encryption, and what SASL is bound to
 *      client_connection.c  a connection begun and ended, with all that was under way on it
 *      client_login.c       authentication and binding, alone or as the steps of a login
 *      client.c             what comes, the inbox, directing it
 *      client_describe.c    all of it, as text
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

/* More than a JID of the greatest length (RFC 7622, 3.1), and than any message of a SASL mechanism here. */
enum { CLIENT_TEXT_MOST = 4096 };

/* What client_outcome tells about, while it is pending. */
enum client_goal {
    GOAL_NONE,
    GOAL_TLS,
    GOAL_AUTHENTICATION,
    GOAL_BINDING,
    GOAL_LOGIN,
    GOAL_MANAGEMENT,
    GOAL_RESUMPTION,
};

/* A stanza that was sent and that the server did not acknowledge. */
struct client_unacked {
    struct client_unacked *next;
    char *xml;
};

/* The state of stream management (XEP-0198): from <enable/> on, and beyond the connection. */
struct client_managed {
    enum { MANAGED_OFF, MANAGED_ASKED, MANAGED_ON, MANAGED_AWAY, MANAGED_RESUMING } state;
    char *id, *full_jid; /* of the session that may be resumed, or NULL */
    bool resumed, inexact;
    uint32_t received, sent, unacked_count;
    uint32_t behind; /* of the unacknowledged the last ones: sent behind <resume/>, and counted once that is
                        granted */
    struct client_unacked *first, **tail;
};

/* What is known from what was received.  Zeroed is the view of a session in which nothing has come yet. */
struct client_view {
    struct client_contact *roster; /* kept from one session to the next, together with its version */
    char *version;                 /* NULL for none */
    uint64_t roster_changes;
    struct client_online *online;
    bool asked;
    bool has_roster;
    char *get_id;      /* of the roster request under way that said a version, or NULL */
    char *get_version; /* that it said */
};

struct client {
    const struct client_identity *identity;
    struct transport transport;
    struct client_observer observer;

    enum client_state state;
    enum { UNCONNECTED, CONNECTING, CONNECTED } connection;
    bool feeding;       /* the stream is being fed, so it cannot be freed */
    bool features_due;  /* a header came, its features did not yet */
    bool authenticated; /* on this connection */
    bool starting_tls;  /* a <starttls/> of our own is not answered */
    bool secured;       /* TLS is there */
    unsigned char exporter[CLIENT_CHANNEL], server_end_point[CLIENT_CHANNEL]; /* then */
    bool leaving;             /* client_disconnect waits for the server's end of the stream */
    struct xml_events events; /* of each stream */
    struct xml_stream *stream;
    struct xml *header, *features;
    struct text unsent; /* what the transport did not take yet */

    enum client_goal goal;
    struct client_outcome outcome;
    char *condition;          /* that of the outcome */
    bool authenticating;      /* an exchange of our own is under way */
    struct sasl_client *sasl; /* its negotiation; NULL for a mechanism that only the server may know */
    char bind_id[16];         /* of the iq under way; empty when there is none */
    char *full_jid;
    unsigned endings;                /* of connections */
    unsigned nonces, binds, stanzas; /* how many were made, so that each is unlike the others */

    struct received *inbox, **inbox_tail;
    const struct received *garbage; /* in the inbox, or NULL */
    const struct received *fresh;   /* the same */
    uint64_t received;              /* how many have come */
    struct client_view view;
    struct client_managed managed;
    bool mute;         /* it does not answer by itself */
    bool announced;    /* it broadcast available presence, and no other since */
    unsigned leaves;   /* broadcasts of unavailable presence that the server has not confirmed */
    bool was_inactive; /* in this session */
};

/* ---- client_view.c ---- */

/* `query` is the roster query of a result, which is the whole roster, or of a push, which is a change. */
void client_view_roster_result(struct client_view *view, const struct xml *query);

/* The roster is asked for with an id and a version, each perhaps NULL; and an empty result with an id came:
 * if it answers that, and the version is the one that we have, then we have the roster (2.6.3). */
void client_view_roster_get(struct client_view *view, const char *id, const char *version);
void client_view_roster_unchanged(struct client_view *view, const char *id);
void client_view_roster_push(struct client_view *view, const struct xml *query);
void client_view_presence(struct client_view *view, const struct xml *presence);
void client_view_forget_online(struct client_view *view);

/* The session is over; what outlives it stays.  And: the client is no more. */
void client_view_clear(struct client_view *view);
void client_view_free(struct client_view *view);

/* ---- client_output.c ---- */

void client_write_string(struct client *client, const char *string);

/* Writes the text, and frees it. */
void client_write_text(struct client *client, struct text *text);

/* Writes what the transport did not take before. */
void client_flush(struct client *client);

void client_append_escaped(struct text *text, const char *string);
void client_append_attribute(struct text *text, const char *name, const char *value); /* unless it is NULL */

/* ---- client_state.c ---- */

/* Goes to a state, unless our stream is closed: then nothing that still comes takes us anywhere else. */
void client_enter(struct client *client, enum client_state state);

void client_forget_full_jid(struct client *client);

/* During what something may be refused. */
extern const char client_during_the_stream[], client_during_tls[], client_during_authentication[],
    client_during_binding[];

/* A goal begins; one ends well, if it is the one that is pursued; and the one that is pursued, if any, ends
 * with a condition, which is copied.  `during` is static. */
void client_pursue(struct client *client, enum client_goal goal);
void client_reached(struct client *client, enum client_goal goal);
void client_refused(struct client *client, const char *condition, const char *during);

/* The name of an error's or a failure's defined condition, owned by the element. */
const char *client_condition_of(const struct xml *error);

/* ---- client_managed.c ---- */

/* Writes a stanza, counted where stanzas are; frees the text. */
void client_write_stanza(struct client *client, struct text *text);
void client_managed_count_received(struct client *client, const struct xml *element);

/* An element of the namespace was sent by the scenario's own will; one came.  Returns whether nobody else
 * needs to see it. */
void client_managed_sent(struct client *client, const struct xml *element);
bool client_managed_came(struct client *client, const struct xml *element);

void client_managed_unconnected(struct client *client);
bool client_managed_may_resume(const struct client *client);
void client_managed_request(struct client *client); /* <resume/> */

/* Another session begins, or none: nothing is left of the one before. */
void client_managed_forget(struct client *client);

/* ---- client_tls.c ---- */

bool client_offered_tls(const struct client *client);
void client_begin_tls(struct client *client);

/* An element of STARTTLS.  Returns whether it was a part of our own exchange. */
bool client_tls_came(struct client *client, const struct xml *element);

bool client_offered_mechanism(const struct client *client, const char *mechanism);

/* What a negotiation by that mechanism is bound to. */
struct sasl_binding client_binding(const struct client *client, const char *mechanism);

/* Whether the client has what a mechanism needs, for it to be chosen among those offered. */
bool client_can_use(const struct client *client, const char *mechanism);

/* Whether the certificate leaves open who the client is. */
bool client_needs_authzid(const struct client *client);

/* ---- client_connection.c ---- */

/* The exchange of SASL is over. */
void client_stop_authenticating(struct client *client);

/* Whatever was under way is refused, because the connection has ended. */
void client_abandon_exchange(struct client *client);

/* The stream is freed, unless it is being fed. */
void client_release_stream(struct client *client);

/* The connection is no more, whoever ended it: what was under way is refused, what is unsent is lost. */
void client_unconnected(struct client *client, enum client_state state);

/* What is known of the session, but for what outlives its connection where it may be resumed. */
void client_forget_session(struct client *client);

/* ---- client_login.c ---- */

/* TLS is there. */
void client_tls_reached(struct client *client);

/* The next step of client_login, where there is one that need not wait. */
void client_go_on_with_login(struct client *client);

/* An element of SASL.  Returns whether it was a part of our own exchange. */
bool client_sasl_came(struct client *client, const struct xml *element);

/* Returns whether an iq of that type is the answer to client_bind. */
bool client_bind_answered(struct client *client, const struct xml *iq, const char *type);

#endif

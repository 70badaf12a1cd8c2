/*
 * client_private.h - a simulated client from the inside: what its three parts share.
 *
 *      client.c        the connection, the stream, the inbox, directing it
 *      client_login.c  authentication and binding, alone or as the steps of a login
 *      client_view.c   the roster, and who is online
 */
#ifndef SIM_CLIENT_PRIVATE_H
#define SIM_CLIENT_PRIVATE_H

#include "client.h"
#include "text.h"

#define XML_NS_ROSTER "jabber:iq:roster"
#define XML_NS_SASL   "urn:ietf:params:xml:ns:xmpp-sasl"

/* What client_outcome tells about, while it is pending. */
enum client_goal { GOAL_NONE, GOAL_AUTHENTICATION, GOAL_BINDING, GOAL_LOGIN };

/* What is known from what was received.  Zeroed is the view of a session in which nothing has come yet. */
struct client_view {
    struct client_contact *roster;
    struct client_online *online;
    bool asked;
    bool has_roster;
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
    bool leaving;       /* client_disconnect waits for the server's end of the stream */
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
    uint64_t received; /* how many have come */
    struct client_view view;
};

/* ---- client.c ---- */

/* Goes to a state, unless our stream is closed: then nothing that still comes takes us anywhere else. */
void client_enter(struct client *client, enum client_state state);

/* The connection is no more, whoever ended it: what was under way is refused, what is unsent is lost. */
void client_unconnected(struct client *client, enum client_state state);

void client_forget_full_jid(struct client *client);

/* Writes the text, and frees it. */
void client_write_text(struct client *client, struct text *text);
void client_append_escaped(struct text *text, const char *string);
void client_append_attribute(struct text *text, const char *name, const char *value); /* unless it is NULL */

/* ---- client_login.c ---- */

/* The name of an error's or a failure's defined condition, owned by the element. */
const char *client_condition_of(const struct xml *error);

/* Ends what client_outcome tells about, if that is pending. */
void client_refused(struct client *client, const char *condition, const char *during);

/* The same for the end of the connection, whatever was under way. */
void client_abandon_exchange(struct client *client);

/* The next step of client_login, where there is one that need not wait. */
void client_go_on_with_login(struct client *client);

/* An element of SASL.  Returns whether it was a part of our own exchange. */
bool client_sasl_came(struct client *client, const struct xml *element);

/* Returns whether an iq of that type is the answer to client_bind. */
bool client_bind_answered(struct client *client, const struct xml *iq, const char *type);

/* ---- client_view.c ---- */

/* `query` is the roster query of a result, which is the whole roster, or of a push, which is a change. */
void client_view_roster_result(struct client_view *view, const struct xml *query);
void client_view_roster_push(struct client_view *view, const struct xml *query);
void client_view_presence(struct client_view *view, const struct xml *presence);
void client_view_forget_online(struct client_view *view);
void client_view_clear(struct client_view *view);

#endif

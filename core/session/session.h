/*
 * session.h - one client's session, property for property as Prosody's doc/session.txt has it.
 *
 * A session is made when a connection is accepted and passes through its types in order: c2s_unauthed,
 * c2s_unbound, c2s, destroyed.  session_manager.h makes those passages; this header is what a session is
 * and its two methods.
 */
#ifndef CORE_SESSION_H
#define CORE_SESSION_H

#include "session/core_state.h"
#include "xml/stanza.h"

struct inactive;
struct copies;
struct managed;
struct roster;
struct user_work;

/* An entity that was sent directed presence and is owed its withdrawal (RFC 6121, 4.6). */
struct directed {
    struct directed *next;
    bool unheard; /* it did not arrive, for the sender was blocked: there is nothing to withdraw */
    char jid[];
};

/* What of that which the server owes a session comes next; see owed.h. */
struct owed {
    enum {
        OWED_NOTHING,
        OWED_RESOURCES, /* the presence of the account's others */
        OWED_REQUESTS,  /* subscription requests that wait for an answer */
        OWED_ASKING,    /* the account's own that wait for one, to other servers */
        OWED_CONTACTS,  /* the presence of contacts */
        OWED_MESSAGES,  /* what was kept */
    } stage;
    uint64_t after; /* the number of the resource or the roster item that was the last */
};

struct session {
    /* The properties.  NULL is "not defined". */
    struct conn *conn; /* NULL while the session hibernates (stream_management.h), and only then */
    bool notopen;
    enum session_type type;
    const char *username; /* its own copy; from authentication on */
    const char *host;     /* the host's name in the table of hosts; from the stream's opening on */
    const char *resource; /* inside full_jid; from binding on */
    const char *full_jid; /* its own copy */
    int priority;
    struct rendered *presence; /* as it is sent again to whoever asks later, with its <delay/> */
    bool interested;
    struct roster *roster; /* the user's */

    /* What the core needs besides. */
    struct core *core;
    struct user *user;    /* from binding on */
    struct core_tls *tls; /* what the handshake left behind, where that is anything; its own copy */
    struct sasl *sasl;    /* while a negotiation lasts */
    struct storage_request *loading_account;
    struct owed owed;
    uint64_t number;        /* of the bound sessions of this core; 0 before */
    struct user_work *work; /* what the session waits for, or NULL */
    char *lang;             /* of the client's stream, or NULL */
    struct directed *directed;
    unsigned failed_logins, failed_binds;
    bool asked_again; /* what it asks of contacts elsewhere was sent to them once more */
    bool header_sent; /* our stream header, in the stream at hand */
    bool doomed;
    bool carbons;                  /* wants copies of what the account says and hears (XEP-0280) */
    bool asked_blocklist;          /* is told of changes to it (XEP-0191, 3.3) */
    bool waiting;                  /* from session_wait until it is resumed */
    struct managed *managed;       /* by stream management, once it is enabled; else NULL */
    struct inactive *client_state; /* while the client is inactive; else NULL */
    struct session *next, *prev;
    struct {
        struct session *next, *prev;
        uint64_t due;
        enum timer_kind kind;
    } timer;                               /* timers.h */
    struct session *user_next, *user_prev; /* the user's bound sessions */
    struct session *doomed_next, *runnable_next;
    bool runnable;
    struct map_node node; /* in core->full_jids */
};

/* Whether an address is of the account that the session has logged in to: the bare JID, or one with a
 * resource. */
bool session_is_of(const struct session *session, const char *jid);

/* Has fetched what a stanza from or for this session will need. */
void session_prefetch(const struct session *session);

/* The method send: a stanza as XML on the session's connection.  A session that is going, or whose client
 * does not read, is sent nothing.  On its way out it passes what the client agreed to:
 *
 *      session_send -> [client_state.h: presence may be held back] -> session_write
 *                   -> [stream_management.h: counted, and kept until it is acknowledged] -> conn_send
 */
void session_send(struct session *session, const struct stanza *stanza);

/* The same for a roster, which its owner can get however large it is: as many bytes more may wait for the
 * client, until it has read all there is (conn_excuse, stream_management_excuse).  A second one before that
 * has no room of its own. */
void session_send_roster(struct session *session, const struct stanza *result);

/* The same for a stanza that was written already; `to` is the value of that attribute. */
void session_send_rendered(struct session *session, const struct rendered *rendered, const char *to);

/* The same for XML that is complete as it is. */
void session_send_written(struct session *session, const char *xml, size_t length);

/* The second half of that: past client_state.h. */
void session_write(struct session *session, const char *xml, size_t length, struct copies *copies);

/* The connection is gone, or of no use any more: the session hibernates if it may be resumed, and else is
 * disconnected. */
void session_lose_connection(struct session *session);

/* The method disconnect: the session is destroyed when the stanza at hand is done.  What was sent before
 * still goes out. */
void session_disconnect(struct session *session);

/* Lets what came meanwhile be handled, once the call at hand is through with what it is doing. */
void session_resume(struct session *session);

/* What the client sends from here on waits.  The session is resumed when the work is done. */
void session_wait(struct session *session);

#endif

/*
 * session.h - one client's session, with the properties of Prosody's doc/session.txt.
 *
 * A session is made when a connection is accepted, and its type changes in this order: c2s_unauthed,
 * c2s_unbound, c2s, destroyed.  session_manager.h makes these changes; this header has the properties and
 * the two methods.
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

/* An address to which the session has sent directed presence, and to which its unavailable presence will be
 * sent (RFC 6121, 4.6). */
struct directed {
    struct directed *next;
    bool unheard; /* not delivered, because the sender was blocked: nothing to withdraw */
    char jid[];
};

/* What the server sends next of the stanzas that the session receives after its initial presence; see
 * owed.h. */
struct owed {
    enum {
        OWED_NOTHING,
        OWED_RESOURCES, /* presence of the account's other resources */
        OWED_REQUESTS,  /* pending subscription requests to the account */
        OWED_ASKING,    /* pending subscription requests of the account, sent again to remote servers */
        OWED_CONTACTS,  /* presence of the contacts */
        OWED_MESSAGES,  /* offline messages */
    } stage;
    uint64_t after; /* the number of the last resource or roster item done */
};

struct session {
    /* The properties.  NULL is "not defined". */
    struct conn *conn; /* NULL exactly while the session hibernates (stream_management.h) */
    bool notopen;
    enum session_type type;
    const char *username; /* owned; set by authentication */
    const char *host;     /* the name in the table of hosts; set when the stream opens */
    const char *resource; /* inside full_jid; set by binding */
    const char *full_jid; /* owned */
    int priority;
    struct rendered *presence; /* as sent to later recipients, with its <delay/> */
    bool interested;
    struct roster *roster; /* owned by `user` */

    /* Further state of the core. */
    struct core *core;
    struct user *user;    /* set by binding */
    struct core_tls *tls; /* results of the TLS handshake, or NULL; owned */
    struct sasl *sasl;    /* the SASL negotiation, or NULL; owned */
    struct storage_request *loading_account;
    struct owed owed;
    uint64_t number;        /* serial number among the bound sessions of this core; 0 before binding */
    struct user_work *work; /* the work that the session waits for, or NULL */
    char *lang;             /* xml:lang of the client's stream, or NULL */
    char *claimed;          /* c2s_unauthed: the header's `from` on an encrypted stream; or NULL */
    struct directed *directed;
    unsigned failed_logins, failed_binds;
    bool asked_again; /* its pending subscription requests were sent to remote servers again */
    bool header_sent; /* the server's header of the current stream was sent */
    bool doomed;
    bool carbons;                  /* carbons are enabled (XEP-0280) */
    bool asked_blocklist;          /* has requested the block list: receives its changes (XEP-0191, 3.3) */
    bool waiting;                  /* from session_wait until the session continues */
    struct managed *managed;       /* stream management, once enabled; else NULL */
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
    struct map_node node; /* of core->full_jids */
};

/* Whether an address is the bare JID of the session's account, or one of its full JIDs. */
bool session_is_of(const struct session *session, const char *jid);

/* Prefetches the memory that a stanza from or to this session will need. */
void session_prefetch(const struct session *session);

/* The method disconnect: destroys the session after the current stanza, at the latest at the end of the
 * call.  What was sent before is still delivered. */
void session_disconnect(struct session *session);

/* Lets the session handle its queued input, at the end of the current call. */
void session_resume(struct session *session);

/* Queues what the client sends from now on.  The session is resumed when its work is done. */
void session_wait(struct session *session);

/* Whether stanzas for connected resources may be sent to the session: it is bound and not about to be
 * destroyed. */
bool session_is_live(const struct session *session);

/* Whether the session receives messages to the account: it is available, and its priority is not negative
 * (RFC 6121, 8.5.2.1.1). */
bool session_takes_messages(const struct session *session);

/* Whether the session can be resumed after its connection is lost (XEP-0198, 5). */
bool session_is_resumable(const struct session *session);

struct description;

/* Describes a session by its position among the core's sessions, from 1; nothing for NULL. */
void session_describe_place(struct description *description, const char *name, const struct session *session);

#endif

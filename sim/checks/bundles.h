/*
 * bundles.h - the messages that clients sent, by sender, id, address, type and content.
 *
 * Messages of one sender with one id to one address are a bundle; those of a bundle with one type and content,
 * which no observer can tell apart, share a fate.  fates.h says what is judged.  The errors that clients sent
 * are kept to tell them from those of servers.
 */
#ifndef SIM_BUNDLES_H
#define SIM_BUNDLES_H

#include "../client/client.h"

#define uthash_fatal(message) abort()
#include <stdlib.h>
#include <uthash.h>

enum { GOT_MAX = 8 };

/* Messages of a bundle that no observer can tell apart: they have the same type and content. */
struct fate {
    struct fate *next;
    uint64_t content;
    unsigned sent;            /* that must be delivered, stored or bounced */
    unsigned droppable;       /* that were sent besides, and may be dropped */
    unsigned kept, most_kept; /* now; ever at once */
    unsigned delivered;       /* to all clients */
    struct {
        const struct client *client;
        unsigned times;
    } got[GOT_MAX]; /* the clients that received them */
    size_t got_count;
    bool excused;          /* one may have been lost: whatever becomes of them is right */
    bool was_held;         /* on the way to a client that could not acknowledge it */
    bool sent_to_be_held;  /* there was such a client when one was sent */
    bool unsure;           /* delivered to a client that acknowledges, whose account then had... */
    unsigned endings_then; /* ...so many connections that ended */
};

/* An error may be about any of its messages. */
struct bundle {
    char *from;        /* a full JID */
    char *address;     /* a full or bare JID, with its account prepared */
    char *sender, *to; /* bare JIDs */
    struct fate *fates;
    unsigned refused;       /* errors by the server */
    unsigned maybe_refused; /* errors besides that may be by the server and about these */
    struct {
        const struct client *client; /* NULL for none */
        unsigned connection;         /* client_endings */
        bool managed;
    } told;                    /* who received the last error */
    unsigned sent_endings;     /* ended connections of the sender, when a message was last under way */
    unsigned received_endings; /* ended connections of the recipient, then */
    bool haunted;              /* a message may be lost with a connection whose client is gone */
    bool is_open;              /* in the list of open bundles */
    struct bundle *other;      /* to another address */
    struct bundle *next, *next_open;
    UT_hash_handle hh; /* of the first of those to several addresses */
    char key[];
};

/* Errors of clients, of one sender with one id, to one address and with one content. */
struct client_error {
    struct client_error *other; /* with another content, or to another address */
    char *to;                   /* as written */
    uint64_t content;
    unsigned sent, received;
    UT_hash_handle hh; /* of the first of these */
    char key[];        /* by sender and id */
};

/* A full JID of a client that has written what is no whole stanza. */
struct unclear {
    struct unclear *next;
    char jid[];
};

/* Zeroed at first. */
struct bundles {
    struct bundle *table;        /* by sender and id */
    struct bundle *first, *last; /* in the order in which their first messages were sent */
    struct client_error *errors; /* by sender and id */
    struct unclear *unclear;
};

void bundles_free(struct bundles *bundles);

/* The bundle of a sender and an id, to any address: `other` leads to those to other addresses.  NULL when there is
 * none, and for NULL. */
struct bundle *bundles_find(const struct bundles *bundles, const char *from, const char *id);

/* Of a bundle and those to other addresses, that to an address, however it is written; NULL when there is none. */
struct bundle *bundle_to(struct bundle *first, const char *address);

/* The bundle of a stanza that `from`, a full JID, sends, which has an id.  It is added if there is none. */
struct bundle *bundles_get(struct bundles *bundles, const char *from, const struct xml *stanza);

/* The fate of a stanza of the bundle.  It is added if there is none. */
struct fate *bundle_fate(struct bundle *bundle, const struct xml *stanza);

/* The fate of a message as it is delivered or stored, whose address a server may have changed, and its bundle; NULL
 * when no client sent it. */
struct fate *bundles_passed_on(const struct bundles *bundles, const struct xml *stanza,
                               struct bundle **bundle);

/* A client, `from`, sends an error.  A client, `to`, receives one: returns whether as many were sent that are alike. */
void bundles_error_sent(struct bundles *bundles, const char *from, const struct xml *stanza);
bool bundles_error_received(struct bundles *bundles, const char *to, const struct xml *stanza);

/* From now on it is not known what a client sends, or whether that is so. */
void bundles_lose_sight(struct bundles *bundles, const char *full_jid);
bool bundles_is_unclear(const struct bundles *bundles, const char *full_jid);

#endif

/*
 * message.h - a message that a client sent to an account of the same server, until it is known what became of it.
 *
 * RFC 6121, 8.5 leaves a message these ends: it leaves to a resource of its addressee, it is refused, or it is kept for
 * the next resource that takes messages (XEP-0160).  While it has left only to sessions that have not acknowledged it
 * (XEP-0198, 4), they hold it: if the last of these ends, its end is open again.
 *
 * Messages are named by their sender and id.  Where two of one name are followed at a time, neither is.
 */
#ifndef SIM_MODEL_MESSAGE_H
#define SIM_MODEL_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include <uthash.h>

struct account_facts;
struct message_list;

struct message_name {
    uint64_t sender, id; /* hashes of the full JID, and of the id */
};

struct message {
    struct message_name name;
    uint64_t resource;  /* the hash of the resource that it is addressed to; 0 for a bare JID */
    uint64_t place;     /* among all stanzas that came in at the server */
    uint64_t time;      /* at which it came in */
    uint32_t from_conn; /* the connection on which it came in */
    bool is_chat;       /* its type */
    bool may_be_kept;   /* its content is kept by a server that keeps messages (XEP-0160, 3; XEP-0334, 4) */
    bool must_not_be_kept; /* its content says so (XEP-0334, 4.2) */
    bool is_kept;          /* for certain */
    bool is_over;          /* it is known what became of it, or never will be */
    bool
        may_be_refused; /* storage has failed since it came in, or a session that held it has ended at any time */
    bool was_held;      /* by a session, at any time; or may have been */
    bool is_unrefused;         /* it is done, and its sender was not sent a refusal */
    bool is_doubtful;          /* it may have been dropped: judged if it leaves before the next quiescence */
    unsigned holders;          /* sessions that hold it */
    char *from, *tag;          /* the sender's full JID, and its start tag as it came in; owned */
    struct message_list *list; /* of the messages of its addressee */
    struct message *next;      /* in the list */
    UT_hash_handle hh;         /* in the table, unless it is over */
};

/* The messages of a server that are not over, by their names. */
struct message_table {
    struct message *first;
};

/* Those of one account. */
struct message_list {
    struct message_table *table;
    struct account_facts *account;
    struct message *first;
};

/* A message came in; NULL when another one of its name is followed, which is over by that. */
struct message *message_came(struct message_list *list, struct message_name name);

/* The message of a name, or NULL. */
struct message *message_find(const struct message_table *table, struct message_name name);

/* It is over.  It stays in memory while it is held or listed. */
void message_over(struct message *message);

/* A session holds it; one that did lets go of it, because it was acknowledged, or because the session ended. */
void message_hold(struct message *message);
void message_acknowledged(struct message *message);
void message_let_go(struct message *message);

/* Takes messages that are over off their list, and frees those that no session holds. */
void message_list_sweep(struct message_list *list);

#endif

/*
 * session_facts.h - what is possible of one session, from what came in and what left.
 *
 * A session begins with its connection.  It gets its name when the result of binding leaves (RFC 6120, 7), outlives
 * its connection if it can be resumed (XEP-0198, 5), and ends with it otherwise.
 *
 * A fact is a set of values, one bit for each.  What a client sends is an *operation*: from the moment at which it came
 * in until it is known to be done, the server stands before or behind it, so its values are possible beside those that
 * stood before.  Then only its own are.  When the connection ends meanwhile, or memory ran out, all of them stay
 * possible until the next operation that is done.  A request is done when its answer leaves, which also tells whether
 * it had an effect.
 */
#ifndef SIM_MODEL_SESSION_FACTS_H
#define SIM_MODEL_SESSION_FACTS_H

#include "../text.h"
#include "message.h"
#include "order.h"
#include "pending.h"
#include "tags.h"

#include <stdbool.h>
#include <stdint.h>

enum session_fact {
    FACT_PRESENCE,   /* of the values below */
    FACT_INTERESTED, /* it asked for the roster (RFC 6121, 2.2): FACT_NO or FACT_YES */
    FACT_CARBONS,    /* it wants copies (XEP-0280, 4) */
    FACTS
};

/* Of FACT_PRESENCE: unavailable; available with a negative priority, or with one that is not. */
enum {
    PRESENCE_NONE = 1,
    PRESENCE_NEGATIVE = 2,
    PRESENCE_NOT_NEGATIVE = 4,
    PRESENCE_AVAILABLE = 6,
    PRESENCE_ANY = 7
};
enum { FACT_NO = 1, FACT_YES = 2, FACT_ANY = 3 };

/* ---- What may be sent again ---- */

/* The stanzas that left on a managed session and are not acknowledged, in their order. */
struct unacked {
    uint64_t hash;
    struct message *message; /* that it is, and that the session holds; NULL for none that is followed */
    bool is_answer; /* the server's own, to what the user sent to a JID that it had blocked (XEP-0191, 3.3) */
};
struct unacked_queue {
    struct unacked *stanzas; /* from `first` to `end` */
    size_t first, end, capacity;
    uint32_t acknowledged; /* the number of those before `first`, modulo 2^32 */
    size_t next; /* those from here on must leave again before anything else; `end` when there are none */
};

/* For each <r/> that is not answered, how many stanzas came in before it: the count that its answer must have. */
struct ack_places {
    uint32_t *counts;
    size_t first, end, capacity;
};

/* The requests that are not answered, in the order in which they came in. */
struct open_requests {
    struct open_request *items; /* from `first` to `end` */
    size_t first, end, capacity;
};

/* Where presence was directed to: an account by its account_hash, 0 for an unknown one, and its resource. */
enum { RESOURCE_NONE = 0, RESOURCE_UNKNOWN = 1 };
enum { DIRECTED_MOST = 16 };
struct directed_to {
    uint64_t account, resource;
};

/* The latest of the leaves (struct departure) that left to a session, and how often. */
enum { LEAVES_TOLD = 8 };
struct leaves_told {
    struct leave_told {
        uint64_t leave;
        uint32_t times;
    } told[LEAVES_TOLD];
};

struct session_facts {
    char *full_jid;                      /* NULL before it is named */
    size_t jid_length;                   /* of it */
    uint64_t jid_hash;                   /* span_hash of it */
    uint64_t named;                      /* how many stanzas had come in at the server then */
    uint64_t presence_time;              /* when its last presence without `to` came in */
    struct account_facts *account;       /* NULL before that, and where the name is not compared */
    const struct connection *connection; /* NULL while it hibernates, if it has not ended */
    uint8_t settled[FACTS];
    uint8_t open[FACTS];   /* the union of the values of the open operations */
    uint8_t last[FACTS];   /* those of the last operation, done or open */
    unsigned presences;    /* how many operations on FACT_PRESENCE are open */
    unsigned asked[FACTS]; /* how many requests that change it are not answered */
    bool has_open;
    bool is_at_work; /* its presence is done, and work that it led to may not be */
    bool is_steady;  /* FACT_PRESENCE had one value at the last quiescence, and no operation since */
    /* Of what is kept for the account, what came in up to this stanza of the server may not have been loaded since its
     * last presence, because storage failed. */
    uint64_t lacks;
    bool has_ended;       /* the server has closed its stream */
    const char *must_end; /* why it must have ended at quiescence (ends.h); NULL where it need not */
    bool is_outdated;     /* it must have ended with the password with which it began */
    bool has_other_keys;  /* it has changed the password, or removed the account, since the last quiescence */
    struct open_requests requests;
    struct order_out order, kept; /* kept: of the messages that were kept for the account */
    struct directed_to directed[DIRECTED_MOST];
    size_t directed_count;
    bool has_directed_more; /* to others as well, which are not known */
    struct leaves_told leaves;
    struct pending pending;
    bool has_left;     /* its end was seen (activities.h) */
    bool may_hold;     /* the client has said that it is inactive, and not that it is active (XEP-0352) */
    bool has_returned; /* it was resumed in this event: what it was owed meanwhile leaves */
    uint64_t
        came_again; /* how many stanzas had come in at the server when it last sent unavailable presence */

    /* XEP-0198. */
    bool is_managed;
    char *resumption_id;    /* NULL when it cannot be resumed */
    uint32_t came, handled; /* since <enable/>: stanzas that came in, and that are done; modulo 2^32 */
    struct ack_places acks; /* the requests for an acknowledgement that are not answered */
    struct unacked_queue unacked;
    bool was_resumed;
    /* What must leave again may be less, up to the next resumption: memory ran out, or the account has blocked a JID
     * (XEP-0191, 3.3). */
    bool is_unsure;
    bool may_lose_answers; /* the first of the two, or it is not known which session it was */
};

struct session_facts *session_facts_new(void);
void session_facts_free(struct session_facts *session);

/* Its full JID, absent before it is named. */
static inline struct span session_facts_jid(const struct session_facts *session)
{
    return (struct span){ session->full_jid, session->jid_length };
}

/* Gives it the full JID that it keeps; the string is copied. */
void session_facts_name(struct session_facts *session, const char *full_jid);

/* An operation that came in. */
void session_facts_set(struct session_facts *session, enum session_fact fact, uint8_t values);

/* All its operations are done, but for requests.  What is written to a connection that takes no more may
 * be from before: while it `is_blocked` older values stay possible. */
void session_facts_settle(struct session_facts *session, bool is_blocked);

/* The last operation on its presence is done: the presence has left to the session itself (RFC 6121, 4.2.2). */
void session_facts_presence_done(struct session_facts *session);

/* They may be done or not, and it will not be known. */
void session_facts_blur(struct session_facts *session);

/* The world is quiescent. */
void session_facts_rest(struct session_facts *session);

/* What is possible now. */
uint8_t session_facts_possible(const struct session_facts *session, enum session_fact fact);

/* Whether it is available for certain. */
bool session_facts_is_available(const struct session_facts *session);

/* Whether it may be available with a priority that is not negative, and so be given messages to its account (RFC 6121,
 * 8.5.2.1.1). */
bool session_facts_may_take(const struct session_facts *session);

/* It has directed presence (RFC 6121, 4.6); whether it may have directed it to an account, whatever the
 * resource; and to that very address. */
void session_facts_directs(struct session_facts *session, struct directed_to to);
bool session_facts_has_directed(const struct session_facts *session, uint64_t account);
bool session_facts_has_directed_to(const struct session_facts *session, struct directed_to to);

/* ---- Requests: an answer has the id of a request, and each request one answer (RFC 6120, 8.2.3) ---- */

/* What a request changes of the session when it is granted. */
enum session_wish {
    WISH_NOTHING,
    WISH_ROSTER,
    WISH_CARBONS,
    WISH_NO_CARBONS,
    WISH_INFO, /* to know what somebody supports, or which items there are, and of no node (XEP-0030) */
    WISH_ITEMS,
    WISH_OTHER_KEYS, /* a change of the password (XEP-0077, 3.3) */
    WISH_NO_ACCOUNT  /* the removal of the account (XEP-0077, 3.2) */
};

void session_facts_asks(struct session_facts *session, uint64_t id, enum session_wish wish);

/* A roster item that a request sets, in bytes; zeroed where it sets none. */
struct weight {
    size_t whole, more; /* than the one of that JID that was there when the request came in */
};

/* The newest request sets that item; and the one of the request of an id. */
void session_facts_weighs(struct session_facts *session, struct weight weight);
struct weight session_facts_weight(const struct session_facts *session, uint64_t id);

/* The newest request is for the server or the account itself: it must be answered.  Whether there is such a one. */
void session_facts_must_be_answered(struct session_facts *session);
bool session_facts_is_owed_answer(const struct session_facts *session);

/* Whether there is a request of that id; takes it away, with its effect if it was granted. */
bool session_facts_answered(struct session_facts *session, uint64_t id, bool is_granted);
bool session_facts_has_asked(const struct session_facts *session, uint64_t id);

/* The wish of the request of that id, WISH_NOTHING when there is none. */
enum session_wish session_facts_wish(const struct session_facts *session, uint64_t id);

/* Describes the requests that are not answered, as properties. */
struct description;
void session_facts_describe_requests(struct description *description, const struct session_facts *session);

/* Gives what came in on a connection to the session that was resumed there. */
void session_facts_join(struct session_facts *session, struct session_facts *from);

/* ---- Stream management ---- */

void ack_places_add(struct ack_places *places, uint32_t count);

/* The answer to the first one has left. */
void ack_places_answered(struct ack_places *places);

/* The message, or NULL, is held from then on, until the client has it or the session ends. */
void unacked_left(struct unacked_queue *queue, uint64_t hash, struct message *message);

/* Whether one of the server's own answers is among those that must leave again before a hash; all of them,
 * if it is not there. */
bool unacked_answers_before(const struct unacked_queue *queue, uint64_t before);

/* The client has these, by its count.  Returns false, without effect, for a count beyond what left. */
bool unacked_acknowledged(struct unacked_queue *queue, uint32_t handled);

/* What is not acknowledged must leave again. */
void unacked_again(struct unacked_queue *queue);

/* Of what must leave again the server has dropped what is before a hash; all of it, if the hash is not there.  What
 * became of that is not known. */
void unacked_dropped(struct unacked_queue *queue, uint64_t before);

#endif

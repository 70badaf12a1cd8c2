/*
 * questions.h - what is asked of each element in the moment in which it leaves the server, and of each session whenever
 * the world is quiescent: a table.
 *
 * A question states what holds of every server that keeps to the documents, and names the clause.  It looks at the
 * element that leaves, if any, and at what is possible of the session, and answers with a judgement.  What must have
 * left is asked at quiescence, of sessions whose connection takes what is written, while storage owes no answer.
 */
#ifndef SIM_MODEL_QUESTIONS_H
#define SIM_MODEL_QUESTIONS_H

#include "address.h"
#include "login.h"
#include "session_facts.h"
#include "stream_scan.h"

#include "../world/capability.h"

enum judgement {
    NOT_CONCERNED, /* the question is not about such an element */
    HOLDS,         /* and there was one possibility */
    MAY_HOLD,      /* it holds in one of several possibilities */
    NOT_JUDGED,    /* nothing is known that decides it */
    VIOLATED
};

enum stanza_kind { NO_STANZA, STANZA_MESSAGE, STANZA_PRESENCE, STANZA_IQ };

/* Where stanzas must leave again, because a session was resumed (XEP-0198, 5): this one is the next of them; another
 * one leaves before; or it is not certain which must leave. */
enum again { AGAIN_NOTHING, AGAIN_EXPECTED, AGAIN_OTHER, AGAIN_UNSURE };

/* Where a stanza came from that leaves in the name of a client: it came in from it; it came in on a
 * connection that had no name yet; nothing is known that decides it; or it came from nowhere. */
enum origin { ORIGIN_NONE, ORIGIN_KNOWN, ORIGIN_POSSIBLE, ORIGIN_UNKNOWN, ORIGIN_NOWHERE };

/* Whether its sender has replaced a presence since, by one that is done. */
enum outdated { OUTDATED_UNKNOWN, OUTDATED_NO, OUTDATED_YES };

/* A message that was kept for the account: it is none; it leaves as it should; it has left to another resource, which is
 * still there; a later one of its sender has left before. */
enum kept { KEPT_NONE, KEPT_FIRST, KEPT_TWICE, KEPT_LATE };

/* What gives the receiver of an answer about another account the right to it (rights.h). */
enum right { RIGHT_NONE, RIGHT_SUBSCRIBED, RIGHT_POSSIBLE, RIGHT_UNKNOWN, RIGHT_MISSING };

/* What an account refuses: nothing; what it may refuse; what a contact asks; which items there are. */
enum refusal { REFUSAL_NONE, REFUSAL_UNKNOWN, REFUSAL_OF_INFO, REFUSAL_OF_ITEMS };

/* A copy that the server of the account made (XEP-0280, 7 and 8); others' look-alikes are messages like any. */
enum copy { NO_COPY, COPY_OF_RECEIVED, COPY_OF_SENT };

/* An element that leaves. */
struct departure {
    const struct scanned *scanned;
    enum stanza_kind kind;
    struct span to, from, type, id;
    uint64_t id_hash;         /* of a stanza: the same for none and an empty one */
    struct likeness receiver; /* what `to` is to the full JID of the session */
    struct session_facts *session;
    bool is_named;
    enum copy copy;
    enum again again;
    enum right right;
    /* What a stranger has no right to (strangers.h): that its request reaches a resource; that its message
     * is refused because nobody is there; that its presence is to be acknowledged by who is behind with
     * that. */
    enum right reach, absence, crowding;
    enum right full; /* that the roster is full, as the error says (room.h) */
    enum refusal refusal;
    enum request request;
    enum success success;     /* that it is one, and whether it is deserved */
    const char *not_deserved; /* why it is wrong */
    bool has_backlog;         /* what leaves may have been written earlier */
    bool revives_outdated;    /* it resumes a session that must have ended with its password */
    bool has_count; /* it acknowledges stanzas: `count`, which must be in `least` to `most`, modulo 2^32 */
    uint32_t count, least, most;
    enum origin origin;
    size_t came_length; /* of what came in, in bytes; 0 where it is not known */
    bool has_just_come; /* in this event, as the only stanza of it */
    bool has_waited; /* it was done before this event, and did not leave then, nor wait only to be written */
    bool is_delayed; /* the domain of a server says so (XEP-0203) */
    bool is_in, is_secured; /* the client has logged in; the connection is encrypted */
    bool is_struck;         /* memory ran out in this event */
    /* Among what came in: its own place, and that of the last one from its sender that left to the
     * session; 0 when it is not known. */
    uint64_t place, last;
    enum outdated outdated;
    bool is_own_last; /* the receiver's own presence, which came in last: it is done */
    enum kept kept;
    /* Of unavailable presence that says more than that: what it says, to which address if that counts, and
     * how often it came in, and left to the session before; 0 where that is not known. */
    uint64_t leave;
    uint32_t leaves, left;
};

enum { QUESTIONS_MOST = 64 };

/* Whether it is an answer of the server for the account.  Another client may send any result, also one
 * that has the id of a request to the server (RFC 6121, 8.5.3.1). */
bool departure_is_answer(const struct departure *departure);

/* Which copy a message is. */
enum copy departure_copy(const struct departure *departure);

/* Functions write `why` only when the question is violated; a question that has none is asked elsewhere.
 * The first is asked of elements of some kinds, one bit for each. */
struct question {
    const char *name;
    const char *sentence;
    const char *source;
    enum capability needs; /* of the server; without it the question is not asked */
    unsigned kinds;
    enum judgement (*leaves)(const struct departure *departure, struct text *why);
    enum judgement (*quiet)(const struct session_facts *session, struct text *why);
};

/* The questions that are asked of each message, by messages.c; of what is limited, by limits.c and room.c; of streams
 * that end, by connections.c; of copies, by copies.c; of loads, by loads.c; of each subscription stanza and of each item
 * of a roster that is saved, by roster_saves.c; of each resource that leaves, by sights.c and activities.c; and of
 * requests that wait, by pending.c. */
enum {
    QUESTION_OF_MESSAGES,
    QUESTION_OF_RESOURCES,
    QUESTION_OF_KEPT,
    QUESTION_OF_PASSWORDS,
    QUESTION_OF_ANONYMOUS,
    QUESTION_OF_ENDS,
    QUESTION_OF_COPIES,
    QUESTION_OF_ROSTERS,
    QUESTION_OF_LOGINS,
    QUESTION_OF_CACHE,
    QUESTION_OF_SIDES,
    QUESTION_OF_SAVED_SIDES,
    QUESTION_OF_SIGHTS,
    QUESTION_OF_ACTIVITIES,
    QUESTION_OF_REQUESTS
};

/* Question `index`; NULL after the last. */
const struct question *question_at(size_t index);

#endif

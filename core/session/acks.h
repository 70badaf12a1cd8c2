/*
 * acks.h - stanzas to a client are counted and kept until it acknowledges them (XEP-0198, 4).
 *
 * What a session keeps that has enabled stream management; stream_management.h is the client's side of it,
 * its
 * elements.  After a resumption what was not acknowledged goes out again as the connection takes it.
 */
#ifndef CORE_ACKS_H
#define CORE_ACKS_H

#include "session/session.h"
#include "session/unacked.h"

enum { STREAM_ID_BYTES = 16 };

/* Of a session that has enabled stream management. */
struct managed {
    struct session *session;
    struct managed *asking_next;
    struct unacked_queue queue;
    uint32_t handled;   /* stanzas from the client, modulo 2^32 as all counts are */
    uint32_t sent;      /* stanzas to the client, those kept for it included */
    uint32_t asked_for; /* what `sent` was when the last <r/> went out */
    size_t excused;     /* bytes that may be kept beside limits.unacked_bytes, until nothing is */
    bool resumable;
    bool asking; /* in core->asking */
    bool asked;  /* an <r/> is out */
    char id[2 * STREAM_ID_BYTES + 1];
};

/* Sends what client_state.h lets pass: the second half of session_send.  XML, complete as it is. */
void session_write(struct session *session, const char *xml, size_t length, struct copies *copies);

/* A stanza came from the client. */
void acks_count(struct session *session);

/* Sends a stanza, or keeps it for a session without a connection. */
void acks_send(struct session *session, const char *xml, size_t length, struct copies *copies);

/* So many bytes, which are sent next, may be kept beside limits.unacked_bytes, until nothing is kept.  A
 * second time before that the more of both counts, not their sum. */
void acks_excuse(struct session *session, size_t length);

/* More was sent or acknowledged, or the client sleeps: an <r/> may be due, at the end of the call, so that a
 * batch of stanzas gets one together. */
void acks_consider_asking(struct managed *managed);

/* Sends an <r/> to the session; to each session that is due for one. */
void acks_ask(struct session *session);
void acks_ask_due(struct core *core);

/* Whether more than one nth of unacked or unacked_bytes (struct core_limits) waits to be acknowledged. */
bool acks_is_behind(const struct session *session, size_t nth);

/* Goes on with what a resumption sends again, as far as the connection takes it. */
void acks_send_again(struct session *session);

/* The connection is gone: no <r/> can be answered until the session is resumed. */
void acks_hibernate(struct session *session);

/* What was not acknowledged, in the order of sending; empty for NULL. */
const struct unacked_queue *acks_queue(const struct managed *managed);

/* Frees it with what it keeps; NULL is a no-op. */
void acks_free(struct core *core, struct managed *managed);

/* What inspect.h shows of it. */
struct acks_view {
    uint32_t handled, sent;
    size_t unacked;
};
struct acks_view acks_look(const struct managed *managed);

struct description;
void acks_describe(struct description *description, const struct managed *managed);

/* Of what a resumption has not sent again yet, what is unwanted is left out, and not counted as sent. */
void acks_forget(struct session *session, unacked_unwanted unwanted, void *context);

/* Takes what the client has handled off the queue.  A count that was true before says nothing now, in <a/> as
 * in <resume/> (5).  False when the client could not have handled that many. */
bool acks_acknowledge(struct managed *managed, uint32_t h);

/* Whether a quarter of the limits of unsent or unacknowledged bytes is passed: what can wait should wait. */
bool session_is_congested(const struct session *session);

/* Whether all that was sent is on its way and most of it acknowledged, so that more may be loaded for it. */
bool session_has_room(const struct session *session);

#endif

/*
 * acks.h - counts the stanzas to a client, and keeps them until the client acknowledges them (XEP-0198, 4).
 *
 * This is the state of a session that has enabled stream management; stream_management.h handles the
 * client's elements.  After a resumption, unacknowledged stanzas are sent again as the connection takes
 * them.
 */
#ifndef CORE_ACKS_H
#define CORE_ACKS_H

#include "session/session.h"
#include "session/unacked.h"

enum { STREAM_ID_BYTES = 16 };

/* The state of a session that has enabled stream management. */
struct managed {
    struct session *session;
    struct managed *asking_next;
    struct unacked_queue queue;
    uint32_t handled;   /* stanzas from the client; all counts are modulo 2^32 */
    uint32_t sent;      /* stanzas to the client, including those kept while it hibernates */
    uint32_t asked_for; /* the value of `sent` when the last <r/> was sent */
    size_t excused;     /* bytes that may be kept beyond limits.unacked_bytes, until nothing is kept */
    bool resumable;
    bool asking; /* in core->asking */
    bool asked;  /* an <r/> was sent and not answered */
    char id[2 * STREAM_ID_BYTES + 1];
};

/* Sends complete XML that client_state.h does not hold back: the second half of session_send. */
void session_write(struct session *session, const char *xml, size_t length, struct copies *copies);

/* Counts a stanza from the client. */
void acks_count(struct session *session);

/* Sends a stanza, or only keeps it while the session hibernates. */
void acks_send(struct session *session, const char *xml, size_t length, struct copies *copies);

/* Lets `length` bytes, which are sent next, be kept beyond limits.unacked_bytes, until nothing is kept.  Of
 * two calls before that, the larger length counts. */
void acks_excuse(struct session *session, size_t length);

/* Marks the session for an <r/> at the end of the call if one is due, after stanzas were sent or
 * acknowledged or the client became inactive.  So a batch of stanzas gets one <r/>. */
void acks_consider_asking(struct managed *managed);

/* Send an <r/> to a session, or to each session that is marked for one. */
void acks_ask(struct session *session);
void acks_ask_due(struct core *core);

/* Whether the unacknowledged stanzas exceed 1/nth of limits.unacked or limits.unacked_bytes. */
bool acks_is_behind(const struct session *session, size_t nth);

/* Continues to send stanzas again after a resumption, as far as the connection takes them. */
void acks_send_again(struct session *session);

/* The connection is gone: an <r/> that was sent will not be answered. */
void acks_hibernate(struct session *session);

/* The unacknowledged stanzas, in the order of sending; empty for NULL. */
const struct unacked_queue *acks_queue(const struct managed *managed);

/* Frees the state and its queue; NULL is a no-op. */
void acks_free(struct core *core, struct managed *managed);

/* The counts for inspect.h. */
struct acks_view {
    uint32_t handled, sent;
    size_t unacked;
};
struct acks_view acks_look(const struct managed *managed);

struct description;
void acks_describe(struct description *description, const struct managed *managed);

/* Removes unwanted stanzas from those that are not sent again yet after a resumption, and does not count
 * them as sent. */
void acks_forget(struct session *session, unacked_unwanted unwanted, void *context);

/* Removes the stanzas that the client has handled from the queue.  A count lower than the last is out of
 * date and changes nothing, in <a/> and in <resume/> (5).  Returns false when the count is higher than the
 * client can have handled. */
bool acks_acknowledge(struct managed *managed, uint32_t h);

/* Whether unsent or unacknowledged bytes exceed a quarter of their limits: then whatever can wait should
 * wait. */
bool session_is_congested(const struct session *session);

/* Whether everything is sent and most of it acknowledged, so that more may be loaded for the session. */
bool session_has_room(const struct session *session);

#endif

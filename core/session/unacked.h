/*
 * unacked.h - a queue of the stanzas that were sent to a session and that its client has not acknowledged,
 * in the order of sending.
 *
 * stream_management.h says when a stanza enters and leaves the queue.  After a resumption all stanzas are
 * sent again, from `again` on.  undelivered.h says what happens to them when the session ends.
 */
#ifndef CORE_UNACKED_H
#define CORE_UNACKED_H

#include "session/core_state.h"

/* One message that was sent to several resources.  It is undelivered only when all of them end without
 * having acknowledged it; the last one that ends passes it on. */
struct copies {
    unsigned holders; /* queues that hold a copy, and the sender while it sends them */
    bool delivered;   /* a client acknowledged it, or received it without stream management */
};

/* copies_new makes the record of the copies of one message; NULL when there is no memory.  Its caller
 * releases it with copies_release after the last recipient; NULL is a no-op. */
struct copies *copies_new(struct core *core);
void copies_release(struct core *core, struct copies *copies);

/* A stanza as sent, or as kept to be sent. */
struct unacked {
    struct unacked *next;
    struct copies *copies; /* NULL: there are no other copies */
    uint64_t time;         /* when it was sent or kept, as ports.now returned it */
    size_t length;
    char xml[]; /* ends with a NUL */
};

/* An empty queue is all zero. */
struct unacked_queue {
    struct unacked *first, *last;
    struct unacked *again; /* the first stanza that was not sent again yet, or NULL */
    size_t count, bytes;
};

/* Appends a copy of a stanza.  Returns false when there is no memory. */
bool unacked_keep(struct core *core, struct unacked_queue *queue, const char *xml, size_t length,
                  struct copies *copies);

/* Removes the first stanza: it was acknowledged. */
void unacked_acknowledge(struct core *core, struct unacked_queue *queue);

/* Removes the stanzas that are unwanted, among those not sent again yet; returns how many. */
typedef bool (*unacked_unwanted)(void *context, const struct unacked *unacked);
size_t unacked_forget(struct core *core, struct unacked_queue *queue, unacked_unwanted unwanted,
                      void *context);

/* Removes all stanzas. */
void unacked_clear(struct core *core, struct unacked_queue *queue);

/* Writes a stanza with a <delay/> (XEP-0203) from `from` that has the time of the stanza, unless the stanza
 * is an iq or already has a <delay/> from `from`. */
void unacked_write_delayed(struct buffer *out, const struct unacked *unacked, const char *from);

/* The position in the queue of the stanza with these copies, from 1; 0 when there is none. */
size_t unacked_place(const struct unacked_queue *queue, const struct copies *copies);

#endif

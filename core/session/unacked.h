/*
 * unacked.h - what a session sent and its client has not acknowledged: a queue, in the order of sending.
 *
 * stream_management.h says when something enters and leaves it.  After a resumption all of it goes out again,
 * from `again` on; undelivered.h says what becomes of it when the session ends.
 */
#ifndef CORE_UNACKED_H
#define CORE_UNACKED_H

#include "session/core_state.h"

/* One message that was given to several resources.  It is nobody's loss unless all of them go without having
 * acknowledged it; the last to go passes it on. */
struct copies {
    unsigned holders; /* queues that it waits in, and whoever is giving it out */
    bool delivered;   /* somebody acknowledged it, or was given it who acknowledges nothing */
};

/* A copy of a message for those whose copy it is; NULL when there is no memory.  Given up by whoever gave it
 * out, after the last recipient; NULL is nothing. */
struct copies *copies_new(struct core *core);
void copies_release(struct core *core, struct copies *copies);

/* A stanza as it was sent, or is to be. */
struct unacked {
    struct unacked *next;
    struct copies *copies; /* NULL when it is the only one */
    uint64_t time;         /* at which it was sent, or kept */
    size_t length;
    char xml[]; /* ended by NUL */
};

/* All zero when it is empty. */
struct unacked_queue {
    struct unacked *first, *last;
    struct unacked *again; /* the first that has not gone out again yet, or NULL */
    size_t count, bytes;
};

/* Puts a copy of a stanza at the end.  False when there is no memory. */
bool unacked_keep(struct core *core, struct unacked_queue *queue, const char *xml, size_t length,
                  struct copies *copies);

/* The first was acknowledged. */
void unacked_acknowledge(struct core *core, struct unacked_queue *queue);

/* Forgets those that are unwanted, of what has not gone out again yet; returns how many those were. */
typedef bool (*unacked_unwanted)(void *context, const struct unacked *unacked);
size_t unacked_forget(struct core *core, struct unacked_queue *queue, unacked_unwanted unwanted,
                      void *context);

/* Forgets all of it. */
void unacked_clear(struct core *core, struct unacked_queue *queue);

/* Writes a stanza with the time at which it should have arrived (XEP-0203), in the name of `from`, unless it
 * is an iq or has one in that name. */
void unacked_write_delayed(struct buffer *out, const struct unacked *unacked, const char *from);

/* The place in the queue of the first stanza that is one of these copies, from 1; 0 when none is. */
size_t unacked_place(const struct unacked_queue *queue, const struct copies *copies);

#endif

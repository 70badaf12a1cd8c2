/*
 * undelivered.h - what happens to stanzas that were sent to a session and not acknowledged before it ended.
 *
 * They are handled as if that resource did not exist: a message is delivered to another resource or kept or
 * refused, unless another session has a copy of it; a request is answered with an error; presence is
 * dropped (XEP-0198, 4).
 */
#ifndef CORE_UNDELIVERED_H
#define CORE_UNDELIVERED_H

#include "session/unacked.h"

/* Handles the stanzas of a queue.  Those for which there is no memory are lost.  The queue does not change.
 */
void undelivered_route(struct core *core, const struct unacked_queue *queue);

/* Removes from the queue, and does not count as sent, stanzas that are not sent again yet after a
 * resumption and whose sender the user has blocked since (XEP-0191, 3.3).  Call after every change of the
 * block list. */
void undelivered_forget_blocked(struct session *session);

#endif

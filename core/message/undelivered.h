/*
 * undelivered.h - what becomes of stanzas that a session was sent and never acknowledged, once it has ended.
 *
 * They go where they would go without that resource: a message to another one, or to whatever becomes of
 * messages to nobody, unless somebody else has it as well; a request is answered with an error; presence is
 * dropped (XEP-0198, 4).
 */
#ifndef CORE_UNDELIVERED_H
#define CORE_UNDELIVERED_H

#include "session/unacked.h"

/* Those are lost for which there is no memory.  The queue stays as it is. */
void undelivered_route(struct core *core, const struct unacked_queue *queue);

/* Of what a resumption has not sent again yet, what is from somebody whom the user has blocked since is left
 * out (XEP-0191, 3.3), and not counted as sent.  To be called whenever there is another list. */
void undelivered_forget_blocked(struct session *session);

#endif

/*
 * blocking.h - the blocking command (XEP-0191).
 *
 * Whether a stanza may pass is one question, user_blocks (user.h), asked of one account about one address. It
 * is asked once on the way out, once on the way in, and again of what was accepted and waited:
 *
 *      out    router.c       what a client addresses: not-acceptable
 *      in     router.c       messages and iqs for an account in memory: service-unavailable
 *             s2s_in.c       the same, from another server
 *             work.c         the same for an account that had to be loaded; subscription stanzas and probes
 * are dropped again  offline.c      messages that were kept: they are dropped undelivered.c  what a
 * resumption sends again is left out; what an ended session never acknowledged is dropped both   broadcast.c,
 * announce.c, blocked.c presence that the server sends in its user's name: left out for each session
 */
#ifndef CORE_BLOCKING_H
#define CORE_BLOCKING_H

#include "iq/iq_work.h"

/* The client's iqs (XEP-0191, 3.2 to 3.5); they are taken. */
void blocking_list(const struct iq_request *request);
void blocking_block(const struct iq_request *request);
void blocking_unblock(const struct iq_request *request);

#endif

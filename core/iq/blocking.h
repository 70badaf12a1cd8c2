/*
 * blocking.h - the blocking command (XEP-0191).
 *
 * One function, user_blocks (user.h), decides whether an account blocks an address.  It is called once for
 * a stanza on its way out and once on its way in, and again for stanzas that were accepted before and wait:
 *
 *      out    router.c       the recipient of a client's stanza: not-acceptable
 *      in     router.c       messages and iqs to an account in memory: service-unavailable
 *             s2s_in.c       the same, from a remote server
 *             work.c         the same, to an account that was loaded first; subscription stanzas and probes
 *                            are dropped
 *      again  offline.c      offline messages: they are dropped
 *             undelivered.c  what a resumption sends again is left out; what an ended session has not
 *                            acknowledged is dropped
 *      both   broadcast.c,   presence that the server sends on behalf of a user: left out for each session
 *             announce.c,
 *             blocked.c
 */
#ifndef CORE_BLOCKING_H
#define CORE_BLOCKING_H

#include "iq/iq_work.h"

/* Handle the client's iqs (XEP-0191, 3.2 to 3.5); take them. */
void blocking_list(const struct iq_request *request);
void blocking_block(const struct iq_request *request);
void blocking_unblock(const struct iq_request *request);

#endif

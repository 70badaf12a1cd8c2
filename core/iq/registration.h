/*
 * registration.h - what an account may do about itself: learn that it is registered, change its password, and
 * be removed (XEP-0077, 3.2 and 3.3).
 *
 * A new password is stored as new salted keys, for SCRAM-SHA-1 and SCRAM-SHA-256 alike; it is in force when
 * the client is told so.  The account's other sessions are closed then: <reset/>.  A removed account loses
 * its subscriptions in both directions, its stores and all its sessions.
 */
#ifndef CORE_REGISTRATION_H
#define CORE_REGISTRATION_H

#include "iq/iq_work.h"

/* Both take the iq, whose one child is <query xmlns='jabber:iq:register'/>. */
void registration_get(const struct iq_request *request);
void registration_set(const struct iq_request *request);

#endif

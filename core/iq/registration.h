/*
 * registration.h - in-band registration for an existing account: query it, change its password, remove it
 * (XEP-0077, 3.2 and 3.3).
 *
 * A new password is saved as new salted keys for both SCRAM-SHA-1 and SCRAM-SHA-256.  It is valid when the
 * client receives the result.  The account's other sessions are then closed with <reset/>.  A removed
 * account loses its subscriptions in both directions, its stores and all its sessions.
 */
#ifndef CORE_REGISTRATION_H
#define CORE_REGISTRATION_H

#include "iq/iq_work.h"

/* Both take the iq, whose one child is <query xmlns='jabber:iq:register'/>. */
void registration_get(const struct iq_request *request);
void registration_set(const struct iq_request *request);

#endif

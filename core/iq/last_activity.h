/*
 * last_activity.h - how long an account has been unavailable, and how long the server has been running:
 * XEP-0012.
 *
 *      a host       how long the core has existed
 *      an account   0 seconds while a resource is available; else the time since the last unavailable
 *                   presence, with its status (activity.h)
 *      a resource   answers itself how long it has been idle; the server only passes the request on
 *
 * A requester that may not see the presence of an account may not query it or its resources, whether these
 * exist or not (3 and 4).  A connected resource that is not available is not reported, because presence
 * does not show it either.  For an account that was never available the answer is 0 seconds, as in Prosody's
 * mod_lastactivity; XEP-0012 does not mention this case.
 */
#ifndef CORE_LAST_ACTIVITY_H
#define CORE_LAST_ACTIVITY_H

#include "iq/iq_work.h"

/* All take the iq. */
void last_activity_host(const struct iq_request *request);
void last_activity_account(const struct iq_request *request);
void last_activity_resource(const struct iq_request *request);

#endif

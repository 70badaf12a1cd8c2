/*
 * last_activity.h - since when an account is away, and the server up, for whoever asks: XEP-0012.
 *
 *      a host        how long the core has been there
 *      an account    0 seconds while a resource is available; else the time since the last unavailable
 *                    presence, with what that said (activity.h keeps it)
 *      a resource    says itself for how long nobody has touched it: the server only lets the question
 * through
 *
 * Whoever does not see an account's presence is forbidden to ask it or its resources, whether these are there
 * or not (3 and 4).  A resource that is connected but not available is not told of, for presence does not
 * tell of it either.  Of an account that was never there the answer is 0 seconds, as it is with Prosody's
 * mod_lastactivity: XEP-0012 has no word for it.
 */
#ifndef CORE_LAST_ACTIVITY_H
#define CORE_LAST_ACTIVITY_H

#include "iq/iq_work.h"

/* All take the iq. */
void last_activity_host(const struct iq_request *request);
void last_activity_account(const struct iq_request *request);
void last_activity_resource(const struct iq_request *request);

#endif

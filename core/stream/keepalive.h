/*
 * keepalive.h - whether the client of a bound session is still there.
 *
 * Whatever bytes come are a sign of life.  After settings.idle_time without one the session is asked for one:
 * with an <r/> where stream management is enabled (XEP-0198), else with a ping (XEP-0199) or not at all, only
 * that a blank keeps the connection busy (RFC 6120, 4.6.1).  Who was asked and is silent for
 * settings.ping_time has lost its connection.
 */
#ifndef CORE_KEEPALIVE_H
#define CORE_KEEPALIVE_H

#include "session/session.h"

/* For timers.h: nothing was heard for idle_time; and nothing for ping_time after having asked. */
void keepalive_idle(struct session *session);
void keepalive_unanswered(struct session *session);

#endif

/*
 * keepalive.h - checks whether the client of a bound session is still connected.
 *
 * Any received byte shows that it is.  After settings.idle_time without one, the session is sent an <r/>
 * where stream management is enabled (XEP-0198), else a ping (XEP-0199) or a space (RFC 6120, 4.6.1), by
 * settings.keepalive.  The space needs no answer.  A client that does not answer a ping or an <r/> within
 * settings.ping_time has lost its connection.
 */
#ifndef CORE_KEEPALIVE_H
#define CORE_KEEPALIVE_H

#include "session/session.h"

/* Actions for timers.h: nothing was received for idle_time; nothing was received for ping_time after a ping
 * or an <r/>. */
void keepalive_idle(struct session *session);
void keepalive_unanswered(struct session *session);

#endif

/*
 * roster_query.h - what a client asks of its own roster: get, set, remove (RFC 6121, 2).
 */
#ifndef CORE_ROSTER_QUERY_H
#define CORE_ROSTER_QUERY_H

#include "session/session.h"

/* Both take the iq, whose one child is <query xmlns='jabber:iq:roster'/>. */
void roster_query_get(struct session *session, struct stanza *iq);
void roster_query_set(struct session *session, struct stanza *iq);

#endif

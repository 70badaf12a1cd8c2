/*
 * roster_query.h - a client's requests about its own roster: get, set, remove (RFC 6121, 2).
 */
#ifndef CORE_ROSTER_QUERY_H
#define CORE_ROSTER_QUERY_H

#include "iq/iq_work.h"

/* Both take the iq, whose one child is <query xmlns='jabber:iq:roster'/>. */
void roster_query_get(const struct iq_request *request);
void roster_query_set(const struct iq_request *request);

#endif

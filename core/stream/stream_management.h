/*
 * stream_management.h - XEP-0198: stanzas are acknowledged, and a session may outlive its connection.
 *
 * A session that enables it keeps every stanza that it sends until the client has acknowledged it.  When its
 * connection is lost and it may be resumed, it hibernates: it stays in every table as it was, connected,
 * available, interested, with no connection; what is sent to it is kept likewise.
 *
 *      enabled  -- connection lost -->  hibernating  -- <resume/> on another connection -->  enabled
 *         |                                 |
 *         |  </stream:stream>, an error     |  resume_time is over, its resource is taken, the queue is full
 *         +----------> destroyed <----------+
 *
 * What a session that is destroyed was sent and never acknowledged goes where it would go without that
 * resource (undelivered.h).  A client's wish for a shorter time ('max') is not heeded.
 */
#ifndef CORE_STREAM_MANAGEMENT_H
#define CORE_STREAM_MANAGEMENT_H

#include "session/session.h"

/* An element of the namespace, at the level of stanzas; it stays the caller's. */
void stream_management_receive(struct session *session, const struct stanza *element);

/* The client closes its stream: it is told what of its has been handled. */
void stream_management_say_goodbye(struct session *session);

#endif

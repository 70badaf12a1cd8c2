/*
 * stream_management.h - XEP-0198: stanzas are acknowledged, and a session may outlive its connection.
 *
 * A session with stream management keeps every stanza that it sends until the client has acknowledged it.
 * When its connection is lost and the session can be resumed, it hibernates: it stays in every table,
 * connected, available and interested as before, without a connection.  Stanzas sent to it are kept as
 * well.
 *
 *      enabled -- connection lost --> hibernating -- <resume/> on another connection --> enabled
 *         |                                |
 *         | </stream:stream>, an error     | resume_time is over, its resource is taken, the queue is full
 *         +----------> destroyed <----------+
 *
 * What was sent to a session and not acknowledged before it was destroyed is handled as if that resource
 * did not exist (undelivered.h).  A client's request for a shorter time ('max') is ignored.
 */
#ifndef CORE_STREAM_MANAGEMENT_H
#define CORE_STREAM_MANAGEMENT_H

#include "session/session.h"

/* Handles an element in the namespace of stream management; it stays the caller's. */
void stream_management_receive(struct session *session, const struct stanza *element);

/* The client closes its stream: sends the count of its stanzas that were handled. */
void stream_management_say_goodbye(struct session *session);

#endif

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

/* A stanza came from the client. */
void stream_management_count(struct session *session);

/* A stanza goes to the client, or is kept for it. */
void stream_management_send(struct session *session, const char *xml, size_t length, struct copies *copies);

/* So many bytes, which are sent next, may be kept beside limits.unacked_bytes, until nothing is kept.  A
 * second time before that the more of both counts, not their sum. */
void stream_management_excuse(struct session *session, size_t length);

/* Sends an <r/>; and to everybody who is due for one. */
void stream_management_ask(struct session *session);
void stream_management_ask_due(struct core *core);

/* The client closes its stream: it is told what of its has been handled. */
void stream_management_say_goodbye(struct session *session);

/* Whether more than an nth part of what a managed session may have unacknowledged is. */
bool stream_management_is_behind(const struct session *session, size_t nth);

/* The connection of a managed session takes bytes again: there may be more of what a resumption sends. */
void stream_management_go_on(struct session *session);

/* Of what a resumption has not sent again yet, what is from somebody whom the user has blocked since is left
 * out (XEP-0191, 3.3), and not counted as sent.  To be called whenever there is another list. */
void stream_management_forget_the_blocked(struct session *session);

bool stream_management_is_resumable(const struct session *session);

/* The connection is gone: there is nobody to be asked. */
void stream_management_hibernate(struct session *session);

/* The session has left every table: what was not acknowledged goes elsewhere, if anywhere; it is freed.  NULL
 * is nothing. */
void stream_management_end(struct core *core, struct managed *managed, bool reroute);

/* For a look (inspect.h). */
struct managed_view {
    uint32_t handled, sent;
    size_t unacked;
};
struct managed_view stream_management_look(const struct managed *managed);

struct description;
void stream_management_describe(struct description *description, const struct managed *managed);

#endif

/*
 * reply.h - answers to stanzas, above all errors (RFC 6120, 8.3).
 */
#ifndef CORE_REPLY_H
#define CORE_REPLY_H

#include "session/session.h"
#include "xml/stanza_error.h"

/* Answers a stanza with an error to its sender, unless it must not be answered (RFC 6120, 8.3.1): an error,
 * or the result of an iq.  The stanza stays the caller's. */
void reply_error(struct core *core, const struct stanza *stanza, struct stanza_error error);

/* The same with an application-specific condition element (RFC 6120, 8.3.4). */
void reply_error_with(struct core *core, const struct stanza *stanza, struct stanza_error error,
                      const char *condition, const char *ns);

/* Sends the answer to a stanza to its sender, a local session or a remote domain.  Takes the answer; NULL
 * or a failed stanza is an answer for which there was no memory.  Then the local session is disconnected,
 * because an iq must not stay without an answer (RFC 6120, 8.2.3). */
void reply_send(struct core *core, const struct stanza *stanza, struct stanza *answer);

/* Answers an iq with an empty result.  The iq stays the caller's. */
void reply_result(struct core *core, const struct stanza *iq);

/* Answers a stanza to a recipient that its sender has blocked (XEP-0191, 3.3).  The stanza stays the
 * caller's. */
void reply_blocked(struct core *core, const struct stanza *stanza);

/* Answers a message or an iq whose recipient has blocked its sender, as if the recipient were offline.  The
 * stanza stays the caller's. */
void reply_unavailable(struct core *core, const struct stanza *stanza);

#endif

/*
 * reply.h - answers to stanzas, errors above all (RFC 6120, 8.3).
 */
#ifndef CORE_REPLY_H
#define CORE_REPLY_H

#include "session/session.h"
#include "xml/stanza_error.h"

/* Answers a stanza's sender with an error, unless it is one that must not be answered (RFC 6120, 8.3.1): an
 * error, or the result of an iq.  The stanza stays the caller's. */
void reply_error(struct core *core, const struct stanza *stanza, struct stanza_error error);

/* The same with an application's own condition beside the error's (RFC 6120, 8.3.4). */
void reply_error_with(struct core *core, const struct stanza *stanza, struct stanza_error error,
                      const char *condition, const char *ns);

/* Sends the answer to a stanza to the local session or the remote domain that sent it; takes the answer.  A
 * request that cannot be answered for lack of memory (the answer is NULL, or failed) costs its session: an iq
 * is never left without an answer (RFC 6120, 8.2.3). */
void reply_send(struct core *core, const struct stanza *stanza, struct stanza *answer);

/* Answers an iq with an empty result.  The iq stays the caller's. */
void reply_result(struct core *core, const struct stanza *iq);

/* Answers a stanza whose sender has blocked its recipient (XEP-0191, 3.3).  It stays the caller's. */
void reply_blocked(struct core *core, const struct stanza *stanza);

/* Answers a message or an iq whose recipient has blocked the sender, as if the recipient were offline.  It
 * stays the caller's. */
void reply_unavailable(struct core *core, const struct stanza *stanza);

#endif

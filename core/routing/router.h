/*
 * router.h - where a stanza goes (RFC 6120, 10; RFC 6121, 8).
 *
 * A stanza from a client passes through here once: its addresses are checked and stamped, then the room of
 * its kind acts on it.  What is then on its way to somebody goes by that somebody's address:
 *
 *      router_receive -> message_receive                           -> session_send, session_send_rendered
 *                     -> iq_receive       -> (acts) or passes on   -> session_send
 *                     -> presence_receive -> (acts) or presence_route -> session_send_rendered
 */
#ifndef CORE_ROUTER_H
#define CORE_ROUTER_H

#include "base/jid.h"
#include "session/session.h"
#include "xml/stanza_error.h"

/* A stanza from a bound session; takes it. */
void router_receive(struct session *session, struct stanza *stanza);

/* Answers a stanza's sender with an error, unless it is one that must not be answered (RFC 6120, 8.3.1): an
 * error, or the result of an iq.  The stanza stays the caller's. */
void router_bounce(struct core *core, const struct stanza *stanza, struct stanza_error error);

/* The same with an application's own condition beside the error's (RFC 6120, 8.3.4). */
void router_bounce_with(struct core *core, const struct stanza *stanza, struct stanza_error error,
                        const char *condition, const char *ns);

/* Sends the answer to a stanza to the local session or the remote domain that sent it; takes the answer.  A
 * request that cannot be answered for lack of memory (the answer is NULL, or failed) costs its session: an iq
 * is never left without an answer (RFC 6120, 8.2.3). */
void router_reply(struct core *core, const struct stanza *stanza, struct stanza *answer);

/* Answers an iq with an empty result.  The iq stays the caller's. */
void router_confirm(struct core *core, const struct stanza *iq);

/* The bound session with that full JID that may be sent something, or NULL. */
struct session *router_find(const struct core *core, const char *full_jid);

/* Whether a JID's domain is one of ours. */
bool router_is_local(const struct core *core, const struct jid *jid);

#endif

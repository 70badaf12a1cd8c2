/*
 * blocking.h - who may reach whom: the blocking command, XEP-0191.
 *
 * Whether a stanza may pass is one question, blocking_forbids, asked of one account about one address.  It is
 * asked once on the way out and once on the way in, and again of what was accepted and waits, whenever it
 * goes:
 *
 *      out   router_receive   what a client addresses to somebody: not-acceptable
 *      in    router_receive   messages and iqs for an account in memory: service-unavailable
 *            s2s_in.c         the same where they are from another server
 *            user.c           the same for one that had to be loaded, and subscription requests and probes,
 *                             which are dropped
 *      again offline.c        messages that were kept: they are dropped
 *            stream_management.c  what a resumption sends again: it is left out
 *            message.c        what a session that has ended never acknowledged: it is dropped
 *      both  presence.c       presence that a server sends in its user's name, for each session that would
 * get it: it is left out
 */
#ifndef CORE_BLOCKING_H
#define CORE_BLOCKING_H

#include "base/jid.h"
#include "session/session.h"

struct user;

/* Whether a user, whose list is loaded, has blocked a prepared JID.  Nobody blocks his own resources,
 * whatever is in his list (XEP-0191, 5). */
bool blocking_forbids(const struct user *user, const char *jid);

/* The same of the sender of a stanza that was accepted before: it may have been blocked since.  A copy
 * (carbons.h) is from who sent the message. */
bool blocking_forbids_stanza(const struct user *user, const struct element *stanza);

/* Whether presence from a JID may be sent to a session, by the lists of both sides; `sender` may be NULL, for
 * somebody who is not in memory. */
bool blocking_lets_see(const struct user *sender, const char *from, const struct session *recipient);

/* What a change of a user's list, which was `before`, means to a JID. */
struct blocklist;
enum blocking_change { BLOCKING_STAYS, BLOCKING_BEGINS, BLOCKING_ENDS };
enum blocking_change blocking_change(const struct user *user, const struct blocklist *before,
                                     const char *jid);

/* The client has blocked whom it addresses: the stanza is answered with that (XEP-0191, 3.3).  It stays the
 * caller's. */
void blocking_refuse_outbound(struct core *core, const struct stanza *stanza);

/* Whoever is addressed has blocked the sender: a message or an iq is answered as though nobody were there.
 * It stays the caller's. */
void blocking_refuse_inbound(struct core *core, const struct stanza *stanza);

/* The client's iqs (XEP-0191, 3.2 to 3.5); they are taken. */
void blocking_list(struct session *session, struct stanza *iq);
void blocking_block(struct session *session, struct stanza *iq);
void blocking_unblock(struct session *session, struct stanza *iq);

#endif

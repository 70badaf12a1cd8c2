/*
 * broadcast.h - sends presence to one address, an account, or all subscribers (RFC 6121, 4).
 *
 * Recipients that blocking excludes are sent nothing.  Presence errors received before make no difference
 * (the notes in 4.4.2 and 4.5.2).
 */
#ifndef CORE_BROADCAST_H
#define CORE_BROADCAST_H

#include "base/jid.h"
#include "session/session.h"

/* The origin of presence: the user, NULL when not in memory; the sender's address; and its local host, NULL
 * when it is from a remote server. */
struct origin {
    const struct user *user;
    const char *jid;
    const char *host;
};

struct origin broadcast_origin(const struct session *session);

/* Sends to an address: a local full JID is one session, a local bare JID all available resources
 * (8.5.2.1.2). */
void broadcast_to_address(struct core *core, struct origin from, const struct rendered *presence,
                          const char *to);

/* The same for available presence: that of a stranger is dropped by a session that is far behind with
 * acknowledgements.  Unavailable presence never is, because the session may have been told before that its sender
 * is available (4.5.2, 4.6.3), which is not remembered of senders at other servers. */
void broadcast_where_welcome(struct core *core, struct origin from, const struct rendered *presence,
                             const char *to);

/* Whether available presence of a sender to an address is not dropped by everybody there. */
bool broadcast_is_welcome(const struct core *core, const char *from, const char *to);

/* Sends to the user's own available resources, including the sender's (4.2.2, 4.4.2, 4.5.2). */
void broadcast_to_own(struct user *user, const struct rendered *presence);

/* Sends what a session broadcasts to one account: to its available resources (4.4.2, 4.5.2), or to the bare
 * JID of a remote account. */
void broadcast_to_account(struct session *session, const struct rendered *presence, const char *bare_jid);

/* The same to each subscribed account. */
void broadcast_to_subscribers(struct session *session, const struct rendered *presence);

/* Whether an address receives what this session broadcasts: a subscriber or the account itself, and
 * available.  A remote resource may be counted as receiving nothing although it is available; receiving
 * presence twice is harmless. */
bool broadcast_hears(const struct session *session, const struct jid *to);

#endif

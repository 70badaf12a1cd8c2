/*
 * subscription.h - presence subscriptions: RFC 6121, section 3, by the tables of its Appendix A.
 *
 * A client's stanza changes its own user's roster first (outbound) and then, passed on, the contact's
 * (inbound), each a piece of work on that user.  The session that began it waits until both are done.
 */
#ifndef CORE_SUBSCRIPTION_H
#define CORE_SUBSCRIPTION_H

#include "account/roster.h"
#include "base/jid.h"
#include "session/session.h"

/* Which of them a presence type names; SUBSCRIPTION_STANZAS when none. */
enum subscription_stanza subscription_stanza_of(const char *type);

/* Appendix A: what a stanza does to the state a roster item is in. */
struct subscription_rule {
    struct subscription_state state; /* the new one */
    bool pass; /* outbound: it is routed to the contact; inbound: it is delivered to the user */
};
enum subscription_direction { SUBSCRIPTION_OUT, SUBSCRIPTION_IN };
struct subscription_rule subscription_rule(enum subscription_direction direction,
                                           enum subscription_stanza stanza, struct subscription_state state);

/* A subscription stanza from a client, to a JID; takes it. */
void subscription_receive(struct session *session, struct stanza *presence, const struct jid *to);

/* A session has become available, for the first time: what its user has asked of other servers, and nobody
 * has answered, is sent once more, for it or its answer may have been lost (3.1.2). */
void subscription_ask_again(struct session *session);

/* A contact was removed from a user's roster: both subscriptions are cancelled as far as the state says that
 * there are any (2.5.2).  The session, if any, waits. */
void subscription_cancel(struct user *user, const struct jid *contact, struct subscription_state state,
                         struct session *session);

/* The same for all of a user's contacts, who are told nothing else: the account is no more. */
void subscription_cancel_all(struct user *user);

/* Tells an account, by its full or bare JID, that it is not subscribed to the user (4.3.2), with the id of
 * what asked for that, or NULL. */
void subscription_deny(struct user *user, const char *to, const char *id);

/* A subscription stanza from another server, for somebody here; takes it. */
void subscription_arrived(struct core *core, struct stanza *presence, const struct jid *to);

#endif

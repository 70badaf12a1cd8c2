/*
 * subscription.h - presence subscriptions: RFC 6121, section 3, with the tables of its Appendix A.
 *
 * A client's stanza changes the roster of its own user first (outbound), and is then passed on and changes
 * the contact's (inbound).  Each is work on that user; the session that began it waits until both are done.
 */
#ifndef CORE_SUBSCRIPTION_H
#define CORE_SUBSCRIPTION_H

#include "account/roster.h"
#include "base/jid.h"
#include "session/session.h"

/* The subscription stanza that a presence type names; SUBSCRIPTION_STANZAS for any other type. */
enum subscription_stanza subscription_stanza_of(const char *type);

/* Appendix A: the effect of a stanza on the state of a roster item. */
struct subscription_rule {
    struct subscription_state state; /* the new state */
    bool pass;                       /* outbound: route it to the contact; inbound: deliver it to the user */
};
enum subscription_direction { SUBSCRIPTION_OUT, SUBSCRIPTION_IN };
struct subscription_rule subscription_rule(enum subscription_direction direction,
                                           enum subscription_stanza stanza, struct subscription_state state);

/* Handles a subscription stanza from a client to a JID; takes it. */
void subscription_receive(struct session *session, struct stanza *presence, const struct jid *to);

/* A session has become available for the first time: sends the user's pending requests to remote servers
 * again, because they or their answers may have been lost (3.1.2). */
void subscription_ask_again(struct session *session);

/* A contact was removed from a user's roster: cancels the subscriptions in both directions, as far as
 * `state` has them (2.5.2).  The session, if any, waits. */
void subscription_cancel(struct user *user, const struct jid *contact, struct subscription_state state,
                         struct session *session);

/* The same for all contacts of a user, when the account is removed. */
void subscription_cancel_all(struct user *user);

/* Sends `unsubscribed` (4.3.2) to an account, by its full or bare JID, with the id of the stanza that it
 * answers, or NULL. */
void subscription_deny(struct user *user, const char *to, const char *id);

/* Handles a subscription stanza from a remote server to a local address; takes it. */
void subscription_arrived(struct core *core, struct stanza *presence, const struct jid *to);

#endif

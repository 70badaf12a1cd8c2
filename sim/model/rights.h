/*
 * rights.h - who may be told about an account: its last activity (XEP-0012) and what it supports (XEP-0030).
 *
 * A server answers in the name of an account, and only to who may see its presence: to its own resources, and to contacts
 * that are subscribed to it.  The server decides in the event in which the answer leaves, unless the answer has waited to
 * be written; so the roster is read from its disk then.
 */
#ifndef SIM_MODEL_RIGHTS_H
#define SIM_MODEL_RIGHTS_H

#include "model_private.h"

/* What gives the receiver of an answer the right to it: it is no such answer; a subscription; nothing is
 * known; nothing does. */
enum right rights_of(const struct connection *connection, const struct departure *departure);

/* Whether the roster of an account on the disk has a contact, by its address, with a subscription in a
 * direction, "from" or "to".  RIGHT_NONE where no such account is stored at this server. */
enum right rights_in_roster(const struct watched_server *server, struct span account, struct span contact,
                            const char *direction);

/* Whether an account of the server exists, on its disk. */
bool rights_has_account(const struct watched_server *server, const struct address *account);

/* Whether an account may have blocked a JID: one of which no session is known has on its disk what it blocks. */
bool rights_may_block(const struct watched_server *server, const struct address *account,
                      const struct address *jid);

/* Whether block lists are in use: a list that is stored has no effect otherwise. */
static inline bool rights_can_block(const struct watched_server *server)
{
    return (server->settings->features & CORE_BLOCKING) != 0;
}

/* Whether all that a stored block list has can be compared with addresses (address.h). */
bool rights_stored_blocks_are_known(const struct watched_server *server, const char *user, const char *host);

/* Whether the block list of an account is known: no request to change it has come in since the last quiescence.  Then
 * what may be blocked is. */
bool rights_blocks_are_known(const struct watched_server *server, const struct address *account);

/* What of it is refused by an answer, although the receiver has the right to know it: its own request is known by its
 * id. */
enum refusal refusal_of(const struct connection *connection, const struct departure *departure);

#endif

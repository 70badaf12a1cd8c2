/*
 * directed.h - the addresses to which a session has sent directed presence, and to which its unavailable
 * presence must be sent (struct directed in session.h).
 */
#ifndef CORE_DIRECTED_H
#define CORE_DIRECTED_H

#include "base/jid.h"
#include "session/session.h"
#include "xml/stanza_error.h"

/* The link in the session's list that points to an address; it points to NULL when the address is not in
 * the list. */
struct directed **directed_find(struct session *session, const char *jid);

/* Whether an entity is an account, a room or a host, or a resource of it. */
bool directed_is_of(const struct directed *entity, const char *bare_jid);

/* Whether the session has sent directed presence to such an entity, and not withdrawn it. */
bool directed_to_account(const struct session *session, const char *bare_jid);

/* Parses the address of an entity. */
void directed_jid(const struct directed *entity, struct jid *jid);

/* Adds an address to the end of the session's list, unless it is in it.  Returns an error when there are
 * too many, or no memory. */
struct stanza_error directed_add(struct session *session, const char *jid);

/* Removes the entry that a link points to; NULL is a no-op. */
void directed_remove(const struct session *session, struct directed **at);

#endif

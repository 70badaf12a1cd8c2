/*
 * directed.h - the entities that a session keeps in mind beside its roster: those it has sent directed
 * presence and owes its withdrawal (struct directed in session.h).
 */
#ifndef CORE_DIRECTED_H
#define CORE_DIRECTED_H

#include "base/jid.h"
#include "session/session.h"
#include "xml/stanza_error.h"

/* The place in the session's list where an address stands; one that holds NULL when it does not. */
struct directed **directed_find(struct session *session, const char *jid);

/* Whether an entity is an account, a room or a host, or a resource of it. */
bool directed_is_of(const struct directed *entity, const char *bare_jid);

/* Whether the session has sent directed presence to one of those, and not taken it back. */
bool directed_to_account(const struct session *session, const char *bare_jid);

/* The address of an entity, in its parts. */
void directed_jid(const struct directed *entity, struct jid *jid);

/* Puts an address at the end of the session's list, where it is not there yet.  An error when there
 * are too many, or no memory. */
struct stanza_error directed_add(struct session *session, const char *jid);

/* Takes out what is at that place; nothing when it holds NULL. */
void directed_remove(const struct session *session, struct directed **at);

#endif

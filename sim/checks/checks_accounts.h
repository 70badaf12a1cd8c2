/*
 * checks_accounts.h - the clients of one account, and what is asked of an account as a whole.
 *
 * There may be very many accounts, and a message or a request is about two of them: so the clients are found
 * by the bare JID that their account has, in a table.  Where `host` is a void pointer it is the struct
 * checks: these are the functions that struct post has for its questions (post.h).  A bare JID may be written
 * in capitals.
 */
#ifndef SIM_CHECKS_ACCOUNTS_H
#define SIM_CHECKS_ACCOUNTS_H

#include "checks_look.h"

/* Before the client is observed; and at the end. */
void accounts_add(struct checks *checks, struct watched *watched);
void accounts_free(struct checks *checks);

/* The first client of the account of a JID, NULL when it has none; the others follow as `same_account`. */
struct watched *accounts_first(const struct checks *checks, const char *jid);

/* How many connections of the account have ended; and how many had when the world was last quiet. */
unsigned accounts_endings(void *host, const char *bare_jid);
unsigned accounts_endings_before(void *host, const char *bare_jid);

/* Whether the account has a session that hibernates, or a client whose link does not flow; and whether there
 * is any such account at all, so that it need not be looked for with each message. */
bool accounts_held(void *host, const char *bare_jid);
bool accounts_somebody_held(const struct checks *checks);

/* The other questions of struct post, under their names there. */
bool accounts_lost(void *host, const char *jid, const char *other);
bool accounts_present(void *host, const char *bare_jid);
bool accounts_forgotten(void *host);
uint64_t accounts_stirs(void *host);
bool accounts_haunted(void *host, const char *bare_jid);
bool accounts_apart(void *host, const char *one, const char *other);
bool accounts_hushed(void *host, const char *jid);

#endif

/*
 * checks_accounts.h - the clients of one account, and questions about an account.
 *
 * There may be very many accounts, and a message or request concerns two of them; so the clients are found in
 * a table by the bare JID of their account.  The functions with a void pointer `host` implement the questions
 * of struct fates (fates.h); `host` is the struct checks.  Bare JIDs may be in upper case.
 */
#ifndef SIM_CHECKS_ACCOUNTS_H
#define SIM_CHECKS_ACCOUNTS_H

#include "checks_look.h"

/* accounts_add is called before the client is observed; accounts_free at the end. */
void accounts_add(struct checks *checks, struct watched *watched);
void accounts_free(struct checks *checks);

/* The first client of the account of a JID, or NULL; the others follow by `same_account`.  The anonymous clients of a host
 * count as one account, because their names are the server's choice. */
struct watched *accounts_first(const struct checks *checks, const char *jid);

/* The number of connections of the account's clients that have ended: now, and at the last quiescence. */
unsigned accounts_endings(void *host, const char *bare_jid);
unsigned accounts_endings_before(void *host, const char *bare_jid);

/* accounts_held: whether the account has a hibernating session, or a client whose link is stalled.
 * accounts_somebody_held: whether any account has, so that the search for each message can be skipped. */
bool accounts_held(void *host, const char *bare_jid);
bool accounts_somebody_held(const struct checks *checks);

/* The other questions of struct fates, under the names there. */
bool accounts_lost(void *host, const char *jid, const char *other);
bool accounts_present(void *host, const char *bare_jid);
bool accounts_forgotten(void *host);
uint64_t accounts_stirs(void *host);
bool accounts_haunted(void *host, const char *bare_jid);
bool accounts_apart(void *host, const char *one, const char *other);
bool accounts_hushed(void *host, const char *jid);

#endif

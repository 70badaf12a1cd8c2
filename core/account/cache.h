/*
 * cache.h - accounts to which no client is connected and for which no work is done, kept in memory for a
 * while.
 *
 * A probe, a message or a request for an account that is not in memory loads its roster and its block list,
 * and a few bytes would do that as often as their sender likes.  So a user that has nothing to do stays where
 * it is, with what was loaded, in the order of last use, within the limits cached_accounts, cached_bytes and
 * cache_time.  user.c puts it in (user_release) and takes it out (user_get); for everything else it is not
 * in memory (user_find).
 *
 * Nothing has to be kept in step with storage: every change of these stores is work on this very user.
 */
#ifndef CORE_CACHE_H
#define CORE_CACHE_H

#include "account/user.h"

/* Whether what a user has in memory may still be used, and is no more than the cache holds at all: else it
 * would cost all others their place. */
bool cache_takes(const struct user *user);

/* Puts a user behind all others, which has no sessions, no work and nothing that only mattered to those. */
void cache_add(struct user *user);

/* Takes a user out that is in it. */
void cache_remove(struct user *user);

/* Whether what the user has in memory is too old to be used (limits.cache_time). */
bool cache_is_stale(const struct user *user);

/* The user that has to go, the one that was used longest ago; NULL while the limits are kept. */
struct user *cache_surplus(const struct core *core);

#endif

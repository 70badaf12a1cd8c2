/*
 * blocks.h - who has blocked whom, as the server's sessions have it: for the checks.
 *
 * The lists are read off the server whenever an account's session was concerned.  A stanza may be on its way
 * while its sender is being blocked, so a block counts as settled only once the world was quiet after it.
 * The matching of JIDs (XEP-0191, 6) is written here anew.
 */
#ifndef SIM_BLOCKS_H
#define SIM_BLOCKS_H

#include "inspect.h"

struct block;

/* Zeroed is empty. */
struct blocks {
    struct block *first; /* hashed by owner and JID */
    uint64_t epoch;      /* how often the world was quiet */
};

void blocks_free(struct blocks *blocks);

/* Reads the list of a session's account, if it is bound. */
void blocks_learn(struct blocks *blocks, const struct core *core, const struct session *session);

/* A list may have been changed with nobody there to read it from: ends what is no longer so. */
typedef bool (*blocks_still)(const void *host, const char *owner, const char *jid);
void blocks_reread(struct blocks *blocks, blocks_still is_still, const void *host);

/* The world is quiet. */
void blocks_quiet(struct blocks *blocks);

/* Whether the account of `owner` (a JID, bare or full) has blocked `jid`: now; now and since before the world
 * was last quiet; or ever.  Nobody blocks his own resources. */
bool blocks_now(const struct blocks *blocks, const char *owner, const char *jid);
bool blocks_settled(const struct blocks *blocks, const char *owner, const char *jid);
bool blocks_ever(const struct blocks *blocks, const char *owner, const char *jid);

/* What they remember, as a set of lines. */
struct description;
void blocks_describe(struct description *description, const struct blocks *blocks);

#endif

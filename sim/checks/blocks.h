/*
 * blocks.h - the block lists of the accounts, as the server's sessions have them; for the checks.
 *
 * A list is read from the server after every event that concerned a session of the account.  A stanza may be
 * under way while its sender is being blocked, so a block counts as settled only after the next quiescence.
 * The matching of JIDs (XEP-0191, 6) is implemented independently of the core.
 */
#ifndef SIM_BLOCKS_H
#define SIM_BLOCKS_H

#include "inspect.h"

struct block;

/* Zeroed is empty. */
struct blocks {
    struct block *first; /* hashed by owner and JID */
    uint64_t epoch;      /* how often the world was quiescent */
};

void blocks_free(struct blocks *blocks);

/* Reads the block list of the account of a session, if the session is bound. */
void blocks_learn(struct blocks *blocks, const struct core *core, const struct session *session);

/* A list may have changed while the account had no session to read it from: ends the blocks for which
 * `is_still` returns false. */
typedef bool (*blocks_still)(const void *host, const char *owner, const char *jid);
void blocks_reread(struct blocks *blocks, blocks_still is_still, const void *host);

/* The world is quiescent: current blocks become settled. */
void blocks_quiet(struct blocks *blocks);

/* Whether the account of `owner` (a bare or full JID) has blocked `jid`: now; now and since before the last
 * quiescence; or at any time.  The resources of the account itself are never blocked. */
bool blocks_now(const struct blocks *blocks, const char *owner, const char *jid);
bool blocks_settled(const struct blocks *blocks, const char *owner, const char *jid);
bool blocks_ever(const struct blocks *blocks, const char *owner, const char *jid);

/* Describes the blocks, as a set of lines. */
struct description;
void blocks_describe(struct description *description, const struct blocks *blocks);

#endif

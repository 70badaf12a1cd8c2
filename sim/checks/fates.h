/*
 * fates.h - what became of every message that a client sent: delivered, kept, or refused, exactly one of
 * them.
 *
 * A message counts that has an id which its sender has not used before, and whose type is one that may not be
 * dropped without a word: not headline, not error (RFC 6121, 8.5); nor does one count that may not be kept,
 * where strangers are not told that nobody is there (core.h, tell_strangers).  Copies (XEP-0280) have no id
 * of their own and do not count.  What may have been lost with somebody's connection is forgiven, but not
 * what was kept while its recipient was away.  Where memory ran out it is forgiven too that what was held for
 * somebody who could not read it is lost.
 */
#ifndef SIM_FATES_H
#define SIM_FATES_H

#include "../client/client.h"
#include "../world/disk.h"

struct fate;

/* How many ends of connections of an account's clients there were so far, by its bare JID: a connection that
 * the client gives up ends there, and some time later at the server. */
typedef unsigned (*fates_endings)(void *host, const char *bare_jid);

/* Whether something for an account may be under way for as long as it takes: one of its sessions hibernates,
 * one of its clients does not read, or the server speaks into a connection that has nobody at its other end.
 */
typedef bool (*fates_held)(void *host, const char *bare_jid);

/* Whether something for an account may be lost because a session of it, which acknowledges nothing, has a
 * connection at whose other end there is nobody. */
typedef bool (*fates_haunted)(void *host, const char *bare_jid);

/* Whether something that the server of one address sent to that of the other was lost on the way, ever. */
typedef bool (*fates_lost)(void *host, const char *jid, const char *other);

/* Whether one of two addresses ever blocked the other: then what waited for it is dropped (XEP-0191, 3.3). */
typedef bool (*fates_apart)(void *host, const char *jid, const char *other);

/* Whether the server of an address drops what may not be kept. */
typedef bool (*fates_hushed)(void *host, const char *jid);

/* Whether one of an account's clients has a connection. */
typedef bool (*fates_present)(void *host, const char *bare_jid);

/* A number that has grown, since the world was quiet before, when `endings` may answer otherwise for anybody
 * than it did then, or when `held` or `haunted` may be true of anybody. */
typedef uint64_t (*fates_stirs)(void *host);

/* Whether there was no memory for something, ever. */
typedef bool (*fates_forgotten)(void *host);

/* Empty but for whom to ask. */
struct fates {
    fates_apart apart;
    fates_hushed hushed;
    fates_endings endings_before; /* as `endings` was when the world was last quiet */
    fates_endings endings;
    fates_held held;
    fates_haunted haunted;
    fates_lost lost;
    fates_present present;
    fates_forgotten forgotten;
    fates_stirs stirs;
    void *host;
    struct fate *first; /* hashed by sender and id */
    struct fate *open;  /* those of which something is to be asked: see fates.c */
    uint64_t asked;     /* how much of storage had changed when it was last asked */
    uint64_t stirred;   /* as `stirs` was when it was last quiet */
};

void fates_free(struct fates *fates);

/* A client sends, a client has received: any stanza. */
void fates_sent(struct fates *fates, const struct client *client, const struct xml *stanza);
void fates_received(struct fates *fates, const struct client *client, const struct xml *stanza);

/* What it remembers, as a set of lines. */
struct description;
void fates_describe(struct description *description, const struct fates *fates);

/* The world is quiet, and these are the disks of all its servers.  False when there is something wrong with a
 * message: then it is in `detail`. */
bool fates_quiet(struct fates *fates, struct disk *const *disks, size_t disk_count, char *detail,
                 size_t size);

#endif

/*
 * durability.h - what clients were told is done, and so must be in storage.
 *
 * A client asks for something to be stored: a roster item or its removal (RFC 6121, 2.3 and 2.5), that
 * somebody be blocked or not (XEP-0191), another password or the end of the account (XEP-0077).  Once the
 * result has come, that is a promise, until somebody of the account asks for something else about the same,
 * with a subscription too.
 * Where several ask at the same time, nobody can tell whose wish is the last: then there is no promise.
 *
 * Only what is written in the form in which it is stored is followed: addresses in small letters, without a
 * resource.
 */
#ifndef SIM_DURABILITY_H
#define SIM_DURABILITY_H

#include "../client/client.h"
#include "../world/disk.h"

struct confirmed;
struct request;

/* Zeroed is empty. */
struct durability {
    struct confirmed *first;  /* hashed by account, kind and what it is about */
    struct request *requests; /* requests under way */
    bool unblocking;          /* everybody, since the world was last quiet */
};

void durability_free(struct durability *durability);

/* A client sends, a client has received: any stanza.  What is held up on its way may do what it does at any
 * time to come. */
void durability_sent(struct durability *durability, const struct client *client, const struct xml *stanza,
                     bool held_up);

void durability_received(struct durability *durability, const struct client *client,
                         const struct xml *stanza);

/* The world is quiet: whoever has another session by now will not be answered what it asked for in the old.
 */
void durability_quiet(struct durability *durability);

/* Whether a disk, on which all of the domain's accounts are, has what was promised.  False when it has not:
 * then that is in `detail`. */
typedef bool (*durability_here)(const void *host, const char *domain);
bool durability_kept(struct durability *durability, const struct disk *disk, durability_here is_here,
                     const void *host, char *detail, size_t size);

/* What they remember, as a set of lines. */
struct description;
void durability_describe(struct description *description, const struct durability *durability);

/* A bare JID in two.  False when it has no localpart, or is too long for one. */
struct account_name {
    char local[1024], domain[1024];
};
bool account_name(struct account_name *name, const char *jid);

#endif

/*
 * promises.h - what clients were told is done, and so must be in storage.
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
#ifndef SIM_PROMISES_H
#define SIM_PROMISES_H

#include "../client/client.h"
#include "../world/disk.h"

struct promise;
struct wish;

/* Zeroed is empty. */
struct promises {
    struct promise *first; /* hashed by account, kind and what it is about */
    struct wish *wishes;   /* requests under way */
    bool unblocking;       /* everybody, since the world was last quiet */
};

void promises_free(struct promises *promises);

/* A client sends, a client has received: any stanza.  What is held up on its way may do what it does at any
 * time to come. */
void promises_sent(struct promises *promises, const struct client *client, const struct xml *stanza,
                   bool held_up);

void promises_received(struct promises *promises, const struct client *client, const struct xml *stanza);

/* The world is quiet: whoever has another session by now will not be answered what it asked for in the old.
 */
void promises_quiet(struct promises *promises);

/* Whether a disk, on which all of the domain's accounts are, has what was promised.  False when it has not:
 * then that is in `detail`. */
typedef bool (*promises_here)(const void *host, const char *domain);
bool promises_kept(struct promises *promises, const struct disk *disk, promises_here is_here,
                   const void *host, char *detail, size_t size);

/* What they remember, as a set of lines. */
struct description;
void promises_describe(struct description *description, const struct promises *promises);

/* A bare JID in two.  False when it has no localpart, or is too long for one. */
struct account_name {
    char local[1024], domain[1024];
};
bool account_name(struct account_name *name, const char *jid);

#endif

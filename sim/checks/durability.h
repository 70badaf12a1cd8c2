/*
 * durability.h - changes that the server confirmed to clients, which must therefore be in storage.
 *
 * A client requests a change: a roster item or its removal (RFC 6121, 2.3 and 2.5), a block or unblock
 * (XEP-0191), a new password, or the removal of the account (XEP-0077).  The result confirms the change.  The
 * confirmation holds until a client of the account requests another change of the same object, by a
 * subscription too.  When several clients request changes of the same object concurrently, their order is
 * unknown, and no change counts as confirmed.
 *
 * Only addresses whose stored form is known without preparing them are tracked: of ASCII letters and digits, without a
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
    struct confirmed *first;  /* hashed by account, kind and object */
    struct request *requests; /* requests under way */
    bool unblocking;          /* an unblock of all JIDs was requested since the last quiescence */
};

void durability_free(struct durability *durability);

/* Called for every stanza that a client sends, and for every stanza that it receives.  A stanza held up on
 * its way (`held_up`) may take effect at any later time. */
void durability_sent(struct durability *durability, const struct client *client, const struct xml *stanza,
                     bool held_up);

void durability_received(struct durability *durability, const struct client *client,
                         const struct xml *stanza);

/* The world is quiescent: requests of a client that has another session by now will not be answered. */
void durability_quiet(struct durability *durability);

/* Whether a disk, which holds all accounts of the domains for which `is_here` returns true, has all confirmed
 * changes.  Otherwise returns false, with a description in `detail`. */
typedef bool (*durability_here)(const void *host, const char *domain);
bool durability_kept(struct durability *durability, const struct disk *disk, durability_here is_here,
                     const void *host, char *detail, size_t size);

/* Describes the confirmed and the requested changes, as a set of lines. */
struct description;
void durability_describe(struct description *description, const struct durability *durability);

/* A bare JID split in two. account_name returns false when the JID has no localpart, or a part is too long.
 */
struct account_name {
    char local[1024], domain[1024];
};
bool account_name(struct account_name *name, const char *jid);

#endif

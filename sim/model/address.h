/*
 * address.h - compares JIDs as they stand in stanzas (RFC 7622, 3), without preparing them.
 *
 * Letters of ASCII are alike in both cases in localparts and domainparts.  Where preparation may change more than that,
 * because a character is not ASCII or a reference is left, only equal bytes are known to be alike.  This shares no
 * code with the core on purpose; the library that prepares strings is another's.
 */
#ifndef SIM_MODEL_ADDRESS_H
#define SIM_MODEL_ADDRESS_H

#include "tags.h"

/* The parts as they were written, the domainpart without a final dot (RFC 7622, 3.2); absent ones have no bytes. */
struct address {
    struct span local, domain, resource;
};

enum alike { ALIKE_NO, ALIKE_YES, ALIKE_UNKNOWN };

struct address address_split(struct span jid);

/* Whether preparation changes at most the case of a part. */
bool address_is_plain(struct span part);

/* Whether a localpart stays as it is when it is prepared (RFC 7622, 4; the profile is that of RFC 6122,
 * 2.3).  True also for what cannot be said: where a reference is left, or it is longer than a localpart
 * may be. */
bool address_is_stable(struct span local);

/* Copies a part in small letters, as a string.  Returns false when preparation may change more than that,
 * or when it is absent, empty, or does not fit into `size` bytes; `out` is then undefined. */
bool address_read_part(struct span part, char *out, size_t size);

/* Whether two addresses are of the same account, whatever their resources. */
enum alike address_same_account(const struct address *one, const struct address *other);

/* Whether they are the same, also where both have no resource. */
enum alike address_same(const struct address *one, const struct address *other);

/* What an address is to a full JID: whether it is of the same account; whether it is the same; and whether
 * it has a resource.  An absent one is neither.  Nearly all are written alike, which costs no more than
 * comparing the bytes. */
struct likeness {
    enum alike account, whole;
    bool has_resource;
};
struct likeness address_liken(struct span jid, struct span full_jid);

#endif

/*
 * unavailable.h - the unavailable presence that the server sends for a session that ends, or that is no
 * longer visible to a contact.  A session may end for lack of memory, and its unavailable presence must
 * still be sent, so this needs none.
 */
#ifndef CORE_UNAVAILABLE_H
#define CORE_UNAVAILABLE_H

#include "base/jid.h"
#include "session/session.h"

/* On the stack of the caller; not freed.  A byte of a JID takes at most six bytes (`&quot;`). */
struct unavailable {
    struct rendered presence;
    char room[6 * JID_MAX + 64];
};

void unavailable_write(struct unavailable *unavailable, const struct session *session);

#endif

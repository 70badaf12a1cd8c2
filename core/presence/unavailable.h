/*
 * unavailable.h - what is said on behalf of a session that goes, or hides from somebody: that it is
 * unavailable.
 *
 * Memory may be what it goes for, and those who saw it must be told all the same, so this needs none.
 */
#ifndef CORE_UNAVAILABLE_H
#define CORE_UNAVAILABLE_H

#include "base/jid.h"
#include "session/session.h"

/* On the caller's stack, and not to be freed.  Each byte of a JID takes six at the most (`&quot;`). */
struct unavailable {
    struct rendered presence;
    char room[6 * JID_MAX + 64];
};

void unavailable_write(struct unavailable *unavailable, const struct session *session);

#endif

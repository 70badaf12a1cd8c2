/*
 * farewell.h - what is said on behalf of a session that goes, or hides from somebody: that it is unavailable.
 *
 * Memory may be what it goes for, and those who saw it must be told all the same, so this needs none.
 */
#ifndef CORE_FAREWELL_H
#define CORE_FAREWELL_H

#include "jid.h"
#include "session.h"

/* On the caller's stack, and not to be freed.  Each byte of a JID takes six at the most (`&quot;`). */
struct farewell {
    struct rendered presence;
    char room[6 * JID_MAX + 64];
};

void farewell_write(struct farewell *farewell, const struct session *session);

#endif

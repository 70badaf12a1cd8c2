/*
 * blocked.h - presence after a change of a block list (XEP-0191, 3.3 and 3.4).
 */
#ifndef CORE_BLOCKED_H
#define CORE_BLOCKED_H

#include "account/user.h"

/* A user's block list has changed from `before`.  Sends unavailable presence to contacts that saw the user
 * and are blocked now, and presence to contacts that are no longer blocked and may see the user. */
struct blocklist;
void blocked_changed(struct user *user, const struct blocklist *before);

#endif

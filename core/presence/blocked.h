/*
 * blocked.h - what a change of a block list does to who sees whom (XEP-0191, 3.3 and 3.4).
 */
#ifndef CORE_BLOCKED_H
#define CORE_BLOCKED_H

#include "account/user.h"

/* A user's block list has changed from `before`: those who saw the user and are blocked now see him go, those
 * who are no longer and may see him do. */
struct blocklist;
void blocked_changed(struct user *user, const struct blocklist *before);

#endif

/*
 * credentials.h - ends sessions and logins when an account has new keys, or is removed.
 */
#ifndef CORE_CREDENTIALS_H
#define CORE_CREDENTIALS_H

#include "session/session.h"
#include "xml/parser.h"

/* Disconnects every session of the account, bound or not, with a stream error, except `except`, which may
 * be NULL. They are destroyed as session_disconnect says.  A login that waits for the account's keys loads
 * them again; one that has sent the client a challenge will fail. */
void credentials_changed(struct core *core, const char *username, const char *host,
                         const struct session *except, enum stream_error error, const char *text);

#endif

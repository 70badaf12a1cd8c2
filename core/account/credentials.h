/*
 * credentials.h - an account has other keys from now on, or is gone.
 */
#ifndef CORE_CREDENTIALS_H
#define CORE_CREDENTIALS_H

#include "session/session.h"
#include "xml/parser.h"

/* Disconnects every session of the account with a stream error, those that are not bound yet included, but
 * not `except`, which may be NULL.  They are destroyed as session_disconnect has it.  A login that waits for
 * the account loads it again; one that has shown the client a challenge will fail. */
void credentials_changed(struct core *core, const char *username, const char *host,
                         const struct session *except, enum stream_error error, const char *text);

#endif

/*
 * bind.h - resource binding (RFC 6120, 7): an authenticated session becomes a connected resource.
 */
#ifndef CORE_BIND_H
#define CORE_BIND_H

#include "session/session.h"

/* Whether an element is an iq that requests a resource. */
bool bind_is_request(const struct element *element);

/* Handles the request; takes it.  It is answered once the roster is loaded, with the full JID or an error. */
void bind_receive(struct session *session, struct stanza *iq);

#endif

/*
 * router.h - stanzas from clients (RFC 6120, 10; RFC 6121, 8).
 *
 * Each stanza passes through here once: its addresses are checked and set, and block lists are applied.
 * Then the module of its kind handles it or delivers it:
 *
 *      router_receive -> message_receive
 *                     -> iq_receive
 *                     -> presence_receive
 */
#ifndef CORE_ROUTER_H
#define CORE_ROUTER_H

#include "base/jid.h"
#include "session/session.h"
#include "xml/stanza_error.h"

/* Handles a stanza from a bound session; takes it. */
void router_receive(struct session *session, struct stanza *stanza);

#endif

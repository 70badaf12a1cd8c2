/*
 * disco.h - service discovery: what the server and its accounts are and can do (XEP-0030).
 *
 * A host is a server of instant messaging with the features of this core.  An account is
 * "account/registered", and says so to itself and to whoever is subscribed to its presence; nobody else is
 * told that it exists (XEP-0030, 8).  There are no nodes and no items.
 */
#ifndef CORE_DISCO_H
#define CORE_DISCO_H

#include "iq/iq_work.h"

/* All take the iq. */
void disco_host_info(const struct iq_request *request);
void disco_host_items(const struct iq_request *request);
void disco_account(const struct iq_request *request); /* info and items */

#endif

/*
 * disco.h - service discovery: the identities and features of the server and its accounts (XEP-0030).
 *
 * A host is an instant messaging server with the features of this core.  An account is
 * "account/registered"; only the account itself and its subscribers learn that, because others must not
 * learn that it exists (XEP-0030, 8).  There are no nodes and no items.
 */
#ifndef CORE_DISCO_H
#define CORE_DISCO_H

#include "iq/iq_work.h"

/* All take the iq. */
void disco_host_info(const struct iq_request *request);
void disco_host_items(const struct iq_request *request);
void disco_account(const struct iq_request *request); /* info and items */

#endif

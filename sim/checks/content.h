/*
 * content.h - what a message says, apart from how it travels.
 */
#ifndef SIM_CONTENT_H
#define SIM_CONTENT_H

#include "../xml/xml.h"

#include <stdint.h>

/* A hash of the type of a stanza and of what is in it.  It is the same for a stanza that was sent, that is stored and
 * that was delivered: the order of attributes, prefixes, and the delays that servers add (XEP-0203) do not count. */
uint64_t content_hash(const struct xml *stanza);

#endif

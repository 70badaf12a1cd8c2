/*
 * mutate_stanza.h - mutations of text in which there are stanzas.
 *
 * The elements of the text are found, also where something around them is not well-formed or not complete, as what a
 * client sends may be.  One of them is removed, doubled, moved, or replaced by another element of the text or by a
 * stanza of a table; or one of its attributes or its text changes to what means something to the target: an address that
 * exists, an id of another stanza, a type, a namespace.  What is not changed stays byte by byte, with the events
 * in it.  Text that is well-formed stays so.
 */
#ifndef SIM_FUZZ_MUTATE_STANZA_H
#define SIM_FUZZ_MUTATE_STANZA_H

#include "mutator.h"

/* A struct mutator's function. */
size_t mutate_stanza(const struct mutator *mutator, struct choices *choices, uint8_t *bytes, size_t size,
                     size_t most);

/* A stanza of the table, as text. */
const char *mutate_stanza_other(struct choices *choices);

/* An address that the targets know. */
const char *mutate_stanza_address(struct choices *choices);

#endif

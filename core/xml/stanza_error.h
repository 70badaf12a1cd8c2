/*
 * stanza_error.h - stanza errors, and the stanzas that answer a stanza (RFC 6120, 8.3).
 */
#ifndef CORE_STANZA_ERROR_H
#define CORE_STANZA_ERROR_H

#include "xml/stanza.h"

/* A defined condition with its type, and an optional text for people. */
struct stanza_error {
    const char *type;      /* "auth", "cancel", "modify" or "wait" (8.3.2) */
    const char *condition; /* the name of the condition's element (8.3.3); NULL: no error */
    const char *text;
};

/* No error. */
#define STANZA_OK ((struct stanza_error){ NULL, NULL, NULL })

/* Makes the error stanza that answers `stanza`: the same kind and id, the addresses exchanged, the error
 * inside.  An iq without an id is answered with an empty id (8.3.1).  The text is in the language of the
 * server's stream header (RFC 6120, 4.7.4), so it has no xml:lang.  The caller checks that the stanza may
 * be answered at all (8.3.1), and owns the result; NULL when there is no memory. */
struct stanza *stanza_error_reply(const struct core_memory *memory, const struct stanza *stanza,
                                  struct stanza_error error);

/* Adds xml:lang to the text of an error, for recipients that do not see that header: remote servers. */
void stanza_error_say_language(struct stanza *answer);

/* Makes an empty result that answers an iq (8.2.3), owned by the caller; NULL when there is no memory. */
struct stanza *stanza_result(const struct core_memory *memory, const struct stanza *iq);

#endif

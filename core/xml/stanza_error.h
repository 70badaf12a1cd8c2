/*
 * stanza_error.h - what goes wrong with a stanza, and the answer that says so (RFC 6120, 8.3).
 */
#ifndef CORE_STANZA_ERROR_H
#define CORE_STANZA_ERROR_H

#include "xml/stanza.h"

/* A defined condition with the type that goes with it, and a text for people, or NULL. */
struct stanza_error {
    const char *type;      /* "auth", "cancel", "modify" or "wait" (8.3.2) */
    const char *condition; /* the element's name (8.3.3); NULL in an error that is none */
    const char *text;
};

/* None: nothing went wrong. */
#define STANZA_OK ((struct stanza_error){ NULL, NULL, NULL })

/* The error stanza that answers `stanza`: its kind and id, the addresses exchanged, the error inside.  An
 * iq without an id is answered with an empty one (8.3.1).  The text is in the language that our stream header
 * says (RFC 6120, 4.7.4), and does not say so again.  NULL when memory ran out.  Whether it may be answered
 * at all is the caller's to know (8.3.1). */
struct stanza *stanza_error_reply(const struct core_memory *memory, const struct stanza *stanza,
                                  struct stanza_error error);

/* Says in an error what language its text is in, for those who do not see that header: other servers. */
void stanza_error_say_language(struct stanza *answer);

/* The empty result that answers an iq (8.2.3), to be filled.  NULL when memory ran out. */
struct stanza *stanza_result(const struct core_memory *memory, const struct stanza *iq);

#endif

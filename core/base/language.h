/*
 * language.h - whether a text is a language tag, as xml:lang has them (RFC 6120, 4.7.4).
 *
 * The language of a client's stream goes onto each stanza that names none (8.1.5), so it is not taken on
 * trust.
 */
#ifndef CORE_LANGUAGE_H
#define CORE_LANGUAGE_H

#include <stdbool.h>

/* Bytes: subtags for language, script, region and a few variants.  Longer ones are not served. */
enum { LANGUAGE_MAX = 35 };

/* Subtags of one to eight letters and digits, the first of letters alone, with '-' between them. */
bool language_is_tag(const char *text);

#endif

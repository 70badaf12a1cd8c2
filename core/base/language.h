/*
 * language.h - checks language tags, the values of xml:lang (RFC 6120, 4.7.4).
 *
 * The language of a client's stream is added to each of its stanzas that has none (8.1.5), so it is
 * checked.
 */
#ifndef CORE_LANGUAGE_H
#define CORE_LANGUAGE_H

#include <stdbool.h>

/* The most bytes of a tag: enough for language, script, region and a few variants.  Longer tags are not
 * used. */
enum { LANGUAGE_MAX = 35 };

/* Whether a text is a language tag: subtags of one to eight letters and digits, the first of letters only,
 * separated by '-'. */
bool language_is_tag(const char *text);

#endif

/*
 * datatype.h - integers and booleans as XML Schema writes them (W3C XML Schema, Part 2).  White space
 * around the value is ignored.
 */
#ifndef CORE_DATATYPE_H
#define CORE_DATATYPE_H

#include <stdbool.h>
#include <stdint.h>

/* Reads an integer (3.3.13): an optional sign and digits.  A value outside int64_t becomes the nearest
 * int64_t.  Returns false, with *value unchanged, when the text is not an integer or is NULL. */
bool datatype_integer(int64_t *value, const char *text);

/* Whether a text is the boolean true (3.2.2): "true" or "1".  False for NULL. */
bool datatype_true(const char *text);

#endif

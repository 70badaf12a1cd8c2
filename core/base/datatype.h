/*
 * datatype.h - numbers and booleans as XML Schema writes them (W3C XML Schema, Part 2): white space around
 * the value is not part of it.
 */
#ifndef CORE_DATATYPE_H
#define CORE_DATATYPE_H

#include <stdbool.h>
#include <stdint.h>

/* Reads an integer (3.3.13): digits, behind a sign or none.  One beyond the range of int64_t becomes the
 * nearest that is in it.  False when the text is none, or NULL; *value stays as it was. */
bool datatype_integer(int64_t *value, const char *text);

/* Whether a text is the boolean true (3.2.2): "true" or "1".  NULL is not. */
bool datatype_true(const char *text);

#endif

/*
 * json_text.h - a string of JSON.
 */
#ifndef SIM_JSON_TEXT_H
#define SIM_JSON_TEXT_H

#include <stdio.h>

/* Writes the text in quotes, escaped (RFC 8259, 7).  Bytes that are not UTF-8 become U+FFFD. */
void json_text(FILE *out, const char *text);

#endif

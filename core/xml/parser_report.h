/*
 * parser_report.h - the handlers of expat's events, which build headers and stanzas: the inner half of
 * parser.h.
 */
#ifndef CORE_PARSER_REPORT_H
#define CORE_PARSER_REPORT_H

#include "xml/parser.h"

/* Separates namespace and local name in the names that expat reports.  This byte does not occur in UTF-8. */
enum { PARSER_SEPARATOR = 0xFF };

/* Sets the handlers of the parser's expat. */
void parser_set_handlers(struct parser *parser);

/* Stops the parser and reports the error to its host.  Only the first error is reported. */
void parser_fail(struct parser *parser, enum stream_error error, const char *text);
void parser_fail_limit(struct parser *parser, const char *text);

/* Fails because of text between two stanzas. */
void parser_fail_text(struct parser *parser);

/* Fails because memory ran out inside a stanza.  Only this stream is affected. */
void parser_fail_memory(struct parser *parser);

/* How far expat has parsed, on the scale of `fed`. */
uint64_t parser_position(const struct parser *parser);

/* The most bytes that the current header or stanza may have. */
size_t parser_most_bytes(const struct parser *parser);

/* Whether, while expat reports, more bytes were processed repeatedly than STANZA_SCANS allows. */
bool parser_is_overworked(const struct parser *parser);

/* The most bytes that may be queued while the parser is paused. */
size_t parser_most_waiting(const struct parser *parser);

#endif

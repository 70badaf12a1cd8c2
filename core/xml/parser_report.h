/*
 * parser_report.h - what expat reports becomes headers and stanzas: the inner half of parser.h.
 */
#ifndef CORE_PARSER_REPORT_H
#define CORE_PARSER_REPORT_H

#include "xml/parser.h"

/* Between a namespace and a local name in the names that expat reports.  No UTF-8 text holds this byte. */
enum { PARSER_SEPARATOR = 0xFF };

/* Has expat report to this parser. */
void parser_set_handlers(struct parser *parser);

/* The parser stops, and its host is told why: once. */
void parser_fail(struct parser *parser, enum stream_error error, const char *text);
void parser_fail_limit(struct parser *parser, const char *text);

/* Memory ran out inside a stanza; only its stream suffers. */
void parser_fail_memory(struct parser *parser);

/* How far expat has come, counted as `fed` is. */
uint64_t parser_position(const struct parser *parser);

/* How many bytes the header or stanza at hand may have. */
size_t parser_most_bytes(const struct parser *parser);

/* Whether more than STANZA_SCANS allows was gone over again, while expat reports. */
bool parser_is_overworked(const struct parser *parser);

/* How many bytes may wait for it to be resumed. */
size_t parser_most_waiting(const struct parser *parser);

#endif

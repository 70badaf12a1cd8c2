/*
 * xml_print.h - printing of attribute values and text, for modules that print XML in another layout.
 */
#ifndef SIM_XML_PRINT_H
#define SIM_XML_PRINT_H

#include "../text.h"
#include "../world/describe.h"
#include "xml.h"

/* Appends an attribute value, escaped for double quotes. */
void print_value(struct text *out, const char *value);

/* Appends character data on one line, with line ends and tabs as references. */
void print_text(struct text *out, const char *bytes, size_t length);

/* Whether an attribute has a prefix that a reader may not know: any but `xml` and `scansion`; whether two attributes
 * have the same prefix; and appends the declaration of the prefix: `xmlns:a="urn:x"`. */
bool print_is_foreign(const struct xml_attribute *attribute);
bool print_same_prefix(const struct xml_attribute *a, const struct xml_attribute *b);
void print_declaration(struct text *out, const struct xml_attribute *attribute);

/* Appends "<name" and the attributes for a reader, without the closing bracket. */
void print_opening(struct text *out, const struct xml *element, const char *ns);

/* Appends an element without its contents, for a reader. */
void print_tag(struct text *out, const struct xml *element, const char *ns);

/* Adds a printed element as a property of a description; nothing when it is NULL. */
void xml_describe(struct description *description, const char *name, const struct xml *element);

#endif

/*
 * xml_print.h - how values and texts are written, for whoever prints XML in another shape.
 */
#ifndef SIM_XML_PRINT_H
#define SIM_XML_PRINT_H

#include "../text.h"
#include "../world/describe.h"
#include "xml.h"

/* Appends an attribute's value as it stands between double quotes. */
void print_value(struct text *out, const char *value);

/* Appends character data as it stands on one line, line ends and tabs as references. */
void print_text(struct text *out, const char *bytes, size_t length);

/* Appends "<name" and the attributes, for people: all of the start but the bracket that closes it. */
void print_opening(struct text *out, const struct xml *element, const char *ns);

/* Appends an element as if it were empty, for people. */
void print_tag(struct text *out, const struct xml *element, const char *ns);

/* A property of a description: an element, printed; nothing where it is NULL. */
void xml_describe(struct description *description, const char *name, const struct xml *element);

#endif

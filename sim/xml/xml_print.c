#include "xml_print.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Characters that a parser would change unless they are written as references: a carriage return becomes a
 * line end; in a value, a line end or tab becomes a space (XML 1.0, 2.11 and 3.3.3). */
static const char *reference(char byte)
{
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&apos;";
    case '\t':
        return "&#9;";
    case '\n':
        return "&#10;";
    case '\r':
        return "&#13;";
    default:
        assert(false);
        return "";
    }
}

/* The characters written as references, and in which context. */
#define IN_ANY    "&<>\"'\t\n\r"
#define IN_VALUE  "&<>\"\t\n\r"
#define IN_TEXT   "&<>\r"
#define ON_A_LINE "&<>\t\n\r"

static void escape(struct text *out, const char *string, size_t length, const char *unsafe)
{
    while (length > 0) {
        size_t plain = strcspn(string, unsafe);
        if (plain >= length) {
            text_append(out, string, length);
            return;
        }
        text_append(out, string, plain);
        text_string(out, reference(string[plain]));
        string += plain + 1;
        length -= plain + 1;
    }
}

char *xml_escape(const char *text)
{
    struct text out = { 0 };
    escape(&out, text, strlen(text), IN_ANY);
    return text_take(&out);
}

void print_value(struct text *out, const char *value)
{
    escape(out, value, strlen(value), IN_VALUE);
}

void print_text(struct text *out, const char *bytes, size_t length)
{
    escape(out, bytes, length, ON_A_LINE);
}

static void print_attribute(struct text *out, const char *name, size_t name_length, const char *value)
{
    text_append(out, name, name_length);
    text_string(out, "=\"");
    print_value(out, value);
    text_string(out, "\"");
}

static size_t prefix_length(const struct xml_attribute *attribute)
{
    const char *colon = strchr(attribute->name, ':');
    return colon == NULL ? 0 : (size_t)(colon - attribute->name);
}

/* The reader of the text: a person, and the parser of scenarios, know the scansion prefix. */
enum reader { PARSER, PERSON };

static bool is_prefix(const struct xml_attribute *attribute, const char *prefix)
{
    size_t length = prefix_length(attribute);
    return strlen(prefix) == length && memcmp(attribute->name, prefix, length) == 0;
}

/* Whether the prefix of an attribute must be declared: not "xml" (Namespaces in XML 1.0, 3). */
static bool has_declared_prefix(const struct xml_attribute *attribute, enum reader reader)
{
    return prefix_length(attribute) > 0 && !is_prefix(attribute, "xml") &&
           (reader == PARSER || !is_prefix(attribute, "scansion"));
}

bool print_is_foreign(const struct xml_attribute *attribute)
{
    return has_declared_prefix(attribute, PERSON);
}

bool print_same_prefix(const struct xml_attribute *a, const struct xml_attribute *b)
{
    const size_t length = prefix_length(a);
    return length == prefix_length(b) && memcmp(a->name, b->name, length) == 0;
}

/* The same, and no earlier attribute of the element has declared it. */
static bool wants_declaration(const struct xml *element, const struct xml_attribute *attribute,
                              enum reader reader)
{
    if (!has_declared_prefix(attribute, reader)) {
        return false;
    }
    const struct xml_attribute *a = element->attributes;
    while (a != attribute && !print_same_prefix(a, attribute)) {
        a = a->next;
    }
    return a == attribute;
}

void print_declaration(struct text *out, const struct xml_attribute *attribute)
{
    text_string(out, "xmlns:");
    print_attribute(out, attribute->name, prefix_length(attribute), attribute->ns);
}

/* Writes "<name", its namespace if it is not `ns`, and its attributes, without the closing bracket. */
static void print_start(struct text *out, const struct xml *element, const char *ns, enum reader reader)
{
    text_string(out, "<");
    text_string(out, element->name);
    if (strcmp(element->ns, ns) != 0) {
        text_string(out, " ");
        print_attribute(out, "xmlns", strlen("xmlns"), element->ns);
    }
    for (const struct xml_attribute *a = element->attributes; a != NULL; a = a->next) {
        if (wants_declaration(element, a, reader)) {
            text_string(out, " ");
            print_declaration(out, a);
        }
        text_string(out, " ");
        print_attribute(out, a->name, strlen(a->name), a->value);
    }
}

void print_opening(struct text *out, const struct xml *element, const char *ns)
{
    print_start(out, element, ns, PERSON);
}

void print_tag(struct text *out, const struct xml *element, const char *ns)
{
    print_start(out, element, ns, PERSON);
    text_string(out, "/>");
}

static void print_end(struct text *out, const struct xml *element)
{
    text_string(out, "</");
    text_string(out, element->name);
    text_string(out, ">");
}

/* ---- On one line ---- */

static void print(struct text *out, const struct xml *node, const char *ns)
{
    if (node->text != NULL) {
        escape(out, node->text, strlen(node->text), IN_TEXT);
        return;
    }
    print_start(out, node, ns, PARSER);
    if (node->children == NULL) {
        text_string(out, "/>");
        return;
    }
    text_string(out, ">");
    for (const struct xml *child = node->children; child != NULL; child = child->next) {
        print(out, child, node->ns);
    }
    print_end(out, node);
}

char *xml_print(const struct xml *element, const char *ns)
{
    struct text out = { 0 };
    print(&out, element, ns == NULL ? "" : ns);
    return text_take(&out);
}

/* ---- For people ---- */

static bool is_leaf(const struct xml *element)
{
    return element->children == NULL || (element->children->text != NULL && element->children->next == NULL);
}

static void pretty_text(struct text *out, const char *string, size_t indent)
{
    static const char blanks[] = " \t\r\n";
    string += strspn(string, blanks);
    size_t length = strlen(string);
    while (length > 0 && strchr(blanks, string[length - 1]) != NULL) {
        length--;
    }
    if (length == 0) {
        return;
    }
    text_repeat(out, ' ', indent);
    print_text(out, string, length);
    text_string(out, "\n");
}

static void pretty(struct text *out, const struct xml *node, const char *ns, size_t indent)
{
    if (node->text != NULL) {
        pretty_text(out, node->text, indent);
        return;
    }
    text_repeat(out, ' ', indent);
    print_start(out, node, ns, PERSON);
    if (is_leaf(node)) {
        if (node->children == NULL) {
            text_string(out, "/>\n");
            return;
        }
        text_string(out, ">");
        print_text(out, node->children->text, strlen(node->children->text));
    } else {
        text_string(out, ">\n");
        for (const struct xml *child = node->children; child != NULL; child = child->next) {
            pretty(out, child, node->ns, indent + 2);
        }
        text_repeat(out, ' ', indent);
    }
    print_end(out, node);
    text_string(out, "\n");
}

char *xml_pretty(const struct xml *element, const char *ns)
{
    struct text out = { 0 };
    pretty(&out, element, ns == NULL ? "" : ns, 0);
    return text_take(&out);
}

void xml_describe(struct description *description, const char *name, const struct xml *element)
{
    if (element == NULL)
        return;
    char *text = xml_print(element, XML_NS_CLIENT);
    describe_string(description, name, text);
    free(text);
}

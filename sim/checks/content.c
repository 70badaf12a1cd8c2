#include "content.h"

#include <string.h>

/* Bytes that no text of XML contains, where elements begin and end (XML 1.0, 2.2). */
enum { BEGINS = 1, ENDS = 2 };

/* FNV-1a. */
static uint64_t add_byte(uint64_t hash, unsigned char byte)
{
    return (hash ^ byte) * UINT64_C(0x100000001b3);
}

static uint64_t add_text(uint64_t hash, const char *text)
{
    for (; *text != '\0'; text++)
        hash = add_byte(hash, (unsigned char)*text);
    return hash;
}

static uint64_t add_string(uint64_t hash, const char *string)
{
    return add_byte(add_text(hash, string), '\0');
}

static uint64_t hash_attribute(const struct xml_attribute *attribute)
{
    const char *colon = strchr(attribute->name, ':');
    uint64_t hash = add_string(BEGINS, attribute->ns);
    hash = add_string(hash, colon != NULL ? colon + 1 : attribute->name);
    return add_string(hash, attribute->value);
}

static bool is_delay(const struct xml *child)
{
    return child->text == NULL && xml_is(child, "delay", "urn:xmpp:delay");
}

static uint64_t add_node(uint64_t hash, const struct xml *node);

static uint64_t add_element(uint64_t hash, const struct xml *element)
{
    uint64_t attributes = 0; /* in any order */
    for (const struct xml_attribute *a = element->attributes; a != NULL; a = a->next)
        attributes += hash_attribute(a);
    hash = add_string(add_byte(hash, BEGINS), element->name);
    hash = add_string(hash, element->ns) + attributes;
    for (const struct xml *child = element->children; child != NULL; child = child->next)
        hash = add_node(hash, child);
    return add_byte(hash, ENDS);
}

/* A text counts the same in however many runs it is. */
static uint64_t add_node(uint64_t hash, const struct xml *node)
{
    return node->text != NULL ? add_text(hash, node->text) : add_element(hash, node);
}

uint64_t content_hash(const struct xml *stanza)
{
    const char *type = xml_get(stanza, "type");
    uint64_t hash = add_string(ENDS, type != NULL ? type : "");
    for (const struct xml *child = stanza->children; child != NULL; child = child->next)
        if (!is_delay(child))
            hash = add_node(hash, child);
    return hash;
}

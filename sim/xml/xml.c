#include "xml.h"

#include <assert.h>
#include <string.h>

/* Most names differ in their first letter. */
static bool same_name(const char *one, const char *other)
{
    return *one == *other && strcmp(one, other) == 0;
}

const char *xml_get(const struct xml *element, const char *attribute)
{
    for (const struct xml_attribute *a = element->attributes; a != NULL; a = a->next) {
        if (same_name(a->name, attribute)) {
            return a->value;
        }
    }
    return NULL;
}

bool xml_is(const struct xml *element, const char *name, const char *ns)
{
    return element != NULL && element->text == NULL && (name == NULL || same_name(element->name, name)) &&
           (ns == NULL || strcmp(element->ns, ns) == 0);
}

/* The first element among a node and the siblings that follow it. */
static struct xml *element_from(struct xml *node)
{
    while (node != NULL && node->text != NULL) {
        node = node->next;
    }
    return node;
}

struct xml *xml_first_element(const struct xml *element)
{
    return element_from(element->children);
}

struct xml *xml_next_element(const struct xml *element)
{
    return element_from(element->next);
}

struct xml *xml_child(const struct xml *element, const char *name, const char *ns)
{
    struct xml *child = xml_first_element(element);
    while (child != NULL && !xml_is(child, name, ns)) {
        child = xml_next_element(child);
    }
    return child;
}

static bool continues_character(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

const char *xml_text(const struct xml *element, char *out, size_t size)
{
    assert(size > 0);
    size_t length = 0;
    for (const struct xml *child = element->children; child != NULL; child = child->next) {
        if (child->text == NULL) {
            continue;
        }
        size_t piece = strlen(child->text);
        if (piece >= size - length) {
            piece = size - length - 1;
            while (piece > 0 && continues_character(child->text[piece])) {
                piece--;
            }
            memcpy(out + length, child->text, piece);
            length += piece;
            break;
        }
        memcpy(out + length, child->text, piece);
        length += piece;
    }
    out[length] = '\0';
    return out;
}

#include "stanza.h"

#include <assert.h>
#include <string.h>

struct stanza *stanza_new(const struct core_memory *memory, const char *name, const char *ns)
{
    struct arena arena;
    arena_init(&arena, memory);
    struct stanza *stanza = arena_alloc(&arena, sizeof *stanza);
    if (stanza == NULL)
        return NULL;
    *stanza = (struct stanza){ .arena = arena };
    stanza->root = element_add(stanza, NULL, name, ns);
    return stanza;
}

void stanza_free(struct stanza *stanza)
{
    if (stanza == NULL)
        return;
    struct arena arena = stanza->arena; /* the stanza lies in it */
    arena_free(&arena);
}

bool stanza_failed(const struct stanza *stanza)
{
    return stanza->arena.failed;
}

/* ---- Building ---- */

static struct element *node_new(struct stanza *stanza, struct element *parent)
{
    struct element *node = arena_alloc(&stanza->arena, sizeof *node);
    if (node == NULL)
        return NULL;
    *node = (struct element){ .parent = parent };
    if (parent == NULL)
        return node;
    if (parent->last == NULL)
        parent->first = node;
    else
        parent->last->next = node;
    parent->last = node;
    return node;
}

struct element *element_add(struct stanza *stanza, struct element *parent, const char *name, const char *ns)
{
    if (parent == NULL && stanza->root != NULL)
        return NULL; /* the parent could not be had, so this goes nowhere */
    struct element *element = node_new(stanza, parent);
    if (element == NULL)
        return NULL;
    element->name = name;
    element->ns = ns;
    return element;
}

static struct element *text_new(struct stanza *stanza, struct element *parent, const char *text,
                                size_t length)
{
    if (parent == NULL || length == 0)
        return NULL;
    const char *copy = arena_copy(&stanza->arena, text, length);
    struct element *node = copy != NULL ? node_new(stanza, parent) : NULL;
    if (node == NULL)
        return NULL;
    node->text = copy;
    node->text_length = length;
    return node;
}

void element_add_text(struct stanza *stanza, struct element *parent, const char *text, size_t length)
{
    (void)text_new(stanza, parent, text, length);
}

void element_add_written(struct stanza *stanza, struct element *parent, const char *xml, size_t length)
{
    struct element *node = text_new(stanza, parent, xml, length);
    if (node != NULL)
        node->written = true;
}

static void attribute_add(struct stanza *stanza, struct element *element, const char *name, const char *ns,
                          const char *value)
{
    struct attribute *attribute = arena_alloc(&stanza->arena, sizeof *attribute);
    const char *copy = arena_copy(&stanza->arena, value, strlen(value));
    if (attribute == NULL || copy == NULL)
        return;
    *attribute = (struct attribute){ .name = name, .ns = ns, .value = copy };
    struct attribute **end = &element->attributes;
    while (*end != NULL)
        end = &(*end)->next;
    *end = attribute;
}

static const char *copy_name(struct stanza *stanza, const char *name)
{
    return name == NULL ? NULL : arena_copy(&stanza->arena, name, strlen(name));
}

static void copy_attributes(struct stanza *stanza, struct element *to, const struct element *from)
{
    for (const struct attribute *a = from->attributes; a != NULL; a = a->next) {
        const char *name = copy_name(stanza, a->name);
        const char *ns = copy_name(stanza, a->ns);
        if (name != NULL)
            attribute_add(stanza, to, name, ns, a->value);
    }
}

static void copy_content(struct stanza *stanza, struct element *copy, const struct element *original)
{
    copy_attributes(stanza, copy, original);
    for (const struct element *child = original->first; child != NULL; child = child->next) {
        if (child->name != NULL)
            element_add_copy(stanza, copy, child);
        else if (child->written)
            element_add_written(stanza, copy, child->text, child->text_length);
        else
            element_add_text(stanza, copy, child->text, child->text_length);
    }
}

void element_add_copy(struct stanza *stanza, struct element *parent, const struct element *original)
{
    struct element *copy =
        element_add(stanza, parent, copy_name(stanza, original->name), copy_name(stanza, original->ns));
    if (copy != NULL)
        copy_content(stanza, copy, original);
}

struct stanza *stanza_copy(const struct core_memory *memory, const struct element *original)
{
    struct stanza *stanza = stanza_new(memory, NULL, NULL);
    if (stanza == NULL)
        return NULL;
    stanza->root->name = copy_name(stanza, original->name);
    stanza->root->ns = copy_name(stanza, original->ns);
    copy_content(stanza, stanza->root, original);
    if (!stanza_failed(stanza))
        return stanza;
    stanza_free(stanza);
    return NULL;
}

void element_set(struct stanza *stanza, struct element *element, const char *name, const char *value)
{
    if (element == NULL)
        return;
    struct attribute **at = &element->attributes;
    while (*at != NULL && ((*at)->ns != NULL || strcmp((*at)->name, name) != 0))
        at = &(*at)->next;
    if (*at == NULL) {
        if (value != NULL)
            attribute_add(stanza, element, name, NULL, value);
        return;
    }
    if (value == NULL) {
        *at = (*at)->next;
        return;
    }
    const char *copy = arena_copy(&stanza->arena, value, strlen(value));
    if (copy != NULL)
        (*at)->value = copy;
}

/* ---- Reading ---- */

const char *element_get(const struct element *element, const char *name)
{
    for (const struct attribute *a = element->attributes; a != NULL; a = a->next)
        if (a->ns == NULL && strcmp(a->name, name) == 0)
            return a->value;
    return NULL;
}

bool element_is(const struct element *element, const char *name, const char *ns)
{
    return strcmp(element->name, name) == 0 && strcmp(element->ns, ns) == 0;
}

static struct element *skip_text(struct element *node)
{
    while (node != NULL && node->name == NULL)
        node = node->next;
    return node;
}

struct element *element_first_child(const struct element *element)
{
    return skip_text(element->first);
}

struct element *element_next_sibling(const struct element *element)
{
    return skip_text(element->next);
}

struct element *element_child(const struct element *element, const char *name, const char *ns)
{
    struct element *child = element_first_child(element);
    while (child != NULL && !element_is(child, name, ns))
        child = element_next_sibling(child);
    return child;
}

const char *element_text(struct stanza *stanza, const struct element *element)
{
    size_t length = 0;
    const struct element *only = NULL;
    size_t pieces = 0;
    for (const struct element *child = element->first; child != NULL; child = child->next) {
        if (child->name != NULL)
            continue;
        length += child->text_length;
        only = child;
        pieces++;
    }
    if (pieces == 0)
        return "";
    if (pieces == 1)
        return only->text;
    char *text = arena_alloc(&stanza->arena, length + 1);
    if (text == NULL)
        return NULL;
    size_t at = 0;
    for (const struct element *child = element->first; child != NULL; child = child->next) {
        if (child->name != NULL)
            continue;
        memcpy(text + at, child->text, child->text_length);
        at += child->text_length;
    }
    text[at] = '\0';
    return text;
}

/* ---- Writing ---- */

static void write_attribute(struct buffer *out, const char *name, const char *value)
{
    buffer_append(out, " ", 1);
    buffer_string(out, name);
    buffer_append(out, "='", 2);
    buffer_xml(out, value, strlen(value));
    buffer_append(out, "'", 1);
}

/* An attribute of another namespace gets a prefix of its own, declared on the spot: "a0", "a1", ... */
static void write_foreign_attribute(struct buffer *out, const struct attribute *attribute, unsigned index)
{
    buffer_string(out, " xmlns:a");
    buffer_number(out, index);
    buffer_append(out, "='", 2);
    buffer_xml(out, attribute->ns, strlen(attribute->ns));
    buffer_string(out, "' a");
    buffer_number(out, index);
    buffer_append(out, ":", 1);
    buffer_string(out, attribute->name);
    buffer_append(out, "='", 2);
    buffer_xml(out, attribute->value, strlen(attribute->value));
    buffer_append(out, "'", 1);
}

static void write_attributes(struct buffer *out, const struct element *element, const char *left_out)
{
    unsigned foreign = 0;
    for (const struct attribute *a = element->attributes; a != NULL; a = a->next) {
        if (a->ns != NULL)
            write_foreign_attribute(out, a, foreign++);
        else if (left_out == NULL || strcmp(a->name, left_out) != 0)
            write_attribute(out, a->name, a->value);
    }
}

/* The namespace of the prefix xml is bound to that and must not be the default one (Namespaces in XML, 3). */
static void write_name(struct buffer *out, const struct element *element)
{
    if (strcmp(element->ns, NS_XML) == 0)
        buffer_string(out, "xml:");
    buffer_string(out, element->name);
}

static void write_content(struct buffer *out, const struct element *element, const char *outer_ns)
{
    if (element->first == NULL) {
        buffer_append(out, "/>", 2);
        return;
    }
    buffer_append(out, ">", 1);
    const char *default_ns = strcmp(element->ns, NS_XML) == 0 ? outer_ns : element->ns;
    for (const struct element *child = element->first; child != NULL; child = child->next) {
        if (child->name != NULL)
            element_write(out, child, default_ns);
        else if (child->written)
            buffer_append(out, child->text, child->text_length);
        else
            buffer_xml(out, child->text, child->text_length);
    }
    buffer_append(out, "</", 2);
    write_name(out, element);
    buffer_append(out, ">", 1);
}

static void write_start(struct buffer *out, const struct element *element, const char *outer_ns)
{
    buffer_append(out, "<", 1);
    write_name(out, element);
    if (strcmp(element->ns, outer_ns) != 0 && strcmp(element->ns, NS_XML) != 0)
        write_attribute(out, "xmlns", element->ns);
}

void element_write(struct buffer *out, const struct element *element, const char *outer_ns)
{
    write_start(out, element, outer_ns);
    write_attributes(out, element, NULL);
    write_content(out, element, outer_ns);
}

const char *written_attribute(const char *xml, const char *name, size_t *length)
{
    size_t name_length = strlen(name);
    const char *at = xml + strcspn(xml, " />");
    while (*at == ' ') {
        const char *end = strchr(++at, '=');
        assert(end != NULL);
        const char *close = strchr(end + 2, '\'');
        assert(close != NULL);
        if ((size_t)(end - at) == name_length && strncmp(at, name, name_length) == 0) {
            *length = (size_t)(close - end) - 2;
            return end + 2;
        }
        at = close + 1;
    }
    return NULL;
}

void rendered_init(struct rendered *rendered, const struct core_memory *memory)
{
    *rendered = (struct rendered){ 0 };
    buffer_init(&rendered->xml, memory);
}

void rendered_free(struct rendered *rendered)
{
    buffer_free(&rendered->xml);
}

void rendered_write(struct rendered *rendered, const struct element *root)
{
    buffer_clear(&rendered->xml);
    write_start(&rendered->xml, root, NS_CLIENT);
    rendered->gap = rendered->xml.length;
    write_attributes(&rendered->xml, root, "to");
    write_content(&rendered->xml, root, NS_CLIENT);
}

#include "xml_build.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A chat message fits the first chunk; each later chunk is twice as large, up to the limit. */
enum { CHUNK_FIRST = 1000, CHUNK_LIMIT = 64000 };

struct chunk {
    struct chunk *next;
    char bytes[];
};

/* An element while its content is being read; users of the tree see only `xml`. */
struct node {
    struct xml xml;
    struct node *parent;
    struct xml **tail; /* where the next child is linked */
};

void xml_free(struct xml *root)
{
    if (root == NULL) {
        return;
    }
    struct chunk *chunk = (struct chunk *)(void *)((char *)root - offsetof(struct chunk, bytes));
    while (chunk != NULL) {
        struct chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
}

void xml_free_siblings(struct xml *first)
{
    while (first != NULL) {
        struct xml *next = first->next;
        xml_free(first);
        first = next;
    }
}

static void add_chunk(struct builder *builder, size_t size)
{
    size_t room = builder->chunk_size == 0 ? CHUNK_FIRST : builder->chunk_size * 2;
    room = room > CHUNK_LIMIT ? CHUNK_LIMIT : room;
    builder->chunk_size = room;
    if (room < size) {
        room = size;
    }
    struct chunk *chunk = malloc(sizeof *chunk + room);
    if (chunk == NULL) {
        abort();
    }
    if (builder->first == NULL) {
        chunk->next = NULL;
        builder->first = chunk;
    } else {
        chunk->next = builder->first->next;
        builder->first->next = chunk;
    }
    builder->free = chunk->bytes;
    builder->end = chunk->bytes + room;
}

/* Allocates a structure and the strings that belong to it. */
static void *take(struct builder *builder, size_t size)
{
    size_t padding = (size_t)(-(uintptr_t)builder->free & (_Alignof(struct node) - 1));
    if (builder->free == NULL || size + padding > (size_t)(builder->end - builder->free)) {
        add_chunk(builder, size);
        padding = 0;
    }
    char *block = builder->free + padding;
    builder->free = block + size;
    return block;
}

/* Copies a string to *at and advances it. */
static const char *put(char **at, const char *bytes, size_t length)
{
    char *copy = *at;
    memcpy(copy, bytes, length);
    copy[length] = '\0';
    *at = copy + length + 1;
    return copy;
}

/* A name from expat: the namespace, the local name and the prefix, as far as they exist. */
struct name {
    const char *ns;
    size_t ns_length;
    const char *local;
    size_t local_length;
    const char *prefix;
    size_t prefix_length;
};

/* The bytes before the next separator, or the end.  Names are short. */
static size_t part_length(const char *part)
{
    size_t length = 0;
    while (part[length] != '\0' && part[length] != (char)XML_SEPARATOR)
        length++;
    return length;
}

static struct name split(const char *triplet)
{
    struct name name = { .ns = "", .prefix = "", .local = triplet };
    name.local_length = part_length(triplet);
    if (triplet[name.local_length] == '\0')
        return name;
    name.ns = triplet;
    name.ns_length = name.local_length;
    name.local = triplet + name.ns_length + 1;
    name.local_length = part_length(name.local);
    if (name.local[name.local_length] == '\0')
        return name;
    name.prefix = name.local + name.local_length + 1;
    name.prefix_length = strlen(name.prefix);
    return name;
}

static bool same(const char *string, const char *bytes, size_t length)
{
    return strncmp(string, bytes, length) == 0 && string[length] == '\0';
}

/* A copy of a namespace that outlives the tree or is in it already; NULL when there is none. */
static const char *known_namespace(const struct node *parent, const struct name *name)
{
    if (parent != NULL && same(parent->xml.ns, name->ns, name->ns_length)) {
        return parent->xml.ns;
    }
    if (same(XML_NS_CLIENT, name->ns, name->ns_length)) {
        return XML_NS_CLIENT;
    }
    return name->ns_length == 0 ? "" : NULL;
}

static struct xml_attribute *build_attribute(struct builder *builder, const char *triplet, const char *value)
{
    struct name name = split(triplet);
    size_t value_length = strlen(value);
    struct xml_attribute *attribute =
        take(builder, sizeof *attribute + name.prefix_length + 1 + name.local_length + 1 + name.ns_length +
                          1 + value_length + 1);
    char *strings = (char *)(attribute + 1);
    attribute->name = strings;
    if (name.prefix_length > 0) {
        memcpy(strings, name.prefix, name.prefix_length);
        strings[name.prefix_length] = ':';
        strings += name.prefix_length + 1;
    }
    put(&strings, name.local, name.local_length);
    attribute->ns = name.ns_length == 0 ? "" : put(&strings, name.ns, name.ns_length);
    attribute->value = put(&strings, value, value_length);
    attribute->next = NULL;
    return attribute;
}

/* Opens an element without attributes.  Returns where to link the first attribute. */
static struct xml_attribute **open_element(struct builder *builder, const struct name *name, int line)
{
    struct node *parent = builder->open;
    const char *ns = known_namespace(parent, name);
    struct node *node =
        take(builder, sizeof *node + name->local_length + 1 + (ns == NULL ? name->ns_length + 1 : 0));
    char *strings = (char *)(node + 1);
    *node = (struct node){ .parent = parent, .tail = &node->xml.children, .xml.line = line };
    node->xml.name = put(&strings, name->local, name->local_length);
    node->xml.ns = ns != NULL ? ns : put(&strings, name->ns, name->ns_length);
    if (parent != NULL) {
        *parent->tail = &node->xml;
        parent->tail = &node->xml.next;
    }
    builder->open = node;
    builder->depth++;
    builder->run = NULL;
    return &node->xml.attributes;
}

void build_start(struct builder *builder, const char *triplet, const char **attributes, int line)
{
    struct name name = split(triplet);
    struct xml_attribute **tail = open_element(builder, &name, line);
    for (size_t i = 0; attributes[i] != NULL; i += 2) {
        *tail = build_attribute(builder, attributes[i], attributes[i + 1]);
        tail = &(*tail)->next;
    }
}

/* Moves the run of text to a place with room for `more` bytes. */
static void move_run(struct builder *builder, size_t more)
{
    size_t length = builder->run_length;
    add_chunk(builder, 2 * (length + more) + 1);
    char *strings = builder->free;
    builder->run->text = put(&strings, builder->run->text, length);
    builder->free = strings;
}

void build_text(struct builder *builder, const char *bytes, size_t length, int line)
{
    assert(builder->open != NULL);
    if (builder->run != NULL) {
        /* The run is the last allocation in its chunk, and grows in place. */
        if (length > (size_t)(builder->end - builder->free)) {
            move_run(builder, length);
        }
        builder->free--;
        put(&builder->free, bytes, length);
        builder->run_length += length;
        return;
    }
    struct xml *run = take(builder, sizeof *run + length + 1);
    char *strings = (char *)(run + 1);
    *run = (struct xml){ .line = line };
    run->text = put(&strings, bytes, length);
    *builder->open->tail = run;
    builder->open->tail = &run->next;
    builder->run = run;
    builder->run_length = length;
}

struct xml *build_end(struct builder *builder)
{
    struct node *closed = builder->open;
    assert(closed != NULL);
    builder->open = closed->parent;
    builder->depth--;
    builder->run = NULL;
    if (builder->open != NULL) {
        return NULL;
    }
    assert((char *)closed == builder->first->bytes);
    *builder = (struct builder){ 0 };
    return &closed->xml;
}

const struct xml *build_root(const struct builder *builder)
{
    return builder->first != NULL ? (const struct xml *)(const void *)builder->first->bytes : NULL;
}

void builder_free(struct builder *builder)
{
    if (builder->first != NULL) {
        xml_free((struct xml *)(void *)builder->first->bytes);
    }
    *builder = (struct builder){ 0 };
}

/* ---- Copies ---- */

static struct xml_attribute *copy_attribute(struct builder *builder, const struct xml_attribute *original)
{
    size_t name = strlen(original->name), ns = strlen(original->ns), value = strlen(original->value);
    struct xml_attribute *copy = take(builder, sizeof *copy + name + 1 + ns + 1 + value + 1);
    char *strings = (char *)(copy + 1);
    copy->next = NULL;
    copy->name = put(&strings, original->name, name);
    copy->ns = put(&strings, original->ns, ns);
    copy->value = put(&strings, original->value, value);
    return copy;
}

/* Everything of the element except its end. */
static void copy_start(struct builder *builder, const struct xml *original)
{
    const struct name name = { .ns = original->ns,
                               .ns_length = strlen(original->ns),
                               .local = original->name,
                               .local_length = strlen(original->name) };
    struct xml_attribute **tail = open_element(builder, &name, original->line);
    for (const struct xml_attribute *a = original->attributes; a != NULL; a = a->next) {
        *tail = copy_attribute(builder, a);
        tail = &(*tail)->next;
    }
    for (const struct xml *child = original->children; child != NULL; child = child->next) {
        if (child->text != NULL) {
            build_text(builder, child->text, strlen(child->text), child->line);
            continue;
        }
        copy_start(builder, child);
        build_end(builder);
    }
}

struct xml *xml_copy(const struct xml *element)
{
    assert(element->text == NULL);
    struct builder builder = { 0 };
    copy_start(&builder, element);
    return build_end(&builder);
}

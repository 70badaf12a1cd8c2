#include "xml/stanza.h"

#include "base/datetime.h"

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
    struct arena arena = stanza->arena; /* a copy, because the stanza is in the arena */
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
        return NULL; /* the parent was not allocated, so neither is this */
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

/* Adjacent character data is joined, so a text in many pieces costs as much as one in one piece. */
static void extend_text(struct stanza *stanza, struct element *node, const char *text, size_t length)
{
    char *longer = arena_extend(&stanza->arena, (char *)node->text, node->text_length, text, length);
    if (longer == NULL)
        return;
    node->text = longer;
    node->text_length += length;
}

void element_add_text(struct stanza *stanza, struct element *parent, const char *text, size_t length)
{
    struct element *last = parent != NULL ? parent->last : NULL;
    if (last != NULL && last->name == NULL && !last->written)
        extend_text(stanza, last, text, length);
    else
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

enum stanza_kind stanza_kind(const struct element *element)
{
    static const char *const names[] = { "message", "presence", "iq" };
    for (int kind = STANZA_MESSAGE; kind < STANZA_NONE; kind++)
        if (strcmp(element->name, names[kind]) == 0)
            return (enum stanza_kind)kind;
    return STANZA_NONE;
}

void stanza_add_delay(struct stanza *stanza, const char *from, uint64_t time)
{
    char stamp[DATETIME_SIZE];
    datetime_write(stamp, time);
    struct element *delay = element_add(stanza, stanza->root, "delay", NS_DELAY);
    element_set(stanza, delay, "from", from);
    element_set(stanza, delay, "stamp", stamp);
}

/* Writes stanzas as XML.
 *
 * Namespaces are declared with xmlns='...' where they change; nearly all stanzas change them once or twice.
 * A client that declares a prefix once and uses it often could make a small stanza large that way.  So when
 * the declarations exceed STANZA_DECLARED bytes, the element is written again with a prefix for each of its
 * namespaces: "n1", "n2", ..., all declared in its outermost tag. */
#include "xml/stanza.h"

#include "base/description.h"

#include <assert.h>
#include <string.h>

/* The namespaces with prefixes, sorted by bytes: the first is "n1".  Borrowed from the stanza. */
struct prefixes {
    const struct core_memory *memory;
    const char **ns;
    size_t count, capacity;
};

struct writing {
    struct buffer *out;
    size_t declared;                 /* bytes of namespaces declared where they change */
    const struct prefixes *prefixes; /* NULL where namespaces are declared where they change */
};

static bool is_too_much(const struct writing *writing)
{
    return writing->declared > STANZA_DECLARED;
}

/* The namespace of the prefix xml must not be declared as the default (Namespaces in XML, 3). */
static bool is_xml(const struct element *element)
{
    return strcmp(element->ns, NS_XML) == 0;
}

/* ---- Attributes ---- */

static void write_value(struct buffer *out, const char *name, const char *value)
{
    buffer_string(out, name);
    buffer_append(out, "='", 2);
    buffer_xml(out, value, strlen(value));
    buffer_append(out, "'", 1);
}

static void write_attribute(struct buffer *out, const char *name, const char *value)
{
    buffer_append(out, " ", 1);
    write_value(out, name, value);
}

/* The index of a namespace, or where it must be inserted. */
static size_t place_of(const struct prefixes *prefixes, const char *ns)
{
    size_t low = 0, high = prefixes->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(prefixes->ns[middle], ns) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool has_prefix(const struct prefixes *prefixes, size_t place, const char *ns)
{
    return place < prefixes->count && strcmp(prefixes->ns[place], ns) == 0;
}

static void write_prefix(struct writing *writing, const char *ns)
{
    size_t place = place_of(writing->prefixes, ns);
    assert(has_prefix(writing->prefixes, place, ns));
    buffer_append(writing->out, "n", 1);
    buffer_number(writing->out, place + 1);
    buffer_append(writing->out, ":", 1);
}

/* An attribute in another namespace gets its own prefix, declared in the same tag: "a0", "a1", ... */
static void write_foreign_attribute(struct writing *writing, const struct attribute *attribute,
                                    unsigned index)
{
    struct buffer *out = writing->out;
    if (writing->prefixes != NULL) {
        buffer_append(out, " ", 1);
        write_prefix(writing, attribute->ns);
        write_value(out, attribute->name, attribute->value);
        return;
    }
    writing->declared += strlen(attribute->ns);
    buffer_string(out, " xmlns:a");
    buffer_number(out, index);
    buffer_append(out, "='", 2);
    buffer_xml(out, attribute->ns, strlen(attribute->ns));
    buffer_string(out, "' a");
    buffer_number(out, index);
    buffer_append(out, ":", 1);
    write_value(out, attribute->name, attribute->value);
}

static void write_attributes(struct writing *writing, const struct element *element, const char *left_out)
{
    unsigned foreign = 0;
    for (const struct attribute *a = element->attributes; a != NULL; a = a->next) {
        if (a->ns != NULL)
            write_foreign_attribute(writing, a, foreign++);
        else if (left_out == NULL || strcmp(a->name, left_out) != 0)
            write_attribute(writing->out, a->name, a->value);
    }
}

/* ---- Elements ---- */

static bool needs_prefix(const struct element *element, const char *default_ns)
{
    return element->ns[0] != '\0' && strcmp(element->ns, default_ns) != 0 && !is_xml(element);
}

/* The default namespace inside an element.  With prefixes it does not change, except for an element without
 * a namespace, which a prefix cannot express. */
static const char *inner_default(const struct writing *writing, const struct element *element,
                                 const char *default_ns)
{
    bool is_declared = writing->prefixes == NULL || element->ns[0] == '\0';
    return is_declared && !is_xml(element) ? element->ns : default_ns;
}

static void write_name(struct writing *writing, const struct element *element, const char *default_ns)
{
    if (is_xml(element))
        buffer_string(writing->out, "xml:");
    else if (writing->prefixes != NULL && needs_prefix(element, default_ns))
        write_prefix(writing, element->ns);
    buffer_string(writing->out, element->name);
}

static void write_content(struct writing *writing, const struct element *element, const char *default_ns);

static void write_inside(struct writing *writing, const struct element *element, const char *outer_ns)
{
    const char *default_ns = inner_default(writing, element, outer_ns);
    buffer_append(writing->out, "<", 1);
    write_name(writing, element, outer_ns);
    if (default_ns != outer_ns && strcmp(default_ns, outer_ns) != 0) {
        writing->declared += strlen(default_ns);
        write_attribute(writing->out, "xmlns", default_ns);
    }
    write_attributes(writing, element, NULL);
    write_content(writing, element, default_ns);
    if (element->first == NULL)
        return;
    write_name(writing, element, outer_ns);
    buffer_append(writing->out, ">", 1);
}

/* Writes everything after the attributes, up to the name in the end tag. */
static void write_content(struct writing *writing, const struct element *element, const char *default_ns)
{
    struct buffer *out = writing->out;
    if (element->first == NULL) {
        buffer_append(out, "/>", 2);
        return;
    }
    buffer_append(out, ">", 1);
    for (const struct element *child = element->first; child != NULL && !is_too_much(writing);
         child = child->next) {
        if (child->name != NULL)
            write_inside(writing, child, default_ns);
        else if (child->written)
            buffer_append(out, child->text, child->text_length);
        else
            buffer_xml_text(out, child->text, child->text_length);
    }
    buffer_append(out, "</", 2);
}

/* ---- The outermost element ---- */

static void write_declarations(struct writing *writing)
{
    struct buffer *out = writing->out;
    for (size_t i = 0; i < writing->prefixes->count; i++) {
        const char *ns = writing->prefixes->ns[i];
        buffer_string(out, " xmlns:n");
        buffer_number(out, i + 1);
        buffer_append(out, "='", 2);
        buffer_xml(out, ns, strlen(ns));
        buffer_append(out, "'", 1);
    }
}

static void write_root_name(struct buffer *out, const struct element *root)
{
    if (is_xml(root))
        buffer_string(out, "xml:");
    buffer_string(out, root->name);
}

/* Returns the length of the output at the gap for `to`; `left_out` is the attribute that belongs there. */
static size_t write_root(struct writing *writing, const struct element *root, const char *outer_ns,
                         const char *left_out)
{
    struct buffer *out = writing->out;
    buffer_append(out, "<", 1);
    write_root_name(out, root);
    bool declares = strcmp(root->ns, outer_ns) != 0 && !is_xml(root);
    if (declares)
        write_attribute(out, "xmlns", root->ns);
    size_t gap = out->length;
    write_attributes(writing, root, left_out);
    if (writing->prefixes != NULL)
        write_declarations(writing);
    write_content(writing, root, declares ? root->ns : outer_ns);
    if (root->first != NULL) {
        write_root_name(out, root);
        buffer_append(out, ">", 1);
    }
    return gap;
}

/* ---- With prefixes ---- */

static bool make_room(struct prefixes *prefixes)
{
    if (prefixes->count < prefixes->capacity)
        return true;
    size_t capacity = prefixes->capacity == 0 ? 16 : 2 * prefixes->capacity;
    const char **ns = prefixes->memory->realloc(prefixes->ns, capacity * sizeof *ns);
    if (ns == NULL)
        return false;
    prefixes->ns = ns;
    prefixes->capacity = capacity;
    return true;
}

static bool add_prefix(struct prefixes *prefixes, const char *ns)
{
    size_t place = place_of(prefixes, ns);
    if (has_prefix(prefixes, place, ns))
        return true;
    if (!make_room(prefixes))
        return false;
    const char **at = prefixes->ns + place;
    memmove(at + 1, at, (prefixes->count - place) * sizeof *at);
    *at = ns;
    prefixes->count++;
    return true;
}

static bool add_those_of_attributes(struct prefixes *prefixes, const struct element *element)
{
    for (const struct attribute *a = element->attributes; a != NULL; a = a->next)
        if (a->ns != NULL && !add_prefix(prefixes, a->ns))
            return false;
    return true;
}

/* Adds the namespaces that need prefixes inside an element. */
static bool add_those_inside(struct prefixes *prefixes, const struct element *element, const char *default_ns)
{
    if (!add_those_of_attributes(prefixes, element))
        return false;
    for (const struct element *child = element->first; child != NULL; child = child->next) {
        if (child->name == NULL)
            continue;
        if (needs_prefix(child, default_ns) && !add_prefix(prefixes, child->ns))
            return false;
        if (!add_those_inside(prefixes, child, child->ns[0] == '\0' ? child->ns : default_ns))
            return false;
    }
    return true;
}

static size_t write_with_prefixes(struct buffer *out, const struct element *root, const char *outer_ns,
                                  const char *left_out)
{
    size_t gap = 0;
    struct prefixes prefixes = { .memory = out->memory };
    struct writing writing = { .out = out, .prefixes = &prefixes };
    if (add_those_inside(&prefixes, root, is_xml(root) ? outer_ns : root->ns))
        gap = write_root(&writing, root, outer_ns, left_out);
    else
        out->failed = true;
    memory_free(out->memory, prefixes.ns);
    return gap;
}

static size_t write(struct buffer *out, const struct element *root, const char *outer_ns,
                    const char *left_out)
{
    size_t start = out->length;
    struct writing writing = { .out = out };
    size_t gap = write_root(&writing, root, outer_ns, left_out);
    if (!is_too_much(&writing))
        return gap;
    buffer_cut(out, start);
    return write_with_prefixes(out, root, outer_ns, left_out);
}

void element_write(struct buffer *out, const struct element *element, const char *outer_ns)
{
    (void)write(out, element, outer_ns, NULL);
}

/* ---- Reading written XML ---- */

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
    rendered->gap = write(&rendered->xml, root, NS_CLIENT, "to");
}

typedef void describe_bytes(struct description *description, const char *name, const char *bytes,
                            size_t length);

static void describe_written(struct description *description, const char *name, const struct element *element,
                             describe_bytes *describe)
{
    struct buffer xml;
    if (element == NULL)
        return;
    buffer_init(&xml, description->text.memory);
    element_write(&xml, element, NS_CLIENT);
    if (xml.failed)
        description->text.failed = true;
    else
        describe(description, name, xml.bytes, xml.length);
    buffer_free(&xml);
}

void element_describe(struct description *description, const char *name, const struct element *element)
{
    describe_written(description, name, element, description_bytes);
}

void element_describe_secret(struct description *description, const char *name, const struct element *element)
{
    describe_written(description, name, element, description_secret);
}

/*
 * A tree lives in a chain of chunks.  The first chunk begins with the root, so that the root alone leads
 * to all of them; expat's callbacks fill them from front to back.
 */
#include "xml.h"

#include <assert.h>
#include <expat.h>
#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A stanza of chat fits the first chunk; each later one is twice as large, up to the limit. */
enum { CHUNK_FIRST = 1000, CHUNK_LIMIT = 64000 };

/* Whoever walks a tree may recurse. */
enum { DEPTH_LIMIT = 1000 };

/* UTF-8 never contains this byte. */
#define SEPARATOR '\xFF'

struct chunk {
    struct chunk *next;
    char bytes[];
};

/* An element while its content is being read; who uses the tree sees only `xml`. */
struct node {
    struct xml xml;
    struct node *parent;
    struct xml **tail; /* where the next child is hung */
};

/* A tree under construction.  Zeroed is none. */
struct builder {
    struct chunk *first;
    char *free; /* in the newest chunk */
    char *end;
    size_t chunk_size;
    struct node *open; /* the innermost open element */
    int depth;
    struct xml *run; /* the run of text to which the next piece belongs, or NULL */
    size_t run_length;
};

enum stream_state { STREAM_PROLOGUE, STREAM_OPEN, STREAM_ENDED, STREAM_RESTARTING, STREAM_BROKEN };

struct xml_stream {
    XML_Parser parser;
    struct xml_events events;
    struct builder builder;
    const char *why;  /* why it is broken, where expat does not know */
    size_t fed;       /* bytes that this parse was given before the piece in hand */
    size_t new_start; /* where the new stream starts, on the same count */
    enum stream_state state;
    bool parsing;
    bool restricted; /* RFC 6120, 11.1 holds: no comments, processing instructions, document types */
};

static void *need(void *block)
{
    if (block == NULL) {
        abort();
    }
    return block;
}

/* ---- Trees ---- */

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

const char *xml_get(const struct xml *element, const char *attribute)
{
    for (const struct xml_attribute *a = element->attributes; a != NULL; a = a->next) {
        if (strcmp(a->name, attribute) == 0) {
            return a->value;
        }
    }
    return NULL;
}

bool xml_is(const struct xml *element, const char *name, const char *ns)
{
    return element != NULL && element->text == NULL && (name == NULL || strcmp(element->name, name) == 0) &&
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

/* ---- Building ---- */

static void add_chunk(struct builder *builder, size_t size)
{
    size_t room = builder->chunk_size == 0 ? CHUNK_FIRST : builder->chunk_size * 2;
    room = room > CHUNK_LIMIT ? CHUNK_LIMIT : room;
    builder->chunk_size = room;
    if (room < size) {
        room = size;
    }
    struct chunk *chunk = need(malloc(sizeof *chunk + room));
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

/* Room for a structure and the strings that go with it. */
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

/* Copies a string to *at and moves it behind. */
static const char *put(char **at, const char *bytes, size_t length)
{
    char *copy = *at;
    memcpy(copy, bytes, length);
    copy[length] = '\0';
    *at = copy + length + 1;
    return copy;
}

/* A name as expat gives it: the namespace, the local name and the prefix, where there are such. */
struct name {
    const char *ns;
    size_t ns_length;
    const char *local;
    size_t local_length;
    const char *prefix;
    size_t prefix_length;
};

static struct name split(const char *triplet)
{
    struct name name = { .ns = "", .prefix = "", .local = triplet };
    const char *separator = strchr(triplet, SEPARATOR);
    if (separator == NULL) {
        name.local_length = strlen(triplet);
        return name;
    }
    name.ns = triplet;
    name.ns_length = (size_t)(separator - triplet);
    name.local = separator + 1;
    separator = strchr(name.local, SEPARATOR);
    if (separator == NULL) {
        name.local_length = strlen(name.local);
        return name;
    }
    name.local_length = (size_t)(separator - name.local);
    name.prefix = separator + 1;
    name.prefix_length = strlen(name.prefix);
    return name;
}

static bool same(const char *string, const char *bytes, size_t length)
{
    return strncmp(string, bytes, length) == 0 && string[length] == '\0';
}

/* A namespace that outlives the tree or is in it already; NULL when there is none such. */
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

/* Opens an element inside the innermost open one, or the root. */
static struct xml *build_element(struct builder *builder, const char *triplet, const char **attributes,
                                 int line)
{
    struct node *parent = builder->open;
    struct name name = split(triplet);
    const char *ns = known_namespace(parent, &name);
    struct node *node =
        take(builder, sizeof *node + name.local_length + 1 + (ns == NULL ? name.ns_length + 1 : 0));
    char *strings = (char *)(node + 1);
    *node = (struct node){ .parent = parent, .tail = &node->xml.children, .xml.line = line };
    node->xml.name = put(&strings, name.local, name.local_length);
    node->xml.ns = ns != NULL ? ns : put(&strings, name.ns, name.ns_length);
    struct xml_attribute **tail = &node->xml.attributes;
    for (size_t i = 0; attributes[i] != NULL; i += 2) {
        *tail = build_attribute(builder, attributes[i], attributes[i + 1]);
        tail = &(*tail)->next;
    }
    if (parent != NULL) {
        *parent->tail = &node->xml;
        parent->tail = &node->xml.next;
    }
    builder->open = node;
    builder->depth++;
    builder->run = NULL;
    return &node->xml;
}

/* Moves the run of text to where `more` bytes fit behind it. */
static void move_run(struct builder *builder, size_t more)
{
    size_t length = builder->run_length;
    add_chunk(builder, 2 * (length + more) + 1);
    char *strings = builder->free;
    builder->run->text = put(&strings, builder->run->text, length);
    builder->free = strings;
}

static void build_text(struct builder *builder, const char *bytes, size_t length, int line)
{
    assert(builder->open != NULL);
    if (builder->run != NULL) {
        /* The run is the newest thing in its chunk: it grows in place. */
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

/* Closes the innermost open element.  Returns the tree if that was its root, else NULL. */
static struct xml *build_end(struct builder *builder)
{
    struct node *closed = builder->open;
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

static void builder_free(struct builder *builder)
{
    if (builder->first != NULL) {
        xml_free((struct xml *)(void *)builder->first->bytes);
    }
    *builder = (struct builder){ 0 };
}

/* ---- The stream: what expat tells ---- */

static int line_of(const struct xml_stream *stream)
{
    return (int)XML_GetCurrentLineNumber(stream->parser);
}

static void stop(struct xml_stream *stream, const char *why)
{
    stream->state = STREAM_BROKEN;
    stream->why = why;
    XML_StopParser(stream->parser, XML_FALSE);
}

/* Having stopped it, expat may still tell of the end of an empty element. */
static bool is_stopped(const struct xml_stream *stream)
{
    return stream->state == STREAM_BROKEN || stream->state == STREAM_RESTARTING;
}

static void on_start(void *user, const XML_Char *name, const XML_Char **attributes)
{
    struct xml_stream *stream = user;
    if (is_stopped(stream)) {
        return;
    }
    if (stream->builder.depth == DEPTH_LIMIT) {
        stop(stream, "nested too deeply");
        return;
    }
    build_element(&stream->builder, name, attributes, line_of(stream));
    if (stream->state == STREAM_PROLOGUE) {
        stream->state = STREAM_OPEN;
        stream->events.header(stream->events.who, build_end(&stream->builder));
    }
}

static void on_end(void *user, const XML_Char *name)
{
    (void)name;
    struct xml_stream *stream = user;
    if (is_stopped(stream)) {
        return;
    }
    if (stream->builder.open == NULL) {
        stream->state = STREAM_ENDED;
        stream->events.end(stream->events.who);
        return;
    }
    struct xml *tree = build_end(&stream->builder);
    if (tree != NULL) {
        stream->events.element(stream->events.who, tree);
    }
}

static bool is_blank(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (strchr(" \t\r\n", bytes[i]) == NULL) {
            return false;
        }
    }
    return true;
}

static void on_text(void *user, const XML_Char *bytes, int length)
{
    struct xml_stream *stream = user;
    if (is_stopped(stream)) {
        return;
    }
    if (stream->builder.open != NULL) {
        build_text(&stream->builder, bytes, (size_t)length, line_of(stream));
    } else if (!is_blank(bytes, (size_t)length)) {
        stop(stream, "text stands between the elements");
    }
}

static void on_comment(void *user, const XML_Char *bytes)
{
    (void)bytes;
    stop(user, "a comment, which a stream must not contain");
}

static void on_instruction(void *user, const XML_Char *target, const XML_Char *bytes)
{
    (void)target;
    (void)bytes;
    stop(user, "a processing instruction, which a stream must not contain");
}

static void on_document_type(void *user, const XML_Char *name, const XML_Char *sysid, const XML_Char *pubid,
                             int has_internal_subset)
{
    (void)name;
    (void)sysid;
    (void)pubid;
    (void)has_internal_subset;
    stop(user, "a document type, which a stream must not contain");
}

/* ---- The stream: feeding ---- */

static void *expat_malloc(size_t size)
{
    return need(malloc(size));
}

static void *expat_realloc(void *block, size_t size)
{
    return need(realloc(block, size));
}

/* What a parser forgets when it is reset. */
static void prepare(struct xml_stream *stream)
{
    XML_Parser parser = stream->parser;
    XML_SetUserData(parser, stream);
    XML_SetElementHandler(parser, on_start, on_end);
    XML_SetCharacterDataHandler(parser, on_text);
    if (stream->restricted) {
        XML_SetCommentHandler(parser, on_comment);
        XML_SetProcessingInstructionHandler(parser, on_instruction);
        XML_SetStartDoctypeDeclHandler(parser, on_document_type);
    }
    /* Else it would ask the system for random bytes, and hold back what it could tell already. */
    XML_SetHashSalt(parser, 1);
    XML_SetReparseDeferralEnabled(parser, XML_FALSE);
}

static struct xml_stream *stream_new(struct xml_events events, bool restricted)
{
    static const XML_Memory_Handling_Suite memory = { expat_malloc, expat_realloc, free };
    static const XML_Char separator[] = { SEPARATOR, '\0' };
    struct xml_stream *stream = need(calloc(1, sizeof *stream));
    stream->events = events;
    stream->restricted = restricted;
    stream->parser = need(XML_ParserCreate_MM("UTF-8", &memory, separator));
    XML_SetReturnNSTriplet(stream->parser, 1);
    prepare(stream);
    return stream;
}

struct xml_stream *xml_stream_new(struct xml_events events)
{
    return stream_new(events, true);
}

void xml_stream_free(struct xml_stream *stream)
{
    if (stream == NULL) {
        return;
    }
    assert(!stream->parsing);
    builder_free(&stream->builder);
    XML_ParserFree(stream->parser);
    free(stream);
}

static void begin_anew(struct xml_stream *stream)
{
    assert(!stream->parsing);
    builder_free(&stream->builder);
    XML_ParserReset(stream->parser, "UTF-8");
    prepare(stream);
    stream->state = STREAM_PROLOGUE;
    stream->fed = 0;
}

void xml_stream_restart(struct xml_stream *stream)
{
    if (!stream->parsing) {
        begin_anew(stream);
        return;
    }
    assert(!is_stopped(stream));
    stream->state = STREAM_RESTARTING;
    stream->new_start =
        (size_t)XML_GetCurrentByteIndex(stream->parser) + (size_t)XML_GetCurrentByteCount(stream->parser);
    XML_StopParser(stream->parser, XML_FALSE);
}

/* Parses up to the end, to where a new stream begins, or to a mistake.  Returns how many bytes are done. */
static size_t parse(struct xml_stream *stream, const char *bytes, size_t length)
{
    assert(length <= INT_MAX);
    stream->parsing = true;
    enum XML_Status status = XML_Parse(stream->parser, bytes, (int)length, XML_FALSE);
    stream->parsing = false;
    if (stream->state == STREAM_RESTARTING) {
        size_t done = stream->new_start - stream->fed;
        assert(done <= length);
        begin_anew(stream);
        return done;
    }
    stream->fed += length;
    if (status == XML_STATUS_ERROR) {
        if (stream->state != STREAM_BROKEN) {
            stream->state = STREAM_BROKEN;
            stream->why = XML_ErrorString(XML_GetErrorCode(stream->parser));
        }
        stream->events.broken(stream->events.who, stream->why);
    }
    return length;
}

void xml_stream_feed(struct xml_stream *stream, const char *bytes, size_t length)
{
    assert(!stream->parsing);
    size_t done = 0;
    while (done < length && stream->state != STREAM_BROKEN) {
        done += parse(stream, bytes + done, length - done);
    }
}

/* ---- Fragments ---- */

/* On one line and without a line's end, so that the block's first line is the parser's first line. */
static const char fragment_begin[] = "<fragment xmlns='" XML_NS_CLIENT "' xmlns:stream='" XML_NS_STREAMS
                                     "' xmlns:scansion='" XML_NS_SCANSION "'>";
static const char fragment_end[] = "</fragment>";

struct fragment {
    struct xml *first;
    struct xml **tail;
    const char *problem;
    bool ended;
};

static void fragment_header(void *who, struct xml *header)
{
    (void)who;
    xml_free(header);
}

static void fragment_element(void *who, struct xml *element)
{
    struct fragment *fragment = who;
    *fragment->tail = element;
    fragment->tail = &element->next;
}

static void fragment_ended(void *who)
{
    struct fragment *fragment = who;
    fragment->ended = true;
}

static void fragment_broken(void *who, const char *why)
{
    struct fragment *fragment = who;
    fragment->problem = why;
}

static void free_siblings(struct xml *element)
{
    while (element != NULL) {
        struct xml *next = element->next;
        xml_free(element);
        element = next;
    }
}

struct xml *xml_fragment(const char *text, size_t length, const char **problem, int *line)
{
    struct fragment fragment = { .tail = &fragment.first };
    struct xml_events events = { .header = fragment_header,
                                 .element = fragment_element,
                                 .end = fragment_ended,
                                 .broken = fragment_broken,
                                 .who = &fragment };
    struct xml_stream *stream = stream_new(events, false);
    xml_stream_feed(stream, fragment_begin, sizeof fragment_begin - 1);
    xml_stream_feed(stream, text, length);
    xml_stream_feed(stream, fragment_end, sizeof fragment_end - 1);
    if (fragment.problem == NULL && !fragment.ended) {
        /* A comment or a CDATA section that swallowed the end. */
        fragment.problem = XML_ErrorString(XML_ERROR_UNCLOSED_TOKEN);
    }
    *problem = fragment.problem;
    *line = fragment.problem == NULL ? 0 : line_of(stream);
    xml_stream_free(stream);
    if (fragment.problem != NULL) {
        free_siblings(fragment.first);
        return NULL;
    }
    return fragment.first;
}

#include "xml/parser_report.h"

#include "xml/expat_calls.h"

#include <assert.h>
#include <string.h>

/* The namespaces of most stanzas, which need no copy. */
static const struct {
    const char *ns;
    size_t length;
} known_namespaces[] = {
    { NS_CLIENT, sizeof NS_CLIENT - 1 }, { NS_ROSTER, sizeof NS_ROSTER - 1 },
    { NS_SASL, sizeof NS_SASL - 1 },     { NS_BIND, sizeof NS_BIND - 1 },
    { NS_PING, sizeof NS_PING - 1 },     { NS_STREAMS, sizeof NS_STREAMS - 1 },
    { NS_DELAY, sizeof NS_DELAY - 1 },   { NS_SM, sizeof NS_SM - 1 },
    { NS_CSI, sizeof NS_CSI - 1 },
};

/* ---- Errors ---- */

void parser_stop(struct parser *parser)
{
    parser->stopped = true;
    if (parser->running)
        XML_StopParser(parser->expat, XML_FALSE);
}

void parser_fail(struct parser *parser, enum stream_error error, const char *text)
{
    if (parser->stopped)
        return;
    parser_stop(parser);
    parser->events->failed(parser->host, error, text);
}

void parser_fail_limit(struct parser *parser, const char *text)
{
    parser_fail(parser, STREAM_POLICY_VIOLATION, text);
}

void parser_fail_memory(struct parser *parser)
{
    parser_fail(parser, STREAM_RESOURCE_CONSTRAINT, NULL);
}

void parser_fail_text(struct parser *parser)
{
    parser_fail(parser, STREAM_BAD_FORMAT, "there is text between the stanzas");
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t most_bytes_early(const struct parser *parser)
{
    return least(parser->limits->unauthenticated_bytes, parser->limits->stanza_bytes);
}

size_t parser_most_bytes(const struct parser *parser)
{
    bool is_early = parser->unauthenticated || parser->depth == 0;
    return is_early ? most_bytes_early(parser) : parser->limits->stanza_bytes;
}

/* What storage gave back was within the limit when it came, and may have become shorter since. */
bool parser_is_overworked(const struct parser *parser)
{
    const uint64_t scanned = parser->namespaces / STANZA_SCANS;
    if (scanned <= STANZA_SCANS_MORE || parser->is_stored)
        return false;
    return scanned > parser_position(parser) - parser->unit_start + STANZA_SCANS_MORE;
}

size_t parser_most_waiting(const struct parser *parser)
{
    const struct core_limits *limits = parser->limits;
    return parser->unauthenticated ? least(limits->unauthenticated_bytes, limits->waiting_bytes)
                                   : limits->waiting_bytes;
}

/* ---- Names ---- */

static const char *known_namespace(const char *ns, size_t length)
{
    for (size_t i = 0; i < sizeof known_namespaces / sizeof known_namespaces[0]; i++)
        if (known_namespaces[i].length == length && memcmp(known_namespaces[i].ns, ns, length) == 0)
            return known_namespaces[i].ns;
    return NULL;
}

static bool is_namespace(const char *recent, const char *ns, size_t length)
{
    return recent != NULL && strncmp(recent, ns, length) == 0 && recent[length] == '\0';
}

static const char *intern_namespace(struct parser *parser, const char *ns, size_t length)
{
    const char *known = known_namespace(ns, length);
    if (known != NULL)
        return known;
    for (size_t i = 0; i < sizeof parser->recent / sizeof parser->recent[0]; i++)
        if (is_namespace(parser->recent[i], ns, length))
            return parser->recent[i];
    parser->recent[1] = parser->recent[0];
    parser->recent[0] = arena_copy(&parser->stanza->arena, ns, length);
    return parser->recent[0];
}

struct name {
    const char *local;
    const char *ns; /* "" when there is none */
};

static struct name split_name(struct parser *parser, const char *name)
{
    struct stanza *stanza = parser->stanza;
    const char *separator = strchr(name, PARSER_SEPARATOR);
    if (separator == NULL)
        return (struct name){ arena_copy(&stanza->arena, name, strlen(name)), "" };
    const char *local = separator + 1;
    parser->namespaces += (size_t)(separator - name);
    return (struct name){ arena_copy(&stanza->arena, local, strlen(local)),
                          intern_namespace(parser, name, (size_t)(separator - name)) };
}

/* xml:lang and the like keep their prefix as part of the name: the prefix xml is the same everywhere. */
static struct attribute *read_attribute(struct parser *parser, const char *name, const char *value)
{
    struct stanza *stanza = parser->stanza;
    struct attribute *attribute = arena_alloc(&stanza->arena, sizeof *attribute);
    const char *copy = arena_copy(&stanza->arena, value, strlen(value));
    if (attribute == NULL || copy == NULL)
        return NULL;
    *attribute = (struct attribute){ .value = copy };
    static const char prefix[] = { 'x', 'm', 'l', ':' };
    size_t xml = sizeof NS_XML - 1;
    if (strchr(name, PARSER_SEPARATOR) == NULL) {
        attribute->name = arena_copy(&stanza->arena, name, strlen(name));
    } else if (strncmp(name, NS_XML, xml) == 0 && (unsigned char)name[xml] == PARSER_SEPARATOR) {
        char *prefixed = arena_copy(&stanza->arena, name + xml + 1 - sizeof prefix,
                                    strlen(name + xml + 1 - sizeof prefix));
        if (prefixed != NULL)
            memcpy(prefixed, prefix, sizeof prefix);
        attribute->name = prefixed;
    } else {
        struct name split = split_name(parser, name);
        attribute->name = split.local;
        attribute->ns = split.ns;
    }
    return attribute;
}

static void read_attributes(struct parser *parser, struct element *element, const char **attributes)
{
    struct attribute **end = &element->attributes;
    size_t count = 0;
    for (; attributes[0] != NULL; attributes += 2) {
        if (++count > parser->limits->attributes) {
            parser_fail_limit(parser, "an element has too many attributes");
            return;
        }
        struct attribute *attribute = read_attribute(parser, attributes[0], attributes[1]);
        if (attribute == NULL)
            return;
        *end = attribute;
        end = &attribute->next;
    }
}

/* ---- Handlers ---- */

static struct element *begin_stanza(struct parser *parser, const char *name)
{
    assert(parser->stanza == NULL);
    parser->stanza = stanza_new(parser->pool->memory, NULL, NULL);
    if (parser->stanza == NULL)
        return NULL;
    parser->recent[0] = parser->recent[1] = NULL;
    struct name split = split_name(parser, name);
    parser->stanza->root->name = split.local;
    parser->stanza->root->ns = split.ns;
    return parser->stanza->root;
}

static struct element *begin_child(struct parser *parser, const char *name)
{
    struct name split = split_name(parser, name);
    return element_add(parser->stanza, parser->element, split.local, split.ns);
}

static struct stanza *take_stanza(struct parser *parser)
{
    struct stanza *stanza = parser->stanza;
    parser->stanza = NULL;
    parser->element = NULL;
    return stanza;
}

uint64_t parser_position(const struct parser *parser)
{
    return expat_token_end(parser->expat) - parser->lead;
}

/* Whether the header declares exactly the two usual namespaces: see parser_pool.h. */
static bool is_usual(const struct parser *parser, const struct element *header)
{
    return element_is(header, "stream", NS_STREAMS) && parser->declarations == 2 && parser->usual_prefix &&
           parser->default_ns != NULL && *parser->default_ns != '\0';
}

/* Copies the start tag as received; expat has the token that it reports in one piece. */
static void keep_header(struct parser *parser)
{
    const uint64_t length = expat_token_end(parser->expat) - (uint64_t)expat_token_begin(parser->expat);
    size_t left;
    const char *rest = expat_rest(parser->expat, &left);
    if (rest != NULL && length <= left)
        parser->header = memory_copy(parser->pool->memory, rest, (size_t)length);
}

/* The end tag of the header arrives with the end of the stream. */
static void end_header(struct parser *parser)
{
    parser->unit_start = parser_position(parser);
    if (parser->unit_start > most_bytes_early(parser)) {
        parser_fail_limit(parser, "the stream header is too large");
        return;
    }
    parser->scanned_again = parser->namespaces = 0;
    parser->usual = is_usual(parser, parser->element);
    if (!parser->usual)
        keep_header(parser);
    parser->events->header(parser->host, take_stanza(parser), parser->default_ns);
}

/* A stanza of very many tiny elements and attributes takes much more memory than bytes; very many names in
 * a long namespace take much more time. */
static void check_cost(struct parser *parser)
{
    if (parser->stanza->arena.asked / STANZA_MEMORY > parser_most_bytes(parser))
        parser_fail_limit(parser, "a stanza takes too much memory");
    else if (parser_is_overworked(parser))
        parser_fail_limit(parser, "a stanza has too many names of long namespaces");
}

static void on_start(void *host, const char *name, const char **attributes)
{
    struct parser *parser = host;
    if (parser->stopped)
        return;
    parser->depth++;
    if (parser->depth - 1 > parser->limits->depth) {
        parser_fail_limit(parser, "elements are nested too deeply");
        return;
    }
    bool outermost = parser->depth <= 2;
    struct element *element = outermost ? begin_stanza(parser, name) : begin_child(parser, name);
    if (element != NULL)
        read_attributes(parser, element, attributes);
    if (parser->stopped)
        return;
    if (element == NULL || stanza_failed(parser->stanza)) {
        parser_fail_memory(parser);
        return;
    }
    parser->element = element;
    check_cost(parser);
    if (parser->depth == 1 && !parser->stopped)
        end_header(parser);
}

static void on_end(void *host, const char *name)
{
    (void)name;
    struct parser *parser = host;
    if (parser->stopped)
        return;
    parser->depth--;
    if (parser->depth == 0) {
        parser_stop(parser); /* what follows is in no stream (RFC 6120, 4.4) */
        parser->events->end(parser->host);
        return;
    }
    if (parser->depth > 1) {
        parser->element = parser->element->parent;
        return;
    }
    uint64_t end = parser_position(parser);
    if (end - parser->unit_start > parser_most_bytes(parser)) {
        parser_fail_limit(parser, "a stanza is too large");
        return;
    }
    parser->unit_start = end;
    parser->scanned_again = parser->namespaces = 0;
    parser->events->stanza(parser->host, take_stanza(parser));
}

static bool is_white_space(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] != ' ' && text[i] != '\t' && text[i] != '\n' && text[i] != '\r')
            return false;
    return true;
}

static void on_text(void *host, const char *text, int length)
{
    struct parser *parser = host;
    if (parser->stopped)
        return;
    if (parser->depth > 1) {
        element_add_text(parser->stanza, parser->element, text, (size_t)length);
        if (stanza_failed(parser->stanza))
            parser_fail_memory(parser);
        else
            check_cost(parser);
        return;
    }
    /* A whitespace keepalive (RFC 6120, 4.6.1). */
    parser->unit_start = parser_position(parser);
    if (!is_white_space(text, (size_t)length))
        parser_fail_text(parser);
}

/* Expat reports white space inside a CDATA section before the section has ended; that is not between
 * stanzas. */
static void on_cdata_start(void *host)
{
    struct parser *parser = host;
    parser->in_cdata = true;
}

static void on_cdata_end(void *host)
{
    struct parser *parser = host;
    parser->in_cdata = false;
}

/* FNV-1a with another initial value; the NUL is hashed too. */
static void hash_string(struct parser *parser, const char *string)
{
    do
        parser->declared = (parser->declared ^ (unsigned char)*string) * UINT64_C(0x100000001b3);
    while (*string++ != '\0');
}

/* The content namespace of a default namespace: see parser.h. */
static const char *content_namespace(const char *uri)
{
    if (uri == NULL || strcmp(uri, NS_STREAMS) == 0)
        return "";
    return strcmp(uri, NS_CLIENT) == 0 ? NS_CLIENT : NULL;
}

static void on_namespace(void *host, const char *prefix, const char *uri)
{
    struct parser *parser = host;
    if (parser->stopped || parser->depth > 0)
        return;
    parser->declarations++;
    hash_string(parser, prefix != NULL ? prefix : "");
    hash_string(parser, uri != NULL ? uri : "");
    if (prefix != NULL) {
        assert(uri != NULL); /* only the default namespace can be none (Namespaces in XML, 6.1) */
        parser->usual_prefix |= strcmp(prefix, "stream") == 0 && strcmp(uri, NS_STREAMS) == 0;
        return;
    }
    parser->default_ns = content_namespace(uri);
}

static void on_comment(void *host, const char *text)
{
    (void)text;
    parser_fail(host, STREAM_RESTRICTED_XML, "comments are not allowed");
}

static void on_instruction(void *host, const char *target, const char *data)
{
    (void)target;
    (void)data;
    parser_fail(host, STREAM_RESTRICTED_XML, "processing instructions are not allowed");
}

static void on_doctype(void *host, const char *name, const char *system_id, const char *public_id,
                       int internal)
{
    (void)name;
    (void)system_id;
    (void)public_id;
    (void)internal;
    parser_fail(host, STREAM_RESTRICTED_XML, "a document type declaration is not allowed");
}

static bool is_utf8_name(const char *encoding)
{
    const char *utf8 = "utf-8";
    size_t i = 0;
    for (; encoding[i] != '\0' && utf8[i] != '\0'; i++) {
        char c = encoding[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        if (c != utf8[i])
            return false;
    }
    return encoding[i] == '\0' && utf8[i] == '\0';
}

static void on_declaration(void *host, const char *version, const char *encoding, int standalone)
{
    (void)version;
    (void)standalone;
    if (encoding != NULL && !is_utf8_name(encoding))
        parser_fail(host, STREAM_UNSUPPORTED_ENCODING, "the encoding must be UTF-8");
}

void parser_set_handlers(struct parser *parser)
{
    XML_Parser expat = parser->expat;
    XML_SetUserData(expat, parser);
    XML_SetElementHandler(expat, on_start, on_end);
    XML_SetCharacterDataHandler(expat, on_text);
    XML_SetCdataSectionHandler(expat, on_cdata_start, on_cdata_end);
    XML_SetStartNamespaceDeclHandler(expat, on_namespace);
    XML_SetCommentHandler(expat, on_comment);
    XML_SetProcessingInstructionHandler(expat, on_instruction);
    XML_SetStartDoctypeDeclHandler(expat, on_doctype);
    XML_SetXmlDeclHandler(expat, on_declaration);
}

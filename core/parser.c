#include "parser.h"

#include "utf8.h"

#include <assert.h>
#include <string.h>

/* Between a namespace and a local name in the names that expat reports.  No UTF-8 text holds this byte. */
enum { SEPARATOR = 0xFF };

/* The namespaces that most stanzas use, so that their names need no copy. */
static const char *const known_namespaces[] = { NS_CLIENT,  NS_ROSTER, NS_SASL, NS_BIND, NS_PING,
                                                NS_STREAMS, NS_DELAY,  NS_SM,   NS_CSI };

/* ---- Failing ---- */

static void fail(struct parser *parser, enum stream_error error, const char *text)
{
    if (parser->stopped)
        return;
    parser_stop(parser);
    parser->events->failed(parser->host, error, text);
}

static void fail_limit(struct parser *parser, const char *text)
{
    fail(parser, STREAM_POLICY_VIOLATION, text);
}

/* Memory ran out inside a stanza; only its stream suffers. */
static void fail_memory(struct parser *parser)
{
    fail(parser, STREAM_RESOURCE_CONSTRAINT, NULL);
}

/* ---- Names ---- */

static const char *intern_namespace(struct stanza *stanza, const char *ns, size_t length)
{
    for (size_t i = 0; i < sizeof known_namespaces / sizeof known_namespaces[0]; i++)
        if (strncmp(known_namespaces[i], ns, length) == 0 && known_namespaces[i][length] == '\0')
            return known_namespaces[i];
    return arena_copy(&stanza->arena, ns, length);
}

struct name {
    const char *local;
    const char *ns; /* "" when there is none */
};

static struct name split_name(struct stanza *stanza, const char *name)
{
    const char *separator = strchr(name, SEPARATOR);
    if (separator == NULL)
        return (struct name){ arena_copy(&stanza->arena, name, strlen(name)), "" };
    const char *local = separator + 1;
    return (struct name){ arena_copy(&stanza->arena, local, strlen(local)),
                          intern_namespace(stanza, name, (size_t)(separator - name)) };
}

/* xml:lang and its like keep their prefix as part of the name; it is the same everywhere. */
static struct attribute *read_attribute(struct stanza *stanza, const char *name, const char *value)
{
    struct attribute *attribute = arena_alloc(&stanza->arena, sizeof *attribute);
    const char *copy = arena_copy(&stanza->arena, value, strlen(value));
    if (attribute == NULL || copy == NULL)
        return NULL;
    *attribute = (struct attribute){ .value = copy };
    static const char prefix[] = { 'x', 'm', 'l', ':' };
    size_t xml = sizeof NS_XML - 1;
    if (strchr(name, SEPARATOR) == NULL) {
        attribute->name = arena_copy(&stanza->arena, name, strlen(name));
    } else if (strncmp(name, NS_XML, xml) == 0 && (unsigned char)name[xml] == SEPARATOR) {
        char *prefixed = arena_copy(&stanza->arena, name + xml + 1 - sizeof prefix,
                                    strlen(name + xml + 1 - sizeof prefix));
        if (prefixed != NULL)
            memcpy(prefixed, prefix, sizeof prefix);
        attribute->name = prefixed;
    } else {
        struct name split = split_name(stanza, name);
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
            fail_limit(parser, "an element has too many attributes");
            return;
        }
        struct attribute *attribute = read_attribute(parser->stanza, attributes[0], attributes[1]);
        if (attribute == NULL)
            return;
        *end = attribute;
        end = &attribute->next;
    }
}

/* ---- What expat reports ---- */

static struct element *begin_stanza(struct parser *parser, const char *name)
{
    assert(parser->stanza == NULL);
    parser->stanza = stanza_new(parser->pool->memory, NULL, NULL);
    if (parser->stanza == NULL)
        return NULL;
    struct name split = split_name(parser->stanza, name);
    parser->stanza->root->name = split.local;
    parser->stanza->root->ns = split.ns;
    return parser->stanza->root;
}

static struct element *begin_child(struct parser *parser, const char *name)
{
    struct name split = split_name(parser->stanza, name);
    return element_add(parser->stanza, parser->element, split.local, split.ns);
}

static struct stanza *take_stanza(struct parser *parser)
{
    struct stanza *stanza = parser->stanza;
    parser->stanza = NULL;
    parser->element = NULL;
    return stanza;
}

static uint64_t position(const struct parser *parser)
{
    return (uint64_t)XML_GetCurrentByteIndex(parser->expat) +
           (uint64_t)XML_GetCurrentByteCount(parser->expat) - parser->lead;
}

/* Whether the header declares what nearly all do, and nothing else: see parser_pool.h. */
static bool is_usual(const struct parser *parser, const struct element *header)
{
    return element_is(header, "stream", NS_STREAMS) && parser->declarations == 2 && parser->usual_prefix &&
           parser->default_ns != NULL && *parser->default_ns != '\0';
}

static void on_start(void *host, const char *name, const char **attributes)
{
    struct parser *parser = host;
    if (parser->stopped)
        return;
    parser->depth++;
    if (parser->depth > parser->limits->depth + 1) {
        fail_limit(parser, "elements are nested too deeply");
        return;
    }
    bool outermost = parser->depth <= 2;
    struct element *element = outermost ? begin_stanza(parser, name) : begin_child(parser, name);
    if (element != NULL)
        read_attributes(parser, element, attributes);
    if (parser->stopped)
        return;
    if (element == NULL || stanza_failed(parser->stanza)) {
        fail_memory(parser);
        return;
    }
    parser->element = element;
    if (parser->depth == 1) {
        parser->unit_start = position(parser);
        if (parser->unit_start > parser->limits->stanza_bytes) {
            fail_limit(parser, "the stream header is too large");
            return;
        }
        parser->usual = is_usual(parser, element);
        parser->events->header(parser->host, take_stanza(parser), parser->default_ns);
    }
}

static void on_end(void *host, const char *name)
{
    (void)name;
    struct parser *parser = host;
    if (parser->stopped)
        return;
    parser->depth--;
    if (parser->depth == 0) {
        parser->events->end(parser->host);
        return;
    }
    if (parser->depth > 1) {
        parser->element = parser->element->parent;
        return;
    }
    uint64_t end = position(parser);
    if (end - parser->unit_start > parser->limits->stanza_bytes) {
        fail_limit(parser, "a stanza is too large");
        return;
    }
    parser->unit_start = end;
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
            fail_memory(parser);
        return;
    }
    /* A whitespace keepalive (RFC 6120, 4.6.1). */
    parser->unit_start = position(parser);
    if (!is_white_space(text, (size_t)length))
        fail(parser, STREAM_BAD_FORMAT, "there is text between the stanzas");
}

/* Expat reports white space in a CDATA section before the section has ended: it is not between stanzas then.
 */
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

/* As FNV-1a has it, but for the start; the string's end counts. */
static void hash_string(struct parser *parser, const char *string)
{
    do
        parser->declared = (parser->declared ^ (unsigned char)*string) * UINT64_C(0x100000001b3);
    while (*string++ != '\0');
}

/* What a default namespace says of the stream's content: see parser.h. */
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
    fail(host, STREAM_RESTRICTED_XML, "comments are not allowed");
}

static void on_instruction(void *host, const char *target, const char *data)
{
    (void)target;
    (void)data;
    fail(host, STREAM_RESTRICTED_XML, "processing instructions are not allowed");
}

static void on_doctype(void *host, const char *name, const char *system_id, const char *public_id,
                       int internal)
{
    (void)name;
    (void)system_id;
    (void)public_id;
    (void)internal;
    fail(host, STREAM_RESTRICTED_XML, "a document type declaration is not allowed");
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
        fail(host, STREAM_UNSUPPORTED_ENCODING, "the encoding must be UTF-8");
}

/* ---- Expat's own life ---- */

static void set_options(const struct parser *parser)
{
    XML_SetHashSalt(parser->expat, parser->pool->hash_salt);
    XML_SetReparseDeferralEnabled(parser->expat, XML_FALSE);
}

static void set_handlers(struct parser *parser)
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

/* Begins with an expat that knows nothing: a used one, or a new one where that is NULL. */
static bool begin_expat(struct parser *parser, XML_Parser used)
{
    const struct core_memory *memory = parser->pool->memory;
    const XML_Memory_Handling_Suite suite = { memory->alloc, memory->realloc, memory->free };
    const char separator[] = { (char)SEPARATOR, '\0' };
    if (used != NULL)
        XML_ParserReset(used, "UTF-8");
    else
        used = XML_ParserCreate_MM("UTF-8", &suite, separator);
    parser->expat = used;
    parser->lead = 0;
    if (used == NULL)
        return false;
    set_options(parser);
    return true;
}

bool parser_init(struct parser *parser, struct parser_pool *pool, const struct core_limits *limits,
                 const struct parser_events *events, void *host)
{
    *parser = (struct parser){
        .pool = pool, .limits = limits, .events = events, .host = host, .default_ns = "", .declared = 1
    };
    buffer_init(&parser->waiting, pool->memory);
    if (!begin_expat(parser, parser_pool_take(pool, false).expat))
        return false;
    set_handlers(parser);
    return true;
}

void parser_init_open(struct parser *parser, struct parser_pool *pool, const struct core_limits *limits,
                      const struct parser_events *events, void *host)
{
    *parser = (struct parser){ .pool = pool,
                               .limits = limits,
                               .events = events,
                               .host = host,
                               .default_ns = NS_CLIENT,
                               .usual = true,
                               .depth = 1 };
    buffer_init(&parser->waiting, pool->memory);
}

/* One that ran out of memory is not trusted to forget that. */
static void free_expat(struct parser *parser)
{
    if (XML_GetErrorCode(parser->expat) == XML_ERROR_NO_MEMORY)
        XML_ParserFree(parser->expat);
    else
        parser_pool_give(parser->pool,
                         (struct pooled_parser){ parser->expat, parser->fed + parser->lead, false });
    parser->expat = NULL;
}

void parser_free(struct parser *parser)
{
    assert(!parser->running);
    stanza_free(parser->stanza);
    parser->stanza = NULL;
    buffer_free(&parser->waiting);
    if (parser->expat != NULL)
        free_expat(parser);
}

/* ---- Sharing expat ---- */

/* Whether nothing is under way and expat holds nothing back. */
static bool is_between_stanzas(const struct parser *parser)
{
    assert(!parser->restarting);
    assert(!parser->stopped || parser->suspended);
    return parser->depth == 1 && parser->unit_start == parser->fed && !parser->in_cdata && !parser->paused &&
           !parser->suspended;
}

static void hand_in(struct parser *parser)
{
    if (parser->expat == NULL || !parser->usual || !is_between_stanzas(parser))
        return;
    parser_pool_give(parser->pool, (struct pooled_parser){ parser->expat, parser->fed + parser->lead, true });
    parser->expat = NULL;
}

/* Has an expat, a used one or a new one, read the usual header. */
static bool make_usual(struct parser *parser, XML_Parser used)
{
    static const char header[] = "<stream:stream xmlns='" NS_CLIENT "' xmlns:stream='" NS_STREAMS "'>";
    if (!begin_expat(parser, used))
        return false;
    parser->lead = sizeof header - 1 - parser->fed;
    return XML_Parse(parser->expat, header, (int)sizeof header - 1, XML_FALSE) == XML_STATUS_OK;
}

/* Sees to it that there is an expat, in the state in which the last one was handed in. */
static bool borrow(struct parser *parser)
{
    if (parser->expat != NULL)
        return true;
    const struct pooled_parser lent = parser_pool_take(parser->pool, true);
    if (lent.usual) {
        parser->expat = lent.expat;
        parser->lead = lent.fed - parser->fed;
        XML_SetUserData(lent.expat, parser);
        return true;
    }
    if (!make_usual(parser, lent.expat))
        return false;
    set_handlers(parser);
    return true;
}

/* ---- Feeding ---- */

/* Whether what expat stumbled over is no UTF-8 at all: an encoding error, not one of XML (RFC
 * 6120, 4.9.3.22). */
static bool is_bad_utf8(const struct parser *parser)
{
    int offset, size;
    const char *input = XML_GetInputContext(parser->expat, &offset, &size);
    if (input == NULL || offset >= size || (unsigned char)input[offset] < 0x80)
        return false;
    unsigned char lead = (unsigned char)input[offset];
    size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    size_t left = (size_t)(size - offset);
    return !utf8_valid(input + offset, length < left ? length : left);
}

/* What expat's error is called in RFC 6120, 4.9.3. */
static enum stream_error translate(const struct parser *parser)
{
    enum XML_Error error = XML_GetErrorCode(parser->expat);
    switch (error) {
    case XML_ERROR_INVALID_TOKEN:
        return is_bad_utf8(parser) ? STREAM_UNSUPPORTED_ENCODING : STREAM_NOT_WELL_FORMED;
    case XML_ERROR_UNBOUND_PREFIX:
    case XML_ERROR_RESERVED_PREFIX_XML:
    case XML_ERROR_RESERVED_PREFIX_XMLNS:
    case XML_ERROR_RESERVED_NAMESPACE_URI:
        return STREAM_BAD_NAMESPACE_PREFIX;
    case XML_ERROR_UNDEFINED_ENTITY:
        return STREAM_RESTRICTED_XML;
    case XML_ERROR_NO_MEMORY:
        return STREAM_RESOURCE_CONSTRAINT;
    default:
        return STREAM_NOT_WELL_FORMED;
    }
}

static void reset(struct parser *parser)
{
    stanza_free(parser->stanza);
    parser->stanza = NULL;
    parser->element = NULL;
    parser->depth = 0;
    parser->default_ns = "";
    parser->fed = 0;
    parser->unit_start = 0;
    parser->in_expat = 0;
    parser->in_cdata = false;
    parser->suspended = false;
    parser->restarting = false;
    if (parser->discarding)
        buffer_free(&parser->waiting);
    parser->discarding = false;
    parser->declarations = 0;
    parser->declared = 1;
    parser->usual_prefix = false;
    parser->usual = false;
    parser->lead = 0;
    XML_ParserReset(parser->expat, "UTF-8");
    set_options(parser);
    set_handlers(parser);
}

/* After expat returned: how many of the bytes it was given it has not reported yet; they wait. */
static size_t unreported(struct parser *parser, enum XML_Status status)
{
    if (parser->stopped)
        return 0;
    if (status == XML_STATUS_ERROR) {
        fail(parser, translate(parser), NULL);
        return 0;
    }
    if (status == XML_STATUS_SUSPENDED)
        return (size_t)(parser->fed - position(parser));
    if (parser->fed - parser->unit_start > parser->limits->stanza_bytes)
        fail_limit(parser, "a stanza is too large");
    return 0;
}

/* Expat takes a stream for UTF-16 whose first two bytes look like it, whatever encoding it was told.  UTF-8
 * has none of these bytes (RFC 6120, 11.6). */
static bool begins_as_utf16(const struct parser *parser, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length && parser->fed + i < 2; i++)
        if (bytes[i] == '\0' || bytes[i] == '\xfe' || bytes[i] == '\xff')
            return true;
    return false;
}

/* Expat passes over a byte order mark.  It is a character here, and none may stand there (RFC 6120, 11.6): of
 * those that may, not one begins with this byte. */
static bool begins_with_a_mark(const struct parser *parser, const char *bytes)
{
    return parser->fed == 0 && bytes[0] == '\xef';
}

/* Keeps what came while the parser is paused. */
static void keep_waiting(struct parser *parser, const char *bytes, size_t length)
{
    if (length > parser->limits->waiting_bytes ||
        parser->waiting.length > parser->limits->waiting_bytes - length) {
        fail_limit(parser, "too much was sent without waiting for an answer");
        return;
    }
    buffer_append(&parser->waiting, bytes, length);
    if (parser->waiting.failed)
        fail_memory(parser);
}

/* Feeds bytes to a parser that is neither paused nor suspended. */
static void run(struct parser *parser, const char *bytes, size_t length)
{
    if (length > 0 && !borrow(parser)) {
        fail_memory(parser);
        return;
    }
    while (length > 0) {
        assert(!parser->paused && !parser->suspended && !parser->stopped);
        if (begins_as_utf16(parser, bytes, length)) {
            fail(parser, STREAM_UNSUPPORTED_ENCODING, "the encoding must be UTF-8");
            return;
        }
        if (begins_with_a_mark(parser, bytes)) {
            fail(parser, STREAM_NOT_WELL_FORMED, "U+FEFF is a character");
            return;
        }
        parser->fed += length;
        parser->running = true;
        enum XML_Status status = XML_Parse(parser->expat, bytes, (int)length, XML_FALSE);
        parser->running = false;
        size_t left = unreported(parser, status);
        parser->suspended = status == XML_STATUS_SUSPENDED && !parser->restarting;
        parser->in_expat = parser->suspended ? left : 0;
        if (parser->discarding)
            left = 0;
        bytes += length - left;
        length = left;
        if (parser->restarting && !parser->stopped)
            reset(parser);
        if (parser->paused)
            break;
    }
    if (parser->stopped)
        return;
    keep_waiting(parser, bytes, length);
    hand_in(parser);
}

void parser_feed(struct parser *parser, const char *bytes, size_t length)
{
    if (parser->stopped)
        return;
    if (parser->paused)
        keep_waiting(parser, bytes, length);
    else
        run(parser, bytes, length);
}

void parser_pause(struct parser *parser)
{
    parser->paused = true;
    if (parser->running && !parser->stopped)
        XML_StopParser(parser->expat, XML_TRUE);
}

/* Lets expat go on with the bytes that it has. */
static void resume_expat(struct parser *parser)
{
    size_t had = parser->in_expat;
    parser->running = true;
    enum XML_Status status = XML_ResumeParser(parser->expat);
    parser->running = false;
    size_t left = unreported(parser, status);
    if (parser->stopped)
        return;
    parser->suspended = status == XML_STATUS_SUSPENDED && !parser->restarting;
    buffer_consume(&parser->waiting, had - left);
    parser->in_expat = parser->suspended ? left : 0;
    if (parser->restarting)
        reset(parser);
}

void parser_resume(struct parser *parser)
{
    assert(!parser->running);
    if (parser->stopped || !parser->paused)
        return;
    parser->paused = false;
    while (parser->suspended && !parser->paused && !parser->stopped)
        resume_expat(parser);
    if (parser->paused || parser->stopped || parser->waiting.length == 0) {
        if (parser->waiting.length == 0)
            buffer_free(&parser->waiting);
        hand_in(parser);
        return;
    }
    struct buffer waiting = parser->waiting;
    buffer_init(&parser->waiting, parser->pool->memory);
    run(parser, waiting.bytes, waiting.length);
    buffer_free(&waiting);
}

void parser_restart(struct parser *parser)
{
    if (parser->stopped)
        return;
    if (!parser->running) {
        if (!borrow(parser))
            fail_memory(parser);
        else
            reset(parser);
        return;
    }
    parser->restarting = true;
    if (!parser->paused)
        XML_StopParser(parser->expat, XML_TRUE);
}

void parser_discard(struct parser *parser)
{
    parser->discarding = !parser->stopped;
    parser_restart(parser);
}

void parser_stop(struct parser *parser)
{
    parser->stopped = true;
    if (parser->running)
        XML_StopParser(parser->expat, XML_FALSE);
}

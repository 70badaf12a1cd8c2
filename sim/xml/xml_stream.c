#include "../../core/xml/expat_calls.h"
#include "../prefetch.h"
#include "../world/describe.h"
#include "xml.h"
#include "xml_build.h"
#include "xml_print.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* A bound on depth, so that code that walks a tree may recurse. */
enum { DEPTH_LIMIT = 1000 };

enum stream_state { STREAM_PROLOGUE, STREAM_OPEN, STREAM_ENDED, STREAM_RESTARTING, STREAM_BROKEN };

/* Between two elements of a stream, the state of a parser is only the namespaces declared by the header, and
 * its position.  Nearly every header declares the same two namespaces.  With such a header, the stream
 * returns its parser to a pool after each element, and borrows one when bytes arrive.  So a hundred thousand
 * idle clients share a few parsers, which stay in the processor's caches.  What a stream reports does not
 * depend on which parser it borrows. */
enum { PARSERS_KEPT = 8, BYTES_A_LIFE = 256 * 1024 };

struct free_parser {
    XML_Parser parser;
    size_t fed; /* bytes parsed so far */
};

static struct {
    struct free_parser parsers[PARSERS_KEPT];
    size_t count;
} pool;

/* Reset parsers for new streams: creating one takes longer than using it. */
static struct {
    XML_Parser parsers[PARSERS_KEPT];
    size_t count;
} blank;

struct xml_stream {
    XML_Parser parser; /* NULL while the parser is in the pool */
    struct xml_events events;
    struct builder builder;
    const char *why;                /* why the stream is broken, if expat does not report it */
    size_t fed;                     /* bytes that this parse was given before the current piece */
    size_t new_start;               /* where the new stream starts, on the same count */
    size_t complete;                /* where the last element ended, on the same count */
    size_t lead;                    /* the parser's own count minus ours */
    int line_lead;                  /* the parser's own line minus ours; for fragments only */
    unsigned declarations;          /* namespace declarations of the header */
    bool usual_default, usual_name; /* the usual namespaces and name of a header */
    enum stream_state state;
    bool parsing;
    bool discarding; /* the bytes after the current element are discarded */
    bool restricted; /* RFC 6120, 11.1 applies: no comments, processing instructions, document types */
};

static void *need(void *block)
{
    if (block == NULL) {
        abort();
    }
    return block;
}

/* ---- What expat tells ---- */

/* Lines are counted for fragments only; counting costs expat time. */
static int line_of(const struct xml_stream *stream)
{
    return stream->restricted ? 0 : (int)expat_line(stream->parser) - stream->line_lead;
}

static size_t position_of(const struct xml_stream *stream)
{
    return (size_t)expat_token_end(stream->parser) - stream->lead;
}

static void stop(struct xml_stream *stream, const char *why)
{
    stream->state = STREAM_BROKEN;
    stream->why = why;
    XML_StopParser(stream->parser, XML_FALSE);
}

/* After a stop, expat may still report the end of an empty element. */
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
    build_start(&stream->builder, name, attributes, line_of(stream));
    if (stream->state == STREAM_PROLOGUE) {
        stream->usual_name = strcmp(name, XML_NS_STREAMS "\xff"
                                                         "stream"
                                                         "\xff"
                                                         "stream") == 0;
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
        stream->complete = position_of(stream);
        stream->events.element(stream->events.who, tree);
    }
}

static void on_namespace(void *user, const XML_Char *prefix, const XML_Char *uri)
{
    struct xml_stream *stream = user;
    if (stream->state != STREAM_PROLOGUE) {
        return;
    }
    stream->declarations++;
    stream->usual_default |= prefix == NULL && uri != NULL && strcmp(uri, XML_NS_CLIENT) == 0;
}

static bool is_blank(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r' && bytes[i] != '\n') {
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

/* ---- Feeding ---- */

static void *expat_malloc(size_t size)
{
    return need(malloc(size));
}

static void *expat_realloc(void *block, size_t size)
{
    return need(realloc(block, size));
}

/* Settings that a parser loses when it is reset, like its handlers. */
static void set_options(XML_Parser parser)
{
    /* Otherwise expat would request random bytes from the system, and delay reports. */
    expat_set_salt(parser, 1);
    expat_report_at_once(parser);
}

static void set_handlers(XML_Parser parser, bool restricted)
{
    XML_SetElementHandler(parser, on_start, on_end);
    XML_SetCharacterDataHandler(parser, on_text);
    if (restricted) {
        XML_SetCommentHandler(parser, on_comment);
        XML_SetProcessingInstructionHandler(parser, on_instruction);
        XML_SetStartDoctypeDeclHandler(parser, on_document_type);
        XML_SetStartNamespaceDeclHandler(parser, on_namespace);
    }
}

static XML_Parser parser_new(void)
{
    if (blank.count > 0)
        return blank.parsers[--blank.count];
    static const XML_Memory_Handling_Suite memory = { expat_malloc, expat_realloc, free };
    static const XML_Char separator[] = { (XML_Char)XML_SEPARATOR, '\0' };
    XML_Parser parser = need(XML_ParserCreate_MM("UTF-8", &memory, separator));
    XML_SetReturnNSTriplet(parser, 1);
    set_options(parser);
    return parser;
}

static void parser_free(XML_Parser parser)
{
    if (parser == NULL || blank.count == PARSERS_KEPT || XML_ParserReset(parser, "UTF-8") == XML_FALSE) {
        XML_ParserFree(parser);
        return;
    }
    set_options(parser);
    blank.parsers[blank.count++] = parser;
}

static struct xml_stream *stream_new(struct xml_events events, bool restricted)
{
    struct xml_stream *stream = need(calloc(1, sizeof *stream));
    stream->events = events;
    stream->restricted = restricted;
    stream->parser = parser_new();
    set_handlers(stream->parser, restricted);
    XML_SetUserData(stream->parser, stream);
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
    parser_free(stream->parser);
    free(stream);
}

/* ---- Sharing parsers ---- */

/* Whether the last byte received was the last of an element. */
static bool is_between_elements(const struct xml_stream *stream)
{
    return stream->state == STREAM_OPEN && stream->builder.open == NULL && stream->complete == stream->fed;
}

static void hand_in(struct xml_stream *stream)
{
    bool is_usual = stream->declarations == 2 && stream->usual_default && stream->usual_name;
    if (!is_usual || !is_between_elements(stream)) {
        return;
    }
    struct free_parser handed = { stream->parser, stream->fed + stream->lead };
    if (pool.count < PARSERS_KEPT && handed.fed < BYTES_A_LIFE) {
        pool.parsers[pool.count++] = handed;
    } else {
        parser_free(handed.parser);
    }
    stream->parser = NULL;
}

/* Returns a parser that has read the usual header, with the handlers of a restricted stream. */
static struct free_parser usual_parser(void)
{
    static const char header[] =
        "<stream:stream xmlns='" XML_NS_CLIENT "' xmlns:stream='" XML_NS_STREAMS "'>";
    struct free_parser usual = { parser_new(), sizeof header - 1 };
    enum XML_Status status = XML_Parse(usual.parser, header, (int)sizeof header - 1, XML_FALSE);
    assert(status == XML_STATUS_OK);
    (void)status;
    set_handlers(usual.parser, true);
    return usual;
}

static void borrow(struct xml_stream *stream)
{
    if (stream->parser != NULL) {
        return;
    }
    struct free_parser lent = pool.count > 0 ? pool.parsers[--pool.count] : usual_parser();
    stream->parser = lent.parser;
    stream->lead = lent.fed - stream->fed;
    XML_SetUserData(stream->parser, stream);
}

/* ---- Beginning ---- */

static void begin_anew(struct xml_stream *stream)
{
    assert(!stream->parsing);
    builder_free(&stream->builder);
    borrow(stream);
    XML_ParserReset(stream->parser, "UTF-8");
    set_options(stream->parser);
    set_handlers(stream->parser, stream->restricted);
    XML_SetUserData(stream->parser, stream);
    stream->state = STREAM_PROLOGUE;
    stream->fed = 0;
    stream->complete = 0;
    stream->lead = 0;
    stream->declarations = 0;
    stream->usual_default = false;
    stream->usual_name = false;
}

void xml_stream_restart(struct xml_stream *stream)
{
    if (!stream->parsing) {
        begin_anew(stream);
        return;
    }
    assert(!is_stopped(stream));
    stream->state = STREAM_RESTARTING;
    stream->new_start = position_of(stream);
    XML_StopParser(stream->parser, XML_FALSE);
}

void xml_stream_discard(struct xml_stream *stream)
{
    assert(stream->parsing);
    stream->discarding = true;
    xml_stream_restart(stream);
}

/* Parses to the end, to the start of a new stream, or to an error.  Returns how many bytes were parsed. */
static size_t parse(struct xml_stream *stream, const char *bytes, size_t length)
{
    assert(length <= INT_MAX);
    stream->parsing = true;
    enum XML_Status status = XML_Parse(stream->parser, bytes, (int)length, XML_FALSE);
    stream->parsing = false;
    if (stream->state == STREAM_RESTARTING) {
        size_t done = stream->discarding ? length : stream->new_start - stream->fed;
        assert(done <= length);
        stream->discarding = false;
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
    prefetch(stream, sizeof *stream);
    assert(!stream->parsing);
    size_t done = 0;
    while (done < length && stream->state != STREAM_BROKEN) {
        borrow(stream);
        done += parse(stream, bytes + done, length - done);
    }
    if (stream->restricted) {
        hand_in(stream);
    }
}

/* ---- Described ---- */

/* The bytes that expat has not processed yet, such as the beginning of a tag. */
static void describe_begun(struct description *description, const struct xml_stream *stream)
{
    size_t length = 0;
    const char *begun = NULL;
    if (stream->parser != NULL && stream->fed > 0 && !is_stopped(stream)) {
        begun = expat_rest(stream->parser, &length);
    }
    if (begun != NULL) {
        describe_bytes(description, "begun", begun, length);
    }
}

void xml_stream_describe(struct description *description, const struct xml_stream *stream)
{
    static const char *const states[] = { [STREAM_PROLOGUE] = "before the header",
                                          [STREAM_OPEN] = "open",
                                          [STREAM_ENDED] = "ended",
                                          [STREAM_RESTARTING] = "restarting",
                                          [STREAM_BROKEN] = "broken" };
    describe_line(description, "stream");
    describe_word(description, true, states[stream->state]);
    describe_count(description, "depth", (uint64_t)stream->builder.depth);
    xml_describe(description, "so far", build_root(&stream->builder));
    describe_begun(description, stream);
}

/* ---- Fragments ---- */

/* One parser reads all fragments in sequence: creating it, and having it read the surrounding element, takes
 * longer than most fragments do.  The text has one line and no line end. */
static const char fragment_begin[] = "<fragment xmlns='" XML_NS_CLIENT "' xmlns:stream='" XML_NS_STREAMS
                                     "' xmlns:scansion='" XML_NS_SCANSION "'>";
static struct xml_stream *fragments; /* NULL before the first fragment, and after a malformed one */

/* Follows a fragment that does not end with the end of an element; when it is parsed at top level, everything
 * before it was closed. */
static const char fragment_end[] = "<end/>";

struct fragment {
    struct xml *first;
    struct xml **tail;
    const char *problem;
    bool ending; /* reports of the parser no longer belong to the fragment, but to its end marker */
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
    if (fragment->ending) {
        fragment->ended = true;
        xml_free(element);
        return;
    }
    *fragment->tail = element;
    fragment->tail = &element->next;
}

static void fragment_closed(void *who)
{
    (void)who; /* the text after it is not well-formed */
}

static void fragment_broken(void *who, const char *why)
{
    struct fragment *fragment = who;
    fragment->problem = why;
}

static struct xml_stream *fragment_stream(struct fragment *fragment)
{
    const struct xml_events events = { .header = fragment_header,
                                       .element = fragment_element,
                                       .end = fragment_closed,
                                       .broken = fragment_broken,
                                       .who = fragment };
    if (fragments == NULL) {
        fragments = stream_new(events, false);
        xml_stream_feed(fragments, fragment_begin, sizeof fragment_begin - 1);
    }
    fragments->events = events;
    fragments->line_lead = (int)expat_line(fragments->parser) - 1;
    return fragments;
}

static void read_fragment(struct xml_stream *stream, const char *text, size_t length)
{
    struct fragment *fragment = stream->events.who;
    size_t solid = length;
    while (solid > 0 && is_blank(text + solid - 1, 1)) {
        solid--;
    }
    xml_stream_feed(stream, text, solid);
    if (is_between_elements(stream)) {
        return;
    }
    xml_stream_feed(stream, text + solid, length - solid);
    fragment->ending = true;
    xml_stream_feed(stream, fragment_end, sizeof fragment_end - 1);
    if (fragment->problem == NULL && !fragment->ended) {
        /* A comment or CDATA section that includes the end marker, or an element that was not closed. */
        fragment->problem = XML_ErrorString(XML_ERROR_UNCLOSED_TOKEN);
    }
}

struct xml *fragment_read(const char *text, size_t length, const char **problem, int *line)
{
    struct fragment fragment = { .tail = &fragment.first };
    struct xml_stream *stream = fragment_stream(&fragment);
    read_fragment(stream, text, length);
    *problem = fragment.problem;
    *line = fragment.problem == NULL ? 0 : line_of(stream);
    if (fragment.problem != NULL || stream->fed > BYTES_A_LIFE) {
        xml_stream_free(stream);
        fragments = NULL;
    }
    if (fragment.problem != NULL) {
        xml_free_siblings(fragment.first);
        return NULL;
    }
    return fragment.first;
}

void fragment_forget(void)
{
    xml_stream_free(fragments);
    fragments = NULL;
    while (pool.count > 0)
        XML_ParserFree(pool.parsers[--pool.count].parser);
    while (blank.count > 0)
        XML_ParserFree(blank.parsers[--blank.count]);
}

/*
 * parser_rig.h - a parser fed by a test, and its reports.
 */
#ifndef CORE_TESTS_PARSER_RIG_H
#define CORE_TESTS_PARSER_RIG_H

#include "rig.h"
#include "xml/parser.h"

#define HEADER "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='a'>"
#define END    "</stream:stream>"

/* The reports, one line each: H header, S stanza as XML, E end, F failure. */
static struct heard {
    struct parser parser;
    struct core_limits limits;
    char log[16384];
    bool failed;
    enum stream_error error;
    const char *text; /* of the failure; NULL when there is none */
    /* The action of the callback for a stanza with that name: p pauses, r restarts, s stops. */
    const char *acts;
} heard;

static inline void note(const char *text, size_t length)
{
    size_t used = strlen(heard.log);
    assert_true(used + length + 2 < sizeof heard.log);
    memcpy(heard.log + used, text, length);
    heard.log[used + length] = '\0';
}

static inline void note_element(char kind, const struct element *element)
{
    struct buffer xml;
    buffer_init(&xml, &rig_memory);
    buffer_append(&xml, &kind, 1);
    element_write(&xml, element, NS_CLIENT);
    buffer_append(&xml, "\n", 1);
    if (!xml.failed)
        note(xml.bytes, xml.length);
    buffer_free(&xml);
}

/* An element <p/> pauses, <r/> restarts, <pr/> does both, <s/> stops, and <h:.../> likewise for headers. */
static inline void act(const char *name)
{
    if (strlen(name) > 3)
        return;
    for (; *name != '\0'; name++) {
        if (*name == 'p')
            parser_pause(&heard.parser);
        if (*name == 'r')
            parser_restart(&heard.parser);
        if (*name == 's')
            parser_stop(&heard.parser);
    }
}

static inline void on_header(void *host, struct stanza *header, const char *content_ns)
{
    assert_ptr_equal(host, &heard);
    note("H", 1);
    note(header->root->name, strlen(header->root->name));
    note(" ", 1);
    const char *ns = content_ns != NULL ? content_ns : "another";
    note(ns, strlen(ns));
    note("\n", 1);
    stanza_free(header);
}

static inline void on_stanza(void *host, struct stanza *stanza)
{
    assert_ptr_equal(host, &heard);
    note_element('S', stanza->root);
    act(stanza->root->name);
    stanza_free(stanza);
}

static inline void on_end(void *host)
{
    assert_ptr_equal(host, &heard);
    note("E\n", 2);
}

static inline void on_failed(void *host, enum stream_error error, const char *text)
{
    assert_ptr_equal(host, &heard);
    assert_false(heard.failed); /* once at most */
    heard.failed = true;
    heard.text = text;
    heard.error = error;
    note("F\n", 2);
}

static struct parser_pool pool;

static const struct parser_events events = { on_header, on_stanza, on_end, on_failed };

static inline void begin(void)
{
    heard.log[0] = '\0';
    heard.failed = false;
    heard.text = NULL;
    assert_true(parser_init(&heard.parser, &pool, &heard.limits, &events, &heard));
}

static inline void end(void)
{
    parser_free(&heard.parser);
    parser_pool_empty(&pool);
    assert_int_equal(rig.memory.live, 0);
}

static inline int set_up(void **state)
{
    (void)state;
    rig.memory.live = rig.memory.allocations = rig.memory.fail_at = 0;
    heard.limits = core_settings_default().limits;
    parser_pool_init(&pool, &rig_memory, 1);
    return 0;
}

static inline void feed(const char *bytes)
{
    parser_feed(&heard.parser, bytes, strlen(bytes));
}

/* In pieces; each from memory of its own, so that reading beyond one is noticed.  A parser that pauses is let
 * go on before the next piece. */
static inline void feed_in_pieces(const char *bytes, size_t length, size_t size)
{
    for (size_t at = 0; at < length; at += size) {
        size_t count = length - at < size ? length - at : size;
        char *piece = malloc(count);
        assert_non_null(piece);
        memcpy(piece, bytes + at, count);
        parser_feed(&heard.parser, piece, count);
        free(piece);
        while (heard.parser.paused && !heard.parser.stopped)
            parser_resume(&heard.parser);
    }
}

static const size_t pieces[] = { 1, 2, 3, 7, 1 << 20 };
enum { PIECES = sizeof pieces / sizeof *pieces };

static inline void expect(const char *xml, const char *log)
{
    for (size_t i = 0; i < PIECES; i++) {
        begin();
        feed_in_pieces(xml, strlen(xml), pieces[i]);
        assert_string_equal(heard.log, log);
        end();
    }
}

static inline void expect_error_of_bytes(const char *xml, size_t length, enum stream_error error)
{
    for (size_t i = 0; i < PIECES; i++) {
        begin();
        feed_in_pieces(xml, length, pieces[i]);
        if (!heard.failed || heard.error != error)
            fail_msg("%s in pieces of %zu: %s%d", xml, pieces[i], heard.failed ? "error " : "no error ",
                     (int)heard.error);
        assert_string_equal(strchr(heard.log, 'F'), "F\n"); /* and nothing after it */
        end();
    }
}

static inline void expect_error(const char *xml, enum stream_error error)
{
    expect_error_of_bytes(xml, strlen(xml), error);
}

/* ---- The sunny side ---- */

#endif

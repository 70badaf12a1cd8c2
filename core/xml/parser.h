/*
 * parser.h - a stream's bytes become its header, its stanzas and its end.
 *
 * A parser is expat kept to the XML that XMPP allows (RFC 6120, 11.1): no comments, no processing
 * instructions, no DTD, no entities beyond the five, nothing but white space between stanzas, UTF-8 only, and
 * within limits.  It is fed in pieces of any size and reports what is complete.
 *
 * Expat scans a tag that is not all there once more with each piece.  So what cannot end the tag is kept
 * until it is as much again: what is scanned again is at most twice what is read.
 *
 * Whoever is told of a stanza may pause the parser: what comes after that stanza then waits, in order and
 * within a bound, until parser_resume.  He may also restart it: what comes after is a new stream
 * (RFC 6120, 4.3.3).  Or have it discard what comes after: the new stream begins with what it is fed next.
 * Or stop it: nothing more is reported ever.
 */
#ifndef CORE_PARSER_H
#define CORE_PARSER_H

#include "xml/parser_pool.h"
#include "xml/stanza.h"
#include "xml/tag_scan.h"

#include <expat.h>

/* Stream errors (RFC 6120, 4.9.3).  The names are those of the elements, with '_' for '-'. */
enum stream_error {
    STREAM_BAD_FORMAT,
    STREAM_BAD_NAMESPACE_PREFIX,
    STREAM_CONFLICT,
    STREAM_CONNECTION_TIMEOUT,
    STREAM_HOST_UNKNOWN,
    STREAM_IMPROPER_ADDRESSING,
    STREAM_INTERNAL_SERVER_ERROR,
    STREAM_INVALID_FROM,
    STREAM_INVALID_NAMESPACE,
    STREAM_INVALID_XML,
    STREAM_NOT_AUTHORIZED,
    STREAM_NOT_WELL_FORMED,
    STREAM_POLICY_VIOLATION,
    STREAM_RESET,
    STREAM_RESOURCE_CONSTRAINT,
    STREAM_RESTRICTED_XML,
    STREAM_SYSTEM_SHUTDOWN,
    STREAM_UNDEFINED_CONDITION,
    STREAM_UNSUPPORTED_ENCODING,
    STREAM_UNSUPPORTED_STANZA_TYPE,
    STREAM_UNSUPPORTED_VERSION,
};

/* Told what came.  A stanza (or header) belongs to whoever is told.  None may free the parser.  With the
 * header comes the content namespace that it declares (RFC 6120, 4.8.2): NS_CLIENT, "" when it declares none,
 * and NULL when it is another. */
struct parser_events {
    void (*header)(void *host, struct stanza *header, const char *content_ns);
    void (*stanza)(void *host, struct stanza *stanza);
    void (*end)(void *host);
    void (*failed)(void *host, enum stream_error error, const char *text); /* the parser has stopped */
};

/* How much memory the tree of a stanza may take, as a multiple of how many bytes the stanza may have.  Nearly
 * all take less than five times what was read of them, and none can take thirty. */
enum { STANZA_MEMORY = 16 };

/* How many bytes may be gone over besides those that come, as a multiple of these and of so many more: of a
 * namespace, with each name that is of it.  Namespaces in use have less than a hundred bytes, and a name has
 * four at least. */
enum { STANZA_SCANS = 128, STANZA_SCANS_MORE = 128 };

struct parser {
    struct parser_pool *pool;
    const struct core_limits *limits;
    const struct parser_events *events;
    void *host;
    XML_Parser expat;        /* NULL while it is in the pool */
    struct stanza *stanza;   /* the one being built, or NULL */
    struct element *element; /* the innermost one that is open */
    size_t depth;            /* open elements, the stream's own included */
    const char *recent[2];   /* namespaces of the stanza being built, so that most need no second copy */
    const char *default_ns;  /* declared by the stream header, while it is being read */
    unsigned declarations;   /* of namespaces, by the stream header */
    uint64_t declared;       /* which they were: a hash, for a look */
    bool usual_prefix;       /* "stream" is declared as NS_STREAMS */
    bool usual;              /* the header is one that a pool has parsers for */
    char *header;        /* else its start tag, for the next expat; NULL when there was no memory for it */
    uint64_t fed;        /* bytes given to expat since the stream began */
    uint64_t unit_start; /* where the stanza or header at hand begins, counted the same way */
    uint64_t lead;       /* how much further expat's own count is */
    size_t unfinished;  /* bytes at the end of `fed` that expat will scan again, for a tag is not all there */
    uint64_t looked_at; /* how far, counted as `fed` is, such a tag was looked at for its end: */
    char quote, held_quote; /* what the value is in that it breaks off in, there and behind `held`, or NUL */
    uint64_t scanned_again; /* bytes, since the stanza or header at hand began: see STANZA_SCANS */
    struct tag_scan tags;   /* of what expat was given */
    struct buffer held;     /* the next bytes of such a tag, which do not end it: not given to expat yet */
    struct buffer waiting;  /* what came while paused; its first `in_expat` bytes expat has too */
    size_t in_expat;
    bool in_cdata;
    bool unauthenticated; /* its client has not logged in: see core_limits */
    bool running, paused, suspended, restarting, discarding, stopped;
};

/* Returns false when there is no memory.  Everything is borrowed for the parser's life.  Expat comes from the
 * pool, and is there while no stanza is under way. */
bool parser_init(struct parser *parser, struct parser_pool *pool, const struct core_limits *limits,
                 const struct parser_events *events, void *host);
void parser_free(struct parser *parser);

/* The same, as if the usual header had come and had been reported: what comes next are stanzas. */
void parser_init_open(struct parser *parser, struct parser_pool *pool, const struct core_limits *limits,
                      const struct parser_events *events, void *host);

void parser_feed(struct parser *parser, const char *bytes, size_t length);

void parser_pause(struct parser *parser);  /* from inside parser_events.stanza, or outside */
void parser_resume(struct parser *parser); /* from outside only */
void parser_restart(struct parser *parser);
void parser_discard(struct parser *parser); /* a restart that throws away all that came so far */
void parser_stop(struct parser *parser);

/* Reads the values that storage gave back: elements of XML that this core wrote, jabber:client being around
 * them.  Returns a stanza whose root
 * has them as children, or NULL when they are malformed or memory ran out. */
struct stanza *parser_read_stored(struct parser_pool *pool, const struct core_store_entry *entries,
                                  size_t entry_count);

#endif

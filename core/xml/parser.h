/*
 * parser.h - turns the bytes of a stream into its header, its stanzas and its end.
 *
 * A parser uses expat and accepts only the XML that XMPP allows (RFC 6120, 11.1): no comments, no
 * processing instructions, no DTD, no entities except the five predefined ones, only white space between
 * stanzas, only UTF-8, and all within limits.  Bytes are fed in pieces of any size; each complete unit is
 * reported.
 *
 * What is reported does not depend on the pieces, errors and limits included.  Each error is reported with the
 * byte that decides it, or later where bytes are held back:
 *
 * Expat scans an incomplete tag again with each piece.  So bytes that cannot end a tag are held back until
 * there are as many again: the bytes scanned again are at most twice the bytes read, and once more at a limit.
 *
 * The handler of a stanza may pause the parser: the input after that stanza is queued, in order and within
 * a limit, until parser_resume.  The handler may restart the parser: the input after that stanza is a new
 * stream (RFC 6120, 4.3.3).  It may make the parser discard the input after that stanza: the new stream
 * begins with the next bytes that are fed.  Or it may stop the parser: nothing more is reported.
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

/* Called for what was parsed.  The callee owns the stanza or header.  It must not free the parser.
 * `content_ns` is the content namespace that the header declares (RFC 6120, 4.8.2): NS_CLIENT, "" when it
 * declares none, NULL when it is any other. */
struct parser_events {
    void (*header)(void *host, struct stanza *header, const char *content_ns);
    void (*stanza)(void *host, struct stanza *stanza);
    void (*end)(void *host);
    void (*failed)(void *host, enum stream_error error, const char *text); /* the parser has stopped */
};

/* The memory that the tree of a stanza may ask for (struct arena), as a multiple of the largest size of a stanza
 * in bytes.  Nearly all trees take less than five times the bytes read for them, and none can take thirty
 * times.  What blocks have left over is not counted, as it depends on the pieces in which a text came; it is at
 * most as much again, and three times the text. */
enum { STANZA_MEMORY = 16 };

/* The bytes that may be processed repeatedly, as a multiple of the bytes of the stanza and of
 * STANZA_SCANS_MORE: those of a namespace with each name in it.  Namespaces in use have less than a hundred
 * bytes, and a name has at least four. */
enum { STANZA_SCANS = 512, STANZA_SCANS_MORE = 128 };

struct parser {
    struct parser_pool *pool;
    const struct core_limits *limits;
    const struct parser_events *events;
    void *host;
    XML_Parser expat;        /* NULL while the parser has none: it is in the pool */
    struct stanza *stanza;   /* under construction, or NULL */
    struct element *element; /* the innermost open one */
    size_t depth;            /* open elements, including the stream's root */
    const char *recent[2];   /* recent namespaces of the stanza under construction, to share their copies */
    const char *default_ns;  /* default namespace of the stream header; used while the header is read */
    unsigned declarations;   /* of namespaces in the stream header */
    uint64_t declared;       /* a hash of those declarations, for descriptions */
    bool usual_prefix;       /* "stream" is declared as NS_STREAMS */
    bool usual;              /* the header is the usual one: see parser_pool.h */
    char *header;            /* otherwise its start tag, for the next expat; NULL without memory for it */
    uint64_t fed;            /* bytes given to expat since the stream began */
    uint64_t unit_start;     /* where the current stanza or header begins, on the same scale */
    uint64_t lead;           /* the difference between expat's own byte count and `fed` */
    size_t unfinished;       /* bytes of an incomplete tag at the end of `fed`, to be scanned again */
    uint64_t looked_at;      /* how far, on the scale of `fed`, an incomplete tag was searched for its end: */
    char quote, held_quote; /* the quotation mark of the value that is open there, and after `held`, or NUL */
    bool in_reference;      /* it is no tag, but a reference to a character or entity */
    uint64_t scanned_again; /* bytes of unfinished tags, since the current stanza or header began */
    uint64_t namespaces;    /* bytes of those in front of its names: see STANZA_SCANS */
    char doubtful[4];       /* the beginning of a character that expat has refused, */
    size_t doubtful_length; /* and its length; while it is not 0, expat has failed and no error is reported */
    struct tag_scan tags;   /* of the bytes given to expat */
    struct buffer held;     /* the next bytes of such a tag, not passed to expat yet: they do not end it */
    struct buffer waiting;  /* input received while paused; expat already has its first `in_expat` bytes */
    size_t in_expat;
    char *given; /* the input last passed to expat, in expat's buffer, as far as it is not overwritten yet */
    size_t given_length;
    bool in_cdata;
    bool is_stored;       /* the bytes are from storage, and were gone over when they came */
    bool unauthenticated; /* the client has not logged in: see core_limits */
    bool running, paused, suspended, restarting, discarding, stopped;
};

/* Initialises a parser, to be freed with parser_free.  Returns false when there is no memory.  All
 * arguments are borrowed for the life of the parser.  The parser takes an expat from the pool, and may
 * return it between two stanzas. */
bool parser_init(struct parser *parser, struct parser_pool *pool, const struct core_limits *limits,
                 const struct parser_events *events, void *host);
void parser_free(struct parser *parser);

/* The same for a stream whose usual header is already read and reported: stanzas come next.  Unless it is restarted
 * `events->header` is not called, and may be NULL. */
void parser_init_open(struct parser *parser, struct parser_pool *pool, const struct core_limits *limits,
                      const struct parser_events *events, void *host);

void parser_feed(struct parser *parser, const char *bytes, size_t length);

void parser_pause(struct parser *parser);  /* from inside parser_events.stanza, or from outside */
void parser_resume(struct parser *parser); /* from outside only */
void parser_restart(struct parser *parser);
void parser_discard(struct parser *parser); /* a restart that discards all input received so far */
void parser_stop(struct parser *parser);

/* Parses values from storage: XML elements that this core wrote, without a declaration of jabber:client.
 * Returns a stanza whose root has them as children, owned by the caller; NULL when they are malformed or
 * there is no memory. */
struct stanza *parser_read_stored(struct parser_pool *pool, const struct core_store_entry *entries,
                                  size_t entry_count);

#endif

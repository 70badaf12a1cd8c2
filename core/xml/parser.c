#include "xml/parser.h"

#include "base/utf8.h"
#include "xml/expat_calls.h"
#include "xml/parser_report.h"

#include <assert.h>
#include <string.h>

/* ---- The life of expat ---- */

static void set_options(const struct parser *parser)
{
    expat_set_salt(parser->expat, parser->pool->hash_salt);
    expat_report_at_once(parser->expat);
}

/* Gives the parser an expat in its initial state: `used`, or a new one for NULL. */
static bool begin_expat(struct parser *parser, XML_Parser used)
{
    const struct core_memory *memory = parser->pool->memory;
    const XML_Memory_Handling_Suite suite = { memory->alloc, memory->realloc, memory->free };
    const char separator[] = { (char)PARSER_SEPARATOR, '\0' };
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
    buffer_init(&parser->held, pool->memory);
    if (!begin_expat(parser, parser_pool_take(pool, false).expat))
        return false;
    parser_set_handlers(parser);
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
                               .depth = 1,
                               .tags = { .depth = 1 },
                               .is_stored = true };
    buffer_init(&parser->waiting, pool->memory);
    buffer_init(&parser->held, pool->memory);
}

/* Overwrites, in expat's own buffer, the input last passed to it, except the last `left` bytes, which expat
 * has not reported yet.  A password is character data, and expat reports character data as it arrives.  So
 * no password is in expat's buffer when expat moves to a larger one, serves another stream, or is freed. */
static void overwrite_reported(struct parser *parser, size_t left)
{
    size_t reported = left < parser->given_length ? parser->given_length - left : 0;
    if (reported == 0)
        return;
    memory_wipe(parser->given, reported);
    parser->given += reported;
    parser->given_length -= reported;
}

/* An expat that ran out of memory is freed, because it may not reset correctly. */
static void free_expat(struct parser *parser)
{
    overwrite_reported(parser, 0);
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
    buffer_free(&parser->held);
    memory_free(parser->pool->memory, parser->header);
    if (parser->expat != NULL)
        free_expat(parser);
}

/* ---- Sharing expat ---- */

/* Whether the parser is between two stanzas and expat holds no unreported input. */
static bool is_between_stanzas(const struct parser *parser)
{
    assert(!parser->restarting);
    assert(!parser->stopped || parser->suspended);
    return parser->depth == 1 && parser->unit_start == parser->fed && !parser->in_cdata && !parser->paused &&
           !parser->suspended;
}

static void hand_in(struct parser *parser)
{
    if (parser->expat == NULL || parser->stopped || !is_between_stanzas(parser))
        return;
    assert(parser->held.length == 0);
    if (!parser->usual) {
        if (parser->header != NULL && parser->fed + parser->lead >= PARSER_LIFE)
            free_expat(parser);
        return;
    }
    parser_pool_give(parser->pool, (struct pooled_parser){ parser->expat, parser->fed + parser->lead, true });
    parser->expat = NULL;
}

/* Makes an expat, used or new, parse the stream's header again. */
static bool read_header_again(struct parser *parser, XML_Parser used)
{
    static const char usual[] = "<stream:stream xmlns='" NS_CLIENT "' xmlns:stream='" NS_STREAMS "'>";
    const char *header = parser->usual ? usual : parser->header;
    if (!begin_expat(parser, used))
        return false;
    parser->lead = strlen(header) - parser->fed;
    if (XML_Parse(parser->expat, header, (int)strlen(header), XML_FALSE) != XML_STATUS_OK)
        return false;
    parser_set_handlers(parser);
    return true;
}

/* Makes sure that the parser has an expat, in the state in which it returned the last one. */
static bool borrow(struct parser *parser)
{
    if (parser->expat != NULL)
        return true;
    const struct pooled_parser lent = parser_pool_take(parser->pool, parser->usual);
    if (lent.usual && parser->usual) {
        parser->expat = lent.expat;
        parser->lead = lent.fed - parser->fed;
        XML_SetUserData(lent.expat, parser);
        return true;
    }
    return read_header_again(parser, lent.expat);
}

/* ---- Feeding ---- */

/* Fails at a character that expat has refused: where it is not UTF-8, that is the error (RFC 6120, 4.9.3.22).
 * Expat may refuse one by its first byte; then it is kept until it is known which error it is. */
static void fail_at_character(struct parser *parser, const char *bytes, size_t length)
{
    if (utf8_is_begun(bytes, length)) {
        assert(length < sizeof parser->doubtful);
        memcpy(parser->doubtful, bytes, length);
        parser->doubtful_length = length;
        return;
    }
    const unsigned char lead = (unsigned char)bytes[0];
    const size_t whole = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0x80 ? 2 : 1;
    const bool is_utf8 = lead < 0x80 || utf8_valid(bytes, length < whole ? length : whole);
    parser_fail(parser, is_utf8 ? STREAM_NOT_WELL_FORMED : STREAM_UNSUPPORTED_ENCODING, NULL);
}

/* Fails when the bytes complete the character that expat has refused, or when they cannot. */
static void settle_doubt(struct parser *parser, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length && !parser->stopped; i++) {
        char character[sizeof parser->doubtful];
        const size_t begun = parser->doubtful_length;
        memcpy(character, parser->doubtful, begun);
        character[begun] = bytes[i];
        fail_at_character(parser, character, begun + 1);
    }
}

/* Whether expat failed at the end of "]]>" between two stanzas.  It is text there before it is a mistake in one
 * (XML 1.0, 2.4), and expat has not reported the text in front of it. */
static bool is_text_between_stanzas(const struct parser *parser)
{
    static const char end[] = "]]>";
    enum { LAST = sizeof end - 2 };
    size_t read, length;
    const char *input = expat_input(parser->expat, &read, &length);
    if (parser->depth != 1 || input == NULL || read < LAST || read >= length)
        return false;
    return memcmp(input + read - LAST, end, LAST + 1) == 0;
}

/* Fails because of a token that expat has refused. */
static void fail_at_token(struct parser *parser)
{
    size_t left;
    const char *rest = expat_rest(parser->expat, &left);
    if (is_text_between_stanzas(parser))
        parser_fail_text(parser);
    else if (rest != NULL)
        fail_at_character(parser, rest, left);
    else
        parser_fail(parser, STREAM_NOT_WELL_FORMED, NULL);
}

/* Translates expat's error to a condition of RFC 6120, 4.9.3. */
static void fail_as_expat(struct parser *parser)
{
    switch (XML_GetErrorCode(parser->expat)) {
    case XML_ERROR_INVALID_TOKEN:
        fail_at_token(parser);
        break;
    case XML_ERROR_UNDEFINED_ENTITY:
        parser_fail(parser, STREAM_RESTRICTED_XML, NULL);
        break;
    case XML_ERROR_NO_MEMORY:
        parser_fail_memory(parser);
        break;
    default:
        parser_fail(parser, STREAM_NOT_WELL_FORMED, NULL);
    }
}

static void reset(struct parser *parser)
{
    overwrite_reported(parser, 0);
    stanza_free(parser->stanza);
    parser->stanza = NULL;
    parser->element = NULL;
    parser->depth = 0;
    parser->default_ns = "";
    parser->fed = 0;
    parser->unit_start = 0;
    parser->unfinished = 0;
    parser->looked_at = 0;
    parser->tags = (struct tag_scan){ .depth = 0 };
    parser->scanned_again = parser->namespaces = 0;
    buffer_free(&parser->held);
    parser->in_expat = 0;
    parser->doubtful_length = 0;
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
    memory_free(parser->pool->memory, parser->header);
    parser->header = NULL;
    parser->lead = 0;
    XML_ParserReset(parser->expat, "UTF-8");
    set_options(parser);
    parser_set_handlers(parser);
}

/* The bytes that expat keeps as an incomplete token, most likely a tag.  They begin where the token begins,
 * not where it ends: a carriage return before the header has an end, and expat keeps it until it has the next
 * byte. */
static size_t unfinished(const struct parser *parser)
{
    const int64_t begin = expat_token_begin(parser->expat);
    if (begin < 0)
        return (size_t)parser->fed; /* no token yet */
    return (size_t)(parser->fed - ((uint64_t)begin - parser->lead));
}

/* Whether bytes of a tag end it: only what stands in no value does (XML 1.0, 3.1).  `quote` is what the value
 * is in that they begin in, and then the one that they break off in.  A reference ends with ';' (4.1). */
static bool ends_token(const struct parser *parser, char *quote, const char *bytes, size_t length)
{
    if (parser->in_reference)
        return memchr(bytes, ';', length) != NULL;
    for (size_t i = 0; i < length; i++) {
        char c = bytes[i];
        if (*quote == '\0' && c == '>')
            return true;
        if (*quote == c)
            *quote = '\0';
        else if (*quote == '\0' && (c == '\'' || c == '"'))
            *quote = c;
    }
    return false;
}

/* A tag of so many bytes is scanned while the rest of the work for a piece is done. */
enum { WORTH_A_SCAN = 256 };

/* Looks at what is new of a tag or reference that is not all there, so that its end is known when it comes.
 * Nothing else that expat waits for is as long: see tag_scan.h. */
static void look_for_end(struct parser *parser)
{
    const uint64_t begin = parser->fed - parser->unfinished;
    size_t length;
    const char *token = parser->unfinished > WORTH_A_SCAN ? expat_rest(parser->expat, &length) : NULL;
    if (token == NULL || (token[0] != '<' && token[0] != '&'))
        return;
    assert(length == parser->unfinished);
    if (parser->looked_at <= begin) {
        parser->looked_at = begin;
        parser->quote = '\0';
        parser->in_reference = token[0] == '&';
    }
    const size_t seen = (size_t)(parser->looked_at - begin);
    (void)ends_token(parser, &parser->quote, token + seen, length - seen);
    parser->looked_at = parser->fed;
}

static void fail_as_scanned(struct parser *parser)
{
    static const struct {
        enum stream_error error;
        const char *text;
    } failures[] = {
        [TAG_IS_COSTLY] = { STREAM_POLICY_VIOLATION,
                            "an element has too many attributes of long namespaces" },
        [TAG_IS_RESTRICTED] = { STREAM_RESTRICTED_XML,
                                "comments and processing instructions are not allowed" },
        [TAG_IS_TOO_LONG] = { STREAM_POLICY_VIOLATION, "a declaration is too long" },
        [TAG_IS_MALFORMED] = { STREAM_NOT_WELL_FORMED, NULL },
    };
    const enum tag_verdict verdict = parser->tags.verdict;
    parser_fail(parser, failures[verdict].error, failures[verdict].text);
}

/* After expat has returned: how many of the bytes passed to it it has not reported; they are queued. */
static size_t unreported(struct parser *parser, enum XML_Status status)
{
    parser->unfinished = 0;
    if (parser->stopped)
        return 0;
    if (status == XML_STATUS_ERROR) {
        fail_as_expat(parser);
        return 0;
    }
    if (status == XML_STATUS_SUSPENDED)
        return (size_t)(parser->fed - parser_position(parser));
    parser->unfinished = unfinished(parser);
    if (parser->fed - parser->unit_start > parser_most_bytes(parser))
        parser_fail_limit(parser, "a stanza is too large");
    else if (parser->tags.verdict != TAG_IS_ALLOWED)
        fail_as_scanned(parser);
    else
        look_for_end(parser);
    return 0;
}

/* Does what XML_Parse does, and notes where expat keeps the bytes. */
static enum XML_Status parse(struct parser *parser, const char *bytes, size_t length)
{
    parser->given_length = 0;
    char *room = XML_GetBuffer(parser->expat, (int)length);
    if (room == NULL)
        return XML_STATUS_ERROR;
    memcpy(room, bytes, length);
    parser->given = room;
    parser->given_length = length;
    return XML_ParseBuffer(parser->expat, (int)length, XML_FALSE);
}

/* After expat has returned: overwrites what it has reported.  Returns how many bytes it has not. */
static size_t end_piece(struct parser *parser, enum XML_Status status)
{
    size_t left = unreported(parser, status);
    overwrite_reported(parser, left + parser->unfinished);
    return left;
}

/* Expat takes a stream for UTF-16 when its first two bytes look so, whatever encoding was set.  These bytes
 * are not UTF-8 (RFC 6120, 11.6). */
static bool begins_as_utf16(const struct parser *parser, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length && parser->fed + i < 2; i++)
        if (bytes[i] == '\0' || bytes[i] == '\xfe' || bytes[i] == '\xff')
            return true;
    return false;
}

/* Expat skips a byte order mark.  In XMPP it is a character, which may not appear there (RFC 6120, 11.6).
 * No character that may begins with this byte. */
static bool begins_with_a_mark(const struct parser *parser, const char *bytes)
{
    return parser->fed == 0 && bytes[0] == '\xef';
}

/* Queues input that arrives while the parser is paused. */
static void keep_waiting(struct parser *parser, const char *bytes, size_t length)
{
    size_t most = parser_most_waiting(parser);
    if (length > most || parser->waiting.length > most - length) {
        parser_fail_limit(parser, "too much was sent without waiting for an answer");
        return;
    }
    buffer_append(&parser->waiting, bytes, length);
    if (parser->waiting.failed)
        parser_fail_memory(parser);
}

/* Gives expat bytes; returns how many of them it has reported. */
static size_t give(struct parser *parser, const char *bytes, size_t length)
{
    parser->scanned_again += parser->looked_at == parser->fed ? parser->unfinished : 0;
    assert(parser->scanned_again <= 3 * (parser->fed - parser->unit_start));
    parser->fed += length;
    parser->running = true;
    enum XML_Status status = parse(parser, bytes, length);
    parser->running = false;
    size_t left = end_piece(parser, status);
    parser->suspended = status == XML_STATUS_SUSPENDED && !parser->restarting;
    parser->in_expat = parser->suspended ? left : 0;
    return length - left;
}

/* The same for as many as may be given to it.  What storage gave back was gone over when it came. */
static size_t give_part(struct parser *parser, const char *bytes, size_t length)
{
    size_t part = parser->is_stored ? length : tag_scan(&parser->tags, bytes, length);
    if (part > 0)
        return give(parser, bytes, part);
    fail_as_scanned(parser);
    return 0;
}

/* The same, where short stanzas need not be gone over. */
static size_t give_affordable(struct parser *parser, const char *bytes, size_t length)
{
    if (!tag_scan_is_needless(&parser->tags, bytes, length))
        return give_part(parser, bytes, length);
    size_t reported = give(parser, bytes, length);
    if (parser->depth != 1 || parser->unit_start != parser->fed || parser->in_cdata)
        (void)tag_scan(&parser->tags, bytes,
                       length); /* they break off in a stanza, or have ended the stream */
    return reported;
}

/* How many of the bytes may be given at once: one more than the header or stanza at hand may have.  So a mistake
 * behind the limit is not found instead of the limit.  All that ends in front of it is reported, so the next
 * part is the smaller one at most every other time. */
static size_t up_to_limit(const struct parser *parser, size_t length)
{
    const uint64_t most = parser_most_bytes(parser), read = parser->fed - parser->unit_start;
    const uint64_t left = read < most ? most - read : 0;
    return length > left ? (size_t)left + 1 : length;
}

/* Feeds bytes to a parser that is neither paused nor suspended. */
static void run(struct parser *parser, const char *bytes, size_t length)
{
    if (length > 0 && !borrow(parser)) {
        parser_fail_memory(parser);
        return;
    }
    while (length > 0) {
        assert(!parser->paused && !parser->suspended && !parser->stopped);
        if (parser->doubtful_length > 0) {
            settle_doubt(parser, bytes, length);
            return;
        }
        /* The first byte alone: if it is wrong, that is the error, whatever the second is. */
        const size_t part = parser->fed == 0 ? 1 : up_to_limit(parser, length);
        if (begins_as_utf16(parser, bytes, part)) {
            parser_fail(parser, STREAM_UNSUPPORTED_ENCODING, "the encoding must be UTF-8");
            return;
        }
        if (begins_with_a_mark(parser, bytes)) {
            parser_fail(parser, STREAM_NOT_WELL_FORMED, "a byte order mark is not allowed");
            return;
        }
        size_t reported = give_affordable(parser, bytes, part);
        bytes += reported;
        length = parser->discarding ? 0 : length - reported;
        if (parser->restarting && !parser->stopped)
            reset(parser);
        if (parser->paused || parser->stopped)
            break;
    }
    if (parser->stopped)
        return;
    keep_waiting(parser, bytes, length);
    hand_in(parser);
}

/* Whether there may be as many bytes more without exceeding a limit. */
static bool are_within_limit(const struct parser *parser, size_t length)
{
    return parser->fed + parser->held.length + length - parser->unit_start <= parser_most_bytes(parser);
}

/* Whether these bytes do not end the tag or reference that was looked at, and are too few to be worth another
 * scan.  Those with which the limit is exceeded are worth one: there may be a mistake in front of them. */
static bool can_be_held(struct parser *parser, const char *bytes, size_t length)
{
    char quote = parser->quote;
    if (parser->held.length > 0)
        quote = parser->held_quote;
    if (parser->looked_at != parser->fed || parser->held.length + length >= parser->unfinished ||
        !are_within_limit(parser, length) || ends_token(parser, &quote, bytes, length))
        return false;
    parser->held_quote = quote;
    return true;
}

static void hold(struct parser *parser, const char *bytes, size_t length)
{
    buffer_append(&parser->held, bytes, length);
    if (parser->held.failed)
        parser_fail_memory(parser);
}

/* Runs with the held bytes first, then these. */
static void run_held(struct parser *parser, const char *bytes, size_t length)
{
    struct buffer held = parser->held;
    buffer_init(&parser->held, parser->pool->memory);
    buffer_append(&held, bytes, length);
    if (held.failed)
        parser_fail_memory(parser);
    else
        run(parser, held.bytes, held.length);
    buffer_free(&held);
}

static void take(struct parser *parser, const char *bytes, size_t length)
{
    if (can_be_held(parser, bytes, length))
        hold(parser, bytes, length);
    else if (parser->held.length > 0)
        run_held(parser, bytes, length);
    else
        run(parser, bytes, length);
}

void parser_feed(struct parser *parser, const char *bytes, size_t length)
{
    if (parser->stopped)
        return;
    if (parser->paused)
        keep_waiting(parser, bytes, length);
    else
        take(parser, bytes, length);
}

void parser_pause(struct parser *parser)
{
    parser->paused = true;
    if (parser->running && !parser->stopped)
        XML_StopParser(parser->expat, XML_TRUE);
}

/* Makes expat continue with the bytes that it has. */
static void resume_expat(struct parser *parser)
{
    size_t had = parser->in_expat;
    parser->running = true;
    enum XML_Status status = XML_ResumeParser(parser->expat);
    parser->running = false;
    size_t left = end_piece(parser, status);
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
    take(parser, waiting.bytes, waiting.length);
    buffer_free(&waiting);
}

void parser_restart(struct parser *parser)
{
    if (parser->stopped)
        return;
    if (!parser->running) {
        if (!borrow(parser))
            parser_fail_memory(parser);
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

/*
 * The parser of streams, and what writes stanzas.
 *
 * The first byte chooses the limits, the second the size of the pieces, whether each stanza pauses the parser, and
 * whether the usual header comes first.  The rest are the bytes of a stream.
 *
 * The parser must report the same in one piece, in pieces and byte by byte; what is written of a stanza must be read
 * again as the same, and be at most STANZA_GROWTH times as long as what was read, and STANZA_DECLARED.
 */
#include "fuzz.h"

#include "xml/parser.h"

#include "../text.h"
#include "../world/heap.h"

#include <string.h>

const struct fuzz_target fuzz_target = {
    .name = "stanza",
    .what = "the bytes of a stream, parsed in pieces, and written again",
    .longest = 300000,
    .seconds = 60,
    .megabytes = 2048,
    .dictionary = "xmpp.dict",
};

/* What was reported, as text: one for each way of feeding. */
struct heard {
    struct parser parser;
    struct parser_pool pool;
    struct core_limits limits;
    struct text log;
    size_t fed;     /* bytes */
    size_t written; /* of all stanzas */
    size_t stanzas;
    bool quiet;  /* its stanzas are not read again */
    bool pauses; /* at each stanza, and goes on after the piece */
    bool failed;
};

static struct core_memory memory;

static void note_element(struct heard *heard, const char *kind, const struct element *element,
                         struct buffer *out)
{
    element_write(out, element, NS_CLIENT);
    fuzz_check(!out->failed, "there was no memory to write a stanza");
    text_string(&heard->log, kind);
    text_append(&heard->log, out->bytes, out->length);
    text_string(&heard->log, "\n");
}

static void on_header(void *host, struct stanza *header, const char *content_ns)
{
    struct heard *heard = host;
    struct buffer out;
    buffer_init(&out, &memory);
    text_string(&heard->log, content_ns != NULL ? content_ns : "other");
    note_element(heard, " header ", header->root, &out);
    buffer_free(&out);
    stanza_free(header);
}

static void read_again(const char *xml, size_t length);

static void on_stanza(void *host, struct stanza *stanza)
{
    struct heard *heard = host;
    struct buffer out;
    buffer_init(&out, &memory);
    note_element(heard, "stanza ", stanza->root, &out);
    heard->written += out.length;
    heard->stanzas++;
    fuzz_check(heard->written <= STANZA_GROWTH * heard->fed + STANZA_DECLARED * heard->stanzas,
               "%zu bytes were written of %zu that were read", heard->written, heard->fed);
    if (!heard->quiet)
        read_again(out.bytes, out.length);
    if (heard->pauses)
        parser_pause(&heard->parser);
    buffer_free(&out);
    stanza_free(stanza);
}

static void on_end(void *host)
{
    struct heard *heard = host;
    text_string(&heard->log, "end\n");
}

static void on_failed(void *host, enum stream_error error, const char *text)
{
    struct heard *heard = host;
    heard->failed = true;
    text_string(&heard->log, "failed ");
    text_number(&heard->log, (uint64_t)error);
    text_string(&heard->log, text != NULL ? text : "");
}

static const struct parser_events events = { on_header, on_stanza, on_end, on_failed };

static void heard_begin(struct heard *heard, uint8_t limits)
{
    const struct core_settings settings = core_settings_default();
    *heard = (struct heard){ .limits = settings.limits };
    if (limits % 4 == 1)
        heard->limits.stanza_bytes = 300;
    if (limits % 4 == 2) {
        heard->limits.depth = 3;
        heard->limits.attributes = 3;
    }
    parser_pool_init(&heard->pool, &memory, 1);
    fuzz_check(parser_init(&heard->parser, &heard->pool, &heard->limits, &events, heard),
               "there is no parser");
    heard->parser.unauthenticated = limits % 4 == 3;
}

static void heard_end(struct heard *heard)
{
    parser_free(&heard->parser);
    parser_pool_empty(&heard->pool);
    text_free(&heard->log);
}

static void feed(struct heard *heard, const char *bytes, size_t length, size_t piece)
{
    for (size_t at = 0; at < length; at += piece) {
        const size_t part = length - at < piece ? length - at : piece;
        heard->fed += part;
        parser_feed(&heard->parser, bytes + at, part);
        while (heard->parser.paused && !heard->parser.stopped)
            parser_resume(&heard->parser);
    }
}

static const char header[] =
    "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>";

/* What a stanza was written as is the same when it is read and written again.  It may be longer than a stanza may
 * be, and deeper limits do not apply either. */
static void read_again(const char *xml, size_t length)
{
    struct heard again;
    heard_begin(&again, 0);
    again.quiet = true;
    again.limits.stanza_bytes = SIZE_MAX / 64;
    feed(&again, header, sizeof header - 1, SIZE_MAX);
    again.log.length = 0;
    feed(&again, xml, length, SIZE_MAX);
    fuzz_check(!again.failed, "what was written is refused (%.*s): %.*s", (int)again.log.length,
               again.log.bytes, (int)length, xml);
    static const char kind[] = "stanza ";
    const size_t before = sizeof kind - 1;
    fuzz_check(again.log.length == before + length + 1 && memcmp(again.log.bytes + before, xml, length) == 0,
               "what was written is read as something else: %.*s, %.*s", (int)length, xml,
               (int)again.log.length, again.log.bytes);
    heard_end(&again);
}

static void run_once(struct heard *heard, struct fuzz_input input, uint8_t limits, uint8_t how, size_t piece)
{
    heard_begin(heard, limits);
    if (how & 64) { /* in one piece more waits than in several */
        heard->pauses = true;
        heard->limits.waiting_bytes = SIZE_MAX;
        heard->parser.unauthenticated = false;
    }
    if (how >= 128)
        feed(heard, header, sizeof header - 1, SIZE_MAX);
    feed(heard, (const char *)input.at, input.left, piece);
    feed(heard, FUZZ_ENDING, strlen(FUZZ_ENDING), SIZE_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const size_t pieces[] = { 1, 2, 3, 16, 61, 512, 1500, 8192 };
    struct fuzz_input input = { bytes, size };
    struct heard whole, parts;
    const uint8_t limits = fuzz_byte(&input);
    const uint8_t how = fuzz_byte(&input);
    memory = heap_memory();
    const size_t blocks = heap_use().blocks;
    run_once(&whole, input, limits, how, SIZE_MAX);
    run_once(&parts, input, limits, how, pieces[how % 8]);
    fuzz_check(whole.log.length == parts.log.length &&
                   (whole.log.length == 0 || memcmp(whole.log.bytes, parts.log.bytes, whole.log.length) == 0),
               "in one piece:\n%.*s\nin pieces of %zu:\n%.*s", (int)whole.log.length, whole.log.bytes,
               pieces[how % 8], (int)parts.log.length, parts.log.bytes);
    heard_end(&whole);
    heard_end(&parts);
    fuzz_check(heap_use().blocks == blocks, "the parser has not freed %zu blocks",
               heap_use().blocks - blocks);
    return 0;
}

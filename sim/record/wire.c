#include "wire.h"

#include "../model/stream_scan.h"
#include "../must.h"

struct wire {
    wire_sink sink;
    void *host;
    struct stream_scan scan;
    struct xml_stream *stream; /* is given whole headers and elements only */
    struct xml *read;          /* what it has read of them */
    bool broken;               /* it refused something */
    struct text unread;        /* from `begin` on: what belongs to no item yet */
    size_t begin;
    bool is_over, is_raw;
};

/* ---- Parsing one item ---- */

static void header_came(void *who, struct xml *header)
{
    struct wire *wire = who;
    wire->read = header;
}

static void element_came(void *who, struct xml *element)
{
    struct wire *wire = who;
    xml_free(wire->read);
    wire->read = element;
}

static void end_came(void *who)
{
    (void)who; /* the scan reports it */
}

static void is_malformed(void *who, const char *why)
{
    struct wire *wire = who;
    (void)why;
    wire->broken = true;
}

/* The tree of a header or an element; NULL when the parser refuses it. */
static struct xml *parse(struct wire *wire, const char *bytes, size_t length)
{
    wire->read = NULL;
    xml_stream_feed(wire->stream, bytes, length);
    struct xml *read = wire->read;
    wire->read = NULL;
    if (!wire->broken)
        return read;
    xml_free(read);
    return NULL;
}

/* ---- Items ---- */

static void report(struct wire *wire, enum wire_kind kind, struct xml *element, size_t end)
{
    const struct wire_item item = { kind, element, wire->unread.bytes + wire->begin, end - wire->begin };
    wire->begin = end;
    wire->sink(wire->host, &item);
}

/* From here on nothing is parsed. */
static void lose(struct wire *wire)
{
    wire->is_raw = true;
    if (wire->unread.length > wire->begin)
        report(wire, WIRE_RAW, NULL, wire->unread.length);
}

static void whole_came(struct wire *wire, const struct scanned *scanned)
{
    const struct span all = wire->scan.bytes;
    const size_t behind = all.length - wire->scan.begin;
    const char *begin = scanned->tag.begin, *end = all.bytes + wire->scan.begin;
    if (scanned->kind == SCANNED_HEADER)
        xml_stream_restart(wire->stream);
    struct xml *element = parse(wire, begin, (size_t)(end - begin));
    if (element == NULL)
        lose(wire);
    else
        report(wire, scanned->kind == SCANNED_HEADER ? WIRE_HEADER : WIRE_ELEMENT, element,
               wire->unread.length - behind);
}

static void scan(struct wire *wire)
{
    while (!wire->is_raw && !wire->is_over) {
        const struct scanned scanned = stream_scan_next(&wire->scan);
        if (scanned.kind == SCANNED_NOTHING)
            return;
        if (scanned.kind == SCANNED_LOST) {
            lose(wire);
        } else if (scanned.kind == SCANNED_END) {
            wire->is_over = true;
            report(wire, WIRE_END, NULL, wire->unread.length);
        } else {
            whole_came(wire, &scanned);
        }
    }
}

static void drop_read(struct wire *wire)
{
    struct text *unread = &wire->unread;
    unread->length -= wire->begin;
    if (wire->begin > 0)
        memmove(unread->bytes, unread->bytes + wire->begin, unread->length);
    wire->begin = 0;
}

/* ---- The wire ---- */

struct wire *wire_new(wire_sink sink, void *host)
{
    struct wire *wire = must(calloc(1, sizeof *wire));
    wire->sink = sink;
    wire->host = host;
    wire->stream =
        xml_stream_new((struct xml_events){ header_came, element_came, end_came, is_malformed, wire });
    return wire;
}

void wire_free(struct wire *wire)
{
    if (wire == NULL)
        return;
    stream_scan_free(&wire->scan);
    xml_stream_free(wire->stream);
    text_free(&wire->unread);
    free(wire);
}

void wire_feed(struct wire *wire, const char *bytes, size_t length)
{
    if (length == 0)
        return;
    text_append(&wire->unread, bytes, length);
    if (wire->is_raw) {
        report(wire, WIRE_RAW, NULL, wire->unread.length);
    } else if (!wire->is_over) {
        stream_scan_feed(&wire->scan, bytes, length);
        scan(wire);
    }
    drop_read(wire);
}

const char *wire_rest(const struct wire *wire, size_t *length)
{
    *length = wire->unread.length;
    return wire->unread.bytes;
}

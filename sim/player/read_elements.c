#include "read_elements.h"

#include "../model/stream_scan.h"
#include "../must.h"

#include <stdlib.h>

struct elements {
    struct stream_scan scan;
};

struct elements *elements_new(void)
{
    return must(calloc(1, sizeof(struct elements)));
}

void elements_restart(struct elements *elements)
{
    stream_scan_free(&elements->scan);
}

void elements_free(struct elements *elements)
{
    if (elements == NULL)
        return;
    elements_restart(elements);
    free(elements);
}

static enum read_part part_of(enum scanned_kind kind)
{
    switch (kind) {
    case SCANNED_HEADER:
        return PART_HEADER;
    case SCANNED_ELEMENT:
        return PART_ELEMENT;
    case SCANNED_END:
        return PART_END;
    default:
        return PART_BROKEN;
    }
}

/* The element ends where what is not complete begins. */
static void pass_on(const struct stream_scan *scan, const struct scanned *scanned, read_elements_sink sink,
                    void *host)
{
    struct read_element read = { .part = part_of(scanned->kind), .bytes = "" };
    struct text name = { 0 };
    const char *problem = NULL;
    int line = 0;
    struct xml *element = NULL;
    if (scanned->tag.begin != NULL) {
        read.bytes = scanned->tag.begin;
        read.length = (size_t)(scan->bytes.bytes + scan->begin - scanned->tag.begin);
        text_append(&name, scanned->tag.name.bytes, scanned->tag.name.length);
    }
    if (read.part == PART_END)
        text_string(&name, "/stream");
    if (read.part == PART_ELEMENT)
        element = xml_fragment(read.bytes, read.length, &problem, &line);
    char *written = text_take(&name);
    read.name = written;
    read.element = element;
    sink(host, &read);
    xml_free(element);
    free(written);
}

void elements_read(struct elements *elements, const char *bytes, size_t length, read_elements_sink sink,
                   void *host)
{
    stream_scan_feed(&elements->scan, bytes, length);
    for (;;) {
        const struct scanned scanned = stream_scan_next(&elements->scan);
        if (scanned.kind == SCANNED_NOTHING)
            return;
        pass_on(&elements->scan, &scanned, sink, host);
    }
}

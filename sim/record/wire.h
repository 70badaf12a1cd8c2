/*
 * wire.h - one direction of a recorded connection: finds in its bytes what a scenario can name.
 *
 * It is given the bytes in pieces of any size, and reports each item in the call in which its last byte came.  What it
 * reports does not depend on the pieces, but for WIRE_RAW.
 */
#ifndef SIM_RECORD_WIRE_H
#define SIM_RECORD_WIRE_H

#include "../text.h"
#include "../xml/xml.h"

enum wire_kind {
    WIRE_HEADER,  /* <stream:stream>, also where the stream begins again; `element` has its attributes */
    WIRE_ELEMENT, /* an element of the first level */
    WIRE_END,     /* </stream:stream> */
    WIRE_RAW      /* not well-formed; from here on all bytes are, one item for each piece */
};

struct wire_item {
    enum wire_kind kind;
    struct xml *element; /* of a header or an element: belongs to who gets the item; else NULL */
    const char *bytes;   /* as they came, with white space before them; borrowed for the call */
    size_t length;
};

typedef void (*wire_sink)(void *host, const struct wire_item *item);

struct wire;

/* `sink` gets the items. */
struct wire *wire_new(wire_sink sink, void *host);
void wire_free(struct wire *wire);

void wire_feed(struct wire *wire, const char *bytes, size_t length);

/* The bytes behind the last item, which belong to none yet; borrowed until the next call. */
const char *wire_rest(const struct wire *wire, size_t *length);

#endif

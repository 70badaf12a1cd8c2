/*
 * read_elements.h - the elements in the bytes of one direction of a connection, as they were written.
 *
 * It finds them with stream_scan.h and parses each alone, so a stream that is not well-formed is read up to there.
 */
#ifndef SIM_PLAYER_READ_ELEMENTS_H
#define SIM_PLAYER_READ_ELEMENTS_H

#include "../xml/xml.h"

/* What is complete. */
enum read_part {
    PART_HEADER,  /* <stream:stream> */
    PART_ELEMENT, /* of the first level */
    PART_END,     /* </stream:stream> */
    PART_BROKEN,  /* what is not well-formed; nothing behind it is read */
};

/* Borrowed for the call. */
struct read_element {
    enum read_part part;
    const char *name;  /* as written; "/stream" of a PART_END, "" of what is broken */
    const char *bytes; /* those of a header end with its tag; of PART_END and PART_BROKEN there are none */
    size_t length;
    const struct xml *element; /* of a PART_ELEMENT; NULL if it is not well-formed by itself */
};
typedef void (*read_elements_sink)(void *host, const struct read_element *read);

struct elements;
struct elements *elements_new(void);
void elements_free(struct elements *elements); /* NULL has no effect */

/* Passes on what is complete with these bytes. */
void elements_read(struct elements *elements, const char *bytes, size_t length, read_elements_sink sink,
                   void *host);

/* The next byte is the first of a stream, as behind the handshake of TLS. */
void elements_restart(struct elements *elements);

#endif

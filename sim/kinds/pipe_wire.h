/*
 * pipe_wire.h - messages to and from an adapter, over a socket (sim/adapters/README.md is the protocol).
 *
 * A message is a frame: its length as 32 bits, little-endian, then a header line, and where there is a payload a
 * line feed and the payload.  Messages that are put are sent together when the next one is awaited.
 *
 * Nothing that the other side sends can do harm: a length is bounded before memory is taken, a header is split
 * into few words, and every wait ends.
 */
#ifndef SIM_PIPE_WIRE_H
#define SIM_PIPE_WIRE_H

#include "../text.h"

enum {
    PIPE_FRAME_MOST = 64 * 1024 * 1024, /* bytes of a frame without its length */
    PIPE_HEADER_MOST = 8192,            /* bytes of a header */
    PIPE_WORDS_MOST = 8,                /* words of a header */
};

struct pipe_wire {
    int fd;          /* a socket, owned; it blocks exactly where `until` is never */
    uint64_t until;  /* real time (pipe_wire_now) at which waiting ends; UINT64_MAX for never, the default */
    struct text out; /* put, but not sent yet */
    struct text in;  /* received */
    size_t at;       /* of `in`: where the next frame begins */
};

/* A received message.  It is valid until the next call. */
struct pipe_message {
    const char *header;                 /* as it came */
    const char *words[PIPE_WORDS_MOST]; /* of the header, separated by single blanks */
    size_t word_count;                  /* at least 1 */
    const char *payload;
    size_t length;
};

/* What may come instead of a message. */
enum pipe_trouble {
    PIPE_MESSAGE,  /* none */
    PIPE_LATE,     /* nothing came until the time was over */
    PIPE_OVER,     /* the other side has closed its end, perhaps within a frame */
    PIPE_NONSENSE, /* a frame that is too long, or whose header is malformed; it stays the next one */
};

void pipe_wire_open(struct pipe_wire *wire, int fd);
void pipe_wire_close(struct pipe_wire *wire); /* again has no effect */

/* Nanoseconds of real time, from some beginning. */
uint64_t pipe_wire_now(void);

/* Appends a message to what is sent next.  Without payload when it is NULL. */
void pipe_wire_put(struct pipe_wire *wire, const char *header, const char *payload, size_t length);

/* Sends what was put, and waits for a message. */
enum pipe_trouble pipe_wire_get(struct pipe_wire *wire, struct pipe_message *message);

/* Appends a line that says what is wrong with the next frame, or how much of it has come; nothing where none of it
 * has. */
void pipe_wire_explain(const struct pipe_wire *wire, enum pipe_trouble trouble, struct text *out);

/* What has come of the next frame, without its length if that can be one. */
const char *pipe_wire_rest(const struct pipe_wire *wire, size_t *length);

/* Whether anything has come that was not taken, perhaps less than a message.  It does not wait. */
bool pipe_wire_has_more(const struct pipe_wire *wire);

/* Whether the other side has not read all that was sent; false where the system does not say. */
bool pipe_wire_is_unread(const struct pipe_wire *wire);

/* Lets the other side read an end behind what was sent. */
void pipe_wire_finish(const struct pipe_wire *wire);

/* Sends what was put. */
enum pipe_trouble pipe_wire_flush(struct pipe_wire *wire);

/* Sends what was put, together with an open file descriptor, which stays open here. */
enum pipe_trouble pipe_wire_pass(struct pipe_wire *wire, int fd);

/* Waits until the other side closes its end; anything that it sends before is dropped. */
enum pipe_trouble pipe_wire_await_end(struct pipe_wire *wire);

#endif

#define _GNU_SOURCE /* for MSG_NOSIGNAL and control messages with glibc's own names */

#include "pipe_wire.h"

#include "../printable.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { LENGTH = 4, READ_AT_ONCE = 65536 };

void pipe_wire_open(struct pipe_wire *wire, int fd)
{
    *wire = (struct pipe_wire){ .fd = fd, .until = UINT64_MAX };
}

void pipe_wire_close(struct pipe_wire *wire)
{
    if (wire->fd >= 0)
        close(wire->fd);
    text_free(&wire->out);
    text_free(&wire->in);
    *wire = (struct pipe_wire){ .fd = -1 };
}

uint64_t pipe_wire_now(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

void pipe_wire_put(struct pipe_wire *wire, const char *header, const char *payload, size_t length)
{
    const size_t first = strlen(header);
    const size_t size = first + (payload != NULL ? 1 + length : 0);
    assert(size <= UINT32_MAX);
    const char prefix[LENGTH] = { (char)(size & 0xff), (char)(size >> 8 & 0xff), (char)(size >> 16 & 0xff),
                                  (char)(size >> 24 & 0xff) };
    text_append(&wire->out, prefix, LENGTH);
    text_append(&wire->out, header, first);
    if (payload == NULL)
        return;
    text_append(&wire->out, "\n", 1);
    text_append(&wire->out, payload, length);
}

/* ---- Waiting ---- */

/* Milliseconds until the end of the time, rounded up; -1 for ever. */
static int patience(const struct pipe_wire *wire)
{
    const uint64_t now = pipe_wire_now();
    if (wire->until == UINT64_MAX)
        return -1;
    const uint64_t left = wire->until > now ? (wire->until - now + 999999) / 1000000 : 0;
    return left < 3600000 ? (int)left : 3600000;
}

static bool is_again(void)
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

/* Returns PIPE_MESSAGE when the socket can be read or, if something is to be sent, written. */
static enum pipe_trouble await(const struct pipe_wire *wire)
{
    struct pollfd poller = { .fd = wire->fd,
                             .events = (short)(POLLIN | (wire->out.length > 0 ? POLLOUT : 0)) };
    for (;;) {
        const int left = patience(wire);
        const int ready = poll(&poller, 1, left);
        if (ready > 0)
            return PIPE_MESSAGE;
        if (ready == 0 && left >= 0 && patience(wire) == 0)
            return PIPE_LATE;
        if (ready < 0 && errno != EINTR)
            return PIPE_OVER;
    }
}

/* Sends as much as the socket takes. */
static enum pipe_trouble send_some(struct pipe_wire *wire)
{
    while (wire->out.length > 0) {
        const ssize_t sent = send(wire->fd, wire->out.bytes, wire->out.length, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return is_again() ? PIPE_MESSAGE : PIPE_OVER;
        wire->out.length -= (size_t)sent;
        memmove(wire->out.bytes, wire->out.bytes + sent, wire->out.length + 1);
    }
    return PIPE_MESSAGE;
}

/* Receives what is there: PIPE_MESSAGE if anything, or nothing yet. */
static enum pipe_trouble receive_some(struct pipe_wire *wire)
{
    if (wire->at > 0) {
        wire->in.length -= wire->at;
        memmove(wire->in.bytes, wire->in.bytes + wire->at, wire->in.length);
        wire->at = 0;
    }
    text_reserve(&wire->in, READ_AT_ONCE);
    const ssize_t came = recv(wire->fd, wire->in.bytes + wire->in.length, READ_AT_ONCE, 0);
    if (came == 0 || (came < 0 && !is_again()))
        return PIPE_OVER;
    if (came > 0) {
        wire->in.length += (size_t)came;
        wire->in.bytes[wire->in.length] = '\0';
    }
    return PIPE_MESSAGE;
}

/* ---- Frames ---- */

static size_t frame_size(const char *prefix)
{
    const unsigned char *bytes = (const unsigned char *)prefix;
    return (size_t)bytes[0] | (size_t)bytes[1] << 8 | (size_t)bytes[2] << 16 | (size_t)bytes[3] << 24;
}

/* Splits a header of `length` bytes, which a NUL follows, into words. */
static bool split(char *header, size_t length, struct pipe_message *message)
{
    message->word_count = 0;
    if (length == 0 || memchr(header, '\0', length) != NULL)
        return false;
    for (char *word = header; word != NULL;) {
        char *blank = strchr(word, ' ');
        if (*word == '\0' || blank == word || message->word_count == PIPE_WORDS_MOST)
            return false;
        message->words[message->word_count++] = word;
        if (blank != NULL)
            *blank++ = '\0';
        word = blank;
    }
    return true;
}

/* Reads the frame of `size` bytes at `frame`.  The header is copied, as it came and to be split. */
static bool read_frame(const char *frame, size_t size, struct pipe_message *message)
{
    static char header[PIPE_HEADER_MOST + 1];
    static char shown[PIPE_HEADER_MOST + 1];
    const char *end = memchr(frame, '\n', size);
    const size_t length = end != NULL ? (size_t)(end - frame) : size;
    message->header = shown;
    shown[0] = '\0';
    if (length > PIPE_HEADER_MOST)
        return false;
    memcpy(header, frame, length);
    header[length] = '\0';
    memcpy(shown, header, length + 1);
    message->payload = end != NULL ? end + 1 : frame + size;
    message->length = end != NULL ? size - length - 1 : 0;
    return split(header, length, message);
}

/* Takes a whole frame, if there is one: PIPE_MESSAGE with words, or without when more bytes are needed. */
static enum pipe_trouble take(struct pipe_wire *wire, struct pipe_message *message)
{
    const size_t left = wire->in.length - wire->at;
    message->word_count = 0;
    message->header = "";
    if (left < LENGTH)
        return PIPE_MESSAGE;
    const char *frame = wire->in.bytes + wire->at + LENGTH;
    const size_t size = frame_size(frame - LENGTH);
    if (size > PIPE_FRAME_MOST)
        return PIPE_NONSENSE;
    if (left - LENGTH < size)
        return PIPE_MESSAGE;
    if (!read_frame(frame, size, message))
        return PIPE_NONSENSE;
    wire->at += LENGTH + size;
    return PIPE_MESSAGE;
}

enum pipe_trouble pipe_wire_get(struct pipe_wire *wire, struct pipe_message *message)
{
    enum pipe_trouble trouble = send_some(wire);
    while (trouble == PIPE_MESSAGE) {
        trouble = take(wire, message);
        if (trouble != PIPE_MESSAGE || message->word_count > 0)
            return trouble;
        if (wire->until != UINT64_MAX)
            trouble = await(wire);
        if (trouble == PIPE_MESSAGE && wire->out.length > 0)
            trouble = send_some(wire);
        if (trouble == PIPE_MESSAGE)
            trouble = receive_some(wire);
    }
    message->word_count = 0;
    message->header = "";
    return trouble;
}

/* ---- What is wrong ---- */

const char *pipe_wire_rest(const struct pipe_wire *wire, size_t *length)
{
    const char *rest = wire->in.length > wire->at ? wire->in.bytes + wire->at : "";
    *length = wire->in.length - wire->at;
    if (*length < LENGTH || frame_size(rest) > PIPE_FRAME_MOST)
        return rest;
    *length = *length - LENGTH < frame_size(rest) ? *length - LENGTH : frame_size(rest);
    return rest + LENGTH;
}

/* Why a header is none: what split and read_frame do not take. */
static const char *fault_of(const char *frame, size_t size)
{
    const char *end = memchr(frame, '\n', size);
    const size_t length = end != NULL ? (size_t)(end - frame) : size;
    if (length == 0)
        return "is empty";
    if (length > PIPE_HEADER_MOST)
        return "is longer than 8192 bytes";
    if (memchr(frame, '\0', length) != NULL)
        return "has a NUL byte";
    if (frame[0] == ' ' || frame[length - 1] == ' ' || memmem(frame, length, "  ", 2) != NULL)
        return "has other than single blanks between its words";
    return "has more than 8 words";
}

void pipe_wire_explain(const struct pipe_wire *wire, enum pipe_trouble trouble, struct text *out)
{
    enum { SHOWN = 40 };
    char line[200];
    size_t length;
    const char *rest = pipe_wire_rest(wire, &length);
    const size_t came = wire->in.length - wire->at;
    if (came == 0)
        return;
    if (came < LENGTH)
        (void)snprintf(line, sizeof line, "%zu of the 4 bytes of a frame's length have come: ", came);
    else if (trouble == PIPE_NONSENSE && length == came)
        (void)snprintf(
            line, sizeof line,
            "a frame is longer than %d bytes: %zu; is its length missing, or big-endian? It begins: ",
            (int)PIPE_FRAME_MOST, frame_size(rest));
    else if (trouble == PIPE_NONSENSE)
        (void)snprintf(line, sizeof line, "the header of a frame of %zu bytes %s: ", length,
                       fault_of(rest, length));
    else
        (void)snprintf(line, sizeof line, "%zu of %zu bytes of a frame have come: ", length,
                       frame_size(rest - LENGTH));
    text_string(out, line);
    char *shown = printable_copy(rest, length < SHOWN ? length : SHOWN);
    text_string(out, shown);
    text_string(out, length > SHOWN ? "...\n" : "\n");
    free(shown);
}

/* ---- More ---- */

/* Of such a socket Linux counts the memory that is sent and not yet received: nothing when all was. */
bool pipe_wire_is_unread(const struct pipe_wire *wire)
{
    int left = 0;
    return wire->out.length > 0 || (ioctl(wire->fd, TIOCOUTQ, &left) == 0 && left > 0);
}

void pipe_wire_finish(const struct pipe_wire *wire)
{
    (void)shutdown(wire->fd, SHUT_WR);
}

bool pipe_wire_has_more(const struct pipe_wire *wire)
{
    char byte;
    return wire->in.length > wire->at || recv(wire->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

enum pipe_trouble pipe_wire_flush(struct pipe_wire *wire)
{
    enum pipe_trouble trouble = send_some(wire);
    while (trouble == PIPE_MESSAGE && wire->out.length > 0) {
        trouble = await(wire);
        if (trouble == PIPE_MESSAGE)
            trouble = send_some(wire);
        if (trouble == PIPE_MESSAGE)
            trouble = receive_some(wire);
    }
    return trouble;
}

/* The descriptor goes with the last byte. */
enum pipe_trouble pipe_wire_pass(struct pipe_wire *wire, int fd)
{
    union {
        struct cmsghdr aligned;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    assert(wire->out.length > 0);
    char last = wire->out.bytes[--wire->out.length];
    enum pipe_trouble trouble = pipe_wire_flush(wire);
    memset(&control, 0, sizeof control);
    struct iovec part = { &last, 1 };
    struct msghdr message = { .msg_iov = &part,
                              .msg_iovlen = 1,
                              .msg_control = control.bytes,
                              .msg_controllen = sizeof control.bytes };
    struct cmsghdr *first = CMSG_FIRSTHDR(&message);
    first->cmsg_level = SOL_SOCKET;
    first->cmsg_type = SCM_RIGHTS;
    first->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(first), &fd, sizeof fd);
    while (trouble == PIPE_MESSAGE && sendmsg(wire->fd, &message, MSG_NOSIGNAL) != 1) {
        struct pollfd poller = { .fd = wire->fd, .events = POLLOUT };
        if (!is_again())
            return PIPE_OVER;
        if (poll(&poller, 1, patience(wire)) == 0)
            return PIPE_LATE;
    }
    return trouble;
}

enum pipe_trouble pipe_wire_await_end(struct pipe_wire *wire)
{
    enum pipe_trouble trouble = send_some(wire);
    while (trouble == PIPE_MESSAGE) {
        trouble = await(wire);
        if (trouble == PIPE_MESSAGE && wire->out.length > 0)
            trouble = send_some(wire);
        if (trouble == PIPE_MESSAGE)
            trouble = receive_some(wire);
        wire->at = wire->in.length;
    }
    return trouble;
}

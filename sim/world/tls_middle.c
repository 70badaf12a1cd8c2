#include "tls_middle.h"

#include "../must.h"
#include "../text.h"
#include "describe.h"

#include <string.h>

struct tls_middle {
    struct choices *choices;
    struct tls_below to_client, to_server;
    struct tls *victim, *impostor; /* NULL before TLS */
    struct text unsent;            /* to the server: bytes that the link has not taken */
    struct text read;              /* from the client: plaintext that `impostor` has not taken */
    unsigned depth;                /* nesting depth of calls */
    bool freed;
};

/* ---- Towards the server ---- */

static void consume(struct text *text, size_t length)
{
    text->length -= length;
    if (text->length == 0)
        text_free(text);
    else
        memmove(text->bytes, text->bytes + length, text->length + 1);
}

static void flush(struct tls_middle *middle)
{
    if (middle->unsent.length > 0)
        consume(&middle->unsent,
                middle->to_server.write(middle->to_server.self, middle->unsent.bytes, middle->unsent.length));
    if (middle->read.length > 0)
        consume(&middle->read, tls_write(middle->impostor, middle->read.bytes, middle->read.length));
}

static size_t send_on(void *self, const char *bytes, size_t length)
{
    struct tls_middle *middle = self;
    text_append(&middle->unsent, bytes, length);
    if (middle->unsent.length == length)
        consume(&middle->unsent,
                middle->to_server.write(middle->to_server.self, middle->unsent.bytes, middle->unsent.length));
    return length;
}

void tls_middle_writable(struct tls_middle *middle)
{
    flush(middle);
}

/* ---- Two channels ---- */

static void victim_secured(void *self, const struct tls_channel *channel)
{
    (void)self;
    (void)channel;
}

static void impostor_secured(void *self, const struct tls_channel *channel)
{
    (void)channel;
    flush(self);
}

static void client_said(void *self, const char *bytes, size_t length)
{
    struct tls_middle *middle = self;
    text_append(&middle->read, bytes, length);
    flush(middle);
}

/* The way to the client takes all bytes. */
static void server_said(void *self, const char *bytes, size_t length)
{
    struct tls_middle *middle = self;
    (void)tls_write(middle->victim, bytes, length);
}

/* The failed end ends the connection, and both sides see that. */
static void gave_up(void *self)
{
    (void)self;
}

static void begin(struct tls_middle *middle)
{
    static const char certificate[] = "man in the middle";
    const struct tls_options server = { TLS_SERVER, certificate, false, middle->choices };
    const struct tls_options client = { TLS_CLIENT, NULL, false, middle->choices };
    middle->victim = tls_new(&server, middle->to_client,
                             (struct tls_above){ middle, victim_secured, client_said, gave_up });
    middle->impostor = tls_new(&client, (struct tls_below){ middle, send_on },
                               (struct tls_above){ middle, impostor_secured, server_said, gave_up });
    tls_start(middle->impostor);
}

/* ---- What is seen ---- */

static void release(struct tls_middle *middle)
{
    tls_free(middle->victim);
    tls_free(middle->impostor);
    text_free(&middle->unsent);
    text_free(&middle->read);
    free(middle);
}

/* The client may end the connection during a callback. */
static void leave(struct tls_middle *middle)
{
    if (--middle->depth == 0 && middle->freed)
        release(middle);
}

void tls_middle_from_client(struct tls_middle *middle, const char *bytes, size_t length)
{
    middle->depth++;
    if (middle->victim == NULL && length > 0 && bytes[0] == TLS_HANDSHAKE)
        begin(middle);
    if (middle->victim != NULL)
        tls_bytes(middle->victim, bytes, length);
    else
        (void)send_on(middle, bytes, length);
    leave(middle);
}

void tls_middle_from_server(struct tls_middle *middle, const char *bytes, size_t length)
{
    middle->depth++;
    if (middle->impostor != NULL)
        tls_bytes(middle->impostor, bytes, length);
    else
        (void)middle->to_client.write(middle->to_client.self, bytes, length);
    leave(middle);
}

struct tls_middle *tls_middle_new(struct choices *choices, struct tls_below to_client,
                                  struct tls_below to_server)
{
    struct tls_middle *middle = must(calloc(1, sizeof *middle));
    middle->choices = choices;
    middle->to_client = to_client;
    middle->to_server = to_server;
    return middle;
}

void tls_middle_free(struct tls_middle *middle)
{
    if (middle == NULL)
        return;
    middle->freed = true;
    if (middle->depth == 0)
        release(middle);
}

void tls_middle_describe(struct description *description, const struct tls_middle *middle)
{
    describe_line(description, "man in the middle");
    describe_secret(description, "to be sent to the server", middle->unsent.bytes, middle->unsent.length);
    describe_bytes(description, "read, not passed on", middle->read.bytes, middle->read.length);
    describe_in(description);
    if (middle->victim != NULL)
        tls_describe(description, "towards the client", middle->victim);
    if (middle->impostor != NULL)
        tls_describe(description, "towards the server", middle->impostor);
    describe_out(description);
}

/*
 * record.h - what passes between XMPP clients and a server, as a scenario.
 *
 * The recorder has no sockets and no clock: what carries the bytes (proxy.h) reports them here, in the order in
 * which they came, with the time, and passes on what it gets back.
 *
 *      bytes --wire.h--> passages --exchanges.c--> steps --cast.c, score.c--> struct scenario --> text
 *
 * A *passage* is what a step may stand for: the beginning of a connection, a stream header, an element, an end, or bytes
 * that are no XML.  When the recording is over, the passages of each connection are read as a client's steps: what is
 * exactly a login, binding, stream management or a resumption becomes the language's step for it, all else `sends` and
 * `receives`.  A step stands at the time of the last thing that the client sent for it.  What the simulated client does
 * by itself (client.h) has no step: answers to roster pushes, and to the server's pings and requests of XEP-0198.
 *
 * In the steps, JIDs of the cast become "${Romeo's JID}"; identifiers become short ones, equal where they were equal;
 * what a server makes up becomes a wildcard, unless a client had sent it before.
 */
#ifndef SIM_RECORD_H
#define SIM_RECORD_H

#include "../text.h"

#include <stdint.h>

/* The password of an account. */
struct record_secret {
    const char *jid; /* bare */
    const char *password;
};

struct record_options {
    uint64_t pause; /* in nanoseconds: a silence of all connections that is as long becomes a step */
    const struct record_secret *secrets; /* borrowed until record_free */
    size_t secret_count;
    /* Gets a sentence without its end for the user: why a connection cannot be recorded, or what a client will
     * miss.  `connection` is counted from 0.  May be NULL. */
    void (*tell)(void *host, size_t connection, const char *sentence);
    void *host;
};

struct record;

struct record *record_new(const struct record_options *options);
void record_free(struct record *record);

/* A client has connected.  Returns the number of its connection, from 0. */
size_t record_opened(struct record *record, uint64_t now);

/* The client of a connection, by its number, sent bytes, which are passed on as they are. */
void record_client(struct record *record, size_t number, uint64_t now, const char *bytes, size_t length);

/* The server sent bytes.  Appends to `passed` what the client gets now: the same bytes, but stream features come whole,
 * and without what offer.h hides. */
void record_server(struct record *record, size_t number, uint64_t now, const char *bytes, size_t length,
                   struct text *passed);

/* One side has ended the connection; only the first end counts.  Appends to `passed` what was held of the server's. */
void record_ended(struct record *record, size_t number, uint64_t now, bool by_client, struct text *passed);

/* Ends the recording, and returns its scenario as the text of a file, which the caller frees; NULL when no client has
 * connected.  To be called once. */
char *record_write(struct record *record);

#endif

/*
 * costs.h - what a core may cost, as multiples of what it was told: the statement, and who counts.
 *
 * For any input within the limits (core.h, struct core_limits), in pieces of every size, and after every call
 * of the core:
 *
 *   bytes     what one call wrote to one recipient is at most a multiple of the bytes that the core has read.
 *             A recipient is a link, or the address that a stanza was routed to, or a store that a request
 *             saves.  So a stanza may reach many; each is given no more than that.
 *   memory    what the core uses is at most a multiple of the bytes that it has read.
 *   work      what the core has done is at most a multiple of the bytes that it has read and written.  It is
 *             counted in basic blocks (work.h): a clock has no part.
 *
 * Read is what clients and other servers sent, and what storage gave back.  To the multiple of bytes comes a
 * constant for each element that was read, because the answer to a short one is longer; for each call, each
 * connection, and each time something was sent.
 *
 * What the core keeps was read once, and may be written by one call (a roster, presence, messages that
 * waited), and by the next call again.  Where nothing is kept that a recipient is owed there is more to say,
 * and a test may ask for it (costs_begin_again): what one recipient was given in all calls together, since
 * then, is bounded in the same way.
 *
 * Not in it: what core_new takes for the settings that it is given, such as the names of hosts; rounds of the
 * hash behind passwords (work_rounds); one call's bytes to a link that did not take all that it was offered,
 * for these come with a later call; and the number of recipients: each is somebody's contact, resource or
 * address, and those have limits of their own.
 */
#ifndef SIM_COSTS_H
#define SIM_COSTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- The statement ---- */

/* Bytes to one recipient.  Seen: 6 for each byte, 140 for each element, 600 for a question that has two. */
enum {
    WRITTEN_PER_BYTE = 6,      /* STANZA_GROWTH: "'" becomes "&apos;" in an attribute */
    WRITTEN_PER_ELEMENT = 256, /* what is around a copy: an error, a carbon, STANZA_DECLARED; an answer of
                                  disco, whose question has two */
    WRITTEN_PER_CALL = 768,    /* a stream header and its features, or a stream error; a ping, an <r/> */
    WRITTEN_PER_WAITING = 2, /* of the bytes that were read, for each element of the call, or that waited for
                                storage: several may ask for all that is kept */
};

/* Bytes in use.  Seen: 13 for each byte, 1,900 for each element. */
enum {
    MEMORY_OF_CORE = 48 * 1024,        /* its tables; names that the expats of the pool have kept */
    MEMORY_PER_CONNECTION = 16 * 1024, /* a session, a connection, an expat with its buffers */
    MEMORY_PER_ELEMENT = 2560, /* a chunk of an arena, a piece of work, a user, a request of storage */
    MEMORY_PER_BYTE = 24,      /* the tree, what is written of it, in buffers that double, twice */
    MEMORY_PER_COPY =
        256, /* a byte of a namespace, copied for each attribute of a tag (TAG_COPIES_MORE), in */
    MEMORY_OF_COPIES = 8 * 1024 * 1024, /* blocks that expat doubles; no more than this for each connection */
};

/* Basic blocks, of gcc -O1; another compiler makes others of the same loops.  Seen: two thirds of each. */
enum {
    WORK_PER_CALL = 700, /* a tag of up to 256 bytes is scanned again with each piece; timers, the end of a
                            call */
    WORK_PER_ELEMENT = 1000, /* dispatch, addresses prepared, tables; up to 500 addresses that were sent
                                directed presence are gone over */
    WORK_PER_BYTE =
        48, /* scanned twice, looked at, copied; a line feed is a report of its own; STANZA_SCANS */
    WORK_PER_COPY = 64, /* of a namespace, for each attribute of a tag or name of a stanza that is of it, */
    WORK_OF_COPIES = 4 * 1024 * 1024, /* and no more than this for each connection */
    WORK_PER_SENT = 500,              /* one recipient of a stanza: found, its `to` put in, counted, queued */
    WORK_PER_WRITTEN = 4,             /* escaped, copied */
    WORK_PER_KEPT =
        300, /* an entry of a roster or block list, for each element that may go over all of them */
};

/* ---- Counting ---- */

/* One that is written to: all zero before its first.  It is whose link it is. */
struct costs_recipient {
    uint64_t call; /* the number of that which wrote `in_call` bytes */
    uint64_t in_call, altogether;
    uint64_t since; /* which beginning `altogether` counts from */
    bool lags;      /* it did not take all that it was offered, ever */
};

/* What passed a bound first. */
struct costs_excess {
    const char *what; /* "bytes to one recipient", "memory", "work"; NULL while nothing did */
    uint64_t found, allowed;
};

/* Of one core, all zero at first. */
struct costs {
    uint64_t calls, connections;
    uint64_t bytes, elements; /* read */
    uint64_t asked;           /* elements that clients and servers sent, and calls without any */
    uint64_t kept;            /* entries that storage gave back or was given */
    uint64_t waiting;         /* of `asked`, since no request of storage was under way; and those requests */
    uint64_t requests;
    uint64_t sent, written;  /* how often, and how many bytes, to all recipients */
    uint64_t written_before; /* when the call at hand began */
    uint64_t work;           /* done so far */
    int64_t in_use; /* bytes, between two calls: less than none where what was taken before is given back */
    uint64_t beginnings;              /* how often costs_begin_again was called */
    uint64_t use_before, work_before; /* of the process, when the call at hand began */
    struct costs_excess excess;
};

/* How many elements end in these bytes; `last` is the byte before them, and then the last of them: 0 at
 * first.  In text or attributes "/>" may stand for none: there are never more elements than that. */
size_t costs_elements(char *last, const char *bytes, size_t length);

/* A call of the core begins that tells it so much: what was sent, or what storage answered (a save no
 * entries); and it is over. */
struct core_store_entry;
void costs_begin(struct costs *costs, size_t bytes, size_t elements);
void costs_begin_stored(struct costs *costs, const struct core_store_entry *entries, size_t entry_count);
void costs_end(struct costs *costs);

/* The call that begins next is about one more connection. */
void costs_connection(struct costs *costs);

/* Inside a call: the core writes to a recipient, which takes so many bytes of those that it is offered; it
 * routes a stanza; it asks something of storage. */
struct core_store_request;
void costs_write(struct costs *costs, struct costs_recipient *recipient, size_t offered, size_t taken);
void costs_route(struct costs *costs, size_t length);
void costs_store(struct costs *costs, const struct core_store_request *request);

/* From here on counts only what is told from here on, and what a recipient gets in all calls is bounded. */
void costs_begin_again(struct costs *costs);

#endif

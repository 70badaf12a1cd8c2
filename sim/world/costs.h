/*
 * costs.h - bounds on the output, memory and work of a core, as multiples of its input.
 *
 * After every call of the core, for any input within the limits (core.h, struct core_limits) and however it
 * is split into pieces:
 *
 *   bytes     the bytes that one call wrote to one recipient are at most a multiple of the bytes that the
 *             core has read.  A recipient is a link, an address to which stanzas are routed, or a store
 *             to which a request saves.  A stanza may go to many recipients; the bound holds for each.
 *   memory    the memory in use is at most a multiple of the bytes read.
 *   work      the work done is at most a multiple of the bytes read and written.  Work is counted in basic
 *             blocks (work.h), not in time.
 *
 * "Read" means received from clients, other servers and storage.  A constant is added for each element read,
 * because the answer to a short element is longer than it; for each call; for each connection; and for each
 * stanza or other output sent.
 *
 * A call may write data that earlier calls read and the core kept (a roster, presence, offline messages), and
 * later calls may write it again.  Where the core keeps nothing that it owes a recipient, a stronger bound
 * holds, which a test may request (costs_begin_again): the bytes to one recipient in all calls together since
 * then are bounded in the same way.
 *
 * Not bounded here: the memory of core_new for its settings, such as host names; the rounds of password
 * hashing (work_rounds); the bytes of one call to a link that did not take all bytes offered, because they
 * are written by a later call; and the number of recipients, which has limits of its own (contacts,
 * resources, addresses).
 */
#ifndef SIM_COSTS_H
#define SIM_COSTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- The statement ---- */

/* Bytes to one recipient.  Observed maxima: 6 per byte, 140 per element, 600 for a request with two elements.
 */
enum {
    WRITTEN_PER_BYTE = 6,      /* STANZA_GROWTH: "'" becomes "&apos;" in an attribute */
    WRITTEN_PER_ELEMENT = 256, /* what is around a copy: an error, a carbon, STANZA_DECLARED; an answer of
                                  disco, whose question has two */
    WRITTEN_PER_CALL = 768,    /* a stream header and its features, or a stream error; a ping, an <r/> */
    WRITTEN_PER_WAITING = 2, /* of the bytes that were read, for each element of the call, or that waited for
                                storage: several may ask for all that is kept */
};

/* Bytes in use.  Observed maxima: 13 per byte, 1,900 per element. */
enum {
    MEMORY_OF_CORE = 48 * 1024,        /* its tables; names that the expats of the pool have kept */
    MEMORY_PER_CONNECTION = 16 * 1024, /* a session, a connection, an expat with its buffers */
    MEMORY_PER_ELEMENT = 2560, /* a chunk of an arena, a piece of work, a user, a request of storage */
    MEMORY_PER_BYTE = 24,      /* the tree, what is written of it, in buffers that double, twice */
    MEMORY_PER_COPY =
        5, /* a copied byte of a namespace (costs_names), in blocks that expat doubles; of the copies */
    COPIES_PER_BYTE = 8, /* as many as the core admits in a tag (TAG_COPIES) */
    COPIES_MORE = 3 * 512 * 1024,
};

/* Basic blocks as gcc -O1 makes them; the numbers differ for other compilers.  Observed maxima: two thirds of
 * each. */
enum {
    WORK_PER_CALL = 700, /* a tag of up to 256 bytes is scanned again with each piece; timers, the end of a
                            call */
    WORK_PER_ELEMENT = 1000, /* dispatch, addresses prepared, tables; up to 500 addresses that were sent
                                directed presence are gone over */
    WORK_PER_BYTE =
        48, /* scanned twice, looked at, copied; a line feed is a report of its own; STANZA_SCANS */
    WORK_PER_COPY = 1,    /* a copied byte of a namespace, of the copies */
    SCANS_PER_BYTE = 512, /* as many as the core admits in a stanza (STANZA_SCANS) */
    WORK_PER_SENT = 500,  /* one recipient of a stanza: found, its `to` put in, counted, queued */
    WORK_PER_WRITTEN = 4, /* escaped, copied */
    WORK_PER_KEPT =
        300, /* an entry of a roster or block list, for each element that may go over all of them */
};

/* ---- Counting ---- */

/* A recipient of output; all zero at first.  It belongs to the owner of the link. */
struct costs_recipient {
    uint64_t call; /* the number of the call that wrote `in_call` bytes */
    uint64_t in_call, altogether;
    uint64_t since; /* which beginning `altogether` counts from */
    bool lags;      /* it has at some time not taken all bytes offered */
};

/* The first bound that was exceeded. */
struct costs_excess {
    const char *what; /* "bytes to one recipient", "memory", "work"; NULL while nothing did */
    uint64_t found, allowed;
};

/* The counts of one core; all zero at first. */
struct costs {
    uint64_t calls, connections;
    uint64_t bytes, elements; /* read */
    uint64_t run, longest;    /* bytes: what may be a namespace, while it is read; the longest that was */
    uint64_t colons;          /* each may stand in a name of it */
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

/* Returns an upper bound of the number of elements that end in these bytes: "/>" in text or attributes is
 * counted too.  `last` is the byte before them, 0 at first; the function sets it to the last of them. */
size_t costs_elements(char *last, const char *bytes, size_t length);

/* A call of the core begins, with so much input: data from the network, or an answer of storage (a save has
 * no entries). costs_end: the call is over, and the bounds are checked. */
struct core_store_entry;
void costs_begin(struct costs *costs, size_t bytes, size_t elements);

/* Notes, in bytes that the core is told, what expat may copy: a namespace of 500 bytes or more, once for each
 * colon. */
void costs_names(struct costs *costs, const char *bytes, size_t length);
void costs_begin_stored(struct costs *costs, const struct core_store_entry *entries, size_t entry_count);
void costs_end(struct costs *costs);

/* Counts one more connection, before the call that opens it begins. */
void costs_connection(struct costs *costs);

/* During a call: the core writes to a recipient, which takes `taken` of `offered` bytes; routes a stanza;
 * makes a storage request. */
struct core_store_request;
void costs_write(struct costs *costs, struct costs_recipient *recipient, size_t offered, size_t taken);
void costs_route(struct costs *costs, size_t length);
void costs_store(struct costs *costs, const struct core_store_request *request);

/* Starts the counts again, and from here on also bounds the bytes to one recipient in all calls together. */
void costs_begin_again(struct costs *costs);

#endif

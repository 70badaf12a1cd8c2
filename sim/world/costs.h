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
    WRITTEN_PER_ELEMENT = 256, /* the wrapper of a copy (an error, a carbon, STANZA_DECLARED); an answer of
                                  disco, whose request has two elements */
    WRITTEN_PER_CALL = 768,    /* a stream header and its features, or a stream error; a ping, an <r/> */
    WRITTEN_PER_WAITING = 2,   /* times the bytes read, for each element of the call or waiting for storage:
                                  several may request all that is stored */
};

/* Bytes in use.  Observed maxima: 13 per byte, 1,900 per element. */
enum {
    MEMORY_OF_CORE = 48 * 1024,        /* its tables; names that the pooled expat parsers keep */
    MEMORY_PER_CONNECTION = 16 * 1024, /* a session, a connection, an expat with its buffers */
    MEMORY_PER_ELEMENT = 2560, /* a chunk of an arena, a piece of work, a user, a request of storage */
    MEMORY_PER_BYTE = 24,      /* the tree, and its serialised form twice, in buffers that double */
    MEMORY_PER_COPY = 5, /* for each copied byte of a namespace (costs_names), in blocks that expat doubles */
    COPIED_LEAST =
        64, /* the copies of a shorter one are in MEMORY_PER_BYTE: an attribute of it has 8 bytes or more */
    COPIES_PER_BYTE = 8, /* the core's limit for a tag (TAG_COPIES) */
    COPIES_MORE = 3 * 512 * 1024,
};

/* Basic blocks as gcc -O1 makes them; the numbers differ for other compilers.  Observed maxima: two thirds of
 * each. */
enum {
    WORK_PER_CALL = 700, /* a tag of up to 256 bytes is scanned again with each piece; timers; the end of a
                            call */
    WORK_PER_ELEMENT = 1000, /* dispatch, preparation of addresses, tables; a walk over up to 500 addresses
                                with directed presence */
    WORK_PER_BYTE =
        48, /* scanned twice, examined, copied; expat reports each line feed separately; STANZA_SCANS */
    WORK_PER_COPY = 1,    /* for each copied byte of a namespace */
    SCANS_PER_BYTE = 512, /* the core's limit for a stanza (STANZA_SCANS) */
    WORK_PER_SENT = 500,  /* for each recipient of a stanza: look-up, setting `to`, counting, queueing */
    WORK_PER_WRITTEN = 4, /* escaping, copying */
    WORK_PER_KEPT =
        300, /* for each entry of a roster or block list, and each element that may walk over all entries */
};

/* ---- Counting ---- */

/* A recipient of output; all zero at first.  It belongs to the owner of the link. */
struct costs_recipient {
    uint64_t call; /* the number of the call that wrote `in_call` bytes */
    uint64_t in_call, altogether;
    uint64_t since; /* the beginning (costs_begin_again) from which `altogether` counts */
    bool lags;      /* it has at some time not taken all bytes offered */
};

/* The first bound that was exceeded. */
struct costs_excess {
    const char *what; /* "bytes to one recipient", "memory", "work"; NULL while no bound was exceeded */
    uint64_t found, allowed;
};

/* The counts of one core; all zero at first. */
struct costs {
    uint64_t calls, connections;
    uint64_t bytes, elements; /* read */
    uint64_t longest;         /* the most bytes that may be one namespace */
    uint64_t names;           /* with a prefix: each may be in that namespace */
    uint64_t asked;           /* elements sent by clients and servers, and calls without an element */
    uint64_t kept;            /* entries that storage returned or received */
    uint64_t waiting;         /* of `asked`, since storage was last idle; and the requests since then */
    uint64_t requests;
    uint64_t sent, written;  /* how many times, and how many bytes, to all recipients */
    uint64_t written_before; /* when the current call began */
    uint64_t work;           /* done so far */
    int64_t in_use; /* bytes, between two calls; negative after a free of memory allocated before the count */
    uint64_t beginnings;              /* how often costs_begin_again was called */
    uint64_t use_before, work_before; /* of the process, when the current call began */
    struct costs_excess excess;
};

/* Returns an upper bound of the number of elements that end in these bytes: "/>" in text or attributes is
 * counted too.  `last` is the byte before them, 0 at first; the function sets it to the last of them. */
size_t costs_elements(char *last, const char *bytes, size_t length);

/* A call of the core begins, with this input: data from the network, or an answer of storage (a save has no
 * entries). costs_end: the call is over, and the bounds are checked. */
struct core_store_entry;
void costs_begin(struct costs *costs, size_t bytes, size_t elements);

/* Counts, in input bytes of the core, what expat may copy: a namespace of COPIED_LEAST bytes or more, once for each
 * name with a prefix.  `run` is how many bytes before these may begin a namespace, 0 at first; the function sets it
 * again.  Each connection has its own. */
void costs_names(struct costs *costs, size_t *run, const char *bytes, size_t length);
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

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
 *   work      what the core has done is at most a multiple of the bytes that it has read and has written.
 *             It is counted in basic blocks (work.h), so it is the same on every machine; a clock has no part.
 *
 * Read is what clients and other servers sent, and what storage gave back.  What the core keeps was read once,
 * so one call may write all of it (a roster, presence, messages that waited), and the next call again.
 * Where nothing was kept that a recipient is owed, there is more to say, and a test may ask for it
 * (costs_begin_again): what one recipient was given in all calls together, since then, is bounded as well.
 *
 * To the multiple of bytes comes a constant for each element that was read, because an answer to a short one
 * may be longer; for each call, each connection and each time something was sent.  The constants and the reason
 * of each stand below.  Rounds of the hash behind passwords are not in it: see work_rounds.
 */
#ifndef SIM_COSTS_H
#define SIM_COSTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- The statement ---- */

/* Bytes to one recipient. */
enum {
    WRITTEN_PER_BYTE = 6,       /* STANZA_GROWTH: "'" becomes "&apos;" in an attribute */
    WRITTEN_PER_ELEMENT = 1400, /* STANZA_DECLARED, and a carbon or an error around a copy; answers of disco */
    WRITTEN_PER_CALL = 2048,    /* stream header with features; a ping, an <r/>, a stream error */
};

/* Bytes in use. */
enum {
    MEMORY_OF_CORE = 1 << 20,          /* expats in the pool (PARSERS_KEPT of them), each with PARSER_LIFE of names */
    MEMORY_PER_CONNECTION = 32 * 1024, /* session, connection, one expat with its buffers, a negotiation */
    MEMORY_PER_ELEMENT = 4096,         /* a chunk of an arena, a piece of work, a user, a request */
    MEMORY_PER_BYTE = 48,              /* STANZA_MEMORY, and what is written of it, in buffers that double */
};

/* Basic blocks. */
enum {
    WORK_PER_CALL = 2000,
    WORK_PER_ELEMENT = 4000, /* dispatch, addresses prepared, tables */
    WORK_PER_BYTE = 64,      /* scanned, twice where it comes in pieces; copied, looked at */
    WORK_PER_SENT = 2000,    /* one recipient of a stanza: found, its `to` put in, counted, queued */
    WORK_PER_WRITTEN = 8,    /* escaped, copied */
};

/* ---- Counting ---- */

/* One that is written to: all zero before its first.  It is whose link it is. */
struct costs_recipient {
    uint64_t call; /* the number of that which wrote `in_call` bytes */
    uint64_t in_call, altogether;
    uint64_t since; /* which beginning `altogether` counts from */
};

/* What passed a bound first. */
struct costs_excess {
    const char *what; /* "bytes to one recipient", "memory", "work"; NULL while nothing did */
    uint64_t found, allowed;
};

/* Of one core, all zero at first. */
struct costs {
    uint64_t calls, connections, bytes, elements; /* told so far */
    uint64_t sent, written;                       /* how often, and how many bytes, to all recipients */
    uint64_t work;                                /* done so far */
    uint64_t in_use;                              /* bytes, between two calls */
    uint64_t beginnings;                          /* how often costs_begin_again was called */
    uint64_t use_before, work_before;             /* of the process, when the call at hand began */
    struct costs_excess excess;
};

/* How many elements end in these bytes; `last` is the byte before them, and then the last of them: 0 at
 * first.  In text or attributes "/>" may stand for none: there are never more elements than that. */
size_t costs_elements(char *last, const char *bytes, size_t length);

/* A call of the core begins that tells it so much, and is over. */
void costs_begin(struct costs *costs, size_t bytes, size_t elements);
void costs_end(struct costs *costs);

/* The call that begins next is about one more connection. */
void costs_connection(struct costs *costs);

/* Inside a call: the core writes to a recipient. */
void costs_write(struct costs *costs, struct costs_recipient *recipient, size_t length);

/* From here on counts only what is told from here on, and what a recipient gets in all calls is bounded. */
void costs_begin_again(struct costs *costs);

#endif

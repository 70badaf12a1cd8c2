/*
 * net_private.h - a network from the inside: what its parts share.
 *
 *      net.c           links: dialled, written to, ended; and what arrives, when its time has come
 *      net_fault.c     links that are slow or narrow, stall, break by themselves, are closed by half
 *      net_transit.c   what is under way in one direction, and the pools that its memory comes from
 *      net_describe.c  all of it in words
 *
 * Each direction of a link holds a queue of parcels (the connection itself, runs of bytes, an end), each with
 * the time at which it arrives, and the bytes of them all in one buffer.  At most one event of the world
 * stands for the whole queue, due no later than the first parcel, or than the end of a stall.  Parcels and
 * buffers come from pools and go back to them, the last used first, so that what is busy stays in the
 * processor's caches and a link on which nothing moves holds nothing.
 */
#ifndef SIM_NET_PRIVATE_H
#define SIM_NET_PRIVATE_H

#include "../text.h"
#include "net.h"

enum parcel_kind {
    PARCEL_OPENED,
    PARCEL_BYTES,
    PARCEL_ENDED,
};

struct parcel {
    struct parcel *next;
    sim_time at;
    uint32_t length; /* PARCEL_BYTES only */
    enum parcel_kind kind;
};

/* The bytes of one direction, always in one piece.  A delivery holds the buffer too while it shows bytes to
 * an end, so that they stay where they are whatever the end does. */
struct buffer_block {
    struct buffer_block *next; /* in the pool */
    uint32_t start, length, holders, rank;
    char bytes[];
};

/* What moves towards one end, from the first parcel to the event that finds none left. */
struct transit {
    struct transit *next; /* in the pool */
    struct parcel *first, *last;
    struct buffer_block *buffer; /* NULL while there are no bytes */
    sim_time event_at;
    bool scheduled; /* not while the direction is stalled, once its event found it so */
};

/* What is true of one end. */
struct end_state {
    bool opaque : 1;      /* what arrives is encrypted */
    bool stalled : 1;     /* nothing arrives here */
    bool half_closed : 1; /* it writes nothing more, but hears what comes */
    bool done : 1;        /* it closed, broke or was told of the end: it hears nothing more */
    bool unwritten : 1;   /* a write of its was not taken whole, and it was not told of room since */
};

/* What holds for a link that is not like every other. */
struct link_terms {
    sim_time latency;
    sim_time free_at[2];      /* when all that was written towards a side so far is on the wire */
    sim_time held_until;      /* nothing arrives anywhere before */
    uint64_t bandwidth;       /* bytes a second, each way; 0 is no bound */
    uint64_t left[LINK_WAYS]; /* bytes that may arrive before the link fails; UINT64_MAX is no bound */
    uint32_t largest_piece;   /* UINT32_MAX is no bound */
};

/* On a boundary of cache lines: a quiet link is two of them and no more. */
struct link {
    _Alignas(64) struct net *net;
    const char *name;
    struct transit *to[2];    /* NULL while nothing is under way */
    struct link_terms *terms; /* NULL while it is like every other */
    uint32_t index;           /* among the net's links */
    bool broken : 1;
    bool in_hand : 1;     /* an end is being told something */
    bool cuts_seldom : 1; /* what it carries; */
    bool cuts_mostly : 1; /* a smooth link does neither */
    struct end_state states[2];
    struct net_end ends[2];
};
_Static_assert(sizeof(struct link) <= 128, "a quiet link is two cache lines");

enum { SMALLEST_BUFFER = 256, BUFFER_RANKS = 24 };

struct parcel_block;

struct net {
    struct world *world;
    struct net_options options;
    struct net_end server;
    struct link **links;
    uint32_t link_count, link_capacity;
    uint32_t largest_piece; /* UINT32_MAX is no bound */
    struct transit *free_transits;
    struct parcel *free_parcels;
    struct parcel_block *parcel_blocks;
    struct buffer_block *free_buffers[BUFFER_RANKS]; /* rank n has SMALLEST_BUFFER << n bytes */
    uint64_t faults[NET_FAULTS];
    struct text counted; /* in the trace: how many bytes came that nobody can read */
};

static inline enum net_side other_side(enum net_side side)
{
    return side == NET_CLIENT ? NET_SERVER : NET_CLIENT;
}

/* ---- net.c ---- */

/* A line in the trace. */
void link_tell(const struct link *link, const char *what, const char *bytes, size_t length);

/* Puts something on its way to a side.  It overtakes nothing, nor does it arrive before the event that is
 * scheduled already. */
void link_dispatch(struct link *link, enum net_side side, enum parcel_kind kind, sim_time after,
                   uint32_t length);

/* Schedules the event of a direction that has none, for its first parcel; not while it is stalled. */
void link_schedule(struct link *link, enum net_side side);

/* The link fails, unless that is over already; which fault it is is counted. */
void link_fail_of(struct link *link, enum net_fault fault);

/* ---- net_fault.c ---- */

/* What is written goes onto a wire of some bandwidth in segments, each when the one before is on it. */
void link_dispatch_segments(struct link *link, enum net_side side, sim_time crossing, uint32_t length);

/* Whether a link that has terms takes longer than others. */
bool link_is_slow(const struct link *link);

/* How many bytes may arrive at once: so that the link fails at the byte at which it is to fail. */
uint32_t link_piece_bound(const struct link *link, enum net_side side);
uint32_t net_piece_bound(size_t bytes);

/* Bytes have arrived: if they were all that may, the link fails. */
void link_count_arrived(struct link *link, enum net_side side, uint32_t length);

/* Something does not arrive at a side because the direction is stalled. */
void link_count_held(const struct link *link, enum net_side side);

/* ---- net_transit.c ---- */

struct transit *transit_take(struct net *net);
void transit_release(struct net *net, struct transit *transit); /* an empty one */

void transit_append(struct net *net, struct transit *transit, struct parcel parcel);
void transit_drop_first(struct net *net, struct transit *transit);

/* Drops all that is under way.  The event of the world stays, and will find nothing.  NULL is nothing. */
void transit_drop_all(struct net *net, struct transit *transit);

void transit_add_bytes(struct net *net, struct transit *transit, const char *bytes, size_t length);

/* How many bytes there are, and how many of them could arrive now.  NULL has none. */
uint32_t transit_bytes(const struct transit *transit);
uint32_t transit_arrived(const struct transit *transit, sim_time now);

/* Takes the first bytes out.  The buffer, in which they stand before its start, is held for the caller, who
 * releases it. */
struct buffer_block *transit_take_bytes(struct net *net, struct transit *transit, uint32_t piece);
void buffer_release(struct net *net, struct buffer_block *buffer);

/* The largest capacity that a direction may have. */
size_t transit_capacity_most(void);

void transit_free(struct transit *transit); /* with all that is in it, but for the parcels */
void transit_free_pools(struct net *net);

#endif

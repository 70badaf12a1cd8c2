/*
 * net_private.h - the internals of the network, shared by its files.
 *
 *      net.c           links: dialling, writing, ending, and delivery
 *      net_fault.c     faults: slow and narrow links, stalls, failures, half-close
 *      net_transit.c   what is under way in one direction, and its memory pools
 *      net_describe.c  the description
 *
 * Each direction of a link has a queue of parcels (the opening of the connection, runs of bytes, an end),
 * each with its arrival time, and one buffer with the bytes of all of them.  At most one event of the world
 * stands for the whole queue; it is due no later than the first parcel, or than the end of a stall.  Parcels
 * and buffers come from pools, last in, first out, so that memory in use stays in the processor's caches.  An
 * idle link holds neither.
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

/* The bytes of one direction, contiguous.  A delivery also holds the buffer during a callback, so that the
 * bytes stay valid whatever the callback does. */
struct buffer_block {
    struct buffer_block *next; /* in the pool */
    uint32_t start, length, holders, rank;
    char bytes[];
};

/* What is under way to one end, from the first parcel until an event finds none left. */
struct transit {
    struct transit *next; /* in the pool */
    struct parcel *first, *last;
    struct buffer_block *buffer; /* NULL while there are no bytes */
    sim_time event_at;
    bool scheduled; /* false while the direction is stalled, once its event has found that */
};

/* The state of one end. */
struct end_state {
    bool opaque : 1;      /* what arrives is encrypted */
    bool stalled : 1;     /* nothing arrives here */
    bool half_closed : 1; /* it writes nothing more, but still receives */
    bool done : 1;        /* it closed, broke or received `ended`: no more callbacks */
    bool unwritten : 1;   /* a write was not taken completely, and `writable` was not called since */
};

/* The properties of a link that differs from the defaults. */
struct link_terms {
    sim_time latency;
    sim_time free_at[2];      /* when all bytes written towards a side so far are sent */
    sim_time held_until;      /* nothing is delivered before this time */
    uint64_t bandwidth;       /* bytes a second, each way; 0 is no bound */
    uint64_t left[LINK_WAYS]; /* bytes that may arrive before the link fails; UINT64_MAX is no bound */
    uint32_t largest_piece;   /* UINT32_MAX is no bound */
};

/* Aligned to cache lines: an idle link takes two of them. */
struct link {
    _Alignas(64) struct net *net;
    const char *name;
    struct transit *to[2];    /* NULL while nothing is under way */
    struct link_terms *terms; /* NULL for the defaults */
    uint32_t index;           /* among the net's links */
    bool broken : 1;
    bool in_hand : 1;     /* a callback is running */
    bool cuts_seldom : 1; /* what it carries; */
    bool cuts_mostly : 1; /* a smooth link does neither */
    bool half_alive : 1;  /* it is listed as such */
    struct end_state states[2];
    struct net_end ends[2];
};
_Static_assert(sizeof(struct link) <= 128, "an idle link is two cache lines");

enum { SMALLEST_BUFFER = 256, BUFFER_RANKS = 24 };

struct parcel_block;

struct net {
    struct world *world;
    struct net_options options;
    struct net_end server;
    struct link **links;
    uint32_t link_count, link_capacity;
    struct link **half_alive; /* the links that the client is done with, and the server is not */
    uint32_t half_alive_count, half_alive_capacity;
    uint32_t largest_piece; /* UINT32_MAX is no bound */
    struct transit *free_transits;
    struct parcel *free_parcels;
    struct parcel_block *parcel_blocks;
    struct buffer_block *free_buffers[BUFFER_RANKS]; /* rank n has SMALLEST_BUFFER << n bytes */
    uint64_t faults[NET_FAULTS];
    struct net_writes writes;
    struct text counted; /* for the trace: the number of encrypted bytes, as text */
};

static inline enum net_side other_side(enum net_side side)
{
    return side == NET_CLIENT ? NET_SERVER : NET_CLIENT;
}

/* ---- net.c ---- */

/* Adds a line to the trace. */
void link_tell(const struct link *link, const char *what, const char *bytes, size_t length);

/* Adds a parcel for a side.  It neither overtakes earlier parcels nor arrives before the event that is
 * scheduled already. */
void link_dispatch(struct link *link, enum net_side side, enum parcel_kind kind, sim_time after,
                   uint32_t length);

/* Schedules the event for the first parcel of a direction, if it has none and is not stalled. */
void link_schedule(struct link *link, enum net_side side);

/* Makes the link fail and counts the fault; no effect on a broken link. */
void link_fail_of(struct link *link, enum net_fault fault);

/* ---- net_fault.c ---- */

/* Adds parcels for a link with a bandwidth: one per TCP segment, each sent after the one before. */
void link_dispatch_segments(struct link *link, enum net_side side, sim_time crossing, uint32_t length);

/* Whether a link with terms has a bandwidth or a latency of its own. */
bool link_is_slow(const struct link *link);

/* The maximum number of bytes of the next delivery: the largest piece, and at most up to the byte at which
 * the link fails. */
uint32_t link_piece_bound(const struct link *link, enum net_side side);
uint32_t net_piece_bound(size_t bytes);

/* Counts bytes that arrived, and makes the link fail at the byte set by link_break_after. */
void link_count_arrived(struct link *link, enum net_side side, uint32_t length);

/* Counts the fault that a stall of the direction held something. */
void link_count_held(const struct link *link, enum net_side side);

/* ---- net_transit.c ---- */

/* Takes an empty transit from the pool; and returns one. */
struct transit *transit_take(struct net *net);
void transit_release(struct net *net, struct transit *transit); /* an empty one */

/* Adds a parcel at the end; removes the first. */
void transit_append(struct net *net, struct transit *transit, struct parcel parcel);
void transit_drop_first(struct net *net, struct transit *transit);

/* Drops everything under way.  A scheduled event stays, and will find nothing.  NULL has no effect. */
void transit_drop_all(struct net *net, struct transit *transit);

/* Copies bytes to the end of the buffer. */
void transit_add_bytes(struct net *net, struct transit *transit, const char *bytes, size_t length);

/* The number of bytes, and of those that are due.  NULL has none. */
uint32_t transit_bytes(const struct transit *transit);
uint32_t transit_arrived(const struct transit *transit, sim_time now);

/* Removes the first `piece` bytes.  They stand before the start of the returned buffer, which is held for the
 * caller; the caller releases it. */
struct buffer_block *transit_take_bytes(struct net *net, struct transit *transit, uint32_t piece);
void buffer_release(struct net *net, struct buffer_block *buffer);

/* The largest capacity that a direction may have. */
size_t transit_capacity_most(void);

void transit_free(struct transit *transit); /* with all that is in it, but for the parcels */
void transit_free_pools(struct net *net);

#endif

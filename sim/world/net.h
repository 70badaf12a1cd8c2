/*
 * net.h - a simulated network of byte streams, like TCP as both ends see it.
 *
 * A link connects a client and a server.  Bytes written at one end arrive at the other after a latency, in
 * order, in pieces whose boundaries are chosen, even inside a character.  Each direction holds a bounded
 * number of bytes.  When it is full, a write takes fewer bytes than offered, and the writer's `writable`
 * callback follows when there is room.  A close arrives after all bytes written before it; a break arrives
 * immediately, and the bytes under way are lost.
 *
 * A link can be slower or narrower than the others of the net, and it can fail: spontaneously, at a byte set
 * before, for some time, in one direction, or without notice to either end.  In each case exactly the bytes
 * passed to the callbacks have arrived, and the link stays allocated until both ends are done with it.
 *
 * The choices, and the meaning of the answer 0, which the scripted policy always gives:
 *
 * - CHOICE_LATENCY, of 8, for each dial, write, close and break if jitter is not 0: so many eighths of
 *    the jitter are added to the latency; delivery is later where something before it is still under way.
 *    0 is the latency itself.
 * - CHOICE_PIECES, of 3, for each dial: 0 is a link that is never cut, for which no more choices of pieces
 *    are made; 1 is a link that is cut seldom, 2 one that is cut often.
 * - CHOICE_PIECES, of 8, when more than one byte arrives: 0 delivers all of them (up to the largest piece).
 *    Any other answer makes another choice of CHOICE_PIECES: a cut after 1, 2, ... bytes, but not all.
 * - CHOICE_LATENCY, of 8, when a piece left bytes behind and jitter is not 0: they arrive so many eighths of
 *    the jitter later; 0 is at the same time, but in an event of its own.
 *
 * In a world of any order nothing takes time and none of these choices is made: each write arrives in an
 * event of its own, whole unless a largest piece bounds it.
 *
 * A direction has at most one event in the world for everything under way in it, whether slow or held by a
 * stall.  An order of the world's events is therefore an order of all arrivals.  Each event makes one
 * callback at one end; only `writable` is called in addition, at the end of the event that made the room.
 *
 * The trace has these lines, with the link's name as WHO; ">" is towards the server, "<" towards the client:
 *
 *      dials                       net_dial
 *      -> opened      <- opened    `opened` is called at the server, at the client
 *      > BYTES        < BYTES      a piece arrives at the server, at the client
 *      -> writable    <- writable  `writable` is called at the server, at the client
 *      closes         is closed    the client, the server closes
 *      breaks         is broken    the client, the server breaks
 *      half-closes    is half-closed  the client, the server half-closes
 *      fails                       the link fails
 *      is to fail after N bytes    link_break_after; "... to the server", "... to the client"
 *      -> stalls      <- stalls    delivery to the server, to the client stops
 *      -> heals       <- heals     delivery resumes
 *      stalls for SECONDS          nothing is delivered to either end for that time
 *      takes SECONDS               the minimum latency is set
 *      carries N                   the bandwidth in bytes per second is set; "carries everything" for no
 * bound
 *      -> ended       <- ended     `ended` is called at the server, at the client
 *
 * Bytes for an end that expects encryption are shown as their number ("> TLS 57 bytes"); the end that
 * decrypts them adds a line with the plaintext (">> <presence/>", "<< ...").
 */
#ifndef SIM_NET_H
#define SIM_NET_H

#include "world.h"

struct net;
struct link;

enum net_side { NET_CLIENT, NET_SERVER };

/* The direction in which bytes are counted. */
enum link_way { LINK_TO_CLIENT = NET_CLIENT, LINK_TO_SERVER = NET_SERVER, LINK_EITHER_WAY, LINK_WAYS };

/* The callbacks of an end of a link; `who` is passed to each.  All four are required.  A callback may write,
 * close, break and dial, on its own link too. */
struct net_end {
    void (*opened)(void *who, struct link *link); /* the connection stands */
    void (*bytes)(void *who, struct link *link, const char *bytes, size_t length);
    void (*writable)(void *who, struct link *link);
    void (*ended)(void *who, struct link *link); /* the other end closed or the link broke; the last one */
    void *who;
};

/* The defaults for links made later. */
struct net_options {
    sim_time latency;     /* minimum time from write to arrival; default 1 ms */
    sim_time jitter;      /* a choice adds 0 to 7 eighths of this; default 4 ms */
    size_t capacity;      /* bytes that one direction holds; default 64 KiB */
    size_t largest_piece; /* maximum bytes per delivery; 0 is no bound */
};

/* The defaults named above. */
struct net_options net_options_default(void);

/* Creates a net.  `server` is the server end of every dialled link. */
struct net *net_new(struct world *world, struct net_options options, struct net_end server);
void net_free(struct net *net);

/* Connects.  `opened` is called at the server after one crossing and at the client after two; either end may
 * write before.  `name` is the client's name in the trace, borrowed for the life of the net.  A link is freed
 * when both ends are done with it (they closed, broke, or received `ended`) and nothing is under way on it.
 */
struct link *net_dial(struct net *net, const char *name, struct net_end client);

/* The same, over a link with its own latency: see link_set_latency. */
struct link *net_dial_over(struct net *net, const char *name, struct net_end client, sim_time latency);

/* Replaces the callbacks of an end: the server gives each link its own `who`. */
void link_set_end(struct link *link, enum net_side side, struct net_end end);

/* Writes; returns how many bytes were taken.  None are taken on a broken link or one that this side closed or
 * half-closed.  Bytes for a side that has closed are taken and lost.  After a write that took less than all,
 * `writable` is called once at least half of the capacity is free. */
size_t link_write(struct link *link, enum net_side side, const char *bytes, size_t length);

/* How many bytes such a write would take now. */
size_t link_room(const struct link *link, enum net_side side);

/* Closes the link from one side, after the bytes that it wrote.  That side gets no more callbacks.  No effect
 * when this side is done with the link. */
void link_close(struct link *link, enum net_side side);

/* Half-closes, like the FIN of TCP: the side writes nothing more.  The other side receives `ended` after all
 * bytes written, and is then done, as after a close.  This side receives bytes until the bytes of the other
 * side are delivered, then `ended`.  It may still close or break. */
void link_half_close(struct link *link, enum net_side side);

/* Breaks the link: the bytes under way are lost.  The side that breaks gets no more callbacks; the other
 * receives `ended` after the latency.  A server that has not received `opened` yet gets no callback at all; a
 * client may receive `ended` without `opened`. */
void link_break(struct link *link, enum net_side side);

/* The link fails: the bytes under way are lost, and each end that is not done receives `ended` after the
 * latency.  No effect on a broken link. */
void link_fail(struct link *link);

/* The link fails once `bytes` more bytes have arrived, at either end or at one, as `way` says.  They are the
 * last to arrive, even if that cuts a write, an element or a character.  With 0 it fails immediately.  Each
 * `way` has its own count; a later call replaces it. */
void link_break_after(struct link *link, enum link_way way, uint64_t bytes);

/* Sets the minimum latency of later crossings.  What is under way keeps its time, and nothing overtakes it.
 * Jitter is still added. */
void link_set_latency(struct link *link, sim_time latency);

/* Sets the bandwidth of each direction, in bytes per second, from here on.  Bytes are sent in TCP segments,
 * one after the other; the crossing of a segment begins when its last byte is sent. 0 is no bound. */
void link_set_bandwidth(struct link *link, uint64_t bytes);

/* Stalls or resumes delivery to a side.  While stalled, neither bytes nor an end arrive there, neither end is
 * notified, and the direction fills up to its capacity.  Both directions stalled are a dead link without
 * notice; only the direction to the client stalled is a client that does not read. */
void link_stall(struct link *link, enum net_side side, bool stalled);
bool link_is_stalled(const struct link *link, enum net_side side);

/* Delivers nothing to either end for `span`, then everything that is due.  It does not shorten a longer
 * stall.  It is not an event of its own: deliveries are postponed to the end of the stall. world_settle
 * therefore waits for a stall only if something is under way; stalling an idle link has no effect and is not
 * counted. */
void link_stall_for(struct link *link, sim_time span);

/* Ends all stalls of link_stall, on every link; stalls of link_stall_for continue. */
void net_heal(struct net *net);

/* The faults of links.  Each is counted only where it changes what arrives, or when. */
enum net_fault {
    NET_FAILED,      /* a link failed */
    NET_CUT,         /* a link failed at the byte set by link_break_after */
    NET_HALF_CLOSED, /* a side half-closed */
    NET_SLOW,        /* a write crossed a link with a latency or a bandwidth of its own */
    NET_NARROW,      /* a delivery was cut to the link's own largest piece */
    NET_PAUSED,      /* a delivery waited for the end of link_stall_for */
    NET_DEAD,        /* something does not arrive because both directions are stalled */
    NET_UNREAD,      /* something does not arrive because one direction is stalled, or arrives after that */
    NET_HEALED,      /* something held on a dead link is delivered after all */
    NET_FAULTS
};

/* How often a fault has occurred on all links of the net. */
uint64_t net_fault_count(const struct net *net, enum net_fault fault);

/* The number of links of a name that are half-open: the client is done with them, and the server has not
 * received `ended`. */
unsigned net_half_alive(const struct net *net, const char *name);

/* Delivers at most `bytes` bytes at once from now on, in both directions; 0 is no bound. */
void link_set_largest_piece(struct link *link, size_t bytes);

/* Marks the bytes that arrive at a side from now on as encrypted; affects only the trace. */
void link_set_opaque(struct link *link, enum net_side side);

/* Adds a trace line with the bytes that a side decrypted. */
void link_trace_plaintext(const struct link *link, enum net_side side, const char *bytes, size_t length);

/* The callbacks of a side. */
const struct net_end *link_end(const struct link *link, enum net_side side);

/* Sets who is told of each write, with the bytes that were taken; NULL for nobody.  `name` is that of the link, and
 * `side` the one that writes. */
struct net_writes {
    void *host;
    void (*written)(void *host, const char *name, enum net_side side, size_t taken);
};
void net_watch_writes(struct net *net, struct net_writes writes);

/* Describes all links and what is under way on them, in the order of their names.  A link is identified by
 * its place in that order, from 1. */
struct description;
void net_describe(struct description *description, const struct net *net);
size_t link_place(const struct link *link);
struct link **net_links(const struct net *net, size_t *count); /* in that order; the caller frees the array */

#endif

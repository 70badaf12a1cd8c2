/*
 * net.h - a network of byte streams, like TCP as seen from both ends.
 *
 * A link joins a client and a server.  What one end writes arrives at the other after a latency, in order, in
 * pieces cut wherever a choice says, even inside a character.  Each direction holds a bounded number of
 * bytes: when it is full, a write takes fewer bytes than it was given, and the end is told when there is
 * room.  An end that closes is heard of after everything it wrote; an end that breaks is heard of at once,
 * and what was on the way is lost.
 *
 * A link may be slower or narrower than the net's others, and it may fail: of itself, at a byte that was said
 * before; for a while; in one direction; without a word to anybody.  Whatever happens to it, what has arrived
 * is exactly what the ends were told of, and it lives until both are done with it.
 *
 * What is chosen, and what the answer 0 means, which is what the scripted policy always gives:
 *  - CHOICE_LATENCY, of 8, asked for each dial, write, close and break where jitter is not 0: it takes the
 *    latency and so many eighths of the jitter, or longer where something before it is still under way.  0 is
 *    the latency itself.
 *  - CHOICE_PIECES, of 3, asked for each dial: 0 is a link that cuts nothing, and is asked nothing more about
 *    pieces; 1 is one that seldom does, 2 one that mostly does.
 *  - CHOICE_PIECES, of 8, asked when bytes arrive and there is more than one: 0 is all that has arrived (and
 *    no more than the largest piece).  Anything else asks CHOICE_PIECES again for a cut after 1, 2, ... of
 *    them, not all.
 *  - CHOICE_LATENCY, of 8, asked when a piece left some behind and jitter is not 0: the rest comes so many
 *    eighths of the jitter later, 0 being at once, but in an event of its own.
 * In a world of any order nothing takes time, and nothing of this is asked: each write arrives in an event of
 * its own, whole where no largest piece bounds it.
 * A direction has one event in the world for all that is under way in it, be it slow or held back by a stall:
 * whoever orders the events of a world orders all that may arrive.  Each event tells one end one thing; only
 * `writable` is told in the event that made the room, at the end of it.
 *
 * The trace has these lines, WHO being the link's name; ">" is towards the server, "<" towards the client:
 *
 *      dials                       net_dial
 *      -> opened      <- opened    the server, the client is told that the connection stands
 *      > BYTES        < BYTES      a piece arrives at the server, at the client
 *      -> writable    <- writable  the server, the client is told that there is room
 *      closes         is closed    the client, the server closes
 *      breaks         is broken    the client, the server breaks
 *      half-closes    is half-closed  the client, the server will write nothing more
 *      fails                       the link breaks of itself
 *      is to fail after N bytes    once so many have arrived; "... to the server", "... to the client"
 *      -> stalls      <- stalls    nothing arrives at the server, at the client any more
 *      -> heals       <- heals     it does again
 *      stalls for SECONDS          nothing arrives at either end for so long
 *      takes SECONDS               the least latency
 *      carries N                   bytes a second; "carries everything" where there is no bound
 *      -> ended       <- ended     the server, the client is told of the end
 * Bytes that arrive at an end that expects them to be encrypted are told by their number ("> TLS 57 bytes"):
 * as what they were meant, the end that deciphers them tells (">> <presence/>", "<< ...").
 */
#ifndef SIM_NET_H
#define SIM_NET_H

#include "world.h"

struct net;
struct link;

enum net_side { NET_CLIENT, NET_SERVER };

/* Which bytes of a link count. */
enum link_way { LINK_TO_CLIENT = NET_CLIENT, LINK_TO_SERVER = NET_SERVER, LINK_EITHER_WAY, LINK_WAYS };

/* What an end of a link is told; `who` is the end's own.  All four are required.  They may write, close,
 * break and dial, the link that they are called for included. */
struct net_end {
    void (*opened)(void *who, struct link *link); /* the connection stands */
    void (*bytes)(void *who, struct link *link, const char *bytes, size_t length);
    void (*writable)(void *who, struct link *link);
    void (*ended)(void *who, struct link *link); /* the other end closed or the link broke; last of all */
    void *who;
};

/* How links behave unless told otherwise.  Every field is a default for links made later. */
struct net_options {
    sim_time latency;     /* the least time from write to arrival: 1 ms */
    sim_time jitter;      /* added to it by choice, 0 to 7 eighths of this: 4 ms */
    size_t capacity;      /* bytes one direction holds: 64 KiB */
    size_t largest_piece; /* bytes that arrive at once at the most; 0 is no bound */
};

struct net_options net_options_default(void);

/* `server` is the end that every dialled link reaches. */
struct net *net_new(struct world *world, struct net_options options, struct net_end server);
void net_free(struct net *net);

/* Connects.  The server's end is told after a crossing, the client's after twice that time; either may write
 * before.  `name` is the client's for the trace, borrowed for the life of the net.  A link lives until both
 * ends are done with it (closed, broken, or told that it ended) and nothing of it is under way. */
struct link *net_dial(struct net *net, const char *name, struct net_end client);

/* The same over a link that has a latency of its own: see link_set_latency. */
struct link *net_dial_over(struct net *net, const char *name, struct net_end client, sim_time latency);

/* Replaces an end's callbacks: the server gives each link its own `who`. */
void link_set_end(struct link *link, enum net_side side, struct net_end end);

/* Writes; returns how many bytes were taken.  Nothing is taken on a link that this side closed or half-closed
 * or that broke.  What is written to a side that has closed is taken and lost.  After a write that took less
 * than all, the end is told `writable` once at least half of the capacity is free. */
size_t link_write(struct link *link, enum net_side side, const char *bytes, size_t length);

/* Ends the link from one side, after what that side wrote.  The side hears nothing more of it.  On a link
 * that this side is done with it does nothing. */
void link_close(struct link *link, enum net_side side);

/* The FIN of TCP: a side writes nothing more, which the other is told after what it wrote (`ended`), and goes
 * on hearing what the other wrote until it was told so.  That other side is then done, as though it had
 * closed: this one is told of the end after all of that.  A side that has half-closed may still close or
 * break. */
void link_half_close(struct link *link, enum net_side side);

/* Cuts the link: what was under way is lost.  The side that cuts hears nothing more; the other is told that
 * it ended, after the latency.  A server that was not told yet that the link opened never hears of it; a
 * client can be told that a link ended which never opened. */
void link_break(struct link *link, enum net_side side);

/* The link fails of itself: what was under way is lost, and both ends are told, each after the latency; of
 * two ends the one that is not done.  A link that is broken already does not fail. */
void link_fail(struct link *link);

/* The link fails once so many more bytes have arrived, at whichever end, or at one: they are the last to
 * arrive, wherever that cuts a write, an element or a character.  With 0 it fails at once.  Each way has its
 * own count, and a later one takes its place. */
void link_break_after(struct link *link, enum link_way way, uint64_t bytes);

/* Each crossing takes so long at the least, from here on; what is under way already takes what it took, and
 * nothing overtakes it.  Jitter is still added. */
void link_set_latency(struct link *link, sim_time latency);

/* So many bytes a second go onto the wire in each direction, from here on, one TCP segment after the other;
 * the crossing of a segment begins when the last of its bytes is there.  0 is no bound. */
void link_set_bandwidth(struct link *link, uint64_t bytes);

/* While a direction is stalled nothing arrives at that side, neither bytes nor an end, and nobody is told
 * why: it holds what is written until it is full.  Both directions stalled is a link that died without a
 * word; the one towards the client, a client that does not read. */
void link_stall(struct link *link, enum net_side side, bool stalled);
bool link_is_stalled(const struct link *link, enum net_side side);

/* Nothing arrives at either end for so long, and then all that was due; a stall that lasts longer already
 * does not get shorter.  This is no event of its own: what is under way arrives when the stall is over, so a
 * world that settles has waited for it, and one in which nothing moves has not. */
void link_stall_for(struct link *link, sim_time span);

/* Nothing is stalled any more, on whichever link, unless it is for a while. */
void net_heal(struct net *net);

/* What goes wrong with links, each where it makes a difference: to what arrives, or when. */
enum net_fault {
    NET_FAILED,      /* a whole link failed of itself */
    NET_CUT,         /* the same, at a byte that was said before */
    NET_HALF_CLOSED, /* a side will write nothing more */
    NET_SLOW,        /* a write crossed a link with a latency or a bandwidth of its own */
    NET_NARROW,      /* bytes that could have arrived were too many for the link's largest piece */
    NET_PAUSED,      /* what was due waits until a stall for a while is over */
    NET_DEAD,        /* something does not arrive on a link of which both directions are stalled */
    NET_UNREAD,      /* the same where one direction is, or goes on there */
    NET_HEALED,      /* what did not arrive on a dead link goes on */
    NET_FAULTS
};

/* How often each happened on all links of a net so far. */
uint64_t net_fault_count(const struct net *net, enum net_fault fault);

/* How many links of that name are half alive: the client is done with them, and the server has not heard. */
unsigned net_half_alive(const struct net *net, const char *name);

/* Bytes arrive at most `bytes` at a time from now on, in both directions; 0 is no bound. */
void link_set_largest_piece(struct link *link, size_t bytes);

/* What arrives at a side from now on is encrypted, as far as the trace is concerned. */
void link_set_opaque(struct link *link, enum net_side side);

/* A line in the trace about what a side deciphered. */
void link_trace_plaintext(const struct link *link, enum net_side side, const char *bytes, size_t length);

/* What a side is told, and who by. */
const struct net_end *link_end(const struct link *link, enum net_side side);

/* All links with what is under way on them, in the order of their names.  A link is known by its place among
 * them, from 1. */
struct description;
void net_describe(struct description *description, const struct net *net);
size_t link_place(const struct link *link);
struct link **net_links(const struct net *net, size_t *count); /* in that order; the caller frees */

#endif

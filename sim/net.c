/*
 * net.c - what is on its way between the ends of links.
 *
 * Each direction of a link holds a queue of parcels (the connection itself, runs of bytes, an end), each with
 * the time at which it arrives, and the bytes of them all in one buffer.  At most one event of the world
 * stands for the whole queue, due no later than the first parcel.  Parcels and buffers come from pools and go
 * back to them, the last used first, so that what is busy stays in the processor's caches and a link on which
 * nothing moves holds nothing.
 */
#include "net.h"

#include "describe.h"
#include "prefetch.h"

#include "must.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
    bool opaque;    /* what arrives is encrypted */
    bool stalled;   /* nothing arrives here */
    bool done;      /* it closed, broke or was told of the end: it hears nothing more */
    bool unwritten; /* a write of its was not taken whole, and it was not told of room since */
};

/* On a boundary of cache lines: a quiet link is two of them and no more. */
struct link {
    _Alignas(64) struct net *net;
    const char *name;
    struct transit *to[2];  /* NULL while nothing is under way */
    uint32_t largest_piece; /* UINT32_MAX for no bound */
    uint32_t index;         /* among the net's links */
    bool broken;
    bool in_hand; /* an end is being told something */
    struct end_state states[2];
    struct net_end ends[2];
};

enum { SMALLEST_BUFFER = 256, BUFFER_RANKS = 24, PARCELS_A_BLOCK = 128, JITTER_STEPS = 8, PIECE_ODDS = 8 };

struct parcel_block {
    struct parcel_block *next;
    struct parcel parcels[PARCELS_A_BLOCK];
};

struct net {
    struct world *world;
    struct net_options options;
    struct net_end server;
    struct link **links;
    uint32_t link_count, link_capacity;
    struct transit *free_transits;
    struct parcel *free_parcels;
    struct parcel_block *parcel_blocks;
    struct buffer_block *free_buffers[BUFFER_RANKS]; /* rank n has SMALLEST_BUFFER << n bytes */
};

static enum net_side other(enum net_side side)
{
    return side == NET_CLIENT ? NET_SERVER : NET_CLIENT;
}

/* ---- Buffers ---- */

static size_t rank_size(uint32_t rank)
{
    return (size_t)SMALLEST_BUFFER << rank;
}

static struct buffer_block *buffer_take(struct net *net, size_t size)
{
    uint32_t rank = 0;
    while (rank_size(rank) < size)
        rank++;
    assert(rank < BUFFER_RANKS);
    struct buffer_block *buffer = net->free_buffers[rank];
    if (buffer != NULL)
        net->free_buffers[rank] = buffer->next;
    else
        buffer = must(malloc(sizeof *buffer + rank_size(rank)));
    buffer->start = 0;
    buffer->length = 0;
    buffer->holders = 1;
    buffer->rank = rank;
    return buffer;
}

static void buffer_release(struct net *net, struct buffer_block *buffer)
{
    assert(buffer->holders > 0);
    if (--buffer->holders > 0)
        return;
    buffer->next = net->free_buffers[buffer->rank];
    net->free_buffers[buffer->rank] = buffer;
}

/* Makes room for more bytes at the end.  Bytes are moved only where at least as many have left before them,
 * or into twice the size, so that a byte is moved once on average. */
static struct buffer_block *buffer_with_room(struct net *net, struct buffer_block *buffer, size_t more)
{
    if (buffer == NULL)
        return buffer_take(net, more);
    const size_t needed = buffer->length + more;
    const size_t size = rank_size(buffer->rank);
    if (buffer->start + needed <= size)
        return buffer;
    if (buffer->holders == 1 && buffer->start >= buffer->length && needed <= size) {
        memcpy(buffer->bytes, buffer->bytes + buffer->start, buffer->length);
        buffer->start = 0;
        return buffer;
    }
    struct buffer_block *larger = buffer_take(net, needed * 2);
    memcpy(larger->bytes, buffer->bytes + buffer->start, buffer->length);
    larger->length = buffer->length;
    buffer_release(net, buffer);
    return larger;
}

/* ---- Parcels ---- */

static void add_parcels(struct net *net)
{
    struct parcel_block *block = must(malloc(sizeof *block));
    block->next = net->parcel_blocks;
    net->parcel_blocks = block;
    for (size_t i = PARCELS_A_BLOCK; i-- > 0;) {
        block->parcels[i].next = net->free_parcels;
        net->free_parcels = &block->parcels[i];
    }
}

static void append_parcel(struct net *net, struct transit *transit, struct parcel parcel)
{
    if (net->free_parcels == NULL)
        add_parcels(net);
    struct parcel *appended = net->free_parcels;
    net->free_parcels = appended->next;
    *appended = parcel;
    if (transit->last != NULL)
        transit->last->next = appended;
    else
        transit->first = appended;
    transit->last = appended;
}

static void drop_first(struct net *net, struct transit *transit)
{
    struct parcel *parcel = transit->first;
    transit->first = parcel->next;
    if (transit->first == NULL)
        transit->last = NULL;
    parcel->next = net->free_parcels;
    net->free_parcels = parcel;
}

/* ---- Transits ---- */

static struct transit *transit_take(struct net *net)
{
    struct transit *transit = net->free_transits;
    if (transit != NULL)
        net->free_transits = transit->next;
    else
        transit = must(malloc(sizeof *transit));
    *transit = (struct transit){ 0 };
    return transit;
}

static void transit_release(struct net *net, struct transit *transit)
{
    assert(transit->first == NULL && transit->buffer == NULL);
    transit->next = net->free_transits;
    net->free_transits = transit;
}

static uint32_t bytes_under_way(const struct transit *transit)
{
    return transit != NULL && transit->buffer != NULL ? transit->buffer->length : 0;
}

/* Drops all that is under way.  The event of the world stays, and will find nothing. */
static void drop_all(struct net *net, struct transit *transit)
{
    if (transit == NULL)
        return;
    while (transit->first != NULL)
        drop_first(net, transit);
    if (transit->buffer != NULL)
        buffer_release(net, transit->buffer);
    transit->buffer = NULL;
}

static sim_time by_choice(struct net *net)
{
    const sim_time jitter = net->options.jitter;
    if (jitter == 0)
        return 0;
    return jitter / JITTER_STEPS * choose(world_choices(net->world), CHOICE_LATENCY, JITTER_STEPS);
}

static sim_time crossing_time(struct net *net)
{
    return net->options.latency + by_choice(net);
}

static void deliver_to_client(void *subject);
static void deliver_to_server(void *subject);

static void schedule(struct link *link, enum net_side side, sim_time at)
{
    link->to[side]->event_at = at;
    link->to[side]->scheduled = true;
    world_event(link->net->world, at, side == NET_CLIENT ? deliver_to_client : deliver_to_server, link);
}

/* Puts something on its way to a side.  It overtakes nothing, nor does it arrive before the event that is
 * scheduled already. */
static void dispatch(struct link *link, enum net_side side, enum parcel_kind kind, sim_time after,
                     uint32_t length)
{
    struct net *net = link->net;
    struct parcel parcel = { .at = world_now(net->world) + after, .length = length, .kind = kind };
    if (link->to[side] == NULL) {
        link->to[side] = transit_take(net);
        if (!link->states[side].stalled)
            schedule(link, side, parcel.at);
    }
    struct transit *transit = link->to[side];
    struct parcel *last = transit->last;
    if (transit->scheduled && parcel.at < transit->event_at)
        parcel.at = transit->event_at;
    if (last != NULL && parcel.at < last->at)
        parcel.at = last->at;
    if (last != NULL && last->at == parcel.at && last->kind == PARCEL_BYTES && kind == PARCEL_BYTES)
        last->length += length;
    else
        append_parcel(net, transit, parcel);
}

static void dispatch_bytes(struct link *link, enum net_side side, const char *bytes, size_t length)
{
    dispatch(link, side, PARCEL_BYTES, crossing_time(link->net), (uint32_t)length);
    struct transit *transit = link->to[side];
    struct buffer_block *buffer = buffer_with_room(link->net, transit->buffer, length);
    memcpy(buffer->bytes + buffer->start + buffer->length, bytes, length);
    buffer->length += (uint32_t)length;
    transit->buffer = buffer;
}

/* ---- Delivery ---- */

static void tell_trace(const struct link *link, const char *what, const char *bytes, size_t length)
{
    struct world *world = link->net->world;
    trace_line(world_trace(world), world_now(world), link->name, what, bytes, length);
}

static void trace_bytes(const struct link *link, enum net_side side, const char *bytes, uint32_t length)
{
    char counted[32];
    if (!link->states[side].opaque) {
        tell_trace(link, side == NET_SERVER ? ">" : "<", bytes, length);
        return;
    }
    int printed = snprintf(counted, sizeof counted, "%" PRIu32 " bytes", length);
    tell_trace(link, side == NET_SERVER ? "> TLS" : "< TLS", counted, (size_t)printed);
}

void link_set_opaque(struct link *link, enum net_side side)
{
    link->states[side].opaque = true;
}

void link_trace_plaintext(const struct link *link, enum net_side side, const char *bytes, size_t length)
{
    tell_trace(link, side == NET_SERVER ? ">>" : "<<", bytes, length);
}

static void arrive_opened(struct link *link, enum net_side side)
{
    const struct net_end *end = &link->ends[side];
    drop_first(link->net, link->to[side]);
    tell_trace(link, side == NET_SERVER ? "-> opened" : "<- opened", NULL, 0);
    end->opened(end->who, link);
}

static void arrive_ended(struct link *link, enum net_side side)
{
    const struct net_end *end = &link->ends[side];
    assert(link->states[other(side)].done || link->broken);
    drop_first(link->net, link->to[side]);
    assert(link->to[side]->first == NULL);
    link->states[side].done = true;
    tell_trace(link, side == NET_SERVER ? "-> ended" : "<- ended", NULL, 0);
    end->ended(end->who, link);
}

/* How many of the bytes that could arrive now do. */
static uint32_t piece_of(const struct link *link, uint32_t available)
{
    struct choices *choices = world_choices(link->net->world);
    const uint32_t most = available < link->largest_piece ? available : link->largest_piece;
    if (most == 1 || choose(choices, CHOICE_PIECES, PIECE_ODDS) == 0)
        return most;
    return 1 + choose(choices, CHOICE_PIECES, most - 1);
}

static uint32_t arrived_by_now(const struct transit *transit, sim_time now)
{
    uint32_t length = 0;
    for (const struct parcel *parcel = transit->first; parcel != NULL; parcel = parcel->next) {
        if (parcel->kind != PARCEL_BYTES || parcel->at > now)
            break;
        length += parcel->length;
    }
    return length;
}

/* Takes a piece off the parcels, whole ones and the beginning of the last. */
static void take_off(struct net *net, struct transit *transit, uint32_t piece)
{
    while (piece > 0 && piece >= transit->first->length) {
        piece -= transit->first->length;
        drop_first(net, transit);
    }
    if (piece > 0)
        transit->first->length -= piece;
}

/* Takes the bytes of a piece out of the transit.  The buffer is held for the caller, who releases it. */
static struct buffer_block *take_out(struct net *net, struct transit *transit, uint32_t piece)
{
    struct buffer_block *buffer = transit->buffer;
    assert(piece <= buffer->length);
    buffer->start += piece;
    buffer->length -= piece;
    buffer->holders++;
    if (buffer->length == 0) {
        transit->buffer = NULL;
        buffer_release(net, buffer);
    }
    return buffer;
}

/* Tells the writing end that at least half of the capacity is free, where it waits for that. */
static void tell_writable(struct link *link, enum net_side reader)
{
    const enum net_side writer = other(reader);
    const size_t capacity = link->net->options.capacity;
    if (!link->states[writer].unwritten || link->states[writer].done || link->states[reader].done)
        return;
    if (capacity - bytes_under_way(link->to[reader]) < (capacity + 1) / 2)
        return;
    link->states[writer].unwritten = false;
    tell_trace(link, writer == NET_SERVER ? "-> writable" : "<- writable", NULL, 0);
    const struct net_end *end = &link->ends[writer];
    end->writable(end->who, link);
}

static void arrive_bytes(struct link *link, enum net_side side)
{
    struct net *net = link->net;
    struct transit *transit = link->to[side];
    const sim_time now = world_now(net->world);
    const struct net_end *end = &link->ends[side];
    prefetch(end->who, 1);
    prefetch(link->name, 1);
    const uint32_t available = arrived_by_now(transit, now);
    const uint32_t piece = piece_of(link, available);
    take_off(net, transit, piece);
    if (piece < available)
        transit->first->at = now + by_choice(net);

    struct buffer_block *buffer = take_out(net, transit, piece);
    const char *bytes = buffer->bytes + buffer->start - piece;
    trace_bytes(link, side, bytes, piece);
    end->bytes(end->who, link, bytes, piece);
    buffer_release(net, buffer);
    tell_writable(link, side);
}

static void arrive(struct link *link, enum net_side side, enum parcel_kind kind)
{
    static void (*const ARRIVE[])(struct link *, enum net_side) = {
        [PARCEL_OPENED] = arrive_opened,
        [PARCEL_BYTES] = arrive_bytes,
        [PARCEL_ENDED] = arrive_ended,
    };
    assert(!link->in_hand);
    link->in_hand = true;
    ARRIVE[kind](link, side);
    link->in_hand = false;
}

static void free_when_over(struct link *link)
{
    if (link->in_hand || !link->states[NET_CLIENT].done || !link->states[NET_SERVER].done)
        return;
    if (link->to[NET_CLIENT] != NULL || link->to[NET_SERVER] != NULL)
        return;
    struct net *net = link->net;
    struct link *moved = net->links[--net->link_count];
    net->links[link->index] = moved;
    moved->index = link->index;
    free(link);
}

static void schedule_first(struct link *link, enum net_side side)
{
    if (link->states[side].stalled)
        return;
    /* What came after the rest of a piece may have been due before it. */
    const struct parcel *first = link->to[side]->first;
    const sim_time now = world_now(link->net->world);
    const sim_time due = first != NULL ? first->at : now;
    schedule(link, side, due > now ? due : now);
}

static void deliver(struct link *link, enum net_side side)
{
    struct transit *transit = link->to[side];
    const struct parcel *first = transit->first;
    const sim_time now = world_now(link->net->world);
    transit->scheduled = false;
    if (first != NULL && first->at <= now && !link->states[side].stalled)
        arrive(link, side, first->kind);
    if (transit->first != NULL) {
        schedule_first(link, side);
        return;
    }
    transit_release(link->net, transit);
    link->to[side] = NULL;
    free_when_over(link);
}

static void deliver_to_client(void *subject)
{
    deliver(subject, NET_CLIENT);
}

static void deliver_to_server(void *subject)
{
    deliver(subject, NET_SERVER);
}

/* ---- The net ---- */

struct net_options net_options_default(void)
{
    return (struct net_options){
        .latency = SIM_MILLISECOND,
        .jitter = 4 * SIM_MILLISECOND,
        .capacity = (size_t)64 * 1024,
        .largest_piece = 0,
    };
}

static bool is_whole(const struct net_end *end)
{
    return end->opened != NULL && end->bytes != NULL && end->writable != NULL && end->ended != NULL;
}

struct net *net_new(struct world *world, struct net_options options, struct net_end server)
{
    /* A buffer is at most twice as large as what it has to hold. */
    assert(options.capacity > 0 && options.capacity <= rank_size(BUFFER_RANKS - 1) / 2);
    assert(is_whole(&server));
    struct net *net = must(calloc(1, sizeof *net));
    net->world = world;
    net->options = options;
    net->server = server;
    return net;
}

static void free_transit(struct transit *transit)
{
    if (transit != NULL)
        free(transit->buffer);
    free(transit);
}

static void free_links(struct net *net)
{
    for (uint32_t i = 0; i < net->link_count; i++) {
        free_transit(net->links[i]->to[NET_CLIENT]);
        free_transit(net->links[i]->to[NET_SERVER]);
        free(net->links[i]);
    }
    free(net->links);
}

static void free_pools(struct net *net)
{
    while (net->free_transits != NULL) {
        struct transit *transit = net->free_transits;
        net->free_transits = transit->next;
        free(transit);
    }
    while (net->parcel_blocks != NULL) {
        struct parcel_block *block = net->parcel_blocks;
        net->parcel_blocks = block->next;
        free(block);
    }
    for (size_t rank = 0; rank < BUFFER_RANKS; rank++) {
        while (net->free_buffers[rank] != NULL) {
            struct buffer_block *buffer = net->free_buffers[rank];
            net->free_buffers[rank] = buffer->next;
            free(buffer);
        }
    }
}

void net_free(struct net *net)
{
    if (net == NULL)
        return;
    free_links(net);
    free_pools(net);
    free(net);
}

/* ---- Links ---- */

static void add_link(struct net *net, struct link *link)
{
    if (net->link_count == net->link_capacity) {
        net->link_capacity = net->link_capacity == 0 ? 16 : net->link_capacity * 2;
        net->links = must(realloc(net->links, net->link_capacity * sizeof(struct link *)));
    }
    link->index = net->link_count++;
    net->links[link->index] = link;
}

struct link *net_dial(struct net *net, const char *name, struct net_end client)
{
    assert(is_whole(&client));
    struct link *link = must(aligned_alloc(_Alignof(struct link), sizeof *link));
    *link = (struct link){ .net = net, .name = name, .ends = { client, net->server } };
    link_set_largest_piece(link, net->options.largest_piece);
    add_link(net, link);

    tell_trace(link, "dials", NULL, 0);
    const sim_time crossing = crossing_time(net);
    dispatch(link, NET_SERVER, PARCEL_OPENED, crossing, 0);
    dispatch(link, NET_CLIENT, PARCEL_OPENED, 2 * crossing, 0);
    return link;
}

void link_set_end(struct link *link, enum net_side side, struct net_end end)
{
    assert(is_whole(&end));
    link->ends[side] = end;
}

void link_set_largest_piece(struct link *link, size_t bytes)
{
    link->largest_piece = bytes == 0 || bytes > UINT32_MAX ? UINT32_MAX : (uint32_t)bytes;
}

const char *link_name(const struct link *link)
{
    return link->name;
}

size_t link_write(struct link *link, enum net_side side, const char *bytes, size_t length)
{
    struct end_state *writer = &link->states[side];
    const enum net_side reader = other(side);
    if (writer->done || link->broken || length == 0)
        return 0;
    if (link->states[reader].done) /* Nobody is there any more, which this side does not know yet. */
        return length;
    const size_t room = link->net->options.capacity - bytes_under_way(link->to[reader]);
    const size_t taken = length < room ? length : room;
    if (taken < length)
        writer->unwritten = true;
    if (taken > 0)
        dispatch_bytes(link, reader, bytes, taken);
    return taken;
}

/* Ends the link for one side, and sends word to the other. */
static void finish(struct link *link, enum net_side side)
{
    link->states[side].done = true;
    drop_all(link->net, link->to[side]);
    if (!link->states[other(side)].done)
        dispatch(link, other(side), PARCEL_ENDED, crossing_time(link->net), 0);
    free_when_over(link);
}

void link_close(struct link *link, enum net_side side)
{
    if (link->states[side].done)
        return;
    tell_trace(link, side == NET_CLIENT ? "closes" : "is closed", NULL, 0);
    finish(link, side);
}

/* Whether the server has yet to hear that the link was ever dialled. */
static bool is_unheard_of(const struct link *link)
{
    const struct transit *transit = link->to[NET_SERVER];
    return transit != NULL && transit->first != NULL && transit->first->kind == PARCEL_OPENED;
}

void link_break(struct link *link, enum net_side side)
{
    if (link->states[side].done)
        return;
    tell_trace(link, side == NET_CLIENT ? "breaks" : "is broken", NULL, 0);
    if (side == NET_CLIENT && is_unheard_of(link))
        link->states[NET_SERVER].done = true;
    link->broken = true;
    drop_all(link->net, link->to[other(side)]);
    finish(link, side);
}

void link_fail(struct link *link)
{
    if (link->states[NET_CLIENT].done || link->states[NET_SERVER].done)
        return;
    tell_trace(link, "fails", NULL, 0);
    const bool unheard_of = is_unheard_of(link);
    link->broken = true;
    drop_all(link->net, link->to[NET_CLIENT]);
    drop_all(link->net, link->to[NET_SERVER]);
    dispatch(link, NET_CLIENT, PARCEL_ENDED, crossing_time(link->net), 0);
    if (unheard_of)
        link->states[NET_SERVER].done = true;
    else
        dispatch(link, NET_SERVER, PARCEL_ENDED, crossing_time(link->net), 0);
}

void link_stall(struct link *link, enum net_side side, bool stalled)
{
    struct end_state *state = &link->states[side];
    if (state->stalled == stalled)
        return;
    state->stalled = stalled;
    static const char *const words[2][2] = { { "<- heals", "<- stalls" }, { "-> heals", "-> stalls" } };
    tell_trace(link, words[side == NET_SERVER][stalled], NULL, 0);
    struct transit *transit = link->to[side];
    if (!stalled && transit != NULL && !transit->scheduled)
        schedule_first(link, side);
}

bool link_is_stalled(const struct link *link, enum net_side side)
{
    return link->states[side].stalled;
}

void net_heal(struct net *net)
{
    for (uint32_t i = 0; i < net->link_count; i++) {
        link_stall(net->links[i], NET_CLIENT, false);
        link_stall(net->links[i], NET_SERVER, false);
    }
}

/* ---- Described ---- */

size_t link_place(const struct link *link)
{
    return (size_t)link->index + 1;
}

static void describe_parcels(struct description *description, const struct transit *transit, bool opaque)
{
    static const char *const words[] = {
        [PARCEL_OPENED] = "the connection", [PARCEL_BYTES] = "bytes", [PARCEL_ENDED] = "the end"
    };
    const char *bytes = transit->buffer != NULL ? transit->buffer->bytes + transit->buffer->start : NULL;
    for (const struct parcel *parcel = transit->first; parcel != NULL; parcel = parcel->next) {
        describe_line(description, "under way");
        describe_time(description, words[parcel->kind], parcel->at);
        if (opaque)
            describe_secret(description, "TLS", bytes, parcel->length);
        else
            describe_bytes(description, "bytes", bytes, parcel->length);
        bytes = parcel->length > 0 ? bytes + parcel->length : bytes;
    }
}

/* What is true of a side, and what goes there. */
static void describe_side(struct description *description, const struct link *link, enum net_side side)
{
    const struct end_state *state = &link->states[side];
    const struct transit *transit = link->to[side];
    describe_line(description, "%s", side == NET_SERVER ? "to the server" : "to the client");
    describe_word(description, state->done, "over");
    describe_word(description, state->stalled, "stalled");
    describe_word(description, state->opaque, "encrypted");
    describe_word(description, state->unwritten, "waits for room on the way back");
    if (transit == NULL)
        return;
    if (transit->scheduled)
        describe_time(description, "event", transit->event_at);
    describe_in(description);
    describe_parcels(description, transit, state->opaque);
    describe_out(description);
}

void net_describe(struct description *description, const struct net *net)
{
    for (uint32_t i = 0; i < net->link_count; i++) {
        const struct link *link = net->links[i];
        describe_line(description, "link %zu", link_place(link));
        describe_string(description, "of", link->name);
        describe_word(description, link->broken, "broken");
        describe_count(description, "largest piece",
                       link->largest_piece != UINT32_MAX ? link->largest_piece : 0);
        describe_in(description);
        describe_side(description, link, NET_SERVER);
        describe_side(description, link, NET_CLIENT);
        describe_out(description);
    }
}

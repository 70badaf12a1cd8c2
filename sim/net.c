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

#include <assert.h>
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

/* What moves towards one end, and that end. */
struct direction {
    struct parcel *first, *last;
    struct buffer_block *buffer; /* NULL while there are no bytes */
    sim_time event_at;           /* while `scheduled` */
    bool scheduled;
    bool short_of_room; /* a write took less than it was given, and the writer was not told of room since */
    bool done;          /* the end closed, broke or was told of the end: it hears nothing more */
    struct net_end end;
};

struct link {
    struct net *net;
    const char *name;
    uint32_t largest_piece; /* UINT32_MAX for no bound */
    bool broken;
    bool in_hand; /* an end is being told something */
    struct direction to[2];
    struct link *next, *previous; /* among the net's links */
};

enum { SMALLEST_BUFFER = 512, BUFFER_RANKS = 23, PARCELS_A_BLOCK = 128, JITTER_STEPS = 8, PIECE_ODDS = 8 };

struct parcel_block {
    struct parcel_block *next;
    struct parcel parcels[PARCELS_A_BLOCK];
};

struct net {
    struct world *world;
    struct net_options options;
    struct net_end server;
    struct link *links;
    struct parcel *free_parcels;
    struct parcel_block *parcel_blocks;
    struct buffer_block *free_buffers[BUFFER_RANKS]; /* rank n has SMALLEST_BUFFER << n bytes */
};

static void *must(void *block)
{
    if (block == NULL)
        abort();
    return block;
}

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

static size_t bytes_held(const struct direction *direction)
{
    return direction->buffer != NULL ? direction->buffer->length : 0;
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

static void drop_first(struct net *net, struct direction *direction)
{
    struct parcel *parcel = direction->first;
    direction->first = parcel->next;
    if (direction->first == NULL)
        direction->last = NULL;
    parcel->next = net->free_parcels;
    net->free_parcels = parcel;
}

/* Drops all that is under way.  The event of the world stays, and will find nothing. */
static void drop_all(struct net *net, struct direction *direction)
{
    while (direction->first != NULL)
        drop_first(net, direction);
    if (direction->buffer != NULL)
        buffer_release(net, direction->buffer);
    direction->buffer = NULL;
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

static void delivery_to_client(void *subject);
static void delivery_to_server(void *subject);

static void schedule(struct link *link, enum net_side side)
{
    struct direction *direction = &link->to[side];
    if (direction->scheduled || direction->first == NULL)
        return;
    direction->scheduled = true;
    direction->event_at = direction->first->at;
    world_event(link->net->world, direction->event_at,
                side == NET_CLIENT ? delivery_to_client : delivery_to_server, link);
}

/* Puts something on its way to a side.  It overtakes nothing, nor does it arrive before the event that is
 * scheduled already. */
static void dispatch(struct link *link, enum net_side side, enum parcel_kind kind, sim_time after,
                     size_t length)
{
    struct net *net = link->net;
    struct direction *direction = &link->to[side];
    sim_time at = world_now(net->world) + after;
    if (direction->scheduled && at < direction->event_at)
        at = direction->event_at;
    struct parcel *last = direction->last;
    if (last != NULL && at < last->at)
        at = last->at;
    if (last != NULL && last->at == at && last->kind == PARCEL_BYTES && kind == PARCEL_BYTES) {
        last->length += (uint32_t)length;
        return;
    }
    if (net->free_parcels == NULL)
        add_parcels(net);
    struct parcel *parcel = net->free_parcels;
    net->free_parcels = parcel->next;
    *parcel = (struct parcel){ .at = at, .length = (uint32_t)length, .kind = kind };
    if (last != NULL)
        last->next = parcel;
    else
        direction->first = parcel;
    direction->last = parcel;
    schedule(link, side);
}

/* ---- Delivery ---- */

static void tell_trace(struct link *link, const char *what, const char *bytes, size_t length)
{
    struct world *world = link->net->world;
    trace_line(world_trace(world), world_now(world), link->name, what, bytes, length);
}

static void free_when_over(struct link *link)
{
    if (link->in_hand || !link->to[NET_CLIENT].done || !link->to[NET_SERVER].done)
        return;
    if (link->to[NET_CLIENT].scheduled || link->to[NET_SERVER].scheduled)
        return;
    assert(link->to[NET_CLIENT].first == NULL && link->to[NET_SERVER].first == NULL);
    if (link->next != NULL)
        link->next->previous = link->previous;
    if (link->previous != NULL)
        link->previous->next = link->next;
    else
        link->net->links = link->next;
    free(link);
}

static void arrive_opened(struct link *link, enum net_side side)
{
    struct direction *direction = &link->to[side];
    drop_first(link->net, direction);
    schedule(link, side);
    tell_trace(link, side == NET_SERVER ? "-> opened" : "<- opened", NULL, 0);
    direction->end.opened(direction->end.who, link);
}

static void arrive_ended(struct link *link, enum net_side side)
{
    struct direction *direction = &link->to[side];
    drop_first(link->net, direction);
    assert(direction->first == NULL);
    direction->done = true;
    drop_all(link->net, &link->to[other(side)]);
    tell_trace(link, side == NET_SERVER ? "-> ended" : "<- ended", NULL, 0);
    direction->end.ended(direction->end.who, link);
}

/* How many of the bytes that could arrive now do. */
static uint32_t piece_of(struct link *link, uint32_t available)
{
    struct choices *choices = world_choices(link->net->world);
    const uint32_t most = available < link->largest_piece ? available : link->largest_piece;
    if (most == 1 || choose(choices, CHOICE_PIECES, PIECE_ODDS) == 0)
        return most;
    return 1 + choose(choices, CHOICE_PIECES, most - 1);
}

static uint32_t arrived_by_now(const struct direction *direction, sim_time now)
{
    uint32_t length = 0;
    for (const struct parcel *parcel = direction->first; parcel != NULL; parcel = parcel->next) {
        if (parcel->kind != PARCEL_BYTES || parcel->at > now)
            break;
        length += parcel->length;
    }
    return length;
}

/* Takes a piece off the parcels, whole ones and the beginning of the last. */
static void take_off(struct net *net, struct direction *direction, uint32_t piece)
{
    while (piece > 0 && piece >= direction->first->length) {
        piece -= direction->first->length;
        drop_first(net, direction);
    }
    if (piece > 0)
        direction->first->length -= piece;
}

/* Tells the writing end that at least half of the capacity is free, where it waits for that. */
static void tell_writable(struct link *link, enum net_side reader)
{
    struct direction *read = &link->to[reader];
    struct direction *writer = &link->to[other(reader)];
    const size_t capacity = link->net->options.capacity;
    if (!read->short_of_room || read->done || writer->done)
        return;
    if (capacity - bytes_held(read) < (capacity + 1) / 2)
        return;
    read->short_of_room = false;
    tell_trace(link, reader == NET_SERVER ? "<- writable" : "-> writable", NULL, 0);
    writer->end.writable(writer->end.who, link);
}

static void arrive_bytes(struct link *link, enum net_side side)
{
    struct net *net = link->net;
    struct direction *direction = &link->to[side];
    const sim_time now = world_now(net->world);
    const uint32_t available = arrived_by_now(direction, now);
    const uint32_t piece = piece_of(link, available);
    take_off(net, direction, piece);
    if (piece < available)
        direction->first->at = now + by_choice(net);

    struct buffer_block *buffer = direction->buffer;
    const char *bytes = buffer->bytes + buffer->start;
    buffer->start += piece;
    buffer->length -= piece;
    buffer->holders++;
    if (buffer->length == 0) {
        direction->buffer = NULL;
        buffer_release(net, buffer);
    }
    schedule(link, side);
    tell_trace(link, side == NET_SERVER ? ">" : "<", bytes, piece);
    direction->end.bytes(direction->end.who, link, bytes, piece);
    buffer_release(net, buffer);
    tell_writable(link, side);
}

static void deliver(struct link *link, enum net_side side)
{
    static void (*const ARRIVE[])(struct link * link, enum net_side side) = {
        [PARCEL_OPENED] = arrive_opened,
        [PARCEL_BYTES] = arrive_bytes,
        [PARCEL_ENDED] = arrive_ended,
    };
    struct direction *direction = &link->to[side];
    assert(!link->in_hand);
    direction->scheduled = false;
    if (direction->first != NULL && direction->first->at <= world_now(link->net->world)) {
        link->in_hand = true;
        ARRIVE[direction->first->kind](link, side);
        link->in_hand = false;
    }
    schedule(link, side);
    free_when_over(link);
}

static void delivery_to_client(void *subject)
{
    deliver(subject, NET_CLIENT);
}

static void delivery_to_server(void *subject)
{
    deliver(subject, NET_SERVER);
}

/* ---- The net ---- */

struct net_options net_options_default(void)
{
    return (struct net_options){
        .latency = SIM_MILLISECOND,
        .jitter = 4 * SIM_MILLISECOND,
        .capacity = 64 * 1024,
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

static void free_links(struct link *link)
{
    while (link != NULL) {
        struct link *next = link->next;
        free(link->to[NET_CLIENT].buffer);
        free(link->to[NET_SERVER].buffer);
        free(link);
        link = next;
    }
}

void net_free(struct net *net)
{
    if (net == NULL)
        return;
    free_links(net->links);
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
    free(net);
}

/* ---- Links ---- */

struct link *net_dial(struct net *net, const char *name, struct net_end client)
{
    assert(is_whole(&client));
    struct link *link = must(calloc(1, sizeof *link));
    link->net = net;
    link->name = name;
    link->to[NET_CLIENT].end = client;
    link->to[NET_SERVER].end = net->server;
    link_set_largest_piece(link, net->options.largest_piece);
    link->next = net->links;
    if (net->links != NULL)
        net->links->previous = link;
    net->links = link;

    tell_trace(link, "dials", NULL, 0);
    const sim_time crossing = crossing_time(net);
    dispatch(link, NET_SERVER, PARCEL_OPENED, crossing, 0);
    dispatch(link, NET_CLIENT, PARCEL_OPENED, 2 * crossing, 0);
    return link;
}

void link_set_end(struct link *link, enum net_side side, struct net_end end)
{
    assert(is_whole(&end));
    link->to[side].end = end;
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
    struct direction *direction = &link->to[other(side)];
    if (link->to[side].done || link->broken || length == 0)
        return 0;
    if (direction->done) /* Nobody is there any more, which this side does not know yet. */
        return length;
    const size_t room = link->net->options.capacity - bytes_held(direction);
    const size_t taken = length < room ? length : room;
    if (taken < length)
        direction->short_of_room = true;
    if (taken == 0)
        return 0;
    struct buffer_block *buffer = buffer_with_room(link->net, direction->buffer, taken);
    memcpy(buffer->bytes + buffer->start + buffer->length, bytes, taken);
    buffer->length += (uint32_t)taken;
    direction->buffer = buffer;
    dispatch(link, other(side), PARCEL_BYTES, crossing_time(link->net), taken);
    return taken;
}

void link_close(struct link *link, enum net_side side)
{
    if (link->to[side].done)
        return;
    tell_trace(link, side == NET_CLIENT ? "closes" : "is closed", NULL, 0);
    link->to[side].done = true;
    drop_all(link->net, &link->to[side]);
    if (!link->to[other(side)].done)
        dispatch(link, other(side), PARCEL_ENDED, crossing_time(link->net), 0);
    free_when_over(link);
}

/* Whether the server has yet to hear that the link was ever dialled. */
static bool is_unheard_of(const struct link *link)
{
    const struct parcel *first = link->to[NET_SERVER].first;
    return first != NULL && first->kind == PARCEL_OPENED;
}

void link_break(struct link *link, enum net_side side)
{
    if (link->to[side].done)
        return;
    tell_trace(link, side == NET_CLIENT ? "breaks" : "is broken", NULL, 0);
    struct direction *told = &link->to[other(side)];
    if (side == NET_CLIENT && is_unheard_of(link))
        told->done = true;
    link->broken = true;
    link->to[side].done = true;
    drop_all(link->net, &link->to[NET_CLIENT]);
    drop_all(link->net, &link->to[NET_SERVER]);
    if (!told->done)
        dispatch(link, other(side), PARCEL_ENDED, crossing_time(link->net), 0);
    free_when_over(link);
}

#include "../text.h"
#include "net_private.h"

#include "../prefetch.h"

#include "../must.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { JITTER_STEPS = 8, PIECE_ODDS = 8, TEMPERS = 3 };

void link_tell(const struct link *link, const char *what, const char *bytes, size_t length)
{
    struct world *world = link->net->world;
    trace_line(world_trace(world), world_now(world), link->name, what, bytes, length);
}

/* ---- Sending ---- */

/* Chooses 0 to 7 eighths of the jitter. */
static sim_time jitter_of(const struct net *net)
{
    const sim_time jitter = net->options.jitter;
    if (jitter == 0 || world_is_any_order(net->world))
        return 0;
    return jitter / JITTER_STEPS * choose(world_choices(net->world), CHOICE_LATENCY, JITTER_STEPS);
}

/* The latency of a link, with jitter. */
static sim_time crossing_of(const struct link *link)
{
    const sim_time latency = link->terms != NULL ? link->terms->latency : link->net->options.latency;
    return latency + jitter_of(link->net);
}

static bool is_end_on_its_way(const struct link *link, enum net_side side)
{
    const struct transit *transit = link->to[side];
    return transit != NULL && transit->last != NULL && transit->last->kind == PARCEL_ENDED;
}

/* Sends the end of the connection to the other side, after the bytes written. */
static void send_end(struct link *link, enum net_side side)
{
    if (!link->states[other_side(side)].done && !is_end_on_its_way(link, other_side(side)) &&
        (link->broken || !link->states[side].half_closed))
        link_dispatch(link, other_side(side), PARCEL_ENDED, crossing_of(link), 0);
}

static void deliver_to_client(void *subject);
static void deliver_to_server(void *subject);

static void schedule_at(struct link *link, enum net_side side, sim_time at)
{
    if (link->terms != NULL && at < link->terms->held_until) {
        at = link->terms->held_until;
        link->net->faults[NET_PAUSED]++;
    }
    link->to[side]->event_at = at;
    link->to[side]->scheduled = true;
    world_event(link->net->world, at, side == NET_CLIENT ? deliver_to_client : deliver_to_server, link);
}

void link_schedule(struct link *link, enum net_side side)
{
    if (link->states[side].stalled)
        return;
    /* A parcel after the rest of a cut piece may have been due before it. */
    const struct parcel *first = link->to[side]->first;
    const sim_time now = world_now(link->net->world);
    const sim_time due = first != NULL ? first->at : now;
    schedule_at(link, side, due > now ? due : now);
}

void link_dispatch(struct link *link, enum net_side side, enum parcel_kind kind, sim_time after,
                   uint32_t length)
{
    struct net *net = link->net;
    struct parcel parcel = { .at = world_after(net->world, after), .length = length, .kind = kind };
    if (link->to[side] == NULL) {
        link->to[side] = transit_take(net);
        if (link->states[side].stalled)
            link_count_held(link, side);
        else
            schedule_at(link, side, parcel.at);
    }
    struct transit *transit = link->to[side];
    struct parcel *last = transit->last;
    if (transit->scheduled && parcel.at < transit->event_at)
        parcel.at = transit->event_at;
    if (last != NULL && parcel.at < last->at)
        parcel.at = last->at;
    const bool more_bytes = last != NULL && last->kind == PARCEL_BYTES && kind == PARCEL_BYTES;
    if (more_bytes && last->at == parcel.at && !world_is_any_order(net->world))
        last->length += length;
    else
        transit_append(net, transit, parcel);
}

static void dispatch_bytes(struct link *link, enum net_side side, const char *bytes, uint32_t length)
{
    const sim_time crossing = crossing_of(link);
    if (link->terms != NULL)
        link->net->faults[NET_SLOW] += link_is_slow(link);
    if (link->terms != NULL && link->terms->bandwidth > 0)
        link_dispatch_segments(link, side, crossing, length);
    else
        link_dispatch(link, side, PARCEL_BYTES, crossing, length);
    transit_add_bytes(link->net, link->to[side], bytes, length);
}

/* ---- Half alive ---- */

static void add_half_alive(struct net *net, struct link *link)
{
    if (net->half_alive_count == net->half_alive_capacity) {
        net->half_alive_capacity = net->half_alive_capacity == 0 ? 16 : net->half_alive_capacity * 2;
        net->half_alive = must(realloc(net->half_alive, net->half_alive_capacity * sizeof(struct link *)));
    }
    net->half_alive[net->half_alive_count++] = link;
    link->half_alive = true;
}

static void remove_half_alive(struct net *net, struct link *link)
{
    uint32_t i = 0;
    while (net->half_alive[i] != link)
        i++;
    net->half_alive[i] = net->half_alive[--net->half_alive_count];
    link->half_alive = false;
}

/* A side is done. */
static void set_done(struct link *link, enum net_side side)
{
    link->states[side].done = true;
    const bool is_half_alive = link->states[NET_CLIENT].done && !link->states[NET_SERVER].done;
    if (is_half_alive && !link->half_alive)
        add_half_alive(link->net, link);
    else if (!is_half_alive && link->half_alive)
        remove_half_alive(link->net, link);
}

unsigned net_half_alive(const struct net *net, const char *name)
{
    unsigned count = 0;
    for (uint32_t i = 0; i < net->half_alive_count; i++)
        count += strcmp(net->half_alive[i]->name, name) == 0;
    return count;
}

/* ---- Delivery ---- */

static void trace_bytes(const struct link *link, enum net_side side, const char *bytes, uint32_t length)
{
    struct text *counted = &link->net->counted;
    if (!link->states[side].opaque) {
        link_tell(link, side == NET_SERVER ? ">" : "<", bytes, length);
        return;
    }
    counted->length = 0;
    text_number(counted, length);
    text_string(counted, " bytes");
    link_tell(link, side == NET_SERVER ? "> TLS" : "< TLS", counted->bytes, counted->length);
}

void link_set_opaque(struct link *link, enum net_side side)
{
    link->states[side].opaque = true;
}

void link_trace_plaintext(const struct link *link, enum net_side side, const char *bytes, size_t length)
{
    link_tell(link, side == NET_SERVER ? ">>" : "<<", bytes, length);
}

static void arrive_opened(struct link *link, enum net_side side)
{
    const struct net_end *end = &link->ends[side];
    transit_drop_first(link->net, link->to[side]);
    link_tell(link, side == NET_SERVER ? "-> opened" : "<- opened", NULL, 0);
    end->opened(end->who, link);
}

static void arrive_ended(struct link *link, enum net_side side)
{
    const struct net_end *end = &link->ends[side];
    const struct end_state *other = &link->states[other_side(side)];
    assert(other->done || other->half_closed || link->broken);
    transit_drop_first(link->net, link->to[side]);
    assert(link->to[side]->first == NULL);
    set_done(link, side);
    if (other->half_closed && !link->broken)
        send_end(link, side);
    link_tell(link, side == NET_SERVER ? "-> ended" : "<- ended", NULL, 0);
    end->ended(end->who, link);
}

/* Chooses how many of the bytes that are due arrive now. */
static uint32_t piece_of(const struct link *link, enum net_side side, uint32_t available)
{
    struct choices *choices = world_choices(link->net->world);
    const uint32_t bound = link->terms != NULL ? link_piece_bound(link, side) : link->net->largest_piece;
    const uint32_t most = available < bound ? available : bound;
    if (link->terms != NULL)
        link->net->faults[NET_NARROW] += available > link->terms->largest_piece;
    if (most == 1 || world_is_any_order(link->net->world) || !(link->cuts_seldom || link->cuts_mostly))
        return most;
    const uint32_t drawn = choose(choices, CHOICE_PIECES, PIECE_ODDS);
    if (drawn == 0 || (link->cuts_seldom && drawn < PIECE_ODDS - 1))
        return most;
    return 1 + choose(choices, CHOICE_PIECES, most - 1);
}

static bool may_write(const struct link *link, enum net_side side)
{
    const struct end_state *state = &link->states[side];
    return !state->done && !state->half_closed && !link->broken;
}

/* Calls `writable` at the writing end if it waits for room and at least half of the capacity is free. */
static void tell_writable(struct link *link, enum net_side reader)
{
    const enum net_side writer = other_side(reader);
    const size_t capacity = link->net->options.capacity;
    if (!link->states[writer].unwritten || link->states[reader].done || !may_write(link, writer))
        return;
    if (capacity - transit_bytes(link->to[reader]) < (capacity + 1) / 2)
        return;
    link->states[writer].unwritten = false;
    link_tell(link, writer == NET_SERVER ? "-> writable" : "<- writable", NULL, 0);
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
    const uint32_t available =
        world_is_any_order(net->world) ? transit->first->length : transit_arrived(transit, now);
    const uint32_t piece = piece_of(link, side, available);
    struct buffer_block *buffer = transit_take_bytes(net, transit, piece);
    if (piece < available)
        transit->first->at = now + jitter_of(net);

    const char *bytes = buffer->bytes + buffer->start - piece;
    trace_bytes(link, side, bytes, piece);
    end->bytes(end->who, link, bytes, piece);
    buffer_release(net, buffer);
    if (link->terms != NULL)
        link_count_arrived(link, side, piece);
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
    free(link->terms);
    free(link);
}

/* A stall may have begun since the event was scheduled. */
static bool holds_back(const struct link *link, enum net_side side)
{
    return link->states[side].stalled ||
           (link->terms != NULL && world_now(link->net->world) < link->terms->held_until);
}

static void deliver(struct link *link, enum net_side side)
{
    struct transit *transit = link->to[side];
    const struct parcel *first = transit->first;
    const sim_time now = world_now(link->net->world);
    transit->scheduled = false;
    if (first != NULL && link->states[side].stalled)
        link_count_held(link, side);
    world_concerns(link->net->world, link->name);
    if (first != NULL && first->at <= now && !holds_back(link, side))
        arrive(link, side, first->kind);
    if (transit->first != NULL) {
        link_schedule(link, side);
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
    assert(options.capacity > 0 && options.capacity <= transit_capacity_most());
    assert(is_whole(&server));
    struct net *net = must(calloc(1, sizeof *net));
    net->world = world;
    net->options = options;
    net->largest_piece = net_piece_bound(options.largest_piece);
    net->server = server;
    return net;
}

static void free_links(struct net *net)
{
    for (uint32_t i = 0; i < net->link_count; i++) {
        transit_free(net->links[i]->to[NET_CLIENT]);
        transit_free(net->links[i]->to[NET_SERVER]);
        free(net->links[i]->terms);
        free(net->links[i]);
    }
    free(net->links);
    free(net->half_alive);
}

void net_free(struct net *net)
{
    if (net == NULL)
        return;
    free_links(net);
    transit_free_pools(net);
    text_free(&net->counted);
    free(net);
}

uint64_t net_fault_count(const struct net *net, enum net_fault fault)
{
    assert(fault < NET_FAULTS);
    return net->faults[fault];
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

static struct link *new_link(struct net *net, const char *name, struct net_end client)
{
    assert(is_whole(&client));
    struct link *link = must(aligned_alloc(_Alignof(struct link), sizeof *link));
    *link = (struct link){ .net = net, .name = name, .ends = { client, net->server } };
    const uint32_t temper =
        world_is_any_order(net->world) ? 0 : choose(world_choices(net->world), CHOICE_PIECES, TEMPERS);
    link->cuts_seldom = temper == 1;
    link->cuts_mostly = temper == 2;
    add_link(net, link);
    link_tell(link, "dials", NULL, 0);
    return link;
}

static struct link *dial(struct link *link)
{
    const sim_time crossing = crossing_of(link);
    link_dispatch(link, NET_SERVER, PARCEL_OPENED, crossing, 0);
    link_dispatch(link, NET_CLIENT, PARCEL_OPENED, 2 * crossing, 0);
    return link;
}

struct link *net_dial(struct net *net, const char *name, struct net_end client)
{
    return dial(new_link(net, name, client));
}

struct link *net_dial_over(struct net *net, const char *name, struct net_end client, sim_time latency)
{
    struct link *link = new_link(net, name, client);
    link_set_latency(link, latency);
    return dial(link);
}

void link_set_end(struct link *link, enum net_side side, struct net_end end)
{
    assert(is_whole(&end));
    link->ends[side] = end;
}

const struct net_end *link_end(const struct link *link, enum net_side side)
{
    return &link->ends[side];
}

size_t link_room(const struct link *link, enum net_side side)
{
    const enum net_side reader = other_side(side);
    const size_t capacity = link->net->options.capacity;
    if (!may_write(link, side))
        return 0;
    return link->states[reader].done ? capacity : capacity - transit_bytes(link->to[reader]);
}

size_t link_write(struct link *link, enum net_side side, const char *bytes, size_t length)
{
    struct end_state *writer = &link->states[side];
    const enum net_side reader = other_side(side);
    if (!may_write(link, side) || length == 0)
        return 0;
    if (link->states[reader].done) /* The reader has closed; this side does not know yet. */
        return length;
    const size_t room = link_room(link, side);
    const size_t taken = length < room ? length : room;
    if (taken < length)
        writer->unwritten = true;
    if (taken > 0 && link->net->writes.written != NULL)
        link->net->writes.written(link->net->writes.host, link->name, side, taken);
    if (taken > 0)
        dispatch_bytes(link, reader, bytes, (uint32_t)taken);
    return taken;
}

void net_watch_writes(struct net *net, struct net_writes writes)
{
    net->writes = writes;
}

static void finish(struct link *link, enum net_side side)
{
    set_done(link, side);
    transit_drop_all(link->net, link->to[side]);
    send_end(link, side);
    free_when_over(link);
}

void link_close(struct link *link, enum net_side side)
{
    if (link->states[side].done)
        return;
    link_tell(link, side == NET_CLIENT ? "closes" : "is closed", NULL, 0);
    finish(link, side);
}

void link_half_close(struct link *link, enum net_side side)
{
    if (!may_write(link, side))
        return;
    link_tell(link, side == NET_CLIENT ? "half-closes" : "is half-closed", NULL, 0);
    send_end(link, side);
    link->states[side].half_closed = true;
    link->net->faults[NET_HALF_CLOSED]++;
}

/* Whether `opened` has not been called at the server yet. */
static bool is_unheard_of(const struct link *link)
{
    const struct transit *transit = link->to[NET_SERVER];
    return transit != NULL && transit->first != NULL && transit->first->kind == PARCEL_OPENED;
}

/* Drops everything under way.  A server that `opened` has not reached gets no callback. */
static void tear(struct link *link)
{
    if (is_unheard_of(link))
        set_done(link, NET_SERVER);
    link->broken = true;
    transit_drop_all(link->net, link->to[NET_CLIENT]);
    transit_drop_all(link->net, link->to[NET_SERVER]);
}

void link_break(struct link *link, enum net_side side)
{
    if (link->states[side].done)
        return;
    link_tell(link, side == NET_CLIENT ? "breaks" : "is broken", NULL, 0);
    tear(link);
    finish(link, side);
}

void link_fail_of(struct link *link, enum net_fault fault)
{
    const struct end_state *states = link->states;
    if (link->broken || (states[NET_CLIENT].done && states[NET_SERVER].done))
        return;
    link->net->faults[fault]++;
    link_tell(link, "fails", NULL, 0);
    tear(link);
    send_end(link, NET_SERVER);
    send_end(link, NET_CLIENT);
}

void link_fail(struct link *link)
{
    link_fail_of(link, NET_FAILED);
}

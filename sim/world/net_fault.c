#include "net_private.h"

#include "../must.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint64_t NO_BOUND = UINT64_MAX;

/* The payload of a TCP segment over Ethernet (RFC 6691, 2). */
enum { SEGMENT = 1460 };

/* The terms of a link; created with the defaults. */
static struct link_terms *terms_of(struct link *link)
{
    if (link->terms != NULL)
        return link->terms;
    link->terms = must(malloc(sizeof *link->terms));
    *link->terms = (struct link_terms){ .latency = link->net->options.latency,
                                        .left = { NO_BOUND, NO_BOUND, NO_BOUND },
                                        .largest_piece = link->net->largest_piece };
    return link->terms;
}

static void tell_span(const struct link *link, const char *what, sim_time span)
{
    char seconds[48];
    int length =
        snprintf(seconds, sizeof seconds, "%" PRIu64 ".%09" PRIu64, span / SIM_SECOND, span % SIM_SECOND);
    link_tell(link, what, seconds, (size_t)length);
}

/* ---- Slow and narrow ---- */

void link_set_latency(struct link *link, sim_time latency)
{
    terms_of(link)->latency = latency;
    tell_span(link, "takes", latency);
}

void link_set_bandwidth(struct link *link, uint64_t bytes)
{
    struct link_terms *terms = terms_of(link);
    char number[24];
    int length = snprintf(number, sizeof number, "%" PRIu64, bytes);
    terms->bandwidth = bytes;
    if (bytes > 0) {
        link_tell(link, "carries", number, (size_t)length);
        return;
    }
    link_tell(link, "carries everything", NULL, 0);
    memset(terms->free_at, 0, sizeof terms->free_at);
}

bool link_is_slow(const struct link *link)
{
    return link->terms->bandwidth > 0 || link->terms->latency != link->net->options.latency;
}

/* Rounded up: a byte arrives when it is complete. */
static sim_time time_for(uint32_t length, uint64_t bandwidth)
{
    const sim_time scaled = length * SIM_SECOND;
    return scaled / bandwidth + (scaled % bandwidth > 0);
}

void link_dispatch_segments(struct link *link, enum net_side side, sim_time crossing, uint32_t length)
{
    const struct world *world = link->net->world;
    const sim_time now = world_now(world);
    sim_time *free_at = &link->terms->free_at[side];
    if (*free_at < now)
        *free_at = now;
    while (length > 0) {
        const uint32_t segment = length < SEGMENT ? length : SEGMENT;
        *free_at = world_after(world, *free_at - now + time_for(segment, link->terms->bandwidth));
        link_dispatch(link, side, PARCEL_BYTES, *free_at - now + crossing, segment);
        length -= segment;
    }
}

/* ---- Pieces, and the last of them ---- */

uint32_t net_piece_bound(size_t bytes)
{
    return bytes == 0 || bytes > UINT32_MAX ? UINT32_MAX : (uint32_t)bytes;
}

void link_set_largest_piece(struct link *link, size_t bytes)
{
    terms_of(link)->largest_piece = net_piece_bound(bytes);
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

uint32_t link_piece_bound(const struct link *link, enum net_side side)
{
    const struct link_terms *terms = link->terms;
    return (uint32_t)least(terms->largest_piece, least(terms->left[side], terms->left[LINK_EITHER_WAY]));
}

void link_break_after(struct link *link, enum link_way way, uint64_t bytes)
{
    static const char *const words[] = {
        [LINK_TO_CLIENT] = " to the client", [LINK_TO_SERVER] = " to the server", [LINK_EITHER_WAY] = ""
    };
    char said[64];
    int length = snprintf(said, sizeof said, "after %" PRIu64 " bytes%s", bytes, words[way]);
    terms_of(link)->left[way] = bytes;
    link_tell(link, "is to fail", said, (size_t)length);
    if (bytes == 0)
        link_fail_of(link, NET_CUT);
}

static bool is_used_up(uint64_t *left, uint32_t length)
{
    if (*left != NO_BOUND)
        *left -= length;
    return *left == 0;
}

void link_count_arrived(struct link *link, enum net_side side, uint32_t length)
{
    const bool this_way = is_used_up(&link->terms->left[side], length);
    const bool either_way = is_used_up(&link->terms->left[LINK_EITHER_WAY], length);
    if (this_way || either_way)
        link_fail_of(link, NET_CUT);
}

/* ---- Stalls ---- */

/* Begins or ends a stall.  Returns whether something that was held is delivered now. */
static bool set_stalled(struct link *link, enum net_side side, bool stalled)
{
    struct end_state *state = &link->states[side];
    if (state->stalled == stalled)
        return false;
    state->stalled = stalled;
    static const char *const words[2][2] = { { "<- heals", "<- stalls" }, { "-> heals", "-> stalls" } };
    link_tell(link, words[side == NET_SERVER][stalled], NULL, 0);
    struct transit *transit = link->to[side];
    if (stalled || transit == NULL || transit->scheduled)
        return false;
    link_schedule(link, side);
    return true;
}

/* A dead link heals one direction first. */
void link_stall(struct link *link, enum net_side side, bool stalled)
{
    const bool dead = side == NET_SERVER || link->states[NET_SERVER].stalled;
    if (set_stalled(link, side, stalled))
        link->net->faults[dead ? NET_HEALED : NET_UNREAD]++;
}

void link_count_held(const struct link *link, enum net_side side)
{
    const bool dead = link->states[other_side(side)].stalled;
    link->net->faults[dead ? NET_DEAD : NET_UNREAD]++;
}

bool link_is_stalled(const struct link *link, enum net_side side)
{
    return link->states[side].stalled;
}

void link_stall_for(struct link *link, sim_time span)
{
    struct link_terms *terms = terms_of(link);
    const sim_time until = world_after(link->net->world, span);
    tell_span(link, "stalls for", span);
    if (terms->held_until < until)
        terms->held_until = until;
}

void net_heal(struct net *net)
{
    for (uint32_t i = 0; i < net->link_count; i++) {
        (void)set_stalled(net->links[i], NET_CLIENT, false);
        (void)set_stalled(net->links[i], NET_SERVER, false);
    }
}

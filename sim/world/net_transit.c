#include "net_private.h"

#include "../must.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { PARCELS_A_BLOCK = 128 };

struct parcel_block {
    struct parcel_block *next;
    struct parcel parcels[PARCELS_A_BLOCK];
};

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

void buffer_release(struct net *net, struct buffer_block *buffer)
{
    assert(buffer->holders > 0);
    if (--buffer->holders > 0)
        return;
    buffer->next = net->free_buffers[buffer->rank];
    net->free_buffers[buffer->rank] = buffer;
}

/* Makes room for more bytes at the end.  Bytes are moved only when at least as many were removed before them,
 * or to a buffer of twice the size; so each byte is moved once on average. */
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

size_t transit_capacity_most(void)
{
    return rank_size(BUFFER_RANKS - 1) / 2; /* a buffer is at most twice as large as its contents */
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

void transit_append(struct net *net, struct transit *transit, struct parcel parcel)
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

void transit_drop_first(struct net *net, struct transit *transit)
{
    struct parcel *parcel = transit->first;
    transit->first = parcel->next;
    if (transit->first == NULL)
        transit->last = NULL;
    parcel->next = net->free_parcels;
    net->free_parcels = parcel;
}

/* ---- Transits ---- */

struct transit *transit_take(struct net *net)
{
    struct transit *transit = net->free_transits;
    if (transit != NULL)
        net->free_transits = transit->next;
    else
        transit = must(malloc(sizeof *transit));
    *transit = (struct transit){ 0 };
    return transit;
}

void transit_release(struct net *net, struct transit *transit)
{
    assert(transit->first == NULL && transit->buffer == NULL);
    transit->next = net->free_transits;
    net->free_transits = transit;
}

uint32_t transit_bytes(const struct transit *transit)
{
    return transit != NULL && transit->buffer != NULL ? transit->buffer->length : 0;
}

void transit_drop_all(struct net *net, struct transit *transit)
{
    if (transit == NULL)
        return;
    while (transit->first != NULL)
        transit_drop_first(net, transit);
    if (transit->buffer != NULL)
        buffer_release(net, transit->buffer);
    transit->buffer = NULL;
}

/* ---- Bytes ---- */

void transit_add_bytes(struct net *net, struct transit *transit, const char *bytes, size_t length)
{
    struct buffer_block *buffer = buffer_with_room(net, transit->buffer, length);
    memcpy(buffer->bytes + buffer->start + buffer->length, bytes, length);
    buffer->length += (uint32_t)length;
    transit->buffer = buffer;
}

uint32_t transit_arrived(const struct transit *transit, sim_time now)
{
    uint32_t length = 0;
    for (const struct parcel *parcel = transit->first; parcel != NULL; parcel = parcel->next) {
        if (parcel->kind != PARCEL_BYTES || parcel->at > now)
            break;
        length += parcel->length;
    }
    return length;
}

/* Removes a piece from the parcels: whole ones, and the beginning of the last. */
static void take_off(struct net *net, struct transit *transit, uint32_t piece)
{
    while (piece > 0 && piece >= transit->first->length) {
        piece -= transit->first->length;
        transit_drop_first(net, transit);
    }
    if (piece > 0)
        transit->first->length -= piece;
}

struct buffer_block *transit_take_bytes(struct net *net, struct transit *transit, uint32_t piece)
{
    struct buffer_block *buffer = transit->buffer;
    assert(piece <= buffer->length);
    take_off(net, transit, piece);
    buffer->start += piece;
    buffer->length -= piece;
    buffer->holders++;
    if (buffer->length == 0) {
        transit->buffer = NULL;
        buffer_release(net, buffer);
    }
    return buffer;
}

/* ---- The end ---- */

void transit_free(struct transit *transit)
{
    if (transit != NULL)
        free(transit->buffer);
    free(transit);
}

void transit_free_pools(struct net *net)
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

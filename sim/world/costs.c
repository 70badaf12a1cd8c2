#include "costs.h"

#include "heap.h"
#include "work.h"

#include <assert.h>

size_t costs_elements(char *last, const char *bytes, size_t length)
{
    size_t ends = 0;
    for (size_t i = 0; i < length; i++) {
        ends += (*last == '<' && bytes[i] == '/') || (*last == '/' && bytes[i] == '>');
        *last = bytes[i];
    }
    return ends;
}

/* The first that passes a bound is kept. */
static void bound(struct costs *costs, const char *what, uint64_t found, uint64_t allowed)
{
    if (found > allowed && costs->excess.what == NULL)
        costs->excess = (struct costs_excess){ what, found, allowed };
}

static uint64_t allowed_to_one(const struct costs *costs, uint64_t calls)
{
    return WRITTEN_PER_BYTE * costs->bytes + WRITTEN_PER_ELEMENT * costs->elements + WRITTEN_PER_CALL * calls;
}

static uint64_t allowed_memory(const struct costs *costs)
{
    return MEMORY_OF_CORE + MEMORY_PER_CONNECTION * costs->connections +
           MEMORY_PER_ELEMENT * costs->elements + MEMORY_PER_BYTE * costs->bytes;
}

static uint64_t allowed_work(const struct costs *costs)
{
    return WORK_PER_CALL * costs->calls + WORK_PER_ELEMENT * costs->elements + WORK_PER_BYTE * costs->bytes +
           WORK_PER_SENT * costs->sent + WORK_PER_WRITTEN * costs->written;
}

void costs_begin(struct costs *costs, size_t bytes, size_t elements)
{
    costs->calls++;
    costs->bytes += bytes;
    costs->elements += elements;
    costs->use_before = heap_use().bytes;
    costs->work_before = work_done();
    heap_forget_peak();
}

void costs_end(struct costs *costs)
{
    const uint64_t peak = costs->in_use + heap_peak() - costs->use_before;
    costs->in_use += heap_use().bytes - costs->use_before;
    costs->work += work_done() - costs->work_before;
    bound(costs, "memory", peak, allowed_memory(costs));
    bound(costs, "work", costs->work, allowed_work(costs));
}

void costs_connection(struct costs *costs)
{
    costs->connections++;
}

void costs_write(struct costs *costs, struct costs_recipient *recipient, size_t length)
{
    if (recipient->call != costs->calls || recipient->since != costs->beginnings)
        recipient->in_call = 0;
    if (recipient->since != costs->beginnings)
        recipient->altogether = 0;
    recipient->call = costs->calls;
    recipient->since = costs->beginnings;
    recipient->in_call += length;
    recipient->altogether += length;
    costs->sent++;
    costs->written += length;
    bound(costs, "bytes to one recipient", recipient->in_call, allowed_to_one(costs, 1));
    if (costs->beginnings > 0)
        bound(costs, "bytes to one recipient altogether", recipient->altogether,
              allowed_to_one(costs, costs->calls));
}

void costs_begin_again(struct costs *costs)
{
    const uint64_t beginnings = costs->beginnings + 1;
    *costs = (struct costs){ .beginnings = beginnings, .excess = costs->excess };
}

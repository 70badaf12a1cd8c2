#include "costs.h"

#include "heap.h"
#include "work.h"

#include "core.h"

#include <string.h>

/* ---- The statement ---- */

/* Only the first bound that is exceeded is kept. */
static void bound(struct costs *costs, const char *what, uint64_t found, uint64_t allowed)
{
    if (found > allowed && costs->excess.what == NULL)
        costs->excess = (struct costs_excess){ what, found, allowed };
}

static uint64_t allowed_to_one(const struct costs *costs, uint64_t calls)
{
    return WRITTEN_PER_BYTE * costs->bytes + WRITTEN_PER_ELEMENT * costs->elements + WRITTEN_PER_CALL * calls;
}

static uint64_t allowed_in_call(const struct costs *costs)
{
    return allowed_to_one(costs, 1) + costs->written_before +
           WRITTEN_PER_WAITING * costs->bytes * costs->waiting;
}

/* Copies of long namespaces, in bytes; as many as the core may make at most. */
static uint64_t copies(const struct costs *costs, uint64_t most)
{
    const uint64_t wanted = costs->longest * costs->names;
    return wanted < most ? wanted : most;
}

static uint64_t allowed_memory(const struct costs *costs)
{
    return MEMORY_OF_CORE + MEMORY_PER_CONNECTION * costs->connections +
           MEMORY_PER_ELEMENT * costs->elements + MEMORY_PER_BYTE * costs->bytes +
           MEMORY_PER_COPY * copies(costs, COPIES_PER_BYTE * costs->bytes + COPIES_MORE);
}

static uint64_t allowed_work(const struct costs *costs)
{
    return WORK_PER_CALL * costs->calls + WORK_PER_ELEMENT * costs->elements + WORK_PER_BYTE * costs->bytes +
           WORK_PER_SENT * costs->sent + WORK_PER_WRITTEN * costs->written +
           WORK_PER_KEPT * costs->kept * costs->asked +
           WORK_PER_COPY * copies(costs, SCANS_PER_BYTE * costs->bytes);
}

/* ---- What is read ---- */

/* Looks for each '/', of which there are few. */
size_t costs_elements(char *last, const char *bytes, size_t length)
{
    const char *const end = bytes + length;
    if (length == 0)
        return 0;
    size_t ends = *last == '/' && *bytes == '>';
    for (const char *at = bytes; (at = memchr(at, '/', (size_t)(end - at))) != NULL; at++) {
        const char *before = at != bytes ? at - 1 : last;
        ends += (size_t)(*before == '<') + (at + 1 != end && at[1] == '>');
    }
    *last = end[-1];
    return ends;
}

/* Whether the value of an attribute ends before this byte. */
static bool ends_value(char byte)
{
    return byte == '\'' || byte == '"' || byte == '<';
}

/* Behind the last of some bytes that ends a value; `begin` when none does. */
static size_t behind_last_end(const char *bytes, size_t begin, size_t end)
{
    while (end > begin && !ends_value(bytes[end - 1]))
        end--;
    return end;
}

/* Follows the runs of bytes that end no value.  Only long ones matter: it goes to where the current run would be long, and
 * looks back from there, so it reads few of the bytes. */
static void note_runs(struct costs *costs, size_t *run, const char *bytes, size_t length)
{
    for (size_t at = 0, step = 0; at < length; at += step) {
        const size_t missing = *run < COPIED_LEAST ? COPIED_LEAST - *run : 1;
        step = missing < length - at ? missing : length - at;
        const size_t behind = behind_last_end(bytes, at, at + step);
        *run = behind > at ? at + step - behind : *run + step;
        if (*run >= COPIED_LEAST && *run > costs->longest)
            costs->longest = *run;
    }
}

static bool is_space(char byte)
{
    return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r';
}

/* Whether what is before a colon may be a prefix: it begins behind a space or '<', or before these bytes. */
static bool is_behind_prefix(const char *bytes, const char *colon)
{
    const char *at = colon;
    while (at > bytes && at[-1] != ':' && !is_space(at[-1]) && !ends_value(at[-1]))
        at--;
    return at == bytes || at[-1] == '<' || is_space(at[-1]);
}

void costs_names(struct costs *costs, size_t *run, const char *bytes, size_t length)
{
    const char *const end = bytes + length;
    note_runs(costs, run, bytes, length);
    for (const char *at = bytes; length > 0 && (at = memchr(at, ':', (size_t)(end - at))) != NULL; at++)
        costs->names += is_behind_prefix(bytes, at);
}

static void begin_call(struct costs *costs, size_t bytes, size_t elements)
{
    costs->calls++;
    costs->bytes += bytes;
    costs->elements += elements;
    costs->written_before = costs->written;
    costs->use_before = heap_use().bytes;
    costs->work_before = work_done();
    heap_forget_peak();
}

void costs_begin(struct costs *costs, size_t bytes, size_t elements)
{
    costs->asked += bytes > 0 ? elements : 1;
    costs->waiting += elements;
    begin_call(costs, bytes, elements);
}

void costs_begin_stored(struct costs *costs, const struct core_store_entry *entries, size_t entry_count)
{
    size_t bytes = 0, elements = 0;
    for (size_t i = 0; i < entry_count; i++) {
        const char *value = entries[i].value != NULL ? entries[i].value : "";
        const size_t length = strlen(value);
        char last = '\0';
        size_t run = 0;
        bytes += strlen(entries[i].key) + length;
        elements += 1 + costs_elements(&last, value, length);
        costs_names(costs, &run, value, length);
    }
    costs->kept += entry_count;
    costs->requests--;
    begin_call(costs, bytes, elements);
}

void costs_end(struct costs *costs)
{
    const int64_t peak = costs->in_use + (int64_t)(heap_peak() - costs->use_before);
    costs->in_use += (int64_t)heap_use().bytes - (int64_t)costs->use_before;
    costs->work += work_done() - costs->work_before;
    if (costs->requests == 0)
        costs->waiting = 0;
    bound(costs, "memory", peak > 0 ? (uint64_t)peak : 0, allowed_memory(costs));
    bound(costs, "work", costs->work, allowed_work(costs));
}

void costs_connection(struct costs *costs)
{
    costs->connections++;
}

void costs_begin_again(struct costs *costs)
{
    *costs = (struct costs){ .kept = costs->kept,
                             .requests = costs->requests,
                             .beginnings = costs->beginnings + 1,
                             .excess = costs->excess };
}

/* ---- What is written ---- */

static void count(const struct costs *costs, struct costs_recipient *recipient, size_t length)
{
    const bool is_new = recipient->since != costs->beginnings;
    if (is_new || recipient->call != costs->calls)
        recipient->in_call = 0;
    if (is_new)
        recipient->altogether = 0;
    recipient->call = costs->calls;
    recipient->since = costs->beginnings;
    recipient->in_call += length;
    recipient->altogether += length;
}

void costs_write(struct costs *costs, struct costs_recipient *recipient, size_t offered, size_t taken)
{
    count(costs, recipient, taken);
    costs->sent++;
    costs->written += taken;
    recipient->lags = recipient->lags || taken < offered;
    if (!recipient->lags)
        bound(costs, "bytes to one recipient", recipient->in_call, allowed_in_call(costs));
    if (costs->beginnings > 0)
        bound(costs, "bytes to one recipient altogether", recipient->altogether,
              allowed_to_one(costs, costs->calls));
}

void costs_route(struct costs *costs, size_t length)
{
    struct costs_recipient address = { 0 };
    costs_write(costs, &address, length, length);
}

void costs_store(struct costs *costs, const struct core_store_request *request)
{
    size_t bytes = 0;
    for (size_t i = 0; i < request->entry_count; i++)
        if (request->entries[i].value != NULL)
            bytes += strlen(request->entries[i].value);
    costs->kept += request->entry_count;
    costs->requests++;
    costs_route(costs, bytes);
}

#include "sweep_share.h"

#include "../must.h"
#include "../text.h"
#include "sweep_line.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct sweep_share sweep_share_new(uint64_t first, uint64_t last, uint64_t shard, uint64_t shards)
{
    struct sweep_share share = { .first = first, .last = last, .shards = shards };
    assert(first <= last && shard >= 1 && shard <= shards && shards <= SHARDS_MAX);
    if (shards == 1)
        return share;
    share.parts = must(malloc(sizeof *share.parts));
    share.parts[0] = shard;
    share.count = 1;
    return share;
}

void sweep_share_free(struct sweep_share *share)
{
    free(share->parts);
    *share = (struct sweep_share){ 0 };
}

/* ---- How many ---- */

/* One batch of each round, and the part's seeds of the last round. */
uint64_t sweep_share_part_seeds(uint64_t shards, uint64_t part, uint64_t all)
{
    const uint64_t round = shards * SHARE_BATCH;
    const uint64_t before = (part - 1) * SHARE_BATCH;
    const uint64_t rest = all % round > before ? all % round - before : 0;
    return all / round * SHARE_BATCH + (rest < SHARE_BATCH ? rest : SHARE_BATCH);
}

uint64_t sweep_share_seeds(const struct sweep_share *share)
{
    uint64_t seeds = 0;
    if (sweep_share_is_whole(share))
        return share->last - share->first + 1;
    for (size_t i = 0; i < share->count; i++)
        seeds += sweep_share_part_seeds(share->shards, share->parts[i], share->last - share->first + 1);
    return seeds;
}

/* ---- As text ---- */

static void print_number(struct text *text, const char *before, uint64_t number)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRIu64, number);
    text_string(text, before);
    text_string(text, digits);
}

char *sweep_share_print(const struct sweep_share *share)
{
    struct text text = { 0 };
    print_number(&text, "seeds ", share->first);
    print_number(&text, "..", share->last);
    for (size_t i = 0; i < share->count; i++)
        print_number(&text, i == 0 ? " parts " : ",", share->parts[i]);
    if (share->count > 0)
        print_number(&text, " of ", share->shards);
    return text_take(&text);
}

/* The parts, ascending, and their total number; a list of all parts is refused, because that is the whole. */
static bool read_parts(const char *text, struct sweep_share *share)
{
    uint64_t last = 0;
    if (!line_take(&text, " parts "))
        return false;
    do {
        uint64_t part;
        if (!line_take_number(&text, "", 10, SHARDS_MAX, &part) || part <= last)
            return false;
        share->parts = must(realloc(share->parts, (share->count + 1) * sizeof *share->parts));
        share->parts[share->count++] = part;
        last = part;
    } while (line_take(&text, ","));
    return line_take_number(&text, " of ", 10, SHARDS_MAX, &share->shards) && last <= share->shards &&
           share->count < share->shards && *text == '\0';
}

bool sweep_share_parse(const char *text, struct sweep_share *share)
{
    *share = (struct sweep_share){ .shards = 1 };
    if (line_take_number(&text, "seeds ", 10, UINT64_MAX - 1, &share->first) &&
        line_take_number(&text, "..", 10, UINT64_MAX - 1, &share->last) && share->first <= share->last &&
        (*text == '\0' || read_parts(text, share)))
        return true;
    sweep_share_free(share);
    return false;
}

/* ---- Several ---- */

bool sweep_share_is_whole(const struct sweep_share *share)
{
    return share->count == 0;
}

bool sweep_share_is_of_same_sweep(const struct sweep_share *one, const struct sweep_share *other)
{
    return one->first == other->first && one->last == other->last &&
           (one->shards == other->shards || sweep_share_is_whole(one) || sweep_share_is_whole(other));
}

bool sweep_share_overlaps(const struct sweep_share *one, const struct sweep_share *other, uint64_t *part)
{
    assert(sweep_share_is_of_same_sweep(one, other));
    *part = 0;
    if (sweep_share_is_whole(one) || sweep_share_is_whole(other))
        return true;
    for (size_t i = 0, j = 0; i < one->count && j < other->count;) {
        if (one->parts[i] == other->parts[j]) {
            *part = one->parts[i];
            return true;
        }
        if (one->parts[i] < other->parts[j])
            i++;
        else
            j++;
    }
    return false;
}

void sweep_share_join(struct sweep_share *into, const struct sweep_share *from)
{
    uint64_t common;
    const bool overlaps = sweep_share_overlaps(into, from, &common);
    assert(!overlaps);
    (void)overlaps;
    const size_t count = into->count + from->count;
    uint64_t *const parts = must(malloc(count * sizeof *parts));
    for (size_t i = 0, j = 0; i + j < count;) {
        const bool own = j == from->count || (i < into->count && into->parts[i] < from->parts[j]);
        const uint64_t next = own ? into->parts[i] : from->parts[j];
        parts[i + j] = next;
        i += own;
        j += !own;
    }
    free(into->parts);
    into->parts = parts;
    into->count = count;
    if (count < into->shards)
        return;
    free(parts);
    *into = (struct sweep_share){ .first = into->first, .last = into->last, .shards = 1 };
}

char *sweep_share_missing(const struct sweep_share *share)
{
    enum { NAMED = 10 };
    struct text text = { 0 };
    const uint64_t missing = share->shards - share->count;
    uint64_t named = 0;
    if (sweep_share_is_whole(share))
        return NULL;
    text_string(&text, missing == 1 ? "part" : "parts");
    for (uint64_t part = 1, i = 0; named < missing && named < NAMED; part++) {
        if (i < share->count && share->parts[i] == part)
            i++;
        else
            print_number(&text, named++ == 0 ? " " : ", ", part);
    }
    if (named < missing) {
        print_number(&text, " and ", missing - named);
        text_string(&text, " more");
    }
    print_number(&text, " of ", share->shards);
    text_string(&text, missing == 1 ? " is missing" : " are missing");
    return text_take(&text);
}

#include "sweep_gaps.h"

#include "../must.h"
#include "../text.h"
#include "sweep_line.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- Seeds, and their places in their part ---- */

static uint64_t part_of(const struct sweep_gaps *gaps, uint64_t seed)
{
    return (seed - gaps->first) / SHARE_BATCH % gaps->shards + 1;
}

/* How many seeds of the part are before this seed. */
static uint64_t place_of(const struct sweep_gaps *gaps, uint64_t part, uint64_t seed)
{
    return sweep_share_part_seeds(gaps->shards, part, seed - gaps->first);
}

static uint64_t seed_at(const struct sweep_gaps *gaps, uint64_t part, uint64_t place)
{
    return gaps->first + (place / SHARE_BATCH * gaps->shards + part - 1) * SHARE_BATCH + place % SHARE_BATCH;
}

/* ---- The list ---- */

static void insert(struct sweep_gaps *gaps, size_t at, struct sweep_gap gap)
{
    gaps->list = must(realloc(gaps->list, (gaps->count + 1) * sizeof *gaps->list));
    memmove(&gaps->list[at + 1], &gaps->list[at], (gaps->count - at) * sizeof *gaps->list);
    gaps->list[at] = gap;
    gaps->count++;
}

static void take_out(struct sweep_gaps *gaps, size_t at)
{
    gaps->count--;
    memmove(&gaps->list[at], &gaps->list[at + 1], (gaps->count - at) * sizeof *gaps->list);
}

struct sweep_gaps sweep_gaps_all(const struct sweep_share *share)
{
    struct sweep_gaps gaps = { .first = share->first, .shards = share->shards };
    const uint64_t seeds = sweep_share_seeds(share);
    assert(share->count <= 1);
    if (seeds > 0)
        insert(&gaps, 0, (struct sweep_gap){ share->count > 0 ? share->parts[0] : 1, 0, seeds });
    return gaps;
}

void sweep_gaps_free(struct sweep_gaps *gaps)
{
    free(gaps->list);
    *gaps = (struct sweep_gaps){ 0 };
}

static bool holds(const struct sweep_gap *gap, const struct sweep_gap *other)
{
    return gap->part == other->part && gap->from <= other->from && other->to <= gap->to;
}

void sweep_gaps_close(struct sweep_gaps *gaps, uint64_t first, uint64_t last)
{
    const uint64_t part = part_of(gaps, first);
    const uint64_t from = place_of(gaps, part, first);
    const struct sweep_gap closed = { part, from, from + (last - first) + 1 };
    size_t at = 0;
    assert(first <= last && (last - gaps->first) / SHARE_BATCH == (first - gaps->first) / SHARE_BATCH);
    while (at < gaps->count && !holds(&gaps->list[at], &closed))
        at++;
    assert(at < gaps->count);
    const struct sweep_gap gap = gaps->list[at];
    take_out(gaps, at);
    if (closed.to < gap.to)
        insert(gaps, at, (struct sweep_gap){ part, closed.to, gap.to });
    if (gap.from < closed.from)
        insert(gaps, at, (struct sweep_gap){ part, gap.from, closed.from });
}

static bool is_before(const struct sweep_gap *gap, const struct sweep_gap *other)
{
    return gap->part != other->part ? gap->part < other->part : gap->from < other->from;
}

void sweep_gaps_join(struct sweep_gaps *into, const struct sweep_gaps *from)
{
    if (from->count == 0)
        return;
    assert(into->count == 0 || (into->first == from->first && into->shards == from->shards));
    into->first = from->first;
    into->shards = from->shards;
    for (size_t i = 0, at = 0; i < from->count; i++) {
        while (at < into->count && is_before(&into->list[at], &from->list[i]))
            at++;
        insert(into, at, from->list[i]);
    }
}

uint64_t sweep_gaps_seeds(const struct sweep_gaps *gaps)
{
    uint64_t seeds = 0;
    for (size_t i = 0; i < gaps->count; i++)
        seeds += gaps->list[i].to - gaps->list[i].from;
    return seeds;
}

/* ---- As text ---- */

static void print_range(FILE *out, const struct sweep_gaps *gaps, const struct sweep_gap *gap,
                        const char *before_part)
{
    fprintf(out, "%" PRIu64 "..%" PRIu64, seed_at(gaps, gap->part, gap->from),
            seed_at(gaps, gap->part, gap->to - 1));
    if (gaps->shards > 1)
        fprintf(out, "%s%" PRIu64 " of %" PRIu64, before_part, gap->part, gaps->shards);
}

void sweep_gaps_print(FILE *out, const struct sweep_gaps *gaps)
{
    for (size_t i = 0; i < gaps->count; i++) {
        fputs("unplayed ", out);
        print_range(out, gaps, &gaps->list[i], " part ");
        fputs("\n", out);
    }
}

/* Whether the share belongs to a sweep of `shards` parts, and includes this part. */
static bool has_part(const struct sweep_share *share, uint64_t part, uint64_t shards)
{
    size_t i = 0;
    if (part < 1 || part > shards)
        return false;
    if (sweep_share_is_whole(share))
        return true;
    while (i < share->count && share->parts[i] != part)
        i++;
    return i < share->count && share->shards == shards;
}

/* " part 1 of 3", or nothing. */
static bool read_part(const char *text, uint64_t *part, uint64_t *shards)
{
    *part = 1;
    *shards = 1;
    return *text == '\0' ||
           (line_take_number(&text, " part ", 10, SHARDS_MAX, part) &&
            line_take_number(&text, " of ", 10, SHARDS_MAX, shards) && *shards > 1 && *text == '\0');
}

bool sweep_gaps_parse(const char *line, const struct sweep_share *share, struct sweep_gaps *gaps)
{
    struct sweep_gaps read = { .first = share->first };
    struct sweep_gap gap;
    uint64_t first;
    uint64_t last;
    if (!line_take_number(&line, "unplayed ", 10, UINT64_MAX - 1, &first) ||
        !line_take_number(&line, "..", 10, UINT64_MAX - 1, &last) ||
        !read_part(line, &gap.part, &read.shards) || !has_part(share, gap.part, read.shards))
        return false;
    if (first < share->first || last < first || share->last < last || part_of(&read, first) != gap.part ||
        part_of(&read, last) != gap.part)
        return false;
    gap.from = place_of(&read, gap.part, first);
    gap.to = place_of(&read, gap.part, last) + 1;
    const struct sweep_gap *before = gaps->count > 0 ? &gaps->list[gaps->count - 1] : NULL;
    if (before != NULL && (gaps->shards != read.shards || before->part > gap.part ||
                           (before->part == gap.part && before->to >= gap.from)))
        return false;
    gaps->first = read.first;
    gaps->shards = read.shards;
    insert(gaps, gaps->count, gap);
    return true;
}

char *sweep_gaps_missing(const struct sweep_gaps *gaps)
{
    enum { NAMED = 10 };
    char *text = NULL;
    size_t length = 0;
    if (gaps->count == 0)
        return NULL;
    FILE *out = must(open_memstream(&text, &length));
    for (size_t i = 0; i < gaps->count && i < NAMED; i++) {
        fputs(i == 0 ? "seeds " : ", ", out);
        print_range(out, gaps, &gaps->list[i], " of part ");
    }
    if (gaps->count > NAMED)
        fprintf(out, " and %zu more ranges", gaps->count - NAMED);
    fputs(" are missing", out);
    fclose(out);
    return must(text);
}

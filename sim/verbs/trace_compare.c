#include "trace_compare.h"

#include "../must.h"
#include "../printable.h"
#include "alignment.h"

#include <string.h>
#include <xxhash.h>

/* Limits: lines around a place, lines of one run at a place, and places. */
enum { AROUND_SHOWN = 3, ALONE_SHOWN = 8, PLACES_SHOWN = 10 };

enum { RANDOM_LEAST = 16 };

struct line {
    const char *bytes;
    int length; /* including its line end */
};

struct side {
    struct line *lines;
    uint64_t *keys; /* equal for similar lines */
    bool *alone;    /* whether the line has no partner on the other side */
    size_t count;
};

/* The lines in [first, end) of either side, which have no partner. */
struct place {
    size_t first[2], end[2];
};

struct comparison {
    FILE *out;
    struct side sides[2];
    size_t shown[2]; /* for either side: all lines before this one are shown or left out */
};

/* ---- Lines ---- */

static bool is_random_letter(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' ||
           c == '/' || c == '=';
}

/* The length of the word at `bytes`, and whether it looks random. */
static size_t measure_word(const char *bytes, size_t length, bool *random)
{
    size_t word = 0;
    bool digit = false;
    for (; word < length && is_random_letter(bytes[word]); word++)
        digit = digit || (bytes[word] >= '0' && bytes[word] <= '9');
    *random = digit && word >= RANDOM_LEAST;
    return word;
}

/* The line without its time, and with '*' for each word that looks random. */
static void append_meaning(struct text *meaning, const struct line *line)
{
    const size_t length = (size_t)line->length;
    const char *blank = memchr(line->bytes, ' ', length);
    for (size_t at = blank != NULL ? (size_t)(blank - line->bytes) : 0; at < length;) {
        bool random;
        size_t word = measure_word(line->bytes + at, length - at, &random);
        if (random)
            text_string(meaning, "*");
        else
            text_append(meaning, line->bytes + at, word > 0 ? word : 1);
        at += word > 0 ? word : 1;
    }
}

static uint64_t key_of(const struct line *line, bool exactly, struct text *meaning)
{
    if (exactly)
        return XXH3_64bits(line->bytes, (size_t)line->length);
    meaning->length = 0;
    append_meaning(meaning, line);
    return XXH3_64bits(meaning->bytes, meaning->length);
}

static size_t count_lines(const struct text *trace)
{
    size_t count = 0;
    for (size_t i = 0; i < trace->length; i++)
        count += trace->bytes[i] == '\n';
    return count;
}

static void side_read(struct side *side, const struct text *trace, bool exactly)
{
    struct text meaning = { 0 };
    const char *at = trace->bytes;
    const size_t count = count_lines(trace);
    *side = (struct side){ .lines = must(calloc(count + 1, sizeof *side->lines)),
                           .keys = must(calloc(count + 1, sizeof *side->keys)),
                           .alone = must(calloc(count + 1, sizeof *side->alone)),
                           .count = count };
    for (size_t i = 0; i < count; i++) {
        const char *end = strchr(at, '\n') + 1;
        side->lines[i] = (struct line){ at, (int)(end - at) };
        side->keys[i] = key_of(&side->lines[i], exactly, &meaning);
        at = end;
    }
    text_free(&meaning);
}

static void side_free(struct side *side)
{
    free(side->lines);
    free(side->keys);
    free(side->alone);
}

/* ---- Places ---- */

/* Finds the first place after `place`.  Returns false when there is none. */
static bool next_place(const struct comparison *comparison, struct place *place)
{
    const struct side *one = &comparison->sides[0];
    const struct side *other = &comparison->sides[1];
    size_t i = place->end[0];
    size_t k = place->end[1];
    while (i < one->count && k < other->count && !one->alone[i] && !other->alone[k]) {
        i++;
        k++;
    }
    *place = (struct place){ { i, k }, { i, k } };
    while (place->end[0] < one->count && one->alone[place->end[0]])
        place->end[0]++;
    while (place->end[1] < other->count && other->alone[place->end[1]])
        place->end[1]++;
    return place->end[0] > i || place->end[1] > k;
}

/* "line 41 of the first, at 0.031000000 s", or that the trace ended. */
static void print_line_name(FILE *out, const struct side *side, size_t index, const char *name)
{
    if (index < side->count) {
        const struct line *line = &side->lines[index];
        fprintf(out, "line %zu of %s, at %.*s s", index + 1, name, (int)strcspn(line->bytes, " \n"),
                line->bytes);
    } else {
        fprintf(out, "the end of %s, after line %zu", name, side->count);
    }
}

static void print_names(const struct comparison *comparison, size_t one, size_t other)
{
    print_line_name(comparison->out, &comparison->sides[0], one, "the first");
    fputs(", and ", comparison->out);
    print_line_name(comparison->out, &comparison->sides[1], other, "the second");
}

/* ---- Showing ---- */

static void print_line(const struct comparison *comparison, const char *format, size_t one, size_t other,
                       const struct line *line)
{
    char numbers[2][24] = { "", "" };
    if (one > 0)
        (void)snprintf(numbers[0], sizeof numbers[0], "%zu", one);
    if (other > 0)
        (void)snprintf(numbers[1], sizeof numbers[1], "%zu", other);
    fprintf(comparison->out, "%s%5s %5s  ", format, numbers[0], numbers[1]);
    printable_write(comparison->out, line->bytes, (size_t)line->length - 1); /* without the line end */
    fputc('\n', comparison->out);
}

/* Prints common lines, up to line `end` of the first side. */
static void print_common(struct comparison *comparison, size_t begin, size_t end)
{
    const size_t offset = comparison->shown[1] - comparison->shown[0];
    for (size_t i = begin; i < end; i++)
        print_line(comparison, "  ", i + 1, i + offset + 1, &comparison->sides[0].lines[i]);
    comparison->shown[0] = end;
    comparison->shown[1] = end + offset;
}

/* Prints the lines after the last place shown and before the next one, or the end. */
static void print_between(struct comparison *comparison, size_t next, bool first, bool last)
{
    const size_t begin = comparison->shown[0];
    const size_t behind = first ? 0 : AROUND_SHOWN;
    const size_t before = last ? 0 : AROUND_SHOWN;
    if (next - begin <= behind + before) {
        print_common(comparison, begin, next);
        return;
    }
    print_common(comparison, begin, begin + behind);
    if (!first && !last)
        fputs("  ...\n", comparison->out);
    print_common(comparison, next - before, next);
}

static void print_alone(const struct comparison *comparison, const struct place *place, int side)
{
    const char *mark = side == 0 ? "- " : "+ ";
    const size_t first = place->first[side];
    const size_t count = place->end[side] - first;
    const size_t shown = count <= ALONE_SHOWN + 1 ? count : ALONE_SHOWN;
    for (size_t i = first; i < first + shown; i++)
        print_line(comparison, mark, side == 0 ? i + 1 : 0, side == 0 ? 0 : i + 1,
                   &comparison->sides[side].lines[i]);
    if (shown < count)
        fprintf(comparison->out, "%s             (%zu more lines)\n", mark, count - shown);
}

static void print_place(struct comparison *comparison, const struct place *place)
{
    for (int side = 0; side < 2; side++) {
        print_alone(comparison, place, side);
        comparison->shown[side] = place->end[side];
    }
}

static void print_places(struct comparison *comparison, struct place place)
{
    size_t count = 0;
    do {
        if (count++ >= PLACES_SHOWN)
            continue;
        print_between(comparison, place.first[0], count == 1, false);
        print_place(comparison, &place);
    } while (next_place(comparison, &place));
    const size_t rest = comparison->sides[0].count - comparison->shown[0];
    if (count <= PLACES_SHOWN)
        print_between(comparison, comparison->shown[0] + (rest < AROUND_SHOWN ? rest : AROUND_SHOWN), false,
                      true);
    else
        fprintf(comparison->out, "  ...\nand they differ in %zu more place%s\n", count - PLACES_SHOWN,
                count == PLACES_SHOWN + 1 ? "" : "s");
}

/* ---- Both ---- */

static bool is_equal(const struct line *one, const struct line *other)
{
    return one->length == other->length && memcmp(one->bytes, other->bytes, (size_t)one->length) == 0;
}

static void tell_alike(const struct comparison *comparison)
{
    const struct side *one = &comparison->sides[0];
    const struct side *other = &comparison->sides[1];
    size_t i = 0;
    while (i < one->count && i < other->count && is_equal(&one->lines[i], &other->lines[i]))
        i++;
    fputs("the runs differ only in times or random identifiers, first at ", comparison->out);
    print_names(comparison, i, i);
    fputs("; --times shows these differences\n", comparison->out);
}

static enum trace_likeness compare_lines(struct comparison *comparison)
{
    struct place place = { { 0, 0 }, { 0, 0 } };
    const struct side *sides = comparison->sides;
    align(&(struct aligned){ sides[0].keys, sides[0].count, sides[0].alone },
          &(struct aligned){ sides[1].keys, sides[1].count, sides[1].alone });
    if (!next_place(comparison, &place)) {
        tell_alike(comparison);
        return TRACES_ALIKE;
    }
    fputs("the runs diverge at ", comparison->out);
    print_names(comparison, place.first[0], place.first[1]);
    fputs(":\n\n", comparison->out);
    print_places(comparison, place);
    return TRACES_DIFFERENT;
}

enum trace_likeness trace_compare(FILE *out, const struct text *one, const struct text *other, bool exactly)
{
    struct comparison comparison = { .out = out };
    if (one->length == other->length &&
        (one->length == 0 || memcmp(one->bytes, other->bytes, one->length) == 0))
        return TRACES_SAME;
    side_read(&comparison.sides[0], one, exactly);
    side_read(&comparison.sides[1], other, exactly);
    const enum trace_likeness likeness = compare_lines(&comparison);
    side_free(&comparison.sides[0]);
    side_free(&comparison.sides[1]);
    return likeness;
}

/* ---- Side by side ---- */

struct row_teller {
    const struct side *sides;
    void (*row)(void *host, const struct trace_row *row);
    void *host;
};

/* Tells the lines before an end of either side, beside each other; where one has no more, the other's are
 * alone. */
static void tell_rows(const struct row_teller *teller, size_t at[2], const size_t end[2], bool similar)
{
    while (at[0] < end[0] || at[1] < end[1]) {
        struct trace_row row = { .similar = similar };
        for (int i = 0; i < 2; i++) {
            if (at[i] == end[i])
                continue;
            const struct line *line = &teller->sides[i].lines[at[i]];
            row.lines[i] = line->bytes;
            row.lengths[i] = (size_t)line->length - 1;
            row.numbers[i] = ++at[i];
        }
        teller->row(teller->host, &row);
    }
}

void trace_align(const struct text *one, const struct text *other, bool exactly,
                 void (*row)(void *host, const struct trace_row *row), void *host)
{
    struct side sides[2];
    struct comparison comparison = { .out = NULL };
    struct place place = { { 0, 0 }, { 0, 0 } };
    size_t at[2] = { 0, 0 };
    side_read(&sides[0], one, exactly);
    side_read(&sides[1], other, exactly);
    align(&(struct aligned){ sides[0].keys, sides[0].count, sides[0].alone },
          &(struct aligned){ sides[1].keys, sides[1].count, sides[1].alone });
    memcpy(comparison.sides, sides, sizeof sides);
    const struct row_teller teller = { sides, row, host };
    while (next_place(&comparison, &place)) {
        tell_rows(&teller, at, place.first, true);
        tell_rows(&teller, at, place.end, false);
    }
    tell_rows(&teller, at, (const size_t[]){ sides[0].count, sides[1].count }, true);
    side_free(&sides[0]);
    side_free(&sides[1]);
}

#include "guided.h"

#include "../world/choice.h"

#include <assert.h>
#include <string.h>

enum { ROOM = 32 << 20 };

struct kept {
    size_t at, length;
    size_t plot; /* its first bytes, which the plot took */
};

struct guided {
    struct choices random;
    uint8_t reached[GUIDED_COUNTERS_MOST]; /* a bit for each class */
    size_t edges, features;
    struct kept kept[GUIDED_KEPT_MOST];
    size_t count;
    size_t plot;   /* of the current input, as far as is known: of the kept one that it varies */
    size_t length; /* of the current input */
    unsigned char input[GUIDED_LONGEST];
    size_t used; /* of the room */
    unsigned char room[ROOM];
};

size_t guided_size(void)
{
    return sizeof(struct guided);
}

void guided_begin(struct guided *guided, uint64_t seed)
{
    choices_init(&guided->random, CHOICE_SEEDED, seed);
}

static size_t draw(struct guided *guided, size_t below)
{
    assert(below > 0 && below <= UINT32_MAX);
    return choose(&guided->random, CHOICE_PLOT, (uint32_t)below);
}

static void fill(struct guided *guided, unsigned char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        bytes[i] = (unsigned char)draw(guided, 256);
}

/* ---- Variations ----
 *
 * Each changes the current input at a place. */

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t left_at(const struct guided *guided, size_t place)
{
    return guided->length - place;
}

/* Most decisions take one byte, and most of them have few possibilities. */
static void vary_byte(struct guided *guided, size_t place)
{
    guided->input[place] = (unsigned char)draw(guided, 256);
}

static void vary_by_little(struct guided *guided, size_t place)
{
    const size_t by = 1 + draw(guided, 4);
    const unsigned char byte = guided->input[place];
    guided->input[place] = (unsigned char)(draw(guided, 2) == 0 ? byte + by : byte - by);
}

static void vary_some(struct guided *guided, size_t place)
{
    fill(guided, guided->input + place, least(1 + draw(guided, 32), left_at(guided, place)));
}

/* Zero is the default schedule. */
static void zero_some(struct guided *guided, size_t place)
{
    memset(guided->input + place, 0, least(1 + draw(guided, 64), left_at(guided, place)));
}

static void vary_rest(struct guided *guided, size_t place)
{
    fill(guided, guided->input + place, left_at(guided, place));
}

static void insert_some(struct guided *guided, size_t place)
{
    const size_t size = least(1 + draw(guided, 16), GUIDED_LONGEST - guided->length);
    memmove(guided->input + place + size, guided->input + place, left_at(guided, place));
    fill(guided, guided->input + place, size);
    guided->length += size;
}

static void delete_some(struct guided *guided, size_t place)
{
    const size_t size = least(1 + draw(guided, 16), left_at(guided, place));
    guided->length -= size;
    memmove(guided->input + place, guided->input + place + size, left_at(guided, place));
}

/* A part of the input at another place of it, which repeats actions. */
static void repeat_some(struct guided *guided, size_t place)
{
    const size_t from = draw(guided, guided->length);
    const size_t size = least(1 + draw(guided, 64), least(left_at(guided, place), left_at(guided, from)));
    memmove(guided->input + place, guided->input + from, size);
}

/* From here on as another kept input. */
static void cross(struct guided *guided, size_t place)
{
    const struct kept *other = &guided->kept[draw(guided, guided->count)];
    if (other->length <= place)
        return;
    memcpy(guided->input + place, guided->room + other->at + place, other->length - place);
    guided->length = other->length;
}

static void vary(struct guided *guided)
{
    static void (*const ways[])(struct guided *,
                                size_t) = { vary_byte, vary_byte,   vary_by_little, vary_some,   zero_some,
                                            vary_rest, insert_some, delete_some,    repeat_some, cross };
    enum { WAYS = sizeof ways / sizeof ways[0] };
    if (guided->length == 0)
        vary_some(guided, (guided->length = 1) - 1);
    const size_t plot = least(guided->plot, guided->length);
    const size_t place = plot > 0 && draw(guided, 4) > 0 ? draw(guided, plot) : draw(guided, guided->length);
    ways[draw(guided, WAYS)](guided, place);
}

/* ---- The next input ---- */

/* A kept input ends with the bytes that its run took: a longer run needs more, and without them takes the
 * default schedule. */
static void add_tail(struct guided *guided)
{
    const size_t size = GUIDED_LONGEST - guided->length;
    if (draw(guided, 2) == 0)
        return;
    fill(guided, guided->input + guided->length, size);
    guided->length = GUIDED_LONGEST;
}

static void take_fresh(struct guided *guided)
{
    guided->plot = 0;
    guided->length = GUIDED_LONGEST;
    fill(guided, guided->input, guided->length);
}

/* Those that were kept last have been varied least. */
static void take_kept(struct guided *guided)
{
    const size_t last = guided->count - guided->count / 4;
    const size_t index = draw(guided, 2) == 0 ? draw(guided, guided->count)
                                              : guided->count - 1 - draw(guided, guided->count - last + 1);
    const struct kept *kept = &guided->kept[least(index, guided->count - 1)];
    memcpy(guided->input, guided->room + kept->at, kept->length);
    guided->length = kept->length;
    guided->plot = kept->plot;
}

void guided_next(struct guided *guided)
{
    enum { FRESH = 4, TIMES = 4 };
    if (guided->count == 0 || draw(guided, FRESH) == 0) {
        take_fresh(guided);
        return;
    }
    take_kept(guided);
    const size_t times = (size_t)1 << draw(guided, TIMES);
    for (size_t i = 0; i < times; i++)
        vary(guided);
    add_tail(guided);
}

const unsigned char *guided_input(const struct guided *guided, size_t *length)
{
    *length = guided->length;
    return guided->input;
}

/* ---- Learning ---- */

static uint8_t class_of(uint8_t times)
{
    static const uint8_t begins[GUIDED_CLASSES] = { 1, 2, 3, 4, 8, 16, 32, 128 };
    unsigned class = GUIDED_CLASSES;
    while (class > 0 && times < begins[class - 1])
        class --;
    return (uint8_t)(class > 0 ? 1u << (class - 1) : 0);
}

static bool note(struct guided *guided, size_t edge, uint8_t times)
{
    const uint8_t class = class_of(times);
    uint8_t *reached = &guided->reached[edge];
    if ((*reached & class) != 0)
        return false;
    guided->edges += *reached == 0;
    guided->features++;
    *reached |= class;
    return true;
}

static void keep(struct guided *guided, const struct guided_run *run)
{
    const size_t length = least(run->taken, guided->length);
    if (guided->count == GUIDED_KEPT_MOST || ROOM - guided->used < length)
        return;
    memcpy(guided->room + guided->used, guided->input, length);
    guided->kept[guided->count] = (struct kept){ guided->used, length, least(run->plot, length) };
    guided->used += length;
    guided->count++;
}

bool guided_learn(struct guided *guided, const struct guided_run *run)
{
    bool is_new = false;
    const size_t count = least(run->counter_count, GUIDED_COUNTERS_MOST);
    for (size_t edge = 0; edge < count; edge++)
        if (run->counters[edge] != 0 && note(guided, edge, run->counters[edge]))
            is_new = true;
    if (is_new && run->keep)
        keep(guided, run);
    return is_new;
}

size_t guided_edges(const struct guided *guided)
{
    return guided->edges;
}

size_t guided_features(const struct guided *guided)
{
    return guided->features;
}

size_t guided_count(const struct guided *guided)
{
    return guided->count;
}

const unsigned char *guided_kept(const struct guided *guided, size_t index, size_t *length)
{
    assert(index < guided->count);
    *length = guided->kept[index].length;
    return guided->room + guided->kept[index].at;
}

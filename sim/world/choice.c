/*
 * choice.c - the answers of the policies.
 *
 * The seeded policy uses SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators",
 * OOPSLA 2014): one word of state, and the same results on every machine.
 */
#include "choice.h"

#include <assert.h>

static const uint64_t GOLDEN_GAMMA = UINT64_C(0x9e3779b97f4a7c15);

static uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static uint64_t next_word(uint64_t *state)
{
    *state += GOLDEN_GAMMA;
    return mix(*state);
}

/* The seed is mixed before the stream's number is added, or neighbouring seeds would share streams. */
static uint64_t stream_state(uint64_t seed, uint64_t stream)
{
    return mix(mix(seed + GOLDEN_GAMMA) + stream * GOLDEN_GAMMA);
}

void choices_init(struct choices *choices, enum choice_policy policy, uint64_t seed)
{
    *choices = (struct choices){ .policy = policy, .entropy = stream_state(seed, 0) };
    for (unsigned concern = 0; concern < CHOICE_CONCERNS; concern++)
        choices->streams[concern] = stream_state(seed, concern + 1);
}

void choices_replay(struct choices *choices, uint64_t seed, const struct recording *recorded)
{
    choices_init(choices, CHOICE_RECORDED, seed);
    choices->recorded = recorded;
}

void choices_walk(struct choices *choices, uint64_t seed, struct recording *path, unsigned concerns)
{
    choices_init(choices, CHOICE_EXHAUSTIVE, seed);
    choices->path = path;
    choices->walked = concerns;
}

void choices_read(struct choices *choices, uint64_t seed, const unsigned char *bytes, size_t length)
{
    choices_init(choices, CHOICE_FUZZED, seed);
    choices->bytes.next = bytes;
    choices->bytes.left = length;
}

void choices_record(struct choices *choices, struct recording *record)
{
    choices->record = record;
}

/* ---- The policies ---- */

static uint32_t draw(struct choices *choices, enum choice_concern concern, uint32_t possibilities)
{
    const uint64_t drawn = next_word(&choices->streams[concern]) >> 32;
    return (uint32_t)((drawn * possibilities) >> 32);
}

/* A decision that the text of the recording omits was the first possibility, of any number. */
static uint32_t look_up(struct choices *choices, enum choice_concern concern, uint32_t possibilities)
{
    if (choices->drifted || choices->asked >= choices->recorded->count)
        return 0;
    const struct choice *then = &choices->recorded->list[choices->asked];
    if (then->possibilities == 0 || (then->concern == concern && then->possibilities == possibilities))
        return then->answer;
    choices->drifted = true;
    choices->drift = (struct choice){ concern, possibilities, 0 };
    choices->drift_at = choices->asked;
    return 0;
}

static uint32_t walk(struct choices *choices, enum choice_concern concern, uint32_t possibilities)
{
    if ((choices->walked & (1u << concern)) == 0)
        return 0;
    if (choices->walked_count == choices->path->count)
        recording_add(choices->path, (struct choice){ concern, possibilities, 0 });
    const struct choice *here = &choices->path->list[choices->walked_count++];
    assert(here->concern == concern && here->possibilities == possibilities);
    return here->answer;
}

/* As many bytes as the possibilities need, the first the most significant. */
static uint32_t read_bytes(struct choices *choices, uint32_t possibilities)
{
    uint32_t value = 0;
    for (uint32_t rest = possibilities - 1; rest > 0 && choices->bytes.left > 0; rest >>= 8) {
        value = value << 8 | *choices->bytes.next++;
        choices->bytes.left--;
    }
    return value % possibilities;
}

static uint32_t answer(struct choices *choices, enum choice_concern concern, uint32_t possibilities)
{
    switch (choices->policy) {
    case CHOICE_SEEDED:
        return draw(choices, concern, possibilities);
    case CHOICE_RECORDED:
        return look_up(choices, concern, possibilities);
    case CHOICE_EXHAUSTIVE:
        return walk(choices, concern, possibilities);
    case CHOICE_FUZZED:
        return read_bytes(choices, possibilities);
    case CHOICE_SCRIPTED:
        break;
    }
    return 0;
}

uint32_t choose(struct choices *choices, enum choice_concern concern, uint32_t possibilities)
{
    assert(possibilities >= 1);
    assert(concern < CHOICE_CONCERNS);
    if (possibilities == 1)
        return 0;
    const uint32_t chosen = answer(choices, concern, possibilities);
    choices->asked++;
    if (choices->record != NULL)
        recording_add(choices->record, (struct choice){ concern, possibilities, chosen });
    return chosen;
}

bool choice_is_new(const struct choices *choices)
{
    return choices->policy == CHOICE_EXHAUSTIVE && choices->walked_count == choices->path->count;
}

bool choice_path_next(struct recording *path)
{
    while (path->count > 0) {
        struct choice *last = &path->list[path->count - 1];
        if (last->answer + 1 < last->possibilities) {
            last->answer++;
            return true;
        }
        path->count--;
    }
    return false;
}

void choice_entropy(struct choices *choices, void *bytes, size_t length)
{
    uint8_t *out = bytes;
    uint64_t word = 0;
    for (size_t i = 0; i < length; i++) {
        if (i % sizeof word == 0)
            word = next_word(&choices->entropy);
        out[i] = (uint8_t)word;
        word >>= 8;
    }
}

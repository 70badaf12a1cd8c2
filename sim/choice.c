/*
 * choice.c - the policies' answers.  The generator is SplitMix64 (Steele, Lea, Flood: "Fast splittable
 * pseudorandom number generators", OOPSLA 2014): one word of state, the same on every machine.
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

uint32_t choose(struct choices *choices, enum choice_concern concern, uint32_t possibilities)
{
    assert(possibilities >= 1);
    assert(concern < CHOICE_CONCERNS);
    if (possibilities == 1)
        return 0;
    choices->asked++;
    if (choices->policy == CHOICE_SCRIPTED)
        return 0;
    const uint64_t drawn = next_word(&choices->streams[concern]) >> 32;
    return (uint32_t)((drawn * possibilities) >> 32);
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

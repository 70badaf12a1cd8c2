/*
 * choice.h - every decision in the simulator that could go either way.
 *
 * Whoever has to decide asks choose(): how many possibilities there are goes in, one of them comes out.
 * What answers is a policy: the scripted one always takes the first, which makes the quiet world in which
 * everything goes well; the seeded one draws from a generator.
 *
 * Each concern draws from a stream of its own, so that one more decision in the network does not reshuffle
 * what the disk does.
 */
#ifndef SIM_CHOICE_H
#define SIM_CHOICE_H

#include <stddef.h>
#include <stdint.h>

enum choice_concern {
    CHOICE_TIES,    /* which of the events that are due at the same time happens first */
    CHOICE_LATENCY, /* how much later than the least a piece of bytes arrives */
    CHOICE_PIECES,  /* how many of the bytes that could arrive do */
    CHOICE_DISK,    /* how much later than the least a storage request completes */
    CHOICE_STEPS,   /* which of the steps that happen at the same time begins first */
    CHOICE_CRASH,   /* which of the writes that were under way at a crash are lost or kept */
    CHOICE_CONCERNS
};

/* The policies. */
enum choice_policy {
    CHOICE_SCRIPTED, /* always 0 */
    CHOICE_SEEDED,   /* as the seed has it */
};

struct choices {
    enum choice_policy policy;
    uint64_t streams[CHOICE_CONCERNS]; /* the generators' states */
    uint64_t entropy;                  /* the state behind choice_entropy */
    uint64_t asked; /* how many decisions were made, those among one possibility left out */
};

/* A world's choices; the same policy and seed give the same answers to the same questions.  The scripted
 * policy uses the seed only for choice_entropy. */
void choices_init(struct choices *choices, enum choice_policy policy, uint64_t seed);

/* A number below `possibilities`, which is at least 1. */
uint32_t choose(struct choices *choices, enum choice_concern concern, uint32_t possibilities);

/* Bytes that look random and are not: what a random port gives in a world.  They are no choice: nothing
 * may depend on them but identifiers, nonces and salts. */
void choice_entropy(struct choices *choices, void *bytes, size_t length);

#endif

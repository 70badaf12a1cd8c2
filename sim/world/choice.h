/*
 * choice.h - every decision in the simulator that could go either way.
 *
 * Whoever has to decide asks choose(): how many possibilities there are goes in, one of them comes out.
 * What answers is a policy:
 *
 *      scripted     always the first, which makes the default schedule in which everything goes well
 *      seeded       a generator draws; each concern from a stream of its own, so that one more decision in
 * the network does not reshuffle what the disk does recorded     what a recording has; whoever is asked
 * something else than at the time says so exhaustive   along a path through the tree of all choices;
 * choice_path_next moves the path on, until every leaf was visited fuzzed       bytes that somebody else made
 * up
 *
 * Whatever the policy, what was asked and answered can be recorded, and the recording replays the run.
 */
#ifndef SIM_CHOICE_H
#define SIM_CHOICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum choice_concern {
    CHOICE_TIES,    /* which of the events that are due at the same time happens first; in a world of any
                       order, which of all that are under way */
    CHOICE_LATENCY, /* how much later than the least a piece of bytes arrives */
    CHOICE_PIECES,  /* how many of the bytes that could arrive do */
    CHOICE_DISK,    /* how much later than the least a storage request completes */
    CHOICE_STEPS,   /* which of the steps that happen at the same time begins first */
    CHOICE_PLOT,    /* who does what in a scenario that chance makes */
    CHOICE_CRASH,   /* which of the writes that were under way at a crash are lost or kept */
    CHOICE_CONCERNS
};

enum choice_policy { CHOICE_SCRIPTED, CHOICE_SEEDED, CHOICE_RECORDED, CHOICE_EXHAUSTIVE, CHOICE_FUZZED };

/* One decision. */
struct choice {
    enum choice_concern concern;
    uint32_t possibilities, answer;
};

/* Decisions in the order in which they were made.  Zeroed it is empty; freed with recording_free. */
struct recording {
    struct choice *list;
    size_t count, capacity;
};

void recording_add(struct recording *recording, struct choice choice);
void recording_free(struct recording *recording);

/* A recording as one line of text: "INDEX:CONCERN ANSWER/POSSIBILITIES" for each decision that was not the
 * first possibility, a blank between; "none" when all were.  The index counts decisions from 0.
 *
 *      17:pieces 3/8 18:pieces 41/112 40:ties 1/2
 *
 * The caller frees it. */
char *recording_print(const struct recording *recording);

/* The reverse: what the line does not mention has the answer 0 to any question (its possibilities are 0).
 * Returns false, and the recording empty, when the line is none, or its index is above RECORDING_INDEX_MOST:
 * no run makes as many decisions, and each that comes before takes memory. */
enum { RECORDING_INDEX_MOST = 4000000 };
bool recording_parse(const char *line, struct recording *recording);

struct choices {
    enum choice_policy policy;
    uint64_t streams[CHOICE_CONCERNS]; /* the generators' states */
    uint64_t entropy;                  /* the state behind choice_entropy */
    uint64_t asked; /* how many decisions were made, those among one possibility left out */
    union {
        const struct recording *recorded;
        struct recording *path; /* CHOICE_EXHAUSTIVE */
        struct {
            const unsigned char *next; /* CHOICE_FUZZED */
            size_t left;
        } bytes;
    };
    unsigned walked;     /* CHOICE_EXHAUSTIVE: bits of the concerns that are; the others get 0 */
    size_t walked_count; /* how far the path has been walked */
    bool drifted;        /* CHOICE_RECORDED: something else was asked than at the time */
    struct choice drift; /* what was asked first that was something else, as decision `drift_at` */
    uint64_t drift_at;
    struct recording *record; /* NULL, or where every decision is noted */
};

/* A world's choices, scripted or seeded; the same policy and seed give the same answers to the same
 * questions.  Policies but the seeded one use the seed only for choice_entropy. */
void choices_init(struct choices *choices, enum choice_policy policy, uint64_t seed);

/* The other policies; what is handed over is borrowed.  A decision behind the end of a recording, a path or
 * bytes gets 0; so does one that drifted, and all that follow it. */
void choices_replay(struct choices *choices, uint64_t seed, const struct recording *recorded);
void choices_walk(struct choices *choices, uint64_t seed, struct recording *path, unsigned concerns);
void choices_read(struct choices *choices, uint64_t seed, const unsigned char *bytes, size_t length);

/* Every decision from now on is added to a recording, which is borrowed. */
void choices_record(struct choices *choices, struct recording *record);

/* A number below `possibilities`, which is at least 1. */
uint32_t choose(struct choices *choices, enum choice_concern concern, uint32_t possibilities);

/* Whether the next decision that is walked is one that no run has come to on this path before. */
bool choice_is_new(const struct choices *choices);

/* After a run along a path: makes it the path of the next leaf, or returns false when that was the last. */
bool choice_path_next(struct recording *path);

/* Bytes that look random and are not: what a random port gives in a world.  They are no choice: nothing
 * may depend on them but identifiers, nonces and salts. */
void choice_entropy(struct choices *choices, void *bytes, size_t length);

/* "ties", "latency", ... */
const char *choice_concern_name(enum choice_concern concern);

#endif

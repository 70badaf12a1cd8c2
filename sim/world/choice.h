/*
 * choice.h - every decision in the simulator that has more than one possible outcome.
 *
 * Code that has to decide calls choose() with the number of possibilities, and gets the index of one of them.
 * A policy makes the decision:
 *
 *      scripted     always the first possibility: the default schedule, without delays or faults
 *      seeded       a pseudo-random generator; each concern has its own stream, so that one more decision in
 *                   the network does not change the decisions of the disk
 *      recorded     the answers of a recording; a question that differs from the recorded one is reported
 *      exhaustive   along a path through the tree of all choices; choice_path_next advances the path until
 *                   every leaf has been visited
 *      fuzzed       answers taken from bytes that the caller supplies
 *
 * Under every policy the decisions can be recorded, and the recording replays the run.
 */
#ifndef SIM_CHOICE_H
#define SIM_CHOICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum choice_concern {
    CHOICE_TIES,    /* which of several events due at the same time runs first; in a world of any order,
                       which of all pending events */
    CHOICE_LATENCY, /* how much later than the minimum latency bytes arrive */
    CHOICE_PIECES,  /* how many of the bytes that are due arrive at once */
    CHOICE_DISK,    /* how much later than the minimum time a storage request completes */
    CHOICE_STEPS,   /* which of several concurrent steps begins first */
    CHOICE_PLOT,    /* the contents of a generated scenario (plot.h) */
    CHOICE_CRASH,   /* which of the writes under way at a crash are kept */
    CHOICE_CONCERNS
};

enum choice_policy { CHOICE_SCRIPTED, CHOICE_SEEDED, CHOICE_RECORDED, CHOICE_EXHAUSTIVE, CHOICE_FUZZED };

/* One decision. */
struct choice {
    enum choice_concern concern;
    uint32_t possibilities, answer;
};

/* Decisions in the order in which they were made.  A zeroed recording is empty; recording_free frees it. */
struct recording {
    struct choice *list;
    size_t count, capacity;
};

/* Appends a decision; frees the list. */
void recording_add(struct recording *recording, struct choice choice);
void recording_free(struct recording *recording);

/* A recording as one line of text: "INDEX:CONCERN ANSWER/POSSIBILITIES" for each decision that was not the
 * first possibility, separated by blanks; "none" when all were.  The index counts decisions from 0.
 *
 *      17:pieces 3/8 18:pieces 41/112 40:ties 1/2
 *
 * The caller frees the line. */
char *recording_print(const struct recording *recording);

/* Parses a line of recording_print.  A decision that the line does not mention has the answer 0 to any
 * question (its possibilities are 0).  Returns false, and leaves the recording empty, when the line is
 * malformed or an index is above RECORDING_INDEX_MOST.  The bound limits memory: every decision before an
 * index takes some, and no run makes that many. */
enum { RECORDING_INDEX_MOST = 4000000 };
bool recording_parse(const char *line, struct recording *recording);

struct choices {
    enum choice_policy policy;
    uint64_t streams[CHOICE_CONCERNS]; /* the generators' states */
    uint64_t entropy;                  /* the state behind choice_entropy */
    uint64_t asked;                    /* decisions so far, without those that had only one possibility */
    union {
        const struct recording *recorded;
        struct recording *path; /* CHOICE_EXHAUSTIVE */
        struct {
            const unsigned char *next; /* CHOICE_FUZZED */
            size_t left;
        } bytes;
    };
    unsigned walked;     /* CHOICE_EXHAUSTIVE: bit set of the concerns that are walked; the others get 0 */
    size_t walked_count; /* CHOICE_EXHAUSTIVE: decisions of the path used so far */
    bool drifted;        /* CHOICE_RECORDED: a question differed from the recorded one */
    struct choice drift; /* the first question that differed, decision `drift_at` */
    uint64_t drift_at;
    struct recording *record; /* where every decision is appended; borrowed; NULL for none */
};

/* Initialises the choices of a world with the scripted or the seeded policy.  The same policy and seed give
 * the same answers to the same questions.  Only the seeded policy uses the seed for decisions; every policy
 * uses it for choice_entropy. */
void choices_init(struct choices *choices, enum choice_policy policy, uint64_t seed);

/* Initialise with the recorded, the exhaustive and the fuzzed policy.  The recording, the path and the bytes
 * are borrowed.  A decision beyond their end gets 0; so does the first question that differs from a
 * recording, and every question after it. */
void choices_replay(struct choices *choices, uint64_t seed, const struct recording *recorded);
void choices_walk(struct choices *choices, uint64_t seed, struct recording *path, unsigned concerns);
void choices_read(struct choices *choices, uint64_t seed, const unsigned char *bytes, size_t length);

/* Appends every decision from now on to a recording, which is borrowed. */
void choices_record(struct choices *choices, struct recording *record);

/* Returns a number below `possibilities`, which is at least 1. */
uint32_t choose(struct choices *choices, enum choice_concern concern, uint32_t possibilities);

/* Whether the next walked decision is beyond the end of the path, so that no run on this path has made it
 * before. */
bool choice_is_new(const struct choices *choices);

/* After a run along a path: advances it to the next leaf.  Returns false when that was the last leaf. */
bool choice_path_next(struct recording *path);

/* Fills `bytes` with pseudo-random bytes determined by the seed, for the random port of a core.  They are not
 * decisions: only identifiers, nonces and salts may depend on them. */
void choice_entropy(struct choices *choices, void *bytes, size_t length);

/* "ties", "latency", ... */
const char *choice_concern_name(enum choice_concern concern);

#endif

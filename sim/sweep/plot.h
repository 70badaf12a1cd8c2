/*
 * plot.h - a randomly generated scenario: a server with its settings, a cast, and their actions.
 *
 * A plot is the text of an ordinary scenario file, so it can be read, replayed and shrunk.  It has the tag
 * "checks only": the expected stanzas are not known, so its steps only act, and only the invariants are
 * checked.
 *
 * Each plot draws its themes first, mostly one to three, and then its own mix: which settings, which actions of
 * these themes and which kinds of faults, and how often each; so most plots concentrate on a few features that
 * belong together, and rare combinations occur.  Settings that the server lacks are left out, and so are actions, one by
 * one: the rest of the plot is that of a server that has everything.  All choices are drawn from CHOICE_PLOT.
 */
#ifndef SIM_PLOT_H
#define SIM_PLOT_H

#include "../world/capability.h"
#include "../world/choice.h"

/* What may go wrong, as bits. */
enum plot_faults {
    PLOT_NETWORK = 1, /* links that break, stall, die or are slow; disconnected servers */
    PLOT_DISK = 2,    /* loads and saves that fail or are slow; a server that crashes and comes back */
    PLOT_MEMORY = 4,  /* an allocation that returns NULL */
    PLOT_CLOCK = 8,   /* a clock that jumps */
    PLOT_ALL = 15,
};

struct server_kind;
struct plot_options {
    unsigned cast;                  /* characters: 1 to PLOT_CAST_MOST */
    unsigned steps;                 /* in total, for all characters */
    unsigned faults;                /* bits */
    const struct server_kind *kind; /* the server that they are run against; NULL for our core */
};
enum { PLOT_CAST_MOST = 10000, PLOT_STEPS_MOST = 1000000 };

/* 4 characters, 24 steps, no faults. */
struct plot_options plot_options_default(void);

/* How often each action occurs in plots, and how many were left out for want of each capability; summed over several
 * plots if not zeroed between them. */
enum { PLOT_ACTIONS_MOST = 128 };
struct plot_counts {
    uint64_t actions[PLOT_ACTIONS_MOST];
    uint64_t left_out[CAPABILITY_COUNT];
};

/* Writes a plot; the caller frees.  `counts` may be NULL. */
char *plot_write(const struct plot_options *options, struct choices *choices, struct plot_counts *counts);

/* The plot of a seed as a scenario, to be freed; it is run with that seed. */
struct scenario *plot_of_seed(const struct plot_options *options, uint64_t seed, struct plot_counts *counts);

/* A plot that bytes make, with `name` as its path, and what is left of them for its run with CHOICE_FUZZED and the seed 0.  The bytes
 * are borrowed. */
struct plot_run {
    char *text;
    struct scenario *scenario;
    const unsigned char *bytes;
    size_t byte_count;
};
struct plot_run plot_of_bytes(const struct plot_options *options, const char *name,
                              const unsigned char *bytes, size_t length, struct plot_counts *counts);
void plot_run_free(struct plot_run *plot);

/* The name of a theme by its index, NULL after the last: what a plot can be about, as a comment of its head says. */
const char *plot_theme_name(size_t index);

/* The name of an action by its index in the counts, NULL after the last; whether it is a fault; and what it needs. */
const char *plot_action_name(size_t index);
bool plot_action_is_fault(size_t index);
enum capability plot_action_needs(size_t index);

#endif

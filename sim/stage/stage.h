/*
 * stage.h - plays one scenario in a world of its own, and says how it went.
 *
 * Each step happens before the next: between steps the world settles, so a scenario means the same whatever
 * the network and the disk do.  What a client should have received is looked for once the world is quiet;
 * what is not there then never comes by itself, so nothing here ever waits.
 */
#ifndef SIM_STAGE_H
#define SIM_STAGE_H

#include "../language/scenario.h"
#include "../world/trace.h"

struct server_kind;
struct black_box;

/* What happened in plays, whatever was planned; a play adds to what is there. */
enum { STAGE_FAULTS_MOST = 32, STAGE_CHECKS_MOST = 64 };
struct stage_tally {
    uint64_t faults[STAGE_FAULTS_MOST]; /* how often each made a difference before everybody left */
    uint64_t checks[STAGE_CHECKS_MOST]; /* how often each row of checks.h was asked */
};

/* The name of a fault by its index in a tally, NULL behind the last.  What plots do on purpose (plot.h) has
 * the same name here. */
const char *stage_fault_name(size_t index);

/* A moment at which a world may be stopped: once the trace has the line of that number, at the end of the
 * event or of the act that writes it; once all is over that happens up to a virtual time; when the step in
 * that line of the file begins, the first time; or after so many of the world's events. */
enum stage_until {
    STAGE_TO_THE_END,
    STAGE_UNTIL_LINE,
    STAGE_UNTIL_TIME,
    STAGE_UNTIL_STEP,
    STAGE_UNTIL_EVENT
};
struct stage_moment {
    enum stage_until what;
    uint64_t number; /* of the line, from 1; of nanoseconds; of the line of the file; of events, from 1 */
};

struct stage_options {
    const struct server_kind *kind; /* the server under test; NULL for our core */
    bool any_order;                 /* as though the scenario carried the tag */
    struct states *states; /* CHOICE_EXHAUSTIVE: NULL, or what the plays before came through: the world stops
                              where it comes to a choice, one that the path does not have yet, in a state that
                              is among them; other states are added */
    enum choice_policy policy;
    uint64_t seed;
    struct recording *recording; /* CHOICE_RECORDED: what is replayed; CHOICE_EXHAUSTIVE: the path */
    unsigned walked;             /* CHOICE_EXHAUSTIVE: which concerns, as bits */
    const unsigned char *bytes;  /* CHOICE_FUZZED */
    size_t byte_count;
    struct recording *record;  /* NULL, or where each decision is noted */
    struct stage_tally *tally; /* NULL, or where what happened is counted */
    struct stage_moment until; /* the world stops there */
    bool strict;               /* as though every scenario carried the tag */
    bool colour;               /* in explanations */
    unsigned columns;          /* how wide an explanation may be; 0 for 100 */
    bool checks_only; /* steps act, and of what comes of them nothing is asked but that the checks hold, that
                         clients are sent XML, and that nothing is left in the servers */
    uint64_t fail_allocation; /* which allocation of the servers fails, 1 being the first: then it is a play
                                 of checks only; 0 for none */
    struct black_box *box;    /* NULL, or where the play notes where it is */
    trace_sink trace;         /* NULL, or told of every line of the trace */
    void *trace_host;
    const char *replay; /* the command line that replays the run, for failures; may be NULL */
};

struct stage_result {
    bool passed;
    bool halted;  /* `until` was reached, or one of `states`: what follows was neither played nor judged */
    bool stopped; /* it was told to stop (black_box.h), and has failed with that */
    sim_time virtual_time;
    uint64_t events;
    uint64_t lines; /* of the trace, when it stopped, failed or ended */
    uint64_t trace_hash;
    uint64_t allocations;   /* of the servers */
    bool allocation_failed; /* the one that was to fail came */
    int line;               /* of the step that failed; 0 when passed or when none did */
    int begun;              /* the line of the step that began last; 0 where none did */
    const char *check;      /* the name of the check that failed, or NULL; static */
    char *summary;          /* one sentence, without a newline; NULL when passed */
    char *explanation;      /* all of it, several lines, the last ended; NULL when passed */
    char *description;      /* with `until`, the world (scene.h) where it stopped: there, at the failure or at
                             * the end; else NULL */
};

void stage_play(const struct scenario *scenario, const struct stage_options *options,
                struct stage_result *result);
void stage_result_free(struct stage_result *result);

#endif

/*
 * player.h - runs one scenario in a world of its own, and reports the result.
 *
 * Steps are strictly ordered: the world settles after each step, so the meaning of a scenario does not depend
 * on the timing of network and disk.  What a client should have received is checked at quiescence.  What has
 * not arrived by then never will without another step, so no step waits.
 */
#ifndef SIM_PLAYER_H
#define SIM_PLAYER_H

#include "../checks/checks.h"
#include "../language/scenario.h"
#include "../world/trace.h"
#include "events.h"

struct server_kind;
struct black_box;

/* Watches a run from outside of the server: each function is called at a virtual time. */
struct player_observer {
    void *host;
    void (*step)(void *host, sim_time now, const struct step *step); /* one that acts begins */
    /* A client received an element, which is borrowed; or NULL: the server ended its stream or connection, or
     * sent what is not XML, as `end` says. */
    void (*received)(void *host, sim_time now, const struct client *client, const struct xml *element,
                     const char *end);
};

/* Counts of faults and checks in runs; a run adds to them. */
enum { PLAYER_FAULTS_MOST = 32, PLAYER_CHECKS_MOST = 128 };
struct player_tally {
    uint64_t faults[PLAYER_FAULTS_MOST]; /* how often each had an effect before the clients left at the end */
    struct check_counts checks[PLAYER_CHECKS_MOST]; /* how often each row of checks.h was checked */
};

/* The name of a fault by its index in a tally; NULL after the last.  The faults of generated scenarios
 * (plot.h) have the same names. */
const char *player_fault_name(size_t index);

/* A moment at which a world is halted: at the end of the event or step that writes trace line `number`; when
 * everything due up to a virtual time is over; when the step in that line of the file begins for the first
 * time; or after so many events. */
enum player_until {
    PLAYER_TO_THE_END,
    PLAYER_UNTIL_LINE,
    PLAYER_UNTIL_TIME,
    PLAYER_UNTIL_STEP,
    PLAYER_UNTIL_EVENT
};
struct player_moment {
    enum player_until what;
    uint64_t
        number; /* of the trace line, from 1; of nanoseconds; of the line of the file; of events, from 1 */
};

struct player_options {
    const struct server_kind
        *kind;             /* the server under test, which is open (server_kinds.h); NULL for our core */
    bool any_order;        /* as if the scenario had the tag "any order" */
    struct states *states; /* CHOICE_EXHAUSTIVE: the states visited by earlier runs, or NULL. The world halts
                              at a choice that is new on the path, in a state that is in the set; other such
                              states are added. */
    enum choice_policy policy;
    uint64_t seed;
    struct recording *recording; /* CHOICE_RECORDED: the recording to replay; CHOICE_EXHAUSTIVE: the path */
    unsigned walked;             /* CHOICE_EXHAUSTIVE: bit set of the explored concerns */
    const unsigned char *bytes;  /* CHOICE_FUZZED */
    size_t byte_count;
    struct recording *record;   /* where each decision is recorded; NULL for none */
    struct player_tally *tally; /* where faults and checks are counted; NULL for none */
    struct player_moment until; /* where the world halts */
    uint64_t most_events; /* the world halts after so many events and timers together (result.halted); 0 for
                             no bound */
    uint64_t most_iterations; /* of PBKDF2 for one key, which the servers use when their settings ask for
                                 more; 0 for no bound */
    bool strict;              /* as if the scenario had the tag "strict" */
    bool colour;              /* in explanations */
    unsigned columns;         /* maximum width of an explanation; 0 for 100 */
    bool checks_only; /* steps act, but are not judged, except that the checks hold, that clients receive XML,
                         and that the servers are empty at the end */
    uint64_t fail_allocation; /* which allocation of the servers fails, from 1, which implies checks_only; 0
                                 for none */
    struct black_box *box;    /* where the run records its position; NULL for none */
    const struct player_observer *observer; /* NULL for none */
    trace_sink trace;                       /* called for every line of the trace; NULL for none */
    void *trace_host;
    run_event_sink event; /* called for every event (events.h); NULL for none */
    void *event_host;
    bool every_choice;  /* a decision for the first possibility is an event too */
    const char *replay; /* the command that replays the run, printed with failures; may be NULL */
};

struct player_result {
    bool passed;
    bool halted;  /* `until` was reached, `most_events`, or one of `states`: the rest was neither run nor
                     judged */
    bool stopped; /* the run was requested to stop (black_box.h), and failed for that reason */
    bool
        drifted; /* CHOICE_RECORDED: it was another run than the recorded one (choice.h), and failed at least for
                     that reason */
    sim_time virtual_time;
    uint64_t events;
    uint64_t lines;         /* of the trace, when the run stopped, failed or ended */
    uint64_t trace_hash;    /* 0 where `varies` */
    bool varies;            /* the runs of this server do: a hash of one says nothing */
    bool repeated;          /* it failed, and passed when it was run again: the server's runs vary */
    size_t bytes_taken;     /* CHOICE_FUZZED: by the choices */
    uint64_t allocations;   /* of the servers */
    bool allocation_failed; /* the allocation that was to fail was made */
    int line;               /* of the step that failed; 0 when passed or when no step failed */
    int begun;              /* the line of the last step that began; 0 for none */
    const char *check;      /* the name of the check that failed, or what the server did; NULL; static */
    char skipped[64]; /* what the server lacks that the run needs: a capability or a setting; else "".  The
                         rest was neither run nor judged; `passed` is true, and counts for nothing */
    char skipped_why[256];
    char *summary;     /* one sentence, without a newline; NULL when passed */
    char *explanation; /* the complete text, several lines with their ends; NULL when passed */
    char *description; /* with `until`: the description of the world (scene.h) where it halted, failed or
                               ended; else NULL */
    /* Not of the run: what the caller keeps of its events, as texts; freed with the result; or NULL. */
    char *log, *mermaid, *dot;
};

/* Runs a scenario and fills in the result, which player_result_free frees.  With a server whose runs vary, a failure is
 * run again, without the hooks of the options; only if that fails too it counts, and it is the first one that is
 * reported. */
void player_run(const struct scenario *scenario, const struct player_options *options,
                struct player_result *result);
void player_result_free(struct player_result *result);

#endif

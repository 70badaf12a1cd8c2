/*
 * crew.h - plays many scenarios, in this process or in several, and hands over the results in order.
 *
 * Each of N processes plays every Nth scenario and sends what became of it through a pipe.  A process that
 * dies takes one scenario with it: that one has failed, with the signal as the reason, and another process
 * goes on behind it.  With no job all is played right here, where a debugger looks.
 */
#ifndef SIM_CREW_H
#define SIM_CREW_H

#include "../stage/stage.h"

/* One scenario as it was played, or lost. */
struct played {
    struct stage_result result;
    uint64_t real_time; /* nanoseconds */
    bool lost;          /* its process died: the summary says how, and there is no explanation */
};

struct crew {
    size_t count; /* of the scenarios */
    size_t jobs;  /* how many processes; 0 for this one */
    void (*play)(void *host, size_t index, struct played *played);
    /* Told in the order of the indexes.  What `played` holds may be changed, and is freed afterwards.
     * Returns false to end it all here. */
    bool (*tell)(void *host, size_t index, struct played *played);
    void *host;
};

void crew_play(const struct crew *crew);

#endif

/*
 * probes.h - which accounts have probed which others, since storage last owed no answer.
 *
 * A probe is answered with `unsubscribed` if the prober is not subscribed to the presence of the other
 * account, and that cancels a request of the prober that is under way as well (RFC 6121, 4.3.2 and Appendix
 * A.3.4).  The order of the two is that of different resources, and not given.  The memory is bounded: of
 * more than PROBES_MOST nothing is known.
 */
#ifndef SIM_MODEL_PROBES_H
#define SIM_MODEL_PROBES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PROBES_MOST = 32 };

/* Any account: one that cannot be followed. */
enum { PROBES_ANY = 0 };

/* Zeroed is none. */
struct probes {
    struct probe {
        uint64_t prober, contact; /* hashes of the accounts, or PROBES_ANY */
    } items[PROBES_MOST];
    size_t count;
    bool has_more;
};

void probes_add(struct probes *probes, uint64_t prober, uint64_t contact);

/* Whether that account may have probed the other; neither is PROBES_ANY. */
bool probes_may_have(const struct probes *probes, uint64_t prober, uint64_t contact);

void probes_clear(struct probes *probes);

#endif

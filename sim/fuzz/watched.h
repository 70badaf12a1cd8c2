/*
 * watched.h - a host (core/tests/host.h) for a core whose costs are bounded, and clients that are logged in.
 *
 * After each call of the core what it wrote and the memory that it uses is compared with the bounds of
 * sim/world/costs.h; an excess is a finding.
 */
#ifndef SIM_FUZZ_WATCHED_H
#define SIM_FUZZ_WATCHED_H

#include "../../core/tests/host.h"
#include "../world/costs.h"
#include "fuzz.h"
#include "region.h"

enum { WATCHED_LINKS = 64 };

struct watched {
    struct test_host host;
    struct costs costs;
    struct costs_recipient recipients[WATCHED_LINKS]; /* by the index of a link */
    char last;                                        /* the byte before the next piece (costs_elements) */
    size_t run;                                       /* in what came before it (costs_names) */
    struct host_watch watch;
    struct region *region;
    struct watched_saved {     /* by watched_save */
        struct test_host host; /* all else that it has is in the region */
        struct costs costs;
    } saved;
};

/* Begins a core with these settings, whose requests are answered promptly.  It is all zero at first, and must not
 * move; it is there as long as the process.  Its memory is a region, in which the host's is, too. */
void watched_begin(struct watched *watched, const struct core_settings *settings, bool routes);

/* Remembers the core, its connections and all that storage has, and forgets what was sent; sets them back. */
void watched_save(struct watched *watched);
void watched_restore(struct watched *watched);

/* A client that has sent the bytes of a login with PLAIN, up to the second stream header; `username` has at most 30
 * bytes.  Storage answers promptly meanwhile. */
struct host_link *watched_authenticated(struct watched *watched, const char *username, const char *domain);

/* The same with a resource bound, the roster asked for, and initial presence. */
struct host_link *watched_online(struct watched *watched, const char *username, const char *domain,
                                 const char *resource);

/* Adds the bytes sent on all links since the call of watched_forget_sent to a hash (FNV-1a). */
uint64_t watched_hash(const struct watched *watched, uint64_t hash);
void watched_forget_sent(struct watched *watched);

#define FNV_BASIS 2166136261u
uint64_t watched_hash_bytes(uint64_t hash, const char *bytes, size_t length);

#endif

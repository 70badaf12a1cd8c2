/*
 * disk.h - the simulated storage of a server, with requests that complete later.
 *
 * The disk holds accounts, and for each account its stores: entries of a key and a value, in the order in
 * which the keys were first saved.  A request takes effect and is answered at the same moment; from that
 * moment a save is durable.  Requests for the same account and store complete in order.  Everything said here
 * of loads (duration, faults, crashes) holds for counts too.
 *
 * For each request, if jitter is not 0, a choice of CHOICE_DISK among 8 says how many eighths of the jitter
 * are added to the minimum time.  Requests of different stores that complete at the same time are a tie.  In
 * a world of any order requests take no time and this choice is not made.
 *
 * The process that uses a disk may crash.  Requests that were answered stay in effect.  For each unanswered
 * save and removal that would not have failed, a choice of CHOICE_CRASH among 2 decides: 0 is lost, 1 is
 * kept.  The order is by account, store and place in the queue.  The writes of a store are ordered: after a
 * lost one, all later ones in its queue are lost too, without a choice.  After a crash no pending request is
 * answered.
 *
 * The trace has two lines for a request, with WHO "disk".  When the request is taken: "load roster
 * romeo@localhost" ("save" is followed by the entries as KEY=VALUE, or KEY alone where the entry is removed,
 * separated by line breaks; "load" of a piece by its first key, unless the piece starts at the beginning;
 * "count"; "remove").  When it completes: "loaded", "counted", "saved", "failed to load", "failed to count",
 * "failed to save", "no account to load", "no account to count" or "no account to save", followed by the
 * store and the account; "kept" or "lost" when a crash decides it.
 */
#ifndef SIM_DISK_H
#define SIM_DISK_H

#include "world.h"

#include "core.h"

struct disk;

/* How the disk behaves.  May be changed at any time; a change applies to later requests. */
struct disk_options {
    sim_time load_time;  /* minimum duration of a load; default 1 ms */
    sim_time save_time;  /* minimum duration of a save; default 1 ms */
    sim_time jitter;     /* a choice adds 0 to 7 eighths of this; default 4 ms */
    unsigned fail_loads; /* how many of the next loads and counts fail; each one taken decrements it */
    unsigned fail_saves;
};

/* Called when a request completes, with the request (without the entries that it saved) and its answer.  All
 * pointers are borrowed for the call. */
typedef void (*disk_answer)(void *host, const struct core_store_request *request,
                            enum core_store_status status, const struct core_store_entry *entries,
                            size_t entry_count);

/* Creates an empty disk.  `answer` is called with `host`; the world is borrowed. */
struct disk *disk_new(struct world *world, disk_answer answer, void *host);
void disk_free(struct disk *disk);

/* The options, which the caller may change; owned by the disk. */
struct disk_options *disk_options(struct disk *disk);

/* Makes the nth request from now on fail: of loads and counts, or of saves and removals, as `op` says; 1 is
 * the next.  It changes nothing for other requests, and does not cancel earlier calls. */
void disk_fail_nth(struct disk *disk, enum core_store_op op, uint64_t nth);

/* Takes a request, as ports.store does.  Removing an account removes all its stores at once. */
void disk_request(struct disk *disk, const struct core_store_request *request);

/* What happens to the writes under way in a crash: decided by choice, all kept, or all lost. */
enum disk_writes { DISK_BY_CHOICE, DISK_KEEPS, DISK_LOSES };

/* The process that uses the disk has crashed: decides all pending writes and answers no pending request. */
void disk_crash(struct disk *disk, enum disk_writes writes);

/* Fill the disk before a run begins: immediately, and without trace lines. disk_add_account adds an account,
 * or leaves an existing one as it is. disk_put sets an entry in a store of an existing account; a key that
 * exists keeps its place. */
void disk_add_account(struct disk *disk, const char *username, const char *host);
void disk_put(struct disk *disk, const char *username, const char *host, enum core_store store,
              const char *key, const char *value);

/* The durable value of a key, borrowed, or NULL. */
const char *disk_get(const struct disk *disk, const char *username, const char *host, enum core_store store,
                     const char *key);

/* An upper bound of how often the durable contents of a store have changed, over all accounts.  While the
 * number is the same, so are the contents. */
uint64_t disk_changes(const struct disk *disk, enum core_store store);

/* The number of entries of a store, and each entry by its place in the order in which the keys were first
 * saved; borrowed. */
size_t disk_count(const struct disk *disk, const char *username, const char *host, enum core_store store);
struct core_store_entry disk_entry(const struct disk *disk, const char *username, const char *host,
                                   enum core_store store, size_t index);

/* Calls `visit` for every entry of one store of every account. */
typedef void (*disk_visit)(void *host, const struct core_store_entry *entry);
void disk_visit_all(const struct disk *disk, enum core_store store, disk_visit visit, void *host);

/* How many saves have failed or were lost in a crash. */
uint64_t disk_failed_saves(const struct disk *disk);

/* Counts of faults: requests of a kind that failed because of fail_loads or fail_saves; requests of any kind
 * that failed because of disk_fail_nth; requests taken while the minimum duration was longer than the
 * default. */
uint64_t disk_failed(const struct disk *disk, enum core_store_op op);
uint64_t disk_failed_nth(const struct disk *disk);
uint64_t disk_slow(const struct disk *disk);

/* Describes the options, all accounts with their durable entries, and the requests under way.  `core` is the
 * core that made the requests, or NULL where it cannot be inspected. */
struct description;
void disk_describe(struct description *description, const struct disk *disk, const struct core *core);

#endif

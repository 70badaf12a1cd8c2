/*
 * disk.h - where a simulated server's storage requests go, and come back later.
 *
 * The disk holds accounts, and for each account its stores: entries of a key and a value, in the order in
 * which the keys were first saved.  A request takes effect and is answered when its time has come: that
 * moment is when a save is durable.  Requests for the same account and store complete in order.  A count is a
 * load in all that is said here of loads: how long they take, that they fail, what a crash makes of them.
 *
 * What is chosen is CHOICE_DISK, of 8, for each request where jitter is not 0: how many eighths of the jitter
 * it takes longer than the least.  Requests of different stores that complete at the same time are a tie.  In
 * a world of any order none takes time, and nothing of this is asked.
 *
 * The process that uses a disk may crash.  What was answered is kept.  Of what was not, CHOICE_CRASH is
 * asked, of 2, for each save and removal that would not have failed, account by account, store by store, in
 * the order of each queue: 0 is lost, 1 is kept.  A store's writes are ordered, so with one that is lost all
 * behind it in its queue are, unasked.  None of them is answered, and no load is.
 *
 * The trace has two lines for a request, WHO being "disk": "load roster romeo@localhost" when it is taken
 * ("save", followed by the entries as KEY=VALUE, or KEY alone where it is removed, a line break between
 * them; "load" of a piece is followed by the key that it begins with, where that is not the first of all;
 * "count"; "remove"), and when it completes "loaded", "counted", "saved", "failed to load", "failed to
 * count", "failed to save", "no account to load", "no account to count" or "no account to save", followed by
 * the store and the account; "kept" or "lost" when a crash decides it.
 */
#ifndef SIM_DISK_H
#define SIM_DISK_H

#include "world.h"

#include "core.h"

struct disk;

/* How the disk behaves.  It may be changed at any time and counts for requests that come later. */
struct disk_options {
    sim_time load_time;  /* the least time a load takes: 1 ms */
    sim_time save_time;  /* the least time a save takes: 1 ms */
    sim_time jitter;     /* added by choice, in eighths of this: 4 ms */
    unsigned fail_loads; /* how many of the coming loads and counts fail, one less with each that is taken */
    unsigned fail_saves;
};

/* Told when a request completes: which it was (without the entries that it saved), and the answer.  What is
 * pointed to is borrowed for the call. */
typedef void (*disk_answer)(void *host, const struct core_store_request *request,
                            enum core_store_status status, const struct core_store_entry *entries,
                            size_t entry_count);

struct disk *disk_new(struct world *world, disk_answer answer, void *host);
void disk_free(struct disk *disk);

struct disk_options *disk_options(struct disk *disk);

/* Of the loads and counts that come from now on, or of the saves, which removals are among, the nth fails; 1
 * is the next. It says nothing of the others, and takes nothing back. */
void disk_fail_nth(struct disk *disk, enum core_store_op op, uint64_t nth);

/* Takes a request, as ports.store does.  An account that is removed loses all its
 * stores at once. */
void disk_request(struct disk *disk, const struct core_store_request *request);

/* What becomes of the writes under way in a crash. */
enum disk_writes { DISK_BY_CHOICE, DISK_KEEPS, DISK_LOSES };

/* Whoever asked for anything is no more. */
void disk_crash(struct disk *disk, enum disk_writes writes);

/* Puts things there before the curtain rises, at once and without a trace: an account, an entry of its
 * store, whose account must be there.  An account that is added again stays as it is; a value that is put
 * again is replaced, and keeps its place. */
void disk_add_account(struct disk *disk, const char *username, const char *host);
void disk_put(struct disk *disk, const char *username, const char *host, enum core_store store,
              const char *key, const char *value);

/* A look at what is durable: the value, borrowed, or NULL. */
const char *disk_get(const struct disk *disk, const char *username, const char *host, enum core_store store,
                     const char *key);

/* How often what is durable of a store may have changed, whosever it is: as long as that stays the same, so
 * does all of it. */
uint64_t disk_changes(const struct disk *disk, enum core_store store);

/* How many entries a store has, and each by its place in the order of the keys' first saving; borrowed. */
size_t disk_count(const struct disk *disk, const char *username, const char *host, enum core_store store);
struct core_store_entry disk_entry(const struct disk *disk, const char *username, const char *host,
                                   enum core_store store, size_t index);

/* Calls `visit` for every entry of one store, whosever it is. */
typedef void (*disk_visit)(void *host, const struct core_store_entry *entry);
void disk_visit_all(const struct disk *disk, enum core_store store, disk_visit visit, void *host);

/* How many saves have failed, or were lost in a crash. */
uint64_t disk_failed_saves(const struct disk *disk);

/* How many requests of a kind have failed because they were the next; how many of any kind because they were
 * the nth; and how many were taken while they were to take longer than usual at the least. */
uint64_t disk_failed(const struct disk *disk, enum core_store_op op);
uint64_t disk_failed_nth(const struct disk *disk);
uint64_t disk_slow(const struct disk *disk);

/* What it does next, all accounts with what is durable, and the requests under way; `core` is who asked for
 * them, or NULL where that cannot be looked at. */
struct description;
void disk_describe(struct description *description, const struct disk *disk, const struct core *core);

#endif

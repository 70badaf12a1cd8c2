/*
 * storage.h - storage requests under way, and who waits for their answers.
 *
 * A request is begun through ports.store and answered some time later by core_stored.  Whoever began it may
 * forget it meanwhile (storage_forget): the answer then does nothing.
 */
#ifndef CORE_STORAGE_H
#define CORE_STORAGE_H

#include "session/core_state.h"

/* With a core that is new: no requests are under way. */
void storage_init(struct core *core);

/* Told the answer; the entries are borrowed for the call. */
typedef void (*storage_answer)(void *subject, enum core_store_status status,
                               const struct core_store_entry *entries, size_t entry_count);

/* Begins a load or a save; returns NULL, with nothing begun, when there is no memory. */
struct storage_request *storage_load(struct core *core, enum core_store store, const char *username,
                                     const char *host, storage_answer answer, void *subject);
struct storage_request *storage_save(struct core *core, enum core_store store, const char *username,
                                     const char *host, const struct core_store_entry *entries,
                                     size_t entry_count, storage_answer answer, void *subject);

/* The same for a load of a piece, and for a count (core.h). */
struct storage_request *storage_load_piece(struct core *core, enum core_store store,
                                           const struct core_store_piece *piece, const char *username,
                                           const char *host, storage_answer answer, void *subject);
struct storage_request *storage_load_count(struct core *core, enum core_store store, const char *username,
                                           const char *host, storage_answer answer, void *subject);

/* Begins the removal of an account. */
struct storage_request *storage_remove(struct core *core, const char *username, const char *host,
                                       storage_answer answer, void *subject);

/* Asks once more instead of *request, which is forgotten: the answer to that may be out of date.  Without
 * memory the subject is answered CORE_STORE_FAILED at once. */
void storage_load_again(struct core *core, struct storage_request **request, enum core_store store,
                        const char *username, const char *host);

void storage_forget(struct core *core, struct storage_request *request);

/* How many are under way. */
size_t storage_count(const struct core *core);

/* For a look (description.h): the requests under way in the order in which they were begun, by their places
 * from 1. storage_place is 0 for one that was forgotten; storage_subject is NULL behind the last. */
size_t storage_place(const struct core *core, uint64_t id);
const void *storage_subject(const struct core *core, size_t place, bool *own);

/* core_stored. */
void storage_answered(struct core *core, uint64_t id, enum core_store_status status,
                      const struct core_store_entry *entries, size_t entry_count);

/* Answers the oldest of the requests for guests' stores (anonymous.h), which no host ever hears of.  False
 * when there is none.  To be called when nobody is in the middle of anything, until it is false. */
bool storage_answer_own(struct core *core);

/* Frees what is left when the core goes. */
void storage_free(struct core *core);

#endif

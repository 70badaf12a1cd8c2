/*
 * storage.h - storage requests under way, and the functions that receive their answers.
 *
 * A request is passed to ports.store and answered some time later with core_stored.  Its caller may cancel
 * it before (storage_forget): the answer is then ignored.
 */
#ifndef CORE_STORAGE_H
#define CORE_STORAGE_H

#include "session/core_state.h"

/* Initialises the table of requests of a new core. */
void storage_init(struct core *core);

/* Receives the answer; the entries are borrowed for the duration of the call. */
typedef void (*storage_answer)(void *subject, enum core_store_status status,
                               const struct core_store_entry *entries, size_t entry_count);

/* Begins a load or a save.  `answer` is called with `subject` when it is answered.  Returns NULL, with
 * nothing begun, when there is no memory. */
struct storage_request *storage_load(struct core *core, enum core_store store, const char *username,
                                     const char *host, storage_answer answer, void *subject);
struct storage_request *storage_save(struct core *core, enum core_store store, const char *username,
                                     const char *host, const struct core_store_entry *entries,
                                     size_t entry_count, storage_answer answer, void *subject);

/* The same for loading a piece, and for counting (core.h). */
struct storage_request *storage_load_piece(struct core *core, enum core_store store,
                                           const struct core_store_piece *piece, const char *username,
                                           const char *host, storage_answer answer, void *subject);
struct storage_request *storage_load_count(struct core *core, enum core_store store, const char *username,
                                           const char *host, storage_answer answer, void *subject);

/* Begins to remove an account. */
struct storage_request *storage_remove(struct core *core, const char *username, const char *host,
                                       storage_answer answer, void *subject);

/* Replaces *request by a new load: the answer to the old one may be outdated, and is ignored.  Without
 * memory the subject receives CORE_STORE_FAILED at once. */
void storage_load_again(struct core *core, struct storage_request **request, enum core_store store,
                        const char *username, const char *host);

void storage_forget(struct core *core, struct storage_request *request);

/* The number of requests under way. */
size_t storage_count(const struct core *core);

/* For descriptions (description.h): the position of a request under way, from 1, in the order in which they
 * began, 0 for a cancelled one; and the subject of the request at a position, NULL after the last. */
size_t storage_place(const struct core *core, uint64_t id);
const void *storage_subject(const struct core *core, size_t place, bool *own);

/* Passes the answer of core_stored on to the function that the request was begun with. */
void storage_answered(struct core *core, uint64_t id, enum core_store_status status,
                      const struct core_store_entry *entries, size_t entry_count);

/* Answers the oldest request for the stores of an anonymous account (anonymous.h), which the host never
 * sees.  Returns false when there is none.  Call between events, until it returns false. */
bool storage_answer_own(struct core *core);

/* Frees all requests, when the core is freed. */
void storage_free(struct core *core);

#endif

/*
 * host_storage.h - shared by the two sources of host.h; not for its users.
 *
 * host.c has the ports and the events, host_storage.c the requests and the stored data.
 */
#ifndef CORE_TESTS_HOST_STORAGE_H
#define CORE_TESTS_HOST_STORAGE_H

#include "host.h"

/* The port `store`. */
void host_store(void *context, const struct core_store_request *asked);

/* Frees all requests and all stored data. */
void host_free_storage(struct test_host *host);

/* For the watch of the options: a call of the core begins, with bytes of the network or without, and ends. */
void host_begin_call(const struct test_host *host, const char *bytes, size_t length);
void host_end_call(const struct test_host *host);

/* Reports a violation of core.h, unless the condition holds. */
void host_require(const struct test_host *host, bool holds, const char *what);

bool host_is_among(const char *name, const char *const *names, size_t count);
bool host_is_anonymous(const struct test_host *host, const char *name);

/* Returns the block.  Aborts when it is NULL. */
void *host_must(void *block);

/* The host's own memory (options.own).  A new block is all zero. */
void *host_new(const struct test_host *host, size_t size);
void host_delete(const struct test_host *host, const void *block);

/* The array, moved when it has to grow, with space for `count` entries of `bytes` bytes.  `*size` is the
 * number of entries that it has space for. */
void *host_grown(const struct test_host *host, void *array, size_t *size, size_t count, size_t bytes);

/* A string that the caller deletes. */
char *host_copy(const struct test_host *host, const char *bytes, size_t length);
char *host_copy_string(const struct test_host *host, const char *string);

#endif

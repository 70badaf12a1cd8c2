/*
 * shortage.h - plays the life of clients again and again, each time with another allocation that fails.
 *
 * core.h: when alloc or realloc returns NULL, at most the session that needed the memory is closed.
 */
#ifndef CORE_TESTS_SHORTAGE_H
#define CORE_TESTS_SHORTAGE_H

#include "rig.h"

/* The tables are consistent, whatever happened before (core_state.h). */
void shortage_assert_tables_agree(void);

/* rig_say, and then the tables agree. */
void shortage_say(const struct host_link *link, const char *xml);

/* An iq is answered once, unless its session was closed (RFC 6120, 8.2.3). */
void shortage_assert_answered(const struct host_link *link, const char *id);

/* Plays the life, which `begin` makes a core for, until none of its allocations has failed.  Returns how many
 * allocations the life needs. */
size_t shortage_play(void (*begin)(void), void (*live)(void));

#endif

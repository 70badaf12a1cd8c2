/*
 * timers.h - how long sessions wait for what (enum timer_kind in core_state.h).
 *
 * Every wait of one kind has the same span, so each kind is a list that grows at its end: to set a timer, to
 * clear it and to know what is due next takes the same few steps however many sessions there are.  When the
 * clock goes back, what is set from then on comes before what was set in its future; that waits longer than
 * its span.
 */
#ifndef CORE_TIMERS_H
#define CORE_TIMERS_H

#include "session/session.h"

/* The session waits for this from now on, and for nothing that it waited for before.  Where the settings say
 * that it may wait for ever it waits for nothing. */
void timers_set(struct session *session, enum timer_kind kind);
void timers_clear(struct session *session);

/* Acts on what is due, by its kind. */
void timers_fire(struct core *core, void (*const actions[TIMER_KINDS])(struct session *));

/* When the next is due; UINT64_MAX for never. */
uint64_t timers_deadline(const struct core *core);

/* Bytes came, or the session has just been bound or resumed. */
void timers_heard(struct session *session);

/* The session was asked for a sign of life. */
void timers_asked(struct session *session);

#endif

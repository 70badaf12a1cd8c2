/*
 * timers.h - the timers of sessions (enum timer_kind in core_state.h).
 *
 * All timers of a kind have the same duration, so each kind is a list that grows at its end: setting a
 * timer, clearing it and finding the next one due take constant time for any number of sessions.  When the
 * clock goes back, new timers are inserted before those that were set at a later time; the latter run
 * longer than their duration.
 */
#ifndef CORE_TIMERS_H
#define CORE_TIMERS_H

#include "session/session.h"

/* Sets the session's timer to this kind, from now on, instead of any other (timers_set), or clears it
 * (timers_clear).  A kind without limit in the settings only clears it. */
void timers_set(struct session *session, enum timer_kind kind);
void timers_clear(struct session *session);

/* Clears each timer that is due and calls the action of its kind. */
void timers_fire(struct core *core, void (*const actions[TIMER_KINDS])(struct session *));

/* When the next timer is due; UINT64_MAX for none. */
uint64_t timers_deadline(const struct core *core);

/* Sets TIMER_IDLE of a bound session with a connection: bytes arrived, or the session was bound or resumed.
 */
void timers_heard(struct session *session);

/* Sets TIMER_ANSWER, or with settings.ping_time 0 TIMER_IDLE: a ping or an <r/> was sent.  A running
 * TIMER_ANSWER continues. */
void timers_asked(struct session *session);

#endif

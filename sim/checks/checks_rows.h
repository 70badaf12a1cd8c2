/*
 * checks_rows.h - the functions of the table of invariants (checks_table.c), which alone calls them.
 *
 * A row returns true when its invariant holds.  Otherwise it describes the violation in the finding and
 * returns false. checks_look.h lists the files that define them.
 */
#ifndef SIM_CHECKS_ROWS_H
#define SIM_CHECKS_ROWS_H

#include "checks_look.h"

/* ---- On a session: the statements of Prosody's doc/session.txt ---- */
bool connected_resource(const struct finding *f, const struct session_view *s);
bool bound_when_typed_so(const struct finding *f, const struct session_view *s);
bool available_is_connected(const struct finding *f, const struct session_view *s);
bool interested_is_connected(const struct finding *f, const struct session_view *s);
bool username_after_authentication(const struct finding *f, const struct session_view *s);
bool host_after_opening(const struct finding *f, const struct session_view *s);
bool full_jid_is_its_parts(const struct finding *f, const struct session_view *s);
bool priority_needs_presence(const struct finding *f, const struct session_view *s);
bool presence_is_undirected(const struct finding *f, const struct session_view *s);
bool hibernating_has_no_connection(const struct finding *f, const struct session_view *s);
bool tables_have_session(const struct finding *f, const struct session_view *s);
bool encrypted_before_login(const struct finding *f, const struct session_view *s);

/* ---- On the server ---- */
bool nothing_disturbs_a_handshake(const struct finding *f);
bool the_destroyed_are_left_alone(const struct finding *f);
bool costs_are_bounded(const struct finding *f);
bool tables_agree(const struct finding *f);
bool quiet_means_done(const struct finding *f);
bool block_lists_are_durable(const struct finding *f);
bool messages_are_conserved(const struct finding *f);

/* ---- On the disk ---- */
bool what_was_told_is_stored(const struct finding *f);
bool the_cache_is_what_is_stored(const struct finding *f);

/* ---- On a client: its view and the state of the server ---- */
bool encrypted_at_both_ends(const struct finding *f, const struct watched *w, const struct session_view *s);
bool interested_when_asked(const struct finding *f, const struct watched *w, const struct session_view *s);
bool roster_converges(const struct finding *f, const struct watched *w, const struct session_view *s);
bool nobody_lingers(const struct finding *f, const struct watched *w, const struct session_view *s);
bool counts_agree(const struct finding *f, const struct watched *w, const struct session_view *s);
bool requests_are_answered(const struct finding *f, const struct watched *w, const struct session_view *s);
bool everybody_is_seen(const struct finding *f, const struct watched *w, const struct session_view *s);

/* ---- On receipt ---- */
bool versions_rise(const struct finding *f, const struct watched *w, const struct receipt *r);
bool presence_needs_a_right(const struct finding *f, const struct watched *w, const struct receipt *r);
bool unavailable_once(const struct finding *f, const struct watched *w, const struct receipt *r);
bool nothing_from_the_blocked(const struct finding *f, const struct watched *w, const struct receipt *r);
bool copies_are_for_others(const struct finding *f, const struct watched *w, const struct receipt *r);
bool the_blocked_learn_nothing(const struct finding *f, const struct watched *w, const struct receipt *r);

#endif

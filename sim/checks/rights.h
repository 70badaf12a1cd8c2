/*
 * rights.h - who may see whose presence, as the server's rosters and the clients' own doings have it.
 *
 * A subscription is read off the contact's roster in the server (from or both) whenever that roster has
 * changed.  Directed presence (RFC 6121, 4.6) gives a right of its own until the sender takes it back or
 * goes.
 *
 * Presence may be on its way while the right to it ends, so a right that ended since the world was last quiet
 * still counts.
 */
#ifndef SIM_RIGHTS_H
#define SIM_RIGHTS_H

#include "inspect.h"

struct seen;

/* Zeroed is empty. */
struct rights {
    struct seen *first; /* hashed by who is seen */
    uint64_t epoch;     /* how often the world was quiet */
};

void rights_free(struct rights *rights);

/* Reads a session's roster, if it has changed since it was last read. */
void rights_learn(struct rights *rights, const struct session_view *session);

/* Whether the roster of the account of `jid` was ever read: a session that dies in the event in which its
 * roster is loaded takes it along. */
bool rights_know(const struct rights *rights, const char *jid);

/* The roster of an account (a bare JID) was saved, perhaps, while none of its sessions was there to read it
 * from: the next that is there is read. */
void rights_forget_roster(struct rights *rights, const char *account);

/* The world is quiet: what ended before has ended, and what those directed who are no longer bound. */
typedef bool (*rights_bound)(const void *host, const char *full_jid);
void rights_quiet(struct rights *rights, rights_bound is_bound, const void *host);

/* `from` (a full JID) directed presence at `to`: available, or unavailable. */
void rights_direct(struct rights *rights, const char *from, const char *to, bool available);

/* `from` (a full JID) wrote presence of some kind to `to`, and nobody knows whether it arrives: it may be
 * seen there, and it may not; so it is when `to` probes. */
void rights_doubt(struct rights *rights, const char *from, const char *to);

/* `from` (a full JID) became unavailable to all: what it directed ends with that (RFC 6121, 4.6.3). */
void rights_leave(struct rights *rights, const char *from);

/* Whether `to` was subscribed to `from` only since the world was last quiet. */
bool rights_are_new(const struct rights *rights, const char *from, const char *to);

/* Whether `from` ever directed presence at `to` (full JIDs): it may not have been there, or not have believed
 * it for long. */
bool rights_ever_directed(const struct rights *rights, const char *from, const char *to);

/* Whether `by` (a full JID) ever probed `from` itself.  Nobody tells it when the answer is no longer true. */
bool rights_asked(const struct rights *rights, const char *from, const char *by);

/* `from` (a full JID) broadcast presence: all who may see it do, whatever was directed at them before. */
void rights_broadcast(struct rights *rights, const char *from);

/* The server of `from` (a full JID) refused what that directed at `by`: it has gone to nobody. */
void rights_refuse(struct rights *rights, const char *from, const char *by);

/* Whether `by` need not see `from` although it may: what `from` directed at it was refused and `from` was not
 * unavailable since, or it was sent unavailable presence directly, and no broadcast since (4.6.3). */
bool rights_unseen(const struct rights *rights, const char *from, const char *by);

/* `by` (a full JID) probes `from`: it may be told that nobody is there, whatever it has seen. */
void rights_ask(struct rights *rights, const char *from, const char *by);

/* Whether `to` (a full JID) may be sent the presence of `from` (a full JID): it is of the same account, or
 * its account is subscribed, or the presence was directed at it. */
bool rights_allow(const struct rights *rights, const char *from, const char *to);

/* Whether that was so at any time. */
bool rights_ever(const struct rights *rights, const char *from, const char *to);

/* Whether the account `viewer` is subscribed to the account `contact` by the contact's roster, as far as that
 * was ever seen. */
bool rights_may_see(const struct rights *rights, const char *contact, const char *viewer);

/* Whether `from` has directed available presence at `to` and not taken it back. */
bool rights_directed(const struct rights *rights, const char *from, const char *to);

/* Whether `from` directed unavailable presence at `to`, or was probed by it, ever: what it said may come
 * late. */
bool rights_took_leave(const struct rights *rights, const char *from, const char *to);

/* What they remember, as a set of lines: to tell whether they may judge differently from here on. */
struct description;
void rights_describe(struct description *description, const struct rights *rights);

#endif
